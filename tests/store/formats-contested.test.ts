import * as A from '@automerge/automerge'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Formatted, Paragraph } from '#lib/kernel/formatted.ts'
import { formattedToSpans } from '#lib/kinds/prose/formatted-spans.ts'
import { mutations } from '#lib/kinds/prose/mutations.ts'
import { genesis, type ProseDraft } from '#lib/kinds/prose/schema.ts'
import { spansOf, writeSpans } from '#lib/kinds/prose/spans.ts'
import type { AnyDoc } from '#lib/store/documents.ts'
import { formatsSince } from '#lib/store/formats-contested.ts'
import { Touched } from '#lib/store/touched.ts'

type Prose = A.Doc<ProseDraft>
const actorOf = (name: string) => Array.from(name.padEnd(24), (letter) => letter.charCodeAt(0).toString(16)).join('')
const as = (name: string, doc: Prose): Prose => A.clone(doc, { actor: actorOf(name) })

const paragraph = (is: Paragraph['is'], text: string, level?: number, within: Paragraph['within'] = []): Paragraph => ({
  ...{ is, within, runs: [{ text }] },
  ...(level !== undefined && { level }),
})
const write = (doc: Prose, entry: string, formatted: Formatted): Prose =>
  A.change(doc, (draft) => writeSpans(draft, entry, formattedToSpans(formatted)))
const begin = (doc: Prose, entry: string, text: string): Prose =>
  A.change(doc, (draft) =>
    mutations.addEntry.run(draft, { entry, text, spans: [], formatted: [] }, { now: 0 as never }),
  )

const blank = (): Prose => A.change(A.init<ProseDraft>({ actor: actorOf('genesis') }), genesis)
const found = (doc: Prose) => formatsSince({ doc: doc as AnyDoc, touched: new Touched() }, 'cards', undefined)
const said = (doc: Prose) =>
  found(doc).map(({ path, values, of }) => [path[1], of, ...values.map(({ value }) => value)])

/** The mark of the first paragraph, written by a device of anybody. */
function markWith(doc: Prose, change: (backend: ReturnType<typeof A.getBackend>, block: string) => void): Prose {
  return A.change(doc, (draft) => {
    const backend = A.getBackend(draft as never)
    const [, text] = backend.getAll(A.getObjectId(draft.entries['k1'])!, 'text')[0] ?? []
    const [, block] = backend.getAll(String(text), 0)[0] ?? []
    change(backend, String(block))
  })
}

test('a paragraph that Ann makes a list and Bo a heading is told of by how it begins, whoever meets whom', () => {
  const start = begin(blank(), 'k1', 'Ask three suppliers for the lead time in writing\nBook the hall')
  const words = 'Ask three suppliers for the lead time in writing'
  const ann = write(as('ann', start), 'k1', [
    paragraph('unordered-list-item', words),
    paragraph('paragraph', 'Book the hall'),
  ])
  const bo = write(as('bo', start), 'k1', [paragraph('heading', words, 2), paragraph('paragraph', 'Book the hall')])
  const [one, other] = [A.merge(as('c', ann), bo), A.merge(as('d', bo), ann)]
  const [told] = said(one)
  expect(told?.slice(0, 2)).toEqual(['k1', 'Ask three suppliers for the lead…'])
  expect(new Set(told?.slice(2))).toEqual(new Set([{ is: 'unordered-list-item' }, { is: 'heading', level: 2 }]))
  expect(found(one)).toEqual(found(other))
  const shown = spansOf(one, 'k1')[0]
  const counts = told?.[2] as { is: string }
  expect(shown?.type === 'block' && String(shown.value['type'])).toBe(counts.is)
})

test('of a text that was begun twice the paragraphs of the one that is hidden are not told', () => {
  const empty = blank()
  const start = (name: string) => begin(as(name, empty), 'k1', 'Tar')
  const [ann, bo] = [start('ann'), start('bo')]
  const list = write(as('phone', ann), 'k1', [paragraph('unordered-list-item', 'Tar')])
  const head = write(ann, 'k1', [paragraph('heading', 'Tar', 1)])
  const hers = A.merge(as('c', list), head)
  expect(said(hers)).toHaveLength(1)
  const all = A.merge(as('d', hers), bo)
  const isHidden = A.getObjectId(all.entries['k1'])?.endsWith(actorOf('bo'))
  expect(isHidden).toBe(true)
  expect(said(all)).toEqual([])
})

test('a mark in which a foreign device wrote whatever it likes throws nothing, and what nobody here knows is not told', () => {
  const start = begin(blank(), 'k1', 'Tar')
  const ann = write(as('ann', start), 'k1', [paragraph('unordered-list-item', 'Tar')])
  const odd: ((backend: ReturnType<typeof A.getBackend>, block: string) => void)[] = [
    (backend, block) => backend.put(block, 'type', 'video', 'str'),
    (backend, block) => backend.put(block, 'type', 7),
    (backend, block) => backend.put(block, 'type', null),
    (backend, block) => backend.putObject(block, 'type', {}),
    (backend, block) => backend.delete(block, 'type'),
    (backend, block) => backend.put(block, 'attrs', 'none'),
    (backend, block) => backend.delete(block, 'attrs'),
    (backend, block) => backend.put(block, 'parents', true),
    (backend, block) => backend.insertObject(backend.putObject(block, 'parents', []), 0, {}),
  ]
  for (const change of odd) {
    const met = A.merge(as('c', ann), markWith(as('bo', start), change))
    expect(said(met)).toEqual([])
    const [{ path } = { path: [] }] = found(
      A.merge(as('d', met), write(as('eve', start), 'k1', [paragraph('heading', 'Tar', 1)])),
    )
    // It can be chosen all the same.
    const chosen = A.change(as('f', met), (draft) =>
      mutations.keepFormat.run(
        draft,
        { entry: 'k1', block: path[3] ?? '', format: { is: 'heading', level: 2, within: ['blockquote'] } },
        { now: 0 as never },
      ),
    )
    expect(said(chosen)).toEqual([])
    expect(A.getChangesMetaSince(chosen, A.getHeads(met))).toHaveLength(1)
  }
  const levels = (level: unknown) =>
    markWith(write(as('bo', start), 'k1', [paragraph('heading', 'Tar', 1)]), (backend, block) => {
      const [, attrs] = backend.getAll(block, 'attrs')[0] ?? []
      backend.put(String(attrs), 'level', level as number)
    })
  for (const [level, is] of [
    ['high', 1],
    [99, 3],
    [-1, 1],
  ] as const)
    expect(said(A.merge(as('c', ann), levels(level)))[0]).toContainEqual({ is: 'heading', level: is })
})

test('whatever was found before, what is found is the same', () => {
  const Format = fc.constantFrom<[Paragraph['is'], (number | undefined)?, Paragraph['within']?]>(
    ['paragraph'],
    ['heading', 1],
    ['heading', 3],
    ['unordered-list-item'],
    ['ordered-list-item'],
    ['blockquote'],
    ['paragraph', undefined, ['blockquote']],
    ['ordered-list-item', undefined, ['unordered-list-item']],
  )
  const Step = fc.record({
    who: fc.nat(2),
    entry: fc.constantFrom('k1', 'k2'),
    formats: fc.tuple(Format, Format),
    does: fc.constantFrom('format', 'meet', 'choose', 'take out'),
  })
  const start = begin(begin(blank(), 'k1', 'Tar\nRope'), 'k2', 'Sail\nMast')
  fc.assert(
    fc.property(fc.array(Step, { maxLength: 25 }), (steps) => {
      const docs = ['ann', 'bo', 'cai'].map((name) => as(name, start))
      const touched = new Touched()
      let before = { heads: A.getHeads(start), fields: found(start) }
      for (const { who, entry, formats, does } of steps) {
        const [own, other] = [docs[who]!, docs[(who + 1) % 3]!]
        const [field] = found(own)
        if (does === 'meet') docs[who] = A.merge(own, other)
        else if (does === 'format' || !field)
          docs[who] = write(
            own,
            entry,
            formats.map(([is, ...how], at) => paragraph(is, `${entry}${at}`, ...how)),
          )
        else if (does === 'take out') docs[who] = write(own, entry, [])
        else {
          const format = field.values.at(-1)!.value as never
          docs[who] = A.change(own, (draft) =>
            mutations.keepFormat.run(
              draft,
              { entry: field.path[1], block: field.path[3]!, format },
              { now: 0 as never },
            ),
          )
          const changed = docs[who] as AnyDoc
          expect(new Touched().of(changed, A.getHeads(changed)[0]!)).toEqual([`entries\u0000${field.path[1]}`])
          expect(found(docs[who]!).map(({ path }) => path[3])).not.toContain(field.path[3])
        }
        if (who !== 0) continue
        const ann = docs[0]! as AnyDoc
        const fields = formatsSince({ doc: ann, touched }, 'cards', before)
        expect(fields).toEqual(found(docs[0]!))
        before = { heads: A.getHeads(ann), fields }
      }
    }),
    { numRuns: 200 },
  )
})
