/** One change of several cards: only of those that are not so already. */
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { calls } from './board-calls.ts'
import type { Card, Priority } from './screen-board.ts'

type Cards = readonly Card[]

export const bulkCalls = {
  assign: (cards: Cards, person: string, on: boolean): MutationCall[] =>
    cards
      .filter(({ assignees }) => assignees.includes(person) !== on)
      .map(({ id }) => calls.setAssignee(id, person, on)),
  label: (cards: Cards, label: string, on: boolean): MutationCall[] =>
    cards.filter(({ labels }) => labels.includes(label) !== on).map(({ id }) => calls.setLabel(id, label, on)),
  priority: (cards: Cards, priority: Priority | null): MutationCall[] =>
    cards.filter((card) => card.priority !== priority).map(({ id }) => calls.setPriority(id, priority)),
  /** The same day, chosen for a card that comes back to another one, is another choice. */
  due: (cards: Cards, due: Day | null): MutationCall[] =>
    cards.filter((card) => card.due !== due || card.dueDay !== null).map(({ id }) => calls.setDates(id, { due })),
}
