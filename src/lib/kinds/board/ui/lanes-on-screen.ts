/** The columns of a board cut into lanes (P12). */
import { laneIds, lanesOf, type LaneFacts } from '../lanes.ts'
import type { Grouping } from '../view-content.ts'
import type { Card } from './screen-board.ts'

/** Cards that belong together, by column. `id` '' gathers those of none. */
export interface ShownLane {
  id: string
  title: string
  cards: ReadonlyMap<string, readonly Card[]>
  /** How many cards; one that is in several lanes counts in each. */
  count: number
}

type CutColumn = (cards: readonly Card[]) => ReadonlyMap<string, readonly Card[]>

/** One for each grouping, as long as the facts hold. */
export function laneCutters(facts: LaneFacts): (grouping: Grouping) => CutColumn {
  const made = new Map<Grouping, CutColumn>()
  return (grouping) => {
    const cut = made.get(grouping) ?? laneCutter(grouping, facts)
    made.set(grouping, cut)
    return cut
  }
}

/** Cuts a column into lanes. A column in which nothing changed keeps its lists. */
function laneCutter(grouping: Grouping, facts: LaneFacts): CutColumn {
  const known = new WeakMap<readonly Card[], ReadonlyMap<string, readonly Card[]>>()
  return (cards) => {
    const found = known.get(cards)
    if (found) return found
    const made = new Map(lanesOf(cards, grouping, facts).map((lane) => [lane.id, lane.cards]))
    known.set(cards, made)
    return made
  }
}

export interface LaneWishes {
  grouping: Grouping
  facts: LaneFacts
  cut: CutColumn
  titleOf: (lane: string) => string
  /** Whether a lane is shown that has no cards. */
  showsEmpty: (lane: string) => boolean
}

export function lanesOnScreen(
  columns: readonly { id: string; cards: readonly Card[] }[],
  { grouping, facts, cut, titleOf, showsEmpty }: LaneWishes,
): ShownLane[] {
  const byColumn = columns.map(({ id, cards }) => [id, cut(cards)] as const)
  return laneIds(grouping, facts)
    .map((id): ShownLane => {
      const cards = new Map(byColumn.map(([column, lanes]) => [column, lanes.get(id) ?? NONE]))
      return { id, title: titleOf(id), cards, count: [...cards.values()].reduce((sum, list) => sum + list.length, 0) }
    })
    .filter(({ id, count }) => count > 0 || showsEmpty(id))
}
// One list for all empty cells.
const NONE: readonly Card[] = []

export const lanesById = (lanes: readonly ShownLane[] | null): ReadonlyMap<string, ShownLane> =>
  new Map((lanes ?? []).map((lane) => [lane.id, lane]))
