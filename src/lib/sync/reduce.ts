/**
 * A1 and A3: the one pure reducer of the authority log, the same at the relay and on every device. A record is refused
 * with a reason or gives the next state; a refused record leaves no trace.
 */
import type { DeviceId, PersonId, ScopeId } from '../kernel/ids.ts'
import type { AuthorityBody, Checkpoint, GrantRef, Rank, Subject, VerifiedAuthority } from './authority.ts'
import {
  grow,
  nothingYet,
  type AuthorityState,
  type DeviceFact,
  type GrantFact,
  type InviteFact,
  type PersonFact,
  type ScopeFact,
} from './authority-state.ts'
import type { Hash } from './bytes.ts'
import { originOf } from './device-origins.ts'
import { deviceIdOf, workspaceIdOf } from './identities.ts'
import type { PublicKeys } from './keys.ts'
import { atLeast, departmentsOf, includes, outranks, rankOf, rightsOf, roleIn, type Rights } from './rights.ts'

export type AuthorityRefusal =
  | 'not-the-head' // n or prev does not continue the log: rebase (A2)
  | 'wrong-workspace'
  | 'wrong-author' // the claimed device is not the one whose keys stand in the record
  | 'unknown-device'
  | 'removed'
  | 'kit-device' // a kit adds and removes devices of its person and nothing else
  | 'rank-too-low'
  | 'above-own-rank'
  | 'last-owner'
  | 'no-right'
  | 'unknown-invite'
  | 'invite-used'
  | 'invite-expired'
  | 'inviter-gone'
  | 'known-already' // a person, device, invite or scope that exists cannot come into being again
  | 'unknown-person'
  | 'unknown-scope'
  | 'unknown-grant'
  | 'not-a-department'
  | 'not-in-department'
  | 'wrong-class'
  | 'private-needs-person' // in what is private only persons are named, or an admin could let himself in
  | 'too-many' // what never ends again, scopes and devices, has a limit: each device is told of all of them
  | 'wrong-epoch'
  | 'nothing-to-do'
  | 'checkpoints-missing'
  | 'checkpoints-extra'

export type Reduced = { ok: true; state: AuthorityState } | { ok: false; reason: AuthorityRefusal }

class Refused extends Error {
  readonly reason: AuthorityRefusal
  constructor(reason: AuthorityRefusal) {
    super(reason)
    this.reason = reason
  }
}
const refuse = (reason: AuthorityRefusal): never => {
  throw new Refused(reason)
}
function need(condition: boolean, reason: AuthorityRefusal): asserts condition {
  if (!condition) refuse(reason)
}

/** The next state, or why not. The record's signatures have been checked by the type. */
export function reduce(state: AuthorityState, record: VerifiedAuthority): Reduced {
  try {
    need(record.n === state.n + 1 && record.prev === state.head, 'not-the-head')
    const next = new Next(state, record.n)
    apply(next, record.device, record.body, record.body.type === 'genesis' ? workspaceIdOf(record.bytes) : null)
    placeCheckpoints(next, touched(next, record.body), record.checkpoints)
    return { ok: true, state: next.finish(record.hash) }
  } catch (error) {
    if (error instanceof Refused) return { ok: false, reason: error.reason }
    throw error
  }
}

/**
 * A4: the scopes whose checkpoint a record by this device would have to name if it were the next one, sorted; or why it
 * would be refused anyway.
 */
export function touchedScopes(
  state: AuthorityState,
  device: DeviceId,
  body: AuthorityBody,
): { ok: true; scopes: ScopeId[] } | { ok: false; reason: AuthorityRefusal } {
  try {
    const next = new Next(state, state.n + 1)
    apply(next, device, body, null)
    return { ok: true, scopes: touched(next, body) }
  } catch (error) {
    if (error instanceof Refused) return { ok: false, reason: error.reason }
    throw error
  }
}

/** A state under construction. Every map is copied once, when it is first written. */
class Next {
  readonly before: AuthorityState
  readonly n: number
  state: AuthorityState
  private readonly copied = new Set<string>()

  constructor(before: AuthorityState, n: number) {
    this.before = before
    this.n = n
    this.state = { ...before, n }
  }

  private put<Key, Value>(
    field: 'people' | 'devices' | 'scopes' | 'invites' | 'policies',
    key: Key,
    value: Value,
  ): void {
    if (!this.copied.has(field)) {
      this.copied.add(field)
      this.state = { ...this.state, [field]: new Map(this.state[field] as ReadonlyMap<unknown, unknown>) }
    }
    ;(this.state[field] as unknown as Map<Key, Value>).set(key, value)
  }
  person(fact: PersonFact): void {
    this.put('people', fact.id, fact)
  }
  device(fact: DeviceFact): void {
    this.put('devices', fact.id, fact)
  }
  scope(fact: ScopeFact): void {
    this.put('scopes', fact.id, fact)
  }
  invite(fact: InviteFact): void {
    this.put('invites', fact.id, fact)
  }
  policy(name: string, fact: { n: number; value: null | boolean | number | string }): void {
    this.put('policies', name, fact)
  }
  set(fields: Partial<Pick<AuthorityState, 'rootScope' | 'relay'>>): void {
    this.state = { ...this.state, ...fields }
  }
  finish(head: Hash): AuthorityState {
    return { ...this.state, head }
  }
}

/** Scopes never end: so many at most, of which whoever is no admin leaves some to those who are, and opens so many himself. */
const MOST_SCOPES = 5_000
const MOST_SCOPES_OF_MEMBERS = 4_000
const MOST_SCOPES_OF_ONE = 200
/** Devices of one person, kits among them: at once, and with those that were removed. */
const MOST_DEVICES = 50
const MOST_DEVICES_EVER = 1_000

interface Author {
  device: DeviceFact
  person: PersonFact
  rank: Rank
}

function authorOf(state: AuthorityState, id: DeviceId): Author {
  const device = state.devices.get(id) ?? refuse('unknown-device')
  const person = state.people.get(device.person) ?? refuse('unknown-device')
  const rank = rankOf(person, state.n)
  if (device.to !== null || rank === null) return refuse('removed')
  return { device, person, rank }
}

function apply(next: Next, device: DeviceId, body: AuthorityBody, genesisOf: string | null): void {
  if (body.type === 'genesis') return found(next, device, body, genesisOf)
  if (body.type === 'join') return join(next, device, body)
  const author = authorOf(next.before, device)
  need(!author.device.kit || body.type === 'addDevice' || body.type === 'removeDevice', 'kit-device')
  switch (body.type) {
    case 'invite':
      return invite(next, author, body)
    case 'addDevice':
      return addDevice(next, author, body)
    case 'removeDevice':
      return removeDevice(next, author, body)
    case 'setRole':
      return setRole(next, author, body)
    case 'setDepartments':
      return setDepartments(next, author, body)
    case 'expire':
      return 'invite' in body.what
        ? expireInvite(next, author, body.what.invite)
        : endGrant(next, author, body.what.grant, true)
    case 'openScope':
      return openScope(next, author, body)
    case 'grant':
      return grant(next, author, body)
    case 'revoke':
      return endGrant(next, author, body.grant, false)
    case 'rotate':
      return rotate(next, author, body)
    case 'removeMember':
      return removeMember(next, author, body.person)
    case 'adopt':
      return adopt(next, author, body)
    case 'policy':
      need(atLeast(author.rank, 'admin'), 'rank-too-low')
      return next.policy(body.name, { n: next.n, value: body.value })
    case 'relay':
      need(author.rank === 'owner', 'rank-too-low')
      return next.set({ relay: { n: next.n, key: body.relayKey, url: body.url } })
  }
}

type Body<Type extends AuthorityBody['type']> = Extract<AuthorityBody, { type: Type }>

const scopeOf = (state: AuthorityState, id: ScopeId): ScopeFact => state.scopes.get(id) ?? refuse('unknown-scope')

const held = (next: Next, author: Author, scope: ScopeId): Rights => rightsOf(next.before, author.person.id, scope)

function freshDevice(next: Next, person: PersonId, keys: PublicKeys, kit: boolean, by: DeviceId | null): void {
  const id = deviceIdOf(keys.sign)
  // A removed device never comes back, and an invite's seed is nobody's device.
  need(!next.state.devices.has(id) && !next.state.invites.has(id), 'known-already')
  next.device({ id, person, keys, kit, by, from: next.n, to: null })
}

const freshPerson = (id: PersonId, n: number, rank: Rank): PersonFact => ({
  id,
  ranks: [{ n, rank }],
  departments: [],
  departmentRoles: [],
})

const freshScope = (
  n: number,
  body: Omit<Body<'openScope'>, 'type'>,
  opener: DeviceId,
  grants: GrantFact[],
): ScopeFact => ({
  id: body.scope,
  parent: body.parent,
  class: body.class,
  from: n,
  opener,
  epochs: [{ n, commitment: body.commitment, oldKey: null }],
  grants,
  checkpoints: nothingYet(),
  adopted: new Map(),
  rotationDue: null,
})

function found(next: Next, device: DeviceId, body: Body<'genesis'>, genesisOf: string | null): void {
  need(next.before.n === -1, 'not-the-head')
  need(genesisOf === null || genesisOf === next.before.workspace, 'wrong-workspace')
  need(device === deviceIdOf(body.device.sign), 'wrong-author')
  next.person(freshPerson(body.person, 0, 'owner'))
  freshDevice(next, body.person, body.device, false, null)
  freshDevice(next, body.person, body.kit, true, null)
  const everyone = (index: number, subject: Subject, right: 'write' | 'read'): GrantFact => ({
    ref: { n: 0, index },
    scope: body.rootScope,
    subject,
    right,
    by: body.person,
    expires: null,
    from: 0,
    to: null,
  })
  const grants = [everyone(0, { to: 'everyone' }, 'write'), everyone(1, { to: 'rank', rank: 'guest' }, 'read')]
  const root = { scope: body.rootScope, parent: null, class: 'company' as const, commitment: body.commitment }
  next.scope(freshScope(0, root, device, grants))
  next.set({ rootScope: body.rootScope, relay: { n: 0, key: body.relayKey, url: null } })
}

function invite(next: Next, author: Author, body: Body<'invite'>): void {
  need(atLeast(author.rank, 'manager'), 'rank-too-low')
  need(outranks(author.rank, body.rank), 'above-own-rank')
  for (const scope of body.scopes) {
    scopeOf(next.before, scope)
    need(includes(held(next, author, scope), 'read'), 'no-right')
  }
  const id = deviceIdOf(body.seed.sign)
  need(!next.before.invites.has(id) && !next.before.devices.has(id), 'known-already')
  const { seed, rank, expires, scopes } = body
  next.invite({ id, seed, rank, expires, scopes, by: author.person.id, from: next.n, usedBy: null, to: null })
}

function join(next: Next, device: DeviceId, body: Body<'join'>): void {
  need(device === deviceIdOf(body.device.sign), 'wrong-author')
  const invite = next.before.invites.get(body.invite) ?? refuse('unknown-invite')
  need(invite.usedBy === null, 'invite-used')
  need(invite.to === null, 'invite-expired')
  // An invitation is worth what its author could still give.
  const inviter = next.before.people.get(invite.by)
  const inviterRank = inviter ? rankOf(inviter, next.before.n) : null
  need(inviterRank !== null && atLeast(inviterRank, 'manager') && outranks(inviterRank, invite.rank), 'inviter-gone')
  need(!next.before.people.has(body.person), 'known-already')
  // A9: a link may leak, so a rank above member waits for somebody's setRole.
  next.person(freshPerson(body.person, next.n, invite.rank === 'guest' ? 'guest' : 'member'))
  freshDevice(next, body.person, body.device, false, null)
  freshDevice(next, body.person, body.kit, true, null)
  next.invite({ ...invite, usedBy: body.person, to: next.n })
}

function addDevice(next: Next, author: Author, body: Body<'addDevice'>): void {
  need(body.person === author.person.id, 'no-right')
  const own = [...next.before.devices.values()].filter(({ person }) => person === body.person)
  need(own.length < MOST_DEVICES_EVER && own.filter(({ to }) => to === null).length < MOST_DEVICES, 'too-many')
  const { device } = author
  freshDevice(next, body.person, body.device, body.kit, device.id)
  // A link lets in one device: with that it is gone.
  if (originOf(device.id, next.before) === 'seed') endDevice(next, device)
}

function removeDevice(next: Next, author: Author, body: Body<'removeDevice'>): void {
  const device = next.before.devices.get(body.device) ?? refuse('unknown-device')
  need(device.to === null, 'removed')
  const person = next.before.people.get(device.person)!
  const rank = rankOf(person, next.before.n)
  const own = device.person === author.person.id
  if (!own) {
    need(atLeast(author.rank, 'admin'), 'rank-too-low')
    need(rank === null || outranks(author.rank, rank), 'above-own-rank')
  }
  endDevice(next, device)
  need(someOwnerCanAct(next.state), 'last-owner')
}

function endDevice(next: Next, device: DeviceFact): void {
  next.device({ ...device, to: next.n })
  markRotationDue(next, (scope) => includes(rightsOf(next.before, device.person, scope), 'read'))
}

/** Some owner has some device, be it a kit: nobody else could ever appoint one. */
function someOwnerCanAct(state: AuthorityState): boolean {
  for (const device of state.devices.values()) {
    if (device.to !== null) continue
    const person = state.people.get(device.person)
    if (person && rankOf(person, state.n) === 'owner') return true
  }
  return false
}

function setRole(next: Next, author: Author, body: Body<'setRole'>): void {
  const person = next.before.people.get(body.person) ?? refuse('unknown-person')
  const { n } = next.before
  const rank = rankOf(person, n) ?? refuse('removed')
  if (body.department === null) {
    need(atLeast(author.rank, 'manager'), 'rank-too-low')
    need(outranks(author.rank, rank) && outranks(author.rank, body.rank), 'above-own-rank')
    need(rank !== body.rank, 'nothing-to-do')
    next.person({ ...person, ranks: [...person.ranks, { n: next.n, rank: body.rank }] })
    need(someOwnerCanAct(next.state), 'last-owner')
  } else {
    const { department } = body
    need(scopeOf(next.before, department).class === 'department', 'not-a-department')
    const role = roleIn(person, department, n) ?? refuse('not-in-department')
    need(!atLeast(body.rank, 'admin'), 'above-own-rank')
    // The head of a department may set roles in it, like a manager of the company.
    const roleOfAuthor = roleIn(author.person, department, n)
    const actingRank = roleOfAuthor && outranks(roleOfAuthor, author.rank) ? roleOfAuthor : author.rank
    need(atLeast(actingRank, 'manager'), 'rank-too-low')
    need(outranks(actingRank, role) && outranks(actingRank, body.rank), 'above-own-rank')
    need(role !== body.rank, 'nothing-to-do')
    next.person({
      ...person,
      departmentRoles: [...person.departmentRoles, { n: next.n, department, rank: body.rank }],
    })
  }
  markReadingLost(next, person.id)
}

function setDepartments(next: Next, author: Author, body: Body<'setDepartments'>): void {
  need(atLeast(author.rank, 'admin'), 'rank-too-low')
  const person = next.before.people.get(body.person) ?? refuse('unknown-person')
  need(rankOf(person, next.before.n) !== null, 'removed')
  for (const scope of body.departments) {
    need(scopeOf(next.before, scope).class === 'department', 'not-a-department')
  }
  const departments = [...new Set(body.departments)]
  const old = departmentsOf(person, next.before.n)
  need(departments.length !== old.length || departments.some((scope) => !old.includes(scope)), 'nothing-to-do')
  next.person({ ...person, departments: [...person.departments, { n: next.n, departments }] })
  markReadingLost(next, person.id)
}

function expireInvite(next: Next, author: Author, id: DeviceId): void {
  const invite = next.before.invites.get(id) ?? refuse('unknown-invite')
  need(invite.usedBy === null, 'invite-used')
  need(invite.to === null, 'invite-expired')
  need(invite.by === author.person.id || atLeast(author.rank, 'admin'), 'rank-too-low')
  next.invite({ ...invite, to: next.n })
}

function openScope(next: Next, author: Author, body: Body<'openScope'>): void {
  need(!next.before.scopes.has(body.scope), 'known-already')
  need(body.class !== 'company', 'wrong-class')
  if (body.parent === null) {
    need(body.class === 'private', 'wrong-class')
    need(atLeast(author.rank, 'member'), 'rank-too-low')
  } else {
    scopeOf(next.before, body.parent)
    need(includes(held(next, author, body.parent), body.class === 'department' ? 'admin' : 'write'), 'no-right')
  }
  needsRoom(next.before, author)
  const mine: GrantFact = {
    ref: { n: next.n, index: 0 },
    scope: body.scope,
    subject: { to: 'person', person: author.person.id },
    right: 'admin',
    by: author.person.id,
    expires: null,
    from: next.n,
    to: null,
  }
  next.scope(freshScope(next.n, body, author.device.id, body.class === 'private' ? [mine] : []))
}

function needsRoom({ scopes, devices }: AuthorityState, { person, rank }: Author): void {
  need(scopes.size < MOST_SCOPES, 'too-many')
  if (atLeast(rank, 'admin')) return
  need(scopes.size < MOST_SCOPES_OF_MEMBERS, 'too-many')
  const own = [...scopes.values()].filter(({ opener }) => devices.get(opener)?.person === person.id)
  need(own.length < MOST_SCOPES_OF_ONE, 'too-many')
}

function grant(next: Next, author: Author, body: Body<'grant'>): void {
  const scope = scopeOf(next.before, body.scope)
  need(includes(held(next, author, body.scope), 'admin'), 'no-right')
  const { subject } = body
  need(!isPrivate(next.before, scope) || subject.to === 'person', 'private-needs-person')
  if (subject.to === 'person') {
    const person = next.before.people.get(subject.person) ?? refuse('unknown-person')
    need(rankOf(person, next.before.n) !== null, 'removed')
  }
  if (subject.to === 'department' || subject.to === 'rank-in') {
    need(scopeOf(next.before, subject.department).class === 'department', 'not-a-department')
  }
  const fact: GrantFact = {
    ref: { n: next.n, index: 0 },
    scope: scope.id,
    subject,
    right: body.right,
    by: author.person.id,
    expires: body.expires,
    from: next.n,
    to: null,
  }
  next.scope({ ...scope, grants: [...scope.grants, fact] })
}

/** In a private scope or below one. */
function isPrivate(state: AuthorityState, scope: ScopeFact): boolean {
  for (let at: ScopeFact | undefined = scope; at; at = at.parent === null ? undefined : state.scopes.get(at.parent)) {
    if (at.class === 'private') return true
  }
  return false
}

function endGrant(next: Next, author: Author, ref: GrantRef, byMaker: boolean): void {
  const found = findGrant(next.before, ref) ?? refuse('unknown-grant')
  need(found.to === null, 'nothing-to-do')
  const scope = scopeOf(next.before, found.scope)
  const own = byMaker && found.by === author.person.id
  need(own || includes(held(next, author, scope.id), 'admin'), 'no-right')
  next.scope({
    ...scope,
    grants: scope.grants.map((each) => (each === found ? { ...each, to: next.n } : each)),
  })
  if (found.subject.to === 'person') return markReadingLost(next, found.subject.person)
  // Who of a group has lost reading is not worked out: one rotation too many harms nobody.
  const below = new Set(subtree(next.before, scope.id))
  markRotationDue(next, (id) => below.has(id))
}

function findGrant(state: AuthorityState, ref: GrantRef): GrantFact | null {
  for (const scope of state.scopes.values()) {
    for (const each of scope.grants) if (each.ref.n === ref.n && each.ref.index === ref.index) return each
  }
  return null
}

function rotate(next: Next, author: Author, body: Body<'rotate'>): void {
  const scope = scopeOf(next.before, body.scope)
  need(includes(held(next, author, scope.id), 'write'), 'no-right')
  need(body.epoch === scope.epochs.length, 'wrong-epoch')
  const epoch = { n: next.n, commitment: body.commitment, oldKey: body.oldKey }
  next.scope({ ...scope, epochs: [...scope.epochs, epoch], rotationDue: null })
}

function removeMember(next: Next, author: Author, id: PersonId): void {
  const person = next.before.people.get(id) ?? refuse('unknown-person')
  const rank = rankOf(person, next.before.n) ?? refuse('removed')
  if (id !== author.person.id) {
    need(atLeast(author.rank, 'admin'), 'rank-too-low')
    need(outranks(author.rank, rank), 'above-own-rank')
  }
  next.person({ ...person, ranks: [...person.ranks, { n: next.n, rank: null }] })
  for (const device of next.before.devices.values()) {
    if (device.person === id && device.to === null) next.device({ ...device, to: next.n })
  }
  need(someOwnerCanAct(next.state), 'last-owner')
  markReadingLost(next, id)
}

function adopt(next: Next, author: Author, body: Body<'adopt'>): void {
  const scope = scopeOf(next.before, body.scope)
  need(includes(held(next, author, scope.id), 'write'), 'no-right')
  const fresh = body.records.filter((record) => !scope.adopted.has(record))
  need(fresh.length > 0, 'nothing-to-do')
  next.scope({ ...scope, adopted: new Map([...scope.adopted, ...fresh.map((id) => [id, next.n] as const)]) })
}

/** A7: the scopes in which this person could read before this record and cannot now. */
function markReadingLost(next: Next, person: PersonId): void {
  markRotationDue(
    next,
    (scope) =>
      includes(rightsOf(next.before, person, scope), 'read') && !includes(rightsOf(next.state, person, scope), 'read'),
  )
}

function markRotationDue(next: Next, lost: (scope: ScopeId) => boolean): void {
  for (const scope of next.state.scopes.values()) {
    if (scope.rotationDue === null && lost(scope.id)) next.scope({ ...scope, rotationDue: next.n })
  }
}

/** The scope and what inherits from it. */
function subtree(state: AuthorityState, root: ScopeId): ScopeId[] {
  const below = (scope: ScopeFact): boolean => {
    for (let at: ScopeFact | undefined = scope; at; at = at.parent === null ? undefined : state.scopes.get(at.parent)) {
      if (at.id === root) return true
      if (at.class === 'private') return false
    }
    return false
  }
  return [...state.scopes.values()].filter(below).map((scope) => scope.id)
}

/** A4: the scopes in which the record changes what is accepted, sorted. */
function touched(next: Next, body: AuthorityBody): ScopeId[] {
  return scopesTouched(next, body).sort()
}

function scopesTouched(next: Next, body: AuthorityBody): ScopeId[] {
  switch (body.type) {
    case 'genesis':
    case 'invite':
    case 'policy':
    case 'relay':
    case 'openScope':
      return []
    case 'join':
    case 'setRole':
    case 'setDepartments':
    case 'removeMember':
      return changedFor(next, body.person)
    case 'addDevice':
      // Kits write no records.
      return body.kit ? [] : withRights(next, body.person)
    case 'removeDevice': {
      const device = next.before.devices.get(body.device)!
      return device.kit ? [] : withRights(next, device.person)
    }
    case 'expire':
      return 'grant' in body.what ? subtree(next.before, findGrant(next.before, body.what.grant)!.scope) : []
    case 'grant':
      return subtree(next.before, body.scope)
    case 'revoke':
      return subtree(next.before, findGrant(next.before, body.grant)!.scope)
    case 'rotate':
    case 'adopt':
      return [body.scope]
  }
}

const changedFor = (next: Next, person: PersonId): ScopeId[] =>
  [...next.before.scopes.keys()].filter(
    (scope) => rightsOf(next.before, person, scope) !== rightsOf(next.state, person, scope),
  )

const withRights = (next: Next, person: PersonId): ScopeId[] =>
  [...next.before.scopes.keys()].filter((scope) => rightsOf(next.before, person, scope) !== 0)

function placeCheckpoints(next: Next, touched: readonly ScopeId[], checkpoints: readonly Checkpoint[]): void {
  // Both are sorted and without doubles.
  const named = new Set(checkpoints.map((checkpoint) => checkpoint.scope))
  need(
    touched.every((scope) => named.has(scope)),
    'checkpoints-missing',
  )
  need(named.size === touched.length, 'checkpoints-extra')
  for (const { scope, position, order } of checkpoints) {
    const fact = next.state.scopes.get(scope)!
    next.scope({ ...fact, checkpoints: grow(fact.checkpoints, { n: next.n, position, order }) })
  }
}
