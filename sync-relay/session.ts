/** One connection: handshake, then what the device asks, with a cursor of its own for every scope it follows. */
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { DeviceId, ScopeId } from '#lib/kernel/ids.ts'
import type { AuthorityState } from '#lib/sync/authority-state.ts'
import { copyOf, randomBytes, type Bytes } from '#lib/sync/bytes.ts'
import { deviceIdOf } from '#lib/sync/identities.ts'
import {
  closeCodes,
  decodeDeviceMessage,
  encodeMessage,
  firstPage,
  FRAME_LIMIT,
  PROTOCOL_VERSION,
  verifyHello,
  type CloseReason,
  type DeviceMessage,
  type RelayMessage,
} from '#lib/sync/protocol.ts'
import { deviceAt } from '#lib/sync/rights.ts'
import { TALK_LIMIT } from '#lib/sync/talk.ts'
import type { Blobs } from './blobs.ts'
import type { Counters } from './counters.ts'
import { finishFrame } from './finished-frame.ts'
import type { Hub, Listener } from './hub.ts'
import { createBucket, type RelayLimits } from './limits.ts'
import { createOutlet } from './outlet.ts'
import { verifyNow } from './signatures.ts'
import type { Storage } from './storage/storage.ts'

export interface SessionOptions {
  socket: WebSocket
  /** What the socket's frames are written to. */
  stream: Duplex
  storage: Storage
  relayKey: Bytes
  generation: () => Bytes
  limits: RelayLimits
  now: () => number
  blobs: Blobs
  counters: Counters
  hubOf: (hello: Extract<DeviceMessage, { type: 'hello' }>) => Promise<Hub | CloseReason>
  /** A device stands beyond our order: we were restored from an older copy (R12). */
  lostRecords: () => void
}

const GOODBYE = 2_000

/** The record of the log with which a device ceased to be one. */
function removalOf(state: AuthorityState, device: DeviceId): number {
  for (let n = state.devices.get(device)?.from ?? 0; n < state.n; n++) if (!deviceAt(state, device, n)) return n
  return state.n
}

export function serveSession(options: SessionOptions): void {
  const { socket, stream, limits, counters, now, storage } = options
  const challenge = { nonce: randomBytes(32), relayKey: options.relayKey, generation: options.generation() }
  const allow = createBucket(limits.recordsPerSecond, limits.burst, now)
  const allowTalk = createBucket(20, 100, now)
  /** Position up to which the reader of a scope has been served; `live` once it follows commits. */
  const cursors = new Map<ScopeId, { position: number; live: boolean }>()
  let hub: Hub | null = null
  let listener: Listener | null = null
  let queue: Promise<void> = Promise.resolve()
  /** By this side: nothing that comes counts any more. */
  let isEnded = false
  /** The log is on its way: what is appended meanwhile comes with it. */
  let isPulling = false

  const end = (reason: string) => {
    isEnded = true
    const code = Object.hasOwn(closeCodes, reason) ? closeCodes[reason as CloseReason] : closeCodes['bad-frame']
    leave()
    socket.close(code, reason)
    // A reader that takes nothing does not take the goodbye either.
    setTimeout(() => socket.terminate(), GOODBYE).unref()
  }
  const leave = () => {
    if (hub && listener) hub.leave(listener)
  }
  const outlet = createOutlet({ socket, stream, limits, counters, tooSlow: () => end('too-slow') })
  const tell = (message: RelayMessage) => outlet.send(finishFrame(encodeMessage(message)))

  /** A long answer: the next page of it is made when the reader has taken those before. */
  const tellPages = async (pages: Iterable<RelayMessage>) => {
    for (const page of pages) {
      tell(page)
      for (let wait = outlet.room(); wait; wait = outlet.room()) await wait
      if (socket.readyState !== socket.OPEN) return
    }
  }

  /** What the device sends meanwhile stays in its socket. */
  const paused = async (work: Promise<void> | void) => {
    if (!work) return
    socket.pause()
    try {
      await work
    } finally {
      socket.resume()
    }
  }

  /** Serves a reader from storage, page by page, as fast as it takes them, until it has caught up with the commits. */
  const pump = (scope: ScopeId) => {
    const cursor = cursors.get(scope)
    if (!hub || !cursor || cursor.live || socket.readyState !== socket.OPEN) return
    const wait = outlet.room()
    if (wait) return void wait.then(() => pump(scope))
    const committed = hub.committed(scope)
    if (cursor.position >= committed) {
      cursor.live = true
      return
    }
    const page = storage.page(hub.ws, scope, cursor.position)
    const last = page.at(-1)
    if (!last) {
      cursor.live = true
      return
    }
    const list = page.map(({ bytes }) => bytes)
    tell({ type: 'records', scope, from: cursor.position + 1, list, head: hub.headAt(scope, last.position) })
    cursor.position = last.position
    setImmediate(() => pump(scope))
  }

  /** The log from one record up to another or its end, which the page with the signed head has reached. */
  function* logPages(of: Hub, from: number, to = Infinity): Generator<RelayMessage> {
    isPulling = true
    try {
      let at = from
      do {
        const records = firstPage(of.log.slice(at, to), (signed) => signed.length)
        const first = at
        at += records.length
        yield { type: 'auth', from: first, records, head: at >= of.log.length ? of.authorityHead() : null }
      } while (at < Math.min(to, of.log.length))
    } finally {
      isPulling = false
    }
  }

  const enter = async (message: Extract<DeviceMessage, { type: 'hello' }>) => {
    if (message.version !== PROTOCOL_VERSION) return end('unsupported-version')
    if (deviceIdOf(message.signKey) !== message.device || !(await verifyHello(challenge, message, verifyNow)))
      return end('bad-hello')
    const found = await options.hubOf(message)
    if (typeof found === 'string') return end(found)
    if (socket.readyState !== socket.OPEN) return
    const isSeed = found.known && !deviceAt(found.state, message.device)
    if (isSeed) {
      const reason = found.inviteEnd(message.device)
      if (reason || found.state.devices.has(message.device)) {
        clearTimeout(handshake)
        // No device believes a relay that it was removed: it is shown the log up to the record that says so, and no further.
        if (!reason) await tellPages(logPages(found, 0, removalOf(found.state, message.device) + 1))
        tell({ type: 'gone', reason: reason ?? 'removed' })
        return end('removed')
      }
      if (!found.state.invites.has(message.device)) return end('unauthorised')
    }
    if (found.listeners.size >= limits.socketsPerWorkspace) return end('quota')
    clearTimeout(handshake)
    counters.handshakes++
    hub = found
    listener = {
      device: message.device,
      isSeed,
      tell,
      appended(frame) {
        if (!isPulling) outlet.send(frame)
      },
      heard(scope, frame) {
        if (cursors.has(scope) && outlet.keepsUp()) outlet.send(frame)
      },
      live(scope, from, count, frame) {
        const cursor = cursors.get(scope)
        if (!cursor?.live) return
        if (cursor.position !== from - 1 || !outlet.keepsUp()) {
          // Too slow to follow: back to its cursor, from where storage serves it.
          cursor.live = false
          counters.readers_dropped++
          pump(scope)
          return
        }
        cursor.position = from + count - 1
        outlet.send(frame())
      },
      unsubscribe: (scope) => void cursors.delete(scope),
      isSubscribed: (scope) => cursors.has(scope),
      end,
    }
    hub.listeners.add(listener)
    tell(hub.ready())
  }

  /** A page at a time from storage, one at least. */
  function* pagesOf<Item>(read: (from: number) => Item[]): Generator<Item[]> {
    let from = 0
    let page = read(from)
    do {
      yield page
      from += page.length
      page = read(from)
    } while (page.length > 0)
  }
  function* wrapPages({ ws }: Hub, device: DeviceId, scope: ScopeId | null): Generator<RelayMessage> {
    for (const wraps of pagesOf((from) => storage.wrapsFor(ws, device, scope, from))) yield { type: 'wraps', wraps }
  }
  function* snapshotPages(of: Hub, by: Listener, scope: ScopeId): Generator<RelayMessage> {
    for (const list of pagesOf((from) => (of.canRead(by, scope) ? storage.snapshots(of.ws, scope, from) : [])))
      yield { type: 'snapshots', scope, list }
  }

  const takeBlob = async ({ ws, room }: Hub, message: Extract<DeviceMessage, { type: 'blob-put' }>) => {
    const { scope, hash, offset, total, bytes } = message
    counters.blob_bytes_in += bytes.length
    const grown = await options.blobs.put({ workspace: ws, scope, hash }, offset, total, bytes, room)
    if (grown.ok) return tell({ type: 'blob-ok', hash, received: grown.received, total })
    tell({ type: 'blob-no', hash, reason: grown.reason })
  }
  const tellBlob = async ({ ws }: Hub, { scope, hash, offset }: Extract<DeviceMessage, { type: 'blob-get' }>) => {
    const stretch = await options.blobs.get({ workspace: ws, scope, hash }, offset)
    if (stretch.ok) return tell({ type: 'blob', hash, offset, total: stretch.total, bytes: stretch.bytes })
    tell({ type: 'blob-no', hash, reason: stretch.reason })
  }

  /** One message after another, and none before its reader has taken the answers to those before. */
  const serve = (message: DeviceMessage): Promise<void> | void => {
    // A goodbye to others comes together with the end of its connection, and needs no answer.
    if (socket.readyState !== socket.OPEN) return message.type === 'talk' && !isEnded ? answer(message) : undefined
    const wait = outlet.room()
    return wait ? wait.then(() => serve(message)) : answer(message)
  }

  const answer = (message: DeviceMessage): Promise<void> | void => {
    if (message.type === 'hello') return hub ? end('bad-hello') : enter(message)
    if (!hub || !listener) return end('bad-hello')
    switch (message.type) {
      case 'auth-pull':
        return tellPages(logPages(hub, message.from))
      case 'auth-append':
        return hub.appendLog(message.signed, listener)
      case 'sub':
        if (!hub.canRead(listener, message.scope)) return
        if (message.after > hub.headOf(message.scope).position) {
          options.lostRecords()
          return end('shutting-down')
        }
        cursors.set(message.scope, { position: message.after, live: false })
        return pump(message.scope)
      case 'unsub':
        cursors.delete(message.scope)
        return
      case 'put':
        if (listener.isSeed) return end('unauthorised')
        if (!allow(message.records.length)) return end('rate-limited')
        return hub.put(message.records, listener)
      case 'wrap-put':
        if (listener.isSeed) return end('unauthorised')
        return hub.putWraps(message.wraps, listener)
      case 'wrap-pull':
        return tellPages(wrapPages(hub, listener.device, message.scope))
      case 'talk':
        if (message.bytes.length <= TALK_LIMIT && allowTalk(1)) hub.talk(message.scope, message.bytes, listener)
        return
      case 'snap-pull':
        if (hub.canRead(listener, message.scope)) return tellPages(snapshotPages(hub, listener, message.scope))
        return
      case 'blob-put':
        if (hub.canComment(listener, message.scope)) return takeBlob(hub, message)
        return tell({ type: 'blob-no', hash: message.hash, reason: 'no-right' })
      case 'blob-get':
        if (hub.canRead(listener, message.scope)) return tellBlob(hub, message)
        return tell({ type: 'blob-no', hash: message.hash, reason: 'no-right' })
      case 'ping':
        return tell({ type: 'pong', token: message.token })
      default:
        message satisfies never
    }
  }

  const handshake = setTimeout(() => end('bad-hello'), limits.handshake)
  // No message of ours is also text: each begins with a byte with which no character does.
  socket.on('message', (data: Buffer) => {
    if (data.length > FRAME_LIMIT) return end('frame-too-large')
    counters.frames_in++
    const message = decodeDeviceMessage(copyOf(data))
    if (!message.ok) {
      counters.frames_malformed++
      return end('bad-frame')
    }
    queue = queue
      .then(() => paused(serve(message.value)))
      .catch((error: unknown) => {
        console.error('session', error instanceof Error ? error.message : 'failed')
        end('internal')
      })
  })
  socket.on('close', () => {
    clearTimeout(handshake)
    leave()
  })
  socket.on('error', () => undefined)
  tell({ type: 'challenge', version: PROTOCOL_VERSION, ...challenge, at: Math.max(0, Math.floor(now())) })
}
