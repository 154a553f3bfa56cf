import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { draftAuthority } from '#lib/sync/authority-log.ts'
import { randomBytes, toHex, type Bytes } from '#lib/sync/bytes.ts'
import { wrapScopeKey } from '#lib/sync/wraps.ts'
import { openSqlite } from '#relay/storage/sqlite.ts'
import { StorageFull, type Storage } from '#relay/storage/storage.ts'
import { startRelayProcess } from '#tests/support/relay-process.ts'
import { startRelay, temporaryFolder } from '#tests/support/start-relay.ts'
import { foundCompany, NOW, type Company } from '#tests/support/sync-company.ts'
import { greet, openOffice, type Wire } from '#tests/support/wire.ts'

async function recordsOf(company: Company, count: number) {
  const doc = company.newDoc(company.founder)
  const records = []
  for (let i = 0; i < count; i++) {
    const record = await company.seals(company.founder, doc)
    company.puts(record)
    records.push(record)
  }
  return records
}

const all = (wire: Wire, company: Company, count: number) => {
  wire.send({ type: 'sub', scope: company.root, after: 0 })
  return wire.ids(count)
}

test('a relay that was stopped and started again has the log, the order and its own key', async () => {
  const first = await openOffice()
  const { company, founder } = first
  const records = await recordsOf(company, 5)
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  founder.send({ type: 'put', records: records.map(({ bytes }) => bytes) })
  await founder.ids(5)
  const before = await greet(first.relay.address, company.workspace, company.founder.keys)
  await first.relay.close()
  const second = await startRelay({ dataDir: first.relay.dataDir })
  const { wire, ready, challenge } = await greet(second.address, company.workspace, company.founder.keys)
  expect(ready).toMatchObject({ known: true, authority: 0, scopes: [{ n: 5 }] })
  expect(challenge.relayKey).toEqual(before.challenge.relayKey)
  expect(challenge.generation).toEqual(before.challenge.generation)
  expect(await all(wire, company, 5)).toEqual(records.map(({ id }) => id))
})

test('killed without warning while records stream in, it still has every record that it gave a receipt for (R5)', async () => {
  const relay = await startRelayProcess()
  onTestFinished(() => relay.dispose())
  const address = `ws://127.0.0.1:${relay.port}/sync`
  const company = await foundCompany()
  const { wire } = await greet(address, company.workspace, company.founder.keys)
  wire.send({ type: 'auth-append', signed: company.log[0]! })
  await wire.next('auth-ok')
  wire.send({ type: 'sub', scope: company.root, after: 0 })
  const records = await recordsOf(company, 200)
  for (const { bytes } of records) wire.send({ type: 'put', records: [bytes] })
  const receipts = await wire.ids(40)
  await relay.kill()
  await wire.closed
  await relay.restart()
  const back = await greet(address, company.workspace, company.founder.keys)
  const kept = back.ready.scopes[0]!.n
  expect(kept).toBeGreaterThanOrEqual(receipts.length)
  // What it did not have is taken after that, and the order is the one that was given out.
  back.wire.send({ type: 'put', records: records.slice(kept).map(({ bytes }) => bytes) })
  expect(await all(back.wire, company, 200)).toEqual(records.map(({ id }) => id))
})

test('what SQLite calls committed is on the disk: it waits for the disk at every commit (R5)', () => {
  const opening = vi.spyOn(DatabaseSync.prototype, 'exec')
  onTestFinished(() => opening.mockRestore())
  const storage = openSqlite(temporaryFolder())
  const settings = (db: DatabaseSync) =>
    ['journal_mode', 'synchronous'].map((name) => Object.values(db.prepare(`pragma ${name}`).get() ?? {})[0])
  const opened = opening.mock.contexts.flatMap((db) => (db instanceof DatabaseSync ? [settings(db)] : []))
  // FULL is 2.
  expect(opened).toContainEqual(['wal', 2])
  expect(opened.filter(([mode]) => mode === 'wal').every(([, level]) => level === 2)).toBe(true)
  storage.close()
})

/** A storage whose disk can be full, or fail. */
function limited(storage: Storage): Storage & { full: boolean; broken: boolean } {
  const disk = {
    ...storage,
    full: false,
    broken: false,
    addRecords: (...args: Parameters<Storage['addRecords']>) => {
      if (disk.full) throw new StorageFull('full')
      if (disk.broken) throw new Error('disk I/O error')
      storage.addRecords(...args)
    },
    appendLog: (...args: Parameters<Storage['appendLog']>) => {
      if (disk.full) throw new StorageFull('full')
      if (disk.broken) throw new Error('disk I/O error')
      storage.appendLog(...args)
    },
    addWraps: (...args: Parameters<Storage['addWraps']>) => {
      if (disk.full) throw new StorageFull('full')
      storage.addWraps(...args)
    },
    snapshots: (...args: Parameters<Storage['snapshots']>) => {
      if (disk.broken) throw new Error('disk I/O error')
      return storage.snapshots(...args)
    },
    placedAfter: (...args: Parameters<Storage['placedAfter']>) => {
      if (disk.broken) throw new Error('disk I/O error')
      return storage.placedAfter(...args)
    },
  }
  return disk
}

test('on a full disk records are refused as such, nothing is half there, and it goes on when there is room', async () => {
  const dataDir = temporaryFolder()
  const disk = limited(openSqlite(dataDir))
  const { company, founder, relay } = await openOffice({ dataDir, storage: disk })
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  await founder.settled()
  const records = await recordsOf(company, 2)
  disk.full = true
  founder.send({ type: 'put', records: records.map(({ bytes }) => bytes) })
  for (const { id } of records) expect(await founder.next('nack')).toEqual({ type: 'nack', id, reason: 'full' })
  const { keys, signer } = company.founder
  const to = { workspace: company.workspace, scope: company.root, epoch: 0, recipient: keys.id }
  founder.send({ type: 'wrap-put', wraps: [await wrapScopeKey(to, keys.public.agree, randomBytes(32), signer)] })
  expect(await founder.next('wrap-no')).toEqual({ type: 'wrap-no', reason: 'full' })
  const reading = await greet(relay.address, company.workspace, company.founder.keys)
  expect(reading.ready.scopes[0]!.n).toBe(0)
  disk.full = false
  founder.send({ type: 'put', records: records.map(({ bytes }) => bytes) })
  expect(await founder.ids(2)).toEqual(records.map(({ id }) => id))
})

test('a disk that fails is not called full, and goes on when it works again', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  onTestFinished(() => said.mockRestore())
  const dataDir = temporaryFolder()
  const disk = limited(openSqlite(dataDir))
  const { company, founder, connect, hires } = await openOffice({ dataDir, storage: disk })
  const bo = await hires('Bo')
  const body = { type: 'removeMember', person: bo.who.person } as const
  const removal = await draftAuthority(company.state, body, NOW, company.headOf, company.founder.signer)
  if (!removal.ok) throw new Error(removal.reason)
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  await founder.settled()
  const [record] = await recordsOf(company, 1)
  disk.broken = true
  founder.send({ type: 'put', records: [record!.bytes] })
  expect(await founder.next('nack')).toEqual({ type: 'nack', id: record!.id, reason: 'storage' })
  expect(said).toHaveBeenCalledWith('commit', 'disk I/O error')
  // What cannot be read is not answered, and nobody is left waiting for it.
  for (const asked of [
    { type: 'snap-pull', scope: company.root },
    { type: 'auth-append', signed: removal.signed },
  ] as const) {
    const asks = await connect(company.founder)
    asks.send(asked)
    expect(await asks.closed).toBe('internal')
  }
  disk.broken = false
  founder.send({ type: 'put', records: [record!.bytes] })
  expect(await founder.ids(1)).toEqual([record!.id])
})

test('SQLite itself out of room gives that answer and stays readable', async () => {
  const dataDir = temporaryFolder()
  const { company, founder } = await openOffice({ dataDir, storage: openSqlite(dataDir, { mostPages: 60 }) })
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  await founder.settled()
  const doc = company.newDoc(company.founder)
  const large = await company.seals(company.founder, doc, {}, new Uint8Array(250_000) as Bytes)
  founder.send({ type: 'put', records: [large.bytes] })
  expect(await founder.next('nack')).toEqual({ type: 'nack', id: large.id, reason: 'full' })
  const small = await company.seals(company.founder, doc)
  founder.send({ type: 'put', records: [small.bytes] })
  expect(await founder.ids(1)).toEqual([small.id])
})

test('an older copy of the data put back is noticed by the device that knows more, and gets a new generation (R12)', async () => {
  const first = await openOffice()
  const { company, founder, relay } = first
  const records = await recordsOf(company, 4)
  founder.send({ type: 'sub', scope: company.root, after: 0 })
  founder.send({ type: 'put', records: records.slice(0, 2).map(({ bytes }) => bytes) })
  await founder.ids(2)
  const old = temporaryFolder()
  const copy = (from: string, to: string) => {
    rmSync(join(to, 'relay.sqlite-wal'), { force: true })
    rmSync(join(to, 'relay.sqlite-shm'), { force: true })
    copyFileSync(join(from, 'relay.sqlite'), join(to, 'relay.sqlite'))
  }
  await relay.close()
  copy(relay.dataDir, old)
  const second = await startRelay({ dataDir: relay.dataDir })
  const at = await greet(second.address, company.workspace, company.founder.keys)
  at.wire.send({ type: 'sub', scope: company.root, after: 2 })
  at.wire.send({ type: 'put', records: records.slice(2).map(({ bytes }) => bytes) })
  await at.wire.ids(2)
  await second.close()
  copy(old, relay.dataDir)
  const third = await startRelay({ dataDir: relay.dataDir })
  const surprised = await greet(third.address, company.workspace, company.founder.keys)
  surprised.wire.send({ type: 'sub', scope: company.root, after: 4 })
  expect(await surprised.wire.closed).toBe('shutting-down')
  const again = await greet(third.address, company.workspace, company.founder.keys)
  expect(toHex(again.challenge.generation)).not.toBe(toHex(surprised.challenge.generation))
  again.wire.send({ type: 'put', records: records.map(({ bytes }) => bytes) })
  await again.wire.settled()
  expect(await all(again.wire, company, 4)).toEqual(records.map(({ id }) => id))
})

test('a member who claims more than once to stand beyond the order has everybody offer again only once (R12)', async () => {
  const { relay, company, connect, hires } = await openOffice()
  const { who } = await hires('Bo')
  const claims = async () => {
    const ada = await connect(company.founder)
    const bo = await connect(who)
    bo.send({ type: 'sub', scope: company.root, after: 1_000 })
    expect(await bo.closed).toBe('shutting-down')
    return ada
  }
  expect(await (await claims()).closed).toBe('shutting-down')
  const generation = async () =>
    toHex((await greet(relay.address, company.workspace, company.founder.keys)).challenge.generation)
  const before = await generation()
  await (await claims()).settled()
  expect(await generation()).toBe(before)
})

test('--new-generation is kept over the next start', async () => {
  const { relay, company } = await openOffice()
  const generationOf = async (address: string) =>
    toHex((await greet(address, company.workspace, company.founder.keys)).challenge.generation)
  const before = await generationOf(relay.address)
  await relay.close()
  const renewed = await startRelay({ dataDir: relay.dataDir, newGeneration: true })
  const after = await generationOf(renewed.address)
  expect(after).not.toBe(before)
  await renewed.close()
  expect(await generationOf((await startRelay({ dataDir: relay.dataDir })).address)).toBe(after)
})
