import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { expect, test } from 'vitest'
import { openDb } from '#lib/store/db.ts'
import { parseAuthority, type AuthorityBody } from '#lib/sync/authority.ts'
import { randomBytes } from '#lib/sync/bytes.ts'
import { DeviceLog } from '#lib/sync/device-log.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import { atCommit, diskOf, writeDisk, type Disk } from '#tests/support/crash.ts'
import { foundCompany, NOW, type Company } from '#tests/support/sync-company.ts'

const policy = (name: string): AuthorityBody => ({ type: 'policy', name, value: true })

/** Ada's device, which holds the genesis and has signed two records in one action that the relay does not have yet. */
async function adasDevice(company: Company, genesis: Uint8Array<ArrayBuffer>, verify = webVerify) {
  const name = `ada-${randomBytes(8).toHex()}`
  const db = await openDb(name)
  // A device has two databases; the second one stays empty here.
  ;(await openDB(`${name}-documents`, 1)).close()
  const log = new DeviceLog(db, company.workspace, verify)
  const { signer } = company.founder
  await log.receive(0, [genesis], NOW, company.headOf, signer)
  for (const one of ['first', 'second'])
    expect(await log.propose(policy(one), NOW, company.headOf, signer, 'together')).toBeNull()
  return { name, log }
}

/** Names of the policies that a log holds after a start from this disk, in order. */
async function policiesOn(disk: Disk, company: Company): Promise<string[]> {
  const name = `again-${randomBytes(8).toHex()}`
  await writeDisk(name, disk)
  const log = new DeviceLog(await openDb(name), company.workspace, webVerify)
  await log.load(1)
  return policiesIn(log)
}

function policiesIn(log: DeviceLog): string[] {
  const names: string[] = []
  for (let n = 0; n < log.length; n++) {
    const parsed = parseAuthority(log.signedAt(n)!)
    if (parsed.ok && parsed.value.body.type === 'policy') names.push(parsed.value.body.name)
  }
  return names
}

test('the power fails while the log of others comes in: what Ada had signed before is still to be sent (A2)', async () => {
  const company = await foundCompany()
  const genesis = company.log[0]!
  await company.hires('Bo')
  const news = company.log.slice(1)
  for (let commit = 1; ; commit++) {
    const { name, log } = await adasDevice(company, genesis)
    let disk: Promise<Disk> | null = null
    atCommit(name, commit, () => (disk = diskOf(name, () => undefined)))
    await log.receive(1, news, NOW, company.headOf, company.founder.signer)
    expect(policiesIn(log)).toEqual(['first', 'second'])
    expect(log.waiting()).toEqual(['together', 'together'])
    if (!disk) break
    expect(await policiesOn(await disk, company), `at commit ${commit}`).toEqual(['first', 'second'])
  }
})

test('a relay that sends a forged record behind good ones: the good ones count, and what Ada had signed stays (A1, A2)', async () => {
  const company = await foundCompany()
  const genesis = company.log[0]!
  await company.hires('Bo')
  const { log } = await adasDevice(company, genesis)
  const news = company.log.slice(1)
  const forged = [...news.slice(0, 1), randomBytes(80)]
  const received = await log.receive(1, forged, NOW, company.headOf, company.founder.signer)
  expect(received.refused).not.toBeNull()
  expect(log.confirmed).toBe(2)
  expect(policiesIn(log)).toEqual(['first', 'second'])
})

test('a record of others that comes before the one it follows is asked for again, also where Ada has signed some of her own meanwhile (A2)', async () => {
  const company = await foundCompany()
  const genesis = company.log[0]!
  await company.hires('Bo')
  const [first, ...later] = company.log.slice(1)
  const { log } = await adasDevice(company, genesis)
  const { signer } = company.founder
  expect(await log.receive(2, later, NOW, company.headOf, signer)).toEqual({ dropped: [], refused: 'gap' })
  expect(log.confirmed).toBe(1)
  expect(policiesIn(log)).toEqual(['first', 'second'])
  expect(await log.receive(1, [first!, ...later], NOW, company.headOf, signer)).toEqual({ dropped: [], refused: null })
  expect(log.confirmed).toBe(company.log.length)
  expect(policiesIn(log)).toEqual(['first', 'second'])
})

test('while the log of others comes in, nothing that Ada has signed is gone for a moment: not what it says, nor that it waits', async () => {
  const company = await foundCompany()
  const genesis = company.log[0]!
  await company.hires('Bo')
  const seen = new Set<string>()
  let look = () => {}
  const { log } = await adasDevice(company, genesis, (...signature) => {
    look()
    return webVerify(...signature)
  })
  look = () => seen.add(JSON.stringify([[...log.state.policies.keys()], log.waiting()]))
  await log.receive(1, company.log.slice(1), NOW, company.headOf, company.founder.signer)
  await log.redraft(NOW, company.headOf, company.founder.signer)
  expect([...seen]).toEqual([JSON.stringify([policiesIn(log), ['together', 'together']])])
})
