/** Differences between two moments of a board in a person's words: names instead of ids, and what sort of change it is. */
import type { ChangeByOthers, EntryAddress, EntryChange, UndoConflict } from '#lib/core/api.ts'
import { formatDay } from '#lib/i18n/format.ts'
import type { Messages } from '#lib/i18n/messages.ts'
import type { Locale } from '#lib/kernel/define-kind.ts'
import { isDay, type Day, type Instant } from '#lib/kernel/instants.ts'
import { entriesOf, fieldsOf, textOf, type Fields } from '#lib/kernel/reading.ts'
import { contestedFields, type Board, type ContestedField } from '../schema.ts'
import { priorityCode } from './priority-code.ts'

export const sorts = ['added', 'restored', 'archived', 'removed', 'moved', 'changed'] as const
export type Sort = (typeof sorts)[number]

export interface ToldField {
  name: string
  before: string
  after: string
}
export interface ToldChange {
  key: string
  /** The card, where it is one. */
  card: string | null
  title: string
  /** A card may have been moved and changed. */
  sorts: readonly Sort[]
  /** The column of a card that came or went: where it is, or was. */
  place: string | null
  fields: readonly ToldField[]
  /** Who did it, where that was asked for; the latest first. */
  by: readonly { id: string; name: string; at: Instant }[]
}

export interface Words {
  t: Messages
  locale: Locale
  today: Day
  /** With archived columns and cards: a name is known as long as the board knows it. */
  board: Board
  personName: (id: string) => string
}

type Aspect = keyof Messages['versions']['fields']
/** In the order of the card's panel. What is not listed (order keys, who made it) is nothing to read. */
const ASPECTS: readonly Aspect[] = [
  'title',
  'name',
  'column',
  'assignees',
  'labels',
  'start',
  'due',
  'priority',
  'estimate',
  'repeat',
  'blockedBy',
  'checklist',
  'color',
  'done',
  'limit',
]

export function tellChanges(changes: readonly (EntryChange | ChangeByOthers)[], words: Words): ToldChange[] {
  return changes.flatMap((change) => tell(change, words) ?? [])
}

/** The ids of the cards among entries. */
export const cardsOf = (entries: readonly EntryAddress[]): ReadonlySet<string> =>
  new Set(entries.filter(({ collection }) => collection === 'cards').map(({ id }) => id))

export function countSorts(changes: readonly ToldChange[]): Readonly<Record<Sort, number>> {
  const counts = { added: 0, restored: 0, archived: 0, removed: 0, moved: 0, changed: 0 }
  for (const change of changes) for (const sort of change.sorts) counts[sort]++
  return counts
}

function tell(told: EntryChange | ChangeByOthers, words: Words): ToldChange | null {
  const { collection, id, change, before, after, fields, text } = told
  const { t } = words
  const by = 'authors' in told ? authorsOf(told, words) : []
  const key = `${collection}/${id}`
  if (collection === '') {
    if (id !== 'title') return null
    const field = { name: t.board.name, before: shown(before, words), after: shown(after, words) }
    return { key, card: null, title: t.versions.board, sorts: ['changed'], place: null, fields: [field], by }
  }
  if (collection !== 'cards' && collection !== 'columns' && collection !== 'labels') return null
  const [then, now] = [fieldsOf(before), fieldsOf(after)]
  const isCard = collection === 'cards'
  const named = textOf((after === null ? then : now)[collection === 'labels' ? 'name' : 'title'])
  const title = isCard ? named || t.card.untitled : t.versions.entry[collection](named)
  if (change !== 'changed') {
    const place = isCard ? columnName(textOf((after === null ? then : now)['column']), words) : null
    const flag = fields.find(({ path }) => path.length === 1 && path[0] === 'archived')
    const sort =
      change === 'removed' && flag?.after === true
        ? 'archived'
        : change === 'added' && flag?.before === true
          ? 'restored'
          : change
    // What is in a new card is read in the card.
    return { key, card: isCard ? id : null, title, sorts: [sort], place, fields: [], by }
  }
  const touched = new Set(fields.map(({ path }) => path[0]))
  const differing = ASPECTS.filter((aspect) => touched.has(aspect))
    .map((aspect) => ({
      name: t.versions.fields[aspect],
      before: aspectWords(aspect, then, words),
      after: aspectWords(aspect, now, words),
    }))
    .filter((field) => field.before !== field.after)
  if (text) differing.push({ name: t.versions.fields.description, ...excerpts(text.before, text.after) })
  const moved = touched.has('column') || (differing.length === 0 && touched.has('order'))
  const changed = differing.some(({ name }) => name !== t.versions.fields.column)
  if (!moved && !changed) return null
  const kept: Sort[] = [...(moved ? (['moved'] as const) : []), ...(changed ? (['changed'] as const) : [])]
  return { key, card: isCard ? id : null, title, sorts: kept, place: null, fields: differing, by }
}

/** What sort of change it is; of a card that came or went also where it is, or was. */
export const saySorts = ({ sorts: all, place }: ToldChange, t: Messages): string =>
  all
    .map((sort) =>
      place === null || sort === 'moved' || sort === 'changed'
        ? t.versions.sorts[sort]
        : t.versions.placed[sort](place),
    )
    .join(' · ')

export interface ToldConflict {
  key: string
  entry: string
  name: string
  mine: string
  theirs: string
  restored: string
}

/** A field that two people changed: where it is, both values, and what stood there before. Null for what is nothing to read (a place in a list). */
export function tellConflict(
  { path, mine, theirs, restored }: UndoConflict['fields'][number],
  words: Words,
): ToldConflict | null {
  const { t, board, personName } = words
  const [collection, id = '', aspect = '', member] = path.map(String)
  const key = path.join('/')
  if (aspect === 'order') return null
  const entry =
    collection === 'cards' || collection === 'entries'
      ? board.cardsById[id]?.title || t.card.untitled
      : collection === 'columns'
        ? t.versions.entry.columns(columnName(id, words))
        : collection === 'labels'
          ? t.versions.entry.labels(board.labels.find((label) => label.id === id)?.name ?? '…')
          : t.versions.board
  if (collection === 'entries')
    return {
      key,
      entry,
      name: t.versions.fields.description,
      ...both(excerpts(shown(mine, words), shown(theirs, words))),
      restored: excerpts(shown(restored, words), shown(theirs, words)).before,
    }
  const known = ASPECTS.find((one) => one === aspect)
  const name = known ? t.versions.fields[known] : t.board.name
  if (!known || member !== undefined) {
    // One person, label or item of the card: in it or not, or a text.
    const which =
      aspect === 'assignees'
        ? personName(member ?? '')
        : (board.labels.find((label) => label.id === member)?.name ?? board.cardsById[member ?? '']?.title ?? '')
    return {
      key,
      entry,
      name: [name, which].filter(Boolean).join(' · '),
      mine: shown(mine, words),
      theirs: shown(theirs, words),
      restored: shown(restored, words),
    }
  }
  const said = (value: unknown) => aspectWords(known, { [known]: value }, words)
  return { key, entry, name, mine: said(mine), theirs: said(theirs), restored: said(restored) }
}
const both = ({ before, after }: { before: string; after: string }) => ({ mine: before, theirs: after })

const LONGEST = 240
const AROUND = 40

/** Of long texts what differs, with a little around it. */
function excerpts(before: string, after: string): { before: string; after: string } {
  if (before.length <= LONGEST && after.length <= LONGEST) return { before, after }
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  const most = Math.min(before.length, after.length) - start
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++
  const cut = (text: string) => {
    const [from, to] = [Math.max(0, start - AROUND), Math.min(text.length, text.length - end + AROUND)]
    const shownTo = Math.min(to, from + LONGEST)
    return `${from > 0 ? '…' : ''}${text.slice(from, shownTo).toWellFormed()}${shownTo < text.length ? '…' : ''}`
  }
  return { before: cut(before), after: cut(after) }
}

function authorsOf({ authors }: ChangeByOthers, { personName }: Words): ToldChange['by'] {
  return authors
    .map(({ person, at }) => ({ id: person ?? '', name: personName(person ?? ''), at }))
    .sort((a, b) => b.at - a.at)
}

export const isContestedField = (name: string): name is ContestedField =>
  contestedFields.some((field) => field === name)

/** A field of a card and one of its values, as they are called on the screen. */
export function contestedWords(field: ContestedField, value: unknown, words: Words): { field: string; value: string } {
  const { t } = words
  if (field === 'archived')
    return { field: t.contested.place, value: value === true ? t.contested.archived : t.contested.onBoard }
  return { field: t.versions.fields[field], value: aspectWords(field, { [field]: value }, words) || t.contested.empty }
}

function aspectWords(aspect: Aspect, entry: Fields, words: Words): string {
  const { t, locale, board, personName } = words
  const value = entry[aspect]
  const chosen = () => Object.keys(fieldsOf(value)).filter((id) => fieldsOf(value)[id] === true)
  const list = (name: (id: string) => string) => chosen().map(name).sort().join(comma(locale))
  switch (aspect) {
    case 'column':
      return columnName(textOf(value), words)
    case 'assignees':
      return list(personName)
    case 'labels':
      return list((id) => board.labels.find((label) => label.id === id)?.name ?? '…')
    case 'blockedBy':
      return list((id) => board.cardsById[id]?.title ?? '…')
    case 'priority':
      return isPriority(value) ? t.card.priorities[priorityCode[value]] : ''
    case 'repeat':
      return isRepeat(value, t) ? t.versions.repeats[value] : ''
    case 'color':
      return isColor(value, t) ? t.versions.colors[value] : ''
    case 'estimate':
      return typeof value === 'number' ? t.versions.hours(value) : ''
    case 'checklist':
      return entriesOf(value)
        .filter(([, item]) => item['removed'] !== true)
        .map(([, item]) => `${item['done'] === true ? '☑' : '☐'} ${textOf(item['text'])}`)
        .join('\n')
    default:
      return shown(value, words)
  }
}

/** Between the names of a list. */
const comma = (locale: Locale): string => (locale === 'zh-CN' ? '、' : ', ')

const isPriority = (value: unknown): value is keyof typeof priorityCode =>
  typeof value === 'string' && Object.hasOwn(priorityCode, value)
const isRepeat = (value: unknown, t: Messages): value is keyof Messages['versions']['repeats'] =>
  typeof value === 'string' && Object.hasOwn(t.versions.repeats, value)
const isColor = (value: unknown, t: Messages): value is keyof Messages['versions']['colors'] =>
  typeof value === 'string' && Object.hasOwn(t.versions.colors, value)

function columnName(id: string, { board, t }: Words): string {
  return board.columns.find((column) => column.id === id)?.title || t.board.lostColumn
}

function shown(value: unknown, { t, locale, today }: Words): string {
  if (typeof value === 'boolean') return value ? t.versions.yes : t.versions.no
  if (isDay(value)) return formatDay(value, locale, today)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
