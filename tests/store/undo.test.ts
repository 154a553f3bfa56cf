import * as A from '@automerge/automerge/slim'
import { expect, test } from 'vitest'
import { board } from '#lib/kinds/board/index.ts'
import type { Board } from '#lib/kinds/board/schema.ts'
import { fieldsOfChange, fieldsOfChanges, valueAt } from '#lib/store/fields.ts'
import { applyUndo, planUndo } from '#lib/store/undo.ts'
import { createReplica, fork, mergeInto, run, viewOf, type Replica } from '#tests/support/kinds.ts'
import { takeBack as undo } from '#tests/support/take-back.ts'

const call = (mutation: string, args: Record<string, unknown>) => ({ mutation, args })
const lin = '0a'.repeat(16)

function launchBoard(): Replica {
  const ann = createReplica(board, 'Ann')
  run(ann, [
    call('addColumn', { column: 'todo', title: 'To do', order: 'a0' }),
    call('addColumn', { column: 'done', title: 'Done', order: 'a1' }),
    call('addLabel', { label: 'urgent', name: 'Urgent', color: 'red' }),
    call('addCard', { card: 'pack', title: 'Packaging', column: 'todo', order: 'a0', due: '2026-12-01' }),
  ])
  return ann
}

const cardOf = (replica: Replica, id = 'pack') => viewOf<Board>(replica).cardsById.get(id)

test('where Bo has put a column back among the neighbours that it had before Ann moved it, undo asks nothing and leaves it there', () => {
  const ann = launchBoard()
  const more = [
    call('addColumn', { column: 'doing', title: 'Doing', order: 'a2' }),
    call('addColumn', { column: 'old', title: 'Old', order: 'a3' }),
    call('archiveColumn', { column: 'old' }),
  ]
  run(ann, more)
  const move = (order: string) => [call('moveColumn', { column: 'doing', order })]
  const planAfter = (order: string) => {
    const one = fork(ann, 'Ann')
    const moved = run(one, move('a0V'))
    const bo = fork(one, 'Bo')
    run(bo, move(order))
    mergeInto(one, bo)
    const member = [...one.docs.values()].find(({ type }) => type === 'root')
    if (!member) throw new Error('no such document')
    const hashes = moved.flatMap((written) => written.hashes)
    const { clashes, writes, already } = planUndo(member.doc, hashes, board.documents[member.type])
    return { asked: clashes.length, written: writes.length, already: already.map(({ path }) => path.join(' ')) }
  }
  // What is archived stands between nobody.
  for (const order of ['a1V', 'a2V', 'a4'])
    expect(planAfter(order)).toEqual({ asked: 0, written: 0, already: ['columns doing order'] })
  expect(planAfter('Zz')).toEqual({ asked: 1, written: 1, already: [] })
})

test('Ann undoes her rename after Bo has changed other fields of the card, and his changes stay', () => {
  const ann = launchBoard()
  const renamed = run(ann, [call('retitleCard', { card: 'pack', title: 'Boxes' })])
  const bo = fork(ann, 'Bo')
  run(bo, [
    call('moveCard', { card: 'pack', column: 'done', order: 'a1' }),
    call('setAssignee', { card: 'pack', person: lin, on: true }),
    call('setPriority', { card: 'pack', priority: 'high' }),
  ])
  mergeInto(ann, bo)
  expect(undo(ann, renamed).clashes).toEqual([])
  expect(cardOf(ann)).toMatchObject({ title: 'Packaging', column: 'done', assignees: [lin], priority: 'high' })
})

test('where Bo has changed the same field since, undo says what is there and who wrote it, and writes nothing', () => {
  const ann = launchBoard()
  const renamed = run(ann, [call('retitleCard', { card: 'pack', title: 'Boxes' })])
  const bo = fork(ann, 'Bo')
  run(bo, [call('retitleCard', { card: 'pack', title: 'Cartons' })])
  mergeInto(ann, bo)
  const { undone, clashes } = undo(ann, renamed)
  expect(undone).toEqual([])
  expect(clashes).toEqual([
    { path: ['cards', 'pack', 'title'], mine: 'Boxes', theirs: 'Cartons', restored: 'Packaging', actor: bo.actor },
  ])
  expect(cardOf(ann)?.title).toBe('Cartons')
  undo(ann, renamed, true)
  expect(cardOf(ann)?.title).toBe('Packaging')
})

test('what was undone is redone the same way, also after Bo has edited around it', () => {
  const ann = launchBoard()
  const moved = run(ann, [call('moveCard', { card: 'pack', column: 'done', order: 'a3' })])
  const { undone } = undo(ann, moved)
  expect(cardOf(ann)).toMatchObject({ column: 'todo', order: 'a0' })
  const bo = fork(ann, 'Bo')
  run(bo, [call('setDates', { card: 'pack', due: '2027-01-05' })])
  mergeInto(ann, bo)
  expect(undo(ann, undone).clashes).toEqual([])
  expect(cardOf(ann)).toMatchObject({ column: 'done', order: 'a3', due: '2027-01-05' })
})

test('undo of a new card archives it, so that what Bo wrote into it is not lost, and redo brings it back', () => {
  const ann = launchBoard()
  const added = run(ann, [call('addCard', { card: 'price', title: 'Price list', column: 'todo', order: 'a1' })])
  const bo = fork(ann, 'Bo')
  run(bo, [call('retitleCard', { card: 'price', title: 'Price list for dealers' })])
  mergeInto(ann, bo)
  const { undone } = undo(ann, added)
  expect(cardOf(ann, 'price')).toMatchObject({ title: 'Price list for dealers', archived: true })
  expect(undo(ann, undone).clashes).toEqual([])
  expect(cardOf(ann, 'price')).toMatchObject({ title: 'Price list for dealers', archived: false })
})

test('undo takes an assignee, a label and a date away again that were not there before', () => {
  const ann = launchBoard()
  const group = run(ann, [
    call('setAssignee', { card: 'pack', person: lin, on: true }),
    call('setLabel', { card: 'pack', label: 'urgent', on: true }),
    call('setDates', { card: 'pack', start: '2026-11-24' }),
  ])
  expect(cardOf(ann)).toMatchObject({ assignees: [lin], labels: ['urgent'], start: '2026-11-24' })
  undo(ann, group)
  expect(cardOf(ann)).toMatchObject({ assignees: [], labels: [], start: null, due: '2026-12-01' })
})

test('what Bo has taken away again himself needs neither a question nor a write: no field of it says anything', () => {
  const ann = launchBoard()
  const group = run(ann, [
    call('setAssignee', { card: 'pack', person: lin, on: true }),
    call('setLabel', { card: 'pack', label: 'urgent', on: true }),
    call('setDates', { card: 'pack', start: '2026-11-24' }),
  ])
  const bo = fork(ann, 'Bo')
  run(bo, [
    call('setAssignee', { card: 'pack', person: lin, on: false }),
    call('setLabel', { card: 'pack', label: 'urgent', on: false }),
    call('setDates', { card: 'pack', start: null }),
  ])
  mergeInto(ann, bo)
  const { undone, clashes } = undo(ann, group)
  expect(clashes).toEqual([])
  expect(undone.flatMap(({ hashes }) => hashes)).toEqual([])
  expect(cardOf(ann)).toMatchObject({ assignees: [], labels: [], start: null })
})

test('a group over the root and several shards is one undo: an import of 2,000 cards', () => {
  const ann = launchBoard()
  const group = run(ann, [
    call('addColumn', { column: 'imported', title: 'Imported', order: 'a5' }),
    ...Array.from({ length: 2_000 }, (_, n) =>
      call('addCard', { card: `i${n}`, title: `Row ${n}`, column: 'imported', order: 'a1' }),
    ),
  ])
  expect(new Set(group.map(({ doc }) => doc)).size).toBeGreaterThan(4)
  const bo = fork(ann, 'Bo')
  run(bo, [call('retitleCard', { card: 'i7', title: 'Bo looked at row 7' })])
  mergeInto(ann, bo)
  const { clashes } = undo(ann, group)
  expect(clashes).toEqual([])
  const { cardsById, columns } = viewOf<Board>(ann)
  const active = [...cardsById.values()].filter(({ archived }) => !archived)
  expect(active.map(({ id }) => id)).toEqual(['pack'])
  expect(columns.find(({ id }) => id === 'imported')?.archived).toBe(true)
  expect(cardsById.get('i7')?.title).toBe('Bo looked at row 7')
})

test('the fields of a change are what it wrote, before and after, without what others wrote meanwhile', () => {
  const ann = launchBoard()
  const bo = fork(ann, 'Bo')
  const moved = run(ann, [call('moveCard', { card: 'pack', column: 'done', order: 'a0' })])
  run(bo, [call('retitleCard', { card: 'pack', title: 'Cartons' })])
  mergeInto(ann, bo)
  const [{ doc, hashes } = { doc: '', hashes: [] }] = moved
  const shard = [...ann.docs].find(([id]) => id === doc)?.[1].doc
  if (!shard) throw new Error('no shard')
  // The place was written too, but with the value that it had.
  expect(fieldsOfChange(shard, hashes[0] ?? '')).toEqual([
    { path: ['cards', 'pack', 'column'], before: 'todo', after: 'done', whole: false },
  ])
  expect(valueAt(shard, ['cards', 'pack', 'title'])).toBe('Cartons')
  expect(valueAt(shard, ['cards', 'nobody', 'title'])).toBeUndefined()
})

test('of several changes to one field the first before and the last after count', () => {
  const ann = launchBoard()
  const first = run(ann, [call('retitleCard', { card: 'pack', title: 'Boxes' })])
  const second = run(ann, [call('retitleCard', { card: 'pack', title: 'Cartons' })])
  const shard = ann.docs.get(first[0]?.doc ?? ('' as never))?.doc
  if (!shard) throw new Error('no shard')
  const hashes = [...first, ...second].flatMap((written) => written.hashes)
  expect(fieldsOfChanges(shard, hashes)).toEqual([
    { path: ['cards', 'pack', 'title'], before: 'Packaging', after: 'Cartons', whole: false },
  ])
})

test('a created entry is one field that holds all of it', () => {
  const ann = launchBoard()
  const [written] = run(ann, [call('addCard', { card: 'price', title: 'Price list', column: 'todo', order: 'a1' })])
  const shard = written && ann.docs.get(written.doc)?.doc
  if (!shard) throw new Error('no shard')
  const fields = fieldsOfChanges(shard, written.hashes)
  expect(fields).toHaveLength(1)
  expect(fields[0]).toMatchObject({ path: ['cards', 'price'], before: undefined, whole: true })
  expect(fields[0]?.after).toMatchObject({ title: 'Price list', column: 'todo', archived: false, labels: {} })
})

test('Ann takes back a checklist item that she added; what Bo wrote into it meanwhile is still there when it is restored', () => {
  const ann = launchBoard()
  const added = run(ann, [call('addChecklistItem', { card: 'pack', item: 'i9', text: 'Samples', order: 'a1' })])
  const bo = fork(ann, 'Bo')
  run(bo, [call('tickChecklistItem', { card: 'pack', item: 'i9', done: true })])
  mergeInto(ann, bo)
  const { undone } = undo(ann, added)
  expect(cardOf(ann)?.checklist).toEqual([])
  undo(ann, undone)
  expect(cardOf(ann)?.checklist).toMatchObject([{ text: 'Samples', done: true }])
})

test('undo of an import takes also away what was archived within it, and redo archives it again', () => {
  const ann = launchBoard()
  // A large import is written in several changes of one group.
  const imported = [
    ...run(ann, [
      call('addColumn', { column: 'old', title: 'Old', order: 'a2' }),
      call('addCard', { card: 'past', title: 'Past', column: 'todo', order: 'a1' }),
      call('addCard', { card: 'now', title: 'Now', column: 'todo', order: 'a2' }),
    ]),
    ...run(ann, [call('archiveColumn', { column: 'old' }), call('archiveCard', { card: 'past' })]),
  ]
  const { undone, clashes } = undo(ann, imported)
  expect(clashes).toEqual([])
  expect([cardOf(ann, 'past')?.archived, cardOf(ann, 'now')?.archived]).toEqual([true, true])
  undo(ann, undone)
  expect([cardOf(ann, 'past')?.archived, cardOf(ann, 'now')?.archived]).toEqual([true, false])
  expect(viewOf<Board>(ann).columns.find(({ id }) => id === 'old')?.archived).toBe(true)
})

test('who wrote the same at once meant it: undo asks; of two values that met, undo of the one that counts lets the other stand', () => {
  const same = launchBoard()
  const his = fork(same, 'Bo')
  const archived = run(same, [call('archiveCard', { card: 'pack' })])
  run(his, [call('archiveCard', { card: 'pack' })])
  mergeInto(same, his)
  expect(undo(same, archived).clashes).toEqual([
    { path: ['cards', 'pack', 'archived'], mine: true, theirs: true, restored: false, actor: his.actor },
  ])

  const ann = launchBoard()
  const both = [ann, fork(ann, 'Bo')].map((replica, at) => {
    const title = ['Boxes', 'Cartons'][at]
    return { replica, title, renamed: run(replica, [call('retitleCard', { card: 'pack', title })]) }
  })
  const [one, other] = both
  if (!one || !other) throw new Error('two have written')
  mergeInto(one.replica, other.replica)
  mergeInto(other.replica, one.replica)
  const counts = cardOf(one.replica)?.title
  const [winner, loser] = one.title === counts ? [one, other] : [other, one]
  expect(undo(loser.replica, loser.renamed).clashes).toMatchObject([{ mine: loser.title, theirs: winner.title }])
  const { undone, clashes, met } = undo(winner.replica, winner.renamed)
  expect(clashes).toEqual([])
  expect(met).toEqual([{ path: ['cards', 'pack', 'title'], actor: loser.replica.actor }])
  expect(cardOf(winner.replica)?.title).toBe(loser.title)
  undo(winner.replica, undone)
  expect(cardOf(winner.replica)?.title).toBe(winner.title)

  // What she wrote over his later is hers again.
  const later = launchBoard()
  const first = run(later, [call('retitleCard', { card: 'pack', title: 'Boxes' })])
  const bo = fork(later, 'Bo')
  run(bo, [call('retitleCard', { card: 'pack', title: 'Cartons' })])
  mergeInto(later, bo)
  const again = run(later, [call('retitleCard', { card: 'pack', title: 'Boxes' })])
  const doc = first[0] && later.docs.get(first[0].doc)?.doc
  if (!doc) throw new Error('no such document')
  const hashes = first.flatMap((written) => written.hashes)
  const isMine = (actor: string) => actor === later.actor
  expect(again).not.toEqual([])
  expect(planUndo(doc, hashes, undefined, undefined, isMine).clashes).toEqual([])
})

test('who takes back a restoring puts the card away as it was, and what was known of its text; where others have worked in it since, that is gone', () => {
  const ann = launchBoard()
  const knewText = `0.811c9dc5 ${'a'.repeat(64)}`
  const notes = () => [...ann.docs.values()].map(({ doc }) => valueAt(doc, ['cards', 'pack', 'knewText']))
  run(ann, [call('archiveCard', { card: 'pack', knewText })])
  const restored = run(ann, [call('restoreCard', { card: 'pack' })])
  const [{ doc: id, hashes } = { doc: null, hashes: [] }] = restored
  const member = id && ann.docs.get(id)
  if (!member) throw new Error('no such document')
  const plan = planUndo(member.doc, hashes, board.documents[member.type])
  undo(ann, restored)
  expect(cardOf(ann)?.archived).toBe(true)
  expect(notes()).toContain(knewText)
  member.doc = A.change(member.doc, (draft) => applyUndo(draft, plan.notes))
  expect(notes()).not.toContainEqual(expect.anything())
})
