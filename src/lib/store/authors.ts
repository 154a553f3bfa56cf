/** Who wrote what since a moment, entry by entry: so that nobody's own edits are news to them. */
import * as A from '@automerge/automerge/slim'
import { fieldsOfChange } from './fields.ts'
import type { Manifest } from './moments.ts'
import type { OpenWork } from './works.ts'

export interface Author {
  actor: string
  /** Seconds since 1970, as claimed. */
  at: number
}

/** Looking into a change costs two diffs: of more than these, only the newest are looked into. */
const MOST_CHANGES = 2000

/** By `collection\u0000entry`, the latest write of each actor, oldest first. */
export function authorsSince(work: OpenWork, since: Manifest): Map<string, Author[]> {
  const authors = new Map<string, Author[]>()
  for (const [id, { open }] of work.docs) {
    const doc = open.handle.doc()
    const heads = since[id]?.filter((hash) => A.hasHeads(doc, [hash])) ?? []
    for (const { hash, actor, time } of A.getChangesMetaSince(doc, heads).slice(-MOST_CHANGES)) {
      for (const entry of entriesOf(doc, hash)) {
        const others = (authors.get(entry) ?? []).filter((author) => author.actor !== actor)
        authors.set(entry, [...others, { actor, at: time }])
      }
    }
  }
  return authors
}

export const entryName = (collection: string, id: string): string => `${collection}\u0000${id}`

/** A change never changes: what it touched is read once. */
const touched = new Map<string, readonly string[]>()
const MOST_KEPT = 20_000

function entriesOf(doc: A.Doc<unknown>, hash: string): readonly string[] {
  const known = touched.get(hash)
  if (known) return known
  const found = [
    ...new Set(
      fieldsOfChange(doc as Parameters<typeof fieldsOfChange>[0], hash).map(({ path: [collection, id] }) =>
        // A field of the root itself is an entry without a collection, as in comparing.
        id === undefined ? entryName('', String(collection)) : entryName(String(collection), String(id)),
      ),
    ),
  ]
  if (touched.size >= MOST_KEPT) touched.clear()
  touched.set(hash, found)
  return found
}
