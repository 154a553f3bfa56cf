/**
 * Entry and text lie in two documents, of which neither knows the other's changes. Whoever puts an entry away notes which text
 * was known then: its length and a sum of it, and the heads of its document. So a text that was written apart is noticed by
 * looking at the text alone, and who wrote it is asked only then.
 */
import * as A from '@automerge/automerge/slim'
import { isKnownText } from '#lib/kernel/args.ts'
import { ImmutableString } from '#lib/kernel/immutable-string.ts'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import { fieldsOf, textOf } from '#lib/kernel/reading.ts'
import { lengthAndSum } from '#lib/kernel/sum.ts'
import { readProse } from '#lib/kinds/prose/schema.ts'
import { spansOf, textKey } from '#lib/kinds/prose/spans.ts'
import type { AnyDoc } from './documents.ts'
import { entryName, type Touched } from './touched.ts'
import type { WrittenValue } from './values-met.ts'

/** Which text of an entry this document knows, none where it is not there; null where it has too many heads to name. */
export function knownText(doc: AnyDoc | null, entry: string): string | null {
  const known = doc ? [sumOf(doc, entry), ...A.getHeads(doc)].join(' ') : NO_TEXT
  return isKnownText(known) ? known : null
}

/** Whether an entry's text is the one that was noted; also where nothing was that can be read. */
export function isTextKnown(doc: AnyDoc, entry: string, note: unknown): boolean {
  const [noted = ''] = (note instanceof ImmutableString ? note.toString() : textOf(note)).split(' ')
  return noted === '' || noted === sumOf(doc, entry)
}

/** The heads of the document of texts that were noted; none where nothing was that can be read. */
export const headsNoted = (note: unknown): string[] => (isKnownText(note) ? note.split(' ').slice(1) : [])

/**
 * The text of an entry and who wrote in it last, if others than that device wrote in it who did not know that it was put away:
 * who put it away knew each of `known`, and none is the text as it is.
 */
export function textWrittenApart(
  { doc, touched }: { doc: AnyDoc; touched: Touched },
  entry: string,
  known: readonly unknown[],
  besides: string,
): WrittenValue | null {
  const sum = sumOf(doc, entry)
  const notes = known.filter(isKnownText).map((note) => note.split(' '))
  if (notes.length === 0 || notes.some(([noted]) => noted === sum)) return null
  const heads = notes.flatMap(([, ...hashes]) => hashes)
  // What they knew has not come yet.
  if (!hasHeads(doc, heads)) return null
  const name = entryName('entries', entry)
  const last = A.getChangesMetaSince(doc, heads).findLast(
    ({ actor, hash }) => deviceOf(actor) !== deviceOf(besides) && touched.of(doc, hash).includes(name),
  )
  return last
    ? { value: readProse({ entries: { [entry]: entryOf(doc, entry) } }).entries[entry]?.text ?? '', actor: last.actor }
    : null
}

/** An actor is a device and a session of it. */
const deviceOf = (actor: string): string => actor.slice(0, 32)

const entryOf = (doc: AnyDoc, entry: string) => fieldsOf(fieldsOf(doc['entries'])[entry])

/** Of a text that has formats with those. A document keeps the identity of what did not change. */
function sumOf(doc: AnyDoc, entry: string): string {
  const content = entryOf(doc, entry)
  const known = sums.get(content)
  if (known !== undefined) return known
  const text = textOf(content['text'])
  const made = lengthAndSum(text, isFormatted(doc, entry, text) ? textKey(spansOf(doc, entry)) : text)
  sums.set(content, made)
  return made
}
const NO_TEXT = lengthAndSum('')
const sums = new WeakMap<object, string>()

/** Where a paragraph, a list or whatever else begins. */
const BLOCK = '\uFFFC'
/** Spans cost three times as much as to look whether there is anything but letters. */
const isFormatted = (doc: AnyDoc, entry: string, text: string): boolean =>
  text !== '' && (text.includes(BLOCK) || A.marks(doc, ['entries', entry, 'text']).length > 0)
