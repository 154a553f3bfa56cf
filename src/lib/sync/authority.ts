/**
 * The authority log: who may do what, one linear chain of signed records per workspace. This file is its bytes; what a
 * record may say and does is reduce.ts.
 *
 *   payload = cbor["tz-auth-1", n, prev, type, device, at, checkpoints, body]
 *   signed  = cbor[payload bytes, signature over the payload]      hash = SHA-256("tz-auth-record-1" ‖ signed)
 *
 * Bodies carry ids, keys and ranks, never names: the relay reads them.
 */
import type { DeviceId, DocId, PersonId, ScopeId, WorkspaceId } from '../kernel/ids.ts'
import { toInstant, type Instant } from '../kernel/instants.ts'
import { bytesToHash, hashToBytes, idToBytes, sha256, utf8, type Bytes, type Hash } from './bytes.ts'
import { encode, type CborValue, type Decoded } from './cbor.ts'
import type { PublicKeys } from './keys.ts'
import {
  bytes,
  hash,
  id,
  list,
  listOf,
  Misshapen,
  natural,
  oneOf,
  orNull,
  read,
  text,
  truth,
  type Read,
} from './shape.ts'
import type { Signer, Verify } from './signatures.ts'
import { isWeakAgreeKey, isWeakSignKey } from './weak-keys.ts'

/** From the least to the most. */
export const ranks = ['guest', 'member', 'manager', 'admin', 'owner'] as const
export type Rank = (typeof ranks)[number]

export const rights = ['read', 'comment', 'write', 'approve', 'admin'] as const
export type Right = (typeof rights)[number]

export const scopeClasses = ['company', 'department', 'project', 'budget', 'part', 'incident', 'private'] as const
export type ScopeClass = (typeof scopeClasses)[number]

/** Whom a grant is for. A rank means "of this rank or above". */
export type Subject =
  | { to: 'person'; person: PersonId }
  | { to: 'rank'; rank: Rank }
  | { to: 'rank-in'; rank: Rank; department: ScopeId }
  | { to: 'department'; department: ScopeId }
  /** Every member: rank member or above. */
  | { to: 'everyone' }

/** A grant by the log record that made it; genesis makes two. */
export interface GrantRef {
  n: number
  index: number
}

/** A4: the place in a scope's order up to which records are judged without this log record. */
export interface Checkpoint {
  scope: ScopeId
  position: number
  order: Hash
}

export type PolicyValue = null | boolean | number | string

export type AuthorityBody =
  | {
      type: 'genesis'
      nonce: Bytes
      person: PersonId
      device: PublicKeys
      kit: PublicKeys
      rootScope: ScopeId
      commitment: Hash
      relayKey: Bytes | null
    }
  | { type: 'invite'; seed: PublicKeys; rank: Rank; expires: Instant; scopes: ScopeId[] }
  | { type: 'join'; invite: DeviceId; person: PersonId; device: PublicKeys; kit: PublicKeys; proof: Bytes }
  | { type: 'addDevice'; person: PersonId; device: PublicKeys; kit: boolean }
  | { type: 'removeDevice'; device: DeviceId }
  | { type: 'setRole'; person: PersonId; rank: Rank; department: ScopeId | null }
  | { type: 'setDepartments'; person: PersonId; departments: ScopeId[] }
  | { type: 'expire'; what: { invite: DeviceId } | { grant: GrantRef } }
  | { type: 'openScope'; scope: ScopeId; parent: ScopeId | null; class: ScopeClass; commitment: Hash }
  | { type: 'grant'; subject: Subject; scope: ScopeId; right: Right; expires: Instant | null }
  | { type: 'revoke'; grant: GrantRef }
  | { type: 'rotate'; scope: ScopeId; epoch: number; commitment: Hash; oldKey: Bytes }
  | { type: 'removeMember'; person: PersonId }
  | { type: 'adopt'; scope: ScopeId; doc: DocId; records: Hash[] }
  | { type: 'policy'; name: string; value: PolicyValue }
  | { type: 'relay'; relayKey: Bytes; url: string | null }

export type AuthorityType = AuthorityBody['type']

export interface AuthorityRecord {
  hash: Hash
  /** `signed`, as it travels and is stored. */
  bytes: Bytes
  payload: Bytes
  signature: Bytes
  n: number
  prev: Hash | null
  device: DeviceId
  /** Claimed by the author's clock: shown, never decided by. */
  at: Instant
  /** Sorted by scope. */
  checkpoints: Checkpoint[]
  body: AuthorityBody
}

declare const verified: unique symbol
/** Signature (and a join's proof) checked. Only `verifyAuthority` makes one. */
export type VerifiedAuthority = AuthorityRecord & { readonly [verified]: true }

/** The largest log record: some thousand checkpoints. */
const AUTHORITY_LIMIT = 64 * 1024
const MOST = 2_000

const RECORD = utf8('tz-auth-record-1')

const authorityHash = (signed: Uint8Array): Hash => bytesToHash(sha256(RECORD, signed))

/** What the seed of an invite signs, so that the link lets in one device of the holder's choice. */
export const joinProof = (
  workspace: WorkspaceId,
  invite: DeviceId,
  person: PersonId,
  device: Bytes,
  kit: Bytes,
): Bytes => encode(['tz-join-1', idToBytes(workspace), idToBytes(invite), idToBytes(person), device, kit])

const keys = (publicKeys: PublicKeys): CborValue => [publicKeys.sign, publicKeys.agree]
const toKeys = (value: Decoded | undefined): PublicKeys => {
  const field = list(value, 2)
  const publicKeys = { sign: bytes(field[0], 32), agree: bytes(field[1], 32) }
  if (isWeakSignKey(publicKeys.sign) || isWeakAgreeKey(publicKeys.agree)) throw new Misshapen('not a key')
  return publicKeys
}
const toMoment = (value: Decoded | undefined): Instant => toInstant(natural(value))
const refs = (ref: GrantRef): CborValue => [ref.n, ref.index]
const toRef = (value: Decoded | undefined): GrantRef => {
  const field = list(value, 2)
  return { n: natural(field[0]), index: natural(field[1], 1) }
}

function encodeBody(body: AuthorityBody): CborValue[] {
  switch (body.type) {
    case 'genesis':
      return [
        body.nonce,
        idToBytes(body.person),
        keys(body.device),
        keys(body.kit),
        idToBytes(body.rootScope),
        hashToBytes(body.commitment),
        body.relayKey,
      ]
    case 'invite':
      return [keys(body.seed), body.rank, body.expires, body.scopes.map(idToBytes)]
    case 'join':
      return [idToBytes(body.invite), idToBytes(body.person), keys(body.device), keys(body.kit), body.proof]
    case 'addDevice':
      return [idToBytes(body.person), keys(body.device), body.kit]
    case 'removeDevice':
      return [idToBytes(body.device)]
    case 'setRole':
      return [idToBytes(body.person), body.rank, body.department && idToBytes(body.department)]
    case 'setDepartments':
      return [idToBytes(body.person), body.departments.map(idToBytes)]
    case 'expire':
      return 'invite' in body.what ? ['invite', idToBytes(body.what.invite)] : ['grant', refs(body.what.grant)]
    case 'openScope':
      return [idToBytes(body.scope), body.parent && idToBytes(body.parent), body.class, hashToBytes(body.commitment)]
    case 'grant':
      return [encodeSubject(body.subject), idToBytes(body.scope), body.right, body.expires]
    case 'revoke':
      return [refs(body.grant)]
    case 'rotate':
      return [idToBytes(body.scope), body.epoch, hashToBytes(body.commitment), body.oldKey]
    case 'removeMember':
      return [idToBytes(body.person)]
    case 'adopt':
      return [idToBytes(body.scope), idToBytes(body.doc), body.records.map(hashToBytes)]
    case 'policy':
      return [body.name, body.value]
    case 'relay':
      return [body.relayKey, body.url]
  }
}

function encodeSubject(subject: Subject): CborValue[] {
  switch (subject.to) {
    case 'person':
      return [subject.to, idToBytes(subject.person)]
    case 'rank':
      return [subject.to, subject.rank]
    case 'rank-in':
      return [subject.to, subject.rank, idToBytes(subject.department)]
    case 'department':
      return [subject.to, idToBytes(subject.department)]
    case 'everyone':
      return [subject.to]
  }
}

function toSubject(value: Decoded | undefined): Subject {
  const field = list(value)
  switch (field[0]) {
    case 'person':
      list(value, 2)
      return { to: 'person', person: id<PersonId>(field[1]) }
    case 'rank':
      list(value, 2)
      return { to: 'rank', rank: oneOf(field[1], ranks) }
    case 'rank-in':
      list(value, 3)
      return { to: 'rank-in', rank: oneOf(field[1], ranks), department: id<ScopeId>(field[2]) }
    case 'department':
      list(value, 2)
      return { to: 'department', department: id<ScopeId>(field[1]) }
    case 'everyone':
      list(value, 1)
      return { to: 'everyone' }
    default:
      throw new Misshapen('not a subject')
  }
}

const POLICY_NAME = /^[a-z][a-z0-9.-]{0,63}$/

/** One entry per type, so that a type without its reader does not compile. */
const bodies: { [Type in AuthorityType]: (body: Decoded) => Extract<AuthorityBody, { type: Type }> } = {
  genesis: (body) => {
    const field = list(body, 7)
    return {
      type: 'genesis',
      nonce: bytes(field[0], 16),
      person: id<PersonId>(field[1]),
      device: toKeys(field[2]),
      kit: toKeys(field[3]),
      rootScope: id<ScopeId>(field[4]),
      commitment: hash(field[5]),
      relayKey: orNull(field[6], (key) => bytes(key, 32)),
    }
  },
  invite: (body) => {
    const field = list(body, 4)
    const scopes = listOf(field[3], (scope) => id<ScopeId>(scope), MOST)
    return { type: 'invite', seed: toKeys(field[0]), rank: oneOf(field[1], ranks), expires: toMoment(field[2]), scopes }
  },
  join: (body) => {
    const field = list(body, 5)
    return {
      type: 'join',
      invite: id<DeviceId>(field[0]),
      person: id<PersonId>(field[1]),
      device: toKeys(field[2]),
      kit: toKeys(field[3]),
      proof: bytes(field[4], 64),
    }
  },
  addDevice: (body) => {
    const field = list(body, 3)
    return { type: 'addDevice', person: id<PersonId>(field[0]), device: toKeys(field[1]), kit: truth(field[2]) }
  },
  removeDevice: (body) => ({ type: 'removeDevice', device: id<DeviceId>(list(body, 1)[0]) }),
  setRole: (body) => {
    const field = list(body, 3)
    return {
      type: 'setRole',
      person: id<PersonId>(field[0]),
      rank: oneOf(field[1], ranks),
      department: orNull(field[2], (scope) => id<ScopeId>(scope)),
    }
  },
  setDepartments: (body) => {
    const field = list(body, 2)
    const departments = listOf(field[1], (scope) => id<ScopeId>(scope), MOST)
    return { type: 'setDepartments', person: id<PersonId>(field[0]), departments }
  },
  expire: (body) => {
    const field = list(body, 2)
    const what = oneOf(field[0], ['invite', 'grant'])
    return {
      type: 'expire',
      what: what === 'invite' ? { invite: id<DeviceId>(field[1]) } : { grant: toRef(field[1]) },
    }
  },
  openScope: (body) => {
    const field = list(body, 4)
    return {
      type: 'openScope',
      scope: id<ScopeId>(field[0]),
      parent: orNull(field[1], (scope) => id<ScopeId>(scope)),
      class: oneOf(field[2], scopeClasses),
      commitment: hash(field[3]),
    }
  },
  grant: (body) => {
    const field = list(body, 4)
    return {
      type: 'grant',
      subject: toSubject(field[0]),
      scope: id<ScopeId>(field[1]),
      right: oneOf(field[2], rights),
      expires: orNull(field[3], toMoment),
    }
  },
  revoke: (body) => ({ type: 'revoke', grant: toRef(list(body, 1)[0]) }),
  rotate: (body) => {
    const field = list(body, 4)
    return {
      type: 'rotate',
      scope: id<ScopeId>(field[0]),
      epoch: natural(field[1], 2 ** 32 - 1),
      commitment: hash(field[2]),
      oldKey: bytes(field[3], 60),
    }
  },
  removeMember: (body) => ({ type: 'removeMember', person: id<PersonId>(list(body, 1)[0]) }),
  adopt: (body) => {
    const field = list(body, 3)
    const records = listOf(field[2], hash, 1_000)
    return { type: 'adopt', scope: id<ScopeId>(field[0]), doc: id<DocId>(field[1]), records }
  },
  policy: (body) => {
    const field = list(body, 2)
    const name = text(field[0], 64)
    if (!POLICY_NAME.test(name)) throw new Misshapen('not the name of a policy')
    const value = field[1]
    if (typeof value === 'string') return { type: 'policy', name, value: text(value, 4096) }
    if (value === null || typeof value === 'boolean' || typeof value === 'number')
      return { type: 'policy', name, value }
    throw new Misshapen('not the value of a policy')
  },
  relay: (body) => {
    const field = list(body, 2)
    return { type: 'relay', relayKey: bytes(field[0], 32), url: orNull(field[1], (url) => text(url, 1024)) }
  },
}

export const authorityTypes = Object.keys(bodies) as AuthorityType[]

const compareHex = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export interface AuthorityDraft {
  n: number
  prev: Hash | null
  at: Instant
  checkpoints: readonly Checkpoint[]
  body: AuthorityBody
}

/** Signs a log record as the signer's device. What may be said is `reduce`'s matter; `draftAuthority` fills the rest in. */
export async function signAuthority(draft: AuthorityDraft, signer: Signer): Promise<Bytes> {
  const payload = encode([
    'tz-auth-1',
    draft.n,
    draft.prev && hashToBytes(draft.prev),
    draft.body.type,
    idToBytes(signer.device),
    draft.at,
    [...draft.checkpoints]
      .sort((a, b) => compareHex(a.scope, b.scope))
      .map((checkpoint) => [idToBytes(checkpoint.scope), checkpoint.position, hashToBytes(checkpoint.order)]),
    encodeBody(draft.body),
  ])
  return encode([payload, await signer.sign(payload)])
}

export function parseAuthority(signed: Bytes): Read<AuthorityRecord> {
  if (signed.length > AUTHORITY_LIMIT) return { ok: false, reason: 'too large' }
  const outer = read(signed, (value) => {
    const field = list(value, 2)
    return { payload: bytes(field[0]), signature: bytes(field[1], 64) }
  })
  if (!outer.ok) return outer
  const { payload, signature } = outer.value
  return read(payload, (value) => {
    const field = list(value, 8)
    if (field[0] !== 'tz-auth-1') throw new Misshapen('not a record of the log')
    const type = oneOf(field[3], authorityTypes)
    const n = natural(field[1])
    const prev = orNull(field[2], hash)
    if ((n === 0) !== (prev === null) || (n === 0) !== (type === 'genesis')) throw new Misshapen('prev does not fit n')
    const checkpoints = listOf(field[6], toCheckpoint, MOST)
    if (checkpoints.some((checkpoint, i) => i > 0 && checkpoints[i - 1]!.scope >= checkpoint.scope)) {
      throw new Misshapen('checkpoints are not in order')
    }
    return {
      hash: authorityHash(signed),
      bytes: signed,
      payload,
      signature,
      n,
      prev,
      device: id<DeviceId>(field[4]),
      at: toMoment(field[5]),
      checkpoints,
      body: bodies[type](field[7]!),
    }
  })
}

function toCheckpoint(value: Decoded): Checkpoint {
  const field = list(value, 3)
  return { scope: id<ScopeId>(field[0]), position: natural(field[1], 2 ** 32 - 1), order: hash(field[2]) }
}

/** Keys that a record's signatures are checked with; `seed` only for a join. */
export interface AuthorityKeys {
  author: Bytes
  seed: Bytes | null
}

export async function verifyAuthority(
  record: AuthorityRecord,
  workspace: WorkspaceId,
  by: AuthorityKeys,
  verify: Verify,
): Promise<VerifiedAuthority | null> {
  if (!(await verify(by.author, record.payload, record.signature))) return null
  if (record.body.type === 'join') {
    const { invite, person, device, kit, proof } = record.body
    if (!by.seed || !(await verify(by.seed, joinProof(workspace, invite, person, device.sign, kit.sign), proof)))
      return null
  }
  return record as VerifiedAuthority
}
