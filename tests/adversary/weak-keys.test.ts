import { describe, expect, test } from 'vitest'
import type { ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { concat, fromHex, randomBytes, randomId, utf8 } from '#lib/sync/bytes.ts'
import { createDeviceKeys } from '#lib/sync/keys.ts'
import { isWeakAgreeKey, isWeakSignKey } from '#lib/sync/weak-keys.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import { wrapScopeKey } from '#lib/sync/wraps.ts'
import { createColleague, foundCompany } from '#tests/support/sync-company.ts'

const identity = fromHex(`01${'00'.repeat(31)}`)
const zero = new Uint8Array(32)

describe('keys that are no keys', () => {
  test('the danger is real: one signature holds for every message under a key of small order', async () => {
    const holdsAlways = concat(identity, new Uint8Array(32))
    const held = [
      await webVerify(identity, utf8('one'), holdsAlways),
      await webVerify(identity, utf8('two'), holdsAlways),
    ]
    // Engines differ here, which is the other half of the danger; none may hold for one message and not for the other.
    expect(held[0]).toBe(held[1])
  })

  test('nobody adds a device that anybody could sign as (R1)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const fair = (await createDeviceKeys()).public
    const add = { type: 'addDevice', person: bo.person, kit: false } as const
    for (const last of [0, 128]) {
      const sign = identity.slice()
      sign[31]! |= last
      expect(await company.does(bo.signer, { ...add, device: { ...fair, sign } })).toBe('bad-record')
    }
    expect(await company.does(bo.signer, { ...add, device: fair })).toBe('ok')
  })

  test('nobody joins with a key that nothing can be wrapped to, so that others would get no keys either (A6)', async () => {
    const company = await foundCompany('Ada')
    const eve = await createColleague('Eve')
    const to = { workspace: randomId<WorkspaceId>(), scope: randomId<ScopeId>(), epoch: 0, recipient: eve.keys.id }
    await expect(wrapScopeKey(to, zero, randomBytes(32), eve.signer)).rejects.toThrow()
    const { keys } = await company.invite(company.founder)
    const join = await company.joinBody(eve, keys)
    const weak = { ...join, device: { ...join.device, agree: zero } }
    expect(await company.does(eve.signer, weak)).toBe('bad-record')
    expect(await company.does(eve.signer, join)).toBe('ok')
  })

  test('honest keys are not taken for weak ones', async () => {
    for (let i = 0; i < 20; i++) {
      const { sign, agree } = (await createDeviceKeys()).public
      expect([isWeakSignKey(sign), isWeakAgreeKey(agree)]).toEqual([false, false])
    }
  })
})
