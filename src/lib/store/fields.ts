/**
 * What changes wrote, field by field, with the values before and after: the ground of undo, history and comparison. Taken
 * from two diffs between a change's dependencies and the change itself, so what others wrote meanwhile is not in it.
 */
import * as A from '@automerge/automerge/slim'
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

/** The fields that one change wrote. Collaborative text appears as its length only: editors have an undo of their own. */
export function fieldsOfChange(doc: AnyDoc, hash: string): WrittenField[] {
  const change = A.inspectChange(doc, hash)
  if (!change) return []
  const after = values(A.diff(doc, change.deps, [hash]))
  const before = values(A.diff(doc, [hash], change.deps))
  const fields: WrittenField[] = []
  for (const name of new Set([...after.keys(), ...before.keys()])) {
    const now = after.get(name)
    const then = before.get(name)
    const path = (now ?? then)?.path
    if (!path) continue
    fields.push({ path, before: then?.value, after: now?.value, whole: isMap(now?.value) || isMap(then?.value) })
  }
  // What lies inside a map that came or went belongs to it.
  const wholes = fields.filter((field) => field.whole).map((field) => nameOf(field.path) + '\u0000')
  return fields.filter((field) => !wholes.some((whole) => nameOf(field.path).startsWith(whole)))
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

const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null
const plain = (value: unknown): unknown => (toPlain({ value }) as { value: unknown }).value

/** Puts and deletions by path; a new map is assembled from the puts that follow it. */
function values(patches: readonly A.Patch[]): Map<string, { path: (string | number)[]; value: unknown }> {
  const found = new Map<string, { path: (string | number)[]; value: unknown }>()
  for (const patch of patches) {
    const { path } = patch
    const inside = path.slice(0, -1).reduce<unknown>((_, __, index) => {
      const parent = found.get(nameOf(path.slice(0, index + 1)))
      return isMap(parent?.value) ? { parent: parent?.value, rest: path.slice(index + 1) } : _
    }, null) as { parent: Record<string, unknown>; rest: (string | number)[] } | null
    switch (patch.action) {
      case 'put': {
        const value = plain(patch.value)
        if (inside) place(inside.parent, inside.rest, value)
        else found.set(nameOf(path), { path, value })
        break
      }
      case 'del':
        if (!inside) found.set(nameOf(path), { path, value: undefined })
        break
      default:
        // Insertions and splices belong to lists and text, which undo leaves to the editors.
        break
    }
  }
  return found
}

function place(parent: Record<string, unknown>, rest: readonly (string | number)[], value: unknown): void {
  let at = parent
  for (const key of rest.slice(0, -1)) {
    const next = at[key]
    if (!isMap(next)) return
    at = next as Record<string, unknown>
  }
  const last = rest.at(-1)
  if (last !== undefined) at[last] = value
}
