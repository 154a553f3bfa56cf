/**
 * R9: presence and other passing talk. Encrypted for the scope's readers, so the relay learns nothing, and signed inside by
 * the device, so that no reader can speak for another. Never stored.
 *
 *   talk = cbor[1, epoch, nonce, AES-256-GCM(cbor[device, counter, payload, signature], aad = scope id)]
 */
import type { DeviceId, ScopeId, WorkspaceId } from '../kernel/ids.ts'
import { idToBytes, randomBytes, type Bytes } from './bytes.ts'
import { encode } from './cbor.ts'
import { bytes, id, list, Misshapen, natural, read } from './shape.ts'
import type { Signer, Verify } from './signatures.ts'

export interface TalkPlace {
  workspace: WorkspaceId
  scope: ScopeId
  epoch: number
}
export interface Talk {
  device: DeviceId
  /** Grows with every message of a device: a reader drops what is not newer (a replay by the relay). */
  counter: number
  payload: Bytes
}

export const TALK_LIMIT = 16 * 1024

const signedTalk = (place: TalkPlace, talk: Talk): Bytes =>
  encode([
    'tz-talk-1',
    idToBytes(place.workspace),
    idToBytes(place.scope),
    place.epoch,
    idToBytes(talk.device),
    talk.counter,
    talk.payload,
  ])

/** `key` is `talkKey(scopeKey, scope, epoch)` of keys.ts. */
export async function sealTalk(
  place: TalkPlace,
  counter: number,
  payload: Bytes,
  key: CryptoKey,
  signer: Signer,
): Promise<Bytes> {
  const signature = await signer.sign(signedTalk(place, { device: signer.device, counter, payload }))
  const iv = randomBytes(12)
  const inner = encode([idToBytes(signer.device), counter, payload, signature])
  const algorithm = { name: 'AES-GCM', iv, additionalData: idToBytes(place.scope) }
  return encode([1, place.epoch, iv, new Uint8Array(await crypto.subtle.encrypt(algorithm, key, inner))])
}

export interface TalkLookups {
  keyOf: (epoch: number) => Promise<CryptoKey | null> | CryptoKey | null
  /** The sign key of a device that may read the scope now, else null. */
  signKeyOf: (device: DeviceId) => Bytes | null
  verify: Verify
}

/** What a device said, or null: not for us, not by whom it claims, or damaged. */
export async function openTalk(
  talkBytes: Uint8Array,
  place: Omit<TalkPlace, 'epoch'>,
  lookups: TalkLookups,
): Promise<Talk | null> {
  if (talkBytes.length > TALK_LIMIT) return null
  const outer = read(talkBytes, (value) => {
    const field = list(value, 4)
    if (field[0] !== 1) throw new Misshapen('unknown version of talk')
    return { epoch: natural(field[1]), iv: bytes(field[2], 12), ciphertext: bytes(field[3]) }
  })
  if (!outer.ok) return null
  const { epoch, iv, ciphertext } = outer.value
  const key = await lookups.keyOf(epoch)
  if (!key) return null
  const algorithm = { name: 'AES-GCM', iv, additionalData: idToBytes(place.scope) }
  const opened = await crypto.subtle.decrypt(algorithm, key, ciphertext).catch(() => null)
  if (!opened) return null
  const inner = read(new Uint8Array(opened), (value) => {
    const field = list(value, 4)
    const talk: Talk = { device: id<DeviceId>(field[0]), counter: natural(field[1]), payload: bytes(field[2]) }
    return { talk, signature: bytes(field[3], 64) }
  })
  if (!inner.ok) return null
  const { talk, signature } = inner.value
  const signKey = lookups.signKeyOf(talk.device)
  if (!signKey) return null
  return (await lookups.verify(signKey, signedTalk({ ...place, epoch }, talk), signature)) ? talk : null
}
