/**
 * Blobs (R10): files named by the hash of their ciphertext, in a folder per workspace and scope. A blob grows in order and
 * can be taken up again where it stopped; it counts only when it is whole and its hash is its name. What is here of it fills the
 * workspace's room from its first byte on.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { isHexId, toId, type ScopeId, type WorkspaceId } from '#lib/kernel/ids.ts'
import { bytesToHash, type Bytes, type Hash } from '#lib/sync/bytes.ts'
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

/** What a workspace may still take in. */
export interface Room {
  has: (bytes: number) => boolean
  /** Of a blob that is not whole; less than nothing where it is thrown away. */
  fill: (bytes: number) => void
  /** All of a blob is entered in the books. */
  enter: (bytes: number) => void
}

const PART = '.part'
/** Whoever sends a blob goes on with the next connection: after so long nobody does. */
const LEFT = 7 * 24 * 60 * 60 * 1000

export function createBlobs(dataDir: string, storage: Storage, limits: RelayLimits, now: () => number) {
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
  function put(place: BlobPlace, offset: number, total: number, bytes: Bytes, room: Room): Promise<BlobGrown> {
    if (total > limits.blob || total === 0 || bytes.length > BLOB_CHUNK_LIMIT)
      return Promise.resolve({ ok: false, reason: 'too-large' })
    return inTurn(fileOf(place), async () => {
      try {
        return await grow(place, offset, total, bytes, room)
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : null
        if (error instanceof StorageFull || code === 'ENOSPC' || code === 'EDQUOT') return { ok: false, reason: 'full' }
        throw error
      }
    })
  }

  async function grow(place: BlobPlace, offset: number, total: number, bytes: Bytes, room: Room): Promise<BlobGrown> {
    const whole = storage.blob(place.workspace, place.scope, place.hash)
    if (whole !== null) return { ok: true, received: whole }
    const received = await receivedOf(place)
    // Its last byte was written, and then something went wrong.
    if (received === total) return finish(place, total, room)
    // A stretch that is there already, or after a hole: the answer says where to go on.
    if (bytes.length === 0 || offset !== received) return { ok: true, received }
    if (offset + bytes.length > total) return { ok: false, reason: 'bad-offset' }
    if (!room.has(total - received)) return { ok: false, reason: 'quota' }
    await mkdir(folderOf(place), { recursive: true, mode: 0o700 })
    const isLast = offset + bytes.length === total
    const file = await open(fileOf(place) + PART, 'a', 0o600)
    try {
      await file.write(bytes)
      if (isLast) await file.sync()
    } finally {
      await file.close()
      room.fill((await receivedOf(place)) - received)
    }
    return isLast ? finish(place, total, room) : { ok: true, received: offset + bytes.length }
  }

  /** So many bytes of it are here; it may be whole and not in the books. */
  const receivedOf = async (place: BlobPlace): Promise<number> =>
    (await sizeOf(fileOf(place) + PART)) ?? (await sizeOf(fileOf(place))) ?? 0

  /** Where all of it is here, it is whole if it is what its name says; else it is thrown away. */
  async function finish(place: BlobPlace, total: number, room: Room): Promise<BlobGrown> {
    const part = fileOf(place) + PART
    const file = (await sizeOf(part)) === null ? fileOf(place) : part
    if (!(await isNamedAfter(file, place.hash))) {
      await rm(file)
      room.fill(-total)
      return { ok: false, reason: 'wrong-hash' }
    }
    await enter(place, file, total, room)
    return { ok: true, received: total }
  }

  async function enter(place: BlobPlace, file: string, total: number, room: Room): Promise<void> {
    if (file !== fileOf(place)) await rename(file, fileOf(place))
    storage.addBlob(place.workspace, place.scope, place.hash, total)
    room.enter(total)
  }

  /** What is here of blobs that are not in the books: some are whole after a crash, and what was left is thrown away. */
  async function takeStock(workspace: WorkspaceId, room: Room): Promise<void> {
    const folder = join(dataDir, 'blobs', workspace)
    for (const scope of (await namesIn(folder)).filter(isHexId).map((name) => toId<ScopeId>(name))) {
      for (const name of await namesIn(join(folder, scope))) {
        const hash = hashInName(name)
        if (hash === null || storage.blob(workspace, scope, hash) !== null) continue
        const file = join(folder, scope, name)
        const { size, mtimeMs } = await stat(file)
        room.fill(size)
        if (await isNamedAfter(file, hash)) {
          await enter({ workspace, scope, hash }, file, size, room).catch((error: unknown) => {
            // There will be room for its entry when it is sent once more.
            if (!(error instanceof StorageFull)) throw error
          })
        } else if (now() - mtimeMs > LEFT) {
          await rm(file)
          room.fill(-size)
        }
      }
    }
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

  return { put, get, takeStock }
}
export type Blobs = ReturnType<typeof createBlobs>

const sizeOf = (file: string): Promise<number | null> =>
  stat(file).then(
    ({ size }) => size,
    () => null,
  )

const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })

const hashInName = (name: string): Hash | null =>
  /^[0-9a-f]{64}(\.part)?$/.test(name) ? bytesToHash(Uint8Array.fromHex(name.slice(0, 64))) : null

async function isNamedAfter(file: string, name: Hash): Promise<boolean> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex') === name
}
