import '#tests/support/automerge.ts'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openDb } from '#lib/store/db.ts'
import { randomBytes } from '#lib/sync/bytes.ts'
import { deviceOf, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { addCard, expectSame, openWorldAt, titlesIn } from '#tests/support/world.ts'

const WAYS = ['emptied', 'overwritten', 'gone'] as const
type Way = (typeof WAYS)[number]
/** Records stay: they are what the rest is mended from, with the relay. */
const STORES = [
  'authority',
  'docs',
  'cursors',
  'scopeKeys',
  'projections',
  'seen',
  'notices',
  'sealed',
  'undo',
] as const
type Store = (typeof STORES)[number] | 'workspaces'

/** Of a workspace's own row all but its keys, and what may be found there. */
const REST: Record<string, readonly unknown[]> = {
  relay: [null, 'zz', 'http://127.0.0.1/', 7],
  demo: [null, true],
  name: [null],
  generation: ['zz'],
  relayKey: ['zz'],
  confirmed: [-7, null],
  owed: [-7],
  talked: ['zz'],
  removed: [null],
  firstSync: [null],
  promised: [null, { names: [null] }],
}

/** Of another kind than it was, as a disk that fails or a browser that was killed may leave it. */
function spoiled(value: unknown): unknown {
  if (value instanceof Uint8Array) return randomBytes(value.length)
  if (typeof value === 'string') return 'zz'
  if (typeof value === 'number') return -7
  if (Array.isArray(value)) return [null]
  return value === null ? 3 : typeof value === 'boolean' ? value : null
}

/** The wraps that the relay keeps for a device. */
function forgetWraps(dataDir: string, device: string): void {
  const db = new DatabaseSync(join(dataDir, 'relay.sqlite'))
  db.prepare('delete from scope_key_wraps where recipient = ?').run(Uint8Array.fromHex(device))
  db.close()
}

/** Returns how many rows it was. */
async function damage(name: string, store: Store, way: Way): Promise<number> {
  const db = await openDb(name)
  const tx = db.transaction(store, 'readwrite')
  const keyPath = [tx.store.keyPath].flat()
  let count = 0
  for (let cursor = await tx.store.openCursor(); cursor; cursor = await cursor.continue()) {
    count++
    const fields = Object.entries(cursor.value).flatMap(([field, value]) =>
      keyPath.includes(field) ? [[field, value]] : way === 'emptied' ? [] : [[field, spoiled(value)]],
    )
    if (way === 'gone') await cursor.delete()
    else await cursor.update(Object.fromEntries(fields))
  }
  await tx.done
  db.close()
  return count
}

test.each(WAYS)(
  'rows that were %s in any table are had again: Ann’s board opens, is whole, and goes on',
  async (way) => {
    const relay = await startRelay()
    const world = await openWorldAt(relay.port, ['Bo'])
    const [ann, bo] = world.devices as [TestDevice, TestDevice]
    const { workspace, board } = world
    await addCard(world, ann, 'before')
    await ann.call('news', { workspace, work: board, limit: 10 })
    await expectSame(world)
    let spoiledRows = 0
    for (const store of STORES) {
      await ann.core.close()
      spoiledRows += await damage(ann.name, store, way)
      await ann.restart()
      await addCard(world, bo, `after ${store} by Bo`)
      // Without its log the device waits for the relay's before it knows what it may.
      await until(async () => expect((await ann.state(workspace)).works).toHaveLength(1), 20_000)
      await addCard(world, ann, `after ${store} by Ann`)
      const titles = ['before', `after ${store} by Bo`, `after ${store} by Ann`]
      for (const device of [ann, bo])
        await until(
          async () => expect(await titlesIn(world, device), store).toEqual(expect.arrayContaining(titles)),
          20_000,
        )
    }
    expect(spoiledRows).toBeGreaterThan(10)
    await expectSame(world)
    const state = await ann.state(workspace)
    expect(state.drafts).toEqual([])
    // A record on its way whose row was spoiled comes back from the relay as one that this device does not know (R11).
    const said = new Set(state.notices.map(({ code }) => code))
    expect(said.difference(new Set(['document-mended', 'profile-restored']))).toEqual(new Set())
  },
)

test('edits that had not been sent survive damage to the row of their document', async () => {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, ['Bo'])
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  await expectSame(world)
  await ann.call('setWorkOffline', { offline: true })
  await addCard(world, ann, 'not sent yet')
  await ann.core.close()
  expect(await damage(ann.name, 'docs', 'emptied')).toBeGreaterThan(3)
  await ann.restart()
  expect(await titlesIn(world, ann)).toContain('not sent yet')
  await ann.call('setWorkOffline', { offline: false })
  await until(async () => expect(await titlesIn(world, bo)).toContain('not sent yet'), 20_000)
  await expectSame(world)
})

/** Ann alone, who has written something that was not sent when this table of hers was damaged; she is online again. */
async function afterDamageTo(store: Store, way: Way) {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, [])
  const [ann] = world.devices as [TestDevice]
  await expectSame(world)
  await ann.call('setWorkOffline', { offline: true })
  await addCard(world, ann, 'not sent yet')
  await ann.core.close()
  expect(await damage(ann.name, store, way)).toBeGreaterThan(0)
  await ann.restart()
  await ann.call('setWorkOffline', { offline: false })
  return { world, ann }
}

for (const store of ['authority', 'scopeKeys'] as const)
  test.each(WAYS)(
    `an edit that had not been sent goes when ${store} of the only device was %s: what it holds is had again from the relay (A6)`,
    async (way) => {
      const { world, ann } = await afterDamageTo(store, way)
      await until(async () => expect((await ann.state(world.workspace)).sync.state).toBe('synced'))
      await addCard(world, ann, 'and one more')
      await until(async () => expect((await ann.state(world.workspace)).sync.state).toBe('synced'))
      expect(await titlesIn(world, ann)).toEqual(expect.arrayContaining(['not sent yet', 'and one more']))
    },
  )

test('where no relay has the keys of the only device either, its badge says that they are missing; the recovery kit, used elsewhere, brings them back (A6)', async () => {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board, kit } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const sync = async () => (await ann.state(workspace)).sync
  await until(async () => expect((await sync()).state).toBe('synced'))
  await ann.core.close()
  expect(await damage(ann.name, 'scopeKeys', 'gone')).toBe(1)
  forgetWraps(relay.dataDir, ann.core.workspaces.get(workspace)!.row.keys.id)
  await ann.restart()
  const calls = [{ mutation: 'renameBoard', args: { title: 'Not sent yet' } }]
  await ann.call('commit', { workspace, work: board, tab: ann.tab, calls })
  await until(async () => expect(await sync()).toEqual({ state: 'keyless', count: 1 }))
  const { file } = await ann.call('unsentEdits', { workspace })
  expect(file).toContain('Not sent yet')
  const other = await deviceOf('ann-elsewhere', relay.port)
  await other.call('recover', { words: kit, relay: relay.address, workspace, locale: 'en' })
  await until(async () => expect((await sync()).state).toBe('synced'), 20_000)
  await until(async () => expect((await other.state(workspace)).works[0]?.title).toBe('Not sent yet'))
})

test('a workspace whose keys cannot be read is counted and said; the others on the device open', async () => {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  await ann.core.close()
  expect(await damage(ann.name, 'workspaces', 'emptied')).toBe(1)
  await ann.restart()
  const { workspace } = await ann.call('createWorkspace', { name: 'Raft', person: 'Ann', locale: 'en' })
  await ann.restart()
  expect([...ann.core.workspaces.keys()]).toEqual([workspace])
  let told = -1
  ann.core.handlers.watch('app', {}, ({ unreadable }) => (told = unreadable))
  await until(() => expect(told).toBe(1))
})

test.each(Object.keys(REST))(
  'a workspace’s own row whose %s cannot be read is mended, which is said; Ann and Bo go on',
  async (field) => {
    const relay = await startRelay()
    const world = await openWorldAt(relay.port, ['Bo'])
    const [ann, bo] = world.devices as [TestDevice, TestDevice]
    const { workspace } = world
    await addCard(world, ann, 'before')
    await expectSame(world)
    for (const value of REST[field] ?? []) {
      await ann.core.close()
      const db = await openDb(ann.name)
      const row = (await db.get('workspaces', workspace))!
      await db.put('workspaces', { ...row, [field]: value })
      db.close()
      await ann.restart()
      const after = `after ${JSON.stringify(value)}`
      await addCard(world, bo, `${after} by Bo`)
      await addCard(world, ann, `${after} by Ann`)
      const titles = ['before', `${after} by Bo`, `${after} by Ann`]
      for (const device of [ann, bo])
        await until(async () => expect(await titlesIn(world, device)).toEqual(expect.arrayContaining(titles)), 20_000)
      await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
      const { notices, name } = await ann.state(workspace)
      expect(notices.map(({ code }) => code)).toContain('document-mended')
      expect(name).toBe((await bo.state(workspace)).name)
    }
    await expectSame(world)
  },
)
