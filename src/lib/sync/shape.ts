/**
 * Reading decoded CBOR into types: a handful of checks that throw `Misshapen`, caught at one place per message. Hand-made
 * because it runs on every record at the relay.
 */
import {
  isHexId,
  toId,
  type DeviceId,
  type DocId,
  type PersonId,
  type ScopeId,
  type WorkspaceId,
} from '../kernel/ids.ts'
import { bytesToHash, toHex, type Bytes, type Hash } from './bytes.ts'
import { decode, type Decoded, type DecodeLimits } from './cbor.ts'

export class Misshapen extends Error {}

const no = (what: string): never => {
  throw new Misshapen(what)
}

export function list(value: Decoded | undefined, length?: number): Decoded[] {
  if (!Array.isArray(value)) return no('not a list')
  if (length !== undefined && value.length !== length) no('wrong length of a list')
  return value
}
export const bytes = (value: Decoded | undefined, length?: number): Bytes =>
  value instanceof Uint8Array && (length === undefined || value.length === length)
    ? value
    : no('not the bytes expected')
export const text = (value: Decoded | undefined, longest = 256): string =>
  typeof value === 'string' && value.length <= longest ? value : no('not a text')
export const natural = (value: Decoded | undefined, largest = Number.MAX_SAFE_INTEGER): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= largest
    ? value
    : no('not a natural number')
export const truth = (value: Decoded | undefined): boolean =>
  typeof value === 'boolean' ? value : no('not a truth value')
export const hash = (value: Decoded | undefined): Hash => bytesToHash(bytes(value, 32))
export const id = <Id extends WorkspaceId | ScopeId | PersonId | DeviceId | DocId>(value: Decoded | undefined): Id => {
  const hex = toHex(bytes(value, 16))
  return isHexId(hex) ? toId<Id>(hex) : no('not an id')
}
export const oneOf = <Value extends string>(value: Decoded | undefined, allowed: readonly Value[]): Value =>
  allowed.find((candidate) => candidate === value) ?? no('not one of the words expected')
export const orNull = <Value>(value: Decoded | undefined, read: (value: Decoded | undefined) => Value): Value | null =>
  value === null ? null : read(value)
export const listOf = <Value>(
  value: Decoded | undefined,
  read: (value: Decoded) => Value,
  longest = 100_000,
): Value[] => {
  const items = list(value)
  return items.length <= longest ? items.map(read) : no('list too long')
}

export type Read<Value> = { ok: true; value: Value } | { ok: false; reason: string }

/** Decodes and reads; a malformed or misshapen input is a value, a bug still throws. */
export function read<Value>(input: Uint8Array, shape: (value: Decoded) => Value, limits?: DecodeLimits): Read<Value> {
  const decoded = decode(input, limits)
  if (!decoded.ok) return decoded
  try {
    return { ok: true, value: shape(decoded.value) }
  } catch (error) {
    if (error instanceof Misshapen) return { ok: false, reason: error.message }
    throw error
  }
}
