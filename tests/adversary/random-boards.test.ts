import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as A from '@automerge/automerge/slim'
import { board } from '#lib/kinds/board/index.ts'
import { cardsByColumn, warnings } from '#lib/kinds/board/queries.ts'
import { SHARD_CAPACITY, type Board } from '#lib/kinds/board/schema.ts'
import { exportBoard } from '#lib/kinds/board/exchange.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { applyUndo, planUndo } from '#lib/store/undo.ts'
import {
  createReplica,
  fork,
  headsOf,
  mergeInto,
  run,
  viewOf,
  type Replica,
  type Written,
} from '#tests/support/kinds.ts'
import { programOf } from '#tests/support/programs.ts'

const long = Boolean(process.env['TONGZHOU_LONG'])
const call = (mutation: string, args: Record<string, unknown>) => ({ mutation, args })
const typical = createReplica(board, 'Lin')
run(typical, board.fixtures.typical())

/** A refusal writes nothing; anything else is a fault. */
function tries(replica: Replica, made: { mutation: string; args: Record<string, unknown> }): Written[] {
  try {
    return run(replica, [made])
  } catch (error) {
    if (error instanceof Error && error.name === 'Refusal') return []
    throw error
  }
}
function meet(...replicas: Replica[]): void {
  const alone = replicas.map((replica) => fork(replica, 'copy'))
  for (const replica of replicas) for (const other of alone) mergeInto(replica, other)
}

/** Takes the changes back, as a tab's undo does. */
function undo(replica: Replica, written: readonly Written[]): void {
  for (const { doc, type, hashes } of written) {
    const member = replica.docs.get(doc)!
    const { writes } = planUndo(member.doc, hashes, board.documents[type as 'root' | 'cards'])
    if (writes.length > 0) member.doc = A.change(member.doc, { time: 0 }, (draft) => applyUndo(draft, writes))
  }
}

test('a long time apart: three people write hundreds of changes each, and in any order of meeting have one board', () => {
  fc.assert(
    fc.property(
      programOf('board', 'A', 60),
      programOf('board', 'B', 60),
      programOf('board', 'C', 60),
      (annDoes, boDoes, caiDoes) => {
        const [ann, bo, cai] = ['Ann', 'Bo', 'Cai'].map((name) => fork(typical, name)) as [Replica, Replica, Replica]
        for (const made of annDoes) tries(ann, made)
        for (const made of boDoes) tries(bo, made)
        for (const made of caiDoes) tries(cai, made)
        mergeInto(bo, cai)
        meet(cai, ann)
        meet(ann, bo, cai)
        for (const other of [bo, cai]) {
          expect(headsOf(other)).toEqual(headsOf(ann))
          expect(viewOf(other)).toEqual(viewOf(ann))
          expect(warnings(viewOf<Board>(other), '2026-11-23' as Day)).toEqual(
            warnings(viewOf<Board>(ann), '2026-11-23' as Day),
          )
        }
        // One card stays one card, wherever it is.
        const { cardsById } = viewOf<Board>(ann)
        const places = [...cardsByColumn(viewOf<Board>(ann)).values()].flat().map(({ id }) => id)
        expect(new Set(places).size).toBe(places.length)
        for (const id of places) expect(cardsById.get(id)?.archived).toBe(false)
      },
    ),
    { numRuns: long ? 150 : 15 },
  )
})

test('undo of everything, newest first, gives the beginning: what was made is put aside, all else is as it was', () => {
  const before = exportBoard(viewOf<Board>(typical))
  fc.assert(
    fc.property(programOf('board', 'A', 12), (program) => {
      const ann = fork(typical, 'Ann')
      const written = program.map((made) => tries(ann, made))
      for (const step of written.toReversed()) undo(ann, step.toReversed())
      const after = exportBoard(viewOf<Board>(ann))
      expect(after.title).toBe(before.title)
      expect(after.template).toBe(before.template)
      for (const collection of ['columns', 'labels', 'views', 'cards'] as const) {
        for (const [id, entry] of Object.entries(before[collection]))
          expect([id, after[collection][id]]).toEqual([id, entry])
        for (const [id, entry] of Object.entries(after[collection]))
          if (!(id in before[collection])) expect(entry).toMatchObject({ archived: true })
      }
    }),
    { numRuns: long ? 1_000 : 60 },
  )
})

test('shards at their capacity: two people who fill the same one apart lose no card, and go on in others', () => {
  const ann = createReplica(board, 'Ann')
  run(ann, [call('addColumn', { column: 'todo', title: 'To do', order: 'a0' })])
  const cards = (letter: string, count: number) =>
    Array.from({ length: count }, (_, n) =>
      call('addCard', { card: `${letter}${n}`, title: `${letter} ${n}`, column: 'todo', order: 'a1' }),
    )
  run(ann, cards('s', SHARD_CAPACITY - 1))
  const bo = fork(ann, 'Bo')
  run(ann, cards('a', 3))
  run(bo, cards('b', 3))
  meet(ann, bo)
  expect(viewOf(ann)).toEqual(viewOf(bo))
  expect([...viewOf<Board>(ann).cardsById.keys()]).toHaveLength(SHARD_CAPACITY - 1 + 6)
  // One over its capacity, which harms nothing; each of the two has opened a further one.
  const sizes = [...ann.docs.values()]
    .filter(({ type }) => type === 'cards')
    .map(({ doc }) => Object.keys(doc['cards'] as object).length)
    .sort((a, b) => a - b)
  expect(sizes).toEqual([2, 2, SHARD_CAPACITY + 1])
  run(ann, cards('c', 1))
  expect([...viewOf<Board>(ann).cardsById.keys()]).toHaveLength(SHARD_CAPACITY + 6)
})
