/** What readers find inside a record: changes, a reference to a snapshot, or a decision. */
import { concat, copyOf, hashToBytes, toHex, type Bytes, type Hash } from './bytes.ts'
import { encode, type Decoded } from './cbor.ts'
import { MOST_PARTS, PIECE_LIMIT } from './records.ts'
import { bytes, hash, list, listOf, Misshapen, natural, read, type Read } from './shape.ts'

/** The most bytes that a body of changes may have when its parts are together, before inflation. */
export const BODY_LIMIT = 4 * 1024 * 1024
/** Changes in one body; a burst is a handful, an import is cut into bodies. */
const MOST_CHANGES = 20_000

/** Body of a `changes` record: Automerge change chunks as they are, in an order in which they apply. */
export const encodeChangesBody = (changes: readonly Bytes[]): Bytes => encode([1, [...changes]])

export function decodeChangesBody(body: Uint8Array): Read<Bytes[]> {
  if (body.length > BODY_LIMIT) return { ok: false, reason: 'body too large' }
  return read(
    body,
    (value) => {
      const field = list(value, 2)
      if (field[0] !== 1) throw new Misshapen('unknown version of a body')
      const changes = listOf(field[1], (change) => bytes(change), MOST_CHANGES)
      if (changes.length === 0) throw new Misshapen('no change')
      return changes
    },
    { depth: 2, values: MOST_CHANGES + 3 },
  )
}

/** Cuts a body into pieces for one record each, or says that it is too large. One piece needs no part. */
export function cutBody(body: Bytes): Bytes[] | 'too-large' {
  if (body.length > BODY_LIMIT || body.length > MOST_PARTS * PIECE_LIMIT) return 'too-large'
  const pieces: Bytes[] = []
  for (let at = 0; at < body.length; at += PIECE_LIMIT) {
    pieces.push(copyOf(body, at, Math.min(at + PIECE_LIMIT, body.length)))
  }
  return pieces
}

export const joinBody = (pieces: readonly Bytes[]): Bytes => concat(...pieces)

/** R8: a snapshot is a blob; the record names it, the key that opens it, and what it must hold exactly. */
export interface SnapshotBody {
  /** SHA-256 of the encrypted blob. */
  blob: Hash
  /** 32 bytes, AES-256-GCM. */
  key: Bytes
  size: number
  /** Automerge heads of the document in the snapshot, sorted. */
  heads: Hash[]
  /** The place in the scope's order up to which accepted records are in it. */
  position: number
  order: Hash
}

export const encodeSnapshotBody = (snapshot: SnapshotBody): Bytes =>
  encode([
    1,
    hashToBytes(snapshot.blob),
    snapshot.key,
    snapshot.size,
    snapshot.heads.map(hashToBytes),
    snapshot.position,
    hashToBytes(snapshot.order),
  ])

export const decodeSnapshotBody = (body: Uint8Array): Read<SnapshotBody> =>
  read(body, (value: Decoded) => {
    const field = list(value, 7)
    if (field[0] !== 1) throw new Misshapen('unknown version of a body')
    return {
      blob: hash(field[1]),
      key: bytes(field[2], 32),
      size: natural(field[3]),
      heads: listOf(field[4], hash, 10_000),
      position: natural(field[5]),
      order: hash(field[6]),
    }
  })

/** Actor of a device's changes (R3): its id and 8 random bytes of one editing session, 48 hex digits. */
export const actorOf = (device: string, session: Uint8Array): string => device + toHex(session)
export const isActorOf = (actor: string, device: string): boolean => actor.length === 48 && actor.startsWith(device)
