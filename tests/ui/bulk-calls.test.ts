import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import type { Day } from '#lib/kernel/instants.ts'
import { bulkCalls } from '#lib/kinds/board/ui/bulk-calls.ts'
import { boardAfter } from '#tests/support/planned-board.ts'

const lin = 'a'.repeat(32)
const due = '2026-12-01' as Day
const add = (card: string, fields: Record<string, unknown>) => ({
  mutation: 'addCard',
  args: { card, title: card, column: 'todo', order: 'a0', ...fields },
})
const cards = [
  ...boardAfter([
    { mutation: 'addColumn', args: { column: 'todo', title: 'To do', order: 'a0' } },
    { mutation: 'addLabel', args: { label: 'rush', name: 'Rush', color: 'red' } },
    add('hull', { priority: 'high', due, assignees: [lin], labels: ['rush'] }),
    add('mast', { priority: 'low' }),
    add('sail', { due, dueDay: 31 }),
  ]).board.cardsById.values(),
]

test('of three chosen cards only those change that are not so already', () => {
  const changed = (list: readonly { args: Record<string, unknown> }[]) => list.map(({ args }) => args['card'])
  expect(changed(bulkCalls.priority(cards, 'high'))).toEqual(['mast', 'sail'])
  expect(changed(bulkCalls.assign(cards, lin, true))).toEqual(['mast', 'sail'])
  expect(changed(bulkCalls.assign(cards, lin, false))).toEqual(['hull'])
  expect(changed(bulkCalls.label(cards, 'rush', false))).toEqual(['hull'])
  // One that comes back to the 31st is given another day to come back to.
  expect(changed(bulkCalls.due(cards, due))).toEqual(['mast', 'sail'])
  expect(changed(bulkCalls.due(cards.slice(0, 1), due))).toEqual([])
})
