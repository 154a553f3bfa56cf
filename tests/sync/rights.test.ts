import { describe, expect, test } from 'vitest'
import { toInstant } from '#lib/kernel/instants.ts'
import type { AuthorityBody, Right, Subject } from '#lib/sync/authority.ts'
import { includes, prefixFor, recipientsOf, rightOf, rightsOf, strongest } from '#lib/sync/rights.ts'
import { DAY, foundCompany, NOW } from '#tests/support/sync-company.ts'

const grantOf = (subject: Subject, scope: Extract<AuthorityBody, { type: 'grant' }>['scope'], right: Right) =>
  ({ type: 'grant', subject, scope, right, expires: null }) as const

describe('rights', () => {
  test('members write, guests read, owners administer, strangers nothing (A5)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const gil = await company.hires('Gil', 'guest')
    const right = (person: typeof bo.person) => strongest(rightsOf(company.state, person, company.root))
    expect(right(company.founder.person)).toBe('admin')
    expect(right(bo.person)).toBe('write')
    expect(right(gil.person)).toBe('read')
    expect(rightOf(company.state, company.founder.kit.id, company.root)).toBe(1)
  })

  test('a project manager creates tasks, ordinary staff only view, once everybody’s writing is taken back (P4)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const bo = await company.hires('Bo')
    const cai = await company.hires('Cai')
    const project = await company.opens(ada)
    await company.does(ada.signer, grantOf({ to: 'everyone' }, company.root, 'read'))
    expect(await company.does(ada.signer, { type: 'revoke', grant: { n: 0, index: 0 } })).toBe('ok')
    await company.does(ada.signer, grantOf({ to: 'person', person: bo.person }, project, 'write'))
    expect(await company.writes(bo, company.newDoc(bo, project))).toBe('accept')
    expect(await company.writes(cai, company.newDoc(cai, project))).toBe('no-right')
    expect(includes(rightsOf(company.state, cai.person, project), 'read')).toBe(true)
  })

  test('comment writes only in talk, approve only in decisions (A5)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const gil = await company.hires('Gil', 'guest')
    const vera = await company.hires('Vera', 'guest')
    await company.does(ada.signer, grantOf({ to: 'person', person: gil.person }, company.root, 'comment'))
    await company.does(ada.signer, grantOf({ to: 'person', person: vera.person }, company.root, 'approve'))
    const answers = async (who: typeof gil) => ({
      main: await company.writes(who, company.newDoc(who, company.root, 'main')),
      talk: await company.writes(who, company.newDoc(who, company.root, 'talk')),
      decision: await company.writes(who, company.newDoc(who, company.root, 'decision'), { kind: 'decision' }),
    })
    expect(await answers(gil)).toEqual({ main: 'no-right', talk: 'accept', decision: 'no-right' })
    expect(await answers(vera)).toEqual({ main: 'no-right', talk: 'no-right', decision: 'accept' })
    expect(await company.writes(ada, company.newDoc(ada), { kind: 'decision' })).toBe('wrong-lane')
  })

  test('grants inherit downwards, and stop at what is private, for admins too (A5)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const cai = await company.hires('Cai')
    const team = await company.opens(bo)
    const secret = await company.opens(bo, 'private', team)
    const inside = await company.opens(bo, 'project', secret)
    const right = (person: typeof bo.person, scope: typeof team) => strongest(rightsOf(company.state, person, scope))
    expect(right(cai.person, team)).toBe('write')
    expect(right(company.founder.person, secret)).toBeNull()
    expect(right(cai.person, inside)).toBeNull()
    expect(right(bo.person, inside)).toBe('admin')
    expect(await company.does(company.founder.signer, grantOf({ to: 'everyone' }, secret, 'read'))).toBe('no-right')
    expect(await company.does(bo.signer, grantOf({ to: 'everyone' }, secret, 'read'))).toBe('private-needs-person')
    expect(await company.does(bo.signer, grantOf({ to: 'person', person: cai.person }, secret, 'read'))).toBe('ok')
    expect(right(cai.person, inside)).toBe('read')
  })

  test('a role in a department counts while its holder belongs to it (A5)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const [head, staff] = [await company.hires('Hua'), await company.hires('Su')]
    const department = await company.opens(ada, 'department')
    const subject = { to: 'rank-in', rank: 'manager', department } as const
    await company.does(ada.signer, grantOf(subject, department, 'admin'))
    const setRole = { type: 'setRole', person: head.person, rank: 'manager', department } as const
    expect(await company.does(ada.signer, setRole)).toBe('not-in-department')
    for (const person of [head.person, staff.person]) {
      await company.does(ada.signer, { type: 'setDepartments', person, departments: [department] })
    }
    expect(await company.does(staff.signer, setRole)).toBe('rank-too-low')
    expect(await company.does(ada.signer, setRole)).toBe('ok')
    const right = (person: typeof head.person) => strongest(rightsOf(company.state, person, department))
    expect([right(head.person), right(staff.person)]).toEqual(['admin', 'write'])
    const promote = { type: 'setRole', person: staff.person, rank: 'manager', department } as const
    expect(await company.does(head.signer, promote)).toBe('above-own-rank')
    expect(await company.does(head.signer, { ...promote, rank: 'guest' })).toBe('ok')
    await company.does(ada.signer, { type: 'setDepartments', person: head.person, departments: [] })
    expect(right(head.person)).toBe('write')
  })

  test('a grant past its claimed expiry no longer counts at the relay, and on the log once a record says so (A5)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const gil = await company.hires('Gil', 'guest')
    const subject = { to: 'person', person: gil.person } as const
    const expires = toInstant(NOW + DAY)
    await company.does(ada.signer, { type: 'grant', subject, scope: company.root, right: 'write', expires })
    const grant = { n: company.state.n, index: 0 }
    const doc = company.newDoc(gil)
    expect(company.puts(await company.seals(gil, doc), NOW)).toBe('accept')
    expect(company.puts(await company.seals(gil, doc), expires)).toBe('no-right')
    expect(company.puts(await company.seals(gil, doc), null)).toBe('accept')
    expect(await company.does(ada.signer, { type: 'expire', what: { grant } })).toBe('ok')
    expect(company.puts(await company.seals(gil, doc), null)).toBe('no-right')
  })

  test('records up to a checkpoint are judged without the record that names it, later ones with it (A4)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const doc = company.newDoc(bo)
    for (let i = 0; i < 3; i++) expect(await company.writes(bo, doc)).toBe('accept')
    await company.does(company.founder.signer, { type: 'removeMember', person: bo.person })
    const removedAt = company.state.n
    expect([1, 2, 3].map((position) => prefixFor(company.state, company.root, position))).toEqual(
      [1, 2, 3].map(() => removedAt - 1),
    )
    expect(prefixFor(company.state, company.root, 4)).toBe(removedAt)
    await company.does(company.founder.signer, { type: 'policy', name: 'later', value: true })
    expect(prefixFor(company.state, company.root, 4)).toBe(removedAt + 1)
  })

  test('keys go to every reader’s devices and kits, to open invites, and to nobody who was removed (A6)', async () => {
    const company = await foundCompany('Ada')
    const bo = await company.hires('Bo')
    const open = await company.invite(company.founder)
    const ids = () => recipientsOf(company.state, company.root).map((recipient) => recipient.id)
    const { keys, kit } = company.founder
    expect(new Set(ids())).toEqual(new Set([keys.id, kit.id, bo.keys.id, bo.kit.id, open.keys.id]))
    await company.does(company.founder.signer, { type: 'removeMember', person: bo.person })
    expect(new Set(ids())).toEqual(new Set([keys.id, kit.id, open.keys.id]))
  })
})
