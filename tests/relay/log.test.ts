import { expect, test } from 'vitest'
import type { AuthorityBody } from '#lib/sync/authority.ts'
import { randomBytes, type Bytes } from '#lib/sync/bytes.ts'
import { draftAuthority } from '#lib/sync/authority-log.ts'
import type { DeviceKeys } from '#lib/sync/keys.ts'
import { verifyHead } from '#lib/sync/order.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import { createColleague, DAY, NOW, type Colleague } from '#tests/support/sync-company.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { greet, knock, openOffice, type Wire } from '#tests/support/wire.ts'
import { toInstant } from '#lib/kernel/instants.ts'
import type { RelayLimits } from '#relay/limits.ts'

const policy = (name: string) => ({ type: 'policy' as const, name, value: true })

test('of two records for one place the relay takes one and names the other as behind the head (A2)', async () => {
  const { company, connect, founder } = await openOffice()
  const second = await connect(company.founder)
  const sign = async (name: string) => {
    const draft = await draftAuthority(company.state, policy(name), NOW, company.headOf, company.founder.signer)
    if (!draft.ok) throw new Error(draft.reason)
    return draft.signed
  }
  founder.send({ type: 'auth-append', signed: await sign('one') })
  await founder.next('auth-ok')
  second.send({ type: 'auth-append', signed: await sign('two') })
  expect(await second.next('auth-no')).toMatchObject({ reason: 'not-the-head', n: 1 })
})

test('every other member hears of a new record, with a head that the relay signed (A8)', async () => {
  const { company, relay, founder, hires, appends } = await openOffice()
  const { wire: bo } = await hires('Bo')
  await appends(founder, company.founder.signer, policy('news'))
  const heard = await bo.next('auth')
  expect(heard.records).toEqual([company.log.at(-1)])
  const { challenge } = await greet(relay.address, company.workspace, company.founder.keys)
  expect(heard.head).not.toBeNull()
  expect(await verifyHead(company.workspace, 'authority', heard.head!, challenge.relayKey, webVerify)).toBe(true)
})

test('an invite works once, and its seed reads nothing but log and wraps, and says nothing to anybody (A9)', async () => {
  const { company, relay, founder } = await openOffice()
  const { keys } = await company.invite(company.founder)
  founder.send({ type: 'auth-append', signed: company.log.at(-1)! })
  await founder.next('auth-ok')
  const { wire } = await greet(relay.address, company.workspace, keys)
  wire.send({ type: 'auth-pull', from: 0 })
  expect((await wire.next('auth')).records).toHaveLength(2)
  wire.send({ type: 'wrap-pull', scope: null })
  expect((await wire.next('wraps')).wraps).toEqual([])
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  await founder.settled()
  const before = wire.received.length
  wire.send({ type: 'snap-pull', scope: company.root })
  wire.send({ type: 'sub', scope: company.root, after: 0 })
  wire.send({ type: 'talk', scope: company.root, bytes: randomBytes(10) })
  await wire.settled()
  expect(wire.received.slice(before).map(({ type }) => type)).toEqual(['pong'])
  await founder.settled()
  expect(founder.received.some(({ type }) => type === 'talk')).toBe(false)
  wire.send({ type: 'put', records: [randomBytes(10)] })
  expect(await wire.closed).toBe('unauthorised')
  const { wire: again } = await greet(relay.address, company.workspace, keys)
  again.send({ type: 'wrap-put', wraps: [randomBytes(10)] })
  expect(await again.closed).toBe('unauthorised')
})

test('an invite past its claimed expiry lets nobody in, though no record has ended it yet (A5, A9)', async () => {
  let time = NOW as number
  const { company, relay, founder } = await openOffice({ now: () => time })
  const { keys } = await company.invite(company.founder)
  founder.send({ type: 'auth-append', signed: company.log.at(-1)! })
  await founder.next('auth-ok')
  time = toInstant(NOW + DAY + 1)
  await expect(greet(relay.address, company.workspace, keys)).rejects.toThrow('removed')
})

/** Bo and Cai are invited, for a day; Bo's seed is connected. `brings` says what the relay answers. */
async function boIsInvited() {
  const clock = { time: NOW as number }
  const { company, relay, founder } = await openOffice({ now: () => clock.time })
  const seeds = []
  for (let person = 0; person < 2; person++) {
    seeds.push((await company.invite(company.founder)).keys)
    founder.send({ type: 'auth-append', signed: company.log.at(-1)! })
    await founder.next('auth-ok')
  }
  const [ofBo, ofCai] = seeds as [DeviceKeys, DeviceKeys]
  const signed = async (body: AuthorityBody, by: Colleague) => {
    const draft = await draftAuthority(company.state, body, NOW, company.headOf, by.signer)
    if (!draft.ok) throw new Error(draft.reason)
    return draft.signed
  }
  const joining = async (name: string, seed: DeviceKeys) => {
    const who = await createColleague(name)
    return signed(await company.joinBody(who, seed), who)
  }
  const brings = async (wire: Wire, record: Bytes) => {
    const before = wire.received.length
    wire.send({ type: 'auth-append', signed: record })
    await wire.settled()
    return wire.received.slice(before).flatMap((message) => {
      if (message.type === 'auth-no') return [message.reason]
      return message.type === 'auth-ok' ? ['ok'] : []
    })
  }
  const { wire: seed } = await greet(relay.address, company.workspace, ofBo)
  return { clock, company, relay, founder, seed, ofBo, ofCai, signed, joining, brings }
}

test('a seed brings nothing into the log but the joining that it was made for, however well it is signed (A9)', async () => {
  const { company, seed, ofBo, ofCai, signed, joining, brings } = await boIsInvited()
  expect(await brings(seed, await signed(policy('news'), company.founder))).toEqual(['no-right'])
  expect(await brings(seed, await joining('Cai', ofCai))).toEqual(['no-right'])
  seed.send({ type: 'auth-append', signed: await joining('Bo', ofBo) })
  await seed.next('auth-ok')
})

test('a seed whose invitation is withdrawn, or used, is told so and hears nothing more of the log, and other seeds stay (A9)', async () => {
  const { company, relay, founder, seed, ofBo, ofCai, joining, brings } = await boIsInvited()
  const { wire: cais } = await greet(relay.address, company.workspace, ofCai)
  const { wire: caisToo } = await greet(relay.address, company.workspace, ofCai)
  await company.does(company.founder.signer, { type: 'expire', what: { invite: ofBo.id } })
  expect(await brings(founder, company.log.at(-1)!)).toEqual(['ok'])
  expect((await seed.next('gone')).reason).toBe('invite-withdrawn')
  expect(await seed.closed).toBe('removed')
  cais.send({ type: 'auth-append', signed: await joining('Cai', ofCai) })
  await cais.next('auth-ok')
  for (const wire of [cais, caisToo]) {
    expect((await wire.next('gone')).reason).toBe('invite-used')
    expect(await wire.closed).toBe('removed')
  }
})

test('a seed whose invitation has run out is ended with the next record of the log (A5, A9)', async () => {
  const { clock, company, founder, seed, signed, brings } = await boIsInvited()
  clock.time = NOW + DAY
  expect(await brings(founder, await signed(policy('news'), company.founder))).toEqual(['ok'])
  expect((await seed.next('gone')).reason).toBe('invite-expired')
  expect(await seed.closed).toBe('removed')
})

test('Bo’s invitation runs out while he types his name: his seed, though connected, lets him in no more, and Ada may still bring his joining (A9, R12)', async () => {
  const { clock, founder, seed, ofBo, joining, brings } = await boIsInvited()
  const join = await joining('Bo', ofBo)
  clock.time = NOW + DAY
  expect(await brings(seed, join)).toEqual(['invite-expired'])
  expect(await brings(founder, join)).toEqual(['ok'])
})

test('whoever is removed is told so and cut off at once, and cannot come back (A7)', async () => {
  const { company, relay, founder, hires, appends } = await openOffice()
  const { who, wire } = await hires('Bo')
  wire.send({ type: 'sub', scope: company.root, after: 0 })
  await wire.settled()
  await appends(founder, company.founder.signer, { type: 'removeMember', person: who.person })
  expect((await wire.next('gone')).reason).toBe('removed')
  expect(await wire.closed).toBe('removed')
  await expect(greet(relay.address, company.workspace, who.keys)).rejects.toThrow('removed')
})

test('who comes back after a removal is shown the log up to the record that says so, and not a record more (A7)', async () => {
  const { company, relay, founder, hires, appends } = await openOffice()
  const { who, wire } = await hires('Bo')
  await appends(founder, company.founder.signer, { type: 'removeMember', person: who.person })
  expect(await wire.closed).toBe('removed')
  const removal = company.state.n
  await appends(founder, company.founder.signer, { type: 'policy', name: 'later', value: true })
  const { wire: again } = await knock(relay.address, company.workspace, who.keys)
  expect(await again.next('auth')).toMatchObject({ records: company.log.slice(0, removal + 1), head: null })
  expect((await again.next('gone')).reason).toBe('removed')
})

test('a record that takes a right away is stale where the right was used since its checkpoint (A4)', async () => {
  const { company, founder, hires } = await openOffice()
  const { who, wire } = await hires('Bo')
  const draft = await draftAuthority(
    company.state,
    { type: 'removeMember', person: who.person },
    NOW,
    company.headOf,
    company.founder.signer,
  )
  if (!draft.ok) throw new Error(draft.reason)
  wire.send({ type: 'sub', scope: company.root, after: 0 })
  const written = await company.seals(who, company.newDoc(who))
  wire.send({ type: 'put', records: [written.bytes] })
  expect(await wire.ids(1)).toEqual([written.id])
  founder.send({ type: 'auth-append', signed: draft.signed })
  expect((await founder.next('auth-no')).reason).toBe('stale')
})

/** Ada is about to remove Bo, who has written behind what she had seen: her record is stale. */
async function overtaken(limits: Partial<RelayLimits> = {}) {
  const office = await openOffice({ limits })
  const { company, founder } = office
  const { who, wire } = await office.hires('Bo')
  const draft = async () => {
    const body = { type: 'removeMember' as const, person: who.person }
    const drafted = await draftAuthority(company.state, body, NOW, company.headOf, company.founder.signer)
    if (!drafted.ok) throw new Error(drafted.reason)
    return drafted.signed
  }
  const doc = company.newDoc(who)
  const writes = async () => {
    const record = await company.seals(who, doc)
    company.puts(record)
    wire.send({ type: 'put', records: [record.bytes] })
    return record
  }
  const early = await draft()
  for (const one of [founder, wire]) one.send({ type: 'sub', scope: company.root, after: 0 })
  await writes()
  await wire.ids(1)
  founder.send({ type: 'auth-append', signed: early })
  const late = await draft()
  expect((await founder.next('auth-no')).reason).toBe('stale')
  return { ...office, bo: wire, writes, late }
}

test('Bo writes without pause and does not outrun his removal: what he sends meanwhile waits, and is then refused (A4)', async () => {
  const { founder, bo, writes, late } = await overtaken()
  const meanwhile = await writes()
  founder.send({ type: 'auth-append', signed: late })
  await founder.next('auth-ok')
  expect((await bo.next('gone')).reason).toBe('removed')
  const arrived = founder.received.flatMap((message) => (message.type === 'records' ? message.list : []))
  expect(arrived).not.toContainEqual(meanwhile.bytes)
})

test('Ada goes away before she has removed Bo, or offers what is no removal: what he wrote is taken (A4)', async () => {
  for (const ends of [
    (founder: Wire) => founder.end(),
    (founder: Wire) => founder.send({ type: 'auth-append', signed: randomBytes(100) }),
  ]) {
    const { founder, bo, writes } = await overtaken()
    const meanwhile = await writes()
    await ends(founder)
    expect(await bo.ids(1)).toEqual([meanwhile.id])
  }
})

test('the relay is stopped while Bo’s writing waits for Ada: it has no place until he offers it again (A4)', async () => {
  const { company, relay, writes } = await overtaken()
  const heard = async () => /_frames_in_total (\d+)$/m.exec(await (await fetch(`${relay.origin}/metrics`)).text())?.[1]
  const before = Number(await heard())
  await writes()
  await expect.poll(heard).toBe(`${before + 1}`)
  await relay.close()
  const again = await startRelay({ dataDir: relay.dataDir })
  const { ready } = await greet(again.address, company.workspace, company.founder.keys)
  expect(ready.scopes).toMatchObject([{ n: 1 }])
})

test('Bo, who leaves, has written behind what he had seen: his own writing goes on meanwhile, and in the end he is gone (A4)', async () => {
  const { company, hires } = await openOffice()
  const { who, wire } = await hires('Bo')
  const leaving = async () => {
    const body = { type: 'removeMember' as const, person: who.person }
    const drafted = await draftAuthority(company.state, body, NOW, company.headOf, who.signer)
    if (!drafted.ok) throw new Error(drafted.reason)
    return drafted.signed
  }
  const early = await leaving()
  wire.send({ type: 'sub', scope: company.root, after: 0 })
  const doc = company.newDoc(who)
  const writes = async () => {
    const record = await company.seals(who, doc)
    company.puts(record)
    wire.send({ type: 'put', records: [record.bytes] })
    return record.id
  }
  await writes()
  // In one go: his record is not on the disk yet when his leaving is judged.
  wire.send({ type: 'auth-append', signed: early })
  expect((await wire.next('auth-no')).reason).toBe('stale')
  const second = await writes()
  expect(await wire.ids(1)).toEqual([second])
  wire.send({ type: 'auth-append', signed: await leaving() })
  expect(await wire.closed).toBe('removed')
})

test('Ada is slow to offer his removal again: Bo’s writing waits only so long (A4)', async () => {
  const { bo, writes } = await overtaken({ hold: 50 })
  const meanwhile = await writes()
  expect(await bo.ids(1)).toEqual([meanwhile.id])
})
