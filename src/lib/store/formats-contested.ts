/**
 * Paragraphs of descriptions that two people formatted at once: Automerge keeps one of the formats, and the other one beside it.
 * What each of them made of the paragraph is read at the change by which they did.
 */
import * as A from '@automerge/automerge/slim'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { formatAt, marksIn, operationsOn, type Mark } from '#lib/kinds/prose/formats.ts'
import { apartSince, latestOf, reopenedIn } from './changes-apart.ts'
import { contestedField, isFormat, type ContestedAt, type ContestedField } from './contested.ts'
import type { AnyDoc } from './documents.ts'
import { inOrder, knownOf, MOST_ASKED } from './texts-apart.ts'
import { placeNamed, type Touched } from './touched.ts'
import { actorOf } from './values-met.ts'

/**
 * The formats that met in the texts of a shard's entries, from those of an earlier state of them. A text is read only where it was
 * touched by a change that did not know all that was there before it, or that took a choice back, or while it has such a paragraph:
 * to read each of 10,000 would take two seconds.
 */
export function formatsSince(
  { doc, touched }: { doc: AnyDoc; touched: Touched },
  collection: string,
  before: ContestedAt | undefined,
): ContestedField[] {
  const known = knownOf(doc, before)
  const byEntry = Map.groupBy(
    known.fields.filter(({ path }) => isFormat(path)),
    ({ path: [, entry] }) => entry,
  )
  for (const entry of entriesToRead(doc, touched, known.heads, new Set(byEntry.keys()))) {
    const place = (block: string) => [collection, entry, 'description', block] as const
    byEntry.set(
      entry,
      marksIn(doc, entry).flatMap((mark) => contestedFormat(doc, mark, place(mark.block))),
    )
  }
  return inOrder(byEntry)
}

function entriesToRead(
  doc: AnyDoc,
  touched: Touched,
  since: readonly string[],
  known: ReadonlySet<string>,
): Iterable<string> {
  const changes = apartSince(doc, since)
  const asked = changes.filter(({ isApart }) => isApart || known.size > 0)
  const isAnyApart = asked.some(({ isApart }) => isApart)
  const every = isAnyApart ? Object.keys(fieldsOf(doc['entries'])).concat(...known) : known
  if (asked.length > MOST_ASKED) return new Set(every)
  const entries = new Set<string>()
  for (const { hash, isApart } of asked) {
    const names = touched.of(doc, hash)
    // The way to some marks cannot be told (`objectPath`).
    if (names.length === 0) return new Set(every)
    for (const [, entry] of names.map(placeNamed)) if (isApart || known.has(entry)) entries.add(entry)
  }
  return entries
}

function contestedFormat(doc: AnyDoc, mark: Mark, path: ContestedField['path']): ContestedField[] {
  const backend = A.getBackend(doc)
  const written = operationsOn(backend, mark)
  if (written.length < 2 && !written.some((one) => reopenedIn(doc).operations.has(one))) return []
  const made = latestOf(doc, written)
  const values = made.flatMap(({ operation, hash }) => {
    const value = formatAt(backend, mark, [hash])
    return value ? [{ value, actor: actorOf(operation) }] : []
  })
  const present = formatAt(backend, mark)
  const told = (value: unknown) => ({ ...fieldsOf(value), within: null })
  // What the paragraph stands in is part of the choice only where that differs.
  const isWithin = new Set(values.map(({ value }) => String(value.within))).size > 1
  return contestedField(path, present, values, told).map((field) => ({
    ...field,
    of: mark.words,
    values: field.values.map(({ value, actor }) => {
      const { within, ...format } = fieldsOf(value)
      return { value: isWithin ? { ...format, within } : format, actor }
    }),
  }))
}
