/** Who wrote what since a moment, entry by entry and field by field: so that nobody's own edits are news to them. */
import * as A from '@automerge/automerge/slim'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { isYieldedChange } from './changes-apart.ts'
import type { Manifest } from './moments.ts'
import { entryName, partsOf, type Touched } from './touched.ts'
import type { Members } from './works.ts'

export interface Write {
  /** Within the entry; empty where the entry came (or went) as a whole. */
  path: readonly string[]
  /** It is the entry's collaborative text that was written in. */
  isText: boolean
  doc: DocId
  hash: string
  actor: string
  /** Seconds since 1970, as claimed. */
  at: number
}

/** By entry name; of one field the latest write of each actor; none before another that it builds on. */
export type Writes = ReadonlyMap<string, readonly Write[]>

export interface Since {
  heads: Manifest
  /** Entries that were looked at later than that. */
  entries: ReadonlyMap<string, Manifest>
}

export function writesSince(
  members: Members,
  since: Since,
  touched: Touched,
  collectionOf: (shard: DocId) => string,
): Writes {
  const writes = new Map<string, Map<string, Write>>()
  const isLater = laterThan(members)
  for (const [id, { open, textsOf }] of members) {
    const doc = open.handle.doc()
    const changes = A.getChangesMetaSince(doc, known(doc, since.heads[id]))
    if (changes.length === 0) continue
    const collection = textsOf === undefined ? null : collectionOf(textsOf)
    for (const { hash, actor, time, message } of changes) {
      if (isYieldedChange(doc, { hash, message })) continue
      for (const field of touched.fields(doc, hash)) {
        const [in_, entry = '', ...path] = partsOf(field)
        const isText = collection !== null
        const name = entryName(collection ?? in_ ?? '', entry)
        const looked = since.entries.get(name)
        if (looked && !isLater(id, looked[id], hash)) continue
        const ofEntry = writes.get(name) ?? new Map<string, Write>()
        writes.set(name, ofEntry)
        const key = [actor, ...(isText ? ['text'] : ['entry', ...path])].join('\u0000')
        // Written again, it is the last one.
        ofEntry.delete(key)
        ofEntry.set(key, { path: isText ? [] : path, isText, doc: id, hash, actor, at: time })
      }
    }
  }
  return new Map([...writes].map(([name, ofEntry]) => [name, [...ofEntry.values()]]))
}

const known = (doc: A.Doc<unknown>, heads: readonly string[] = []): string[] =>
  heads.filter((hash) => hasHeads(doc, [hash]))

/** Whether a change came after a moment of its document, or beside it: it is not a part of it. */
export function laterThan(
  members: Members,
): (doc: DocId, heads: readonly string[] | undefined, hash: string) => boolean {
  const later = new Map<string, ReadonlySet<string>>()
  return (id, heads = [], hash) => {
    const key = `${id} ${heads.join()}`
    let hashes = later.get(key)
    if (!hashes) {
      const doc = members.get(id)?.open.handle.doc()
      hashes = new Set(doc ? A.getChangesMetaSince(doc, known(doc, heads)).map((change) => change.hash) : [])
      later.set(key, hashes)
    }
    return hashes.has(hash)
  }
}

/** One is within the other, or they are the same. */
export const overlap = (a: readonly string[], b: readonly string[]): boolean =>
  a.length <= b.length ? a.every((part, at) => part === b[at]) : overlap(b, a)
