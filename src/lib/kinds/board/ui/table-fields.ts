/** What the table shows of a card, in this order. */
import type { SortField, ViewContent } from '../view-content.ts'

const tableFieldIds = [
  'title',
  'column',
  'assignees',
  'labels',
  'priority',
  'start',
  'due',
  'estimate',
  'checklist',
  'created',
] as const
export type TableFieldId = (typeof tableFieldIds)[number]

export interface TableField {
  id: TableFieldId
  sort: SortField | null
  /** Changed in place; of the others the card is opened. */
  edits: boolean
}

const sorts: Partial<Record<TableFieldId, SortField>> = {
  title: 'title',
  column: 'column',
  assignees: 'assignee',
  priority: 'priority',
  due: 'due',
  estimate: 'estimate',
  created: 'created',
}
/** Asked for a second time the same field sorts the other way round, for a third the cards are in their places again. */
export function nextSort({ by, down }: ViewContent['sort'], field: SortField): ViewContent['sort'] {
  if (by !== field) return { by: field, down: false }
  return down ? { by: 'place', down: false } : { by, down: true }
}

export const tableFields: readonly TableField[] = tableFieldIds.map((id) => ({
  id,
  sort: sorts[id] ?? null,
  edits: id !== 'checklist' && id !== 'created',
}))
