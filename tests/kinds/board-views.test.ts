import { describe, expect, test } from 'vitest'
import type { Day } from '#lib/kernel/instants.ts'
import { lanesOf } from '#lib/kinds/board/lanes.ts'
import type { Card, Column, Label } from '#lib/kinds/board/schema.ts'
import { sortCards } from '#lib/kinds/board/sort-cards.ts'
import { rowsInView } from '#lib/kinds/board/ui/rows-in-view.ts'
import type { ViewContent } from '#lib/kinds/board/view-content.ts'
import { card } from '#tests/support/board-card.ts'

const column = (id: string): Column => ({
  id,
  title: id,
  order: 'a1',
  color: null,
  done: false,
  limit: null,
  archived: false,
})
const label = (id: string): Label => ({ id, name: id, color: 'red', archived: false })

describe('sorting the table (P13)', () => {
  const facts = {
    columns: [column('todo'), column('doing')],
    personName: (id: string) => id,
    collator: new Intl.Collator('zh-CN'),
  }
  const sorted = (cards: Card[], by: ViewContent['sort']['by'], down = false) =>
    sortCards(cards, { by, down }, facts).map(({ id }) => id)

  test('follows the board at first: columns in their order, cards in theirs', () => {
    const cards = [card('c', { column: 'doing' }), card('b', { order: 'a2' }), card('a')]
    expect(sorted(cards, 'place')).toEqual(['a', 'b', 'c'])
    expect(sorted(cards, 'place', true)).toEqual(['c', 'b', 'a'])
  })
  test('puts what has no date last both ways, and the board decides between equals', () => {
    const cards = [
      card('none'),
      card('late', { due: '2026-12-02' as Day }),
      card('soon-2', { due: '2026-12-01' as Day, order: 'a3' }),
      card('soon-1', { due: '2026-12-01' as Day, order: 'a2' }),
    ]
    expect(sorted(cards, 'due')).toEqual(['soon-1', 'soon-2', 'late', 'none'])
    expect(sorted(cards, 'due', true)).toEqual(['late', 'soon-1', 'soon-2', 'none'])
  })
  test('knows that urgent comes before low, and an estimate of 0 before one of 10', () => {
    const cards = [card('low', { priority: 'low', estimate: 10 }), card('urgent', { priority: 'urgent', estimate: 0 })]
    expect(sorted(cards, 'priority')).toEqual(['urgent', 'low'])
    expect(sorted(cards, 'estimate')).toEqual(['urgent', 'low'])
  })
  test('sorts Chinese titles by their sound', () => {
    expect(sorted([card('张'), card('阿'), card('李')], 'title')).toEqual(['阿', '李', '张'])
  })
})

describe('groups of cards', () => {
  const facts = {
    people: [
      { id: 'anna', name: 'Anna', departments: ['sales', 'rd'] },
      { id: 'bo', name: 'Bo', departments: ['rd'] },
    ],
    departments: [
      { id: 'rd', name: 'R&D' },
      { id: 'sales', name: 'Sales' },
    ],
    labels: [label('red'), label('blue')],
  }
  const lanes = (cards: Card[], group: ViewContent['group']) =>
    lanesOf(cards, group, facts).map(({ id, cards: list }) => [id, list.map((one) => one.id)])

  test('a card of Anna and Bo shows with both, one of nobody at the end', () => {
    const cards = [card('none'), card('both', { assignees: ['bo', 'anna'] }), card('bos', { assignees: ['bo'] })]
    expect(lanes(cards, 'assignee')).toEqual([
      ['anna', ['both']],
      ['bo', ['both', 'bos']],
      ['', ['none']],
    ])
    expect(lanes(cards, 'department')).toEqual([
      ['rd', ['both', 'bos']],
      ['sales', ['both']],
      ['', ['none']],
    ])
  })
  test('a card of somebody or of a label that is gone is not lost', () => {
    expect(lanes([card('a', { assignees: ['left'], labels: ['gone'] })], 'assignee')).toEqual([['', ['a']]])
    expect(lanes([card('a', { assignees: ['left'], labels: ['gone'] })], 'label')).toEqual([['', ['a']]])
  })
})

test('of 10,000 rows only those in view and a few around them are drawn', () => {
  expect(rowsInView(10_000, 36, 0, 720)).toEqual({ first: 0, end: 28 })
  expect(rowsInView(10_000, 36, 180_000, 720)).toEqual({ first: 4992, end: 5028 })
  expect(rowsInView(10_000, 36, 359_280, 720)).toEqual({ first: 9972, end: 10_000 })
  expect(rowsInView(3, 36, 90_000, 720)).toEqual({ first: 3, end: 3 })
})
