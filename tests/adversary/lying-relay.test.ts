import '#tests/support/automerge.ts'
import { cpSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import type { WorkspaceId } from '#lib/kernel/ids.ts'
import { copyOf, randomBytes, toHash, utf8, type Bytes } from '#lib/sync/bytes.ts'
import type { Head } from '#lib/sync/order.ts'
import { parseRecord } from '#lib/sync/records.ts'
import { openDb } from '#lib/store/db.ts'
import { lyingRelay } from '#tests/support/lying-relay.ts'
import { deviceOf, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay, temporaryFolder } from '#tests/support/start-relay.ts'
import { foundCompany } from '#tests/support/sync-company.ts'
import { addCard, coreOf, expectSame, expectSettled, openWorldAt, titlesIn, type World } from '#tests/support/world.ts'

/** Ann and Bo on a board, and between them and an honest relay one that lies as soon as it is told how. */
async function annAndBo() {
  const dataDir = temporaryFolder()
  const honest = await startRelay({ dataDir })
  const liar = await lyingRelay(honest.port)
  const world = await openWorldAt(liar.port, ['Bo'])
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  await allSynced(world)
  const idOf = (device: TestDevice) => coreOf(device, world.workspace).row.keys.id
  return { dataDir, honest, liar, world, ann, bo, idOf }
}

/** Ann alone, with an invitation that the relay knows. */
async function annInvites() {
  const honest = await startRelay()
  const liar = await lyingRelay(honest.port)
  const world = await openWorldAt(liar.port, [])
  const [ann] = world.devices as [TestDevice]
  const { link } = await ann.call('createInvite', { workspace: world.workspace, rank: 'member', days: 1 })
  await allSynced(world)
  return { liar, world, ann, link }
}
const syncState = async (device: TestDevice, workspace: WorkspaceId) => (await device.state(workspace)).sync.state
const allSynced = ({ devices, workspace }: World) =>
  until(async () => {
    for (const device of devices) await expectSettled(device, workspace)
  }, 20_000)
const codes = async (device: TestDevice, { workspace }: World) =>
  (await device.state(workspace)).notices.map(({ code }) => code)
const shows = (world: World, device: TestDevice, ...titles: string[]) =>
  until(async () => expect(await titlesIn(world, device)).toEqual(expect.arrayContaining(titles)), 20_000)

/** How much lies in each store of the device. */
async function rowsOn(device: TestDevice): Promise<Record<string, number>> {
  const db = await openDb(device.name)
  const rows: Record<string, number> = {}
  for (const store of db.objectStoreNames) rows[store] = await db.count(store)
  db.close()
  return rows
}
/** The signature comes last. */
function flipped(signed: Bytes): Bytes {
  const forged = copyOf(signed)
  forged[forged.length - 1]! ^= 1
  return forged
}

test('drops a frame in the middle, says others twice and the wrong way round: Bo asks again and misses nothing (R13)', async () => {
  const { liar, world, ann, bo, idOf } = await annAndBo()
  let seen = 0
  let kept: Parameters<NonNullable<typeof liar.lies.down>>[0] | null = null
  liar.lies.down = (message, device) => {
    if (message.type !== 'records' || device !== idOf(bo)) return [message]
    seen++
    if (seen === 2) return []
    if (seen === 4) {
      kept = message
      return []
    }
    const late = kept
    kept = null
    return late ? [message, late, message] : [message, message]
  }
  for (let n = 1; n <= 6; n++) await addCard(world, ann, `card ${n}`)
  await allSynced({ ...world, devices: [ann] })
  liar.lies = {}
  await addCard(world, ann, 'the last one')
  await shows(world, bo, 'card 1', 'card 2', 'card 3', 'card 4', 'card 5', 'card 6', 'the last one')
  await expectSame(world)
})

test('says once more what Ann said before: Bo sees her where she is, and not where she was (R9)', async () => {
  const { liar, world, ann, bo, idOf } = await annAndBo()
  const { workspace, board: work } = world
  await addCard(world, ann, 'Hull')
  await shows(world, bo, 'Hull')
  let old: Parameters<NonNullable<typeof liar.lies.down>>[0] | null = null
  let replayed = 0
  liar.lies.down = (message, device) => {
    if (message.type !== 'talk' || device !== idOf(bo)) return [message]
    old ??= message
    if (old === message) return [message]
    replayed++
    return [message, old]
  }
  const isAt = (field: string) => ann.call('present', { workspace, tab: ann.tab, work, entity: 'hull', field })
  const seen = async () =>
    (await bo.state(workspace)).presence.filter(({ person }) => person !== null).map(({ field }) => field)
  await isAt('title')
  await until(async () => expect(await seen()).toEqual(['title']))
  await isAt('due')
  await until(async () => expect(await seen()).toEqual(['due']))
  // Whatever comes after it has been read after it.
  await addCard(world, ann, 'Mast')
  await shows(world, bo, 'Mast')
  expect(replayed).toBeGreaterThan(0)
  expect(await seen()).toEqual(['due'])
})

test('withholds everything from Bo: he keeps what he had, and gets the rest when it stops', async () => {
  const { liar, world, ann, bo, idOf } = await annAndBo()
  liar.lies.down = (message, device) => (message.type === 'records' && device === idOf(bo) ? [] : [message])
  await addCard(world, ann, 'withheld')
  await allSynced({ ...world, devices: [ann] })
  expect(await titlesIn(world, bo)).not.toContain('withheld')
  liar.lies = {}
  liar.cut()
  await shows(world, bo, 'withheld')
  await expectSame(world)
})

test('refuses a good record of Ann: it becomes a draft that she is told of, the board goes back, and her next edit goes through (R7)', async () => {
  const { liar, world, ann, bo } = await annAndBo()
  let refused = false
  liar.lies.up = (message, _, answer) => {
    if (message.type !== 'put' || refused) return [message]
    refused = true
    const parsed = parseRecord(message.records[0]!)
    if (parsed.ok) answer({ type: 'nack', id: parsed.value.id, reason: 'no-right' })
    return []
  }
  const before = await titlesIn(world, ann)
  const { workspace, board } = world
  const [card] = Object.keys(await cardsOf(world, ann))
  const calls = [{ mutation: 'retitleCard', args: { card, title: 'refused' } }]
  await ann.call('commit', { workspace, work: board, tab: ann.tab, calls })
  await until(async () => expect((await ann.state(workspace)).drafts).toHaveLength(1))
  const [draft] = (await ann.state(workspace)).drafts
  expect(draft).toMatchObject({ reason: 'no-right', work: board })
  expect(draft?.text).toContain('refused')
  await until(async () => expect((await titlesIn(world, ann)).sort()).toEqual(before.sort()))
  await addCard(world, ann, 'afterwards')
  await shows(world, bo, 'afterwards')
  expect(await titlesIn(world, bo)).not.toContain('refused')
  await expectSame(world)
})

test('refuses a record and keeps it all the same: both devices end with one board (R1, R7)', async () => {
  const { liar, world, ann, bo } = await annAndBo()
  let refused = false
  liar.lies.up = (message, _, answer) => {
    if (message.type !== 'put' || refused) return [message]
    refused = true
    for (const bytes of message.records) {
      const parsed = parseRecord(bytes)
      if (parsed.ok) answer({ type: 'nack', id: parsed.value.id, reason: 'no-right' })
    }
    return [message]
  }
  await addCard(world, ann, 'refused and kept')
  await until(async () => expect((await ann.state(world.workspace)).drafts.length).toBeGreaterThan(0))
  liar.lies = {}
  await addCard(world, bo, 'from Bo')
  await shows(world, ann, 'from Bo')
  await expectSame(world)
})

test('says that it has a record which it threw away: the next honest relay gets it from Ann (R12)', async () => {
  const { liar, world, ann, bo } = await annAndBo()
  const places = new Map<string, number>()
  const { orderNext } = await import('#lib/sync/order.ts')
  liar.lies.up = (message, _, answer) => {
    if (message.type !== 'put') return [message]
    for (const bytes of message.records) {
      const parsed = parseRecord(bytes)
      if (!parsed.ok) continue
      const { scope } = parsed.value.header
      const place = coreOf(ann, world.workspace).engine.inbox.place(scope)
      const n = (places.get(scope) ?? place.position) + 1
      places.set(scope, n)
      const hash = orderNext(place.order, parsed.value)
      const head = { n, hash, generation: randomBytes(16), signature: randomBytes(64) }
      answer({ type: 'records', scope, from: n, list: [copyOf(Uint8Array.fromHex(parsed.value.id))], head })
    }
    return []
  }
  const { workspace, board } = world
  const calls = [{ mutation: 'renameBoard', args: { title: 'thrown away' } }]
  await ann.call('commit', { workspace, work: board, tab: ann.tab, calls })
  await until(async () => expect(await syncState(ann, workspace)).toBe('synced'))
  liar.lies = {}
  liar.cut()
  await until(
    async () => expect((await bo.state(workspace)).works.map(({ title }) => title)).toContain('thrown away'),
    20_000,
  )
  await expectSame(world)
})

test('an older copy of its data is put back while an edit of Ann is under way: nothing becomes a draft, nothing is missing (R12)', async () => {
  const { dataDir, honest, liar, world, ann, bo } = await annAndBo()
  const older = temporaryFolder()
  cpSync(dataDir, older, { recursive: true })
  for (const title of ['since the copy', 'and another']) await addCard(world, ann, title)
  await allSynced(world)
  liar.lies.up = (message) => (message.type === 'put' ? [] : [message])
  await addCard(world, ann, 'under way')
  const { documents, engine } = coreOf(ann, world.workspace)
  await until(() => expect([...documents.rows.keys()].flatMap((doc) => engine.outbox.of(doc))).toHaveLength(2))
  await honest.close()
  const restored = await startRelay({ dataDir: older })
  liar.behind = () => restored.port
  liar.lies = {}
  liar.cut()
  await shows(world, bo, 'since the copy', 'and another', 'under way')
  await expectSame(world)
  expect((await ann.state(world.workspace)).drafts).toEqual([])
})

/** Cards were written after the copy was made, and then somebody joined: the joining names an order that the copy never had. */
async function restoredAfterJoining({ boIsAway }: { boIsAway: boolean }) {
  const { dataDir, honest, liar, world, ann, bo } = await annAndBo()
  const older = temporaryFolder()
  cpSync(dataDir, older, { recursive: true })
  if (boIsAway) await bo.call('setWorkOffline', { offline: true })
  else await addCard(world, bo, 'of Bo since the copy')
  await addCard(world, ann, 'of Ann since the copy')
  await allSynced({ ...world, devices: [ann] })
  const { link } = await ann.call('createInvite', { workspace: world.workspace, rank: 'member', days: 1 })
  await allSynced({ ...world, devices: [ann] })
  const di = await deviceOf('Di', liar.port)
  await di.call('join', { link, person: 'Di', locale: 'en' })
  await shows(world, di, 'of Ann since the copy')
  await addCard(world, di, 'of Di since the copy')
  await allSynced({ ...world, devices: [ann, di] })
  const restore = async () => {
    await honest.close()
    const restored = await startRelay({ dataDir: older })
    liar.behind = () => restored.port
    liar.cut()
  }
  const titles = ['of Ann since the copy', 'of Di since the copy']
  return { ann, bo, di, liar, restore, titles, world: { ...world, devices: [ann, bo, di] } }
}

test('an older copy is put back after cards and then a joining: the order that the joining names is offered again (R12)', async () => {
  const { world, ann, restore, titles } = await restoredAfterJoining({ boIsAway: false })
  await restore()
  await addCard(world, ann, 'and on')
  for (const device of world.devices) await shows(world, device, ...titles, 'of Bo since the copy', 'and on')
  await allSynced(world)
  await expectSame(world)
  for (const device of world.devices) expect((await device.state(world.workspace)).drafts).toEqual([])
})

test('the same, and Bo, who was away before the copy was made, comes back first and writes: all have everything all the same (R12)', async () => {
  const { world, ann, bo, di, restore, titles } = await restoredAfterJoining({ boIsAway: true })
  for (const device of [ann, di]) await device.call('setWorkOffline', { offline: true })
  await restore()
  await bo.call('setWorkOffline', { offline: false })
  for (let n = 0; n < 9; n++) await addCard(world, bo, `Bo ${n}`)
  await allSynced({ ...world, devices: [bo] })
  for (const device of [ann, di]) await device.call('setWorkOffline', { offline: false })
  for (const device of world.devices) await shows(world, device, ...titles, 'Bo 8')
  await allSynced(world)
  await expectSame(world)
})

test('the same, and before any record is back Ann makes Bo a guest: what he had written stays, also for Cy, who comes then (R12, A4)', async () => {
  const { ann, bo, di, liar, restore, titles, world } = await restoredAfterJoining({ boIsAway: false })
  const { workspace } = world
  liar.lies.up = (message) => (message.type === 'put' ? [] : [message])
  const { engine } = coreOf(ann, workspace)
  const { log, inbox } = engine
  const [scope] = engine.state.scopes.keys()
  const places: number[] = []
  const newGeneration = inbox.newGeneration.bind(inbox)
  // Whatever she changes while that goes on names no place before those that the relay has lost.
  inbox.newGeneration = async (headOf) => {
    const over = newGeneration(headOf).then(() => true)
    const look = () => places.push(inbox.verified(scope!, engine.state).position)
    const turn = () => new Promise<false>((resolve) => void setImmediate(resolve, false))
    do look()
    while (!(await Promise.race([over, turn()])))
    look()
  }
  const lost = engine.state.scopes.get(scope!)?.checkpoints.items.at(-1)?.position ?? Infinity
  await restore()
  const isBack = () => expect(log.confirmed).toBe(log.length)
  await until(async () => expect(await codes(ann, world)).toContain('relay-restored'))
  await until(isBack)
  expect(Math.min(...places)).toBeGreaterThanOrEqual(lost)
  await ann.call('setRank', { workspace, person: world.bo, rank: 'guest' })
  await until(isBack)
  liar.lies = {}
  liar.cut()
  await addCard(world, ann, 'and on')
  await until(async () => expect(await syncState(ann, workspace)).toBe('synced'), 20_000)
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  await until(async () => expect(await syncState(ann, workspace)).toBe('synced'), 20_000)
  const cy = await deviceOf('Cy', liar.port)
  await cy.call('join', { link, person: 'Cy', locale: 'en' })
  for (const device of [ann, bo, di, cy]) await shows(world, device, ...titles, 'of Bo since the copy', 'and on')
  await expectSame({ ...world, devices: [ann, bo, di, cy] })
})

/** Cards were written after the copy was made, then Bo was removed, and more was written with the new key. */
async function restoredAfterRemoval({ boIsAway = false, deeIsAway = false, before = ['before the removal'] }) {
  const { dataDir, honest, liar, world, ann, bo } = await annAndBo()
  const { workspace } = world
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  const dee = await deviceOf('Dee', liar.port)
  await dee.call('join', { link, person: 'Dee', locale: 'en' })
  await allSynced({ ...world, devices: [ann, bo, dee] })
  const older = temporaryFolder()
  cpSync(dataDir, older, { recursive: true })
  if (boIsAway) await bo.call('setWorkOffline', { offline: true })
  if (deeIsAway) await dee.call('setWorkOffline', { offline: true })
  const there = [ann, ...(deeIsAway ? [] : [dee])]
  for (const title of before) await addCard(world, ann, title)
  await allSynced({ ...world, devices: there })
  const person = (await ann.state(workspace)).people.find(({ name }) => name === 'Bo')
  await ann.call('removeMember', { workspace, person: person!.id })
  await until(() => expect([...coreOf(ann, workspace).engine.state.scopes.values()][0]?.epochs).toHaveLength(2))
  await addCard(world, ann, 'behind the removal')
  await allSynced({ ...world, devices: there })
  for (const device of there) await shows(world, device, 'behind the removal')
  let running = honest
  const putBack = async (dir: string) => {
    await running.close()
    running = await startRelay({ dataDir: dir })
    const { port } = running
    liar.behind = () => port
    liar.cut()
  }
  const restore = () => putBack(older)
  const putNewest = () => putBack(dataDir)
  /** What all have in the end, somebody who joins then among them. */
  const endsWith = async (...titles: string[]) => {
    await addCard(world, ann, 'and on')
    await until(async () => expect(await syncState(ann, workspace)).toBe('synced'), 20_000)
    const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
    await allSynced({ ...world, devices: [ann, dee] })
    const cy = await deviceOf('Cy', liar.port)
    await cy.call('join', { link, person: 'Cy', locale: 'en' })
    for (const device of [ann, dee, cy])
      await shows(world, device, ...before, 'behind the removal', 'and on', ...titles)
    await allSynced({ ...world, devices: [ann, dee, cy] })
    await expectSame({ ...world, devices: [ann, dee, cy] })
    for (const device of [ann, dee, cy]) expect((await device.state(workspace)).drafts).toEqual([])
    await until(async () => expect((await bo.state(workspace)).removed).toBe(true), 20_000)
  }
  return { ann, bo, dee, world, restore, putNewest, endsWith }
}

test('an older copy is put back after a removal and cards behind it: all of it is there again, and Ann writes on (R12, A7)', async () => {
  const { restore, endsWith } = await restoredAfterRemoval({})
  await restore()
  await endsWith()
})

test('the same, and Dee, who was away when Bo was removed, comes back first and writes: all have everything all the same (R12, A7)', async () => {
  const { ann, dee, world, restore, endsWith } = await restoredAfterRemoval({ deeIsAway: true })
  await ann.call('setWorkOffline', { offline: true })
  await restore()
  await dee.call('setWorkOffline', { offline: false })
  await addCard(world, dee, 'of Dee on the copy')
  await allSynced({ ...world, devices: [dee] })
  await ann.call('setWorkOffline', { offline: false })
  await endsWith('of Dee on the copy')
})

test('the same, and Bo, who has not heard that he was removed, comes back first and writes: he is out, and the others have one board (R12, A7)', async () => {
  const { ann, bo, dee, world, restore, endsWith } = await restoredAfterRemoval({ boIsAway: true })
  for (const device of [ann, dee]) await device.call('setWorkOffline', { offline: true })
  await restore()
  await bo.call('setWorkOffline', { offline: false })
  for (let n = 0; n < 3; n++) await addCard(world, bo, `of Bo on the copy ${n}`)
  await allSynced({ ...world, devices: [bo] })
  for (const device of [ann, dee]) await device.call('setWorkOffline', { offline: false })
  await endsWith()
})

test('the same, and Dee, who saw the removal and cannot sign it, comes back before Ann (R12, A4, A7)', async () => {
  const { ann, bo, dee, world, restore, endsWith } = await restoredAfterRemoval({ boIsAway: true })
  await addCard(world, bo, 'of Bo, offline')
  for (const device of [ann, dee]) await device.call('setWorkOffline', { offline: true })
  await restore()
  await bo.call('setWorkOffline', { offline: false })
  await addCard(world, bo, 'of Bo on the copy')
  await allSynced({ ...world, devices: [bo] })
  await dee.call('setWorkOffline', { offline: false })
  await until(async () => expect(['offline', 'connecting']).not.toContain(await syncState(dee, world.workspace)))
  await ann.call('setWorkOffline', { offline: false })
  await endsWith()
})

test('the copy knows the place at which Bo was removed, and he writes behind it before that is back: all are told that nothing is exchanged, until the newest copy is there (R12, A4)', async () => {
  const { ann, bo, dee, world, restore, putNewest, endsWith } = await restoredAfterRemoval({
    boIsAway: true,
    before: [],
  })
  for (const device of [ann, dee]) await device.call('setWorkOffline', { offline: true })
  await restore()
  await bo.call('setWorkOffline', { offline: false })
  await addCard(world, bo, 'of Bo on the copy')
  await allSynced({ ...world, devices: [bo] })
  for (const device of [ann, dee]) await device.call('setWorkOffline', { offline: false })
  for (const device of [ann, dee])
    await until(async () => expect(await syncState(device, world.workspace)).toBe('parted'), 20_000)
  await putNewest()
  await endsWith()
})

/** Bo has linked a phone since the copy was made that is put back; before he returns Ann invites somebody there. */
async function twoLogs({ invitations }: { invitations: number }) {
  const { dataDir, honest, liar, world, ann, bo } = await annAndBo()
  const { workspace } = world
  const older = temporaryFolder()
  cpSync(dataDir, older, { recursive: true })
  await ann.call('setWorkOffline', { offline: true })
  await bo.call('startDeviceLink', { workspace })
  await allSynced({ ...world, devices: [bo] })
  await bo.call('setWorkOffline', { offline: true })
  await honest.close()
  const restored = await startRelay({ dataDir: older })
  liar.behind = () => restored.port
  await ann.call('setWorkOffline', { offline: false })
  for (let days = 1; days <= invitations; days++) await ann.call('createInvite', { workspace, rank: 'member', days })
  await allSynced({ ...world, devices: [ann] })
  await addCard(world, bo, 'of Bo, offline')
  await bo.call('setWorkOffline', { offline: false })
  const putNewest = async () => {
    await restored.close()
    const newest = await startRelay({ dataDir })
    liar.behind = () => newest.port
    liar.cut()
  }
  return { bo, workspace, putNewest }
}

for (const invitations of [1, 2])
  test(`an older copy is put back, and the list of people goes on there by ${invitations} and with Bo by one: he is told that nothing is exchanged, also after a restart (R12)`, async () => {
    const { bo, workspace, putNewest } = await twoLogs({ invitations })
    await until(async () => expect(await syncState(bo, workspace)).toBe('parted'))
    await bo.restart()
    await until(async () => expect(await syncState(bo, workspace)).toBe('parted'))
    await putNewest()
    await until(async () => expect(await syncState(bo, workspace)).toBe('synced'))
  })

test('an older copy is put back that does not know Bo: he is told that nothing is exchanged, until Ann brings back that he joined (R12)', async () => {
  const honestDir = temporaryFolder()
  const honest = await startRelay({ dataDir: honestDir })
  const liar = await lyingRelay(honest.port)
  const world = await openWorldAt(liar.port, [])
  const [ann] = world.devices as [TestDevice]
  const { workspace } = world
  await allSynced(world)
  const older = temporaryFolder()
  cpSync(honestDir, older, { recursive: true })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  const bo = await deviceOf('Bo', liar.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await allSynced({ ...world, devices: [ann, bo] })
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: true })
  await honest.close()
  const restored = await startRelay({ dataDir: older })
  liar.behind = () => restored.port
  await bo.call('setWorkOffline', { offline: false })
  await until(async () => expect(await syncState(bo, workspace)).toBe('parted'))
  await ann.call('setWorkOffline', { offline: false })
  await until(async () => expect(await syncState(bo, workspace)).toBe('synced'), 20_000)
})

test('shows Ann one order and Bo another: both are told, and when one of them is left nothing is missing (A8, R12)', async () => {
  const { dataDir, liar, world, ann, bo, honest } = await annAndBo()
  const copy = temporaryFolder()
  cpSync(dataDir, copy, { recursive: true })
  const other = await startRelay({ dataDir: copy })
  await bo.call('setWorkOffline', { offline: true })
  liar.behind = () => other.port
  await bo.call('setWorkOffline', { offline: false })
  await until(async () => expect(await syncState(bo, world.workspace)).toBe('synced'))
  await addCard(world, bo, 'in the other order')
  await addCard(world, ann, 'in this order')
  await allSynced(world)
  await other.close()
  liar.behind = () => honest.port
  await shows(world, bo, 'in this order', 'in the other order')
  await shows(world, ann, 'in this order', 'in the other order')
  await expectSame(world)
  expect((await codes(bo, world)).some((code) => code === 'relay-equivocates' || code === 'order-contradicted')).toBe(
    true,
  )
})

test('puts a record of its own into the order that it shows Bo: it counts for nothing and Bo is back in the true order (A8)', async () => {
  const { liar, world, ann, bo, idOf } = await annAndBo()
  const company = await foundCompany()
  const stray = await company.seals(company.founder, company.newDoc(company.founder))
  let done = false
  liar.lies.down = (message, device) => {
    if (message.type !== 'records' || device !== idOf(bo) || done) return [message]
    done = true
    return [{ ...message, list: [stray.bytes, ...message.list] }]
  }
  await addCard(world, ann, 'after a stray record')
  await allSynced({ ...world, devices: [ann] })
  liar.lies = {}
  await addCard(world, ann, 'and one more')
  await shows(world, bo, 'after a stray record', 'and one more')
  await expectSame(world)
})

test('forges what comes first and then sends what stands on it as it is: from the true order Bo has all of it (A8, R6)', async () => {
  const { liar, world, ann, bo, idOf } = await annAndBo()
  let forged = 0
  liar.lies.down = (message, device) => {
    if (message.type !== 'records' || device !== idOf(bo)) return [message]
    // He asks again for what is missing, and has both cards in one frame: of the first the signatures are false.
    if (message.list.length < 4) return []
    if (forged > 0) return [message]
    forged = message.list.length
    return [{ ...message, list: message.list.map((record, at) => (at < 2 ? flipped(record) : record)) }]
  }
  for (const title of ['one', 'two']) {
    await addCard(world, ann, title)
    await allSynced({ ...world, devices: [ann] })
  }
  liar.cut()
  await shows(world, bo, 'one', 'two')
  expect(forged).toBeGreaterThan(0)
  await expectSame(world)
})

test('leaves a record out, so that the next one comes twice: back in the true order each counts at its place (A8, R6)', async () => {
  const { liar, world, ann, bo, idOf } = await annAndBo()
  let leftOut = false
  liar.lies.down = (message, device) => {
    if (message.type !== 'records' || device !== idOf(bo) || leftOut || message.list.length < 2) return [message]
    leftOut = true
    return [{ ...message, list: message.list.slice(1) }]
  }
  for (const title of ['one', 'two']) {
    await addCard(world, ann, title)
    await allSynced({ ...world, devices: [ann] })
  }
  await shows(world, bo, 'one', 'two')
  expect(leftOut).toBe(true)
  await expectSame(world)
})

test('keeps the wrapped keys from Bo when he joins: what he writes waits for them and then arrives (A6)', async () => {
  const { liar, world, ann, link } = await annInvites()
  liar.lies.down = (message) => (message.type === 'wraps' ? [{ ...message, wraps: [] }] : [message])
  const bo = await deviceOf('bo', liar.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await until(() => expect(coreOf(bo, world.workspace).engine.connection).toBe('live'))
  liar.lies = {}
  liar.cut()
  await until(
    async () => expect((await ann.state(world.workspace)).people.map(({ name }) => name).sort()).toEqual(['Ann', 'Bo']),
    20_000,
  )
  await allSynced({ ...world, devices: [ann, bo] })
})

test('shows Bo, who is invited, a forged record of the log, one of its own, or none: he is told so, keeps nothing of it, and joins by the same link when it stops (A1, A3, A9)', async () => {
  const { liar, world, ann, link } = await annInvites()
  const bo = await deviceOf('bo', liar.port)
  const eve = await foundCompany('Eve')
  const atFirst = await rowsOn(bo)
  const logs: Record<string, (log: Bytes[]) => Bytes[]> = {
    forged: (log) => log.map((signed, n) => (n === log.length - 1 ? flipped(signed) : signed)),
    'one more': (log) => [...log, eve.log[0]!],
    none: () => [],
  }
  for (const [lie, told] of Object.entries(logs)) {
    liar.lies.down = (message) => {
      if (message.type === 'auth') return [{ ...message, records: told(message.records) }]
      return [message.type === 'ready' && lie === 'none' ? { ...message, authority: -1 } : message]
    }
    await expect(bo.call('checkInvite', { link }), lie).rejects.toMatchObject({ code: 'log-invalid' })
    const joining = bo.call('join', { link, person: 'Bo', locale: 'en' })
    await expect(joining, lie).rejects.toMatchObject({ code: 'log-invalid' })
    expect([lie, await rowsOn(bo)]).toEqual([lie, atFirst])
  }
  liar.lies = {}
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await expectSame({ ...world, devices: [ann, bo] })
})

test('shows another log, a forged record of it, or none: nobody’s rights change, and Bo is told (A1, A3)', async () => {
  const { liar, world, ann, bo, idOf } = await annAndBo()
  const company = await foundCompany('Eve')
  const before = coreOf(bo, world.workspace).engine.state.n
  let told = 0
  liar.lies.down = (message, device) => {
    if (device !== idOf(bo) || message.type !== 'records' || told++ > 0) return [message]
    return [
      { type: 'auth', from: 0, records: company.log, head: null },
      { type: 'auth', from: before + 1, records: [randomBytes(300)], head: null },
      { type: 'auth-ok', n: 10_000, hash: toHash('0'.repeat(64)), head: message.head },
      { type: 'auth-no', reason: 'no-right', n: 0 },
      message,
    ]
  }
  await addCard(world, ann, 'while another log was shown')
  await shows(world, bo, 'while another log was shown')
  await until(async () => expect(await codes(bo, world)).toContain('log-forked'))
  expect(coreOf(bo, world.workspace).engine.state.n).toBe(before)
  await addCard(world, bo, 'still a member')
  await shows(world, ann, 'still a member')
  await expectSame(world)
})

test('hides from Cai that Bo is a guest now, and shows her what he writes as one: it counts until she hears of it, and then for nothing (R0, A8)', async () => {
  const honest = await startRelay()
  const liar = await lyingRelay(honest.port)
  const world = await openWorldAt(liar.port, ['Bo', 'Cai'])
  const { workspace, board } = world
  const [ann, bo, cai] = world.devices as [TestDevice, TestDevice, TestDevice]
  await allSynced(world)
  const idOf = (device: TestDevice) => coreOf(device, workspace).row.keys.id
  const { scope } = coreOf(cai, workspace).documents.rows.get(board)!
  const his: Bytes[] = []
  let head: Head | null = null
  let isHidden = true
  liar.lies = {
    down: (message, device) => {
      if (message.type === 'records' && message.scope === scope) head = message.head
      return message.type === 'auth' && device !== idOf(ann) && isHidden ? [] : [message]
    },
    up: (message, device, answer) => {
      if (message.type === 'put' && device === idOf(bo)) {
        his.push(...message.records)
        return []
      }
      if (device === idOf(cai) && his.length > 0 && head) {
        const { position } = coreOf(cai, workspace).engine.inbox.place(scope)
        answer({ type: 'records', scope, from: position + 1, list: his.splice(0), head })
      }
      return [message]
    },
  }
  await addCard(world, ann, 'the last of which Cai is told')
  await allSynced(world)
  await ann.call('setRank', { workspace, person: (await bo.state(workspace)).me, rank: 'guest' })
  await allSynced({ ...world, devices: [ann] })
  await addCard(world, bo, 'as a guest')
  await until(() => expect(his.length).toBeGreaterThan(0))
  await cai.call('present', { workspace, tab: cai.tab, work: board, entity: null, field: null })
  await shows(world, cai, 'as a guest')

  isHidden = false
  // Behind a stretch of the log that she lacks.
  await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  await until(async () => expect(await titlesIn(world, cai)).not.toContain('as a guest'))
  liar.lies = {}
  await addCard(world, ann, 'for all')
  await shows(world, cai, 'for all')
  await expectSame({ ...world, devices: [ann, cai] })
})

test('sends what is no message, half a message, a version of its own or a huge list: Bo goes on, and is told once (R13)', async () => {
  const { liar, world, ann, bo, idOf } = await annAndBo()
  let told = 0
  const nonsense: Bytes[] = [
    utf8('no message'),
    randomBytes(400),
    copyOf(new Uint8Array(2 * 1024 * 1024)),
    // An array that claims four billion items.
    Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff),
  ]
  liar.lies.down = (message, device) => {
    if (device !== idOf(bo) || message.type !== 'records' || told++ > 0) return [message]
    const { scope, head } = message
    const list = Array.from({ length: 3_000 }, () => randomBytes(33))
    return [...nonsense, { type: 'records', scope, from: message.from, list, head }, message]
  }
  await addCard(world, ann, 'among nonsense')
  await shows(world, bo, 'among nonsense')
  expect(await codes(bo, world)).toContain('relay-unreadable')
  await expectSame(world)
})

test('no frame in either direction holds a name, a title or a text of the workspace', async () => {
  const { liar, world, ann, bo } = await annAndBo()
  await addCard(world, ann, 'Strategiepapier')
  await addCard(world, bo, '董事会决议')
  await shows(world, ann, '董事会决议')
  await allSynced(world)
  expect(liar.frames.length).toBeGreaterThan(20)
  const everything = Buffer.concat(liar.frames)
  for (const secret of ['Strategiepapier', '董事会决议', 'Boat', 'Ann', 'Bo was', 'addCard', 'First board', 'columns'])
    expect(everything.includes(Buffer.from(secret)), secret).toBe(false)
})

async function cardsOf({ workspace, board }: World, device: TestDevice): Promise<Record<string, unknown>> {
  const docs = Object.values(await device.docs(workspace, board)) as { cards?: Record<string, unknown> }[]
  return Object.assign({}, ...docs.map(({ cards }) => cards ?? {})) as Record<string, unknown>
}

test('says that Bo was removed, when nobody removed him: he believes the log, keeps everything, and goes on when it stops (A7)', async () => {
  const { liar, world, ann, bo, idOf } = await annAndBo()
  liar.lies.down = (message, device) =>
    device === idOf(bo) && message.type === 'ready' ? [message, { type: 'gone', reason: 'removed' }] : [message]
  liar.cut()
  await until(async () => expect(await codes(bo, world)).toContain('relay-refuses'), 20_000)
  expect((await bo.state(world.workspace)).removed).toBe(false)
  await addCard(world, bo, 'written all the same')
  liar.lies = {}
  await addCard(world, ann, 'from Ann')
  await shows(world, bo, 'from Ann', 'written all the same')
  await shows(world, ann, 'written all the same')
})

test('sees no record of Ann’s that her disk has refused: she could write another one at its place, and that is proof against her (R1)', async () => {
  const { liar, world, ann, idOf } = await annAndBo()
  const { workspace, board } = world
  const put = IDBObjectStore.prototype.put
  let refused = 0
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
    const request = put.apply(this, args)
    if (this.name === 'sealed' && this.transaction.db.name === ann.name)
      request.addEventListener('success', () => {
        refused++
        this.transaction.abort()
      })
    return request
  }
  const makeRoom = () => void (IDBObjectStore.prototype.put = put)
  onTestFinished(makeRoom)
  const said: string[] = []
  liar.lies.up = (message, device) => {
    if (device === idOf(ann)) said.push(message.type)
    return [message]
  }
  await addCard(world, ann, 'kept back')
  await until(() => expect(refused).toBeGreaterThan(0))
  // Whatever would have gone has gone before this.
  await ann.call('present', { workspace, tab: ann.tab, work: board, entity: 'hull', field: 'title' })
  await until(() => expect(said).toContain('talk'))
  expect(said).not.toContain('put')
  makeRoom()
  await ann.restart()
  await expectSame(world)
  expect(said).toContain('put')
})
