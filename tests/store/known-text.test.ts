import * as A from '@automerge/automerge'
import { expect, test } from 'vitest'
import { str } from '#lib/kernel/immutable-string.ts'
import type { AnyDoc } from '#lib/store/documents.ts'
import { isTextKnown, knownText, textWrittenApart } from '#lib/store/known-text.ts'
import { Touched } from '#lib/store/touched.ts'

const [hers, his, herOther] = [
  ['a', 0],
  ['b', 0],
  ['a', 1],
].map(([letter, session]) => `${String(letter).repeat(32)}${String(session).repeat(16)}`) as [string, string, string]
const PATH = ['entries', 'k1', 'text']

const texts = (): AnyDoc => A.from<AnyDoc>({ entries: { k1: { text: 'Of larch' }, k2: { text: '' } } }, { actor: hers })
const write = (doc: AnyDoc, actor: string, text: string): AnyDoc =>
  A.change(A.clone(doc, { actor }), (draft) => A.splice(draft, PATH, 0, 0, text))
const apart = (doc: AnyDoc, ...known: unknown[]) => textWrittenApart({ doc, touched: new Touched() }, 'k1', known, hers)

test('a text that another device wrote in since it was noted is told with its words, and the latest who wrote', () => {
  const doc = texts()
  const note = knownText(doc, 'k1')
  expect(note).toMatch(/^8\.[0-9a-f]{8} [0-9a-f]{64}$/)
  expect(isTextKnown(doc, 'k1', str(note ?? ''))).toBe(true)
  const later = write(doc, his, 'Old: ')
  expect(isTextKnown(later, 'k1', str(note ?? ''))).toBe(false)
  expect(apart(later, note)).toEqual({ value: 'Old: Of larch', actor: his })
  // Two put it away at once, and one of them knew the text.
  expect(apart(later, note, knownText(later, 'k1'))).toBeNull()
})

test('so is one that another device made bold or a list of, and left as it was by the letter', () => {
  const doc = texts()
  const note = knownText(doc, 'k1')
  const as = (change: (draft: AnyDoc) => void) => A.change(A.clone(doc, { actor: his }), change)
  const bold = as((draft) => A.mark(draft, PATH, { start: 0, end: 2, expand: 'after' }, 'strong', true))
  const list = as((draft) => A.splitBlock(draft, PATH, 0, { type: 'bullet', parents: [], attrs: {} }))
  for (const later of [bold, list]) {
    expect(isTextKnown(later, 'k1', str(note ?? ''))).toBe(false)
    expect(apart(later, note)).toMatchObject({ actor: his })
    expect(isTextKnown(later, 'k1', str(knownText(later, 'k1') ?? ''))).toBe(true)
  }
  const numbered = A.change(A.clone(list, { actor: his }), (draft) =>
    A.updateBlock(draft, PATH, 0, { type: 'number', parents: [], attrs: {} }),
  )
  expect(isTextKnown(numbered, 'k1', str(knownText(list, 'k1') ?? ''))).toBe(false)
})

test('of a text that its own device wrote on, that another entry has, or that came back to what it was nobody is asked', () => {
  const doc = texts()
  const note = knownText(doc, 'k1')
  expect(apart(write(doc, herOther, 'Old: '), note)).toBeNull()
  const other = A.change(A.clone(doc, { actor: his }), (draft) => A.splice(draft, ['entries', 'k2', 'text'], 0, 0, 'x'))
  expect(apart(other, note)).toBeNull()
  const back = A.change(write(doc, his, 'Old: '), (draft) => A.splice(draft, PATH, 0, 5))
  expect(apart(back, note)).toBeNull()
})

test('a note of what has not come yet, and one that is none, tell nothing', () => {
  const doc = texts()
  const later = write(doc, his, 'Old: ')
  const note = knownText(later, 'k1')
  expect(apart(write(doc, his, 'Dry: '), note)).toBeNull()
  for (const broken of [
    null,
    7,
    '',
    '8.0 x',
    `8.00000000 ${'g'.repeat(64)}`,
    `1.00000000${` ${'a'.repeat(64)}`.repeat(17)}`,
  ])
    expect(apart(later, broken)).toBeNull()
  expect(isTextKnown(later, 'k1', undefined)).toBe(true)
})
