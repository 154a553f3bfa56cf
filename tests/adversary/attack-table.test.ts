/**
 * The README's table of attackers, cell by cell, against a real relay: who tries what, and what comes of it. The pure rules
 * behind it have tests of their own (`members`, `stranger`, `relay`); a relay that lies to whole devices is in `lying-relay`.
 */
import '#tests/support/automerge.ts'
import * as A from '@automerge/automerge/slim'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { DocId, ScopeId } from '#lib/kernel/ids.ts'
import { openDb } from '#lib/store/db.ts'
import { append } from '#lib/sync/authority-log.ts'
import { signAuthority, type AuthorityBody, type Checkpoint, type Rank } from '#lib/sync/authority.ts'
import { encodeChangesBody } from '#lib/sync/bodies.ts'
import { readChange } from '#lib/sync/change-bytes.ts'
import { randomBytes, randomId, toHash, type Bytes, type Hash } from '#lib/sync/bytes.ts'
import {
  commitmentOf,
  contentKey,
  createDeviceKeys,
  createScopeKey,
  sealOldKey,
  signerOf,
  type DeviceKeys,
} from '#lib/sync/keys.ts'
import { signHello, type DeviceMessage } from '#lib/sync/protocol.ts'
import { openRecord, sealRecord, type Part } from '#lib/sync/records.ts'
import { recipientsOf } from '#lib/sync/rights.ts'
import { webVerify, type Signer } from '#lib/sync/signatures.ts'
import { openWrap, parseWrap, wrapScopeKey } from '#lib/sync/wraps.ts'
import { requireToken } from '#relay/setup-token.ts'
import { craftChange } from '#tests/support/craft-change.ts'
import { lyingRelay } from '#tests/support/lying-relay.ts'
import { until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { createColleague, foundCompany, NOW, type Colleague } from '#tests/support/sync-company.ts'
import { addCard, coreOf, expectSame, openWorldAt, titlesIn, type World } from '#tests/support/world.ts'
import { greet, knock, openOffice, Wire, type Office } from '#tests/support/wire.ts'

// ── Who tries, and how ──────────────────────────────────────────────────────────────────────────────────────────────

/** A colleague of this rank, connected. */
async function hires(office: Office, name: string, rank: Rank): Promise<{ who: Colleague; wire: Wire }> {
  const { company, founder, relay } = office
  const who = await createColleague(name)
  const invited = await company.invite(company.founder, rank === 'guest' ? 'guest' : 'member')
  founder.send({ type: 'auth-append', signed: company.log.at(-1)! })
  await founder.next('auth-ok')
  const { wire: seed } = await greet(relay.address, company.workspace, invited.keys)
  await office.appends(seed, who.signer, await company.joinBody(who, invited.keys))
  await seed.end()
  if (rank !== 'guest' && rank !== 'member')
    await office.appends(founder, company.founder.signer, {
      type: 'setRole',
      person: who.person,
      rank,
      department: null,
    })
  return { who, wire: await office.connect(who) }
}

/** What the relay answers to a record of the log that a modified client signed whatever the rules say, and what devices say. */
async function forces(
  { company }: Office,
  wire: Wire,
  signer: Signer,
  body: AuthorityBody,
  checkpoints: Checkpoint[] = [],
): Promise<string> {
  const { n, head } = company.state
  const signed = await signAuthority({ n: n + 1, prev: head, at: NOW, checkpoints, body }, signer)
  const told = wire.received.length
  wire.send({ type: 'auth-append', signed })
  await wire.settled()
  const answer = wire.received.slice(told).find(({ type }) => type === 'auth-ok' || type === 'auth-no')
  const onDevices = await append(company.state, signed, webVerify)
  expect(onDevices.ok).toBe(answer?.type === 'auth-ok')
  return answer?.type === 'auth-no' ? answer.reason : 'ok'
}

/** What the relay answers to a record of data. */
async function puts(wire: Wire, record: { id: string; bytes: Bytes }): Promise<string> {
  const told = wire.received.length
  wire.send({ type: 'put', records: [record.bytes] })
  await wire.settled()
  const nack = wire.received.slice(told).find((message) => message.type === 'nack' && message.id === record.id)
  return nack?.type === 'nack' ? nack.reason : 'accept'
}

/** Everything that one may ask for about a scope; the wire holds afterwards what was told. */
const questions = (scope: ScopeId): DeviceMessage[] => [
  { type: 'sub', scope, after: 0 },
  { type: 'snap-pull', scope },
  { type: 'wrap-pull', scope },
  { type: 'blob-get', scope, hash: toHash('ab'.repeat(32)), offset: 0 },
]
const contentIn = (wire: Wire) =>
  wire.received.filter(
    (message) =>
      message.type === 'records' ||
      message.type === 'talk' ||
      message.type === 'blob' ||
      (message.type === 'snapshots' && message.list.length > 0) ||
      (message.type === 'wraps' && message.wraps.length > 0),
  )

/** A scope that is Ada's alone, with a record in it. */
async function secretOf(office: Office): Promise<ScopeId> {
  const { company, founder } = office
  const scope = randomId<ScopeId>()
  const key = createScopeKey()
  company.scopeKeys.set(`${scope}.0`, key)
  const commitment = commitmentOf(scope, 0, key)
  await office.appends(founder, company.founder.signer, {
    type: 'openScope',
    scope,
    parent: null,
    class: 'private',
    commitment,
  })
  const record = await company.seals(company.founder, company.newDoc(company.founder, scope))
  expect(await puts(founder, record)).toBe('accept')
  return scope
}

/** Ada goes on working whatever the others did. */
async function adaWorks({ company, founder }: Office): Promise<void> {
  const record = await company.seals(company.founder, company.newDoc(company.founder))
  expect(await puts(founder, record)).toBe('accept')
  expect(company.puts(record)).toBe('accept')
}

const climbing = (who: Colleague, office: Office): AuthorityBody[] => [
  { type: 'setRole', person: who.person, rank: 'owner', department: null },
  { type: 'removeMember', person: office.company.founder.person },
  { type: 'policy', name: 'lock', value: true },
  { type: 'relay', relayKey: randomBytes(32), url: null },
]

/** A whole device as a modified client has it: its keys, and the key of the scope. */
async function modified(device: TestDevice, world: World, doc: DocId) {
  const { engine, row, documents } = coreOf(device, world.workspace)
  const { scope } = documents.rows.get(doc)!
  const epoch = engine.keyring.newest(engine.state, scope)
  const key = engine.keyring.scopeKey(engine.state, scope, epoch)!
  const chain = documents.rows.get(doc)!.chains[row.keys.id]
  return { keys: row.keys as DeviceKeys, scope, epoch, key, chain }
}

const hashOf = async (change: Bytes): Promise<Hash> => {
  const reading = await readChange(change)
  if (!reading.ok) throw new Error(reading.reason)
  return reading.change.hash
}

// ── The table ───────────────────────────────────────────────────────────────────────────────────────────────────────

const rows: string[] = []
const attacker = (name: string, cells: () => void): void => {
  rows.push(name)
  describe(name, cells)
}

attacker('stranger, network', () => {
  test('reads nothing: no question is answered, and a handshake that was overheard opens nothing', async () => {
    const office = await openOffice()
    const { relay, company } = office
    await adaWorks(office)
    const eve = await createDeviceKeys()
    for (const question of [...questions(company.root), { type: 'auth-pull', from: 0 } as const]) {
      const { wire } = await knock(relay.address, company.workspace, eve)
      wire.send(question)
      expect(await wire.closed).toBe('unauthorised')
      expect(wire.received.map(({ type }) => type)).toEqual(['challenge'])
    }
    const heard = new Wire(relay.address)
    const { signer, keys } = company.founder
    const hello = await signHello(await heard.next('challenge'), company.workspace, keys.public.sign, null, signer)
    const replay = new Wire(relay.address)
    await replay.next('challenge')
    replay.send(hello)
    expect(await replay.closed).toBe('bad-hello')
  })

  test('forges nothing: neither as itself nor in Ada’s name', async () => {
    const office = await openOffice()
    const { relay, company } = office
    const eve = await createColleague('Eve')
    const doc = company.newDoc(company.founder)
    const { wire } = await knock(relay.address, company.workspace, eve.keys)
    wire.send({ type: 'put', records: [(await company.seals(eve, doc)).bytes] })
    expect(await wire.closed).toBe('unauthorised')
    const asAda = new Wire(relay.address)
    const challenge = await asAda.next('challenge')
    asAda.send(
      await signHello(challenge, company.workspace, company.founder.keys.public.sign, null, {
        device: company.founder.keys.id,
        sign: eve.signer.sign,
      }),
    )
    expect(await asAda.closed).toBe('bad-hello')
    await adaWorks(office)
  })

  test('harms nobody: no workspace without the token, few sockets, no idling, and Ada works on', async () => {
    const token = 'a token that was printed'
    const relay = await startRelay({
      setup: requireToken(token),
      limits: { socketsPerAddress: 4, handshake: 1_000 },
    })
    const company = await foundCompany()
    const { wire: ada } = await greet(relay.address, company.workspace, company.founder.keys, token)
    ada.send({ type: 'auth-append', signed: company.log[0]! })
    await ada.next('auth-ok')
    const other = await foundCompany('Eve')
    await expect(greet(relay.address, other.workspace, other.founder.keys, 'guessed')).rejects.toThrow(
      'workspace-unknown-needs-token',
    )
    const idle = [1, 2, 3, 4, 5, 6].map(() => new Wire(relay.address))
    expect(new Set(await Promise.all(idle.map(({ closed }) => closed)))).toEqual(new Set(['rate-limited', 'bad-hello']))
    await ada.settled()
  })
})

attacker('viewer with a modified client', () => {
  test('reads its own scopes, and of another’s private one neither record nor key', async () => {
    const office = await openOffice()
    const secret = await secretOf(office)
    const { wire } = await hires(office, 'Gil', 'guest')
    for (const question of questions(secret)) wire.send(question)
    await wire.settled()
    expect(contentIn(wire)).toEqual([])
    await adaWorks(office)
    wire.send({ type: 'sub', scope: office.company.root, after: 0 })
    expect(await wire.ids(1)).toHaveLength(1)
  })

  test('writes nothing and becomes nothing more, at the relay as on every device', async () => {
    const office = await openOffice()
    const { company } = office
    const { who, wire } = await hires(office, 'Gil', 'guest')
    for (const lane of ['main', 'talk'] as const) {
      const record = await company.seals(who, company.newDoc(who, company.root, lane))
      expect([await puts(wire, record), company.puts(record)]).toEqual(['no-right', 'no-right'])
    }
    for (const body of climbing(who, office)) expect(await forces(office, wire, who.signer, body)).not.toBe('ok')
  })

  test('forges no decision', async () => {
    const office = await openOffice()
    const { company } = office
    const { who, wire } = await hires(office, 'Gil', 'guest')
    const record = await company.seals(who, company.newDoc(who, company.root, 'decision'), { kind: 'decision' })
    expect([await puts(wire, record), company.puts(record)]).toEqual(['no-right', 'no-right'])
  })

  test('harms little: what it puts or says without measure is cut off, and Ada works on', async () => {
    const office = await openOffice({ limits: { burst: 50, recordsPerSecond: 1 } })
    const { company } = office
    const { who, wire } = await hires(office, 'Gil', 'guest')
    office.founder.send({ type: 'sub', scope: company.root, after: 0 })
    await office.founder.settled()
    for (let n = 0; n < 500; n++) wire.send({ type: 'talk', scope: company.root, bytes: randomBytes(100) })
    await wire.settled()
    await office.founder.settled()
    const heard = office.founder.received.filter(({ type }) => type === 'talk').length
    expect(heard).toBeGreaterThan(0)
    expect(heard).toBeLessThan(300)
    const { bytes } = await company.seals(who, company.newDoc(who))
    wire.send({ type: 'put', records: Array.from({ length: 60 }, () => bytes) })
    expect(await wire.closed).toBe('rate-limited')
    await adaWorks(office)
  })
})

attacker('editor with a modified client', () => {
  test('reads its own scopes, and of another’s private one neither record nor key', async () => {
    const office = await openOffice()
    const secret = await secretOf(office)
    const { wire } = await hires(office, 'Bo', 'member')
    for (const question of questions(secret)) wire.send(question)
    await wire.settled()
    expect(contentIn(wire)).toEqual([])
  })

  test('writes as itself only: nothing in Ada’s name, nothing into her chain, no rank', async () => {
    const office = await openOffice()
    const { company } = office
    const { who, wire } = await hires(office, 'Bo', 'member')
    const doc = company.newDoc(company.founder)
    const hers = await company.seals(company.founder, doc)
    expect([await puts(office.founder, hers), company.puts(hers)]).toEqual(['accept', 'accept'])
    const asAda = { ...company.founder, signer: { device: company.founder.keys.id, sign: who.signer.sign } }
    expect(await puts(wire, await company.seals(asAda, doc))).toBe('bad-signature')
    const intoHers = await company.seals(who, doc, { seq: 1, prev: hers.id })
    expect([await puts(wire, intoHers), company.puts(intoHers)]).toEqual(['seq-gap', 'seq-gap'])
    for (const body of climbing(who, office)) expect(await forces(office, wire, who.signer, body)).not.toBe('ok')
    const own = await company.seals(who, doc)
    expect([await puts(wire, own), own.header.device]).toEqual(['accept', who.keys.id])
  })

  test('forges no decision, nor passes one off as something else', async () => {
    const office = await openOffice()
    const { company } = office
    const { who, wire } = await hires(office, 'Bo', 'member')
    const request = company.newDoc(who, company.root, 'decision')
    for (const record of [
      await company.seals(who, request, { kind: 'decision' }),
      await company.seals(who, request),
      await company.seals(who, company.newDoc(who), { kind: 'decision' }),
      await company.seals(who, request, { birth: { ...request.birth, lane: 'main' } }),
    ]) {
      const refused = await puts(wire, record)
      expect(['no-right', 'wrong-lane', 'wrong-binding']).toContain(refused)
      expect(company.puts(record)).toBe(refused)
    }
  })

  test('may vandalise what it may write, and Ann brings it back', async () => {
    const relay = await startRelay()
    const world = await openWorldAt(relay.port, ['Bo'])
    const { workspace, board } = world
    const [ann, bo] = world.devices as [TestDevice, TestDevice]
    for (const title of ['Ask three suppliers', 'Book the hall']) await addCard(world, ann, title)
    await expectSame(world)
    const before = (await ann.call('timeline', { workspace, work: board })).steps.at(-1)!.id
    const docs = Object.values(await bo.docs(workspace, board)) as { cards?: Record<string, unknown> }[]
    const cards = docs.flatMap((doc) => Object.keys(doc.cards ?? {}))
    const calls = cards.flatMap((card) => [
      { mutation: 'retitleCard', args: { card, title: 'nothing' } },
      { mutation: 'archiveCard', args: { card } },
    ])
    await bo.call('commit', { workspace, work: board, tab: bo.tab, calls })
    await until(async () => expect(new Set(await titlesIn(world, ann))).toEqual(new Set(['nothing'])))
    await ann.call('restoreMoment', { workspace, work: board, tab: ann.tab, at: { step: before } })
    await until(async () =>
      expect(await titlesIn(world, bo)).toEqual(expect.arrayContaining(['Ask three suppliers', 'Book the hall'])),
    )
    await expectSame(world)
  })

  test('sends what would swell, is another’s, or is nothing that can be read: no device applies it, each sets it aside for its reason, and work goes on (R2, R3, R6)', async () => {
    const relay = await startRelay()
    const world = await openWorldAt(relay.port, ['Bo'])
    const [ann, bo] = world.devices as [TestDevice, TestDevice]
    await expectSame(world)
    const { board, workspace } = world
    const content = coreOf(ann, workspace).documents.content(board)!
    const heads = A.getHeads(content)
    const { keys, scope, epoch, key, chain } = await modified(bo, world, board)
    let seq = chain ? chain.seq + 1 : 0
    let prev: Hash | null = chain ? toHash(chain.id) : null
    const { wire } = await greet(`ws://127.0.0.1:${relay.port}/sync`, workspace, keys)
    const sends = async (body: Bytes, part: Part | null = null, scopeKey = key): Promise<Hash> => {
      const place = { scope, doc: board, seq, prev, epoch, kindVersion: 0, birth: null, part }
      const sealing = await contentKey(scopeKey, board, epoch, keys.id)
      const record = await sealRecord({ ...place, kind: 'changes' }, body, sealing, signerOf(keys))
      expect(await puts(wire, record)).toBe('accept')
      seq++
      prev = record.id
      return record.id
    }
    const verdicts = async (ids: readonly Hash[]) => {
      const db = await openDb(ann.name)
      const rows = await Promise.all(ids.map((id) => db.getFromIndex('records', 'id', [workspace, id])))
      db.close()
      return rows.map((row) => row && (row.reason ?? row.verdict))
    }
    const actor = (name: string) => keys.id + name.repeat(8)
    const craft = { actor: actor('01'), seq: 1, startOp: 1_000, deps: heads, operations: 1 }
    const others = { ...craft, actor: `${'ab'.repeat(16)}${'01'.repeat(8)}` }
    const cut = await sends(randomBytes(50), { index: 0, count: 2, first: null }, createScopeKey())
    const bad = [
      cut,
      await sends(randomBytes(50), { index: 1, count: 2, first: cut }),
      await sends(encodeChangesBody([craftChange({ ...craft, operations: 5_000_000 })])),
      await sends(encodeChangesBody([craftChange(others)])),
      await sends(encodeChangesBody([randomBytes(500)])),
      await sends(randomBytes(500)),
      await sends(encodeChangesBody([craftChange(craft)])),
      await sends(encodeChangesBody([craftChange({ ...craft, deps: ['cd'.repeat(32)] })])),
    ]
    await until(async () =>
      expect(await verdicts(bad)).toEqual([
        'cannot-decrypt',
        'part-missing',
        'too-many-operations',
        'wrong-actor',
        'malformed-change',
        'bad-body',
        'wrong-counter',
        'waits-for-another',
      ]),
    )
    expect((await ann.state(workspace)).notices.map(({ code }) => code)).toContain('record-set-aside')
    expect(A.getHeads(coreOf(ann, workspace).documents.content(board)!)).toEqual(heads)

    // What waits is judged again from the first one on after every acceptance: of two for one place the earlier counts.
    const next = 1 + Math.max(...A.getChangesMetaSince(content, []).map(({ maxOp }) => maxOp))
    const released = craftChange({ ...craft, actor: actor('02'), startOp: next })
    const second = craftChange({ ...craft, actor: actor('03'), startOp: next + 1, deps: [await hashOf(released)] })
    const first = craftChange({ ...craft, actor: actor('04'), startOp: next + 2, deps: [await hashOf(second)] })
    const fork = craftChange({ ...craft, actor: actor('04'), startOp: next + 1, deps: [await hashOf(released)] })
    const waiting: Hash[] = []
    for (const change of [first, second, fork, released]) waiting.push(await sends(encodeChangesBody([change])))
    await until(async () => expect(await verdicts(waiting)).toEqual(['accepted', 'accepted', 'actor-fork', 'accepted']))

    // Our reader lets through what Automerge does not take.
    const unfit = { ...craft, actor: actor('05'), startOp: next, predecessors: Uint8Array.of(1, 1) }
    const last = await sends(encodeChangesBody([craftChange(unfit)]))
    await until(async () => expect(await verdicts([last])).toEqual(['cannot-apply']))
    await addCard(world, ann, 'after the bomb')
    await until(async () => expect(await titlesIn(world, bo)).toContain('after the bomb'))
  })
})

attacker('removed member, lost device', () => {
  async function removal() {
    const office = await openOffice()
    const { company, founder } = office
    const bo = await hires(office, 'Bo', 'member')
    const cai = await hires(office, 'Cai', 'member')
    const doc = company.newDoc(bo.who)
    const early = await company.seals(bo.who, doc)
    expect([await puts(bo.wire, early), company.puts(early)]).toEqual(['accept', 'accept'])
    const late = await company.seals(bo.who, doc)
    const decision = await company.seals(bo.who, company.newDoc(bo.who, company.root, 'decision'), {
      kind: 'decision',
    })
    await office.appends(founder, company.founder.signer, { type: 'removeMember', person: bo.who.person })
    return { office, company, bo, cai, late, decision }
  }

  test('keeps what it had: the relay shows it its removal and no more, and the next key is not for it', async () => {
    const { office, company, bo } = await removal()
    expect(await bo.wire.closed).toBe('removed')
    const { wire } = await knock(office.relay.address, company.workspace, bo.who.keys)
    for (const question of questions(company.root)) wire.send(question)
    expect(await wire.closed).toBe('removed')
    expect(contentIn(wire)).toEqual([])
    expect(recipientsOf(company.state, company.root).map(({ id }) => id)).not.toContain(bo.who.keys.id)
    const old = company.scopeKeys.get(`${company.root}.0`)!
    const fresh = createScopeKey()
    await office.appends(office.founder, company.founder.signer, {
      type: 'rotate',
      scope: company.root,
      epoch: 1,
      commitment: commitmentOf(company.root, 1, fresh),
      oldKey: await sealOldKey(fresh, old, company.root, 1),
    })
    company.scopeKeys.set(`${company.root}.1`, fresh)
    const record = await company.seals(company.founder, company.newDoc(company.founder))
    const { doc, epoch, device } = record.header
    expect(epoch).toBe(1)
    expect(await openRecord(record, await contentKey(old, doc, epoch, device))).toBeNull()
  })

  test('forges nothing, whoever carries it to the relay: neither a record, nor a right, nor a decision', async () => {
    const { office, company, bo, cai, late, decision } = await removal()
    for (const record of [late, decision]) {
      expect([await puts(cai.wire, record), company.puts(record)]).toEqual(['no-right', 'no-right'])
    }
    for (const body of climbing(bo.who, office))
      expect(await forces(office, cai.wire, bo.who.signer, body)).toBe('removed')
  })

  test('harms nobody: a lost phone is cut off alone, and its owner works on', async () => {
    const office = await openOffice()
    const { company } = office
    const { who, wire } = await hires(office, 'Bo', 'member')
    const phone = await createDeviceKeys()
    await office.appends(wire, who.signer, { type: 'addDevice', person: who.person, device: phone.public, kit: false })
    const { wire: byPhone } = await greet(office.relay.address, company.workspace, phone)
    await office.appends(wire, who.signer, { type: 'removeDevice', device: phone.id })
    expect(await byPhone.closed).toBe('removed')
    expect(await puts(wire, await company.seals(who, company.newDoc(who)))).toBe('accept')
    await adaWorks(office)
  })
})

attacker('relay', () => {
  test('reads sizes, times, ids and the graph of rights, and not a word of what people write', async () => {
    const relay = await startRelay()
    const world = await openWorldAt(relay.port, ['Bo'])
    const [ann] = world.devices as [TestDevice]
    await addCard(world, ann, 'Strategiepapier 董事会决议')
    await expectSame(world)
    const files = readdirSync(relay.dataDir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
    const everything = Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))))
    expect(everything.length).toBeGreaterThan(10_000)
    for (const secret of ['Strategiepapier', '董事会决议', 'Boat', 'First board', 'addCard', 'columns'])
      expect([secret, everything.includes(Buffer.from(secret))]).toEqual([secret, false])
  })

  test('forges nothing: of records with a byte changed Bo shows none, and has the true ones when it stops', async () => {
    const honest = await startRelay()
    const liar = await lyingRelay(honest.port)
    const world = await openWorldAt(liar.port, ['Bo'])
    const [ann, bo] = world.devices as [TestDevice, TestDevice]
    await expectSame(world)
    const boId = coreOf(bo, world.workspace).row.keys.id
    let at = 0
    let changed = 0
    liar.lies.down = (message, device) => {
      if (message.type !== 'records' || device !== boId) return [message]
      const list = message.list.map((bytes) => {
        const copy = bytes.slice()
        // Another byte each time: header, ciphertext, signature.
        if (copy.length > 40) copy[(at += 97) % copy.length]! ^= 1
        changed++
        return copy
      })
      return [{ ...message, list }]
    }
    for (const title of ['one', 'two', 'three']) await addCard(world, ann, title)
    await until(() => expect(changed).toBeGreaterThan(2))
    expect((await titlesIn(world, bo)).filter((title) => ['one', 'two', 'three'].includes(title))).toEqual([])
    liar.lies = {}
    liar.cut()
    await until(
      async () => expect(await titlesIn(world, bo)).toEqual(expect.arrayContaining(['one', 'two', 'three'])),
      20_000,
    )
    await expectSame(world)
  })

  test('can withhold: Bo keeps and edits what he has, and both sides have everything when it stops', async () => {
    const honest = await startRelay()
    const liar = await lyingRelay(honest.port)
    const world = await openWorldAt(liar.port, ['Bo'])
    const [ann, bo] = world.devices as [TestDevice, TestDevice]
    await expectSame(world)
    const before = await titlesIn(world, bo)
    liar.lies.down = (message) => (message.type === 'records' ? [] : [message])
    await addCard(world, ann, 'withheld from Bo')
    await addCard(world, bo, 'withheld from Ann')
    expect(await titlesIn(world, bo)).toEqual(expect.arrayContaining([...before, 'withheld from Ann']))
    // Never "synced" without a receipt (P6).
    expect((await ann.state(world.workspace)).sync.state).not.toBe('synced')
    liar.lies = {}
    liar.cut()
    await expectSame(world)
    expect(await titlesIn(world, ann)).toEqual(expect.arrayContaining(['withheld from Bo', 'withheld from Ann']))
  })
})

attacker('relay and removed member together', () => {
  test('read old epochs: with every record and every wrap in hand, the old key opens nothing new', async () => {
    const office = await openOffice()
    const { company, founder } = office
    const bo = await hires(office, 'Bo', 'member')
    const old = company.scopeKeys.get(`${company.root}.0`)!
    const before = await company.seals(company.founder, company.newDoc(company.founder))
    await office.appends(founder, company.founder.signer, { type: 'removeMember', person: bo.who.person })
    const fresh = createScopeKey()
    const commitment = commitmentOf(company.root, 1, fresh)
    const oldKey = await sealOldKey(fresh, old, company.root, 1)
    await office.appends(founder, company.founder.signer, {
      type: 'rotate',
      scope: company.root,
      epoch: 1,
      commitment,
      oldKey,
    })
    company.scopeKeys.set(`${company.root}.1`, fresh)
    const after = await company.seals(company.founder, company.newDoc(company.founder))
    const opens = async ({ header, ...record }: typeof after) =>
      openRecord({ header, ...record }, await contentKey(old, header.doc, header.epoch, header.device))
    expect(await opens(before)).not.toBeNull()
    expect(await opens(after)).toBeNull()
    const to = { workspace: company.workspace, scope: company.root, epoch: 1, recipient: company.founder.keys.id }
    const wrap = parseWrap(await wrapScopeKey(to, company.founder.keys.public.agree, fresh, company.founder.signer))
    if (!wrap.ok) throw new Error(wrap.reason)
    expect(await openWrap(wrap.value, bo.who.keys, commitment)).toBeNull()
    expect(await openWrap(wrap.value, company.founder.keys, commitment)).toEqual(fresh)
  })

  test('forge nothing: a record from after the removal has no place that devices accept', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const doc = company.newDoc(bo)
    await company.writes(bo, doc)
    const late = await company.seals(bo, doc)
    const decision = await company.seals(bo, company.newDoc(bo, company.root, 'decision'), { kind: 'decision' })
    await company.does(company.founder.signer, { type: 'removeMember', person: bo.person })
    expect([company.puts(late), company.puts(decision)]).toEqual(['no-right', 'no-right'])
  })
})

attacker('malicious admin', () => {
  test('reads what it may read, and nothing that is private', async () => {
    const office = await openOffice()
    const secret = await secretOf(office)
    const { who, wire } = await hires(office, 'Bo', 'admin')
    for (const question of questions(secret)) wire.send(question)
    await wire.settled()
    expect(contentIn(wire)).toEqual([])
    const subject = { to: 'person', person: who.person } as const
    const letIn = { type: 'grant', subject, scope: secret, right: 'read', expires: null } as const
    expect(await forces(office, wire, who.signer, letIn, [office.company.checkpoint(secret)])).toBe('no-right')
  })

  test('stays within its rank, and what it does every member is shown', async () => {
    const office = await openOffice()
    const { company } = office
    const { who, wire } = await hires(office, 'Bo', 'admin')
    const { who: cai, wire: seen } = await hires(office, 'Cai', 'member')
    for (const body of climbing(who, office).filter(({ type }) => type !== 'policy'))
      expect(await forces(office, wire, who.signer, body)).not.toBe('ok')
    const subject = { to: 'person', person: cai.person } as const
    await office.appends(wire, who.signer, {
      type: 'grant',
      subject,
      scope: company.root,
      right: 'approve',
      expires: null,
    })
    expect((await seen.next('auth')).records).toEqual([company.log.at(-1)])
    const decision = await company.seals(cai, company.newDoc(cai, company.root, 'decision'), { kind: 'decision' })
    expect(await puts(seen, decision)).toBe('accept')
  })

  test('can put people out, and an owner puts it out in turn', async () => {
    const office = await openOffice()
    const { company } = office
    const bo = await hires(office, 'Bo', 'admin')
    const cai = await hires(office, 'Cai', 'member')
    await office.appends(bo.wire, bo.who.signer, { type: 'removeMember', person: cai.who.person })
    expect(await cai.wire.closed).toBe('removed')
    await office.appends(office.founder, company.founder.signer, { type: 'removeMember', person: bo.who.person })
    expect(await bo.wire.closed).toBe('removed')
    await adaWorks(office)
  })
})

attacker("host that serves the application's code", () => {
  test('is not defended against, and the README says so and what to do', () => {
    expect(readme).toContain('serve `build/` from an origin of your own')
  })
})

attacker('stolen unlocked device', () => {
  test('reads and writes as its owner until another device of the owner removes it, and then no more', async () => {
    const office = await openOffice()
    const { company } = office
    const { who, wire } = await hires(office, 'Bo', 'member')
    const stolen = await createDeviceKeys()
    await office.appends(wire, who.signer, { type: 'addDevice', person: who.person, device: stolen.public, kit: false })
    const thief = { ...who, keys: stolen, signer: signerOf(stolen) }
    const { wire: byThief } = await greet(office.relay.address, company.workspace, stolen)
    const doc = company.newDoc(who)
    const record = await company.seals(thief, doc)
    expect([await puts(byThief, record), company.puts(record)]).toEqual(['accept', 'accept'])
    await office.appends(wire, who.signer, { type: 'removeDevice', device: stolen.id })
    expect(await byThief.closed).toBe('removed')
    expect(await puts(wire, await company.seals(thief, company.newDoc(thief)))).toBe('no-right')
    await expect(greet(office.relay.address, company.workspace, stolen)).rejects.toThrow('removed')
  })
})

const readme = readFileSync('README.md', 'utf8')

test('the README’s table has these attackers, each with its cells', () => {
  const table = readme.slice(readme.indexOf('| attacker |'), readme.indexOf('Two plain words.'))
  const lines = table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
  expect(lines.map((line) => line.split('|')[1]!.replaceAll('*', '').trim())).toEqual(rows)
})
