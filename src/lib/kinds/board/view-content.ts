/** What a view of a board shows: layout, filter, lanes, order. Saved as text, so that one view is one decision. */
import * as v from 'valibot'
import { priorities } from './schema.ts'

const layouts = ['board', 'table'] as const
const groupings = ['none', 'assignee', 'label', 'priority', 'department'] as const
export const dueRanges = ['any', 'overdue', 'today', 'week', 'month', 'none'] as const
const sortFields = ['place', 'title', 'start', 'due', 'priority', 'estimate', 'created', 'assignee', 'column'] as const

export type Layout = (typeof layouts)[number]
export type Grouping = (typeof groupings)[number]
export type DueRange = (typeof dueRanges)[number]
export type SortField = (typeof sortFields)[number]

const Ids = v.pipe(v.array(v.pipe(v.string(), v.maxLength(64))), v.maxLength(200))
const Sort = v.object({ by: v.picklist(sortFields), down: v.boolean() })

/** Every part falls back to "everything": a newer application may have saved what this one does not know. */
const Content = v.object({
  layout: v.fallback(v.picklist(layouts), 'board'),
  group: v.fallback(v.picklist(groupings), 'none'),
  /** Lanes without cards are shown, too. */
  emptyLanes: v.fallback(v.boolean(), false),
  sort: v.fallback(Sort, { by: 'place', down: false }),
  text: v.fallback(v.pipe(v.string(), v.maxLength(200)), ''),
  /** '' stands for nobody. */
  assignees: v.fallback(Ids, []),
  /** Of anybody who is assigned; '' stands for none. */
  departments: v.fallback(Ids, []),
  labels: v.fallback(Ids, []),
  priorities: v.fallback(v.array(v.picklist(priorities)), []),
  due: v.fallback(v.picklist(dueRanges), 'any'),
  blocked: v.fallback(v.boolean(), false),
  /** Two people wrote different values at once. */
  contested: v.fallback(v.boolean(), false),
})
export type ViewContent = v.InferOutput<typeof Content>

export const everything: ViewContent = {
  layout: 'board',
  group: 'none',
  emptyLanes: false,
  sort: { by: 'place', down: false },
  text: '',
  assignees: [],
  departments: [],
  labels: [],
  priorities: [],
  due: 'any',
  blocked: false,
  contested: false,
}

/** Never throws: what cannot be read shows everything. */
export function parseView(text: string): ViewContent {
  try {
    const content: unknown = JSON.parse(text)
    if (typeof content !== 'object' || content === null) return everything
    const parsed = v.safeParse(Content, { ...everything, ...content })
    return parsed.success ? parsed.output : everything
  } catch {
    return everything
  }
}

export const viewToText = (content: ViewContent): string => JSON.stringify(content)

/** Do both leave out the same? */
export const sameConditions = (a: ViewContent, b: ViewContent): boolean =>
  a.text === b.text &&
  a.assignees === b.assignees &&
  a.departments === b.departments &&
  a.labels === b.labels &&
  a.priorities === b.priorities &&
  a.due === b.due &&
  a.blocked === b.blocked &&
  a.contested === b.contested

/** Does the view leave anything out? */
export const isFiltered = (view: ViewContent): boolean =>
  view.text.trim() !== '' ||
  view.assignees.length + view.departments.length + view.labels.length + view.priorities.length > 0 ||
  view.due !== 'any' ||
  view.blocked ||
  view.contested
