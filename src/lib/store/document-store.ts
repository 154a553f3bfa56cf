/**
 * Documents on disk. A document is one compacted snapshot and the changes that were saved since, each a row under
 * [local id, part, hash]; rows of one turn go into one strictly durable transaction. The same transaction leaves marks for every
 * document that was written, so that after a crash the outbox can be derived (R4), and projections checked, without loading
 * every document.
 *
 * automerge-repo's Repo was here before. It reads every document three times over when it opens one (an empty document that takes
 * in the bytes, then a comparison of nothing with everything), which made a board open three times as slowly as its bytes
 * load; and of the rest, peers and requests, nothing was used.
 */
import * as A from '@automerge/automerge/slim'
import { openDB, type IDBPDatabase } from 'idb'
import { concat, sha256, utf8 } from '#lib/sync/bytes.ts'
import { StoredDocument, type AnyDoc } from './stored-document.ts'
import { isWholeChunk } from './whole-chunk.ts'

const STORE = 'documents'
const MARK = '~touched'
/** Set by the same writes; cleared once the document's projection is stored. */
const UNPROJECTED = '~unprojected'
const SNAPSHOT = 'snapshot'
const LOOSE = 'incremental'

/** Below that a snapshot costs nothing to write again. */
const SMALL = 1024
/** More loose rows than that are compacted at once, whoever works meanwhile. */
const MOST_LOOSE = 400
/** What makes opening slower is compacted as soon as the document is left alone: so many rows, or such a part of the whole. */
const FEW_LOOSE = 16
const SMALL_PART = 0.1

type Key = [local: string, part: string, hash: string]
interface Row {
  key: Key
  binary: Uint8Array
}
type Write = { put: Row; marks: boolean } | { gone: Key }

/** What is on disk of one document, as far as it was read or written here. */
interface Books {
  snapshot: number
  /** Of the loose rows together. */
  loose: number
  keys: Key[]
}

export class DocumentStore {
  readonly #db: Promise<IDBPDatabase>
  readonly #damaged = new Set<string>()
  readonly #books = new Map<string, Books>()
  #queue: Write[] = []
  #flushing: Promise<void> | null = null

  constructor(database = 'tongzhou-documents') {
    this.#db = openDB(database, 1, { upgrade: (db) => void db.createObjectStore(STORE) })
  }

  /** Reads a document; null where there is nothing of it. Rejects where its bytes cannot be read. */
  async open(local: string): Promise<StoredDocument | null> {
    const { snapshots, loose } = await this.readable(local)
    const [first, ...more] = [...snapshots, ...loose]
    if (!first) return null
    // `load` takes in a whole document at once; an empty document that takes in changes needs twice as long.
    let doc: AnyDoc = A.load(first)
    if (more.length > 0) doc = A.loadIncremental(doc, concat(...more))
    return new StoredDocument(local, doc, A.getHeads(doc))
  }

  /** Puts a new document on disk, under an id that nothing has had. */
  async create(local: string, doc: AnyDoc): Promise<StoredDocument> {
    const document = new StoredDocument(local, doc, [])
    await this.save(document)
    return document
  }

  /** Whoever calls it for one document waits for the call before. Rejects (QuotaExceededError …) where nothing could be written. */
  async save(document: StoredDocument): Promise<void> {
    const doc = document.doc()
    const heads = A.getHeads(doc)
    if (isSame(heads, document.savedHeads)) return
    const books = this.#books.get(document.local)
    if (!books || books.snapshot < SMALL || books.loose >= books.snapshot || books.keys.length > MOST_LOOSE)
      await this.#writeWhole(document, doc, true)
    else {
      const binary = A.saveSince(doc, document.savedHeads)
      const key: Key = [document.local, LOOSE, sha256(binary).toHex()]
      await this.#write({ put: { key, binary }, marks: true })
      books.loose += binary.length
      books.keys.push(key)
    }
    document.savedHeads = heads
  }

  /** A document that was just saved and is left alone: one row instead of many, which opens faster. */
  async compact(document: StoredDocument): Promise<void> {
    const doc = document.doc()
    const books = this.#books.get(document.local)
    if (!books || (books.keys.length <= FEW_LOOSE && books.loose <= books.snapshot * SMALL_PART)) return
    // What is not on disk yet may go there only with its mark.
    if (!isSame(A.getHeads(doc), document.savedHeads)) return
    await this.#writeWhole(document, doc, false)
  }

  async #writeWhole({ local }: StoredDocument, doc: AnyDoc, marks: boolean): Promise<void> {
    const binary = A.save(doc)
    const key: Key = [local, SNAPSHOT, sha256(utf8(A.getHeads(doc).sort().join())).toHex()]
    // All of it is in the snapshot: rows are only ever added by saving this document.
    const old = (this.#books.get(local)?.keys ?? []).filter(([, part, hash]) => part !== SNAPSHOT || hash !== key[2])
    await this.#write({ put: { key, binary }, marks }, ...old.map((gone) => ({ gone })))
    this.#books.set(local, { snapshot: binary.length, loose: 0, keys: [key] })
  }

  async delete(local: string): Promise<void> {
    this.#books.delete(local)
    const db = await this.#db
    const tx = db.transaction(STORE, 'readwrite')
    await Promise.all([tx.store.delete(IDBKeyRange.bound([local], [local, '\uffff'])), tx.done])
  }

  /** Every row of a document that is what Automerge once wrote, snapshots first. */
  async readable(local: string): Promise<{ snapshots: Uint8Array[]; loose: Uint8Array[] }> {
    const range = IDBKeyRange.bound([local], [local, '\uffff'])
    const rows: unknown[] = await (await this.#db).getAll(STORE, range)
    const books: Books = { snapshot: 0, loose: 0, keys: [] }
    const found = { snapshots: [] as Uint8Array[], loose: [] as Uint8Array[] }
    for (const row of rows) {
      const { key, binary } = rowOf(row)
      if (!key || !binary || !(await isWholeChunk(binary))) {
        // Without it the rows behind it are read; what it held comes back from the records.
        this.#damaged.add(local)
        continue
      }
      books.keys.push(key)
      if (key[1] === SNAPSHOT) {
        books.snapshot += binary.length
        found.snapshots.push(binary)
      } else {
        books.loose += binary.length
        found.loose.push(binary)
      }
    }
    this.#books.set(local, books)
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

  async #marked(mark: string): Promise<Set<string>> {
    const keys = await (await this.#db).getAllKeys(STORE, IDBKeyRange.bound([mark], [mark, '\uffff']))
    return new Set(keys.map((key) => (key as string[])[1] ?? ''))
  }

  async close(): Promise<void> {
    await this.#flushing
    ;(await this.#db).close()
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
    // From here on a new save opens a new batch.
    this.#flushing = null
    const tx = db.transaction(STORE, 'readwrite', { durability: 'strict' })
    const done: Promise<unknown>[] = [tx.done]
    const written = new Set<string>()
    for (const write of batch) {
      if ('gone' in write) done.push(tx.store.delete(write.gone))
      else {
        done.push(tx.store.put(write.put, write.put.key))
        if (write.marks) written.add(write.put.key[0])
      }
    }
    for (const local of written)
      for (const key of [
        [MARK, local],
        [UNPROJECTED, local],
      ])
        done.push(tx.store.put({ key, binary: new Uint8Array(0) }, key))
    await Promise.all(done)
  }
}

const isSame = (a: A.Heads, b: A.Heads): boolean => a.length === b.length && a.every((head) => b.includes(head))

function rowOf(row: unknown): { key: Key | null; binary: Uint8Array | null } {
  if (typeof row !== 'object' || row === null || !('key' in row) || !('binary' in row))
    return { key: null, binary: null }
  const [local, part, hash] = Array.isArray(row.key) ? row.key.map(String) : []
  const key: Key | null = local !== undefined && part !== undefined && hash !== undefined ? [local, part, hash] : null
  return { key, binary: row.binary instanceof Uint8Array ? row.binary : null }
}
