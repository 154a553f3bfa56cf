/**
 * Links that carry secrets in their fragment, which no server sees: an invitation (A9), and what a new device shows so
 * that an old one of the same person takes it in.
 */
import type { WorkspaceId } from '../kernel/ids.ts'
import { idToBytes, sha256, utf8, type Bytes } from './bytes.ts'
import { encode, type Decoded } from './cbor.ts'
import type { PublicKeys } from './keys.ts'
import { bytes, id, list, Misshapen, read, text, type Read } from './shape.ts'

export interface InviteLink {
  workspace: WorkspaceId
  /** Address of the relay, `wss://…/sync`. */
  relay: string
  /** 32 random bytes; the invite's keys are `seedKeys(seed, 'seed')`. */
  seed: Bytes
}

export const encodeInviteLink = (origin: string, invite: InviteLink): string =>
  `${origin}/join#${toBase64Url(encode([1, idToBytes(invite.workspace), invite.relay, invite.seed]))}`

/** Takes the whole link or its fragment, with blanks around it (as pasted). */
export const parseInviteLink = (link: string): Read<InviteLink> =>
  fromLink(link, (value) => {
    const field = list(value, 4)
    if (field[0] !== 1) throw new Misshapen('unknown version of a link')
    return {
      workspace: id<WorkspaceId>(field[1]),
      relay: relayAddress(text(field[2], 1024)),
      seed: bytes(field[3], 32),
    }
  })

/** What a new device shows (QR, link): its public keys and where it waits. No secret; the short code is compared. */
export interface DeviceLink {
  relay: string
  keys: PublicKeys
}

export const encodeDeviceLink = (origin: string, device: DeviceLink): string =>
  `${origin}/link#${toBase64Url(encode([1, device.relay, device.keys.sign, device.keys.agree]))}`

export const parseDeviceLink = (link: string): Read<DeviceLink> =>
  fromLink(link, (value) => {
    const field = list(value, 4)
    if (field[0] !== 1) throw new Misshapen('unknown version of a link')
    const keys = { sign: bytes(field[2], 32), agree: bytes(field[3], 32) }
    return { relay: relayAddress(text(field[1], 1024)), keys }
  })

/** Six digits shown on both screens: the old device adds exactly the keys that the new one has. */
export function shortCode(keys: PublicKeys): string {
  const hash = sha256(utf8('tz-link-1'), keys.sign, keys.agree)
  return String(new DataView(hash.buffer).getUint32(0) % 1_000_000).padStart(6, '0')
}

function relayAddress(address: string): string {
  const protocol = URL.canParse(address) ? new URL(address).protocol : ''
  if (protocol !== 'ws:' && protocol !== 'wss:') throw new Misshapen('not the address of a relay')
  return address
}

const toBase64Url = (content: Bytes): string => content.toBase64({ alphabet: 'base64url', omitPadding: true })

function fromLink<Value>(link: string, shape: (value: Decoded) => Value): Read<Value> {
  const fragment = link.trim().split('#').at(-1)!
  if (fragment.length > 4096) return { ok: false, reason: 'link too long' }
  let content: Bytes
  try {
    content = Uint8Array.fromBase64(fragment, { alphabet: 'base64url' })
  } catch {
    return { ok: false, reason: 'not a link' }
  }
  return read(content, shape, { depth: 1, values: 8 })
}
