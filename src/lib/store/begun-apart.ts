/**
 * Entries that two devices began under one id without knowing of each other (the next card of one that repeats): Automerge shows
 * one of them, and keeps beside it what is in the others.
 */
import * as A from '@automerge/automerge/slim'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { readProse } from '#lib/kinds/prose/schema.ts'
import type { AnyDoc } from './documents.ts'
import { valueWithin } from './fields.ts'
import { toPlain } from './plain.ts'
import { actorOf, type WrittenValue } from './values-met.ts'

type Backend = ReturnType<typeof A.getBackend>
type Held = ReturnType<Backend['getAll']>[number]

/** The objects, the one that is shown last; none where only one was begun. */
export function objectsBegun(doc: AnyDoc, collection: string, entry: string): A.ObjID[] {
  const entries = A.getObjectId(doc[collection])
  const all = entries === null ? [] : A.getBackend(doc).getAll(entries, entry)
  const begun = all.flatMap(([type, object]) => (type === 'map' ? [object] : []))
  return begun.length < 2 ? [] : begun
}

/** What a field holds in each of them. */
export function valuesBegun(doc: AnyDoc, objects: readonly A.ObjID[], field: string): WrittenValue[] {
  const backend = A.getBackend(doc)
  return objects.flatMap((object) =>
    backend.getAll(object, field).map((value) => ({
      value: valueOf(backend, value),
      actor: actorOf(lastIn(backend, value)),
    })),
  )
}

/** One of them: what was made of it since it was begun. */
export interface BegunObject {
  object: A.ObjID
  isShown: boolean
  /** By the way to it, of sets and lists member by member: what stands there now, and who wrote that, or within it, last. */
  made: ReadonlyMap<string, Made>
  valueOf: (path: readonly string[]) => unknown
}
interface Made {
  path: readonly string[]
  value: unknown
  actor: string
}

/** What was made of each of them, the one that is shown last. */
export function fieldsMadeOf(doc: AnyDoc, collection: string, entry: string): BegunObject[] {
  const all = objectsBegun(doc, collection, entry)
  return all.map((object) => {
    const begun = changeThatMade(doc, object)
    const made = begun === undefined ? [] : madeIn(doc, object, begun)
    return {
      object,
      isShown: object === all.at(-1),
      made: new Map(made.map((one) => [JSON.stringify(one.path), one])),
      valueOf: (path) => valueWithin(doc, object, path),
    }
  })
}

function madeIn(doc: AnyDoc, object: A.ObjID, begun: string): Made[] {
  const backend = A.getBackend(doc)
  const keys = new Set([...backend.keys(object), ...backend.keys(object, [begun])])
  return [...keys].flatMap((key): Made[] => {
    const [value, then] = [valueWithin(doc, object, [key]), valueWithin(doc, object, [key], [begun])]
    if (JSON.stringify(value) === JSON.stringify(then)) return []
    const [held, was] = [backend.getAll(object, key).at(-1), backend.getAll(object, key, [begun]).at(-1)]
    // Of a map that is still the same one only what lies in it was made.
    if (held?.[0] === 'map' && held[1] === was?.[1])
      return madeIn(doc, held[1], begun).map((one) => ({ ...one, path: [key, ...one.path] }))
    // Who took something out cannot be told; until these met nobody else knew of it.
    return [{ path: [key], value, actor: actorOf(held ? lastIn(backend, held) : object) }]
  })
}

function valueOf(backend: Backend, [type, value]: Held): unknown {
  const isObject = type === 'map' || type === 'list' || type === 'text'
  return (toPlain({ value: isObject ? backend.materialize(value) : value }) as { value: unknown }).value
}

/** The last operation that wrote a value, or within it. */
function lastIn(backend: Backend, value: Held): string {
  const own = String(value.at(-1))
  if (value[0] !== 'map') return own
  const [, object] = value
  const inside = backend.keys(object).flatMap((key) => backend.getAll(object, key).map((one) => lastIn(backend, one)))
  return inside.reduce((last, one) => (countOf(one) > countOf(last) ? one : last), own)
}
const countOf = (operation: string): number => Number(operation.slice(0, operation.indexOf('@')))

export interface BegunText extends WrittenValue {
  value: string
  spans: A.Span[]
  /** Somebody wrote in it since it was begun. */
  isWritten: boolean
}

/** The same of the text of an entry. */
export function textsBegun(doc: AnyDoc, entry: string): BegunText[] {
  const backend = A.getBackend(doc)
  return objectsBegun(doc, 'entries', entry).flatMap((begun) => {
    const [type, object] = backend.getAll(begun, 'text').at(-1) ?? []
    if (type !== 'text' || typeof object !== 'string') return []
    const text = backend.text(object)
    const made = changeThatMade(doc, begun)
    const isWritten = made === undefined || backend.text(object, [made]) !== text
    const { text: value = '' } = readProse({ entries: { [entry]: { text } } }).entries[entry] ?? {}
    return [{ value, actor: actorOf(begun), spans: backend.spans(object), isWritten }]
  })
}

/** Whether any of these changes wrote in a text of an entry that is hidden behind another one. */
export function isInHiddenText(doc: AnyDoc, entry: string, hashes: readonly string[]): boolean {
  const backend = A.getBackend(doc)
  const hidden = objectsBegun(doc, 'entries', entry)
    .slice(0, -1)
    .flatMap((begun) => backend.getAll(begun, 'text').map((held) => String(held[1])))
  if (hidden.length === 0) return false
  return hashes.some((hash) => A.inspectChange(doc, hash)?.ops.some(({ obj }) => hidden.includes(obj)) === true)
}

function changeThatMade(doc: AnyDoc, object: A.ObjID): string | undefined {
  const [count, actor] = [countOf(object), actorOf(object)]
  return A.getChangesMetaSince(doc, []).find(
    (change) => change.actor === actor && change.startOp <= count && count <= change.maxOp,
  )?.hash
}

/** Who began the entry that is shown; null where there is none. */
export function begunBy(doc: AnyDoc, collection: string, entry: string): string | null {
  const entries = fieldsOf(doc[collection])
  const object = Object.hasOwn(entries, entry) ? A.getObjectId(entries[entry]) : null
  return object && actorOf(object)
}
