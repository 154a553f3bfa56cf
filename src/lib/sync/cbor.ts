/**
 * The one encoding of everything that is signed, hashed or sent: deterministic CBOR (RFC 8949, 4.2) of a small set of
 * types. Encoding is cborg's; decoding is ours, because what arrives is hostile: it accepts exactly the bytes that the
 * encoder would have made, so a value has one encoding and a signed structure cannot be sent in two forms. Never throws.
 */
import { encode as encodeCbor } from 'cborg'
import { copyOf, type Bytes } from './bytes.ts'

export type CborValue =
  null | boolean | number | string | Uint8Array | readonly CborValue[] | { readonly [key: string]: CborValue }
/** What comes out of `decode`: byte strings own their buffers. */
export type Decoded = null | boolean | number | string | Bytes | Decoded[] | { [key: string]: Decoded }

export interface DecodeLimits {
  /** Nested arrays and maps. */
  depth: number
  /** Values in all, so that a small frame cannot claim to be large. */
  values: number
}
const USUAL: DecodeLimits = { depth: 16, values: 100_000 }

export type DecodeResult = { ok: true; value: Decoded } | { ok: false; reason: string }

/** Numbers are safe integers or 64-bit floats, map keys are text in the deterministic order. Throws on anything else. */
export const encode = (value: CborValue): Bytes => copyOf(encodeCbor(value, { float64: true }))

class Malformed extends Error {}

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function decode(bytes: Uint8Array, limits: DecodeLimits = USUAL): DecodeResult {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  let values = 0

  const need = (length: number): number => {
    const from = at
    if (length > bytes.length - at) throw new Malformed('truncated')
    at += length
    return from
  }

  /** The argument of a head, in its shortest form only. */
  const argument = (info: number): number => {
    if (info < 24) return info
    if (info === 24) {
      const value = view.getUint8(need(1))
      if (value < 24) throw new Malformed('not shortest')
      return value
    }
    if (info === 25) {
      const value = view.getUint16(need(2))
      if (value < 0x100) throw new Malformed('not shortest')
      return value
    }
    if (info === 26) {
      const value = view.getUint32(need(4))
      if (value < 0x1_0000) throw new Malformed('not shortest')
      return value
    }
    if (info === 27) {
      const value = view.getBigUint64(need(8))
      if (value < 0x1_0000_0000n) throw new Malformed('not shortest')
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Malformed('integer too large')
      return Number(value)
    }
    throw new Malformed('indefinite length')
  }

  const key = (previous: Uint8Array | null): [string, Uint8Array] => {
    const start = at
    const head = view.getUint8(need(1))
    if (head >> 5 !== 3) throw new Malformed('map key is not text')
    const length = argument(head & 31)
    const from = need(length)
    const encoded = bytes.subarray(start, at)
    if (previous && compare(previous, encoded) >= 0) throw new Malformed('map keys out of order')
    return [text.decode(bytes.subarray(from, from + length)), encoded]
  }

  const value = (depth: number): Decoded => {
    if (++values > limits.values) throw new Malformed('too many values')
    const head = view.getUint8(need(1))
    const info = head & 31
    switch (head >> 5) {
      case 0:
        return argument(info)
      case 1: {
        const negative = -1 - argument(info)
        if (!Number.isSafeInteger(negative)) throw new Malformed('integer too large')
        return negative
      }
      case 2: {
        const length = argument(info)
        const from = need(length)
        return copyOf(bytes, from, from + length)
      }
      case 3: {
        const length = argument(info)
        const from = need(length)
        return text.decode(bytes.subarray(from, from + length))
      }
      case 4: {
        const length = argument(info)
        if (depth >= limits.depth) throw new Malformed('too deep')
        // Every element takes a byte at least: a claim beyond the end is refused before anything is allocated.
        if (length > bytes.length - at) throw new Malformed('truncated')
        const list: Decoded[] = []
        for (let i = 0; i < length; i++) list.push(value(depth + 1))
        return list
      }
      case 5: {
        const length = argument(info)
        if (depth >= limits.depth) throw new Malformed('too deep')
        if (length > bytes.length - at) throw new Malformed('truncated')
        const entries: [string, Decoded][] = []
        let previous: Uint8Array | null = null
        for (let i = 0; i < length; i++) {
          const [name, encoded]: [string, Uint8Array] = key(previous)
          previous = encoded
          entries.push([name, value(depth + 1)])
        }
        // fromEntries defines properties, so a key `__proto__` stays a key.
        return Object.fromEntries(entries)
      }
      case 7: {
        if (info === 20) return false
        if (info === 21) return true
        if (info === 22) return null
        if (info === 27) {
          const float = view.getFloat64(need(8))
          if (!Number.isFinite(float) || Number.isSafeInteger(float))
            throw new Malformed('not the encoding of this number')
          return float
        }
        throw new Malformed('unsupported simple value')
      }
      default:
        throw new Malformed('tag')
    }
  }

  try {
    const decoded = value(0)
    if (at !== bytes.length) return { ok: false, reason: 'trailing bytes' }
    return { ok: true, value: decoded }
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, reason: error.message }
    if (error instanceof TypeError) return { ok: false, reason: 'not UTF-8' }
    throw error
  }
}

/** Shorter first, then bytewise: cborg's order of map keys (RFC 7049, 3.9), on encoded keys. */
function compare(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return a.length - b.length
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return 0
}
