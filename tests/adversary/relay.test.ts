import { describe, expect, test } from 'vitest'
import { judgeSealed } from '#lib/sync/accept.ts'
import { append, replay } from '#lib/sync/authority-log.ts'
import type { ScopeId } from '#lib/kernel/ids.ts'
import { signAuthority } from '#lib/sync/authority.ts'
import { initialState, type AuthorityState } from '#lib/sync/authority-state.ts'
import { copyOf, randomBytes, toHash, type Hash } from '#lib/sync/bytes.ts'
import { contentKey, createDeviceKeys } from '#lib/sync/keys.ts'
import { orderNext, orderStart } from '#lib/sync/order.ts'
import { openRecord, parseRecord, verifyRecord, type SealedRecord } from '#lib/sync/records.ts'
import { encode } from '#lib/sync/cbor.ts'
import { mayAccept, prefixFor, rightsOf, strongest } from '#lib/sync/rights.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import { foundCompany, NOW, type Company } from '#tests/support/sync-company.ts'

/** What a device does with checkpoints and the order that it holds: the first that cannot both be true, or null. */
function contradictedCheckpoint(
  state: AuthorityState,
  scope: ScopeId,
  orderAt: (position: number) => Hash | null,
): { n: number; position: number } | null {
  const { items, length } = state.scopes.get(scope)!.checkpoints
  const found = items.slice(0, length).find(({ position, order }) => {
    const held = orderAt(position)
    return held !== null && held !== order
  })
  return found ? { n: found.n, position: found.position } : null
}

const fresh = (company: Company) => initialState(company.workspace)

describe('a malicious relay', () => {
  test('cannot swap the genesis, drop, repeat or reorder the log, or slip a record in', async () => {
    const company = await foundCompany('Ada')
    const other = await foundCompany('Eve')
    await company.hires('Bo')
    await company.hires('Cai')
    const [a, b, c, d] = company.log as [Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]]
    const refusedAt = async (log: (typeof a)[]) => (await replay(fresh(company), log, webVerify)).refused
    expect(await refusedAt([...company.log])).toBeNull()
    expect(await refusedAt([other.log[0]!])).toEqual({ index: 0, reason: 'wrong-workspace' })
    expect(await refusedAt([a, c!])).toMatchObject({ index: 1 })
    expect(await refusedAt([a, b!, b!])).toMatchObject({ index: 2, reason: 'not-the-head' })
    expect(await refusedAt([a, b!, d!, c!])).toMatchObject({ index: 2 })
    expect(await refusedAt([a, b!, other.log[0]!])).toMatchObject({ index: 2 })
  })

  test('can withhold the end of the log, and what it shows is still the truth of its day', async () => {
    const company = await foundCompany('Ada')
    await company.hires('Bo')
    const { n } = company.state
    const shown = await replay(fresh(company), company.log.slice(0, n + 1), webVerify)
    const cai = await company.hires('Cai')
    await company.does(company.founder.signer, { type: 'policy', name: 'lock', value: true })
    const all = await replay(fresh(company), company.log, webVerify)
    expect(shown.refused).toBeNull()
    for (const person of [company.founder.person, cai.person]) {
      expect(rightsOf(shown.state, person, company.root)).toBe(rightsOf(all.state, person, company.root, n))
    }
    expect(strongest(rightsOf(all.state, cai.person, company.root))).toBe('write')
    expect(strongest(rightsOf(shown.state, cai.person, company.root))).toBeNull()
  })

  test('cannot read a record, nor change one, nor move it to another document', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const [doc, other] = [company.newDoc(ada), company.newDoc(ada)]
    const record = await company.seals(ada, doc)
    expect(await openRecord(record, await contentKey(randomBytes(32), doc.id, 0, ada.keys.id))).toBeNull()
    const { headerBytes: elsewhere } = await company.seals(ada, other)
    const moved = parseRecord(encode([elsewhere, record.ciphertext, record.signature]))
    if (!moved.ok) throw new Error(moved.reason)
    expect(await verifyRecord(moved.value, ada.keys.public.sign, webVerify)).toBeNull()
    const key = await contentKey(company.scopeKeys.get(`${company.root}.0`)!, other.id, 0, ada.keys.id)
    expect(await openRecord(moved.value, key)).toBeNull()
  })

  test('cannot drop, repeat or reorder one device’s records without every device noticing (R1, R13)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const doc = company.newDoc(ada)
    for (let i = 0; i < 3; i++) await company.writes(ada, doc)
    const [one, two, three] = company.order(company.root).placed.map((placed) => placed.record)
    const reads = async (list: readonly SealedRecord[]) => {
      // A fresh device with the log in hand.
      const device = await foundCompany('nobody')
      device.state = company.state
      device.orders.clear()
      const answers: string[] = []
      for (const record of list) {
        const verified = await verifyRecord(record, ada.keys.public.sign, webVerify)
        answers.push(verified ? device.puts(verified) : 'forged')
      }
      return answers
    }
    expect(await reads([one!, two!, three!])).toEqual(['accept', 'accept', 'accept'])
    expect(await reads([one!, three!])).toEqual(['accept', 'seq-gap'])
    expect(await reads([one!, one!, two!])).toEqual(['accept', 'duplicate', 'accept'])
    expect(await reads([two!, one!])).toEqual(['unknown-document', 'accept'])
    const damaged = copyOf(one!.bytes)
    damaged[damaged.length - 1]! ^= 1
    const parsed = parseRecord(damaged)
    if (!parsed.ok) throw new Error(parsed.reason)
    expect(await reads([parsed.value])).toEqual(['forged'])
  })

  test('shows different orders to different devices, and the next checkpoint convicts it (A4)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const bo = await company.hires('Bo')
    const [left, right] = [company.newDoc(ada), company.newDoc(bo)]
    await company.writes(ada, left)
    await company.writes(bo, right)
    await company.does(ada.signer, { type: 'removeMember', person: bo.person })
    const { hashes, placed } = company.order(company.root)
    const honest = (position: number) => hashes[position] ?? null
    expect(contradictedCheckpoint(company.state, company.root, honest)).toBeNull()
    const swapped = [orderStart(company.root)]
    for (const { record } of [...placed].reverse()) swapped.push(orderNext(swapped.at(-1)!, record))
    const shown = (position: number) => swapped[position] ?? null
    expect(contradictedCheckpoint(company.state, company.root, shown)).toEqual({ n: company.state.n, position: 2 })
    // A device that is not there yet cannot judge, and does not cry wolf.
    expect(contradictedCheckpoint(company.state, company.root, () => null)).toBeNull()
  })
})

describe('a relay together with a removed member', () => {
  test('finds no place for a late record: behind the checkpoint the hashes break, after it the right is gone (A4)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const bo = await company.hires('Bo')
    const doc = company.newDoc(bo)
    await company.writes(bo, doc)
    await company.writes(ada, company.newDoc(ada))
    const late = await company.seals(bo, doc)
    await company.does(ada.signer, { type: 'removeMember', person: bo.person })
    const { hashes } = company.order(company.root)

    // After it, at any distance.
    for (const position of [3, 4, 50]) {
      const verdict = judgeSealed(late, { ...company.context(company.root), position })
      expect(verdict).toEqual({ verdict: 'refuse', reason: 'no-right' })
    }
    // Behind it, as a second record of the scope: it would be accepted by its place …
    const inserted = judgeSealed(late, { ...company.context(company.root), position: 2 })
    expect(inserted).toMatchObject({ verdict: 'accept' })
    // … but the order that has it is not the order that the log was signed over.
    const forged = [hashes[0]!, hashes[1]!, orderNext(hashes[1]!, late)]
    const found = contradictedCheckpoint(company.state, company.root, (position) => forged[position] ?? null)
    expect(found).toEqual({ n: company.state.n, position: 2 })
  })

  test('finds none behind a place that an accomplice invented, before the removal or after it (A4)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const [bo, cai] = [await company.hires('Bo'), await company.hires('Cai')]
    const doc = company.newDoc(bo)
    for (let i = 0; i < 2; i++) await company.writes(bo, doc)
    // It takes whatever place the accomplice names, as if it had lost it.
    company.lookups.isLost = () => true
    const invents = async () => {
      const phone = {
        type: 'addDevice',
        person: cai.person,
        device: (await createDeviceKeys()).public,
        kit: false,
      } as const
      const checkpoint = { scope: company.root, position: 9_000, order: toHash('ab'.repeat(32)) }
      expect(await company.forces(cai.signer, phone, [checkpoint])).toBe('ok')
    }
    await invents()
    expect(await company.does(ada.signer, { type: 'removeMember', person: bo.person })).toBe('ok')
    const removedAt = company.state.n
    await invents()
    const late = await company.seals(bo, doc)
    for (const position of [3, 4, 9_000, 9_001]) {
      const verdict = judgeSealed(late, { ...company.context(company.root), position })
      expect(verdict).toEqual({ verdict: 'refuse', reason: 'no-right' })
    }
    expect(prefixFor(company.state, company.root, 2)).toBeLessThan(removedAt)
    // What others do counts at once, too.
    const dee = await company.hires('Dee')
    expect(await company.writes(dee, company.newDoc(dee))).toBe('accept')
  })

  test('takes nothing back that was accepted, by having an accomplice name an older place (A4)', async () => {
    const company = await foundCompany('Ada')
    const [bo, cai] = [await company.hires('Bo'), await company.hires('Cai')]
    const doc = company.newDoc(bo)
    for (let i = 0; i < 3; i++) await company.writes(bo, doc)
    await company.does(company.founder.signer, { type: 'removeMember', person: bo.person })
    const { n, head } = company.state
    const body = {
      type: 'addDevice',
      person: cai.person,
      device: (await createDeviceKeys()).public,
      kit: false,
    } as const
    const checkpoints = [{ scope: company.root, position: 0, order: orderStart(company.root) }]
    const signed = await signAuthority({ n: n + 1, prev: head, at: NOW, checkpoints, body }, cai.signer)
    expect(await company.offer(signed)).toBe('stale')
    const taken = await append(company.state, signed, webVerify)
    if (!taken.ok) throw new Error(taken.reason)
    for (const { record, lane, position } of company.order(company.root).placed)
      expect(mayAccept(taken.state, record, lane, position, null, company.lookups.orderAt).ok).toBe(true)
  })

  test('cannot hide a late record in the order of another scope, where no checkpoint reaches (A4)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const doc = company.newDoc(bo)
    for (let i = 0; i < 3; i++) await company.writes(bo, doc)
    const late = await company.seals(bo, doc)
    const other = await company.opens(company.founder)
    await company.does(company.founder.signer, { type: 'removeMember', person: bo.person })
    const context = company.context(other)
    expect(context.position).toBe(1)
    expect(judgeSealed(late, context)).toEqual({ verdict: 'refuse', reason: 'wrong-binding' })
  })

  test('cannot hide the removal and go on: what is accepted under the shorter log contradicts the longer one', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const doc = company.newDoc(bo)
    await company.writes(bo, doc)
    const hidden = company.state
    const late = await company.seals(bo, doc)
    await company.does(company.founder.signer, { type: 'removeMember', person: bo.person })
    const context = company.context(company.root)
    expect(judgeSealed(late, { ...context, state: hidden }).verdict).toBe('accept')
    expect(judgeSealed(late, context)).toEqual({ verdict: 'refuse', reason: 'no-right' })
  })
})
