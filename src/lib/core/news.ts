/**
 * "What changed since I last looked" (P8): what others changed in a record of work since this device last saw it. Seen is
 * kept as the heads of that moment, and for entries that were opened since as what they held then; it never leaves the device.
 */
import type { AnyKind, WorkDocs } from '#lib/kernel/define-kind.ts'
import type { DocId, PersonId, WorkspaceId } from '#lib/kernel/ids.ts'
import { toInstant, type Instant } from '#lib/kernel/instants.ts'
import { authorsSince, type Author } from '#lib/store/authors.ts'
import { compareWorks, flagOf, type EntryChange, type Texts } from '#lib/store/compare.ts'
import { ofWorkspace, type Db, type SeenRow } from '#lib/store/db.ts'
import { keyOf, type Manifest } from '#lib/store/moments.ts'
import { entryName, placeNamed } from '#lib/store/touched.ts'
import type { Members, OpenWork, Works } from '#lib/store/works.ts'
import type { ChangeByOthers, EntryAddress, NewsPage } from './api.ts'
import type { Replay } from './replay.ts'

export interface NewsOptions {
  db: Db
  ws: WorkspaceId
  works: Works
  replay: Replay
  me: PersonId
  personOf: (actor: string) => PersonId | null
  now: () => number
  /** A count changed: home is told. */
  onCount: () => void
}

export class NewsReader {
  readonly #options: NewsOptions
  /** As stored; this is the only writer. */
  readonly #rows = new Map<DocId, SeenRow>()
  /** The last answer: screen and home ask after every change, one after the other. */
  readonly #last = new Map<DocId, { key: string; seen: SeenRow; changes: ChangeByOthers[] }>()

  constructor(options: NewsOptions) {
    this.#options = options
  }

  /** What was counted before the last restart is shown until it is counted again. */
  async load(): Promise<void> {
    const { db, ws } = this.#options
    for (const row of await db.getAll('seen', ofWorkspace(ws))) this.#rows.set(row.work, row)
  }

  /** How many entries of a record of work are new, for home. */
  countOf(work: DocId): number {
    return this.#rows.get(work)?.count ?? 0
  }

  /** Somebody looks: the newest `limit` of it. Who has never looked begins here, and so does who has missed nothing. */
  async look(work: OpenWork, limit: number): Promise<NewsPage> {
    const { works } = this.#options
    const members = await works.members(work)
    const seen = this.#rows.get(work.root)
    const changes = seen ? this.#changes(work, members, seen) : []
    if (seen && changes.length > 0) await this.#put({ ...seen, count: changes.length })
    else if (!seen || keyOf(seen.heads) !== keyOf(this.#options.replay.moments.now(members)))
      await this.#putAll(work, members)
    return {
      since: seen?.at ?? null,
      changes: changes.slice(0, limit),
      entries: changes.map(({ collection, id }) => ({ collection, id })),
      until: this.#options.replay.moments.now(members),
    }
  }

  /** Nobody looks: only home wants to know how much there is. */
  async count(work: OpenWork): Promise<void> {
    if (!this.#rows.has(work.root)) return
    const members = await this.#options.works.members(work)
    const seen = this.#rows.get(work.root)
    if (!seen) return
    const count = this.#changes(work, members, seen).length
    if (count > 0) return this.#put({ ...seen, count })
    // Nothing is missed, so what I did myself is seen: if somebody else then changes that, it is new.
    const { moments } = this.#options.replay
    if (keyOf(seen.heads) !== keyOf(moments.now(members)))
      await this.#put({
        ws: seen.ws,
        work: seen.work,
        ...(seen.at && { at: seen.at }),
        heads: moments.now(members),
        count,
      })
  }

  /** Who tells a past tells also when it was last looked at. */
  async begin(work: OpenWork, at: Instant): Promise<void> {
    const members = await this.#options.works.members(work)
    const heads = this.#options.replay.moments.now(members)
    await this.#put({ ws: this.#options.ws, work: work.root, heads, at, count: 0 })
  }

  /** All of it counts as seen (as it was at `until`, else as it is now), or some entries as they are now. */
  async markSeen(work: OpenWork, entries?: readonly EntryAddress[], until?: Manifest): Promise<void> {
    const { works, replay } = this.#options
    const members = await works.members(work)
    const seen = this.#rows.get(work.root)
    if (!entries || !seen) {
      await this.#putAll(work, members, until)
      // What came after that is still new.
      return until && this.count(work)
    }
    const now = replay.moments.now(members)
    const plain = replay.moments.plain(work.root, members, now)
    const texts = replay.moments.texts(members, now)
    const kept = new Map((seen.entries ?? []).map((entry) => [entryName(entry.collection, entry.id), entry]))
    for (const { collection, id } of entries) {
      const { value, shard } = valueOf(plain, { collection, id })
      const text = (shard && texts.get(shard)?.[id]?.text) ?? ''
      kept.set(entryName(collection, id), { collection, id, value, text })
    }
    const marked: SeenRow = { ...seen, entries: [...kept.values()] }
    await this.#put({ ...marked, count: this.#changes(work, members, marked).length })
  }

  #putAll(work: OpenWork, members: Members, until?: Manifest): Promise<void> {
    const { ws, replay, now } = this.#options
    const heads = until ?? replay.moments.now(members)
    return this.#put({ ws, work: work.root, heads, at: toInstant(Math.floor(now())), count: 0 })
  }

  async #put(row: SeenRow): Promise<void> {
    const known = this.#rows.get(row.work)
    const isSame = known && known.heads === row.heads && known.entries === row.entries
    if (isSame && known.count === row.count) return
    this.#rows.set(row.work, row)
    const last = this.#last.get(row.work)
    if (last && isSame) last.seen = row
    await this.#options.db.put('seen', row)
    if (known?.count !== row.count) this.#options.onCount()
  }

  /** Newest first. */
  #changes(work: OpenWork, members: Members, seen: SeenRow): ChangeByOthers[] {
    const { replay, me, personOf } = this.#options
    const { moments, touched } = replay
    const now = moments.now(members)
    const key = keyOf(now)
    if (keyOf(seen.heads) === key) return []
    const last = this.#last.get(work.root)
    if (last?.key === key && last.seen === seen) return last.changes
    const collectionOf = (shard: DocId) => work.kind.documents[work.docs.get(shard)?.type ?? '']?.entries ?? ''
    const writers = new Map<string, ChangeByOthers['authors']>()
    const known = new Set<string>()
    for (const [name, authors] of authorsSince(members, seen.heads, touched, collectionOf)) {
      const others = latestByOthers(authors, me, personOf)
      if (others.length > 0) writers.set(name, others)
      if (authors.some(({ actor }) => personOf(actor) === me)) known.add(name)
    }
    // Only what others wrote is compared: on a large board most of it is as it was, or mine.
    const differs = writers.size === 0 ? [] : this.#differences(work, members, seen, new Set(writers.keys()), known)
    const news = differs.map((change) => ({
      ...change,
      authors: writers.get(entryName(change.collection, change.id)) ?? [],
    }))
    const changes = news.sort((a, b) => latestOf(b) - latestOf(a))
    this.#last.set(work.root, { key, seen, changes })
    return changes
  }

  /** `known`: what I wrote in since. */
  #differences(
    work: OpenWork,
    members: Members,
    seen: SeenRow,
    only: ReadonlySet<string>,
    known: ReadonlySet<string>,
  ): EntryChange[] {
    const { moments } = this.#options.replay
    const now = moments.now(members)
    const looked = seen.entries ?? []
    const after = moments.plain(work.root, members, now)
    const then = withEntries(moments.plain(work.root, members, seen.heads), looked)
    const before = withEntries(then, putAsideSince(work.kind, then, after, only.intersection(known)))
    const texts = {
      before: withTextsOf(moments.texts(members, seen.heads), after, looked),
      after: moments.texts(members, now),
    }
    return compareWorks(before, after, work.kind, texts, only)
  }
}

/** A person has an actor per document and session: the latest write of each person counts. */
function latestByOthers(
  authors: readonly Author[],
  me: PersonId,
  personOf: (actor: string) => PersonId | null,
): ChangeByOthers['authors'] {
  const latest = new Map<PersonId | null, Instant>()
  for (const { actor, at } of authors) {
    const person = personOf(actor)
    if (person !== me) latest.set(person, toInstant(Math.max(at * 1000, latest.get(person) ?? 0)))
  }
  return [...latest].map(([person, at]) => ({ person, at }))
}

const latestOf = ({ authors }: ChangeByOthers): number => Math.max(...authors.map(({ at }) => at))

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function valueOf({ docs }: WorkDocs, { collection, id }: EntryAddress): { value: unknown; shard: DocId | null } {
  for (const [shard, { doc }] of Object.entries(docs)) {
    const entries = isMap(doc) ? doc[collection] : undefined
    if (isMap(entries) && Object.hasOwn(entries, id)) return { value: entries[id], shard: shard as DocId }
  }
  return { value: undefined, shard: null }
}

type SeenEntry = NonNullable<SeenRow['entries']>[number]

/** Entries of these names that came since and were put aside again, as they were there: I made them, or worked on them. */
function putAsideSince(kind: AnyKind, then: WorkDocs, now: WorkDocs, names: ReadonlySet<string>): SeenEntry[] {
  return [...names].flatMap((name): SeenEntry[] => {
    const [collection, id] = placeNamed(name)
    const flag = flagOf(kind, collection)
    const { value } = valueOf(now, { collection, id })
    if (flag === undefined || !isMap(value) || value[flag] !== true) return []
    return valueOf(then, { collection, id }).value === undefined
      ? [{ collection, id, value: { ...value, [flag]: false } }]
      : []
  })
}

/** A moment in which some entries are as they were at another. */
function withEntries(work: WorkDocs, entries: readonly SeenEntry[]): WorkDocs {
  if (entries.length === 0) return work
  const docs = { ...work.docs }
  const copied = new Map<string, Record<string, unknown>>()
  for (const { collection, id, value } of entries) {
    const doc = valueOf(work, { collection, id }).shard ?? work.root
    const held = docs[doc]
    if (!held || !isMap(held.doc)) continue
    const place = entryName(doc, collection)
    let changed = copied.get(place)
    if (!changed) {
      const known = held.doc[collection]
      changed = { ...(isMap(known) ? known : {}) }
      copied.set(place, changed)
      docs[doc] = { ...held, doc: { ...held.doc, [collection]: changed } }
    }
    changed[id] = value
  }
  return { root: work.root, docs }
}

/** The same for their texts. */
function withTextsOf(texts: Texts, now: WorkDocs, entries: readonly SeenEntry[]): Texts {
  const changed = new Map([...texts].map(([shard, known]) => [shard, known]))
  const copied = new Map<DocId, Record<string, { text: string }>>()
  for (const { collection, id, text } of entries) {
    const { shard } = valueOf(now, { collection, id })
    if (!shard || text === undefined) continue
    const copy = copied.get(shard) ?? { ...texts.get(shard) }
    copied.set(shard, copy)
    changed.set(shard, copy)
    copy[id] = { text }
  }
  return changed
}
