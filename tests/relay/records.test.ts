import { expect, test } from 'vitest'
import type { ScopeId } from '#lib/kernel/ids.ts'
import { toInstant } from '#lib/kernel/instants.ts'
import { bytesToHash, copyOf, randomBytes, randomId, type Hash } from '#lib/sync/bytes.ts'
import { commitmentOf, createScopeKey } from '#lib/sync/keys.ts'
import { orderNext, orderStart, verifyHead } from '#lib/sync/order.ts'
import { ownRecordId } from '#lib/sync/protocol.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import { createColleague, DAY, NOW, type Doc } from '#tests/support/sync-company.ts'
import { greet, openOffice, type Office, type Wire } from '#tests/support/wire.ts'

/** So many records in a row of the founder's, sealed and taken into the company's own books. */
async function founderWrites({ company }: Office, count: number, doc: Doc = company.newDoc(company.founder)) {
  const records = []
  for (let i = 0; i < count; i++) {
    const record = await company.seals(company.founder, doc)
    expect(company.puts(record)).toBe('accept')
    records.push(record)
  }
  return records
}

test('the author gets the id as a receipt, another reader the very bytes, both under one signed head (R5, A8)', async () => {
  const office = await openOffice()
  const { company, founder, relay } = office
  const { wire: bo } = await office.hires('Bo')
  for (const wire of [founder, bo]) wire.send({ type: 'sub', scope: company.root, after: 0 })
  await bo.settled()
  const [record] = await founderWrites(office, 1)
  founder.send({ type: 'put', records: [record!.bytes] })
  const receipt = await founder.next('records')
  expect(receipt.list.map((item) => ownRecordId(item) && bytesToHash(item))).toEqual([record!.id])
  const delivered = await bo.next('records')
  expect(delivered.list).toEqual([record!.bytes])
  expect(delivered).toMatchObject({ scope: company.root, from: 1 })
  expect(delivered.head).toEqual(receipt.head)
  expect(delivered.head.hash).toBe(orderNext(orderStart(company.root), record!))
  const { challenge } = await greet(relay.address, company.workspace, company.founder.keys)
  expect(await verifyHead(company.workspace, company.root, delivered.head, challenge.relayKey, webVerify)).toBe(true)
})

test('two writers at once get one order, the same for every reader (R0)', async () => {
  const office = await openOffice()
  const { company, founder } = office
  const bo = await office.hires('Bo')
  const cy = await office.hires('Cy')
  for (const wire of [founder, bo.wire, cy.wire]) {
    wire.send({ type: 'sub', scope: company.root, after: 0 })
    await wire.settled()
  }
  const docs = [company.newDoc(company.founder), company.newDoc(bo.who)] as const
  for (let i = 0; i < 20; i++) {
    const [hers, his] = [await company.seals(company.founder, docs[0]), await company.seals(bo.who, docs[1])]
    company.puts(hers)
    company.puts(his)
    founder.send({ type: 'put', records: [hers.bytes] })
    bo.wire.send({ type: 'put', records: [his.bytes] })
  }
  const orders = await Promise.all([founder.ids(40), bo.wire.ids(40), cy.wire.ids(40)])
  expect(new Set(orders[0]).size).toBe(40)
  expect(orders[1]).toEqual(orders[0])
  expect(orders[2]).toEqual(orders[0])
})

test('a reader that was away gets what it missed after its cursor, in order, then what is new', async () => {
  const office = await openOffice()
  const { company, founder } = office
  const { who, wire } = await office.hires('Bo')
  await wire.end()
  const records = await founderWrites(office, 300)
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  founder.send({ type: 'put', records: records.slice(0, 299).map(({ bytes }) => bytes) })
  await founder.ids(299)
  const back = await office.connect(who)
  back.send({ type: 'sub', scope: company.root, after: 100 })
  expect(await back.ids(199)).toEqual(records.slice(100, 299).map(({ id }) => id))
  founder.send({ type: 'put', records: [records[299]!.bytes] })
  expect(await back.ids(1)).toEqual([records[299]!.id])
})

test('a device that has lost its own records gets them back whole (R11)', async () => {
  const office = await openOffice()
  const { company, founder } = office
  const records = await founderWrites(office, 3)
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  founder.send({ type: 'put', records: records.map(({ bytes }) => bytes) })
  await founder.ids(3)
  const restored = await office.connect(company.founder)
  restored.send({ type: 'sub', scope: company.root, after: 0 })
  expect((await restored.next('records')).list).toEqual(records.map(({ bytes }) => bytes))
})

test('the same record put again is answered with its receipt and stored once (R1)', async () => {
  const office = await openOffice()
  const { company, founder } = office
  const [record] = await founderWrites(office, 1)
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  await founder.settled()
  founder.send({ type: 'put', records: [record!.bytes, record!.bytes] })
  founder.send({ type: 'put', records: [record!.bytes] })
  await founder.ids(1)
  const reader = await office.connect(company.founder)
  reader.send({ type: 'sub', scope: company.root, after: 0 })
  expect((await reader.next('records')).list).toHaveLength(1)
  await founder.settled()
  expect(founder.received.filter(({ type }) => type === 'nack')).toEqual([])
})

test('what the shared rules refuse is answered once with their reason, and what follows is taken (R1, R6, R7)', async () => {
  const office = await openOffice()
  const { company, founder } = office
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  await founder.settled()
  const doc = company.newDoc(company.founder)
  const [first] = await founderWrites(office, 1, doc)
  const gap = await company.seals(company.founder, doc, { seq: 5 })
  const damaged = copyOf(first!.bytes)
  damaged[damaged.length - 1]! ^= 1
  const bornNowhere = await company.seals(company.founder, company.newDoc(company.founder), { birth: null })
  const stranger = await createColleague('Eve')
  const strange = await company.seals(stranger, company.newDoc(stranger))
  const refusals: [Uint8Array, Hash, string][] = [
    [damaged, first!.id, 'bad-signature'],
    [bornNowhere.bytes, bornNowhere.id, 'unknown-document'],
    [strange.bytes, strange.id, 'unknown-device'],
  ]
  for (const [bytes, id, reason] of refusals) {
    founder.send({ type: 'put', records: [copyOf(bytes)] })
    expect(await founder.next('nack')).toEqual({ type: 'nack', id, reason })
  }
  founder.send({ type: 'put', records: [first!.bytes, gap.bytes] })
  const answers = await Promise.all([founder.ids(1)])
  expect(answers[0]).toEqual([first!.id])
  expect(founder.received.filter(({ type }) => type === 'nack')).toContainEqual({
    type: 'nack',
    id: gap.id,
    reason: 'seq-gap',
  })
})

test('a record brought by somebody else is judged by its author, not by who brings it (R12)', async () => {
  const office = await openOffice()
  const { company } = office
  const { wire } = await office.hires('Bo')
  wire.send({ type: 'sub', scope: company.root, after: 0 })
  const [record] = await founderWrites(office, 1)
  wire.send({ type: 'put', records: [record!.bytes] })
  // Whole: who brings it need not have it any more when it is told.
  expect((await wire.next('records')).list).toEqual([record!.bytes])
})

test('presence reaches who listens to the scope, not its author, and is gone afterwards (R9)', async () => {
  const office = await openOffice()
  const { company, founder } = office
  const { who, wire } = await office.hires('Bo')
  for (const each of [founder, wire]) {
    each.send({ type: 'sub', scope: company.root, after: 0 })
    await each.settled()
  }
  founder.send({ type: 'talk', scope: company.root, bytes: Uint8Array.of(1, 2, 3) })
  expect(await wire.next('talk')).toMatchObject({ device: company.founder.keys.id, bytes: Uint8Array.of(1, 2, 3) })
  await founder.settled()
  expect(founder.received.some(({ type }) => type === 'talk')).toBe(false)
  const later = await office.connect(who)
  later.send({ type: 'sub', scope: company.root, after: 0 })
  await later.settled()
  expect(later.received.some(({ type }) => type === 'talk')).toBe(false)
})

test('what a device says as it goes reaches the others, although its connection ends with it (R9)', async () => {
  const { company, founder, connect } = await openOffice()
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  await founder.settled()
  const going = await connect(company.founder)
  going.send({ type: 'talk', scope: company.root, bytes: Uint8Array.of(4) })
  await going.end()
  expect(await founder.next('talk')).toMatchObject({ bytes: Uint8Array.of(4) })
})

test('bytes that are no record, or no wrapped key, end the connection that brings them, and no other (R13)', async () => {
  const { company, founder, connect } = await openOffice()
  for (const broken of [randomBytes(100), new Uint8Array(300_000)])
    for (const message of [
      { type: 'put' as const, records: [broken] },
      { type: 'wrap-put' as const, wraps: [broken] },
    ]) {
      const wire = await connect(company.founder)
      wire.send(message)
      // Nor is what it sends afterwards taken.
      const { bytes } = await company.seals(company.founder, company.newDoc(company.founder))
      wire.send({ type: 'put', records: [bytes] })
      expect(await wire.closed).toBe('bad-frame')
    }
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  await founder.settled()
  expect(founder.received.some(({ type }) => type === 'records')).toBe(false)
})

test('Bo may write until tomorrow: the relay takes nothing of his later, though no record has ended it yet (A5)', async () => {
  const clock = { time: NOW as number }
  const { company, founder, hires, appends } = await openOffice({ now: () => clock.time })
  const { who, wire } = await hires('Bo')
  const { signer } = company.founder
  await appends(founder, signer, { type: 'setRole', person: who.person, rank: 'guest', department: null })
  const subject = { to: 'person', person: who.person } as const
  const expires = toInstant(NOW + DAY)
  await appends(founder, signer, { type: 'grant', subject, scope: company.root, right: 'write', expires })
  wire.send({ type: 'sub', scope: company.root, after: 0 })
  const doc = company.newDoc(who)
  const today = await company.seals(who, doc)
  company.puts(today)
  wire.send({ type: 'put', records: [today.bytes] })
  expect(await wire.ids(1)).toEqual([today.id])
  clock.time = expires
  const tomorrow = await company.seals(who, doc)
  wire.send({ type: 'put', records: [tomorrow.bytes] })
  expect(await wire.next('nack')).toEqual({ type: 'nack', id: tomorrow.id, reason: 'no-right' })
})

test('Bo listens to a private scope until he may no longer read it; then neither a record nor a word of it reaches him, nor ever Cai (A5, A7)', async () => {
  const office = await openOffice()
  const { company, founder } = office
  const [bo, cai] = [await office.hires('Bo'), await office.hires('Cai')]
  const { signer } = company.founder
  const scope = randomId<ScopeId>()
  const key = createScopeKey()
  company.scopeKeys.set(`${scope}.0`, key)
  const commitment = commitmentOf(scope, 0, key)
  await office.appends(founder, signer, { type: 'openScope', scope, parent: null, class: 'private', commitment })
  const subject = { to: 'person', person: bo.who.person } as const
  await office.appends(founder, signer, { type: 'grant', subject, scope, right: 'read', expires: null })
  const grant = { n: company.state.n, index: 0 }
  for (const wire of [founder, bo.wire, cai.wire]) {
    wire.send({ type: 'sub', scope, after: 0 })
    await wire.settled()
  }
  const doc = company.newDoc(company.founder, scope)
  const says = async () => {
    const [record] = await founderWrites(office, 1, doc)
    founder.send({ type: 'put', records: [record!.bytes] })
    founder.send({ type: 'talk', scope, bytes: randomBytes(10) })
    await founder.ids(1)
    await founder.settled()
  }
  const heardBy = async (wire: Wire) => {
    await wire.settled()
    return wire.received.map(({ type }) => type).filter((type) => type === 'records' || type === 'talk')
  }
  await says()
  expect((await heardBy(bo.wire)).sort()).toEqual(['records', 'talk'])
  await office.appends(founder, signer, { type: 'revoke', grant })
  await says()
  expect(await heardBy(bo.wire)).toHaveLength(2)
  expect(await heardBy(cai.wire)).toEqual([])
})
