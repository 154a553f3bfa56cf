import '#tests/support/automerge.ts'
import * as A from '@automerge/automerge/slim'
import { expect, onTestFinished, test } from 'vitest'
import type { SyncState, WorkspaceState } from '#lib/core/api.ts'
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'
import { copyOf, type Bytes } from '#lib/sync/bytes.ts'
import { swollenDocument } from '#tests/support/craft-change.ts'
import { lyingRelay } from '#tests/support/lying-relay.ts'
import { deviceOf, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { addCard, coreOf, expectSame, expectSettled, openWorldAt } from '#tests/support/world.ts'

const titlesOf = (docs: Record<string, unknown>): string[] =>
  Object.values(docs)
    .flatMap((doc) => Object.values((doc as { cards?: Record<string, { title: string }> }).cards ?? {}))
    .map((card) => card.title)
    .sort()

const synced = (device: TestDevice, workspace: WorkspaceId) =>
  until(async () => expect((await device.state(workspace)).sync.state).toBe('synced'), 30_000)

/** A board on which Ann has renamed one card so often that a snapshot was made. */
async function annWithALongHistory() {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  await synced(ann, workspace)
  const root = (await ann.docs(workspace, board))[board] as { columns: Record<string, unknown> }
  const column = Object.keys(root.columns)[0] ?? ''
  const card = newEntity()
  const commit = (mutation: string, args: Record<string, unknown>) =>
    ann.call('commit', { workspace, work: board, tab: ann.tab, calls: [{ mutation, args }] })
  await commit('addCard', { card, title: 'first', column, order: 'a5' })
  for (let round = 0; round < 520; round++) {
    await commit('retitleCard', { card, title: `title ${round}` })
    if (round % 5 === 0) await synced(ann, workspace)
  }
  await synced(ann, workspace)
  const shard = Object.entries(await ann.docs(workspace, board)).find(
    ([, doc]) => card in ((doc as { cards?: object }).cards ?? {}),
  )
  const { documents } = ann.core.workspaces.get(workspace)!
  return { relay, ann, workspace, board, column, card, commit, shard: (shard?.[0] ?? '') as DocId, documents }
}

/** Every state of the workspace that the device has shown, from now on. */
function statesOf(device: TestDevice, workspace: WorkspaceId): WorkspaceState[] {
  const states: WorkspaceState[] = []
  onTestFinished(device.core.workspaces.get(workspace)!.watch((state) => states.push(state)))
  return states
}

test('Bo, who comes in late, sees the board from a snapshot while its records are still being checked (R8)', async () => {
  const { relay, ann, workspace, board, commit, card, shard, documents } = await annWithALongHistory()
  await until(() => expect(documents.rows.get(shard)?.sinceSnapshot).toBeLessThan(100))
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await synced(ann, workspace)
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const states = statesOf(bo, workspace)
  const work: SyncState['state'][] = []
  onTestFinished(
    bo.core.workspaces.get(workspace)!.mirrors.watch(board, (event) => {
      if (event.type === 'state') work.push(event.sync.state)
    }),
  )
  await synced(bo, workspace)
  expect(states.map(({ sync }) => sync.state)).toContain('checking')
  expect(titlesOf(await bo.docs(workspace, board))).toEqual(titlesOf(await ann.docs(workspace, board)))
  const hers = ann.core.workspaces.get(workspace)!.documents.rows.get(shard)
  const his = bo.core.workspaces.get(workspace)!.documents.rows.get(shard)
  expect(his?.checking).toBeNull()
  expect(his?.acceptedHeads).toEqual(hers?.acceptedHeads)
  await commit('retitleCard', { card, title: 'after' })
  await until(async () => expect(titlesOf(await bo.docs(workspace, board))).toContain('after'))
  expect((await bo.state(workspace)).notices).toEqual([])
})

test('a snapshot that holds more than the records is dropped, its author named, and what Bo wrote meanwhile stays (R8)', async () => {
  const { relay, ann, workspace, board, column, card, shard, commit, documents } = await annWithALongHistory()
  // Ann's client is modified: her snapshots hold a title that no record brings.
  const open = await documents.open(shard)
  const forged = A.change(A.clone(open.handle.doc(), { actor: 'ab'.repeat(24) }), (draft) => {
    const cards = draft['cards'] as Record<string, { title: unknown }>
    cards[card]!.title = new A.ImmutableString('forged')
  })
  const { engine } = ann.core.workspaces.get(workspace)!
  const content = new Uint8Array(A.save(forged))
  await until(() => expect(open.row.sinceSnapshot).toBeLessThan(100))
  await engine.snapshots.publish(open.row, content, A.getHeads(forged), engine.inbox.place(open.row.scope))
  await until(() => expect(open.row.sinceSnapshot).toBe(0))
  await commit('setPriority', { card, priority: 'high' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await synced(ann, workspace)

  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const shown: string[] = []
  let written: Promise<unknown> | null = null
  onTestFinished(
    bo.core.workspaces.get(workspace)!.watch(() => {
      const content = bo.core.workspaces.get(workspace)!.documents.content(shard) as
        { cards?: Record<string, { title: { toString(): string } }> } | undefined
      const title = content?.cards?.[card]?.title.toString()
      if (!title) return
      shown.push(title)
      written ??= until(() =>
        bo.call('commit', {
          workspace,
          work: board,
          tab: bo.tab,
          calls: [
            { mutation: 'addCard', args: { card: newEntity(), title: 'Bo, at first sight', column, order: 'a6' } },
            { mutation: 'retitleCard', args: { card, title: 'renamed by Bo' } },
          ],
        }),
      )
    }),
  )
  await until(async () =>
    expect((await bo.state(workspace)).notices).toMatchObject([{ code: 'snapshot-false', params: { by: 'Ann' } }]),
  )
  expect(shown).toContain('forged')
  await written
  await until(() => expectSettled(bo, workspace), 30_000)
  const { drafts } = await bo.state(workspace)
  // What he wrote on top of what never was is kept for him to read; the rest has gone to the others.
  const his = [...titlesOf(await bo.docs(workspace, board)), ...drafts.map(({ text }) => text)].join('\n')
  expect(his).toContain('Bo, at first sight')
  expect(his).toContain('renamed by Bo')
  await until(async () =>
    expect(titlesOf(await ann.docs(workspace, board))).toEqual(titlesOf(await bo.docs(workspace, board))),
  )
  expect(titlesOf(await bo.docs(workspace, board))).not.toContain('forged')
})

test('a snapshot that claims more than a device can hold is left aside, though Automerge would load it: Bo has the board from the records (R8)', async () => {
  const { port } = await startRelay()
  const liar = await lyingRelay(port)
  const world = await openWorldAt(liar.port, [])
  const { workspace, board } = world
  const [ann] = world.devices as [TestDevice]
  const { documents, engine, row } = coreOf(ann, workspace)
  await addCard(world, ann, 'Book the hall')
  // A new device asks for snapshots where there are many records.
  const works: DocId[] = []
  for (let n = 0; n < 10; n++) works.push((await ann.call('createWork', { workspace, kind: 'board', calls: [] })).root)
  for (let round = 0; engine.inbox.place(row.rootScope).position < 100; round++) {
    const calls = [{ mutation: 'renameBoard', args: { title: `title ${round}` } }]
    for (const work of works) await ann.call('commit', { workspace, work, tab: ann.tab, calls })
    await synced(ann, workspace)
  }
  const publish = async (doc: DocId, changed = (saved: Bytes) => saved) => {
    const { row: of, handle } = await documents.open(doc)
    const content = changed(copyOf(A.save(handle.doc())))
    expect(A.getHeads(A.load(content))).toEqual(A.getHeads(handle.doc()))
    await engine.snapshots.publish(of, content, of.acceptedHeads, engine.inbox.place(of.scope))
    await until(() => expect(of.sinceSnapshot).toBe(0))
  }
  const shard = [...documents.rows.values()].find(({ kind }) => kind === 'board.cards')!.doc
  await publish(board)
  await publish(shard, (saved) => swollenDocument(saved, 5_000_000))
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  await synced(ann, workspace)

  // Bo gets no records until he has looked at the snapshots.
  const looked = Promise.withResolvers<void>()
  liar.lies = {
    down: (message, device) => (message.type === 'records' && device !== row.keys.id ? [] : [message]),
    up(message, device) {
      if (message.type === 'sub' && device !== row.keys.id) looked.resolve()
      return [message]
    },
  }
  const bo = await deviceOf('bo', liar.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await looked.promise
  const { documents: his } = coreOf(bo, workspace)
  expect([...his.rows.values()].filter(({ checking }) => checking).map(({ doc }) => doc)).toEqual([board])
  liar.lies = {}
  liar.cut()
  await expectSame({ ...world, devices: [ann, bo] })
  expect((await bo.state(workspace)).notices).toEqual([])
})
