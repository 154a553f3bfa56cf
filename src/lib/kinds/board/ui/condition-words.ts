/** A condition of a filter in the person's language. */
import type { Words } from './change-words.ts'
import type { Condition } from './filter-chips.ts'
import { priorityCode } from './priority-code.ts'
import { priorities } from './screen-board.ts'

export function conditionWords(condition: Condition, { t, board, personName, departmentName }: Words): string {
  switch (condition.on) {
    case 'text':
      return `“${condition.text}”`
    case 'assignee':
      return condition.id === '' ? t.board.filterNobody : personName(condition.id)
    case 'department':
      return condition.id === '' ? t.lanes.none.department : departmentName(condition.id)
    case 'label':
      return board.labels.find(({ id, archived }) => id === condition.id && !archived)?.name ?? t.views.labelGone
    case 'priority': {
      const priority = priorities.find((one) => one === condition.id)
      return priority ? t.card.priorities[priorityCode[priority]] : condition.id
    }
    case 'due':
      return t.common.of(t.card.due, t.board.dueRanges[condition.due])
    case 'blocked':
      return t.board.filterBlocked
    case 'contested':
      return t.contested.title
  }
}
