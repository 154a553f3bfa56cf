import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { DeviceId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { append, replay } from '#lib/sync/authority-log.ts'
import { initialState } from '#lib/sync/authority-state.ts'
import { copyOf, equal, randomBytes, randomId, type Bytes } from '#lib/sync/bytes.ts'
import { readChange } from '#lib/sync/change-bytes.ts'
import { createDeviceKeys, signerOf } from '#lib/sync/keys.ts'
import { wordsToKit } from '#lib/sync/kit.ts'
import { parseInviteLink } from '#lib/sync/links.ts'
import { parseRecord, verifyRecord } from '#lib/sync/records.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import { parseWrap, verifyWrap, wrapScopeKey } from '#lib/sync/wraps.ts'
import { craftChange } from '#tests/support/craft-change.ts'
import { foundCompany, type Company } from '#tests/support/sync-company.ts'

let company: Company
let record: Bytes
let wrap: Bytes
let change: Bytes
beforeAll(async () => {
  company = await foundCompany('Ada')
  await company.hires('Bo')
  record = (await company.seals(company.founder, company.newDoc(company.founder))).bytes
  const { id, public: keys } = await createDeviceKeys()
  const to = { workspace: randomId<WorkspaceId>(), scope: randomId<ScopeId>(), epoch: 0, recipient: id }
  wrap = await wrapScopeKey(to, keys.agree, randomBytes(32), company.founder.signer)
  change = craftChange({ actor: 'ab'.repeat(24), seq: 1, startOp: 1, deps: [], operations: 3 })
})

/** Some bytes overwritten, cut out or put in: never the original. */
const damage = fc.record({
  at: fc.nat(),
  cut: fc.nat(8),
  put: fc.uint8Array({ maxLength: 8 }),
})
const damaged = (original: Bytes, { at, cut, put }: { at: number; cut: number; put: Uint8Array }): Bytes => {
  const from = at % (original.length + 1)
  return Uint8Array.from([...original.subarray(0, from), ...put, ...original.subarray(from + cut)])
}

describe('whatever bytes arrive', () => {
  test('a damaged or random record never throws and never counts (R13)', async () => {
    await fc.assert(
      fc.asyncProperty(damage, fc.uint8Array({ maxLength: 300 }), async (how, random) => {
        for (const bytes of [damaged(record, how), Uint8Array.from(random)]) {
          const parsed = parseRecord(bytes)
          if (!parsed.ok || equal(bytes, record)) continue
          expect(await verifyRecord(parsed.value, company.founder.keys.public.sign, webVerify)).toBeNull()
        }
      }),
      { numRuns: 500 },
    )
  })

  test('a damaged or random record of the log never throws and is never taken in (R13)', async () => {
    const next = company.log[2]!
    const { state } = await replay(initialState(company.workspace), company.log.slice(0, 2), webVerify)
    expect(await append(state, next, webVerify)).toMatchObject({ ok: true })
    await fc.assert(
      fc.asyncProperty(damage, fc.uint8Array({ maxLength: 300 }), async (how, random) => {
        for (const bytes of [damaged(next, how), Uint8Array.from(random)]) {
          if (equal(bytes, next)) continue
          expect(await append(state, bytes, webVerify)).toMatchObject({ ok: false })
        }
      }),
      { numRuns: 500 },
    )
  })

  test('a damaged or random wrap never throws and is never believed (R13)', async () => {
    await fc.assert(
      fc.asyncProperty(damage, fc.uint8Array({ maxLength: 300 }), async (how, random) => {
        for (const bytes of [damaged(wrap, how), Uint8Array.from(random)]) {
          const parsed = parseWrap(bytes)
          if (!parsed.ok || equal(bytes, wrap)) continue
          expect(await verifyWrap(parsed.value, company.founder.keys.public.sign, webVerify)).toBe(false)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('a damaged change is refused, in little time, whatever it claims (R6)', async () => {
    await fc.assert(
      fc.asyncProperty(damage, async (how) => {
        const bytes = damaged(change, how)
        if (!equal(bytes, change)) expect(await readChange(copyOf(bytes))).toMatchObject({ ok: false })
      }),
      { numRuns: 500 },
    )
  })

  test('what a person pastes as a link or types as words never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (typed) => {
        expect(parseInviteLink(typed).ok).toBe(false)
        expect(wordsToKit(typed).ok).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('signing in another’s name needs the other’s key', async () => {
    const eve = signerOf(await createDeviceKeys())
    const impostor = { ...eve, device: company.founder.keys.id as DeviceId }
    expect(await company.forces(impostor, { type: 'policy', name: 'x', value: 1 })).toBe('bad-signature')
  })
})
