/**
 * Scope keys on a device: at rest only as wraps to this device, in the clear only in memory. A key counts if it keeps the
 * log's commitment (A6); older epochs open from newer ones (A7).
 */
import type { DocId, DeviceId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import type { Db, ScopeKeyRow } from '#lib/store/db.ts'
import type { AuthorityState } from './authority-state.ts'
import type { Bytes, Hash } from './bytes.ts'
import { contentKey, keepsCommitment, openOldKey, signerOf, talkKey, type DeviceKeys } from './keys.ts'
import { recipientsOf } from './rights.ts'
import { webVerify } from './signatures.ts'
import { openWrap, parseWrap, verifyWrap, wrapScopeKey } from './wraps.ts'

/** A key and the commitment that it keeps: when the log names another one for its epoch, it is no key of that epoch. */
interface HeldKey {
  key: Bytes
  commitment: Hash
  scope: ScopeId
  epoch: number
  /** As it is stored. */
  wrap: Bytes
  /** For whom the relay has a wrap of it by this device, and for whom one is on its way there. */
  served: Set<DeviceId>
  underway: Set<DeviceId>
  derived: Map<string, Promise<CryptoKey>>
}

/** A scope key, wrapped for one who may read. */
export interface Share {
  of: HeldKey
  to: DeviceId
  wrap: Bytes
}

export class Keyring {
  readonly #db: Db
  readonly #ws: WorkspaceId
  readonly #keys: DeviceKeys
  readonly #held = new Map<string, HeldKey>()

  constructor(db: Db, ws: WorkspaceId, keys: DeviceKeys) {
    this.#db = db
    this.#ws = ws
    this.#keys = keys
  }

  /** Takes what is stored, as far as this log names it. Returns whether something new is known. */
  async load(state: AuthorityState): Promise<boolean> {
    let news = false
    for (const row of await this.#db.getAll('scopeKeys', IDBKeyRange.bound([this.#ws], [this.#ws, []]))) {
      const wrap = parseWrap(row.wrap)
      const commitment = state.scopes.get(row.scope)?.epochs[row.epoch]?.commitment
      if (!wrap.ok || !commitment || this.#heldIn(state, row.scope, row.epoch)) continue
      const scopeKey = await openWrap(wrap.value, this.#keys, commitment)
      if (!scopeKey) continue
      this.#hold(row, scopeKey, commitment)
      news = true
    }
    return news
  }

  /**
   * The key of an epoch as this log has it. Of two who renew a key at once the log takes one; the other's key, kept while
   * its record was tentative, is none then: what was sealed with it nobody else could read.
   */
  scopeKey(state: AuthorityState, scope: ScopeId, epoch: number): Bytes | null {
    return this.#heldIn(state, scope, epoch)?.key ?? null
  }

  #heldIn(state: AuthorityState, scope: ScopeId, epoch: number): HeldKey | null {
    const held = this.#held.get(`${scope} ${epoch}`)
    const commitment = state.scopes.get(scope)?.epochs[epoch]?.commitment
    return held && held.commitment === commitment ? held : null
  }

  #hold({ scope, epoch, wrap, served }: Omit<ScopeKeyRow, 'ws'>, key: Bytes, commitment: Hash): void {
    const of = { key, commitment, scope, epoch, wrap, served: new Set(served), underway: new Set<DeviceId>() }
    this.#held.set(`${scope} ${epoch}`, { ...of, derived: new Map() })
  }

  /** The newest epoch whose key is here, -1 if none: records are sealed under it. */
  newest(state: AuthorityState, scope: ScopeId): number {
    const epochs = state.scopes.get(scope)?.epochs.length ?? 0
    for (let epoch = epochs - 1; epoch >= 0; epoch--) if (this.#heldIn(state, scope, epoch)) return epoch
    return -1
  }

  /** Keeps a key, wrapped to this device, and every older one that it opens. Returns whether something new is known. */
  async keep(state: AuthorityState, scope: ScopeId, epoch: number, scopeKey: Bytes): Promise<boolean> {
    let news = false
    let key = scopeKey
    for (let at = epoch; at >= 0; at--) {
      const fact = state.scopes.get(scope)?.epochs[at]
      if (!fact || !keepsCommitment(scope, at, key, fact.commitment)) break
      if (!this.#heldIn(state, scope, at)) {
        const to = { workspace: this.#ws, scope, epoch: at, recipient: this.#keys.id }
        const wrap = await wrapScopeKey(to, this.#keys.public.agree, key, signerOf(this.#keys))
        const row = { ws: this.#ws, scope, epoch: at, wrap, served: [] }
        await this.#db.put('scopeKeys', row)
        this.#hold(row, key, fact.commitment)
        news = true
      }
      const older = at > 0 && fact.oldKey ? await openOldKey(key, fact.oldKey, scope, at) : null
      if (!older) break
      key = older
    }
    return news
  }

  /** Takes a wrap from the relay that is addressed to one of `mine` (this device, or the seed it joins with). */
  async receive(state: AuthorityState, wrapBytes: Bytes, mine: DeviceKeys = this.#keys): Promise<boolean> {
    const wrap = parseWrap(wrapBytes)
    if (!wrap.ok) return false
    const { scope, epoch, sender } = wrap.value
    const commitment = state.scopes.get(scope)?.epochs[epoch]?.commitment
    const senderKey = state.devices.get(sender)?.keys.sign
    if (!commitment || !senderKey || !(await verifyWrap(wrap.value, senderKey, webVerify))) return false
    const scopeKey = await openWrap(wrap.value, mine, commitment)
    return scopeKey !== null && (await this.keep(state, scope, epoch, scopeKey))
  }

  /** Whether the relay has no wrap by this device yet for somebody entitled. */
  owes(state: AuthorityState, scopes: Iterable<ScopeId>): boolean {
    for (const scope of scopes) {
      const held = this.#heldIn(state, scope, this.newest(state, scope))
      if (!held) continue
      for (const { id } of recipientsOf(state, scope)) if (!held.served.has(id)) return true
    }
    return false
  }

  /**
   * The newest key of each scope for everybody entitled for whom it is neither at the relay nor on its way there (A6), this device
   * too: it has its keys from the relay again when its own disk has lost them.
   */
  async shares(state: AuthorityState, scopes: Iterable<ScopeId>): Promise<Share[]> {
    const shares: Share[] = []
    for (const scope of scopes) {
      const of = this.#heldIn(state, scope, this.newest(state, scope))
      if (!of) continue
      for (const { id, agree } of recipientsOf(state, scope)) {
        if (of.served.has(id) || of.underway.has(id)) continue
        of.underway.add(id)
        const to = { workspace: this.#ws, scope, epoch: of.epoch, recipient: id }
        shares.push({ of, to: id, wrap: await wrapScopeKey(to, agree, of.key, signerOf(this.#keys)) })
      }
    }
    return shares
  }

  /** The relay has these: they are not made again, nor after a restart. */
  async arrived(shares: readonly Share[]): Promise<void> {
    for (const { of, to } of shares) {
      of.underway.delete(to)
      of.served.add(to)
    }
    await this.#storeServed(new Set(shares.map(({ of }) => of)))
  }

  /** What is on its way has gone under. */
  lost(): void {
    for (const held of this.#held.values()) held.underway.clear()
  }

  /** The relay has lost what it had: everybody gets a wrap anew (R12). */
  async relayLost(): Promise<void> {
    this.lost()
    for (const held of this.#held.values()) held.served.clear()
    await this.#storeServed(this.#held.values())
  }

  async #storeServed(keys: Iterable<HeldKey>): Promise<void> {
    const { store, done } = this.#db.transaction('scopeKeys', 'readwrite')
    for (const held of keys) {
      const { scope, epoch, wrap, served } = held
      if (this.#held.get(`${scope} ${epoch}`) === held)
        void store.put({ ws: this.#ws, scope, epoch, wrap, served: [...served] })
    }
    await done
  }

  /** Null where the scope key of that epoch is not here (yet). */
  contentKey(
    state: AuthorityState,
    scope: ScopeId,
    doc: DocId,
    epoch: number,
    device: DeviceId,
  ): Promise<CryptoKey> | null {
    return this.#derived(state, scope, epoch, `${doc} ${device}`, (key) => contentKey(key, doc, epoch, device))
  }

  talkKey(state: AuthorityState, scope: ScopeId, epoch: number): Promise<CryptoKey> | null {
    return this.#derived(state, scope, epoch, 'talk', (key) => talkKey(key, scope, epoch))
  }

  #derived(
    state: AuthorityState,
    scope: ScopeId,
    epoch: number,
    name: string,
    derive: (scopeKey: Bytes) => Promise<CryptoKey>,
  ): Promise<CryptoKey> | null {
    const held = this.#heldIn(state, scope, epoch)
    if (!held) return null
    const known = held.derived.get(name)
    if (known) return known
    const derived = derive(held.key)
    held.derived.set(name, derived)
    return derived
  }
}
