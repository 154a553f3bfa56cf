/**
 * The document store: automerge-repo's Repo over IndexedDB, without a network. Its adapter writes one transaction per
 * call; ours collects the chunks of one turn into one durable transaction and leaves marks there for every document
 * that was written, so that after a crash the outbox can be derived (R4), and projections checked, without loading every
 * document.
 */
import type { DocHandle, DocumentId } from '@automerge/automerge-repo/slim'
import {
  parseAutomergeUrl,
  Repo,
  stringifyAutomergeUrl,
  type BinaryDocumentId,
  type Chunk,
  type StorageKey,
} from '@automerge/automerge-repo/slim'
import { IndexedDBStorageAdapter } from '@automerge/automerge-repo-storage-indexeddb'
import { openDB, type IDBPDatabase } from 'idb'
import { isWholeChunk } from './whole-chunk.ts'

const STORE = 'documents'
const MARK = '~touched'
/** Set by the same writes; cleared once the document's projection is stored. */
const UNPROJECTED = '~unprojected'

type Write = { key: string[]; binary: Uint8Array }

/** automerge-repo's IndexedDB adapter with batched, strictly durable writes and `getAll` reads. */
export class BatchingStorageAdapter extends IndexedDBStorageAdapter {
  readonly #db: Promise<IDBPDatabase>
  readonly #damaged = new Set<string>()
  #queue: Write[] = []
  #flushing: Promise<void> | null = null

  constructor(database: string) {
    super(database, STORE)
    this.#db = openDB(database, 1, { upgrade: (db) => void db.createObjectStore(STORE) })
  }

  override async load(key: StorageKey): Promise<Uint8Array | undefined> {
    const row: unknown = await (await this.#db).get(STORE, key)
    return binaryOf(row)
  }

  /** Resolves once the bytes are on disk; rejects (QuotaExceededError …) if they could not be written. */
  override save(key: StorageKey, binary: Uint8Array): Promise<void> {
    this.#queue.push({ key, binary })
    this.#flushing ??= Promise.resolve().then(() => this.#writeQueue())
    return this.#flushing
  }

  override async loadRange(prefix: StorageKey): Promise<Chunk[]> {
    const range = IDBKeyRange.bound(prefix, [...prefix, '\uffff'])
    const rows: unknown[] = await (await this.#db).getAll(STORE, range)
    return rows.map((row) => {
      const chunk = { key: keyOf(row), data: binaryOf(row) }
      if (chunk.data && isWholeChunk(chunk.data)) return chunk
      // Without it the chunks behind it are read; what it held comes back from the records.
      this.#damaged.add(prefix[0] ?? '')
      return { key: chunk.key, data: undefined }
    })
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

  /** Asks `stillProjected` at the moment from which on any further write sets the mark again. */
  async clearUnprojected(locals: readonly string[], stillProjected = () => true): Promise<void> {
    const db = await this.#db
    if (!stillProjected()) return
    const tx = db.transaction(STORE, 'readwrite')
    await Promise.all([...locals.map((local) => tx.store.delete([UNPROJECTED, local])), tx.done])
  }

  async #marked(mark: string): Promise<Set<string>> {
    const keys = await (await this.#db).getAllKeys(STORE, IDBKeyRange.bound([mark], [mark, '\uffff']))
    return new Set(keys.map((key) => (key as string[])[1] ?? ''))
  }

  async clearTouched(local: string): Promise<void> {
    await (await this.#db).delete(STORE, [MARK, local])
  }

  async close(): Promise<void> {
    await this.#flushing
    ;(await this.#db).close()
  }

  async #writeQueue(): Promise<void> {
    const db = await this.#db
    const batch = this.#queue
    this.#queue = []
    // From here on a new save opens a new batch.
    this.#flushing = null
    const tx = db.transaction(STORE, 'readwrite', { durability: 'strict' })
    const puts: Promise<unknown>[] = []
    for (const { key, binary } of batch) {
      puts.push(tx.store.put({ key, binary }, key))
      if (key[1] === 'incremental' || key[1] === 'snapshot') {
        for (const mark of [
          [MARK, key[0] ?? ''],
          [UNPROJECTED, key[0] ?? ''],
        ])
          puts.push(tx.store.put({ key: mark, binary: new Uint8Array(0) }, mark))
      }
    }
    await Promise.all([...puts, tx.done])
  }
}

function binaryOf(row: unknown): Uint8Array | undefined {
  if (typeof row !== 'object' || row === null || !('binary' in row)) return undefined
  return row.binary instanceof Uint8Array ? row.binary : undefined
}

function keyOf(row: unknown): StorageKey {
  const key = typeof row === 'object' && row !== null && 'key' in row ? row.key : null
  return Array.isArray(key) ? key.map(String) : []
}

export interface DocumentStore {
  repo: Repo
  storage: BatchingStorageAdapter
}

/** Our own flush decides when a document is saved, so the Repo's timer is set beyond any session's length. */
const NEVER = 2 ** 31 - 1

export function createDocumentStore(database = 'tongzhou-documents'): DocumentStore {
  const storage = new BatchingStorageAdapter(database)
  return { storage, repo: new Repo({ storage, network: [], saveDebounceRate: NEVER }) }
}

/** automerge-repo's name for a 16-byte id given in hex. */
export function localIdOf(hex: string): DocumentId {
  const binary = Uint8Array.fromHex(hex) as BinaryDocumentId
  return parseAutomergeUrl(stringifyAutomergeUrl(binary)).documentId
}

/** Opens a document that is stored here. Rejects if it is not, or if its chunks cannot be read. */
export function findDocument<Doc>(repo: Repo, local: DocumentId): Promise<DocHandle<Doc>> {
  return repo.find<Doc>(local)
}
