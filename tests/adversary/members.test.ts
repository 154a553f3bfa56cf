import { describe, expect, test } from 'vitest'
import type { AuthorityBody, Rank } from '#lib/sync/authority.ts'
import { commitmentOf, createDeviceKeys, createScopeKey, openOldKey, sealOldKey, signerOf } from '#lib/sync/keys.ts'
import { randomBytes } from '#lib/sync/bytes.ts'
import { verifyRecord } from '#lib/sync/records.ts'
import { recipientsOf, rightsOf, strongest } from '#lib/sync/rights.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import { foundCompany, type Colleague, type Company } from '#tests/support/sync-company.ts'

/** Everything that a modified client might try in order to become more than it is. */
async function climbs(company: Company, who: Colleague): Promise<Record<string, string>> {
  const setRole = (rank: Rank) => ({ type: 'setRole', person: who.person, rank, department: null }) as const
  const myself = { to: 'person', person: who.person } as const
  const spare = await createDeviceKeys()
  const { person } = company.founder
  return {
    'makes itself an owner': await company.does(who.signer, setRole('owner')),
    'makes itself an admin': await company.does(who.signer, setRole('admin')),
    'grants itself everything': await company.does(who.signer, {
      type: 'grant',
      subject: myself,
      scope: company.root,
      right: 'admin',
      expires: null,
    }),
    'adds a device to the founder': await company.does(who.signer, {
      type: 'addDevice',
      person,
      device: spare.public,
      kit: false,
    }),
    'removes the founder': await company.does(who.signer, { type: 'removeMember', person }),
    'removes the founder’s device': await company.does(who.signer, {
      type: 'removeDevice',
      device: company.founder.keys.id,
    }),
    'sets departments': await company.does(who.signer, { type: 'setDepartments', person: who.person, departments: [] }),
    'sets a policy': await company.does(who.signer, { type: 'policy', name: 'x', value: 1 }),
    'moves the relay': await company.does(who.signer, { type: 'relay', relayKey: randomBytes(32), url: null }),
  }
}

describe('a viewer with a modified client', () => {
  test('writes in no lane and decides nothing', async () => {
    const company = await foundCompany('Ada')
    const gil = await company.hires('Gil', 'guest')
    const doc = company.newDoc(company.founder)
    await company.writes(company.founder, doc)
    expect(await company.writes(gil, doc)).toBe('no-right')
    expect(await company.writes(gil, company.newDoc(gil, company.root, 'talk'))).toBe('no-right')
    const request = company.newDoc(gil, company.root, 'decision')
    expect(await company.writes(gil, request, { kind: 'decision' })).toBe('no-right')
    expect(await company.writes(gil, doc, { kind: 'snapshot' })).toBe('no-right')
  })

  test('becomes nothing more', async () => {
    const company = await foundCompany('Ada')
    const gil = await company.hires('Gil', 'guest')
    const before = company.state
    expect(new Set(Object.values(await climbs(company, gil)))).toEqual(new Set(['rank-too-low', 'no-right']))
    expect(company.state).toBe(before)
  })
})

describe('an editor with a modified client', () => {
  test('becomes nothing more, nor does a manager', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const cai = await company.hires('Cai', 'manager')
    const allowed = new Set(['rank-too-low', 'no-right', 'above-own-rank'])
    for (const who of [bo, cai]) {
      for (const [what, answer] of Object.entries(await climbs(company, who))) {
        expect([what, allowed.has(answer)]).toEqual([what, true])
      }
    }
  })

  test('signs as itself only: what it writes can be held against it (R1)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const doc = company.newDoc(bo)
    const [one, other] = [await company.seals(bo, doc), await company.seals(bo, doc)]
    // Two records with one seq, both with a signature that holds: the proof against the device.
    expect(one.header.seq).toBe(other.header.seq)
    expect(one.id).not.toBe(other.id)
    for (const record of [one, other]) {
      expect(await verifyRecord(record, bo.keys.public.sign, webVerify)).not.toBeNull()
      expect(await verifyRecord(record, company.founder.keys.public.sign, webVerify)).toBeNull()
    }
    expect([company.puts(one), company.puts(other)]).toEqual(['accept', 'seq-fork'])
  })

  test('cannot pass a document off as one of another lane, so that writing would be deciding', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const request = company.newDoc(bo, company.root, 'decision')
    expect(await company.writes(bo, request)).toBe('no-right')
    expect(await company.writes(bo, request, { birth: { ...request.birth, lane: 'main' } })).toBe('wrong-binding')
    expect(await company.writes(bo, company.newDoc(bo), { kind: 'decision' })).toBe('wrong-lane')
  })
})

describe('a removed or demoted member, a lost device', () => {
  test('writes nothing more, wherever its device connects', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const doc = company.newDoc(bo)
    await company.writes(bo, doc)
    await company.does(company.founder.signer, { type: 'removeMember', person: bo.person })
    expect(await company.writes(bo, doc)).toBe('no-right')
    expect(await company.writes(bo, company.newDoc(bo))).toBe('no-right')
    expect((await company.invite(bo)).answer).toBe('removed')
    const spare = await createDeviceKeys()
    const add = { type: 'addDevice', person: bo.person, device: spare.public, kit: false } as const
    expect(await company.does(bo.signer, add)).toBe('removed')
    expect(await company.does(signerOf(bo.kit), add)).toBe('removed')
    expect(new Set(Object.values(await climbs(company, bo)))).toEqual(new Set(['removed']))
  })

  test('a demoted member reads on, and writes nothing more', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const doc = company.newDoc(bo)
    await company.writes(bo, doc)
    const demote = { type: 'setRole', person: bo.person, rank: 'guest', department: null } as const
    expect(await company.does(company.founder.signer, demote)).toBe('ok')
    expect(await company.writes(bo, doc)).toBe('no-right')
    expect(strongest(rightsOf(company.state, bo.person, company.root))).toBe('read')
  })

  test('a lost phone is cut off while its owner works on', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const phone = await createDeviceKeys()
    await company.does(bo.signer, { type: 'addDevice', person: bo.person, device: phone.public, kit: false })
    const byPhone = { ...bo, keys: phone, signer: signerOf(phone) }
    const doc = company.newDoc(bo)
    expect(await company.writes(byPhone, doc)).toBe('accept')
    expect(await company.does(bo.signer, { type: 'removeDevice', device: phone.id })).toBe('ok')
    expect(await company.writes(byPhone, doc)).toBe('no-right')
    expect(await company.writes(bo, doc)).toBe('accept')
    expect(company.state.scopes.get(company.root)?.rotationDue).toBe(company.state.n)
  })

  test('reads nothing new once the scope has been rotated (A7)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    await company.does(company.founder.signer, { type: 'removeMember', person: bo.person })
    const ids = recipientsOf(company.state, company.root).map((recipient) => recipient.id)
    expect(ids).not.toContain(bo.keys.id)
    expect(ids).not.toContain(bo.kit.id)
    const old = company.scopeKeys.get(`${company.root}.0`)!
    const fresh = createScopeKey()
    const oldKey = await sealOldKey(fresh, old, company.root, 1)
    const commitment = commitmentOf(company.root, 1, fresh)
    const rotate = { type: 'rotate', scope: company.root, epoch: 1, commitment, oldKey } as const
    expect(await company.does(company.founder.signer, rotate)).toBe('ok')
    expect(await openOldKey(old, oldKey, company.root, 1)).toBeNull()
    expect(await openOldKey(fresh, oldKey, company.root, 1)).toEqual(old)
  })

  test('its refused writing can be taken over by a writer, its decisions by nobody (A10)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo', 'manager')
    const right = { subject: { to: 'person', person: bo.person }, right: 'approve', expires: null } as const
    await company.does(company.founder.signer, { type: 'grant', scope: company.root, ...right })
    const [card, request] = [company.newDoc(bo), company.newDoc(bo, company.root, 'decision')]
    const late = await company.seals(bo, card)
    const decision = await company.seals(bo, request, { kind: 'decision' })
    const gil = await company.hires('Gil', 'guest')
    await company.does(company.founder.signer, { type: 'removeMember', person: bo.person })
    expect([company.puts(late), company.puts(decision)]).toEqual(['no-right', 'no-right'])
    const records = [late.id, decision.id]
    const adopt: AuthorityBody = { type: 'adopt', scope: company.root, doc: card.id, records }
    expect(await company.does(gil.signer, adopt)).toBe('no-right')
    expect(await company.does(company.founder.signer, adopt)).toBe('ok')
    expect([company.puts(late), company.puts(decision)]).toEqual(['accept', 'no-right'])
  })
})

describe('a malicious admin', () => {
  test('stays within its rank, and what is private stays closed to it', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo', 'admin')
    const cai = await company.hires('Cai')
    const secret = await company.opens(cai, 'private', null)
    const answers = await climbs(company, bo)
    expect(answers['makes itself an owner']).toBe('above-own-rank')
    expect(answers['removes the founder']).toBe('above-own-rank')
    expect(answers['removes the founder’s device']).toBe('above-own-rank')
    expect(answers['adds a device to the founder']).toBe('no-right')
    expect(answers['moves the relay']).toBe('rank-too-low')
    const subject = { to: 'person', person: bo.person } as const
    const letIn = { type: 'grant', subject, scope: secret, right: 'read', expires: null } as const
    expect(await company.does(bo.signer, letIn)).toBe('no-right')
    expect(strongest(rightsOf(company.state, bo.person, secret))).toBeNull()
  })

  test('can appoint an approver, visibly, but never for what was decided before (A4)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo', 'admin')
    const cai = await company.hires('Cai')
    const request = company.newDoc(cai, company.root, 'decision')
    const early = await company.seals(cai, request, { kind: 'decision' })
    expect(company.puts(early)).toBe('no-right')
    const before = company.log.length
    const subject = { to: 'person', person: cai.person } as const
    const appoint = { type: 'grant', subject, scope: company.root, right: 'approve', expires: null } as const
    expect(await company.does(bo.signer, appoint)).toBe('ok')
    expect(company.log.length).toBe(before + 1)
    expect(await company.writes(cai, request, { kind: 'decision' })).toBe('accept')
  })

  test('cannot un-accept what has been accepted, by naming an older checkpoint (A4)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo', 'admin')
    const cai = await company.hires('Cai')
    const doc = company.newDoc(cai)
    const old = company.checkpoint()
    await company.writes(cai, doc)
    const remove = { type: 'removeMember', person: cai.person } as const
    expect(await company.forces(bo.signer, remove, [old])).toBe('stale')
    expect(await company.forces(bo.signer, remove, [company.checkpoint()])).toBe('ok')
    expect(company.order(company.root).placed).toHaveLength(1)
  })
})
