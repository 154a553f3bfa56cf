/**
 * Fields into which two devices wrote different values at once. Automerge keeps one of them, the same everywhere, and the
 * others beside it until somebody writes the field again: so a person can be asked, and nothing is picked in silence.
 */
import * as A from '@automerge/automerge/slim'
import type { DocumentType } from '#lib/kernel/define-kind.ts'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import type { ProjectionRow } from './db.ts'
import type { AnyDoc } from './documents.ts'
import { toPlain } from './plain.ts'
import { placeNamed, type Touched } from './touched.ts'

export interface ContestedField {
  path: readonly [collection: string, entry: string, field: string]
  /** Plain; the one that counts comes first. Each with the actor that wrote it. */
  values: readonly { value: unknown; actor: string }[]
}

type Contested = NonNullable<DocumentType<never>['contested']>

/** The contested fields of one entry; none where the entry is not there. */
export function contestedIn(doc: AnyDoc, contested: Contested, collection: string, entry: string): ContestedField[] {
  const at = collection === '' ? mapOf(doc) : mapIn(mapIn(doc, collection), entry)
  if (!at) return []
  const fields = (contested[collection] ?? []).filter((field) => collection !== '' || field === entry)
  return fields.flatMap((field): ContestedField[] => {
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

/** A document's contested fields, and the heads at which they were looked for. */
export interface ContestedAt {
  heads: readonly string[]
  fields: readonly ContestedField[]
}

/** What a projection found of a document. */
export function contestedAt(
  row: Pick<ProjectionRow, 'heads' | 'contested'> | null | undefined,
  doc: DocId,
): ContestedAt | undefined {
  const [heads, fields] = [row?.heads[doc], row?.contested[doc]]
  return heads && fields && { heads, fields }
}

/**
 * The contested fields of a document, from those of an earlier state of it: to look at each field of 1,000 cards takes half a
 * second. Two values meet only where a change did not know of all that was there before it, and in no entry but those that
 * it touched.
 */
export function contestedSince(
  doc: AnyDoc,
  contested: Contested,
  touched: Touched,
  before: ContestedAt | undefined,
): ContestedField[] {
  // Of a document that was rolled back since, nothing is known.
  const known = before && hasHeads(doc, [...before.heads]) ? before : { heads: [], fields: [] }
  const places = new Map(
    known.fields.map(({ path: [collection, entry] }) => [`${collection} ${entry}`, [collection, entry] as const]),
  )
  let heads = new Set(known.heads)
  for (const { hash, deps } of A.getChangesMetaSince(doc, [...known.heads])) {
    const knewAll = deps.length === heads.size && deps.every((dep) => heads.has(dep))
    if (!knewAll) {
      for (const name of touched.of(doc, hash)) {
        const place = placeNamed(name)
        places.set(place.join(' '), place)
      }
    }
    heads = heads.difference(new Set(deps)).add(hash)
  }
  // In one order, whatever was known before.
  const inOrder = [...places].sort(([a], [b]) => (a < b ? -1 : 1))
  return inOrder.flatMap(([, place]) => contestedIn(doc, contested, ...place))
}

const plain = (value: unknown): unknown => (toPlain({ value }) as { value: unknown }).value

function mapIn(value: unknown, key: string): Record<string, unknown> | null {
  const at = isMap(value) && Object.hasOwn(value, key) ? value[key] : null
  return isMap(at) ? at : null
}
const mapOf = (value: unknown): Record<string, unknown> | null => (isMap(value) ? value : null)
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
