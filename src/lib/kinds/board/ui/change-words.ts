/** Differences between two moments of a board in a person's words: names instead of ids, and what sort of change it is. */
import type { EntryChange } from '#lib/core/api.ts'
import { formatDay } from '#lib/i18n/format.ts'
import type { Messages } from '#lib/i18n/messages.ts'
import type { Locale } from '#lib/kernel/define-kind.ts'
import { isDay, type Day } from '#lib/kernel/instants.ts'
import { entriesOf, fieldsOf, textOf, type Fields } from '#lib/kernel/reading.ts'
import type { Board } from '../schema.ts'
import { priorityCode } from './priority-code.ts'

export const sorts = ['added', 'removed', 'moved', 'changed'] as const
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
  fields: readonly ToldField[]
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

export function tellChanges(changes: readonly EntryChange[], words: Words): ToldChange[] {
  return changes.flatMap((change) => tell(change, words) ?? [])
}

export function countSorts(changes: readonly ToldChange[]): Readonly<Record<Sort, number>> {
  const counts = { added: 0, removed: 0, moved: 0, changed: 0 }
  for (const change of changes) for (const sort of change.sorts) counts[sort]++
  return counts
}

function tell({ collection, id, change, before, after, fields }: EntryChange, words: Words): ToldChange | null {
  const { t } = words
  const key = `${collection}/${id}`
  if (collection === '') {
    if (id !== 'title') return null
    const field = { name: t.board.name, before: shown(before, words), after: shown(after, words) }
    return { key, card: null, title: t.versions.board, sorts: ['changed'], fields: [field] }
  }
  if (collection !== 'cards' && collection !== 'columns' && collection !== 'labels') return null
  const [then, now] = [fieldsOf(before), fieldsOf(after)]
  const isCard = collection === 'cards'
  const named = textOf((after === null ? then : now)[collection === 'labels' ? 'name' : 'title'])
  const title = isCard ? named || t.card.untitled : t.versions.entry[collection](named)
  if (change !== 'changed') {
    const column = isCard ? columnName(textOf((after === null ? then : now)['column']), words) : ''
    const place = {
      name: t.versions.fields.column,
      before: before === null ? '' : column,
      after: after === null ? '' : column,
    }
    return { key, card: isCard ? id : null, title, sorts: [change], fields: isCard ? [place] : [] }
  }
  const touched = new Set(fields.map(({ path }) => path[0]))
  const told = ASPECTS.filter((aspect) => touched.has(aspect))
    .map((aspect) => ({
      name: t.versions.fields[aspect],
      before: aspectWords(aspect, then, words),
      after: aspectWords(aspect, now, words),
    }))
    .filter((field) => field.before !== field.after)
  const moved = touched.has('column') || (told.length === 0 && touched.has('order'))
  const changed = told.some(({ name }) => name !== t.versions.fields.column)
  if (!moved && !changed) return null
  const kept: Sort[] = [...(moved ? (['moved'] as const) : []), ...(changed ? (['changed'] as const) : [])]
  return { key, card: isCard ? id : null, title, sorts: kept, fields: told }
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
