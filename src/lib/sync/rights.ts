/**
 * A5: who may do what, at any place of the log. A right is asked as bits, because a person can hold several at once.
 */
import type { DeviceId, PersonId, ScopeId } from '../kernel/ids.ts'
import type { Instant } from '../kernel/instants.ts'
import { ranks, type Rank, type Right, type Subject } from './authority.ts'
import {
  holdsAt,
  inForce,
  type AuthorityState,
  type DeviceFact,
  type PersonFact,
  type ScopeFact,
} from './authority-state.ts'
import type { Bytes, Hash } from './bytes.ts'
import type { Lane } from './identities.ts'
import type { RecordHeader } from './records.ts'

/** Rights as bits, each with what it includes. */
export type Rights = number

const READ = 1
const COMMENT = 2
const WRITE = 4
const APPROVE = 8
const ADMIN = 16
const NO_RIGHTS: Rights = 0
const ALL = READ | COMMENT | WRITE | APPROVE | ADMIN

const bitsOf: Record<Right, Rights> = {
  read: READ,
  comment: READ | COMMENT,
  // Who may change a document may also talk about it.
  write: READ | COMMENT | WRITE,
  approve: READ | APPROVE,
  admin: ALL,
}

export const includes = (held: Rights, right: Right): boolean => (held & bitsOf[right]) === bitsOf[right]

/** One word for a screen: the most that is held. */
export function strongest(held: Rights): Right | null {
  for (const right of ['admin', 'write', 'approve', 'comment', 'read'] as const) if (includes(held, right)) return right
  return null
}

const needed: Record<Lane, Right> = { main: 'write', talk: 'comment', decision: 'approve' }
export const rightForLane = (lane: Lane): Right => needed[lane]

const level = (rank: Rank): number => ranks.indexOf(rank)
export const atLeast = (rank: Rank | null, least: Rank): boolean => rank !== null && level(rank) >= level(least)
/** Above, or both owners: owners are excepted (A1). */
export const outranks = (rank: Rank, other: Rank): boolean => level(rank) > level(other) || rank === 'owner'

export const rankOf = (person: PersonFact, n: number): Rank | null => inForce(person.ranks, n)?.rank ?? null
export const departmentsOf = (person: PersonFact, n: number): readonly ScopeId[] =>
  inForce(person.departments, n)?.departments ?? []

/** The role within a department: as set for it, else member; nothing for who does not belong to it. */
export function roleIn(person: PersonFact, department: ScopeId, n: number): Rank | null {
  if (rankOf(person, n) === null || !departmentsOf(person, n).includes(department)) return null
  const roles = person.departmentRoles.filter((role) => role.department === department)
  return inForce(roles, n)?.rank ?? 'member'
}

function isSubject(subject: Subject, person: PersonFact, rank: Rank, n: number): boolean {
  switch (subject.to) {
    case 'person':
      return subject.person === person.id
    case 'rank':
      return atLeast(rank, subject.rank)
    case 'rank-in':
      return atLeast(roleIn(person, subject.department, n), subject.rank)
    case 'department':
      return departmentsOf(person, n).includes(subject.department)
    case 'everyone':
      return atLeast(rank, 'member')
  }
}

/**
 * What a person holds in a scope after the log's record n (default: all of it). With `now` (the relay's clock) grants past
 * their claimed expiry no longer count, though no expire record has ended them yet.
 */
export function rightsOf(
  state: AuthorityState,
  personId: PersonId,
  scopeId: ScopeId,
  n = state.n,
  now: Instant | null = null,
): Rights {
  const person = state.people.get(personId)
  const rank = person ? rankOf(person, n) : null
  if (!person || rank === null) return NO_RIGHTS
  let held = NO_RIGHTS
  let at: ScopeFact | undefined = state.scopes.get(scopeId)
  if (!at || at.from > n) return NO_RIGHTS
  for (;;) {
    for (const grant of at.grants) {
      if (!holdsAt(grant, n) || !isSubject(grant.subject, person, rank, n)) continue
      if (now !== null && grant.expires !== null && grant.expires <= now) continue
      held |= bitsOf[grant.right]
    }
    // What is private inherits nothing, from grants above or from rank.
    if (at.class === 'private') return held
    if (at.parent === null) break
    const parent = state.scopes.get(at.parent)
    if (!parent) break
    at = parent
  }
  return atLeast(rank, 'admin') ? ALL : held
}

/** The device, if it and its person are current at n. */
export function deviceAt(state: AuthorityState, id: DeviceId, n = state.n): DeviceFact | null {
  const device = state.devices.get(id)
  if (!device || !holdsAt(device, n)) return null
  const person = state.people.get(device.person)
  return person && rankOf(person, n) !== null ? device : null
}

/** Somebody writes into the document with a newer application: one who was removed since keeps nobody from going on. */
export const mustUpdate = (state: AuthorityState, { newerBy }: { newerBy: readonly DeviceId[] }): boolean =>
  newerBy.some((id) => deviceAt(state, id) !== null)

/** What a device holds: its person's rights while both are current; a kit, being cold, holds reading alone. */
export function rightOf(
  state: AuthorityState,
  deviceId: DeviceId,
  scope: ScopeId,
  n = state.n,
  now: Instant | null = null,
): Rights {
  const device = deviceAt(state, deviceId, n)
  if (!device) return NO_RIGHTS
  const held = rightsOf(state, device.person, scope, n, now)
  return device.kit ? held & READ : held
}

/** The hash of a scope's order at a position; null beyond what is held of it. */
export type OrderAt = (scope: ScopeId, position: number) => Hash | null

const nothingHeld: OrderAt = () => null

/**
 * A4: the place of the log by which a record at this position of the scope is judged: up to the last checkpoint that lies below
 * the position, but not past one at or above it that is the order's. So what somebody claims of an order that is not there
 * delays his own statement alone, and that only until somebody who knows better makes another.
 */
export function prefixFor(
  state: AuthorityState,
  scope: ScopeId,
  position: number,
  orderAt: OrderAt = nothingHeld,
): number {
  const fact = state.scopes.get(scope)
  if (!fact) return state.n
  const { items, length } = fact.checkpoints
  let counted = 0
  for (let at = 0; at < length; at++) {
    const checkpoint = items[at]!
    if (checkpoint.position < position) counted = at + 1
    else if (orderAt(scope, checkpoint.position) === checkpoint.order) break
  }
  return counted === length ? state.n : items[counted]!.n - 1
}

export type RightsRefusal = 'unknown-device' | 'unknown-scope' | 'unknown-epoch' | 'no-right'
export type MayAccept = { ok: true; prefix: number } | { ok: false; reason: RightsRefusal }

/**
 * R6, capability at the record's place: may this device write this record into a document of this lane at this position?
 * `now` only at the relay (A5). A record of somebody removed may still come in by a writer's `adopt`, but never a decision:
 * nobody takes over a signature.
 */
export function mayAccept(
  state: AuthorityState,
  record: { id: Hash; header: Pick<RecordHeader, 'device' | 'scope' | 'epoch'> },
  lane: Lane,
  position: number,
  now: Instant | null = null,
  orderAt: OrderAt = nothingHeld,
): MayAccept {
  const { device, scope, epoch } = record.header
  const fact = state.scopes.get(scope)
  const prefix = prefixFor(state, scope, position, orderAt)
  if (!fact || fact.from > prefix) return { ok: false, reason: 'unknown-scope' }
  const since = fact.epochs[epoch]?.n
  if (since === undefined || since > prefix) return { ok: false, reason: 'unknown-epoch' }
  const known = state.devices.get(device)
  if (!known || known.from > prefix) return { ok: false, reason: 'unknown-device' }
  if (includes(rightOf(state, device, scope, prefix, now), rightForLane(lane))) return { ok: true, prefix }
  const adoptedAt = fact.adopted.get(record.id)
  if (lane !== 'decision' && adoptedAt !== undefined && adoptedAt <= prefix) return { ok: true, prefix }
  return { ok: false, reason: 'no-right' }
}

/** Whom a scope's key must be wrapped to: devices of readers, kits included, and seeds of open invites that name it. */
export function recipientsOf(state: AuthorityState, scope: ScopeId): { id: DeviceId; agree: Bytes }[] {
  const recipients: { id: DeviceId; agree: Bytes }[] = []
  for (const device of state.devices.values()) {
    if (includes(rightOf(state, device.id, scope), 'read')) recipients.push({ id: device.id, agree: device.keys.agree })
  }
  for (const invite of state.invites.values()) {
    if (invite.to === null && invite.scopes.includes(scope))
      recipients.push({ id: invite.id, agree: invite.seed.agree })
  }
  return recipients
}
