/** Ed25519 with node:crypto, synchronous: at the relay a promise per record would cost more than the check. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'
import { copyOf, toHex, type Bytes } from '#lib/sync/bytes.ts'

const KEPT = 10_000
const known = new Map<string, KeyObject>()
/** The head of an SPKI Ed25519 public key (RFC 8410): everything before its 32 bytes. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

function publicKey(raw: Bytes): KeyObject {
  const name = toHex(raw)
  const cached = known.get(name)
  if (cached) return cached
  const key = createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' })
  if (known.size >= KEPT) known.clear()
  known.set(name, key)
  return key
}

/** Any 32 bytes are a key, and the 64 of a signature hold or do not: what is parsed has these lengths, so it never throws. */
export const verifyNow = (key: Bytes, message: Bytes, signature: Bytes): boolean =>
  verify(null, message, publicKey(key), signature)

export interface RelayKey {
  public: Bytes
  sign: (message: Bytes) => Bytes
}

export const createRelayKey = (): Bytes =>
  copyOf(generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }))

export function openRelayKey(pkcs8: Bytes): RelayKey {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return { public: copyOf(spki, SPKI.length), sign: (message) => copyOf(sign(null, message, key)) }
}
