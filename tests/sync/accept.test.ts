import { describe, expect, test } from 'vitest'
import { judgeOpened, judgeSealed, type OpenedContext } from '#lib/sync/accept.ts'
import { actorOf } from '#lib/sync/bodies.ts'
import { randomBytes, randomId, toHash, type Hash } from '#lib/sync/bytes.ts'
import { readChanges, type ChangeFacts } from '#lib/sync/change-bytes.ts'
import { companionBirth, docIdOf, indexBirth, indexDocId } from '#lib/sync/identities.ts'
import type { DeviceId, ScopeId } from '#lib/kernel/ids.ts'
import { craftChange, type CraftedChange } from '#tests/support/craft-change.ts'
import { foundCompany } from '#tests/support/sync-company.ts'

describe('what relay and devices judge of a sealed record', () => {
  test('a device’s records in a document form one chain; the same again is a duplicate (R1, R13)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const doc = company.newDoc(ada)
    const first = await company.seals(ada, doc)
    expect(company.puts(first)).toBe('accept')
    expect(company.puts(first)).toBe('duplicate')
    const second = await company.seals(ada, doc)
    const third = await company.seals(ada, doc, { seq: 2, prev: second.id })
    expect(company.puts(third)).toBe('seq-gap')
    expect(company.puts(second)).toBe('accept')
    expect(company.puts(third)).toBe('accept')
    expect(company.headOf(company.root).position).toBe(3)
  })

  test('a second record for a place is a fork, and one that hangs on another record does not fit (R1)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const doc = company.newDoc(ada)
    const [one, other] = [await company.seals(ada, doc), await company.seals(ada, doc)]
    expect(company.puts(one)).toBe('accept')
    expect(company.puts(other)).toBe('seq-fork')
    expect(await company.writes(ada, doc, { seq: 1, prev: other.id })).toBe('prev-mismatch')
    expect(await company.writes(ada, doc)).toBe('accept')
  })

  test('a document is bound to workspace, scope, lane and kind by its birth (R6)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const other = await company.opens(ada)
    const doc = company.newDoc(ada)
    expect(await company.writes(ada, doc, { birth: null })).toBe('unknown-document')
    expect(await company.writes(ada, doc, { birth: { ...doc.birth, lane: 'talk' } })).toBe('wrong-binding')
    expect(await company.writes(ada, doc, { birth: { ...doc.birth, kind: 'prose.root' } })).toBe('wrong-binding')
    expect(await company.writes(ada, doc, { scope: other })).toBe('wrong-binding')
    expect(await company.writes(ada, doc)).toBe('accept')
    expect(await company.writes(ada, doc, { scope: other })).toBe('wrong-binding')
    for (const other of [
      { lane: 'talk' },
      { kind: 'prose.root' },
      { creator: ada.kit.id },
      { nonce: randomBytes(16) },
    ] as const)
      expect(await company.writes(ada, doc, { birth: { ...doc.birth, ...other } })).toBe('wrong-binding')
    expect(await company.writes(ada, doc, { birth: doc.birth })).toBe('accept')

    const elsewhere = await foundCompany('Zoe')
    expect(docIdOf(elsewhere.workspace, company.root, doc.birth)).not.toBe(doc.id)
  })

  test('a scope that the log does not know takes nothing, nor an epoch that does not exist yet', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const nowhere = company.newDoc(ada, randomId<ScopeId>())
    expect(await company.writes(ada, nowhere)).toBe('unknown-scope')
    expect(await company.writes(ada, company.newDoc(ada), { epoch: 1 })).toBe('unknown-epoch')
  })

  test('a kind version that nobody here knows yet is accepted: the application decides (R3)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    expect(await company.writes(ada, company.newDoc(ada), { kindVersion: 4_000 })).toBe('accept')
  })

  test('parts follow each other; a row that was given up may begin again (R2)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const doc = company.newDoc(ada)
    const first = await company.seals(ada, doc, { part: { index: 0, count: 3, first: null } })
    const second = { part: { index: 1, count: 3, first: first.id } }
    expect(await company.writes(ada, doc, { ...second, seq: 0, prev: null })).toBe('part-order')
    expect(company.puts(first)).toBe('accept')
    expect(await company.writes(ada, doc, { part: { index: 2, count: 3, first: first.id } })).toBe('part-order')
    expect(await company.writes(ada, doc, { part: { index: 1, count: 4, first: first.id } })).toBe('part-order')
    expect(await company.writes(ada, doc, { part: { index: 1, count: 3, first: toHash('00'.repeat(32)) } })).toBe(
      'part-order',
    )
    expect(await company.writes(ada, doc, second)).toBe('accept')
    const again = await company.seals(ada, doc, { part: { index: 0, count: 2, first: null } })
    expect(company.puts(again)).toBe('accept')
    expect(await company.writes(ada, doc, { part: { index: 2, count: 3, first: first.id } })).toBe('part-order')
    expect(await company.writes(ada, doc, { part: { index: 1, count: 2, first: again.id } })).toBe('accept')
  })

  test('the verdict depends on order and log alone: asked again later, it is the same (R0)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const doc = company.newDoc(bo)
    const record = await company.seals(bo, doc)
    // What had been accepted before it, as a fresh device finds it when it comes to this place.
    const context = {
      ...company.context(company.root),
      isAccepted: () => false,
      chainEnd: () => null,
      birthOf: () => null,
    }
    const before = judgeSealed(record, context)
    expect(before.verdict).toBe('accept')
    company.puts(record)
    await company.does(company.founder.signer, { type: 'removeMember', person: bo.person })
    expect(judgeSealed(record, { ...context, state: company.state })).toEqual(before)
  })

  test('well-known documents have one id on every device, companions one per shard', async () => {
    const company = await foundCompany('Ada')
    const { id } = company.founder.keys
    const shard = company.newDoc(company.founder)
    expect(indexDocId(company.workspace, company.root, id)).toBe(
      docIdOf(company.workspace, company.root, indexBirth(id)),
    )
    const companion = companionBirth('prose.root', shard.id, shard.birth)
    expect(companion).toEqual(companionBirth('prose.root', shard.id, shard.birth))
    expect(companion.creator).toBe(shard.birth.creator)
  })
})

/** A document's accepted changes, kept as a device would. */
function openedDoc(): OpenedContext & { take: (changes: readonly ChangeFacts[]) => void } {
  const changes = new Map<Hash, { maxOp: number }>()
  const tips = new Map<string, { seq: number; maxOp: number }>()
  let maxOp = 0
  return {
    accepted: (hash) => changes.get(hash) ?? null,
    lastOf: (actor) => tips.get(actor) ?? null,
    maxOp: () => maxOp,
    take: (taken) => {
      for (const change of taken) {
        changes.set(change.hash, change)
        tips.set(change.actor, change)
        maxOp = Math.max(maxOp, change.maxOp)
      }
    },
  }
}

const facts = async (...changes: CraftedChange[]): Promise<ChangeFacts[]> => {
  const reading = await readChanges(changes.map(craftChange))
  if (!reading.ok) throw new Error(reading.reason)
  return reading.changes
}

describe('what only devices judge', () => {
  const ada = randomId<DeviceId>()
  const actor = actorOf(ada, randomBytes(8))
  const first: CraftedChange = { actor, seq: 1, startOp: 1, deps: [], operations: 2 }

  test('changes of the device’s own actors count, of anybody else’s never (R3)', async () => {
    const doc = openedDoc()
    const forged = await facts(first, { ...first, actor: actorOf(randomId<DeviceId>(), randomBytes(8)) })
    expect(judgeOpened(ada, forged, doc)).toEqual({ verdict: 'refuse', reason: 'wrong-actor' })
    const short = await facts({ ...first, actor: ada })
    expect(judgeOpened(ada, short, doc)).toEqual({ verdict: 'refuse', reason: 'wrong-actor' })
    expect(judgeOpened(ada, await facts(first), doc)).toMatchObject({ verdict: 'accept' })
  })

  test('a record waits for changes that have not been accepted, and is taken when they have (R6)', async () => {
    const doc = openedDoc()
    const bo = randomId<DeviceId>()
    const bos = await facts({ ...first, actor: actorOf(bo, randomBytes(8)), operations: 5 })
    const adas = await facts({ ...first, deps: [bos[0]!.hash], startOp: 6 })
    expect(judgeOpened(ada, adas, doc)).toEqual({ verdict: 'hold', missing: [bos[0]!.hash] })
    doc.take(bos)
    expect(judgeOpened(ada, adas, doc)).toEqual({ verdict: 'accept', fresh: adas })
  })

  test('changes may depend on earlier ones of the same record, not on later ones (R6)', async () => {
    const doc = openedDoc()
    const [a] = await facts(first)
    const [b] = await facts({ ...first, seq: 2, startOp: 3, deps: [a!.hash] })
    expect(judgeOpened(ada, [a!, b!], doc)).toEqual({ verdict: 'accept', fresh: [a, b] })
    expect(judgeOpened(ada, [b!, a!], doc)).toEqual({ verdict: 'hold', missing: [a!.hash] })
  })

  test('changes sent twice, in one record or in two, are taken once (R4, R13)', async () => {
    const doc = openedDoc()
    const [a] = await facts(first)
    expect(judgeOpened(ada, [a!, a!], doc)).toEqual({ verdict: 'accept', fresh: [a] })
    doc.take([a!])
    expect(judgeOpened(ada, [a!], doc)).toEqual({ verdict: 'accept', fresh: [] })
  })

  test('a second change for a place in an actor’s row, or one that skips a place, is refused (R3)', async () => {
    const doc = openedDoc()
    doc.take(await facts(first))
    const fork = await facts({ ...first, operations: 3, startOp: 3 })
    expect(judgeOpened(ada, fork, doc)).toEqual({ verdict: 'refuse', reason: 'actor-fork' })
    const gap = await facts({ ...first, seq: 3, startOp: 3 })
    expect(judgeOpened(ada, gap, doc)).toEqual({ verdict: 'refuse', reason: 'actor-gap' })
  })

  test('operations are numbered as an editor would: nobody jumps ahead of the document or falls behind (R6)', async () => {
    const doc = openedDoc()
    doc.take(await facts(first))
    const jump = await facts({ ...first, seq: 2, startOp: 2 ** 40 })
    expect(judgeOpened(ada, jump, doc)).toEqual({ verdict: 'refuse', reason: 'wrong-counter' })
    const behind = await facts({ ...first, seq: 2, startOp: 2 })
    expect(judgeOpened(ada, behind, doc)).toEqual({ verdict: 'refuse', reason: 'wrong-counter' })
    const next = { ...first, seq: 2, startOp: 3 }
    expect(judgeOpened(ada, await facts(next), doc)).toMatchObject({ verdict: 'accept' })
    const bos = await facts({ ...first, actor: actorOf(randomId<DeviceId>(), randomBytes(8)), operations: 5 })
    doc.take(bos)
    const behindHis = await facts({ ...next, deps: [bos[0]!.hash] })
    expect(judgeOpened(ada, behindHis, doc)).toEqual({ verdict: 'refuse', reason: 'wrong-counter' })
  })
})
