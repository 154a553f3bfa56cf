import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { randomBytes } from '#lib/sync/bytes.ts'
import { signerOf, type DeviceKeys } from '#lib/sync/keys.ts'
import { parseWrap, wrapScopeKey } from '#lib/sync/wraps.ts'
import { lyingRelay } from '#tests/support/lying-relay.ts'
import { deviceOf, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { addCard, coreOf, expectSame, openWorldAt, titlesIn } from '#tests/support/world.ts'
import { greet } from '#tests/support/wire.ts'

test('a relay that puts wrong keys in the place of right ones gets nobody to write under them: Bo waits for a true one (A6)', async () => {
  const honest = await startRelay()
  const liar = await lyingRelay(honest.port)
  const world = await openWorldAt(liar.port, [])
  const { workspace } = world
  const [ann] = world.devices as [TestDevice]
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  let swapped = 0
  liar.lies.down = (message) => {
    if (message.type !== 'wraps') return [message]
    // Bytes of the sealed key changed; and one that was random from the first.
    const wraps = message.wraps.map((bytes) => {
      swapped++
      const copy = bytes.slice()
      copy[copy.length - 100]! ^= 1
      return copy
    })
    return [{ ...message, wraps }]
  }
  const bo = await deviceOf('bo', liar.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await until(() => expect(swapped).toBeGreaterThan(0))
  const { engine, row } = coreOf(bo, workspace)
  expect(engine.keyring.newest(engine.state, row.rootScope)).toBe(-1)
  liar.lies = {}
  liar.cut()
  const both = { ...world, devices: [ann, bo] }
  await addCard(both, ann, 'readable again')
  await until(async () => expect(await titlesIn(both, bo)).toContain('readable again'), 20_000)
  await expectSame(both)
})

test('a member who wraps a wrong key to others, signed, keeps nobody from the right one (A6)', async () => {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, ['Bo'])
  const { workspace } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  await expectSame(world)
  const { row, engine } = coreOf(bo, workspace)
  const keys: DeviceKeys = row.keys
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  await until(async () => expect((await bo.state(workspace)).invites.some(({ state }) => state === 'open')).toBe(true))
  const invite = [...engine.state.invites.values()].find(({ usedBy, to }) => !usedBy && to === null)!
  const to = { workspace, scope: row.rootScope, epoch: 0, recipient: invite.id }
  const wrong = await wrapScopeKey(to, invite.seed.agree, randomBytes(32), signerOf(keys))
  expect(parseWrap(wrong).ok).toBe(true)
  const { wire } = await greet(`ws://127.0.0.1:${relay.port}/sync`, workspace, keys)
  wire.send({ type: 'wrap-put', wraps: [wrong] })
  await wire.settled()
  const cai = await deviceOf('cai', relay.port)
  await cai.call('join', { link, person: 'Cai', locale: 'en' })
  const three = { ...world, devices: [ann, bo, cai] }
  await addCard(three, ann, 'for Cai too')
  await until(async () => expect(await titlesIn(three, cai)).toContain('for Cai too'), 20_000)
  await expectSame(three)
})
