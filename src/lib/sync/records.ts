/**
 * Sealed records: what a device says about one document, encrypted for the scope's readers and signed by the device, so
 * that everybody can check who said it and only readers can tell what.
 *
 *   header = cbor[1, kind, scope, doc, device, seq, prev, epoch, kindVersion, nonce, birth | null, part | null]
 *   record = cbor[header bytes, AES-256-GCM(body, aad = header bytes), signature over id]
 *   id     = SHA-256("tz-record-1" ‖ header bytes ‖ ciphertext)
 *
 * Bytes are signed, stored and hashed as they came; nothing is ever re-encoded.
 */
import type { DeviceId, DocId, ScopeId } from '../kernel/ids.ts'
import { bytesToHash, hashToBytes, idToBytes, randomBytes, sha256, utf8, type Bytes, type Hash } from './bytes.ts'
import { encode, type Decoded } from './cbor.ts'
import { lanes, type Birth } from './identities.ts'
import { bytes, hash, id, list, natural, oneOf, orNull, read, text, Misshapen, type Read } from './shape.ts'
import type { Signer, Verify } from './signatures.ts'

const recordKinds = { changes: 1, snapshot: 2, decision: 3 } as const
export type RecordKind = keyof typeof recordKinds

/** A body above the cap travels as several records in a row: the position among them and the first one's id. */
export interface Part {
  index: number
  count: number
  first: Hash | null
}

export interface RecordHeader {
  kind: RecordKind
  scope: ScopeId
  doc: DocId
  device: DeviceId
  /** Counts this device's records in this document, from 0. */
  seq: number
  /** Id of the record before in that chain; null for the first. */
  prev: Hash | null
  /** Of the scope key. */
  epoch: number
  /** Version of the document's kind that wrote it: a newer one than the application's makes the document read-only. */
  kindVersion: number
  /** 12 bytes, random. */
  nonce: Bytes
  birth: Birth | null
  part: Part | null
}

declare const verified: unique symbol

/** Parsed, not yet checked: the header is what it claims to be. */
export interface SealedRecord {
  id: Hash
  /** The whole record as it travels and is stored. */
  bytes: Bytes
  headerBytes: Bytes
  header: RecordHeader
  ciphertext: Bytes
  signature: Bytes
}
/** A record whose signature by the header's device has been checked. Only `verifyRecord` makes one. */
export type VerifiedRecord = SealedRecord & { readonly [verified]: true }

/** The largest record, in bytes as it travels. */
export const RECORD_LIMIT = 256 * 1024
/** A body piece that fits into a record together with its header. */
export const PIECE_LIMIT = RECORD_LIMIT - 1024
/** With the inflated cap of 4 MB a body never needs more. */
export const MOST_PARTS = 20
const LARGEST_COUNT = 2 ** 32 - 1

const TAG = utf8('tz-record-1')
const KIND_NAME = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/

const recordIdOf = (headerBytes: Uint8Array, ciphertext: Uint8Array): Hash =>
  bytesToHash(sha256(TAG, headerBytes, ciphertext))

export const encodeHeader = (header: RecordHeader): Bytes =>
  encode([
    1,
    recordKinds[header.kind],
    idToBytes(header.scope),
    idToBytes(header.doc),
    idToBytes(header.device),
    header.seq,
    header.prev && hashToBytes(header.prev),
    header.epoch,
    header.kindVersion,
    header.nonce,
    header.birth && [header.birth.lane, header.birth.kind, idToBytes(header.birth.creator), header.birth.nonce],
    header.part && [header.part.index, header.part.count, header.part.first && hashToBytes(header.part.first)],
  ])

const HEADER_LIMITS = { depth: 2, values: 24 }
const RECORD_LIMITS = { depth: 1, values: 4 }

export const parseHeader = (headerBytes: Uint8Array): Read<RecordHeader> => read(headerBytes, toHeader, HEADER_LIMITS)

function toHeader(value: Decoded): RecordHeader {
  const field = list(value, 12)
  if (field[0] !== 1) throw new Misshapen('unknown version of a record')
  const header: RecordHeader = {
    kind: toKind(field[1]),
    scope: id<ScopeId>(field[2]),
    doc: id<DocId>(field[3]),
    device: id<DeviceId>(field[4]),
    seq: natural(field[5], LARGEST_COUNT),
    prev: orNull(field[6], hash),
    epoch: natural(field[7], LARGEST_COUNT),
    kindVersion: natural(field[8], LARGEST_COUNT),
    nonce: bytes(field[9], 12),
    birth: orNull(field[10], toBirth),
    part: orNull(field[11], toPart),
  }
  if ((header.seq === 0) !== (header.prev === null)) throw new Misshapen('prev does not fit seq')
  if (header.part && header.kind !== 'changes') throw new Misshapen('only changes come in parts')
  return header
}

function toKind(value: Decoded | undefined): RecordKind {
  if (value === 1) return 'changes'
  if (value === 2) return 'snapshot'
  if (value === 3) return 'decision'
  throw new Misshapen('unknown kind of record')
}

function toBirth(value: Decoded | undefined): Birth {
  const field = list(value, 4)
  const kind = text(field[1], 64)
  if (!KIND_NAME.test(kind)) throw new Misshapen('not a kind of document')
  return { lane: oneOf(field[0], lanes), kind, creator: id<DeviceId>(field[2]), nonce: bytes(field[3], 16) }
}

function toPart(value: Decoded | undefined): Part {
  const field = list(value, 3)
  const part = { index: natural(field[0]), count: natural(field[1], MOST_PARTS), first: orNull(field[2], hash) }
  if (part.count < 2 || part.index >= part.count || (part.index === 0) !== (part.first === null)) {
    throw new Misshapen('not a part')
  }
  return part
}

/** Bytes to a record, or why not. Checks form and size alone; nothing is trusted yet. */
export function parseRecord(recordBytes: Bytes): Read<SealedRecord> {
  if (recordBytes.length > RECORD_LIMIT) return { ok: false, reason: 'too large' }
  const outer = read(
    recordBytes,
    (value) => {
      const field = list(value, 3)
      const ciphertext = bytes(field[1])
      // A GCM tag is 16 bytes; nobody seals nothing.
      if (ciphertext.length <= 16) throw new Misshapen('ciphertext too short')
      return { headerBytes: bytes(field[0]), ciphertext, signature: bytes(field[2], 64) }
    },
    RECORD_LIMITS,
  )
  if (!outer.ok) return outer
  const { headerBytes, ciphertext, signature } = outer.value
  const header = parseHeader(headerBytes)
  if (!header.ok) return header
  const recordId = recordIdOf(headerBytes, ciphertext)
  return {
    ok: true,
    value: { id: recordId, bytes: recordBytes, headerBytes, header: header.value, ciphertext, signature },
  }
}

/** R6, first check. `signKey` is the key of the header's device, from the log. Null if the signature does not hold. */
export async function verifyRecord(
  record: SealedRecord,
  signKey: Bytes,
  verify: Verify,
): Promise<VerifiedRecord | null> {
  return (await verify(signKey, hashToBytes(record.id), record.signature)) ? (record as VerifiedRecord) : null
}

/** The same where the verifier answers at once (the relay). */
export function verifyRecordNow(
  record: SealedRecord,
  signKey: Bytes,
  verify: (key: Bytes, message: Bytes, signature: Bytes) => boolean,
): VerifiedRecord | null {
  return verify(signKey, hashToBytes(record.id), record.signature) ? (record as VerifiedRecord) : null
}

/**
 * Encrypts and signs. `contentKey` is `contentKey(scopeKey, doc, epoch, device)` of keys.ts. Throws a RangeError if the
 * record would exceed the cap: cut the body first (`cutBody`).
 */
export async function sealRecord(
  header: Omit<RecordHeader, 'nonce' | 'device'>,
  body: Bytes,
  contentKey: CryptoKey,
  signer: Signer,
): Promise<VerifiedRecord> {
  const whole: RecordHeader = { ...header, device: signer.device, nonce: randomBytes(12) }
  const headerBytes = encodeHeader(whole)
  const ciphertext = new Uint8Array(
    await crypto.subtle.encrypt({ name: 'AES-GCM', iv: whole.nonce, additionalData: headerBytes }, contentKey, body),
  )
  const recordId = recordIdOf(headerBytes, ciphertext)
  const signature = await signer.sign(hashToBytes(recordId))
  const recordBytes = encode([headerBytes, ciphertext, signature])
  if (recordBytes.length > RECORD_LIMIT) throw new RangeError('record too large')
  const record: SealedRecord = { id: recordId, bytes: recordBytes, headerBytes, header: whole, ciphertext, signature }
  return record as VerifiedRecord
}

/** The body, or null: wrong key, or not what the author encrypted. */
export async function openRecord(record: SealedRecord, contentKey: CryptoKey): Promise<Bytes | null> {
  try {
    const algorithm = { name: 'AES-GCM', iv: record.header.nonce, additionalData: record.headerBytes }
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, contentKey, record.ciphertext))
  } catch {
    return null
  }
}
