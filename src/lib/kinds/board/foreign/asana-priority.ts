/** What every project of Asana is offered as a field of its own, and is one of every card here. */
import { priorityOf } from '../cells.ts'
import type { ForeignCard } from './foreign-board.ts'
import { plainHeading } from './rows.ts'

/** False where it is another field, or says something else than a priority. */
export function takePriority(card: ForeignCard, heading: string, value: string): boolean {
  const priority = ['priority', '优先级'].includes(plainHeading(heading)) ? priorityOf(value) : undefined
  if (priority === undefined) return false
  card.priority = priority
  return true
}
