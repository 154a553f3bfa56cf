import '#tests/support/automerge.ts'
import * as A from '@automerge/automerge/slim'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyPatches } from '#lib/kernel/apply-patches.ts'
import type { WorkDocs } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { board } from '#lib/kinds/board/index.ts'
import { createBoardReader, placeAhead } from '#lib/kinds/board/ui/board-reader.ts'
import { cardsOfArchivedColumns, readScreenBoard } from '#lib/kinds/board/ui/screen-board.ts'
import { toPlain, toPlainPatches } from '#lib/store/plain.ts'
import { createReplica, fork, mergeInto, ROOT, run, workOf, type Replica } from '#tests/support/kinds.ts'
import { programOf } from '#tests/support/programs.ts'

const long = Boolean(process.env['TONGZHOU_LONG'])

/** The replica's documents as a tab would have them that knew those before and was sent the patches. */
function mirrorAfter(known: WorkDocs, before: Replica, after: Replica): WorkDocs {
  const docs: Record<DocId, { type: string; doc: unknown }> = { ...known.docs }
  for (const [id, { type, doc }] of after.docs) {
    const old = before.docs.get(id)?.doc
    const mirror = known.docs[id]
    if (!old || !mirror) docs[id] = { type, doc: toPlain(doc) }
    else {
      const patches = toPlainPatches(A.diff(doc, A.getHeads(old), A.getHeads(doc)))
      if (patches.length > 0) docs[id] = { type, doc: applyPatches(mirror.doc, patches) }
    }
  }
  return { root: known.root, docs }
}

const tryEach = (replica: Replica, program: readonly { mutation: string; args: Record<string, unknown> }[]) => {
  for (const call of program) {
    try {
      run(replica, [call])
    } catch (error) {
      expect(error).toMatchObject({ name: 'Refusal' })
    }
  }
}

test('a board read step by step, as patches of two people arrive, is the board read whole', () => {
  const start = createReplica(board, 'Lin')
  run(start, board.fixtures.typical())
  fc.assert(
    fc.property(fc.array(programOf('board', 'A', 3), { maxLength: 6 }), programOf('board', 'B', 6), (steps, theirs) => {
      const ann = fork(start, 'Ann')
      const bo = fork(start, 'Bo')
      tryEach(bo, theirs)
      const read = createBoardReader()
      let mirror = workOf(ann)
      // The root comes first, and is shown without its cards.
      const { root, docs } = mirror
      read({ root, docs: Object.fromEntries(Object.entries(docs).filter(([id]) => id === root)) })
      // Cards are placed ahead of that, and some may change before they are shown.
      placeAhead(steps.length % 2 ? mirror : workOf(bo))
      expect(read(mirror)).toEqual(readScreenBoard(mirror))
      for (const step of [...steps, null]) {
        const before = { ...ann, docs: new Map([...ann.docs].map(([id, member]) => [id, { ...member }])) }
        if (step) tryEach(ann, step)
        else mergeInto(ann, bo)
        mirror = mirrorAfter(mirror, before, ann)
        expect(read(mirror)).toEqual(readScreenBoard(workOf(ann)))
      }
    }),
    { numRuns: long ? 500 : 40 },
  )
})

test('whatever documents come and go, with shards that claim one card, both readings agree', () => {
  const id = fc.constantFrom('k1', 'k2', 'k3', 'constructor', '')
  const column = fc.constantFrom('c1', 'c2', '', 'gone')
  const entry = fc.oneof(
    fc.record({ title: fc.string(), column, order: fc.constantFrom('a1', 'a2', '!'), archived: fc.boolean() }),
    fc.constantFrom(null, 3, 'text', []),
  )
  const shard = fc.record({
    type: fc.constantFrom('cards', 'other'),
    doc: fc.record({ cards: fc.dictionary(id, entry) }),
  })
  const root = fc.record({
    type: fc.constant('root'),
    doc: fc.record({ columns: fc.dictionary(column, fc.record({ archived: fc.boolean(), order: fc.constant('a1') })) }),
  })
  const work = fc.record({ [ROOT]: root, ['1'.repeat(32)]: shard, ['2'.repeat(32)]: shard }, { requiredKeys: [] })
  const parts = fc.array(work, { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(parts, (states) => {
      const read = createBoardReader()
      let docs: WorkDocs['docs'] = {}
      for (const state of states) {
        // Some documents stay the same objects, as in a mirror.
        docs = Object.keys(state).length === 0 ? {} : { ...docs, ...(state as WorkDocs['docs']) }
        expect(read({ root: ROOT, docs })).toEqual(readScreenBoard({ root: ROOT, docs }))
      }
    }),
    { numRuns: long ? 5_000 : 300 },
  )
})

test('a column in which nothing changed keeps its list, and so does a card', () => {
  const ann = createReplica(board, 'Ann')
  run(ann, board.fixtures.typical())
  const read = createBoardReader()
  const mirror = workOf(ann)
  const first = read(mirror)
  const before = { ...ann, docs: new Map([...ann.docs].map(([id, member]) => [id, { ...member }])) }
  run(ann, [{ mutation: 'moveCard', args: { card: 'k1', column: 'c1', order: 'a9' } }])
  const second = read(mirrorAfter(mirror, before, ann))
  expect(second.cardsIn.get('c1')?.map(({ id }) => id)).toEqual(['k2', 'k3', 'k1'])
  expect(second.cardsIn.get('c2')).toBe(first.cardsIn.get('c2'))
  expect(second.cardsIn.get('c0')).not.toBe(first.cardsIn.get('c0'))
  expect(second.cards.get('k4')).toBe(first.cards.get('k4'))
})

test('a card that comes before its column is not said to have none: it waits for the root; that of an archived column is', () => {
  const ann = createReplica(board, 'Ann')
  run(ann, board.fixtures.typical())
  const bo = fork(ann, 'Bo')
  run(ann, [
    { mutation: 'addColumn', args: { column: 'new', title: 'New', order: 'a9' } },
    { mutation: 'moveCard', args: { card: 'k1', column: 'new', order: 'a1' } },
    { mutation: 'archiveColumn', args: { column: 'c2' } },
  ])
  const { docs } = workOf(ann)
  const early = readScreenBoard({ root: ROOT, docs: { ...docs, ...{ [ROOT]: workOf(bo).docs[ROOT]! } } })
  expect(early.lost.map(({ id }) => id)).toEqual(['k1'])
  expect(cardsOfArchivedColumns(early)).toEqual([])
  const late = readScreenBoard(workOf(ann))
  expect(late.lost.length).toBeGreaterThan(0)
  expect(cardsOfArchivedColumns(late)).toBe(late.lost)
})
