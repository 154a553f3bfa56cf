import * as A from '@automerge/automerge/slim'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextDay } from '#lib/kinds/board/repeat.ts'
import { addWorkdays, holidayOn, holidaysKnown, makesUpFor, workdaysBetween } from '#lib/kinds/board/workdays.ts'
import { everything, parseView, viewToText, type ViewContent } from '#lib/kinds/board/view-content.ts'
import type { ChangedField, MutationCall } from '#lib/kernel/define-kind.ts'
import type { PersonId } from '#lib/kernel/ids.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { applyPatches } from '#lib/kernel/apply-patches.ts'
import { board } from '#lib/kinds/board/index.ts'
import { blockersOf, circlesIn, noCycles } from '#lib/kinds/board/blocking.ts'
import { archivedCards, cardsByColumn, cardFilter, lostCards, warnings } from '#lib/kinds/board/queries.ts'
import { readBoard, type Board, type Card } from '#lib/kinds/board/schema.ts'
import { prose } from '#lib/kinds/prose/index.ts'
import type { ProseView } from '#lib/kinds/prose/schema.ts'
import { createDemo } from '#lib/kinds/demo.ts'
import { firstBoard } from '#lib/kinds/starters.ts'
import { kindNamed } from '#lib/kinds/index.ts'
import { fieldsOfChanges } from '#lib/store/fields.ts'
import { runsOf } from '#tests/support/runs.ts'
import { createReplica, fork, mergeInto, ROOT, run, viewOf, workOf, type Replica } from '#tests/support/kinds.ts'

const call = (mutation: string, args: Record<string, unknown>) => ({ mutation, args })
const [lin, ana] = ['0a'.repeat(16), '1b'.repeat(16)]

function twoColumns(): Replica {
  const ann = createReplica(board, 'Ann')
  run(ann, [
    call('addColumn', { column: 'todo', title: '待办', order: 'a0' }),
    call('addColumn', { column: 'done', title: 'Done', order: 'a1' }),
    call('addLabel', { label: 'urgent', name: 'Urgent', color: 'red' }),
    call('addCard', { card: 'pack', title: 'Packaging', column: 'todo', order: 'a0' }),
  ])
  return ann
}
function meet(ann: Replica, bo: Replica): Board {
  mergeInto(ann, bo)
  mergeInto(bo, ann)
  expect(viewOf(ann)).toEqual(viewOf(bo))
  return viewOf<Board>(ann)
}
const idsIn = (view: Board, column: string) => (cardsByColumn(view).get(column) ?? []).map(({ id }) => id)

test('a card moved on two offline devices appears once', () => {
  const ann = twoColumns()
  const bo = fork(ann, 'Bo')
  run(ann, [call('moveCard', { card: 'pack', column: 'done', order: 'a3' })])
  run(bo, [call('moveCard', { card: 'pack', column: 'todo', order: 'a5' })])
  const view = meet(ann, bo)
  expect([...cardsByColumn(view).values()].flat().map(({ id }) => id)).toEqual(['pack'])
})

test('Ann moves a card to another column while Bo moves it within its own: it is in the other column', () => {
  const ann = twoColumns()
  const bo = fork(ann, 'Bo')
  run(ann, [call('moveCard', { card: 'pack', column: 'done', order: 'a3' })])
  run(bo, [call('moveCard', { card: 'pack', column: 'todo', order: 'a5' })])
  expect(idsIn(meet(ann, bo), 'done')).toEqual(['pack'])
})

test('a card that one moves while the other makes room in its column is where it was moved to; of room made twice one stays', () => {
  const orders = ['a0', 'a1', 'a1V', 'a2', 'a3', 'a0G', 'Zz', 'a9']
  const order = fc.constantFrom(...orders)
  const moves = fc.array(fc.record({ column: fc.constantFrom('todo', 'done'), order }), { minLength: 1, maxLength: 3 })
  const rooms = fc.array(order, { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(moves, rooms, fc.boolean(), (moves, rooms, annMoves) => {
      const ann = twoColumns()
      const bo = fork(ann, 'Bo')
      const [mover, other] = annMoves ? [ann, bo] : [bo, ann]
      for (const move of moves) run(mover, [call('moveCard', { card: 'pack', ...move })])
      for (const order of rooms) run(other, [call('respaceCard', { card: 'pack', order })])
      const card = meet(ann, bo).cardsById.get('pack')
      const last = moves.at(-1)
      // Put back to the very place that room was made for, it stands where room was made.
      const isBack = last?.order === 'a0'
      expect(card?.column).toBe(last?.column)
      expect(card?.order).toBe(isBack ? rooms.at(-1) : last?.order)
    }),
    runsOf(60, 1_000),
  )
})

test('Ann renames a label while Bo recolours it, and both have their way', () => {
  const ann = twoColumns()
  const bo = fork(ann, 'Bo')
  run(ann, [call('editLabel', { label: 'urgent', name: '加急', color: 'red' })])
  run(bo, [call('editLabel', { label: 'urgent', name: 'Urgent', color: 'orange' })])
  expect(meet(ann, bo).labels).toMatchObject([{ name: '加急', color: 'orange' }])
})

test('two people assign and date a card at once, and everything is kept', () => {
  const ann = twoColumns()
  const bo = fork(ann, 'Bo')
  run(ann, [
    call('setAssignee', { card: 'pack', person: lin, on: true }),
    call('setDates', { card: 'pack', start: '2026-11-24' }),
  ])
  run(bo, [
    call('setAssignee', { card: 'pack', person: ana, on: true }),
    call('setDates', { card: 'pack', due: '2026-12-01' }),
  ])
  expect(meet(ann, bo).cardsById.get('pack')).toMatchObject({
    assignees: [lin, ana],
    start: '2026-11-24',
    due: '2026-12-01',
  })
})

test('Ann archives a column into which Bo moves a card offline: the card stays in sight, without a column', () => {
  const ann = twoColumns()
  const bo = fork(ann, 'Bo')
  run(ann, [call('archiveColumn', { column: 'done' })])
  run(bo, [call('moveCard', { card: 'pack', column: 'done', order: 'a3' })])
  const view = meet(ann, bo)
  expect([idsIn(view, 'todo'), lostCards(view).map(({ id }) => id)]).toEqual([[], ['pack']])
  run(ann, [call('restoreColumn', { column: 'done' })])
  expect(idsIn(viewOf<Board>(ann), 'done')).toEqual(['pack'])
})

test('two devices that each open a further shard offline keep the cards of both', () => {
  const ann = createReplica(board, 'Ann')
  run(ann, [call('addColumn', { column: 'todo', title: 'To do', order: 'a0' })])
  const bo = fork(ann, 'Bo')
  run(ann, [call('addCard', { card: 'one', title: 'by Ann', column: 'todo', order: 'a0' })])
  run(bo, [call('addCard', { card: 'two', title: 'by Bo', column: 'todo', order: 'a1' })])
  expect(idsIn(meet(ann, bo), 'todo')).toEqual(['one', 'two'])
})

test('a card that is gone, a title that is empty or an unknown colour is refused and nothing is written', () => {
  const ann = twoColumns()
  const before = JSON.stringify(workOf(ann))
  expect(() => run(ann, [call('renameColumn', { column: 'nowhere', title: 'x' })])).toThrow('column-gone')
  expect(() => run(ann, [call('editLabel', { label: 'nothing', name: 'x', color: 'red' })])).toThrow('label-gone')
  expect(() => run(ann, [call('addColumn', { column: 'todo', title: 'x', order: 'a0' })])).toThrow('entry-exists')
  expect(() => run(ann, [call('retitleCard', { card: 'pack', title: '  ' })])).toThrow()
  expect(() => run(ann, [call('recolorColumn', { column: 'todo', color: 'ultraviolet' })])).toThrow()
  expect(() => run(ann, [call('setDates', { card: 'pack', due: '2026-02-30' })])).toThrow()
  expect(JSON.stringify(workOf(ann))).toBe(before)
})

test('writing what is already there is no change', () => {
  const ann = twoColumns()
  for (const same of [
    call('retitleCard', { card: 'pack', title: 'Packaging' }),
    call('moveCard', { card: 'pack', column: 'todo', order: 'a0' }),
    call('setAssignee', { card: 'pack', person: lin, on: false }),
    call('setPriority', { card: 'pack', priority: null }),
  ]) {
    expect(run(ann, [same])[0]?.hashes).toEqual([])
  }
})

test('a shard that claims a card of another shard changes nothing for the others, in whatever order they come', () => {
  const entry = (title: string) => ({ cards: { pack: { title, column: 'todo' } } })
  const columns = { columns: { todo: { title: 'To do', order: 'a0' } } }
  const [first, second] = ['1'.repeat(32), '2'.repeat(32)]
  const docs = {
    [ROOT]: { type: 'root', doc: columns },
    [first]: { type: 'cards', doc: entry('mine') },
    [second]: { type: 'cards', doc: entry('forged') },
  }
  const turned = Object.fromEntries(Object.entries(docs).reverse())
  for (const each of [docs, turned])
    expect(readBoard({ root: ROOT, docs: each }).cardsById.get('pack')?.title).toBe('mine')
  expect(readBoard({ root: ROOT, docs }).cardsById.get('constructor')).toBeUndefined()
})

test('a change to one card leaves the other cards of a view the same objects', () => {
  const cards = {
    one: { title: 'one', column: 'todo', order: 'a0' },
    two: { title: 'two', column: 'todo', order: 'a1' },
  }
  const columns = { columns: { todo: { title: 'To do', order: 'a0' } } }
  const shard = '1'.repeat(32)
  const work = (doc: unknown) => ({
    root: ROOT,
    docs: { [ROOT]: { type: 'root', doc: columns }, [shard]: { type: 'cards', doc } },
  })
  const before = readBoard(work({ cards }))
  const after = readBoard(
    work(applyPatches({ cards }, [{ action: 'put', path: ['cards', 'one', 'title'], value: 'first' }])),
  )
  expect(after.cardsById.get('one')?.title).toBe('first')
  expect(after.cardsById.get('two')).toBe(before.cardsById.get('two'))
})

test('overdue and reversed dates are warned of, archived cards are not', () => {
  const ann = twoColumns()
  run(ann, [
    call('setDates', { card: 'pack', start: '2026-12-05', due: '2026-11-20' }),
    call('addCard', { card: 'old', title: 'Old', column: 'todo', order: 'a4', due: '2026-01-01' }),
    call('archiveCard', { card: 'old' }),
  ])
  const view = viewOf<Board>(ann)
  expect(warnings(view, '2026-11-23' as Day)).toEqual([
    { code: 'overdue', card: 'pack', column: null },
    { code: 'dates-reversed', card: 'pack', column: null },
  ])
  expect(archivedCards(view).map(({ id }) => id)).toEqual(['old'])
})

test('what lies in a column of finished cards is not overdue, and is again when the column is none (P12)', () => {
  const ann = twoColumns()
  run(ann, [call('setDates', { card: 'pack', due: '2026-11-20' })])
  const overdue = () => warnings(viewOf<Board>(ann), '2026-11-23' as Day).map(({ card }) => card)
  expect(overdue()).toEqual(['pack'])
  run(ann, [call('setColumnDone', { column: 'todo', done: true })])
  expect(overdue()).toEqual([])
  run(ann, [call('setColumnDone', { column: 'todo', done: false })])
  expect(overdue()).toEqual(['pack'])
})

test('the filter finds every word in any case, and any of the people or labels', () => {
  const ann = twoColumns()
  run(ann, [
    call('retitleCard', { card: 'pack', title: '确认 Packaging 的交期' }),
    call('setAssignee', { card: 'pack', person: lin, on: true }),
  ])
  const card = viewOf<Board>(ann).cardsById.get('pack')
  if (!card) throw new Error('no card')
  const context = {
    board: viewOf<Board>(ann),
    today: '2026-11-23' as Day,
    done: new Set<string>(),
    labelsById: new Map(),
    personName: (person: string) => (person === lin ? '林若曦' : ''),
    departmentsOf: (person: string) => (person === lin ? ['sales'] : []),
    isContested: (id: string) => id === 'other',
    whereNow: () => [],
  }
  const shows = (part: Partial<ViewContent>) => cardFilter({ ...everything, ...part }, context)(card)
  expect(shows({ text: 'ｐackaging 交期' })).toBe(true)
  expect(shows({ text: 'packaging 报价' })).toBe(false)
  expect(shows({ text: '若曦' })).toBe(true)
  expect(shows({ assignees: [ana, lin] })).toBe(true)
  expect(shows({ assignees: [''] })).toBe(false)
  expect(shows({ departments: ['sales', 'finance'] })).toBe(true)
  expect(shows({ departments: ['finance'] })).toBe(false)
  expect(shows({ departments: [''] })).toBe(false)
  expect(shows({ labels: ['urgent'] })).toBe(false)
  expect(shows({ due: 'none' })).toBe(true)
  expect(shows({ due: 'week' })).toBe(false)
  expect(shows({ blocked: true })).toBe(false)
  expect(shows({ contested: true })).toBe(false)
  expect(
    cardFilter({ ...everything, contested: true }, { ...context, isContested: (id) => id === card.id })(card),
  ).toBe(true)
})

test('sentences say what happened, also to many cards at once and when an action is taken back', () => {
  const ann = twoColumns()
  const said = (mutation: string, calls: { mutation: string; args: Record<string, unknown> }[]) => {
    const fields = run(ann, calls).flatMap(({ doc, type, hashes }) =>
      fieldsOfChanges(ann.docs.get(doc)?.doc ?? A.init(), hashes).map((field) => ({ ...field, doc, type })),
    )
    return audit(mutation, fields)
  }
  const audit = (mutation: string, fields: readonly ChangedField[]) =>
    kindNamed('board')?.audit[mutation]?.({ fields, view: viewOf(ann), personName: () => '林若溪' })
  const movedFields = (cards: readonly string[]): ChangedField[] =>
    cards.map((card) => ({ doc: ROOT, type: 'root', path: ['cards', card, 'column'], before: 'todo', after: 'done' }))
  expect(said('moveCard', [call('moveCard', { card: 'pack', column: 'done', order: 'a4' })])).toEqual({
    'zh-CN': '把“Packaging”从“待办”移到“Done”',
    en: 'Moved “Packaging” from “待办” to “Done”',
  })
  expect(said('setAssignee', [call('setAssignee', { card: 'pack', person: lin, on: true })])).toEqual({
    'zh-CN': '把“Packaging”指派给林若溪',
    en: 'Assigned “Packaging” to 林若溪',
  })
  const three = ['A', 'B', 'C'].map((card) => call('addCard', { card, title: card, column: 'todo', order: 'a1' }))
  expect(said('addCard', three)).toEqual({ 'zh-CN': '添加了“A”等 3 张卡片', en: 'Added “A” and 2 other cards' })
  const many = Array.from({ length: 10_000 }, (_, at) => `C${at}`)
  expect(audit('moveCard', movedFields(many))).toEqual({
    'zh-CN': '把“…”等 10,000 张卡片从“待办”移到“Done”',
    en: 'Moved “…” and 9,999 other cards from “待办” to “Done”',
  })
  // Undo of the three: they were archived, and that is what it says.
  expect(
    said(
      'addCard',
      ['A', 'B', 'C'].map((card) => call('archiveCard', { card })),
    ),
  ).toEqual({
    'zh-CN': '归档了“A”等 3 张卡片',
    en: 'Archived “A” and 2 other cards',
  })
})

test('of cards that came from another board the history says so, from which one, and which came again beside them', () => {
  const ann = twoColumns()
  const from = (entity: string) => ({ work: 'e'.repeat(32), entity, cut: 'cut1' })
  const add = (card: string, args: Record<string, unknown> = {}) =>
    call('addCard', { card, title: card, column: 'todo', order: 'a1', ...args })
  const said = (calls: MutationCall[], title: string | null) => {
    const fields = run(ann, calls).flatMap(({ doc, type, hashes }) =>
      fieldsOfChanges(ann.docs.get(doc)?.doc ?? A.init(), hashes).map((field) => ({ ...field, doc, type })),
    )
    const workTitle = (work: string) => (work === 'e'.repeat(32) ? title : null)
    return kindNamed('board')?.audit['addCard']?.({ fields, view: viewOf(ann), personName: () => '', workTitle })
  }
  expect(said([add('Hull', { from: from('hull') })], 'Deck')).toEqual({
    'zh-CN': '从看板“Deck”把“Hull”移到“待办”',
    en: 'Moved “Hull” here from the board “Deck”, to “待办”',
  })
  expect(said([add('Mast', { from: from('mast') })], null)).toEqual({
    'zh-CN': '从另一个看板把“Mast”移到“待办”',
    en: 'Moved “Mast” here from another board, to “待办”',
  })
  expect(said([add('Oars', { from: from('oars') }), add('Sail', { from: from('sail') }), add('Next')], 'Deck')).toEqual(
    {
      'zh-CN': '从看板“Deck”移来了“Oars”等 2 张卡片；在“待办”添加了“Next”',
      en: 'Moved “Oars” and 1 other card here from the board “Deck”; added “Next” to “待办”',
    },
  )
})

test('a date in a sentence is written as people read it, in either language', () => {
  const ann = twoColumns()
  const path = ['cards', 'pack', 'due']
  const field: ChangedField = { doc: ROOT, type: 'root', path, before: null, after: '2026-12-04' }
  const said = kindNamed('board')?.audit['setDates']?.({ fields: [field], view: viewOf(ann), personName: () => '' })
  expect(said?.['zh-CN']).toMatch(/的截止日期设为 2026年12月4日$/)
  expect(said?.en).toMatch(/^Set the due date of .* to Dec 4, 2026$/)
})

test.each([
  ['moveCard', ['cards', 'pack', 'column'], 'todo', 'done', 'Left “Packaging” in “待办”, not Ann’s “Done”'],
  ['setEstimate', ['cards', 'pack', 'estimate'], null, 3, 'Left the estimate of “Packaging” empty, not Ann’s 3 h'],
  [
    'setPriority',
    ['cards', 'pack', 'priority'],
    'high',
    null,
    'Kept P1 as the priority of “Packaging”, not Ann’s blank',
  ],
  ['setColumnDone', ['columns', 'done', 'done'], true, false, 'Left the column “Done” a column of finished cards'],
  ['restoreCard', ['cards', 'pack', 'archived'], false, true, 'Kept “Packaging”'],
  ['archiveCard', ['cards', 'pack', 'archived'], true, false, 'Chose what counts for “Packaging”'],
] as const)(
  'what was chosen for %s, and was so before, is told by what it is: %s',
  (mutation, path, after, value, said) => {
    const ann = twoColumns()
    const field = { doc: ROOT, type: 'root', path, before: after, after, over: [{ value, by: lin as PersonId }] }
    const facts = { view: viewOf(ann), personName: () => 'Ann' }
    const audit = kindNamed('board')?.audit[mutation]
    expect(audit?.({ ...facts, fields: [field] }).en).toBe(said)
    // Where something else became another by the same action, that is told.
    const changed = { doc: ROOT, type: 'root', path: ['cards', 'pack', 'column'], before: 'todo', after: 'done' }
    if (mutation === 'moveCard')
      expect(audit?.({ ...facts, fields: [field, changed] }).en).toMatch(/^Moved “Packaging”/)
  },
)

test('of one action that chose between values of several cards, what became another and what was kept as it was are both told', () => {
  const ann = twoColumns()
  run(ann, [call('addCard', { card: 'ship', title: 'Shipping', column: 'todo', order: 'a9' })])
  const over = [{ value: 'low', by: lin as PersonId }]
  const of = (card: string) => ({ doc: ROOT, type: 'root', path: ['cards', card, 'priority'] })
  const facts = { view: viewOf(ann), personName: () => 'Ann' }
  const said = kindNamed('board')?.audit['setPriority']?.({
    ...facts,
    fields: [
      { ...of('pack'), before: 'high', after: 'high', over },
      { ...of('ship'), before: 'high', after: 'low' },
    ],
  })
  expect(said).toEqual({
    'zh-CN': '把“Shipping”的优先级设为 P3；把“Packaging”的优先级保留为 P1，而不是 Ann 的 P3',
    en: 'Set the priority of “Shipping” to P3; kept P1 as the priority of “Packaging”, not Ann’s P3',
  })
})

test('quotation marks in a name are the inner ones in a sentence', () => {
  const ann = twoColumns()
  const say = (title: string) => {
    run(ann, [call('retitleCard', { card: 'pack', title })])
    const field: ChangedField = {
      doc: ROOT,
      type: 'root',
      path: ['cards', 'pack', 'due'],
      before: '2026-11-23',
      after: null,
    }
    return kindNamed('board')?.audit['setDates']?.({ fields: [field], view: viewOf(ann), personName: () => '' })
  }
  expect(say('Move this card to “Doing”')).toEqual({
    'zh-CN': '清除了“Move this card to ‘Doing’”的截止日期',
    en: 'Cleared the due date of “Move this card to ‘Doing’”',
  })
  expect(say('Bo’s «boat» "Skiff" 「小舟」')?.en).toBe('Cleared the due date of “Bo’s «boat» "Skiff" 「小舟」”')
})

test('a name from right to left is isolated in a sentence, and a mark that turns letters around is cut', () => {
  const ann = twoColumns()
  const say = (title: string, person: string) => {
    run(ann, [call('retitleCard', { card: 'pack', title })])
    const path = ['cards', 'pack', 'assignees', 'bo']
    const fields: ChangedField[] = [{ doc: ROOT, type: 'root', path, before: undefined, after: true }]
    return kindNamed('board')?.audit['setAssignee']?.({ fields, view: viewOf(ann), personName: () => person })?.en
  }
  expect(say('מפרשים', 'בועז')).toBe('Assigned “\u2068מפרשים\u2069” to \u2068בועז\u2069')
  expect(say('Sails\u202e gpj.exe', 'Bo')).toBe('Assigned “Sails gpj.exe” to Bo')
})

test('a name that fills several lines is shortened in a sentence, so that what happened is still read', () => {
  const view = viewOf(twoColumns())
  const title = '请各部门负责人在本周五下班之前把各自负责的上市准备事项逐条核对并在本看板更新状态'.repeat(5)
  const field: ChangedField = {
    doc: ROOT,
    type: 'root',
    path: ['cards', 'long', 'column'],
    before: 'todo',
    after: 'done',
  }
  const then = (_: string, id: string) => (id === 'long' ? title : undefined)
  const said = kindNamed('board')?.audit['moveCard']?.({ fields: [field], view, then, personName: () => '' })
  expect(said?.['zh-CN']).toBe(`把“${title.slice(0, 39)}…”从“待办”移到“Done”`)
  expect(said?.en).toMatch(/^Moved “.{39}…” from “待办” to “Done”$/)
})

test('a title in letters may be twice as long in a sentence, and no word of it is cut in two', () => {
  const view = viewOf(twoColumns())
  const titles: Readonly<Record<string, string>> = {
    whole: 'Charging case is sometimes not recognised by older phones of two makers',
    long: 'Every head of department checks every preparation for the launch before Friday evening',
  }
  const field = (id: string): ChangedField => ({
    doc: ROOT,
    type: 'root',
    path: ['cards', id, 'archived'],
    before: false,
    after: true,
  })
  const then = (_: string, id: string) => titles[id]
  const saidOf = (id: string) =>
    kindNamed('board')?.audit['archiveCard']?.({ fields: [field(id)], view, then, personName: () => '' }).en
  expect(saidOf('whole')).toBe(`Archived “${titles['whole']}”`)
  expect(saidOf('long')).toBe('Archived “Every head of department checks every preparation for the launch before…”')
})

test('an imported description becomes paragraphs, and a text that has begun is never begun again', () => {
  const ann = createReplica(prose, 'Ann')
  run(ann, [call('addEntry', { entry: 'pack', text: '第一段\r\nSecond paragraph\n\nFourth' })])
  const bo = fork(ann, 'Bo')
  run(bo, [call('addEntry', { entry: 'pack', text: 'something else' })])
  for (const replica of [ann, bo]) {
    expect(viewOf<ProseView>(replica).entries['pack']?.text).toBe('第一段\nSecond paragraph\n\nFourth')
  }
  const doc = ann.docs.get(ROOT)?.doc ?? A.init()
  const blocks = A.spans(doc, ['entries', 'pack', 'text']).filter((span) => span.type === 'block')
  expect(blocks).toHaveLength(4)
})

test.each(['zh-CN', 'en'] as const)('the first board and the demo are made without a refusal (%s)', (locale) => {
  let made = 0
  const newEntity = () => `e${(made++).toString().padStart(11, '0')}`
  const first = createReplica(board, 'Ann')
  run(first, firstBoard(locale, newEntity))
  expect(cardsByColumn(viewOf<Board>(first)).size).toBe(3)
  const today = '2026-11-23' as Day
  const { works, people } = createDemo(locale, {
    today,
    newEntity,
    newPerson: () => (made++).toString(16).padStart(32, '0'),
  })
  const known = new Set(people.map(({ person }) => person))
  for (const { kind, past } of works) {
    expect(kind).toBe('board')
    const replica = createReplica(board, 'Ann')
    for (const { calls } of past) run(replica, calls)
    const view = viewOf<Board>(replica)
    expect([...view.cardsById.keys()].length).toBeGreaterThanOrEqual(5)
    expect([...view.cardsById.values()].flatMap(({ assignees }) => assignees).filter((id) => !known.has(id))).toEqual(
      [],
    )
    // Every column has something to look at.
    expect([...cardsByColumn(view).values()].every((list) => list.length > 0)).toBe(true)
    for (const card of [...view.cardsById.values()]) expect(cardsByColumn(view).get(card.column)).toContainEqual(card)
  }
})

test('a card waits for others until they are finished; a cycle is refused, one closed by two people apart is named', () => {
  const ann = twoColumns()
  run(ann, [
    call('addCard', { card: 'ship', title: 'Ship', column: 'todo', order: 'a7' }),
    call('addCard', { card: 'price', title: 'Price', column: 'todo', order: 'a8' }),
  ])
  const block = (card: string, by: string, on = true) => call('setBlockedBy', { card, by, on })
  const check =
    (replica: Replica, ...calls: MutationCall[]) =>
    () =>
      noCycles.check(viewOf<Board>(replica), calls)
  expect(check(ann, block('ship', 'pack'))).not.toThrow()
  run(ann, [block('ship', 'pack')])
  const ship = () => viewOf<Board>(ann).cardsById.get('ship') as Card
  expect(blockersOf(viewOf<Board>(ann), ship()).map(({ id }) => id)).toEqual(['pack'])
  expect(check(ann, block('pack', 'ship'))).toThrow('blocking-cycle')
  expect(check(ann, block('pack', 'pack'))).toThrow('blocking-cycle')
  expect(check(ann, block('ship', 'pack', false), block('pack', 'ship'))).not.toThrow()
  expect(check(ann, block('price', 'ship'), block('pack', 'price'))).toThrow('blocking-cycle')
  const bo = fork(ann, 'Bo')
  run(ann, [block('ship', 'pack', false)])
  run(bo, [block('pack', 'price')])
  run(ann, [block('price', 'pack')])
  mergeInto(ann, bo)
  mergeInto(bo, ann)
  for (const replica of [ann, bo]) {
    const view = viewOf<Board>(replica)
    // One of the two links is followed, the same one for both of them; both cards are warned of.
    expect(circlesIn(view)).toEqual([{ card: 'price', by: 'pack' }])
    const blockers = (id: string) => blockersOf(view, view.cardsById.get(id) as Card).map((card) => card.id)
    expect([blockers('pack'), blockers('price')]).toEqual([['price'], []])
    expect(warnings(view, '2026-11-23' as Day).map(({ code, card }) => `${code} ${card}`)).toEqual([
      'blocking-cycle pack',
      'blocking-cycle price',
    ])
  }
  // Whoever takes the other one back sets this one in force.
  run(ann, [block('pack', 'price', false)])
  expect(circlesIn(viewOf<Board>(ann))).toEqual([])
  expect(check(ann, block('pack', 'price'))).toThrow('blocking-cycle')
})

test('a checklist keeps what both wrote: one renames an item, the other removes it, both add one', () => {
  const ann = twoColumns()
  run(ann, [call('addChecklistItem', { card: 'pack', item: 'i1', text: 'Three offers', order: 'a1' })])
  const bo = fork(ann, 'Bo')
  run(ann, [
    call('editChecklistItem', { card: 'pack', item: 'i1', text: 'Four offers' }),
    call('addChecklistItem', { card: 'pack', item: 'i2', text: "Ann's", order: 'a2' }),
  ])
  run(bo, [
    call('tickChecklistItem', { card: 'pack', item: 'i1', done: true }),
    call('addChecklistItem', { card: 'pack', item: 'i3', text: "Bo's", order: 'a2' }),
  ])
  mergeInto(ann, bo)
  expect(viewOf<Board>(ann).cardsById.get('pack')?.checklist).toMatchObject([
    { text: 'Four offers', done: true },
    { text: "Ann's" },
    { text: "Bo's" },
  ])
  run(ann, [call('removeChecklistItem', { card: 'pack', item: 'i1' })])
  expect(
    viewOf<Board>(ann)
      .cardsById.get('pack')
      ?.checklist.map(({ id }) => id),
  ).toEqual(['i2', 'i3'])
})

test('a column over its limit is warned of', () => {
  const ann = twoColumns()
  run(ann, [call('addCard', { card: 'two', title: 'Two', column: 'todo', order: 'a5' })])
  run(ann, [call('setColumnLimit', { column: 'todo', limit: 1 })])
  expect(warnings(viewOf<Board>(ann), '2026-11-23' as Day)).toEqual([
    { code: 'over-limit', card: null, column: 'todo' },
  ])
  run(ann, [call('setColumnLimit', { column: 'todo', limit: null })])
  expect(warnings(viewOf<Board>(ann), '2026-11-23' as Day)).toEqual([])
})

test('cards come again on the next day, workday of mainland China, week, month or year', () => {
  expect(nextDay('daily', '2026-12-31' as Day)).toBe('2027-01-01')
  expect(nextDay('weekly', '2026-11-23' as Day)).toBe('2026-11-30')
  expect(nextDay('monthly', '2026-01-31' as Day)).toBe('2026-02-28')
  expect(nextDay('yearly', '2028-02-29' as Day)).toBe('2029-02-28')
  // National Day 2026 ends on the 7th; Saturday the 10th makes up for it.
  expect(nextDay('workdays', '2026-09-30' as Day)).toBe('2026-10-08')
  expect(nextDay('workdays', '2026-10-09' as Day)).toBe('2026-10-10')
  expect(workdaysBetween('2026-10-01' as Day, '2026-10-10' as Day)).toBe(3)
  expect(addWorkdays('2026-09-30' as Day, 3)).toBe('2026-10-10')
  expect(holidayOn('2026-10-01' as Day)).toEqual({ 'zh-CN': '国庆节', en: 'National Day' })
  expect(holidayOn('2026-11-22' as Day)).toBeNull()
  expect(makesUpFor('2026-10-10' as Day)).toEqual({ 'zh-CN': '国庆节', en: 'National Day' })
  for (const day of ['2026-10-07', '2026-10-08', '2026-11-22']) expect(makesUpFor(day as Day)).toBeNull()
  expect([2026, 1990].map(holidaysKnown)).toEqual([true, false])
})

test('before its holidays are published a year has the free days of the law: nobody is asked to work on new year or on the festival’s eve', () => {
  expect(nextDay('workdays', '2026-12-31' as Day)).toBe('2027-01-04')
  expect(addWorkdays('2026-12-31' as Day, 1)).toBe('2027-01-04')
  // The eve is Friday 5 February, the fourth free day a Monday.
  expect(nextDay('workdays', '2027-02-04' as Day)).toBe('2027-02-09')
  expect(nextDay('workdays', '2028-04-30' as Day)).toBe('2028-05-03')
  expect(nextDay('workdays', '2027-09-30' as Day)).toBe('2027-10-04')
  expect(workdaysBetween('2027-01-01' as Day, '2027-01-05' as Day)).toBe(2)
  // Before the list of festivals begins, what was published holds alone.
  expect(nextDay('workdays', '2026-10-10' as Day)).toBe('2026-10-12')
})

test('a saved view reads whatever was saved, and what it does not know shows everything', () => {
  expect(parseView(viewToText({ ...everything, text: '交期', due: 'week' }))).toEqual({
    ...everything,
    text: '交期',
    due: 'week',
  })
  expect(parseView('{"layout":"gantt","labels":["l1"],"due":7}')).toEqual({ ...everything, labels: ['l1'] })
  for (const text of ['', '[]', 'null', '{', '{"labels":{"a":1}}']) expect(parseView(text)).toEqual(everything)
})
