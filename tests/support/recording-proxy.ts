/**
 * Stands between browsers and a relay and keeps every WebSocket message of both directions as it passes: what the relay saw
 * and what it said. HTTP is handed through, or breaks off.
 */
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'

export interface RecordingProxy {
  origin: string
  /** Messages in the order of their passing. */
  frames: Buffer[]
  close: () => Promise<void>
}

/**
 * `isCut`: the connection breaks instead of handing this message of the relay on. `breaksOff`: it breaks in the middle of the
 * file of this path. `hangs`: nothing ever comes of it.
 */
export async function startRecordingProxy(
  port: number,
  isCut: (message: Buffer) => boolean = () => false,
  breaksOff: (path: string) => boolean = () => false,
  hangs: (path: string) => boolean = () => false,
): Promise<RecordingProxy> {
  const frames: Buffer[] = []
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming
    if (hangs(url ?? '')) return
    const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      if (!breaksOff(url ?? '')) return answer.pipe(outgoing)
      answer.once('data', (begins: Buffer) => {
        answer.destroy()
        outgoing.write(begins.subarray(0, begins.length / 2), () => outgoing.destroy())
      })
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (incoming, socket, head) => {
    sockets.handleUpgrade(incoming, socket, head, (browser) => {
      const relay = new WebSocket(`ws://127.0.0.1:${port}${incoming.url ?? ''}`, { perMessageDeflate: false })
      const early: Buffer[] = []
      browser.on('message', (data: Buffer) => {
        frames.push(data)
        if (relay.readyState === WebSocket.OPEN) relay.send(data)
        else early.push(data)
      })
      relay.on('open', () => {
        for (const data of early.splice(0)) relay.send(data)
      })
      relay.on('message', (data: Buffer) => {
        frames.push(data)
        if (isCut(data)) browser.terminate()
        else browser.send(data)
      })
      // Codes such as 1006 are told, not sent.
      const sendable = (code: number) => (code >= 4000 || code === 1000 ? code : 1001)
      relay.on('close', (code) => browser.close(sendable(code)))
      browser.on('close', (code) => relay.close(sendable(code)))
      relay.on('error', () => browser.terminate())
      browser.on('error', () => relay.terminate())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    frames,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
