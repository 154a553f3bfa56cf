/** Cards that were cut on one board and pasted on another, seen from either of both. */
import { whereNow } from '../../kernel/arrivals.ts'
import type { Arrival } from '../../kernel/define-kind.ts'
import type { DocId, PersonId } from '../../kernel/ids.ts'
import type { Card } from './schema.ts'

/** Where a card is now that was moved from another board. */
export interface Landed extends Arrival {
  work: DocId
  /** The title of that board. */
  board: string
}
export type LandedByOrigin = ReadonlyMap<string, readonly Landed[]>

const keyOf = (work: DocId, entity: string): string => `${work} ${entity}`

export const landedByOrigin = (
  works: readonly { root: DocId; title: string; arrivals: readonly Arrival[] }[],
): LandedByOrigin =>
  Map.groupBy(
    works.flatMap(({ root, title, arrivals }) =>
      arrivals.map((arrival): Landed => ({ ...arrival, work: root, board: title })),
    ),
    ({ from }) => keyOf(from.work, from.entity),
  )

/** The cards that one of this board became elsewhere, also those that were archived there since. */
export const movesOf = (landed: LandedByOrigin, work: DocId, card: string): readonly Landed[] =>
  landed.get(keyOf(work, card)) ?? []

/** Those that are there. */
export const landedFrom = (landed: LandedByOrigin, work: DocId, card: string): readonly Landed[] =>
  movesOf(landed, work, card).filter(({ archived }) => !archived)

/** Where a card of this board is now, moved on from there as well. */
export const nowOf = (landed: LandedByOrigin, work: DocId, card: string): readonly Landed[] =>
  whereNow((from, entity) => movesOf(landed, from, entity), work, card)

/** Their titles, each once. */
export const boardsIn = (landed: readonly Pick<Landed, 'board'>[], untitled: string): string[] => [
  ...new Set(landed.map(({ board }) => board || untitled)),
]

/**
 * By card of this board, what else the same card became: two people moved it without knowing of each other. Whoever pastes twice
 * what was cut once wants two. The cards of the board know sooner which of them are archived, or are to stay.
 */
export function doublesOn(
  landed: LandedByOrigin,
  work: DocId,
  cards: ReadonlyMap<string, Pick<Card, 'archived' | 'from' | 'kept'>>,
): ReadonlyMap<string, readonly Landed[]> {
  const isTold = (one: Landed) => {
    const card = one.work === work ? cards.get(one.entity) : undefined
    if (card === undefined) return one.work !== work && !one.archived && !one.kept
    return card.from !== null && !card.archived && !card.kept
  }
  const doubles = new Map<string, readonly Landed[]>()
  for (const all of landed.values()) {
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
