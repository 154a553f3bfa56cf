/**
 * Two moments of a record of work, entry by entry and field by field: for "what changed", for comparing versions, and for
 * going back. Knows no kind but its collections; works on plain data.
 *
 * A new kind has this for nothing if its documents are maps of entries by id: `documents[type].created` names the flag that
 * puts an entry aside in each collection (`null` for bookkeeping, which is no difference), `documents[type].entries` the
 * collection that a shard is there for, and `companion` where the texts of those entries are. Named moments are entries of a
 * root collection `versions`. What the kind adds is words: its view turns an `EntryChange` into names and values, as
 * `kinds/board/ui/change-words.ts` does, and figures (a budget's difference and per cent) come from `fields`.
 */
import type { AnyKind, WorkDocs } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { notesIn } from './undo.ts'

export interface FieldChange {
  /** Within the entry. */
  path: readonly string[]
  /** `undefined` where there was nothing. */
  before: unknown
  after: unknown
}

export interface EntryChange {
  /** `cards`; '' for a field of the root itself, whose name is then the id. */
  collection: string
  id: string
  change: 'added' | 'removed' | 'changed'
  /** The entry whole; null where it was not there, or had been put aside (archived) at this moment alone. */
  before: unknown
  after: unknown
  /** Fields that differ, also of an entry that was put aside or brought back. */
  fields: FieldChange[]
  /** The collaborative text of the entry where it differs, with signs for its formats. */
  text?: { before: string; after: string }
  /** The document that holds it: in the later moment, else in the earlier one. */
  doc: DocId
  /** Of an entry that has another place among its neighbours (`withPlaces`), counted from 1; null where that is not known. */
  places?: { before: number | null; after: number }
}

/** Collaborative texts by entry, for each shard. */
export type Texts = ReadonlyMap<DocId, Readonly<Record<string, { text: string }>>>

type Entries = Map<string, { doc: DocId; collection: string; id: string; value: unknown }>

/**
 * Every entry that differs, or of those `only` whose names (collection, NUL, id) are given. What is put aside at both moments
 * is told only where it was asked for by its name: somebody may want it back.
 */
export function compareWorks(
  before: WorkDocs,
  after: WorkDocs,
  kind: AnyKind,
  texts?: { before: Texts; after: Texts },
  only?: ReadonlySet<string>,
): EntryChange[] {
  const [then, now] = [entriesOf(before, kind, only), entriesOf(after, kind, only)]
  const changes: EntryChange[] = []
  for (const name of new Set([...then.keys(), ...now.keys()])) {
    const [old, fresh] = [then.get(name), now.get(name)]
    if (old?.value === fresh?.value) continue
    const place = fresh ?? old
    if (!place) continue
    const { collection, id, doc } = place
    const notes = notesOf(kind, collection)
    const aside = asideWithin(kind, collection, old?.value, fresh?.value)
    const fields = fieldsBetween(old?.value, fresh?.value, []).filter(
      ({ path: [first = '', item = ''] }) => !notes.includes(first) && !aside(first, item),
    )
    if (fields.length === 0) continue
    const flag = flagOf(kind, collection)
    const [was, is] = [isThere(old?.value, flag), isThere(fresh?.value, flag)]
    const isAside = !was && !is
    if (isAside && (!only || old?.value === undefined || fresh?.value === undefined)) continue
    const change = was === is ? 'changed' : is ? 'added' : 'removed'
    changes.push({
      collection,
      id,
      change,
      before: was || isAside ? old?.value : null,
      after: is || isAside ? fresh?.value : null,
      fields,
      doc,
    })
  }
  return texts ? withTexts(changes, texts, { then, now, docs: [after, before], only }, kind) : changes
}

/** Adds the texts that differ: to the entry's other changes, or as the only one. */
function withTexts(
  changes: EntryChange[],
  texts: { before: Texts; after: Texts },
  {
    then,
    now,
    docs,
    only,
  }: { then: Entries; now: Entries; docs: readonly WorkDocs[]; only: ReadonlySet<string> | undefined },
  kind: AnyKind,
): EntryChange[] {
  const known = new Map(changes.map((change) => [`${change.collection}\u0000${change.id}`, change]))
  for (const [shard, after] of texts.after) {
    const before = texts.before.get(shard)
    const collection = collectionOf(kind, docs, shard)
    if (before === after || collection === undefined) continue
    for (const id of new Set([...Object.keys(before ?? {}), ...Object.keys(after)])) {
      if (only && !only.has(`${collection}\u0000${id}`)) continue
      const text = { before: before?.[id]?.text ?? '', after: after[id]?.text ?? '' }
      if (text.before === text.after) continue
      const name = `${collection}\u0000${id}`
      const change = known.get(name)
      if (change) change.text = text
      else if (before) {
        const [old, fresh] = [then.get(name), now.get(name)]
        if (!old || !fresh || (!only && !isThere(fresh.value, flagOf(kind, collection)))) continue
        changes.push({
          collection,
          id,
          change: 'changed',
          before: old.value,
          after: fresh.value,
          fields: [],
          text,
          doc: shard,
        })
      }
    }
  }
  return changes
}

/** The collection whose entries a shard holds. */
function collectionOf(kind: AnyKind, moments: readonly WorkDocs[], shard: DocId): string | undefined {
  const type = moments.map(({ docs }) => docs[shard]?.type).find((known) => known !== undefined)
  return type === undefined ? undefined : kind.documents[type]?.entries
}

/** The field of an entry that says that it was put aside (`archived`); undefined where the collection has none. */
export function flagOf(kind: AnyKind, collection: string): string | undefined {
  for (const type of Object.values(kind.documents)) {
    const flag = type.created?.[collection]
    if (typeof flag === 'string') return flag
  }
  return undefined
}

/** The fields that only say which text was known, or that the adding was undone. */
const notesOf = (kind: AnyKind, collection: string): string[] =>
  notesIn(Object.values(kind.documents).find(({ putAway }) => putAway?.[collection])?.putAway?.[collection])

/** Whether an item within an entry is there at neither moment: put aside, or not begun. */
function asideWithin(
  kind: AnyKind,
  collection: string,
  old: unknown,
  fresh: unknown,
): (inner: string, item: string) => boolean {
  return (inner, item) => {
    const flag = flagOf(kind, `${collection}.${inner}`)
    if (flag === undefined) return false
    return [old, fresh].every((entry) => !isThere(fieldsOf(fieldsOf(entry)[inner])[item], flag))
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isThere = (value: unknown, flag: string | undefined): boolean =>
  value !== undefined && !(flag !== undefined && isMap(value) && value[flag] === true)

export function entriesOf({ root, docs }: WorkDocs, kind: AnyKind, only?: ReadonlySet<string>): Entries {
  const entries: Entries = new Map()
  // In order of their ids, as reading does: should two shards hold one entry, the same one counts everywhere.
  const inOrder = Object.entries(docs).sort(([a], [b]) => (a === root ? -1 : b === root ? 1 : a < b ? -1 : 1))
  for (const [id, { type, doc }] of inOrder) {
    if (!isMap(doc)) continue
    for (const [collection, value] of Object.entries(doc)) {
      // What undo leaves alone is bookkeeping (lists of shards), nobody's work.
      if (kind.documents[type]?.created?.[collection] === null) continue
      if (!isMap(value)) {
        if (!only || only.has(`\u0000${collection}`))
          entries.set(`\u0000${collection}`, { doc: id as DocId, collection: '', id: collection, value })
        continue
      }
      for (const [entry, content] of Object.entries(value)) {
        const name = `${collection}\u0000${entry}`
        if ((!only || only.has(name)) && !entries.has(name))
          entries.set(name, { doc: id as DocId, collection, id: entry, value: content })
      }
    }
  }
  return entries
}

function fieldsBetween(before: unknown, after: unknown, path: readonly string[]): FieldChange[] {
  if (before === after) return []
  if (isMap(before) && isMap(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...names].flatMap((name) => fieldsBetween(before[name], after[name], [...path, name]))
  }
  return isSame(before, after) ? [] : [{ path, before, after }]
}

/** Bytes and lists are compared by their content. */
const isSame = (a: unknown, b: unknown): boolean =>
  typeof a === typeof b &&
  (a === b || (Number.isNaN(a) && Number.isNaN(b)) || (isList(a) && JSON.stringify(a) === JSON.stringify(b)))
const isList = (value: unknown): boolean => typeof value === 'object' && value !== null

/** What brings the later moment back to the earlier one: values by path in each document; entries that came since are put aside. */
export function writesBack(
  changes: readonly EntryChange[],
  kind: AnyKind,
): Map<DocId, { path: (string | number)[]; value: unknown }[]> {
  const writes = new Map<DocId, { path: (string | number)[]; value: unknown }[]>()
  for (const { collection, id, fields, doc, change, before } of changes) {
    if (fields.length === 0) continue
    const place = collection === '' ? [id] : [collection, id]
    const list = writes.get(doc) ?? []
    writes.set(doc, list)
    const flag = flagOf(kind, collection)
    if (change === 'added' && before === null && flag !== undefined) list.push({ path: [...place, flag], value: true })
    else for (const field of fields) list.push(writeBack(place, field, kind))
  }
  return writes
}

/** An item that came since is put aside, too: deleted, it would take along what others do to it who do not know of that. */
function writeBack(
  place: readonly string[],
  { path, before }: FieldChange,
  kind: AnyKind,
): { path: (string | number)[]; value: unknown } {
  const [collection = ''] = place
  const [inner = '', ...item] = path
  const flag = before === undefined && item.length === 1 ? flagOf(kind, `${collection}.${inner}`) : undefined
  return flag === undefined
    ? { path: [...place, ...path], value: before }
    : { path: [...place, ...path, flag], value: true }
}
