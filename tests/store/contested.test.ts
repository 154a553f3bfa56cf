import { expect, test } from 'vitest'
import type { AnyDoc } from '#lib/store/documents.ts'
import { board } from '#lib/kinds/board/index.ts'
import { contestedFields as contestedFieldNames, type Board } from '#lib/kinds/board/schema.ts'
import { contestedIn, entriesIn } from '#lib/store/contested.ts'
import { createReplica, fork, mergeInto, run, viewOf, type Replica } from '#tests/support/kinds.ts'

const call = (mutation: string, args: Record<string, unknown>) => ({ mutation, args })
const contested = { cards: contestedFieldNames }

/** The fields of all cards that are contested, with their values; the one that counts first. */
function contestedFields(replica: Replica): Record<string, unknown[]> {
  const found = [...replica.docs.values()]
    .filter(({ type }) => type === 'cards')
    .flatMap(({ doc }) => entriesIn(doc as AnyDoc, contested).flatMap((place) => contestedIn(doc, contested, ...place)))
  return Object.fromEntries(
    found.map(({ path, values }) => [path.slice(1).join('.'), values.map(({ value }) => value)]),
  )
}

function annAndBo(): [Replica, Replica] {
  const ann = createReplica(board, 'Ann')
  run(ann, board.fixtures.typical())
  return [ann, fork(ann, 'Bo')]
}
function meet(ann: Replica, bo: Replica): void {
  const boAlone = fork(bo, 'Bo')
  mergeInto(bo, ann)
  mergeInto(ann, boAlone)
}

test('Ann sets High while Bo sets Low: both devices name both values, the one that counts first', () => {
  const [ann, bo] = annAndBo()
  run(ann, [call('setPriority', { card: 'k2', priority: 'high' })])
  run(bo, [call('setPriority', { card: 'k2', priority: 'low' })])
  meet(ann, bo)
  const counts = viewOf<Board>(ann).cardsById['k2']?.priority
  const other = counts === 'high' ? 'low' : 'high'
  for (const replica of [ann, bo]) expect(contestedFields(replica)).toEqual({ 'k2.priority': [counts, other] })
})

test('whoever writes one of the two values settles it, also the one that counts already', () => {
  for (const chosen of ['high', 'low']) {
    const [ann, bo] = annAndBo()
    run(ann, [call('setPriority', { card: 'k2', priority: 'high' })])
    run(bo, [call('setPriority', { card: 'k2', priority: 'low' })])
    meet(ann, bo)
    run(bo, [call('setPriority', { card: 'k2', priority: chosen })])
    meet(ann, bo)
    for (const replica of [ann, bo]) {
      expect(contestedFields(replica)).toEqual({})
      expect(viewOf<Board>(replica).cardsById['k2']?.priority).toBe(chosen)
    }
  }
})

test('two people who write the same agree, and two who write different fields do not disagree', () => {
  const [ann, bo] = annAndBo()
  run(ann, [call('setPriority', { card: 'k2', priority: 'low' }), call('setDates', { card: 'k2', due: '2026-12-24' })])
  run(bo, [call('setPriority', { card: 'k2', priority: 'low' }), call('retitleCard', { card: 'k2', title: 'Freeze' })])
  meet(ann, bo)
  expect(contestedFields(ann)).toEqual({})
})

test('one card dragged by two people at once is one card, in one of the two columns, and says which two', () => {
  const [ann, bo] = annAndBo()
  run(ann, [call('moveCard', { card: 'k1', column: 'c1', order: 'a3' })])
  run(bo, [call('moveCard', { card: 'k1', column: 'c3', order: 'a2' })])
  meet(ann, bo)
  const { column } = viewOf<Board>(ann).cardsById['k1'] ?? {}
  expect(viewOf(ann)).toEqual(viewOf(bo))
  expect(contestedFields(ann)['k1.column']).toEqual([column, column === 'c1' ? 'c3' : 'c1'])
})

test('of a cleared value, and of three people, all are named', () => {
  const [ann, bo] = annAndBo()
  const cai = fork(ann, 'Cai')
  run(ann, [call('setPriority', { card: 'k1', priority: null })])
  run(bo, [call('setPriority', { card: 'k1', priority: 'urgent' })])
  run(cai, [call('setPriority', { card: 'k1', priority: 'low' })])
  meet(ann, bo)
  meet(ann, cai)
  expect(new Set(contestedFields(ann)['k1.priority'])).toEqual(new Set([null, 'urgent', 'low']))
})
