/**
 * Paragraphs of descriptions that two people formatted at once: Automerge keeps one of the formats, and the other one beside it.
 * What each of them made of the paragraph is read at the change by which they did.
 */
import * as A from '@automerge/automerge/slim'
import { writingTakenIn } from '#lib/kernel/groups.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { standIns } from '#lib/kinds/prose/chosen.ts'
import {
  formatAt,
  markOf,
  marksIn,
  operationsOn,
  textIn,
  type FormatWrite,
  type Mark,
} from '#lib/kinds/prose/formats.ts'
import { settledNow, takings, unchosenIn } from '#lib/kinds/prose/put-again.ts'
import { choiceIn } from './change-message.ts'
import { apartSince, knownTo, latestOf, reopenedIn } from './changes-apart.ts'
import { contestedField, isFormat, type ContestedAt, type ContestedField } from './contested.ts'
import type { AnyDoc } from './documents.ts'
import { changesOfText, inOrder, knownOf, MOST_ASKED, takenBackIn, type LookedAt } from './texts-apart.ts'
import { placeNamed, type Touched } from './touched.ts'
import { actorOf } from './values-met.ts'

/**
 * The formats that met in the texts of a shard's entries, from those of an earlier state of them. A text is read only where it was
 * touched by a change that did not know all that was there before it, or that took a choice back, or while it has such a paragraph:
 * to read each of 10,000 would take two seconds.
 */
export function formatsSince(
  { doc, touched }: LookedAt,
  collection: string,
  before: ContestedAt | undefined,
): ContestedField[] {
  const known = knownOf(doc, before)
  const byEntry = Map.groupBy(
    known.fields.filter(({ path }) => isFormat(path)),
    ({ path: [, entry] }) => entry,
  )
  for (const entry of entriesToRead(doc, touched, known.heads, new Set(byEntry.keys()))) {
    byEntry.set(entry, contestedFormats({ doc, touched }, collection, entry))
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
  for (const { hash, message, isApart } of asked) {
    const [names, takenBack] = [touched.of(doc, hash), takenBackIn(doc, message)]
    for (const entry of takenBack) entries.add(entry)
    // The way to some marks cannot be told (`objectPath`).
    if (names.length + takenBack.length === 0) return new Set(every)
    for (const [, entry] of names.map(placeNamed)) if (isApart || known.has(entry)) entries.add(entry)
  }
  return entries
}

/** Who wrote what a paragraph is. */
interface Writer extends FormatWrite {
  mark: Mark
  hash: string
  actor: string
  message: string | null
  /** Taken back, or what took back or did again: it is as if it had not been. */
  isSettled: boolean
  /** A choice that was taken back, or what took it back. */
  isUnchosen: boolean
}

function contestedFormats(looked: LookedAt, collection: string, entry: string): ContestedField[] {
  const { doc, touched } = looked
  const changes = changesOfText(doc, entry)
  const settled = settledNow(changes)
  // Of the choices of one action the first and the last are named, which may be of other paragraphs.
  const unchosen = unchosenIn(changes, choiceIn)
  const writers =
    settled.size === 0
      ? []
      : changes.flatMap((change) => {
          const [isSettled, isUnchosen] = [settled.has(change.hash), unchosen.has(change.hash)]
          const { formats } = touched.inTexts(doc, change.hash)
          return formats.map((write) => ({ ...change, ...write, isSettled, isUnchosen }))
        })
  const earlier = settled.size === 0 ? new Map<string, string>() : marksThatCameBack(looked, entry, changes)
  return marksIn(doc, entry).flatMap((mark) => {
    const marks = [mark]
    for (let was = earlier.get(mark.block); was !== undefined; was = earlier.get(was))
      marks.push(markOf(A.getBackend(doc), was))
    const own = marks.flatMap((one) =>
      writers.flatMap((by): Writer[] =>
        by.object === one.block || by.object === one.attrs ? [{ ...by, mark: one }] : [],
      ),
    )
    return contestedFormat(doc, mark, own, [collection, entry, 'description', mark.block])
  })
}

/** Of paragraphs that were taken out with what began them, and came back, the mark that each stands for. */
function marksThatCameBack(
  { doc, touched }: LookedAt,
  entry: string,
  changes: ReturnType<typeof changesOfText>,
): ReadonlyMap<string, string> {
  const [text, taking] = [textIn(doc, entry), takings(changes)]
  const putAgain = changes.flatMap(({ hash, message }) => {
    const taken = writingTakenIn(message) && taking({ hash })
    return taken ? [{ hash, ...taken }] : []
  })
  const isAnyMark = putAgain.some(({ hash }) =>
    touched.inTexts(doc, hash).letters.some((write) => write.text === text && write.marks.length > 0),
  )
  return new Map(isAnyMark && text !== null ? standIns(doc, text, putAgain).map(([old, now]) => [now, old]) : [])
}

function contestedFormat(
  doc: AnyDoc,
  mark: Mark,
  writers: readonly Writer[],
  path: ContestedField['path'],
): ContestedField[] {
  const backend = A.getBackend(doc)
  const there = operationsOn(backend, mark)
  const isAnySettled = writers.some(({ isSettled }) => isSettled)
  const written = isAnySettled ? countedOf(writers) : there
  const isAsItWas = !isAnySettled && !written.some((one) => reopenedIn(doc).operations.has(one))
  if (written.length < 2 && isAsItWas) return []
  const made = latestOf(doc, written)
  const present = formatAt(backend, mark)
  const told = (value: unknown) => ({ ...fieldsOf(value), within: null })
  const values = made.flatMap(({ operation, hash }) => {
    const at = writers.find((one) => one.operation === operation)?.mark ?? mark
    const value = formatAt(backend, at, [hash])
    return value ? [{ value, actor: actorOf(operation) }] : []
  })
  const isPresent = (value: unknown) => JSON.stringify(told(value)) === JSON.stringify(told(present))
  // Who took theirs back, and knew nothing of what another made of it, may have the last word all the same.
  const back = there
    .flatMap((one) => writers.filter(({ operation, isSettled }) => isSettled && operation === one))
    .filter((one) => made.some(({ hash }) => !knownTo(doc, one.hash)(hash)))
    .findLast(({ hash, mark: at }) => isPresent(formatAt(backend, at, [hash])))
  if (back && present && !values.some(({ value }) => isPresent(value)))
    values.push({ value: present, actor: back.actor })
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

/** What they wrote that counts now; a choice that was taken back does not. */
const countedOf = (writers: readonly Writer[]): string[] =>
  writers.flatMap(({ isSettled, isUnchosen, operation }) => (isSettled || isUnchosen ? [] : [operation]))
