/**
 * R0 as code: whether a record counts is a function of the scope's records in relay order and of the log, and of nothing
 * else. In two halves: what the relay can judge too (sealed), and what only devices can (opened). Pure; the relay feeds the
 * lookups from its database, a device from its own.
 */
import type { DeviceId, DocId, ScopeId } from '../kernel/ids.ts'
import type { Instant } from '../kernel/instants.ts'
import type { AuthorityState } from './authority-state.ts'
import { isActorOf } from './bodies.ts'
import { equal, type Hash } from './bytes.ts'
import type { ChangeFacts, ChangeRefusal } from './change-bytes.ts'
import { docIdOf, type Birth } from './identities.ts'
import type { Part, RecordHeader, VerifiedRecord } from './records.ts'
import { mayAccept, type OrderAt, type RightsRefusal } from './rights.ts'

/** The last accepted record of one device in one document. */
export interface ChainEnd {
  seq: number
  id: Hash
  part: Part | null
}

/** What has been accepted before this record, in the order. */
export interface SealedContext {
  state: AuthorityState
  /**
   * The scope whose order is read. A record of another scope has no place in it: a relay could else put a late record where
   * no checkpoint of its own scope reaches. The relay, which orders by the record's own scope, may leave it out.
   */
  scope?: ScopeId
  /** The place that the record has, or (at the relay) would get: the scope's head + 1. */
  position: number
  /** What is held of the order behind the place (A4); without it the place is the order's end. */
  orderAt?: OrderAt
  /** The relay's clock, for grants past their claimed expiry; a device passes null. */
  now: Instant | null
  /** Accepted already, anywhere in this scope. */
  isAccepted: (id: Hash) => boolean
  chainEnd: (device: DeviceId, doc: DocId) => ChainEnd | null
  birthOf: (doc: DocId) => { scope: ScopeId; birth: Birth } | null
}

export type SealedRefusal =
  | RightsRefusal
  | 'unknown-document' // the first record of a document must carry its birth
  | 'wrong-binding' // the document's id, scope or lane is not what the record claims
  | 'wrong-lane' // a decision outside the lane of decisions
  | 'seq-gap'
  | 'seq-fork' // a second record for a place in the chain: a proof against the device (R1)
  | 'prev-mismatch'
  | 'part-order'

export type SealedVerdict =
  | { verdict: 'accept'; birth: Birth }
  /** The same record again: nothing to do but to answer with its receipt. */
  | { verdict: 'duplicate' }
  | { verdict: 'refuse'; reason: SealedRefusal }

const refuse = (reason: SealedRefusal): SealedVerdict => ({ verdict: 'refuse', reason })

/** R1, R6: document binding, capability at the place, chain. Size, form and signature are in the type already. */
export function judgeSealed(record: VerifiedRecord, context: SealedContext): SealedVerdict {
  const { header } = record
  if (context.scope !== undefined && header.scope !== context.scope) return refuse('wrong-binding')
  if (context.isAccepted(record.id)) return { verdict: 'duplicate' }
  const known = context.birthOf(header.doc)
  const birth = known?.birth ?? header.birth
  if (!birth) return refuse('unknown-document')
  if (!isBound(header, known, context.state)) return refuse('wrong-binding')
  if (header.kind === 'decision' && birth.lane !== 'decision') return refuse('wrong-lane')
  const may = mayAccept(context.state, record, birth.lane, context.position, context.now, context.orderAt)
  if (!may.ok) return refuse(may.reason)
  const end = context.chainEnd(header.device, header.doc)
  const next = end ? end.seq + 1 : 0
  if (header.seq > next) return refuse('seq-gap')
  if (header.seq < next) return refuse('seq-fork')
  if (header.prev !== (end?.id ?? null)) return refuse('prev-mismatch')
  if (!continuesParts(header.part, end)) return refuse('part-order')
  return { verdict: 'accept', birth }
}

function isBound(header: RecordHeader, known: { scope: ScopeId; birth: Birth } | null, state: AuthorityState): boolean {
  if (known) {
    if (known.scope !== header.scope) return false
    return header.birth === null || isSameBirth(header.birth, known.birth)
  }
  return header.birth !== null && docIdOf(state.workspace, header.scope, header.birth) === header.doc
}

const isSameBirth = (a: Birth, b: Birth): boolean =>
  a.lane === b.lane && a.kind === b.kind && a.creator === b.creator && equal(a.nonce, b.nonce)

/** R2: a later part follows the one before it directly; a first part, or a whole record, may give up an unfinished row. */
function continuesParts(part: Part | null, end: ChainEnd | null): boolean {
  if (!part || part.index === 0) return true
  const before = end?.part
  if (!before || before.count !== part.count || before.index !== part.index - 1) return false
  return part.first === (before.first ?? end.id)
}

/** What has been accepted in the document before this record: changes of accepted records, and genesis and migrations. */
export interface OpenedContext {
  accepted: (change: Hash) => { maxOp: number } | null
  /** The last accepted change of an actor. */
  lastOf: (actor: string) => { seq: number; maxOp: number } | null
  /** The largest counter of any accepted operation, 0 in an empty document. */
  maxOp: () => number
}

export type OpenedRefusal =
  | ChangeRefusal
  | 'cannot-decrypt'
  | 'bad-body'
  | 'wrong-actor' // R3: a change that is not by the device that signed the record
  | 'actor-fork' // a second change for a place in an actor's row: it would poison the document for good
  | 'actor-gap'
  | 'wrong-counter' // operations numbered as no honest editor numbers them

export type OpenedVerdict =
  /** `fresh` are the changes that are not in the document yet, to be applied in this order. */
  | { verdict: 'accept'; fresh: ChangeFacts[] }
  /** Waits for changes that no accepted record has brought yet. */
  | { verdict: 'hold'; missing: Hash[] }
  | { verdict: 'refuse'; reason: OpenedRefusal }

/**
 * R3, R6: actor binding, dependencies, numbering. The changes have been read under the caps (`readChanges`). After every
 * acceptance the held records of the document are judged again in their order, so that all devices release alike.
 */
export function judgeOpened(device: DeviceId, changes: readonly ChangeFacts[], context: OpenedContext): OpenedVerdict {
  if (changes.some((change) => !isActorOf(change.actor, device))) return { verdict: 'refuse', reason: 'wrong-actor' }
  const here = new Map<Hash, { maxOp: number }>()
  const missing = new Set<Hash>()
  for (const change of changes) {
    for (const dep of change.deps) if (!here.has(dep) && !context.accepted(dep)) missing.add(dep)
    here.set(change.hash, change)
  }
  if (missing.size > 0) return { verdict: 'hold', missing: [...missing] }

  const fresh: ChangeFacts[] = []
  const tips = new Map<string, { seq: number; maxOp: number }>()
  const found = new Map<Hash, { maxOp: number }>()
  let maxOp = context.maxOp()
  for (const change of changes) {
    if (context.accepted(change.hash) || found.has(change.hash)) continue
    const tip = tips.get(change.actor) ?? context.lastOf(change.actor) ?? { seq: 0, maxOp: 0 }
    if (change.seq <= tip.seq) return { verdict: 'refuse', reason: 'actor-fork' }
    if (change.seq > tip.seq + 1) return { verdict: 'refuse', reason: 'actor-gap' }
    let least = tip.maxOp
    for (const dep of change.deps) least = Math.max(least, (found.get(dep) ?? context.accepted(dep))!.maxOp)
    if (change.startOp <= least || change.startOp > maxOp + 1) return { verdict: 'refuse', reason: 'wrong-counter' }
    tips.set(change.actor, change)
    found.set(change.hash, change)
    maxOp = Math.max(maxOp, change.maxOp)
    fresh.push(change)
  }
  return { verdict: 'accept', fresh }
}
