import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import type { WorkspaceId } from '#lib/kernel/ids.ts'
import { randomId } from '#lib/sync/bytes.ts'
import { createDeviceKeys, signerOf } from '#lib/sync/keys.ts'
import { closeCodes, decodeRelayMessage, encodeMessage, signHello } from '#lib/sync/protocol.ts'
import { RelayConnection } from '#lib/sync/transport.ts'
import { requireToken } from '#relay/setup-token.ts'
import { startRelay } from '#tests/support/start-relay.ts'

/** An address where nobody listens. */
async function deadAddress(): Promise<string> {
  const server = createServer()
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
  await new Promise((resolve) => server.close(resolve))
  return `ws://127.0.0.1:${port}/sync`
}

test('an address that is reported as an error and never as closed is lost at once, too', async () => {
  const codes: number[] = []
  const connection = new RelayConnection(await deadAddress(), 'ann', {
    open: () => undefined,
    frame: () => undefined,
    closed: (code) => codes.push(code),
    ping: () => new Uint8Array(),
  })
  onTestFinished(() => connection.stop())
  connection.start()
  // As in a worker of Chromium, where the policy forbids the address.
  connection.socket?.removeAllListeners('close')
  await vi.waitFor(() => expect(codes).toEqual([1006]))
})

/** A server that takes every call and never says a word. */
async function muteAddress(): Promise<{ address: string; calls: () => number }> {
  const sockets = new Set<Socket>()
  let calls = 0
  const server = createServer((socket) => {
    calls++
    sockets.add(socket.on('error', () => undefined))
  })
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { address: `ws://127.0.0.1:${port}/sync`, calls: () => calls }
}

test('a call that is taken and never answered is given up; a network that is back does not wait for it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { address, calls } = await muteAddress()
  const codes: number[] = []
  const events = { open: () => undefined, frame: () => undefined, ping: () => new Uint8Array() }
  const connection = new RelayConnection(address, 'ann', { ...events, closed: (code) => codes.push(code) })
  onTestFinished(() => connection.stop())
  connection.start()
  await vi.waitFor(() => expect(calls()).toBe(1))
  connection.hurry()
  await vi.waitFor(() => expect(calls()).toBe(2))
  expect(codes).toEqual([])
  vi.advanceTimersByTime(10_000)
  expect(codes).toEqual([1006])
  vi.advanceTimersByTime(500)
  await vi.waitFor(() => expect(calls()).toBe(3))
})

test('devices that lose the relay at one moment do not come back at one moment', async () => {
  const asked = vi.spyOn(globalThis, 'setTimeout')
  onTestFinished(() => asked.mockRestore())
  const address = await deadAddress()
  let lost = 0
  const connections = Array.from({ length: 20 }, (_, i) => {
    const events = { open: () => undefined, frame: () => undefined, closed: () => lost++, ping: () => new Uint8Array() }
    return new RelayConnection(address, `device-${i}`, events)
  })
  onTestFinished(() => connections.forEach((connection) => connection.stop()))
  for (const connection of connections) connection.start()
  await vi.waitFor(() => expect(lost).toBeGreaterThanOrEqual(20), { timeout: 10_000 })
  // The first wait is from an eighth to a quarter of a second; all of that is used.
  const waits = asked.mock.calls.map(([, wait]) => wait ?? 0).filter((wait) => wait >= 125 && wait <= 250)
  expect(new Set(waits).size).toBeGreaterThanOrEqual(20)
  expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(30)
})

test('a connection that falls silent after it was live is asked, and is gone when nothing answers', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  const heard: number[] = []
  let answer = () => undefined as void
  server.on('connection', (socket) => {
    answer = () => socket.send(new Uint8Array([1]))
    socket.on('message', (bytes: Buffer) => heard.push(bytes.length))
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const bound = server.address()
  const port = typeof bound === 'object' && bound ? bound.port : 0
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const codes: number[] = []
  let [opened, frames] = [0, 0]
  const connection = new RelayConnection(`ws://127.0.0.1:${port}/sync`, 'ann', {
    open: () => opened++,
    frame: () => frames++,
    closed: (code) => codes.push(code),
    ping: () => new Uint8Array([7, 7, 7]),
  })
  onTestFinished(() => connection.stop())
  connection.start()
  await vi.waitFor(() => expect(opened).toBe(1))
  vi.advanceTimersByTime(25_000)
  await vi.waitFor(() => expect(heard).toEqual([3]))
  // It answers, and is as live as before.
  answer()
  await vi.waitFor(() => expect(frames).toBe(1))
  vi.advanceTimersByTime(20_000)
  expect(codes).toEqual([])
  // While one waits for what the network does these timers go on as well.
  vi.advanceTimersByTime(5_000)
  await vi.waitFor(() => expect(heard).toEqual([3, 3]))
  vi.advanceTimersByTime(8_000)
  expect(codes).toEqual([])
  vi.advanceTimersByTime(2_000)
  expect(codes).toEqual([1006])
})

/** A device of a workspace that the relay does not know yet, over real sockets and on a clock that the test moves. */
async function strangerTo(address: string) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const keys = await createDeviceKeys()
  const workspace = randomId<WorkspaceId>()
  const codes: number[] = []
  const connection = new RelayConnection(address, keys.id, {
    open: () => undefined,
    async frame(bytes) {
      const message = decodeRelayMessage(bytes)
      if (!message.ok || message.value.type !== 'challenge') return
      const hello = await signHello(message.value, workspace, keys.public.sign, null, signerOf(keys))
      connection.sendFrame(encodeMessage(hello))
    },
    closed: (code) => codes.push(code),
    ping: () => new Uint8Array(),
  })
  onTestFinished(() => connection.stop())
  connection.start()
  /** After how long the next call went out, and how it ended. */
  const next = async () => {
    const before = codes.length
    let wait = 0
    for (; !connection.socket; wait += STEP) vi.advanceTimersByTime(STEP)
    await vi.waitFor(() => expect(codes.length).toBeGreaterThan(before))
    return { wait, code: codes.at(-1) }
  }
  return { next }
}
const STEP = 250

test('that the relay went or came back is noticed within four seconds, however long it wanted its token or was away', async () => {
  const setup = requireToken('let us in')
  const relay = await startRelay({ setup })
  const { next } = await strangerTo(relay.address)
  const calls = async (count: number, code: number) => {
    for (let call = 0; call < count; call++) {
      const one = await next()
      expect(one.code).toBe(code)
      expect(one.wait).toBeLessThanOrEqual(4_000)
    }
  }
  await calls(10, closeCodes['workspace-unknown-needs-token'])
  await relay.close()
  await calls(10, 1006)
  await startRelay({ setup, dataDir: relay.dataDir, port: relay.port })
  await calls(1, closeCodes['workspace-unknown-needs-token'])
})

test('a relay that turns everybody away is called less and less often, down to twice a minute', async () => {
  const relay = await startRelay({ limits: { socketsPerAddress: 0 } })
  const { next } = await strangerTo(relay.address)
  const waits: number[] = []
  for (let call = 0; call < 10; call++) {
    const { wait, code } = await next()
    expect(code).toBe(closeCodes['rate-limited'])
    waits.push(wait)
  }
  expect(Math.max(...waits)).toBeLessThanOrEqual(30_000)
  expect(Math.min(...waits.slice(-2))).toBeGreaterThan(14_000)
})
