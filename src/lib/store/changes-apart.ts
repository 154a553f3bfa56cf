/**
 * Changes of a document that knew nothing of one another: neither is among what the other was made on. Automerge is asked once
 * for each change, not once for each operation of each entry. And what a choice had settled that was taken back.
 */
import * as A from '@automerge/automerge/slim'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import { takenIn } from '#lib/kernel/groups.ts'
import { isOfUndo, isTakingBack, isYielded, parseMessage, parseTakenBack } from './change-message.ts'
import type { AnyDoc } from './documents.ts'
import { entryName, fieldName, partsOf, placeNamed, type Touched } from './touched.ts'
import { actorOf, type Reopened, type WrittenBy } from './values-met.ts'

export interface ChangesApart {
  /** Whether one of them made it. */
  made: (operation: string) => boolean
  /** What they wrote in an entry: the way to each field. */
  fieldsIn: (collection: string, entry: string) => readonly (readonly string[])[]
}

/**
 * The changes of a document apart from the one that wrote a value, or from an undo by which it is there again; null where the
 * document has no such change.
 */
export function changesApart(doc: AnyDoc, touched: Touched, { operation, again = [] }: WrittenBy): ChangesApart | null {
  const changes = changesIn(doc)
  const first = changes.apartFrom(doc, touched, operation)
  if (!first || again.length === 0) return first
  const all = [first, ...again.flatMap((one) => changes.apartFrom(doc, touched, one) ?? [])]
  return {
    made: (other) => all.some((one) => one.made(other)),
    fieldsIn: (...place) => all.flatMap((one) => one.fieldsIn(...place)),
  }
}

/**
 * A choice that was taken back counts as not made: what the undo wrote stands for what there had been to choose between. For
 * nobody can write again what others wrote, nor put something away anew without knowing what was written in it.
 */
export function reopenedIn(doc: AnyDoc): Reopened {
  return changesIn(doc).reopened
}

/**
 * Whoever chooses between values that met writes one of them again: the operations by which that had stood there, the one that
 * counted last; none where one wrote what had not.
 */
export function keptFrom(
  doc: AnyDoc,
  at: Record<string, unknown>,
  field: string,
  operation: string,
): readonly string[] {
  const object = A.getObjectId(at)
  return object ? changesIn(doc).keptFrom(doc, object, field, operation) : []
}

/** The same of whoever chose what had been chosen: the operation by which the value stood there at first. */
export function firstOf(doc: AnyDoc, at: Record<string, unknown>, field: string, operation: string): string {
  const earlier = keptFrom(doc, at, field, operation).at(-1)
  return earlier === undefined ? operation : firstOf(doc, at, field, earlier)
}

/**
 * The changes that made these operations, without those that another one of them knew. For what an undo wrote that took a choice
 * back stands what there was to choose between.
 */
export function latestOf(doc: AnyDoc, operations: readonly string[]): { operation: string; hash: string }[] {
  return changesIn(doc).latestOf(operations)
}

/** Whether a change was made on another one, near or far. */
export function knownTo(doc: AnyDoc, hash: string): (other: string) => boolean {
  return changesIn(doc).knownTo(hash)
}

/** The change that made an operation. */
export function changeOf(doc: AnyDoc, operation: string): string | undefined {
  return changesIn(doc).changeOf(operation)?.hash
}

/** Those that had written what stood in a field before a change. */
export function changesBefore(doc: AnyDoc, hash: string, at: Record<string, unknown>, field: string): string[] {
  const object = A.getObjectId(at)
  const backend = A.getBackend(doc)
  const deps = backend.getChangeMetaByHash(hash)?.deps ?? []
  const before = object === null ? [] : backend.getAll(object, field, deps)
  return before.flatMap((one) => changeOf(doc, String(one.at(-1))) ?? [])
}

/**
 * Whether what stands in a field is nobody's wish to whoever wrote another value there apart: an undo, or a redo, by which it is as both had known it, or
 * what was written so that another value counts (yielded.ts) which that person knew.
 */
export function isNobodys(
  doc: AnyDoc,
  touched: Touched,
  { object, path }: { object: A.ObjID; path: readonly string[] },
  operation: string,
  other: string,
): boolean {
  return changesIn(doc).isNobodys(doc, touched, { object, path }, operation, other)
}

/**
 * Whether a change is what its message says (yielded.ts): one of the values that had met in each field that it wrote, and nothing else. What a
 * member says of a change is not believed: nobody's action stands in no history.
 */
export function isYieldedChange(doc: AnyDoc, { hash, message }: Pick<A.ChangeMetadata, 'hash' | 'message'>): boolean {
  const change = isYielded(message) ? A.inspectChange(doc, hash) : null
  if (!change || change.ops.length === 0) return false
  const backend = A.getBackend(doc)
  return change.ops.every((op) => {
    if (op.action !== 'set' || !('key' in op) || typeof op.key !== 'string') return false
    const met = backend.getAll(op.obj, op.key, change.deps)
    const [, value] = backend.getAll(op.obj, op.key, [hash]).at(-1) ?? []
    return met.length > 1 && met.some((one) => one[1] === value)
  })
}

/** Whether an operation was written to take back what had been done by another one. */
export function takesBack(doc: AnyDoc, operation: string, other: string): boolean {
  const [by, taken] = [operation, other].map((one) => parseMessage(changesIn(doc).changeOf(one)?.message).mutation)
  const { way, mutations } = parseTakenBack(by ?? '')
  return way === 'undo' && taken !== undefined && mutations.includes(taken)
}

/** All of them, each after what it was made on. */
export function changesInOrder(doc: AnyDoc): readonly Pick<Made, 'hash' | 'actor' | 'message' | 'isApart'>[] {
  return changesIn(doc).all
}

/**
 * Those since some heads that did not know all that was there before them, or that took something back: only by these is there something
 * to choose that there was not.
 */
export function apartSince(
  doc: AnyDoc,
  since: readonly string[],
): { hash: string; message: string | null; knewAll: boolean; isApart: boolean }[] {
  let heads = new Set(since)
  return A.getChangesMetaSince(doc, [...since]).map(({ hash, deps, message }) => {
    const knewAll = knowsAll(deps, heads)
    heads = heads.difference(new Set(deps)).add(hash)
    return { hash, message, knewAll, isApart: !knewAll || isTakingBack(message) || takenIn(message) !== null }
  })
}
const knowsAll = (deps: readonly string[], heads: ReadonlySet<string>): boolean =>
  deps.length === heads.size && deps.every((dep) => heads.has(dep))

function changesIn(doc: AnyDoc): Changes {
  const backend = A.getBackend(doc)
  const known = changesOf.get(backend)
  const heads = A.getHeads(doc)
  const isCurrent = known && heads.length === known.heads.length && heads.every((head) => known.heads.includes(head))
  if (isCurrent) return known
  // Of a document that was rolled back since, nothing is known.
  const changes = known && hasHeads(doc, known.heads) ? known : new Changes()
  changesOf.set(backend, changes)
  changes.catchUp(doc, heads)
  return changes
}

const changesOf = new WeakMap<object, Changes>()

/** Sets of changes that are remembered of one document. */
const MOST_KEPT = 100

interface Made extends Pick<A.ChangeMetadata, 'hash' | 'actor' | 'startOp' | 'maxOp' | 'message'> {
  at: number
  /** It did not know all that was there before it: of two that knew nothing of one another the later one. */
  isApart: boolean
  /** The first of its stretch, once that was asked for. */
  first?: Made
  /** Where those are that it was made on. */
  deps: readonly number[]
}

/** How many steps are not taken back, and how many of before are taken back and not done again. */
interface Steps {
  done: number
  undone: number
}
const NO_STEPS: Steps = { done: 0, undone: 0 }
interface SinceBoth {
  heads: string[]
  steps: ReadonlyMap<string, Steps>
}

class Changes {
  heads: A.Heads = []
  /** In an order in which each comes after what it was made on. */
  readonly #all: Made[] = []
  readonly all: readonly Made[] = this.#all
  readonly #places = new Map<string, number>()
  readonly #byActor = new Map<string, Made[]>()
  readonly #apart = new Map<Made, ChangesApart>()
  readonly #since = new Map<string, SinceBoth>()
  readonly #known = new Map<Made, Uint8Array>()
  readonly #operations = new Map<string, readonly WrittenBy[]>()
  readonly #undoing = new Set<string>()
  readonly reopened: Reopened = { operations: this.#operations, changes: this.#undoing }

  catchUp(doc: AnyDoc, heads: A.Heads): void {
    let frontier = new Set<string>(this.heads)
    for (const { hash, deps, actor, startOp, maxOp, message } of A.getChangesMetaSince(doc, this.heads)) {
      const at = this.#all.length
      const isApart = !knowsAll(deps, frontier)
      frontier = frontier.difference(new Set(deps)).add(hash)
      const made = {
        hash,
        actor,
        startOp,
        maxOp,
        message,
        at,
        isApart,
        deps: deps.flatMap((dep) => this.#places.get(dep) ?? []),
      }
      this.#all.push(made)
      this.#places.set(hash, at)
      const own = this.#byActor.get(actor)
      if (own) own.push(made)
      else this.#byActor.set(actor, [made])
      if (isTakingBack(message) || isYielded(message)) this.#reopen(doc, made)
    }
    this.heads = heads
    this.#apart.clear()
    this.#since.clear()
  }

  apartFrom(doc: AnyDoc, touched: Touched, operation: string): ChangesApart | null {
    const change = this.changeOf(operation)
    if (!change) return null
    const known = this.#apart.get(change)
    if (known) return known
    const apart = new Set(this.#apartFrom(change))
    const fields = new Map<string, (readonly string[])[]>()
    for (const { hash } of apart) {
      for (const name of touched.fields(doc, hash)) {
        const place = entryName(...placeNamed(name))
        const way = partsOf(name).slice(2)
        const others = fields.get(place)
        if (others) others.push(way)
        else fields.set(place, [way])
      }
    }
    const found: ChangesApart = {
      made: (other) => {
        const by = this.changeOf(other)
        return by !== undefined && apart.has(by)
      },
      fieldsIn: (collection, entry) => fields.get(entryName(collection, entry)) ?? [],
    }
    if (this.#apart.size >= MOST_KEPT) this.#apart.clear()
    this.#apart.set(change, found)
    return found
  }

  keptFrom(doc: AnyDoc, object: A.ObjID, field: string, operation: string): readonly string[] {
    const change = this.changeOf(operation)
    if (!change) return []
    const backend = A.getBackend(doc)
    const [, value] = backend.getAll(object, field, [change.hash]).find((one) => one.at(-1) === operation) ?? []
    const before = backend.getAll(object, field, this.#depsOf(change))
    return before.flatMap((one) => (one[1] === value ? [String(one.at(-1))] : []))
  }

  latestOf(operations: readonly string[]): { operation: string; hash: string }[] {
    // Whatever else an undo wrote that opened a choice again is as it was before that.
    const undos = new Set(operations.map((one) => this.#operations.has(one) && this.changeOf(one)))
    const made = new Map<Made, string>()
    for (const one of operations) {
      const settled = this.#operations.get(one)?.map(({ operation }) => operation)
      for (const operation of settled ?? [one]) {
        const change = this.changeOf(operation)
        if (change && (settled || !undos.has(change))) made.set(change, operation)
      }
    }
    const all = [...made]
    const known = all.map(([change]) => this.#knownTo(change))
    return all.flatMap(([change, operation]) =>
      known.some((one, at) => all[at]?.[0] !== change && one.has(change.at)) ? [] : [{ operation, hash: change.hash }],
    )
  }

  knownTo(hash: string): (other: string) => boolean {
    const change = this.#all[this.#places.get(hash) ?? -1]
    if (!change) return () => false
    return (other) => {
      const one = this.#all[this.#places.get(other) ?? -1]
      // Of others it knows what the first one of its stretch did.
      if (one?.actor === change.actor) return one.at <= change.at
      return one !== undefined && this.#knownToFirst(change)[one.at] === 1
    }
  }

  /** 1 at the place of each, as many as there are before it: a set of numbers would be many times as large. */
  #knownToFirst(change: Made): Uint8Array {
    const first = this.#firstOfStretch(change)
    const known = this.#known.get(first)
    if (known) return known
    const places = new Uint8Array(first.at + 1)
    for (const at of this.#knownTo(first)) places[at] = 1
    if (this.#known.size >= MOST_KEPT) this.#known.clear()
    this.#known.set(first, places)
    return places
  }

  /** From which on a device made one change after the other and took in nothing of anybody else. */
  #firstOfStretch(change: Made): Made {
    const way: Made[] = []
    let first = change
    for (let before = this.#ownBefore(first); before && !first.first; before = this.#ownBefore(first)) {
      way.push(first)
      first = before
    }
    first = first.first ?? first
    for (const one of way) one.first = first
    return first
  }
  #ownBefore({ actor, deps: [only, ...others] }: Made): Made | undefined {
    const before = only === undefined || others.length > 0 ? undefined : this.#all[only]
    return before?.actor === actor ? before : undefined
  }

  #reopen(doc: AnyDoc, undoing: Made): void {
    const backend = A.getBackend(doc)
    const { hash, message } = undoing
    const deps = this.#depsOf(undoing)
    const isRedo = !isOfUndo(message) && !isYielded(message)
    const fields = new Map<string, readonly [obj: string, key: string]>()
    for (const op of A.inspectChange(doc, hash)?.ops ?? [])
      if ('key' in op && typeof op.key === 'string' && op.pred.length > 0)
        fields.set(`${op.obj} ${op.key}`, [op.obj, op.key])
    const alone: (readonly [again: string, was: readonly WrittenBy[]])[] = []
    for (const [obj, key] of fields.values()) {
      const [undo] = backend.getAll(obj, key, [hash])
      const [choice, ...others] = backend.getAll(obj, key, deps)
      if (undo && choice && !isRedo) this.#leave(undo, [choice, ...others], isYielded(message))
      const isAlone = choice && others.length === 0
      const chosen = isAlone && this.changeOf(String(choice.at(-1)))
      // What counts because the other had been taken back nobody has chosen.
      if (!undo || !chosen || isYielded(message) || isYielded(chosen.message)) continue
      const before = backend.getAll(obj, key, this.#depsOf(chosen)).map((one): WrittenBy | null => {
        const [, value, operation] = one
        return operation === undefined ? null : { operation, value, actor: actorOf(operation) }
      })
      const settled = before.filter((one) => one !== null)
      const counted = settled.at(-1)
      if (!counted || settled.length < before.length || undo.length < 3 || undo[1] !== counted.value) continue
      const all = settled.flatMap((one) => this.#operations.get(one.operation) ?? [one])
      const again = String(undo[2])
      const was = all.map((one) => ({ ...one, again: [...(one.again ?? []), again] }))
      // Of one value nothing is to be chosen, unless it put away what it is in.
      if (all.length < 2 && counted.value !== true) {
        alone.push([again, was])
        continue
      }
      this.#operations.set(again, was)
      this.#undoing.add(hash)
    }
    // What a choice wrote besides, as it was, is as who had put it there knew of the others.
    if (this.#undoing.has(hash)) for (const [again, was] of alone) this.#operations.set(again, was)
  }

  isNobodys(
    doc: AnyDoc,
    touched: Touched,
    { object, path }: { object: A.ObjID; path: readonly string[] },
    operation: string,
    other: string,
  ): boolean {
    const [by, apart] = [this.changeOf(operation), this.changeOf(other)]
    const field = path.at(-1)
    if (!by || !apart || by === apart || field === undefined) return false
    if (isYielded(by.message)) {
      const kept = this.keptFrom(doc, object, field, operation)
      const knows = this.knownTo(apart.hash)
      return kept.length > 0 && kept.every((one) => knows(this.changeOf(one)?.hash ?? ''))
    }
    if (!isTakingBack(by.message)) return false
    const { heads, steps } = this.#sinceBoth(doc, touched, by, apart)
    const { done, undone } = steps.get(fieldName(path)) ?? NO_STEPS
    if (done + undone > 0) return false
    const backend = A.getBackend(doc)
    const present = backend.getAll(object, field).find((one) => one.at(-1) === operation)
    const [, now] = present ?? backend.getAll(object, field, [by.hash]).at(-1) ?? []
    const [, then] = backend.getAll(object, field, heads).at(-1) ?? []
    return then === now
  }

  /** What both changes were made on; and field by field what the one was made on beside. */
  #sinceBoth(doc: AnyDoc, touched: Touched, by: Made, apart: Made): SinceBoth {
    // Of a stretch of which the one knows nothing both know the same.
    const first = this.#firstOfStretch(apart)
    const other = this.knownTo(by.hash)(first.hash) ? apart : first
    const name = `${by.at} ${other.at}`
    const known = this.#since.get(name)
    if (known) return known
    const [own, others] = [this.#knownTo(by), this.#knownTo(other)]
    const both = own.intersection(others)
    const heads = new Set(both)
    for (const at of both) for (const dep of this.#all[at]?.deps ?? []) heads.delete(dep)
    const steps = new Map<string, Steps>()
    for (const { hash, message } of this.#all.filter(({ at }) => own.has(at) && !both.has(at)))
      for (const field of touched.fields(doc, hash)) {
        const { done, undone } = steps.get(field) ?? NO_STEPS
        const { way } = parseTakenBack(parseMessage(message).mutation)
        const isBack = way === 'undo' ? done > 0 : way === 'redo' && undone > 0
        const by = isBack ? -1 : 1
        const isOfDone = (way === 'undo') === isBack
        steps.set(field, isOfDone ? { done: done + by, undone } : { done, undone: undone + by })
      }
    const found = { heads: [...heads].flatMap((at) => this.#all[at]?.hash ?? []), steps }
    if (this.#since.size >= MOST_KEPT) this.#since.clear()
    this.#since.set(name, found)
    return found
  }

  /** Whoever takes back one of what met leaves what another one wrote as it is: it is written again, and stays theirs. */
  #leave(undo: readonly unknown[], there: readonly (readonly unknown[])[], isOwnLeft: boolean): void {
    const again = String(undo.at(-1))
    const met = there.flatMap((one): readonly WrittenBy[] => {
      const operation = String(one.at(-1))
      return this.#operations.get(operation) ?? [{ operation, value: one[1], actor: actorOf(operation) }]
    })
    const left = met.find(({ value, actor }) => value === undo[1] && (isOwnLeft || actor !== actorOf(again)))
    if (undo.length < 3 || met.length < 2 || !left) return
    this.#operations.set(again, [{ ...left, again: [...(left.again ?? []), again] }])
  }

  #depsOf({ deps }: Made): string[] {
    return deps.flatMap((at) => this.#all[at]?.hash ?? [])
  }

  changeOf(operation: string): Made | undefined {
    const count = Number(operation.slice(0, operation.indexOf('@')))
    const change = this.#byActor.get(actorOf(operation))?.findLast(({ startOp }) => startOp <= count)
    return change && count <= change.maxOp ? change : undefined
  }

  #apartFrom(change: Made): Made[] {
    const [before, after] = [this.#knownTo(change), new Set([change.at])]
    for (const { at, deps } of this.#all.slice(change.at + 1)) if (deps.some((dep) => after.has(dep))) after.add(at)
    return this.#all.filter(({ at }) => !before.has(at) && !after.has(at))
  }

  /** Where those are that it was made on, near and far, and itself. */
  #knownTo(change: Made): Set<number> {
    const known = new Set([change.at])
    for (const { at, deps } of this.#all.slice(0, change.at + 1).reverse())
      if (known.has(at)) for (const dep of deps) known.add(dep)
    return known
  }
}
