/**
 * A4 against whole devices and a real relay: a checkpoint is a claim of whoever signed it. What a member, or the relay, says of
 * an order that is not there must not move the place from which the statements of others count.
 */
import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { signAuthority, type Checkpoint } from '#lib/sync/authority.ts'
import { encodeChangesBody } from '#lib/sync/bodies.ts'
import { randomBytes, toHash, toHex, type Bytes } from '#lib/sync/bytes.ts'
import { contentKey, createDeviceKeys, signerOf } from '#lib/sync/keys.ts'
import { orderStart } from '#lib/sync/order.ts'
import { sealRecord } from '#lib/sync/records.ts'
import { lyingRelay } from '#tests/support/lying-relay.ts'
import { deviceOf, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { NOW } from '#tests/support/sync-company.ts'
import { addCard, coreOf, expectSame, openWorldAt, titlesIn, type World } from '#tests/support/world.ts'
import { greet } from '#tests/support/wire.ts'

const FAR = 9_000
const INVENTED = toHash('ab'.repeat(32))

const idOf = (world: World, device: TestDevice) => coreOf(device, world.workspace).row.keys.id
const rootOf = (world: World, device: TestDevice) => coreOf(device, world.workspace).row.rootScope
const placeOf = (world: World, device: TestDevice) =>
  coreOf(device, world.workspace).engine.inbox.place(rootOf(world, device))
const checkpointsOf = (world: World, device: TestDevice) => {
  const { items, length } = coreOf(device, world.workspace).engine.log.confirmedState.scopes.get(
    rootOf(world, device),
  )!.checkpoints
  return items.slice(0, length)
}

/** A modified client's record of the log that adds a device of its own person from this place on. */
async function addsDevice(world: World, device: TestDevice, checkpoint: Checkpoint): Promise<Bytes> {
  const { engine, row } = coreOf(device, world.workspace)
  const { n, head, devices } = engine.log.confirmedState
  const { person } = devices.get(row.keys.id)!
  const body = { type: 'addDevice', person, device: (await createDeviceKeys()).public, kit: false } as const
  return signAuthority({ n: n + 1, prev: head, at: NOW, checkpoints: [checkpoint], body }, signerOf(row.keys))
}

/** What the relay answers where Bo says that a device of his counts from far beyond the order on. */
async function claims(address: string, world: World, bo: TestDevice): Promise<string> {
  const { wire } = await greet(address, world.workspace, coreOf(bo, world.workspace).row.keys)
  const position = placeOf(world, bo).position + FAR
  const signed = await addsDevice(world, bo, { scope: rootOf(world, bo), position, order: INVENTED })
  wire.send({ type: 'auth-append', signed })
  const answer = await Promise.race([
    wire.next('auth-ok').then(() => 'ok'),
    wire.next('auth-no').then(({ reason }) => reason),
    wire.closed,
  ])
  await wire.end()
  return answer
}

/** The next record of Bo in the board, whatever his rights are, put by Cai: what the relay answers. */
async function smuggles(address: string, world: World, bo: TestDevice, cai: TestDevice): Promise<string> {
  const { workspace, board } = world
  const { engine, row, documents } = coreOf(bo, workspace)
  const { keys } = row
  const { scope, chains } = documents.rows.get(board)!
  const chain = chains[keys.id]
  const scopeKey = engine.keyring.scopeKey(engine.state, scope, 0)!
  const record = await sealRecord(
    {
      kind: 'changes',
      scope,
      doc: board,
      seq: chain ? chain.seq + 1 : 0,
      prev: chain ? toHash(chain.id) : null,
      epoch: 0,
      kindVersion: 0,
      birth: null,
      part: null,
    },
    encodeChangesBody([randomBytes(50)]),
    await contentKey(scopeKey, board, 0, keys.id),
    signerOf(keys),
  )
  const { wire } = await greet(address, workspace, coreOf(cai, workspace).row.keys)
  wire.send({ type: 'put', records: [record.bytes] })
  await wire.settled()
  const nack = wire.received.find((message) => message.type === 'nack' && message.id === record.id)
  await wire.end()
  return nack?.type === 'nack' ? nack.reason : 'accept'
}

/** Ann, Bo and Cai at a relay that was restored once, so that it takes places that it does not have (R12). */
async function atRestoredRelay() {
  const relay = await startRelay({ newGeneration: true })
  const world = await openWorldAt(relay.port, ['Bo', 'Cai'])
  const [ann, bo, cai] = world.devices as [TestDevice, TestDevice, TestDevice]
  await expectSame(world)
  expect(await claims(relay.address, world, bo)).toBe('ok')
  await until(() => expect(checkpointsOf(world, ann).at(-1)?.order).toBe(INVENTED))
  return { relay, world, ann, bo, cai }
}

test('Bo has named a place far ahead: made a guest he writes nothing more, and the others work on (A4)', async () => {
  const { relay, world, ann, bo, cai } = await atRestoredRelay()
  await ann.call('setRank', { workspace: world.workspace, person: world.bo, rank: 'guest' })
  await until(async () => expect((await ann.state(world.workspace)).sync.state).toBe('synced'))
  expect(await smuggles(relay.address, world, bo, cai)).toBe('no-right')
  await addCard(world, cai, 'of Cai')
  await until(async () => expect(await titlesIn(world, ann)).toContain('of Cai'))
  await expectSame(world)
})

test('the same, and he is removed: no accomplice finds a place for what he makes afterwards (A4, A7)', async () => {
  const { relay, world, ann, bo, cai } = await atRestoredRelay()
  await ann.call('removeMember', { workspace: world.workspace, person: world.bo })
  await until(async () => expect((await ann.state(world.workspace)).sync.state).toBe('synced'))
  expect(await smuggles(relay.address, world, bo, cai)).toBe('no-right')
  await addCard(world, cai, 'of Cai')
  await expectSame(world, [ann, cai])
})

test('the relay says that its order goes far beyond what Ann was shown: whom she removes is out from where she stands (A4)', async () => {
  const honest = await startRelay()
  const liar = await lyingRelay(honest.port)
  const world = await openWorldAt(liar.port, ['Bo'])
  const [ann] = world.devices as [TestDevice]
  await expectSame(world)
  const annId = coreOf(ann, world.workspace).row.keys.id
  liar.lies.down = (message, device) => {
    if (message.type !== 'ready' || device !== annId) return [message]
    return [{ ...message, scopes: message.scopes.map((head) => ({ ...head, n: head.n + FAR, hash: INVENTED })) }]
  }
  liar.cut()
  await until(() => expect(coreOf(ann, world.workspace).engine.heads.get(rootOf(world, ann))?.order).toBe(INVENTED))
  const { position, order } = placeOf(world, ann)
  await ann.call('removeMember', { workspace: world.workspace, person: world.bo })
  await until(() => expect(checkpointsOf(world, ann).at(-1)).toMatchObject({ position, order }))
})

test('the relay and Cai name an older place than that of Bo’s removal: his cards stay, also on a device that comes anew (A4, R0)', async () => {
  const honest = await startRelay()
  const liar = await lyingRelay(honest.port)
  const world = await openWorldAt(liar.port, ['Bo', 'Cai'])
  const [ann, bo, cai] = world.devices as [TestDevice, TestDevice, TestDevice]
  const { workspace } = world
  await addCard(world, bo, 'of Bo')
  await expectSame(world)
  await ann.call('removeMember', { workspace, person: world.bo })
  await until(() =>
    expect([...coreOf(ann, workspace).engine.log.confirmedState.scopes.values()][0]?.epochs).toHaveLength(2),
  )
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  await expectSame(world, [ann, cai])
  const dee = await deviceOf('dee', liar.port)
  const deviceIds = new Set<string | null>()
  liar.lies.down = (message, device) => {
    if (message.type !== 'records' || device === idOf(world, ann) || device === idOf(world, cai)) return [message]
    deviceIds.add(device)
    return []
  }
  await dee.call('join', { link, person: 'Dee', locale: 'en' })
  await until(() => expect(deviceIds).toContain(idOf(world, dee)))
  await until(() =>
    expect(coreOf(ann, workspace).engine.log.confirmed).toBe(coreOf(dee, workspace).engine.log.confirmed),
  )
  const { n, head } = coreOf(dee, workspace).engine.log.confirmedState
  const scope = rootOf(world, cai)
  const signed = await addsDevice(world, cai, { scope, position: 0, order: orderStart(scope) })
  const told = new Set<string | null>()
  liar.lies.down = (message, device) => {
    if (message.type !== 'records' || told.has(device)) return [message]
    told.add(device)
    return [{ type: 'auth', from: n + 1, records: [signed], head: null }, message]
  }
  expect(head).not.toBeNull()
  liar.cut()
  await addCard(world, cai, 'and on')
  for (const device of [ann, dee]) {
    await until(() => expect(checkpointsOf(world, device).at(-1)?.position).toBe(0))
    await until(async () => expect(await titlesIn(world, device)).toEqual(expect.arrayContaining(['of Bo', 'and on'])))
  }
})

test('a member who invents an order more than once has everybody offer again only once (A4, R12)', async () => {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, ['Bo'])
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  await expectSame(world)
  const generation = async () =>
    toHex((await greet(relay.address, world.workspace, coreOf(ann, world.workspace).row.keys)).challenge.generation)
  const first = await generation()
  expect(await claims(relay.address, world, bo)).toBe('shutting-down')
  const second = await generation()
  expect(second).not.toBe(first)
  await expectSame(world)
  expect(await claims(relay.address, world, bo)).not.toBe('shutting-down')
  expect(await generation()).toBe(second)
})
