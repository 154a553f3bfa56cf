import { expect, test } from 'vitest'
import type { DocId } from '#lib/kernel/ids.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { myWork } from '#lib/ui/shell/my-work.ts'

const today = '2026-11-25' as Day
const task = (title: string, due: string | null, priority: 'urgent' | 'low' | null = null) => ({
  entity: title,
  title,
  due: due as Day | null,
  priority,
  stage: 'Doing',
  blocked: false,
})

test('what presses Ann most comes first, whichever board it is on, and all of it is counted; of a board that is archived nothing presses', () => {
  const { groups, ...counted } = myWork(
    [
      {
        root: 'a'.repeat(32) as DocId,
        title: 'Launch',
        taskCount: 3,
        archived: false,
        tasks: [task('Film', '2026-12-03'), task('Venue', '2026-11-26', 'low'), task('Idea', null)],
      },
      {
        root: 'b'.repeat(32) as DocId,
        title: 'Pilot',
        taskCount: 2_304,
        archived: false,
        tasks: [
          task('Springs', '2026-11-24'),
          task('Meeting', '2026-11-25'),
          task('Jigs', '2026-11-26', 'urgent'),
          task('Report', '2026-12-02'),
        ],
      },
      {
        root: 'c'.repeat(32) as DocId,
        title: 'Last year',
        taskCount: 1,
        archived: true,
        tasks: [task('Review', '2025-12-01')],
      },
    ],
    today,
  )
  expect(counted).toEqual({
    count: 2_307,
    listed: 7,
    more: [{ root: 'b'.repeat(32), board: 'Pilot', count: 2_300 }],
  })
  expect(groups.map(({ when, tasks }) => [when, tasks.map(({ title, board }) => `${title} (${board})`)])).toEqual([
    ['overdue', ['Springs (Pilot)']],
    ['today', ['Meeting (Pilot)']],
    ['week', ['Jigs (Pilot)', 'Venue (Launch)', 'Report (Pilot)']],
    ['later', ['Film (Launch)']],
    ['undated', ['Idea (Launch)']],
  ])
})

test('who has nothing to do has no groups', () => {
  expect(
    myWork([{ root: 'a'.repeat(32) as DocId, title: 'Launch', tasks: [], taskCount: 0, archived: false }], today),
  ).toEqual({
    groups: [],
    count: 0,
    listed: 0,
    more: [],
  })
})
