import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import type { Conflict } from '#lib/kernel/define-kind.ts'
import { newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { coreOf, expectSame, openWorldAt } from '#tests/support/world.ts'

test.each(['the value that counts', 'the other value'])(
  'Ann sets High while Bo, offline, sets Low: both are told of both, by whom, and of the end when Bo keeps %s',
  async (which) => {
    const relay = await startRelay()
    const world = await openWorldAt(relay.port, ['Bo'])
    const { workspace, board, column } = world
    const [ann, bo] = world.devices as [TestDevice, TestDevice]
    const told = new Map<TestDevice, Conflict[]>()
    for (const device of [ann, bo])
      device.core.handlers.watch('work', { workspace, work: board }, (event) => {
        if (event.type === 'conflicts') told.set(device, event.conflicts)
      })
    const commit = (device: TestDevice, mutation: string, args: Record<string, unknown>) =>
      device.call('commit', { workspace, work: board, tab: device.tab, calls: [{ mutation, args }] })
    const card = newEntity()
    await commit(ann, 'addCard', { card, title: 'Ask three suppliers', column, order: 'a5' })
    await expectSame(world)
    await bo.call('setWorkOffline', { offline: true })
    await commit(ann, 'setPriority', { card, priority: 'high' })
    await commit(bo, 'setPriority', { card, priority: 'low' })
    await bo.call('setWorkOffline', { offline: false })
    const me = async (device: TestDevice) => (await device.state(workspace)).me
    const written = new Map([
      ['high', await me(ann)],
      ['low', await me(bo)],
    ])
    for (const device of [ann, bo])
      await until(() => {
        const [conflict, ...others] = told.get(device) ?? []
        expect(others).toEqual([])
        expect(conflict?.path).toEqual(['cards', card, 'priority'])
        expect(new Map(conflict?.values.map(({ value, by }) => [value, by]))).toEqual(written)
      })
    expect(told.get(ann)).toEqual(told.get(bo))
    const [counts, other] = told.get(bo)?.[0]?.values ?? []
    const kept = (which === 'the other value' ? other : counts)?.value
    await commit(bo, 'setPriority', { card, priority: kept })
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
    await expectSame(world)
    const { works } = coreOf(ann, workspace)
    const work = await coreOf(ann, workspace).openWork(board)
    expect(
      (work.kind.read(works.plain(work)) as { cardsById: ReadonlyMap<string, { priority: string }> }).cardsById.get(
        card,
      )?.priority,
    ).toBe(kept)
  },
)
