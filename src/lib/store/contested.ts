/**
 * Fields into which two devices wrote different values at once. Automerge keeps one of them, the same everywhere, and the
 * others beside it until somebody writes the field again: so a person can be asked, and nothing is picked in silence.
 */
import * as A from '@automerge/automerge/slim'
import type { DocumentType, PutAway } from '#lib/kernel/define-kind.ts'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { objectsBegun, textsBegun, valuesBegun } from './begun-apart.ts'
import { changesApart, firstOf, isNobodys, reopenedIn, takesBack } from './changes-apart.ts'
import type { ProjectionRow, PutAwayRow } from './db.ts'
import type { AnyDoc } from './documents.ts'
import { isTextKnown, textWrittenApart } from './known-text.ts'
import { toPlain } from './plain.ts'
import { placeNamed, type Touched } from './touched.ts'
import { valuesAt, type Reopened, type WrittenBy, type WrittenValue } from './values-met.ts'

export interface ContestedField {
  path: readonly [collection: string, entry: string, field: string, ...inner: string[]]
  /** The one that counts comes first. None of an entry that was begun twice: what others write into the hidden one is to be looked for. */
  values: readonly WrittenValue[]
  /** Of a paragraph, how it begins. */
  of?: string
}

/** Of what is contested in a text the format of a paragraph has one mark, a link and words have two ends. */
export const isFormat = ([, , , , to]: ContestedField['path']): boolean => to === undefined
export const isLink = ([, , , , to, kind]: ContestedField['path']): boolean => to !== undefined && kind === undefined
export const isWords = ([, , , , , kind]: ContestedField['path']): boolean => kind === 'words'

type Contested = Pick<DocumentType<never>, 'contested' | 'putAway'>
type Entry = Record<string, unknown>

export interface LookedAt {
  doc: AnyDoc
  type: Contested
  touched: Touched
}

interface Looked extends LookedAt {
  reopened: Reopened
}

/** The contested fields of one entry; none where the entry is not there. */
export function contestedIn({ doc, type, touched }: LookedAt, collection: string, entry: string): ContestedField[] {
  const looked = { doc, type, touched, reopened: reopenedIn(doc) }
  const at = collection === '' ? mapOf(doc) : mapIn(mapIn(doc, collection), entry)
  if (!at) return []
  const fields = (type.contested?.[collection] ?? []).filter((field) => collection !== '' || field === entry)
  const begun = collection === '' ? [] : objectsBegun(doc, collection, entry)
  const own = fields.flatMap((field) => {
    const values = begun.length > 0 ? valuesBegun(doc, begun, field) : valuesHere(looked, at, field)
    return contestedField([collection, entry, field], at[field], values)
  })
  if (collection === '') return own
  if (begun.length > 0)
    own.push(...wholesBegun(looked, begun, [collection, entry]), { path: [collection, entry, ''], values: [] })
  const away = type.putAway?.[collection]
  // Where one put it away and another brought it back, that is what to choose between.
  const isAway = away && at[away.flag] === true && !own.some(({ path }) => path[2] === away.flag)
  const unknowing = isAway ? changedUnknowing(looked, at, away, [collection, entry, away.flag]) : []
  return [...own, ...unknowing, ...contestedWithin(looked, at, [collection, entry])]
}

/** The same of the collections within an entry: of what is put away nothing counts but that. */
function contestedWithin(looked: Looked, at: Entry, place: readonly [string, string]): ContestedField[] {
  const { contested = {}, putAway = {} } = looked.type
  const names = [...new Set([...Object.keys(contested), ...Object.keys(putAway)])]
  return names.flatMap((name) => {
    const [collection, inner] = name.split('.')
    const items = inner !== undefined && collection === place[0] ? mapIn(at, inner) : null
    if (inner === undefined || !items) return []
    return Object.keys(items).flatMap((id): ContestedField[] => {
      const item = mapIn(items, id)
      if (!item) return []
      const away = putAway[name]
      if (away && item[away.flag] === true)
        return changedUnknowing(looked, item, away, [...place, inner, id, away.flag])
      return (contested[name] ?? []).flatMap((field) =>
        contestedField([...place, inner, id, field], item[field], valuesHere(looked, item, field)),
      )
    })
  })
}

/** Written into the field at once. */
const valuesHere = ({ doc, reopened }: Looked, at: Entry, field: string): WrittenValue[] =>
  valuesAt(doc, at, field, reopened).map(({ value, actor }) => ({ value, actor }))

/** None where they agree. */
export function contestedField(
  path: ContestedField['path'],
  counts: unknown,
  written: readonly WrittenValue[],
  told: (value: unknown) => unknown = (value) => value,
): ContestedField[] {
  const keyOf = (value: unknown) => JSON.stringify(told(value))
  // Two people who wrote the same agree, whoever came first.
  const values = new Map(written.map((one) => [keyOf(one.value), one]))
  if (values.size < 2) return []
  const present = keyOf(plain(counts))
  const inOrder = [...values].sort(([a], [b]) => Number(b === present) - Number(a === present) || (a < b ? -1 : 1))
  return [{ path, values: inOrder.map(([, value]) => value) }]
}

/** Sets and lists of an entry that was begun twice: in each it is another one, so that nothing in them meets. */
function wholesBegun(
  { doc, type: { contested = {}, putAway = {} } }: LookedAt,
  begun: readonly A.ObjID[],
  place: readonly [string, string],
): ContestedField[] {
  const [collection] = place
  const wholes = (putAway[collection]?.over ?? []).filter((field) => !contested[collection]?.includes(field))
  return wholes.flatMap((field) => {
    const flag = putAway[`${collection}.${field}`]?.flag ?? ''
    const isThere = (member: unknown) => member === true || (isMap(member) && member[flag] !== true)
    // A place is a means.
    const told = (value: unknown) =>
      Object.entries(fieldsOf(value)).flatMap(([id, member]) =>
        isThere(member) ? [[id, isMap(member) ? { ...member, order: null } : member]] : [],
      )
    const values = valuesBegun(doc, begun, field)
    return contestedField([...place, field], values.at(-1)?.value, values, told)
  })
}

/** A text that somebody wrote in and that is hidden behind another one. */
export function textContested(texts: AnyDoc, collection: string, entry: string): ContestedField[] {
  const all = textsBegun(texts, entry)
  const shown = all.at(-1)
  const told = all.filter((text) => text === shown || (text.isWritten && text.value !== ''))
  const values = told.map(({ value, actor }) => ({ value, actor }))
  return contestedField([collection, entry, 'description'], shown?.value, values)
}

/**
 * Put away by one, and changed by others, none of whom knew of it: `true`, and what each of them made of it. Put away by several
 * at once it is `true` of each, and what not all of them knew is there with those who did (`putAwayTold` says of what of that a
 * person is told). Of an item only what none of them knew.
 */
function changedUnknowing(
  { doc, touched, reopened }: Looked,
  put: Entry,
  { flag, over }: { flag: string; over: readonly string[] },
  path: ContestedField['path'],
): ContestedField[] {
  const begun = A.getObjectId(put)
  /** Put away by an undo, or a redo, by which it is as it was before: so it was known. */
  const wasAway = ({ again: [undo, ...more] = [], ...removal }: WrittenBy, other: string): boolean => {
    const isAsBefore = (one: string) => begun !== null && isNobodys(doc, touched, { object: begun, path }, one, other)
    if (undo === undefined) return isAsBefore(removal.operation)
    return !changesApart(doc, touched, removal)?.made(other) && [undo, ...more].every(isAsBefore)
  }
  const putNow = valuesAt(doc, put, flag, reopened)
  const unlikeBefore = putNow.filter((one) => !putNow.every((other) => other === one || wasAway(one, other.operation)))
  const removals = unlikeBefore.length > 0 ? unlikeBefore : putNow
  const all = removals.map((one) => changesApart(doc, touched, one))
  if (all.some((one) => one === null)) return []
  const apart = all.filter((one) => one !== null)
  const by = new Map(removals.map(({ actor, operation }) => [actor, operation] as const).reverse())
  const [collection, entry, ...inner] = path.slice(0, -1) as [string, string, ...string[]]
  const isItem = inner.length > 0
  /** By actor and who knew of it: the fields that they wrote, of an item the others as well. */
  const made = new Map<string, { actor: string; knownBy: string[]; value: Entry }>()
  const present = isItem ? Object.fromEntries(over.map((field) => [field, put[field]])) : {}
  const ways = apart.flatMap((one) => one.fieldsIn(collection, entry))
  for (const way of new Map(ways.map((one) => [one.join(' '), one])).values()) {
    if (!inner.every((part, at) => way[at] === part)) continue
    const own = way.slice(inner.length)
    const [[field, member], key] = [own, own.at(-1)]
    // A place is a means.
    if (field === undefined || key === undefined || !over.includes(field) || key === 'order') continue
    const at = own.slice(0, -1).reduce<Entry | null>((within, part) => mapIn(within, part), put)
    if (!at) continue
    for (const { operation, value, actor } of valuesAt(doc, at, key, reopened)) {
      const knowing = removals.filter((one, at) => !apart[at]?.made(operation) || wasAway(one, operation))
      if (isItem ? knowing.length > 0 : knowing.length === removals.length) continue
      // Of what they took back nothing is left.
      const written = { object: A.getObjectId(at) ?? '', path: [collection, entry, ...way] }
      const unknowing = removals.filter((one) => !knowing.includes(one))
      if (unknowing.every((one) => isNobodys(doc, touched, written, operation, one.operation))) continue
      const knownBy = [...new Set(knowing.map((one) => one.actor))].sort()
      const name = [actor, ...knownBy].join(' ')
      const his = made.get(name)?.value ?? present
      made.set(name, { actor, knownBy, value: { ...his, [field]: value, ...membersOf(put, his, field, member) } })
    }
  }
  // Whoever chose that it stays away did not put it there.
  const isTakenBack = (operation: string) =>
    by.size > 1 && begun !== null && takesBack(doc, firstOf(doc, put, flag, operation), begun)
  const putters = [...by]
    .slice(0, isItem ? 1 : by.size)
    .map(([actor, operation]) => ({ value: true, actor, ...(isTakenBack(operation) && { takenBack: true as const }) }))
  if (putters.length + made.size < 2) return []
  // In one order on every device.
  const values = [...made]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { actor, knownBy, value }]) => ({ value: plain(value), actor, ...(knownBy.length > 0 && { knownBy }) }))
  return [{ path, values: [...putters, ...values] }]
}

/** Of a set all of it; of a collection those that somebody wrote. */
function membersOf(put: Entry, his: Entry, field: string, member: string | undefined): Entry {
  const all = mapIn(put, field)
  if (member === undefined || !all) return {}
  return { [field]: isMap(all[member]) ? { ...(mapIn(his, field) ?? {}), [member]: all[member] } : all }
}

/**
 * Entries that are put away, and in whose text others wrote who did not know of that: `true`, and the text. `own` is what is
 * contested in the document itself: of what several have put away some may have known the text.
 */
export function textsContested(
  doc: AnyDoc,
  own: readonly ContestedField[],
  putAway: Contested['putAway'] = {},
  texts: { doc: AnyDoc; touched: Touched },
): ContestedField[] {
  return Object.entries(putAway).flatMap(([collection, away]) => {
    if (away.knewText === undefined) return []
    const several = own.filter(({ path, values }) => path[2] === away.flag && values[1]?.value === true)
    return textsContestedIn(doc, collection, away, texts, new Set(several.map(({ path }) => path[1])))
  })
}

function textsContestedIn(
  doc: AnyDoc,
  collection: string,
  { flag, knewText = '' }: PutAway,
  texts: { doc: AnyDoc; touched: Touched },
  several: ReadonlySet<string>,
): ContestedField[] {
  const reopened = reopenedIn(doc)
  return Object.entries(mapIn(doc, collection) ?? {}).flatMap(([entry, at]): ContestedField[] => {
    if (!isMap(at) || at[flag] !== true) return []
    const isKnown = (note: unknown) => isTextKnown(texts.doc, entry, note)
    if (isKnown(at[knewText]) && !several.has(entry)) return []
    const notes = valuesAt(doc, at, knewText)
    const lacking = notes.filter(({ value }) => !isKnown(value))
    const knownBy = notes.filter(({ value }) => isKnown(value)).map((note) => note.actor)
    const [first] = lacking
    const by = knownBy.length > 0 ? first?.actor : valuesAt(doc, at, flag, reopened).at(-1)?.actor
    if (!first || by === undefined) return []
    const noted = lacking.map(({ value }) => value)
    const written = textWrittenApart(texts, entry, noted, by)
    if (!written) return []
    const { value: description, actor } = written
    const values = [
      { value: true, actor: by },
      { value: { description }, actor, ...(knownBy.length > 0 && { knownBy }) },
    ]
    return [{ path: [collection, entry, flag], values }]
  })
}

/** Whether it is an entry that one put away and others changed, or put away as well. */
export const isPutAway = (
  { path: [collection, , flag], values }: ContestedField,
  putAway: Contested['putAway'] = {},
): boolean => values.length > 0 && flag === putAway[collection]?.flag

/** Entry by entry by which actors. */
export function putAwayBy(fields: readonly ContestedField[]): PutAwayRow[] {
  return [...Map.groupBy(fields, ({ path: [, entity] }) => entity)].map(([entity, list]) => {
    const values = list.flatMap((field) => field.values)
    const putters = values.filter(({ value }) => value === true)
    const by = new Set(putters.map(({ actor }) => actor))
    const back = putters.flatMap(({ actor, takenBack }) => (takenBack ? [actor] : []))
    const changed = values.filter(({ value }) => value !== true).map(({ actor, knownBy = [] }) => ({ actor, knownBy }))
    return { entity, by: [...by], ...(back.length > 0 && { takenBackBy: back }), changed }
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
 * second. Two values meet only where a change did not know of all that was there before it, or took a choice back, and in no
 * entry but those that it touched.
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
  const { changes: reopening } = reopenedIn(doc)
  let heads = new Set(known.heads)
  for (const { hash, deps } of A.getChangesMetaSince(doc, [...known.heads])) {
    const knewAll = deps.length === heads.size && deps.every((dep) => heads.has(dep))
    if (!knewAll || reopening.has(hash)) {
      for (const name of touched.of(doc, hash)) {
        const place = placeNamed(name)
        places.set(place.join(' '), place)
      }
    }
    heads = heads.difference(new Set(deps)).add(hash)
  }
  // In one order, whatever was known before.
  const inOrder = [...places].sort(([a], [b]) => (a < b ? -1 : 1))
  return inOrder.flatMap(([, place]) => contestedIn({ doc, type, touched }, ...place))
}

const plain = (value: unknown): unknown => (toPlain({ value }) as { value: unknown }).value

function mapIn(value: unknown, key: string): Record<string, unknown> | null {
  const at = isMap(value) && Object.hasOwn(value, key) ? value[key] : null
  return isMap(at) ? at : null
}
const mapOf = (value: unknown): Record<string, unknown> | null => (isMap(value) ? value : null)
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
