/**
 * Bytes, hashes and their names. Ids and hashes are bytes on the wire and lower-case hex in memory (map keys, addresses);
 * keys, nonces, signatures and ciphertexts stay bytes.
 */
import { sha256 as portableSha256 } from '@noble/hashes/sha2.js'
import { toId, type DeviceId, type DocId, type PersonId, type ScopeId, type WorkspaceId } from '../kernel/ids.ts'

/** Bytes that own their buffer: safe to hand to WebCrypto and to structured cloning. */
export type Bytes = Uint8Array<ArrayBuffer>

declare const brand: unique symbol
/** A SHA-256 as 64 hex digits: of a record, a log record, an order, a change. */
export type Hash = string & { readonly [brand]: 'hash' }

const HASH = /^[0-9a-f]{64}$/

const isHash = (value: unknown): value is Hash => typeof value === 'string' && HASH.test(value)

/** The trusted constructor of hashes. Throws a RangeError on anything but 64 hex digits. */
export function toHash(hex: string): Hash {
  if (!isHash(hex)) throw new RangeError('not a 32-byte hash')
  return hex
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** A copy of a stretch that owns its buffer, also where the source is a view of a larger one (a Node Buffer). */
export function copyOf(source: Uint8Array, from = 0, to = source.length): Bytes {
  const copy = new Uint8Array(to - from)
  copy.set(source.subarray(from, to))
  return copy
}

export const toHex = (bytes: Uint8Array): string => bytes.toHex()
/** Throws a SyntaxError on anything but hex. */
export const fromHex = (hex: string): Bytes => Uint8Array.fromHex(hex)

const encoder = new TextEncoder()
export const utf8 = (text: string): Bytes => encoder.encode(text)

export const randomBytes = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length))

type AnyId = WorkspaceId | ScopeId | PersonId | DeviceId | DocId

export const randomId = <Id extends AnyId>(): Id => toId<Id>(toHex(randomBytes(16)))
export const idToBytes = (id: AnyId): Bytes => fromHex(id)
export const hashToBytes = (hash: Hash): Bytes => fromHex(hash)
export const bytesToHash = (bytes: Uint8Array): Hash => toHash(toHex(bytes))
/** The first 16 bytes of a hash are an id. */
export const idOfHash = <Id extends AnyId>(hash: Uint8Array): Id => toId<Id>(toHex(hash.subarray(0, 16)))

type Sha256 = (bytes: Uint8Array) => Uint8Array

/**
 * Chains are walked record by record, so hashing must not wait for a promise (WebCrypto's only way). Node has a native
 * synchronous hash; asked for at run time, because an import of `node:crypto` would not build for the browser.
 */
function nativeSha256(): Sha256 | null {
  if (typeof process === 'undefined' || typeof process.getBuiltinModule !== 'function') return null
  const { hash } = process.getBuiltinModule('node:crypto')
  return (bytes) => hash('sha256', bytes, 'buffer')
}

const digest: Sha256 = nativeSha256() ?? portableSha256

/** SHA-256 over the concatenation of the parts, 32 bytes. */
export function sha256(...parts: readonly Uint8Array[]): Bytes {
  const hashed = digest(parts.length === 1 ? parts[0]! : concat(...parts))
  return copyOf(hashed)
}
