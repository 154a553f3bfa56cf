/**
 * Whether stored bytes are what Automerge once wrote. Its loader stops at the first chunk that it cannot read and says
 * nothing, so that everything behind it would be missing; a damaged chunk is therefore found before.
 */
import { copyOf, sha256 } from '#lib/sync/bytes.ts'

/** https://automerge.org/automerge-binary-format-spec/#_chunks: magic bytes, checksum(4), type(1), length (LEB128), content. */
const MAGIC = [0x85, 0x6f, 0x4a, 0x83]
/** Its checksum is of the inflated change: that one is left to Automerge. */
const COMPRESSED = 2
/** From so many bytes on the browser's own hash is quicker, for all that it answers later. */
const LARGE = 4096

export async function isWholeChunk(bytes: Uint8Array): Promise<boolean> {
  if (bytes.length === 0) return false
  for (let at = 0; at < bytes.length;) {
    if (MAGIC.some((byte, index) => bytes[at + index] !== byte)) return false
    const type = bytes[at + 8]
    let length = 0
    let cursor = at + 9
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[cursor++]
      if (byte === undefined || shift > 28) return false
      length += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    const end = cursor + length
    if (end > bytes.length) return false
    if (type !== COMPRESSED) {
      const checksum = await hashOf(bytes, at + 8, end)
      for (let i = 0; i < 4; i++) if (checksum[i] !== bytes[at + 4 + i]) return false
    }
    at = end
  }
  return true
}

const hashOf = async (bytes: Uint8Array, from: number, to: number): Promise<Uint8Array> =>
  to - from < LARGE
    ? sha256(bytes.subarray(from, to))
    : new Uint8Array(await crypto.subtle.digest('SHA-256', copyOf(bytes, from, to)))
