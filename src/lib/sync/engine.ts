/**
 * Sync of one workspace on a device. Outward: my changes that no accepted record covers are sealed, stored, sent, and
 * counted as synced by the relay's receipt. Inward: records in the relay's order are checked, decrypted, applied and
 * stored. Every decision is a function of the scope's records in order and the log (R0); this file only keeps the books.
 */
import * as A from '@automerge/automerge/slim'
import type { DeviceId, DocId, ScopeId } from '#lib/kernel/ids.ts'
import { toInstant, type Instant } from '#lib/kernel/instants.ts'
import type { Db, DocRow, RecordRow, SealedChange, SealedRow, WorkspaceRow } from '#lib/store/db.ts'
import type { Documents, OpenDocument } from '#lib/store/documents.ts'
import { kindVersionOf } from '#lib/kinds/index.ts'
import { judgeOpened, judgeSealed, type ChainEnd, type SealedContext } from './accept.ts'
import { readChange, readChanges } from './change-bytes.ts'
import type { AuthorityBody } from './authority.ts'
import type { AuthorityState } from './authority-state.ts'
import { cutBody, decodeChangesBody, encodeChangesBody, joinBody } from './bodies.ts'
import { bytesToHash, toHash, toHex, type Bytes, type Hash } from './bytes.ts'
import { DeviceLog } from './device-log.ts'
import type { Birth } from './identities.ts'
import { Keyring } from './keyring.ts'
import { commitmentOf, createScopeKey, sealOldKey, signerOf } from './keys.ts'
import { orderNext, orderStart, verifyHead, type Head } from './order.ts'
import {
  closeCodes,
  decodeRelayMessage,
  encodeMessage,
  ownRecordId,
  signHello,
  type DeviceMessage,
  type RelayMessage,
} from './protocol.ts'
import { openRecord, parseRecord, sealRecord, verifyRecord, type SealedRecord } from './records.ts'
import { includes, mayAccept, rightOf } from './rights.ts'
import { webVerify, type Signer } from './signatures.ts'
import { openTalk, sealTalk } from './talk.ts'
import { RelayConnection } from './transport.ts'

export interface EngineHooks {
  /** Anything that a screen shows of sync has changed: states, people, scopes. */
  changed: () => void
  /** A document that was not known here arrived. */
  discovered: (doc: DocId) => void
  /** My edits were refused (R7): called before the document goes back, with the changes that it loses. */
  refused: (row: DocRow, reason: string, changes: Bytes[]) => Promise<void>
  notice: (code: string, severity: 'info' | 'warning' | 'danger', params?: Record<string, string | number>) => void
  talk: (scope: ScopeId, device: DeviceId, payload: Bytes) => void
  removed: (reason: string) => void
}

export type Connection = 'off' | 'connecting' | 'catching-up' | 'live'

interface ScopeBooks {
  position: number
  order: Hash
  subscribed: boolean
  /** The relay's head when we subscribed: up to there we are catching up. */
  target: number
}

const OFFERED_AT_ONCE = 100

/** Changes accumulate into one record up to this many bytes. */
const BATCH_BYTES = 200 * 1024

export class Engine {
  readonly log: DeviceLog
  readonly keyring: Keyring
  connection: Connection = 'off'
  readonly heads = new Map<ScopeId, { position: number; order: Hash }>()
  readonly #db: Db
  readonly #documents: Documents
  readonly #row: WorkspaceRow
  readonly #signer: Signer
  readonly #hooks: EngineHooks
  readonly #now: () => number
  readonly #scopes = new Map<ScopeId, ScopeBooks>()
  /** Sealed, stored, on their way: by document, in seq order (R4). */
  readonly #sealed = new Map<DocId, SealedRow[]>()
  readonly #held = new Map<ScopeId, RecordRow[]>()
  readonly #refusals = new Map<DocId, number>()
  readonly #served = new Set<string>()
  readonly #sealing = new Map<DocId, Promise<void>>()
  readonly #parts = new Map<string, Bytes[]>()
  readonly #acceptedIds = new Set<string>()
  #connection: RelayConnection | null = null
  #queue: Promise<void> = Promise.resolve()
  #generation: Bytes | null = null
  #relayKey: Bytes | null = null
  #pushing = false
  #talkCounter = 0
  #heard = new Map<DeviceId, number>()

  constructor(options: { db: Db; documents: Documents; row: WorkspaceRow; hooks: EngineHooks; now: () => number }) {
    this.#db = options.db
    this.#documents = options.documents
    this.#row = options.row
    this.#hooks = options.hooks
    this.#now = options.now
    this.#signer = signerOf(options.row.keys)
    this.log = new DeviceLog(options.db, options.row.id, webVerify)
    this.keyring = new Keyring(options.db, options.row.id, options.row.keys)
  }

  get state(): AuthorityState {
    return this.log.state
  }
  get device(): DeviceId {
    return this.#row.keys.id
  }

  async load(): Promise<void> {
    const range = IDBKeyRange.bound([this.#row.id], [this.#row.id, []])
    await this.log.load(this.#row.confirmed)
    await this.keyring.load(this.state)
    for (const cursor of await this.#db.getAll('cursors', range)) {
      const order = toHash(cursor.order)
      this.#scopes.set(cursor.scope, { position: cursor.position, order, subscribed: false, target: 0 })
    }
    for (const row of await this.#db.getAll('sealed', range)) this.#sealedOf(row.doc).push(row)
    for (const row of await this.#db.getAll('records', range)) {
      if (row.verdict !== 'quarantined') this.#acceptedIds.add(row.id)
      if (row.verdict === 'held') this.#heldOf(row.scope).push(row)
    }
  }

  // ── Connecting ──────────────────────────────────────────────────────────────────────────────────────────────────

  start(): void {
    if (this.#connection || !this.#row.relay || this.#row.removed) return
    this.connection = 'connecting'
    this.#connection = new RelayConnection(this.#row.relay, this.device, {
      open: () => undefined,
      frame: (bytes) => this.#enqueue(() => this.#frame(bytes)),
      closed: (code) => this.#enqueue(async () => this.#closed(code)),
      ping: () => encodeMessage({ type: 'ping', token: 1 }),
    })
    this.#connection.start()
    this.#hooks.changed()
  }

  stop(): void {
    this.#connection?.stop()
    this.#connection = null
    this.#closed(1000)
    this.connection = 'off'
    this.#hooks.changed()
  }

  hurry(): void {
    this.#connection?.hurry()
  }

  /** Resolves when everything that has arrived so far is dealt with (tests, shutdown). */
  settle(): Promise<void> {
    return this.#queue
  }

  #closed(code: number): void {
    for (const scope of this.#scopes.values()) scope.subscribed = false
    this.#pushing = false
    this.heads.clear()
    if (this.#connection) this.connection = 'connecting'
    if (code === closeCodes['workspace-unknown-needs-token']) this.#hooks.notice('setup-token-needed', 'warning')
    if (code === closeCodes['unsupported-version']) this.#hooks.notice('relay-version', 'warning')
    this.#hooks.changed()
  }

  #enqueue(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work).catch((error: unknown) => {
      console.error('sync', error)
    })
  }

  #send(message: DeviceMessage): boolean {
    return this.#connection?.sendFrame(encodeMessage(message)) ?? false
  }

  async #frame(bytes: Bytes): Promise<void> {
    const message = decodeRelayMessage(bytes)
    // A relay that cannot be understood is no reason to stop working here.
    if (!message.ok) return this.#hooks.notice('relay-unreadable', 'warning')
    await this.#receive(message.value)
  }

  async #receive(message: RelayMessage): Promise<void> {
    switch (message.type) {
      case 'challenge': {
        this.#relayKey = message.relayKey
        this.#generation = message.generation
        const { id, keys, setupToken } = this.#row
        this.#send(await signHello(message, id, keys.public.sign, setupToken, this.#signer))
        return
      }
      case 'ready':
        return this.#ready(message)
      case 'auth':
        return this.#authority(message.from, message.records)
      case 'auth-ok':
        this.log.confirm(message.n)
        this.#pushing = false
        await this.#saveRow()
        this.#hooks.changed()
        return this.#pushAuthority()
      case 'auth-no':
        return this.#authorityRefused(message.reason)
      case 'records':
        return this.#records(message.scope, message.from, message.list, message.head)
      case 'nack':
        return this.#refusedRecord(message.id, message.reason)
      case 'wraps': {
        let news = false
        for (const wrap of message.wraps) news = (await this.keyring.receive(this.state, wrap)) || news
        if (news) await this.#keysArrived()
        return
      }
      case 'talk':
        return this.#talk(message.scope, message.bytes)
      case 'gone':
        this.#row.removed = true
        await this.#saveRow()
        this.stop()
        return this.#hooks.removed(message.reason)
      case 'snapshots':
      case 'blob':
      case 'blob-no':
      case 'blob-ok':
      case 'pong':
        return
      default:
        message satisfies never
    }
  }

  async #ready(message: Extract<RelayMessage, { type: 'ready' }>): Promise<void> {
    this.#connection?.settled()
    this.connection = 'catching-up'
    const generation = this.#generation ? toHex(this.#generation) : null
    const moved = this.#row.generation !== null && this.#row.generation !== generation
    this.heads.clear()
    for (const head of message.scopes) this.heads.set(head.scope, { position: head.n, order: head.hash })
    if (moved) await this.#newGeneration()
    this.#row.generation = generation
    this.#row.relayKey = this.#relayKey
    // A relay that knows less of the log than it once confirmed gets it again (R12).
    if (message.authority + 1 < this.log.confirmed) this.log.confirmed = message.authority + 1
    await this.#saveRow()
    if (message.authority + 1 > this.log.confirmed) this.#send({ type: 'auth-pull', from: this.log.confirmed })
    else await this.#authoritySettled()
    this.#hooks.changed()
  }

  // ── The authority log ───────────────────────────────────────────────────────────────────────────────────────────

  /** Signs a log record; it takes effect here at once and at the relay as soon as it can be reached. Null, or why not. */
  async propose(body: AuthorityBody): Promise<string | null> {
    const reason = await this.log.propose(body, this.#instant(), this.#headOf, this.#signer)
    if (reason) return reason
    this.#enqueue(() => this.#pushAuthority())
    this.#hooks.changed()
    return null
  }

  readonly #headOf = (scope: ScopeId): { position: number; order: Hash } => {
    const books = this.#scopes.get(scope)
    const checkpoints = this.state.scopes.get(scope)?.checkpoints
    // The furthest that is known: ours, the relay's word, or the log's last checkpoint (a device that has only just come in).
    const known = [
      { position: 0, order: orderStart(scope) },
      ...(checkpoints ? checkpoints.items.slice(0, checkpoints.length).slice(-1) : []),
      ...(this.heads.has(scope) ? [this.heads.get(scope)!] : []),
      ...(books ? [books] : []),
    ]
    const { position, order } = known.reduce((furthest, head) => (head.position >= furthest.position ? head : furthest))
    return { position, order }
  }

  async #authority(from: number, list: readonly Bytes[]): Promise<void> {
    const received = await this.log.receive(from, list, this.#instant(), this.#headOf, this.#signer)
    if (!received.ok) {
      if (received.reason === 'gap') this.#send({ type: 'auth-pull', from: this.log.confirmed })
      else this.#hooks.notice('log-forked', 'danger')
      return
    }
    for (const { body, reason } of received.dropped)
      this.#hooks.notice('administration-dropped', 'warning', { type: body.type, reason })
    this.#pushing = false
    await this.#saveRow()
    await this.#rejudge()
    await this.#authoritySettled()
    this.#hooks.changed()
  }

  async #authorityRefused(reason: string): Promise<void> {
    this.#pushing = false
    if (reason === 'not-the-head') {
      this.#send({ type: 'auth-pull', from: this.log.confirmed })
      return
    }
    if (reason === 'stale') {
      const dropped = await this.log.redraft(this.#instant(), this.#headOf, this.#signer)
      for (const { body, reason: why } of dropped)
        this.#hooks.notice('administration-dropped', 'warning', { type: body.type, reason: why })
    } else {
      const body = await this.log.drop(this.#instant(), this.#headOf, this.#signer)
      if (body) this.#hooks.notice('administration-dropped', 'warning', { type: body.type, reason })
    }
    this.#hooks.changed()
    await this.#pushAuthority()
  }

  async #pushAuthority(): Promise<void> {
    if (this.#pushing || this.connection === 'connecting' || this.connection === 'off') return
    const next = this.log.signedAt(this.log.confirmed)
    if (!next) return this.#authoritySettled()
    this.#pushing = this.#send({ type: 'auth-append', signed: next })
  }

  /** The relay and this device hold one log: now keys, scopes and records. */
  async #authoritySettled(): Promise<void> {
    if (this.log.confirmed < this.log.length) return this.#pushAuthority()
    await this.shareKeys()
    for (const scope of this.readable()) {
      const books = this.#booksOf(scope)
      if (books.subscribed) continue
      books.subscribed = true
      books.target = this.heads.get(scope)?.position ?? 0
      this.#send({ type: 'sub', scope, after: books.position })
      if (this.keyring.newest(this.state, scope) < (this.state.scopes.get(scope)?.epochs.length ?? 0) - 1) {
        this.#send({ type: 'wrap-pull', scope })
      }
    }
    await this.#rotateWhereDue()
    await this.#maybeLive()
  }

  /** Scopes that this device may read now. */
  readable(): ScopeId[] {
    return [...this.state.scopes.keys()].filter((scope) => includes(rightOf(this.state, this.device, scope), 'read'))
  }

  /** Wraps of scope keys for everybody entitled who lacks one; sent now, or with the next connection. */
  async shareKeys(): Promise<void> {
    if (this.connection === 'off' || this.connection === 'connecting') return
    const wraps = await this.keyring.wrapsFor(this.state, this.readable(), this.#served)
    if (wraps.length > 0) this.#send({ type: 'wrap-put', wraps })
  }

  /** A7: whoever may write and holds the newest key renews it after somebody has lost reading. */
  async #rotateWhereDue(): Promise<void> {
    for (const fact of this.state.scopes.values()) {
      const epoch = fact.epochs.length
      const old = this.keyring.scopeKey(fact.id, epoch - 1)
      if (fact.rotationDue === null || !old || !includes(rightOf(this.state, this.device, fact.id), 'write')) continue
      const scopeKey = createScopeKey()
      const commitment = commitmentOf(fact.id, epoch, scopeKey)
      const oldKey = await sealOldKey(scopeKey, old, fact.id, epoch)
      if (await this.propose({ type: 'rotate', scope: fact.id, epoch, commitment, oldKey })) continue
      await this.keyring.keep(this.state, fact.id, epoch, scopeKey)
      await this.shareKeys()
    }
  }

  async #keysArrived(): Promise<void> {
    for (const [scope, rows] of this.#held) {
      this.#held.delete(scope)
      for (const row of rows) await this.#takeAgain(row)
    }
    await this.shareKeys()
    await this.#maybeLive()
    this.#hooks.changed()
  }

  // ── Records in ──────────────────────────────────────────────────────────────────────────────────────────────────

  async #records(scope: ScopeId, from: number, list: readonly Bytes[], head: Head): Promise<void> {
    const books = this.#booksOf(scope)
    if (from > books.position + 1) {
      this.#send({ type: 'sub', scope, after: books.position })
      return
    }
    const fresh = list.slice(Math.max(0, books.position + 1 - from))
    const taken: RecordRow[] = []
    const accepted = new Map<DocId, SealedRow[]>()
    for (const item of fresh) {
      const position = books.position + 1
      const own = ownRecordId(item)
      const sealed = own ? this.#sealedById(bytesToHash(own)) : null
      const stored =
        own && !sealed ? await this.#db.getFromIndex('records', 'id', [this.#row.id, bytesToHash(own)]) : null
      const bytes = sealed?.bytes ?? stored?.bytes ?? item
      const parsed = parseRecord(bytes)
      if (!parsed.ok) {
        // An own record that is not here was lost with a restored profile (R11): without it the order cannot be followed.
        this.#hooks.notice(own ? 'profile-restored' : 'relay-unreadable', 'warning')
        break
      }
      const order = orderNext(books.order, parsed.value.id)
      const mine = sealed ?? this.#sealedById(parsed.value.id)
      const again = await this.#replaced(parsed.value.id, scope, position, order)
      const row = again ?? (await this.#take(parsed.value, scope, position, order, mine))
      if (!mine && !again && row.device === this.device && row.verdict === 'accepted')
        await this.#wroteElsewhere(row.doc)
      if (mine && row.verdict === 'accepted') accepted.set(mine.doc, [...(accepted.get(mine.doc) ?? []), mine])
      taken.push(row)
      if (row.verdict === 'accepted') await this.#release(row.doc)
      books.position = position
      books.order = order
    }
    await this.#checkHead(scope, books, head)
    await this.#store(scope, books, taken, accepted)
    for (const doc of accepted.keys()) void this.seal(doc)
    await this.#maybeLive()
    this.#hooks.changed()
  }

  /** A8: what the relay signs must be the chain that we computed. */
  async #checkHead(scope: ScopeId, books: ScopeBooks, head: Head): Promise<void> {
    const claimed = this.heads.get(scope)
    if (!claimed || claimed.position <= head.n) this.heads.set(scope, { position: head.n, order: head.hash })
    if (head.n !== books.position || head.hash === books.order || !this.#relayKey) return
    if (await verifyHead(this.#row.id, scope, head, this.#relayKey, webVerify))
      this.#hooks.notice('relay-equivocates', 'danger')
  }

  /** Checks one record at its place and applies it. What fails is set aside with its reason and blocks nothing else (R6). */
  async #take(
    record: SealedRecord,
    scope: ScopeId,
    position: number,
    order: Hash,
    own: SealedRow | null,
  ): Promise<RecordRow> {
    const { header } = record
    const row: RecordRow = {
      ws: this.#row.id,
      scope,
      position,
      id: record.id,
      doc: header.doc,
      device: header.device,
      bytes: record.bytes,
      order,
      verdict: 'accepted',
      reason: null,
    }
    const set = (verdict: RecordRow['verdict'], reason: string): RecordRow => {
      row.verdict = verdict
      row.reason = reason
      if (verdict === 'held') this.#heldOf(header.scope).push(row)
      return row
    }
    const signKey = this.state.devices.get(header.device)?.keys.sign
    if (!signKey) return set('quarantined', 'unknown-device')
    const verified = await verifyRecord(record, signKey, webVerify)
    if (!verified) return set('quarantined', 'bad-signature')
    const verdict = judgeSealed(verified, this.#sealedContext(scope, position))
    if (verdict.verdict === 'duplicate') return set('quarantined', 'duplicate')
    if (verdict.verdict === 'refuse') return set('quarantined', verdict.reason)
    this.#acceptedIds.add(record.id)
    const version = kindVersionOf(verdict.birth.kind)
    if (version === null) return set('held', 'newer-version')
    const known = this.#documents.rows.has(header.doc)
    const open = known
      ? await this.#documents.open(header.doc)
      : await this.#documents.ensure({ doc: header.doc, scope: header.scope, ...verdict.birth })
    if (!known) this.#hooks.discovered(header.doc)
    open.row.chains[header.device] = { seq: header.seq, id: record.id, part: header.part }
    if (header.kindVersion > version) {
      open.row.newerVersion = true
      return set('held', 'newer-version')
    }
    if (header.kind !== 'changes') return row
    if (own) {
      this.#advance(open, own.changes)
      return row
    }
    const outcome = await this.#apply(open, record)
    return outcome ? set(outcome.verdict, outcome.reason) : row
  }

  /**
   * R11: a record of this device that it does not remember (a restored or cloned profile). What was sealed here for the same
   * places is void; its changes are sealed again behind the record that counts.
   */
  async #wroteElsewhere(doc: DocId): Promise<void> {
    const rows = this.#sealedOf(doc)
    this.#sealed.delete(doc)
    for (const row of rows) await this.#db.delete('sealed', [row.ws, row.doc, row.seq])
    const open = this.#documents.peek(doc)
    if (open) open.coveredHeads = open.row.acceptedHeads
    this.#hooks.notice('profile-restored', 'warning')
  }

  /** What has been accepted so far, as the shared rules ask for it. */
  #sealedContext(scope: ScopeId, position: number): SealedContext {
    return {
      state: this.state,
      scope,
      position,
      now: null,
      isAccepted: (id) => this.#acceptedIds.has(id),
      chainEnd: (device, doc): ChainEnd | null => {
        const end = this.#documents.rows.get(doc)?.chains[device]
        return end ? { seq: end.seq, id: toHash(end.id), part: end.part } : null
      },
      birthOf: (doc) => {
        const row = this.#documents.rows.get(doc)
        if (!row) return null
        const birth: Birth = { lane: row.lane, kind: row.kind, creator: row.creator, nonce: row.nonce }
        return { scope: row.scope, birth }
      },
    }
  }

  /** Decrypts, checks and applies. Null if it went in. */
  async #apply(
    open: OpenDocument,
    record: SealedRecord,
  ): Promise<{ verdict: 'held' | 'quarantined'; reason: string } | null> {
    const { header } = record
    const key = await this.keyring.contentKey(header.scope, header.doc, header.epoch, header.device)
    if (!key) return { verdict: 'held', reason: 'key-missing' }
    const piece = await openRecord(record, key)
    if (!piece) return { verdict: 'quarantined', reason: 'cannot-decrypt' }
    let body = piece
    if (header.part) {
      const first = header.part.first ?? record.id
      const pieces = this.#parts.get(first) ?? (await this.#storedParts(header.doc, first))
      if (pieces.length !== header.part.index) return { verdict: 'quarantined', reason: 'part-missing' }
      pieces.push(piece)
      this.#parts.set(first, pieces)
      if (pieces.length < header.part.count) return null
      this.#parts.delete(first)
      body = joinBody(pieces)
    }
    const changes = decodeChangesBody(body)
    if (!changes.ok) return { verdict: 'quarantined', reason: 'bad-body' }
    const reading = await readChanges(changes.value)
    if (!reading.ok) return { verdict: 'quarantined', reason: reading.reason }
    const index = this.#indexOf(open)
    const verdict = judgeOpened(header.device, reading.changes, {
      accepted: (hash) => index.changes.get(hash) ?? null,
      lastOf: (actor) => index.actors.get(actor) ?? null,
      maxOp: () => index.maxOp,
    })
    if (verdict.verdict === 'hold') return { verdict: 'held', reason: 'waits-for-another' }
    if (verdict.verdict === 'refuse') return { verdict: 'quarantined', reason: verdict.reason }
    try {
      this.#documents.apply(open, changes.value)
    } catch {
      return { verdict: 'quarantined', reason: 'cannot-apply' }
    }
    this.#advance(open, reading.changes)
    return null
  }

  /** The parts of a body that arrived before a restart, in their order. */
  async #storedParts(doc: DocId, first: string): Promise<Bytes[]> {
    const rows = await this.#db.getAllFromIndex('records', 'doc', [this.#row.id, doc])
    const pieces: Bytes[] = []
    for (const row of rows.sort((a, b) => a.position - b.position)) {
      const parsed = row.verdict === 'accepted' ? parseRecord(row.bytes) : null
      if (!parsed?.ok || !parsed.value.header.part) continue
      const { part, scope, epoch, device } = parsed.value.header
      if ((part.first ?? parsed.value.id) !== first) continue
      const key = await this.keyring.contentKey(scope, doc, epoch, device)
      const piece = key ? await openRecord(parsed.value, key) : null
      if (piece) pieces.push(piece)
    }
    return pieces
  }

  /** The accepted changes of an open document by hash and actor, made once and then kept up (R3, R6). */
  #indexOf(open: OpenDocument): ChangeIndex {
    const known = this.#indexes.get(open)
    if (known) return known
    const doc = open.handle.doc()
    const pending = new Set(A.getChangesMetaSince(doc, open.row.acceptedHeads).map((meta) => meta.hash))
    const index: ChangeIndex = { changes: new Map(), actors: new Map(), maxOp: 0 }
    for (const meta of A.getChangesMetaSince(doc, [])) if (!pending.has(meta.hash)) note(index, meta)
    this.#indexes.set(open, index)
    return index
  }
  readonly #indexes = new WeakMap<OpenDocument, ChangeIndex>()

  /** Moves the frontier of accepted changes over newly accepted ones, in their order. */
  #advance(open: OpenDocument, changes: readonly SealedChange[]): void {
    const index = this.#indexes.get(open)
    if (index) for (const change of changes) note(index, change)
    open.row.acceptedHeads = advanced(open.row.acceptedHeads, changes)
    open.coveredHeads = this.#covered(open.row)
  }

  #covered(row: DocRow): string[] {
    return (this.#sealed.get(row.doc) ?? []).reduce(
      (heads, sealed) => advanced(heads, sealed.changes),
      row.acceptedHeads,
    )
  }

  /** Records of a document that waited for another one are judged again, in their order. */
  async #release(doc: DocId): Promise<void> {
    for (const rows of this.#held.values()) {
      const waiting = rows.filter((row) => row.doc === doc && row.reason === 'waits-for-another')
      if (waiting.length === 0) continue
      for (const row of waiting) rows.splice(rows.indexOf(row), 1)
      for (const row of waiting) await this.#takeAgain(row)
    }
  }

  async #takeAgain(row: RecordRow): Promise<void> {
    const parsed = parseRecord(row.bytes)
    if (!parsed.ok || !this.#documents.rows.has(row.doc)) return
    const open = await this.#documents.open(row.doc)
    const verdict = await this.#apply(open, parsed.value)
    row.verdict = verdict?.verdict ?? 'accepted'
    row.reason = verdict?.reason ?? null
    if (verdict?.verdict === 'held') this.#heldOf(row.scope).push(row)
    await this.#documents.flush(row.doc)
    await this.#db.put('records', row)
    await this.#db.put('docs', open.row)
  }

  /** Documents first, then records and cursor in one transaction: a stored cursor always has its documents behind it. */
  async #store(
    scope: ScopeId,
    books: ScopeBooks,
    taken: RecordRow[],
    accepted: Map<DocId, SealedRow[]>,
  ): Promise<void> {
    if (taken.length === 0) return
    const docs = new Set(taken.map((row) => row.doc).filter((doc) => this.#documents.rows.has(doc)))
    await Promise.all([...docs].map((doc) => this.#documents.flush(doc)))
    const tx = this.#db.transaction(['records', 'cursors', 'docs', 'sealed'], 'readwrite')
    const writes: Promise<unknown>[] = taken.map((row) => tx.objectStore('records').put(row))
    for (const doc of docs) {
      const row = this.#documents.rows.get(doc)
      if (row) writes.push(tx.objectStore('docs').put(row))
    }
    for (const rows of accepted.values()) {
      for (const row of rows) writes.push(tx.objectStore('sealed').delete([row.ws, row.doc, row.seq]))
    }
    writes.push(
      tx.objectStore('cursors').put({ ws: this.#row.id, scope, position: books.position, order: books.order }),
    )
    await Promise.all([...writes, tx.done])
    for (const [doc, rows] of accepted) {
      const gone = new Set(rows.map((row) => row.id))
      this.#sealed.set(
        doc,
        this.#sealedOf(doc).filter((row) => !gone.has(row.id)),
      )
      const open = this.#documents.peek(doc)
      if (open) open.coveredHeads = this.#covered(open.row)
    }
  }

  /**
   * R0: the log has grown, perhaps with a checkpoint behind records that we have accepted meanwhile (a relay that withheld
   * it). They are judged again, and a document that loses one is built anew from those that stay.
   */
  async #rejudge(): Promise<void> {
    for (const [scope, books] of this.#scopes) {
      const checkpoints = this.state.scopes.get(scope)?.checkpoints
      const since = checkpoints
        ? Math.min(
            ...checkpoints.items
              .slice(0, checkpoints.length)
              .slice(-8)
              .map((c) => c.position),
          )
        : Infinity
      if (since >= books.position) continue
      const range = IDBKeyRange.bound([this.#row.id, scope, since + 1], [this.#row.id, scope, books.position])
      const lost = new Set<DocId>()
      for (const row of await this.#db.getAll('records', range)) {
        if (row.verdict !== 'accepted') continue
        const parsed = parseRecord(row.bytes)
        const lane = this.#documents.rows.get(row.doc)?.lane ?? 'main'
        if (!parsed.ok || mayAccept(this.state, parsed.value, lane, row.position).ok) continue
        await this.#db.put('records', { ...row, verdict: 'quarantined', reason: 'no-right' })
        lost.add(row.doc)
      }
      for (const doc of lost) await this.#rebuild(doc, 'withheld')
    }
  }

  /** Puts the document back to exactly what the accepted records hold; my surplus becomes a draft (R7). */
  async #rebuild(doc: DocId, reason: string): Promise<void> {
    const open = await this.#documents.open(doc)
    const surplus = this.#documents.unaccepted(open)
    if (surplus.length > 0) await this.#hooks.refused(open.row, reason, surplus as Bytes[])
    const changes: Bytes[] = []
    const rows = await this.#db.getAllFromIndex('records', 'doc', [this.#row.id, doc])
    for (const row of rows.sort((a, b) => a.position - b.position)) {
      if (row.verdict !== 'accepted') continue
      const parsed = parseRecord(row.bytes)
      if (!parsed.ok || parsed.value.header.kind !== 'changes') continue
      const { scope, epoch, device, part } = parsed.value.header
      const key = await this.keyring.contentKey(scope, doc, epoch, device)
      const piece = key ? await openRecord(parsed.value, key) : null
      if (!piece) continue
      changes.push(...(await this.#changesIn(parsed.value.id, part, piece)))
    }
    for (const sealed of this.#sealedOf(doc)) await this.#db.delete('sealed', [sealed.ws, sealed.doc, sealed.seq])
    this.#sealed.delete(doc)
    const replaced = await this.#documents.replace(doc, changes, null)
    replaced.coveredHeads = replaced.row.acceptedHeads
  }

  async #changesIn(
    id: Hash,
    part: { index: number; count: number; first: Hash | null } | null,
    piece: Bytes,
  ): Promise<Bytes[]> {
    let body = piece
    if (part) {
      const pieces = [...(this.#parts.get(part.first ?? id) ?? []), piece]
      this.#parts.set(part.first ?? id, pieces)
      if (pieces.length < part.count) return []
      this.#parts.delete(part.first ?? id)
      body = joinBody(pieces)
    }
    const changes = decodeChangesBody(body)
    return changes.ok ? changes.value : []
  }

  // ── Records out ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** Seals and sends what a document has beyond its sealed and accepted changes. One batch is under way at a time. */
  seal(doc: DocId): Promise<void> {
    const running = this.#sealing.get(doc)
    if (running) return running
    const work = this.#seal(doc)
      .catch((error: unknown) => console.error('seal', error))
      .finally(() => this.#sealing.delete(doc))
    this.#sealing.set(doc, work)
    return work
  }

  async #seal(doc: DocId): Promise<void> {
    if (this.connection !== 'live') return
    const row = this.#documents.rows.get(doc)
    // Until the receipt of the batch under way arrives, changes collect for the next one (R2).
    if (!row || row.newerVersion || this.#sealedOf(doc).length > 0) return
    const open = await this.#documents.open(doc)
    const epoch = this.keyring.newest(this.state, row.scope)
    const changes = this.#documents.unsealed(open)
    if (changes.length === 0 || epoch < 0) return
    const key = await this.keyring.contentKey(row.scope, doc, epoch, this.device)
    if (!key) return
    const batch: Bytes[] = []
    const facts: SealedChange[] = []
    let size = 0
    for (const change of changes as Bytes[]) {
      if (batch.length > 0 && size + change.length > BATCH_BYTES) break
      const read = await readChange(change)
      if (!read.ok) {
        // The same caps hold when sealing: what nobody would accept is not sent.
        await this.#rebuild(doc, read.reason)
        return
      }
      batch.push(change)
      const { hash, actor, deps, seq, maxOp } = read.change
      facts.push({ hash, actor, deps, seq, maxOp })
      size += change.length
    }
    const pieces = cutBody(encodeChangesBody(batch))
    if (pieces === 'too-large') return this.#rebuild(doc, 'too-large')
    const chain = row.chains[this.device]
    let seq = chain ? chain.seq + 1 : 0
    let prev = chain ? toHash(chain.id) : null
    const rows: SealedRow[] = []
    let first: Hash | null = null
    for (const [index, piece] of pieces.entries()) {
      const birth = seq === 0 ? { lane: row.lane, kind: row.kind, creator: row.creator, nonce: row.nonce } : null
      const record: SealedRecord = await sealRecord(
        {
          kind: 'changes',
          scope: row.scope,
          doc,
          seq,
          prev,
          epoch,
          kindVersion: kindVersionOf(row.kind) ?? 0,
          birth,
          part: pieces.length > 1 ? { index, count: pieces.length, first } : null,
        },
        piece,
        key,
        this.#signer,
      )
      first ??= record.id
      const last = index === pieces.length - 1
      rows.push({
        ws: this.#row.id,
        doc,
        seq,
        id: record.id,
        scope: row.scope,
        bytes: record.bytes,
        changes: last ? facts : [],
      })
      prev = record.id
      seq++
    }
    // Saved before it is sent: two different records of one seq would be proof against this device (R1).
    await this.#documents.flush(doc)
    const tx = this.#db.transaction('sealed', 'readwrite')
    await Promise.all([...rows.map((sealed) => tx.store.put(sealed)), tx.done])
    this.#sealedOf(doc).push(...rows)
    open.coveredHeads = this.#covered(row)
    this.#send({ type: 'put', records: rows.map((sealed) => sealed.bytes) })
    this.#hooks.changed()
  }

  /** R7: answered once. The document goes back to the accepted state, my edits are kept as a draft. */
  async #refusedRecord(id: Hash, reason: string): Promise<void> {
    const sealed = this.#sealedById(id)
    if (!sealed) return
    if (reason === 'full' || reason === 'quota') {
      // Nothing is wrong with the edit: it stays here and is sent again when the relay has room.
      this.#hooks.notice(reason === 'full' ? 'relay-full' : 'quota', 'warning')
      return
    }
    this.#refusals.set(sealed.doc, (this.#refusals.get(sealed.doc) ?? 0) + 1)
    await this.#rebuild(sealed.doc, reason)
    this.#hooks.changed()
  }

  /** All caught up: send what was sealed before, seal what was made since. */
  async #maybeLive(): Promise<void> {
    if (this.connection !== 'catching-up') return
    for (const scope of this.readable()) {
      const books = this.#booksOf(scope)
      if (!books.subscribed || books.position < books.target) return
    }
    if (this.log.confirmed < this.log.length) return
    this.connection = 'live'
    for (const [doc, rows] of this.#sealed) {
      if (rows.length > 0 && this.#documents.rows.has(doc))
        this.#send({ type: 'put', records: rows.map((row) => row.bytes) })
    }
    await this.#offerAgain()
    for (const doc of await this.#written()) void this.seal(doc)
    this.#hooks.changed()
  }

  /** Documents that may hold changes of mine which no record covers: open ones, and those marked by storage. */
  async #written(): Promise<DocId[]> {
    const touched = await this.#documents.touched()
    return [...this.#documents.rows.values()]
      .filter((row) => touched.has(row.local) || this.#documents.peek(row.doc))
      .map((row) => row.doc)
  }

  // ── What screens show ───────────────────────────────────────────────────────────────────────────────────────────

  /** Changes of mine in a document that no receipt covers yet. */
  pending(doc: DocId): number {
    const open = this.#documents.peek(doc)
    if (!open) return this.#sealedOf(doc).reduce((count, row) => count + row.changes.length, 0)
    return this.#documents.unaccepted(open).length
  }

  heldCount(scope: ScopeId): number {
    return this.#held.get(scope)?.length ?? 0
  }

  // ── Presence ────────────────────────────────────────────────────────────────────────────────────────────────────

  async say(scope: ScopeId, payload: Bytes): Promise<void> {
    const epoch = this.keyring.newest(this.state, scope)
    const key = epoch < 0 ? null : await this.keyring.talkKey(scope, epoch)
    if (!key || this.connection === 'off') return
    // A counter that grows over restarts too: the clock's milliseconds, and at least one more than the last.
    this.#talkCounter = Math.max(this.#talkCounter + 1, Math.floor(this.#now()))
    const place = { workspace: this.#row.id, scope, epoch }
    this.#send({ type: 'talk', scope, bytes: await sealTalk(place, this.#talkCounter, payload, key, this.#signer) })
  }

  async #talk(scope: ScopeId, bytes: Bytes): Promise<void> {
    const talk = await openTalk(
      bytes,
      { workspace: this.#row.id, scope },
      {
        keyOf: (epoch) => this.keyring.talkKey(scope, epoch),
        signKeyOf: (device) =>
          includes(rightOf(this.state, device, scope), 'read')
            ? (this.state.devices.get(device)?.keys.sign ?? null)
            : null,
        verify: webVerify,
      },
    )
    if (!talk || talk.device === this.device || talk.counter <= (this.#heard.get(talk.device) ?? 0)) return
    this.#heard.set(talk.device, talk.counter)
    this.#hooks.talk(scope, talk.device, talk.payload)
  }

  // ── A relay with a new generation (R12) ─────────────────────────────────────────────────────────────────────────

  /**
   * The relay was restored from an older copy, moved or replaced. What of our order it no longer has loses its place (it is
   * kept under negative positions) and, once we have caught up with the new order, is offered again, whoever wrote it. Where
   * the relay's order is a beginning of ours it comes back in the same order, and every checkpoint keeps its place.
   */
  async #newGeneration(): Promise<void> {
    this.#hooks.notice('relay-restored', 'info')
    for (const [scope, books] of this.#scopes) {
      const head = this.heads.get(scope) ?? { position: 0, order: orderStart(scope) }
      const at = await this.#db.get('records', [this.#row.id, scope, head.position])
      const isBeginning = head.position === 0 || at?.order === head.order
      books.position = isBeginning ? head.position : 0
      books.order = isBeginning ? head.order : orderStart(scope)
      const tx = this.#db.transaction(['records', 'cursors'], 'readwrite')
      const records = tx.objectStore('records')
      const range = IDBKeyRange.bound([this.#row.id, scope, books.position + 1], [this.#row.id, scope, Infinity])
      const writes: Promise<unknown>[] = []
      for (const row of await records.getAll(range)) {
        writes.push(records.delete([row.ws, row.scope, row.position]), records.put({ ...row, position: -row.position }))
      }
      writes.push(
        tx.objectStore('cursors').put({ ws: this.#row.id, scope, position: books.position, order: books.order }),
      )
      await Promise.all([...writes, tx.done])
    }
  }

  /** A record that we had accepted under an earlier generation has a place again: nothing is applied twice. */
  async #replaced(id: string, scope: ScopeId, position: number, order: Hash): Promise<RecordRow | null> {
    if (!this.#acceptedIds.has(id)) return null
    const row = await this.#db.getFromIndex('records', 'id', [this.#row.id, id])
    if (!row || row.scope !== scope || row.position > 0) return null
    await this.#db.delete('records', [row.ws, row.scope, row.position])
    return { ...row, position, order }
  }

  async #offerAgain(): Promise<void> {
    for (const scope of this.readable()) {
      const range = IDBKeyRange.bound([this.#row.id, scope, -Infinity], [this.#row.id, scope, 0])
      const rows = (await this.#db.getAll('records', range)).sort((a, b) => b.position - a.position)
      for (let at = 0; at < rows.length; at += OFFERED_AT_ONCE) {
        const records = rows.slice(at, at + OFFERED_AT_ONCE).map((row) => row.bytes)
        this.#send({ type: 'put', records })
      }
    }
  }

  // ── Books ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #booksOf(scope: ScopeId): ScopeBooks {
    const known = this.#scopes.get(scope)
    if (known) return known
    const fresh: ScopeBooks = { position: 0, order: orderStart(scope), subscribed: false, target: 0 }
    this.#scopes.set(scope, fresh)
    return fresh
  }
  #sealedOf(doc: DocId): SealedRow[] {
    const known = this.#sealed.get(doc)
    if (known) return known
    const fresh: SealedRow[] = []
    this.#sealed.set(doc, fresh)
    return fresh
  }
  #heldOf(scope: ScopeId): RecordRow[] {
    const known = this.#held.get(scope)
    if (known) return known
    const fresh: RecordRow[] = []
    this.#held.set(scope, fresh)
    return fresh
  }
  #sealedById(id: string): SealedRow | null {
    for (const rows of this.#sealed.values()) for (const row of rows) if (row.id === id) return row
    return null
  }
  #instant(): Instant {
    return toInstant(Math.floor(this.#now()))
  }
  async #saveRow(): Promise<void> {
    this.#row.confirmed = this.log.confirmed
    await this.#db.put('workspaces', this.#row)
  }
}

interface ChangeIndex {
  changes: Map<string, { maxOp: number }>
  actors: Map<string, { seq: number; maxOp: number }>
  maxOp: number
}

function note(index: ChangeIndex, change: Omit<SealedChange, 'deps'>): void {
  index.changes.set(change.hash, { maxOp: change.maxOp })
  const tip = index.actors.get(change.actor)
  if (!tip || tip.seq < change.seq) index.actors.set(change.actor, { seq: change.seq, maxOp: change.maxOp })
  index.maxOp = Math.max(index.maxOp, change.maxOp)
}

/** The frontier after changes that come in an order in which they apply. */
function advanced(heads: readonly string[], changes: readonly { hash: string; deps: readonly string[] }[]): string[] {
  let frontier = [...heads]
  for (const { hash, deps } of changes) {
    frontier = frontier.filter((head) => head !== hash && !deps.includes(head))
    frontier.push(hash)
  }
  return frontier.sort()
}
