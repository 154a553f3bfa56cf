import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { openSqlite } from '#relay/storage/sqlite.ts'
import { StorageFull, type Storage } from '#relay/storage/storage.ts'
import { until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { addCard, expectSame, openWorldAt, titlesIn } from '#tests/support/world.ts'

test('the relay’s disk is full: Ann is told, keeps her edit, and it arrives by itself when there is room, and nothing says full any more (R7)', async () => {
  const { world, ann, bo, disk, codes } = await annAndBoAtALimitedRelay()
  disk.full = true
  await addCard(world, ann, 'no room yet')
  await until(async () => expect(await codes(ann)).toContain('relay-full'))
  // The relay may have said so before her own disk has everything.
  const full = { state: 'no-room', count: 1, lack: 'full' }
  await until(async () => expect((await ann.state(world.workspace)).sync).toEqual(full))
  await until(async () => expect((await ann.state(world.workspace)).works[0]?.sync).toMatchObject({ state: 'no-room' }))
  expect(await titlesIn(world, ann)).toContain('no room yet')
  disk.full = false
  await until(async () => expect(await titlesIn(world, bo)).toContain('no room yet'), 20_000)
  await until(async () => expect((await ann.state(world.workspace)).sync.state).toBe('synced'))
  await until(async () => expect(await codes(ann)).toEqual([]))
  await expectSame(world)
  expect((await ann.state(world.workspace)).drafts).toEqual([])
})

test('an invitation that Ann makes while the relay is full is not lost, and is there when there is room (R7)', async () => {
  const { world, ann, bo, disk, codes } = await annAndBoAtALimitedRelay()
  disk.full = true
  await ann.call('createInvite', { workspace: world.workspace, rank: 'member', days: 7 })
  await until(async () => expect(await codes(ann)).toEqual(['relay-full']))
  const full = { state: 'no-room', lack: 'full' }
  await until(async () => expect((await ann.state(world.workspace)).sync).toMatchObject(full))
  disk.full = false
  await until(async () => expect((await bo.state(world.workspace)).invites.at(-1)?.state).toBe('open'), 20_000)
  await until(async () => expect((await ann.state(world.workspace)).sync.state).toBe('synced'))
  await until(async () => expect(await codes(ann)).toEqual([]))
})

test('there is no room for the keys of an invitation: Ann is told that it is not sent, and it is when there is room (A6, R7)', async () => {
  const { world, ann, disk, codes } = await annAndBoAtALimitedRelay()
  const { workspace } = world
  disk.fullForKeys = true
  await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect(await codes(ann)).toEqual(['relay-full']))
  const full = { state: 'no-room', count: 1, lack: 'full' }
  await until(async () => expect((await ann.state(workspace)).sync).toEqual(full))
  // Nor does a restart take them for sent.
  await ann.restart()
  await until(async () => expect((await ann.state(workspace)).sync).toEqual(full))
  expect((await ann.state(workspace)).invites.at(-1)).toMatchObject({ state: 'open', sent: false })
  disk.fullForKeys = false
  await until(async () => expect((await ann.state(workspace)).invites.at(-1)?.sent).toBe(true), 20_000)
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await until(async () => expect(await codes(ann)).toEqual([]))
})

async function annAndBoAtALimitedRelay() {
  const disk = { full: false, fullForKeys: false }
  const room = openSqlite(':memory:')
  const storage: Storage = {
    ...room,
    addRecords: (...args) => {
      if (disk.full) throw new StorageFull('full')
      room.addRecords(...args)
    },
    appendLog: (...args) => {
      if (disk.full) throw new StorageFull('full')
      room.appendLog(...args)
    },
    addWraps: (...args) => {
      if (disk.fullForKeys) throw new StorageFull('full')
      room.addWraps(...args)
    },
  }
  const relay = await startRelay({ storage })
  const world = await openWorldAt(relay.port, ['Bo'])
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  await until(async () => expect((await ann.state(world.workspace)).sync.state).toBe('synced'))
  const codes = async (device: TestDevice) => (await device.state(world.workspace)).notices.map(({ code }) => code)
  return { world, ann, bo, disk, codes }
}
