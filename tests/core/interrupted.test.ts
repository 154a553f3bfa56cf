import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import type { WorkspaceId } from '#lib/kernel/ids.ts'
import { dayOf } from '#lib/i18n/format.ts'
import { openDb } from '#lib/store/db.ts'
import { deviceOf, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'

const laptop = { kind: 'computer', browser: 'Edge · Windows' } as const
const synced = (device: TestDevice, workspace: WorkspaceId) =>
  until(async () => expect((await device.state(workspace)).sync.state).toBe('synced'))

/**
 * The device's disk stops at its first, second, third … commit while somebody does something with it, until that is done
 * before: `then` is given what is left of it each time.
 */
async function atEveryCommit<Place>(
  owner: string,
  port: number,
  begin: () => Promise<Place>,
  run: (device: TestDevice, place: Place) => Promise<unknown>,
  then: (device: TestDevice, place: Place) => Promise<void>,
): Promise<void> {
  for (let commit = 1; ; commit++) {
    const place = await begin()
    const device = await deviceOf(owner, port)
    device.crashAt(commit)
    // The dead core comes to the end of it, too: what it had asked the relay for counts.
    await run(device, place).catch(() => undefined)
    if (device.life === 0) return device.close()
    await device.recovered()
    if (await hasBegun(device)) await then(device, place)
    await device.close()
  }
}

/** Before that nothing of it has left the device either. */
async function hasBegun({ name }: TestDevice): Promise<boolean> {
  const db = await openDb(name)
  const rows = (await db.count('joining')) + (await db.count('workspaces'))
  db.close()
  return rows > 0
}

async function annAlone(port: number): Promise<{ ann: TestDevice; workspace: WorkspaceId; kit: string[] }> {
  const ann = await deviceOf('ann', port)
  const { workspace, kit } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  await synced(ann, workspace)
  return { ann, workspace, kit }
}

test('Bo closes the window at any moment of joining: he is in by the next start as who he said he is, or by the same link, and is asked about his kit', async () => {
  const relay = await startRelay()
  let opened = 0
  const join = (bo: TestDevice, { link }: { link: string }) =>
    bo.call('join', { link, person: 'Bo', locale: 'en', device: laptop })
  await atEveryCommit(
    'bo',
    relay.port,
    async () => {
      const { ann, workspace } = await annAlone(relay.port)
      const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
      await synced(ann, workspace)
      return { ann, workspace, link }
    },
    join,
    async (bo, { ann, workspace, link }) => {
      if (bo.core.workspaces.has(workspace)) opened++
      else await join(bo, { link })
      await synced(bo, workspace)
      const { me, kitKept, device } = await bo.state(workspace)
      expect(kitKept).toBe(false)
      for (const one of [bo, ann])
        await until(async () => {
          const person = (await one.state(workspace)).people.find(({ id }) => id === me)
          expect(person).toMatchObject({ name: 'Bo' })
          expect(person?.devices.filter(({ kit }) => !kit)).toMatchObject([{ id: device, ...laptop }])
        })
      await ann.close()
    },
  )
  expect(opened).toBeGreaterThan(0)
})

test('Ann closes the window at any moment of creating a workspace: there is none, or the whole of it, with her name and one first board', async () => {
  const relay = await startRelay()
  let opened = 0
  await atEveryCommit(
    'ann',
    relay.port,
    () => Promise.resolve({ name: 'Boat', person: 'Ann', locale: 'en', device: laptop } as const),
    (ann, said) => ann.call('createWorkspace', said),
    async (ann) => {
      const [workspace] = ann.core.workspaces.keys()
      if (!workspace) throw new Error('there is none')
      opened++
      await synced(ann, workspace)
      const { kitKept, name, works, people } = await ann.state(workspace)
      expect({ kitKept, name, works: works.length }).toEqual({ kitKept: false, name: 'Boat', works: 1 })
      expect(people).toMatchObject([{ name: 'Ann', devices: [laptop, { kit: true }] }])
      await until(async () => expect((await ann.state(workspace)).works[0]?.title).toBe('First board'))
    },
  )
  expect(opened).toBeGreaterThan(0)
})

test('Ann closes the new device’s window at any moment of linking it: it has its name, and its link lets in no other', async () => {
  const relay = await startRelay()
  let opened = 0
  const finish = (phone: TestDevice, { link }: { link: string }) =>
    phone.call('finishDeviceLink', { link, name: 'Phone', locale: 'en', device: laptop })
  await atEveryCommit(
    'phone',
    relay.port,
    async () => {
      const { ann, workspace } = await annAlone(relay.port)
      const { link, id } = await ann.call('startDeviceLink', { workspace })
      await synced(ann, workspace)
      return { ann, workspace, link, id }
    },
    finish,
    async (phone, { ann, workspace, link, id }) => {
      if (phone.core.workspaces.has(workspace)) opened++
      else await finish(phone, { link })
      await synced(phone, workspace)
      const { device } = await phone.state(workspace)
      const { device: first } = await ann.state(workspace)
      for (const one of [phone, ann])
        await until(async () => {
          const [me] = (await one.state(workspace)).people
          expect(me?.devices).toContainEqual(expect.objectContaining({ id: device, name: 'Phone', ...laptop }))
          expect(me?.devices).toContainEqual(expect.objectContaining({ id, removed: true }))
          const others = me?.devices.filter((known) => !known.kit && ![device, first, id].includes(known.id))
          expect(others).toEqual([])
        })
      await ann.close()
    },
  )
  expect(opened).toBeGreaterThan(0)
})

test('Ann recovers and closes the window at any moment of it: her words still count, or she is asked to make new ones', async () => {
  const relay = await startRelay()
  const address = `ws://127.0.0.1:${relay.port}/sync`
  let opened = 0
  const recover = (phone: TestDevice, { workspace, kit }: { workspace: WorkspaceId; kit: string[] }) =>
    phone.call('recover', { words: kit, relay: address, workspace, locale: 'en', device: laptop })
  await atEveryCommit(
    'phone',
    relay.port,
    () => annAlone(relay.port),
    recover,
    async (phone, { ann, workspace, kit }) => {
      if (phone.core.workspaces.has(workspace)) opened++
      else await recover(phone, { workspace, kit })
      await synced(phone, workspace)
      const { device, kitKept, people } = await phone.state(workspace)
      const devices = people.flatMap((person) => person.devices)
      expect(devices).toContainEqual(expect.objectContaining({ id: device, ...laptop }))
      expect(devices.filter((known) => !known.kit)).toHaveLength(2)
      if (kitKept) {
        const tablet = await deviceOf('tablet', relay.port)
        await recover(tablet, { workspace, kit })
        await tablet.close()
      }
      await ann.close()
    },
  )
  expect(opened).toBeGreaterThan(0)
})

test('the demo whose making was interrupted is gone by the next start, and can be opened again', async () => {
  let whole = 0
  const open = (ann: TestDevice) => ann.call('createDemo', { locale: 'en', today: dayOf(new Date()) })
  for (const commit of [1, 3, 6, 12, 25, 50, 100]) {
    const ann = await deviceOf('ann', 1)
    ann.crashAt(commit)
    await open(ann).catch(() => undefined)
    await ann.recovered()
    if (ann.core.workspaces.size > 0) whole++
    else await open(ann)
    const [workspace] = ann.core.workspaces.keys()
    if (!workspace) throw new Error('there is no demo')
    expect((await ann.state(workspace)).works.length).toBeGreaterThan(1)
    await ann.close()
  }
  expect(whole).toBeLessThan(7)
})
