/** Cards in the order that a view asks for. What has no value comes last, whichever way it is sorted. */
import { compareNames } from '../../kernel/names.ts'
import { compareOrder } from '../../kernel/order.ts'
import { priorities, type Card, type Column } from './schema.ts'
import type { ViewContent } from './view-content.ts'

export interface SortFacts {
  columns: readonly Column[]
  personName: (person: string) => string
}

export function sortCards(cards: readonly Card[], { by, down }: ViewContent['sort'], facts: SortFacts): Card[] {
  const placeOf = new Map(facts.columns.map(({ id }, index) => [id, index]))
  const byPlace = (a: Card, b: Card) =>
    (placeOf.get(a.column) ?? Infinity) - (placeOf.get(b.column) ?? Infinity) || compareOrder(a, b)
  // Two cards of vanished columns: Infinity - Infinity is no number, and counts as equal.
  const placed = [...cards].sort((a, b) => byPlace(a, b) || compareOrder(a, b))
  if (by === 'place') return down ? placed.reverse() : placed
  const keyed = placed.map((card) => ({ card, key: keyOf(card, by, placeOf, facts) }))
  const turn = down ? -1 : 1
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null)
    if (typeof a.key === 'string' && typeof b.key === 'string') return turn * compareNames(a.key, b.key)
    return turn * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  })
  return keyed.map(({ card }) => card)
}

function keyOf(
  card: Card,
  by: Exclude<ViewContent['sort']['by'], 'place'>,
  placeOf: ReadonlyMap<string, number>,
  { personName }: SortFacts,
): string | number | null {
  switch (by) {
    case 'title':
      return card.title
    case 'due':
      return card.due
    case 'priority':
      return card.priority && priorities.indexOf(card.priority)
    case 'estimate':
      return card.estimate
    case 'created':
      return card.createdAt
    case 'assignee':
      return card.assignees.length > 0 ? card.assignees.map(personName).join(', ') : null
    case 'column':
      return placeOf.get(card.column) ?? null
  }
}
