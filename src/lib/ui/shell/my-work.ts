/** My open tasks of every board, in the order in which they press: by the day that each is due. */
import type { TaskBrief, WorkSummary } from '../../core/api.ts'
import type { DocId } from '../../kernel/ids.ts'
import { addDays, type Day } from '../../kernel/instants.ts'
import { compareNames } from '../../kernel/names.ts'

export type When = 'overdue' | 'today' | 'week' | 'later' | 'undated'

export interface MyTask extends TaskBrief {
  root: DocId
  board: string
}

export interface MyWork {
  groups: { when: When; tasks: MyTask[] }[]
  /** All of it, and what of that stands in the groups. */
  count: number
  listed: number
  /** On which boards the rest is. */
  more: { root: DocId; board: string; count: number }[]
}

const order: readonly When[] = ['overdue', 'today', 'week', 'later', 'undated']

export function myWork(
  all: readonly Pick<WorkSummary, 'root' | 'title' | 'tasks' | 'taskCount' | 'archived'>[],
  today: Day,
): MyWork {
  const works = all.filter(({ archived }) => !archived)
  const mine = works
    .flatMap(({ root, title, tasks }) => tasks.map((task): MyTask => ({ ...task, root, board: title })))
    .sort((a, b) => compare(a.due ?? '9', b.due ?? '9') || rank(a) - rank(b) || compareNames(a.title, b.title))
  return {
    groups: order.flatMap((when) => {
      const tasks = mine.filter(({ due }) => whenOf(due, today) === when)
      return tasks.length > 0 ? [{ when, tasks }] : []
    }),
    count: works.reduce((sum, { taskCount }) => sum + taskCount, 0),
    listed: mine.length,
    more: works.flatMap(({ root, title, tasks, taskCount }) =>
      taskCount > tasks.length ? [{ root, board: title, count: taskCount - tasks.length }] : [],
    ),
  }
}

function whenOf(due: Day | null, today: Day): When {
  if (due === null) return 'undated'
  if (due < today) return 'overdue'
  if (due === today) return 'today'
  return due <= addDays(today, 7) ? 'week' : 'later'
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const priorities = ['urgent', 'high', 'medium', 'low']
const rank = ({ priority }: TaskBrief): number => (priority === null ? priorities.length : priorities.indexOf(priority))
