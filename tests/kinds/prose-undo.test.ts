import * as A from '@automerge/automerge'
import { describe, test, expect } from 'vitest'
import fc from 'fast-check'
import { nothingMet, takingBack, type Met } from '#lib/kinds/prose/take-back.ts'
import { annAndBo, block, NOBODY, path, toldOf } from '../support/prose-writers.ts'

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

test('a word that Bo put in the place of the one that Ann had put there stays alone: what she had written over does not come back beside it, and that is told', () => {
  const both = annAndBo('costs  euros')
  const { ann, bo, meet } = both
  const steps = [ann.writes(6, '300'), ann.writes(6, '350', 3), [ann.writes(6, '3', 3), ann.writes(7, '70')].flat()]
  meet()
  bo.writes(6, '100', 3)
  meet()
  // Also what she had put there before, word by word.
  for (const [nth, step] of steps.reverse().entries()) {
    // Of the oldest one nothing is left, which is noted; those in whose place he wrote stay as they are.
    expect(ann.takesBack(step)).toHaveLength(nth < 2 ? 0 : 1)
    expect(ann.text()).toBe('costs 100 euros')
    expect(toldOf(both)).toEqual({ ...NOBODY, instead: nth < 2 ? ['Bo'] : [] })
  }
})

test('what Bo has made of Ann’s words stands there again after her undo and redo: bold, a link', () => {
  for (const [name, value] of [
    ['strong', true],
    ['link', '{"href":"https://b.example"}'],
  ] as const) {
    const { ann, bo, meet } = annAndBo()
    const step = ann.writes(0, 'one two three')
    meet()
    bo.marks(4, 7, name, value)
    meet()
    const stands = ann.spans()
    ann.takesBack(ann.takesBack(step))
    expect(ann.spans()).toEqual(stands)
  }
})

test('of one word that both gave an address apart, the one that counts stays when the other is taken back, which is told, and neither is there when both are', () => {
  const href = (at: string) => `{"href":"https://${at}.example"}`
  for (let turn = 0; turn < 8; turn++) {
    const both = annAndBo('one two three')
    const { ann, bo, meet } = both
    const [hers, his] = [ann.marks(4, 7, 'link', href('ann')), bo.marks(4, 7, 'link', href('bo'))]
    meet()
    const link = () => ann.spans().flatMap((span) => (span.type === 'text' ? (span.marks?.['link'] ?? []) : []))
    const isHers = link()[0] === href('ann')
    if (isHers) bo.takesBack(his)
    else ann.takesBack(hers)
    meet()
    expect(link()).toEqual([isHers ? href('ann') : href('bo')])
    expect((isHers ? bo : ann).told.kept).toEqual([A.getActorId(isHers ? ann.doc : bo.doc)])
    if (isHers) ann.takesBack(hers)
    else bo.takesBack(his)
    meet()
    expect(link()).toEqual([])
  }
})

test('of one paragraph that both formatted apart, the one that counts stays when the other is taken back, which is told, and neither is there when both are', () => {
  for (let turn = 0; turn < 8; turn++) {
    const { ann, bo, meet } = annAndBo('Tar')
    ann.splits(0)
    meet()
    const as = (is: string): A.Span[] => [
      { type: 'block', value: block(is) },
      { type: 'text', value: 'Tar' },
    ]
    const steps = [
      { person: ann, is: 'ordered-list-item', hashes: ann.shapes(as('ordered-list-item')) },
      { person: bo, is: 'unordered-list-item', hashes: bo.shapes(as('unordered-list-item')) },
    ]
    meet()
    const type = () => String((ann.spans()[0] as { value: Record<string, unknown> }).value['type'])
    const [counts, other] = steps[0]?.is === type() ? steps : steps.toReversed()
    if (!counts || !other) throw new Error('two steps')
    other.person.takesBack(other.hashes)
    expect(other.person.told.kept).toEqual([counts.person.actor()])
    meet()
    expect(type()).toBe(counts.is)
    counts.person.takesBack(counts.hashes)
    meet()
    expect(type()).toBe('paragraph')
  }
})

test('words that Bo, apart, wrote into a line that Ann took out stand where he wrote them when it comes back', () => {
  const both = annAndBo('Order oak boards')
  const { ann, bo, meet } = both
  const step = ann.writes(0, '', 16)
  bo.writes(9, ' or ash')
  meet()
  expect(ann.text()).toBe(' or ash')
  ann.takesBack(step)
  meet()
  expect(bo.text()).toBe('Order oak or ash boards')
})

test('words that Ann had written over come back with what Bo, apart, made of them meanwhile: another address, bold, or no link', () => {
  const href = (at: string) => `{"href":"https://${at}.example"}`
  for (const [makes, marks] of [
    ['another address', { link: href('b') }],
    ['bold', { link: href('a'), strong: true }],
    ['no link', undefined],
  ] as const) {
    const { ann, bo, meet } = annAndBo('a plan of ours')
    ann.marks(2, 6, 'link', href('a'))
    meet()
    const step = ann.writes(2, 'map', 4)
    if (makes === 'another address') bo.marks(2, 6, 'link', href('b'))
    else if (makes === 'bold') bo.marks(2, 6, 'strong')
    else bo.unmarks(2, 6, 'link')
    meet()
    const back = ann.takesBack(step)
    meet()
    const plan = { type: 'text', value: 'plan', ...(marks && { marks }) }
    const around = ['a ', ' of ours'].map((value) => ({ type: 'text', value }))
    const all = marks ? [around[0], plan, around[1]] : [{ type: 'text', value: 'a plan of ours' }]
    expect(bo.spans()).toEqual(all)
    ann.takesBack(ann.takesBack(back))
    expect(ann.spans()).toEqual(all)
  }
})

test.each(
  [' pier', ''].flatMap((rest) =>
    [0, 1, 3, 5].flatMap((behind) => [true, false].map((isHers) => ({ rest, behind, isHers }))),
  ),
)(
  'a format goes from what another, apart, typed over its word as it is taken back, and comes again: %o',
  ({ rest, behind, isHers }) => {
    const [less, more] = ['aa'.repeat(16), 'bb'.repeat(16)]
    const { ann, bo, meet } = annAndBo(
      `Meet at the north${rest}`,
      isHers ? { ann: more, bo: less } : { ann: less, bo: more },
    )
    const bold = ann.marks(12, 17, 'strong')
    bo.writes(12 + behind, 'quay')
    bo.writes(12, '', behind)
    bo.writes(16, '', 5 - behind)
    meet()
    const before = ann.spans()
    const back = ann.takesBack(bold)
    meet()
    expect(ann.spans()).toEqual([{ type: 'text', value: `Meet at the quay${rest}` }])
    ann.takesBack(back)
    meet()
    expect(ann.spans()).toEqual(before)
  },
)

test('a mark that Ann had taken out does not come back beside one that Bo has put in its place since', () => {
  const { ann, bo, meet } = annAndBo('¶one¶two')
  ann.shapes([
    { type: 'block', value: block('paragraph') },
    { type: 'text', value: 'one' },
    { type: 'block', value: block('paragraph') },
    { type: 'text', value: 'two' },
  ])
  meet()
  expect(ann.text()).toBe('¶one¶two')
  const joined = ann.writes(4, '', 1)
  meet()
  bo.splits(4)
  meet()
  ann.takesBack(joined)
  expect(ann.text()).toBe('¶one¶two')
  expect(ann.told.instead).toEqual([A.getActorId(bo.doc)])
  // Where he put it elsewhere, it does.
  const again = annAndBo('')
  again.ann.shapes([
    { type: 'block', value: block('paragraph') },
    { type: 'text', value: 'one' },
    { type: 'block', value: block('paragraph') },
    { type: 'text', value: 'two' },
  ])
  again.meet()
  const gone = again.ann.writes(4, '', 1)
  again.meet()
  again.bo.splits(6)
  again.meet()
  again.ann.takesBack(gone)
  expect(again.ann.text()).toBe('¶one¶tw¶o')
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
  expect(toldOf(both)).toEqual({ ...NOBODY, instead: ['Bo'] })
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
  expect(toldOf(both)).toEqual({ ...NOBODY, instead: ['Bo'] })
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
  expect(toldOf(both)).toEqual({ ...NOBODY, beside: ['Bo'] })
})

test('where Ann’s word goes from between an older one and what Bo has written right behind it, so that these are of one word now, that is told; of what stands apart nothing is', () => {
  const both = annAndBo('Meet at the north at noon')
  const { ann, bo, meet } = both
  let step = ann.writes(17, ' pier')
  meet()
  bo.writes(22, 's two')
  meet()
  step = ann.takesBack(step)
  expect(ann.text()).toBe('Meet at the norths two at noon')
  expect(toldOf(both)).toEqual({ ...NOBODY, beside: ['Bo'] })
  ann.takesBack(step)
  expect(ann.text()).toBe('Meet at the north piers two at noon')
  const other = ann.writes(0, 'Please. ')
  meet()
  bo.writes(8, 'Do ')
  meet()
  ann.takesBack(other)
  expect(toldOf(both)).toEqual(NOBODY)
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
  expect(toldOf(both)).toEqual({ ...NOBODY, beside: ['Bo'] })
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
  const { write } = takingBack(ann.doc, path, step, new Map(), () => true)
  let told: Met | null = null
  ann.doc = A.change(ann.doc, (draft) => void (told = write(draft)))
  expect(ann.text()).toMatch(/^one (twomore|moretwo)$/)
  expect(told).toEqual(nothingMet())
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
  expect(toldOf(both)).toEqual({ ...NOBODY, beside: ['Bo'] })
})

const threeLines = lines(['paragraph', 'Sails'], ['paragraph', 'Paint hull'], ['paragraph', 'Launch'])
const boat = () => {
  const both = annAndBo()
  both.ann.shapes(threeLines)
  both.meet()
  return { ...both, told: () => toldOf(both) }
}

test('of a line that Ann has begun, and Bo has written in since, his words are left in a line of their own, and done again it is whole', () => {
  const { ann, bo, meet, told } = boat()
  const step = [ann.splits(17), ann.writes(18, 'Do not'), ann.writes(24, ' use')].flat()
  meet()
  bo.writes(28, ' varnish')
  meet()
  const back = ann.takesBack(step)
  meet()
  expect(ann.text()).toBe('¶Sails¶Paint hull¶ varnish¶Launch')
  const again = ann.takesBack(back)
  meet()
  expect(ann.text()).toBe('¶Sails¶Paint hull¶Do not use varnish¶Launch')
  ann.takesBack(again)
  expect(ann.text()).toBe('¶Sails¶Paint hull¶ varnish¶Launch')
  expect(told()).toEqual(NOBODY)
})

test('what Bo writes in Ann’s line before he has all of it stays in that line, too', () => {
  const { ann, bo, meet } = boat()
  const step = [ann.splits(17), ann.writes(18, 'Do not')].flat()
  meet()
  step.push(...ann.writes(24, ' use'))
  bo.writes(18, 'Now: ')
  meet()
  step.push(...ann.writes(33, '!'))
  ann.takesBack(step)
  expect(ann.text()).toBe('¶Sails¶Paint hull¶Now: ¶Launch')
})

test.each([
  ['first', 'one', '¶Sails¶Paint hull¶oneBO¶two¶three¶Launch'],
  ['second', 'two', '¶Sails¶Paint hull¶one¶twoBO¶three¶Launch'],
  ['last', 'three', '¶Sails¶Paint hull¶one¶two¶threeBO¶Launch'],
])('of three lines that Ann has pasted the %s, in which Bo has written, is left to his words', (_, word, again) => {
  const pasted = ['one', 'two', 'three']
  const ways = [
    ({ ann }: ReturnType<typeof boat>) =>
      pasted.flatMap((line, nth) => {
        const at = 17 + pasted.slice(0, nth).join(' ').length + (nth > 0 ? 1 : 0)
        return [ann.splits(at), ann.writes(at + 1, line)].flat()
      }),
    // Here the mark that the next line had is that of the first one.
    ({ ann }: ReturnType<typeof boat>) =>
      ann.shapes([
        ...threeLines.slice(0, 4),
        ...lines(...pasted.map((line): [string, string] => ['paragraph', line])),
        ...threeLines.slice(4),
      ]),
  ]
  for (const way of ways) {
    const both = boat()
    const { ann, bo, meet } = both
    const step = way(both)
    meet()
    bo.writes(bo.text().indexOf(word) + word.length, 'BO')
    meet()
    const back = ann.takesBack(step)
    meet()
    expect(ann.text()).toBe('¶Sails¶Paint hull¶BO¶Launch')
    ann.takesBack(back)
    meet()
    expect(ann.text()).toBe(again)
  }
})

test('a line that Ann has put in front of another is left to what Bo has written in it', () => {
  const { ann, bo, meet } = boat()
  const step = [ann.writes(18, 'Do'), ann.splits(20)].flat()
  meet()
  bo.writes(20, 'BO')
  meet()
  const back = ann.takesBack(step)
  expect(ann.text()).toBe('¶Sails¶Paint hull¶BO¶Launch')
  ann.takesBack(back)
  expect(ann.text()).toBe('¶Sails¶Paint hull¶DoBO¶Launch')
})

test('words that come back where Ann had pasted lines over them stand above the one in which Bo has written', () => {
  const { ann, bo, meet, told } = boat()
  const step = [ann.writes(13, 'deck', 4), ann.splits(17), ann.writes(18, 'mast')].flat()
  meet()
  bo.writes(22, 'BO')
  meet()
  const back = ann.takesBack(step)
  expect(ann.text()).toBe('¶Sails¶Paint hull¶BO¶Launch')
  expect(told()).toEqual(NOBODY)
  ann.takesBack(back)
  expect(ann.text()).toBe('¶Sails¶Paint deck¶mastBO¶Launch')
})

test('a mark by which Ann has split a line goes, and so does one behind which Bo has written nothing but space, or nothing knowing of it', () => {
  const split = boat()
  const step = split.ann.splits(12)
  split.meet()
  split.bo.writes(13, 'BO')
  split.meet()
  split.ann.takesBack(step)
  expect(split.ann.text()).toBe('¶Sails¶PaintBO hull¶Launch')

  const space = boat()
  const line = [space.ann.splits(17), space.ann.writes(18, 'Do')].flat()
  space.meet()
  space.bo.writes(20, ' ')
  space.meet()
  space.ann.takesBack(line)
  expect(space.ann.text()).toBe('¶Sails¶Paint hull ¶Launch')

  const apart = boat()
  const begun = [apart.ann.splits(17), apart.ann.writes(18, 'Do')].flat()
  apart.bo.writes(17, 'BO')
  apart.meet()
  apart.ann.takesBack(begun)
  expect(apart.ann.text()).toBe('¶Sails¶Paint hullBO¶Launch')
})

test('where Ann has put a line into the middle of another, and Bo has written in hers, his is glued to neither part', () => {
  const { ann, bo, meet } = boat()
  const step = [ann.splits(12), ann.writes(13, 'Do'), ann.splits(15)].flat()
  meet()
  bo.writes(15, 'BO')
  meet()
  const back = ann.takesBack(step)
  expect(ann.text()).toBe('¶Sails¶Paint¶BO¶ hull¶Launch')
  ann.takesBack(back)
  expect(ann.text()).toBe('¶Sails¶Paint¶DoBO¶ hull¶Launch')
})

describe('of a line that Bo has taken out since', () => {
  /** What Ann did in it, of `Paint hull`. */
  const done = {
    'typed over a word': ({ ann }: ReturnType<typeof boat>) => ann.writes(13, 'decks', 4),
    'took out a word': ({ ann }: ReturnType<typeof boat>) => ann.writes(13, '', 4),
    'took out all words': ({ ann }: ReturnType<typeof boat>) => ann.writes(7, '', 10),
  }
  const cases = Object.entries(done)

  test.each(cases)('nothing comes back where Ann %s, and she is told', (_, does) => {
    for (const withItsMark of [true, false]) {
      const both = boat()
      const { ann, bo, meet, told } = both
      const step = does(both)
      meet()
      const [start, end] = [6, bo.text().indexOf('¶Launch')]
      bo.writes(withItsMark ? start : start + 1, '', end - start)
      meet()
      expect(ann.text()).toBe('¶Sails¶Launch')
      expect(ann.takesBack(step)).toEqual([])
      expect(told()).toEqual({ ...NOBODY, gone: ['Bo'] })
    }
  })

  test('the rest of what Ann did comes back', () => {
    const { ann, bo, meet, told } = boat()
    const step = [ann.writes(13, 'decks', 4), ann.writes(19, 'Start', 6), ann.writes(24, '!')].flat()
    meet()
    bo.writes(6, '', 12)
    meet()
    expect(ann.text()).toBe('¶Sails¶Start!')
    const back = ann.takesBack(step)
    expect(ann.text()).toBe('¶Sails¶Launch')
    expect(told()).toEqual({ ...NOBODY, gone: ['Bo'] })
    ann.takesBack(back)
    expect(ann.text()).toBe('¶Sails¶Start!')
    expect(told()).toEqual(NOBODY)
  })

  test('the first one, too, with the mark of the next', () => {
    const { ann, bo, meet, told } = boat()
    const step = ann.writes(1, 'Oars', 5)
    meet()
    bo.writes(1, '', 5)
    meet()
    expect(ann.takesBack(step)).toEqual([])
    expect(ann.text()).toBe('¶Paint hull¶Launch')
    expect(told()).toEqual({ ...NOBODY, gone: ['Bo'] })
  })

  test('a line that Ann had taken out beside it comes back as a line, whichever mark went with it', () => {
    for (const hers of ['with its own mark', 'with the next one'])
      for (const withItsMark of [true, false]) {
        const { ann, bo, meet, told } = boat()
        ann.shapes([...threeLines, ...lines(['paragraph', 'Race'])])
        const step = ann.writes(hers === 'with its own mark' ? 6 : 7, '', 11)
        meet()
        expect(bo.text()).toBe('¶Sails¶Launch¶Race')
        bo.writes(withItsMark ? 6 : 7, '', 7)
        meet()
        expect(ann.text()).toBe('¶Sails¶Race')
        const back = ann.takesBack(step)
        expect(ann.text()).toBe('¶Sails¶Paint hull¶Race')
        expect(told()).toEqual(NOBODY)
        ann.takesBack(back)
        expect(ann.text()).toBe('¶Sails¶Race')
      }
  })

  test('a line that Ann had joined to another does not come back empty', () => {
    const { ann, bo, meet, told } = boat()
    const step = ann.writes(17, '', 1)
    meet()
    bo.writes(6, '', 17)
    meet()
    expect(ann.takesBack(step)).toEqual([])
    expect(ann.text()).toBe('¶Sails')
    expect(told()).toEqual({ ...NOBODY, gone: ['Bo'] })
  })
})

test('words come back where Bo has only emptied their line, joined it to another, or left a letter of it', () => {
  for (const [at, length, is] of [
    [7, 11, '¶Sails¶hull¶Launch'],
    [6, 1, '¶SailsPaint hull¶Launch'],
    [6, 11, '¶Sailshull¶Launch'],
  ] as const) {
    const { ann, bo, meet, told } = boat()
    const step = ann.writes(13, 'decks', 4)
    meet()
    bo.writes(at, '', length)
    meet()
    ann.takesBack(step)
    expect(ann.text()).toBe(is)
    expect(told()).toEqual(NOBODY)
  }
})

test('a line that Ann has taken out herself, on another device, is not told', () => {
  const { ann, bo: alsoAnn, meet } = boat()
  const step = ann.writes(13, 'decks', 4)
  meet()
  alsoAnn.writes(6, '', 12)
  meet()
  const { write } = takingBack(ann.doc, path, step, new Map(), () => true)
  let told: Met | null = null
  ann.doc = A.change(ann.doc, (draft) => void (told = write(draft)))
  expect(ann.text()).toBe('¶Sailshull¶Launch')
  expect(told).toEqual(nothingMet())
})

test('whatever lines Ann and Bo begin, join and take out: nothing of Bo’s goes or doubles as Ann takes hers back and does it again', () => {
  const step = fc.record({
    who: fc.constantFrom('ann', 'bo'),
    does: fc.constantFrom('writes', 'line', 'line', 'takes out'),
    at: fc.nat(30),
    length: fc.integer({ min: 1, max: 8 }),
    meets: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 12 }), (steps) => {
      const { ann, bo, meet } = boat()
      const done: string[][] = []
      for (const { who, does, at, length, meets } of steps) {
        const person = who === 'ann' ? ann : bo
        const text = person.text()
        const place = 1 + Math.min(at, text.length - 1)
        const letters = who === 'ann' ? 'aeiou' : 'BCDEF'
        const hashes: string[] = []
        if (does === 'writes') hashes.push(...person.writes(place, letters.slice(0, length)))
        else if (does === 'line') {
          const end = text.indexOf('¶', place)
          const behind = end < 0 ? text.length : end
          hashes.push(...person.splits(behind), ...person.writes(behind + 1, letters.slice(0, length)))
        } else {
          // Ann takes out no word of Bo's.
          const most = who === 'ann' ? (/^[^B-F]*/.exec(text.slice(place))?.[0] ?? '').length : text.length - place
          hashes.push(...person.writes(place, '', Math.min(length, most)))
        }
        if (who === 'ann') done.push(hashes)
        if (meets) meet()
      }
      meet()
      const his = () => ann.text().replaceAll(/[^B-F]/g, '')
      const [words, undone] = [his(), [] as string[][]]
      const takesBack = (hashes: string[]) => {
        const back = ann.takesBack(hashes)
        meet()
        expect(his()).toBe(words)
        const { instead, beside, gone } = toldOf({ ann, bo, meet })
        expect([...instead, ...beside, ...gone].filter((who) => who !== 'Bo')).toEqual([])
        return back
      }
      for (const hashes of done.reverse()) undone.push(takesBack(hashes))
      for (const hashes of undone.reverse()) takesBack(hashes)
    }),
    { numRuns: 80 },
  )
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
