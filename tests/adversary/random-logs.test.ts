import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PersonId, ScopeId } from '#lib/kernel/ids.ts'
import { replay } from '#lib/sync/authority-log.ts'
import { initialState, type AuthorityState } from '#lib/sync/authority-state.ts'
import { ranks, rights, scopeClasses, type AuthorityBody, type Rank } from '#lib/sync/authority.ts'
import { toHash, randomBytes, randomId } from '#lib/sync/bytes.ts'
import { lanes } from '#lib/sync/identities.ts'
import { commitmentOf, createScopeKey, signerOf } from '#lib/sync/keys.ts'
import { mayAccept, rankOf, rightsOf } from '#lib/sync/rights.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import { createColleague, foundCompany, type Colleague } from '#tests/support/sync-company.ts'

const level = (rank: Rank | null): number => (rank === null ? -1 : ranks.indexOf(rank))
const rankNow = (state: AuthorityState, person: PersonId): Rank | null => {
  const fact = state.people.get(person)
  return fact ? rankOf(fact, state.n) : null
}

/** Without what a refused record has left behind the end of a list that grows. */
const plain = (state: AuthorityState) => ({
  ...state,
  scopes: [...state.scopes.values()].map(({ checkpoints: { items, length }, ...fact }) => ({
    ...fact,
    checkpoints: items.slice(0, length),
  })),
})

/** Who, what, and four free choices. */
const step = fc.record({
  who: fc.nat(4),
  what: fc.constantFrom(
    'write',
    'write',
    'write',
    'invite+join',
    'setRole',
    'setRole',
    'setDepartments',
    'openScope',
    'openScope',
    'grant',
    'grant',
    'revoke',
    'expire',
    'rotate',
    'removeMember',
    'removeDevice',
    'addDevice',
    'adopt',
    'old checkpoint',
    'invented checkpoint',
  ),
  a: fc.nat(),
  b: fc.nat(),
  c: fc.nat(),
  d: fc.nat(),
})

const pick = <Value>(list: readonly Value[], n: number): Value => list[n % list.length]!

test('whatever people try: nobody rises by themselves, an owner remains, all reducers agree, the past stays (A1, A3, A4, R0)', async () => {
  const staff = await Promise.all(['Bo', 'Cai', 'Dee', 'Eva'].map(createColleague))
  let taken = 0
  let refused = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 45 }), async (steps) => {
      const company = await foundCompany('Ada')
      const everybody: Colleague[] = [company.founder, ...staff]
      await company.hires(staff[0]!, 'admin')
      await company.hires(staff[1]!, 'manager')
      await company.hires(staff[2]!)
      /** Rights of everybody everywhere as they were when each record of the log was new. */
      const past = new Map<string, number>()

      for (const { who, what, a, b, c, d } of steps) {
        const author = everybody[who]!
        const other = pick(everybody, a)
        const scopes = [...company.state.scopes.keys()]
        const scope = pick(scopes, b)
        const departments = scopes.filter((id) => company.state.scopes.get(id)?.class === 'department')
        const grants = [...company.state.scopes.values()].flatMap((fact) => fact.grants)
        const before = company.state
        const bodyOf = async (): Promise<AuthorityBody | null> => {
          switch (what) {
            case 'invite+join': {
              const invited = await company.invite(author, pick(ranks, c))
              return invited.answer === 'ok' ? company.joinBody(other, invited.keys) : null
            }
            case 'setRole': {
              const department = d % 3 === 0 && departments.length > 0 ? pick(departments, d) : null
              return { type: 'setRole', person: other.person, rank: pick(ranks, c), department }
            }
            case 'setDepartments':
              return {
                type: 'setDepartments',
                person: other.person,
                departments: departments.filter((_, i) => (c >> i) & 1),
              }
            case 'openScope': {
              const id = randomId<ScopeId>()
              const commitment = commitmentOf(id, 0, createScopeKey())
              return {
                type: 'openScope',
                scope: id,
                parent: d % 5 ? scope : null,
                class: pick(scopeClasses, c),
                commitment,
              }
            }
            case 'grant':
            case 'old checkpoint':
            case 'invented checkpoint': {
              const department = departments.length > 0 ? pick(departments, d) : company.root
              const subject = pick(
                [
                  { to: 'person', person: other.person },
                  { to: 'rank', rank: pick(ranks, d) },
                  { to: 'rank-in', rank: pick(ranks, d), department },
                  { to: 'department', department },
                  { to: 'everyone' },
                ] as const,
                a,
              )
              return { type: 'grant', subject, scope, right: pick(rights, c), expires: null }
            }
            case 'revoke':
              return { type: 'revoke', grant: pick(grants, c).ref }
            case 'expire':
              return { type: 'expire', what: { grant: pick(grants, c).ref } }
            case 'rotate': {
              const epoch = company.state.scopes.get(scope)!.epochs.length
              const commitment = commitmentOf(scope, epoch, createScopeKey())
              return { type: 'rotate', scope, epoch, commitment, oldKey: randomBytes(60) }
            }
            case 'removeMember':
              return { type: 'removeMember', person: other.person }
            case 'removeDevice':
              return { type: 'removeDevice', device: (d % 2 ? other.kit : other.keys).id }
            case 'addDevice':
              return { type: 'addDevice', person: author.person, device: other.kit.public, kit: false }
            case 'adopt': {
              const placed = company.order(scope).placed
              const doc = company.newDoc(other, scope)
              const id = placed.length > 0 ? pick(placed, c).record.id : (await company.seals(other, doc)).id
              return { type: 'adopt', scope, doc: doc.id, records: [id] }
            }
            case 'write':
              return null
          }
        }
        if (what === 'write') {
          await company.writes(author, company.newDoc(author, scope, pick(lanes, c)))
          continue
        }
        const body = await bodyOf()
        if (!body) continue
        const signer = body.type === 'join' ? other.signer : d % 11 === 0 ? signerOf(author.kit) : author.signer
        let answer: string
        if (what === 'old checkpoint') {
          const { hashes } = company.order(scope)
          const position = c % hashes.length
          answer = await company.forces(signer, body, [{ scope, position, order: hashes[position]! }])
        } else if (what === 'invented checkpoint') {
          // A relay that was restored takes any place that it does not have (R12).
          company.lookups.isLost = () => true
          const position = c % (2 * company.order(scope).hashes.length)
          answer = await company.forces(signer, body, [{ scope, position, order: toHash('ab'.repeat(32)) }])
          delete company.lookups.isLost
        } else {
          answer = await company.does(signer, body)
        }
        if (answer !== 'ok') {
          refused++
          continue
        }
        taken++
        if (body.type === 'removeMember') {
          const late = await company.seals(other, company.newDoc(other))
          expect(company.puts(late)).not.toBe('accept')
        }
        const after = company.state
        for (const { person } of everybody) {
          const [was, is] = [rankNow(before, person), rankNow(after, person)]
          if (level(is) > level(was) && body.type !== 'join') {
            // Somebody rose: by one above both, or by an owner; never by themselves.
            expect(author.person).not.toBe(person)
            const by = rankNow(before, author.person)
            expect(by === 'owner' || level(by) > level(is)).toBe(true)
          }
          if (body.type === 'join' && body.person === person) expect(level(is)).toBeLessThanOrEqual(level('member'))
          for (const id of after.scopes.keys()) past.set(`${after.n} ${person} ${id}`, rightsOf(after, person, id))
        }
        expect(everybody.some(({ person }) => rankNow(after, person) === 'owner')).toBe(true)
      }

      // Rights at a place of the log never change later.
      for (const [key, held] of past) {
        const [n, person, scope] = key.split(' ') as [string, PersonId, ScopeId]
        expect(rightsOf(company.state, person, scope, Number(n))).toBe(held)
      }
      // Nothing that was accepted has lost its acceptance.
      for (const { placed } of company.orders.values()) {
        for (const { record, lane, position } of placed) {
          const { orderAt } = company.lookups
          expect(mayAccept(company.state, record, lane, position, null, orderAt).ok).toBe(true)
        }
      }
      // Everybody's reducer agrees, cold, and in two goes.
      const start = initialState(company.workspace)
      const cold = await replay(start, company.log, webVerify)
      expect(cold.refused).toBeNull()
      expect(plain(cold.state)).toEqual(plain(company.state))
      const middle = company.log.length >> 1
      const half = await replay(start, company.log.slice(0, middle), webVerify)
      const whole = await replay(half.state, company.log.slice(middle), webVerify)
      expect(plain(whole.state)).toEqual(plain(company.state))
    }),
    { numRuns: 40 },
  )
  // The random programs do reach both sides of the rules.
  expect(taken).toBeGreaterThan(100)
  expect(refused).toBeGreaterThan(100)
})
