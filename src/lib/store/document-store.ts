/**
 * Documents on disk: automerge-repo's storage over IndexedDB, without a network. A document is one compacted snapshot and the
 * changes that were saved since; automerge-repo decides what is written when, `DocumentRows` how.
 *
 * What is read is loaded here and not by a DocHandle: that one loads every document twice over and then compares nothing with
 * everything, which made a board open three times as slowly as its bytes load (docs/decisions/0009).
 */
import * as A from '@automerge/automerge/slim'
import { Repo, type DocumentId } from '@automerge/automerge-repo/slim'
import { sha256, utf8 } from '#lib/sync/bytes.ts'
import { DocumentRows } from './document-rows.ts'
import { StoredDocument, type AnyDoc } from './stored-document.ts'

/** More loose rows than that are compacted at once, whoever works meanwhile. */
const MOST_LOOSE = 400
/** What makes opening slower is compacted as soon as the document is left alone: so many rows, or such a part of the whole. */
const FEW_LOOSE = 16
const SMALL_PART = 0.1
/** Our own flush decides when a document is saved, so the Repo's timer is set beyond any session's length. */
const NEVER = 2 ** 31 - 1

export class DocumentStore {
  readonly rows: DocumentRows
  readonly #storage: NonNullable<Repo['storageSubsystem']>

  constructor(database = 'tongzhou-documents') {
    this.rows = new DocumentRows(database)
    const { storageSubsystem } = new Repo({ storage: this.rows, network: [], saveDebounceRate: NEVER })
    if (!storageSubsystem) throw new Error('a Repo with an adapter has storage')
    this.#storage = storageSubsystem
  }

  /** Reads a document; null where there is nothing of it. Rejects where its bytes cannot be read. */
  async open(local: string): Promise<StoredDocument | null> {
    const bytes = await this.#storage.loadDocData(named(local))
    if (!bytes) return null
    // A row that was left out as damaged may be missed by those behind it.
    const doc: AnyDoc = A.load(bytes, { allowMissingChanges: true })
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
    // The first write after an opening writes the whole: then automerge-repo knows what is on disk.
    await this.#storage.saveDoc(named(document.local), doc)
    document.savedHeads = heads
    if (this.rows.looseOf(document.local).rows > MOST_LOOSE) await this.#writeWhole(document.local, doc)
  }

  isSaved(document: StoredDocument): boolean {
    return isSame(A.getHeads(document.doc()), document.savedHeads)
  }

  /** A document that was just saved and is left alone: one row instead of many, which opens faster. */
  async compact(document: StoredDocument): Promise<void> {
    const doc = document.doc()
    const { rows, bytes, snapshot } = this.rows.looseOf(document.local)
    if (rows <= FEW_LOOSE && bytes <= snapshot * SMALL_PART) return
    // What is not on disk yet may go there only with its mark.
    if (this.isSaved(document)) await this.#writeWhole(document.local, doc)
  }

  async #writeWhole(local: string, doc: AnyDoc): Promise<void> {
    const hash = sha256(utf8(A.getHeads(doc).sort().join())).toHex()
    await this.rows.replaceAll([local, 'snapshot', hash], A.save(doc))
    // It goes by the rows that it has read.
    await this.#storage.loadDocData(named(local))
  }

  delete(local: string): Promise<void> {
    return this.rows.removeRange([local])
  }

  /** Every row of a document that is what Automerge once wrote, snapshots first. */
  async readable(local: string): Promise<Uint8Array[]> {
    const parts = [await this.rows.loadRange([local, 'snapshot']), await this.rows.loadRange([local, 'incremental'])]
    return parts.flat().flatMap(({ data }) => (data ? [data] : []))
  }

  close(): Promise<void> {
    return this.rows.close()
  }
}

const isSame = (a: A.Heads, b: A.Heads): boolean => a.length === b.length && a.every((head) => b.includes(head))

/** To automerge-repo's storage a document's name is a part of a key, whatever it looks like. */
const named = (local: string): DocumentId => local as DocumentId
