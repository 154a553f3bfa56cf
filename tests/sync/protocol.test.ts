import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeviceId, DocId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { bytesToHash, copyOf, randomBytes, randomId, sha256, toHex, utf8, type Hash } from '#lib/sync/bytes.ts'
import { encode } from '#lib/sync/cbor.ts'
import { createDeviceKeys, signerOf } from '#lib/sync/keys.ts'
import { orderNext, orderStart, provesEquivocation, signHead, verifyHead } from '#lib/sync/order.ts'
import {
  closeCodes,
  closeReasonOf,
  decodeDeviceMessage,
  decodeRelayMessage,
  encodeMessage,
  FRAME_LIMIT,
  signHello,
  usualLimits,
  verifyHello,
  type DeviceMessage,
  type RelayMessage,
} from '#lib/sync/protocol.ts'
import { webVerify } from '#lib/sync/signatures.ts'

const hash = (): Hash => bytesToHash(randomBytes(32))
const anyRecord = () => ({ id: hash(), signature: randomBytes(64) })
const scope = randomId<ScopeId>()
const workspace = randomId<WorkspaceId>()
const head = { n: 3, hash: hash(), generation: randomBytes(16), signature: randomBytes(64) }

const relayMessages: { [Type in RelayMessage['type']]: Extract<RelayMessage, { type: Type }> } = {
  challenge: {
    type: 'challenge',
    version: 1,
    nonce: randomBytes(32),
    relayKey: randomBytes(32),
    generation: randomBytes(16),
    at: 1_790_000_000_000,
  },
  ready: { type: 'ready', known: true, authority: -1, scopes: [{ scope, n: 4, hash: hash() }], limits: usualLimits },
  auth: { type: 'auth', from: 2, records: [utf8('a record')], head },
  'auth-ok': { type: 'auth-ok', n: 3, hash: hash(), head },
  'auth-no': { type: 'auth-no', reason: 'not-the-head', n: 3 },
  records: { type: 'records', scope, from: 9, list: [utf8('a record'), randomBytes(32)], head },
  nack: { type: 'nack', id: hash(), reason: 'no-right' },
  wraps: { type: 'wraps', wraps: [utf8('a wrap')] },
  'wrap-no': { type: 'wrap-no', reason: 'full' },
  talk: { type: 'talk', scope, device: randomId<DeviceId>(), bytes: utf8('here') },
  snapshots: { type: 'snapshots', scope, list: [{ doc: randomId<DocId>(), record: utf8('a record') }] },
  blob: { type: 'blob', hash: hash(), offset: 0, total: 4, bytes: utf8('blob') },
  'blob-ok': { type: 'blob-ok', hash: hash(), received: 4, total: 4 },
  'blob-no': { type: 'blob-no', hash: hash(), reason: 'quota' },
  gone: { type: 'gone', reason: 'removed' },
  pong: { type: 'pong', token: 5 },
}
const deviceMessages: { [Type in DeviceMessage['type']]: Extract<DeviceMessage, { type: Type }> } = {
  hello: {
    type: 'hello',
    version: 1,
    workspace,
    device: randomId<DeviceId>(),
    signKey: randomBytes(32),
    signature: randomBytes(64),
    token: null,
  },
  'auth-pull': { type: 'auth-pull', from: 0 },
  'auth-append': { type: 'auth-append', signed: utf8('a record') },
  sub: { type: 'sub', scope, after: 0 },
  unsub: { type: 'unsub', scope },
  put: { type: 'put', records: [utf8('a record')] },
  'wrap-put': { type: 'wrap-put', wraps: [utf8('a wrap')] },
  'wrap-pull': { type: 'wrap-pull', scope: null },
  talk: { type: 'talk', scope, bytes: utf8('here') },
  'snap-pull': { type: 'snap-pull', scope },
  'blob-put': { type: 'blob-put', scope, hash: hash(), offset: 0, total: 4, bytes: utf8('blob') },
  'blob-get': { type: 'blob-get', scope, hash: hash(), offset: 0 },
  ping: { type: 'ping', token: 5 },
}

describe('messages', () => {
  test.each(Object.values(relayMessages))('$type goes from the relay through bytes and back', (message) => {
    expect(decodeRelayMessage(encodeMessage(message))).toEqual({ ok: true, value: message })
  })

  test.each(Object.values(deviceMessages))('$type goes from a device through bytes and back', (message) => {
    expect(decodeDeviceMessage(encodeMessage(message))).toEqual({ ok: true, value: message })
  })

  test('a message in the wrong direction is none', () => {
    expect(decodeDeviceMessage(encodeMessage(relayMessages.ready))).toMatchObject({ ok: false })
    expect(decodeRelayMessage(encodeMessage(deviceMessages.put))).toMatchObject({ ok: false })
  })

  test('every truncation, and every field more or less, is refused (R13)', () => {
    for (const message of Object.values(deviceMessages)) {
      const frame = encodeMessage(message)
      for (let length = 0; length < frame.length; length++) {
        expect(decodeDeviceMessage(copyOf(frame, 0, length))).toMatchObject({ ok: false })
      }
    }
    expect(decodeDeviceMessage(encode(['ping']))).toMatchObject({ ok: false })
    expect(decodeDeviceMessage(encode(['ping', 1, 2]))).toMatchObject({ ok: false })
    expect(decodeDeviceMessage(encode(['ping', 'one']))).toMatchObject({ ok: false })
    expect(decodeDeviceMessage(encode(['constructor', 1]))).toMatchObject({ ok: false })
    expect(decodeDeviceMessage(encode({ ping: 1 }))).toMatchObject({ ok: false })
    expect(decodeDeviceMessage(new Uint8Array(FRAME_LIMIT + 1))).toEqual({ ok: false, reason: 'frame too large' })
  })

  test('random bytes and damaged frames never throw, whatever they say (R13)', () => {
    const frames = [...Object.values(deviceMessages), ...Object.values(relayMessages)].map(encodeMessage)
    const damaged = fc.tuple(fc.constantFrom(...frames), fc.nat(), fc.nat(255)).map(([frame, at, byte]) => {
      const copy = copyOf(frame)
      copy[at % copy.length] = byte
      return copy
    })
    const input = fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged)
    fc.assert(
      fc.property(input, (bytes) => {
        for (const decode of [decodeDeviceMessage, decodeRelayMessage]) {
          const reading = decode(bytes)
          // What is read is exactly what the bytes say: nothing is dropped, nothing guessed.
          if (reading.ok) expect(encodeMessage(reading.value)).toEqual(Uint8Array.from(bytes))
          else expect(reading.reason).not.toBe('')
        }
      }),
      { numRuns: 2_000 },
    )
  })

  test('a change of the wire’s shape is a change of its version: this hash is pinned', () => {
    const shape = (value: unknown): unknown =>
      value instanceof Uint8Array
        ? value.length
        : Array.isArray(value)
          ? value.map(shape)
          : value !== null && typeof value === 'object'
            ? Object.entries(value).map(([key, inner]) => [key, shape(inner)])
            : typeof value
    const all = JSON.stringify([shape(relayMessages), shape(deviceMessages), closeCodes])
    expect(toHex(sha256(utf8(all))).slice(0, 16)).toMatchInlineSnapshot(`"3ecb35f3e0c87e42"`)
  })

  test('close codes have names and stay in the range of applications', () => {
    for (const [reason, code] of Object.entries(closeCodes)) {
      expect(closeReasonOf(code)).toBe(reason)
      expect(code >= 4000 && code < 4100).toBe(true)
    }
    expect(closeReasonOf(1006)).toBeNull()
  })
})

describe('hello', () => {
  test('answers this challenge of this relay for this workspace, and no other', async () => {
    const keys = await createDeviceKeys()
    const { challenge } = relayMessages
    const hello = await signHello(challenge, workspace, keys.public.sign, null, signerOf(keys))
    expect(await verifyHello(challenge, hello, webVerify)).toBe(true)
    expect(await verifyHello({ ...challenge, nonce: randomBytes(32) }, hello, webVerify)).toBe(false)
    expect(await verifyHello({ ...challenge, relayKey: randomBytes(32) }, hello, webVerify)).toBe(false)
    expect(await verifyHello({ ...challenge, generation: randomBytes(16) }, hello, webVerify)).toBe(false)
    expect(await verifyHello(challenge, { ...hello, workspace: randomId<WorkspaceId>() }, webVerify)).toBe(false)
    expect(await verifyHello(challenge, { ...hello, device: randomId<DeviceId>() }, webVerify)).toBe(false)
  })
})

describe('the relay’s order', () => {
  test('two heads signed for one place convict the relay; honest ones, another generation or another signer do not (A8)', async () => {
    const [relay, other] = [await createDeviceKeys(), await createDeviceKeys()]
    const generation = randomBytes(16)
    const start = orderStart(scope)
    const [one, two] = [orderNext(start, anyRecord()), orderNext(start, anyRecord())]
    const signed = (hash: Hash, n = 1, by = relay, of = generation) =>
      signHead(workspace, scope, { n, hash, generation: of }, signerOf(by).sign)
    const proves = (a: typeof head, b: typeof head) =>
      provesEquivocation(workspace, scope, a, b, relay.public.sign, webVerify)
    expect(await verifyHead(workspace, scope, await signed(one), relay.public.sign, webVerify)).toBe(true)
    expect(await verifyHead(workspace, 'authority', await signed(one), relay.public.sign, webVerify)).toBe(false)
    expect(await proves(await signed(one), await signed(two))).toBe(true)
    expect(await proves(await signed(one), await signed(one))).toBe(false)
    expect(await proves(await signed(one), await signed(two, 2))).toBe(false)
    expect(await proves(await signed(one), await signed(two, 1, relay, randomBytes(16)))).toBe(false)
    expect(await proves(await signed(one), await signed(two, 1, other))).toBe(false)
  })
})
