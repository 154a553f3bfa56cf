import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { RelayConnection } from '#lib/sync/transport.ts'

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
