/**
 * A board: the root document has columns, labels and the list of shards; the shards have the cards. Everything is a map by
 * id with fields of its own, so that two people who edit one card at once change different fields.
 */
import type { DocId } from '../../kernel/ids.ts'
import type { Day, Instant } from '../../kernel/instants.ts'
import { isDay, toInstant } from '../../kernel/instants.ts'
import type { ImmutableString } from '../../kernel/immutable-string.ts'
import { str } from '../../kernel/immutable-string.ts'
import { compareOrder, isOrder } from '../../kernel/order.ts'
import { entriesOf, fieldsOf, membersOf, numberOf, textOf, type Fields } from '../../kernel/reading.ts'
import type { WorkDocs } from '../../kernel/define-kind.ts'

export const colors = ['gray', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'] as const
export type Color = (typeof colors)[number]
export const priorities = ['urgent', 'high', 'medium', 'low'] as const
export type Priority = (typeof priorities)[number]

/** At how many cards a further shard is opened. */
export const SHARD_CAPACITY = 500

export interface BoardDraft {
  title: ImmutableString
  columns: Record<
    string,
    { title: ImmutableString; order: ImmutableString; color: ImmutableString | null; done: boolean; archived: boolean }
  >
  labels: Record<string, { name: ImmutableString; color: ImmutableString; archived: boolean }>
  shards: Record<string, ImmutableString>
}

export interface CardDraft {
  title: ImmutableString
  column: ImmutableString
  order: ImmutableString
  assignees: Record<string, boolean>
  labels: Record<string, boolean>
  start: ImmutableString | null
  due: ImmutableString | null
  priority: ImmutableString | null
  createdAt: number
  createdBy: ImmutableString
  archived: boolean
}
export interface CardsDraft {
  cards: Record<string, CardDraft>
}

export interface Column {
  id: string
  title: string
  order: string
  color: Color | null
  /** What is in it is finished: nothing there is overdue. */
  done: boolean
  archived: boolean
}
export interface Label {
  id: string
  name: string
  color: Color
  archived: boolean
}
export interface Card {
  id: string
  /** The shard that it is in. */
  doc: DocId
  title: string
  /** Always a column of the board: a card of a vanished or archived column shows in the first one. */
  column: string
  order: string
  assignees: string[]
  labels: string[]
  start: Day | null
  due: Day | null
  priority: Priority | null
  createdAt: Instant
  createdBy: string
  archived: boolean
}
export interface Board {
  title: string
  /** In their order, archived ones included. */
  columns: Column[]
  labels: Label[]
  cardsById: Record<string, Card>
}

export function rootGenesis(draft: BoardDraft): void {
  draft.title = str('')
  draft.columns = {}
  draft.labels = {}
  draft.shards = {}
}
export function cardsGenesis(draft: CardsDraft): void {
  draft.cards = {}
}

const isOneOf = <Value extends string>(value: unknown, allowed: readonly Value[]): value is Value =>
  allowed.some((candidate) => candidate === value)

/** Never throws, whatever the documents hold. */
export function readBoard({ root, docs }: WorkDocs): Board {
  const fields = fieldsOf(docs[root]?.doc)
  const columns = entriesOf(fields['columns'])
    .map(([id, column]): Column => ({
      id,
      title: textOf(column['title']),
      order: orderOf(column['order']),
      color: isOneOf(column['color'], colors) ? column['color'] : null,
      done: column['done'] === true,
      archived: column['archived'] === true,
    }))
    .sort(compareOrder)
  const labels = entriesOf(fields['labels'])
    .map(([id, label]): Label => ({
      id,
      name: textOf(label['name']),
      color: isOneOf(label['color'], colors) ? label['color'] : 'gray',
      archived: label['archived'] === true,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))
  const shown = new Set(columns.filter(({ archived }) => !archived).map(({ id }) => id))
  const first = columns.find(({ archived }) => !archived)?.id ?? ''
  // No prototype: an id such as "constructor" finds nothing.
  const cardsById = Object.create(null) as Record<string, Card>
  // In order of their ids: should two shards claim one card, every device shows the same one.
  for (const [doc, { type, doc: content }] of Object.entries(docs).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (type !== 'cards') continue
    for (const [id, entry] of entriesOf(fieldsOf(content)['cards'])) {
      if (id in cardsById) continue
      const card = readCard(entry, id, doc as DocId)
      cardsById[id] = shown.has(card.column) ? card : { ...card, column: first }
    }
  }
  return { title: textOf(fields['title']), columns, labels, cardsById }
}

/** A mirror keeps the identity of what did not change, so an unchanged card is read once and stays the same object. */
const cardOf = new WeakMap<object, Card>()

function readCard(entry: Fields, id: string, doc: DocId): Card {
  const known = cardOf.get(entry)
  if (known?.id === id && known.doc === doc) return known
  const { start, due, priority } = entry
  const card: Card = {
    id,
    doc,
    title: textOf(entry['title']),
    column: textOf(entry['column']),
    order: orderOf(entry['order']),
    assignees: membersOf(entry['assignees']),
    labels: membersOf(entry['labels']),
    start: isDay(start) ? start : null,
    due: isDay(due) ? due : null,
    priority: isOneOf(priority, priorities) ? priority : null,
    createdAt: toInstant(numberOf(entry['createdAt'])),
    createdBy: textOf(entry['createdBy']),
    archived: entry['archived'] === true,
  }
  cardOf.set(entry, card)
  return card
}

/** A broken key is none: such entries come last. */
const orderOf = (value: unknown): string => (isOrder(value) ? value : '')
