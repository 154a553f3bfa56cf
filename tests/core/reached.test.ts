import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { openWorldAt } from '#tests/support/world.ts'

test('on how many devices Ann’s latest edit is, she reads by what each says of itself; over a restart, and of nobody who was removed (P6)', async () => {
  const relay = await startRelay()
  const { devices, workspace, board, column, bo: his } = await openWorldAt(relay.port, ['Bo'], true)
  const [ann, bo, phone] = devices as [TestDevice, TestDevice, TestDevice]
  const { works } = await ann.state(workspace)
  const scope = works.find(({ root }) => root === board)?.scope
  const reached = async () => (await ann.state(workspace)).scopes.find(({ id }) => id === scope)?.reached
  const add = () =>
    ann.call('commit', {
      ...{ workspace, work: board, tab: ann.tab },
      calls: [{ mutation: 'addCard', args: { card: newEntity(), title: 'Sail', column, order: 'a5' } }],
    })
  const synced = (device: TestDevice) =>
    until(async () => expect((await device.state(workspace)).sync.state).toBe('synced'))
  /** Somebody moves about, which says what their device has. */
  const moves = (device: TestDevice, entity: string) =>
    device.call('present', { workspace, tab: device.tab, work: board, entity, field: null })
  const cards = async (device: TestDevice) => {
    const docs: unknown[] = Object.values(await device.docs(workspace, board))
    return docs.reduce<number>((sum, doc) => sum + Object.keys((doc as { cards?: object }).cards ?? {}).length, 0)
  }
  /** Who has the newest card, tells. */
  const tells = async (device: TestDevice, entity: string) => {
    const count = await cards(ann)
    await until(async () => expect(await cards(device)).toBe(count))
    await until(async () => {
      await moves(device, entity)
      expect((await reached())?.on).toBeGreaterThan(1)
    })
  }

  await bo.call('setWorkOffline', { offline: true })
  await phone.call('setWorkOffline', { offline: true })
  await add()
  await synced(ann)
  expect(await reached()).toEqual({ on: 1, of: 3 })
  await bo.call('setWorkOffline', { offline: false })
  await tells(bo, 'mast')
  expect(await reached()).toEqual({ on: 2, of: 3 })
  await ann.restart()
  expect(await reached()).toEqual({ on: 2, of: 3 })
  await synced(ann)

  // A new one is nowhere else yet, whatever was there before.
  await bo.call('setWorkOffline', { offline: true })
  await add()
  await synced(ann)
  expect(await reached()).toEqual({ on: 1, of: 3 })
  await phone.call('setWorkOffline', { offline: false })
  await tells(phone, 'keel')
  await ann.call('removeMember', { workspace, person: his })
  await until(async () => expect((await reached())?.of).toBe(2))
})
