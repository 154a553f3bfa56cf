/** Which cards a view lets through, list by list. */
import { cardFilter, type FilterContext } from '../queries.ts'
import { isFiltered, type ViewContent } from '../view-content.ts'
import type { Card } from './screen-board.ts'

export type CardSieve = (cards: readonly Card[]) => readonly Card[]

/** A list in which nothing changed is not asked again. */
export function cardSieve(view: ViewContent, facts: FilterContext): CardSieve {
  if (!isFiltered(view)) return (cards) => cards
  const passes = cardFilter(view, facts)
  const known = new WeakMap<readonly Card[], readonly Card[]>()
  return (cards) => {
    const found = known.get(cards) ?? cards.filter(passes)
    known.set(cards, found)
    return found
  }
}
