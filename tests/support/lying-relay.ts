/**
 * A relay that lies: a proxy before the real one that reads every message and may drop it, hold it back, change it, say it
 * twice or say something else. It also keeps every frame, so that a test can look for what should not be in any.
 */
import { createServer, type Server } from 'node:http'
import { onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { copyOf, type Bytes } from '#lib/sync/bytes.ts'
import type { DeviceId } from '#lib/kernel/ids.ts'
import {
  decodeDeviceMessage,
  decodeRelayMessage,
  encodeMessage,
  type DeviceMessage,
  type RelayMessage,
} from '#lib/sync/protocol.ts'

/** What goes on in place of a message: messages, or bytes that are none. */
export type Instead<Message> = readonly (Message | Bytes)[]

export interface Lies {
  /** To a device, in place of what the relay says. */
  down?: (message: RelayMessage, device: DeviceId | null) => Instead<RelayMessage>
  /** To the relay, in place of what a device says; `answer` says something to the device. */
  up?: (
    message: DeviceMessage,
    device: DeviceId | null,
    answer: (message: RelayMessage) => void,
  ) => Instead<DeviceMessage>
}

export interface LyingRelay {
  port: number
  lies: Lies
  /** Where it passes things on to, by device: another one is another relay. */
  behind: (device: DeviceId | null) => number
  /** Every frame in either direction. */
  frames: Bytes[]
  /** Cuts every connection, as a network would. */
  cut: () => void
}

const bytesOf = (message: RelayMessage | DeviceMessage | Bytes): Bytes =>
  message instanceof Uint8Array ? message : encodeMessage(message)

export async function lyingRelay(port: number): Promise<LyingRelay> {
  const server: Server = createServer()
  const sockets = new WebSocketServer({ server, path: '/sync', perMessageDeflate: false })
  const open = new Set<WebSocket>()
  const relay: LyingRelay = {
    port: 0,
    lies: {},
    behind: () => port,
    frames: [],
    cut: () => open.forEach((socket) => socket.terminate()),
  }
  sockets.on('connection', (down) => {
    // Which device it is comes with its hello; which relay is asked is decided by the device that came last from there.
    let device: DeviceId | null = null
    const up = new WebSocket(`ws://127.0.0.1:${relay.behind(null)}/sync`, { perMessageDeflate: false })
    open.add(down)
    const ready = new Promise<void>((resolve) => up.once('open', () => resolve()))
    up.on('message', (data: Buffer) => {
      relay.frames.push(copyOf(data))
      const message = decodeRelayMessage(copyOf(data))
      if (!message.ok) throw new Error(`the real relay sent what is no message: ${message.reason}`)
      const instead = relay.lies.down?.(message.value, device) ?? [message.value]
      for (const said of instead) down.send(bytesOf(said))
    })
    down.on('message', (data: Buffer) => {
      relay.frames.push(copyOf(data))
      const message = decodeDeviceMessage(copyOf(data))
      if (!message.ok) throw new Error(`a device sent what is no message: ${message.reason}`)
      if (message.value.type === 'hello') device = message.value.device
      const instead = relay.lies.up?.(message.value, device, (answer) => down.send(encodeMessage(answer))) ?? [
        message.value,
      ]
      void ready.then(() => instead.forEach((said) => up.readyState === up.OPEN && up.send(bytesOf(said))))
    })
    const end = (code: number) => {
      open.delete(down)
      // 1005 and 1006 cannot be sent.
      if (code >= 4000) down.close(code)
      else down.terminate()
    }
    up.on('close', end)
    up.on('error', () => end(1006))
    down.on('close', () => up.terminate())
    down.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  relay.port = typeof address === 'object' && address ? address.port : 0
  onTestFinished(async () => {
    relay.cut()
    sockets.close()
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
  return relay
}
