/**
 * Undo of my own last action after others have edited (P7): the fields that it wrote get back what they held before, if
 * they still hold what it wrote; where somebody has changed one since, the person is told who and decides.
 */
import * as A from '@automerge/automerge/slim'
import type { DocumentType } from '#lib/kernel/define-kind.ts'
import { str } from '#lib/kernel/immutable-string.ts'
import type { AnyDoc } from './documents.ts'
import { fieldsOfChange, fieldsOfChanges, valueAt } from './fields.ts'

export interface UndoWrite {
  path: readonly (string | number)[]
  /** `undefined` deletes. */
  value: unknown
}
export interface UndoClash {
  path: (string | number)[]
  mine: unknown
  theirs: unknown
  /** What undoing would write. */
  restored: unknown
  /** Actor of the change that wrote the present value, '' if it cannot be told. */
  actor: string
}

/** What undoing these changes of one document would write, and which fields others have changed since. */
export function planUndo(
  doc: AnyDoc,
  hashes: readonly string[],
  created: DocumentType<never>['created'],
): { writes: UndoWrite[]; clashes: UndoClash[] } {
  const writes: UndoWrite[] = []
  const clashes: UndoClash[] = []
  const fields = fieldsOfChanges(doc, hashes)
  const entries = new Set(
    fields.filter(({ whole, before }) => whole && before === undefined).map(({ path }) => nameOf(path)),
  )
  for (const field of fields) {
    // What the action wrote into an entry that it had made goes with the entry: an import archives some of its cards.
    if (field.path.some((_, at) => at > 0 && entries.has(nameOf(field.path.slice(0, at))))) continue
    // What only holds others up stays, an entry or a plain value: in a shard that an import opened there are others' cards.
    const flag = created?.[collectionOf(field.path)]
    if (flag === null && field.before === undefined) continue
    const now = valueAt(doc, field.path)
    if (field.whole && field.before === undefined) {
      // An entry came into being: what others wrote into it must not be lost with it.
      if (flag === null || now === undefined) continue
      if (flag === undefined) writes.push({ path: field.path, value: undefined })
      else if (valueAt(doc, [...field.path, flag]) !== true) writes.push({ path: [...field.path, flag], value: true })
      continue
    }
    if (isSame(now, field.before)) continue
    const write = { path: field.path, value: field.before }
    if (!isSame(now, field.after)) {
      const { path, before: restored, after: mine } = field
      clashes.push({ path, mine, theirs: now, restored, actor: lastWriter(doc, hashes, path) })
    }
    writes.push(write)
  }
  return { writes, clashes }
}

/** `cards` of cards/k1, `cards.checklist` of cards/k1/checklist/i1. */
const collectionOf = (path: readonly (string | number)[]): string => path.filter((_, at) => at % 2 === 0).join('.')

/** Applies the writes to a draft inside a change. */
export function applyUndo(draft: Record<string, unknown>, writes: readonly UndoWrite[]): void {
  for (const { path, value } of writes) {
    let at: Record<string | number, unknown> | undefined = draft
    for (const key of path.slice(0, -1)) {
      const next: unknown = at?.[key]
      at = typeof next === 'object' && next !== null ? (next as Record<string | number, unknown>) : undefined
    }
    const last = path.at(-1)
    if (!at || last === undefined) continue
    if (value === undefined) delete at[last]
    else at[last] = toStored(value)
  }
}

/** Strings are stored whole; maps are rebuilt (only where an entry that had been taken out comes back). */
function toStored(value: unknown): unknown {
  if (typeof value === 'string') return str(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toStored(inner)]))
}

const nameOf = (path: readonly (string | number)[]): string => path.join('\u0000')
const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/** Looks through the changes since, newest first, for the one that wrote the field. */
function lastWriter(doc: AnyDoc, hashes: readonly string[], path: readonly (string | number)[]): string {
  const since = A.getChangesMetaSince(doc, [...hashes].slice(-1))
  const wanted = JSON.stringify(path)
  for (const meta of since.slice(-200).reverse()) {
    if (hashes.includes(meta.hash)) continue
    if (fieldsOfChange(doc, meta.hash).some((field) => JSON.stringify(field.path) === wanted)) return meta.actor
  }
  return ''
}
