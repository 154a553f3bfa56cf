import '#tests/support/automerge.ts'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { WorkspaceState } from '#lib/core/api.ts'
import { decodeRelayMessage } from '#lib/sync/protocol.ts'
import { deviceOf, newEntity, until } from '#tests/support/people.ts'
import { startRecordingProxy } from '#tests/support/recording-proxy.ts'
import { writeDescription } from '#tests/support/write-description.ts'
import { startRelay } from '#tests/support/start-relay.ts'

const titlesOf = (docs: Record<string, unknown>): string[] =>
  Object.values(docs)
    .flatMap((doc) => Object.values((doc as { cards?: Record<string, { title: string }> }).cards ?? {}))
    .map((card) => card.title)
    .sort()

async function annAndBo() {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board, kit } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  expect(kit).toHaveLength(12)
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  return { relay, ann, bo, workspace, board, link }
}

const firstColumn = (docs: Record<string, unknown>, board: string): string =>
  Object.keys((docs[board] as { columns: Record<string, unknown> }).columns)[0] ?? ''

test('who has an invitation before them has been told of it: nothing is called synced that has not left (A9)', async () => {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const seen: WorkspaceState[] = []
  ann.openTab().watch('workspace', { workspace }, (state) => void seen.push(state))
  await until(() => expect(seen.at(-1)?.sync.state).toBe('synced'))
  const { id } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  const shown = seen.at(-1)!
  const invite = shown.invites.find((each) => each.id === id)
  expect(invite?.sent).toBe(shown.sync.state === 'synced')
  await until(() => expect(seen.at(-1)?.invites.find((each) => each.id === id)?.sent).toBe(true))
})

test('Bo joins while Ann is offline, sees her board, and both see what the other adds (R4, R5, A9)', async () => {
  const { ann, bo, workspace, board, link } = await annAndBo()
  await ann.call('setWorkOffline', { offline: true })
  const joined = await bo.call('join', { link, person: 'Bo', locale: 'zh-CN' })
  expect(joined.workspace).toBe(workspace)
  await until(async () => expect((await bo.state(workspace)).works.map((work) => work.root)).toContain(board))
  await until(async () => expect(Object.keys(await bo.docs(workspace, board)).length).toBeGreaterThan(1))
  const column = firstColumn(await bo.docs(workspace, board), board)
  const add = (device: typeof ann, title: string) =>
    device.call('commit', {
      workspace,
      work: board,
      tab: device.tab,
      calls: [{ mutation: 'addCard', args: { card: newEntity(), title, column, order: 'a5' } }],
    })
  await add(bo, 'from Bo')
  await add(ann, 'from Ann, offline')
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('offline'))
  await ann.call('setWorkOffline', { offline: false })
  await until(async () => {
    const [hers, his] = [titlesOf(await ann.docs(workspace, board)), titlesOf(await bo.docs(workspace, board))]
    expect(hers).toContain('from Bo')
    expect(hers).toContain('from Ann, offline')
    expect(his).toEqual(hers)
  })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await until(async () => expect((await bo.state(workspace)).sync.state).toBe('synced'))
  await until(async () =>
    expect((await ann.state(workspace)).people.map((person) => person.name).sort()).toEqual(['Ann', 'Bo']),
  )
})

test('who creates a board has been told of it, by its title, when that is answered: its page says nothing else first', async () => {
  const { ann, workspace } = await annAndBo()
  const listed = new Map<string, string>()
  ann.core.handlers.watch('workspace', { workspace }, ({ works }) => {
    for (const { root, title } of works) listed.set(root, title)
  })
  await until(() => expect(listed.size).toBe(1))
  const calls = [{ mutation: 'renameBoard', args: { title: 'New lamp' } }]
  const { root } = await ann.call('createWork', { workspace, kind: 'board', calls })
  expect(listed.get(root)).toBe('New lamp')
})

test('while the first call of a start is under way Ann is told what waits and not that she is offline; when nobody took it she is (P6)', async () => {
  const silent = createServer()
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const calls: Socket[] = []
  silent.on('connection', (socket) => calls.push(socket))
  const ann = await deviceOf('ann', (silent.address() as AddressInfo).port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  await until(() => expect(calls).not.toHaveLength(0))
  await until(async () =>
    expect((await ann.state(workspace)).sync).toMatchObject({ state: 'connecting', count: expect.any(Number) }),
  )
  for (const socket of calls) socket.destroy()
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('offline'))
})

test('the invitation that Ann withdrew offline waits, and is counted, while a silent server is called (P6)', async () => {
  const { relay, ann, workspace } = await annAndBo()
  const [invite] = (await ann.state(workspace)).invites
  await ann.call('setWorkOffline', { offline: true })
  await ann.call('expireInvite', { workspace, id: invite!.id })
  await until(async () => expect((await ann.state(workspace)).sync).toMatchObject({ state: 'offline', count: 1 }))
  await relay.close()
  const silent = createServer()
  await new Promise<void>((resolve) => silent.listen(relay.port, '127.0.0.1', resolve))
  const calls: Socket[] = []
  silent.on('connection', (socket) => calls.push(socket))
  onTestFinished(() => void silent.close())
  onTestFinished(() => calls.forEach((socket) => socket.destroy()))
  await ann.call('setWorkOffline', { offline: false })
  await until(() => expect(calls).not.toHaveLength(0))
  expect((await ann.state(workspace)).sync).toEqual({ state: 'connecting', count: 1 })
})

test('an edit made offline survives a restart of the browser and arrives once (R4)', async () => {
  const { ann, bo, workspace, board, link } = await annAndBo()
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await until(async () => expect(Object.keys(await bo.docs(workspace, board)).length).toBeGreaterThan(1))
  await until(async () => expect((await bo.state(workspace)).sync.state).toBe('synced'))
  await bo.call('setWorkOffline', { offline: true })
  const column = firstColumn(await bo.docs(workspace, board), board)
  await bo.call('commit', {
    workspace,
    work: board,
    tab: bo.tab,
    calls: [{ mutation: 'addCard', args: { card: newEntity(), title: 'written on the train', column, order: 'a5' } }],
  })
  const waiting = { state: 'offline', count: 1, why: 'choice' }
  await until(async () => expect((await bo.state(workspace)).sync).toEqual(waiting))
  await bo.restart()
  // One card with its description is one edit to a person, and it waits as before (P6).
  await until(async () => expect((await bo.state(workspace)).sync).toEqual(waiting))
  // Who is asked before it is lost reads the same number.
  expect((await bo.call('unsentEdits', { workspace })).count).toBe(waiting.count)
  expect(titlesOf(await bo.docs(workspace, board))).toContain('written on the train')
  await bo.call('setWorkOffline', { offline: false })
  await until(async () => {
    const titles = titlesOf(await ann.docs(workspace, board)).filter((title) => title === 'written on the train')
    expect(titles).toHaveLength(1)
  })
})

test('what is written offline in the descriptions of two cards is two things that wait, however often one went on writing (P6)', async () => {
  const { ann, workspace, board } = await annAndBo()
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const column = firstColumn(await ann.docs(workspace, board), board)
  const cards = [newEntity(), newEntity()]
  const calls = cards.map((card) => ({ mutation: 'addCard', args: { card, title: card, column, order: 'a5' } }))
  await ann.call('commit', { workspace, work: board, tab: ann.tab, calls })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await ann.call('setWorkOffline', { offline: true })
  for (const card of [...cards, ...cards]) await writeDescription(ann, workspace, board, card, 'words ')
  const waiting = { state: 'offline', count: 2, why: 'choice' }
  await until(async () => expect((await ann.state(workspace)).sync).toEqual(waiting))
  await ann.restart()
  await until(async () => expect((await ann.state(workspace)).sync).toEqual(waiting))
})

test('what Ann sent and nobody confirmed counts as one action, however many documents it is in and whether they are open or not (P6)', async () => {
  const relay = await startRelay()
  let [dies, isDead] = [false, false]
  const proxy = await startRecordingProxy(relay.port, (data) => {
    const message = decodeRelayMessage(new Uint8Array(data))
    isDead ||= dies && message.ok && message.value.type === 'records'
    return isDead
  })

  onTestFinished(() => proxy.close())
  const ann = await deviceOf('ann', Number(new URL(proxy.origin).port))
  const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  dies = true
  const column = firstColumn(await ann.docs(workspace, board), board)
  const card = { card: newEntity(), title: 'nobody answers', column, order: 'a5', description: 'a document of its own' }
  await ann.call('commit', { workspace, work: board, tab: ann.tab, calls: [{ mutation: 'addCard', args: card }] })
  const waiting = { state: 'offline', count: 1 }
  await until(async () => expect((await ann.state(workspace)).sync).toMatchObject(waiting))
  const { documents, engine } = ann.core.workspaces.get(workspace)!
  const all = [...documents.rows.keys()]
  expect(engine.pending(all)).toBe(1)
  // As at a start, while they are being read.
  documents.peek = () => undefined
  expect(engine.pending(all)).toBe(1)
})

test('Ann undoes her rename after Bo has moved on; where Bo changed the same field she is asked', async () => {
  const { ann, bo, workspace, board, link } = await annAndBo()
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await until(async () => expect(Object.keys(await bo.docs(workspace, board)).length).toBeGreaterThan(1))
  const column = firstColumn(await ann.docs(workspace, board), board)
  const card = newEntity()
  const say = (device: typeof ann, mutation: string, args: Record<string, unknown>) =>
    device.call('commit', { workspace, work: board, tab: device.tab, calls: [{ mutation, args }] })
  await say(ann, 'addCard', { card, title: 'first', column, order: 'a5' })
  await say(ann, 'retitleCard', { card, title: 'second' })
  await until(async () => expect(titlesOf(await bo.docs(workspace, board))).toContain('second'))
  await say(bo, 'setPriority', { card, priority: 'high' })
  expect(await ann.call('undo', { workspace, work: board, tab: ann.tab })).toMatchObject({ done: 'undone' })
  await until(async () => expect(titlesOf(await bo.docs(workspace, board))).toContain('first'))
  await say(ann, 'retitleCard', { card, title: 'third' })
  await until(async () => expect(titlesOf(await bo.docs(workspace, board))).toContain('third'))
  await say(bo, 'retitleCard', { card, title: "Bo's title" })
  await until(async () => expect(titlesOf(await ann.docs(workspace, board))).toContain("Bo's title"))
  const asked = await ann.call('undo', { workspace, work: board, tab: ann.tab })
  expect(asked).toMatchObject({ done: 'ask', conflict: { fields: [{ theirs: "Bo's title", by: 'Bo' }] } })
})

test('whoever is removed is told so and can no longer write, and the key is renewed (A7)', async () => {
  const { ann, bo, workspace, board, link } = await annAndBo()
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await until(async () => expect(Object.keys(await bo.docs(workspace, board)).length).toBeGreaterThan(1))
  const person = await until(async () => {
    const found = (await ann.state(workspace)).people.find(({ name }) => name === 'Bo')
    if (!found) throw new Error('Bo has not introduced himself')
    return found
  })
  await ann.call('removeMember', { workspace, person: person.id })
  await until(async () => expect((await bo.state(workspace)).notices.map(({ code }) => code)).toContain('removed'))
  await until(async () => expect((await ann.state(workspace)).scopes.every((scope) => !scope.rotationDue)).toBe(true))
  await expect(
    bo.call('commit', {
      workspace,
      work: board,
      tab: bo.tab,
      calls: [{ mutation: 'renameBoard', args: { title: 'mine' } }],
    }),
  ).rejects.toMatchObject({ code: 'removed' })
})
