/**
 * Sync of one workspace on a device: the connection to the relay, the authority log, keys, presence. Records come in through
 * the inbox and go out through the outbox; this file decides what happens when.
 */
import type { DeviceId, DocId, ScopeId } from '#lib/kernel/ids.ts'
import { toInstant, type Instant } from '#lib/kernel/instants.ts'
import type { Db, DocRow, WorkspaceRow } from '#lib/store/db.ts'
import type { Documents } from '#lib/store/documents.ts'
import type { AuthorityBody, ScopeClass } from './authority.ts'
import { toldHead, type HeadLookup } from './authority-log.ts'
import type { AuthorityState } from './authority-state.ts'
import { toHex, type Bytes, type Hash } from './bytes.ts'
import { DeviceLog } from './device-log.ts'
import { Inbox, type Place } from './inbox.ts'
import { Keyring, type Share } from './keyring.ts'
import { commitmentOf, createScopeKey, sealOldKey, signerOf } from './keys.ts'
import { verifyHead, type Head, type HeadOf } from './order.ts'
import { Outbox } from './outbox.ts'
import {
  closeCodes,
  decodeRelayMessage,
  encodeMessage,
  inPages,
  noRoom,
  SIGN_OF_LIFE,
  signHello,
  type DeviceMessage,
  type NoRoom,
  type RelayMessage,
} from './protocol.ts'
import { deviceAt, includes, rightOf } from './rights.ts'
import { Snapshots } from './snapshots.ts'
import { webVerify, type Signer } from './signatures.ts'
import { openTalk, sealTalk } from './talk.ts'
import { RelayConnection } from './transport.ts'
import { Reach } from './reach.ts'
import { decodeSighting, encodeSighting, Witness } from './witness.ts'

export interface EngineHooks {
  /** Anything that a screen shows of sync has changed: states, people, scopes. */
  changed: () => void
  /** Records of the log by others have come: those from `first` on. */
  administered: (first: number) => void
  /** A document that was not known here arrived. */
  discovered: (doc: DocId) => void
  /** My edits were refused (R7): called before the document goes back, with the changes that it loses. */
  refused: (row: DocRow, reason: string, changes: Bytes[]) => Promise<void>
  notice: (code: string, severity: 'info' | 'warning' | 'danger', params?: Record<string, string | number>) => void
  /** What these notices say does not hold any more. */
  over: (codes: readonly string[]) => void
  talk: (scope: ScopeId, device: DeviceId, payload: Bytes) => void
  removed: (reason: string) => Promise<void>
}

export type Connection = 'off' | 'connecting' | 'catching-up' | 'live'

/** Records in one message. */
const PUT_AT_ONCE = 100

/** How long a device waits before it asks again whether the relay, or its own disk, has room. */
const FIRST_WAIT = 1_000
const LONGEST_WAIT = 60_000
const ROOM_NOTICES = { full: 'relay-full', quota: 'quota', storage: 'relay-storage' } as const satisfies Record<
  NoRoom,
  string
>
/** Milliseconds: less is told by nobody's watch. */
const CLOCKS_DIFFER = 10 * 60_000
/** A relay that claims to be later by more than that is not believed: every invitation would hold for years. */
const MOST_BEHIND = 31 * 24 * 60 * 60_000
const BEHIND_ANOTHER = new Set(['seq-gap', 'prev-mismatch', 'part-order', 'unknown-document'])

/** The counter of what was said is written down so far ahead: once a minute, not with every word. */
const TALKED_AHEAD = 60_000

export class Engine {
  readonly log: DeviceLog
  readonly keyring: Keyring
  connection: Connection = 'off'
  /** The first call to the relay since the start: whether anybody answers is not known yet. */
  isFirstCall = false
  /** The relay has answered the last call: it takes nothing without its set-up token. */
  wantsToken = false
  #hasAskedForToken = false
  /** Milliseconds by which the clock of this device is ahead of the relay's, at most a month; 0 where they agree as clocks do. */
  clockAhead = 0
  /** This device's clock is so far behind the relay's that neither is believed: nobody is invited until a time. */
  isFarBehind = false
  readonly heads = new Map<ScopeId, Place>()
  /** The log's end at the relay when it said those of all scopes. */
  #toldAt = -1
  readonly outbox: Outbox
  readonly inbox: Inbox
  readonly snapshots: Snapshots
  readonly #db: Db
  readonly #documents: Documents
  readonly #row: WorkspaceRow
  readonly #signer: Signer
  readonly #hooks: EngineHooks
  readonly #now: () => number
  readonly #witness: Witness
  readonly reach: Reach
  /** Scopes that we follow, and the relay's head when we began to: up to there we are catching up. */
  readonly #followed = new Map<ScopeId, number>()
  /** Wraps whose arrival at the relay is not certain yet, by the ping that follows them. */
  readonly #unsure = new Map<number, readonly Share[]>()
  #lastToken = SIGN_OF_LIFE
  readonly #startedOver = new Set<ScopeId>()
  /** Documents of which a record found no room at the relay (R7), until it is sent again. */
  readonly #noRoom = new Set<DocId>()
  /** The same until it has found room, the log, and wrapped keys; with what the relay lacks. */
  readonly #waitsForRoom = new Map<DocId | 'authority' | 'keys', NoRoom>()
  #roomTimer: ReturnType<typeof setTimeout> | null = null
  #roomDelay = FIRST_WAIT
  /** The disk has not taken something: until it does, nothing new is sealed, and what comes is in memory alone. */
  isDiskFull = false
  #isStarted = false
  #connection: RelayConnection | null = null
  #queue: Promise<void> = Promise.resolve()
  #generation: Bytes | null = null
  #relayKey: Bytes | null = null
  #pushing = false
  #redraftWhenLive = false
  #talkCounter: number
  /** How far it may go by what is on the disk. */
  #talkNoted: number
  #heard = new Map<DeviceId, number>()

  constructor(options: { db: Db; documents: Documents; row: WorkspaceRow; hooks: EngineHooks; now: () => number }) {
    this.#db = options.db
    this.#documents = options.documents
    this.#row = options.row
    this.#talkCounter = this.#talkNoted = options.row.talked
    this.reach = new Reach(options.row.reach)
    this.#hooks = options.hooks
    this.#now = options.now
    this.#signer = signerOf(options.row.keys)
    this.log = new DeviceLog(options.db, options.row.id, webVerify)
    this.keyring = new Keyring(options.db, options.row.id, options.row.keys)
    const { db, documents, row, hooks } = options
    this.outbox = new Outbox({
      db,
      documents,
      ws: row.id,
      device: row.keys.id,
      keyring: this.keyring,
      signer: this.#signer,
      agreed: () => this.#agreed,
      isLive: () => this.connection === 'live',
      // What was sealed while the connection was lost is sent with everything else when the next one is live.
      send: (records) => (this.connection === 'live' ? this.#put(records) : undefined),
      refuse: (doc, reason) => this.#enqueue(() => this.inbox.replay(doc, reason, 'draft')),
      changed: hooks.changed,
      notSealed: (error) => isOfStorage(error) && this.#storeLater(),
    })
    this.inbox = new Inbox({
      db,
      documents,
      keyring: this.keyring,
      outbox: this.outbox,
      row,
      agreed: () => this.#agreed,
      discovered: hooks.discovered,
      refused: hooks.refused,
      notice: hooks.notice,
      received: (scope, position) => this.#generation && this.reach.received(toHex(this.#generation), scope, position),
      notStored: () => this.#storeLater(),
    })
    this.snapshots = new Snapshots({
      db,
      documents,
      inbox: this.inbox,
      outbox: this.outbox,
      keyring: this.keyring,
      ws: row.id,
      agreed: () => this.#agreed,
      send: (message) => this.#send(message),
      ping: () => this.#ping(),
      discovered: hooks.discovered,
      done: (scope) => this.#follow(scope),
    })
    this.#witness = new Witness({
      workspace: row.id,
      relayKey: () => this.#relayKey,
      generation: () => this.#generation,
      hashAt: (of, n) => (of === 'authority' ? Promise.resolve(this.log.hashAt(n)) : this.inbox.orderAt(of, n)),
      suspect: (suspicion) => hooks.notice(suspicion, suspicion === 'relay-equivocates' ? 'danger' : 'warning'),
      now: options.now,
    })
  }

  get state(): AuthorityState {
    return this.log.state
  }
  /**
   * What is sealed and judged goes by the log that the relay has taken, as everybody else's does: a removal or a key of mine
   * that is still on its way must neither refuse a record that others accept nor hide one from them (R0, A2).
   */
  get #agreed(): AuthorityState {
    return this.log.confirmedState
  }
  get device(): DeviceId {
    return this.#row.keys.id
  }

  async load(): Promise<void> {
    await this.log.load(this.#row.confirmed)
    await this.keyring.load(this.state)
    await this.outbox.load()
    await this.inbox.load()
    // What may hold edits of mine is opened at once: the badge counts them from the first moment on (P6).
    void this.#enqueue(async () => {
      for (const doc of await this.#written()) await this.#documents.open(doc)
      this.#hooks.changed()
    })
  }

  // ── Connecting ──────────────────────────────────────────────────────────────────────────────────────────────────

  start(): void {
    if (this.#isStarted || !this.#row.relay || this.#row.removed) return
    this.#isStarted = true
    this.isFirstCall = true
    this.#call(this.#row.relay)
  }

  #call(relay: string): void {
    this.connection = 'connecting'
    // Where taking it in failed half-way, what the rest of the log judges otherwise has not been judged again.
    this.log.confirmed = Math.min(this.log.confirmed, this.#row.confirmed)
    // What a connection brought before it was given up says nothing about the next one.
    const ofThis = (work: () => void | Promise<void>): Promise<void> =>
      this.#enqueue(async () => (this.#connection === connection ? work() : undefined))
    const connection: RelayConnection = new RelayConnection(relay, this.device, {
      open: () => undefined,
      frame: (bytes) => {
        const message = decodeRelayMessage(bytes)
        const scope = message.ok && message.value.type === 'records' ? message.value.scope : null
        if (scope !== null) this.#came(scope, 1)
        void ofThis(() => this.#frame(message)).then(() => scope !== null && this.#came(scope, -1))
      },
      closed: (code) => void ofThis(() => this.#closed(code)),
      ping: () => encodeMessage({ type: 'ping', token: SIGN_OF_LIFE }),
    })
    this.#connection = connection
    connection.start()
    this.#hooks.changed()
  }

  stop(): void {
    if (this.#roomTimer !== null) clearTimeout(this.#roomTimer)
    if (this.#diskTimer !== null) clearTimeout(this.#diskTimer)
    this.#roomTimer = null
    this.#diskTimer = null
    this.#diskDelay = FIRST_WAIT
    this.isDiskFull = false
    this.#noRoom.clear()
    this.#waitsForRoom.clear()
    this.#isStarted = false
    this.#hangUp()
    this.#hasAskedForToken = false
    this.connection = 'off'
    this.#hooks.changed()
  }

  /** The network, or room on the disk, is said to be back. */
  hurry(): void {
    this.#connection?.hurry()
    if (this.#diskTimer === null) return
    clearTimeout(this.#diskTimer)
    this.#storeNow()
  }

  #hangUp(): void {
    this.#connection?.stop()
    this.#connection = null
    this.#closed(1000)
  }

  /** Resolves when everything that has arrived so far is dealt with (tests, shutdown). */
  async settle(): Promise<void> {
    await this.#queue
    await this.outbox.settle()
  }

  #closed(code: number): void {
    this.#followed.clear()
    this.snapshots.reset()
    this.#pushing = false
    this.heads.clear()
    if (this.#connection) this.connection = 'connecting'
    this.isFirstCall = false
    this.#unknown = code === closeCodes.unauthorised || (this.#unknown && code !== closeCodes.removed)
    this.wantsToken = code === closeCodes['workspace-unknown-needs-token']
    // Each call is refused: what somebody put away is not said again with the next one.
    if (this.wantsToken && !this.#hasAskedForToken) {
      this.#hasAskedForToken = true
      this.#hooks.notice('setup-token-needed', 'warning', { token: this.#row.setupToken === null ? 'none' : 'wrong' })
    }
    if (code === closeCodes['unsupported-version']) this.#hooks.notice('relay-version', 'warning')
    this.#hooks.changed()
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(work).catch((error: unknown) => {
      console.error('sync', error)
      this.#callAnew(isOfStorage(error))
    })
    return this.#queue
  }

  /** Something failed half-way: what counts is what is stored, and from there the relay is called anew. */
  #callAnew(isDiskFull: boolean): void {
    if (!this.#isStarted) return
    this.#hangUp()
    this.connection = 'connecting'
    this.#storeLater(isDiskFull)
  }

  #send(message: DeviceMessage): boolean {
    return this.#connection?.sendFrame(encodeMessage(message)) ?? false
  }

  /** In as few messages as the relay takes. */
  #put(records: readonly Bytes[]): void {
    for (const page of inPages(records, ({ length }) => length, PUT_AT_ONCE)) this.#send({ type: 'put', records: page })
  }

  /** The relay answers in order: its pong with this token says that it has dealt with all that was sent before. */
  #ping(): number {
    const token = ++this.#lastToken
    this.#send({ type: 'ping', token })
    return token
  }

  async #frame(message: ReturnType<typeof decodeRelayMessage>): Promise<void> {
    // A relay that cannot be understood is no reason to stop working here.
    if (!message.ok) {
      this.snapshots.giveUp()
      return this.#hooks.notice('relay-unreadable', 'warning')
    }
    await this.#receive(message.value)
  }

  /** What people write does not depend on clocks; what they read of times, and how long an invitation holds, does. */
  #compareClocks(relays: number): void {
    const ahead = this.#now() - relays
    this.clockAhead = Math.abs(ahead) < CLOCKS_DIFFER ? 0 : Math.max(-MOST_BEHIND, ahead)
    this.isFarBehind = ahead < -MOST_BEHIND
    if (this.clockAhead === 0) this.#hooks.over(['clock-off'])
    else this.#hooks.notice('clock-off', 'warning', { minutes: Math.round(ahead / 60_000) })
  }

  async #receive(message: RelayMessage): Promise<void> {
    switch (message.type) {
      case 'challenge': {
        this.#relayKey = message.relayKey
        this.#generation = message.generation
        this.#compareClocks(message.at)
        const { id, keys, setupToken } = this.#row
        this.#send(await signHello(message, id, keys.public.sign, setupToken, this.#signer))
        return
      }
      case 'ready':
        return this.#ready(message)
      case 'auth':
        return this.#authority(message.from, message.records, message.head)
      case 'auth-ok':
        this.log.confirm(message.n)
        this.#foundRoom('authority')
        await this.inbox.logGrown(message.n)
        await this.#headShown('authority', message.head, this.log.hashAt(message.n))
        this.#pushing = false
        await this.#saveRow()
        this.#hooks.changed()
        await this.#pushAuthority()
        // A scope that I opened takes records from now on.
        return this.#sealWritten()
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
        // Only the log removes anybody, all of it that is here, also what a relay has lost (R12). A relay that merely says so
        // is one that refuses to serve, and is tried again.
        if (deviceAt(this.state, this.device)) return this.#hooks.notice('relay-refuses', 'warning')
        // From here on nothing is written. Stored last: if the core dies before its author's edits are kept, it asks again.
        this.#row.removed = true
        this.stop()
        await this.#hooks.removed(message.reason)
        return this.#saveRow()
      case 'snapshots':
      case 'blob':
      case 'blob-no':
      case 'blob-ok':
        await this.snapshots.receive(message, 'scope' in message ? (this.heads.get(message.scope) ?? null) : null)
        return this.#hooks.changed()
      case 'wrap-no':
        this.#keysLost()
        return this.#foundNoRoom('keys', message.reason)
      case 'pong':
        this.snapshots.answered(message.token)
        return this.#keysTaken(message.token)
      default:
        message satisfies never
    }
  }

  async #ready(message: Extract<RelayMessage, { type: 'ready' }>): Promise<void> {
    this.#connection?.settled()
    this.#hooks.over(['relay-version', 'setup-token-needed'])
    this.connection = 'catching-up'
    this.wantsToken = false
    this.#hasAskedForToken = false
    this.#unknown = false
    this.#pushing = false
    this.#followed.clear()
    // Wraps that went under with the last connection would be missed by whoever they were for.
    this.#keysLost()
    const lacksLog = message.authority + 1 < this.log.confirmed
    const generation = this.#generation ? toHex(this.#generation) : null
    const moved = this.#row.generation !== null && this.#row.generation !== generation
    // A relay that has lost records has lost wraps, too.
    if (moved || lacksLog) await this.keyring.relayLost()
    this.heads.clear()
    for (const head of message.scopes) this.heads.set(head.scope, { position: head.n, order: head.hash })
    if (moved) {
      this.#hooks.notice('relay-restored', 'info')
      await this.inbox.newGeneration((scope) => this.heads.get(scope) ?? null)
    }
    this.#startedOver.clear()
    for (const { scope, n, hash } of message.scopes) {
      const held = await this.inbox.orderAt(scope, n)
      if (held === null || held === hash) continue
      this.#hooks.notice('order-contradicted', 'warning')
      this.#startedOver.add(scope)
      await this.inbox.startOver(scope)
    }
    this.#toldAt = message.authority
    this.#row.generation = generation
    this.#row.relayKey = this.#relayKey
    // A relay that knows less of the log than it once confirmed gets it again, and all of it before anything else (R12).
    this.#row.owed = Math.max(this.#row.owed, this.log.confirmed)
    this.#redraftWhenLive = false
    if (lacksLog) this.log.confirmed = message.authority + 1
    await this.#saveRow()
    // Where the relay has nothing more it shows its head all the same: a log of the same length may be another one.
    this.#send({ type: 'auth-pull', from: this.log.confirmed })
    if (message.authority + 1 <= this.log.confirmed && !this.#parted) await this.#authoritySettled()
    this.#hooks.changed()
  }

  // ── The authority log ───────────────────────────────────────────────────────────────────────────────────────────

  /** Signs a log record; it takes effect here at once and at the relay as soon as it can be reached. Null, or why not. */
  async propose(
    body: AuthorityBody,
    { signer = this.#signer, group }: { signer?: Signer | undefined; group?: string | undefined } = {},
  ): Promise<string | null> {
    const reason = await this.log.propose(body, this.#instant(), this.#headOf, signer, group)
    if (reason) return reason
    void this.#enqueue(() => this.#pushAuthority())
    this.#hooks.changed()
    return null
  }

  /** A4: the place that a record of mine names is one that this device has computed, unless it has none of the order. */
  readonly #headOf: HeadLookup = (scope, log) => {
    const isRead = includes(rightOf(log, this.device, scope), 'read')
    return isRead && this.inbox.place(scope).position > 0
      ? this.inbox.verified(scope, log)
      : toldHead(log, scope, this.heads.get(scope), this.#toldAt)
  }

  async #authority(from: number, list: readonly Bytes[], head: Head | null): Promise<void> {
    if (list.length === 0) return this.#authorityHead(head)
    const before = this.log.confirmed
    const received = await this.log.receive(from, list, this.#instant(), this.#headOf, this.#signer)
    if (received.refused === 'gap') return void this.#send({ type: 'auth-pull', from: this.log.confirmed })
    this.#tellDropped(received.dropped)
    this.#pushing = false
    if (this.log.confirmed > before) {
      this.#hooks.administered(before)
      await this.inbox.logGrown(before)
    }
    // Stored when what it judges otherwise is judged: after a crash in between the log is taken in again from before.
    await this.#saveRow()
    const isOurs = !head || (await this.#headShown('authority', head, this.log.hashAt(head.n)))
    this.#parted = received.refused !== null || !isOurs
    await this.#checkCheckpoints(before)
    if (received.refused) this.#hooks.notice('log-forked', 'danger')
    else await this.#authoritySettled()
    this.#hooks.changed()
  }

  async #authorityHead(head: Head | null): Promise<void> {
    if (!head) return
    const wasParted = this.#parted
    this.#parted = !(await this.#headShown('authority', head, this.log.hashAt(head.n)))
    if (this.#parted) this.connection = 'catching-up'
    else if (wasParted) await this.#authoritySettled()
    this.#hooks.changed()
  }

  async #authorityRefused(reason: string): Promise<void> {
    this.#pushing = false
    const lack = noRoom.find((one) => one === reason)
    if (lack) return this.#foundNoRoom('authority', lack)
    if (reason === 'not-the-head') {
      this.#send({ type: 'auth-pull', from: this.log.confirmed })
      return
    }
    if (reason === 'stale') {
      // A removal that a relay has lost, and the removed has written there since: neither may be made undone, nor signed anew.
      if (this.#owesLog) {
        this.#parted = true
        return this.#hooks.changed()
      }
      // Somebody whom it concerns has written meanwhile. With the order up to now it may pass, so that must be here first.
      if (this.connection !== 'live') {
        this.#redraftWhenLive = true
        return
      }
      this.#tellDropped(await this.log.redraft(this.#instant(), this.#headOf, this.#signer))
    } else {
      const body = await this.log.drop(this.#instant(), this.#headOf, this.#signer)
      if (body) this.#tellDropped([{ body, reason }])
    }
    this.#hooks.changed()
    await this.#pushAuthority()
  }

  #tellDropped(dropped: readonly { body: AuthorityBody; reason: string }[]): void {
    for (const { body, reason } of dropped) {
      // Devices renew keys by themselves: that another one was quicker is nobody's business. Nor is it where that did the same.
      const isDone = body.type === 'removeDevice' && deviceAt(this.state, body.device) === null
      if (body.type !== 'rotate' && !isDone)
        this.#hooks.notice('administration-dropped', 'warning', { type: body.type, reason })
    }
  }

  async #pushAuthority(): Promise<void> {
    if (this.#pushing || this.connection === 'connecting' || this.connection === 'off') return
    const next = this.log.signedAt(this.log.confirmed)
    if (!next) return this.#authoritySettled()
    this.#pushing = this.#send({ type: 'auth-append', signed: next })
  }

  /** This device holds all of the relay's log: now keys, scopes and records. What of mine is on its way waits for nobody. */
  async #authoritySettled(): Promise<void> {
    if (this.log.confirmed < this.log.length && !this.#redraftWhenLive) await this.#pushAuthority()
    if (this.#owesLog) return
    // A log that was damaged and is here again names keys that are on the disk.
    if (this.#lacksKeys() && (await this.keyring.load(this.state))) await this.inbox.keysArrived()
    await this.shareKeys()
    for (const scope of this.readable(this.#agreed)) {
      if (this.#lacksNewestKey(scope)) this.#send({ type: 'wrap-pull', scope })
      if (this.#followed.has(scope) || this.snapshots.ask(scope, this.heads.get(scope)?.position ?? 0)) continue
      this.#follow(scope)
    }
    await this.#rotateWhereDue()
    await this.#maybeLive()
  }

  #lacksNewestKey(scope: ScopeId): boolean {
    return this.keyring.newest(this.state, scope) < (this.state.scopes.get(scope)?.epochs.length ?? 0) - 1
  }
  /** No key of the scope is here: nothing can be sealed in it until another device, or person, gives one. */
  lacksKey(scope: ScopeId): boolean {
    return this.keyring.newest(this.#agreed, scope) < 0 && includes(rightOf(this.#agreed, this.device, scope), 'read')
  }
  #lacksKeys(): boolean {
    return this.readable(this.#agreed).some((scope) => this.#lacksNewestKey(scope))
  }

  #follow(scope: ScopeId): void {
    if (this.#send({ type: 'sub', scope, after: this.inbox.place(scope).position }))
      this.#followed.set(scope, this.heads.get(scope)?.position ?? 0)
  }

  /** Scopes that this device may read now. */
  readable(state: AuthorityState = this.state): ScopeId[] {
    return [...state.scopes.keys()].filter((scope) => includes(rightOf(state, this.device, scope), 'read'))
  }

  /** Wraps of scope keys for everybody entitled who lacks one; sent now, or with the next connection. */
  async shareKeys(): Promise<void> {
    if (this.connection === 'off' || this.connection === 'connecting') return
    const shares = await this.keyring.shares(this.#agreed, this.readable())
    if (shares.length === 0 && this.#unsure.size === 0) this.#foundRoom('keys')
    for (const page of inPages(shares, ({ wrap }) => wrap.length)) {
      this.#send({ type: 'wrap-put', wraps: page.map(({ wrap }) => wrap) })
      this.#unsure.set(this.#ping(), page)
    }
  }

  async #keysTaken(ping: number): Promise<void> {
    const shares = this.#unsure.get(ping)
    if (!shares) return
    this.#unsure.delete(ping)
    this.#foundRoom('keys')
    await this.keyring.arrived(shares)
    this.#hooks.changed()
  }

  #keysLost(): void {
    this.#unsure.clear()
    this.keyring.lost()
  }

  /**
   * The relay has another log than this device, or one that does not know it (R12): neither believes the other, and nothing goes
   * on until somebody helps.
   */
  get isParted(): boolean {
    return (this.#parted && this.connection === 'catching-up') || (this.#unknown && this.connection === 'connecting')
  }
  #parted = false
  #unknown = false

  /** What a relay once had confirmed of the log it must hold again before scopes and records make sense to it (R12). */
  get #owesLog(): boolean {
    return this.log.confirmed < Math.min(this.#row.owed, this.log.length)
  }

  /** Keys are on their way to somebody: an invitation counts once the relay holds what its link opens. */
  get isSharing(): boolean {
    return this.keyring.owes(this.#agreed, this.readable(this.#agreed))
  }

  /** Opens a scope with a key of its own. Null, or why not. */
  async openScope(
    scope: ScopeId,
    parent: ScopeId | null,
    scopeClass: ScopeClass,
    group?: string,
  ): Promise<string | null> {
    const scopeKey = createScopeKey()
    const commitment = commitmentOf(scope, 0, scopeKey)
    const refused = await this.propose({ type: 'openScope', scope, parent, class: scopeClass, commitment }, { group })
    if (refused) return refused
    await this.keyring.keep(this.state, scope, 0, scopeKey)
    return null
  }

  /** A7: whoever may write and holds the newest key renews it after somebody has lost reading. */
  async #rotateWhereDue(): Promise<void> {
    for (const fact of this.state.scopes.values()) {
      const epoch = fact.epochs.length
      const old = this.keyring.scopeKey(this.state, fact.id, epoch - 1)
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
    await this.inbox.keysArrived()
    await this.shareKeys()
    await this.#maybeLive()
    // Edits may have waited for a key to be sealed under.
    await this.#sealWritten()
    this.#hooks.changed()
  }

  // ── Records ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Messages with records that are here and wait to be taken in. */
  readonly #waiting = new Map<ScopeId, number>()
  #came(scope: ScopeId, count: 1 | -1): void {
    this.#waiting.set(scope, (this.#waiting.get(scope) ?? 0) + count)
    this.#hooks.changed()
  }
  /** There is more than what has been taken in: it waits here, or the relay has told of it and has not sent it yet. */
  isReceiving(scope: ScopeId): boolean {
    if ((this.#waiting.get(scope) ?? 0) > 0) return true
    return (
      this.connection === 'catching-up' && (this.heads.get(scope)?.position ?? 0) > this.inbox.place(scope).position
    )
  }

  async #records(scope: ScopeId, from: number, list: readonly Bytes[], head: Head): Promise<void> {
    const before = this.inbox.place(scope).position
    const confirmed = await this.inbox.take(scope, from, list)
    if (confirmed === 'gap') {
      this.#send({ type: 'sub', scope, after: before })
      return
    }
    const known = this.heads.get(scope)
    if (!known || known.position <= head.n) this.heads.set(scope, { position: head.n, order: head.hash })
    if (!(await this.#headShown(scope, head, await this.inbox.orderAt(scope, head.n)))) return this.#startOver(scope)
    await this.#checkPlaces(scope, before)
    await this.#maybeLive()
    if (confirmed.length > 0) this.#roomDelay = FIRST_WAIT
    for (const doc of confirmed) {
      if (this.outbox.of(doc).length === 0) this.#foundRoom(doc)
      await this.snapshots.consider(doc)
      void this.seal(doc)
    }
    this.#hooks.changed()
  }

  /** What the disk had no room for is stored as soon as it has some: asked less and less often. */
  #storeLater(isDiskFull = true): void {
    if (!this.#isStarted) return
    this.isDiskFull ||= isDiskFull
    this.#diskTimer ??= setTimeout(() => this.#storeNow(), this.#diskDelay)
    this.#hooks.changed()
  }

  #storeNow(): void {
    this.#diskTimer = null
    this.#diskDelay = Math.min(LONGEST_WAIT, this.#diskDelay * 2)
    void this.#enqueue(async () => {
      const { relay } = this.#row
      if (!this.#isStarted || !relay) return
      try {
        await this.inbox.storeAgain()
        // Also where nothing waits: a disk that does not take this takes nothing else.
        await this.#db.put('workspaces', this.#row)
      } catch (error) {
        console.error('sync', error)
        return this.#storeLater()
      }
      this.isDiskFull = false
      if (!this.#connection) return this.#call(relay)
      await this.#sealWritten()
      await this.outbox.settle()
      this.#settled()
      this.#hooks.changed()
    })
  }
  /** All is on the disk, and nothing fails: the next failure is the first one again. */
  #settled(): void {
    if (this.#diskTimer === null) this.#diskDelay = FIRST_WAIT
  }
  #diskTimer: ReturnType<typeof setTimeout> | null = null
  #diskDelay = FIRST_WAIT

  /** A8: what the relay signs must be the chain that we computed. False where it signed another one. */
  async #headShown(of: HeadOf, head: Head, held: Hash | null): Promise<boolean> {
    let isOurs = true
    if (held === head.hash) this.#witness.shown(of, head)
    else if (held !== null && this.#relayKey && (await verifyHead(this.#row.id, of, head, this.#relayKey, webVerify))) {
      isOurs = false
      this.#hooks.notice('relay-equivocates', 'danger')
    }
    await this.#witness.grown(of)
    return isOurs
  }

  /** Once per connection: a relay that goes on contradicting itself is not followed round in circles. */
  async #startOver(scope: ScopeId): Promise<void> {
    if (this.#startedOver.has(scope)) return
    this.#startedOver.add(scope)
    await this.inbox.startOver(scope)
    this.connection = 'catching-up'
    this.#follow(scope)
    this.#hooks.changed()
  }

  /** A4: checkpoints that the log has brought, against the order that is here. */
  async #checkCheckpoints(firstNew: number): Promise<void> {
    for (const scope of this.state.scopes.values()) {
      const { items, length } = scope.checkpoints
      for (let at = length - 1; at >= 0 && items[at]!.n >= firstNew; at--) await this.#checkPlace(scope.id, items[at]!)
    }
  }

  /** A4: the order that has just come, against checkpoints that were here before it. */
  async #checkPlaces(scope: ScopeId, before: number): Promise<void> {
    const checkpoints = this.state.scopes.get(scope)?.checkpoints
    if (!checkpoints) return
    for (let at = checkpoints.length - 1; at >= 0 && checkpoints.items[at]!.position > before; at--)
      await this.#checkPlace(scope, checkpoints.items[at]!)
  }

  async #checkPlace(scope: ScopeId, checkpoint: Place): Promise<void> {
    const held = await this.inbox.orderAt(scope, checkpoint.position)
    if (held !== null && held !== checkpoint.order) this.#hooks.notice('order-contradicted', 'warning')
  }

  /** Seals and sends what a document has beyond its sealed and accepted changes. */
  seal(doc: DocId): Promise<void> {
    return this.outbox.seal(doc)
  }

  /** R7: answered once. The document goes back to the accepted state, my edits are kept as a draft. */
  async #refusedRecord(id: Hash, reason: string): Promise<void> {
    const sealed = this.outbox.byId(id)
    if (!sealed) return
    const lack = noRoom.find((one) => one === reason)
    if (lack) {
      this.#noRoom.add(sealed.doc)
      return this.#foundNoRoom(sealed.doc, lack)
    }
    // What follows a record that found no room stands behind nothing yet.
    if (this.#noRoom.has(sealed.doc) && BEHIND_ANOTHER.has(reason)) return
    await this.inbox.replay(sealed.doc, reason, 'draft')
    this.#foundRoom(sealed.doc)
    this.#hooks.changed()
  }

  /** Nothing is wrong with what found no room: it stays here and is sent again when the relay has some. */
  #foundNoRoom(what: DocId | 'authority' | 'keys', lack: NoRoom): void {
    this.#waitsForRoom.set(what, lack)
    this.#hooks.notice(ROOM_NOTICES[lack], 'warning')
    this.#askForRoom()
  }

  #foundRoom(what: DocId | 'authority' | 'keys'): void {
    this.#waitsForRoom.delete(what)
    if (this.#waitsForRoom.size === 0) this.#hooks.over(Object.values(ROOM_NOTICES))
  }

  /** What the relay lacks to keep what waits of these documents, of the log, or of the keys. */
  lackOf(what: Iterable<DocId | 'authority' | 'keys'>): NoRoom | null {
    for (const one of what) {
      const lack = this.#waitsForRoom.get(one)
      if (lack) return lack
    }
    return null
  }

  /** Sends once more what found no room, less and less often. */
  #askForRoom(): void {
    if (this.#roomTimer !== null) return
    this.#roomTimer = setTimeout(() => {
      this.#roomTimer = null
      this.#roomDelay = Math.min(LONGEST_WAIT, this.#roomDelay * 2)
      this.#noRoom.clear()
      if (this.connection === 'live') this.outbox.sendAgain()
      void this.#enqueue(() => this.#pushAuthority())
    }, this.#roomDelay)
  }

  /** All caught up: send what was sealed before, seal what was made since. */
  async #maybeLive(): Promise<void> {
    if (!this.#isCatchingUp() || this.#parted || this.#owesLog) return
    for (const scope of this.readable(this.#agreed)) {
      const target = this.#followed.get(scope)
      if (target === undefined || this.inbox.place(scope).position < target) return
    }
    // What the relay has lost first: what I seal, and what is under way, stands behind it (R1, R12).
    await this.#offerAgain()
    if (!this.#isCatchingUp()) return
    this.connection = 'live'
    this.#settled()
    this.outbox.sendAgain()
    await this.#sealWritten()
    this.#hooks.changed()
    if (!this.#redraftWhenLive) return
    this.#redraftWhenLive = false
    await this.#authorityRefused('stale')
  }

  #isCatchingUp(): boolean {
    return this.connection === 'catching-up'
  }

  async #sealWritten(): Promise<void> {
    if (this.connection !== 'live') return
    for (const doc of await this.#written()) void this.seal(doc)
  }

  /** Documents that may hold changes of mine which no record covers: open ones, and those marked by storage. */
  async #written(): Promise<DocId[]> {
    const touched = await this.#documents.touched()
    return [...this.#documents.rows.values()]
      .filter((row) => touched.has(row.local) || this.#documents.peek(row.doc))
      .map((row) => row.doc)
  }

  // ── What screens show ───────────────────────────────────────────────────────────────────────────────────────────

  /** Lets go of documents that nothing is under way for; in the queue, so that none is closed while a record goes into it. */
  close(docs: readonly DocId[], before: number): Promise<void> {
    return this.#enqueue(async () => {
      for (const doc of docs) {
        if (this.pending([doc]) > 0 || this.outbox.of(doc).length > 0 || this.#documents.rows.get(doc)?.checking)
          continue
        // What has no room on the disk stays open.
        const isClosed = await this.#documents.close(doc, before).catch((error: unknown) => console.error(error))
        if (isClosed) this.inbox.closed(doc)
      }
    })
  }

  /** How many actions of mine in these documents no receipt covers yet. */
  pending(docs: readonly DocId[]): number {
    return this.outbox.waiting(docs).size
  }

  // ── Presence ────────────────────────────────────────────────────────────────────────────────────────────────────

  async say(scope: ScopeId, payload: Bytes): Promise<void> {
    const epoch = this.keyring.newest(this.#agreed, scope)
    const key = epoch < 0 ? null : await this.keyring.talkKey(this.#agreed, scope, epoch)
    if (!key || this.connection === 'off') return
    // A counter that grows over restarts too, even of a clock that was put back: others heed nobody who falls behind.
    this.#talkCounter = Math.max(this.#talkCounter + 1, Math.floor(this.#now()))
    const counter = this.#talkCounter
    // What is said before that is on the disk would, after a restart, be more than anything that is said then.
    while (counter > this.#talkNoted && (await this.#noteTalk()));
    const place = { workspace: this.#row.id, scope, epoch }
    const said = encodeSighting(this.#witness.sighting(scope), payload)
    this.#send({ type: 'talk', scope, bytes: await sealTalk(place, counter, said, key, this.#signer) })
  }

  /** False where there is no room: it is only put off, and nobody is kept from being seen. */
  #noteTalk(): Promise<boolean> {
    return (this.#notingTalk ??= this.#writeTalked().finally(() => (this.#notingTalk = null)))
  }
  async #writeTalked(): Promise<boolean> {
    const before = this.#row.talked
    const talked = (this.#row.talked = this.#talkCounter + TALKED_AHEAD)
    try {
      await this.#db.put('workspaces', this.#row)
      this.#talkNoted = talked
      return true
    } catch (error) {
      console.error(error)
      this.#row.talked = before
      return false
    }
  }
  #notingTalk: Promise<boolean> | null = null

  async #talk(scope: ScopeId, bytes: Bytes): Promise<void> {
    const talk = await openTalk(
      bytes,
      { workspace: this.#row.id, scope },
      {
        keyOf: (epoch) => this.keyring.talkKey(this.#agreed, scope, epoch),
        signKeyOf: (device) =>
          includes(rightOf(this.state, device, scope), 'read')
            ? (this.state.devices.get(device)?.keys.sign ?? null)
            : null,
        verify: webVerify,
      },
    )
    if (!talk || talk.device === this.device || talk.counter <= (this.#heard.get(talk.device) ?? 0)) return
    this.#heard.set(talk.device, talk.counter)
    const said = decodeSighting(talk.payload)
    if (!said) return
    await this.#witness.heard(talk.device, scope, said.sighting)
    await this.#reached(talk.device, scope, said.sighting.scope)
    this.#hooks.talk(scope, talk.device, said.payload)
  }

  /** How far what I wrote has come. Only what others say of themselves is counted, of the order that counts now. */
  async #reached(device: DeviceId, scope: ScopeId, head: Head | null): Promise<void> {
    if (!head || !this.#generation || toHex(head.generation) !== toHex(this.#generation)) return
    const before = this.reach.of(scope, this.device, this.state)?.on
    this.reach.heard(toHex(head.generation), scope, device, head.n)
    if (this.reach.of(scope, this.device, this.state)?.on === before) return
    // On a full disk it is heard again after the next start.
    await this.#saveRow().catch(console.error)
    this.#hooks.changed()
  }

  /** What the relay has lost is put again, whoever wrote it (R12). */
  async #offerAgain(): Promise<void> {
    for (const scope of this.readable()) {
      this.#put(await this.inbox.displaced(scope))
    }
  }

  #instant(): Instant {
    return toInstant(Math.floor(this.#now()))
  }
  async #saveRow(): Promise<void> {
    this.#row.confirmed = this.log.confirmed
    if (this.reach.row) this.#row.reach = this.reach.row
    await this.#db.put('workspaces', this.#row)
  }
}

/** As IndexedDB says it: full, failing, or closed. */
const isOfStorage = (error: unknown): boolean =>
  error instanceof DOMException && ['QuotaExceededError', 'AbortError', 'UnknownError'].includes(error.name)
