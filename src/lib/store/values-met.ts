/** Values that met in one field: Automerge keeps one of them, and the others beside it until somebody writes the field again. */
import * as A from '@automerge/automerge/slim'
import { toPlain } from './plain.ts'

export interface WrittenValue {
  /** Plain. */
  value: unknown
  actor: string
  /** Of several who put an entry away: by taking back that it came to be there. */
  takenBack?: true
  /** Of what was written in an entry that several have put away: those of them who knew of it, but not all. */
  knownBy?: readonly string[]
}

export interface WrittenBy extends WrittenValue {
  operation: string
  /** The undos by which it is there again, the first of them first: of one that took back what was done after another. */
  again?: readonly string[]
}

/** What undoing choices has left to be chosen again (`reopenedIn`). */
export interface Reopened {
  /** By the operation that an undo wrote, what it stands for. */
  operations: ReadonlyMap<string, readonly WrittenBy[]>
  /** The hashes of those undos. */
  changes: ReadonlySet<string>
}

/** What stands in a field: the value that counts, and those that met it. */
export function valuesAt(
  doc: A.Doc<unknown>,
  at: Record<string, unknown>,
  field: string,
  reopened?: Reopened,
): readonly WrittenBy[] {
  const object = A.getObjectId(at)
  if (object === null) return []
  const all = A.getBackend(doc).getAll(object, field)
  const met = all.length > 1 ? A.getConflicts(at, field) : undefined
  return all.flatMap((one) => {
    const operation = String(one.at(-1))
    const value = met ? met[operation] : at[field]
    return reopened?.operations.get(operation) ?? { operation, value: plain(value), actor: actorOf(operation) }
  })
}

const plain = (value: unknown): unknown => (toPlain({ value }) as { value: unknown }).value

/** Of an operation as Automerge names it. */
export const actorOf = (operation: string): string => operation.slice(operation.indexOf('@') + 1)
