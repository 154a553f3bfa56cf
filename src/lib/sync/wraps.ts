/**
 * A6: a scope key on its way to one device: signed by a reader, encrypted to the recipient (HPKE base mode, RFC 9180),
 * beside the log and outside every chain. Whoever makes one may be wrong or malicious, so the recipient checks the key
 * against the log's commitment and asks another reader if it fails.
 *
 *   payload = cbor["tz-wrap-1", workspace, scope, epoch, recipient, sender, encapsulated key, ciphertext]
 *   wrap    = cbor[payload bytes, signature over the payload]
 */
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import type { DeviceId, ScopeId, WorkspaceId } from '../kernel/ids.ts'
import { bytesToHash, idToBytes, sha256, type Bytes, type Hash } from './bytes.ts'
import { encode } from './cbor.ts'
import { keepsCommitment, type DeviceKeys } from './keys.ts'
import { bytes, id, list, Misshapen, natural, read, type Read } from './shape.ts'
import type { Signer, Verify } from './signatures.ts'

/** One key to one device, in clear. */
export interface WrapAddress {
  workspace: WorkspaceId
  scope: ScopeId
  epoch: number
  /** A device, or an invite by its seed's device id. */
  recipient: DeviceId
}

export interface Wrap extends WrapAddress {
  sender: DeviceId
  bytes: Bytes
  payload: Bytes
  signature: Bytes
  encapsulated: Bytes
  ciphertext: Bytes
  /** SHA-256 of the bytes, a name for storage. */
  hash: Hash
}

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
})

const info = (to: WrapAddress, sender: DeviceId): Bytes =>
  encode([
    'tz-wrap-1',
    idToBytes(to.workspace),
    idToBytes(to.scope),
    to.epoch,
    idToBytes(to.recipient),
    idToBytes(sender),
  ])

/** Wraps a scope key to the X25519 key of a device that the log entitles. */
export async function wrapScopeKey(to: WrapAddress, agreeKey: Bytes, scopeKey: Bytes, signer: Signer): Promise<Bytes> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(agreeKey)
  const sealed = await suite.seal({ recipientPublicKey, info: info(to, signer.device) }, scopeKey)
  const payload = encode([
    'tz-wrap-1',
    idToBytes(to.workspace),
    idToBytes(to.scope),
    to.epoch,
    idToBytes(to.recipient),
    idToBytes(signer.device),
    new Uint8Array(sealed.enc),
    new Uint8Array(sealed.ct),
  ])
  return encode([payload, await signer.sign(payload)])
}

export function parseWrap(wrapBytes: Bytes): Read<Wrap> {
  const outer = read(wrapBytes, (value) => {
    const field = list(value, 2)
    return { payload: bytes(field[0]), signature: bytes(field[1], 64) }
  })
  if (!outer.ok) return outer
  return read(outer.value.payload, (value) => {
    const field = list(value, 8)
    if (field[0] !== 'tz-wrap-1') throw new Misshapen('not a wrap')
    return {
      workspace: id<WorkspaceId>(field[1]),
      scope: id<ScopeId>(field[2]),
      epoch: natural(field[3], 2 ** 32 - 1),
      recipient: id<DeviceId>(field[4]),
      sender: id<DeviceId>(field[5]),
      encapsulated: bytes(field[6], 32),
      ciphertext: bytes(field[7], 48),
      ...outer.value,
      bytes: wrapBytes,
      hash: bytesToHash(sha256(wrapBytes)),
    }
  })
}

/** By the sender's sign key from the log. */
export const verifyWrap = async (wrap: Wrap, senderKey: Bytes, verify: Verify): Promise<boolean> =>
  verify(senderKey, wrap.payload, wrap.signature)

/** The scope key, or null if it does not open or does not keep the log's commitment: ask another reader. */
export async function openWrap(wrap: Wrap, keys: DeviceKeys, commitment: Hash): Promise<Bytes | null> {
  if (wrap.recipient !== keys.id) return null
  try {
    const scopeKey = new Uint8Array(
      await suite.open(
        { recipientKey: keys.agree, enc: wrap.encapsulated, info: info(wrap, wrap.sender) },
        wrap.ciphertext,
      ),
    )
    return keepsCommitment(wrap.scope, wrap.epoch, scopeKey, commitment) ? scopeKey : null
  } catch {
    return null
  }
}
