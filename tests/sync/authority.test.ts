import { describe, expect, test } from 'vitest'
import type { DeviceId, ScopeId } from '#lib/kernel/ids.ts'
import { append, draftAuthority, replay } from '#lib/sync/authority-log.ts'
import { initialState } from '#lib/sync/authority-state.ts'
import { authorityTypes, parseAuthority, signAuthority, type AuthorityBody } from '#lib/sync/authority.ts'
import { randomBytes, randomId } from '#lib/sync/bytes.ts'
import { commitmentOf, createDeviceKeys, createScopeKey, seedKeys, signerOf, type DeviceKeys } from '#lib/sync/keys.ts'
import { touchedScopes } from '#lib/sync/reduce.ts'
import { deviceAt, includes, rightOf, rightsOf } from '#lib/sync/rights.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import { createColleague, foundCompany, NOW } from '#tests/support/sync-company.ts'

describe('the authority log', () => {
  test('Ada founds a company, Bo joins by her link, and a fresh device that replays the log agrees (A3)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    expect(await company.writes(bo, company.newDoc(bo))).toBe('accept')
    expect(includes(rightsOf(company.state, bo.person, company.root), 'write')).toBe(true)

    const replayed = await replay(initialState(company.workspace), company.log, webVerify)
    expect(replayed.refused).toBeNull()
    expect(replayed.state).toEqual(company.state)
  })

  test('a record that does not continue the head is not taken; its author drafts it again (A1, A2)', async () => {
    const company = await foundCompany()
    const { signer } = company.founder
    const body: AuthorityBody = { type: 'policy', name: 'lock', value: true }
    const first = await draftAuthority(company.state, body, NOW, company.headOf, signer)
    const second = await draftAuthority(company.state, { ...body, value: false }, NOW, company.headOf, signer)
    if (!first.ok || !second.ok) throw new Error('both are allowed')
    expect(await company.offer(first.signed)).toBe('ok')
    expect(await company.offer(second.signed)).toBe('not-the-head')
    expect(await company.does(signer, { ...body, value: false })).toBe('ok')
    expect(company.state.policies.get('lock')?.value).toBe(false)
  })

  test('Bo cannot open scopes, or add devices, until nobody else can: each has a limit, and admins have room beyond it (A1)', async () => {
    const company = await foundCompany('Ada')
    const [ada, bo] = [company.founder, await company.hires('Bo')]
    const opens = (): AuthorityBody => {
      const scope = randomId<ScopeId>()
      const commitment = commitmentOf(scope, 0, createScopeKey())
      return { type: 'openScope', scope, parent: company.root, class: 'project', commitment }
    }
    const mayOpen = (who: typeof ada, scopes: number, opener = ada) => {
      const one = company.state.scopes.get(company.root)!
      const known = new Map(company.state.scopes)
      while (known.size < scopes) {
        const id = randomId<ScopeId>()
        known.set(id, { ...one, id, parent: company.root, class: 'project', opener: opener.keys.id })
      }
      const asked = touchedScopes({ ...company.state, scopes: known }, who.keys.id, opens())
      return asked.ok || asked.reason
    }
    expect(mayOpen(bo, 200, bo)).toBe(true)
    expect(mayOpen(bo, 201, bo)).toBe('too-many')
    expect(mayOpen(bo, 3_999)).toBe(true)
    expect(mayOpen(bo, 4_000)).toBe('too-many')
    expect(mayOpen(ada, 4_999)).toBe(true)
    expect(mayOpen(ada, 5_000)).toBe('too-many')

    const mayAdd = async (count: number, to: number | null) => {
      const [own] = [...company.state.devices.values()].filter(({ person, kit }) => person === bo.person && !kit)
      const devices = new Map(company.state.devices)
      // Bo has his first device and his kit.
      for (let more = 2; more < count; more++) {
        const id = randomId<DeviceId>()
        devices.set(id, { ...own!, id, to })
      }
      const device = (await createDeviceKeys()).public
      const body: AuthorityBody = { type: 'addDevice', person: bo.person, device, kit: false }
      const asked = touchedScopes({ ...company.state, devices }, bo.keys.id, body)
      return asked.ok || asked.reason
    }
    expect(await mayAdd(49, null)).toBe(true)
    expect(await mayAdd(50, null)).toBe('too-many')
    expect(await mayAdd(999, company.state.n)).toBe(true)
    expect(await mayAdd(1_000, company.state.n)).toBe('too-many')
  })

  test('every type of record goes through bytes and back', async () => {
    const company = await foundCompany()
    const ada = company.founder
    const bo = await company.hires('Bo')
    const department = await company.opens(ada, 'department')
    await company.does(ada.signer, { type: 'setDepartments', person: bo.person, departments: [department] })
    await company.does(ada.signer, { type: 'setRole', person: bo.person, rank: 'manager', department })
    const subject = { to: 'rank-in', rank: 'manager', department } as const
    await company.does(ada.signer, { type: 'grant', subject, scope: department, right: 'admin', expires: null })
    const grant = { n: company.state.n, index: 0 }
    await company.does(ada.signer, { type: 'expire', what: { grant } })
    await company.does(ada.signer, { type: 'revoke', grant: { n: 0, index: 1 } })
    const { id: invite } = (await company.invite(ada)).keys
    await company.does(ada.signer, { type: 'expire', what: { invite } })
    const laptop = await createDeviceKeys()
    await company.does(ada.signer, { type: 'addDevice', person: ada.person, device: laptop.public, kit: false })
    await company.does(ada.signer, { type: 'removeDevice', device: laptop.id })
    await company.does(ada.signer, {
      type: 'rotate',
      scope: company.root,
      epoch: 1,
      commitment: commitmentOf(company.root, 1, createScopeKey()),
      oldKey: randomBytes(60),
    })
    const doc = company.newDoc(bo)
    const late = await company.seals(bo, doc)
    await company.does(ada.signer, { type: 'removeMember', person: bo.person })
    await company.does(ada.signer, { type: 'adopt', scope: company.root, doc: doc.id, records: [late.id] })
    await company.does(ada.signer, { type: 'policy', name: 'invite.rank', value: 'manager' })
    await company.does(ada.signer, { type: 'relay', relayKey: randomBytes(32), url: 'wss://boat.example/sync' })

    const seen = new Set(
      company.log.map((signed) => {
        const record = parseAuthority(signed)
        return record.ok ? record.value.body.type : record.reason
      }),
    )
    expect([...seen].sort()).toEqual([...authorityTypes].sort())
    const replayed = await replay(initialState(company.workspace), company.log, webVerify)
    expect(replayed.state).toEqual(company.state)
  })

  test('nobody grants at or above their own rank, owners excepted (A1)', async () => {
    const company = await foundCompany('Ada')
    const admin = await company.hires('Bo', 'admin')
    const manager = await company.hires('Cai', 'manager')
    const member = await company.hires('Dee')
    const setRole = (person: typeof member.person, rank: 'owner' | 'admin' | 'manager' | 'member') =>
      ({ type: 'setRole', person, rank, department: null }) as const
    expect(await company.does(admin.signer, setRole(member.person, 'admin'))).toBe('above-own-rank')
    expect(await company.does(admin.signer, setRole(admin.person, 'owner'))).toBe('above-own-rank')
    expect(await company.does(manager.signer, setRole(member.person, 'manager'))).toBe('above-own-rank')
    expect(await company.does(member.signer, setRole(member.person, 'manager'))).toBe('rank-too-low')
    expect((await company.invite(manager, 'manager')).answer).toBe('above-own-rank')
    expect((await company.invite(member, 'member')).answer).toBe('rank-too-low')
    expect((await company.invite(manager, 'member')).answer).toBe('ok')
    expect(await company.does(company.founder.signer, setRole(admin.person, 'owner'))).toBe('ok')
    expect(await company.does(admin.signer, { type: 'removeMember', person: company.founder.person })).toBe('ok')
  })

  test('the last owner stays: not demoted, not removed, not without any device (A1)', async () => {
    const company = await foundCompany('Ada')
    const { signer, person, keys, kit } = company.founder
    expect(await company.does(signer, { type: 'setRole', person, rank: 'admin', department: null })).toBe('last-owner')
    expect(await company.does(signer, { type: 'removeMember', person })).toBe('last-owner')
    expect(await company.does(signer, { type: 'removeDevice', device: kit.id })).toBe('ok')
    expect(await company.does(signer, { type: 'removeDevice', device: keys.id })).toBe('last-owner')
  })

  test('an invite works once, not after it was ended, not for a rank that its author lost (A9)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo', 'manager')
    const [cai, dee, eva, fay] = await Promise.all(['Cai', 'Dee', 'Eva', 'Fay'].map(createColleague))
    const once = await company.invite(bo)
    expect(await company.does(cai!.signer, await company.joinBody(cai!, once.keys))).toBe('ok')
    expect(await company.does(dee!.signer, await company.joinBody(dee!, once.keys))).toBe('invite-used')

    const ended = await company.invite(bo)
    expect(await company.does(bo.signer, { type: 'expire', what: { invite: ended.keys.id } })).toBe('ok')
    expect(await company.does(eva!.signer, await company.joinBody(eva!, ended.keys))).toBe('invite-expired')

    const orphaned = await company.invite(bo)
    expect(await company.does(company.founder.signer, { type: 'removeMember', person: bo.person })).toBe('ok')
    expect(await company.does(fay!.signer, await company.joinBody(fay!, orphaned.keys))).toBe('inviter-gone')
  })

  test('an invite of another workspace opens nothing here (A9)', async () => {
    const here = await foundCompany('Ada')
    const there = await foundCompany('Zoe')
    const bo = await createColleague('Bo')
    const { keys } = await there.invite(there.founder)
    expect(await here.forces(bo.signer, await here.joinBody(bo, keys), [here.checkpoint()])).toBe('unknown-invite')
  })

  test('a link lets in one device of the holder’s choice: somebody else cannot use the proof (A9)', async () => {
    const company = await foundCompany()
    const [bo, eve] = [await createColleague('Bo'), await createColleague('Eve')]
    const { keys } = await company.invite(company.founder)
    const honest = await company.joinBody(bo, keys)
    const stolen = { ...honest, person: eve.person, device: eve.keys.public, kit: eve.kit.public }
    expect(await company.forces(eve.signer, stolen, [company.checkpoint()])).toBe('bad-signature')
    expect(await company.forces(eve.signer, honest, [company.checkpoint()])).toBe('bad-signature')
    expect(await company.does(bo.signer, honest)).toBe('ok')
  })

  test('who joins on an invite above member is a member until somebody raises them (A9)', async () => {
    const company = await foundCompany('Ada')
    const bo = await createColleague('Bo')
    const { keys } = await company.invite(company.founder, 'admin')
    expect(await company.does(bo.signer, await company.joinBody(bo, keys))).toBe('ok')
    expect(company.state.people.get(bo.person)?.ranks.at(-1)?.rank).toBe('member')
  })

  test('Bo loses his laptop: the kit adds a new one and removes the lost one, and does nothing else', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const kit = signerOf(bo.kit)
    const laptop = await createDeviceKeys()
    expect(await company.does(kit, { type: 'policy', name: 'x', value: 1 })).toBe('kit-device')
    expect(await company.does(kit, { type: 'addDevice', person: bo.person, device: laptop.public, kit: false })).toBe(
      'ok',
    )
    expect(await company.does(kit, { type: 'removeDevice', device: bo.keys.id })).toBe('ok')
    const doc = company.newDoc(bo)
    expect(await company.writes(bo, doc)).toBe('no-right')
    expect(await company.writes({ ...bo, keys: laptop, signer: signerOf(laptop) }, doc)).toBe('accept')
    expect(await company.writes({ ...bo, keys: bo.kit, signer: kit }, doc)).toBe('no-right')
  })

  test('a link lets in one device and is gone with that; what it let in shows links of its own', async () => {
    const company = await foundCompany('Ada')
    const { person, signer } = company.founder
    const [seed, phone, other] = [await createDeviceKeys(), await createDeviceKeys(), await createDeviceKeys()]
    const add = ({ public: device }: DeviceKeys) => ({ type: 'addDevice', person, device, kit: false }) as const
    expect(await company.does(signer, add(seed))).toBe('ok')
    expect(await company.does(signerOf(seed), add(phone))).toBe('ok')
    expect(deviceAt(company.state, seed.id)).toBeNull()
    expect(company.state.scopes.get(company.root)?.rotationDue).not.toBeNull()
    expect(await company.does(signerOf(seed), add(other))).toBe('removed')
    for (const shown of [signerOf(phone), signer]) {
      const next = await createDeviceKeys()
      expect(await company.does(shown, add(next))).toBe('ok')
      expect(deviceAt(company.state, shown.device)).not.toBeNull()
    }
  })

  test('nobody adds a device for somebody else, and a removed device never comes back', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo', 'admin')
    const spare = await createDeviceKeys()
    const add = { type: 'addDevice', device: spare.public, kit: false } as const
    expect(await company.does(bo.signer, { ...add, person: company.founder.person })).toBe('no-right')
    expect(await company.does(bo.signer, { ...add, person: bo.person })).toBe('ok')
    expect(await company.does(bo.signer, { type: 'removeDevice', device: spare.id })).toBe('ok')
    expect(await company.does(bo.signer, { ...add, person: bo.person })).toBe('known-already')
  })

  test('a genesis for another workspace, or by another device, founds nothing', async () => {
    const company = await foundCompany('Ada')
    const strange = initialState(randomId())
    expect(await append(strange, company.log[0]!, webVerify)).toEqual({ ok: false, reason: 'wrong-workspace' })
    const eve = await createColleague('Eve')
    const parsed = parseAuthority(company.log[0]!)
    if (!parsed.ok) throw new Error(parsed.reason)
    const forged = await signAuthority({ ...parsed.value, prev: null }, eve.signer)
    expect(await append(initialState(company.workspace), forged, webVerify)).toMatchObject({ ok: false })
  })

  test('a forged record in the middle of a cold log is named, and nothing after it counts (A3)', async () => {
    const company = await foundCompany('Ada')
    await company.hires('Bo')
    await company.hires('Cai')
    const log = company.log.map((signed) => signed.slice())
    log[3]![log[3]!.length - 1]! ^= 1
    const replayed = await replay(initialState(company.workspace), log, webVerify)
    expect(replayed.refused).toEqual({ index: 3, reason: 'bad-signature' })
    expect(replayed.state.n).toBe(2)
    expect(replayed.records).toHaveLength(3)
  })

  test('rotation follows the loss of reading, epoch by epoch (A7)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const guest = await company.hires('Gil', 'guest')
    const rotate = (epoch: number): AuthorityBody => ({
      type: 'rotate',
      scope: company.root,
      epoch,
      commitment: commitmentOf(company.root, epoch, createScopeKey()),
      oldKey: randomBytes(60),
    })
    expect(company.state.scopes.get(company.root)?.rotationDue).toBeNull()
    await company.does(company.founder.signer, { type: 'removeMember', person: bo.person })
    expect(company.state.scopes.get(company.root)?.rotationDue).toBe(company.state.n)
    expect(await company.does(guest.signer, rotate(1))).toBe('no-right')
    expect(await company.does(company.founder.signer, rotate(2))).toBe('wrong-epoch')
    expect(await company.does(company.founder.signer, rotate(1))).toBe('ok')
    expect(company.state.scopes.get(company.root)?.rotationDue).toBeNull()
    expect(await company.does(company.founder.signer, rotate(1))).toBe('wrong-epoch')
  })

  test('what touches scopes names exactly their checkpoints, and these never go back (A4)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const bo = await company.hires('Bo')
    const other = await company.opens(ada)
    const doc = company.newDoc(ada)
    await company.writes(ada, doc)
    const remove: AuthorityBody = { type: 'removeMember', person: bo.person }
    const [root, project] = [company.checkpoint(), company.checkpoint(other)]
    expect(await company.forces(ada.signer, remove)).toBe('checkpoints-missing')
    expect(await company.forces(ada.signer, remove, [root])).toBe('checkpoints-missing')
    const strange = { ...root, scope: randomId<ScopeId>() }
    expect(await company.forces(ada.signer, remove, [root, project, strange])).toBe('checkpoints-extra')
    expect(await company.forces(ada.signer, remove, [{ ...root, order: project.order }, project])).toBe('stale')
    expect(await company.forces(ada.signer, remove, [{ ...root, position: 99 }, project])).toBe('stale')
    expect(await company.forces(ada.signer, { type: 'policy', name: 'x', value: 1 }, [root])).toBe('checkpoints-extra')
    expect(await company.forces(ada.signer, remove, [root, project])).toBe('ok')

    await company.writes(ada, doc)
    const { n } = company.state
    const grant: AuthorityBody = {
      type: 'grant',
      subject: { to: 'everyone' },
      scope: company.root,
      right: 'comment',
      expires: null,
    }
    await company.does(ada.signer, grant)
    expect(company.state.n).toBe(n + 1)
    expect(await company.forces(ada.signer, grant, [root, company.checkpoint(other)])).toBe('stale')
  })

  test('the key of an invite is nobody’s device, and a device is nobody’s invite', async () => {
    const company = await foundCompany('Ada')
    const { keys } = await company.invite(company.founder)
    const add = { type: 'addDevice', person: company.founder.person, device: keys.public, kit: false } as const
    expect(await company.does(company.founder.signer, add)).toBe('known-already')
    expect(rightOf(company.state, keys.id, company.root)).toBe(0)
    expect((await seedKeys(randomBytes(32), 'seed')).id).not.toBe(keys.id)
  })
})
