/**
 * Records in: checked in the scope's order, applied, stored, and judged again where the log or a key that came later asks for
 * it. Every verdict is a function of the scope's records in order and the log (R0); this file keeps the books of it.
 */
import * as A from '@automerge/automerge/slim'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { DeviceId, DocId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { documentTypeNamed, kindVersionOf } from '#lib/kinds/index.ts'
import type { ApplyingMark, Db, DocRow, RecordRow, SealedChange, SealedRow, WorkspaceRow } from '#lib/store/db.ts'
import type { AnyDoc, Documents, OpenDocument } from '#lib/store/documents.ts'
import { freshDocument } from '#lib/store/frozen.ts'
import { judgeSealed } from './accept.ts'
import { nothingYet, type AuthorityState } from './authority-state.ts'
import { bytesToHash, toHash, type Bytes, type Hash } from './bytes.ts'
import { readChange } from './change-bytes.ts'
import { advanced, DocumentJudge, indexOf } from './document-judge.ts'
import type { Birth } from './identities.ts'
import type { Keyring } from './keyring.ts'
import { orderNext, orderStart } from './order.ts'
import type { Outbox } from './outbox.ts'
import { ownRecordId } from './protocol.ts'
import { decodeChangesBody, joinBody } from './bodies.ts'
import { openRecord, parseRecord, verifyRecord, type SealedRecord, type VerifiedRecord } from './records.ts'
import { deviceAt, mayAccept, type OrderAt } from './rights.ts'
import { webVerify } from './signatures.ts'

export interface InboxOptions {
  db: Db
  documents: Documents
  keyring: Keyring
  outbox: Outbox
  row: WorkspaceRow
  /** The log as the relay has taken it: by it everybody else judges, too (R0). */
  agreed: () => AuthorityState
  /** A document that was not known here arrived. */
  discovered: (doc: DocId) => void
  /** My edits were refused (R7): called before the document goes back, with the changes that it loses. */
  refused: (row: DocRow, reason: string, changes: Bytes[]) => Promise<void>
  notice: (code: string, severity: 'info' | 'warning' | 'danger', params?: Record<string, string | number>) => void
  /** The disk has not taken what came: it waits in `unstored`. */
  notStored: () => void
  /** A record of mine has its place. */
  received: (scope: ScopeId, position: number) => void
}

export interface Place {
  position: number
  order: Hash
}

/** What one stretch of records has brought, before it is stored. */
interface Stretch {
  rows: RecordRow[]
  ids: Set<string>
  /** Accepted changes by document, in order, and of those that may not be here yet what is to be applied. */
  changes: Map<DocId, { facts: SealedChange[]; bytes: { hash: string; written: Bytes }[] }>
  receipts: SealedRow[]
  /** Where records lay without a place that have one now (R12). */
  replaced: [WorkspaceId, ScopeId, number][]
  /** Documents of which one of these was set aside at its earlier place, and counted in its author's chain all the same (R12). */
  doubtful: Set<DocId>
}

const newStretch = (): Stretch => ({
  ...{ rows: [], ids: new Set(), changes: new Map(), receipts: [], replaced: [] },
  doubtful: new Set(),
})

const newUnstored = () => ({
  rows: [] as RecordRow[],
  receipts: [] as SealedRow[],
  replaced: [] as Stretch['replaced'],
  places: new Map<ScopeId, Place>(),
})

/** So often a record may be there when the core dies before it is held to be the cause (R6). */
const MOST_CRASHES = 3

const RIGHTS_REASONS = new Set(['unknown-device', 'unknown-scope', 'unknown-epoch', 'no-right'])

export class Inbox {
  readonly #options: InboxOptions
  readonly #places = new Map<ScopeId, Place>()
  readonly #judges = new Map<DocId, { open: OpenDocument; judge: DocumentJudge }>()
  /** Held records of documents that have no judge yet in this session. */
  readonly #held = new Map<DocId, RecordRow[]>()
  /** Accepted records that lost their place with an earlier generation of the relay (R12), and the order's hash there. */
  readonly #displaced = new Map<string, string>()
  #stretch = newStretch()
  /** The core died in this stretch: its records go in one by one. */
  #careful: ApplyingMark | null = null

  constructor(options: InboxOptions) {
    this.#options = options
  }

  async load(): Promise<void> {
    const { db, row } = this.#options
    const all = IDBKeyRange.bound([row.id], [row.id, []])
    for (const cursor of await db.getAll('cursors', all)) {
      this.#places.set(cursor.scope, { position: cursor.position, order: toHash(cursor.order) })
      const displaced = IDBKeyRange.bound([row.id, cursor.scope, -Infinity], [row.id, cursor.scope, 0])
      for (const { id, order } of await db.getAll('records', displaced)) this.#displaced.set(id, order)
    }
    this.#careful = (await db.get('applying', row.id)) ?? null
    await this.#loadHeld()
    await this.#updated()
  }

  async #loadHeld(): Promise<void> {
    const { db, row } = this.#options
    this.#held.clear()
    for (const held of await db.getAllFromIndex('records', 'verdict', [row.id, 'held']))
      this.#held.set(held.doc, [...(this.#held.get(held.doc) ?? []), held])
  }

  place(scope: ScopeId): Place {
    const known = this.#places.get(scope)
    if (known) return known
    const fresh = { position: 0, order: orderStart(scope) }
    this.#places.set(scope, fresh)
    return fresh
  }

  /**
   * The furthest place of the order that this device has computed: where it stands, or a checkpoint of an earlier generation while
   * what lay there waits for a place (R12).
   */
  verified(scope: ScopeId, log: AuthorityState): Place {
    const { position, order } = this.place(scope)
    const lost = new Set(this.#displaced.values())
    const { items, length } = log.scopes.get(scope)?.checkpoints ?? nothingYet()
    const named = items.slice(0, length).findLast((item) => item.position > position && lost.has(item.order))
    return named ? { position: named.position, order: named.order } : { position, order }
  }

  /** The order's hash at a place, null beyond our end. */
  async orderAt(scope: ScopeId, position: number): Promise<Hash | null> {
    const place = this.place(scope)
    if (position > place.position) return null
    if (position === place.position) return place.order
    if (position === 0) return orderStart(scope)
    const row = await this.#options.db.get('records', [this.#options.row.id, scope, position])
    return row ? toHash(row.order) : null
  }

  /**
   * How many records of these documents wait: for another one, a key, or a newer application. For what a removed device wrote with
   * one nobody waits.
   */
  heldIn(docs: readonly DocId[]): number {
    const state = this.#options.agreed()
    const waits = ({ reason, device }: RecordRow) => reason !== 'newer-version' || deviceAt(state, device) !== null
    const held = docs.flatMap((doc) => [...(this.#judges.get(doc)?.judge.held ?? []), ...(this.#held.get(doc) ?? [])])
    return held.filter(waits).length
  }

  /** Takes a frame of records in. Returns the documents whose records of mine it confirmed, or why it stopped. */
  async take(scope: ScopeId, from: number, list: readonly Bytes[]): Promise<DocId[] | 'gap'> {
    const place = this.place(scope)
    if (from > place.position + 1) return 'gap'
    const before = place.position
    const fresh = list.slice(Math.max(0, before + 1 - from))
    const confirmed = new Set<DocId>()
    while (fresh.length > 0) {
      const careful =
        this.#careful?.scope === scope && place.position < this.#careful.position + this.#careful.count - 1
      // A snapshot is compared exactly where it says that it ends (R8).
      const checks = this.#checksIn(scope).map(({ checking }) => checking.position - place.position)
      const length = careful ? 1 : Math.min(fresh.length, ...checks.filter((distance) => distance > 0))
      const end = place.position + length
      const stretch = await this.#takeStretch(scope, place, fresh.splice(0, length))
      for (const { doc } of stretch.receipts) confirmed.add(doc)
      for (const doc of await this.#checkSnapshots(scope, place)) confirmed.add(doc)
      // What cannot be read has no place, nor has what comes after it.
      if (place.position < end) break
    }
    await this.#placesPassed(scope, before)
    return [...confirmed]
  }

  async #takeStretch(scope: ScopeId, place: Place, list: readonly Bytes[]): Promise<Stretch> {
    const { outbox, notice } = this.#options
    const entries: { record: SealedRecord; own: SealedRow | null }[] = []
    for (const item of list) {
      const own = ownRecordId(item)
      const parsed = parseRecord(own ? await this.#bytesOf(bytesToHash(own), item) : item)
      if (!parsed.ok) {
        // An own record that is not here was lost with a restored profile (R11): without it the order cannot be followed.
        notice(own ? 'profile-restored' : 'relay-unreadable', 'warning')
        break
      }
      entries.push({ record: parsed.value, own: outbox.byId(parsed.value.id) })
    }
    const stretch = (this.#stretch = newStretch())
    if (entries.length === 0) return stretch
    // Stored while they are verified, decrypted and read; nothing is applied before.
    const isOthers = entries.some(({ own }) => !own)
    // Where there is no room for the mark there is none for the records either: they are stored later.
    const marked = isOthers && this.#mark(scope, place.position + 1, entries.length).catch(() => undefined)
    const verified = await Promise.all(entries.map(({ record }) => this.#verify(record)))
    try {
      for (const [at, { record, own }] of entries.entries()) {
        const position = place.position + 1
        const order = orderNext(place.order, record)
        const row =
          (await this.#again(record, scope, position, order)) ??
          rowOf(this.#options.row, scope, position, order, record)
        if (row.verdict === null) await this.#judge(row as RecordRow, record, verified[at] ?? null, own)
        stretch.rows.push(row as RecordRow)
        stretch.ids.add(record.id)
        if (own && row.verdict === 'accepted') {
          stretch.receipts.push(own)
          this.#options.received(scope, position)
        }
        place.position = position
        place.order = order
      }
    } finally {
      // Also where it ends in the middle (a new document found no room): what has its place counts.
      await marked
      await this.#store(stretch, scope, place)
    }
    for (const doc of stretch.doubtful) await this.replay(doc, 'withheld', 'again')
    return stretch
  }

  #checksIn(scope: ScopeId): { row: DocRow; checking: NonNullable<DocRow['checking']> }[] {
    const rows = [...this.#options.documents.rows.values()]
    return rows.flatMap((row) => (row.scope === scope && row.checking ? [{ row, checking: row.checking }] : []))
  }

  /** R8: the records up to a snapshot's place have been judged: it holds exactly what they say, or it goes. Returns those that are checked. */
  async #checkSnapshots(scope: ScopeId, place: Place): Promise<DocId[]> {
    const { db, documents, notice, outbox } = this.#options
    const checked: DocId[] = []
    for (const { row, checking } of this.#checksIn(scope)) {
      if (checking.position > place.position) continue
      const isTrue = checking.position === place.position && checking.order === place.order
      if (isTrue && checking.heads.join() === row.acceptedHeads.join()) {
        row.checking = null
        const open = documents.peek(row.doc)
        if (open) open.coveredHeads = outbox.covered(row)
        await db.put('docs', row)
      } else {
        notice('snapshot-false', 'warning', { device: checking.device })
        await this.replay(row.doc, 'snapshot-false', 'again')
      }
      checked.push(row.doc)
    }
    return checked
  }

  async #bytesOf(id: Hash, item: Bytes): Promise<Bytes> {
    return this.#options.outbox.byId(id)?.bytes ?? (await this.#storedAs(id))[0]?.bytes ?? item
  }

  async #verify(record: SealedRecord): Promise<VerifiedRecord | 'unknown-device' | 'bad-signature'> {
    const signKey = this.#options.agreed().devices.get(record.header.device)?.keys.sign
    if (!signKey) return 'unknown-device'
    return (await verifyRecord(record, signKey, webVerify)) ?? 'bad-signature'
  }

  /** Checks one record at its place. What fails is set aside with its reason and blocks nothing else (R6). */
  async #judge(
    row: RecordRow,
    record: SealedRecord,
    verified: VerifiedRecord | 'unknown-device' | 'bad-signature' | null,
    own: SealedRow | null,
  ): Promise<void> {
    const { documents } = this.#options
    const { header } = record
    const set = (verdict: RecordRow['verdict'], reason: string | null) => Object.assign(row, { verdict, reason })
    if (verified === null || typeof verified === 'string') return void set('quarantined', verified ?? 'bad-signature')
    // A document of a kind that this application does not know yet: its records wait for the update.
    if (this.#held.has(header.doc) && !documents.rows.has(header.doc)) {
      this.#held.get(header.doc)?.push(row)
      return void set('held', 'newer-version')
    }
    const known = documents.rows.get(header.doc)
    const chain = known?.chains[header.device]
    // Only a place that is taken can be a record that is here already.
    const isKnown =
      chain !== undefined &&
      header.seq <= chain.seq &&
      (this.#stretch.ids.has(record.id) || (await this.#isStored(record.id)))
    const verdict = judgeSealed(verified, {
      state: this.#options.agreed(),
      scope: row.scope,
      position: row.position,
      now: null,
      isAccepted: () => isKnown,
      chainEnd: () => (chain ? { seq: chain.seq, id: toHash(chain.id), part: chain.part } : null),
      birthOf: () => (known ? { scope: known.scope, birth: birthOf(known) } : null),
    })
    if (verdict.verdict === 'duplicate') return void set('quarantined', 'duplicate')
    if (verdict.verdict === 'refuse') return void set('quarantined', verdict.reason)
    if (kindVersionOf(verdict.birth.kind) === null) {
      this.#held.set(header.doc, [row])
      return void set('held', 'newer-version')
    }
    const open = known
      ? await documents.open(header.doc)
      : await documents.ensure({ doc: header.doc, scope: header.scope, ...verdict.birth })
    if (!known) this.#options.discovered(header.doc)
    const judge = this.#judgeOf(open)
    set('accepted', null)
    if (this.#crashes(row) >= MOST_CRASHES) {
      judge.keepPlace(record)
      set('quarantined', 'crashed-here')
    } else {
      // What I sealed is read again like anybody's if the document does not hold it (its chunk was lost with the power).
      const isHere = own?.changes.every(({ hash }) => hasHeads(open.handle.doc(), [hash])) ?? false
      this.#stretch.rows.push(...(await judge.take(row, record, own && isHere ? own.changes : null)))
    }
    // The judge has written its verdict into the row by now.
    if ((row.verdict as RecordRow['verdict']) === 'quarantined') {
      this.#options.notice('record-set-aside', 'warning', { reason: row.reason ?? '', device: header.device })
    }
    open.row.newerBy = newerIn(judge.held)
    if (header.kind === 'snapshot') open.row.sinceSnapshot = 0
    if (!own && header.device === this.#options.row.keys.id && (row.verdict as string) === 'accepted') {
      await this.#wroteElsewhere(header.doc)
    }
  }

  async #isStored(id: string): Promise<boolean> {
    return (await this.#storedAs(id)).some(({ verdict }) => verdict !== 'quarantined')
  }

  /** A relay may have shown a record at several places, or with a false signature as well: the one that counts comes first. */
  async #storedAs(id: string): Promise<RecordRow[]> {
    const { db, row } = this.#options
    const rows = await db.getAllFromIndex('records', 'id', [row.id, id])
    return rows.sort((a, b) => Number(b.verdict === 'accepted') - Number(a.verdict === 'accepted'))
  }

  #judgeOf(open: OpenDocument): DocumentJudge {
    const { doc } = open.row
    const known = this.#judges.get(doc)
    if (known?.open === open) return known.judge
    const judge = new DocumentJudge({
      kind: open.row.kind,
      chains: open.row.chains,
      index: indexOf(open.handle.doc(), open.row.acceptedHeads),
      contentKey: this.#contentKey,
      storedPieces: (first) => this.#storedPieces(doc, first),
      accept: (bytes, facts) => {
        const change = this.#stretch.changes.get(doc) ?? { facts: [], bytes: [] }
        // What I sealed myself is here already, and comes without bytes.
        for (const [at, written] of bytes.entries()) change.bytes.push({ hash: facts[at]?.hash ?? '', written })
        change.facts.push(...facts)
        this.#stretch.changes.set(doc, change)
      },
    })
    const waiting = (this.#held.get(doc) ?? []).sort((a, b) => a.position - b.position)
    this.#held.delete(doc)
    judge.hold(waiting.flatMap((row) => recordIn(row)))
    this.#judges.set(doc, { open, judge })
    return judge
  }

  /** The document was closed: its judge goes, what it held waits for the next one. */
  closed(doc: DocId): void {
    const held = this.#judges.get(doc)?.judge.held ?? []
    this.#judges.delete(doc)
    if (held.length > 0) this.#held.set(doc, [...held])
  }

  readonly #contentKey = (header: SealedRecord['header']): Promise<CryptoKey> | null =>
    this.#options.keyring.contentKey(this.#options.agreed(), header.scope, header.doc, header.epoch, header.device)

  /** The parts of a body that arrived before a restart, in their order. */
  async #storedPieces(doc: DocId, first: string): Promise<Bytes[]> {
    const pieces: Bytes[] = []
    for (const row of await this.#recordsOf(doc)) {
      const parsed = row.verdict === 'accepted' ? parseRecord(row.bytes) : null
      if (!parsed?.ok || !parsed.value.header.part) continue
      if ((parsed.value.header.part.first ?? parsed.value.id) !== first) continue
      const key = await this.#contentKey(parsed.value.header)
      const piece = key ? await openRecord(parsed.value, key) : null
      if (piece) pieces.push(piece)
    }
    return pieces
  }

  /** A document's records in their order; those whose place went with an earlier generation come last. */
  /** What the accepted records of a document hold, in an order in which it applies. */
  async acceptedChanges(doc: DocId): Promise<Bytes[]> {
    const changes: Bytes[] = []
    const rows = new Map<string, Bytes[]>()
    for (const row of await this.#recordsOf(doc)) {
      const parsed = row.verdict === 'accepted' ? parseRecord(row.bytes) : null
      if (!parsed?.ok || parsed.value.header.kind !== 'changes') continue
      const { part } = parsed.value.header
      const key = await this.#contentKey(parsed.value.header)
      const piece = key ? await openRecord(parsed.value, key) : null
      if (!piece) continue
      const pieces = [...((part && rows.get(part.first ?? parsed.value.id)) ?? []), piece]
      if (part) rows.set(part.first ?? parsed.value.id, pieces)
      if (part && pieces.length < part.count) continue
      const body = decodeChangesBody(part ? joinBody(pieces) : piece)
      if (body.ok) changes.push(...body.value)
    }
    return changes
  }

  async #recordsOf(doc: DocId): Promise<RecordRow[]> {
    const { db, row } = this.#options
    const rows = await db.getAllFromIndex('records', 'doc', [row.id, doc])
    const rank = (position: number) => (position > 0 ? position : Number.MAX_SAFE_INTEGER / 2 - position)
    return rows.sort((a, b) => rank(a.position) - rank(b.position))
  }

  // ── Storing ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Applies what was accepted, then stores it. */
  async #store(stretch: Stretch, scope?: ScopeId, place?: Place): Promise<void> {
    const { documents } = this.#options
    // A record is not stored as accepted beside a document that did not take it in.
    for (const doc of stretch.changes.keys()) await documents.open(doc)
    const broken = this.#applyAll(stretch)
    const { unstored } = this
    unstored.rows.push(...stretch.rows)
    unstored.receipts.push(...stretch.receipts)
    unstored.replaced.push(...stretch.replaced)
    if (scope && place) unstored.places.set(scope, { ...place })
    try {
      await this.storeAgain()
    } catch (error) {
      console.error(error)
      this.#options.notStored()
    }
    for (const doc of broken) await this.replay(doc, 'cannot-apply', 'again')
  }

  /**
   * Documents first, then records and cursors in one transaction, so that a stored cursor always has its documents and records
   * behind it. What finds no room on the disk stays in `unstored`, and goes with what comes next, or when it is called again.
   */
  async storeAgain(): Promise<void> {
    const { db, documents, outbox, row } = this.#options
    const { rows, receipts, replaced, places } = this.unstored
    const docs = new Set(rows.map(({ doc }) => doc).filter((doc) => documents.rows.has(doc)))
    await Promise.all([...docs].map((doc) => documents.flush(doc)))
    const tx = db.transaction(['records', 'cursors', 'docs', 'sealed', 'applying'], 'readwrite')
    const writes: Promise<unknown>[] = replaced.map((key) => tx.objectStore('records').delete(key))
    for (const record of rows) writes.push(tx.objectStore('records').put(record))
    for (const doc of docs) {
      const known = documents.rows.get(doc)
      if (known) writes.push(tx.objectStore('docs').put(known))
    }
    for (const sealed of receipts) writes.push(tx.objectStore('sealed').delete([sealed.ws, sealed.doc, sealed.seq]))
    for (const [scope, place] of places) writes.push(tx.objectStore('cursors').put({ ws: row.id, scope, ...place }))
    if (places.size > 0) writes.push(tx.objectStore('applying').delete(row.id))
    await Promise.all([...writes, tx.done])
    this.unstored = newUnstored()
    outbox.received(receipts)
  }

  /** Taken in and not on disk yet. */
  unstored = newUnstored()

  /** Changes go in per document at once; returns the documents that Automerge would not take them into. */
  #applyAll(stretch: Stretch): DocId[] {
    const { documents, outbox } = this.#options
    const broken: DocId[] = []
    for (const [doc, { bytes, facts }] of stretch.changes) {
      const open = documents.peek(doc)
      if (!open) continue
      try {
        // A snapshot that is being checked has most of them.
        const isMissing = ({ hash }: { hash: string }) => !open.row.checking || !hasHeads(open.handle.doc(), [hash])
        documents.apply(
          open,
          bytes.filter(isMissing).map(({ written }) => written),
        )
        open.row.acceptedHeads = advanced(open.row.acceptedHeads, facts)
        open.row.sinceSnapshot += facts.length
        open.coveredHeads = outbox.covered(open.row)
      } catch {
        broken.push(doc)
      }
    }
    return broken
  }

  /** R6: if the core dies from here to the end of `#store`, the next one takes these records one by one. */
  async #mark(scope: ScopeId, position: number, count: number): Promise<void> {
    const { db, row } = this.#options
    const before = this.#careful
    const crashes =
      before && count === 1 && before.scope === scope && before.count === 1 && before.position === position
    const mark = { ws: row.id, scope, position, count, crashes: crashes ? before.crashes + 1 : 1 }
    if (before && !crashes && position >= before.position + before.count) this.#careful = null
    await db.put('applying', mark)
  }

  /** The same for a snapshot: place 0 stands for it. */
  async markSnapshot(scope: ScopeId): Promise<void> {
    const { db, row } = this.#options
    await db.put('applying', { ws: row.id, scope, position: 0, count: 1, crashes: 1 })
  }

  /** The core died over a snapshot: the records will do. */
  get diedOverSnapshot(): boolean {
    return this.#careful?.position === 0
  }

  /** How often the core has died with just this record under way. */
  #crashes({ scope, position }: RecordRow): number {
    const mark = this.#careful
    return mark?.count === 1 && mark.scope === scope && mark.position === position ? mark.crashes : 0
  }

  // ── Judging again ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Scope keys have arrived: what was held for them is judged again. */
  async keysArrived(): Promise<void> {
    const docs = new Set([...this.#held.keys(), ...this.#judges.keys()])
    for (const doc of docs) await this.#retry(doc)
  }

  async #retry(doc: DocId): Promise<void> {
    const { documents } = this.#options
    if (!documents.rows.has(doc)) return
    if (!this.#held.has(doc) && !this.#judges.get(doc)?.judge.held.length) return
    const open = await documents.open(doc)
    const judge = this.#judgeOf(open)
    const stretch = (this.#stretch = newStretch())
    stretch.rows.push(...(await judge.retry()))
    open.row.newerBy = newerIn(judge.held)
    await this.#store(stretch)
  }

  /** The application may be newer than the one that held these records. */
  async #updated(): Promise<void> {
    for (const [doc, rows] of this.#held) {
      const known = this.#options.documents.rows.get(doc)
      if (known && known.newerBy.length > 0) {
        await this.#retry(doc)
      } else if (!known) {
        const first = rows[0] && recordIn(rows[0])[0]
        if (first?.record.header.birth && documentTypeNamed(first.record.header.birth.kind)) {
          await this.replay(doc, 'updated', 'again')
        }
      }
    }
  }

  /**
   * R0: the log has grown, perhaps with a checkpoint behind records that were judged without it (a relay that withheld it).
   * Documents for which that changes a verdict are judged all over again.
   */
  async logGrown(firstNew: number): Promise<void> {
    const { documents, outbox } = this.#options
    const state = this.#options.agreed()
    for (const scope of this.#places.keys()) {
      const checkpoints = state.scopes.get(scope)?.checkpoints
      if (!checkpoints) continue
      let since = Infinity
      for (let at = checkpoints.length - 1; at >= 0 && checkpoints.items[at]!.n >= firstNew; at--)
        since = Math.min(since, checkpoints.items[at]!.position)
      await this.#judgeSince(scope, since)
    }
    // Whoever wrote into these with a newer application may have been removed: my edits go on.
    for (const { doc, newerBy } of documents.rows.values()) if (newerBy.length > 0) void outbox.seal(doc)
  }

  /** The records of a scope behind a place: documents in which one is judged otherwise now are judged all over again. */
  async #judgeSince(scope: ScopeId, since: number): Promise<void> {
    const { db, documents, row } = this.#options
    const state = this.#options.agreed()
    const { position } = this.place(scope)
    if (since >= position) return
    const orderAt = await this.#overtakenOrders(scope)
    const range = IDBKeyRange.bound([row.id, scope, since + 1], [row.id, scope, position])
    const changed = new Set<DocId>()
    for (const record of await db.getAll('records', range)) {
      const entry = recordIn(record)[0]
      if (!entry) continue
      const lane = documents.rows.get(record.doc)?.lane ?? entry.record.header.birth?.lane ?? 'main'
      const may = mayAccept(state, entry.record, lane, record.position, null, orderAt).ok
      const was = record.verdict !== 'quarantined' || !RIGHTS_REASONS.has(record.reason ?? '')
      if (may !== was) changed.add(record.doc)
    }
    for (const doc of changed) await this.replay(doc, 'withheld', 'again')
  }

  /** A4: checkpoints behind which the log has named a lower place, `back`. Whether they are the order's decides which of them counts. */
  #overtaken(scope: ScopeId): (Place & { back: number })[] {
    const { items, length } = this.#options.agreed().scopes.get(scope)?.checkpoints ?? nothingYet()
    const overtaken: (Place & { back: number })[] = []
    let back = Infinity
    for (const { position, order } of items.slice(0, length).reverse()) {
      if (position > back) overtaken.push({ position, order, back })
      back = Math.min(back, position)
    }
    return overtaken
  }

  /** The order where such checkpoints name it, to be asked at once. */
  async #overtakenOrders(scope: ScopeId): Promise<OrderAt> {
    const held = new Map<number, Hash | null>()
    for (const { position } of this.#overtaken(scope)) held.set(position, await this.orderAt(scope, position))
    return (_, position) => held.get(position) ?? null
  }

  /** The order has grown past places that the log had named: one that is the order's after all counts from now on. */
  async #placesPassed(scope: ScopeId, before: number): Promise<void> {
    const passed = this.#overtaken(scope).filter(({ position }) => position > before)
    let since = Infinity
    for (const { position, order, back } of passed)
      if ((await this.orderAt(scope, position)) === order) since = Math.min(since, back)
    await this.#judgeSince(scope, since)
  }

  /**
   * Judges all records of a document anew and puts exactly what they hold behind its id. My changes that no record covers
   * become a draft (R7), or stay where what they build on is still there.
   */
  async replay(doc: DocId, reason: string, mine: 'draft' | 'again'): Promise<void> {
    const { outbox } = this.#options
    // What is written meanwhile is sealed when it stands on what is then accepted.
    await outbox.pause(doc)
    try {
      await this.#replay(doc, reason, mine)
    } finally {
      outbox.resume(doc)
    }
  }

  async #replay(doc: DocId, reason: string, mine: 'draft' | 'again'): Promise<void> {
    const { db, documents, outbox, refused, row: workspace } = this.#options
    if (this.unstored.rows.length > 0) await this.storeAgain()
    const before = documents.rows.get(doc)
    const open = before ? await documents.open(doc) : null
    const heads = open ? A.getHeads(open.handle.doc()) : []
    const surplus = open ? (documents.unaccepted(open) as Bytes[]) : []

    const rows = await this.#recordsOf(doc)
    const chains: DocRow['chains'] = {}
    const accepted: Bytes[] = []
    const changed: RecordRow[] = []
    const ids = new Set<string>()
    let birth: Birth | null = before ? birthOf(before) : null
    let scope = before?.scope ?? null
    let content: AnyDoc | null = birth ? freshDocument(birth.kind) : null
    let judge: DocumentJudge | null = null
    const last = Math.max(0, ...rows.map(({ position }) => position))
    const orderAt = rows[0] && (await this.#overtakenOrders(rows[0].scope))
    for (const row of rows) {
      const entry = recordIn(row)[0]
      if (!entry) continue
      const { record } = entry
      const verified = await this.#verify(record)
      const was = `${row.verdict} ${row.reason}`
      const end = chains[record.header.device]
      const known = birth && scope ? { scope, birth } : null
      const verdict =
        typeof verified === 'string'
          ? ({ verdict: 'refuse', reason: verified } as const)
          : judgeSealed(verified, {
              state: this.#options.agreed(),
              scope: row.scope,
              // A record whose place is gone is judged as if it came now.
              position: row.position > 0 ? row.position : last + 1,
              ...(orderAt && { orderAt }),
              now: null,
              isAccepted: (id) => ids.has(id),
              chainEnd: () => (end ? { seq: end.seq, id: toHash(end.id), part: end.part } : null),
              birthOf: () => known,
            })
      if (verdict.verdict !== 'accept') {
        Object.assign(row, {
          verdict: 'quarantined',
          reason: verdict.verdict === 'refuse' ? verdict.reason : 'duplicate',
        })
      } else if (row.reason !== 'crashed-here') {
        if (!birth) {
          if (!documentTypeNamed(verdict.birth.kind)) return
          birth = verdict.birth
          scope = row.scope
          content = freshDocument(birth.kind)
        }
        judge ??= new DocumentJudge({
          kind: birth.kind,
          chains,
          index: indexOf(content!, A.getHeads(content!)),
          contentKey: this.#contentKey,
          // Parts come in their order here, so the judge has them all.
          storedPieces: () => Promise.resolve([]),
          accept: (bytes) => {
            content = A.applyChanges(content!, [...bytes] as A.Change[])[0]
            accepted.push(...bytes)
          },
        })
        Object.assign(row, { verdict: 'accepted', reason: null })
        changed.push(...(await judge.take(row, record, null)))
        if ((row.verdict as RecordRow['verdict']) !== 'quarantined') ids.add(record.id)
      }
      if (`${row.verdict} ${row.reason}` !== was) changed.push(row)
    }
    if (!birth || !scope) return

    const { kept, lost } = mine === 'again' ? await sortOut(content!, surplus) : { kept: [], lost: surplus }
    // Before the document goes back: the draft is told in its words.
    if (before && lost.length > 0) await refused(before, reason, lost)
    if (!before) await documents.ensure({ doc, scope, ...birth })
    const held = judge?.held ?? []
    const mineBefore = before?.chains[workspace.keys.id]
    const mineNow = chains[workspace.keys.id]
    // What is under way stays valid only behind the same record of mine.
    const dropped = mine === 'draft' || mineBefore?.id !== mineNow?.id ? outbox.of(doc) : []
    const row = documents.rows.get(doc)!
    const replaced = await documents.replace(doc, accepted, kept, {
      since: heads,
      row: { chains, checking: null, newerBy: newerIn(held) },
      // All or nothing: a crash leaves either what was, or what is now.
      store: async () => {
        const tx = db.transaction(['docs', 'records', 'sealed'], 'readwrite')
        const writes: Promise<unknown>[] = [tx.objectStore('docs').put(row)]
        for (const record of changed) writes.push(tx.objectStore('records').put(record))
        for (const { ws, doc: of, seq } of dropped) writes.push(tx.objectStore('sealed').delete([ws, of, seq]))
        await Promise.all([...writes, tx.done])
        outbox.received(dropped)
      },
      late: async (now, written) => {
        const homeless: Bytes[] = []
        for (const change of written as Bytes[]) {
          if (mine === 'again' && hasHeads(now.handle.doc(), A.decodeChange(change as A.Change).deps))
            documents.apply(now, [change])
          else homeless.push(change)
        }
        if (homeless.length > 0) await refused(row, reason, homeless)
      },
    })
    this.#judges.delete(doc)
    this.#held.delete(doc)
    if (held.length > 0) this.#held.set(doc, [...held])
    replaced.coveredHeads = outbox.covered(replaced.row)
    if (!before) this.#options.discovered(doc)
  }

  /**
   * R11: a record of this device that it does not remember (a restored or cloned profile). What was sealed here for the same
   * places is void; its changes are sealed again behind the record that counts.
   */
  async #wroteElsewhere(doc: DocId): Promise<void> {
    await this.#options.outbox.drop(doc)
    this.#options.notice('profile-restored', 'warning')
  }

  // ── A relay with a new generation (R12) ─────────────────────────────────────────────────────────────────────────

  /**
   * The relay was restored from an older copy, moved or replaced. What of our order it no longer has loses its place (it is
   * kept under negative positions) and, once we have caught up with the new order, is offered again, whoever wrote it. Where
   * the relay's order is a beginning of ours it comes back in the same order, and every checkpoint keeps its place.
   */
  async newGeneration(headOf: (scope: ScopeId) => Place | null): Promise<void> {
    for (const [scope, place] of this.#places) {
      const head = headOf(scope) ?? { position: 0, order: orderStart(scope) }
      const isBeginning = (await this.orderAt(scope, head.position)) === head.order
      await this.#standAt(scope, place, isBeginning ? head : { position: 0, order: orderStart(scope) })
    }
  }

  /** The relay's order of a scope is not the one that it showed us before (A8): it is taken in anew, and what it lacks is offered. */
  async startOver(scope: ScopeId): Promise<void> {
    await this.#standAt(scope, this.place(scope), { position: 0, order: orderStart(scope) })
  }

  async #standAt(scope: ScopeId, place: Place, at: Place): Promise<void> {
    const { db, row } = this.#options
    if (this.unstored.rows.length > 0) await this.storeAgain()
    const tx = db.transaction(['records', 'cursors'], 'readwrite')
    const records = tx.objectStore('records')
    const without = await records.getAllKeys(IDBKeyRange.bound([row.id, scope, -Infinity], [row.id, scope, 0]))
    // Behind those that lost their place before and have none yet.
    const last = Math.min(0, ...without.map(([, , position]) => position))
    const beyond = await records.getAll(IDBKeyRange.bound([row.id, scope, at.position + 1], [row.id, scope, Infinity]))
    // In one go: what is signed meanwhile names the place where this device stands, or what it has lost, and never one between (A4).
    Object.assign(place, { position: at.position, order: at.order })
    for (const { id, order } of beyond) this.#displaced.set(id, order)
    const writes: Promise<unknown>[] = []
    for (const record of beyond) {
      writes.push(records.delete([record.ws, record.scope, record.position]))
      writes.push(records.put({ ...record, position: last - record.position }))
    }
    writes.push(tx.objectStore('cursors').put({ ws: row.id, scope, ...place }))
    await Promise.all([...writes, tx.done])
    // What waits for another record is read again from where it lies now.
    this.#judges.clear()
    await this.#loadHeld()
  }

  /**
   * A record that had a place in an earlier order has one again. If it was accepted, nothing is applied twice; if it waits, it goes on
   * waiting. What was set aside is judged at the place that it gets: where its author's chain has gone on from it, with all of its document.
   */
  async #again(record: SealedRecord, scope: ScopeId, position: number, order: Hash): Promise<RecordRow | null> {
    const { id, header } = record
    if (!this.#displaced.has(id)) return null
    const stored = (await this.#storedAs(id)).filter((row) => row.scope === scope && row.position <= 0)
    const [counted] = stored
    if (!counted) return null
    this.#displaced.delete(id)
    for (const row of stored) this.#stretch.replaced.push([row.ws, row.scope, row.position])
    const row = this.#waitingAs(counted) ?? counted
    const chain = this.#options.documents.rows.get(row.doc)?.chains[row.device]
    const isInChain = row.reason !== 'bad-signature' && chain !== undefined && header.seq <= chain.seq
    if (row.verdict === 'quarantined' && !isInChain) return null
    if (row.verdict === 'quarantined') this.#stretch.doubtful.add(row.doc)
    return Object.assign(row, { position, order })
  }

  /** The row that the judge of its document has, who may have let it count in this very stretch. */
  #waitingAs({ id, doc }: RecordRow): RecordRow | undefined {
    const rows = [...this.#stretch.rows, ...(this.#judges.get(doc)?.judge.held ?? []), ...(this.#held.get(doc) ?? [])]
    return rows.find((row) => row.id === id && row.position <= 0)
  }

  /** Records without a place, oldest first: to be put again. */
  async displaced(scope: ScopeId): Promise<Bytes[]> {
    const { db, row } = this.#options
    const range = IDBKeyRange.bound([row.id, scope, -Infinity], [row.id, scope, 0])
    const rows = await db.getAll('records', range)
    return rows.sort((a, b) => b.position - a.position).map(({ bytes }) => bytes)
  }
}

const birthOf = (row: DocRow): Birth => ({ lane: row.lane, kind: row.kind, creator: row.creator, nonce: row.nonce })

/** A row that has no verdict yet. */
const rowOf = (
  workspace: WorkspaceRow,
  scope: ScopeId,
  position: number,
  order: Hash,
  record: SealedRecord,
): Omit<RecordRow, 'verdict'> & { verdict: RecordRow['verdict'] | null } => {
  const { id, bytes, header } = record
  return {
    ws: workspace.id,
    scope,
    position,
    id,
    doc: header.doc,
    device: header.device,
    bytes,
    order,
    verdict: null,
    reason: null,
  }
}

/** The stored record and its row; nothing where the stored bytes are damaged. */
function recordIn(row: RecordRow): { row: RecordRow; record: SealedRecord }[] {
  const parsed = parseRecord(row.bytes)
  return parsed.ok ? [{ row, record: parsed.value }] : []
}

/** Which of my edits have everything that they build on in the accepted content, and which do not. */
async function sortOut(accepted: AnyDoc, surplus: readonly Bytes[]): Promise<{ kept: Bytes[]; lost: Bytes[] }> {
  let content = A.clone(accepted)
  const kept: Bytes[] = []
  const lost: Bytes[] = []
  for (const change of surplus) {
    const read = await readChange(change)
    if (read.ok && hasHeads(content, read.change.deps)) {
      content = A.applyChanges(content, [change as A.Change])[0]
      kept.push(change)
    } else {
      lost.push(change)
    }
  }
  A.free(content)
  return { kept, lost }
}

const newerIn = (held: readonly RecordRow[]): DeviceId[] => [
  ...new Set(held.flatMap(({ reason, device }) => (reason === 'newer-version' ? [device] : []))),
]
