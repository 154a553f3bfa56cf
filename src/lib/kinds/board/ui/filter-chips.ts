/** The conditions of a filter one by one: what each says, and the view without it. */
import { everything, type ViewContent } from '../view-content.ts'

export type Condition =
  | { on: 'text'; text: string }
  | { on: 'assignee' | 'department' | 'label' | 'priority'; id: string }
  | { on: 'due'; due: ViewContent['due'] }
  | { on: 'blocked' | 'contested' }

export function conditionsOf(view: ViewContent): Condition[] {
  return [
    ...(view.text.trim() ? [{ on: 'text' as const, text: view.text.trim() }] : []),
    ...view.assignees.map((id) => ({ on: 'assignee' as const, id })),
    ...view.departments.map((id) => ({ on: 'department' as const, id })),
    ...view.labels.map((id) => ({ on: 'label' as const, id })),
    ...view.priorities.map((id) => ({ on: 'priority' as const, id })),
    ...(view.due === 'any' ? [] : [{ on: 'due' as const, due: view.due }]),
    ...(view.blocked ? [{ on: 'blocked' as const }] : []),
    ...(view.contested ? [{ on: 'contested' as const }] : []),
  ]
}

export function without(view: ViewContent, condition: Condition): Partial<ViewContent> {
  switch (condition.on) {
    case 'text':
      return { text: '' }
    case 'assignee':
      return { assignees: view.assignees.filter((id) => id !== condition.id) }
    case 'department':
      return { departments: view.departments.filter((id) => id !== condition.id) }
    case 'label':
      return { labels: view.labels.filter((id) => id !== condition.id) }
    case 'priority':
      return { priorities: view.priorities.filter((id) => id !== condition.id) }
    case 'due':
      return { due: 'any' }
    case 'blocked':
      return { blocked: false }
    case 'contested':
      return { contested: false }
  }
}

/** Everything passes; layout, lanes and order stay. */
export function noConditions(): Partial<ViewContent> {
  const { text, assignees, departments, labels, priorities, due, blocked, contested } = everything
  return { text, assignees, departments, labels, priorities, due, blocked, contested }
}
