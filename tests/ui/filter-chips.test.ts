import { expect, test } from 'vitest'
import { conditionsOf, noConditions, without } from '#lib/kinds/board/ui/filter-chips.ts'
import { everything, isFiltered, type ViewContent } from '#lib/kinds/board/view-content.ts'

const asked: ViewContent = {
  ...everything,
  layout: 'table',
  group: 'label',
  text: ' 报价 ',
  assignees: ['anna', ''],
  labels: ['urgent'],
  priorities: ['high', 'low'],
  due: 'week',
  blocked: true,
  contested: true,
}

test('each condition that Anna set is a chip of its own, nobody among the people included', () => {
  expect(conditionsOf(asked)).toEqual([
    { on: 'text', text: '报价' },
    { on: 'assignee', id: 'anna' },
    { on: 'assignee', id: '' },
    { on: 'label', id: 'urgent' },
    { on: 'priority', id: 'high' },
    { on: 'priority', id: 'low' },
    { on: 'due', due: 'week' },
    { on: 'blocked' },
    { on: 'contested' },
  ])
  expect(conditionsOf(everything)).toEqual([])
})

test('a chip taken away takes its condition and no other; the last one leaves nothing filtered', () => {
  let view = asked
  for (let left = conditionsOf(view); left[0]; left = conditionsOf(view)) {
    const rest = left.slice(1)
    view = { ...view, ...without(view, left[0]) }
    expect(conditionsOf(view)).toEqual(rest)
  }
  expect(isFiltered(view)).toBe(false)
})

test('clearing all conditions keeps layout, lanes and order', () => {
  expect({ ...asked, ...noConditions() }).toEqual({ ...everything, layout: 'table', group: 'label' })
})
