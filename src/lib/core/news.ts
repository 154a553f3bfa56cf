/**
 * "What changed since I last looked" (P8): what others changed in a record of work since this device last saw it. Seen is
 * kept as the heads of that moment, and for entries that were opened since as what they held then; it never leaves the device.
 */
import type { DocId, PersonId, WorkspaceId } from '#lib/kernel/ids.ts'
import { toInstant, type Instant } from '#lib/kernel/instants.ts'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import { fieldsOf, type Fields } from '#lib/kernel/reading.ts'
import { refuse } from '#lib/kernel/refusal.ts'
import { spansOf, spansThen } from '#lib/kinds/prose/spans.ts'
import { writtenText } from '#lib/kinds/prose/written-text.ts'
import { ofWorkspace, type Db, type SeenRow } from '#lib/store/db.ts'
import type { AnyDoc } from '#lib/store/documents.ts'
import { begunBy } from '#lib/store/begun-apart.ts'
import { valueThen } from '#lib/store/fields.ts'
import { headsNoted } from '#lib/store/known-text.ts'
import { keyOf, type Manifest } from '#lib/store/moments.ts'
import { putAwayBy } from '#lib/store/put-away-then.ts'
import { entryName, placeNamed } from '#lib/store/touched.ts'
import type { Members, OpenWork, Works } from '#lib/store/works.ts'
import { laterThan, writesSince, type Write, type Writes } from '#lib/store/writes.ts'
import type { ChangeByOthers, EntryAddress, NewsPage } from './api.ts'
import { changesByOthers, entryIn, isSame, withEntries, withTexts } from './changes-by-others.ts'
import type { Replay } from './replay.ts'

export interface NewsOptions {
  db: Db
  ws: WorkspaceId
  works: Works
  replay: Replay
  me: PersonId
  personOf: (actor: string) => PersonId | null
  now: () => number
  /** Records are still on their way: what has come so far is not all that there was to see. */
  isArriving: (work: OpenWork) => boolean
  /** Whether this actor moved an entry to another record of work; null while that is not known yet. */
  wasMoved: (work: DocId, entry: string, actor: string) => boolean | null
  /** What is new is something else, or another number of entries: screens and home are told. */
  onChange: () => void
}

/** An entry that was looked at. */
type SeenEntry = NonNullable<SeenRow['entries']>[number]

export class NewsReader {
  readonly #options: NewsOptions
  /** As stored; this is the only writer. */
  readonly #rows = new Map<DocId, SeenRow>()
  /** The last answer: screen and home ask after every change, one after the other. Where it is not sure it is worked out again. */
  readonly #last = new Map<DocId, { key: string; seen: SeenRow; changes: ChangeByOthers[]; isSure: boolean }>()
  readonly #turns = new Map<DocId, number>()

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
  /** How often that has become something else since the start: what others write in a text is seen nowhere but here. */
  turnOf(work: DocId): number {
    return this.#turns.get(work) ?? 0
  }

  /**
   * Somebody looks: the newest `limit` of it. Who has never looked begins here, once all of it is there to be looked at; and so
   * does who has missed nothing.
   */
  async look(work: OpenWork, limit: number): Promise<NewsPage> {
    const { works } = this.#options
    const members = await works.members(work)
    const seen = this.#rows.get(work.root)
    const changes = seen ? this.#changes(work, members, seen) : []
    const until = this.#options.replay.moments.now(members)
    if (seen && changes.length > 0) await this.#put({ ...seen, count: changes.length })
    else if (seen ? keyOf(seen.heads) !== keyOf(until) : !this.#options.isArriving(work))
      await this.#putAll(work, members)
    return {
      since: seen?.at ?? null,
      changes: changes.slice(0, limit),
      entries: changes.map(({ collection, id }) => ({ collection, id })),
      until,
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

  /** All of it counts as seen (as it was at `until`, else as it is now), or some entries as they are now: what was new in them. */
  async markSeen(work: OpenWork, entries?: readonly EntryAddress[], until?: Manifest): Promise<ChangeByOthers[]> {
    const { works, replay } = this.#options
    const members = await works.members(work)
    const seen = this.#rows.get(work.root)
    // Where nothing has been looked at yet nothing is new.
    if (entries && !seen) return []
    if (!entries || !seen) {
      await this.#putAll(work, members, until)
      // What came after that is still new.
      if (until) await this.count(work)
      return []
    }
    const now = replay.moments.now(members)
    const plain = replay.moments.plain(work.root, members, now)
    const looked = entries.map(({ collection, id }): SeenEntry => {
      const { value, shard } = entryIn(plain, { collection, id })
      const text = (shard && textNow(members, shard, id)) ?? ''
      const heads = shard ? headsIn(members, now, shard) : {}
      return { collection, id, value, text, heads }
    })
    const unseen = this.#changes(work, members, seen).filter(isAmong(entries))
    await this.#putLooked(work, members, seen, looked)
    return unseen
  }

  /** Entries that I moved to another record of work unseen, and see there: as they were when they went. */
  async markSeenElsewhere(work: OpenWork, entries: readonly EntryAddress[]): Promise<void> {
    const members = await this.#options.works.members(work)
    const seen = this.#rows.get(work.root)
    if (!seen) return
    const isAsked = isAmong(entries)
    // Of one that I had seen what is new is told nowhere but here.
    const unseen = this.#changes(work, members, seen).filter((one) => one.change === 'added' && isAsked(one))
    const looked = unseen.flatMap((one) => this.#whenItWent(work, members, one) ?? [])
    if (looked.length > 0) await this.#putLooked(work, members, seen, looked)
  }

  /** Null where it was not me who put it away. */
  #whenItWent({ kind }: OpenWork, members: Members, { collection, id, doc: shard }: ChangeByOthers): SeenEntry | null {
    const { me, personOf, replay } = this.#options
    const doc = contentOf(members, shard)
    const flags = kind.documents[members.get(shard)?.type ?? '']?.putAway
    const steps = flags ? putAwayBy(doc, { flags, entry: id }, replay.touched) : []
    const by = steps.find(({ actor }) => personOf(actor) === me)
    if (!flags || !by) return null
    const value = valueThen(doc, [collection, id], [by.hash])
    const heads = { [shard]: [by.hash] }
    const [texts, companion] = [...members].find(([, { textsOf }]) => textsOf === shard) ?? []
    const noted = headsNoted(fieldsOf(value)[flags[collection]?.knewText ?? ''])
    const content = companion?.open.handle.doc()
    if (!texts || !content || !hasHeads(content, noted)) return { collection, id, value, text: '', heads }
    const text = writtenText(spansThen(content, id, noted))
    return { collection, id, value, text, heads: { ...heads, [texts]: noted } }
  }

  async #putLooked(work: OpenWork, members: Members, seen: SeenRow, looked: readonly SeenEntry[]): Promise<void> {
    const kept = new Map(
      [...(seen.entries ?? []), ...looked].map((entry) => [entryName(entry.collection, entry.id), entry]),
    )
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
    if (known?.count !== row.count) this.#turned(row.work)
  }

  #turned(work: DocId): void {
    this.#turns.set(work, this.turnOf(work) + 1)
    this.#options.onChange()
  }

  /** Newest first. */
  #changes(work: OpenWork, members: Members, seen: SeenRow): ChangeByOthers[] {
    const { replay, me, personOf, wasMoved } = this.#options
    const { moments, touched } = replay
    const now = moments.now(members)
    const key = keyOf(now)
    if (keyOf(seen.heads) === key) return []
    const last = this.#last.get(work.root)
    if (last?.isSure && last.key === key && last.seen === seen) return last.changes
    const looked = seen.entries ?? []
    const entries = new Map(looked.map(({ collection, id, heads }) => [entryName(collection, id), heads]))
    const collectionOf = (shard: DocId) => work.kind.documents[work.docs.get(shard)?.type ?? '']?.entries ?? ''
    const writes = writesSince(members, { heads: seen.heads, entries }, touched, collectionOf)
    const isLater = laterThan(members)
    const isMine = ({ actor }: Write) => personOf(actor) === me
    let isSure = true
    const isMoved = ({ actor }: Write, entry: string): boolean => {
      const answer = wasMoved(work.root, entry, actor)
      if (answer === null) isSure = false
      // What is not known yet keeps the news: it would count as seen else.
      return answer ?? true
    }
    const changesNow = (): ChangeByOthers[] => {
      const all = moments.plain(work.root, members, seen.heads)
      const after = moments.plain(work.root, members, now)
      const between = { from: seen.heads, to: now }
      const seenAlone = looked.map(({ id }) => id)
      const texts = moments.textsBetween(members, between, touched, {
        written: new Set([...textsIn(writes), ...seenAlone]),
        asked: new Set([...textsIn(writes, isMine), ...seenAlone]),
      })
      return changesByOthers({
        kind: work.kind,
        seen: all,
        before: withEntries(all, looked),
        after,
        texts: { before: withTexts(texts.before, after, looked), after: texts.after },
        writes,
        me,
        personOf,
        valueOf: ({ doc, hash }, path) => valueThen(contentOf(members, doc), path, [hash]),
        textOf: ({ doc, hash }, entry) => writtenText(spansThen(contentOf(members, doc), entry, [hash])),
        begunBy: (doc, { collection, id }) => begunBy(contentOf(members, doc), collection, id),
        isUnknownTo: ({ doc, hash }, other) => isLater(doc, [other.hash], hash),
        isMoved,
      })
    }
    const changes = [...writes.values()].every((all) => all.every(isMine)) ? [] : changesNow()
    this.#last.set(work.root, { key, seen, changes, isSure })
    if (last && !isSameNews(last.changes, changes)) this.#turned(work.root)
    return changes
  }
}

const isAmong =
  (entries: readonly EntryAddress[]) =>
  ({ collection, id }: EntryAddress): boolean =>
    entries.some((entry) => entry.collection === collection && entry.id === id)

const isSameNews = (then: readonly ChangeByOthers[], now: readonly ChangeByOthers[]): boolean =>
  then.length === now.length && now.every((one, at) => isSameChange(fieldsOf(then[at]), fieldsOf(one)))
/** What an entry held is mostly the very same object, and nothing to be read. */
const isSameChange = (then: Fields, now: Fields): boolean =>
  Object.keys({ ...then, ...now }).every((name) => isSame(then[name], now[name]))

/** Entries in whose text somebody wrote of whom that is so. */
const textsIn = (writes: Writes, isSo: (write: Write) => boolean = () => true): string[] =>
  [...writes].flatMap(([name, all]) => (all.some((write) => write.isText && isSo(write)) ? placeNamed(name)[1] : []))

/** The text of an entry as it is now. */
function textNow(members: Members, shard: DocId, entry: string): string {
  const companion = [...members.values()].find(({ textsOf }) => textsOf === shard)
  return companion ? writtenText(spansOf(companion.open.handle.doc(), entry)) : ''
}

function contentOf(members: Members, doc: DocId): AnyDoc {
  return members.get(doc)?.open.handle.doc() ?? refuse('work-unknown')
}

/** The heads of a shard and of the texts of its entries. */
function headsIn(members: Members, now: Manifest, shard: DocId): Manifest {
  const docs = [...members].filter(([id, { textsOf }]) => id === shard || textsOf === shard).map(([id]) => id)
  return Object.fromEntries(docs.map((id) => [id, now[id] ?? []]))
}
