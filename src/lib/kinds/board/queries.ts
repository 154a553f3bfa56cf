import type { Day } from '../../kernel/instants.ts'
import { compareOrder, orderAt, type RandomBytes } from '../../kernel/order.ts'
import type { Board, Card, Column } from './schema.ts'

export const shownColumns = (board: Board): Column[] => board.columns.filter(({ archived }) => !archived)
export const cards = (board: Board): Card[] => Object.values(board.cardsById)

/** The cards that a person sees, by column, in their order. */
export function cardsByColumn(board: Board, matches: (card: Card) => boolean = () => true): Map<string, Card[]> {
  const byColumn = new Map<string, Card[]>(shownColumns(board).map(({ id }) => [id, []]))
  for (const card of cards(board)) if (!card.archived && matches(card)) byColumn.get(card.column)?.push(card)
  for (const list of byColumn.values()) list.sort(compareOrder)
  return byColumn
}

export const archivedCards = (board: Board): Card[] =>
  cards(board)
    .filter(({ archived }) => archived)
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))

/** The order key for a card put at `index` of a column, counted without the card itself. */
export function orderInColumn(
  board: Board,
  column: string,
  index: number,
  moved: string | null,
  random: RandomBytes,
): string {
  const others = (cardsByColumn(board).get(column) ?? []).filter(({ id }) => id !== moved)
  return orderAt(
    others.map(({ order }) => order),
    index,
    random,
  )
}

export function orderOfColumn(board: Board, index: number, moved: string | null, random: RandomBytes): string {
  const others = shownColumns(board).filter(({ id }) => id !== moved)
  return orderAt(
    others.map(({ order }) => order),
    index,
    random,
  )
}

/** The columns whose cards are finished. */
export const doneColumns = (board: Board): ReadonlySet<string> =>
  new Set(board.columns.filter(({ done }) => done).map(({ id }) => id))

export const isOverdue = (card: Card, today: Day, done: ReadonlySet<string>): boolean =>
  card.due !== null && card.due < today && !card.archived && !done.has(card.column)

export interface Warning {
  code: 'overdue' | 'dates-reversed'
  card: string
}
/** What a person should look at, each with its card. */
export const warnings = (board: Board, today: Day): Warning[] => {
  const done = doneColumns(board)
  return cards(board)
    .filter(({ archived }) => !archived)
    .flatMap((card): Warning[] => [
      ...(isOverdue(card, today, done) ? [{ code: 'overdue' as const, card: card.id }] : []),
      ...(card.start && card.due && card.start > card.due ? [{ code: 'dates-reversed' as const, card: card.id }] : []),
    ])
}

export interface Filter {
  text: string
  assignees: readonly string[]
  labels: readonly string[]
}
/** Any of the people and any of the labels, every word of the text. */
export function matchesFilter(card: Card, { text, assignees, labels }: Filter): boolean {
  if (assignees.length > 0 && !assignees.some((person) => card.assignees.includes(person))) return false
  if (labels.length > 0 && !labels.some((label) => card.labels.includes(label))) return false
  const title = card.title.toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => title.includes(word))
}
