import { addDays, type Day } from '../../kernel/instants.ts'
import { compareOrder } from '../../kernel/order.ts'
import { blockersOf, circlesIn, type WhereNow } from './blocking.ts'
import type { Board, Card, Column, Label } from './schema.ts'
import type { ViewContent } from './view-content.ts'

export const shownColumns = (board: Board): Column[] => board.columns.filter(({ archived }) => !archived)
export const cards = (board: Board): Card[] => [...board.cardsById.values()]

/** The cards that a person sees in a column, in their order. */
export function cardsByColumn(board: Board, matches: (card: Card) => boolean = () => true): Map<string, Card[]> {
  const byColumn = new Map<string, Card[]>(shownColumns(board).map(({ id }) => [id, []]))
  for (const card of cards(board)) if (!card.archived && matches(card)) byColumn.get(card.column)?.push(card)
  for (const list of byColumn.values()) list.sort(compareOrder)
  return byColumn
}

/** Cards whose column was archived, or is not here: nobody's edit is lost, and a person gives them a place. */
export function lostCards(board: Board): Card[] {
  const shown = new Set(shownColumns(board).map(({ id }) => id))
  return cards(board)
    .filter(({ archived, column }) => !archived && !shown.has(column))
    .sort(compareOrder)
}

/** The labels of a card, in the board's order: the same two stand in the same order on every card. */
export const labelsOf = ({ labels }: { labels: readonly Label[] }, card: Card): readonly Label[] =>
  card.labels.length === 0 ? [] : labels.filter(({ id, archived }) => !archived && card.labels.includes(id))

/** For files: every card that is not archived, by the title of its column; those of archived columns come last. */
export function cardsByTitle(board: Board): { title: string; isArchived?: true; cards: Card[] }[] {
  const byColumn = cardsByColumn(board)
  const shown = shownColumns(board).map(({ id, title }) => ({ title, cards: byColumn.get(id) ?? [] }))
  const lost = lostCards(board)
  const archived = board.columns
    .map(({ id, title }) => ({ title, isArchived: true as const, cards: lost.filter(({ column }) => column === id) }))
    .filter(({ cards }) => cards.length > 0)
  const known = new Set(board.columns.map(({ id }) => id))
  const placeless = lost.filter(({ column }) => !known.has(column))
  return [...shown, ...archived, ...(placeless.length > 0 ? [{ title: '', cards: placeless }] : [])]
}

export const archivedCards = (board: Board): Card[] =>
  cards(board)
    .filter(({ archived }) => archived)
    .sort(byNewest)
/** What was archived by undoing that it was added: a column in which somebody has put a card since is not of it. */
export function undoneOn(
  { cardsById, columns }: Pick<Board, 'cardsById' | 'columns'>,
  isContested: (card: string) => boolean = () => false,
): { cards: Card[]; columns: Column[] } {
  const isIt = (card: Card) => card.undone === true && !isContested(card.id)
  const [gone, others] = [true, false].map((one) => [...cardsById.values()].filter((card) => isIt(card) === one))
  const used = new Set(others?.map(({ column }) => column))
  return { cards: gone ?? [], columns: columns.filter(({ id, undone }) => undone && !used.has(id)) }
}

/** For files: as if that had never been added. */
export function withoutUndone(board: Board, isContested?: (card: string) => boolean): Board {
  const undone = undoneOn(board, isContested)
  const columns = new Set(undone.columns.map(({ id }) => id))
  const left = withoutCards(board, new Set(undone.cards.map(({ id }) => id)))
  const used = new Set(cards(left).flatMap((card) => card.labels))
  return {
    ...left,
    columns: board.columns.filter(({ id }) => !columns.has(id)),
    labels: board.labels.filter(({ id, undone }) => !undone || used.has(id)),
  }
}

/** Nothing waits for them. */
export function withoutCards(board: Board, gone: ReadonlySet<string>): Board {
  const isLeft = (id: string) => !gone.has(id)
  const left = cards(board).filter(({ id }) => isLeft(id))
  return {
    ...board,
    cardsById: new Map(
      left.map((card) => {
        const { blockedBy } = card
        return [card.id, blockedBy.every(isLeft) ? card : { ...card, blockedBy: blockedBy.filter(isLeft) }]
      }),
    ),
  }
}

/** Newest first. */
export const byNewest = (a: Card, b: Card): number => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1)

/** The columns whose cards are finished. */
export const doneColumns = ({ columns }: Pick<Board, 'columns'>): ReadonlySet<string> =>
  new Set(columns.filter(({ done }) => done).map(({ id }) => id))

export const isOverdue = (card: Card, today: Day, done: ReadonlySet<string>): boolean =>
  card.due !== null && card.due < today && !card.archived && !done.has(card.column)
export const isDueToday = (card: Card, today: Day, done: ReadonlySet<string>): boolean =>
  card.due === today && !card.archived && !done.has(card.column)

export interface Warning {
  code: 'overdue' | 'dates-reversed' | 'blocking-cycle' | 'over-limit'
  /** Null for what concerns a whole column. */
  card: string | null
  column: string | null
}
/** What a person should look at, each with its evidence. */
export function warnings(board: Board, today: Day): Warning[] {
  const done = doneColumns(board)
  const circular = new Set(circlesIn(board).flatMap(({ card, by }) => [card, by]))
  const shown = cards(board).filter(({ archived }) => !archived)
  const ofCard = shown.flatMap((card): Warning[] => {
    const codes: Warning['code'][] = []
    if (isOverdue(card, today, done)) codes.push('overdue')
    if (card.start && card.due && card.start > card.due) codes.push('dates-reversed')
    if (circular.has(card.id)) codes.push('blocking-cycle')
    return codes.map((code) => ({ code, card: card.id, column: null }))
  })
  const count = new Map<string, number>()
  for (const { column } of shown) count.set(column, (count.get(column) ?? 0) + 1)
  const ofColumn = shownColumns(board)
    .filter(({ id, limit }) => limit !== null && (count.get(id) ?? 0) > limit)
    .map(({ id }): Warning => ({ code: 'over-limit', card: null, column: id }))
  return [...ofCard, ...ofColumn]
}

/** So much of a checklist is done. */
export const checklistDone = ({ checklist }: Card): { done: number; all: number } => ({
  done: checklist.filter(({ done }) => done).length,
  all: checklist.length,
})

/** What a view lets through depends on these, beside the card. */
export interface FilterContext {
  board: Board
  today: Day
  done: ReadonlySet<string>
  labelsById: ReadonlyMap<string, Label>
  personName: (person: string) => string
  departmentsOf: (person: string) => readonly string[]
  /** Two people wrote different values into it at once. */
  isContested: (card: string) => boolean
  whereNow: WhereNow
}

/**
 * Which cards a view lets through: any of the people, departments and labels, any of the priorities, every word of the text.
 * What does not depend on the card is worked out once, because a person types while 10,000 cards are asked.
 */
export function cardFilter(view: ViewContent, context: FilterContext): (card: Card) => boolean {
  const { board, today, done, labelsById, personName, departmentsOf, isContested, whereNow } = context
  const { assignees, departments, labels, priorities, due, blocked, contested, text } = view
  const words = folded(text).split(/\s+/).filter(Boolean)
  const labelSays = remembered((id) => folded(labelsById.get(id)?.name ?? ''))
  const personSays = remembered((id) => folded(personName(id)))
  const isAnyones = (card: Card) => (person: string) =>
    person === '' ? card.assignees.length === 0 : card.assignees.includes(person)
  const isOf = (card: Card) => (department: string) =>
    department === ''
      ? card.assignees.every((person) => departmentsOf(person).length === 0)
      : card.assignees.some((person) => departmentsOf(person).includes(department))
  const says = (card: Card, word: string) =>
    ownWords(card).includes(word) ||
    card.labels.some((id) => labelSays(id).includes(word)) ||
    card.assignees.some((id) => personSays(id).includes(word))
  return (card) =>
    (assignees.length === 0 || assignees.some(isAnyones(card))) &&
    (departments.length === 0 || departments.some(isOf(card))) &&
    (labels.length === 0 || labels.some((label) => card.labels.includes(label))) &&
    (priorities.length === 0 || (card.priority !== null && priorities.includes(card.priority))) &&
    isDueIn(card, due, today, done) &&
    (!blocked || blockersOf(board, card, whereNow).length > 0) &&
    (!contested || isContested(card.id)) &&
    words.every((word) => says(card, word))
}

/** Full-width and half-width forms, and upper and lower case, count as the same. */
const folded = (text: string): string => text.normalize('NFKC').toLowerCase()

/** A card is a new object once it says something else. */
const wordsOf = new WeakMap<Card, string>()
/** What a filter by text looks through, remembered by the card. */
export function ownWords(card: Card): string {
  const known = wordsOf.get(card)
  if (known !== undefined) return known
  const words = folded([card.title, ...card.checklist.map((item) => item.text)].join('\n'))
  wordsOf.set(card, words)
  return words
}

function remembered(find: (id: string) => string): (id: string) => string {
  const found = new Map<string, string>()
  return (id) => {
    const known = found.get(id)
    if (known !== undefined) return known
    const made = find(id)
    found.set(id, made)
    return made
  }
}

function isDueIn(card: Card, range: ViewContent['due'], today: Day, done: ReadonlySet<string>): boolean {
  const { due } = card
  switch (range) {
    case 'any':
      return true
    case 'none':
      return due === null
    case 'overdue':
      return isOverdue(card, today, done)
    case 'today':
      return due !== null && due <= today && !done.has(card.column)
    case 'week':
      return due !== null && due <= addDays(today, 7) && !done.has(card.column)
    case 'month':
      return due !== null && due <= addDays(today, 31) && !done.has(card.column)
  }
}
