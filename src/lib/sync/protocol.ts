/**
 * What device and relay say to each other: one binary WebSocket message is one CBOR array, its first element the name.
 *
 * The relay speaks first (`challenge`); the device proves who it is (`hello`); the relay says what there is (`ready`). Then
 * the device pulls the log, subscribes to scopes from where it stands, and puts records. What it put comes back to it in
 * `records` as bare ids, at their place in the order: that is the receipt. A refused record is answered once (`nack`).
 */
import type { DeviceId, DocId, ScopeId, WorkspaceId } from '../kernel/ids.ts'
import type { SealedRefusal } from './accept.ts'
import { hashToBytes, idToBytes, type Bytes, type Hash } from './bytes.ts'
import { encode, type CborValue, type Decoded } from './cbor.ts'
import type { Head } from './order.ts'
import { RECORD_LIMIT } from './records.ts'
import { bytes, hash, id, list, listOf, Misshapen, natural, orNull, read, text, truth, type Read } from './shape.ts'
import type { Signer, Verify } from './signatures.ts'

export const PROTOCOL_VERSION = 1

/** Bytes of a WebSocket message. */
export const FRAME_LIMIT = 1024 * 1024
export const BLOB_CHUNK_LIMIT = 256 * 1024
/** Records or wraps in one message. */
const MOST = 10_000
/** Bytes of them in one message of several: half of what it may have. */
const PAGE_BYTES = FRAME_LIMIT / 2

/** The first of what may be too much for one message: as many as fit in one of several, and at least one. */
export function firstPage<Item>(items: Iterable<Item>, sizeOf: (item: Item) => number, most = MOST): Item[] {
  const page: Item[] = []
  let size = 0
  for (const item of items) {
    size += sizeOf(item)
    if (page.length > 0 && (size > PAGE_BYTES || page.length === most)) break
    page.push(item)
  }
  return page
}

/** All of it, in as many messages as it takes; in none where there is nothing. */
export function* inPages<Item>(
  items: readonly Item[],
  sizeOf: (item: Item) => number,
  most?: number,
): Generator<Item[]> {
  for (let at = 0, page: Item[]; at < items.length; at += page.length) {
    page = firstPage(items.slice(at), sizeOf, most)
    yield page
  }
}

export const closeCodes = {
  'bad-frame': 4000,
  'unsupported-version': 4001,
  'bad-hello': 4002,
  unauthorised: 4003,
  removed: 4004,
  'frame-too-large': 4005,
  'rate-limited': 4006,
  'too-slow': 4007,
  'workspace-unknown-needs-token': 4008,
  quota: 4009,
  'shutting-down': 4010,
  internal: 4011,
} as const
export type CloseReason = keyof typeof closeCodes
export const closeReasonOf = (code: number): CloseReason | null =>
  (Object.keys(closeCodes) as CloseReason[]).find((reason) => closeCodes[reason] === code) ?? null

export interface Limits {
  record: number
  frame: number
  blob: number
}
export const usualLimits: Limits = { record: RECORD_LIMIT, frame: FRAME_LIMIT, blob: 64 * 1024 * 1024 }

export interface ScopeHead {
  scope: ScopeId
  n: number
  hash: Hash
}

export type RelayMessage =
  /** `at`: the relay's clock in milliseconds, shown and never decided by. */
  | { type: 'challenge'; version: number; nonce: Bytes; relayKey: Bytes; generation: Bytes; at: number }
  /** `authority` is the last n of the log, -1 if none; `scopes` the heads of every scope that the log has opened. */
  | { type: 'ready'; known: boolean; authority: number; scopes: ScopeHead[]; limits: Limits }
  | { type: 'auth'; from: number; records: Bytes[]; head: Head | null }
  | { type: 'auth-ok'; n: number; hash: Hash; head: Head }
  | { type: 'auth-no'; reason: string; n: number }
  /** Consecutive from `from`. An item of 32 bytes is the id of a record that the reader's own device wrote (`ownRecordId`). */
  | { type: 'records'; scope: ScopeId; from: number; list: Bytes[]; head: Head }
  | { type: 'nack'; id: Hash; reason: string }
  | { type: 'wraps'; wraps: Bytes[] }
  /** The wraps that were put found no room. */
  | { type: 'wrap-no'; reason: NoRoom }
  | { type: 'talk'; scope: ScopeId; device: DeviceId; bytes: Bytes }
  | { type: 'snapshots'; scope: ScopeId; list: { doc: DocId; record: Bytes }[] }
  /** A stretch of a blob. */
  | { type: 'blob'; hash: Hash; offset: number; total: number; bytes: Bytes }
  /** So much of a blob has been stored; all of it when received = total. */
  | { type: 'blob-ok'; hash: Hash; received: number; total: number }
  | { type: 'blob-no'; hash: Hash; reason: string }
  | { type: 'gone'; reason: string }
  | { type: 'pong'; token: number }

export type DeviceMessage =
  | {
      type: 'hello'
      version: number
      workspace: WorkspaceId
      device: DeviceId
      signKey: Bytes
      signature: Bytes
      token: string | null
    }
  | { type: 'auth-pull'; from: number }
  | { type: 'auth-append'; signed: Bytes }
  /** Records after this position, then live. */
  | { type: 'sub'; scope: ScopeId; after: number }
  | { type: 'unsub'; scope: ScopeId }
  | { type: 'put'; records: Bytes[] }
  | { type: 'wrap-put'; wraps: Bytes[] }
  /** The wraps addressed to this device (or invite), of one scope or of all. */
  | { type: 'wrap-pull'; scope: ScopeId | null }
  | { type: 'talk'; scope: ScopeId; bytes: Bytes }
  | { type: 'snap-pull'; scope: ScopeId }
  | { type: 'blob-put'; scope: ScopeId; hash: Hash; offset: number; total: number; bytes: Bytes }
  | { type: 'blob-get'; scope: ScopeId; hash: Hash; offset: number }
  | { type: 'ping'; token: number }

/** The token of a ping that only asks for a sign of life. */
export const SIGN_OF_LIFE = 1

/** The id in an item of `records` that stands for a record of the reader's own device, or null: then it is a record. */
export const ownRecordId = (item: Bytes): Bytes | null => (item.length === 32 ? item : null)

const heads = (head: Head): CborValue => [head.n, hashToBytes(head.hash), head.generation, head.signature]
const toHead = (value: Decoded | undefined): Head => {
  const field = list(value, 4)
  return { n: natural(field[0]), hash: hash(field[1]), generation: bytes(field[2], 16), signature: bytes(field[3], 64) }
}

export function encodeMessage(message: RelayMessage | DeviceMessage): Bytes {
  return encode([message.type, ...fields(message)])
}

function fields(message: RelayMessage | DeviceMessage): CborValue[] {
  switch (message.type) {
    case 'challenge':
      return [message.version, message.nonce, message.relayKey, message.generation, message.at]
    case 'ready':
      return [
        message.known,
        message.authority,
        message.scopes.map(({ scope, n, hash }) => [idToBytes(scope), n, hashToBytes(hash)]),
        [message.limits.record, message.limits.frame, message.limits.blob],
      ]
    case 'auth':
      return [message.from, message.records, message.head && heads(message.head)]
    case 'auth-ok':
      return [message.n, hashToBytes(message.hash), heads(message.head)]
    case 'auth-no':
      return [message.reason, message.n]
    case 'records':
      return [idToBytes(message.scope), message.from, message.list, heads(message.head)]
    case 'nack':
      return [hashToBytes(message.id), message.reason]
    case 'wraps':
    case 'wrap-put':
      return [message.wraps]
    case 'talk':
      return 'device' in message
        ? [idToBytes(message.scope), idToBytes(message.device), message.bytes]
        : [idToBytes(message.scope), message.bytes]
    case 'snapshots':
      return [idToBytes(message.scope), message.list.map(({ doc, record }) => [idToBytes(doc), record])]
    case 'blob':
      return [hashToBytes(message.hash), message.offset, message.total, message.bytes]
    case 'blob-ok':
      return [hashToBytes(message.hash), message.received, message.total]
    case 'blob-no':
      return [hashToBytes(message.hash), message.reason]
    case 'gone':
    case 'wrap-no':
      return [message.reason]
    case 'ping':
    case 'pong':
      return [message.token]
    case 'hello':
      return [
        message.version,
        idToBytes(message.workspace),
        idToBytes(message.device),
        message.signKey,
        message.signature,
        message.token,
      ]
    case 'auth-pull':
      return [message.from]
    case 'auth-append':
      return [message.signed]
    case 'sub':
      return [idToBytes(message.scope), message.after]
    case 'unsub':
    case 'snap-pull':
      return [idToBytes(message.scope)]
    case 'put':
      return [message.records]
    case 'wrap-pull':
      return [message.scope && idToBytes(message.scope)]
    case 'blob-put':
      return [idToBytes(message.scope), hashToBytes(message.hash), message.offset, message.total, message.bytes]
    case 'blob-get':
      return [idToBytes(message.scope), hashToBytes(message.hash), message.offset]
  }
}

type Readers<Message extends { type: string }> = {
  [Type in Message['type']]: { fields: number; read: (field: Decoded[]) => Extract<Message, { type: Type }> }
}

const scopeIn = (value: Decoded | undefined): ScopeId => id<ScopeId>(value)
const blobs = (value: Decoded): Bytes => bytes(value)
const noRoomIn = (value: Decoded | undefined): NoRoom => {
  const lack = noRoom.find((one) => one === value)
  if (!lack) throw new Misshapen('not a lack of room')
  return lack
}

const fromRelay: Readers<RelayMessage> = {
  challenge: {
    fields: 5,
    read: (field) => ({
      type: 'challenge',
      version: natural(field[0]),
      nonce: bytes(field[1], 32),
      relayKey: bytes(field[2], 32),
      generation: bytes(field[3], 16),
      at: natural(field[4]),
    }),
  },
  ready: {
    fields: 4,
    read: (field) => {
      const limits = list(field[3], 3)
      return {
        type: 'ready',
        known: truth(field[0]),
        authority: field[1] === -1 ? -1 : natural(field[1]),
        scopes: listOf(
          field[2],
          (value) => {
            const head = list(value, 3)
            return { scope: scopeIn(head[0]), n: natural(head[1]), hash: hash(head[2]) }
          },
          MOST,
        ),
        limits: { record: natural(limits[0]), frame: natural(limits[1]), blob: natural(limits[2]) },
      }
    },
  },
  auth: {
    fields: 3,
    read: (field) => ({
      type: 'auth',
      from: natural(field[0]),
      records: listOf(field[1], blobs, MOST),
      head: orNull(field[2], toHead),
    }),
  },
  'auth-ok': {
    fields: 3,
    read: (field) => ({ type: 'auth-ok', n: natural(field[0]), hash: hash(field[1]), head: toHead(field[2]) }),
  },
  'auth-no': {
    fields: 2,
    read: (field) => ({
      type: 'auth-no',
      reason: text(field[0]),
      n: field[1] === -1 ? -1 : natural(field[1]),
    }),
  },
  records: {
    fields: 4,
    read: (field) => ({
      type: 'records',
      scope: scopeIn(field[0]),
      from: natural(field[1]),
      list: listOf(field[2], blobs, MOST),
      head: toHead(field[3]),
    }),
  },
  nack: { fields: 2, read: (field) => ({ type: 'nack', id: hash(field[0]), reason: text(field[1]) }) },
  wraps: { fields: 1, read: (field) => ({ type: 'wraps', wraps: listOf(field[0], blobs, MOST) }) },
  'wrap-no': { fields: 1, read: (field) => ({ type: 'wrap-no', reason: noRoomIn(field[0]) }) },
  talk: {
    fields: 3,
    read: (field) => ({
      type: 'talk',
      scope: scopeIn(field[0]),
      device: id<DeviceId>(field[1]),
      bytes: bytes(field[2]),
    }),
  },
  snapshots: {
    fields: 2,
    read: (field) => ({
      type: 'snapshots',
      scope: scopeIn(field[0]),
      list: listOf(
        field[1],
        (value) => {
          const snapshot = list(value, 2)
          return { doc: id<DocId>(snapshot[0]), record: bytes(snapshot[1]) }
        },
        MOST,
      ),
    }),
  },
  blob: {
    fields: 4,
    read: (field) => ({
      type: 'blob',
      hash: hash(field[0]),
      offset: natural(field[1]),
      total: natural(field[2]),
      bytes: bytes(field[3]),
    }),
  },
  'blob-ok': {
    fields: 3,
    read: (field) => ({
      type: 'blob-ok',
      hash: hash(field[0]),
      received: natural(field[1]),
      total: natural(field[2]),
    }),
  },
  'blob-no': { fields: 2, read: (field) => ({ type: 'blob-no', hash: hash(field[0]), reason: text(field[1]) }) },
  gone: { fields: 1, read: (field) => ({ type: 'gone', reason: text(field[0]) }) },
  pong: { fields: 1, read: (field) => ({ type: 'pong', token: natural(field[0]) }) },
}

const fromDevice: Readers<DeviceMessage> = {
  hello: {
    fields: 6,
    read: (field) => ({
      type: 'hello',
      version: natural(field[0]),
      workspace: id<WorkspaceId>(field[1]),
      device: id<DeviceId>(field[2]),
      signKey: bytes(field[3], 32),
      signature: bytes(field[4], 64),
      token: orNull(field[5], text),
    }),
  },
  'auth-pull': { fields: 1, read: (field) => ({ type: 'auth-pull', from: natural(field[0]) }) },
  'auth-append': { fields: 1, read: (field) => ({ type: 'auth-append', signed: bytes(field[0]) }) },
  sub: { fields: 2, read: (field) => ({ type: 'sub', scope: scopeIn(field[0]), after: natural(field[1]) }) },
  unsub: { fields: 1, read: (field) => ({ type: 'unsub', scope: scopeIn(field[0]) }) },
  put: { fields: 1, read: (field) => ({ type: 'put', records: listOf(field[0], blobs, MOST) }) },
  'wrap-put': { fields: 1, read: (field) => ({ type: 'wrap-put', wraps: listOf(field[0], blobs, MOST) }) },
  'wrap-pull': { fields: 1, read: (field) => ({ type: 'wrap-pull', scope: orNull(field[0], scopeIn) }) },
  talk: { fields: 2, read: (field) => ({ type: 'talk', scope: scopeIn(field[0]), bytes: bytes(field[1]) }) },
  'snap-pull': { fields: 1, read: (field) => ({ type: 'snap-pull', scope: scopeIn(field[0]) }) },
  'blob-put': {
    fields: 5,
    read: (field) => ({
      type: 'blob-put',
      scope: scopeIn(field[0]),
      hash: hash(field[1]),
      offset: natural(field[2]),
      total: natural(field[3]),
      bytes: bytes(field[4]),
    }),
  },
  'blob-get': {
    fields: 3,
    read: (field) => ({ type: 'blob-get', scope: scopeIn(field[0]), hash: hash(field[1]), offset: natural(field[2]) }),
  },
  ping: { fields: 1, read: (field) => ({ type: 'ping', token: natural(field[0]) }) },
}

/** What a device received from the relay, or why it is not a message. Never throws. */
export const decodeRelayMessage = (frame: Uint8Array): Read<RelayMessage> => decodeMessage(frame, fromRelay)

/** What the relay received from a device, or why it is not a message. Never throws. */
export const decodeDeviceMessage = (frame: Uint8Array): Read<DeviceMessage> => decodeMessage(frame, fromDevice)

function decodeMessage<Message extends { type: string }>(frame: Uint8Array, readers: Readers<Message>): Read<Message> {
  if (frame.length > FRAME_LIMIT) return { ok: false, reason: 'frame too large' }
  return read<Message>(frame, (value) => {
    const [name, ...field] = list(value)
    const known: Readers<Message>[Message['type']] | null =
      typeof name === 'string' && Object.hasOwn(readers, name) ? readers[name as Message['type']] : null
    if (!known || field.length !== known.fields) throw new Misshapen('not a message')
    return known.read(field)
  })
}

/** What a device (or a seed) signs to say hello: this connection, this relay, this workspace, nothing else. */
const helloMessage = (
  challenge: { nonce: Bytes; relayKey: Bytes; generation: Bytes },
  workspace: WorkspaceId,
  device: DeviceId,
): Bytes =>
  encode([
    'tz-hello-1',
    challenge.nonce,
    idToBytes(workspace),
    idToBytes(device),
    challenge.relayKey,
    challenge.generation,
  ])

export async function signHello(
  challenge: { nonce: Bytes; relayKey: Bytes; generation: Bytes },
  workspace: WorkspaceId,
  signKey: Bytes,
  token: string | null,
  signer: Signer,
): Promise<Extract<DeviceMessage, { type: 'hello' }>> {
  const signature = await signer.sign(helloMessage(challenge, workspace, signer.device))
  return { type: 'hello', version: PROTOCOL_VERSION, workspace, device: signer.device, signKey, signature, token }
}

/** The device id must also be the key's (`deviceIdOf`) and, but for a pull by a seed, stand in the log. */
export const verifyHello = async (
  challenge: { nonce: Bytes; relayKey: Bytes; generation: Bytes },
  hello: Extract<DeviceMessage, { type: 'hello' }>,
  verify: Verify,
): Promise<boolean> => verify(hello.signKey, helloMessage(challenge, hello.workspace, hello.device), hello.signature)

/** The relay could not keep it: nothing is wrong with what was offered, and it is offered again (R7). */
export const noRoom = ['full', 'quota', 'storage'] as const
export type NoRoom = (typeof noRoom)[number]

export type NackReason = SealedRefusal | 'bad-record' | 'bad-signature' | 'too-large' | NoRoom
