import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bytesToHash, concat, copyOf, randomBytes, randomId, sha256, type Bytes } from '#lib/sync/bytes.ts'
import { BLOB_CHUNK_LIMIT } from '#lib/sync/protocol.ts'
import { startRelay } from '#tests/support/start-relay.ts'
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
  const { wire } = await hires('Bo')
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
})
