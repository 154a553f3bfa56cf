import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { deviceOf, until } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'

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
