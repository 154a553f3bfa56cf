import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { deviceOf, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { openWorldAt } from '#tests/support/world.ts'

test('Ann opens departments and says who belongs to which; Bo sees it, and who joins later too (P3)', async () => {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const { scope: sales } = await ann.call('createDepartment', { workspace, name: '销售' })
  const { scope: research } = await ann.call('createDepartment', { workspace, name: 'R&D' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const { me } = await until(async () => {
    const state = await bo.state(workspace)
    expect(state.sync.state).toBe('synced')
    return state
  })
  await until(async () => expect((await ann.state(workspace)).people).toHaveLength(2))
  await ann.call('setDepartments', { workspace, person: me, departments: [sales, research] })
  await until(async () => {
    const state = await bo.state(workspace)
    const named = Object.fromEntries(state.scopes.map(({ id, name }) => [id, name]))
    const his = state.people.find(({ id }) => id === me)?.departments ?? []
    expect(his.map((id) => named[id]).sort()).toEqual(['R&D', '销售'])
  })
  // A member does not make departments.
  await expect(bo.call('createDepartment', { workspace, name: 'Mine' })).rejects.toMatchObject({ name: 'Refusal' })
  await expect(bo.call('setDepartments', { workspace, person: me, departments: [] })).rejects.toMatchObject({
    name: 'Refusal',
  })
  await ann.call('renameScope', { workspace, scope: sales, name: 'Sales' })
  await until(async () =>
    expect((await bo.state(workspace)).scopes.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Sales', 'R&D']),
    ),
  )
})

test('Ann and Bo, apart, rename one department and the workspace: both are told of both names, by whom, until somebody chooses', async () => {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, ['Bo'])
  const { workspace } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  const { scope } = await ann.call('createDepartment', { workspace, name: 'Sales' })
  const namesOf = async (device: TestDevice) => (await device.state(workspace)).scopes.map(({ name }) => name)
  await until(async () => expect(await namesOf(bo)).toContain('Sales'))
  await bo.call('setWorkOffline', { offline: true })
  const renameBoth = async (device: TestDevice, department: string, name: string) => {
    await device.call('renameScope', { workspace, scope, name: department })
    await device.call('renameWorkspace', { workspace, name })
  }
  await renameBoth(ann, 'Sales and service', 'Farsail')
  await renameBoth(bo, '销售', '远帆')
  expect((await bo.state(workspace)).contested).toEqual([])
  await bo.call('setWorkOffline', { offline: false })
  const [annId, boId] = [(await ann.state(workspace)).me, (await bo.state(workspace)).me]
  const written = async (device: TestDevice) =>
    new Map(
      (await device.state(workspace)).contested.map(({ path, values }) => [
        path.slice(0, 2).join(' '),
        new Map(values.map(({ value, by }) => [value, by])),
      ]),
    )
  const both = (hers: string, his: string) =>
    new Map([
      [hers, annId],
      [his, boId],
    ])
  const workspaceName = [' name', both('Farsail', '远帆')] as const
  const names = new Map([workspaceName, [`scopes ${scope}`, both('Sales and service', '销售')]])
  for (const device of [ann, bo]) await until(async () => expect(await written(device)).toEqual(names))
  // Also the name that counts already: that ends it.
  const department = (await bo.state(workspace)).contested.find(({ path }) => path[1] === scope)
  const counts = String(department?.values[0]?.value)
  await bo.call('renameScope', { workspace, scope, name: counts })
  for (const device of [ann, bo])
    await until(async () => expect(await written(device)).toEqual(new Map([workspaceName])))
  expect(await namesOf(ann)).toContain(counts)
})

test('Ann corrects her name on two devices apart: she is told of both, and Bo reads the one that she keeps', async () => {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, ['Bo'], true)
  const { workspace } = world
  const [laptop, bo, phone] = world.devices as [TestDevice, TestDevice, TestDevice]
  const { me } = await laptop.state(workspace)
  const nameIn = async (device: TestDevice) => (await device.state(workspace)).people.find(({ id }) => id === me)?.name
  await expect(laptop.call('introduceMe', { workspace, name: ' ' })).rejects.toMatchObject({ code: 'person-missing' })
  await expect(laptop.call('renameWorkspace', { workspace, name: ' ' })).rejects.toMatchObject({ code: 'name-missing' })
  for (const device of world.devices) await until(async () => expect(await nameIn(device)).toBe('Ann'))
  await phone.call('setWorkOffline', { offline: true })
  await laptop.call('introduceMe', { workspace, name: 'Ann Lee' })
  await phone.call('introduceMe', { workspace, name: 'Anne' })
  await phone.call('setWorkOffline', { offline: false })
  for (const device of [laptop, phone])
    await until(async () => {
      const [contested] = (await device.state(workspace)).contested
      expect(contested?.path).toEqual(['people', me, 'name'])
      expect(contested?.values.map(({ value }) => value).sort()).toEqual(['Ann Lee', 'Anne'])
    })
  await phone.call('introduceMe', { workspace, name: 'Ann Lee' })
  for (const device of world.devices)
    await until(async () => {
      expect(await nameIn(device)).toBe('Ann Lee')
      expect((await device.state(workspace)).contested).toEqual([])
    })
  expect((await bo.state(workspace)).people.find(({ id }) => id === me)?.name).toBe('Ann Lee')
})
