/**
 * What others changed in a record of work, field by field, and who. What it was before is what I knew of it: what I saw last,
 * with what I have written since, at which I was there. So what I did myself is never told as somebody else's, and two people in one
 * card are each named beside their own.
 */
import type { AnyKind, WorkDocs } from '#lib/kernel/define-kind.ts'
import type { DocId, PersonId } from '#lib/kernel/ids.ts'
import { toInstant, type Instant } from '#lib/kernel/instants.ts'
import { compareWorks, flagOf, type EntryChange, type Texts } from '#lib/store/compare.ts'
import { withPlaces } from '#lib/store/places.ts'
import { entryName, placeNamed } from '#lib/store/touched.ts'
import { overlap, type Write, type Writes } from '#lib/store/writes.ts'
import type { Authors, ChangeByOthers, EntryAddress } from './api.ts'

/** What an entry held at some moment. */
export interface KnownEntry extends EntryAddress {
  value: unknown
  text: string
}

export interface Comparison {
  kind: AnyKind
  /** All as it was when I last saw all of it. */
  seen: WorkDocs
  /** The same with what I have looked at since, and what is there now. */
  before: WorkDocs
  after: WorkDocs
  texts: { before: Texts; after: Texts }
  /** What has been written since. */
  writes: Writes
  me: PersonId
  personOf: (actor: string) => PersonId | null
  /** What a write left behind, in its document of then: a field by its whole path, or the entry's text. */
  valueOf: (write: Write, path: readonly string[]) => unknown
  textOf: (write: Write, entry: string) => string
  /** Whoever made the other write had not seen the one. */
  isUnknownTo: (write: Write, other: Write) => boolean
  /** The actor that began the entry that is shown now; null where it is not there. */
  begunBy: (doc: DocId, entry: EntryAddress) => string | null
  /** Whoever put the entry aside moved it to another record of work. */
  isMoved: (putAside: Write, entry: string) => boolean
}

/** Newest first. */
export function changesByOthers(comparison: Comparison): ChangeByOthers[] {
  const { kind, seen, before, after, texts, writes, me, personOf } = comparison
  const theirs = new Map<string, readonly Write[]>()
  const known: KnownEntry[] = []
  const movedUnseen: KnownEntry[] = []
  for (const [name, all] of writes) {
    const others = all.filter(({ actor }) => personOf(actor) !== me)
    const [collection, id] = placeNamed(name)
    if (others.length === 0 || kind.isNews?.({ collection, id }) === false) continue
    theirs.set(name, others)
    const mine = all.filter(({ actor }) => personOf(actor) === me)
    const begun = begunInstead(name, mine, others, comparison)
    const unseen = movedBeforeSeen(name, mine, comparison)
    if (unseen) movedUnseen.push(unseen)
    else if (begun || mine.length > 0) known.push(knownOf(name, mine, others, begun, comparison))
  }
  if (theirs.size === 0) return []
  // Only what others wrote is compared: on a large board most of it is as it was, or mine.
  const differs = compareWorks(
    withEntries(before, known),
    withEntries(after, movedUnseen),
    kind,
    { before: withTexts(texts.before, after, known), after: texts.after },
    new Set(theirs.keys()),
  )
  const news = withPlaces(differs, seen, after, kind).flatMap((change) => {
    const others = theirs.get(entryName(change.collection, change.id)) ?? []
    return byOthers(change, others, comparison) ?? []
  })
  return news.sort((a, b) => latestOf(b.authors) - latestOf(a.authors))
}

/** Somebody began the entry who did not know that I had it, and theirs is shown now: what they made of it since is what changed. */
function begunInstead(
  name: string,
  mine: readonly Write[],
  others: readonly Write[],
  { before, begunBy }: Comparison,
): Write | undefined {
  const [collection, id] = placeNamed(name)
  const isWhole = ({ path, isText }: Write) => !isText && path.length === 0
  const wasHere = mine.some(isWhole) || entryIn(before, { collection, id }).value !== undefined
  const begun = collection !== '' && wasHere ? others.find(isWhole) : undefined
  return begun && begunBy(begun.doc, { collection, id }) === begun.actor ? begun : undefined
}

/** An entry of others that I moved to another record of work before I saw it: it is new all the same, as it was when I moved it. */
function movedBeforeSeen(
  name: string,
  mine: readonly Write[],
  { kind, before, after, isMoved }: Comparison,
): KnownEntry | null {
  const [collection, id] = placeNamed(name)
  const flag = flagOf(kind, collection)
  const now = entryIn(after, { collection, id }).value
  if (flag === undefined || !isMap(now) || now[flag] !== true) return null
  if (entryIn(before, { collection, id }).value !== undefined) return null
  if (mine.some(({ path, isText }) => !isText && path.length === 0)) return null
  const putAside = lastOf(mine, flag)
  return putAside && isMoved(putAside, id) ? { collection, id, value: { ...now, [flag]: false }, text: '' } : null
}

const lastOf = (writes: readonly Write[], field: string): Write | undefined =>
  writes.findLast(({ path, isText }) => !isText && path.length === 1 && path[0] === field)

/** An entry as I knew it when I wrote in it last. */
function knownOf(
  name: string,
  mine: readonly Write[],
  others: readonly Write[],
  begun: Write | undefined,
  { kind, before, after, texts, valueOf, textOf, isUnknownTo }: Comparison,
): KnownEntry {
  const [collection, id] = placeNamed(name)
  const place = pathTo({ collection, id })
  const flag = flagOf(kind, collection)
  const seen = entryIn(before, { collection, id })
  const now = entryIn(after, { collection, id }).value
  const isMine = (path: readonly string[]) => !others.some((write) => !write.isText && overlap(write.path, path))
  let value = begun ? valueOf(begun, place) : seen.value
  for (const write of mine) {
    if (write.isText || (begun && isUnknownTo(begun, write))) continue
    // I never saw the entry, and it is not of my making: what I wrote in it is no entry.
    if (value === undefined && write.path.length > 0) continue
    value = withValue(
      value,
      write.path,
      isMine(write.path) ? valueIn(now, write.path) : valueOf(write, [...place, ...write.path]),
    )
  }
  // An entry of others that I worked on unseen, and that they put aside since: I knew it there. Put aside by me, I knew it so.
  if (value === undefined && flag !== undefined && isMap(now) && now[flag] === true) {
    const putAside = lastOf(mine, flag)
    value = putAside ? valueOf(putAside, place) : { ...now, [flag]: false }
  }
  const shard = seen.shard ?? entryIn(after, { collection, id }).shard
  // What of another text is theirs cannot be told field by field: the choice between the two says it.
  if (begun) return { collection, id, value, text: (shard && texts.after.get(shard)?.[id]?.text) ?? '' }
  const lastText = mine.findLast(({ isText }) => isText)
  const text = lastText ? textOf(lastText, id) : ((shard && texts.before.get(shard)?.[id]?.text) ?? '')
  return { collection, id, value, text }
}

/** Keeps what others wrote of a difference; null where that is nothing. */
function byOthers(change: EntryChange, others: readonly Write[], comparison: Comparison): ChangeByOthers | null {
  const written = others.filter(({ isText }) => !isText)
  const fields = change.fields.flatMap((field) => {
    const authors = authorsOf(change, field, written, comparison)
    return authors.length > 0 ? [{ ...field, authors }] : []
  })
  const ofText = latest(textsUnknown(change, others, comparison), comparison.personOf)
  const text = change.text && ofText.length > 0 ? { ...change.text, authors: ofText } : undefined
  if (fields.length === 0 && !text) return null
  const { text: _, ...rest } = change
  // Whoever put it aside, or brought it back, is told of that, not who changed it besides.
  const flag = flagOf(comparison.kind, change.collection)
  const ofFlag = fields.filter(({ path: [field] }) => field === flag)
  const told = ofFlag.length > 0 ? ofFlag : fields
  const all = [...told, ...(text && change.change === 'changed' ? [text] : [])].flatMap(({ authors }) => authors)
  const authors = latestOfEach(all.length > 0 ? all : ofText)
  const byAnother = change.change === 'added' ? writtenByAnother(change, authors, comparison) : {}
  return { ...rest, fields, ...(text && { text }), authors, ...(Object.keys(byAnother).length > 0 && { byAnother }) }
}

/** Who brought an entry in, or back, is not told as whoever put it elsewhere since: I may have done that myself. */
function writtenByAnother(
  { collection, id, after }: EntryChange,
  authors: Authors,
  { kind, writes, personOf, valueOf }: Comparison,
): Readonly<Record<string, unknown>> {
  const all = (writes.get(entryName(collection, id)) ?? []).filter(({ isText }) => !isText)
  const names = new Set(all.flatMap(({ path }) => path.slice(0, 1)))
  const isOfAuthors = ({ actor }: Write) => authors.some(({ person }) => person === personOf(actor))
  const wroteOnly = (name: string | undefined) => (write: Write) =>
    write.path.length === 0 || (write.path.length === 1 && write.path[0] === name)
  const came = all.filter(wroteOnly(flagOf(kind, collection))).findLast(isOfAuthors)
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const valueAt = (write: Write) => valueOf(write, [...pathTo({ collection, id }), name])
      const last = all.filter(wroteOnly(name)).findLast((write) => isSame(valueAt(write), valueIn(after, [name])))
      return last === undefined || isOfAuthors(last) ? [] : [[name, came && valueAt(came)] as const]
    }),
  )
}

/** Everybody has a hand in a text; but what I had before me when I wrote in it last is no news. */
function textsUnknown(
  { collection, id }: EntryAddress,
  others: readonly Write[],
  { writes, me, personOf, isUnknownTo }: Comparison,
): readonly Write[] {
  const all = writes.get(entryName(collection, id)) ?? []
  const mine = all.findLast(({ isText, actor }) => isText && personOf(actor) === me)
  return others.filter((write) => write.isText && (!mine || isUnknownTo(write, mine)))
}

/** Who wrote what a field holds now, and whoever wrote within it. */
function authorsOf(
  entry: EntryAddress,
  { path, after }: { path: readonly string[]; after: unknown },
  written: readonly Write[],
  { personOf, valueOf }: Comparison,
): Authors {
  const here = written.filter((write) => overlap(write.path, path))
  const whole = here.filter((write) => write.path.length <= path.length)
  // Of two who wrote at once, the one whose value counts.
  const said =
    whole.length > 1 ? whole.findLast((write) => isSame(valueOf(write, [...pathTo(entry), ...path]), after)) : undefined
  const last = said ?? whole.at(-1)
  // Whoever brought an entry in is named for it, not who worked on it since.
  const inside = path.length === 0 && last ? [] : here.filter((write) => write.path.length > path.length)
  return latest([...(last ? [last] : []), ...inside], personOf)
}

const latest = (writes: readonly Write[], personOf: Comparison['personOf']): Authors =>
  latestOfEach(writes.map(({ actor, at }) => ({ person: personOf(actor), at: toInstant(at * 1000) })))

/** A person has an actor per document and session: the latest write of each person counts. */
function latestOfEach(authors: Authors): Authors {
  const latest = new Map<PersonId | null, Instant>()
  for (const { person, at } of authors) latest.set(person, toInstant(Math.max(at, latest.get(person) ?? 0)))
  return [...latest].map(([person, at]) => ({ person, at })).sort((a, b) => b.at - a.at)
}

const latestOf = (authors: Authors): number => Math.max(...authors.map(({ at }) => at))
export const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const pathTo = ({ collection, id }: EntryAddress): string[] => (collection === '' ? [id] : [collection, id])

/** An entry of a moment, and the document that it is in. */
export function entryIn(
  { root, docs }: WorkDocs,
  { collection, id }: EntryAddress,
): { value: unknown; shard: DocId | null } {
  if (collection === '') return { value: valueIn(docs[root]?.doc, [id]), shard: root }
  for (const [shard, { doc }] of Object.entries(docs)) {
    const entries = valueIn(doc, [collection])
    if (isMap(entries) && Object.hasOwn(entries, id)) return { value: entries[id], shard: shard as DocId }
  }
  return { value: undefined, shard: null }
}

function valueIn(value: unknown, path: readonly string[]): unknown {
  let at = value
  for (const key of path) at = isMap(at) && Object.hasOwn(at, key) ? at[key] : undefined
  return at
}

function withValue(into: unknown, [key, ...inner]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  const copy = { ...(isMap(into) ? into : {}) }
  const changed = withValue(copy[key], inner, value)
  if (changed === undefined) delete copy[key]
  else copy[key] = changed
  return copy
}

/** A moment in which some entries are as they were at another. */
export function withEntries(work: WorkDocs, entries: readonly KnownEntry[]): WorkDocs {
  if (entries.length === 0) return work
  const docs = { ...work.docs }
  const copied = new Map<string, Record<string, unknown>>()
  for (const { collection, id, value } of entries) {
    const doc = entryIn(work, { collection, id }).shard ?? work.root
    const held = docs[doc]
    if (!held || !isMap(held.doc)) continue
    const place = entryName(doc, collection)
    let changed = copied.get(place)
    if (!changed) {
      const known = collection === '' ? held.doc : held.doc[collection]
      changed = { ...(isMap(known) ? known : {}) }
      copied.set(place, changed)
      docs[doc] = { ...held, doc: collection === '' ? changed : { ...held.doc, [collection]: changed } }
    }
    changed[id] = value
  }
  return { root: work.root, docs }
}

/** The same for their texts. */
export function withTexts(texts: Texts, now: WorkDocs, entries: readonly KnownEntry[]): Texts {
  const changed = new Map([...texts].map(([shard, known]) => [shard, known]))
  const copied = new Map<DocId, Record<string, { text: string }>>()
  for (const { collection, id, text } of entries) {
    const { shard } = entryIn(now, { collection, id })
    if (!shard || collection === '') continue
    const copy = copied.get(shard) ?? { ...texts.get(shard) }
    copied.set(shard, copy)
    changed.set(shard, copy)
    copy[id] = { text }
  }
  return changed
}
