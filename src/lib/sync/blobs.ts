/**
 * R10: a blob is encrypted with a random key of its own, which lies in an encrypted document or record, and is named by the
 * hash of its ciphertext: who stores it learns its size alone.
 *
 *   blob = nonce(12) ‖ AES-256-GCM(content)
 */
import { bytesToHash, concat, copyOf, hashToBytes, equal, randomBytes, sha256, type Bytes, type Hash } from './bytes.ts'

export interface SealedBlob {
  hash: Hash
  /** 32 bytes. */
  key: Bytes
  bytes: Bytes
}

export async function sealBlob(content: Bytes): Promise<SealedBlob> {
  const key = randomBytes(32)
  const iv = randomBytes(12)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await importKey(key, 'encrypt'), content)
  const bytes = concat(iv, new Uint8Array(sealed))
  return { hash: bytesToHash(sha256(bytes)), key, bytes }
}

/** The content, or null: not the blob of that name, or not under that key. */
export async function openBlob(bytes: Bytes, hash: Hash, key: Bytes): Promise<Bytes | null> {
  if (!equal(sha256(bytes), hashToBytes(hash))) return null
  const opened = await crypto.subtle
    .decrypt({ name: 'AES-GCM', iv: copyOf(bytes, 0, 12) }, await importKey(key, 'decrypt'), copyOf(bytes, 12))
    .catch(() => null)
  return opened && new Uint8Array(opened)
}

const importKey = (key: Bytes, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', key, 'AES-GCM', false, [use])
