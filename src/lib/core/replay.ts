/** Moments of a record of work for screens (P8, P18): the slider, two versions side by side, going back, what is new to me. */
import type { WorkDocs } from '#lib/kernel/define-kind.ts'
import type { DocId, PersonId, WorkspaceId } from '#lib/kernel/ids.ts'
import { toInstant } from '#lib/kernel/instants.ts'
import { refuse } from '#lib/kernel/refusal.ts'
import { authorsSince, entryName } from '#lib/store/authors.ts'
import { compareWorks, writesBack, type EntryChange } from '#lib/store/compare.ts'
import type { Db } from '#lib/store/db.ts'
import type { Documents } from '#lib/store/documents.ts'
import { keyOf, Moments, type Manifest, type TimelineStep } from '#lib/store/moments.ts'
import { toPlain } from '#lib/store/plain.ts'
import { applyUndo } from '#lib/store/undo.ts'
import { changeMessage, type CommittedGroup, type OpenWork } from '#lib/store/works.ts'
import type { Moment, News, ReplayedDocs, ReplayStep } from './api.ts'

export interface ReplayOptions {
  db: Db
  ws: WorkspaceId
  documents: Documents
  personOf: (actor: string) => PersonId | null
  now: () => number
}

/** The mutation's name in the message of a change that goes back to a moment. */
export const RESTORE = 'restore'

/** The collection of named moments, in the root document of every kind that has them. */
const VERSIONS = 'versions'

export class Replay {
  readonly #options: ReplayOptions
  readonly #moments = new Moments()

  constructor(options: ReplayOptions) {
    this.#options = options
  }

  timeline(work: OpenWork): ReplayStep[] {
    return this.#moments.timeline(work).map(({ at, actor, mutation }) => ({
      at: toInstant(at * 1000),
      person: this.#options.personOf(actor),
      mutation,
    }))
  }

  /** The changes of a step, and the record of work right after it. */
  step(work: OpenWork, count: number): { changes: TimelineStep['changes']; view: unknown } | null {
    const step = this.#moments.timeline(work)[count - 1]
    if (!step) return null
    return { changes: step.changes, view: work.kind.read(this.#moments.plain(work, this.#moments.at(work, count))) }
  }

  async moment(work: OpenWork, at: Moment, have: Readonly<Record<string, string>> = {}): Promise<ReplayedDocs> {
    const manifest = await this.#manifest(work, at)
    const { root, docs } = this.#moments.plain(work, manifest)
    const answer: ReplayedDocs = { root, docs: {}, same: [], keys: {} }
    for (const [id, content] of Object.entries(docs)) {
      const doc = id as DocId
      const key = (manifest[doc] ?? []).join()
      answer.keys[doc] = key
      if (have[doc] === key) answer.same.push(doc)
      else answer.docs[doc] = content
    }
    return answer
  }

  async compare(work: OpenWork, from: Moment, to: Moment): Promise<EntryChange[]> {
    return compareWorks(await this.#plain(work, from), await this.#plain(work, to), work.kind)
  }

  /** Writes back what differs from then, as one group; null where nothing does. */
  async restore(
    work: OpenWork,
    at: Moment,
    entry: { collection: string; id: string } | undefined,
    group: string,
  ): Promise<CommittedGroup | null> {
    const differs = await this.compare(work, at, { now: true })
    // A version that was named since is no part of what it names: going back keeps it.
    const chosen = differs.filter(({ collection, id }) =>
      entry ? collection === entry.collection && id === entry.id : collection !== VERSIONS,
    )
    const changes: CommittedGroup['changes'] = []
    for (const [doc, writes] of writesBack(chosen, work.kind)) {
      const open = work.docs.get(doc)?.open ?? refuse('work-unknown')
      const hash = this.#options.documents.change(open, changeMessage(RESTORE, group), (draft) =>
        applyUndo(draft, writes),
      )
      if (hash) changes.push({ doc, hashes: [hash] })
    }
    return changes.length > 0 ? { group, calls: [{ mutation: RESTORE, args: {} }], changes } : null
  }

  /** The heads of now: what a named version holds. */
  now(work: OpenWork): Manifest {
    return this.#moments.now(work)
  }

  /** What others changed since the last look. Who has never looked begins here. */
  async news(work: OpenWork, me: PersonId): Promise<News> {
    const { db, ws, personOf } = this.#options
    const seen = await db.get('seen', [ws, work.root])
    if (!seen) {
      await this.markSeen(work)
      return { since: null, changes: [] }
    }
    if (keyOf(seen.heads) === keyOf(this.#moments.now(work))) return { since: seen.at ?? null, changes: [] }
    const before = withEntries(this.#moments.plain(work, seen.heads), seen.entries ?? [])
    const differs = compareWorks(before, this.#moments.plain(work, this.#moments.now(work)), work.kind)
    const writers = authorsSince(work, seen.heads)
    const changes = differs.flatMap((change) => {
      const authors = (writers.get(entryName(change.collection, change.id)) ?? [])
        .map(({ actor, at }) => ({ person: personOf(actor), at: toInstant(at * 1000) }))
        .filter(({ person }) => person !== me)
      return authors.length > 0 ? [{ ...change, authors }] : []
    })
    return { since: seen.at ?? null, changes }
  }

  async markSeen(work: OpenWork, entry?: { collection: string; id: string }): Promise<void> {
    const { db, ws } = this.#options
    const seen = entry && (await db.get('seen', [ws, work.root]))
    if (!entry || !seen) {
      await db.put('seen', {
        ws,
        work: work.root,
        heads: this.#moments.now(work),
        at: toInstant(Math.floor(this.#options.now())),
      })
      return
    }
    const value = valueOf(this.#moments.plain(work, this.#moments.now(work)), entry)
    const others = (seen.entries ?? []).filter(
      ({ collection, id }) => collection !== entry.collection || id !== entry.id,
    )
    await db.put('seen', { ...seen, entries: [...others, { ...entry, value }] })
  }

  async #plain(work: OpenWork, at: Moment): Promise<WorkDocs> {
    return this.#moments.plain(work, await this.#manifest(work, at))
  }

  async #manifest(work: OpenWork, at: Moment): Promise<Manifest> {
    if ('now' in at) return this.#moments.now(work)
    if ('step' in at) return this.#moments.at(work, at.step)
    if ('seen' in at) {
      const { db, ws } = this.#options
      // What was never looked at: nothing of it is new, else the first look would be all marks.
      return (await db.get('seen', [ws, work.root]))?.heads ?? this.#moments.now(work)
    }
    return versionIn(work, at.version) ?? refuse('version-gone')
  }
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function valueOf({ docs }: WorkDocs, { collection, id }: { collection: string; id: string }): unknown {
  for (const { doc } of Object.values(docs)) {
    const entries = isMap(doc) ? doc[collection] : undefined
    if (isMap(entries) && Object.hasOwn(entries, id)) return entries[id]
  }
  return undefined
}

/** A moment in which some entries are as they were at another. */
function withEntries(work: WorkDocs, entries: readonly { collection: string; id: string; value: unknown }[]): WorkDocs {
  const docs = { ...work.docs }
  for (const { collection, id, value } of entries) {
    const holder = Object.entries(docs).find(
      ([, { doc }]) =>
        valueOf({ root: work.root, docs: { [work.root]: { type: '', doc } } }, { collection, id }) !== undefined,
    )
    const [doc, held] = holder ?? [work.root, docs[work.root]]
    if (!held || !isMap(held.doc)) continue
    const known = held.doc[collection]
    docs[doc as DocId] = {
      ...held,
      doc: { ...held.doc, [collection]: { ...(isMap(known) ? known : {}), [id]: value } },
    }
  }
  return { root: work.root, docs }
}

/** The heads that a named version in the root document lists. */
function versionIn(work: OpenWork, id: string): Manifest | null {
  const root = work.docs.get(work.root)?.open.handle.doc()
  const versions = root
    ? (toPlain(root) as { versions?: Record<string, { heads?: Record<string, unknown> }> }).versions
    : undefined
  const heads = versions && Object.hasOwn(versions, id) ? versions[id]?.heads : undefined
  if (typeof heads !== 'object' || heads === null) return null
  const hashesOf = (list: unknown) => (typeof list === 'string' ? list.split(' ').filter(Boolean) : [])
  return Object.fromEntries(Object.entries(heads).map(([doc, list]) => [doc, hashesOf(list)]))
}
