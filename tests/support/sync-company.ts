/**
 * A company for tests of the pure part of sync: real keys, a real log, and scopes whose order is kept as an honest relay
 * would keep it. People are named; each has a device and a kit.
 */
import type { DocId, PersonId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { toInstant, type Instant } from '#lib/kernel/instants.ts'
import { judgeSealed, type ChainEnd, type SealedContext, type SealedVerdict } from '#lib/sync/accept.ts'
import { append, draftAuthority, overtakersOf, type AppendRefusal, type OrderLookups } from '#lib/sync/authority-log.ts'
import { initialState, type AuthorityState } from '#lib/sync/authority-state.ts'
import {
  joinProof,
  signAuthority,
  type AuthorityBody,
  type Checkpoint,
  type Rank,
  type ScopeClass,
} from '#lib/sync/authority.ts'
import { encodeChangesBody } from '#lib/sync/bodies.ts'
import { randomBytes, randomId, utf8, type Bytes, type Hash } from '#lib/sync/bytes.ts'
import { docIdOf, workspaceIdOf, type Birth, type Lane } from '#lib/sync/identities.ts'
import {
  commitmentOf,
  contentKey,
  createDeviceKeys,
  createScopeKey,
  seedKeys,
  signerOf,
  type DeviceKeys,
} from '#lib/sync/keys.ts'
import { orderNext, orderStart } from '#lib/sync/order.ts'
import { sealRecord, type RecordHeader, type VerifiedRecord } from '#lib/sync/records.ts'
import { webVerify, type Signer } from '#lib/sync/signatures.ts'

export interface Colleague {
  name: string
  person: PersonId
  keys: DeviceKeys
  kit: DeviceKeys
  signer: Signer
}
export interface Doc {
  id: DocId
  scope: ScopeId
  birth: Birth
}
interface Order {
  hashes: Hash[]
  placed: { record: VerifiedRecord; lane: Lane; position: number }[]
}
export type Answer = AppendRefusal | 'stale' | 'ok'

/** The company's time is the real one: a real relay judges its invitations by its own clock. */
export const NOW: Instant = toInstant(Math.floor(Date.now()))
export const DAY = 24 * 60 * 60 * 1000

export async function createColleague(name: string): Promise<Colleague> {
  const keys = await createDeviceKeys()
  return {
    name,
    person: randomId<PersonId>(),
    keys,
    kit: await seedKeys(randomBytes(16), 'kit'),
    signer: signerOf(keys),
  }
}

/** What an honest relay of this company holds, and what its people would do next. */
export class Company {
  readonly workspace: WorkspaceId
  readonly founder: Colleague
  readonly root: ScopeId
  readonly log: Bytes[] = []
  readonly scopeKeys = new Map<string, Bytes>()
  readonly births = new Map<DocId, { scope: ScopeId; birth: Birth }>()
  readonly ends = new Map<string, ChainEnd>()
  readonly accepted = new Set<Hash>()
  readonly orders = new Map<ScopeId, Order>()
  state: AuthorityState

  constructor(workspace: WorkspaceId, founder: Colleague, root: ScopeId) {
    this.workspace = workspace
    this.founder = founder
    this.root = root
    this.state = initialState(workspace)
  }

  order(scope: ScopeId): Order {
    const known = this.orders.get(scope)
    if (known) return known
    const fresh: Order = { hashes: [orderStart(scope)], placed: [] }
    this.orders.set(scope, fresh)
    return fresh
  }

  readonly headOf = (scope: ScopeId): { position: number; order: Hash } => {
    const { hashes } = this.order(scope)
    return { position: hashes.length - 1, order: hashes.at(-1)! }
  }

  readonly lookups: OrderLookups = {
    orderAt: (scope, position) => this.order(scope).hashes[position] ?? null,
    acceptedAfter: (scope, position) =>
      this.order(scope)
        .placed.slice(position)
        .map((placed) => ({ ...placed, id: placed.record.id, header: placed.record.header })),
  }

  /** What the relay answers to a record of the log. */
  async offer(signed: Bytes): Promise<Answer> {
    const result = await append(this.state, signed, webVerify)
    if (!result.ok) return result.reason
    if (overtakersOf(result.state, result.record, this.lookups)) return 'stale'
    this.state = result.state
    this.log.push(signed)
    return 'ok'
  }

  /** An honest client's next record of the log. */
  async does(author: Signer, body: AuthorityBody): Promise<Answer> {
    const draft = await draftAuthority(this.state, body, NOW, this.headOf, author)
    return draft.ok ? this.offer(draft.signed) : draft.reason
  }

  /** A modified client's: signed whatever the rules say. */
  async forces(author: Signer, body: AuthorityBody, checkpoints: Checkpoint[] = []): Promise<Answer> {
    const { n, head } = this.state
    return this.offer(await signAuthority({ n: n + 1, prev: head, at: NOW, checkpoints, body }, author))
  }

  checkpoint(scope: ScopeId = this.root): Checkpoint {
    return { scope, ...this.headOf(scope) }
  }

  async invite(by: Colleague, rank: Rank = 'member'): Promise<{ seed: Bytes; keys: DeviceKeys; answer: Answer }> {
    const seed = randomBytes(32)
    const keys = await seedKeys(seed, 'seed')
    const expires = toInstant(NOW + DAY)
    const answer = await this.does(by.signer, {
      type: 'invite',
      seed: keys.public,
      rank,
      expires,
      scopes: [this.root],
    })
    return { seed, keys, answer }
  }

  async joinBody(who: Colleague, seed: DeviceKeys): Promise<Extract<AuthorityBody, { type: 'join' }>> {
    const message = joinProof(this.workspace, seed.id, who.person, who.keys.public.sign, who.kit.public.sign)
    const proof = await signerOf(seed).sign(message)
    const { person } = who
    return { type: 'join', invite: seed.id, person, device: who.keys.public, kit: who.kit.public, proof }
  }

  /** Invited by the founder and joined; raised to the rank by the founder where it is above member. */
  async hires(name: string | Colleague, rank: Rank = 'member'): Promise<Colleague> {
    const who = typeof name === 'string' ? await createColleague(name) : name
    const { keys } = await this.invite(this.founder, rank)
    expectOk(await this.does(who.signer, await this.joinBody(who, keys)))
    if (rank === 'member' || rank === 'guest') return who
    expectOk(await this.does(this.founder.signer, { type: 'setRole', person: who.person, rank, department: null }))
    return who
  }

  async opens(by: Colleague, scopeClass: ScopeClass = 'project', parent: ScopeId | null = this.root): Promise<ScopeId> {
    const scope = randomId<ScopeId>()
    const key = createScopeKey()
    this.scopeKeys.set(`${scope}.0`, key)
    const commitment = commitmentOf(scope, 0, key)
    expectOk(await this.does(by.signer, { type: 'openScope', scope, parent, class: scopeClass, commitment }))
    return scope
  }

  newDoc(by: Colleague, scope: ScopeId = this.root, lane: Lane = 'main'): Doc {
    const birth: Birth = { lane, kind: 'board.root', creator: by.keys.id, nonce: randomBytes(16) }
    return { id: docIdOf(this.workspace, scope, birth), scope, birth }
  }

  readonly endKey = (device: string, doc: string): string => `${device} ${doc}`

  /** The record that an honest client of this colleague would seal next; `changed` makes it a modified client's. */
  async seals(
    by: Colleague,
    doc: Doc,
    changed: Partial<RecordHeader> = {},
    body: Bytes = encodeChangesBody([utf8('a change')]),
  ): Promise<VerifiedRecord> {
    const end = this.ends.get(this.endKey(by.keys.id, doc.id))
    const header: Omit<RecordHeader, 'nonce' | 'device'> = {
      kind: 'changes',
      scope: doc.scope,
      doc: doc.id,
      seq: end ? end.seq + 1 : 0,
      prev: end?.id ?? null,
      epoch: (this.state.scopes.get(doc.scope)?.epochs.length ?? 1) - 1,
      kindVersion: 1,
      birth: this.births.has(doc.id) ? null : doc.birth,
      part: null,
      ...changed,
    }
    const scopeKey = this.scopeKeys.get(`${doc.scope}.${header.epoch}`) ?? createScopeKey()
    return sealRecord(header, body, await contentKey(scopeKey, doc.id, header.epoch, by.keys.id), by.signer)
  }

  context(scope: ScopeId, now: Instant | null = null): SealedContext {
    return {
      state: this.state,
      scope,
      position: this.order(scope).hashes.length,
      now,
      isAccepted: (id) => this.accepted.has(id),
      chainEnd: (device, doc) => this.ends.get(this.endKey(device, doc)) ?? null,
      birthOf: (doc) => this.births.get(doc) ?? null,
    }
  }

  /** What the relay answers to a record of data; it takes an accepted one into its order. */
  puts(record: VerifiedRecord, now: Instant | null = null): string {
    const { header, id } = record
    const context = this.context(header.scope, now)
    const verdict: SealedVerdict = judgeSealed(record, context)
    if (verdict.verdict === 'refuse') return verdict.reason
    if (verdict.verdict === 'duplicate') return 'duplicate'
    const order = this.order(header.scope)
    order.hashes.push(orderNext(order.hashes.at(-1)!, record))
    order.placed.push({ record, lane: verdict.birth.lane, position: context.position })
    this.births.set(header.doc, { scope: header.scope, birth: verdict.birth })
    this.ends.set(this.endKey(header.device, header.doc), { seq: header.seq, id, part: header.part })
    this.accepted.add(id)
    return 'accept'
  }

  async writes(by: Colleague, doc: Doc, changed: Partial<RecordHeader> = {}): Promise<string> {
    return this.puts(await this.seals(by, doc, changed))
  }
}

export function expectOk(answer: Answer): void {
  if (answer !== 'ok') throw new Error(`expected the log to take the record, but: ${answer}`)
}

export async function foundCompany(name = 'Ada'): Promise<Company> {
  const founder = await createColleague(name)
  const root = randomId<ScopeId>()
  const key = createScopeKey()
  const body: AuthorityBody = {
    type: 'genesis',
    nonce: randomBytes(16),
    person: founder.person,
    device: founder.keys.public,
    kit: founder.kit.public,
    rootScope: root,
    commitment: commitmentOf(root, 0, key),
    relayKey: null,
  }
  const genesis = await signAuthority({ n: 0, prev: null, at: NOW, checkpoints: [], body }, founder.signer)
  const company = new Company(workspaceIdOf(genesis), founder, root)
  company.scopeKeys.set(`${root}.0`, key)
  expectOk(await company.offer(genesis))
  return company
}
