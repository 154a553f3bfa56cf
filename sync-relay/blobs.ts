/**
 * Blobs (R10): files named by the hash of their ciphertext, in a folder per workspace and scope. A blob grows in order and
 * can be taken up again where it stopped; it counts only when it is whole and its hash is its name.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import type { Bytes, Hash } from '#lib/sync/bytes.ts'
import { BLOB_CHUNK_LIMIT } from '#lib/sync/protocol.ts'
import type { RelayLimits } from './limits.ts'
import { createSerial, type Serial } from './serial.ts'
import { StorageFull, type Storage } from './storage/storage.ts'

export type BlobRefusal = 'unknown' | 'too-large' | 'quota' | 'full' | 'wrong-hash' | 'no-right' | 'bad-offset'
export type BlobGrown = { ok: true; received: number } | { ok: false; reason: BlobRefusal }
export type BlobStretch = { ok: true; total: number; bytes: Bytes } | { ok: false; reason: BlobRefusal }

export interface BlobPlace {
  workspace: WorkspaceId
  scope: ScopeId
  hash: Hash
}

export function createBlobs(dataDir: string, storage: Storage, limits: RelayLimits) {
  const folderOf = ({ workspace, scope }: BlobPlace): string => join(dataDir, 'blobs', workspace, scope)
  const fileOf = (place: BlobPlace): string => join(folderOf(place), place.hash)
  /** Chunks of one blob are written one after another; the entry lives as long as there is work. */
  const busy = new Map<string, { serial: Serial; users: number }>()

  async function inTurn<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
    const turn = busy.get(file) ?? { serial: createSerial(), users: 0 }
    busy.set(file, turn)
    turn.users++
    try {
      return await turn.serial.run(work)
    } finally {
      if (--turn.users === 0) busy.delete(file)
    }
  }

  /** Takes a stretch in. Without bytes it only says how much is there already. */
  function put(place: BlobPlace, offset: number, total: number, bytes: Bytes): Promise<BlobGrown> {
    if (total > limits.blob || total === 0 || bytes.length > BLOB_CHUNK_LIMIT)
      return Promise.resolve({ ok: false, reason: 'too-large' })
    return inTurn(fileOf(place), async () => {
      try {
        return await grow(place, offset, total, bytes)
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : null
        if (error instanceof StorageFull || code === 'ENOSPC' || code === 'EDQUOT') return { ok: false, reason: 'full' }
        throw error
      }
    })
  }

  async function grow(place: BlobPlace, offset: number, total: number, bytes: Bytes): Promise<BlobGrown> {
    const whole = storage.blob(place.workspace, place.scope, place.hash)
    if (whole !== null) return { ok: true, received: whole }
    const part = `${fileOf(place)}.part`
    const received = (await sizeOf(part)) ?? 0
    // A stretch that is there already, or after a hole: the answer says where to go on.
    if (bytes.length === 0 || offset !== received) return { ok: true, received }
    if (offset + bytes.length > total) return { ok: false, reason: 'bad-offset' }
    if (offset === 0 && storage.bytesOf(place.workspace) + total > limits.bytesPerWorkspace)
      return { ok: false, reason: 'quota' }
    await mkdir(folderOf(place), { recursive: true, mode: 0o700 })
    const isLast = offset + bytes.length === total
    const file = await open(part, 'a', 0o600)
    try {
      await file.write(bytes)
      if (isLast) await file.sync()
    } finally {
      await file.close()
    }
    if (!isLast) return { ok: true, received: offset + bytes.length }
    const hash = createHash('sha256')
    await pipeline(createReadStream(part), hash)
    if (hash.digest('hex') !== place.hash) {
      await rm(part)
      return { ok: false, reason: 'wrong-hash' }
    }
    await rename(part, fileOf(place))
    storage.addBlob(place.workspace, place.scope, place.hash, total)
    return { ok: true, received: total }
  }

  async function get(place: BlobPlace, offset: number): Promise<BlobStretch> {
    const whole = storage.blob(place.workspace, place.scope, place.hash)
    if (whole === null) return { ok: false, reason: 'unknown' }
    if (offset >= whole) return { ok: false, reason: 'bad-offset' }
    const bytes = new Uint8Array(Math.min(BLOB_CHUNK_LIMIT, whole - offset))
    const file = await open(fileOf(place), 'r').catch(() => null)
    if (!file) return { ok: false, reason: 'unknown' }
    try {
      const { bytesRead } = await file.read(bytes, 0, bytes.length, offset)
      return bytesRead === bytes.length ? { ok: true, total: whole, bytes } : { ok: false, reason: 'unknown' }
    } finally {
      await file.close()
    }
  }

  return { put, get }
}
export type Blobs = ReturnType<typeof createBlobs>

const sizeOf = (file: string): Promise<number | null> =>
  stat(file).then(
    ({ size }) => size,
    () => null,
  )
