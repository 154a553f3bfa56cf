import { expect, test } from 'vitest'
import { signAuthority } from '#lib/sync/authority.ts'
import type { DeviceId, ScopeId } from '#lib/kernel/ids.ts'
import { randomBytes, randomId, toHash, type Bytes } from '#lib/sync/bytes.ts'
import { commitmentOf, createScopeKey, sealOldKey } from '#lib/sync/keys.ts'
import { wrapScopeKey, type WrapAddress } from '#lib/sync/wraps.ts'
import { DAY, NOW } from '#tests/support/sync-company.ts'
import { openSqlite } from '#relay/storage/sqlite.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { greet, openOffice } from '#tests/support/wire.ts'

test('the newest snapshot record of each document is handed out, to readers (R8)', async () => {
  const { company, founder, hires } = await openOffice()
  const { wire } = await hires('Bo')
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  const doc = company.newDoc(company.founder)
  const records = []
  for (const kind of ['changes', 'snapshot', 'snapshot', 'changes'] as const) {
    const record = await company.seals(company.founder, doc, { kind })
    company.puts(record)
    records.push(record)
  }
  founder.send({ type: 'put', records: records.map(({ bytes }) => bytes) })
  await founder.ids(4)
  wire.send({ type: 'snap-pull', scope: company.root })
  expect((await wire.next('snapshots')).list).toEqual([{ doc: doc.id, record: records[2]!.bytes }])
})

test('snapshot records of more than one message are handed out in several, each of them once, before the next answer (R8)', async () => {
  const { company, founder, hires } = await openOffice()
  const { wire } = await hires('Bo')
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  const records = new Map<string, Bytes>()
  for (let n = 0; n < 9; n++) {
    const doc = company.newDoc(company.founder)
    const record = await company.seals(company.founder, doc, { kind: 'snapshot' }, new Uint8Array(250_000) as Bytes)
    company.puts(record)
    founder.send({ type: 'put', records: [record.bytes] })
    await founder.ids(1)
    records.set(doc.id, record.bytes)
  }
  wire.send({ type: 'snap-pull', scope: company.root })
  await wire.settled()
  const listed = wire.received.flatMap((message) => (message.type === 'snapshots' ? message.list : []))
  expect(listed).toHaveLength(9)
  expect(new Map(listed.map(({ doc, record }) => [doc, record]))).toEqual(records)
})

test('wraps of more than one message are handed out in several, each of them once, before the next answer (A6)', async () => {
  const storage = openSqlite(':memory:')
  const { company, founder } = await openOffice({ storage })
  const wraps = Array.from({ length: 5_000 }, (_, epoch) => {
    const bytes = randomBytes(270)
    return { scope: company.root, epoch, recipient: company.founder.keys.id, sender: randomId<DeviceId>(), bytes }
  })
  storage.addWraps(company.workspace, wraps)
  founder.send({ type: 'wrap-pull', scope: null })
  await founder.settled()
  const handed = founder.received.flatMap((message) => (message.type === 'wraps' ? message.wraps : []))
  expect(handed).toEqual(wraps.map(({ bytes }) => bytes))
})

test('a wrapped key reaches its device at once, or when it asks, and one by a stranger to the scope does not (A6)', async () => {
  const { company, founder, hires, connect } = await openOffice()
  const { who, wire } = await hires('Bo')
  const to = { workspace: company.workspace, scope: company.root, epoch: 0, recipient: who.keys.id }
  const wrap = await wrapScopeKey(to, who.keys.public.agree, randomBytes(32), company.founder.signer)
  const forged = await wrapScopeKey(to, who.keys.public.agree, randomBytes(32), {
    device: company.founder.keys.id,
    sign: who.signer.sign,
  })
  founder.send({ type: 'wrap-put', wraps: [forged, wrap] })
  expect((await wire.next('wraps')).wraps).toEqual([wrap])
  const later = await connect(who)
  later.send({ type: 'wrap-pull', scope: company.root })
  expect((await later.next('wraps')).wraps).toEqual([wrap])
  founder.send({ type: 'wrap-pull', scope: null })
  expect((await founder.next('wraps')).wraps).toEqual([])
})

test('a key that Ada’s device wraps anew takes the place of the wrap before; one for an epoch that does not exist is not kept (A6)', async () => {
  const { company, founder, hires } = await openOffice()
  const { who, wire } = await hires('Bo')
  const wraps: Bytes[] = []
  const to = { workspace: company.workspace, scope: company.root, epoch: 0, recipient: who.keys.id }
  for (const epoch of [0, 0, 1]) {
    const wrap = await wrapScopeKey({ ...to, epoch }, who.keys.public.agree, randomBytes(32), company.founder.signer)
    founder.send({ type: 'wrap-put', wraps: [wrap] })
    wraps.push(wrap)
  }
  await founder.settled()
  await wire.settled()
  // Nor does an older one come back because somebody else, here Bo himself, puts it again.
  wire.send({ type: 'wrap-put', wraps: [wraps[0]!] })
  await wire.settled()
  wire.send({ type: 'wrap-pull', scope: null })
  expect((await wire.next('wraps')).wraps).toEqual([wraps[1]])
})

test('a wrap for another workspace, of a scope that its maker may not read, or to nobody that the log knows, is not kept (A6)', async () => {
  const { relay, company, founder, hires, connect, appends } = await openOffice()
  const { who, wire } = await hires('Bo')
  const { keys: seed } = await company.invite(company.founder)
  const scope = randomId<ScopeId>()
  const address = { workspace: company.workspace, scope: company.root, epoch: 0, recipient: company.founder.keys.id }
  const wraps = (to: Partial<WrapAddress>, agree: Bytes = company.founder.keys.public.agree) =>
    wrapScopeKey({ ...address, ...to }, agree, randomBytes(32), who.signer)
  // Bo makes it before Ada's invitation has come to the relay.
  wire.send({ type: 'wrap-put', wraps: [await wraps({ recipient: seed.id }, seed.public.agree)] })
  await wire.settled()
  founder.send({ type: 'auth-append', signed: company.log.at(-1)! })
  await founder.next('auth-ok')
  const commitment = commitmentOf(scope, 0, createScopeKey())
  const { signer } = company.founder
  await appends(founder, signer, { type: 'openScope', scope, parent: null, class: 'private', commitment })
  wire.send({ type: 'wrap-put', wraps: [await wraps({ workspace: randomId() }), await wraps({ scope })] })
  await wire.settled()
  for (const asks of [await connect(company.founder), (await greet(relay.address, company.workspace, seed)).wire]) {
    asks.send({ type: 'wrap-pull', scope: null })
    expect((await asks.next('wraps')).wraps).toEqual([])
  }
})

test('a relay that lost the log gets it back from a member who holds it, whoever signed it, and when the invitations in it have long run out (R12, A2)', async () => {
  const first = await openOffice()
  const { company } = first
  const { who } = await first.hires('Bo')
  await first.relay.close()
  // An empty folder: all that is left is what devices hold.
  const second = await startRelay({ now: () => NOW + 30 * DAY })
  // Bo, whom it does not know until he has brought the record that let him in.
  const { wire } = await greet(second.address, company.workspace, who.keys)
  for (const signed of company.log) {
    wire.send({ type: 'auth-append', signed })
    await wire.next('auth-ok')
  }
  await wire.settled()
  const { ready } = await greet(second.address, company.workspace, who.keys)
  expect(ready.authority).toBe(company.log.length - 1)
})

test('a lost log comes back although it names an order that is gone: to an empty relay, to one that was told that it was restored, and to one that learns it from that (R12, A4)', async () => {
  const first = await openOffice()
  const { company, founder } = first
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  const record = await company.seals(company.founder, company.newDoc(company.founder))
  company.puts(record)
  founder.send({ type: 'put', records: [record.bytes] })
  await founder.ids(1)
  await first.hires('Bo')
  await first.relay.close()
  const other = await company.seals(company.founder, company.newDoc(company.founder))
  const bringAll = async (relayHas: 'nothing' | 'another record', newGeneration: boolean) => {
    const relay = await startRelay({ newGeneration })
    const { wire } = await greet(relay.address, company.workspace, company.founder.keys)
    const [genesis, ...rest] = company.log
    wire.send({ type: 'auth-append', signed: genesis! })
    if (relayHas === 'another record') wire.send({ type: 'put', records: [other.bytes] })
    for (const signed of rest) wire.send({ type: 'auth-append', signed })
    if (relayHas === 'another record' && !newGeneration) {
      // It has learnt that it lost something: everybody is to offer again what they have.
      expect(await wire.closed).toBe('shutting-down')
      const { wire: again, ready } = await greet(relay.address, company.workspace, company.founder.keys)
      for (const signed of company.log.slice(ready.authority + 1)) again.send({ type: 'auth-append', signed })
      await again.settled()
    } else await wire.settled()
    return (await greet(relay.address, company.workspace, company.founder.keys)).ready.authority
  }
  const whole = company.log.length - 1
  expect(await bringAll('nothing', false)).toBe(whole)
  expect(await bringAll('another record', true)).toBe(whole)
  expect(await bringAll('another record', false)).toBe(whole)
})

test('on a restored relay a member names a place far beyond every order: his record is stale, so that later ones still find a place (R12, A4)', async () => {
  const { company, founder, hires } = await openOffice({ newGeneration: true })
  const { who, wire } = await hires('Bo')
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  const record = await company.seals(company.founder, company.newDoc(company.founder))
  founder.send({ type: 'put', records: [record.bytes] })
  await founder.ids(1)
  const key = createScopeKey()
  const { n, head } = company.state
  const signed = await signAuthority(
    {
      n: n + 1,
      prev: head,
      at: NOW,
      checkpoints: [{ scope: company.root, position: 1_000_000, order: toHash('ab'.repeat(32)) }],
      body: {
        type: 'rotate',
        scope: company.root,
        epoch: 1,
        commitment: commitmentOf(company.root, 1, key),
        oldKey: await sealOldKey(key, company.scopeKeys.get(`${company.root}.0`)!, company.root, 1),
      },
    },
    who.signer,
  )
  wire.send({ type: 'auth-append', signed })
  expect((await wire.next('auth-no')).reason).toBe('stale')
  await founder.settled()
})

test('/metrics counts and names nobody', async () => {
  const { relay, company, founder } = await openOffice()
  await founder.settled()
  const text = await (await fetch(`${relay.origin}/metrics`)).text()
  expect(text).toMatch(/^tongzhou_sockets 1$/m)
  expect(text).toMatch(/^tongzhou_handshakes_total 1$/m)
  expect(Number(/^tongzhou_frames_in_total (\d+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(3)
  for (const name of [company.workspace, company.root, company.founder.keys.id, company.founder.person]) {
    expect(text).not.toContain(name)
  }
})
