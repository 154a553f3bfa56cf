/**
 * The rows of documents in IndexedDB, under [local id, part, hash]: automerge-repo's adapter with what it has not. Rows of one turn
 * go into one strictly durable transaction, a range is read at once, rows that are not what Automerge once wrote are left out and
 * noticed, and the same transaction leaves marks for every document that was written, so that after a crash the outbox can be
 * derived (R4), and projections checked, without loading every document.
 */
import type { Chunk, StorageKey } from '@automerge/automerge-repo/slim'
import { IndexedDBStorageAdapter } from '@automerge/automerge-repo-storage-indexeddb'
import { openDB, type IDBPDatabase } from 'idb'
import { isWholeChunk } from './whole-chunk.ts'

const STORE = 'documents'
const MARK = '~touched'
/** Set by the same writes; cleared once the document's projection is stored. */
const UNPROJECTED = '~unprojected'

type Write = { put: { key: string[]; binary: Uint8Array }; marks: boolean } | { gone: StorageKey }

/** What is on disk of one document, as far as it was read or written here: bytes by key. */
type Sizes = Map<string, { key: StorageKey; size: number }>

export class DocumentRows extends IndexedDBStorageAdapter {
  readonly #db: Promise<IDBPDatabase>
  readonly #damaged = new Set<string>()
  readonly #sizes = new Map<string, Sizes>()
  #queue: Write[] = []
  #flushing: Promise<void> | null = null

  constructor(database: string) {
    super(database, STORE)
    this.#db = openDB(database, 1, { upgrade: (db) => void db.createObjectStore(STORE) })
  }

  override async load(key: StorageKey): Promise<Uint8Array | undefined> {
    return binaryOf(await (await this.#db).get(STORE, key))
  }

  /** Resolves once the bytes are on disk; rejects (QuotaExceededError …) if they could not be written. */
  override save(key: StorageKey, binary: Uint8Array): Promise<void> {
    return this.#write({ put: { key, binary }, marks: true })
  }

  override remove(key: StorageKey): Promise<void> {
    return this.#write({ gone: key })
  }

  override async loadRange(prefix: StorageKey): Promise<Chunk[]> {
    const rows: unknown[] = await (await this.#db).getAll(STORE, rangeOf(prefix))
    const chunks: Chunk[] = []
    for (const row of rows) {
      const [key, data] = [keyOf(row), binaryOf(row)]
      if (key.length === 3 && data && (await isWholeChunk(data))) {
        this.#count(key, data.length)
        chunks.push({ key, data })
        continue
      }
      // Without it the rows behind it are read; what it held comes back from the records.
      this.#damaged.add(prefix[0] ?? '')
    }
    return chunks
  }

  override async removeRange(prefix: StorageKey): Promise<void> {
    if (prefix.length === 1) this.#sizes.delete(prefix[0] ?? '')
    const tx = (await this.#db).transaction(STORE, 'readwrite')
    await Promise.all([tx.store.delete(rangeOf(prefix)), tx.done])
  }

  /** Puts one row in the place of all that are known of its document, in one transaction and without a mark. */
  replaceAll(key: StorageKey, binary: Uint8Array): Promise<void> {
    const others = [...(this.#sizes.get(key[0] ?? '')?.values() ?? [])].filter((row) => row.key.join() !== key.join())
    return this.#write({ put: { key, binary }, marks: false }, ...others.map((row) => ({ gone: row.key })))
  }

  /** Rows and bytes of a document that are not in its snapshot, and the bytes that are. */
  looseOf(local: string): { rows: number; bytes: number; snapshot: number } {
    const found = { rows: 0, bytes: 0, snapshot: 0 }
    for (const { key, size } of this.#sizes.get(local)?.values() ?? []) {
      if (key[1] === 'snapshot') found.snapshot += size
      else {
        found.rows += 1
        found.bytes += size
      }
    }
    return found
  }

  /** Whether bytes of a local document were found unreadable. */
  isDamaged(local: string): boolean {
    return this.#damaged.has(local)
  }

  /** Local ids of the documents written since they were last cleared. */
  touched(): Promise<Set<string>> {
    return this.#marked(MARK)
  }

  /** Local ids of the documents written since they were last projected. */
  unprojected(): Promise<Set<string>> {
    return this.#marked(UNPROJECTED)
  }

  async clearTouched(local: string): Promise<void> {
    await (await this.#db).delete(STORE, [MARK, local])
  }

  /** Asks `stillProjected` at the moment from which on any further write sets the mark again. */
  async clearUnprojected(locals: readonly string[], stillProjected = () => true): Promise<void> {
    const db = await this.#db
    if (!stillProjected()) return
    const tx = db.transaction(STORE, 'readwrite')
    await Promise.all([...locals.map((local) => tx.store.delete([UNPROJECTED, local])), tx.done])
  }

  async close(): Promise<void> {
    await this.#flushing
    ;(await this.#db).close()
  }

  async #marked(mark: string): Promise<Set<string>> {
    const keys = await (await this.#db).getAllKeys(STORE, rangeOf([mark]))
    return new Set(keys.map((key) => (key as string[])[1] ?? ''))
  }

  #count(key: StorageKey, size: number): void {
    const local = key[0] ?? ''
    const sizes = this.#sizes.get(local) ?? new Map()
    this.#sizes.set(local, sizes.set(key.join(), { key, size }))
  }

  /** Resolves once it is on disk, together with whatever else is written in this turn. */
  #write(...writes: Write[]): Promise<void> {
    this.#queue.push(...writes)
    this.#flushing ??= Promise.resolve().then(() => this.#writeQueue())
    return this.#flushing
  }

  async #writeQueue(): Promise<void> {
    const db = await this.#db
    const batch = this.#queue
    this.#queue = []
    // From here on a new write opens a new batch.
    this.#flushing = null
    const tx = db.transaction(STORE, 'readwrite', { durability: 'strict' })
    const done: Promise<unknown>[] = [tx.done]
    const written = new Set<string>()
    for (const write of batch) {
      if ('gone' in write) done.push(tx.store.delete(write.gone))
      else {
        done.push(tx.store.put(write.put, write.put.key))
        // Repo's own row, its name, is no document.
        if (write.marks && write.put.key.length === 3) written.add(write.put.key[0] ?? '')
      }
    }
    for (const local of written)
      for (const key of [
        [MARK, local],
        [UNPROJECTED, local],
      ])
        done.push(tx.store.put({ key, binary: new Uint8Array(0) }, key))
    await Promise.all(done)
    for (const write of batch) {
      if ('gone' in write) this.#sizes.get(write.gone[0] ?? '')?.delete(write.gone.join())
      else this.#count(write.put.key, write.put.binary.length)
    }
  }
}

const rangeOf = (prefix: StorageKey): IDBKeyRange => IDBKeyRange.bound(prefix, [...prefix, '\uffff'])

function binaryOf(row: unknown): Uint8Array | undefined {
  if (typeof row !== 'object' || row === null || !('binary' in row)) return undefined
  return row.binary instanceof Uint8Array ? row.binary : undefined
}

function keyOf(row: unknown): StorageKey {
  const key = typeof row === 'object' && row !== null && 'key' in row ? row.key : null
  return Array.isArray(key) ? key.map(String) : []
}
