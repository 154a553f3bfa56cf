import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { deviceOf, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { openDb } from '#lib/store/db.ts'
import type { DocId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'

const titlesOf = (docs: Record<string, unknown>): string[] =>
  Object.values(docs)
    .flatMap((doc) => Object.values((doc as { cards?: Record<string, { title: string }> }).cards ?? {}))
    .map((card) => card.title)

async function annAndBo() {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await synced(ann, workspace)
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await synced(bo, workspace)
  const root = (await ann.docs(workspace, board))[board] as { columns: Record<string, unknown> }
  const column = Object.keys(root.columns)[0] ?? ''
  const add = async (title: string) => {
    const calls = [{ mutation: 'addCard', args: { card: newEntity(), title, column, order: 'a5' } }]
    await ann.call('commit', { workspace, work: board, tab: ann.tab, calls })
    await synced(ann, workspace)
  }
  return { ann, bo, workspace, board, add }
}

const synced = (device: TestDevice, workspace: WorkspaceId) =>
  until(async () => expect((await device.state(workspace)).sync.state).toBe('synced'))

/** As if Bo's core had died so often while the records from the next place on were being applied. */
async function diedOver(device: TestDevice, workspace: WorkspaceId, count: number, crashes: number) {
  const db = await openDb(device.name)
  const [cursor] = await db.getAll('cursors', IDBKeyRange.bound([workspace], [workspace, []]))
  const { scope, position } = cursor as { scope: ScopeId; position: number }
  await db.put('applying', { ws: workspace, scope, position: position + 1, count, crashes })
  db.close()
}

async function markOf(device: TestDevice, workspace: WorkspaceId) {
  const db = await openDb(device.name)
  const mark = await db.get('applying', workspace)
  db.close()
  return mark
}

function placeOf(device: TestDevice, workspace: WorkspaceId): number {
  const { engine } = device.core.workspaces.get(workspace)!
  return engine.inbox.place(engine.state.rootScope!).position
}

const shows = (device: TestDevice, workspace: WorkspaceId, board: DocId, title: string) =>
  until(async () => expect(titlesOf(await device.docs(workspace, board))).toContain(title))

test('a core that died over several records takes them one by one, and all of them (R6)', async () => {
  const { bo, workspace, board, add } = await annAndBo()
  await bo.call('setWorkOffline', { offline: true })
  for (const title of ['one', 'two', 'three']) await add(title)
  await bo.close()
  await diedOver(bo, workspace, 3, 1)
  await bo.restart()
  await bo.call('setWorkOffline', { offline: false })
  for (const title of ['one', 'two', 'three']) await shows(bo, workspace, board, title)
  await until(async () => expect(await markOf(bo, workspace)).toBeUndefined())
  expect((await bo.state(workspace)).notices).toEqual([])
})

test('a record over which the core died again and again is set aside with a notice; what comes after it is not held up (R6)', async () => {
  const { ann, bo, workspace, board, add } = await annAndBo()
  await add('harmless')
  await shows(bo, workspace, board, 'harmless')
  // The card's description is a record of its own.
  await until(() => expect(placeOf(bo, workspace)).toBe(placeOf(ann, workspace)))
  await bo.call('setWorkOffline', { offline: true })
  // One change in one document: one record.
  const [card] = Object.values(await ann.docs(workspace, board)).flatMap((doc) =>
    Object.entries((doc as { cards?: Record<string, { title: string }> }).cards ?? {})
      .filter(([, { title }]) => title === 'harmless')
      .map(([id]) => id),
  )
  const calls = [{ mutation: 'retitleCard', args: { card, title: 'deadly' } }]
  await ann.call('commit', { workspace, work: board, tab: ann.tab, calls })
  await synced(ann, workspace)
  await bo.close()
  await diedOver(bo, workspace, 1, 3)
  await bo.restart()
  await bo.call('setWorkOffline', { offline: false })
  await until(async () =>
    expect((await bo.state(workspace)).notices).toMatchObject([{ code: 'record-set-aside', params: { by: 'Ann' } }]),
  )
  await synced(bo, workspace)
  expect(titlesOf(await bo.docs(workspace, board))).not.toContain('deadly')
  // In another document, that does not build on it.
  const { root } = await ann.call('createWork', {
    workspace,
    kind: 'board',
    calls: [{ mutation: 'renameBoard', args: { title: 'Second' } }],
  })
  await until(async () => expect((await bo.state(workspace)).works.map((work) => work.root)).toContain(root))
})
