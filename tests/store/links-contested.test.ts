import * as A from '@automerge/automerge'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Run } from '#lib/kernel/formatted.ts'
import { writingMessage } from '#lib/kernel/groups.ts'
import { formattedToSpans } from '#lib/kinds/prose/formatted-spans.ts'
import { hrefOf } from '#lib/kinds/prose/link-mark.ts'
import { mutations } from '#lib/kinds/prose/mutations.ts'
import { genesis, type ProseDraft } from '#lib/kinds/prose/schema.ts'
import { spansOf, writeSpans } from '#lib/kinds/prose/spans.ts'
import { changeMessage } from '#lib/store/change-message.ts'
import type { AnyDoc } from '#lib/store/documents.ts'
import { linksSince } from '#lib/store/links-contested.ts'
import { Touched } from '#lib/store/touched.ts'

type Prose = A.Doc<ProseDraft>
const actorOf = (name: string) => Array.from(name.padEnd(24), (letter) => letter.charCodeAt(0).toString(16)).join('')
const as = (name: string, doc: Prose): Prose => A.clone(doc, { actor: actorOf(name) })
const blank = (): Prose => A.change(A.init<ProseDraft>({ actor: actorOf('genesis') }), genesis)
const begin = (doc: Prose, entry: string, runs: Run[]): Prose =>
  A.change(doc, { message: changeMessage('addEntry', 'g') }, (draft) =>
    mutations.addEntry.run(
      draft,
      { entry, text: '', spans: [], formatted: [{ is: 'paragraph', within: [], runs }] },
      { now: 0 as never },
    ),
  )
/** As an editor does. */
const write = (doc: Prose, entry: string, runs: Run[]): Prose =>
  A.change(doc, { message: writingMessage(0, entry) }, (draft) =>
    writeSpans(draft, entry, formattedToSpans([{ is: 'paragraph', within: [], runs }])),
  )
const found = (doc: Prose) => linksSince({ doc: doc as AnyDoc, touched: new Touched() }, 'cards', undefined)
const said = (doc: Prose) => found(doc).map(({ of, values }) => [of, new Set(values.map(({ value }) => value))])
const linkNow = (doc: Prose) => {
  const span = spansOf(doc, 'k1')[1]
  return span?.type === 'text' ? hrefOf(span.marks?.['link']) || null : undefined
}
const choose = (doc: Prose, link: string | null): Prose => {
  const [{ path } = { path: [] as readonly string[] }] = found(doc)
  return A.change(doc, { message: changeMessage('keepLink', 'g') }, (draft) =>
    mutations.keepLink.run(draft, { entry: 'k1', from: path[3] ?? '', to: path[4] ?? '', link }, { now: 0 as never }),
  )
}

const words: Run = { text: 'the supplier' }
const [one, other] = ['https://one.example', 'https://other.example']
const apart = (first: Run[], hers: Run[], his: Run[]) => {
  const start = begin(blank(), 'k1', first)
  return [write(as('ann', start), 'k1', hers), write(as('bo', start), 'k1', his)] as const
}

test('two addresses that were given to the same words apart are told, the one that counts first, whoever meets whom', () => {
  const [ann, bo] = apart(
    [words, { text: ' knows' }],
    [{ ...words, link: one }, { text: ' knows' }],
    [{ ...words, link: other }, { text: ' knows' }],
  )
  const met = [A.merge(as('c', ann), bo), A.merge(as('d', bo), ann)]
  for (const doc of met) {
    expect(said(doc)).toEqual([['the supplier', new Set([one, other])]])
    expect(found(doc)[0]?.values[0]?.value).toBe(linkNow(doc))
    expect(new Map(found(doc)[0]?.values.map(({ actor, value }) => [value, actor]))).toEqual(
      new Map([
        [one, actorOf('ann')],
        [other, actorOf('bo')],
      ]),
    )
  }
  expect(found(met[0]!)).toEqual(found(met[1]!))
})

test.each<[string, Run[], Run[], Run[], unknown]>([
  [
    'an address that both correct',
    [{ ...words, link: one }],
    [{ ...words, link: `${one}/a` }],
    [{ ...words, link: `${one}/b` }],
    [['the supplier', new Set([`${one}/a`, `${one}/b`])]],
  ],
  [
    'one takes the link away that the other corrects',
    [{ ...words, link: one }],
    [words],
    [{ ...words, link: other }],
    [['the supplier', new Set([null, other])]],
  ],
  [
    'only the letters that both meant',
    [{ text: 'ask the supplier now' }],
    [{ text: 'ask the', link: one }, { text: ' supplier now' }],
    [{ text: 'ask ' }, { text: 'the supplier', link: other }, { text: ' now' }],
    [['the', new Set([one, other])]],
  ],
  ['the same address', [words], [{ ...words, link: one }], [{ ...words, link: one }], []],
  [
    'two places',
    [{ text: 'rope and tar' }],
    [{ text: 'rope', link: one }, { text: ' and tar' }],
    [{ text: 'rope and ' }, { text: 'tar', link: other }],
    [],
  ],
  ['one writes elsewhere', [words], [{ ...words, link: one }], [{ text: 'the supplier knows' }], []],
])('%s', (_, first, hers, his, expected) => {
  const [ann, bo] = apart(first, hers, his)
  expect(said(A.merge(as('c', ann), bo))).toEqual(expected)
})

test('whoever makes letters of a link bold has corrected nothing; where the old address counts by that, it is told beside the new one', () => {
  for (const [bolder, corrector] of [
    ['ann', 'bo'],
    ['bo', 'ann'],
  ] as const) {
    const start = begin(blank(), 'k1', [{ ...words, link: one }])
    const bold = write(as(bolder, start), 'k1', [{ ...words, link: one, strong: true }])
    const corrected = write(as(corrector, start), 'k1', [{ ...words, link: other }])
    const met = A.merge(as('c', bold), corrected)
    expect(said(met)).toEqual(linkNow(met) === other ? [] : [['the supplier', new Set([one, other])]])
  }
})

test.each(['the one that counts', 'the other one'])(
  '%s is chosen: that ends it; another address that was given apart opens it again',
  (which) => {
    const start = begin(blank(), 'k1', [words])
    const give = (name: string, link: string) => write(as(name, start), 'k1', [{ ...words, link }])
    const met = A.merge(as('c', give('ann', one)), give('bo', other))
    const value = found(met)[0]?.values[which === 'the other one' ? 1 : 0]?.value as string
    const chosen = choose(met, value)
    expect(said(chosen)).toEqual([])
    expect(linkNow(chosen)).toBe(value)
    const third = 'https://third.example'
    expect(said(A.merge(as('d', chosen), give('cai', third)))).toEqual([['the supplier', new Set([value, third])]])
    // What somebody writes by hand who knows of both is a choice as well.
    expect(said(write(as('e', met), 'k1', [{ ...words, link: third }]))).toEqual([])
  },
)

test('what a foreign device marks as a link, and how, throws nothing', () => {
  const start = begin(blank(), 'k1', [words])
  const ann = write(as('ann', start), 'k1', [{ ...words, link: one }])
  for (const value of [7, true, null, '', new Uint8Array([1])]) {
    const bo = A.change(as('bo', start), (draft) =>
      A.mark(draft, ['entries', 'k1', 'text'], { start: 1, end: 5, expand: 'both' }, 'link', value),
    )
    expect(() => found(A.merge(as('c', ann), bo))).not.toThrow()
  }
  const met = A.merge(as('c', ann), write(as('bo', start), 'k1', [{ ...words, link: other }]))
  const keep = (args: { from: string; to: string }) =>
    A.change(as('d', met), (draft) =>
      mutations.keepLink.run(draft, { entry: 'k1', link: one, ...args }, { now: 0 as never }),
    )
  const [{ path } = { path: [] as readonly string[] }] = found(met)
  const [, , , from = '', to = ''] = path
  for (const args of [
    { from: to, to: from },
    { from: 'nonsense', to },
    { from, to: `9999@${actorOf('eve')}` },
    { from: '_root', to },
  ])
    expect(A.getHeads(keep(args))).toEqual(A.getHeads(met))
})

test('whatever was found before, what is found is the same', () => {
  const link = fc.constantFrom(undefined, one, other)
  const Step = fc.record({
    who: fc.nat(2),
    entry: fc.constantFrom('k1', 'k2'),
    links: fc.tuple(link, link),
    strong: fc.boolean(),
    does: fc.constantFrom('link', 'meet', 'choose', 'take back', 'take out'),
  })
  const start = begin(begin(blank(), 'k1', [{ text: 'rope tar' }]), 'k2', [{ text: 'sail mast' }])
  fc.assert(
    fc.property(fc.array(Step, { maxLength: 25 }), (steps) => {
      const docs = ['ann', 'bo', 'cai'].map((name) => as(name, start))
      const touched = new Touched()
      let before = { heads: A.getHeads(start), fields: found(start) }
      for (const { who, entry, links, strong, does } of steps) {
        const [own, next] = [docs[who]!, docs[(who + 1) % 3]!]
        const [field] = found(own)
        const keep = (way: string) => {
          const [, named, , from = '', to = ''] = field!.path as readonly string[]
          const value = field!.values.at(-1)!.value as string | null
          return A.change(own, { message: changeMessage(`${way}keepLink`, 'g') }, (draft) =>
            mutations.keepLink.run(draft, { entry: named!, from, to, link: value }, { now: 0 as never }),
          )
        }
        if (does === 'meet') docs[who] = A.merge(own, next)
        else if (does === 'take out') docs[who] = write(own, entry, [{ text: '' }])
        else if (field && does === 'take back') docs[who] = keep('undo:')
        else if (field && does === 'choose') {
          docs[who] = keep('')
          expect(found(docs[who]!).map(({ path }) => path)).not.toContainEqual(field.path)
        } else
          docs[who] = write(
            own,
            entry,
            ['rope ', 'tar'].map((text, at) => ({
              text,
              ...(links[at] !== undefined && { link: links[at] }),
              ...(strong && { strong }),
            })),
          )
        if (who !== 0) continue
        const ann = docs[0]! as AnyDoc
        const fields = linksSince({ doc: ann, touched }, 'cards', before)
        expect(fields).toEqual(found(docs[0]!))
        before = { heads: A.getHeads(ann), fields }
      }
    }),
    { numRuns: 200 },
  )
})
