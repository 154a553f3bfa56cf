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
import { actorOf, valuesMet, type WrittenValue } from './values-met.ts'

export interface ContestedField {
  path: readonly [collection: string, entry: string, field: string, ...inner: string[]]
  /** The one that counts comes first. */
  values: readonly WrittenValue[]
}

type Contested = Pick<DocumentType<never>, 'contested' | 'putAway'>
type Entry = Record<string, unknown>

/** The contested fields of one entry; none where the entry is not there. */
export function contestedIn(doc: AnyDoc, type: Contested, collection: string, entry: string): ContestedField[] {
  const at = collection === '' ? mapOf(doc) : mapIn(mapIn(doc, collection), entry)
  if (!at) return []
  const fields = (type.contested?.[collection] ?? []).filter((field) => collection !== '' || field === entry)
  const own = fields.flatMap((field) => valuesOf(at, field, [collection, entry, field]))
  return collection === '' ? own : [...own, ...contestedWithin(doc, type, at, [collection, entry])]
}

/** The same of the collections within an entry: of what is put away nothing counts but that. */
function contestedWithin(doc: AnyDoc, type: Contested, at: Entry, place: readonly [string, string]): ContestedField[] {
  const { contested = {}, putAway = {} } = type
  const names = [...new Set([...Object.keys(contested), ...Object.keys(putAway)])]
  return names.flatMap((name) => {
    const [collection, inner] = name.split('.')
    const items = inner !== undefined && collection === place[0] ? mapIn(at, inner) : null
    if (inner === undefined || !items) return []
    return Object.keys(items).flatMap((id): ContestedField[] => {
      const item = mapIn(items, id)
      if (!item) return []
      const away = putAway[name]
      if (away && item[away.flag] === true) return changedUnknowing(doc, item, away, [...place, inner, id, away.flag])
      return (contested[name] ?? []).flatMap((field) => valuesOf(item, field, [...place, inner, id, field]))
    })
  })
}

function valuesOf(at: Entry, field: string, path: ContestedField['path']): ContestedField[] {
  // Two people who wrote the same agree, whoever came first.
  const values = new Map(valuesMet(at, field).map((written) => [JSON.stringify(written.value), written]))
  if (values.size < 2) return []
  const present = JSON.stringify(plain(at[field]))
  const inOrder = [...values].sort(([a], [b]) => Number(b === present) - Number(a === present) || (a < b ? -1 : 1))
  return [{ path, values: inOrder.map(([, value]) => value) }]
}

/** Put away by one, and changed by others, none of whom knew of it: `true`, and what each of them made of it. */
function changedUnknowing(
  doc: AnyDoc,
  item: Entry,
  { flag, over }: { flag: string; over: readonly string[] },
  path: ContestedField['path'],
): ContestedField[] {
  const backend = A.getBackend(doc)
  const id = A.getObjectId(item)
  if (id === null) return []
  const writtenAt = (field: string, heads?: A.Heads) =>
    backend.getAll(id, field, heads).map((value) => String(value.at(-1)))
  const removals = writtenAt(flag)
  const isKnown = (operation: string, field: string) =>
    removals.some((removal) => {
      const [removed, changed] = [changeOf(doc, removal), changeOf(doc, operation)]
      if (!removed || !changed || removed.hash === changed.hash) return true
      return (
        writtenAt(field, removed.deps).includes(operation) ||
        writtenAt(flag, changed.deps).some((one) => one === removal)
      )
    })
  const present = Object.fromEntries(over.map((field) => [field, item[field]]))
  /** By actor: the present values, but where they wrote another one at once, theirs. */
  const made = new Map<string, Record<string, unknown>>()
  for (const field of over) {
    const written = A.getConflicts(item, field)
    for (const operation of writtenAt(field).filter((one) => !isKnown(one, field))) {
      const actor = actorOf(operation)
      made.set(actor, { ...(made.get(actor) ?? present), [field]: written ? written[operation] : item[field] })
    }
  }
  const removed = removals.at(-1)
  if (made.size === 0 || removed === undefined) return []
  // In one order on every device.
  const values = [...made]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([actor, value]) => ({ value: plain(value), actor }))
  return [{ path, values: [{ value: true, actor: actorOf(removed) }, ...values] }]
}

type Made = Pick<A.ChangeMetadata, 'hash' | 'deps'>
/** Which change made an operation never changes, and is looked for in all of them. */
const changesByOperation = new Map<string, Made>()
const MOST_KEPT = 10_000
/** By the state of a document: one list for all of its items. */
const changesOf = new WeakMap<AnyDoc, A.ChangeMetadata[]>()

function changeOf(doc: AnyDoc, operation: string): Made | null {
  const known = changesByOperation.get(operation)
  if (known && A.getBackend(doc).getChangeMetaByHash(known.hash)) return known
  const [count, actor] = [Number(operation.slice(0, operation.indexOf('@'))), actorOf(operation)]
  const all = changesOf.get(doc) ?? A.getChangesMetaSince(doc, [])
  changesOf.set(doc, all)
  const found = all.find((change) => change.actor === actor && change.startOp <= count && count <= change.maxOp)
  if (!found) return null
  if (changesByOperation.size >= MOST_KEPT) changesByOperation.clear()
  const made = { hash: found.hash, deps: found.deps }
  changesByOperation.set(operation, made)
  return made
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
  type: Contested,
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
  return inOrder.flatMap(([, place]) => contestedIn(doc, type, ...place))
}

const plain = (value: unknown): unknown => (toPlain({ value }) as { value: unknown }).value

function mapIn(value: unknown, key: string): Record<string, unknown> | null {
  const at = isMap(value) && Object.hasOwn(value, key) ? value[key] : null
  return isMap(at) ? at : null
}
const mapOf = (value: unknown): Record<string, unknown> | null => (isMap(value) ? value : null)
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
