import '#tests/support/automerge.ts'
import { expect, onTestFinished, test } from 'vitest'
import type { SyncState } from '#lib/core/api.ts'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { addCard, coreOf, openWorldAt } from '#tests/support/world.ts'

/** Called for every write into a document's rows when the disk has it. */
function onWritten(told: () => void): void {
  const put = IDBObjectStore.prototype.put
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
    if (this.name === 'documents') this.transaction.addEventListener('complete', told)
    return put.apply(this, args)
  }
  onTestFinished(() => void (IDBObjectStore.prototype.put = put))
}

test('Ann’s badge says that an edit is being saved until the disk has it, and nothing better before', async () => {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, [])
  const [ann] = world.devices as [TestDevice]
  const core = coreOf(ann, world.workspace)
  const badge = () => core.syncOf([...core.documents.rows.keys()]).state
  await until(() => expect(badge()).toBe('synced'))
  const whenWritten: SyncState['state'][] = []
  onWritten(() => whenWritten.push(badge()))
  const shown: (SyncState['state'] | 'the card')[] = []
  onTestFinished(
    ann.core.handlers.watch('work', { workspace: world.workspace, work: world.board }, (event) => {
      if (event.type === 'patches') shown.push('the card')
      if (event.type === 'state') shown.push(event.sync.state)
    }),
  )
  await addCard(world, ann, 'being saved')
  expect(badge()).toBe('saving')
  // With the card, not a moment later.
  expect(shown[shown.lastIndexOf('the card') + 1]).toBe('saving')
  await until(() => expect(badge()).toBe('synced'))
  expect(whenWritten[0]).toBe('saving')
})

test('while Ann changes a thousand cards, and while she takes that back, the badge says that it is being saved, from before the first is on the screen until the disk has all', async () => {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, [])
  const [ann] = world.devices as [TestDevice]
  const { workspace, board: work } = world
  const core = coreOf(ann, workspace)
  const badge = () => core.syncOf([...core.documents.rows.keys()]).state
  const cards = Array.from({ length: 1_000 }, (_, n) => `k${n}`)
  const commit = (calls: MutationCall[], job?: string) =>
    ann.call('commit', { workspace, work, tab: ann.tab, calls, ...(job && { job }) })
  await commit(cards.map((card) => ({ mutation: 'addCard', args: { card, title: card, column: 'todo', order: 'a5' } })))
  await until(() => expect(badge()).toBe('synced'))
  const ofBoard: (SyncState['state'] | 'cards')[] = []
  const ofWorkspace: SyncState['state'][] = []
  const whenWritten: SyncState['state'][] = []
  onTestFinished(
    ann.core.handlers.watch('work', { workspace, work }, (event) => {
      if (event.type === 'patches') ofBoard.push('cards')
      if (event.type === 'state') ofBoard.push(event.sync.state)
    }),
  )
  onTestFinished(
    ann.core.handlers.watch('workspace', { workspace }, ({ sync, works }) => {
      ofWorkspace.push(sync.state, ...works.filter(({ root }) => root === work).map((one) => one.sync.state))
    }),
  )
  onWritten(() => whenWritten.push(badge()))
  const isSaidOf = async (action: (job: string) => Promise<unknown>) => {
    for (const list of [ofBoard, ofWorkspace, whenWritten]) list.length = 0
    const job = newEntity()
    const whileWriting: SyncState['state'][] = []
    onTestFinished(ann.core.handlers.watch('commit', { job }, () => whileWriting.push(badge())))
    await action(job)
    await until(() => expect(ofWorkspace.at(-1)).toBe('synced'))
    expect(new Set(whileWriting)).toEqual(new Set(['saving']))
    expect(whenWritten[0]).toBe('saving')
    expect(ofBoard.slice(0, ofBoard.indexOf('cards'))).toContain('saving')
    for (const list of [ofBoard, ofWorkspace])
      expect(new Set(list.slice(list.indexOf('saving'), list.lastIndexOf('saving')))).not.toContain('synced')
  }
  await isSaidOf((job) =>
    commit(
      cards.map((card) => ({ mutation: 'setPriority', args: { card, priority: 'high' } })),
      job,
    ),
  )
  await isSaidOf((job) => ann.call('undo', { workspace, work, tab: ann.tab, job }))
})
