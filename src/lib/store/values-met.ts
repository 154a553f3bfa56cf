/** Values that met in one field: Automerge keeps one of them, and the others beside it until somebody writes the field again. */
import * as A from '@automerge/automerge/slim'
import { toPlain } from './plain.ts'

export interface WrittenValue {
  /** Plain. */
  value: unknown
  actor: string
}

/** Each with the actor that wrote it; none where nothing met. */
export function valuesMet(at: Record<string | number, unknown>, field: string | number): WrittenValue[] {
  return Object.entries(A.getConflicts(at, field) ?? {}).map(([operation, value]) => ({
    value: (toPlain({ value }) as { value: unknown }).value,
    actor: actorOf(operation),
  }))
}

/** Of an operation as Automerge names it. */
export const actorOf = (operation: string): string => operation.slice(operation.indexOf('@') + 1)
