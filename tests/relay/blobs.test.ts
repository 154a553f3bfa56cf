import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bytesToHash, concat, copyOf, randomBytes, randomId, sha256, type Bytes } from '#lib/sync/bytes.ts'
import { BLOB_CHUNK_LIMIT } from '#lib/sync/protocol.ts'
import { openSqlite } from '#relay/storage/sqlite.ts'
import { StorageFull, type Storage } from '#relay/storage/storage.ts'
import { startRelay, temporaryFolder } from '#tests/support/start-relay.ts'
import { greet, openOffice, type Wire } from '#tests/support/wire.ts'
import type { ScopeId } from '#lib/kernel/ids.ts'

const nameOf = (blob: Bytes) => bytesToHash(sha256(blob))

/** Sends stretches from an offset on until the relay has it all, going on where the relay says. */
async function upload(wire: Wire, scope: ScopeId, blob: Bytes, stretch = BLOB_CHUNK_LIMIT) {
  const hash = nameOf(blob)
  let received = 0
  while (received < blob.length) {
    const bytes = copyOf(blob, received, Math.min(blob.length, received + stretch))
    wire.send({ type: 'blob-put', scope, hash, offset: received, total: blob.length, bytes })
    received = (await wire.next('blob-ok')).received
  }
  return hash
}

async function download(wire: Wire, scope: ScopeId, hash: ReturnType<typeof nameOf>): Promise<Bytes> {
  let whole: Bytes = new Uint8Array(0)
  for (;;) {
    wire.send({ type: 'blob-get', scope, hash, offset: whole.length })
    const { bytes, total } = await wire.next('blob')
    whole = concat(whole, bytes)
    if (whole.length === total) return whole
  }
}

test('Bo downloads what Ada uploaded, byte for byte, also after a restart (R10)', async () => {
  const { company, founder, hires, relay } = await openOffice()
  const { who, wire } = await hires('Bo')
  const blob = randomBytes(60_000)
  const hash = await upload(founder, company.root, blob, 25_000)
  expect(await download(wire, company.root, hash)).toEqual(blob)
  await relay.close()
  const again = await startRelay({ dataDir: relay.dataDir })
  const { wire: back } = await greet(again.address, company.workspace, who.keys)
  expect(await download(back, company.root, hash)).toEqual(blob)
})

test('an upload that broke off goes on where it stopped', async () => {
  const { company, founder, connect } = await openOffice()
  const blob = randomBytes(30_000)
  const hash = nameOf(blob)
  const total = blob.length
  founder.send({ type: 'blob-put', scope: company.root, hash, offset: 0, total, bytes: copyOf(blob, 0, 10_000) })
  expect((await founder.next('blob-ok')).received).toBe(10_000)
  await founder.end()
  const back = await connect(company.founder)
  // Asks, without a byte; then a stretch with a hole before it is not taken.
  back.send({ type: 'blob-put', scope: company.root, hash, offset: 0, total, bytes: new Uint8Array(0) })
  expect((await back.next('blob-ok')).received).toBe(10_000)
  back.send({ type: 'blob-put', scope: company.root, hash, offset: 20_000, total, bytes: copyOf(blob, 20_000) })
  expect((await back.next('blob-ok')).received).toBe(10_000)
  back.send({ type: 'blob-put', scope: company.root, hash, offset: 10_000, total, bytes: copyOf(blob, 10_000) })
  expect((await back.next('blob-ok')).received).toBe(30_000)
  expect(await download(back, company.root, hash)).toEqual(blob)
  // It is whole: nobody need send it again.
  back.send({ type: 'blob-put', scope: company.root, hash, offset: 0, total, bytes: new Uint8Array(0) })
  expect((await back.next('blob-ok')).received).toBe(30_000)
})

test('a device that sends more than it said, nothing, or only asks, puts no such thing on the disk (R10, R13)', async () => {
  const { company, founder, relay } = await openOffice()
  const hash = nameOf(randomBytes(10))
  const scope = company.root
  const sends = (offset: number, total: number, size: number) =>
    founder.send({ type: 'blob-put', scope, hash, offset, total, bytes: new Uint8Array(size) })
  sends(0, 0, 0)
  expect(await founder.next('blob-no')).toMatchObject({ reason: 'too-large' })
  sends(0, BLOB_CHUNK_LIMIT * 3, BLOB_CHUNK_LIMIT + 1)
  expect(await founder.next('blob-no')).toMatchObject({ reason: 'too-large' })
  sends(0, 10, 0)
  expect((await founder.next('blob-ok')).received).toBe(0)
  expect(existsSync(join(relay.dataDir, 'blobs'))).toBe(false)
  sends(0, 10, 8)
  expect((await founder.next('blob-ok')).received).toBe(8)
  sends(8, 10, 8)
  expect(await founder.next('blob-no')).toMatchObject({ reason: 'bad-offset' })
  const folder = join(relay.dataDir, 'blobs', company.workspace, scope)
  expect(readdirSync(folder).map((file) => statSync(join(folder, file)).size)).toEqual([8])
})

test('two devices that upload one blob at once do not get in each other’s way', async () => {
  const { company, founder, connect } = await openOffice()
  const blob = randomBytes(60_000)
  const other = await connect(company.founder)
  const [hash] = await Promise.all([founder, other].map((wire) => upload(wire, company.root, blob, 500)))
  expect(await download(other, company.root, hash!)).toEqual(blob)
})

test('who asks beyond the end of a blob, or for one that the disk has lost or cut short, is told so and served on', async () => {
  const { company, founder, relay } = await openOffice()
  const scope = company.root
  const hash = await upload(founder, scope, randomBytes(1_000))
  const file = join(relay.dataDir, 'blobs', company.workspace, scope, hash)
  const asks = async (offset: number) => {
    founder.send({ type: 'blob-get', scope, hash, offset })
    return (await founder.next('blob-no')).reason
  }
  expect([await asks(1_000), await asks(5_000)]).toEqual(['bad-offset', 'bad-offset'])
  truncateSync(file, 999)
  expect(await asks(0)).toBe('unknown')
  rmSync(file)
  expect(await asks(0)).toBe('unknown')
})

test('a disk without room for a blob, or for what is known of it, is called full, and takes it when there is room', async () => {
  const dataDir = temporaryFolder()
  const storage = openSqlite(dataDir)
  const disk = { full: true }
  const addBlob: Storage['addBlob'] = (...args) => {
    if (disk.full) throw new StorageFull('full')
    storage.addBlob(...args)
  }
  const { company, founder } = await openOffice({ dataDir, storage: { ...storage, addBlob } })
  const scope = company.root
  const blob = randomBytes(1_000)
  const hash = nameOf(blob)
  const sends = async () => {
    founder.send({ type: 'blob-put', scope, hash, offset: 0, total: blob.length, bytes: blob })
    return (await founder.next('blob-no')).reason
  }
  const folder = join(dataDir, 'blobs', company.workspace, scope)
  mkdirSync(folder, { recursive: true })
  symlinkSync('/dev/full', join(folder, `${hash}.part`))
  expect(await sends()).toBe('full')
  rmSync(join(folder, `${hash}.part`))
  expect(await sends()).toBe('full')
  disk.full = false
  await upload(founder, scope, blob)
  expect(await download(founder, scope, hash)).toEqual(blob)
})

test('bytes that are not what their name says are thrown away', async () => {
  const { company, founder, relay } = await openOffice()
  const hash = nameOf(randomBytes(10))
  founder.send({ type: 'blob-put', scope: company.root, hash, offset: 0, total: 10, bytes: randomBytes(10) })
  expect(await founder.next('blob-no')).toMatchObject({ hash, reason: 'wrong-hash' })
  founder.send({ type: 'blob-get', scope: company.root, hash, offset: 0 })
  expect(await founder.next('blob-no')).toMatchObject({ hash, reason: 'unknown' })
  expect(readdirSync(join(relay.dataDir, 'blobs', company.workspace, company.root))).toEqual([])
})

test('a blob above the limit, or above the quota, is refused before it is stored', async () => {
  for (const [limits, reason] of [
    [{ blob: 999 }, 'too-large'],
    [{ bytesPerWorkspace: 999 }, 'quota'],
  ] as const) {
    const { company, founder } = await openOffice({ limits })
    const blob = randomBytes(1_000)
    const hash = nameOf(blob)
    founder.send({ type: 'blob-put', scope: company.root, hash, offset: 0, total: blob.length, bytes: blob })
    expect(await founder.next('blob-no')).toMatchObject({ hash, reason })
  }
})

test('whoever may not read a scope neither gets nor leaves a blob there (A5)', async () => {
  const { company, founder, hires, appends } = await openOffice()
  const { who, wire } = await hires('Bo')
  const secret = randomId<ScopeId>()
  const commitment = nameOf(randomBytes(32))
  await appends(founder, company.founder.signer, {
    type: 'openScope',
    scope: secret,
    parent: company.root,
    class: 'private',
    commitment,
  })
  const hash = await upload(founder, secret, randomBytes(100))
  wire.send({ type: 'blob-get', scope: secret, hash, offset: 0 })
  expect(await wire.next('blob-no')).toMatchObject({ reason: 'no-right' })
  const bytes = randomBytes(5)
  wire.send({ type: 'blob-put', scope: secret, hash: nameOf(bytes), offset: 0, total: 5, bytes })
  expect(await wire.next('blob-no')).toMatchObject({ reason: 'no-right' })
  // Who only reads leaves none either.
  const guest = { type: 'setRole', person: who.person, rank: 'guest', department: null } as const
  await appends(founder, company.founder.signer, guest)
  wire.send({ type: 'blob-put', scope: company.root, hash: nameOf(bytes), offset: 0, total: 5, bytes })
  expect(await wire.next('blob-no')).toMatchObject({ reason: 'no-right' })
})
