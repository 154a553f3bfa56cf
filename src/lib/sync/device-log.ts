/**
 * The authority log on a device: what the relay has confirmed, and behind it what this device has signed and not yet
 * brought there (A2). The tentative end is valid by the same reducer; when somebody else was first, it is drafted again on
 * the new head, or dropped with its reason.
 */
import type { Instant } from '#lib/kernel/instants.ts'
import type { DeviceId, WorkspaceId } from '#lib/kernel/ids.ts'
import type { Db } from '#lib/store/db.ts'
import { append, draftAuthority, type AppendRefusal, type HeadLookup } from './authority-log.ts'
import { type AuthorityBody } from './authority.ts'
import { initialState, type AuthorityState } from './authority-state.ts'
import { equal, type Bytes, type Hash } from './bytes.ts'
import type { Signer, Verify } from './signatures.ts'

interface Entry {
  signed: Bytes
  state: AuthorityState
  body: AuthorityBody
  /** As its author claimed. */
  at: Instant
  by: DeviceId
  /** The action of mine that it is part of. */
  group: string | undefined
}

type Draft = Pick<Entry, 'body' | 'group'>

export interface Received {
  /** Records of mine that were overtaken and are void on the new head. */
  dropped: { body: AuthorityBody; reason: string }[]
  /** Why it stopped: `gap` where records before these are missing; else this is not the log that the relay confirmed. */
  refused: 'gap' | 'forked' | AppendRefusal | null
}

export class DeviceLog {
  readonly #db: Db
  readonly #ws: WorkspaceId
  readonly #verify: Verify
  /** Replaced at once: while mine are drafted again nobody sees a log that they are missing from. */
  #entries: readonly Entry[] = []
  /** How many records the relay has confirmed. */
  confirmed = 0
  /** Up to here it is on disk as it is here. */
  #stored = 0

  constructor(db: Db, ws: WorkspaceId, verify: Verify) {
    this.#db = db
    this.#ws = ws
    this.#verify = verify
  }

  /** Reads the stored log. A record that no longer verifies ends it: what follows is pulled again. */
  async load(confirmed: number): Promise<void> {
    const rows = await this.#db.getAll('authority', IDBKeyRange.bound([this.#ws], [this.#ws, []]))
    const entries: Entry[] = []
    for (const row of rows) if ((await this.#take(entries, row.signed, row.group)) !== null) break
    this.#entries = entries
    this.#stored = this.#entries.length
    this.confirmed = Math.min(confirmed, this.#entries.length)
  }

  get state(): AuthorityState {
    return this.#stateOf(this.#entries)
  }

  #stateOf(entries: readonly Entry[]): AuthorityState {
    return entries.at(-1)?.state ?? initialState(this.#ws)
  }

  /** Without my own records that the relay has not taken yet: by this others judge, too. */
  get confirmedState(): AuthorityState {
    return this.#entries[this.confirmed - 1]?.state ?? initialState(this.#ws)
  }

  get length(): number {
    return this.#entries.length
  }

  /** The actions whose records the relay has not confirmed yet; a record that belongs to none is one itself. */
  waiting(): string[] {
    return this.#entries.slice(this.confirmed).map(({ group, state }) => group ?? String(state.n))
  }

  /** Hash of the confirmed record n; null beyond what the relay has confirmed. */
  hashAt(n: number): Hash | null {
    return n < this.confirmed ? (this.#entries[n]?.state.head ?? null) : null
  }

  signedAt(n: number): Bytes | null {
    return this.#entries[n]?.signed ?? null
  }

  /** When record n was written, as its author claimed. */
  timeAt(n: number): Instant | null {
    return this.#entries[n]?.at ?? null
  }
  /** Whose signature record n has. */
  authorAt(n: number): DeviceId | null {
    return this.#entries[n]?.by ?? null
  }

  /** Signing takes a while: a record drafted meanwhile on the same head would be void. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => undefined)
    return turn
  }
  #last: Promise<unknown> = Promise.resolve()

  /** Signs and appends a record of mine; it is tentative until `confirm`. Returns the reason where it is refused. */
  propose(
    body: AuthorityBody,
    at: Instant,
    headOf: HeadLookup,
    signer: Signer,
    group?: string,
  ): Promise<string | null> {
    return this.#inTurn(() => this.#propose({ body, group }, at, headOf, signer))
  }

  async #propose(draft: Draft, at: Instant, headOf: HeadLookup, signer: Signer): Promise<string | null> {
    const before = this.#entries
    const entries = [...before]
    const reason = await this.#draft(entries, draft, at, headOf, signer)
    if (reason !== null) return reason
    this.#entries = entries
    try {
      await this.#store(before.length)
    } catch (error) {
      // Whoever asked for it is told that it was not done.
      this.#entries = before
      throw error
    }
    return null
  }

  /** Records from the relay, from `n` on. Tentative ones that it overtakes are drafted again behind them. */
  receive(n: number, list: readonly Bytes[], at: Instant, headOf: HeadLookup, signer: Signer): Promise<Received> {
    return this.#inTurn(() => this.#receive(n, list, at, headOf, signer))
  }

  async #receive(
    n: number,
    list: readonly Bytes[],
    at: Instant,
    headOf: HeadLookup,
    signer: Signer,
  ): Promise<Received> {
    if (n > this.confirmed) return { dropped: [], refused: 'gap' }
    const entries = [...this.#entries]
    const mine: Draft[] = []
    let refused: Received['refused'] = null
    let changed: number | null = null
    let { confirmed } = this
    for (const [index, signed] of list.entries()) {
      const place = n + index
      const known = entries[place]
      if (known && equal(known.signed, signed)) {
        confirmed = Math.max(confirmed, place + 1)
        continue
      }
      if (place < confirmed) {
        refused = 'forked'
        break
      }
      mine.push(...entries.splice(place))
      refused = await this.#take(entries, signed)
      if (refused) break
      confirmed = place + 1
      changed ??= place
    }
    const dropped = await this.#again(entries, mine, at, headOf, signer)
    this.#entries = entries
    this.confirmed = confirmed
    const isUnstored = this.#stored < entries.length
    if (changed !== null || mine.length > 0 || isUnstored) await this.#store(changed ?? confirmed)
    return { dropped, refused }
  }

  confirm(n: number): void {
    this.confirmed = Math.max(this.confirmed, Math.min(n + 1, this.#entries.length))
  }

  /** The relay refused the first tentative record: with fresh checkpoints it may pass, else it is dropped. */
  redraft(at: Instant, headOf: HeadLookup, signer: Signer): Promise<Received['dropped']> {
    return this.#inTurn(() => this.#tentatively(this.#entries.slice(this.confirmed), at, headOf, signer))
  }

  /** Drops the first tentative record and drafts the others again. */
  drop(at: Instant, headOf: HeadLookup, signer: Signer): Promise<AuthorityBody | null> {
    return this.#inTurn(async () => {
      const [first, ...others] = this.#entries.slice(this.confirmed)
      await this.#tentatively(others, at, headOf, signer)
      return first?.body ?? null
    })
  }

  /** These are what follows the confirmed records from now on. */
  async #tentatively(
    drafts: readonly Draft[],
    at: Instant,
    headOf: HeadLookup,
    signer: Signer,
  ): Promise<Received['dropped']> {
    const entries = this.#entries.slice(0, this.confirmed)
    const dropped = await this.#again(entries, drafts, at, headOf, signer)
    this.#entries = entries
    await this.#store(this.confirmed)
    return dropped
  }

  async #again(
    entries: Entry[],
    drafts: readonly Draft[],
    at: Instant,
    headOf: HeadLookup,
    signer: Signer,
  ): Promise<Received['dropped']> {
    const dropped: Received['dropped'] = []
    for (const draft of drafts) {
      const reason = await this.#draft(entries, draft, at, headOf, signer)
      if (reason) dropped.push({ body: draft.body, reason })
    }
    return dropped
  }

  async #draft(
    entries: Entry[],
    { body, group }: Draft,
    at: Instant,
    headOf: HeadLookup,
    signer: Signer,
  ): Promise<string | null> {
    const draft = await draftAuthority(this.#stateOf(entries), body, at, headOf, signer)
    return draft.ok ? this.#take(entries, draft.signed, group) : draft.reason
  }

  /** Everything from `n` on, at once: half of it would be a log that ends where the other half begins. */
  async #store(n: number): Promise<void> {
    // What an earlier try could not store comes along.
    const from = Math.min(n, this.#stored)
    this.#stored = from
    const { length } = this.#entries
    const tx = this.#db.transaction('authority', 'readwrite')
    await Promise.all([
      ...this.#entries
        .slice(from)
        .map(({ signed, group }, index) =>
          tx.store.put({ ws: this.#ws, n: from + index, signed, ...(group && { group }) }),
        ),
      tx.store.delete(IDBKeyRange.bound([this.#ws, length], [this.#ws, []])),
      tx.done,
    ])
    this.#stored = length
  }

  /** Appends it to these, or says why not. */
  async #take(entries: Entry[], signed: Bytes, group?: string): Promise<AppendRefusal | null> {
    const appended = await append(this.#stateOf(entries), signed, this.#verify)
    if (!appended.ok) return appended.reason
    const { body, at, device } = appended.record
    entries.push({ signed, state: appended.state, body, at, by: device, group })
    return null
  }
}
