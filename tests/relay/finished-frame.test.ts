import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { expect, onTestFinished, test } from 'vitest'
import { finishFrame, sendFinished } from '#relay/finished-frame.ts'

/** Around the lengths at which the header grows. */
const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 1024 * 1024]
const message = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, at) => (at * 31 + length) % 251))

/** Ada's socket, and the server's end of it with the stream below. */
async function adaConnects() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  onTestFinished(() => server.close())
  await once(server, 'listening')
  const connected = once(server, 'connection')
  const ada = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(() => ada.terminate())
  const received: Buffer[] = []
  ada.on('message', (bytes: Buffer) => received.push(bytes))
  const [socket, request] = await connected
  return { ada, received, socket, stream: request.socket }
}

test('finished frames of every length arrive whole and in order, between those that ws frames itself', async () => {
  const { ada, received, socket, stream } = await adaConnects()
  for (const length of lengths) {
    sendFinished(socket, stream, finishFrame(message(length)))
    socket.send(message(length + 2))
  }
  socket.close(4010, 'shutting-down')
  const [code] = await once(ada, 'close')
  expect(code).toBe(4010)
  const sent = lengths.flatMap((length) => [message(length), message(length + 2)])
  expect(received.map((bytes) => bytes.length)).toEqual(sent.map((bytes) => bytes.length))
  expect(received.every((bytes, at) => bytes.equals(sent[at]!))).toBe(true)
})

test('after the goodbye nothing is written, so the close frame stays the last one', async () => {
  const { ada, socket, stream } = await adaConnects()
  socket.close(4004, 'removed')
  const written = stream.bytesWritten
  sendFinished(socket, stream, finishFrame(message(10)))
  expect(stream.bytesWritten).toBe(written)
  const [code] = await once(ada, 'close')
  expect(code).toBe(4004)
})
