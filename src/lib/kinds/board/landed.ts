/** Cards that were cut on one board and pasted on another, seen from either of both. */
import { entryKey, Moves, type KnownArrival, type Place } from '../../kernel/arrivals.ts'
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
  /** Cards that one moved on and another back, apart. */
  apart: readonly { work: DocId; entity: string }[]
}

export const landedOn = (
  works: readonly {
    root: DocId
    title: string
    arrivals: readonly KnownArrival[]
    movedApart: readonly string[]
  }[],
): LandedCards => ({
  moves: new Moves(
    works.flatMap(({ root, title, arrivals }) =>
      arrivals.map((arrival): Landed => ({ ...arrival, work: root, board: title })),
    ),
  ),
  titles: new Map(works.map(({ root, title }) => [root, title])),
  apart: works.flatMap(({ root, movedApart }) => movedApart.map((entity) => ({ work: root, entity }))),
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

/** One of those that a card became because two people moved it at once. `isBack`: it was that before, and is it again. */
export interface Double extends PlaceNow {
  isBack?: boolean
}
export interface Doubled {
  /** Who moved it back to this board, where it was that before; else null. */
  backBy: string | null
  others: readonly Double[]
}
type CardsHere = ReadonlyMap<string, Pick<Card, 'archived' | 'from' | 'kept'>>

/**
 * By card of this board, what else the same card became: two people moved it without knowing of each other, on or back. Whoever
 * pastes twice what was cut once wants two. The cards of the board know sooner which of them are archived, or are to stay.
 */
export function doublesOn(landed: LandedCards, work: DocId, cards: CardsHere): ReadonlyMap<string, Doubled> {
  const { moves } = landed
  const isTold = (one: Double & { archived?: true }) => {
    const card = one.work === work ? cards.get(one.entity) : undefined
    if (card === undefined) return one.work !== work && !one.archived && !one.kept
    return (one.isBack || card.from !== null) && !card.archived && !card.kept
  }
  const doubles = new Map<string, Doubled>()
  const add = (one: Double, others: readonly Double[]) => {
    if (one.work !== work || others.length === 0) return
    const known = doubles.get(one.entity)
    const backBy = one.isBack ? one.by : (known?.backBy ?? null)
    const all = new Map([...(known?.others ?? []), ...others].map((other) => [entryKey(other), other]))
    doubles.set(one.entity, { backBy, others: [...all.values()] })
  }
  for (const all of moves.groups()) {
    const told = all.filter(isTold)
    for (const one of told) {
      const others = told.filter(({ from }) => from.cut !== one.from.cut)
      add(one, others)
    }
  }
  for (const { work: from, entity } of landed.apart) {
    const by = moves.movedBackBy(from, entity)
    const told = nowOf(landed, from, entity)
      .map((place): Double => (place.by === null ? { ...place, by, isBack: true } : place))
      .filter(isTold)
    for (const one of told) {
      const others = told.filter(({ isBack }) => isBack !== one.isBack)
      add(one, others)
    }
  }
  return doubles
}

/** What others did to a card that was put away on another board: by whom, and which it was there. */
export interface Behind {
  by: readonly (PersonId | null)[]
  work: DocId
  entity: string
  /** It was moved back from there, not on. */
  isBack: boolean
}
interface Work {
  root: DocId
  changedAway: readonly { entity: string; by: Behind['by'] }[]
}

/** By card of this board, by whom it was changed where it was while it was moved here, or back here: what counts is chosen there. */
export function changedBehind(
  { moves }: LandedCards,
  works: readonly Work[],
  work: DocId,
  cards: ReadonlyMap<string, Pick<Card, 'archived'>>,
): ReadonlyMap<string, readonly Behind[]> {
  const behind = new Map<string, Behind[]>()
  for (const { root, changedAway } of works) {
    if (root === work) continue
    for (const { entity, by } of changedAway) {
      for (const place of moves.whereNow(root, entity)) {
        if (place.work !== work || cards.get(place.entity)?.archived !== false) continue
        const one = { by, work: root, entity, isBack: place.by === null }
        behind.set(place.entity, [...(behind.get(place.entity) ?? []), one])
      }
    }
  }
  return behind
}
