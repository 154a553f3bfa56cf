import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
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

/** Says that it sends a blob, sends so much of it, and what the relay answers. */
async function begins(wire: Wire, scope: ScopeId, blob: Bytes, size: number) {
  wire.send({
    type: 'blob-put',
    scope,
    hash: nameOf(blob),
    offset: 0,
    total: blob.length,
    bytes: copyOf(blob, 0, size),
  })
  await wire.settled()
  const answer = wire.received.findLast(({ type }) => type === 'blob-ok' || type === 'blob-no')
  return answer?.type === 'blob-no' ? answer.reason : 'ok'
}

test('what is here of blobs that are not whole fills the quota, for blobs and records, after a restart too, until they are thrown away', async () => {
  const limits = { bytesPerWorkspace: 10_000 }
  const { company, founder, relay } = await openOffice({ limits })
  const scope = company.root
  const [one, two] = [randomBytes(7_000), randomBytes(5_000)]
  expect(await begins(founder, scope, one, 6_999)).toBe('ok')
  expect(await begins(founder, scope, two, 1)).toBe('quota')
  const large = await company.seals(company.founder, company.newDoc(company.founder), {}, randomBytes(4_000))
  founder.send({ type: 'put', records: [large.bytes] })
  expect((await founder.next('nack')).reason).toBe('quota')
  await relay.close()

  const again = await startRelay({ dataDir: relay.dataDir, limits })
  const { wire } = await greet(again.address, company.workspace, company.founder.keys)
  expect(await begins(wire, scope, two, 1)).toBe('quota')
  // The last byte is another one: what is not what its name says goes, and leaves room.
  wire.send({
    type: 'blob-put',
    scope,
    hash: nameOf(one),
    offset: 6_999,
    total: 7_000,
    bytes: Uint8Array.of((one[6_999]! + 1) % 256),
  })
  expect((await wire.next('blob-no')).reason).toBe('wrong-hash')
  await upload(wire, scope, two)
  expect(await begins(wire, scope, randomBytes(7_000), 1)).toBe('quota')
})

test('two blobs that grow side by side do not both fill what room there is', async () => {
  const { company, founder } = await openOffice({ limits: { bytesPerWorkspace: 10_000 } })
  const scope = company.root
  const [one, two] = [randomBytes(6_000), randomBytes(6_000)]
  for (const blob of [one, two]) expect(await begins(founder, scope, blob, 1_000)).toBe('ok')
  const goesOn = (blob: Bytes, from: number, to: number) =>
    founder.send({
      type: 'blob-put',
      scope,
      hash: nameOf(blob),
      offset: from,
      total: 6_000,
      bytes: copyOf(blob, from, to),
    })
  goesOn(one, 1_000, 4_500)
  expect((await founder.next('blob-ok')).received).toBe(4_500)
  goesOn(two, 1_000, 6_000)
  expect((await founder.next('blob-no')).reason).toBe('quota')
  goesOn(one, 4_500, 6_000)
  expect((await founder.next('blob-ok')).received).toBe(6_000)
})

test('an upload that nobody went on with for a week makes room', async () => {
  const { company, founder, relay } = await openOffice({ limits: { bytesPerWorkspace: 10_000 } })
  const scope = company.root
  const [left, blob] = [randomBytes(9_000), randomBytes(9_000)]
  expect(await begins(founder, scope, left, 8_000)).toBe('ok')
  await relay.close()
  const part = join(relay.dataDir, 'blobs', company.workspace, scope, `${nameOf(left)}.part`)
  const day = 24 * 60 * 60
  for (const [days, answer] of [
    [6, 'quota'],
    [8, 'ok'],
  ] as const) {
    const then = Date.now() / 1_000 - days * day
    utimesSync(part, then, then)
    const again = await startRelay({ dataDir: relay.dataDir, limits: { bytesPerWorkspace: 10_000 } })
    const { wire } = await greet(again.address, company.workspace, company.founder.keys)
    expect(await begins(wire, scope, blob, 1)).toBe(answer)
    await again.close()
  }
  expect(existsSync(part)).toBe(false)
})

test('a relay that died with the last byte of a blob on the disk has it whole when it is back', async () => {
  const { company, founder, relay } = await openOffice()
  const scope = company.root
  // Written and not named yet; named and not in the books; whole in size, with bytes that the disk did not keep.
  const [written, named, torn] = [randomBytes(30_000), randomBytes(20_000), randomBytes(10_000)]
  const folder = join(relay.dataDir, 'blobs', company.workspace, scope)
  for (const blob of [written, named, torn]) await begins(founder, scope, blob, blob.length - 1)
  await relay.close()
  for (const blob of [written, named])
    appendFileSync(join(folder, `${nameOf(blob)}.part`), copyOf(blob, blob.length - 1))
  renameSync(join(folder, `${nameOf(named)}.part`), join(folder, nameOf(named)))
  writeFileSync(join(folder, `${nameOf(torn)}.part`), new Uint8Array(torn.length))

  const again = await startRelay({ dataDir: relay.dataDir })
  const { wire } = await greet(again.address, company.workspace, company.founder.keys)
  for (const blob of [written, named]) {
    expect(await download(wire, scope, nameOf(blob))).toEqual(blob)
    wire.send({
      type: 'blob-put',
      scope,
      hash: nameOf(blob),
      offset: 0,
      total: blob.length,
      bytes: new Uint8Array(0),
    })
    expect((await wire.next('blob-ok')).received).toBe(blob.length)
  }
  wire.send({ type: 'blob-get', scope, hash: nameOf(torn), offset: 0 })
  expect((await wire.next('blob-no')).reason).toBe('unknown')
  wire.send({ type: 'blob-put', scope, hash: nameOf(torn), offset: 0, total: torn.length, bytes: torn })
  expect((await wire.next('blob-no')).reason).toBe('wrong-hash')
  await upload(wire, scope, torn)
  expect(await download(wire, scope, nameOf(torn))).toEqual(torn)
})

test('a blob whose last byte was written and that could not be named, or entered, is whole as soon as it can, without being sent again', async () => {
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
  founder.send({ type: 'blob-put', scope, hash, offset: 0, total: blob.length, bytes: blob })
  expect((await founder.next('blob-no')).reason).toBe('full')
  disk.full = false
  founder.send({ type: 'blob-put', scope, hash, offset: 0, total: blob.length, bytes: new Uint8Array(0) })
  expect((await founder.next('blob-ok')).received).toBe(blob.length)
  expect(await download(founder, scope, hash)).toEqual(blob)
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
