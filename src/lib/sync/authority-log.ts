/**
 * Living with the log: taking records in (one by one as they arrive, or the whole log cold), writing the next one, and the
 * relay's question whether a record comes too late (A4).
 */
import type { DeviceId, ScopeId } from '../kernel/ids.ts'
import { toInstant, type Instant } from '../kernel/instants.ts'
import {
  parseAuthority,
  signAuthority,
  verifyAuthority,
  type AuthorityBody,
  type AuthorityKeys,
  type AuthorityRecord,
  type Checkpoint,
  type VerifiedAuthority,
} from './authority.ts'
import { holdsAt, nothingYet, type AuthorityState } from './authority-state.ts'
import type { Bytes, Hash } from './bytes.ts'
import type { Lane } from './identities.ts'
import { orderStart } from './order.ts'
import type { RecordHeader } from './records.ts'
import { reduce, touchedScopes, type AuthorityRefusal } from './reduce.ts'
import { mayAccept, type OrderAt } from './rights.ts'
import type { Signer, Verify } from './signatures.ts'

export type AppendRefusal = AuthorityRefusal | 'bad-record' | 'bad-signature'
export type Appended =
  { ok: true; state: AuthorityState; record: VerifiedAuthority } | { ok: false; reason: AppendRefusal }

/** The keys that a record's signatures must be checked with, as far as the log knows them. */
function keysFor(state: AuthorityState, record: AuthorityRecord): AuthorityKeys | AuthorityRefusal {
  const { body } = record
  if (body.type === 'genesis') return { author: body.device.sign, seed: null }
  if (body.type === 'join') {
    const invite = state.invites.get(body.invite)
    return invite ? { author: body.device.sign, seed: invite.seed.sign } : 'unknown-invite'
  }
  const device = state.devices.get(record.device)
  return device ? { author: device.keys.sign, seed: null } : 'unknown-device'
}

/** Checks and takes in the next record of the log. */
export async function append(state: AuthorityState, signed: Bytes, verify: Verify): Promise<Appended> {
  const parsed = parseAuthority(signed)
  if (!parsed.ok) return { ok: false, reason: 'bad-record' }
  const keys = keysFor(state, parsed.value)
  if (typeof keys === 'string') return { ok: false, reason: keys }
  const record = await verifyAuthority(parsed.value, state.workspace, keys, verify)
  if (!record) return { ok: false, reason: 'bad-signature' }
  const reduced = reduce(state, record)
  return reduced.ok ? { ok: true, state: reduced.state, record } : reduced
}

export interface Replayed {
  state: AuthorityState
  /** Taken in, in order. */
  records: VerifiedAuthority[]
  /** The first that was refused, if any: nothing after it counts. */
  refused: { index: number; reason: AppendRefusal } | null
}

/**
 * A3: the whole log, or a stretch, cold. Signatures are checked side by side while the reducer runs ahead on trust; a
 * record counts only if its own check and those of all before it hold.
 */
export async function replay(state: AuthorityState, log: readonly Bytes[], verify: Verify): Promise<Replayed> {
  const steps: { record: VerifiedAuthority; state: AuthorityState; holds: Promise<boolean> }[] = []
  let refused: Replayed['refused'] = null
  let at = state
  for (const [index, signed] of log.entries()) {
    const parsed = parseAuthority(signed)
    const keys = parsed.ok ? keysFor(at, parsed.value) : 'bad-record'
    if (!parsed.ok || typeof keys === 'string') {
      refused = { index, reason: typeof keys === 'string' ? keys : 'bad-record' }
      break
    }
    const holds = verifyAuthority(parsed.value, state.workspace, keys, verify).then((record) => record !== null)
    const record = parsed.value as VerifiedAuthority
    const reduced = reduce(at, record)
    if (!reduced.ok) {
      // A forged record is called forged, whatever else is wrong with it.
      refused = { index, reason: (await holds) ? reduced.reason : 'bad-signature' }
      break
    }
    at = reduced.state
    steps.push({ record, state: at, holds })
  }
  const holds = await Promise.all(steps.map((step) => step.holds))
  const forged = holds.indexOf(false)
  const kept = forged < 0 ? steps : steps.slice(0, forged)
  return {
    state: kept.at(-1)?.state ?? state,
    records: kept.map((step) => step.record),
    refused: forged < 0 ? refused : { index: forged, reason: 'bad-signature' },
  }
}

/**
 * The head of a scope's order as the author of the next record of a log knows it; position 0 and `orderStart` where nothing has
 * been written.
 */
export type HeadLookup = (scope: ScopeId, log: AuthorityState) => { position: number; order: Hash }

/**
 * The head of an order of which nothing is held here: what the relay said of it when the log went up to `told`, or the furthest
 * place that the log has named since.
 */
export function toldHead(
  state: AuthorityState,
  scope: ScopeId,
  head: ReturnType<HeadLookup> | undefined,
  told: number,
): ReturnType<HeadLookup> {
  let { position, order } = head ?? { position: 0, order: orderStart(scope) }
  const { items, length } = state.scopes.get(scope)?.checkpoints ?? nothingYet()
  for (const named of items.slice(0, length))
    if (named.n > told && named.position > position) ({ position, order } = named)
  return { position, order }
}

/**
 * Writes the next record of the log with the checkpoints that it needs, or says why it would be refused. After
 * `not-the-head` from the relay: pull, take in, and draft again (A2).
 */
export async function draftAuthority(
  state: AuthorityState,
  body: AuthorityBody,
  at: Instant,
  headOf: HeadLookup,
  signer: Signer,
): Promise<{ ok: true; signed: Bytes } | { ok: false; reason: AuthorityRefusal }> {
  const touched = touchedScopes(state, signer.device, body)
  if (!touched.ok) return touched
  const checkpoints: Checkpoint[] = touched.scopes.map((scope) => ({ scope, ...headOf(scope, state) }))
  return { ok: true, signed: await signAuthority({ n: state.n + 1, prev: state.head, at, checkpoints, body }, signer) }
}

/** What the relay knows of a scope's order. */
export interface OrderLookups {
  orderAt: OrderAt
  /** R12: a place that is not the order's may be one of an order that was lost, and is taken as it is. */
  isLost?: (scope: ScopeId, position: number) => boolean
  /** The accepted records after a position. */
  acceptedAfter: (
    scope: ScopeId,
    position: number,
  ) => Iterable<{ id: Hash; header: Pick<RecordHeader, 'device' | 'scope' | 'epoch'>; lane: Lane; position: number }>
}

/**
 * A4, at the relay, for a record that the reducer has taken (`after` is the state with it): whose records, accepted since one
 * of its checkpoints, would lose acceptance; nobody's where a checkpoint is not the order's, or lies behind an earlier one that
 * is. Then it is refused as `stale`, so that nothing accepted is ever un-accepted. Null if it is not stale.
 */
export function overtakersOf(
  after: AuthorityState,
  record: AuthorityRecord,
  order: OrderLookups,
): ReadonlySet<DeviceId> | null {
  const overtakers = new Set<DeviceId>()
  for (const { scope, position, order: hash } of record.checkpoints) {
    if (order.orderAt(scope, position) !== hash && !order.isLost?.(scope, position)) return new Set()
    const { items, length } = after.scopes.get(scope)!.checkpoints
    for (const earlier of items.slice(0, length))
      if (earlier.position > position && order.orderAt(scope, earlier.position) === earlier.order) return new Set()
    for (const accepted of order.acceptedAfter(scope, position)) {
      const { lane, position: place, header } = accepted
      if (!mayAccept(after, accepted, lane, place, null, order.orderAt).ok) overtakers.add(header.device)
    }
  }
  return overtakers.size > 0 ? overtakers : null
}

/** A5 and A9: what the relay's clock forbids although no `expire` record says so yet. */
export const inviteLapsed = (state: AuthorityState, invite: DeviceId, now: Instant): boolean =>
  (state.invites.get(invite)?.expires ?? toInstant(0)) <= now

/** What an `expire` record could end now, for whoever may write one. */
export function lapsed(state: AuthorityState, now: Instant): Extract<AuthorityBody, { type: 'expire' }>[] {
  const ends: Extract<AuthorityBody, { type: 'expire' }>[] = []
  for (const invite of state.invites.values()) {
    if (invite.to === null && invite.expires <= now) ends.push({ type: 'expire', what: { invite: invite.id } })
  }
  for (const scope of state.scopes.values()) {
    for (const grant of scope.grants) {
      if (grant.expires !== null && grant.expires <= now && holdsAt(grant, state.n)) {
        ends.push({ type: 'expire', what: { grant: grant.ref } })
      }
    }
  }
  return ends
}
