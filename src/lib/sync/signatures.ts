/**
 * Who signs and who checks. Signing is the device's WebCrypto key; checking is handed in, because the relay has a faster
 * synchronous way (`node:crypto` with cached key objects) than a promise per record.
 */
import type { DeviceId } from '../kernel/ids.ts'
import { toHex, type Bytes } from './bytes.ts'

export interface Signer {
  device: DeviceId
  /** Ed25519 over the message, 64 bytes. */
  sign: (message: Bytes) => Promise<Bytes>
}

/** True if the Ed25519 signature (64 bytes) over the message is by the key (32 bytes). Never throws, nor rejects. */
export type Verify = (key: Bytes, message: Bytes, signature: Bytes) => boolean | Promise<boolean>

const KEPT = 4096
const imported = new Map<string, Promise<CryptoKey | null>>()

function publicKey(key: Bytes): Promise<CryptoKey | null> {
  const name = toHex(key)
  const known = imported.get(name)
  if (known) return known
  const fresh = crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']).catch(() => null)
  if (imported.size >= KEPT) imported.delete(imported.keys().next().value!)
  imported.set(name, fresh)
  return fresh
}

/** The verifier of a browser (and of tests). */
export const webVerify: Verify = async (key, message, signature) => {
  if (key.length !== 32 || signature.length !== 64) return false
  const imported = await publicKey(key)
  if (!imported) return false
  return crypto.subtle.verify('Ed25519', imported, signature, message).catch(() => false)
}
