/**
 * A board as the screen wants it: sorted columns, each with its sorted cards, and what is archived or without a place.
 * Entries are read once per plain object: what a patch left alone keeps its identity, so a change costs what it touched
 * plus one pass over the ids.
 */
import type { WorkDocs } from '#lib/kernel/define-kind.ts'
import { isDay, toInstant, type Day, type Instant } from '#lib/kernel/instants.ts'
import { compareOrder } from '#lib/kernel/order.ts'

export const priorities = ['p0', 'p1', 'p2', 'p3'] as const
export type Priority = (typeof priorities)[number]

export interface Column {
  id: string
  title: string
  order: string
  archived: boolean
}
export interface Label {
  id: string
  name: string
  color: string
}
export interface Card {
  id: string
  title: string
  column: string
  order: string
  assignees: readonly string[]
  labels: readonly string[]
  start: Day | null
  due: Day | null
  priority: Priority | null
  createdAt: Instant | null
  createdBy: string | null
  archived: boolean
}
export interface ScreenBoard {
  title: string
  columns: readonly Column[]
  archivedColumns: readonly Column[]
  labels: readonly Label[]
  labelsById: ReadonlyMap<string, Label>
  cards: ReadonlyMap<string, Card>
  /** Cards of the columns above, sorted; archived cards are not among them. */
  cardsIn: ReadonlyMap<string, readonly Card[]>
  /** Cards whose column was archived or is not there. */
  lost: readonly Card[]
  archivedCards: readonly Card[]
}

export function readScreenBoard(work: WorkDocs): ScreenBoard {
  const root = recordOf(work.docs[work.root]?.doc)
  const allColumns = Object.entries(recordOf(root['columns']))
    .map(([id, entry]) => columnOf(id, recordOf(entry)))
    .sort(compareOrder)
  const columns = allColumns.filter(({ archived }) => !archived)
  const labels = Object.entries(recordOf(root['labels']))
    .map(([id, entry]) => ({ id, name: textOf(recordOf(entry), 'name'), color: textOf(recordOf(entry), 'color'), removed: recordOf(entry)['removed'] === true || recordOf(entry)['archived'] === true }))
    .filter(({ removed }) => !removed)
    .map(({ id, name, color }): Label => ({ id, name, color }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))

  const cards = new Map<string, Card>()
  const cardsIn = new Map<string, Card[]>(columns.map(({ id }) => [id, []]))
  const lost: Card[] = []
  const archivedCards: Card[] = []
  for (const [id, { type, doc }] of Object.entries(work.docs)) {
    if (id === work.root || !(type === 'cards' || type.endsWith('.cards'))) continue
    for (const [cardId, entry] of Object.entries(recordOf(recordOf(doc)['cards']))) {
      if (typeof entry !== 'object' || entry === null) continue
      const card = cardOf(cardId, entry as Record<string, unknown>)
      cards.set(cardId, card)
      if (card.archived) archivedCards.push(card)
      else (cardsIn.get(card.column) ?? lost).push(card)
    }
  }
  for (const list of cardsIn.values()) list.sort(compareOrder)
  lost.sort(compareOrder)
  return {
    title: textOf(root, 'title'),
    columns,
    archivedColumns: allColumns.filter(({ archived }) => archived),
    labels,
    labelsById: new Map(labels.map((label) => [label.id, label])),
    cards,
    cardsIn,
    lost,
    archivedCards,
  }
}

const columnOf = (id: string, entry: Readonly<Record<string, unknown>>): Column => ({
  id,
  title: textOf(entry, 'title'),
  order: textOf(entry, 'order'),
  archived: entry['archived'] === true,
})

const knownCards = new WeakMap<object, Card>()

function cardOf(id: string, entry: Readonly<Record<string, unknown>>): Card {
  const known = knownCards.get(entry)
  if (known) return known
  const priority = textOf(entry, 'priority').toLowerCase()
  const card: Card = {
    id,
    title: textOf(entry, 'title'),
    column: textOf(entry, 'column'),
    order: textOf(entry, 'order'),
    assignees: chosen(entry['assignees']),
    labels: chosen(entry['labels']),
    start: dayOf(entry['start']),
    due: dayOf(entry['due']),
    priority: priorities.find((one) => one === priority) ?? null,
    createdAt: typeof entry['createdAt'] === 'number' ? toInstant(entry['createdAt']) : null,
    createdBy: textOf(entry, 'createdBy') || null,
    archived: entry['archived'] === true,
  }
  knownCards.set(entry, card)
  return card
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
const textOf = (record: Readonly<Record<string, unknown>>, key: string): string => {
  const value = record[key]
  return typeof value === 'string' ? value : ''
}
const chosen = (value: unknown): readonly string[] =>
  Object.entries(recordOf(value))
    .filter(([, on]) => on === true)
    .map(([id]) => id)
    .sort()
const dayOf = (value: unknown): Day | null => (isDay(value) ? value : null)
