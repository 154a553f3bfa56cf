import '#tests/support/automerge.ts'
import { expect, onTestFinished, test } from 'vitest'
import type { SyncState } from '#lib/core/api.ts'
import { until, type TestDevice } from '#tests/support/people.ts'
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
