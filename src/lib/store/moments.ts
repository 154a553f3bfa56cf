/**
 * Moments of a record of work (P8, P18). A version is a manifest: for each document the heads that it had. The timeline puts
 * the changes of all documents into one order that keeps every document's own; a moment is a place in it.
 */
import * as A from '@automerge/automerge/slim'
import { applyPatches } from '#lib/kernel/apply-patches.ts'
import type { WorkDocs } from '#lib/kernel/define-kind.ts'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { readProse } from '#lib/kinds/prose/schema.ts'
import { spansThen } from '#lib/kinds/prose/spans.ts'
import { writtenText } from '#lib/kinds/prose/written-text.ts'
import type { Texts } from './compare.ts'
import type { AnyDoc } from './documents.ts'
import { momentOfChange, WROTE } from '#lib/kernel/groups.ts'
import { toPlain, toPlainPatches } from './plain.ts'
import { parseMessage } from './change-message.ts'
import { isYieldedChange } from './changes-apart.ts'
import { placeNamed, type Touched } from './touched.ts'
import type { Members } from './works.ts'

/** Document → change hashes, sorted. */
export type Manifest = Readonly<Record<DocId, readonly string[]>>

export interface TimelineChange {
  doc: DocId
  hash: string
  deps: readonly string[]
  mutation: string
  isNobodys?: true
}

/** One action, or a stretch of it where others wrote in between. */
export interface TimelineStep {
  /** Seconds since 1970, as the author's device claimed them. */
  at: number
  actor: string
  mutation: string
  group: string | null
  changes: TimelineChange[]
}

/** Room that was made, and a text that begins with its entry, come along with what a person does. */
export const isQuiet = (mutation: string): boolean => mutation === 'addShard' || mutation === 'addEntry'

/** Actors of devices: hash of the key and the session. Genesis and migrations have shorter ones. */
const DEVICE_ACTOR = 48
/** Materialised documents that are kept: a slider goes back and forth over the same few shards. */
const MOST_KEPT = 200
/** Records of work whose timeline is kept. */
const MOST_TIMELINES = 4
/** Seconds of writing in one text that make one step, while nobody does anything in between. */
const STRETCH = 300
/** A slider that is dragged asks for places all over: every so many steps a place is kept to start from. */
const PLACE_EVERY = 256

interface Timeline {
  key: string
  steps: TimelineStep[]
  /** How many steps there are up to a change, its own included. */
  countAt: ReadonlyMap<string, number>
  /** Heads of all documents after every so many steps. */
  places: ReadonlyMap<DocId, ReadonlySet<string>>[]
}

interface PlacedChange {
  meta: A.ChangeMetadata
  /** Milliseconds; later than those of all changes that it builds on. */
  moment: number
  /** It is nobody's action, and as if what it lets count had always counted. */
  isNobodys: boolean
}
interface Placed {
  heads: A.Heads
  changes: PlacedChange[]
  moments: Map<string, number>
  /** Of genesis and migrations: where everything began. */
  frozen: Set<string>
}

export class Moments {
  readonly #timelines = new Map<DocId, Timeline>()
  readonly #placed = new WeakMap<object, Placed>()
  readonly #plain = new Map<string, unknown>()
  /** Texts with their formats, by document and moment, and those of each document's present that was looked at last. */
  readonly #written = new Map<string, Map<string, string>>()
  readonly #lastWritten = new Map<DocId, { heads: string[]; texts: ReadonlyMap<string, string> }>()
  /** The moment of each document that was looked at last. */
  readonly #latest = new Map<DocId, { heads: string[]; plain: unknown }>()

  /** Oldest first. */
  timeline(root: DocId, members: Members): TimelineStep[] {
    return this.#timeline(root, members).steps
  }

  /** How many steps there are up to the one with that change; null is the beginning. Undefined where the change is not here. */
  placeOf(root: DocId, members: Members, hash: string | null): number | undefined {
    return hash === null ? 0 : this.#timeline(root, members).countAt.get(hash)
  }

  now(members: Members): Manifest {
    return Object.fromEntries([...members].map(([doc, { open }]) => [doc, [...A.getHeads(open.handle.doc())].sort()]))
  }

  /** After the first `count` steps; 0 is the beginning. */
  at(root: DocId, members: Members, count: number): Manifest {
    const { steps, places } = this.#timeline(root, members)
    const from = Math.min(Math.floor(count / PLACE_EVERY), places.length - 1)
    const frontiers = new Map([...(places[from] ?? [])].map(([doc, heads]) => [doc, new Set(heads)]))
    for (const step of steps.slice(from * PLACE_EVERY, count)) advance(frontiers, step)
    return Object.fromEntries([...frontiers].map(([doc, frontier]) => [doc, [...frontier].sort()]))
  }

  /** What the documents held. Documents, or heads, that are not here (yet) are left out: the moment is as full as it can be told. */
  plain(root: DocId, members: Members, manifest: Manifest): WorkDocs {
    const docs: Record<DocId, { type: string; doc: unknown }> = {}
    for (const [id, { type, open, textsOf }] of members) {
      const plain = textsOf === undefined ? this.#materialised(id, open.handle.doc(), manifest[id], false) : undefined
      if (plain !== undefined) docs[id] = { type, doc: plain }
    }
    return { root, docs }
  }

  /** The texts of entries, by the shard that they belong to. A shard whose texts are not known for that moment is left out. */
  texts(members: Members, manifest: Manifest): Texts {
    const texts = new Map<DocId, Readonly<Record<string, { text: string }>>>()
    for (const [id, { open, textsOf }] of members) {
      if (textsOf === undefined) continue
      const plain = this.#materialised(id, open.handle.doc(), manifest[id], true)
      if (plain !== undefined) texts.set(textsOf, proseIn(plain))
    }
    return texts
  }

  /**
   * The texts at two moments, to be compared. Those of entries that were there at both and were written in between are given with
   * their formats: one of those may be all that differs. Who knows which were `written` says so; those `asked` for are among them
   * whether or not they were there before.
   */
  textsBetween(
    members: Members,
    { from, to }: { from: Manifest; to: Manifest },
    touched: Touched,
    known?: { written: ReadonlySet<string>; asked: ReadonlySet<string> },
  ): { before: Texts; after: Texts } {
    const sides = { before: new Map(this.texts(members, from)), after: new Map(this.texts(members, to)) }
    for (const [id, { open, textsOf }] of members) {
      const [before, after] = [textsOf && sides.before.get(textsOf), textsOf && sides.after.get(textsOf)]
      if (!textsOf || !after || before === after) continue
      const doc = open.handle.doc()
      const heads = { before: from[id] ?? [], after: to[id] ?? [] }
      const entries = known?.written ?? writtenBetween(doc, heads, touched)
      const isTold = (entry: string) =>
        known?.asked.has(entry) === true || (before && Object.hasOwn(before, entry) && Object.hasOwn(after, entry))
      for (const side of ['before', 'after'] as const) {
        const plain = side === 'before' ? before : after
        const there = plain ? [...entries].filter((entry) => Object.hasOwn(plain, entry) && isTold(entry)) : []
        if (there.length === 0) continue
        const written = this.#writtenAt(id, doc, heads[side], touched)
        const texts = there.map((entry) => [entry, { text: written(entry) }])
        sides[side].set(textsOf, { ...plain, ...Object.fromEntries(texts) })
      }
    }
    return sides
  }

  /** Each letter that arrives asks anew for all that is unread: what it did not touch is known. */
  #writtenAt(id: DocId, doc: AnyDoc, heads: readonly string[], touched: Touched): (entry: string) => string {
    const key = `${id} ${heads.join()}`
    let texts = this.#written.get(key)
    if (!texts) {
      texts = new Map()
      const last = this.#lastWritten.get(id)
      if (isNow(doc, heads)) {
        if (last && hasHeads(doc, last.heads)) {
          for (const [entry, text] of last.texts) texts.set(entry, text)
          for (const entry of entriesSince(doc, last.heads, touched)) texts.delete(entry)
        }
        this.#lastWritten.set(id, { heads: [...heads], texts })
      }
      this.#written.set(key, texts)
      for (const oldest of this.#written.keys()) {
        if (this.#written.size <= MOST_KEPT) break
        this.#written.delete(oldest)
      }
    }
    const found = texts
    return (entry) => {
      const known = found.get(entry)
      if (known !== undefined) return known
      const text = writtenText(spansThen(doc, entry, heads))
      found.set(entry, text)
      return text
    }
  }

  #timeline(root: DocId, members: Members): Timeline {
    const key = keyOf(this.now(members))
    const known = this.#timelines.get(root)
    if (known?.key === key) return known
    const placed = [...members].map(([doc, { open, textsOf }]) => {
      const { changes, frozen } = this.#place(open, open.handle.doc())
      return { doc, changes, frozen, isText: textsOf !== undefined }
    })
    const steps = stepsOf(placed, root)
    const countAt = new Map(steps.flatMap(({ changes }, at) => changes.map(({ hash }) => [hash, at + 1] as const)))
    const timeline = { key, steps, countAt, places: placesOf(placed, steps) }
    this.#timelines.delete(root)
    this.#timelines.set(root, timeline)
    for (const oldest of this.#timelines.keys()) {
      if (this.#timelines.size <= MOST_TIMELINES) break
      this.#timelines.delete(oldest)
    }
    return timeline
  }

  /** Clocks differ, dependencies do not lie: a change comes after those that it builds on, on every device in the same place. */
  #place(open: object, doc: AnyDoc): Placed {
    let placed = this.#placed.get(open)
    // A document that was rolled back has lost what was read.
    if (!placed || !hasHeads(doc, placed.heads))
      placed = { heads: [], changes: [], moments: new Map(), frozen: new Set() }
    for (const meta of A.getChangesMetaSince(doc, placed.heads)) {
      const isFrozen = meta.actor.length !== DEVICE_ACTOR
      let moment = isFrozen ? 0 : momentOfChange(meta.time, meta.message)
      for (const dep of meta.deps) moment = Math.max(moment, (placed.moments.get(dep) ?? 0) + 1)
      placed.moments.set(meta.hash, moment)
      if (!isFrozen) placed.changes.push({ meta, moment, isNobodys: isYieldedChange(doc, meta) })
      else {
        for (const dep of meta.deps) placed.frozen.delete(dep)
        placed.frozen.add(meta.hash)
      }
    }
    placed.heads = A.getHeads(doc)
    this.#placed.set(open, placed)
    return placed
  }

  #materialised(id: DocId, doc: AnyDoc, heads: readonly string[] | undefined, isText: boolean): unknown {
    if (!heads || heads.length === 0 || !hasHeads(doc, [...heads])) return undefined
    const key = `${id} ${heads.join()}`
    const known = this.#plain.get(key)
    const plain =
      known ?? (isText ? toPlain(isNow(doc, heads) ? doc : A.view(doc, [...heads])) : this.#made(id, doc, heads))
    if (!isText) this.#latest.set(id, { heads: [...heads], plain })
    // The one used last goes last: what is dropped was not used for longest.
    this.#plain.delete(key)
    this.#plain.set(key, plain)
    for (const oldest of this.#plain.keys()) {
      if (this.#plain.size <= MOST_KEPT) break
      this.#plain.delete(oldest)
    }
    return plain
  }

  /** From the moment that was looked at last: what did not change stays the same object, and costs neither time nor memory. */
  #made(id: DocId, doc: AnyDoc, heads: readonly string[]): unknown {
    if (isNow(doc, heads)) return toPlain(doc)
    const from = this.#latest.get(id)
    const base = from && hasHeads(doc, from.heads) ? from : { heads: A.getHeads(doc), plain: toPlain(doc) }
    return applyPatches(base.plain, toPlainPatches(A.diff(doc, base.heads, [...heads])))
  }
}

const entriesOf = (doc: AnyDoc, hashes: Iterable<string>, touched: Touched): ReadonlySet<string> =>
  new Set([...hashes].flatMap((hash) => touched.of(doc, hash)).map((name) => placeNamed(name)[1]))
const hashesSince = (doc: AnyDoc, heads: readonly string[]): ReadonlySet<string> =>
  new Set(A.getChangesMetaSince(doc, [...heads]).map(({ hash }) => hash))

/** Entries that were written in after a moment. */
const entriesSince = (doc: AnyDoc, heads: readonly string[], touched: Touched): ReadonlySet<string> =>
  entriesOf(doc, hashesSince(doc, heads), touched)

/** Entries that were written in between two moments, whichever was first. */
const writtenBetween = (
  doc: AnyDoc,
  { before, after }: { before: readonly string[]; after: readonly string[] },
  touched: Touched,
): ReadonlySet<string> =>
  entriesOf(doc, new Set(hashesSince(doc, before)).symmetricDifference(hashesSince(doc, after)), touched)

/** Two manifests with one key hold the same. */
export const keyOf = (manifest: Manifest): string =>
  Object.entries(manifest)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([doc, heads]) => `${doc}:${heads.join()}`)
    .join(' ')

const isNow = (doc: AnyDoc, heads: readonly string[]): boolean =>
  A.getHeads(doc).length === heads.length && [...A.getHeads(doc)].sort().join() === [...heads].join()

/** By the plain content, which keeps its identity: reading 500 texts anew for every step of a slider would be felt. */
const prose = new WeakMap<object, Readonly<Record<string, { text: string }>>>()
function proseIn(plain: unknown): Readonly<Record<string, { text: string }>> {
  if (typeof plain !== 'object' || plain === null) return {}
  const known = prose.get(plain)
  if (known) return known
  const { entries } = readProse(plain)
  prose.set(plain, entries)
  return entries
}

function advance(frontiers: Map<DocId, Set<string>>, { changes }: TimelineStep): void {
  for (const { doc, hash, deps } of changes) {
    const frontier = frontiers.get(doc)
    for (const dep of deps) frontier?.delete(dep)
    frontier?.add(hash)
  }
}

function placesOf(
  docs: readonly { doc: DocId; frozen: ReadonlySet<string> }[],
  steps: readonly TimelineStep[],
): Timeline['places'] {
  const frontiers = new Map(docs.map(({ doc, frozen }) => [doc, new Set(frozen)]))
  const here = () => new Map([...frontiers].map(([doc, heads]) => [doc, new Set(heads)]))
  const places = [here()]
  for (const [at, step] of steps.entries()) {
    advance(frontiers, step)
    if ((at + 1) % PLACE_EVERY === 0) places.push(here())
  }
  return places
}

function stepsOf(
  docs: readonly { doc: DocId; changes: readonly PlacedChange[]; isText: boolean }[],
  root: DocId,
): TimelineStep[] {
  const entries = docs.flatMap(({ doc, changes, isText }) => changes.map((change) => ({ ...change, doc, isText })))
  // Within one document no two that depend on each other share a moment. Between documents the root comes first (a column is there
  // before its cards), then the hash decides, everywhere alike.
  entries.sort(
    (a, b) =>
      a.moment - b.moment || Number(b.doc === root) - Number(a.doc === root) || (a.meta.hash < b.meta.hash ? -1 : 1),
  )
  const steps: TimelineStep[] = []
  for (const { doc, meta, isText, isNobodys } of entries) {
    const { mutation: named, group } = parseMessage(meta.message)
    const mutation = named || (isText ? WROTE : '')
    const change = { doc, hash: meta.hash, deps: meta.deps, mutation }
    const last = steps.at(-1)
    if (last && isNobodys) last.changes.push({ ...change, isNobodys })
    else if (last && (group === null ? isSameWriting(last, meta) : last.group === group)) {
      last.changes.push(change)
      last.at = Math.max(last.at, meta.time)
      if (isQuiet(last.mutation)) last.mutation = mutation
    } else steps.push({ at: meta.time, actor: meta.actor, mutation, group, changes: [change] })
  }
  return steps
}

/** An actor writes in one text only, so the same actor means the same text. */
const isSameWriting = (last: TimelineStep, { actor, time }: A.ChangeMetadata): boolean =>
  last.group === null && last.mutation === WROTE && last.actor === actor && time - last.at < STRETCH
