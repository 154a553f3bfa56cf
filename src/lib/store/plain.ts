/** Documents and patches as plain data: immutable strings become strings, counters numbers; the rest stays what it is. */
import { ImmutableString } from '#lib/kernel/immutable-string.ts'
import type { PlainPatch } from '#lib/kernel/plain-patch.ts'
import { isCounter, type Patch } from '@automerge/automerge/slim'

const cache = new WeakMap<object, unknown>()

/** Unchanged subtrees keep their identity between two documents, so their plain form is made once and shared. */
export function toPlain(doc: object): Record<string, unknown> {
  return plain(doc) as Record<string, unknown>
}

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof ImmutableString) return value.toString()
  if (isCounter(value)) return value.value
  if (value instanceof Uint8Array || value instanceof Date) return value
  const known = cache.get(value)
  if (known !== undefined) return known
  const made = Array.isArray(value)
    ? value.map(plain)
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
  cache.set(value, made)
  return made
}

/** Marks and conflicts are left out: no plain mirror shows them. */
export function toPlainPatches(patches: readonly Patch[]): PlainPatch[] {
  const out: PlainPatch[] = []
  for (const patch of patches) {
    const path = [...patch.path] as (string | number)[]
    switch (patch.action) {
      case 'put':
        out.push({ action: 'put', path, value: plain(patch.value) })
        break
      case 'del':
        out.push({ action: 'del', path, ...(patch.length !== undefined && { length: patch.length }) })
        break
      case 'insert':
        out.push({ action: 'insert', path, values: patch.values.map(plain) })
        break
      case 'splice':
        out.push({ action: 'splice', path, value: patch.value })
        break
      case 'inc':
        out.push({ action: 'inc', path, value: patch.value })
        break
      default:
        break
    }
  }
  return out
}
