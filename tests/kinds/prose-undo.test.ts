import * as A from '@automerge/automerge'
import { test, expect } from 'vitest'
import fc from 'fast-check'
import { str } from '#lib/kernel/immutable-string.ts'
import { takingBack, type CameBack } from '#lib/kinds/prose/take-back.ts'

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
    takesBack: (hashes: string[]) => change(takingBack(person.doc, path, hashes, cameBack)),
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
