/** A board as the screen wants it: sorted columns, each with its sorted cards, and what is archived or without a place. */
import type { WorkDocs } from '#lib/kernel/define-kind.ts'
import { compareNames } from '#lib/kernel/names.ts'
import { allBlockersOf, blockersOf, type Blocker, type WhereNow } from '../blocking.ts'
import { archivedCards, cardsByColumn, doneColumns, lostCards } from '../queries.ts'
import { readBoard, type Board, type BoardRoot, type Card, type Column, type Label, type SavedView } from '../schema.ts'

export type { Card, Color, Column, Label, Priority } from '../schema.ts'
export { colors, priorities } from '../schema.ts'

/** The column that gathers the cards of archived columns; it is on screen only. */
export const LOST = ''

export interface ScreenBoard {
  /** As read, for the kind's own queries. */
  whole: Board
  views: readonly SavedView[]
  title: string
  columns: readonly Column[]
  archivedColumns: readonly Column[]
  /** Columns of finished cards. */
  done: ReadonlySet<string>
  labels: readonly Label[]
  labelsById: ReadonlyMap<string, Label>
  cards: ReadonlyMap<string, Card>
  /** Cards of the columns above, sorted; archived cards are not among them. */
  cardsIn: ReadonlyMap<string, readonly Card[]>
  /** Cards whose column was archived, or is not there (yet). */
  lost: readonly Card[]
  archivedCards: readonly Card[]
}

/** The whole of it at once; `createBoardReader` does the same step by step. */
export function readScreenBoard(work: WorkDocs): ScreenBoard {
  const board = readBoard(work)
  const root = rootOnScreen(board)
  const lists = { cardsIn: cardsByColumn(board), lost: lostCards(board), archivedCards: archivedCards(board) }
  return { ...root, whole: board, cards: board.cardsById, ...lists }
}

/** The lost cards without those whose column the root does not name: it comes later, or was taken back. */
export function cardsOfArchivedColumns({ lost, archivedColumns }: ScreenBoard): readonly Card[] {
  const known = new Set(archivedColumns.map(({ id }) => id))
  return lost.every(({ column }) => known.has(column)) ? lost : lost.filter(({ column }) => known.has(column))
}

/** What of a board on screen comes from its root. */
export type RootOnScreen = Omit<ScreenBoard, 'whole' | 'cards' | 'cardsIn' | 'lost' | 'archivedCards'>

export function rootOnScreen({ title, columns, labels, views }: BoardRoot): RootOnScreen {
  const live = labels.filter(({ archived }) => !archived)
  return {
    views,
    title,
    columns: columns.filter(({ archived }) => !archived),
    done: doneColumns({ columns }),
    archivedColumns: columns.filter(({ archived }) => archived),
    labels: live,
    labelsById: new Map(live.map((label) => [label.id, label])),
  }
}

/** What a card waits for, in the order of the titles. */
export const blockersOnScreen = (board: ScreenBoard, card: Card, whereNow: WhereNow): Blocker[] =>
  allBlockersOf(board.whole, card, whereNow).sort((a, b) => compareNames(a.card.title, b.card.title))

/** How many unfinished cards a card waits for; a finished card waits for none. */
export const waitsFor = (board: ScreenBoard, card: Card, whereNow: WhereNow): number =>
  card.blockedBy.length === 0 || board.done.has(card.column) ? 0 : blockersOf(board.whole, card, whereNow).length
