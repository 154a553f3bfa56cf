/**
 * A4 and A8: the relay's order of a scope is a hash chain; position p is the place of the p-th record, counted from 1, and
 * position 0 is the empty scope. The relay signs heads; two that it signed for one place, with different hashes, convict it.
 *
 *   h(0) = SHA-256("tz-order-1" ‖ scope)      h(p) = SHA-256("tz-order-1" ‖ h(p - 1) ‖ record id ‖ its signature)
 *   head = [n, hash, generation, signature over cbor["tz-head-1", workspace, scope | "authority", n, hash, generation]]
 */
import type { ScopeId, WorkspaceId } from '../kernel/ids.ts'
import { bytesToHash, hashToBytes, idToBytes, sha256, toHex, utf8, type Bytes, type Hash } from './bytes.ts'
import { encode } from './cbor.ts'
import type { SealedRecord } from './records.ts'
import type { Verify } from './signatures.ts'

const TAG = utf8('tz-order-1')

export const orderStart = (scope: ScopeId): Hash => bytesToHash(sha256(TAG, idToBytes(scope)))
/** Of the whole record: its id alone would leave a record with a false signature at its place in an order that looks true. */
export const orderNext = (before: Hash, { id, signature }: Pick<SealedRecord, 'id' | 'signature'>): Hash =>
  bytesToHash(sha256(TAG, hashToBytes(before), hashToBytes(id), signature))

/** What a head is of: a scope's order, or the authority log. */
export type HeadOf = ScopeId | 'authority'

export interface Head {
  n: number
  hash: Hash
  /** 16 bytes; a relay that was restored from an older copy has a new one (R12). */
  generation: Bytes
  signature: Bytes
}

/** What the relay signs. */
export const headMessage = (workspace: WorkspaceId, of: HeadOf, head: Omit<Head, 'signature'>): Bytes =>
  encode([
    'tz-head-1',
    idToBytes(workspace),
    of === 'authority' ? of : idToBytes(of),
    head.n,
    hashToBytes(head.hash),
    head.generation,
  ])

export async function signHead(
  workspace: WorkspaceId,
  of: HeadOf,
  head: Omit<Head, 'signature'>,
  sign: (message: Bytes) => Bytes | Promise<Bytes>,
): Promise<Head> {
  return { ...head, signature: await sign(headMessage(workspace, of, head)) }
}

export const verifyHead = async (
  workspace: WorkspaceId,
  of: HeadOf,
  head: Head,
  relayKey: Bytes,
  verify: Verify,
): Promise<boolean> => verify(relayKey, headMessage(workspace, of, head), head.signature)

/**
 * A8: true if the two heads, both really signed by the relay, cannot both be honest. Another generation proves nothing: a
 * relay restored from an older copy orders anew. Two *log records* with one `prev` prove nothing about the relay either.
 */
export async function provesEquivocation(
  workspace: WorkspaceId,
  of: HeadOf,
  a: Head,
  b: Head,
  relayKey: Bytes,
  verify: Verify,
): Promise<boolean> {
  if (a.n !== b.n || a.hash === b.hash || toHex(a.generation) !== toHex(b.generation)) return false
  return (
    (await verifyHead(workspace, of, a, relayKey, verify)) && (await verifyHead(workspace, of, b, relayKey, verify))
  )
}
