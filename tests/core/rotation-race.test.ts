import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { deviceOf, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'

const rename = (device: TestDevice, workspace: WorkspaceId, work: DocId, title: string) =>
  device.call('commit', { workspace, work, tab: device.tab, calls: [{ mutation: 'renameBoard', args: { title } }] })
const titleAt = async (device: TestDevice, workspace: WorkspaceId, work: DocId) =>
  ((await device.docs(workspace, work))[work] as { title: string }).title

test('after a removal two online readers both renew the key: one of them wins, and both read all that follows (A7)', async () => {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const joinAs = async (name: string) => {
    const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
    await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
    const device = await deviceOf(name, relay.port)
    await device.call('join', { link, person: name, locale: 'en' })
    await until(async () => expect((await device.state(workspace)).sync.state).toBe('synced'))
    return device
  }
  const bo = await joinAs('Bo')
  for (const name of ['Cai', 'Dai', 'Eve']) {
    const leaver = await joinAs(name)
    await until(async () => expect((await bo.state(workspace)).people.map((person) => person.name)).toContain(name))
    const person = (await leaver.state(workspace)).me
    await ann.call('removeMember', { workspace, person })
    await until(async () => {
      for (const device of [ann, bo]) {
        const { people, scopes, sync } = await device.state(workspace)
        expect(people.find(({ id }) => id === person)?.removed).toBe(true)
        expect(scopes.some(({ rotationDue }) => rotationDue)).toBe(false)
        expect(sync.state).toBe('synced')
      }
    })
    const titles = [`Ann after ${name}`, `Bo after ${name}`]
    await rename(ann, workspace, board, titles[0] ?? '')
    await until(async () => expect(await titleAt(bo, workspace, board)).toBe(titles[0]))
    await rename(bo, workspace, board, titles[1] ?? '')
    await until(async () => expect(await titleAt(ann, workspace, board)).toBe(titles[1]))
  }
  for (const device of [ann, bo]) {
    // Whose renewal came second need not know that there was a race.
    expect((await device.state(workspace)).notices).toEqual([])
  }
})
