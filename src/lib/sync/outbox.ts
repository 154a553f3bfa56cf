/**
 * Records out: what a document has beyond its accepted changes is sealed, stored, sent, and counts as synced with the
 * relay's receipt (R2, R4, R5). One batch of a document is under way at a time; meanwhile changes collect for the next.
 */
import type { DeviceId, DocId, WorkspaceId } from '#lib/kernel/ids.ts'
import { kindVersionOf } from '#lib/kinds/index.ts'
import type { Db, DocRow, SealedChange, SealedRow } from '#lib/store/db.ts'
import { actionIn } from '#lib/store/change-message.ts'
import type { Documents } from '#lib/store/documents.ts'
import type { AuthorityState } from './authority-state.ts'
import { cutBody, encodeChangesBody } from './bodies.ts'
import { toHash, type Bytes, type Hash } from './bytes.ts'
import { CHANGE_LIMITS, readChange } from './change-bytes.ts'
import { advanced } from './document-judge.ts'
import type { Keyring } from './keyring.ts'
import { mustUpdate } from './rights.ts'
import { sealRecord, type RecordKind } from './records.ts'
import type { Signer } from './signatures.ts'

/** Changes accumulate into one record up to this many bytes. */
const BATCH_BYTES = 200 * 1024

export interface OutboxOptions {
  db: Db
  documents: Documents
  ws: WorkspaceId
  device: DeviceId
  keyring: Keyring
  signer: Signer
  /** The log as the relay has taken it: what is sealed must hold for everybody. */
  agreed: () => AuthorityState
  /** Caught up with the relay: records can be sent. */
  isLive: () => boolean
  send: (records: Bytes[]) => void
  /** Nobody would accept this edit: the document goes back and the edit becomes a draft (R7). */
  refuse: (doc: DocId, reason: string) => Promise<void>
  changed: () => void
  /** What is to be sealed still waits for it. */
  notSealed: (error: unknown) => void
}

export class Outbox {
  readonly #options: OutboxOptions
  /** Sealed, stored, on their way: by document, in seq order. */
  readonly #sealed = new Map<DocId, SealedRow[]>()
  readonly #sealing = new Map<DocId, Promise<void>>()
  readonly #sealAgain = new Set<DocId>()
  readonly #bodies = new Map<DocId, { kind: RecordKind; body: Bytes }>()
  readonly #paused = new Set<DocId>()

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  async load(): Promise<void> {
    const { db, ws } = this.#options
    for (const row of await db.getAll('sealed', IDBKeyRange.bound([ws], [ws, []]))) {
      this.#sealed.set(row.doc, [...this.of(row.doc), row])
    }
  }

  of(doc: DocId): readonly SealedRow[] {
    return this.#sealed.get(doc) ?? []
  }

  byId(id: string): SealedRow | null {
    for (const rows of this.#sealed.values()) for (const row of rows) if (row.id === id) return row
    return null
  }

  /** The frontier of accepted changes and of sealed records on their way. */
  covered(row: DocRow): string[] {
    return this.of(row.doc).reduce((heads, sealed) => advanced(heads, sealed.changes), row.acceptedHeads)
  }

  /** The actions of mine in these documents that no receipt covers yet. */
  waiting(docs: Iterable<DocId>): ReadonlySet<string> {
    const waiting = new Set<string>()
    for (const doc of docs) {
      const open = this.#options.documents.peek(doc)
      if (open) for (const group of this.#options.documents.waiting(open)) waiting.add(group)
      else for (const group of this.of(doc).flatMap(({ groups }) => groups)) waiting.add(group)
    }
    return waiting
  }

  /** Resolves when nothing is being sealed any more. */
  async settle(): Promise<void> {
    await Promise.all(this.#sealing.values())
  }

  /** Everything that was sealed before, once more: after a reconnection. */
  sendAgain(): void {
    for (const [doc, rows] of this.#sealed) {
      if (rows.length > 0 && this.#options.documents.rows.has(doc)) this.#options.send(rows.map((row) => row.bytes))
    }
  }

  /** Records that have their receipt, and whose rows are deleted: the next batch may go. */
  received(rows: readonly SealedRow[]): void {
    const gone = new Set(rows.map((row) => row.id))
    for (const doc of new Set(rows.map((row) => row.doc))) {
      this.#sealed.set(
        doc,
        this.of(doc).filter((row) => !gone.has(row.id)),
      )
      const open = this.#options.documents.peek(doc)
      if (open) open.coveredHeads = this.covered(open.row)
    }
  }

  /** Forgets what was sealed for a document; its changes are sealed again, or are gone with a rollback. */
  async drop(doc: DocId): Promise<void> {
    const rows = this.of(doc)
    this.#sealed.delete(doc)
    const tx = this.#options.db.transaction('sealed', 'readwrite')
    await Promise.all([...rows.map((row) => tx.store.delete([row.ws, row.doc, row.seq])), tx.done])
    const open = this.#options.documents.peek(doc)
    if (open) open.coveredHeads = open.row.acceptedHeads
  }

  /** Nothing of the document is sealed until `resume`; resolves when what was being sealed is done. */
  async pause(doc: DocId): Promise<void> {
    this.#paused.add(doc)
    await this.#sealing.get(doc)
  }

  resume(doc: DocId): void {
    this.#paused.delete(doc)
    void this.seal(doc)
  }

  /** Seals and sends what a document has beyond its sealed and accepted changes. */
  seal(doc: DocId): Promise<void> {
    const running = this.#sealing.get(doc)
    if (running) {
      // It may have looked already, and seen neither this edit nor that we are live.
      this.#sealAgain.add(doc)
      return running
    }
    return this.#inTurn(doc, () => this.#sealChanges(doc))
  }

  /** Seals and sends a record of another kind as soon as nothing of the document is under way. */
  sealBody(doc: DocId, kind: RecordKind, body: Bytes): Promise<void> {
    this.#bodies.set(doc, { kind, body })
    return this.seal(doc)
  }

  #inTurn(doc: DocId, work: () => Promise<void>): Promise<void> {
    const turn = work()
      .catch((error: unknown) => {
        console.error('seal', error)
        this.#options.notSealed(error)
      })
      .then(() => {
        this.#sealing.delete(doc)
        return this.#sealAgain.delete(doc) ? this.seal(doc) : undefined
      })
    this.#sealing.set(doc, turn)
    return turn
  }

  async #sealChanges(doc: DocId): Promise<void> {
    const { documents, isLive } = this.#options
    const row = documents.rows.get(doc)
    if (!row || !isLive() || this.#paused.has(doc)) return
    if (mustUpdate(this.#options.agreed(), row) || row.checking || this.of(doc).length > 0) return
    const other = this.#bodies.get(doc)
    if (other) {
      this.#bodies.delete(doc)
      return this.#together(() => this.#toRows(row, other.kind, [other.body]))
    }
    const open = await documents.open(doc)
    const changes = documents.unsealed(open) as Bytes[]
    if (changes.length > 0) await this.#together(() => this.#sealBatch(row, changes))
  }

  async #sealBatch(row: DocRow, changes: readonly Bytes[]): Promise<SealedRow[]> {
    const { refuse } = this.#options
    const batch: Bytes[] = []
    const facts: SealedChange[] = []
    const groups = new Set<string>()
    let size = 0
    const left = { ...CHANGE_LIMITS }
    for (const change of changes) {
      if (batch.length > 0 && size + change.length > BATCH_BYTES) break
      const read = await readChange(change)
      // The same caps hold when sealing: what nobody would accept is not sent.
      if (!read.ok) {
        void refuse(row.doc, read.reason)
        return []
      }
      const { hash, actor, deps, seq, maxOp, message, operations, inflatedSize } = read.change
      // The limits are for a body as a whole; the next one goes with the next record.
      if (batch.length > 0 && (operations > left.operations || inflatedSize > left.bytes)) break
      left.operations -= operations
      left.bytes -= inflatedSize
      batch.push(change)
      groups.add(actionIn(row.doc, message))
      facts.push({ hash, actor, deps, seq, maxOp })
      size += change.length
    }
    const pieces = cutBody(encodeChangesBody(batch))
    if (pieces !== 'too-large') return this.#toRows(row, 'changes', pieces, { facts, groups: [...groups] })
    void refuse(row.doc, 'too-large')
    return []
  }

  /**
   * An action that wrote into several documents travels in one message: what is sealed in the same breath is stored in one
   * transaction and sent as one, so that the relay commits it at once and others show it at once.
   */
  async #together(seal: () => Promise<SealedRow[]>): Promise<void> {
    const breath = (this.#breath ??= this.#newBreath())
    breath.sealing++
    try {
      breath.rows.push(...(await seal()))
    } finally {
      if (--breath.sealing === 0) {
        if (this.#breath === breath) this.#breath = null
        this.#send(breath.rows).then(breath.resolve, breath.reject)
      }
    }
    await breath.promise
  }

  /** What begins in this turn of the event loop belongs to it; what begins later does not keep it waiting. */
  #newBreath(): Breath {
    const breath: Breath = { sealing: 0, rows: [], ...Promise.withResolvers<void>() }
    setTimeout(() => {
      if (this.#breath === breath) this.#breath = null
    })
    return breath
  }
  #breath: Breath | null = null

  async #send(rows: readonly SealedRow[]): Promise<void> {
    if (rows.length === 0) return
    const { db, documents, send, changed } = this.#options
    // Stored before it is sent: two different records of one seq would be proof against this device (R1). The document itself
    // is put on disk meanwhile. If the power fails in between, the record comes back and is read like anybody's.
    const tx = db.transaction('sealed', 'readwrite')
    await Promise.all([...rows.map((sealed) => tx.store.put(sealed)), tx.done])
    for (const row of rows) this.#sealed.set(row.doc, [...this.of(row.doc), row])
    for (const doc of new Set(rows.map(({ doc }) => doc))) {
      const open = documents.peek(doc)
      if (open) open.coveredHeads = this.covered(open.row)
    }
    send(rows.map((sealed) => sealed.bytes))
    changed()
  }

  /** Records of a body, behind the document's last; none where there is no key to seal under. */
  async #toRows(
    row: DocRow,
    kind: RecordKind,
    pieces: readonly Bytes[],
    { facts, groups }: { facts: SealedChange[]; groups: string[] } = { facts: [], groups: [] },
  ): Promise<SealedRow[]> {
    const { device, keyring, signer, ws } = this.#options
    const { doc, scope } = row
    const agreed = this.#options.agreed()
    const epoch = keyring.newest(agreed, scope)
    const key = epoch < 0 ? null : await keyring.contentKey(agreed, scope, doc, epoch, device)
    if (!key) return []
    const chain = row.chains[device]
    let seq = chain ? chain.seq + 1 : 0
    let prev = chain ? toHash(chain.id) : null
    let first: Hash | null = null
    const rows: SealedRow[] = []
    for (const [index, piece] of pieces.entries()) {
      // A snapshot is read before the document's first record: it says itself what it is of.
      const birth =
        seq === 0 || kind === 'snapshot'
          ? { lane: row.lane, kind: row.kind, creator: row.creator, nonce: row.nonce }
          : null
      const part = pieces.length > 1 ? { index, count: pieces.length, first } : null
      const kindVersion = kindVersionOf(row.kind) ?? 0
      const record = await sealRecord(
        { kind, scope, doc, seq, prev, epoch, kindVersion, birth, part },
        piece,
        key,
        signer,
      )
      const isLast = index === pieces.length - 1
      rows.push({ ws, doc, seq, id: record.id, scope, bytes: record.bytes, changes: isLast ? facts : [], groups })
      first ??= record.id
      prev = record.id
      seq++
    }
    return rows
  }
}

interface Breath {
  /** How many documents of it are still being sealed. */
  sealing: number
  rows: SealedRow[]
  promise: Promise<void>
  resolve: () => void
  reject: (error: unknown) => void
}
