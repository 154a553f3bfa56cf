import '#tests/support/automerge.ts'
import { expect, onTestFinished, test } from 'vitest'
import { addCard, expectSame, openWorld, titlesIn } from '#tests/support/world.ts'
import { until } from '#tests/support/people.ts'

/** While it is full, no transaction that touches the store `cursors` of this device is committed. */
function fillDisk(database: string): { refused: () => number; makeRoom: () => void } {
  const put = IDBObjectStore.prototype.put
  let refused = 0
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
    const request = put.apply(this, args)
    if (this.name === 'cursors' && this.transaction.db.name === database) {
      request.addEventListener('success', () => {
        refused++
        this.transaction.abort()
      })
    }
    return request
  }
  const makeRoom = () => void (IDBObjectStore.prototype.put = put)
  onTestFinished(makeRoom)
  return { refused: () => refused, makeRoom }
}

test('Bo’s disk is full while Ann writes: he sees it, and when there is room it is stored, so that a restart finds it (R0)', async () => {
  const world = await openWorld()
  const [ann, bo] = world.devices
  await expectSame(world)
  const disk = fillDisk(bo!.name)
  await addCard(world, ann!, 'while it was full')
  await until(async () => expect(await titlesIn(world, bo!)).toContain('while it was full'))
  await until(() => expect(disk.refused()).toBeGreaterThan(0))
  await addCard(world, ann!, 'and one more')
  disk.makeRoom()
  await expectSame(world)
  await bo!.restart()
  await addCard(world, bo!, 'from Bo')
  await expectSame(world)
  for (const title of ['while it was full', 'and one more', 'from Bo'])
    expect(await titlesIn(world, ann!)).toContain(title)
  for (const device of world.devices) expect((await device.state(world.workspace)).drafts).toEqual([])
  await world.close()
}, 60_000)
