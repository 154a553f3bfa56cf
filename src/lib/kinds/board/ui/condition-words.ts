/** A condition of a filter in the person's language. */
import { t } from '#lib/i18n/locale.svelte.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import type { Condition } from './filter-chips.ts'
import { priorityCode } from './priority-code.ts'
import { priorities } from './screen-board.ts'

export function conditionWords(condition: Condition, screen: Pick<BoardScreen, 'board' | 'personName'>): string {
  switch (condition.on) {
    case 'text':
      return `“${condition.text}”`
    case 'assignee':
      return condition.id === '' ? t().board.filterNobody : screen.personName(condition.id)
    case 'label':
      return screen.board.labelsById.get(condition.id)?.name ?? t().views.labelGone
    case 'priority': {
      const priority = priorities.find((one) => one === condition.id)
      return priority ? t().card.priorities[priorityCode[priority]] : condition.id
    }
    case 'due':
      return t().common.of(t().card.due, t().board.dueRanges[condition.due])
    case 'blocked':
      return t().board.filterBlocked
    case 'contested':
      return t().contested.title
  }
}
