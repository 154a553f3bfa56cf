import { expect, test } from 'vitest'
import { Moves, type KnownArrival } from '#lib/kernel/arrivals.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import type { Instant } from '#lib/kernel/instants.ts'

const [first, hold, third] = ['a', 'b', 'c'].map((letter) => letter.repeat(32) as DocId) as [DocId, DocId, DocId]
type Entry = readonly [work: DocId, entity: string]
type One = KnownArrival & { work: DocId }
const moved = ([from, before]: Entry, [work, entity]: Entry, more: Partial<One> = {}): One => ({
  ...{ work, entity, title: 'Sail', by: 'ann', at: 0 as Instant },
  from: { work: from, entity: before, cut: `cut of ${entity}` },
  ...more,
})
const archived = { archived: true } as const
const nameOf: Record<string, string> = { [first]: 'First', [hold]: 'Hold', [third]: 'Third' }
const said = ({ work, entity }: { work: DocId; entity: string }) => `${entity} on ${nameOf[work]}`
const ways = (at: Entry, ...all: One[]) =>
  new Moves(all).waysFrom(...at).map(({ move, end }) => {
    const went = move === end ? said(end) : `${said(move)}, ${said(end)}`
    return end.archived ? `${went}, archived` : went
  })
const earlier = (at: Entry, ...all: One[]) => {
  const found = new Moves(all).earlier(...at)
  return found && said(found)
}
const [sail, one, two, back]: [Entry, Entry, Entry, Entry] = [
  [first, 'sail'],
  [hold, 'one'],
  [third, 'two'],
  [first, 'back'],
]

test('a way leads from where an entry was moved to where it ended, whether it stands there or lies in the archive', () => {
  expect(ways(sail)).toEqual([])
  expect(ways(sail, moved(sail, one))).toEqual(['one on Hold'])
  expect(ways(sail, moved(sail, one, archived))).toEqual(['one on Hold, archived'])
  const left = moved(sail, one, archived)
  expect(ways(sail, left, moved(one, two))).toEqual(['one on Hold, two on Third'])
  expect(ways(sail, left, moved(one, two, archived))).toEqual(['one on Hold, two on Third, archived'])
  expect(ways(sail, left, moved(one, back))).toEqual(['one on Hold, back on First'])
  // Of what stands on the way nothing further is told here.
  expect(ways(sail, moved(sail, one), moved(one, two))).toEqual(['one on Hold'])
  // From where it lies in the archive it was not moved.
  expect(ways(one, left)).toEqual([])
})

test('where one of several ways ends in an entry that stands, the others were taken back, or are told of no more', () => {
  const taken = moved(sail, one, archived)
  expect(ways(sail, taken, moved(sail, two))).toEqual(['two on Third'])
  expect(ways(sail, moved(sail, one), moved(sail, two))).toEqual(['one on Hold', 'two on Third'])
  expect(ways(sail, taken, moved(sail, two, archived))).toEqual(['one on Hold, archived', 'two on Third, archived'])
})

test('an entry is moved in a ring by damage alone, which no search follows for ever', () => {
  expect(ways(sail, moved(sail, one, archived), moved(one, sail, archived))).toEqual(['one on Hold, archived'])
  expect(earlier(sail, moved(sail, one, archived), moved(one, sail, archived))).toBe(null)
})

test('what an entry was some moves ago is known where that is there again, and all between lies in the archive', () => {
  const [left, here] = [moved(sail, one, archived), moved(one, two)]
  const again = { ...left, origin: { title: 'Sail' } }
  expect(earlier(two, left, here)).toBe(null)
  expect(earlier(two, again, here)).toBe('sail on First')
  const further = moved(two, back)
  expect(earlier(back, again, { ...here, ...archived }, further)).toBe('sail on First')
  // What it was a single move ago is not asked here, nor what came before what stands.
  expect(earlier(one, moved(sail, one))).toBe(null)
  expect(earlier(back, again, here, further)).toBe(null)
  // Two of whom neither was the other.
  expect(earlier(two, again, moved(sail, two))).toBe(null)
})

test('an entry was moved by who moved it on, and by who moved it here where it is back, and by nobody else', () => {
  const by = (at: Entry, ...all: One[]) => new Moves(all).moversOf(...at)
  const bos = { by: 'bo' }
  const [left, again] = [moved(sail, one, archived), moved(sail, one, { ...archived, origin: { title: 'Sail' } })]
  expect(by(one, left)).toEqual([])
  expect(by(one, again)).toEqual(['ann'])
  expect(by(one, again, moved(one, two, bos))).toEqual(['bo', 'ann'])
  // Also where it was archived since.
  expect(by(one, left, moved(one, two, { ...bos, ...archived }))).toEqual(['bo'])
  // Back over two boards, by who had moved it on.
  expect(by(two, again, moved(one, two, { ...bos, ...archived }))).toEqual(['bo'])
  // Of what is there nobody has moved it away.
  expect(by(one, moved(sail, one))).toEqual([])
  expect(by(sail, again)).toEqual(['ann'])
})

test('who took back that an entry came has moved it back, also where it is archived since, unless it stands elsewhere by that', () => {
  const by = (at: Entry, ...all: One[]) => new Moves(all).wentBy(...at, { by: 'ann', takenBack: true })
  const bos = { by: 'bo' }
  const [left, again] = [moved(sail, one, archived), moved(sail, one, { ...archived, origin: { title: 'Sail' } })]
  expect(by(one, again, moved(one, two, bos))).toBe('stands')
  expect(by(one, left, moved(one, two, bos))).toBe('back')
  expect(by(one, left, moved(one, two, { ...bos, ...archived }))).toBe('back')
  expect(by(one, left)).toBe('back')
  // Then it is two, and nobody else tells of that.
  expect(by(one, left, moved(one, two, bos), moved(sail, [third, 'four']))).toBe(null)
  // What had come from nowhere was put away, and no more.
  expect(by(one, moved(one, two, bos))).toBe(null)
  expect(new Moves([left, moved(one, two, bos)]).wentBy(...one, { by: 'ann' })).toBe(null)
})
