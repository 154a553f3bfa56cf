/**
 * One workspace at the relay: its log, the heads of its scopes, who listens. Records are checked and placed at once, written
 * together after a moment, and only then told to anybody (R5).
 */
import type { DeviceId, DocId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { toInstant } from '#lib/kernel/instants.ts'
import { judgeSealed, type ChainEnd, type SealedContext } from '#lib/sync/accept.ts'
import { append, inviteLapsed, overtakersOf } from '#lib/sync/authority-log.ts'
import { initialState, type AuthorityState } from '#lib/sync/authority-state.ts'
import { hashToBytes, type Bytes, type Hash } from '#lib/sync/bytes.ts'
import type { Birth } from '#lib/sync/identities.ts'
import { headMessage, orderNext, orderStart, type Head, type HeadOf } from '#lib/sync/order.ts'
import { encodeMessage, inPages, usualLimits, type NackReason, type RelayMessage } from '#lib/sync/protocol.ts'
import { parseRecord, verifyRecordNow, type VerifiedRecord } from '#lib/sync/records.ts'
import { deviceAt, includes, rightOf } from '#lib/sync/rights.ts'
import { parseWrap } from '#lib/sync/wraps.ts'
import type { Blobs, Room } from './blobs.ts'
import { finishFrame, type FinishedFrame } from './finished-frame.ts'
import type { RelayLimits } from './limits.ts'
import { verifyNow, type RelayKey } from './signatures.ts'
import { StorageFull, type Storage, type StoredRecord, type StoredWrap } from './storage/storage.ts'

/** A reader of the workspace, as the hub needs it. */
export interface Listener {
  device: DeviceId
  /** A seed of an open invite: it may read the log and its wraps, and join. */
  isSeed: boolean
  tell: (message: RelayMessage) => void
  /** A record of the log that another has appended. */
  appended: (frame: FinishedFrame) => void
  /** What another says in a scope; it is lost on who does not keep up. */
  heard: (scope: ScopeId, frame: FinishedFrame) => void
  /** Sends a live frame to a reader that has caught up with the scope; others get it from their cursor. */
  live: (scope: ScopeId, from: number, count: number, frame: () => FinishedFrame) => void
  unsubscribe: (scope: ScopeId) => void
  isSubscribed: (scope: ScopeId) => boolean
  end: (reason: string) => void
}

interface ScopeHead {
  position: number
  order: Hash
}
interface Pending {
  record: StoredRecord
  by: Listener
}
/** Devices whose records wait until somebody who takes rights from them was heard again. */
interface Hold {
  devices: Set<DeviceId>
  over: Promise<void>
  end: () => void
}

/** So many records of a scope a restored relay may lack (R12). */
const MOST_LOST = 10_000

/** The first record after a quiet moment is committed at once; while commits follow each other, records gather so long. */
const GATHER = 2

export interface HubOptions {
  ws: WorkspaceId
  storage: Storage
  blobs: Blobs
  key: RelayKey
  generation: () => Bytes
  /** The data were restored from an older copy once, or come back from devices (R12). */
  renewed: () => boolean
  renew: () => void
  /** What a device shows was accepted here once, and is not here: all are to offer again what they have. */
  lostRecords: () => void
  limits: RelayLimits
  now: () => number
}

export class Hub {
  state: AuthorityState
  log: Bytes[] = []
  readonly listeners = new Set<Listener>()
  readonly #options: HubOptions
  readonly #heads = new Map<ScopeId, ScopeHead>()
  readonly #docs = new Map<DocId, { scope: ScopeId; birth: Birth }>()
  readonly #chains = new Map<string, ChainEnd>()
  readonly #pendingIds = new Map<Hash, Pending>()
  #pending: Pending[] = []
  #stopGathering: (() => void) | null = null
  readonly #holds = new Map<Listener, Hold>()
  #committedAt = -Infinity
  #appending: Promise<void> = Promise.resolve()
  /** Of records and whole blobs, and of what is here of others. */
  #bytes = 0
  #unfinished = 0
  /** Blobs fill the same room as records. */
  readonly room: Room = {
    has: (bytes) => this.#bytes + this.#unfinished + bytes <= this.#options.limits.bytesPerWorkspace,
    fill: (bytes) => void (this.#unfinished += bytes),
    enter: (bytes) => {
      this.#unfinished -= bytes
      this.#bytes += bytes
    },
  }

  private constructor(options: HubOptions) {
    this.#options = options
    this.state = initialState(options.ws)
  }

  static async open(options: HubOptions): Promise<Hub> {
    const hub = new Hub(options)
    for (const signed of options.storage.log(options.ws)) {
      const taken = await append(hub.state, signed, verifyNow)
      if (!taken.ok) throw new Error(`the stored log of a workspace does not hold: ${taken.reason}`)
      hub.state = taken.state
      hub.log.push(signed)
    }
    hub.#readBooks()
    await options.blobs.takeStock(options.ws, hub.room)
    return hub
  }

  get ws(): WorkspaceId {
    return this.#options.ws
  }
  get known(): boolean {
    return this.state.n >= 0
  }

  #readBooks(): void {
    const { storage, ws } = this.#options
    this.#heads.clear()
    this.#docs.clear()
    this.#chains.clear()
    for (const { scope, position, order } of storage.heads(ws)) this.#heads.set(scope, { position, order })
    for (const { doc, scope, birth } of storage.docs(ws)) this.#docs.set(doc, { scope, birth })
    for (const { device, doc, seq, id, part } of storage.chainEnds(ws))
      this.#chains.set(`${doc} ${device}`, { seq, id, part })
    this.#bytes = storage.bytesOf(ws)
  }

  headOf(scope: ScopeId): ScopeHead {
    return this.#heads.get(scope) ?? { position: 0, order: orderStart(scope) }
  }

  /** The position up to which records are on disk: what is still being gathered may not be told. */
  committed(scope: ScopeId): number {
    const first = this.#pending.find(({ record }) => record.scope === scope)
    return first ? first.record.position - 1 : this.headOf(scope).position
  }

  signedHead(of: HeadOf, n: number, hash: Hash): Head {
    const generation = this.#options.generation()
    const signature = this.#options.key.sign(headMessage(this.ws, of, { n, hash, generation }))
    return { n, hash, generation, signature }
  }

  headAt(scope: ScopeId, position: number): Head {
    const order = position === 0 ? orderStart(scope) : this.#options.storage.orderAt(this.ws, scope, position)
    return this.signedHead(scope, position, order ?? orderStart(scope))
  }

  authorityHead(): Head | null {
    return this.state.head ? this.signedHead('authority', this.state.n, this.state.head) : null
  }

  ready(): RelayMessage {
    const scopes = [...this.state.scopes.keys()].map((scope) => {
      const { position, order } = this.headOf(scope)
      return { scope, n: position, hash: order }
    })
    return {
      type: 'ready',
      known: this.known,
      authority: this.state.n,
      scopes,
      limits: { ...usualLimits, blob: this.#options.limits.blob },
    }
  }

  /** Why the invitation of a seed does not hold any more; null while it does, and of whoever is no seed. */
  inviteEnd(seed: DeviceId): 'invite-used' | 'invite-expired' | 'invite-withdrawn' | null {
    const invite = this.state.invites.get(seed)
    if (!invite) return null
    if (invite.usedBy) return 'invite-used'
    if (inviteLapsed(this.state, seed, toInstant(Math.floor(this.#options.now())))) return 'invite-expired'
    return invite.to === null ? null : 'invite-withdrawn'
  }

  canComment(listener: Listener, scope: ScopeId): boolean {
    return includes(rightOf(this.state, listener.device, scope), 'comment')
  }

  canRead(listener: Listener, scope: ScopeId): boolean {
    return includes(rightOf(this.state, listener.device, scope), 'read')
  }

  // ── Records ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Checks records and places those that pass. Answers come with the commit, refusals at once. A promise where records of a
   * device that is held must wait: until it resolves nothing more is taken from this listener.
   */
  put(records: readonly Bytes[], by: Listener): Promise<void> | undefined {
    const over = this.#holds.size > 0 ? this.#holdOf(records) : null
    if (over) return over.then(() => this.put(records, by))
    this.#put(records, by)
    return undefined
  }

  #put(records: readonly Bytes[], by: Listener): void {
    if (this.#closed) return
    for (const bytes of records) {
      const parsed = parseRecord(bytes)
      // Without an id nobody can be answered about it; a device that sends such bytes is broken or hostile.
      if (!parsed.ok) return by.end('bad-frame')
      const signKey = this.state.devices.get(parsed.value.header.device)?.keys.sign
      const record = signKey ? verifyRecordNow(parsed.value, signKey, verifyNow) : null
      if (!record) {
        by.tell({ type: 'nack', id: parsed.value.id, reason: signKey ? 'bad-signature' : 'unknown-device' })
        continue
      }
      const refusal = this.#place(record, by)
      if (refusal) by.tell({ type: 'nack', id: record.id, reason: refusal })
    }
    if (this.#pending.length > 0) this.#gather()
  }

  #holdOf(records: readonly Bytes[]): Promise<void> | null {
    for (const bytes of records) {
      const parsed = parseRecord(bytes)
      if (!parsed.ok) continue
      for (const { devices, over } of this.#holds.values()) if (devices.has(parsed.value.header.device)) return over
    }
    return null
  }

  /**
   * Whoever writes without pause could make every record that takes rights from him stale, and never be removed. So while its
   * author takes in what came before and signs again, the relay leaves such a writer's records lying (A4).
   */
  #hold(overtakers: ReadonlySet<DeviceId>, author: Listener): void {
    const devices = new Set(overtakers)
    devices.delete(author.device)
    this.#release(author)
    if (devices.size === 0) return
    const { promise: over, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(() => this.#release(author), this.#options.limits.hold)
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    this.#holds.set(author, { devices, over, end })
  }

  #release(author: Listener): void {
    const hold = this.#holds.get(author)
    this.#holds.delete(author)
    hold?.end()
  }

  leave(listener: Listener): void {
    this.listeners.delete(listener)
    this.#release(listener)
  }

  #place(record: VerifiedRecord, by: Listener): NackReason | null {
    const { header, id, bytes } = record
    const { limits, now, storage } = this.#options
    const head = this.headOf(header.scope)
    const context: SealedContext = {
      state: this.state,
      position: head.position + 1,
      now: toInstant(Math.floor(now())),
      isAccepted: (known) => this.#pendingIds.has(known) || storage.isAccepted(this.ws, known),
      chainEnd: (device, doc) => this.#chains.get(`${doc} ${device}`) ?? null,
      birthOf: (doc) => this.#docs.get(doc) ?? null,
    }
    const verdict = judgeSealed(record, context)
    if (verdict.verdict === 'refuse') return verdict.reason
    if (verdict.verdict === 'duplicate') {
      this.#receiptAgain(id, by)
      return null
    }
    if (!this.room.has(bytes.length)) return 'quota'
    const isNew = !this.#docs.has(header.doc)
    if (isNew && this.#docs.size >= limits.docsPerWorkspace) return 'quota'
    const order = orderNext(head.order, record)
    const position = head.position + 1
    const { scope, doc, device, seq, epoch, part } = header
    const stored = {
      scope,
      position,
      id,
      order,
      doc,
      device,
      seq,
      epoch,
      part,
      isSnapshot: header.kind === 'snapshot',
      bytes,
      birth: isNew ? verdict.birth : null,
    }
    this.#heads.set(scope, { position, order })
    if (isNew) this.#docs.set(doc, { scope, birth: verdict.birth })
    this.#chains.set(`${doc} ${device}`, { seq, id, part })
    this.#bytes += bytes.length
    const pending = { record: stored, by }
    this.#pendingIds.set(id, pending)
    this.#pending.push(pending)
    return null
  }

  /** A record that was put again (its receipt was lost): the receipt, from its place. */
  #receiptAgain(id: Hash, by: Listener): void {
    const place = this.#options.storage.positionOf(this.ws, id)
    if (!place) return
    by.tell({
      type: 'records',
      scope: place.scope,
      from: place.position,
      list: [hashToBytes(id)],
      head: this.headAt(place.scope, place.position),
    })
  }

  /** Writes what was gathered and takes nothing more; what comes after is offered again to the next relay. */
  close(): void {
    this.commit()
    this.#closed = true
    for (const author of [...this.#holds.keys()]) this.#release(author)
  }
  #closed = false

  #gather(): void {
    if (this.#stopGathering) return
    const wait = this.#committedAt + GATHER - performance.now()
    if (wait > 0) {
      const timer = setTimeout(() => this.commit(), wait)
      this.#stopGathering = () => clearTimeout(timer)
    } else {
      // After what has arrived on the other sockets meanwhile.
      const turn = setImmediate(() => this.commit())
      this.#stopGathering = () => clearImmediate(turn)
    }
  }

  /** Writes what was gathered, then tells everybody. */
  commit(): void {
    this.#stopGathering?.()
    this.#stopGathering = null
    const batch = this.#pending
    if (batch.length === 0) return
    try {
      this.#options.storage.addRecords(
        this.ws,
        batch.map(({ record }) => record),
      )
    } catch (error) {
      this.#pending = []
      this.#pendingIds.clear()
      // Nothing was written: the books go back to what is.
      this.#readBooks()
      const reason = refusalOf(error, 'commit')
      for (const { record, by } of batch) by.tell({ type: 'nack', id: record.id, reason })
      return
    }
    this.#pending = []
    this.#pendingIds.clear()
    const byScope = new Map<ScopeId, Pending[]>()
    for (const entry of batch) byScope.set(entry.record.scope, [...(byScope.get(entry.record.scope) ?? []), entry])
    for (const [scope, entries] of byScope) {
      // A commit may hold more than one frame carries.
      for (const run of inPages(entries, ({ record }) => record.bytes.length)) this.#fanOut(scope, run)
    }
    this.#committedAt = performance.now()
  }

  #fanOut(scope: ScopeId, entries: readonly Pending[]): void {
    const first = entries[0]?.record
    const last = entries.at(-1)?.record
    if (!first || !last) return
    const head = this.signedHead(scope, last.position, last.order)
    const from = first.position
    const frameOf = (list: Bytes[]) => finishFrame(encodeMessage({ type: 'records', scope, from, list, head }))
    let shared: FinishedFrame | null = null
    const authors = new Set(entries.map(({ by }) => by))
    for (const listener of this.listeners) {
      const frame = authors.has(listener)
        ? () =>
            frameOf(
              entries.map(({ record, by }) =>
                by === listener && record.device === listener.device ? hashToBytes(record.id) : record.bytes,
              ),
            )
        : () => (shared ??= frameOf(entries.map(({ record }) => record.bytes)))
      listener.live(scope, from, entries.length, frame)
    }
  }

  // ── The log ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Resolves when it is answered: what the same device sends next (records, wraps) may rest on it. */
  appendLog(signed: Bytes, by: Listener): Promise<void> {
    this.#appending = this.#appending
      .then(() => this.#append(signed, by))
      .catch((error: unknown) => {
        console.error('append', error instanceof Error ? error.message : 'failed')
        by.end('internal')
      })
    return this.#appending
  }

  async #append(signed: Bytes, by: Listener): Promise<void> {
    const no = (reason: string) => {
      by.tell({ type: 'auth-no', reason, n: this.state.n })
      if (reason !== 'stale' && reason !== 'not-the-head') this.#release(by)
    }
    const taken = await append(this.state, signed, verifyNow)
    if (!taken.ok) return no(taken.reason)
    const { body } = taken.record
    // Any member may bring anybody's signed record: after the relay was restored the log comes back from whoever has it (R12),
    // also the joining of somebody whose invitation has run out since.
    if (by.isSeed) {
      if (body.type !== 'join' || body.invite !== by.device) return no('no-right')
      if (this.inviteEnd(by.device) === 'invite-expired') return no('invite-expired')
    }
    // Gathered records have their place already; a checkpoint is judged against the order with them.
    this.commit()
    const { storage } = this.#options
    let isLost = false
    const overtakers = overtakersOf(taken.state, taken.record, {
      orderAt: (scope, position) => (position === 0 ? orderStart(scope) : storage.orderAt(this.ws, scope, position)),
      isLost: (scope, position) => {
        // R12: a log that comes before any record, and names an order, is one that another relay had and lost.
        if (this.#heads.size === 0 && position > 0) {
          this.#options.renew()
          return true
        }
        // A record of an earlier generation names an order that is gone. What is accepted here is still not un-accepted.
        if (this.#options.renewed()) return position <= this.headOf(scope).position + MOST_LOST
        // R12: nobody names an order that no relay has shown, so this one had it and lost it.
        isLost = true
        return false
      },
      acceptedAfter: (scope, position) =>
        storage.placedAfter(this.ws, scope, position).map(({ id, device: author, epoch, doc, position: place }) => ({
          id,
          header: { device: author, scope, epoch },
          lane: this.#docs.get(doc)?.birth.lane ?? 'main',
          position: place,
        })),
    })
    if (isLost) return this.#options.lostRecords()
    if (overtakers) {
      this.#hold(overtakers, by)
      return no('stale')
    }
    try {
      storage.appendLog(this.ws, taken.record.n, signed)
    } catch (error) {
      return no(refusalOf(error, 'append'))
    }
    this.state = taken.state
    this.log.push(signed)
    const head = this.signedHead('authority', taken.record.n, taken.record.hash)
    by.tell({ type: 'auth-ok', n: taken.record.n, hash: taken.record.hash, head })
    const frame = finishFrame(encodeMessage({ type: 'auth', from: taken.record.n, records: [signed], head }))
    for (const listener of this.listeners) if (listener !== by) listener.appended(frame)
    this.#enforce()
    this.#release(by)
  }

  /** A7, A9: rights that are gone, and invitations, end delivery and sockets at once. */
  #enforce(): void {
    for (const listener of [...this.listeners]) {
      // Whom the log does not know yet may be bringing it (R12), and reads nothing until it does; nor does a seed.
      const isRemoved = this.state.devices.has(listener.device) && !deviceAt(this.state, listener.device)
      const reason = isRemoved ? 'removed' : this.inviteEnd(listener.device)
      if (reason) {
        listener.tell({ type: 'gone', reason })
        listener.end('removed')
        continue
      }
      for (const scope of this.state.scopes.keys()) {
        if (listener.isSubscribed(scope) && !this.canRead(listener, scope)) listener.unsubscribe(scope)
      }
    }
  }

  // ── Wraps and talk ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Keeps wraps by current readers and hands them to whoever they are for. */
  putWraps(list: readonly Bytes[], by: Listener): void {
    const kept: StoredWrap[] = []
    for (const bytes of list) {
      const wrap = parseWrap(bytes)
      if (!wrap.ok) return by.end('bad-frame')
      const { workspace, scope, epoch, sender, recipient, payload, signature } = wrap.value
      if (workspace !== this.ws || sender !== by.device || !this.canRead(by, scope)) continue
      if (!verifyNow(this.state.devices.get(sender)!.keys.sign, payload, signature)) continue
      if (!this.state.devices.has(recipient) && !this.state.invites.has(recipient)) continue
      if (epoch >= (this.state.scopes.get(scope)?.epochs.length ?? 0)) continue
      kept.push({ scope, epoch, recipient, sender, bytes })
    }
    if (kept.length === 0) return
    try {
      this.#options.storage.addWraps(this.ws, kept)
    } catch (error) {
      return by.tell({ type: 'wrap-no', reason: refusalOf(error, 'wraps') })
    }
    for (const listener of this.listeners) {
      const wraps = kept.filter(({ recipient }) => recipient === listener.device).map(({ bytes }) => bytes)
      if (wraps.length > 0) listener.tell({ type: 'wraps', wraps })
    }
  }

  talk(scope: ScopeId, bytes: Bytes, by: Listener): void {
    if (!this.canRead(by, scope)) return
    const frame = finishFrame(encodeMessage({ type: 'talk', scope, device: by.device, bytes }))
    for (const listener of this.listeners) if (listener !== by) listener.heard(scope, frame)
  }
}

/** What could not be written is nobody's fault but the storage's: it is offered again. */
function refusalOf(error: unknown, what: string): 'full' | 'storage' {
  if (error instanceof StorageFull) return 'full'
  console.error(what, error instanceof Error ? error.message : 'failed')
  return 'storage'
}
