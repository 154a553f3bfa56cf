import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import type { DocId } from '#lib/kernel/ids.ts'
import { deviceOf, newEntity, until } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'

const titlesOf = (docs: Record<string, unknown>): string[] =>
  Object.values(docs)
    .flatMap((doc) => Object.values((doc as { cards?: Record<string, { title: string }> }).cards ?? {}))
    .map((card) => card.title)

async function annAndBo() {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await until(async () => expect(Object.keys(await bo.docs(workspace, board)).length).toBeGreaterThan(1))
  await until(async () => expect((await bo.state(workspace)).sync.state).toBe('synced'))
  const root = (await ann.docs(workspace, board))[board] as { columns: Record<string, unknown> }
  const column = Object.keys(root.columns)[0] ?? ''
  const add = (device: typeof ann, title: string, description = '') =>
    device.call('commit', {
      workspace,
      work: board,
      tab: device.tab,
      calls: [{ mutation: 'addCard', args: { card: newEntity(), title, column, order: 'a5', description } }],
    })
  const coreOf = (device: typeof ann) => device.core.workspaces.get(workspace)!
  const closeIdle = (device: typeof ann) => coreOf(device).closeIdle(Date.now())
  const isOpen = (device: typeof ann, doc: DocId) => coreOf(device).documents.peek(doc) !== undefined
  /** Whoever works with it just now (a projection) keeps it open a little longer. */
  const closes = (device: typeof ann, doc: DocId) =>
    until(async () => {
      await closeIdle(device)
      expect(isOpen(device, doc)).toBe(false)
    })
  return { ann, bo, workspace, board, add, coreOf, closeIdle, closes, isOpen }
}

test('a board that nobody looks at is closed, and takes in what others write all the same', async () => {
  const { ann, bo, workspace, board, add, closes, coreOf } = await annAndBo()
  await closes(bo, board)
  expect((await bo.state(workspace)).works.map((work) => work.root)).toContain(board)
  await add(ann, 'while it was closed')
  await until(async () => expect(titlesOf(await bo.docs(workspace, board))).toContain('while it was closed'))
  await add(bo, 'from Bo')
  await until(async () => expect(titlesOf(await ann.docs(workspace, board))).toContain('from Bo'))
  // With nothing of mine in them, the next start has no document to look into.
  await until(async () => expect((await bo.state(workspace)).sync.state).toBe('synced'))
  await closes(bo, board)
  const touched = await coreOf(bo).documents.touched()
  expect(touched.has(coreOf(bo).documents.rows.get(board)!.local)).toBe(false)
})

test('a board that is shown, and one with edits that nobody has yet, stay open', async () => {
  const { ann, bo, workspace, board, add, closeIdle, closes, isOpen, coreOf } = await annAndBo()
  let stop = () => {}
  await new Promise<void>((shown) => (stop = coreOf(ann).mirrors.watch(board, () => shown())))
  await closeIdle(ann)
  expect(isOpen(ann, board)).toBe(true)
  stop()
  await closes(ann, board)
  await bo.call('setWorkOffline', { offline: true })
  await bo.call('commit', {
    workspace,
    work: board,
    tab: bo.tab,
    calls: [{ mutation: 'renameBoard', args: { title: 'Offline' } }],
  })
  await add(bo, 'written offline')
  await closeIdle(bo)
  expect(isOpen(bo, board)).toBe(true)
  await bo.call('setWorkOffline', { offline: false })
  await until(async () => expect(titlesOf(await ann.docs(workspace, board))).toContain('written offline'))
})

test('Ann closes the application while documents are let go of: that comes to its end first', async () => {
  const { ann, closeIdle, coreOf } = await annAndBo()
  const { documents } = coreOf(ann)
  const [begun, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const compact = documents.compact.bind(documents)
  documents.compact = async (doc) => {
    begun.resolve()
    await held.promise
    await documents.touched()
    await compact(doc)
  }
  const going = closeIdle(ann)
  await begun.promise
  const restarted = ann.restart()
  for (let turn = 0; turn < 300; turn++) await new Promise((resolve) => setImmediate(resolve))
  held.resolve()
  await Promise.all([going, restarted])
})

test('an action is taken back after its documents were closed', async () => {
  const { ann, workspace, board, add, closes } = await annAndBo()
  await add(ann, 'too early', 'with a description')
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await closes(ann, board)
  expect(await ann.call('undo', { workspace, work: board, tab: ann.tab })).toMatchObject({ done: 'undone' })
  const cards = Object.values(await ann.docs(workspace, board)).flatMap((doc) =>
    Object.values((doc as { cards?: Record<string, { title: string; archived: boolean }> }).cards ?? {}),
  )
  expect(cards.find(({ title }) => title === 'too early')?.archived).toBe(true)
})

test('a new board is on disk whole, however often idle documents are closed while it is made', async () => {
  const { ann, workspace, closeIdle, coreOf } = await annAndBo()
  const column = { mutation: 'addColumn', args: { column: newEntity(), title: 'Inbox', order: 'a5' } }
  const titles = Array.from({ length: 1200 }, (_, i) => `card ${i}`)
  const cards = titles.map((title, i) => ({
    mutation: 'addCard',
    args: { card: newEntity(), title, column: column.args.column, order: `a${String(i).padStart(4, '0')}V` },
  }))
  const making = ann.call('createWork', {
    workspace,
    kind: 'board',
    calls: [{ mutation: 'renameBoard', args: { title: 'Large' } }, column, ...cards],
  })
  let made = false
  void making.finally(() => (made = true))
  while (!made) {
    await closeIdle(ann)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { root } = await making
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await until(async () => {
    await closeIdle(ann)
    expect(coreOf(ann).documents.peek(root)).toBeUndefined()
  })
  const docs = await ann.docs(workspace, root)
  expect(docs[root]).toMatchObject({ title: 'Large' })
  expect(titlesOf(docs).toSorted()).toEqual(titles.toSorted())
})
