/**
 * The open documents of one workspace. A shared id (on the wire, in links) stands before a local document, so that a rollback can put a fresh document behind the same id. Every document starts from the frozen
 * changes of its type; what is in it is then exactly: accepted records, and my own changes that no accepted record covers.
 */
import * as A from '@automerge/automerge/slim'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { DeviceId, DocId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'
import type { Db, DocRow } from './db.ts'
import { freshDocument, frozenChanges } from './frozen.ts'
import { actionIn } from './change-message.ts'
import type { DocumentStore } from './document-store.ts'
import type { AnyDoc, StoredDocument } from './stored-document.ts'

export type { AnyDoc } from './stored-document.ts'

export interface OpenDocument {
  row: DocRow
  handle: StoredDocument
  /** Frontier of accepted changes and of sealed records on their way: what lies beyond is still to be sealed. */
  coveredHeads: string[]
  /** The actor of this editing session, set with the first local change (R3). */
  actor: string | null
}

export interface DocBirth {
  doc: DocId
  scope: ScopeId
  lane: DocRow['lane']
  kind: string
  creator: DeviceId
  nonce: Uint8Array<ArrayBuffer>
}

export interface DocumentChange {
  doc: DocId
  patches: A.Patch[]
  before: AnyDoc
  after: AnyDoc
}

export interface DocumentsOptions {
  db: Db
  store: DocumentStore
  ws: WorkspaceId
  /** 32 hex digits: hash of the device key. Every actor of this device begins with it (R3). */
  device: DeviceId
  randomBytes: (length: number) => Uint8Array<ArrayBuffer>
  now: () => number
  onChange: (change: DocumentChange) => void
  /** This device wrote changes, which are not on disk yet. */
  onWritten: (doc: DocId, changes: Uint8Array[]) => void
  /** A document was replaced whole (rollback): views take a new snapshot. */
  onReplaced: (doc: DocId) => void
  /** The changes of a document that its accepted records hold, oldest first. */
  accepted: (doc: DocId) => Promise<readonly Uint8Array[]>
  /** Stored bytes were unreadable; the document has been put together again from what is left and the records. */
  onMended: (doc: DocId) => void
}

export interface Replacement {
  /** Heads of the old document up to which the caller has taken care of it. */
  since: string[]
  /** What the row says from then on. */
  row: Partial<Pick<DocRow, 'chains' | 'checking' | 'newerBy'>>
  /** Stores the row, and whatever must be stored with it, in one transaction. */
  store: () => Promise<void>
  late: (open: OpenDocument, changes: A.Change[]) => Promise<void>
}

export class Documents {
  readonly #options: DocumentsOptions
  readonly rows = new Map<DocId, DocRow>()
  readonly #open = new Map<DocId, Promise<OpenDocument>>()
  readonly #opened = new Map<DocId, OpenDocument>()
  readonly #closing = new Map<DocId, Promise<void>>()
  /** When a document was last asked for or written. */
  readonly #used = new Map<DocId, number>()
  #flushing = new Map<DocId, Promise<void>>()
  readonly #replacing = new Map<DocId, Promise<OpenDocument>>()

  constructor(options: DocumentsOptions) {
    this.#options = options
  }

  async load(): Promise<void> {
    const { db, ws } = this.#options
    for (const row of await db.getAll('docs', IDBKeyRange.bound([ws], [ws, []]))) this.rows.set(row.doc, row)
  }

  /** Makes a document known here, from its genesis, if it is not yet. */
  async ensure(birth: DocBirth): Promise<OpenDocument> {
    if (this.rows.has(birth.doc)) return this.open(birth.doc)
    const opening = this.#opening(birth.doc, async () => {
      const { db, store, ws, now } = this.#options
      const local: string = birth.doc
      const doc = freshDocument(birth.kind)
      const row: DocRow = {
        ws,
        ...birth,
        local,
        acceptedHeads: A.getHeads(doc),
        chains: {},
        newerBy: [],
        checking: null,
        sinceSnapshot: 0,
        updatedAt: now(),
      }
      const handle = await store.create(local, doc)
      // The document before its row: a row always has a document.
      await db.put('docs', row)
      this.rows.set(birth.doc, row)
      this.use(birth.doc)
      return this.#watch(row, handle)
    })
    return opening
  }

  /** Opens a known document. If its stored bytes cannot be read, `onCorrupt` of the caller decides: this rejects. */
  open(doc: DocId): Promise<OpenDocument> {
    this.use(doc)
    const row = this.rows.get(doc)
    if (!row) return Promise.reject(new Error(`unknown document ${doc}`))
    return this.#opening(doc, async () => {
      await this.#closing.get(doc)
      const { store } = this.#options
      const handle = await store.open(row.local).catch(() => null)
      const isWhole = handle && !store.rows.isDamaged(row.local) && hasHeads(handle.doc(), row.acceptedHeads)
      return this.#watch(row, isWhole ? handle : await this.#mended(row))
    })
  }

  /** Somebody is about to work with it: it is not idle. */
  use(doc: DocId): void {
    this.#used.set(doc, this.#options.now())
  }

  /** Open documents that nobody has asked for or written since `before`. */
  idleSince(before: number): DocId[] {
    return [...this.#opened.keys()].filter((doc) => (this.#used.get(doc) ?? 0) < before)
  }

  /** Saves a document and lets go of it, unless somebody has asked for it since `before`. False where it stays open. */
  async close(doc: DocId, before: number): Promise<boolean> {
    const open = this.#opened.get(doc)
    if (!open || this.#closing.has(doc)) return false
    await this.flush(doc)
    if ((this.#used.get(doc) ?? 0) >= before || this.#opened.get(doc) !== open) return false
    // From here to its end whoever opens it waits.
    const closing = this.#close(doc, open).finally(() => this.#closing.delete(doc))
    this.#closing.set(doc, closing)
    await closing
    return true
  }

  async #close(doc: DocId, open: OpenDocument): Promise<void> {
    const { store } = this.#options
    const isAccepted = this.unaccepted(open).length === 0
    this.#open.delete(doc)
    this.#opened.delete(doc)
    this.#letGo.set(doc, new WeakRef(open))
    open.handle.listen(null)
    // Nothing of mine in it waits: the next start need not look (R4).
    if (isAccepted) await store.rows.clearTouched(open.row.local)
  }

  /**
   * The document as it is open now, for whoever writes: it may have been let go of while they waited for something else. It is
   * taken back as it was, or it is the one that somebody has opened since; written into one that is not open, an edit would
   * be on no disk. Throws where it is neither.
   */
  current(open: OpenDocument): OpenDocument {
    const { doc } = open.row
    const now = this.#opened.get(doc)
    if (now) return now
    if (this.#letGo.get(doc)?.deref() !== open || this.rows.get(doc) !== open.row)
      throw new Error(`the document ${doc} was closed`)
    this.#open.set(doc, Promise.resolve(open))
    this.#takeIn(open)
    return open
  }
  /** As they were when they were closed, until they are opened again. */
  readonly #letGo = new Map<DocId, WeakRef<OpenDocument>>()

  /** The document if it is open now. */
  peek(doc: DocId): OpenDocument | undefined {
    return this.#opened.get(doc)
  }

  content(doc: DocId): AnyDoc | undefined {
    return this.#opened.get(doc)?.handle.doc()
  }

  /** Runs a local change under this session's actor. A throw leaves no trace. Returns the change's hash, null if nothing was written. */
  change(
    open: OpenDocument,
    message: string,
    run: (draft: Record<string, unknown>) => void,
    at = this.#options.now(),
  ): string | null {
    open = this.current(open)
    this.#takeActor(open)
    const before = A.getHeads(open.handle.doc())
    open.handle.change(run, message, Math.floor(at / 1000))
    const after = A.getHeads(open.handle.doc())
    const added = after.filter((head) => !before.includes(head))
    const made = added.length > 0 && A.getLastLocalChange(open.handle.doc())
    if (made) this.#options.onWritten(open.row.doc, [made])
    return added[0] ?? null
  }

  /** A change that writes nothing: its message says what there is to know. Returns its hash. */
  note(open: OpenDocument, message: string): string {
    open = this.current(open)
    this.#takeActor(open)
    open.handle.note(message, Math.floor(this.#options.now() / 1000))
    const made = A.getLastLocalChange(open.handle.doc())
    if (!made) throw new Error('a change that writes nothing was not made')
    this.#options.onWritten(open.row.doc, [made])
    return A.decodeChange(made).hash
  }

  /**
   * A copy to rehearse an action on, over several documents; the caller frees it. Under this session's actor, or another's
   * where it is told what somebody else did (the demo).
   */
  copy(open: OpenDocument, actor?: string): AnyDoc {
    open = this.current(open)
    if (!actor) this.#takeActor(open)
    const doc = open.handle.doc()
    return A.clone(doc, { actor: actor ?? A.getActorId(doc) })
  }

  /** Applies changes of this device: rehearsed, or made by an editor of a tab. */
  applyMine(open: OpenDocument, changes: readonly Uint8Array[]): void {
    this.apply(open, changes)
    this.#options.onWritten(open.row.doc, [...changes])
  }

  /** Applies changes. Those that are already there are no-ops. */
  apply(open: OpenDocument, changes: readonly Uint8Array[]): void {
    if (changes.length === 0) return
    open = this.current(open)
    open.handle.apply(changes)
    open.row.updatedAt = this.#options.now()
    this.#used.set(open.row.doc, open.row.updatedAt)
  }

  /** The changes of this device that neither an accepted record nor a sealed one covers, oldest first (R4). */
  unsealed(open: OpenDocument): A.Change[] {
    return this.#mineSince(open, open.coveredHeads)
  }

  /** The changes of this device that no accepted record covers. */
  unaccepted(open: OpenDocument): A.Change[] {
    return this.#mineSince(open, open.row.acceptedHeads)
  }

  /**
   * The actions of mine that they belong to: what a person calls an edit may be several changes in several documents. Typed text
   * counts as one. Asked for every document whenever a screen is told anything, so found once per state of the document.
   */
  waiting(open: OpenDocument): ReadonlySet<string> {
    const doc = open.handle.doc()
    const { acceptedHeads, checking } = open.row
    const known = this.#waiting.get(open)
    if (known && known.doc === doc && known.acceptedHeads === acceptedHeads && known.checking === checking)
      return known.groups
    const metas = A.getChangesMetaSince(doc, checking?.heads ?? acceptedHeads)
    const groups = new Set(metas.map(({ message }) => actionIn(open.row.doc, message)))
    this.#waiting.set(open, { doc, acceptedHeads, checking, groups })
    return groups
  }
  readonly #waiting = new WeakMap<
    OpenDocument,
    { doc: AnyDoc; acceptedHeads: string[]; checking: DocRow['checking']; groups: ReadonlySet<string> }
  >()

  #mineSince(open: OpenDocument, heads: string[]): A.Change[] {
    // While a snapshot is being checked, what lies beyond it is mine; the accepted changes have still to reach it (R8).
    return A.getChangesSince(open.handle.doc(), open.row.checking?.heads ?? heads)
  }

  /** An actor of this device for a session of its own (R3). */
  newActor(): string {
    return this.#options.device + this.#options.randomBytes(8).toHex()
  }

  /** The document for a tab's editor: its bytes, and an actor of this device for that editing session (R3). */
  lend(open: OpenDocument): { bytes: Uint8Array; actor: string } {
    return { bytes: A.save(open.handle.doc()), actor: this.newActor() }
  }

  /** What a tab lacks that knows these heads; everything where they are not known here. */
  changesSince(open: OpenDocument, heads: string[]): Uint8Array[] {
    const doc = open.handle.doc()
    return A.getChangesSince(doc, hasHeads(doc, heads) ? heads : [])
  }

  changesBetween(before: AnyDoc, after: AnyDoc): Uint8Array[] {
    return A.getChangesSince(after, A.getHeads(before))
  }

  /** Nothing of mine in these documents waits, and all of it is on disk: the next start need not look into them (R4). */
  async clearTouched(): Promise<void> {
    for (const [doc, open] of this.#opened) {
      if (this.#flushing.has(doc) || this.#quiet.has(open.handle.doc()) || this.waiting(open).size > 0) continue
      this.#quiet.add(open.handle.doc())
      await this.#options.store.rows.clearTouched(open.row.local)
    }
  }
  /** States of documents whose mark is gone. */
  readonly #quiet = new WeakSet<AnyDoc>()

  /** Local ids of documents that were written since their outbox was last seen empty. */
  touched(): Promise<Set<string>> {
    return this.#options.store.rows.touched()
  }

  /** Shows a document from a snapshot whose records have still to be judged (R8); edits of mine stay in it. */
  async show(birth: DocBirth, snapshot: AnyDoc, checking: NonNullable<DocRow['checking']>): Promise<OpenDocument> {
    const open = await this.ensure(birth)
    const since = A.getHeads(open.handle.doc())
    const mine = this.unaccepted(open)
    const [content] = A.applyChanges(snapshot, mine)
    return this.#put(birth.doc, content, A.getHeads(freshDocument(birth.kind)), {
      since,
      row: { checking },
      store: async () => void (await this.#options.db.put('docs', open.row)),
      late: async (now, written) => this.apply(now, written),
    })
  }

  /** Puts a fresh local document, made of genesis, the accepted changes and what stays of mine, behind the shared id (R7). */
  async replace(
    doc: DocId,
    accepted: readonly Uint8Array[],
    mine: readonly Uint8Array[],
    replacement: Replacement,
  ): Promise<OpenDocument> {
    const row = this.rows.get(doc)
    if (!row) throw new Error(`unknown document ${doc}`)
    const [agreed] = A.applyChanges(freshDocument(row.kind), [...accepted] as A.Change[])
    const acceptedHeads = A.getHeads(agreed)
    const [content] = A.applyChanges(agreed, [...mine] as A.Change[])
    return this.#put(doc, content, acceptedHeads, replacement)
  }

  #put(doc: DocId, content: AnyDoc, acceptedHeads: string[], replacement: Replacement): Promise<OpenDocument> {
    const replacing = this.#replace(doc, content, acceptedHeads, replacement).finally(() => this.#replacing.delete(doc))
    this.#replacing.set(doc, replacing)
    return replacing
  }

  /** A fresh local document behind the shared id: a view that still holds the old one cannot bring its content back. */
  async #replace(
    doc: DocId,
    content: AnyDoc,
    acceptedHeads: string[],
    { since, row: fields, store: storeRow, late }: Replacement,
  ): Promise<OpenDocument> {
    const { store, randomBytes, now, onReplaced } = this.#options
    const open = await this.open(doc)
    const { row, handle: old } = open
    const local = randomBytes(16).toHex()
    const handle = await store.create(local, content)
    const before = { ...row }
    Object.assign(row, fields, { local, acceptedHeads, updatedAt: now() })
    try {
      await storeRow()
    } catch (error) {
      Object.assign(row, before)
      throw error
    }
    // From here to the new handle nothing waits: whoever holds the open document writes into the new one.
    const written = A.getChangesSince(old.doc(), since)
    old.listen(null)
    Object.assign(open, { handle, coveredHeads: row.acceptedHeads, actor: null })
    this.#listen(open)
    if (written.length > 0) await late(open, written)
    onReplaced(doc)
    await store.delete(old.local)
    return open
  }

  /**
   * Saves a document: when this resolves the edits made before the call are on disk ("saved here"). Calls during a
   * write share the next one. Rejects with the storage's error (QuotaExceededError where the disk is full).
   */
  flush(doc: DocId): Promise<void> {
    return this.#inTurn(doc, (open) => this.#options.store.save(open.handle))
  }

  /** Whether all that is in an open document is on disk. */
  isSaved(doc: DocId): boolean {
    const open = this.#opened.get(doc)
    return !open || this.#options.store.isSaved(open.handle)
  }

  /** Makes one piece of what is stored of a document that is left alone, so that it opens fast. */
  async compact(doc: DocId): Promise<void> {
    await this.#inTurn(doc, (open) => this.#options.store.compact(open.handle))
  }

  #inTurn(doc: DocId, write: (open: OpenDocument) => Promise<void>): Promise<void> {
    const running = this.#flushing.get(doc)
    const next = (running ?? Promise.resolve())
      .catch(() => undefined)
      .then(async () => {
        await this.#replacing.get(doc)?.catch(() => undefined)
        const open = this.#opened.get(doc)
        if (open) await write(open)
      })
      .finally(() => {
        if (this.#flushing.get(doc) === next) this.#flushing.delete(doc)
      })
    this.#flushing.set(doc, next)
    return next
  }

  /** Removes every document of the workspace from the repo. */
  async remove(): Promise<void> {
    for (const row of this.rows.values()) {
      this.#opened.get(row.doc)?.handle.listen(null)
      await this.#options.store.delete(row.local)
      await this.#options.store.rows.clearTouched(row.local)
      await this.#options.store.rows.clearUnprojected([row.local])
    }
    this.rows.clear()
    this.#open.clear()
    this.#opened.clear()
    this.#letGo.clear()
  }

  /** The document from its readable chunks and its accepted records, under a new local id. */
  async #mended(row: DocRow): Promise<StoredDocument> {
    const { accepted, db, onMended, randomBytes, store } = this.#options
    const old = row.local
    let content = freshDocument(row.kind)
    ;[content] = A.applyChanges(content, [...(await accepted(row.doc))] as A.Change[])
    const agreed = A.getHeads(content)
    for (const bytes of await store.readable(old)) {
      try {
        content = A.loadIncremental(content, bytes)
      } catch {
        // What cannot be read is what the records have given back.
      }
    }
    const local = randomBytes(16).toHex()
    const handle = await store.create(local, content)
    row.local = local
    // Fewer than before only where records are missing, too: those come again from the relay.
    if (!hasHeads(content, row.acceptedHeads)) row.acceptedHeads = agreed
    await db.put('docs', row)
    await store.delete(old)
    await store.rows.clearTouched(old)
    onMended(row.doc)
    return handle
  }

  #opening(doc: DocId, open: () => Promise<OpenDocument>): Promise<OpenDocument> {
    const known = this.#open.get(doc)
    if (known) return known
    const opening = open().catch((error: unknown) => {
      this.#open.delete(doc)
      throw error
    })
    this.#open.set(doc, opening)
    return opening
  }

  #watch(row: DocRow, handle: StoredDocument): OpenDocument {
    // Somebody wrote into it while it was read anew.
    const takenBack = this.#opened.get(row.doc)
    if (takenBack) return takenBack
    const open: OpenDocument = { row, handle, coveredHeads: row.acceptedHeads, actor: null }
    // A newer application may have brought migrations that this stored document lacks: re-applying the rest is a no-op.
    const type = documentTypeNamed(row.kind)
    if (type) {
      const frozen = frozenChanges(row.kind, type)
      const missing = frozen.filter((change) => !hasHeads(handle.doc(), [A.decodeChange(change as A.Change).hash]))
      if (missing.length > 0) handle.apply(missing)
    }
    this.#takeIn(open)
    return open
  }

  #takeIn(open: OpenDocument): void {
    this.#letGo.delete(open.row.doc)
    this.#listen(open)
    this.#opened.set(open.row.doc, open)
  }

  #listen({ row, handle }: OpenDocument): void {
    handle.listen((change) => this.#options.onChange({ doc: row.doc, ...change }))
  }

  #takeActor(open: OpenDocument): void {
    if (open.actor) return
    const actor = this.newActor()
    open.actor = actor
    open.handle.writeAs(actor)
  }
}
