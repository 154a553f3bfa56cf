/**
 * Fields into which two devices wrote different values at once. Automerge keeps one of them, the same everywhere, and the
 * others beside it until somebody writes the field again: so a person can be asked, and nothing is picked in silence.
 */
import * as A from '@automerge/automerge/slim'
import type { DocumentType } from '#lib/kernel/define-kind.ts'
import type { AnyDoc } from './documents.ts'
import { toPlain } from './plain.ts'

export interface ContestedField {
  path: readonly [collection: string, entry: string, field: string]
  /** Plain; the one that counts comes first. Each with the actor that wrote it. */
  values: readonly { value: unknown; actor: string }[]
}

type Contested = NonNullable<DocumentType<never>['contested']>

/** The contested fields of one entry; none where the entry is not there. */
export function contestedIn(doc: AnyDoc, contested: Contested, collection: string, entry: string): ContestedField[] {
  const at = mapIn(mapIn(doc, collection), entry)
  if (!at) return []
  return (contested[collection] ?? []).flatMap((field): ContestedField[] => {
    const written = A.getConflicts(at, field)
    if (!written) return []
    const present = JSON.stringify(plain(at[field]))
    // Two people who wrote the same agree, whoever came first.
    const values = new Map<string, { value: unknown; actor: string }>()
    for (const [operation, value] of Object.entries(written)) {
      const known = plain(value)
      values.set(JSON.stringify(known), { value: known, actor: operation.slice(operation.indexOf('@') + 1) })
    }
    if (values.size < 2) return []
    const inOrder = [...values].sort(([a], [b]) => Number(b === present) - Number(a === present) || (a < b ? -1 : 1))
    return [{ path: [collection, entry, field], values: inOrder.map(([, value]) => value) }]
  })
}

/** The entries of the collections that have such fields. */
export const entriesIn = (doc: AnyDoc, contested: Contested): [collection: string, entry: string][] =>
  Object.keys(contested).flatMap((collection) =>
    Object.keys(mapIn(doc, collection) ?? {}).map((entry): [string, string] => [collection, entry]),
  )

const plain = (value: unknown): unknown => (toPlain({ value }) as { value: unknown }).value

function mapIn(value: unknown, key: string): Record<string, unknown> | null {
  const at = isMap(value) && Object.hasOwn(value, key) ? value[key] : null
  return isMap(at) ? at : null
}
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
