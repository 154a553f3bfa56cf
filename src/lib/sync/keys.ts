/**
 * Keys: of devices (never leave the device), of seeds (an invite, a recovery kit: derived from a secret that fits into a
 * link or on paper), of scopes (32 random bytes per epoch, at rest only wrapped to a device) and of content.
 */
import type { DeviceId, DocId, ScopeId } from '../kernel/ids.ts'
import {
  bytesToHash,
  concat,
  copyOf,
  equal,
  hashToBytes,
  idToBytes,
  randomBytes,
  sha256,
  utf8,
  type Bytes,
  type Hash,
} from './bytes.ts'
import { encode } from './cbor.ts'
import { deviceIdOf } from './identities.ts'
import type { Signer } from './signatures.ts'

/** What the log says of a device: two public keys of 32 bytes. */
export interface PublicKeys {
  /** Ed25519. */
  sign: Bytes
  /** X25519. */
  agree: Bytes
}

/** The keys of a device, a kit or an invite's seed. Structured-cloneable, so IndexedDB keeps them as they are. */
export interface DeviceKeys {
  id: DeviceId
  public: PublicKeys
  sign: CryptoKey
  agree: CryptoKeyPair
}

/** New keys of this device. The private halves cannot be exported. */
export async function createDeviceKeys(): Promise<DeviceKeys> {
  const sign = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
  const agree = (await crypto.subtle.generateKey('X25519', false, ['deriveBits'])) as CryptoKeyPair
  const keys = { sign: await rawPublic(sign.publicKey), agree: await rawPublic(agree.publicKey) }
  return { id: deviceIdOf(keys.sign), public: keys, sign: sign.privateKey, agree }
}

const rawPublic = async (key: CryptoKey): Promise<Bytes> => new Uint8Array(await crypto.subtle.exportKey('raw', key))

/** The keys that a secret stands for, the same wherever it is typed in. */
export async function seedKeys(secret: Bytes, purpose: 'seed' | 'kit'): Promise<DeviceKeys> {
  const sign = await fromSeed('Ed25519', await hkdf(secret, utf8(`tz-${purpose}-sign-1`)))
  const agree = await fromSeed('X25519', await hkdf(secret, utf8(`tz-${purpose}-agree-1`)))
  const agreePublic = await crypto.subtle.importKey('raw', agree.public, 'X25519', true, [])
  return {
    id: deviceIdOf(sign.public),
    public: { sign: sign.public, agree: agree.public },
    sign: sign.private,
    agree: { privateKey: agree.private, publicKey: agreePublic },
  }
}

/** PKCS #8 of a 32-byte private key (RFC 8410, 7): everything before the key itself, which is the same for both curves but for one byte. */
const pkcs8 = (curve: number, seed: Bytes): Bytes =>
  concat(Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, curve, 4, 0x22, 4, 0x20), seed)

async function fromSeed(name: 'Ed25519' | 'X25519', seed: Bytes): Promise<{ private: CryptoKey; public: Bytes }> {
  const encoded = pkcs8(name === 'Ed25519' ? 0x70 : 0x6e, seed)
  const uses: KeyUsage[] = name === 'Ed25519' ? ['sign'] : ['deriveBits']
  // WebCrypto gives the public half of a private key only through an export, so there are two imports: the one that is
  // exported is forgotten here, the one that is kept cannot be exported.
  const once = await crypto.subtle.importKey('pkcs8', encoded, name, true, uses)
  const { x } = await crypto.subtle.exportKey('jwk', once)
  const kept = await crypto.subtle.importKey('pkcs8', encoded, name, false, uses)
  return { private: kept, public: Uint8Array.fromBase64(x!, { alphabet: 'base64url' }) }
}

export const signerOf = (keys: DeviceKeys): Signer => ({
  device: keys.id,
  sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', keys.sign, message)),
})

/** HKDF-SHA256 with an empty salt, 32 bytes. */
async function hkdf(secret: Bytes, info: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  const salt = new Uint8Array(0)
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, 256))
}

const aesKey = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])

export const createScopeKey = (): Bytes => randomBytes(32)

/** What the log says of a scope key, so that a reader can tell a wrong one. */
export const commitmentOf = (scope: ScopeId, epoch: number, scopeKey: Bytes): Hash =>
  bytesToHash(sha256(utf8('tz-scope-key-1'), idToBytes(scope), uint32(epoch), scopeKey))

export const keepsCommitment = (scope: ScopeId, epoch: number, scopeKey: Bytes, commitment: Hash): boolean =>
  equal(hashToBytes(commitmentOf(scope, epoch, scopeKey)), hashToBytes(commitment))

function uint32(value: number): Bytes {
  const encoded = new Uint8Array(4)
  new DataView(encoded.buffer).setUint32(0, value)
  return encoded
}

/** The key of what one device writes into one document in one epoch: no two writers share one, so nonces cannot meet. */
export const contentKey = async (scopeKey: Bytes, doc: DocId, epoch: number, device: DeviceId): Promise<CryptoKey> =>
  aesKey(await hkdf(scopeKey, encode(['tz-content-1', idToBytes(doc), epoch, idToBytes(device)])))

/** The key of presence in a scope (R9). */
export const talkKey = async (scopeKey: Bytes, scope: ScopeId, epoch: number): Promise<CryptoKey> =>
  aesKey(await hkdf(scopeKey, encode(['tz-talk-1', idToBytes(scope), epoch])))

/** A7: the key before, under the new one, so that whoever gets the new key reads the old records too. 60 bytes. */
export async function sealOldKey(newKey: Bytes, oldKey: Bytes, scope: ScopeId, newEpoch: number): Promise<Bytes> {
  const key = await aesKey(await hkdf(newKey, encode(['tz-old-key-1', idToBytes(scope), newEpoch])))
  const iv = randomBytes(12)
  return concat(iv, new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, oldKey)))
}

/** The key of `newEpoch - 1`, or null. Check it against its commitment. */
export async function openOldKey(
  newKey: Bytes,
  sealed: Bytes,
  scope: ScopeId,
  newEpoch: number,
): Promise<Bytes | null> {
  const key = await aesKey(await hkdf(newKey, encode(['tz-old-key-1', idToBytes(scope), newEpoch])))
  try {
    const iv = copyOf(sealed, 0, 12)
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, copyOf(sealed, 12)))
  } catch {
    return null
  }
}
