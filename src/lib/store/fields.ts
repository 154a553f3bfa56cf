/**
 * What changes wrote, field by field, with the values before and after: the ground of undo, history and comparison. The values
 * are those at a change's dependencies and at the change itself, so what others wrote meanwhile is not in them.
 */
import * as A from '@automerge/automerge/slim'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { AnyDoc } from './documents.ts'
import { toPlain } from './plain.ts'

export interface WrittenField {
  path: (string | number)[]
  /** Plain; `undefined` where there was nothing. */
  before: unknown
  after: unknown
  /** A map came into being (or went): its fields are inside `after` (or `before`), not listed apart. */
  whole: boolean
}

const nameOf = (path: readonly (string | number)[]): string => path.join('\u0000')

/**
 * The fields that one change wrote, from its operations and the values around it: a diff between two moments costs by the
 * size of the document. What is typed in collaborative texts is left out: editors have an undo of their own.
 */
export function fieldsOfChange(doc: AnyDoc, hash: string): WrittenField[] {
  const change = A.inspectChange(doc, hash)
  if (!change) return []
  const backend = A.getBackend(doc)
  const { startOp, actor, deps, ops } = change
  /** Maps that came with the change: what lies inside belongs to them. */
  const made = new Set<string>()
  const fields = new Map<string, WrittenField>()
  for (const [at, op] of ops.entries()) {
    if (op.action.startsWith('make')) made.add(`${startOp + at}@${actor}`)
    // Letters and blocks of a text have no key.
    if (made.has(op.obj) || !('key' in op) || typeof op.key !== 'string') continue
    const place = op.obj === '_root' ? [] : backend.objInfo(op.obj, [hash]).path
    if (!place || place.some((part) => typeof part === 'number')) continue
    const path = [...place, op.key]
    const [before, after] = [valueIn(backend, op.obj, op.key, deps), valueIn(backend, op.obj, op.key, [hash])]
    if (before === after) continue
    fields.set(nameOf(path), { path, before, after, whole: isMap(after) || isMap(before) })
  }
  return [...fields.values()]
}

function valueIn(backend: ReturnType<typeof A.getBackend>, obj: A.ObjID, key: string, heads: string[]): unknown {
  const value = backend.getWithType(obj, key, heads)
  if (!value) return undefined
  const [type, content] = value
  return plain(type === 'map' || type === 'list' || type === 'text' ? backend.materialize(content, heads) : content)
}

/** The fields of several changes of one author in one document, in order: first before, last after. */
export function fieldsOfChanges(doc: AnyDoc, hashes: readonly string[]): WrittenField[] {
  const fields = new Map<string, WrittenField>()
  for (const hash of hashes) {
    for (const field of fieldsOfChange(doc, hash)) {
      const earlier = fields.get(nameOf(field.path))
      fields.set(
        nameOf(field.path),
        earlier ? { ...field, before: earlier.before, whole: earlier.whole || field.whole } : field,
      )
    }
  }
  return [...fields.values()]
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
  const then = [...heads]
  const last = path.at(-1)
  if (last === undefined || !hasHeads(doc, then)) return undefined
  const backend = A.getBackend(doc)
  let at: A.ObjID = '_root'
  for (const key of path.slice(0, -1)) {
    const [type, object] = backend.getWithType(at, key, then) ?? []
    if (type !== 'map' || typeof object !== 'string') return undefined
    at = object
  }
  return valueIn(backend, at, last, then)
}

const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null
const plain = (value: unknown): unknown => (toPlain({ value }) as { value: unknown }).value
