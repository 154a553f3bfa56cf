import { expect, test } from 'vitest'
import { removeLabelCalls } from '#lib/kinds/board/ui/label-calls.ts'
import { exportJson } from '#lib/kinds/board/export-json.ts'
import { exportCsv } from '#lib/kinds/board/export-csv.ts'
import { exportMarkdown } from '#lib/kinds/board/export-markdown.ts'
import { isTongzhou, readTongzhou } from '#lib/kinds/board/foreign/tongzhou.ts'
import { board } from '#lib/kinds/board/index.ts'
import { undoneOn, withoutUndone } from '#lib/kinds/board/queries.ts'
import type { Board } from '#lib/kinds/board/schema.ts'
import { fieldsOf, type Fields } from '#lib/kernel/reading.ts'
import { createReplica, fork, mergeInto, run, viewOf, type Replica } from '#tests/support/kinds.ts'
import { takeBack } from '#tests/support/take-back.ts'

const call = (mutation: string, args: Record<string, unknown>) => ({ mutation, args })
const lin = '0a'.repeat(16)

/** Ann's board with one card, and what she imported: a column, a label, two cards. */
function imported() {
  const ann = createReplica(board, 'Ann')
  run(ann, [
    call('addColumn', { column: 'todo', title: 'To do', order: 'a0' }),
    call('addCard', { card: 'pack', title: 'Packaging', column: 'todo', order: 'a0' }),
  ])
  const added = run(ann, [
    call('addColumn', { column: 'new', title: 'New', order: 'a2' }),
    call('addLabel', { label: 'soon', name: 'Soon', color: 'red' }),
    ...['sails', 'oars'].map((card) =>
      call('addCard', {
        ...{ card, title: card, column: 'new', order: 'a1', labels: ['soon'] },
        checklist: [{ item: 'i1', text: 'Sand', order: 'a0' }],
      }),
    ),
  ])
  return { ann, added }
}

/** Names of what counts as never added. */
const undoneIn = (replica: Replica): string[] => {
  const { cards, columns } = undoneOn(viewOf<Board>(replica))
  return [...columns, ...cards].map(({ id }) => id).sort()
}
const archivedIn = (replica: Replica): string[] => {
  const { cardsById, columns } = viewOf<Board>(replica)
  return [...columns, ...cardsById.values()]
    .filter(({ archived }) => archived)
    .map(({ id }) => id)
    .sort()
}

test('what an action added and its undo took away counts as never added, until it is done again; taken back once more it does', () => {
  const { ann, added } = imported()
  expect(undoneIn(ann)).toEqual([])
  const { undone } = takeBack(ann, added)
  expect(undoneIn(ann)).toEqual(['new', 'oars', 'sails'])
  expect(archivedIn(ann)).toEqual(['new', 'oars', 'sails'])
  expect(viewOf<Board>(ann).labels).toMatchObject([{ id: 'soon', archived: true, undone: true }])
  const redone = takeBack(ann, undone).undone
  expect([undoneIn(ann), archivedIn(ann)]).toEqual([[], []])
  takeBack(ann, redone)
  expect(undoneIn(ann)).toEqual(['new', 'oars', 'sails'])
})

test('done again and archived by hand, or by going back in time, it is archived', () => {
  const { ann, added } = imported()
  takeBack(ann, takeBack(ann, added).undone)
  run(ann, [call('archiveCard', { card: 'sails' }), call('archiveColumn', { column: 'new' })])
  expect(archivedIn(ann)).toEqual(['new', 'sails'])
  expect(undoneIn(ann)).toEqual([])
})

test('one that is brought back from there is a card like any other; archived after that it is archived, and with the bringing back taken back it is undone again', () => {
  const { ann, added } = imported()
  takeBack(ann, added)
  const restored = run(ann, [call('restoreCard', { card: 'sails' })])
  expect(viewOf<Board>(ann).cardsById.get('sails')).toMatchObject({ archived: false })
  // The column has a card that is there, and is archived like one that was archived by hand.
  expect(undoneIn(ann)).toEqual(['oars'])
  takeBack(ann, restored)
  expect(undoneIn(ann)).toEqual(['new', 'oars', 'sails'])
  run(ann, [call('restoreCard', { card: 'sails' }), call('restoreColumn', { column: 'new' })])
  run(ann, [call('archiveCard', { card: 'sails' })])
  expect(archivedIn(ann)).toEqual(['oars', 'sails'])
  expect(undoneIn(ann)).toEqual(['oars'])
})

const byBo: [what: string, ...calls: ReturnType<typeof call>[]][] = [
  ['renames it', call('retitleCard', { card: 'sails', title: 'Three sails' })],
  ['checks something off', call('tickChecklistItem', { card: 'sails', item: 'i1', done: true })],
  ['adds to its checklist', call('addChecklistItem', { card: 'sails', item: 'i2', text: 'Oil', order: 'a1' })],
  ['moves it', call('moveCard', { card: 'sails', column: 'todo', order: 'a5' })],
  ['gives it to Lin', call('setAssignee', { card: 'sails', person: lin, on: true })],
  ['labels it', call('setLabel', { card: 'sails', label: 'soon', on: false })],
  ['sets its date', call('setDates', { card: 'sails', due: '2026-12-24' })],
  ['says what it waits for', call('setBlockedBy', { card: 'sails', by: 'pack', on: true })],
]
for (const [what, ...calls] of byBo) {
  test(`where Bo ${what}, before Ann takes back her import or not knowing of that, the card is among the archived ones`, () => {
    for (const isApart of [false, true]) {
      const { ann, added } = imported()
      const bo = fork(ann, 'Bo')
      run(bo, calls)
      if (!isApart) mergeInto(ann, bo)
      takeBack(ann, added)
      mergeInto(ann, bo)
      mergeInto(bo, ann)
      for (const replica of [ann, bo]) {
        expect(archivedIn(replica)).toEqual(['new', 'oars', 'sails'])
        expect(undoneIn(replica)).not.toContain('sails')
        expect(undoneIn(replica)).toContain('oars')
      }
    }
  })
}

test('what Bo took back himself leaves nothing of his in the card, nor does room that he makes; of a label that is removed it is not rid', () => {
  const { ann, added } = imported()
  const bo = fork(ann, 'Bo')
  takeBack(bo, run(bo, [call('retitleCard', { card: 'sails', title: 'Three sails' })]))
  run(bo, [call('respaceCard', { card: 'sails', order: 'a4' })])
  mergeInto(ann, bo)
  takeBack(ann, added)
  expect(undoneIn(ann)).toEqual(['new', 'oars', 'sails'])
  run(ann, removeLabelCalls({ cards: viewOf<Board>(ann).cardsById }, 'soon'))
  expect(undoneIn(ann)).toEqual(['new', 'oars', 'sails'])
})

test('a column in which Bo has put a card meanwhile is archived, and so is one that he has renamed', () => {
  const { ann, added } = imported()
  const bo = fork(ann, 'Bo')
  run(bo, [call('moveCard', { card: 'pack', column: 'new', order: 'a1' })])
  takeBack(ann, added)
  mergeInto(ann, bo)
  expect(undoneIn(ann)).toEqual(['oars', 'sails'])
  run(ann, [call('moveCard', { card: 'pack', column: 'todo', order: 'a1' })])
  expect(undoneIn(ann)).toEqual(['new', 'oars', 'sails'])
  run(bo, [call('renameColumn', { column: 'new', title: 'Newest' })])
  mergeInto(ann, bo)
  expect(undoneIn(ann)).toEqual(['oars', 'sails'])
})

test('what an import archived itself goes with the import; done again it is archived', () => {
  const { ann } = imported()
  const more = [
    ...run(ann, [
      call('addColumn', { column: 'old', title: 'Old', order: 'a5' }),
      call('addCard', { card: 'past', title: 'Past', column: 'old', order: 'a1' }),
    ]),
    ...run(ann, [call('archiveCard', { card: 'past' }), call('archiveColumn', { column: 'old' })]),
  ]
  const { undone } = takeBack(ann, more)
  expect(undoneIn(ann)).toEqual(['old', 'past'])
  const redone = takeBack(ann, undone).undone
  expect([archivedIn(ann), undoneIn(ann)]).toEqual([['old', 'past'], []])
  takeBack(ann, redone)
  expect(undoneIn(ann)).toEqual(['old', 'past'])
})

test('files: what was taken back is in none of them, nor its column, its label and what waits for it; our own JSON brings nothing of it back', () => {
  const { ann, added } = imported()
  run(ann, [call('setBlockedBy', { card: 'pack', by: 'sails', on: true })])
  run(ann, [call('addCard', { card: 'gone', title: 'Gone', column: 'todo', order: 'a2' })])
  run(ann, [call('archiveCard', { card: 'gone' })])
  takeBack(ann, added)
  const left = withoutUndone(viewOf<Board>(ann))
  const facts = { now: 0, people: [], descriptions: {}, history: [] }
  const json = exportJson(left, facts)
  const file = JSON.parse(json) as Fields
  expect(Object.keys(fieldsOf(fieldsOf(file['board'])['cards'])).sort()).toEqual(['gone', 'pack'])
  for (const text of [json, exportCsv(left, []), exportMarkdown(left, { nameOf: String })])
    expect(text).not.toMatch(/sails|oars|New|Soon|undone/)
  expect(isTongzhou(file)).toBe(true)
  const { cards, columns, labels } = readTongzhou(file)
  expect(cards.map(({ key, archived }) => [key, archived])).toEqual([
    ['pack', false],
    ['gone', true],
  ])
  expect([columns.map(({ key }) => key), labels]).toEqual([['todo'], []])
  // Somebody has written in its description: it is there, as an archived one.
  const kept = withoutUndone(viewOf<Board>(ann), (card) => card === 'sails')
  expect([kept.cardsById.has('sails'), kept.columns.map(({ id }) => id)]).toEqual([true, ['todo', 'new']])
})

test('search is told that it was undone; the summary counts it as little as before', () => {
  const { ann, added } = imported()
  takeBack(ann, added)
  const view = viewOf<Board>(ann)
  const texts = board.projections.searchText(view)
  expect(Object.keys(texts).filter((id) => texts[id]?.undone)).toEqual(['sails', 'oars'])
  expect(board.projections.brief(view).cards).toBe(1)
})
