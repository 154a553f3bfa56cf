/** What the filter above the board lets through. */
import type { Day } from '#lib/kernel/instants.ts'
import { isOverdue } from '../queries.ts'
import type { Card, Label } from './screen-board.ts'

export interface CardFilter {
  text: string
  person: string | null
  labels: readonly string[]
  overdue: boolean
}

export const noFilter: CardFilter = { text: '', person: null, labels: [], overdue: false }

export const isFiltering = (filter: CardFilter): boolean =>
  filter.text.trim() !== '' || filter.person !== null || filter.labels.length > 0 || filter.overdue

/** Whether a card passes; every condition must hold, of the labels all. */
export function cardPasses(
  card: Card,
  filter: CardFilter,
  facts: {
    today: Day
    done: ReadonlySet<string>
    labelsById: ReadonlyMap<string, Label>
    personName: (id: string) => string
  },
): boolean {
  if (filter.person !== null && !card.assignees.includes(filter.person)) return false
  if (filter.overdue && !isOverdue(card, facts.today, facts.done)) return false
  if (!filter.labels.every((label) => card.labels.includes(label))) return false
  const words = folded(filter.text).split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const text = folded(
    [
      card.title,
      ...card.labels.map((id) => facts.labelsById.get(id)?.name ?? ''),
      ...card.assignees.map(facts.personName),
    ].join('\n'),
  )
  return words.every((word) => text.includes(word))
}

/** Full-width and half-width forms, and upper and lower case, count as the same. */
const folded = (text: string): string => text.normalize('NFKC').toLowerCase()
