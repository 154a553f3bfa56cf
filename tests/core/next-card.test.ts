import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { nextCard } from '#lib/kinds/board/next-card.ts'
import { readBoard } from '#lib/kinds/board/schema.ts'
import { deviceOf, newEntity } from '#tests/support/people.ts'
import { plainText } from '#lib/kernel/formatted.ts'
import { startRelay } from '#tests/support/start-relay.ts'

test('the card that follows a repeating one has its description, too', async () => {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board: work } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const boardNow = async () =>
    readBoard((await ann.call('moment', { workspace, work, at: { now: true } })) as Parameters<typeof readBoard>[0])
  const commit = (...calls: MutationCall[]) => ann.call('commit', { workspace, work, tab: ann.tab, calls })
  const { columns } = await boardNow()
  const todo = columns[0]?.id ?? ''
  const done = columns.find((column) => column.done)?.id ?? ''
  const card = newEntity()
  const report = { title: 'Report', due: '2026-01-31', repeat: 'monthly', description: 'Collect\nSend' }
  await commit({ mutation: 'addCard', args: { card, column: todo, order: 'a5', ...report } })
  const board = await boardNow()
  const finished = board.cardsById.get(card)
  const next = finished && nextCard(board, finished, done, '2026-01-31' as Day, () => 'a6')
  await commit({ mutation: 'moveCard', args: { card, column: done, order: 'a1' } }, ...(next?.calls ?? []))
  const { texts } = await ann.call('descriptions', { workspace, work })
  expect(plainText(texts[next?.id ?? ''] ?? [])).toBe('Collect\nSend')
  expect((await boardNow()).cardsById.get(next?.id ?? '')).toMatchObject({ due: '2026-02-28', dueDay: 31 })
})

test('who finishes a repeating card a moment after another did, not knowing it yet, is refused nothing, and it comes again once', async () => {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board: work } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const boardNow = async () =>
    readBoard((await ann.call('moment', { workspace, work, at: { now: true } })) as Parameters<typeof readBoard>[0])
  const commit = (tab: string, ...calls: MutationCall[]) => ann.call('commit', { workspace, work, tab, calls })
  const { columns } = await boardNow()
  const done = columns.find((column) => column.done)?.id ?? ''
  const card = newEntity()
  const report = { title: 'Report', due: '2026-01-30', repeat: 'monthly' }
  await commit('one', { mutation: 'addCard', args: { card, column: columns[0]?.id, order: 'a5', ...report } })
  const board = await boardNow()
  const finished = board.cardsById.get(card)
  const next = finished && nextCard(board, finished, done, '2026-01-30' as Day, () => 'a6')
  const finish = { mutation: 'moveCard', args: { card, column: done, order: 'a1' } }
  // Both screens show the card as it was.
  await Promise.all(['one', 'two'].map((tab) => commit(tab, finish, ...(next?.calls ?? []))))
  const { cardsById } = await boardNow()
  expect([...cardsById.values()].filter(({ title }) => title === 'Report').map(({ column }) => column)).toEqual(
    expect.arrayContaining([done, columns[0]?.id]),
  )
  expect([...cardsById.values()].filter(({ title }) => title === 'Report')).toHaveLength(2)
  // Any other card is refused.
  const again = { mutation: 'addCard', args: { card, column: columns[0]?.id, order: 'a5', title: 'Report' } }
  await expect(commit('two', again)).rejects.toMatchObject({ code: 'entry-exists' })
})
