/** Who wrote what since a moment, entry by entry: so that nobody's own edits are news to them. */
import * as A from '@automerge/automerge/slim'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import type { Manifest } from './moments.ts'
import { entryName, placeNamed, type Touched } from './touched.ts'
import type { Members } from './works.ts'

export interface Author {
  actor: string
  /** Seconds since 1970, as claimed. */
  at: number
}

/** By entry name, the latest write of each actor, oldest first. A text counts as a write of its entry. */
export function authorsSince(
  members: Members,
  since: Manifest,
  touched: Touched,
  collectionOf: (shard: DocId) => string,
): Map<string, Author[]> {
  const authors = new Map<string, Author[]>()
  for (const [id, { open, textsOf }] of members) {
    const doc = open.handle.doc()
    const heads = since[id]?.filter((hash) => hasHeads(doc, [hash])) ?? []
    const changes = A.getChangesMetaSince(doc, heads)
    if (changes.length === 0) continue
    const collection = textsOf === undefined ? null : collectionOf(textsOf)
    for (const { hash, actor, time } of changes) {
      for (const touchedName of touched.of(doc, hash)) {
        const name = collection === null ? touchedName : entryName(collection, placeNamed(touchedName)[1])
        const others = (authors.get(name) ?? []).filter((author) => author.actor !== actor)
        authors.set(name, [...others, { actor, at: time }])
      }
    }
  }
  return authors
}
