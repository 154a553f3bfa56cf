import { expect, test } from 'vitest'
import { toInstant } from '#lib/kernel/instants.ts'
import { inviteLapsed, lapsed, replay } from '#lib/sync/authority-log.ts'
import { initialState } from '#lib/sync/authority-state.ts'
import { randomBytes } from '#lib/sync/bytes.ts'
import { contentKey, seedKeys } from '#lib/sync/keys.ts'
import { encodeInviteLink, parseInviteLink } from '#lib/sync/links.ts'
import { openRecord, parseRecord, verifyRecordNow } from '#lib/sync/records.ts'
import { recipientsOf } from '#lib/sync/rights.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import { openWrap, parseWrap, verifyWrap, wrapScopeKey } from '#lib/sync/wraps.ts'
import { createColleague, DAY, foundCompany, NOW } from '#tests/support/sync-company.ts'

test('Bo joins and reads while Ada, who invited him, is offline (A9)', async () => {
  const company = await foundCompany('Ada')
  const ada = company.founder
  const doc = company.newDoc(ada)
  await company.writes(ada, doc)
  const { seed, keys: invited } = await company.invite(ada)
  const { workspace, root } = company
  const scopeKey = company.scopeKeys.get(`${root}.0`)!
  const to = { workspace, scope: root, epoch: 0, recipient: invited.id }
  const stored = await wrapScopeKey(to, invited.public.agree, scopeKey, ada.signer)
  const link = encodeInviteLink('https://boat.example', { workspace, relay: 'wss://boat.example/sync', seed })

  // From here on Ada is gone: the relay has log, wrap and records, Bo has the link.
  const parsed = parseInviteLink(link)
  if (!parsed.ok) throw new Error(parsed.reason)
  const seeds = await seedKeys(parsed.value.seed, 'seed')
  const { state } = await replay(initialState(parsed.value.workspace), company.log, webVerify)
  const wrap = parseWrap(stored)
  if (!wrap.ok) throw new Error(wrap.reason)
  expect(await verifyWrap(wrap.value, state.devices.get(wrap.value.sender)!.keys.sign, webVerify)).toBe(true)
  const key = await openWrap(wrap.value, seeds, state.scopes.get(root)!.epochs[0]!.commitment)
  expect(key).toEqual(scopeKey)

  const bo = await createColleague('Bo')
  expect(await company.does(bo.signer, await company.joinBody(bo, seeds))).toBe('ok')
  const [first] = company.order(root).placed
  const record = parseRecord(first!.record.bytes)
  if (!record.ok) throw new Error(record.reason)
  const content = await contentKey(key!, doc.id, 0, record.value.header.device)
  expect(await openRecord(record.value, content)).not.toBeNull()
  expect(await company.writes(bo, doc)).toBe('accept')
  expect(recipientsOf(company.state, root).map((each) => each.id)).not.toContain(seeds.id)
})

test('an invite past its claimed expiry is the relay’s to refuse, and anybody entitled may end it (A9)', async () => {
  const company = await foundCompany('Ada')
  const { keys } = await company.invite(company.founder)
  expect(inviteLapsed(company.state, keys.id, NOW)).toBe(false)
  expect(lapsed(company.state, NOW)).toEqual([])
  const later = toInstant(NOW + DAY)
  expect(inviteLapsed(company.state, keys.id, later)).toBe(true)
  const ends = lapsed(company.state, later)
  expect(ends).toEqual([{ type: 'expire', what: { invite: keys.id } }])
  expect(await company.does(company.founder.signer, ends[0]!)).toBe('ok')
  expect(lapsed(company.state, later)).toEqual([])
})

test('a verifier that answers at once gives the same verdict on a record', async () => {
  const company = await foundCompany('Ada')
  const record = await company.seals(company.founder, company.newDoc(company.founder))
  const { sign } = company.founder.keys.public
  expect(verifyRecordNow(record, sign, (key) => key === sign)).toBe(record)
  expect(verifyRecordNow(record, sign, () => false)).toBeNull()
})

test('a link that was opened with the full stop or the bracket of the sentence that it stood in is that link', async () => {
  const company = await foundCompany()
  const link = encodeInviteLink('https://boat.example', {
    workspace: company.workspace,
    relay: 'wss://boat.example/sync',
    seed: randomBytes(32),
  })
  const plain = parseInviteLink(link)
  expect(plain.ok).toBe(true)
  for (const behind of ['.', '。', ')', '）', '%E3%80%82', '> ']) expect(parseInviteLink(link + behind)).toEqual(plain)
})
