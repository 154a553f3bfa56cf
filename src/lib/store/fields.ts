/**
 * What changes wrote, field by field, with the values before and after: the ground of undo, history and comparison. The values
 * are those at a change's dependencies and at the change itself, so what others wrote meanwhile is not in them.
 */
import * as A from '@automerge/automerge/slim'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { AnyDoc } from './documents.ts'
import { objectPath } from './object-path.ts'
import { toPlain } from './plain.ts'
import { actorOf, type WrittenValue } from './values-met.ts'

export interface WrittenField {
  path: (string | number)[]
  /** Plain; `undefined` where there was nothing. */
  before: unknown
  after: unknown
  /** A map came into being (or went): its fields are inside `after` (or `before`), not listed apart. */
  whole: boolean
}

/** A field that was written again as it was, which settles what stood beside it: with the operation that did. */
export interface SettledField extends WrittenField {
  operation: string
  /** What stood beside it, as far as the change knew of it. */
  over: readonly WrittenValue[]
}

type Op = NonNullable<ReturnType<typeof A.inspectChange>>['ops'][number]

const nameOf = (path: readonly (string | number)[]): string => path.join('\u0000')

/**
 * The fields that one change wrote, from its operations and the values around it: a diff between two moments costs by the
 * size of the document. What is typed in collaborative texts is left out: editors have an undo of their own.
 */
export function fieldsOfChange(doc: AnyDoc, hash: string): WrittenField[] {
  return writtenIn(doc, hash).fields
}

/** With `entry`, those of that entry alone: the values of others, of which an import has thousands, are not asked for. */
function writtenIn(doc: AnyDoc, hash: string, entry?: string): { fields: WrittenField[]; settled: SettledField[] } {
  const change = A.inspectChange(doc, hash)
  if (!change) return { fields: [], settled: [] }
  const backend = A.getBackend(doc)
  const { startOp, actor, deps, ops } = change
  const wholes = new Wholes()
  /** The last operation on each field: what it was before it is asked for once. */
  const last = new Map<string, { op: Op & { key: string }; id: string; isNew: boolean }>()
  for (const [at, op] of ops.entries()) {
    const id = `${startOp + at}@${actor}`
    if (wholes.takes(op, id) || !hasKey(op)) continue
    const name = nameOf([op.obj, op.key])
    last.set(name, { op, id, isNew: op.pred.length === 0 && !last.has(name) })
  }
  const places = new Map<string, readonly (string | number)[] | null>([['_root', []]])
  const placeOf = (obj: string) => {
    const known = places.get(obj)
    if (known !== undefined) return known
    const path = objectPath(backend, obj, { hash, deps })
    // Letters and blocks of a text have a number.
    const place = path?.some((part) => typeof part === 'number') ? null : path
    places.set(obj, place)
    return place
  }
  const fields: WrittenField[] = []
  const settled: SettledField[] = []
  for (const { op, id, isNew } of last.values()) {
    const place = placeOf(op.obj)
    if (!place || (entry !== undefined && [...place, op.key][1] !== entry)) continue
    const before = isNew ? undefined : valueIn(backend, op.obj, op.key, deps)
    const after = wholes.get(id) ?? valueIn(backend, op.obj, op.key, [hash])
    const field = { path: [...place, op.key], before, after, whole: isMap(after) || isMap(before) }
    if (before !== after) fields.push(field)
    else if (op.action === 'set')
      settled.push({ ...field, over: valuesBeside(backend, op.obj, op.key, deps, after), operation: id })
  }
  return { fields, settled }
}

const hasKey = (op: Op): op is Op & { key: string } => 'key' in op && typeof op.key === 'string'

/**
 * Maps that came with a change, made from its operations: to ask the document for them as they were then takes half a
 * millisecond each, and an import brings in thousands.
 */
class Wholes {
  /** Every object that came with the change; null where it holds more than plain values, and the document is asked. */
  readonly #made = new Map<string, { value: Record<string, unknown>; outermost: string } | null>()
  readonly #odd = new Set<string>()

  /** True where the operation is inside something that came with the change: it belongs to that. */
  takes(op: Op, id: string): boolean {
    const outer = this.#made.get(op.obj)
    const isInside = this.#made.has(op.obj)
    if (op.action === 'makeMap' && (outer || !isInside))
      this.#made.set(id, { value: {}, outermost: outer?.outermost ?? id })
    else if (op.action.startsWith('make')) this.#made.set(id, null)
    if (!outer) return isInside
    const inner = this.#made.get(id)
    if (!hasKey(op)) this.#odd.add(outer.outermost)
    else if (op.action === 'del') delete outer.value[op.key]
    else if (inner) outer.value[op.key] = inner.value
    else if (op.action === 'set' && isPlain(op)) outer.value[op.key] = op.value
    else this.#odd.add(outer.outermost)
    return true
  }

  get(id: string): Record<string, unknown> | undefined {
    const made = this.#made.get(id)
    return made && !this.#odd.has(id) ? sorted(made.value) : undefined
  }
}

const PLAIN_TYPES: ReadonlySet<string | undefined> = new Set([undefined, 'int', 'uint', 'float64'])
const isPlain = ({ datatype, value }: Op): boolean =>
  PLAIN_TYPES.has(datatype) && (value === null || typeof value !== 'object')

/** As the document gives them. */
const sorted = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, isMap(inner) ? sorted(inner as Record<string, unknown>) : inner]),
  )

function valueIn(backend: ReturnType<typeof A.getBackend>, obj: A.ObjID, key: string, heads: string[]): unknown {
  const value = backend.getWithType(obj, key, heads)
  return value ? plainOf(backend, value, heads) : undefined
}
const plainOf = (
  backend: ReturnType<typeof A.getBackend>,
  [type, content]: readonly unknown[],
  heads: string[],
): unknown =>
  plain(type === 'map' || type === 'list' || type === 'text' ? backend.materialize(String(content), heads) : content)

/** What met the value that counts, and is another. */
function valuesBeside(
  backend: ReturnType<typeof A.getBackend>,
  obj: A.ObjID,
  key: string,
  heads: string[],
  counts: unknown,
): WrittenValue[] {
  return backend.getAll(obj, key, heads).flatMap((one) => {
    const value = plainOf(backend, one, heads)
    return value === counts ? [] : [{ value, actor: actorOf(String(one.at(-1))) }]
  })
}

/** The fields of several changes of one author in one document, in order: first before, last after; with `entry` those of that entry alone. */
export function fieldsOfChanges(doc: AnyDoc, hashes: readonly string[], entry?: string): WrittenField[] {
  return writtenBy(doc, hashes, entry).fields
}

/** The same, and what they wrote again as it was and nothing else. */
export function writtenBy(
  doc: AnyDoc,
  hashes: readonly string[],
  entry?: string,
): { fields: WrittenField[]; settled: readonly SettledField[] } {
  const fields = new Map<string, WrittenField>()
  const settled = new Map<string, SettledField>()
  for (const hash of hashes) {
    const written = writtenIn(doc, hash, entry)
    for (const field of written.settled) settled.set(nameOf(field.path), field)
    for (const field of written.fields) {
      const earlier = fields.get(nameOf(field.path))
      fields.set(
        nameOf(field.path),
        earlier ? { ...field, before: earlier.before, whole: earlier.whole || field.whole } : field,
      )
    }
  }
  for (const name of fields.keys()) settled.delete(name)
  return { fields: [...fields.values()], settled: [...settled.values()] }
}

/** The present value at a path, plain; `undefined` where there is none. */
export function valueAt(doc: AnyDoc, path: readonly (string | number)[]): unknown {
  let at: unknown = doc
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Record<string | number, unknown>)[key]
  }
  return at === undefined ? undefined : plain(at)
}

/** The value at a path at an earlier moment, plain, without making that moment's document; `undefined` where there was none. */
export function valueThen(doc: AnyDoc, path: readonly string[], heads: readonly string[]): unknown {
  return hasHeads(doc, [...heads]) ? valueWithin(doc, '_root', path, heads) : undefined
}

/** The same of an object, also of one that is hidden behind another; of now where no moment is given. */
export function valueWithin(
  doc: AnyDoc,
  object: A.ObjID,
  path: readonly string[],
  heads: readonly string[] = A.getHeads(doc),
): unknown {
  const then = [...heads]
  const last = path.at(-1)
  if (last === undefined) return undefined
  const backend = A.getBackend(doc)
  let at = object
  for (const key of path.slice(0, -1)) {
    const [type, object] = backend.getWithType(at, key, then) ?? []
    if (type !== 'map' || typeof object !== 'string') return undefined
    at = object
  }
  return valueIn(backend, at, last, then)
}

const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null
const plain = (value: unknown): unknown => (toPlain({ value }) as { value: unknown }).value
