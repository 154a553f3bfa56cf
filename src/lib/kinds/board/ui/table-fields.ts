/** What the table shows of a card, in this order. */
import type { SortField } from '../view-content.ts'

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
export const tableFields: readonly TableField[] = tableFieldIds.map((id) => ({
  id,
  sort: sorts[id] ?? null,
  edits: id !== 'checklist' && id !== 'created',
}))
