import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import type { DeviceId, ScopeId } from '#lib/kernel/ids.ts'
import { append, draftAuthority } from '#lib/sync/authority-log.ts'
import { randomId } from '#lib/sync/bytes.ts'
import { createDeviceKeys, signerOf, type DeviceKeys } from '#lib/sync/keys.ts'
import { FRAME_LIMIT } from '#lib/sync/protocol.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import { parseWrap } from '#lib/sync/wraps.ts'
import { lyingRelay, type LyingRelay } from '#tests/support/lying-relay.ts'
import { until } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { NOW } from '#tests/support/sync-company.ts'
import { greet } from '#tests/support/wire.ts'
import { coreOf, expectSettled, openWorldAt, type World } from '#tests/support/world.ts'

const SCOPES = 100
const KITS = 45

/** Kits of Ann's are in the log as the devices of a large company would be, and come cheaper. */
async function addKits({ workspace, devices }: World, address: string): Promise<DeviceKeys[]> {
  const { engine, row } = coreOf(devices[0]!, workspace)
  const { wire } = await greet(address, workspace, row.keys)
  const kits = await Promise.all(Array.from({ length: KITS }, () => createDeviceKeys()))
  let state = engine.log.confirmedState
  for (const { public: device } of kits) {
    const body = { type: 'addDevice' as const, person: row.me, device, kit: true }
    const draft = await draftAuthority(state, body, NOW, (scope) => engine.inbox.place(scope), signerOf(row.keys))
    if (!draft.ok) throw new Error(draft.reason)
    const taken = await append(state, draft.signed, webVerify)
    if (!taken.ok) throw new Error(taken.reason)
    state = taken.state
    wire.send({ type: 'auth-append', signed: draft.signed })
  }
  for (let n = 0; n < KITS; n++) await wire.next('auth-ok')
  await wire.end()
  return kits
}

/** How many keys devices hand out from now on, and in how many messages. */
function handedOut(liar: LyingRelay) {
  const seen = { keys: 0, messages: 0 }
  liar.lies.up = (message) => {
    if (message.type === 'wrap-put') {
      seen.messages++
      seen.keys += message.wraps.length
    }
    return [message]
  }
  return seen
}

test('more wrapped keys than one message carries go out in several, once, and again only to a relay that has lost them (A6, R12)', async () => {
  const relay = await startRelay()
  const liar = await lyingRelay(relay.port)
  const world = await openWorldAt(liar.port, [])
  const { workspace } = world
  const ann = world.devices[0]!
  const synced = () => until(() => expectSettled(ann, workspace), 60_000)
  const { engine, row } = coreOf(ann, workspace)
  for (let n = 0; n < SCOPES; n++)
    expect(await engine.openScope(randomId<ScopeId>(), row.rootScope, 'project')).toBeNull()
  await synced()
  await ann.call('setWorkOffline', { offline: true })
  const kits = await addKits(world, relay.address)
  const keys = KITS * (SCOPES + 1)

  const first = handedOut(liar)
  await ann.call('setWorkOffline', { offline: false })
  await until(() => expect(first.keys).toBe(keys), 60_000)
  expect(first.messages).toBeGreaterThan(1)
  await synced()
  expect(Math.max(...liar.frames.map(({ length }) => length))).toBeLessThan(FRAME_LIMIT)

  const afterRestart = handedOut(liar)
  await ann.restart()
  await synced()
  expect(afterRestart).toEqual({ keys: 0, messages: 0 })

  await relay.close()
  const anew = handedOut(liar)
  await startRelay({ dataDir: relay.dataDir, port: relay.port, newGeneration: true })
  await until(() => expect(anew.keys).toBeGreaterThanOrEqual(keys), 60_000)
  await synced()
  const { wire } = await greet(relay.address, workspace, kits[0]!)
  wire.send({ type: 'wrap-pull', scope: null })
  const scopes = (await wire.next('wraps')).wraps.map((bytes) => {
    const wrap = parseWrap(bytes)
    return wrap.ok && wrap.value.recipient === (kits[0]!.id as DeviceId) ? wrap.value.scope : null
  })
  expect(new Set(scopes)).toEqual(new Set(coreOf(ann, workspace).engine.readable()))
}, 240_000)
