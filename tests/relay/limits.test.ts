import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { bytesToHash, randomBytes, sha256, type Bytes } from '#lib/sync/bytes.ts'
import type { DeviceMessage } from '#lib/sync/protocol.ts'
import { TALK_LIMIT } from '#lib/sync/talk.ts'
import type { RelayLimits } from '#relay/limits.ts'
import { DAY, NOW } from '#tests/support/sync-company.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { greet, openOffice, Wire } from '#tests/support/wire.ts'

test('a workspace that has used up its bytes, or its documents, is told so and keeps what it has', async () => {
  for (const limits of [{ bytesPerWorkspace: 1_000 }, { docsPerWorkspace: 1 }]) {
    const { company, founder } = await openOffice({ limits })
    founder.send({ type: 'sub', scope: company.root, after: 0 })
    await founder.settled()
    const doc = company.newDoc(company.founder)
    const first = await company.seals(company.founder, doc)
    company.puts(first)
    founder.send({ type: 'put', records: [first.bytes] })
    expect(await founder.ids(1)).toEqual([first.id])
    const another = company.newDoc(company.founder)
    const second = await company.seals(company.founder, another, {}, new Uint8Array(1_000) as Bytes)
    founder.send({ type: 'put', records: [second.bytes] })
    expect(await founder.next('nack')).toEqual({ type: 'nack', id: second.id, reason: 'quota' })
    // A small one that belongs to what is there.
    const third = await company.seals(company.founder, doc)
    founder.send({ type: 'put', records: [third.bytes] })
    expect(await founder.ids(1)).toEqual([third.id])
  }
})

test('one address opens so many sockets and no more; the others stay', async () => {
  const { relay, company, founder } = await openOffice({ limits: { socketsPerAddress: 2 } })
  const second = new Wire(relay.address)
  await second.next('challenge')
  const third = new Wire(relay.address)
  expect(await third.closed).toBe('rate-limited')
  await founder.settled()
  await second.end()
  const again = await greet(relay.address, company.workspace, company.founder.keys)
  expect(again.ready.known).toBe(true)
})

test('behind a proxy on this machine the addresses count that it names, not its own', async () => {
  const { relay } = await openOffice({ limits: { socketsPerAddress: 2 } })
  const calls = (forwarded: string) => new Wire(relay.address, { 'x-forwarded-for': forwarded })
  // What the caller claims stands before what the proxy adds.
  for (const forwarded of ['203.0.113.1', '198.51.100.7, 203.0.113.1', '203.0.113.2'])
    await calls(forwarded).next('challenge')
  expect(await calls('192.0.2.9, 203.0.113.1').closed).toBe('rate-limited')
})

test('who calls from elsewhere counts as the address that he has, whatever he names', async () => {
  const attach = createServer()
  attach.on('connection', (socket) => Object.defineProperty(socket, 'remoteAddress', { value: '203.0.113.1' }))
  await new Promise<void>((resolve) => attach.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void attach.close())
  const { address } = await startRelay({ attach, limits: { socketsPerAddress: 1 } })
  const calls = (forwarded: string) => new Wire(address, { 'x-forwarded-for': forwarded })
  await calls('198.51.100.1').next('challenge')
  expect(await calls('198.51.100.2').closed).toBe('rate-limited')
})

test('one workspace is open on so many sockets and no more; the others stay', async () => {
  const { company, connect, founder } = await openOffice({ limits: { socketsPerWorkspace: 2 } })
  const second = await connect(company.founder)
  await expect(connect(company.founder)).rejects.toThrow('quota')
  await founder.settled()
  await second.end()
  await (await connect(company.founder)).settled()
})

test('presence that is too long, or comes without measure, reaches nobody; its author is served on (R9)', async () => {
  const clock = { time: NOW as number }
  const { company, founder, connect } = await openOffice({ now: () => clock.time })
  const other = await connect(company.founder)
  other.send({ type: 'sub', scope: company.root, after: 0 })
  await other.settled()
  // Nor has anybody more to say for having been silent.
  clock.time += DAY
  founder.send({ type: 'talk', scope: company.root, bytes: randomBytes(TALK_LIMIT + 1) })
  for (let n = 0; n < 200; n++) founder.send({ type: 'talk', scope: company.root, bytes: Uint8Array.of(n) })
  await founder.settled()
  await other.settled()
  const heard = other.received.flatMap((message) => (message.type === 'talk' ? [message.bytes] : []))
  expect(heard).toEqual(Array.from({ length: 100 }, (_, n) => Uint8Array.of(n)))
})

test('a device that puts without measure is closed, and its neighbour is served on', async () => {
  const { company, founder, hires } = await openOffice({ limits: { burst: 5, recordsPerSecond: 1 } })
  const { who, wire } = await hires('Bo')
  const doc = company.newDoc(who)
  const records: Bytes[] = []
  for (let i = 0; i < 6; i++) {
    const record = await company.seals(who, doc)
    company.puts(record)
    records.push(record.bytes)
  }
  wire.send({ type: 'put', records })
  expect(await wire.closed).toBe('rate-limited')
  await founder.settled()
})

test('a reader that stops reading is dropped to its cursor and caught up from there, and nobody waits for it', async () => {
  const { company, founder, hires } = await openOffice({ limits: { buffered: 300_000 } })
  const slow = await hires('Bo')
  for (const wire of [founder, slow.wire]) {
    wire.send({ type: 'sub', scope: company.root, after: 0 })
    await wire.settled()
  }
  slow.wire.socket.pause()
  const doc = company.newDoc(company.founder)
  const ids = []
  // More than the sockets' own buffers on both sides hold.
  for (let i = 0; i < 60; i++) {
    const record = await company.seals(company.founder, doc, {}, new Uint8Array(200_000) as Bytes)
    company.puts(record)
    ids.push(record.id)
    founder.send({ type: 'put', records: [record.bytes] })
  }
  expect(await founder.ids(60)).toEqual(ids)
  slow.wire.socket.resume()
  expect(await slow.wire.ids(60)).toEqual(ids)
})

test('a reader that stays stuck is closed as too slow', async () => {
  const { relay, company, founder, hires } = await openOffice({ limits: { buffered: 300_000, stuck: 200 } })
  const slow = await hires('Bo')
  for (const wire of [founder, slow.wire]) {
    wire.send({ type: 'sub', scope: company.root, after: 0 })
    await wire.settled()
  }
  slow.wire.socket.pause()
  const doc = company.newDoc(company.founder)
  for (let i = 0; i < 60; i++) {
    const record = await company.seals(company.founder, doc, {}, new Uint8Array(200_000) as Bytes)
    company.puts(record)
    founder.send({ type: 'put', records: [record.bytes] })
  }
  await founder.ids(60)
  await expect.poll(() => relay.metric('sockets'), { timeout: 8_000 }).toBe(1)
})

/** 12 KB in the log. */
const longPolicy = (name: string) => ({ type: 'policy' as const, name, value: '字'.repeat(4_096) })

/** Bo, for whom there is much of everything, stops reading. `told` says how many messages the relay has made since. */
async function boStopsReading(limits: Partial<RelayLimits>) {
  const office = await openOffice({ limits })
  const { relay, company, founder, hires } = office
  const { wire: bo } = await hires('Bo')
  for (const wire of [founder, bo]) {
    wire.send({ type: 'sub', scope: company.root, after: 0 })
    await wire.settled()
  }
  for (let n = 0; n < 9; n++) await office.appends(founder, company.founder.signer, longPolicy(`before${n}`))
  for (const kind of ['snapshot', 'changes'] as const) {
    const doc = company.newDoc(company.founder)
    const record = await company.seals(company.founder, doc, { kind }, new Uint8Array(100_000) as Bytes)
    company.puts(record)
    founder.send({ type: 'put', records: [record.bytes] })
    await founder.ids(1)
  }
  const blob = new Uint8Array(100_000) as Bytes
  const hash = bytesToHash(sha256(blob))
  founder.send({ type: 'blob-put', scope: company.root, hash, offset: 0, total: blob.length, bytes: blob })
  await founder.next('blob-ok')
  await bo.settled()
  bo.socket.pause()
  const before = await relay.metric('frames_out_total')
  return { ...office, bo, hash, told: async () => (await relay.metric('frames_out_total')) - before }
}

/** As many messages of 100 KB as the system's own buffers of two sockets hold many times over. */
const MANY = 1_000
const FEW = 400

test.each(['auth-pull', 'sub', 'snap-pull', 'blob-get'] as const)(
  'who asks with %s again and again, and reads nothing, is told little and closed as too slow; nobody waits for him (R13)',
  async (type) => {
    const { relay, company, founder, bo, hash, told } = await boStopsReading({ stuck: 200 })
    const { root: scope } = company
    const asks = {
      'auth-pull': { from: 0 },
      sub: { scope, after: 0 },
      'snap-pull': { scope },
      'blob-get': { scope, hash, offset: 0 },
    }
    for (let n = 0; n < MANY; n++) bo.send({ type, ...asks[type] } as DeviceMessage)
    await founder.settled()
    await expect.poll(() => relay.metric('sockets'), { timeout: 8_000 }).toBe(1)
    expect(await relay.metric('readers_closed_total')).toBe(1)
    expect(await told()).toBeLessThan(FEW)
  },
)

test('who asks for much at once and is slow to read it gets all of it, in order', async () => {
  const { company, founder, bo, hash } = await boStopsReading({})
  for (let n = 0; n < 200; n++) {
    bo.send({ type: 'blob-get', scope: company.root, hash, offset: n })
    bo.send({ type: 'ping', token: n })
  }
  await founder.settled()
  bo.socket.resume()
  for (let n = 0; n < 200; n++) {
    expect(await bo.next('blob')).toMatchObject({ offset: n })
    expect(await bo.next('pong')).toMatchObject({ token: n })
  }
})

test('what others say does not pile up before a reader that has stopped: he is closed as too slow (R9, R13)', async () => {
  const { relay, company, founder, connect, told } = await boStopsReading({ buffered: 300_000, stuck: 200 })
  await founder.end()
  const others = await Promise.all(Array.from({ length: 20 }, () => connect(company.founder)))
  for (const wire of others)
    for (let n = 0; n < 100; n++) wire.send({ type: 'talk', scope: company.root, bytes: new Uint8Array(TALK_LIMIT) })
  for (const wire of others) await wire.settled()
  await expect.poll(() => relay.metric('readers_closed_total'), { timeout: 8_000 }).toBe(1)
  expect(await told()).toBeLessThan(MANY)
})

test('nor does the log: a reader that has stopped is closed and has it from the relay when it comes back (R13)', async () => {
  const { relay, company, founder, appends, bo } = await boStopsReading({ buffered: 100_000 })
  // More than the system's own buffers hold waits for him already.
  for (let n = 0; n < MANY; n++) bo.send({ type: 'auth-pull', from: 0 })
  await founder.settled()
  for (let n = 0; (await relay.metric('sockets')) > 1 && n < 100; n++)
    await appends(founder, company.founder.signer, longPolicy(`after${n}`))
  expect(await relay.metric('readers_closed_total')).toBe(1)
  bo.socket.resume()
  expect(['too-slow', '1006']).toContain(await bo.closed)
})

test('records that come at once are told in frames that a reader accepts, however many one commit holds (R13)', async () => {
  const { company, founder, hires } = await openOffice()
  const reader = await hires('Bo')
  for (const wire of [founder, reader.wire]) {
    wire.send({ type: 'sub', scope: company.root, after: 0 })
    await wire.settled()
  }
  const doc = company.newDoc(company.founder)
  const records = []
  for (let i = 0; i < 10; i++) {
    const record = await company.seals(company.founder, doc, {}, new Uint8Array(200_000) as Bytes)
    company.puts(record)
    records.push(record)
  }
  // Sent in one go: the relay gathers them into one commit of 2 MB, more than a frame may have.
  for (const record of records) founder.send({ type: 'put', records: [record.bytes] })
  expect(await reader.wire.ids(10)).toEqual(records.map((record) => record.id))
  expect(await founder.ids(10)).toEqual(records.map((record) => record.id))
})
