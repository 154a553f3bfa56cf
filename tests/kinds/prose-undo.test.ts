import * as A from '@automerge/automerge'
import { test, expect } from 'vitest'
import fc from 'fast-check'
import { str } from '#lib/kernel/immutable-string.ts'
import { takingBack, type CameBack, type Met } from '#lib/kinds/prose/take-back.ts'

const path = ['entries', 'k1', 'text']
type Note = Record<'entries', Record<'k1', { text: string }>>
const block = (type: string, parents: string[] = []) => ({ type: str(type), parents: parents.map(str), attrs: {} })

/** Somebody who writes in a note, and takes back what they wrote. */
function writer(doc: A.Doc<Note>) {
  const cameBack: CameBack = new Map()
  const change = (write: (draft: Note) => void): string[] => {
    const next = A.change(person.doc, write)
    const hashes = next === person.doc ? [] : A.getHeads(next)
    person.doc = next
    return hashes
  }
  const person = {
    doc,
    /** Each returns its change. */
    writes: (at: number, text: string, instead = 0) => change((draft) => A.splice(draft, path, at, instead, text)),
    splits: (at: number, type = 'paragraph') => change((draft) => A.splitBlock(draft, path, at, block(type))),
    shapes: (spans: A.Span[]) => change((draft) => A.updateSpans(draft, path, spans)),
    marks: (start: number, end: number, name: string, value: string | boolean = true) =>
      change((draft) => A.mark(draft, path, { start, end, expand: 'both' }, name, value)),
    takesBack: (hashes: string[]) => {
      const run = takingBack(person.doc, path, hashes, cameBack, (actor) => actor === A.getActorId(person.doc))
      return change((draft) => (person.told = run(draft)))
    },
    told: { instead: [], beside: [] } as Met,
    text: () => person.doc.entries.k1.text.replaceAll('\uFFFC', '¶'),
    spans: () => A.spans(person.doc, path),
  }
  return person
}

function annAndBo(text = '') {
  const start = A.change(A.from<Note>({ entries: { k1: { text: '' } } }), (draft) => A.splice(draft, path, 0, 0, text))
  const [ann, bo] = [writer(A.clone(start)), writer(A.clone(start))]
  const meet = () => {
    ann.doc = A.merge(ann.doc, bo.doc)
    bo.doc = A.merge(bo.doc, ann.doc)
    expect(bo.spans()).toEqual(ann.spans())
  }
  return { ann, bo, meet }
}

test('Ann takes back what she made of a paragraph; what Bo, apart, makes of it is not lost with that', () => {
  const { ann, bo, meet } = annAndBo('Tar')
  ann.splits(0)
  meet()
  const as = (is: string): A.Span[] => [
    { type: 'block', value: block(is) },
    { type: 'text', value: 'Tar' },
  ]
  const step = ann.shapes(as('heading'))
  ann.takesBack(step)
  expect(ann.spans()).toEqual(as('paragraph'))
  bo.shapes(as('ordered-list-item'))
  meet()
  const backend = A.getBackend(ann.doc)
  const text = backend.getAll(A.getObjectId(ann.doc.entries.k1)!, 'text')[0]![1] as string
  const held = backend.getAll(backend.getAll(text, 0)[0]![1] as string, 'type').map(([, value]) => value)
  expect(new Set(held)).toEqual(new Set(['paragraph', 'ordered-list-item']))
})

test('Ann takes back what she wrote; what Bo put in the middle of it stays', () => {
  const { ann, bo, meet } = annAndBo()
  const step = ann.writes(0, 'alpha omega')
  meet()
  bo.writes(5, ' BO WROTE THIS')
  meet()
  const back = ann.takesBack(step)
  meet()
  expect(bo.text()).toBe(' BO WROTE THIS')
  ann.takesBack(back)
  meet()
  expect(bo.text()).toBe('alpha BO WROTE THIS omega')
})

test('both write at one place at once: Ann’s characters go, Bo’s stay', () => {
  const { ann, bo, meet } = annAndBo('Prices: ')
  const step = [ann.writes(8, 'a'), ann.writes(9, 'nn')].flat()
  bo.writes(8, 'bo')
  meet()
  ann.takesBack(step)
  meet()
  expect(ann.text()).toBe('Prices: bo')
})

test('what Ann took out comes back where it was, between what Bo has written around it', () => {
  const { ann, bo, meet } = annAndBo('one two three')
  const step = ann.writes(4, '', 4)
  meet()
  bo.writes(0, 'ZERO ')
  bo.writes(bo.text().indexOf('three'), 'BO ')
  meet()
  ann.takesBack(step)
  meet()
  expect(ann.text()).toMatch(/^ZERO one (two BO |BO two )three$/)
})

test('Bo begins a paragraph after Ann’s: her words go, his paragraph stays', () => {
  const { ann, bo, meet } = annAndBo()
  const step = [ann.splits(0), ann.writes(1, 'Para one')].flat()
  meet()
  bo.splits(9)
  bo.writes(10, 'Bo para two')
  meet()
  ann.takesBack(step)
  meet()
  expect(ann.text()).toBe('¶Bo para two')
})

test('a character beyond the basic plane is one', () => {
  const { ann, bo, meet } = annAndBo('好')
  const step = ann.writes(1, '😀帆船')
  meet()
  bo.writes(3, '!')
  meet()
  const back = ann.takesBack(step)
  expect(ann.text()).toBe('好!')
  ann.takesBack(back)
  expect(ann.text()).toBe('好😀!帆船')
})

test('what was typed, taken out, brought back and taken back again is gone', () => {
  const { ann } = annAndBo()
  const typed = ann.writes(0, 'abc')
  const cut = ann.writes(2, '', 1)
  ann.takesBack(cut)
  expect(ann.text()).toBe('abc')
  const all = ann.takesBack(typed)
  expect(ann.text()).toBe('')
  ann.takesBack(all)
  expect(ann.text()).toBe('abc')
})

test('formats and the kind of a paragraph become what they were, unless Bo has made them otherwise since', () => {
  const { ann, bo, meet } = annAndBo()
  ann.shapes([
    { type: 'block', value: block('paragraph') },
    { type: 'text', value: 'Ask three suppliers' },
  ])
  meet()
  const was = ann.spans()
  const bold = ann.marks(1, 4, 'strong')
  const quote = ann.shapes([
    { type: 'block', value: block('paragraph', ['blockquote']) },
    { type: 'text', value: 'Ask', marks: { strong: true } },
    { type: 'text', value: ' three suppliers' },
  ])
  const formatted = ann.spans()
  const backs = [ann.takesBack(quote), ann.takesBack(bold)]
  expect(ann.spans()).toEqual(was)
  for (const back of backs.reverse()) ann.takesBack(back)
  expect(ann.spans()).toEqual(formatted)

  const link = ann.marks(5, 10, 'link', '{"href":"https://a.example"}')
  meet()
  bo.marks(5, 10, 'link', '{"href":"https://b.example"}')
  meet()
  const others = ann.spans()
  ann.takesBack(link)
  expect(ann.spans()).toEqual(others)
})

/** Whom Ann was told of as she took something back. */
const toldOf = ({ ann, bo }: ReturnType<typeof annAndBo>) => {
  const names = (actors: readonly string[]) => actors.map((actor) => (actor === A.getActorId(bo.doc) ? 'Bo' : actor))
  return { instead: names(ann.told.instead), beside: names(ann.told.beside) }
}
const NOBODY = { instead: [], beside: [] }

test('a word that Bo put in the place of the one that Ann had put there stays alone: what she had written over does not come back beside it, and that is told', () => {
  const both = annAndBo('costs  euros')
  const { ann, bo, meet } = both
  const steps = [ann.writes(6, '300'), ann.writes(6, '350', 3), [ann.writes(6, '3', 3), ann.writes(7, '70')].flat()]
  meet()
  bo.writes(6, '100', 3)
  meet()
  // Also what she had put there before, word by word.
  for (const [nth, step] of steps.reverse().entries()) {
    expect(ann.takesBack(step)).toEqual([])
    expect(ann.text()).toBe('costs 100 euros')
    expect(toldOf(both)).toEqual({ instead: nth < 2 ? ['Bo'] : [], beside: [] })
  }
})

test('what Bo put in the place of a word that Ann’s undo had brought back stays alone when she does hers again', () => {
  const both = annAndBo('好😀!')
  const { ann, bo, meet } = both
  const step = ann.writes(1, '帆', 2)
  const back = ann.takesBack(step)
  meet()
  expect(bo.text()).toBe('好😀!')
  bo.writes(1, '船', 2)
  meet()
  expect(ann.takesBack(back)).toEqual([])
  expect(ann.text()).toBe('好船!')
  expect(toldOf(both)).toEqual({ instead: ['Bo'], beside: [] })
})

test('where Bo put a line, or words of several, in the place of Ann’s, his stay alone, and what else she had written goes', () => {
  const both = annAndBo()
  const { ann, bo, meet } = both
  ann.shapes([
    { type: 'block', value: block('paragraph') },
    { type: 'text', value: 'first, by Ann' },
    { type: 'block', value: block('paragraph') },
    { type: 'text', value: 'end' },
  ])
  const step = [ann.writes(1, 'other', 13), ann.splits(3, 'heading'), ann.writes(11, '!')].flat()
  expect(ann.text()).toBe('¶ot¶her¶end!')
  meet()
  bo.writes(1, 'his own', 6)
  meet()
  expect(ann.text()).toBe('¶his own¶end!')
  ann.takesBack(step)
  expect(ann.text()).toBe('¶his own¶end')
  expect(toldOf(both)).toEqual({ instead: ['Bo'], beside: [] })
})

test('what Ann had written over comes back where Bo has taken out hers and written no word, or left a letter of hers', () => {
  for (const [his, is] of [
    ['', '300'],
    [' ', ' 300'],
  ] as const) {
    const both = annAndBo('costs 300, not more')
    const { ann, bo, meet } = both
    const step = ann.writes(6, '350', 3)
    meet()
    bo.writes(6, his, 3)
    meet()
    ann.takesBack(step)
    expect(ann.text()).toBe(`costs ${is}, not more`)
    expect(toldOf(both)).toEqual(NOBODY)
  }
  const both = annAndBo('costs 300')
  const { ann, bo, meet } = both
  const step = ann.writes(6, '350', 3)
  meet()
  bo.writes(6, '1', 1)
  meet()
  ann.takesBack(step)
  expect(ann.text()).toMatch(/^costs (1300|3001)$/)
  expect(toldOf(both)).toEqual({ instead: [], beside: ['Bo'] })
})

test('a word that comes back right beside what Bo has written in its place since is told; beside what stood there before it is not', () => {
  const both = annAndBo('one  three')
  const { ann, bo, meet } = both
  bo.writes(4, 'two')
  meet()
  const step = ann.writes(5, '', 1)
  ann.takesBack(step)
  expect(ann.text()).toBe('one two three')
  expect(toldOf(both)).toEqual(NOBODY)

  const all = ann.writes(4, '', 3)
  meet()
  bo.writes(4, 'BO')
  meet()
  const back = ann.takesBack(all)
  expect(ann.text()).toMatch(/^one (BOtwo|twoBO) three$/)
  expect(toldOf(both)).toEqual({ instead: [], beside: ['Bo'] })
  const again = ann.takesBack(back)
  expect(ann.text()).toBe('one BO three')
  // She knows of his words now.
  ann.takesBack(again)
  expect(ann.text()).toMatch(/^one (BOtwo|twoBO) three$/)
  expect(toldOf(both)).toEqual(NOBODY)
})

test('what Ann writes on another device is hers: nothing is told of it', () => {
  const { ann, bo: alsoAnn, meet } = annAndBo('one two')
  const step = ann.writes(4, '', 3)
  meet()
  alsoAnn.writes(4, 'more')
  meet()
  const run = takingBack(ann.doc, path, step, new Map(), () => true)
  let told: Met | null = null
  ann.doc = A.change(ann.doc, (draft) => void (told = run(draft)))
  expect(ann.text()).toMatch(/^one (twomore|moretwo)$/)
  expect(told).toEqual(NOBODY)
})

const lines = (...of: [is: string, text: string][]): A.Span[] =>
  of.flatMap(([is, value]): A.Span[] => [
    { type: 'block', value: block(is) },
    { type: 'text', value },
  ])

test.each([
  ['all lines', 1, 15, ['heading', 'bo', 'heading', 'lineone', 'ordered-list-item', 'linetwo']],
  ['the first line', 1, 7, ['heading', 'bo', 'heading', 'lineone', 'ordered-list-item', 'linetwo']],
  ['the last line', 9, 7, ['heading', 'lineone', 'ordered-list-item', 'bo', 'ordered-list-item', 'linetwo']],
])(
  'where Ann has taken out the words of %s, and Bo has written there since, hers come back as lines of their own',
  (_, from, length, as) => {
    const both = annAndBo()
    const { ann, bo, meet } = both
    ann.shapes(lines(['heading', 'lineone'], ['ordered-list-item', 'linetwo']))
    const step = ann.writes(from, '', length)
    meet()
    bo.writes(from, 'bo')
    meet()
    const emptied = ann.spans()
    const back = ann.takesBack(step)
    meet()
    const seen = () => bo.spans().map(({ type, value }) => (type === 'text' ? value : String(value['type'])))
    expect(seen()).toEqual(as)
    expect(toldOf(both)).toEqual(NOBODY)
    const again = ann.takesBack(back)
    expect(ann.spans()).toEqual(emptied)
    ann.takesBack(again)
    meet()
    expect(seen()).toEqual(as)
  },
)

test('a line that went with its mark comes back as it was; of one that stands in a line with Bo’s words Ann is told', () => {
  const both = annAndBo()
  const { ann, bo, meet } = both
  ann.shapes(lines(['paragraph', 'one'], ['paragraph', 'two'], ['paragraph', 'three']))
  const step = ann.writes(4, '', 4)
  meet()
  bo.writes(4, ', by Bo')
  meet()
  ann.takesBack(step)
  expect(ann.text()).toBe('¶one, by Bo¶two¶three')
  expect(toldOf(both)).toEqual(NOBODY)

  const joined = ann.writes(14, '', 3)
  expect(ann.text()).toBe('¶one, by Bo¶twhree')
  meet()
  bo.writes(14, 'X')
  meet()
  ann.takesBack(joined)
  expect(ann.text()).toBe('¶one, by Bo¶twXo¶three')
  expect(toldOf(both)).toEqual({ instead: [], beside: ['Bo'] })
})

test('whatever words Ann and Bo put in the place of each other’s, nothing of Bo’s goes or doubles as Ann takes hers back and does it again', () => {
  const step = fc.record({
    who: fc.constantFrom('ann', 'bo'),
    at: fc.nat(12),
    length: fc.nat(4),
    instead: fc.nat(4),
    meets: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 10 }), (steps) => {
      const { ann, bo, meet } = annAndBo('start')
      const done: string[][] = []
      for (const { who, at, length, instead, meets } of steps) {
        const [person, letters] = who === 'ann' ? [ann, 'aeiou'] : [bo, 'BCDEF']
        const text = person.text()
        const from = Math.min(at, text.length)
        // Ann takes out no word of Bo's.
        const most = who === 'ann' ? (/^[a-z]*/.exec(text.slice(from))?.[0] ?? '').length : text.length - from
        const hashes = person.writes(from, letters.slice(0, length), Math.min(instead, most))
        if (who === 'ann') done.push(hashes)
        if (meets) meet()
      }
      meet()
      const [his, undone] = [ann.text().replaceAll(/[a-z]/g, ''), [] as string[][]]
      const takesBack = (hashes: string[]) => {
        const back = ann.takesBack(hashes)
        meet()
        expect(ann.text().replaceAll(/[a-z]/g, '')).toBe(his)
        const { instead, beside } = toldOf({ ann, bo, meet })
        expect([...instead, ...beside].filter((who) => who !== 'Bo')).toEqual([])
        return back
      }
      for (const hashes of done.reverse()) undone.push(takesBack(hashes))
      for (const hashes of undone.reverse()) takesBack(hashes)
    }),
    { numRuns: 80 },
  )
})

test('whatever Ann and Bo write into each other’s words: Ann takes back all of hers, and Bo’s words are what is left', () => {
  const step = fc.record({
    who: fc.constantFrom('ann', 'bo'),
    at: fc.nat(40),
    length: fc.integer({ min: 1, max: 4 }),
    takesOut: fc.boolean(),
    meets: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
      const { ann, bo, meet } = annAndBo()
      const [done, states]: [string[][], string[]] = [[], []]
      for (const { who, at, length, takesOut, meets } of steps) {
        const place = Math.min(at, (who === 'ann' ? ann : bo).text().length)
        if (who === 'bo') bo.writes(place, 'BCDEF'.slice(0, length))
        else {
          // Ann takes out only words of her own; all that counts here is that nothing of Bo's goes or doubles.
          const own = takesOut && /^[a-z]/.test(ann.text().slice(place))
          done.push(own ? ann.writes(place, '', 1) : ann.writes(place, 'aeiou'.slice(0, length)))
        }
        if (meets) meet()
      }
      meet()
      states.push(ann.text())
      const redo: string[][] = []
      for (const hashes of done.reverse()) {
        redo.push(ann.takesBack(hashes))
        states.push(ann.text())
      }
      expect(ann.text()).toBe(states[0]?.replaceAll(/[a-z]/g, ''))
      for (const hashes of redo.reverse()) {
        states.pop()
        ann.takesBack(hashes)
        expect([...ann.text()].sort()).toEqual([...(states.at(-1) ?? '')].sort())
      }
      meet()
    }),
    { numRuns: 60 },
  )
})

test('a whole text of 20,000 letters that Ann takes out, and what Bo wrote in it, comes back and goes again without a wait', () => {
  const long = 'word 😀 '.repeat(2_500)
  const { ann, bo, meet } = annAndBo(long)
  const taken = ann.writes(0, '', long.length)
  bo.writes(5, 'BO ')
  meet()
  expect(ann.text()).toBe('BO ')
  const back = ann.takesBack(taken)
  meet()
  expect(bo.text().replace('BO ', '')).toBe(long)
  const again = ann.takesBack(back)
  meet()
  expect(bo.text()).toBe('BO ')
  ann.takesBack(again)
  meet()
  expect(bo.text().replace('BO ', '')).toBe(long)
})

test('whatever paragraphs, headings, lists and formats Ann makes of her text, taken back step by step and done again it is what it was each time', () => {
  const kind = fc.constantFrom('paragraph', 'heading', 'ordered-list-item', 'blockquote')
  const line = fc.record({
    kind,
    within: fc.boolean(),
    strong: fc.boolean(),
    text: fc.constantFrom('', 'a', 'ab', 'one', 'two'),
  })
  const spansOf = (lines: readonly { kind: string; within: boolean; strong: boolean; text: string }[]): A.Span[] =>
    lines.flatMap(({ kind, within, strong, text }): A.Span[] => [
      { type: 'block', value: block(kind, within ? ['blockquote'] : []) },
      ...(text === '' ? [] : [{ type: 'text' as const, value: text, marks: strong ? { strong } : {} }]),
    ])
  fc.assert(
    fc.property(fc.array(fc.array(line, { maxLength: 5 }), { minLength: 1, maxLength: 5 }), (moments) => {
      const { ann } = annAndBo('one')
      const states = [ann.spans()]
      const steps: string[][] = []
      for (const lines of moments) {
        steps.push(ann.shapes(spansOf(lines)))
        states.push(ann.spans())
      }
      const undone: string[][] = []
      for (const [nth, step] of [...steps.entries()].reverse()) {
        undone.unshift(ann.takesBack(step))
        expect(ann.spans()).toEqual(states[nth])
      }
      for (const [nth, step] of undone.entries()) {
        ann.takesBack(step)
        expect(ann.spans()).toEqual(states[nth + 1])
      }
    }),
    { numRuns: 60, seed: 7 },
  )
})
