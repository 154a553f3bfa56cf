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
import { finishFrame, sendFinished, type FinishedFrame } from './finished-frame.ts'
import type { Hub, Listener } from './hub.ts'
import { createBucket, type RelayLimits } from './limits.ts'
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

const PAGE_BYTES = 512 * 1024
const GOODBYE = 2_000

/** The record of the log with which a device ceased to be one. */
function removalOf(state: AuthorityState, device: DeviceId): number {
  for (let n = state.devices.get(device)?.from ?? 0; n < state.n; n++) if (!deviceAt(state, device, n)) return n
  return state.n
}

export function serveSession(options: SessionOptions): void {
  const { socket, limits, now, storage } = options
  const challenge = { nonce: randomBytes(32), relayKey: options.relayKey, generation: options.generation() }
  const allow = createBucket(limits.recordsPerSecond, limits.burst, now)
  const allowTalk = createBucket(20, 100, now)
  /** Position up to which the reader of a scope has been served; `live` once it follows commits. */
  const cursors = new Map<ScopeId, { position: number; live: boolean }>()
  let hub: Hub | null = null
  let listener: Listener | null = null
  let queue = Promise.resolve()
  let stuckSince: number | null = null

  const end = (reason: string) => {
    const code = Object.hasOwn(closeCodes, reason) ? closeCodes[reason as CloseReason] : closeCodes['bad-frame']
    leave()
    socket.close(code, reason)
    // A reader that takes nothing does not take the goodbye either.
    setTimeout(() => socket.terminate(), GOODBYE).unref()
  }
  const leave = () => {
    if (hub && listener) hub.leave(listener)
  }
  const send = (frame: FinishedFrame) => {
    options.counters.frames_out++
    sendFinished(socket, options.stream, frame)
  }
  const tell = (message: RelayMessage) => send(finishFrame(encodeMessage(message)))

  /** What the device sends meanwhile stays in its socket. */
  const paused = async (work: Promise<void> | undefined) => {
    if (!work) return
    socket.pause()
    await work
    socket.resume()
  }

  /** Serves a reader from storage, page by page, as fast as it takes them, until it has caught up with the commits. */
  const pump = (scope: ScopeId) => {
    const cursor = cursors.get(scope)
    if (!hub || !cursor || cursor.live || socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > limits.buffered / 4) {
      stuckSince ??= now()
      if (now() - stuckSince > limits.stuck) {
        options.counters.readers_closed++
        return end('too-slow')
      }
      setTimeout(() => pump(scope), 20)
      return
    }
    stuckSince = null
    const committed = hub.committed(scope)
    if (cursor.position >= committed) {
      cursor.live = true
      return
    }
    const page = storage.page(hub.ws, scope, cursor.position, PAGE_BYTES)
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

  /** The log from one record up to another, in pages; the last page carries the signed head if it is the log's end. */
  const tellLog = (of: Hub, from: number, to: number) => {
    let records: Bytes[] = []
    let size = 0
    let first = from
    for (let n = from; n < to; n++) {
      const signed = of.log[n]!
      if (size + signed.length > PAGE_BYTES) {
        tell({ type: 'auth', from: first, records, head: null })
        records = []
        first = n
        size = 0
      }
      records.push(signed)
      size += signed.length
    }
    tell({ type: 'auth', from: first, records, head: to === of.log.length ? of.authorityHead() : null })
  }

  const enter = async (message: Extract<DeviceMessage, { type: 'hello' }>) => {
    if (message.version !== PROTOCOL_VERSION) return end('unsupported-version')
    if (deviceIdOf(message.signKey) !== message.device || !(await verifyHello(challenge, message, verifyNow)))
      return end('bad-hello')
    const found = await options.hubOf(message)
    if (typeof found === 'string') return end(found)
    const isSeed = found.known && !deviceAt(found.state, message.device)
    if (isSeed) {
      const reason = found.inviteEnd(message.device)
      if (reason || found.state.devices.has(message.device)) {
        // No device believes a relay that it was removed: it is shown the log up to the record that says so, and no further.
        if (!reason) tellLog(found, 0, removalOf(found.state, message.device) + 1)
        tell({ type: 'gone', reason: reason ?? 'removed' })
        return end('removed')
      }
      if (!found.state.invites.has(message.device)) return end('unauthorised')
    }
    if (found.listeners.size >= limits.socketsPerWorkspace) return end('quota')
    clearTimeout(handshake)
    options.counters.handshakes++
    hub = found
    listener = {
      device: message.device,
      isSeed,
      send,
      tell,
      live(scope, from, count, frame) {
        const cursor = cursors.get(scope)
        if (!cursor?.live) return
        if (cursor.position !== from - 1 || socket.bufferedAmount > limits.buffered) {
          // Too slow to follow: back to its cursor, from where storage serves it.
          cursor.live = false
          options.counters.readers_dropped++
          pump(scope)
          return
        }
        cursor.position = from + count - 1
        send(frame())
      },
      unsubscribe: (scope) => void cursors.delete(scope),
      isSubscribed: (scope) => cursors.has(scope),
      end,
    }
    hub.listeners.add(listener)
    tell(hub.ready())
  }

  const answer = async (message: DeviceMessage) => {
    if (message.type === 'hello') return hub ? end('bad-hello') : enter(message)
    if (!hub || !listener) return end('bad-hello')
    switch (message.type) {
      case 'auth-pull':
        tellLog(hub, message.from, hub.log.length)
        return
      case 'auth-append':
        return hub.appendLog(message.signed, listener)
      case 'sub': {
        if (!hub.canRead(listener, message.scope)) return
        if (message.after > hub.headOf(message.scope).position) {
          options.lostRecords()
          return end('shutting-down')
        }
        cursors.set(message.scope, { position: message.after, live: false })
        return pump(message.scope)
      }
      case 'unsub':
        cursors.delete(message.scope)
        return
      case 'put':
        if (listener.isSeed) return end('unauthorised')
        if (!allow(message.records.length)) return end('rate-limited')
        return paused(hub.put(message.records, listener))
      case 'wrap-put':
        if (listener.isSeed) return end('unauthorised')
        return hub.putWraps(message.wraps, listener)
      case 'wrap-pull':
        return tell({ type: 'wraps', wraps: storage.wrapsFor(hub.ws, listener.device as DeviceId, message.scope) })
      case 'talk':
        if (message.bytes.length <= TALK_LIMIT && allowTalk(1)) hub.talk(message.scope, message.bytes, listener)
        return
      case 'snap-pull':
        if (!hub.canRead(listener, message.scope)) return
        return tell({ type: 'snapshots', scope: message.scope, list: storage.snapshots(hub.ws, message.scope) })
      case 'blob-put': {
        const { scope, hash, offset, total, bytes } = message
        if (!hub.canComment(listener, scope)) return tell({ type: 'blob-no', hash, reason: 'no-right' })
        options.counters.blob_bytes_in += bytes.length
        const grown = await options.blobs.put({ workspace: hub.ws, scope, hash }, offset, total, bytes, hub.room)
        if (grown.ok) return tell({ type: 'blob-ok', hash, received: grown.received, total })
        return tell({ type: 'blob-no', hash, reason: grown.reason })
      }
      case 'blob-get': {
        const { scope, hash, offset } = message
        if (!hub.canRead(listener, scope)) return tell({ type: 'blob-no', hash, reason: 'no-right' })
        const stretch = await options.blobs.get({ workspace: hub.ws, scope, hash }, offset)
        if (stretch.ok) return tell({ type: 'blob', hash, offset, total: stretch.total, bytes: stretch.bytes })
        return tell({ type: 'blob-no', hash, reason: stretch.reason })
      }
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
    options.counters.frames_in++
    const message = decodeDeviceMessage(copyOf(data))
    if (!message.ok) {
      options.counters.frames_malformed++
      return end('bad-frame')
    }
    queue = queue
      .then(() => (socket.readyState === socket.OPEN ? answer(message.value) : undefined))
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
  tell({ type: 'challenge', version: PROTOCOL_VERSION, ...challenge })
}
