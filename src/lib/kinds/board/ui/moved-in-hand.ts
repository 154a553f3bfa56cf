/** Somebody moves cards that another holds in the hand: which of them, whose move it was, and how that is said. */
import { t } from '#lib/i18n/locale.svelte.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { listNames } from './change-words.ts'
import { lastChanges } from './last-change.ts'
import type { Card } from './screen-board.ts'

export interface Moved {
  who: string
  /** As it is on the board since. */
  card: Card
}
/** By card. */
export type MovedCards = ReadonlyMap<string, Moved>

export const noneMoved: MovedCards = new Map()

export const withMoved = (moved: MovedCards, more: readonly Moved[]): MovedCards =>
  new Map([...moved, ...more.map((one) => [one.card.id, one] as const)])

type Cards = ReadonlyMap<string, Card>

/** Of cards as they were when they were lifted, those that are in another column of the board than is known. */
export const movedSince = (lifted: readonly Card[], cards: Cards, known: MovedCards): readonly Card[] =>
  lifted.flatMap(({ id, column }) => {
    const card = cards.get(id)
    return card && !card.archived && card.column !== (known.get(id)?.card.column ?? column) ? [card] : []
  })

/** Of those that are put in a column, the ones that somebody else has moved meanwhile, and not to the same one. */
export function movedOver(
  lifted: readonly Card[],
  cards: Cards,
  { put, column }: { put: readonly Card[]; column: string },
): readonly Card[] {
  const ids = new Set(put.map(({ id }) => id))
  return movedSince(lifted, cards, noneMoved).filter((card) => ids.has(card.id) && card.column !== column)
}

/** Who moved each of them to where it is. */
export async function whoMoved(screen: BoardScreen, cards: readonly Card[]): Promise<readonly Moved[]> {
  const [card] = cards
  if (card && cards.length === 1) return [{ who: await screen.whoWrote(card.id, 'column', card.column), card }]
  const changes = await lastChanges(screen, 'column', new Map(cards.map(({ id, column }) => [id, column])))
  return cards.map((card) => {
    const person = changes.get(card.id)?.person
    return { who: person ? screen.personName(person) : t().app.somebody, card }
  })
}

const namesIn = (moved: readonly Moved[]): string =>
  listNames(
    moved.map(({ who }) => who),
    t(),
  )

type ColumnTitle = BoardScreen['columnTitle']

/** While they are in the hand. */
export function wordsInHand(moved: readonly Moved[], columnTitle: ColumnTitle): () => string {
  const [one] = moved
  if (!one || moved.length > 1) return () => t().move.movedInHandAll(namesIn(moved), moved.length)
  const there = columnTitle(one.card.column)
  return () => t().move.movedInHand(one.who, one.card.title || t().card.untitled, there)
}

/** When they were put in another place. */
export function wordsOver(moved: readonly Moved[], place: string, columnTitle: ColumnTitle): () => string {
  const [one] = moved
  if (!one || moved.length > 1) return () => t().move.movedOverAll(namesIn(moved), moved.length, place)
  const there = columnTitle(one.card.column)
  return () => t().move.movedOver(one.who, one.card.title || t().card.untitled, there, place)
}
