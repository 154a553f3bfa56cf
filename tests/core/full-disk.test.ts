import '#tests/support/automerge.ts'
import { expect, onTestFinished, test } from 'vitest'
import type { SyncState } from '#lib/core/api.ts'
import { dayOf } from '#lib/i18n/format.ts'
import { fillDisk } from '#tests/support/full-disk.ts'
import { newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { addCard, coreOf, expectSame, openWorld, openWorldAt, titlesIn, type World } from '#tests/support/world.ts'

test('Bo’s disk is full while Ann writes: he sees it, and when there is room it is stored, so that a restart finds it (R0)', async () => {
  const world = await openWorld()
  const [ann, bo] = world.devices
  await expectSame(world)
  const disk = fillDisk(bo!.name, ['cursors'])
  await addCard(world, ann!, 'while it was full')
  await until(async () => expect(await titlesIn(world, bo!)).toContain('while it was full'))
  await until(() => expect(disk.refused()).toBeGreaterThan(0))
  await addCard(world, ann!, 'and one more')
  disk.makeRoom()
  await expectSame(world)
  await bo!.restart()
  await addCard(world, bo!, 'from Bo')
  await expectSame(world)
  for (const title of ['while it was full', 'and one more', 'from Bo'])
    expect(await titlesIn(world, ann!)).toContain(title)
  for (const device of world.devices) expect((await device.state(world.workspace)).drafts).toEqual([])
  await world.close()
}, 60_000)

test('Ann’s disk is full: her badge says of an edit that it is not stored, on its board and everywhere; when there is room it is stored and sent without another edit (P6)', async () => {
  const { world, ann, bo } = await annAndBo()
  const { workspace, board: work } = world
  const disk = fillDisk(ann.name)
  // More than one document has room for: hers has to make a new one, and cannot.
  const calls = Array.from({ length: 500 }, (_, n) => ({
    mutation: 'addCard',
    args: { card: newEntity(), title: `card ${n}`, column: world.column, order: 'a5' },
  }))
  await bo.call('commit', { workspace, work, tab: bo.tab, calls })
  await until(() => expect(disk.refused()).toBeGreaterThan(0))
  const badges = badgesOf(ann, world)
  await addCard(world, ann, 'on a full disk')
  await until(() => expect(badges.last()).toEqual([NOT_STORED, NOT_STORED, NOT_STORED]))
  await until(() => expect(badges.full()).toBe(true))
  expect(await titlesIn(world, bo)).not.toContain('on a full disk')
  badges.hasRoom = true
  disk.makeRoom()
  await until(async () => expect(await titlesIn(world, bo)).toContain('on a full disk'), 20_000)
  await expectSame(world)
  await until(() => expect(badges.full()).toBe(false))
  expect(badges.saidBeforeStored()).not.toContain('synced')
  await ann.restart()
  await expectSame(world)
  expect(await titlesIn(world, ann)).toHaveLength(503)
})

test('Ann’s disk is full when she opens the app: the badge says so and never that her edit is under way; with room again all comes and goes by itself', async () => {
  const { world, ann, bo } = await annAndBo()
  const { workspace } = world
  const disk = fillDisk(ann.name)
  await ann.restart()
  await addCard(world, bo, 'from Bo')
  await addCard(world, ann, 'on a full disk')
  await until(async () => expect((await ann.state(workspace)).sync).toEqual(NOT_STORED))
  await until(async () => expect((await ann.state(workspace)).works[0]?.sync).toEqual(NOT_STORED))
  disk.makeRoom()
  await until(async () => expect(await titlesIn(world, ann)).toContain('from Bo'), 20_000)
  await until(async () => expect(await titlesIn(world, bo)).toContain('on a full disk'), 20_000)
  await expectSame(world)
  await ann.restart()
  await expectSame(world)
})

test('Ann’s disk takes her edit and nothing that is to be sent: the badge says that the device is full and not that the edit is under way', async () => {
  const { world, ann, bo } = await annAndBo()
  const { workspace } = world
  const disk = fillDisk(ann.name, ['sealed'])
  await addCard(world, ann, 'stored')
  const full = { state: 'no-space', count: 1, isStored: true }
  await until(async () => expect((await ann.state(workspace)).sync).toEqual(full))
  disk.makeRoom()
  await until(async () => expect(await titlesIn(world, bo)).toContain('stored'), 20_000)
  await expectSame(world)
})

test('Bo’s disk has no room for the log: who was let in meanwhile is there when it has, also after a restart (A2)', async () => {
  const { world, ann, bo } = await annAndBo()
  const { workspace } = world
  const disk = fillDisk(bo.name, ['authority'])
  await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  await until(() => expect(disk.refused()).toBeGreaterThan(0))
  await until(async () => expect((await bo.state(workspace)).sync).toMatchObject({ state: 'no-space', isStored: true }))
  await ann.call('createInvite', { workspace, rank: 'guest', days: 1 })
  disk.makeRoom()
  const invites = async (device: TestDevice) => (await device.state(workspace)).invites.map(({ id }) => id)
  await until(async () => expect(await invites(bo)).toEqual(await invites(ann)), 20_000)
  await expectSame(world)
  await bo.call('setWorkOffline', { offline: true })
  await bo.restart()
  expect(await invites(bo)).toEqual(await invites(ann))
})

test('Ann’s disk has no room for what she administers: it is refused, and not done after all', async () => {
  const { world, ann } = await annAndBo()
  const { workspace } = world
  const { invites } = await ann.state(workspace)
  const disk = fillDisk(ann.name, ['authority'])
  await expect(ann.call('createInvite', { workspace, rank: 'member', days: 1 })).rejects.toThrow()
  disk.makeRoom()
  await addCard(world, ann, 'after that')
  await expectSame(world)
  expect((await ann.state(workspace)).invites).toEqual(invites)
})

test('whoever leaves is asked while something written is not on the disk, also in a tab that was opened after it was written, and no longer when there is room', async () => {
  const { world, ann } = await annAndBo()
  const disk = fillDisk(ann.name)
  await addCard(world, ann, 'on a full disk')
  await until(() => expect(disk.refused()).toBeGreaterThan(0))
  ann.openTab()
  await until(() => expect(ann.isUnsaved()).toBe(true))
  disk.makeRoom()
  await until(() => expect(ann.isUnsaved()).toBe(false), 20_000)
})

test('nobody is asked where all is stored: after a demo came in, after an edit with which somebody else’s arrived, and after leaving', async () => {
  const { world, ann, bo } = await annAndBo()
  const tab = ann.openTab()
  const { workspace } = await tab.call.createDemo({ locale: 'en', today: dayOf(new Date()) })
  await until(() => expect(ann.isUnsaved()).toBe(false))
  for (let n = 0; n < 10; n++) await Promise.all([addCard(world, ann, `hers ${n}`), addCard(world, bo, `his ${n}`)])
  await expectSame(world)
  await until(() => expect(ann.isUnsaved()).toBe(false))
  await tab.call.removeDemo({ workspace })
  expect(ann.isUnsaved()).toBe(false)
})

const NOT_STORED = { state: 'no-space', count: 1, isStored: false }

async function annAndBo() {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, ['Bo'])
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  await expectSame(world)
  return { world, ann, bo }
}

/** What the screens of a device say: of everything, of the board in the list, and of the open board. */
function badgesOf(device: TestDevice, { workspace, board: work }: World) {
  const { handlers } = device.core
  const isStored = () => {
    const { documents } = coreOf(device, workspace)
    return [...documents.rows.keys()].every((doc) => documents.isSaved(doc))
  }
  const last: (SyncState | undefined)[] = []
  const said: SyncState['state'][] = []
  let isFull = false
  const badges = {
    hasRoom: false,
    last: () => last,
    full: () => isFull,
    saidBeforeStored: () => said,
  }
  const note = (at: number, sync: SyncState | undefined) => {
    last[at] = sync
    if (badges.hasRoom && sync && !isStored()) said.push(sync.state)
  }
  onTestFinished(
    handlers.watch('workspace', { workspace }, ({ sync, works }) => {
      note(0, sync)
      note(1, works.find(({ root }) => root === work)?.sync)
    }),
  )
  onTestFinished(handlers.watch('work', { workspace, work }, (event) => event.type === 'state' && note(2, event.sync)))
  onTestFinished(handlers.watch('app', {}, ({ storage }) => (isFull = storage.full)))
  return badges
}

test('where the disk is full Ann can take a workspace off it, with an edit that found no room as well, and what it leaves is room', async () => {
  const { world, ann } = await annAndBo()
  const { workspace } = world
  const disk = fillDisk(ann.name)
  await addCard(world, ann, 'on a full disk')
  await until(() => expect(disk.refused()).toBeGreaterThan(0))
  await ann.call('leaveWorkspace', { workspace })
  expect([...ann.core.workspaces.keys()]).toEqual([])
  await ann.restart()
  expect([...ann.core.workspaces.keys()]).toEqual([])
  disk.makeRoom()
  await world.close()
})
