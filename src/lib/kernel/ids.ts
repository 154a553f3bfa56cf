/**
 * Identities. In memory an id is a lower-case hex string (16 bytes, 32 characters) so that it can be a map key and part
 * of an address; on the wire it is bytes. Entities inside a document (cards, columns …) have short random ids.
 */
declare const brand: unique symbol
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name }

export type WorkspaceId = Brand<string, 'workspace'>
export type ScopeId = Brand<string, 'scope'>
export type PersonId = Brand<string, 'person'>
export type DeviceId = Brand<string, 'device'>
export type DocId = Brand<string, 'doc'>

const HEX_ID = /^[0-9a-f]{32}$/

export const isHexId = (value: unknown): value is string => typeof value === 'string' && HEX_ID.test(value)

/** The trusted constructor of the 16-byte ids. Throws a RangeError on anything but 32 hex digits. */
export function toId<Id extends WorkspaceId | ScopeId | PersonId | DeviceId | DocId>(hex: string): Id {
  if (!isHexId(hex)) throw new RangeError('not a 16-byte id')
  return hex as Id
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** A short id for an entity inside a document: 12 characters, about 71 bits, from the given source of random bytes. */
export function entityId(randomBytes: (length: number) => Uint8Array): string {
  let id = ''
  while (id.length < 12) {
    for (const byte of randomBytes(16)) {
      // 248 is the largest multiple of 62 in a byte: no letter is likelier than another.
      if (byte < 248 && id.length < 12) id += ALPHABET[byte % 62]
    }
  }
  return id
}
