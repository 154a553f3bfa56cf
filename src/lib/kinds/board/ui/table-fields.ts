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
  /** Pixels; where there is room for all, those that `grow` share what is left. */
  width: number
  grow: number
  /** Where it stands in a row: its neighbours may not be drawn. */
  place: string
}

/** Of the box before the title. */
const BOX_WIDTH = 36
const widths: Record<TableFieldId, number> = {
  title: 200,
  column: 104,
  assignees: 112,
  labels: 128,
  priority: 72,
  start: 124,
  due: 124,
  estimate: 72,
  checklist: 76,
  created: 104,
}
const places: Record<TableFieldId, string> = {
  title: 'col-start-2',
  column: 'col-start-3',
  assignees: 'col-start-4',
  labels: 'col-start-5',
  priority: 'col-start-6',
  start: 'col-start-7',
  due: 'col-start-8',
  estimate: 'col-start-9',
  checklist: 'col-start-10',
  created: 'col-start-11',
}
const grows: Partial<Record<TableFieldId, number>> = { title: 3, labels: 1 }
/** The box and the title stay where they are, or nobody would know whose the other cells are. */
export const stays = ['sticky left-0 z-10 bg-inherit', 'sticky left-9 z-10 bg-inherit'] as const
/** A phone has less for titles. */
const NARROW_TITLE = 180

const sorts: Partial<Record<TableFieldId, SortField>> = {
  title: 'title',
  column: 'column',
  assignees: 'assignee',
  priority: 'priority',
  start: 'start',
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
  width: widths[id],
  grow: grows[id] ?? 0,
  place: places[id],
}))

/** Where the fields lie in a table on a screen that is `narrow` or not, in pixels. */
export interface TableLayout {
  /** Of the box and the title, which stay where they are. */
  fixed: number
  /** Of all. */
  width: number
  /** As CSS has them. */
  columns: string
  starts: readonly number[]
}
export function tableLayout(isNarrow: boolean): TableLayout {
  const starts = [BOX_WIDTH]
  const sizes = tableFields.map(({ id, width }) => (id === 'title' && isNarrow ? NARROW_TITLE : width))
  for (const size of sizes) starts.push((starts.at(-1) ?? 0) + size)
  const tracks = tableFields.map(({ grow }, index) =>
    grow > 0 ? `minmax(${sizes[index]}px, ${grow}fr)` : `${sizes[index]}px`,
  )
  return {
    fixed: starts[1] ?? 0,
    width: starts.at(-1) ?? 0,
    columns: [`${BOX_WIDTH}px`, ...tracks].join(' '),
    starts,
  }
}

/**
 * The numbers of the fields that are seen of a table which is scrolled sideways, and one more at either side; the title always is. On
 * a phone that is a third of them.
 */
export function fieldsInView({ fixed, width, starts }: TableLayout, scrolled: number, room: number): readonly number[] {
  const numbers = tableFields.map((_, number) => number)
  if (room >= width) return numbers
  const seen = (number: number) =>
    (starts[number + 1] ?? 0) > scrolled + fixed && (starts[number] ?? 0) < scrolled + room
  return numbers.filter(
    (number) => number === 0 || [number - 1, number, number + 1].some((near) => near > 0 && seen(near)),
  )
}
