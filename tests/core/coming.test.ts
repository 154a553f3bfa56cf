import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import type { WorkEvent, WorkspaceState } from '#lib/core/api.ts'
import { deviceOf, newEntity, until } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { coreOf } from '#tests/support/world.ts'

async function annWithBoard() {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const made = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  await until(async () => expect((await ann.state(made.workspace)).sync.state).toBe('synced'))
  return { relay, ann, ...made }
}

test('while Ann brings in many cards, whoever looks at the board is told that more are coming, and then that it is all', async () => {
  const { ann, workspace, board } = await annWithBoard()
  const told: boolean[] = []
  ann.core.handlers.watch('work', { workspace, work: board }, (event: WorkEvent) => {
    const coming = event.type === 'snapshot' ? event.snapshot.coming : event.type === 'state' ? event.coming : null
    if (coming !== null && told.at(-1) !== coming) told.push(coming)
  })
  await until(() => expect(told).toEqual([false]))
  const list = Array.from({ length: 400 }, (_, i) => ({
    mutation: 'addCard',
    args: { card: newEntity(), title: `card ${i}`, column: 'todo', order: 'a5' },
  }))
  await ann.call('commit', { workspace, work: board, tab: ann.tab, calls: list, job: newEntity() })
  await until(() => expect(told).toEqual([false, true, false]))
})

test('a device that has joined has not got everything before it was connected once, also over a restart', async () => {
  const { relay, ann, workspace } = await annWithBoard()
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  const lacks = (device = bo) => coreOf(device, workspace).row.firstSync
  await bo.call('setWorkOffline', { offline: true })
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  expect(lacks(ann)).toBe(false)
  expect(lacks()).toBe(true)
  await bo.restart()
  expect(lacks()).toBe(true)
  await bo.call('setWorkOffline', { offline: false })
  await until(() => expect(lacks()).toBe(false))
  await bo.restart()
  expect(lacks()).toBe(false)
})

test('a device that comes back says “receiving” until it has all that others wrote meanwhile, and “synced” not before (P6)', async () => {
  const { relay, ann, workspace, board } = await annWithBoard()
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await until(async () => expect((await bo.state(workspace)).sync.state).toBe('synced'))
  const core = coreOf(bo, workspace)
  const cards = () =>
    [...core.documents.rows.keys()].reduce((sum, doc) => {
      const held: unknown = core.documents.content(doc)?.['cards']
      return sum + Object.keys(Object(held)).length
    }, 0)
  const before = cards()
  await bo.call('setWorkOffline', { offline: true })
  const ROUNDS = 6
  const EACH = 200
  for (let round = 0; round < ROUNDS; round += 1) {
    const list = Array.from({ length: EACH }, (_, i) => ({
      mutation: 'addCard',
      args: { card: newEntity(), title: `card ${round} ${i}`, column: 'todo', order: 'a5' },
    }))
    await ann.call('commit', { workspace, work: board, tab: ann.tab, calls: list, job: newEntity() })
  }
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const told: { state: string; count: number }[] = []
  bo.core.handlers.watch('workspace', { workspace }, (state: WorkspaceState) => {
    told.push({ state: state.sync.state, count: cards() - before })
  })
  await bo.call('setWorkOffline', { offline: false })
  await until(() => expect(told.at(-1)?.state).toBe('synced'))
  expect(told.find(({ state }) => state === 'synced')?.count).toBe(ROUNDS * EACH)
  expect(told.map(({ state }) => state)).toContain('receiving')
})

test('Bo opens a board in the moment in which its first card arrives: the card comes to his screen', async () => {
  const { relay, ann, workspace } = await annWithBoard()
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const column = newEntity()
  const { root } = await ann.call('createWork', {
    workspace,
    kind: 'board',
    calls: [{ mutation: 'addColumn', args: { column, title: 'Below', order: 'a1' } }],
  })
  const core = coreOf(bo, workspace)
  await until(() => expect(core.projector.isCurrent(root)).toBe(true))
  const args = { card: newEntity(), title: 'Bilge pump', column, order: 'a1' }
  await ann.call('commit', { workspace, work: root, tab: ann.tab, calls: [{ mutation: 'addCard', args }] })
  // It is here, and listed; nobody has read it yet.
  await until(() => expect(Object.keys(Object(core.documents.content(root)?.['shards']))).toHaveLength(1))
  const types: string[] = []
  bo.core.handlers.watch('work', { workspace, work: root }, (event: WorkEvent) => {
    if (event.type === 'document') types.push(event.docType)
  })
  await until(() => expect(types.toSorted()).toEqual(['cards', 'root']))
})
