import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { readBoard } from '#lib/kinds/board/schema.ts'
import { deviceOf, newEntity, until } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'

const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })

test('by which move a card is away is known wherever what it became lies, and of one archived by hand after its move was taken back that it is by none', async () => {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board: deck } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const { tab } = ann
  const moment = await ann.call('moment', { workspace, work: deck, at: { now: true } })
  const [column] = readBoard(moment as Parameters<typeof readBoard>[0]).columns.map(({ id }) => id)
  const place = newEntity()
  const { root: hold } = await ann.call('createWork', {
    ...{ workspace, kind: 'board' },
    calls: [call('renameBoard', { title: 'Hold' }), call('addColumn', { column: place, title: 'Below', order: 'a1' })],
  })
  const commit = (work: typeof deck, ...calls: MutationCall[]) => ann.call('commit', { workspace, work, tab, calls })
  const [sail, rope] = [newEntity(), newEntity()]
  for (const card of [sail, rope]) await commit(deck, call('addCard', { card, title: card, column, order: 'a0' }))
  const move = async () => {
    const [cut, card] = [newEntity(), newEntity()]
    const from = { work: deck, entity: sail, cut }
    const came = await commit(hold, call('addCard', { card, title: 'Sail', column: place, order: 'a0', from }))
    const along = { work: hold, group: came.group, entries: [[sail, card] as const] }
    await ann.call('commit', { workspace, work: deck, tab, cut, along, calls: [call('archiveCard', { card: sail })] })
    return card
  }
  const isAwayBy = (...moves: string[]) =>
    until(async () =>
      expect(await ann.call('movedAway', { workspace, work: deck, entities: [sail, rope] })).toEqual(
        moves.map((entity) => ({ entity: sail, to: { work: hold, entity } })),
      ),
    )

  await commit(deck, call('archiveCard', { card: rope }))
  await isAwayBy()
  const first = await move()
  await isAwayBy(first)
  await commit(hold, call('archiveCard', { card: first }))
  await isAwayBy(first)
  // Brought back, and that taken back.
  await commit(deck, call('restoreCard', { card: sail }))
  await isAwayBy()
  await ann.call('undo', { workspace, work: deck, tab })
  await isAwayBy(first)

  await commit(deck, call('restoreCard', { card: sail }))
  const second = await move()
  await isAwayBy(second)
  await ann.call('undo', { workspace, work: deck, tab })
  await isAwayBy()
  await ann.call('redo', { workspace, work: deck, tab })
  await isAwayBy(second)
  await ann.call('undo', { workspace, work: deck, tab })
  await commit(deck, call('archiveCard', { card: sail }))
  await isAwayBy()
})
