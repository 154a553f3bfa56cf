/**
 * Moments of a record of work (P8, P18). A version is a manifest: for each document the heads that it had. The timeline puts
 * the changes of all documents into one order that keeps every document's own; a moment is a place in it.
 */
import * as A from '@automerge/automerge/slim'
import { applyPatches } from '#lib/kernel/apply-patches.ts'
import type { WorkDocs } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'
import type { AnyDoc } from './documents.ts'
import { frozenChanges } from './frozen.ts'
import { toPlain, toPlainPatches } from './plain.ts'
import { parseMessage, type OpenWork } from './works.ts'

/** Document → change hashes, sorted. */
export type Manifest = Readonly<Record<DocId, readonly string[]>>

/** One action, or a stretch of it where others wrote in between. */
export interface TimelineStep {
  /** Seconds since 1970, as the author's device claimed them. */
  at: number
  actor: string
  mutation: string
  group: string | null
  changes: { doc: DocId; hash: string; deps: readonly string[]; mutation: string }[]
}

/** Actors of devices: hash of the key and the session. Genesis and migrations have shorter ones. */
const DEVICE_ACTOR = 48
/** Materialised documents that are kept: a slider goes back and forth over the same few shards. */
const MOST_KEPT = 200

export class Moments {
  readonly #timelines = new WeakMap<OpenWork, { key: string; steps: TimelineStep[] }>()
  readonly #plain = new Map<string, unknown>()
  /** The moment of each document that was looked at last. */
  readonly #latest = new Map<DocId, { heads: string[]; plain: unknown }>()

  /** Oldest first. */
  timeline(work: OpenWork): TimelineStep[] {
    const key = keyOf(this.now(work))
    const known = this.#timelines.get(work)
    if (known?.key === key) return known.steps
    const steps = stepsOf(work)
    this.#timelines.set(work, { key, steps })
    return steps
  }

  now(work: OpenWork): Manifest {
    return Object.fromEntries([...work.docs].map(([doc, { open }]) => [doc, [...A.getHeads(open.handle.doc())].sort()]))
  }

  /** After the first `count` steps; 0 is the beginning. */
  at(work: OpenWork, count: number): Manifest {
    const frontiers = new Map<DocId, Set<string>>()
    for (const [doc, { open }] of work.docs) frontiers.set(doc, new Set(frozenHeads(open.row.kind)))
    for (const step of this.timeline(work).slice(0, count)) {
      for (const { doc, hash, deps } of step.changes) {
        const frontier = frontiers.get(doc)
        for (const dep of deps) frontier?.delete(dep)
        frontier?.add(hash)
      }
    }
    return Object.fromEntries([...frontiers].map(([doc, frontier]) => [doc, [...frontier].sort()]))
  }

  /** What the documents held. Documents, or heads, that are not here (yet) are left out: the moment is as full as it can be told. */
  plain(work: OpenWork, manifest: Manifest): WorkDocs {
    const docs: Record<DocId, { type: string; doc: unknown }> = {}
    for (const [id, { type, open }] of work.docs) {
      const heads = manifest[id]
      const doc = open.handle.doc()
      if (!heads || heads.length === 0 || !A.hasHeads(doc, [...heads])) continue
      docs[id] = { type, doc: this.#materialised(id, doc, heads) }
    }
    return { root: work.root, docs }
  }

  #materialised(id: DocId, doc: AnyDoc, heads: readonly string[]): unknown {
    const key = `${id} ${heads.join()}`
    const known = this.#plain.get(key)
    const plain = known ?? this.#made(id, doc, heads)
    this.#latest.set(id, { heads: [...heads], plain })
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
    const base = from && A.hasHeads(doc, from.heads) ? from : { heads: A.getHeads(doc), plain: toPlain(doc) }
    return applyPatches(base.plain, toPlainPatches(A.diff(doc, base.heads, [...heads])))
  }
}

/** Two manifests with one key hold the same. */
export const keyOf = (manifest: Manifest): string =>
  Object.entries(manifest)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([doc, heads]) => `${doc}:${heads.join()}`)
    .join(' ')

const isNow = (doc: AnyDoc, heads: readonly string[]): boolean =>
  A.getHeads(doc).length === heads.length && [...A.getHeads(doc)].sort().join() === [...heads].join()

/** Where a document of that type begins: each frozen change depends on the one before. */
function frozenHeads(name: string): string[] {
  const type = documentTypeNamed(name)
  const last = type && frozenChanges(name, type).at(-1)
  return last ? [A.decodeChange(last as A.Change).hash] : []
}

function stepsOf(work: OpenWork): TimelineStep[] {
  const entries: { doc: DocId; meta: A.ChangeMetadata; time: number }[] = []
  for (const [doc, { open }] of work.docs) {
    // Clocks differ, dependencies do not lie: a change is never shown before one that it builds on.
    let latest = 0
    for (const meta of A.getChangesMetaSince(open.handle.doc(), [])) {
      if (meta.actor.length !== DEVICE_ACTOR) continue
      latest = Math.max(latest, meta.time)
      entries.push({ doc, meta, time: latest })
    }
  }
  // Stable: within one document the order stays.
  entries.sort((a, b) => a.time - b.time)
  const steps: TimelineStep[] = []
  for (const { doc, meta, time } of entries) {
    const { mutation, group } = parseMessage(meta.message)
    const change = { doc, hash: meta.hash, deps: meta.deps, mutation }
    const last = steps.at(-1)
    if (last && group !== null && last.group === group) {
      last.changes.push(change)
      if (last.mutation === 'addShard') last.mutation = mutation
    } else steps.push({ at: time, actor: meta.actor, mutation, group, changes: [change] })
  }
  return steps
}
