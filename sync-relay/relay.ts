/**
 * The relay: it serves the application, and it orders, keeps and passes on sealed records that it can neither read nor
 * forge. One process, one port.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { WorkspaceId } from '#lib/kernel/ids.ts'
import { randomBytes } from '#lib/sync/bytes.ts'
import { closeCodes, FRAME_LIMIT } from '#lib/sync/protocol.ts'
import { answerText, serveApplication, type Answer } from './application.ts'
import { createBlobs } from './blobs.ts'
import { countersToText, createCounters } from './counters.ts'
import { Hub } from './hub.ts'
import { createHubs } from './hubs.ts'
import { usualRelayLimits, type RelayLimits } from './limits.ts'
import { serveSession } from './session.ts'
import { openToAnyone, type SetupPolicy } from './setup-token.ts'
import { createRelayKey, openRelayKey } from './signatures.ts'
import { openSqlite } from './storage/sqlite.ts'
import type { Storage } from './storage/storage.ts'

// An import would touch every export of the module, and one of them loads a whole HTTP client: 14 MB that nothing here uses.
const { createServer } = process.getBuiltinModule('node:http')

export interface RelayOptions {
  /** 0 takes a free one. */
  port?: number
  host?: string
  /** Folder of the database and the relay's own key. */
  dataDir: string
  /** Stands in for the database in `dataDir` (tests of a full disk). */
  storage?: Storage
  /** Folder of the built application, or null to serve none. */
  app?: string | null
  /** Origins of other relays that the application served here may reach: `wss://relay.example`, or `wss:` for any. */
  relays?: readonly string[]
  /** Who may create a workspace. */
  setup?: SetupPolicy
  limits?: Partial<RelayLimits>
  /** The data are a restored copy: devices shall offer again what they hold (R12). */
  newGeneration?: boolean
  /** A server that exists already (Vite's): the relay adds /sync to it and opens no port. */
  attach?: Server
  now?: () => number
}

export interface Relay {
  port: number
  close: () => Promise<void>
}

/** Starts a relay; rejects with the system's error where port or folder cannot be had. */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  const { port = 0, host = '127.0.0.1', app = null, setup = openToAnyone, now = Date.now } = options
  const limits = { ...usualRelayLimits, ...options.limits }
  const storage = options.storage ?? openSqlite(options.dataDir)
  const identity = storage.identity(() => ({ key: createRelayKey(), generation: randomBytes(16) }))
  const key = openRelayKey(identity.key)
  let { generation, renewed: isRestored } = identity
  let renewed = false
  const renew = () => {
    generation = randomBytes(16)
    storage.setGeneration(generation)
    isRestored = true
  }
  if (options.newGeneration) renew()

  const lostRecords = () => {
    // Once per run: a device that claims to be ahead must not be able to keep everybody busy.
    if (renewed) return
    renew()
    renewed = true
    for (const client of sockets.clients) client.close(closeCodes['shutting-down'], 'shutting-down')
  }

  const blobs = createBlobs(options.dataDir, storage, limits, now)
  const counters = createCounters()
  const openHub = (ws: WorkspaceId): Promise<Hub> =>
    Hub.open({
      ws,
      storage,
      blobs,
      key,
      generation: () => generation,
      renewed: () => isRestored,
      // Its generation is new to every device already.
      renew() {
        if (!isRestored) storage.setGeneration(generation)
        isRestored = true
      },
      lostRecords,
      limits,
      now,
    })
  const hubs = createHubs(openHub, limits)

  // A little above the limit, so that a frame just over it gets our close code and not the library's.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: FRAME_LIMIT + 65_536, perMessageDeflate: false })
  const perAddress = new Map<string, number>()
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const address = addressOf(request)
    const open = (perAddress.get(address) ?? 0) + 1
    if (open > limits.socketsPerAddress) return socket.close(closeCodes['rate-limited'], 'rate-limited')
    perAddress.set(address, open)
    socket.on('close', () => {
      const left = (perAddress.get(address) ?? 1) - 1
      // Whoever has gone is not remembered: the addresses of a year would fill the memory.
      if (left > 0) perAddress.set(address, left)
      else perAddress.delete(address)
    })
    serveSession({
      socket,
      stream: request.socket,
      storage,
      relayKey: key.public,
      generation: () => generation,
      limits,
      now,
      blobs,
      counters,
      async hubOf({ workspace, token }) {
        const isWelcome = storage.isKnown(workspace) || setup.open || setup.admits(token)
        if (!isWelcome) return 'workspace-unknown-needs-token'
        return hubs.enter(workspace, (leave) => socket.once('close', leave))
      },
      lostRecords,
    })
  })
  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if ((request.url ?? '').split('?', 1)[0] !== '/sync') {
      if (!options.attach) stream.destroy()
      return
    }
    sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit('connection', socket, request))
  }

  const application = app === null ? null : serveApplication(app, options.relays ?? [])
  const answer: Answer = (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0]
    if (path === '/healthz') return answerText(response, 200, 'ok')
    if (path === '/metrics') {
      return answerText(
        response,
        200,
        countersToText(counters, { sockets: sockets.clients.size, workspaces_open: hubs.size() }),
      )
    }
    if (application) return application(request, response)
    answerText(response, 404, 'Not found')
  }
  const server =
    options.attach ??
    createServer((request, response) => {
      try {
        answer(request, response)
      } catch (error) {
        // One answer that fails is no reason to end all the others.
        console.error('answer', error instanceof Error ? error.message : 'failed')
        if (!response.headersSent) answerText(response, 500, 'This went wrong on the server: its log says what.')
        else response.destroy()
      }
    })
  server.on('upgrade', upgrade)
  if (!options.attach) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, resolve)
      })
    } catch (error) {
      storage.close()
      throw error
    }
  }
  const address = server.address()
  let closing: Promise<void> | null = null
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => (closing ??= close()),
  }

  async function close(): Promise<void> {
    await hubs.close()
    for (const client of sockets.clients) client.close(closeCodes['shutting-down'], 'shutting-down')
    server.off('upgrade', upgrade)
    await new Promise<void>((resolve) => {
      // Whoever does not answer the close frame is cut off.
      const cut = setTimeout(() => sockets.clients.forEach((client) => client.terminate()), 500)
      sockets.close(() => {
        clearTimeout(cut)
        resolve()
      })
      if (sockets.clients.size === 0) clearTimeout(cut)
    })
    if (!options.attach) {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    }
    storage.close()
  }
}

/** Who calls. A proxy on this machine says for whom it does; whoever comes from elsewhere could say anything. */
function addressOf({ socket, headers }: IncomingMessage): string {
  const { remoteAddress = '' } = socket
  const isLocal = /^(?:::ffff:)?127\.|^::1$/.test(remoteAddress)
  const forwarded = headers['x-forwarded-for']
  return (
    (isLocal &&
      String(forwarded ?? '')
        .split(',')
        .at(-1)
        ?.trim()) ||
    remoteAddress
  )
}
