/** In which texts of a shard what people wrote apart may have met, and which changes wrote in one. */
import type * as A from '@automerge/automerge/slim'
import { getBackend } from '@automerge/automerge/slim'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { writingTakenIn, writtenIn } from '#lib/kernel/groups.ts'
import { parseMessage } from './change-message.ts'
import { apartSince, changesInOrder } from './changes-apart.ts'
import type { ContestedAt, ContestedField } from './contested.ts'
import type { AnyDoc } from './documents.ts'
import { objectPath } from './object-path.ts'
import { isTouched, type Touched } from './touched.ts'

export interface LookedAt {
  doc: AnyDoc
  touched: Touched
}

/** To ask of more changes what they touched takes longer than to read all texts of a document. */
export const MOST_ASKED = 200

/**
 * What met in the texts, from that of an earlier state of them. A text is read only where a change wrote in it (`textsOf`) that did not know
 * all that was there before, or that took a choice back, or while something is contested in it that is of this kind.
 */
export function metSince(
  looked: LookedAt,
  before: ContestedAt | undefined,
  isOfKind: (path: ContestedField['path']) => boolean,
  textsOf: (hash: string) => readonly A.ObjID[],
  read: (entry: string) => ContestedField[],
): ContestedField[] {
  const { heads, fields } = knownOf(looked.doc, before)
  const byEntry = Map.groupBy(
    fields.filter(({ path }) => isOfKind(path)),
    ({ path: [, entry] }) => entry,
  )
  for (const entry of entriesToRead(looked, heads, new Set(byEntry.keys()), textsOf)) byEntry.set(entry, read(entry))
  return inOrder(byEntry)
}

/** To be done before that: to read all changes of a device that was away for long takes as long as they are. */
export async function readApart(
  { doc, touched }: LookedAt,
  before: ContestedAt | undefined,
  pause: () => Promise<void>,
): Promise<void> {
  const apart = apartSince(doc, knownOf(doc, before).heads).filter(({ isApart }) => isApart)
  for (const [at, { hash }] of apart.entries()) {
    touched.inTexts(doc, hash)
    if (at % AT_ONCE === AT_ONCE - 1) await pause()
  }
}
const AT_ONCE = 200

/** Changes that may have written in an entry's text since it was begun, each after what it was made on. */
export const changesOfText = (doc: AnyDoc, entry: string): ReturnType<typeof changesInOrder> =>
  changesInOrder(doc).filter(({ message }) => {
    // What was written in another text, or came with its entry, is not looked at: to read a change takes as long as it is.
    const wroteIn = writtenIn(message)
    return parseMessage(message).mutation !== 'addEntry' && (wroteIn === '' || wroteIn === entry.slice(0, 2))
  })

/**
 * Entries in whose texts a change may have taken writing back, or done it again: what counts there is another then, also where it wrote nothing,
 * for all was as it ought to be.
 */
export function takenBackIn(doc: AnyDoc, message: string | null): string[] {
  if (!writingTakenIn(message)) return []
  return Object.keys(fieldsOf(doc['entries'])).filter((entry) => entry.startsWith(writtenIn(message)))
}

/** In one order, whatever was known before. */
export const inOrder = (byEntry: ReadonlyMap<string, ContestedField[]>): ContestedField[] =>
  [...byEntry].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, fields]) => fields)

/** Of a document that was rolled back since, nothing is known. */
export const knownOf = (doc: AnyDoc, before: ContestedAt | undefined): ContestedAt =>
  before && hasHeads(doc, [...before.heads]) ? before : { heads: [], fields: [] }

function entriesToRead(
  { doc, touched }: LookedAt,
  since: readonly string[],
  known: ReadonlySet<string>,
  textsOf: (hash: string) => readonly A.ObjID[],
): ReadonlySet<string> {
  const backend = getBackend(doc)
  const changes = apartSince(doc, since)
  const texts = new Map<A.ObjID, string>()
  for (const { hash, isApart } of changes) if (isApart) for (const text of textsOf(hash)) texts.set(text, hash)
  const entries = [...texts].flatMap(([text, hash]) => {
    const [, entry] = objectPath(backend, text, { hash, deps: [] }) ?? []
    return typeof entry === 'string' ? [entry] : []
  })
  for (const { message } of changes) entries.push(...takenBackIn(doc, message))
  if (known.size === 0 || changes.length > MOST_ASKED) return new Set([...entries, ...known])
  const written = changes.map(({ hash }) => touched.of(doc, hash))
  // What some changes touched cannot be told (`objectPath`).
  const isRead = (entry: string) => written.some((names) => names.length === 0 || isTouched(names, entry))
  return new Set([...entries, ...[...known].filter(isRead)])
}
