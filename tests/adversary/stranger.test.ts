import { describe, expect, test } from 'vitest'
import { append } from '#lib/sync/authority-log.ts'
import { randomBytes } from '#lib/sync/bytes.ts'
import { contentKey, createDeviceKeys, seedKeys, signerOf } from '#lib/sync/keys.ts'
import { openRecord, verifyRecord } from '#lib/sync/records.ts'
import { rightOf } from '#lib/sync/rights.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import { createColleague, foundCompany } from '#tests/support/sync-company.ts'

describe('a stranger', () => {
  test('reads nothing: without the scope key a record stays closed', async () => {
    const company = await foundCompany('Ada')
    const doc = company.newDoc(company.founder)
    const record = await company.seals(company.founder, doc)
    const guess = await contentKey(randomBytes(32), doc.id, 0, company.founder.keys.id)
    expect(await openRecord(record, guess)).toBeNull()
  })

  test('writes nothing: neither as a device that the log does not know, nor in the name of one that it knows', async () => {
    const company = await foundCompany('Ada')
    const eve = await createColleague('Eve')
    expect(await company.writes(eve, company.newDoc(eve))).toBe('unknown-device')
    const asAda = { ...eve, keys: company.founder.keys, signer: { ...eve.signer, device: company.founder.keys.id } }
    const forged = await company.seals(asAda, company.newDoc(company.founder))
    expect(forged.header.device).toBe(company.founder.keys.id)
    expect(await verifyRecord(forged, company.founder.keys.public.sign, webVerify)).toBeNull()
  })

  test('enters nothing into the log, not even by guessing an invitation', async () => {
    const company = await foundCompany('Ada')
    const eve = await createColleague('Eve')
    const guessed = await seedKeys(randomBytes(32), 'seed')
    const here = [company.checkpoint()]
    expect(await company.forces(eve.signer, { type: 'policy', name: 'x', value: 1 })).toBe('unknown-device')
    expect(await company.forces(eve.signer, await company.joinBody(eve, guessed), here)).toBe('unknown-invite')
    const add = { type: 'addDevice', person: company.founder.person, device: eve.keys.public, kit: false } as const
    expect(await company.forces({ ...eve.signer, device: company.founder.keys.id }, add, here)).toBe('bad-signature')
    expect(rightOf(company.state, eve.keys.id, company.root)).toBe(0)
  })

  test('cannot found the same workspace again', async () => {
    const company = await foundCompany('Ada')
    const other = await foundCompany('Eve')
    const result = await append({ ...company.state, n: -1, head: null }, other.log[0]!, webVerify)
    expect(result).toEqual({ ok: false, reason: 'wrong-workspace' })
  })

  test('who holds an invitation before joining has no right yet', async () => {
    const company = await foundCompany('Ada')
    const { keys } = await company.invite(company.founder)
    const holder = { ...(await createColleague('Eve')), keys, signer: signerOf(keys) }
    expect(await company.writes(holder, company.newDoc(holder))).toBe('unknown-device')
    const spare = await createDeviceKeys()
    const add = { type: 'addDevice', person: company.founder.person, device: spare.public, kit: false } as const
    expect(await company.forces(holder.signer, add)).toBe('unknown-device')
  })
})
