/** Cards that were cut on one board and pasted on another, seen from either of both. */
import { Moves, type KnownArrival, type Place } from '../../kernel/arrivals.ts'
import type { Arrival } from '../../kernel/define-kind.ts'
import type { DocId, PersonId } from '../../kernel/ids.ts'
import type { Card } from './schema.ts'

/** What a card became on another board. */
export interface Landed extends KnownArrival {
  work: DocId
  /** The title of that board. */
  board: string
}
/** Where a card is now. */
export interface PlaceNow extends Place {
  board: string
}
/** The same, or where it lies in the archive, having been moved there. */
export type Whereabouts = PlaceNow & Pick<Landed, 'archived'>
export interface LandedCards {
  moves: Moves<Landed>
  titles: ReadonlyMap<DocId, string>
}

export const landedOn = (
  works: readonly { root: DocId; title: string; arrivals: readonly KnownArrival[] }[],
): LandedCards => ({
  moves: new Moves(
    works.flatMap(({ root, title, arrivals }) =>
      arrivals.map((arrival): Landed => ({ ...arrival, work: root, board: title })),
    ),
  ),
  titles: new Map(works.map(({ root, title }) => [root, title])),
})

/** What a card of this board became elsewhere, without what was archived there since. */
export const landedFrom = ({ moves }: LandedCards, work: DocId, card: string): readonly Landed[] =>
  moves.of(work, card).filter(({ archived }) => !archived)

/** Where a card of this board is now, moved on from there as well, or back where it came from. */
export const nowOf = ({ moves, titles }: LandedCards, work: DocId, card: string): readonly PlaceNow[] =>
  moves.whereNow(work, card).map((place) => ({ ...place, board: titles.get(place.work) ?? '' }))

/** What a card that is on this board again is elsewhere, too, moved there from here however often. */
export const laterThan = ({ moves }: LandedCards, work: DocId, card: string): readonly Landed[] =>
  moves.waysFrom(work, card).flatMap(({ end }) => (end.archived ? [] : [end]))

/** What a card was two moves ago or more, and is again; null where that is nowhere. */
export function earlierThan({ moves, titles }: LandedCards, work: DocId, card: string): PlaceNow | null {
  const place = moves.earlier(work, card)
  return place && { ...place, board: titles.get(place.work) ?? '' }
}

/** Their titles, each once. */
export const boardsIn = (landed: readonly Pick<Landed, 'board'>[], untitled: string): string[] => [
  ...new Set(landed.map(({ board }) => board || untitled)),
]

/**
 * By card of this board, what else the same card became: two people moved it without knowing of each other. Whoever pastes twice
 * what was cut once wants two. The cards of the board know sooner which of them are archived, or are to stay.
 */
export function doublesOn(
  { moves }: LandedCards,
  work: DocId,
  cards: ReadonlyMap<string, Pick<Card, 'archived' | 'from' | 'kept'>>,
): ReadonlyMap<string, readonly Landed[]> {
  const isTold = (one: Landed) => {
    const card = one.work === work ? cards.get(one.entity) : undefined
    if (card === undefined) return one.work !== work && !one.archived && !one.kept
    return card.from !== null && !card.archived && !card.kept
  }
  const doubles = new Map<string, readonly Landed[]>()
  for (const all of moves.groups()) {
    const told = all.filter(isTold)
    for (const one of told) {
      const others = told.filter(({ from }) => from.cut !== one.from.cut)
      if (one.work === work && others.length > 0) doubles.set(one.entity, others)
    }
  }
  return doubles
}

interface Work {
  root: DocId
  arrivals: readonly Arrival[]
  changedAway: readonly { entity: string; by: readonly (PersonId | null)[] }[]
}

/** By card of this board, by whom it was changed where it came from while it was moved: what counts is chosen there. */
export function changedBehind(
  works: readonly Work[],
  work: DocId,
  cards: ReadonlyMap<string, Pick<Card, 'archived'>>,
): ReadonlyMap<string, readonly (PersonId | null)[]> {
  const arrivals = works.find(({ root }) => root === work)?.arrivals ?? []
  return new Map(
    arrivals.flatMap(({ entity, from }) => {
      if (cards.get(entity)?.archived !== false) return []
      const before = works.find(({ root }) => root === from.work)
      const changed = before?.changedAway.find((one) => one.entity === from.entity)
      return changed ? [[entity, changed.by] as const] : []
    }),
  )
}
