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

test.each([
  ['the sealed key', -100],
  ['the signature', -1],
])(
  'a relay that changes %s of wraps, with noise among them, gets nobody to write under them: Bo waits for a true one (A6)',
  async (_, at) => {
    const honest = await startRelay()
    const liar = await lyingRelay(honest.port)
    const world = await openWorldAt(liar.port, [])
    const { workspace } = world
    const [ann] = world.devices as [TestDevice]
    const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
    await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
    const recipients = new Set<string>()
    liar.lies.down = (message) => {
      if (message.type !== 'wraps') return [message]
      const wraps = message.wraps.map((bytes) => {
        const wrap = parseWrap(bytes)
        if (wrap.ok) recipients.add(wrap.value.recipient)
        return bytes.with(at, bytes.at(at)! ^ 1)
      })
      return [{ ...message, wraps: [randomBytes(50), ...wraps] }]
    }
    const bo = await deviceOf('bo', liar.port)
    await bo.call('join', { link, person: 'Bo', locale: 'en' })
    const { engine, row } = coreOf(bo, workspace)
    // To the seed with which he came, and then to his device; what is said after that he has read after it.
    await until(() => expect(recipients).toContain(row.keys.id))
    expect(recipients.size).toBe(2)
    await addCard(world, ann, 'not readable yet')
    await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
    const placeOf = (device: TestDevice) => coreOf(device, workspace).engine.inbox.place(row.rootScope)
    await until(() => expect(placeOf(bo)).toEqual(placeOf(ann)))
    expect(engine.keyring.newest(engine.state, row.rootScope)).toBe(-1)
    liar.lies.down = (message) =>
      message.type === 'wraps' ? [{ ...message, wraps: [randomBytes(50), ...message.wraps] }] : [message]
    liar.cut()
    const both = { ...world, devices: [ann, bo] }
    await addCard(both, ann, 'readable again')
    await until(async () => expect(await titlesIn(both, bo)).toContain('readable again'), 20_000)
    await expectSame(both)
  },
)

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
