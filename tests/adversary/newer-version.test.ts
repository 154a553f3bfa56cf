/** A colleague whose application is newer writes what this one does not understand yet (R6, R13). */
import '#tests/support/automerge.ts'
import * as A from '@automerge/automerge/slim'
import { beforeEach, expect, test, vi } from 'vitest'
import type * as Kinds from '#lib/kinds/index.ts'
import { str } from '#lib/kernel/immutable-string.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { encodeChangesBody } from '#lib/sync/bodies.ts'
import { toHash } from '#lib/sync/bytes.ts'
import { contentKey, signerOf, type DeviceKeys } from '#lib/sync/keys.ts'
import { sealRecord } from '#lib/sync/records.ts'
import { until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { greet } from '#tests/support/wire.ts'
import { coreOf, expectSame, openWorldAt, titlesIn } from '#tests/support/world.ts'

/** How many migrations the installed application knows; an update brings more. */
const installed = vi.hoisted(() => ({ migrations: 0 }))
vi.mock('#lib/kinds/index.ts', async (original) => {
  const kinds = await original<typeof Kinds>()
  return {
    ...kinds,
    kindVersionOf: (name: string) => {
      const known = kinds.kindVersionOf(name)
      return known === null ? null : known + installed.migrations
    },
  }
})
beforeEach(() => void (installed.migrations = 0))

/** Bo's application is a version ahead: he renames the board, and the record says of which version it is. */
async function renamedByNewer(
  port: number,
  bo: TestDevice,
  world: Awaited<ReturnType<typeof openWorldAt>>,
  title: string,
) {
  const { workspace, board } = world
  const { engine, row, documents } = coreOf(bo, workspace)
  const { scope, chains, kind } = documents.rows.get(board)!
  const keys = row.keys as DeviceKeys
  const epoch = engine.keyring.newest(engine.state, scope)
  const chain = chains[keys.id]
  const { kindVersionOf } = await import('#lib/kinds/index.ts')
  const copy = A.clone(documents.content(board)!, { actor: keys.id + '01'.repeat(8) })
  const changed = A.change(copy, { time: 1_800_000_000 }, (draft) => void (draft['title'] = str(title)))
  const place = { scope, doc: board, seq: chain ? chain.seq + 1 : 0, prev: chain ? toHash(chain.id) : null, epoch }
  const record = await sealRecord(
    { ...place, kind: 'changes', kindVersion: kindVersionOf(kind)! + 1, birth: null, part: null },
    encodeChangesBody([new Uint8Array(A.getLastLocalChange(changed)!)]),
    await contentKey(engine.keyring.scopeKey(engine.state, scope, epoch)!, board, epoch, keys.id),
    signerOf(keys),
  )
  const { wire } = await greet(`ws://127.0.0.1:${port}/sync`, workspace, keys)
  wire.send({ type: 'put', records: [record.bytes] })
  await wire.settled()
  await wire.end()
}

test('Bo has the newer application: Ann sees the board as she knows it, may not write into it, and has his edit once hers is updated', async () => {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, ['Bo'])
  const { workspace, board } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  await expectSame(world)
  const before = await titlesIn(world, ann)
  const titleOf = async (device = ann) => fieldsOf((await device.docs(workspace, board))[board])['title']
  const title = await titleOf()
  const rename = () =>
    ann.call('commit', {
      workspace,
      work: board,
      tab: ann.tab,
      calls: [{ mutation: 'renameBoard', args: { title: 'By Ann' } }],
    })
  const reason = async () => {
    const core = coreOf(ann, workspace)
    return core.readOnlyReason(await core.openWork(board))
  }

  await renamedByNewer(relay.port, bo, world, 'By the newer one')
  await until(async () => expect(await reason()).toBe('newer-version'))
  expect(await titleOf()).toEqual(title)
  await expect(rename()).rejects.toMatchObject({ code: 'newer-version' })

  // The record waits on the disk, too.
  await ann.restart()
  await until(async () => expect(await reason()).toBe('newer-version'))
  expect(await titlesIn(world, ann)).toEqual(before)

  installed.migrations = 1
  await Promise.all([ann.restart(), bo.restart()])
  await until(async () => expect(await titleOf()).toBe('By the newer one'))
  expect(await reason()).toBeNull()
  await rename()
  await until(async () => expect(await titleOf(bo)).toBe('By Ann'))
})

test('Bo writes with a version that there is not, and keeps nobody from the board once Ann has removed him; her edit of before goes out then', async () => {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, ['Bo', 'Cai'])
  const { workspace, board } = world
  const [ann, bo, cai] = world.devices as [TestDevice, TestDevice, TestDevice]
  await expectSame(world)
  const reason = async (device: TestDevice) => {
    const core = coreOf(device, workspace)
    return core.readOnlyReason(await core.openWork(board))
  }
  const titleOf = async (device: TestDevice) => fieldsOf((await device.docs(workspace, board))[board])['title']
  const rename = (title: string) =>
    ann.call('commit', {
      workspace,
      work: board,
      tab: ann.tab,
      calls: [{ mutation: 'renameBoard', args: { title } }],
    })
  await ann.call('setWorkOffline', { offline: true })
  await rename('By Ann, before she heard of it')
  await renamedByNewer(relay.port, bo, world, 'By Bo')
  await until(async () => expect(await reason(cai)).toBe('newer-version'))
  await ann.call('setWorkOffline', { offline: false })
  await until(async () => expect(await reason(ann)).toBe('newer-version'))

  await ann.call('removeMember', { workspace, person: (await bo.state(workspace)).me })
  for (const device of [ann, cai]) {
    await until(async () => expect(await reason(device)).toBeNull())
    await until(async () => expect(await titleOf(device)).toBe('By Ann, before she heard of it'))
    await until(async () => expect((await device.state(workspace)).sync).toEqual({ state: 'synced' }))
  }
  await ann.restart()
  await rename('By Ann')
  await until(async () => expect(await titleOf(cai)).toBe('By Ann'))
})
