import * as A from '@automerge/automerge'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Run } from '#lib/kernel/formatted.ts'
import { writingMessage } from '#lib/kernel/groups.ts'
import { planTextUndo, writingTexts } from '#lib/core/undo-texts.ts'
import { hrefOf } from '#lib/kinds/prose/link-mark.ts'
import { mutations } from '#lib/kinds/prose/mutations.ts'
import { genesis, type ProseDraft } from '#lib/kinds/prose/schema.ts'
import { spansOf } from '#lib/kinds/prose/spans.ts'
import { changeMessage, choiceMessage, takenBack } from '#lib/store/change-message.ts'
import { isLink, type ContestedAt } from '#lib/store/contested.ts'
import type { AnyDoc } from '#lib/store/documents.ts'
import { linksSince } from '#lib/store/links-contested.ts'
import { Touched } from '#lib/store/touched.ts'
import { wordsSince } from '#lib/store/words-contested.ts'
import { editorOf } from '#tests/support/bound-editor.ts'

type Prose = A.Doc<ProseDraft>
const path = ['entries', 'k1', 'text']
const actorOf = (name: string) => Array.from(name.padEnd(24), (letter) => letter.charCodeAt(0).toString(16)).join('')
const as = (name: string, doc: Prose): Prose => A.clone(doc, { actor: actorOf(name) })
const begin = (runs: Run[]): Prose =>
  A.change(
    A.change(A.init<ProseDraft>({ actor: actorOf('genesis') }), genesis),
    { message: changeMessage('addEntry', 'g') },
    (draft) =>
      mutations.addEntry.run(
        draft,
        { entry: 'k1', text: '', spans: [], formatted: [{ is: 'paragraph', within: [], runs }] },
        { now: 0 as never },
      ),
  )
type Does = (editor: ReturnType<typeof openBy>) => void
const openBy = (doc: Prose) => editorOf(doc, path, writingMessage(0, 'k1'))
/** What the text is after somebody has done that in the editor. */
const after = (doc: Prose, ...all: Does[]): Prose => {
  const editor = openBy(doc)
  for (const does of all) does(editor)
  return editor.doc
}
/** With addresses in brackets. */
const linked = (doc: Prose): string => {
  let [text, last] = ['', '']
  for (const span of spansOf(doc, 'k1')) {
    const href = span.type === 'text' ? hrefOf(span.marks?.['link']) : ''
    if (href !== last) text += `${last && `](${last})`}${href && '['}`
    if (span.type === 'text') text += span.value
    last = href
  }
  return last ? `${text}](${last})` : text
}
const addressesOver = (doc: Prose, words: string): Set<string | null> => {
  const letters = spansOf(doc, 'k1').flatMap((span) =>
    span.type === 'text'
      ? [...span.value].map((letter) => ({ letter, href: hrefOf(span.marks?.['link']) || null }))
      : [],
  )
  const from = letters
    .map(({ letter }) => letter)
    .join('')
    .indexOf(words)
  return new Set(letters.slice(from, from + words.length).map(({ href }) => href))
}
const looked = (doc: Prose) => ({ doc: doc as AnyDoc, touched: new Touched() })
const found = (doc: Prose) => linksSince(looked(doc), 'cards', undefined)
const said = (doc: Prose) =>
  found(doc).map(({ of, values }) => [
    of,
    new Map(values.map(({ value, actor }) => [Buffer.from(actor, 'hex').toString().trim(), value])),
  ])
const keep = (doc: Prose, value: unknown, name = 'keepLink'): Prose => {
  const [{ path: place } = { path: [] as readonly string[] }] = found(doc)
  return A.change(doc, { message: changeMessage(name, 'g') }, (draft) =>
    mutations.keepLink.run(
      draft,
      { entry: 'k1', from: place[3] ?? '', to: place[4] ?? '', link: value as string | null },
      { now: 0 as never },
    ),
  )
}
/** Takes back, or does again, what was done last. */
const takeBack = (doc: Prose, way: 'undo' | 'redo'): Prose => {
  const { texts } = planTextUndo(doc as AnyDoc, A.getHeads(doc))
  const run = writingTexts(doc as AnyDoc, texts, { cameBack: () => new Map(), isMine: () => false })
  return A.change(
    doc,
    { message: choiceMessage(changeMessage(takenBack(way, ['keepLink']), 'u'), A.getHeads(doc)) },
    (draft) => void run(draft as never),
  )
}

const [one, other, third] = ['https://one.example', 'https://other.example', 'https://third.example']
const over =
  (from: string, to = from): Does =>
  (editor) =>
    editor.over(from, to)
const types =
  (words: string): Does =>
  (editor) =>
    editor.types(words)
const links =
  (href: string | null): Does =>
  (editor) =>
    editor.links(href)
const at =
  (words: string): Does =>
  (editor) =>
    editor.after(words)
const before =
  (words: string): Does =>
  (editor) =>
    editor.before(words)
const removes: Does = (editor) => editor.removes()

const isLinked: Run[] = [{ text: 'see the ' }, { text: 'plan', link: one }, { text: ' now here' }]
const isPlain: Run[] = [{ text: 'see the plan now here' }]
const gives = [over('plan'), links(other)]
const takesAway = [over('plan'), links(null)]
/** What both have when they meet: which of them has the greater name decides where a link begins. */
const meet = (runs: Run[], hers: Does[], his: Does[]): { doc: Prose; ann: string }[] =>
  ['ann', 'x-ann'].flatMap((ann) => {
    const first = begin(runs)
    const [annDoc, bo] = [after(as(ann, first), ...hers), after(as('bo', first), ...his)]
    return [A.merge(as('c', annDoc), bo), A.merge(as('d', bo), annDoc)].map((doc) => ({ doc, ann }))
  })

test.each<[string, Run[], Does[], Does[], string, string | null, string | null]>([
  ['a linked word is typed over', isLinked, gives, [over('plan'), types('map')], 'map', other, null],
  ['it is taken out and another one typed', isLinked, gives, [over('plan'), removes, types('map')], 'map', other, null],
  [
    'it is typed over with the words before it',
    isLinked,
    gives,
    [over('the', 'plan'), types('a map')],
    'a map',
    other,
    null,
  ],
  ['with the words behind it', isLinked, gives, [over('plan', 'now'), types('map')], 'map', other, null],
  [
    'another word of its own address',
    isLinked,
    gives,
    [over('plan'), types('map'), over('map'), links(third)],
    'map',
    other,
    third,
  ],
  [
    'the link is taken away',
    isLinked,
    takesAway,
    [over('plan'), types('map'), over('map'), links(third)],
    'map',
    null,
    third,
  ],
  ['the beginning of a linked word is typed over', isLinked, gives, [over('pl'), types('sc')], 'sc', other, one],
  ['a plain word is typed over that got an address', isPlain, gives, [over('plan'), types('map')], 'map', other, null],
  [
    'a word of more that got one, to its end',
    isPlain,
    [over('the', 'now'), links(other)],
    [over('plan', 'now'), types('map')],
    'map',
    other,
    null,
  ],
  [
    'a hole in what got one',
    isLinked,
    [over('the', ' now'), links(other)],
    [over('an'), types('ning')],
    'ning',
    other,
    null,
  ],
])('%s: both are told, and what is chosen is all of it', (_, runs, hers, his, words, link, wrote) => {
  for (const { doc, ann } of meet(runs, hers, his)) {
    const told = [
      [
        words,
        new Map([
          [ann, link],
          ['bo', wrote],
        ]),
      ],
    ]
    expect(said(doc)).toEqual(told)
    for (const value of [link, wrote]) {
      const kept = keep(as('e', doc), value)
      expect(addressesOver(kept, words)).toEqual(new Set([value]))
      expect(said(kept)).toEqual([])
      const back = takeBack(kept, 'undo')
      expect(linked(back)).toBe(linked(doc))
      expect(said(back)).toEqual(told)
      const again = takeBack(back, 'redo')
      expect(linked(again)).toBe(linked(kept))
      expect(said(again)).toEqual([])
    }
  }
})

test.each<[string, Run[], Does[], Does[], string]>([
  [
    'a word is repaired that gets another address',
    isLinked,
    gives,
    [over('la'), types('le')],
    `see the [plen](${other}) now here`,
  ],
  ['one is that gets its first', isPlain, gives, [over('la'), types('le')], `see the [plen](${other}) now here`],
  ['one is that loses it', isLinked, takesAway, [over('la'), types('le')], 'see the plen now here'],
  [
    'the end of a word is, that gets its first',
    isPlain,
    gives,
    [over('an'), types('en')],
    `see the [plen](${other}) now here`,
  ],
  [
    'the end of a linked word is plain for who typed over it',
    isLinked,
    gives,
    [over('an'), types('en')],
    `see the [pl](${other})en now here`,
  ],
  [
    'of a phrase that gets an address a word is typed over',
    isPlain,
    [over('the', 'now'), links(other)],
    [over('plan'), types('map')],
    `see [the map now](${other}) here`,
  ],
  [
    'one is that had another',
    isLinked,
    [over('the', ' now'), links(other)],
    [over('plan'), types('map')],
    `see [the map now](${other}) here`,
  ],
  ['the link is taken away, and typed over', isLinked, takesAway, [over('plan'), types('map')], 'see the map now here'],
  [
    'a sentence is typed over in which one word gets an address',
    isPlain,
    gives,
    [over('the', 'now'), types('a map')],
    'see a map here',
  ],
  [
    'both give it the same address',
    isLinked,
    gives,
    [over('plan'), types('map'), over('map'), links(other)],
    `see the [map](${other}) now here`,
  ],
  [
    'words are written elsewhere',
    isLinked,
    gives,
    [at('now'), types(' or later')],
    `see the [plan](${other}) now or later here`,
  ],
  ['words are written behind it', isLinked, gives, [at('plan'), types('s')], `see the [plan](${other})s now here`],
])('%s: nothing is to choose', (_, runs, hers, his, stands) => {
  for (const { doc } of meet(runs, hers, his)) {
    expect(linked(doc)).toBe(stands)
    expect(said(doc)).toEqual([])
  }
})

test('words before a linked one are told where its new address lies over them, and not where it does not', () => {
  const outcomes = meet(isLinked, gives, [before('plan'), types('big ')]).map(({ doc, ann }) => {
    const isOver = linked(doc) === `see the [big plan](${other}) now here`
    if (!isOver) expect(linked(doc)).toBe(`see the big [plan](${other}) now here`)
    expect(said(doc)).toEqual(
      isOver
        ? [
            [
              'big',
              new Map([
                [ann, other],
                ['bo', null],
              ]),
            ],
          ]
        : [],
    )
    if (isOver) expect(linked(keep(as('e', doc), null))).toBe(`see the big [plan](${other}) now here`)
    return isOver
  })
  expect(new Set(outcomes)).toEqual(new Set([true, false]))
})

test('of a word that both type over only the words are told; none of the link after they were chosen, and words again where that is taken back', () => {
  const hers = [over('plan'), types('chart'), over('chart'), links(other), over('chart'), links(third)]
  for (const { doc } of meet(isLinked, hers, [over('plan'), types('map')])) {
    expect(found(doc)).toEqual([])
    const [field] = wordsSince(looked(doc), 'cards', undefined)
    expect(field?.values.map(({ value }) => value)).toEqual(expect.arrayContaining(['chart', 'map']))
    const [, , , from = '', to = ''] = field!.path as readonly string[]
    const kept = A.change(as('e', doc), { message: changeMessage('keepWords', 'g') }, (draft) =>
      mutations.keepWords.run(draft, { entry: 'k1', from, to, words: 'map' }, { now: 0 as never }),
    )
    expect(said(kept)).toEqual([])
    expect(wordsSince(looked(kept), 'cards', undefined)).toEqual([])
  }
})

test('who gives the words an address knowing of both has chosen; two who choose otherwise at once are told of', () => {
  const [{ doc } = { doc: begin([]) }] = meet(isLinked, gives, [over('plan'), types('map')])
  expect(said(after(as('e', doc), over('map'), links(third)))).toEqual([])
  expect(said(after(as('e', doc), at('now'), types(' or later')))).toEqual(said(doc))
  expect(said(after(as('e', doc), at('ma'), types('i')))).toEqual([['maip', expect.anything()]])
  const both = A.merge(keep(as('e', doc), null), keep(as('f', doc), other))
  expect(said(both)).toEqual([
    [
      'map',
      new Map([
        ['e', null],
        ['f', other],
      ]),
    ],
  ])
  expect(said(keep(as('g', both), other))).toEqual([])
})

test('whatever was found before, what is found is the same', () => {
  const Step = fc.record({
    who: fc.nat(2),
    from: fc.integer({ min: 8, max: 12 }),
    length: fc.nat(5),
    letters: fc.constantFrom('x', 'yz', 'a b', ''),
    link: fc.constantFrom(one, other, null),
    does: fc.constantFrom('link', 'link', 'type', 'type', 'meet', 'choose', 'take back'),
  })
  const start = begin(isLinked)
  fc.assert(
    fc.property(fc.array(Step, { minLength: 10, maxLength: 30 }), (steps) => {
      const docs = ['ann', 'bo', 'cai'].map((name) => as(name, start))
      const touched = new Touched()
      const since = (doc: Prose, known?: ContestedAt) =>
        [linksSince, wordsSince].flatMap((read) => read({ doc: doc as AnyDoc, touched }, 'cards', known))
      let known = { heads: A.getHeads(start), fields: since(start) }
      for (const { who, from, length, letters, link, does } of steps) {
        const own = docs[who]!
        const [field] = does === 'choose' || does === 'take back' ? found(own) : []
        if (does === 'meet') docs[who] = A.merge(own, docs[(who + 1) % 3]!)
        else if (does === 'choose' && field) {
          docs[who] = keep(own, field.values.at(-1)!.value)
          expect(found(docs[who]!).map(({ path: place }) => place)).not.toContainEqual(field.path)
        } else if (does === 'take back' && field) docs[who] = keep(own, field.values.at(-1)!.value, 'undo:keepLink')
        else
          docs[who] = after(own, (editor) => {
            editor.selectAt(from, from + length)
            if (does === 'link') editor.links(link)
            else if (letters === '') editor.removes()
            else editor.types(letters)
          })
        if (who !== 0) continue
        const doc = docs[0]!
        const fields = since(doc, known)
        expect(fields.filter(({ path: place }) => isLink(place))).toEqual(found(doc))
        known = { heads: A.getHeads(doc), fields }
      }
    }),
    { numRuns: 30 },
  )
})
