/** Links that carry a secret in their fragment, which no server sees: an invitation, or a further device of a person (A9). */
import type { WorkspaceId } from '../kernel/ids.ts'
import { idToBytes, type Bytes } from './bytes.ts'
import { encode, type Decoded } from './cbor.ts'
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

/** Takes the whole link or its fragment, with blanks around it (as pasted) or the full stop of the sentence that it ended (as opened). */
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

export function isRelayAddress(address: string): boolean {
  const protocol = URL.canParse(address) ? new URL(address).protocol : ''
  return protocol === 'ws:' || protocol === 'wss:'
}

function relayAddress(address: string): string {
  if (!isRelayAddress(address)) throw new Misshapen('not the address of a relay')
  return address
}

const toBase64Url = (content: Bytes): string => content.toBase64({ alphabet: 'base64url', omitPadding: true })

function fromLink<Value>(link: string, shape: (value: Decoded) => Value): Read<Value> {
  const [fragment = ''] = /^[\w-]*/.exec(link.trim().split('#').at(-1)!) ?? []
  if (fragment.length > 4096) return { ok: false, reason: 'link too long' }
  let content: Bytes
  try {
    content = Uint8Array.fromBase64(fragment, { alphabet: 'base64url' })
  } catch {
    return { ok: false, reason: 'not a link' }
  }
  return read(content, shape, { depth: 1, values: 8 })
}
