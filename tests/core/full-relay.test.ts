import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { openSqlite } from '#relay/storage/sqlite.ts'
import { StorageFull, type Storage } from '#relay/storage/storage.ts'
import { until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { addCard, expectSame, openWorldAt, titlesIn } from '#tests/support/world.ts'

test('the relay’s disk is full: Ann is told, keeps her edit, and it arrives by itself when there is room (R7)', async () => {
  let full = false
  const room = openSqlite(':memory:')
  const storage: Storage = {
    ...room,
    addRecords: (...args) => {
      if (full) throw new StorageFull('full')
      room.addRecords(...args)
    },
  }
  const relay = await startRelay({ storage })
  const world = await openWorldAt(relay.port, ['Bo'])
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  await until(async () => expect((await ann.state(world.workspace)).sync.state).toBe('synced'))
  full = true
  await addCard(world, ann, 'no room yet')
  await until(async () =>
    expect((await ann.state(world.workspace)).notices.map(({ code }) => code)).toContain('relay-full'),
  )
  await until(async () => expect((await ann.state(world.workspace)).sync.state).toBe('sending'))
  expect(await titlesIn(world, ann)).toContain('no room yet')
  full = false
  await until(async () => expect(await titlesIn(world, bo)).toContain('no room yet'), 20_000)
  await expectSame(world)
  expect((await ann.state(world.workspace)).drafts).toEqual([])
})
