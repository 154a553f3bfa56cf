/** Moments of a record of work for screens (P8, P18): the slider, two versions side by side, going back. */
import * as A from '@automerge/automerge/slim'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { DocId, PersonId, WorkspaceId } from '#lib/kernel/ids.ts'
import { toInstant } from '#lib/kernel/instants.ts'
import { refuse } from '#lib/kernel/refusal.ts'
import type { ProseDraft } from '#lib/kinds/prose/schema.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'
import { lettersBetween, spansOf, writeSpans } from '#lib/kinds/prose/spans.ts'
import { compareWorks, writesBack, type EntryChange } from '#lib/store/compare.ts'
import type { Db } from '#lib/store/db.ts'
import type { Documents } from '#lib/store/documents.ts'
import { knownText } from '#lib/store/known-text.ts'
import { Moments, type Manifest, type TimelineStep } from '#lib/store/moments.ts'
import { toPlain } from '#lib/store/plain.ts'
import { withPlaces } from '#lib/store/places.ts'
import { Touched } from '#lib/store/touched.ts'
import { applyUndo, inEach, marksGone, notesOf } from '#lib/store/undo.ts'
import { changeMessage } from '#lib/store/change-message.ts'
import {
  inChanges,
  isManyWrites,
  type CommitPace,
  type CommittedGroup,
  type Members,
  type OpenWork,
  type Works,
  type Write,
} from '#lib/store/works.ts'
import type { EntryAddress, Moment, ReplayedDocs, ReplayStep, ToldChange } from './api.ts'

export interface ReplayOptions {
  db: Db
  ws: WorkspaceId
  documents: Documents
  works: Works
  personOf: (actor: string) => PersonId | null
  now: () => number
}

/** What to go back to: all of it, or one entry; and what the person was told of it. */
export interface Wanted {
  at: Moment
  entry?: EntryAddress
  told?: readonly ToldChange[]
}

/** The mutation's name in the message of a change that goes back to a moment: of one entry, or of all. */
const RESTORE = { entry: 'restore', all: 'restoreAll' } as const
/** What a mutation of that name takes back; null of any other. */
export const restored = (mutation: string): keyof typeof RESTORE | null =>
  mutation === RESTORE.entry ? 'entry' : mutation === RESTORE.all ? 'all' : null

/** The collection of named moments, in the root document of every kind that has them. */
const VERSIONS = 'versions'

export class Replay {
  readonly #options: ReplayOptions
  readonly moments = new Moments()
  readonly touched = new Touched()

  constructor(options: ReplayOptions) {
    this.#options = options
  }

  async timeline(work: OpenWork): Promise<ReplayStep[]> {
    return this.moments.timeline(work.root, await this.#members(work)).map(({ at, actor, mutation, changes }) => ({
      id: changes[0]?.hash ?? '',
      at: toInstant(at * 1000),
      person: this.#options.personOf(actor),
      mutation,
    }))
  }

  /** The changes of a step, and the record of work right after it. */
  async step(
    work: OpenWork,
    id: string | null,
  ): Promise<(Pick<TimelineStep, 'actor' | 'changes'> & { view: unknown; isLast: boolean }) | null> {
    const members = await this.#members(work)
    const count = this.moments.placeOf(work.root, members, id) ?? 0
    const timeline = this.moments.timeline(work.root, members)
    const step = timeline[count - 1]
    if (!step) return null
    const then = this.moments.at(work.root, members, count)
    const { actor, changes } = step
    const view = work.kind.read(this.moments.plain(work.root, members, then))
    return { actor, changes, view, isLast: count === timeline.length }
  }

  async moment(
    work: OpenWork,
    at: Moment,
    have: Readonly<Record<string, string>> = {},
    limit = Infinity,
  ): Promise<ReplayedDocs> {
    const members = await this.#members(work)
    const manifest = await this.manifest(work, members, at)
    const { root, docs } = this.moments.plain(work.root, members, manifest)
    const answer: ReplayedDocs = { root, docs: {}, same: [], keys: {}, heads: manifest, more: false }
    let sent = 0
    for (const [id, content] of Object.entries(docs)) {
      const doc = id as DocId
      const key = (manifest[doc] ?? []).join()
      if (have[doc] === key) answer.same.push(doc)
      else if (sent++ < limit) answer.docs[doc] = content
      else {
        answer.more = true
        continue
      }
      answer.keys[doc] = key
    }
    return answer
  }

  /** What every document of the work held then, by its heads. */
  async headsAt(work: OpenWork, at: Moment): Promise<Manifest> {
    return this.manifest(work, await this.#members(work), at)
  }

  /** The heads that a shard's texts had then; null where they are not known. */
  async textHeads(work: OpenWork, at: Moment, shard: DocId): Promise<readonly string[] | null> {
    const members = await this.#members(work)
    const companion = this.#options.works.companionId(work, shard)
    const heads = companion && (await this.manifest(work, members, at))[companion]
    const doc = companion && members.get(companion)?.open.handle.doc()
    return heads && heads.length > 0 && doc && hasHeads(doc, [...heads]) ? heads : null
  }

  async compare(work: OpenWork, from: Moment, to: Moment): Promise<EntryChange[]> {
    const members = await this.#members(work)
    const [before, after] = [await this.manifest(work, members, from), await this.manifest(work, members, to)]
    const plain = (moment: Manifest) => this.moments.plain(work.root, members, moment)
    return withPlaces(this.differences(work, members, before, after), plain(before), plain(after), work.kind)
  }

  differences(work: OpenWork, members: Members, from: Manifest, to: Manifest): EntryChange[] {
    const { moments } = this
    return compareWorks(
      moments.plain(work.root, members, from),
      moments.plain(work.root, members, to),
      work.kind,
      moments.textsBetween(members, { from, to }, this.touched),
    )
  }

  /**
   * Writes back what differs from then, as one group; null where nothing does, `differs` where it is not what was told. Refuses
   * `cancelled` before anything is written.
   */
  async restore(
    work: OpenWork,
    { at, entry, told }: Wanted,
    group: string,
    pace?: CommitPace,
  ): Promise<CommittedGroup | 'differs' | null> {
    const { now, works } = this.#options
    const members = await this.#members(work)
    const then = await this.manifest(work, members, at)
    const differs = this.differences(work, members, then, this.moments.now(members))
    // A version that was named since is no part of what it names: going back keeps it.
    const chosen = differs.filter(({ collection, id }) =>
      entry ? collection === entry.collection && id === entry.id : collection !== VERSIONS,
    )
    if (told && !isSameSet(told.map(nameOf), chosen.map(nameOf))) return 'differs'
    const mutation = entry ? RESTORE.entry : RESTORE.all
    const message = changeMessage(mutation, group)
    const writes: Write[] = []
    // A column that was made since goes after its cards; undo, which goes the other way round, brings it back before them.
    const isLast = chosen.some(({ doc, change, before }) => doc === work.root && change === 'added' && before === null)
    const fieldsOf = [...writesBack(chosen, work.kind)]
    if (isLast) fieldsOf.sort(([a], [b]) => Number(a === work.root) - Number(b === work.root))
    for (const [doc, fields] of fieldsOf) {
      const open = work.docs.get(doc)?.open ?? refuse('work-unknown')
      const { putAway } = documentTypeNamed(open.row.kind) ?? {}
      const content = await works.textsOf(work, doc)
      const notes = notesOf(open.handle.doc(), fields, putAway, (entry) => knownText(content, entry))
      const marks = marksGone(open.handle.doc(), fields, putAway)
      const list = inEach(open.handle.doc(), [...fields, ...notes, ...marks])
      for (const some of inChanges(list)) writes.push({ doc, open, message, run: (draft) => applyUndo(draft, some) })
    }
    for (const [shard, ids] of textsOf(chosen)) {
      const open = await works.companion(work, shard)
      if (!open) continue
      const before = A.view(open.handle.doc(), [...(then[open.row.doc] ?? [])])
      const now = open.handle.doc()
      const texts = ids.map((id) => ({ id, spans: spansOf(before, id), letters: lettersBetween(before, now, id) }))
      for (const some of inChanges(texts, ({ letters }) => letters)) {
        const run = (draft: Record<string, unknown>) => {
          for (const { id, spans } of some) writeSpans(draft as unknown as ProseDraft, id, spans)
        }
        writes.push({ doc: open.row.doc, open, message, run })
      }
    }
    const changes = isManyWrites(writes) ? await this.#writeAtLength(writes, pace) : works.writeEach(writes, now())
    return changes.length > 0 ? { group, calls: [{ mutation, args: {} }], changes } : null
  }

  /** What others write meanwhile merges with it and is asked about. */
  async #writeAtLength(writes: readonly Write[], pace?: CommitPace): Promise<CommittedGroup['changes']> {
    const { documents, now, works } = this.#options
    const copies = works.copies(documents.newActor())
    try {
      for (const { open } of writes) copies.of(open)
      return await works.write(writes, now(), { pace, on: copies })
    } finally {
      copies.free()
    }
  }

  /** The heads of now: what a named version holds. */
  async now(work: OpenWork): Promise<Manifest> {
    return this.moments.now(await this.#members(work))
  }

  async manifest(work: OpenWork, members: Members, at: Moment): Promise<Manifest> {
    if ('now' in at) return this.moments.now(members)
    if ('heads' in at) return at.heads
    if ('step' in at) {
      const count = this.moments.placeOf(work.root, members, at.step) ?? refuse('moment-gone')
      return this.moments.at(work.root, members, count)
    }
    if ('seen' in at) {
      const { db, ws } = this.#options
      // What was never looked at: nothing of it is new, else the first look would be all marks.
      return (await db.get('seen', [ws, work.root]))?.heads ?? this.moments.now(members)
    }
    return versionIn(work, at.version) ?? refuse('version-gone')
  }

  #members(work: OpenWork): Promise<Members> {
    return this.#options.works.members(work)
  }
}

const nameOf = ({ collection, id, change }: ToldChange): string => JSON.stringify([collection, id, change])
function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const known = new Set(a)
  return known.size === b.length && b.every((one) => known.has(one))
}

/** Entries whose text goes back, by shard; one that came since is put aside with its text. */
function textsOf(changes: readonly EntryChange[]): Map<DocId, string[]> {
  const ids = new Map<DocId, string[]>()
  for (const { id, doc, text, change, before } of changes) {
    if (!text || (change === 'added' && before === null)) continue
    ids.set(doc, [...(ids.get(doc) ?? []), id])
  }
  return ids
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
