import { expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import { zhCN } from '#lib/i18n/zh-CN.ts'
import type { DocId, PersonId } from '#lib/kernel/ids.ts'
import type { Day, Instant } from '#lib/kernel/instants.ts'
import { board } from '#lib/kinds/board/index.ts'
import type { Landed } from '#lib/kinds/board/landed.ts'
import { readBoard, type BoardDraft, type CardDraft } from '#lib/kinds/board/schema.ts'
import { groupChanges, newestOnBoard } from '#lib/kinds/board/ui/change-order.ts'
import {
  clashesToTell,
  saySorts,
  sortsAmong,
  tellChanges,
  tellConflict,
  type Words,
} from '#lib/kinds/board/ui/change-words.ts'
import { compareWorks } from '#lib/store/compare.ts'
import { withPlaces } from '#lib/store/places.ts'
import { landedOn } from '#tests/support/board-card.ts'

const root = 'a'.repeat(32) as DocId
const shard = 'b'.repeat(32) as DocId
const columns = {
  todo: { title: 'To do', order: 'a1', archived: false },
  doing: { title: 'Doing', order: 'a2', archived: false },
}
const boardOf = (cards: Record<string, unknown>, its: Record<string, unknown> = columns) => ({
  root,
  docs: {
    [root]: { type: 'root', doc: { title: 'Launch', columns: its } },
    [shard]: { type: 'cards', doc: { cards } },
  },
})
const cardOf = (title: string, column: string, archived = false) => ({ title, column, order: 'a1', archived })

const wordsFor = (cards: Record<string, unknown>, t: Words['t'] = en): Words => ({
  t,
  locale: t === en ? 'en' : 'zh-CN',
  today: '2026-11-26' as Day,
  board: readBoard(boardOf(cards)),
  personName: () => 'Bo',
  departmentName: () => '',
  whereNow: () => [],
  moversOf: () => [],
  waysFrom: () => [],
  boardTitle: () => null,
})
const between = (...[before, after]: [ReturnType<typeof boardOf>, ReturnType<typeof boardOf>]) =>
  withPlaces(compareWorks(before, after, board), before, after, board)
const tellBetween = (before: Record<string, unknown>, after: Record<string, unknown>, t: Words['t'] = en) =>
  tellChanges(between(boardOf(before), boardOf(after)), wordsFor(after, t))

/** Of a card that lies in the archive here: it was moved, and perhaps moved on. */
function tellMoved(move: Landed, end = move) {
  const [here, away] = [cardOf('Boxes', 'todo'), cardOf('Boxes', 'todo', true)]
  const words = { ...wordsFor({ a: away }), waysFrom: () => [{ move, end }] }
  return tellChanges(compareWorks(boardOf({ a: here }), boardOf({ a: away }), board), words)
}

function told(before: Record<string, unknown>, after: Record<string, unknown>, t: Words['t'] = en) {
  return tellBetween(before, after, t).map((change) => ({
    said: saySorts(change, t),
    fields: change.fields.map(({ name }) => name),
  }))
}

test('of a card that Bo archived, added or brought back the column is said where it is or was', () => {
  const [here, away] = [cardOf('Boxes', 'todo'), cardOf('Boxes', 'todo', true)]
  expect(told({ a: here }, { a: away })).toEqual([{ said: 'Archived, was in “To do”', fields: [] }])
  expect(told({ a: cardOf('Boxes', 'doing') }, { a: away })).toEqual([{ said: 'Archived, was in “Doing”', fields: [] }])
  expect(told({ a: away }, { a: here })).toEqual([{ said: 'Brought back to To do', fields: [] }])
  // Archived here because it went elsewhere.
  const [moved] = tellMoved(landedOn('Second'))
  expect(moved && saySorts(moved, en)).toBe('Moved to “Second”')
  expect(sortsAmong(moved ? [moved] : [], false, en)).toEqual([{ sort: 'away', name: '1 moved to another board' }])
  // Added here because it came from elsewhere.
  const came = { ...here, from: `${'e'.repeat(32)} boxes cut1` }
  const [arrived] = tellChanges(compareWorks(boardOf({}), boardOf({ a: came }), board), wordsFor({ a: came }))
  expect(arrived && saySorts(arrived, en)).toBe('Added to To do · from another board')
  const known = { ...wordsFor({ a: came }, zhCN), boardTitle: () => 'First' }
  const [fromFirst] = tellChanges(compareWorks(boardOf({}), boardOf({ a: came }), board), known)
  expect(fromFirst && saySorts(fromFirst, zhCN)).toBe('新增到“To do” · 来自“First”')
  expect(told({}, { a: here })).toEqual([{ said: 'Added to To do', fields: [] }])
  expect(told({ a: here }, {})).toEqual([{ said: 'Removed from To do', fields: [] }])
  expect(told({ a: here }, { a: away }, zhCN)).toEqual([{ said: '从“To do”归档', fields: [] }])
})

test('a card that was moved is not said to be archived where it lies in the archive there, was moved on, or is back as another one', () => {
  const said = (...landed: [Landed, ...Landed[]]) => {
    const [moved] = tellMoved(...landed)
    expect(moved?.sorts).toEqual(['away'])
    return moved && saySorts(moved, en)
  }
  const second = landedOn('Second', { archived: true })
  expect(said(second)).toBe('Moved to “Second”')
  expect(said(second, landedOn('Third', { work: 'f'.repeat(32) as DocId }))).toBe('Moved to “Second”')
  expect(said(second, landedOn('Launch', { work: second.from.work }))).toBe('Moved to “Second” and back')
  // Since then that was archived.
  expect(said(second, landedOn('Launch', { work: second.from.work, archived: true }))).toBe(
    'Moved to “Second” and back',
  )
})

test('a card that came in a move which Bo has taken back is back where it was, and not archived; who archived it by hand has done that', () => {
  const [here, away] = [cardOf('Boxes', 'todo'), cardOf('Boxes', 'todo', true)]
  const [bo, cy] = ['bo', 'cy'] as PersonId[]
  const said = (person: PersonId | null | undefined, isBack = true) => {
    const first = { work: 'e'.repeat(32) as DocId, entity: 'boxes', title: 'Boxes', by: null, board: 'First' }
    const words = { ...wordsFor({ a: away }), moversOf: () => [bo ?? ''], whereNow: () => (isBack ? [first] : []) }
    const changes = compareWorks(boardOf({ a: here }), boardOf({ a: away }), board)
    const authors = person === undefined ? [] : [{ person, at: 0 as Instant }]
    const byOthers = changes.map(({ text: _, fields, ...change }) => {
      return { ...change, fields: fields.map((field) => ({ ...field, authors })), authors }
    })
    const [one] = tellChanges(person === undefined ? changes : byOthers, words)
    return one && saySorts(one, en)
  }
  expect([said(bo), said(undefined)]).toEqual(['Back on “First”', 'Back on “First”'])
  expect([said(cy), said(null), said(bo, false)]).toEqual(Array(3).fill('Archived, was in “To do”'))
})

test('a card that Bo moved on, and that Ann has back where it came from, is moved of him and back of her', () => {
  const [here, away] = [cardOf('Boxes', 'todo'), cardOf('Boxes', 'todo', true)]
  const [ann, bo] = ['ann', 'bo'] as [PersonId, PersonId]
  const first = { work: 'e'.repeat(32) as DocId, entity: 'boxes', title: 'Boxes', by: null, board: 'First' }
  const third = landedOn('Third', { by: bo })
  const words = {
    ...wordsFor({ a: away }),
    moversOf: () => [ann, bo],
    waysFrom: () => [{ move: third, end: third }],
    whereNow: () => [first, { ...first, ...third, by: bo }],
  }
  const [change] = compareWorks(boardOf({ a: here }), boardOf({ a: away }), board)
  const said = (person: PersonId) => {
    const authors = [{ person, at: 0 as Instant }]
    const { text: _, fields, ...rest } = change ?? expect.fail('no change')
    const [one] = tellChanges([{ ...rest, fields: fields.map((field) => ({ ...field, authors })), authors }], words)
    return one && saySorts(one, en)
  }
  expect([said(bo), said(ann)]).toEqual(['Moved to “Third”', 'Back on “First”'])
})

test('of a card that Bo moved and changed both columns are said', () => {
  expect(told({ a: cardOf('Boxes', 'todo') }, { a: cardOf('Crates', 'doing') })).toEqual([
    { said: 'Moved · Changed', fields: ['Title', 'Column'] },
  ])
})

test('a card that Bo only put elsewhere in its column says between which places', () => {
  const cardAt = (title: string, order: string) => ({ ...cardOf(title, 'todo'), order })
  const others = { b: cardAt('Price', 'a2'), c: cardAt('Film', 'a3') }
  const before = { a: cardAt('Boxes', 'a4'), ...others }
  const after = { a: cardAt('Boxes', 'a1'), ...others }
  const [change] = tellBetween(before, after)
  expect(change && saySorts(change, en)).toBe('Moved within To do')
  expect(change?.fields).toMatchObject([{ name: 'Place', before: 'No. 3', after: 'No. 1' }])
})

test('a card that Bo put elsewhere in its column and changed says both; one that only kept its place with another key says what was changed', () => {
  const cardAt = (title: string, order: string) => ({ ...cardOf(title, 'todo'), order })
  const others = { b: cardAt('Price', 'a2'), c: cardAt('Film', 'a3') }
  const before = { a: cardAt('Boxes', 'a4'), ...others }
  const [change] = tellBetween(before, { a: cardAt('Crates', 'a1'), ...others })
  expect(change && saySorts(change, en)).toBe('Moved within To do · Changed')
  expect(change?.fields).toMatchObject([
    { name: 'Place', before: 'No. 3', after: 'No. 1' },
    { name: 'Title', before: 'Boxes', after: 'Crates' },
  ])
  expect(told(before, { a: cardAt('Crates', 'a5'), ...others })).toEqual([{ said: 'Changed', fields: ['Title'] }])
})

test('a place is counted among the cards of its moment, whatever has come and gone since; where that says nothing no number is said', () => {
  const cardAt = (title: string, order: string, column = 'todo') => ({ ...cardOf(title, column), order })
  const six = Object.fromEntries(['b', 'c', 'd', 'e', 'f', 'g'].map((id, at) => [id, cardAt(id, `a${at + 1}`)]))
  const before = { a: cardAt('Boxes', 'a7'), ...six }
  const after = { ...before, a: cardAt('Boxes', 'a0'), b: cardAt('b', 'a1', 'doing'), c: cardOf('c', 'todo', true) }
  const ofBoxes = (changes: ReturnType<typeof tellBetween>) => changes.find(({ card }) => card === 'a')
  expect(ofBoxes(tellBetween(before, after))?.fields).toMatchObject([{ before: 'No. 7', after: 'No. 1' }])
  // Between two versions it is not the board of now that counts.
  const words = wordsFor({ a: cardAt('Boxes', 'a0') })
  expect(ofBoxes(tellChanges(between(boardOf(before), boardOf(after)), words))?.fields).toMatchObject([
    { before: 'No. 7', after: 'No. 1' },
  ])
  // Put at the head, and others before it since.
  const pushed = { a: cardAt('Boxes', 'Zz'), b: six['b'], x: cardAt('x', 'Zx') }
  const [change] = tellBetween({ b: six['b'], a: cardAt('Boxes', 'a7') }, pushed).filter(({ card }) => card === 'a')
  expect(change && saySorts(change, en)).toBe('Moved within To do')
  expect(change?.fields).toEqual([])
})

test('a column that Bo moved and renamed says between which places, and calls its name a name', () => {
  const after = { ...columns, doing: { title: 'In work', order: 'a0', archived: false } }
  const differences = between(boardOf({}), boardOf({}, after))
  const said = (t: Words['t']) =>
    tellChanges(differences, { ...wordsFor({}, t), board: readBoard(boardOf({}, after)) }).map((change) => [
      saySorts(change, t),
      ...change.fields.map(({ name, before, after }) => `${name}: ${before} → ${after}`),
    ])
  expect(said(en)).toEqual([['Moved · Changed', 'Place: No. 2 → No. 1', 'Name: Doing → In work']])
  expect(said(zhCN)).toEqual([['移动 · 修改', '位置: 第 2 位 → 第 1 位', '名称: Doing → In work']])
})

test('what was changed in a card that Bo archived as well is said with it', () => {
  const [change] = tellBetween({ a: cardOf('Boxes', 'todo') }, { a: cardOf('Crates', 'todo', true) })
  expect(change).toMatchObject({ title: 'Crates', sorts: ['archived'] })
  expect(change?.fields).toMatchObject([{ name: 'Title', before: 'Boxes', after: 'Crates' }])
})

test('what Bo changed in a card that had been archived says that it is in the archive; between two versions it is no difference', () => {
  const [before, after] = [
    boardOf({ a: cardOf('Boxes', 'todo', true) }),
    boardOf({ a: cardOf('Crates', 'doing', true) }),
  ]
  expect(compareWorks(before, after, board)).toEqual([])
  const said = (t: Words['t']) =>
    tellChanges(compareWorks(before, after, board, undefined, new Set(['cards\u0000a'])), wordsFor({}, t)).map(
      (change) => [saySorts(change, t), ...change.fields.map(({ before, after }) => `${before} → ${after}`)],
    )
  expect(said(en)).toEqual([['Moved · Changed · in the archive', 'Boxes → Crates', 'To do → Doing']])
  expect(said(zhCN)).toEqual([['移动 · 修改 · 已归档', 'Boxes → Crates', 'To do → Doing']])
})

test('where two people worked on a card, each is named at what they did; one person only once', () => {
  const [before, after] = [{ a: cardOf('Boxes', 'todo') }, { a: cardOf('Crates', 'doing') }]
  const [bo, chen] = ['b', 'c'].map((letter) => ({ person: letter.repeat(32) as PersonId, at: 1 as Instant }))
  if (!bo || !chen) throw new Error('two people')
  const byWhom = (title: typeof bo, column: typeof bo) => {
    const [change] = compareWorks(boardOf(before), boardOf(after), board)
    if (!change) throw new Error('nothing differs')
    const fields = change.fields.map((field) => ({ ...field, authors: [field.path[0] === 'title' ? title : column] }))
    const words = { ...wordsFor(after), personName: (id: string) => (id === bo.person ? 'Bo' : '陈默') }
    const authors = title === column ? [title] : [title, column]
    return tellChanges([{ ...change, fields, authors }], words)[0]
  }
  expect(byWhom(bo, chen)?.fields.map(({ name, by }) => [name, by])).toEqual([
    ['Title', 'Bo'],
    ['Column', '陈默'],
  ])
  expect(byWhom(bo, bo)?.fields.map(({ by }) => by)).toEqual([null, null])
})

test('what Bo changed in a card that I moved away since is not said to be in the archive, nor to be moved by him', () => {
  const [before, after] = [cardOf('Boxes', 'todo', true), cardOf('Crates', 'todo', true)]
  const bo = { person: 'b'.repeat(32) as PersonId, at: 1 as Instant }
  const said = (ways: ReturnType<Words['waysFrom']>, isAdded = false) => {
    const [then, now] = isAdded ? [{}, { a: cardOf('Crates', 'todo') }] : [{ a: before }, { a: after }]
    const [change] = compareWorks(boardOf(then), boardOf(now), board, undefined, new Set(['cards\u0000a']))
    if (!change) throw new Error('nothing differs')
    const fields = change.fields.map((field) => ({ ...field, authors: [bo] }))
    const [told] = tellChanges([{ ...change, fields, authors: [bo] }], {
      ...wordsFor({ a: after }),
      waysFrom: () => ways,
    })
    return told && saySorts(told, en)
  }
  const move = landedOn('Second')
  expect(said([])).toBe('Changed · in the archive')
  expect(said([{ move, end: move }])).toBe('Changed · now on “Second”')
  expect(said([{ move, end: { ...move, archived: true } }])).toBe('Changed · in the archive')
  const back = { move, end: { ...move, work: move.from.work } }
  expect(said([back])).toBe('Changed')
  expect(said([back], true)).toBe('Added to To do')
  expect(said([{ move, end: landedOn('Third') }], true)).toBe('Added to To do · now on “Third”')
})

test('of a checklist only the items that differ are told', () => {
  const item = (text: string, done: boolean) => ({ text, done, order: 'a1' })
  const card = (done: boolean) => ({
    ...cardOf('Boxes', 'todo'),
    checklist: { a: item('Size', true), b: item('Print', done), c: item('Price', false) },
  })
  const [change] = tellBetween({ a: card(false) }, { a: card(true) })
  expect(change?.fields).toMatchObject([{ name: 'Checklist', before: '☐ Print', after: '☑ Print' }])
})

test('the items of a checklist are told in the order in which they stand; another order of them is a change', () => {
  const card = (...orders: readonly string[]) => ({
    ...cardOf('Boxes', 'todo'),
    checklist: Object.fromEntries(
      ['Size', 'Print', 'Price'].flatMap((text, at) => {
        const order = orders[at]
        return order === undefined ? [] : [[`item${at}`, { text, done: false, order }]]
      }),
    ),
  })
  const [made] = tellBetween({ a: card() }, { a: card('a3', 'a2', 'a1') })
  expect(made?.fields).toMatchObject([{ name: 'Checklist', before: '', after: '☐ Price\n☐ Print\n☐ Size' }])
  const [moved] = tellBetween({ a: card('a1', 'a2') }, { a: card('a3', 'a2') })
  expect(moved?.fields).toMatchObject([{ before: '☐ Size\n☐ Print', after: '☐ Print\n☐ Size' }])
})

test('what differs is told by kind of change, and of one kind as it stands on the board: columns first, then the cards column by column', () => {
  const at = (title: string, column: string, order: string) => ({ ...cardOf(title, column), order })
  const before = boardOf({ a: at('Alpha', 'doing', 'a1'), b: at('Beta', 'todo', 'a2'), c: at('Gamma', 'todo', 'a1') })
  const after = boardOf(
    {
      a: at('Alpha 2', 'doing', 'a1'),
      b: at('Beta 2', 'todo', 'a2'),
      c: at('Gamma 2', 'todo', 'a1'),
      d: at('Delta', 'doing', 'a2'),
    },
    { ...columns, doing: { ...columns.doing, title: 'In work' } },
  )
  const told = tellChanges(compareWorks(before, after, board), { ...wordsFor({}, en), board: readBoard(after) })
  expect(
    groupChanges(told, readBoard(after)).map(({ sort, changes }) => [sort, changes.map(({ title }) => title)]),
  ).toEqual([
    ['added', ['Delta']],
    ['changed', [en.versions.entry.columns('In work'), 'Gamma 2', 'Beta 2', 'Alpha 2']],
  ])
})

test('news comes the newest first, and what Bo brought in at one time as it stands on the board', () => {
  const titles = ['Part 1', 'Part 2', 'Part 3', 'Part 4']
  const cards = Object.fromEntries(
    titles.map((title, at) => [`k${9 - at}`, { ...cardOf(title, 'todo'), order: `a${at}` }]),
  )
  const after = readBoard(boardOf({ ...cards, late: cardOf('Late', 'doing') }))
  const change = (id: string, at: number) => ({
    ...{ key: `cards/${id}`, card: id, title: after.cardsById.get(id)?.title ?? '', sorts: ['added' as const] },
    ...{ place: null, isArchived: false, moved: '', fields: [], by: [{ id: 'bo', name: 'Bo', at: at as Instant }] },
  })
  const told = [change('late', 2), ...['k7', 'k9', 'k6', 'k8'].map((id) => change(id, 1))]
  expect(newestOnBoard(told, after).map(({ title }) => title)).toEqual(['Late', ...titles])
})

test('what undo asks about is called by its name: whether a card is archived, and whose item it is', () => {
  const words = wordsFor({
    k1: {
      ...cardOf('Packaging', 'todo'),
      checklist: { i1: { text: 'Sand', order: 'a0', done: true, removed: false } },
    },
  })
  const clash = (path: string[], mine: unknown, theirs: unknown, restored: unknown) =>
    tellConflict({ path, mine, theirs, restored, by: 'Bo', work: root }, words)
  expect(clash(['cards', 'k1', 'archived'], true, true, false)).toMatchObject({
    entry: 'Packaging',
    name: en.contested.place,
    mine: en.contested.archived,
    theirs: en.contested.archived,
    restored: en.contested.onBoard,
  })
  expect(clash(['cards', 'k1', 'checklist', 'i1', 'done'], true, false, false)).toMatchObject({
    name: `${en.versions.fields.checklist} · Sand`,
  })
  expect(clash(['cards', 'k1', 'kept'], true, false, false)).toBeNull()
})

type FieldsOf<Entries> = keyof (Entries extends Record<string, infer Entry> ? Entry : never)
/** Two values and how they are told; null for what is written once, or beside what is told. A new field does not compile without. */
type Said<Field extends PropertyKey> = Record<Field, readonly [mine: unknown, theirs: unknown, string, string] | null>

test('what can clash on a board is told by the name of its entry and in words, whatever the collection and the field', () => {
  const board: Said<keyof BoardDraft> = {
    title: ['Launch', 'Start', 'Launch', 'Start'],
    template: [true, false, 'Yes', 'No'],
    columns: null,
    labels: null,
    views: null,
    versions: null,
    shards: null,
  }
  const aside = [true, false, 'Archived', 'On the board'] as const
  const columnFields: Said<FieldsOf<BoardDraft['columns']>> = {
    title: ['Doing', 'Now', 'Doing', 'Now'],
    order: ['a3', 'a0', 'No. 2 of 2', 'No. 1 of 2'],
    color: ['red', 'blue', 'Red', 'Blue'],
    done: [true, false, 'Yes', 'No'],
    limit: [3, 4, '3', '4'],
    archived: aside,
    undone: null,
  }
  const labelFields: Said<FieldsOf<BoardDraft['labels']>> = {
    name: ['Sea', 'See', 'Sea', 'See'],
    color: ['red', 'blue', 'Red', 'Blue'],
    archived: aside,
    into: null,
    undone: null,
  }
  const viewFields: Said<FieldsOf<BoardDraft['views']>> = {
    name: ['Mine', 'Ours', 'Mine', 'Ours'],
    owner: null,
    content: [
      '{"group":"label","labels":["l1"]}',
      '{"layout":"table","text":"oar","assignees":["bo"]}',
      'Board · By label · Sea',
      'Table · No groups · “oar” · Bo',
    ],
    order: null,
    archived: aside,
  }
  const versionFields: Said<FieldsOf<BoardDraft['versions']>> = {
    name: ['Spring', 'May', 'Spring', 'May'],
    at: null,
    heads: null,
    archived: aside,
  }
  const cardFields: Said<keyof CardDraft> = {
    title: ['Oars', 'Oar', 'Oars', 'Oar'],
    column: ['todo', 'doing', 'To do', 'Doing'],
    order: ['a3', 'a0', 'No. 2 of 2', 'No. 1 of 2'],
    spaced: null,
    assignees: null,
    labels: null,
    start: ['2026-11-03', '2026-11-04', 'Nov 3', 'Nov 4'],
    due: ['2026-11-03', '2026-11-04', 'Nov 3', 'Nov 4'],
    startDay: null,
    dueDay: null,
    priority: ['high', 'low', 'P1 · High', 'P3 · Low'],
    estimate: [2, 4, '2 h', '4 h'],
    repeat: ['weekly', 'daily', 'Every week', 'Every day'],
    blockedBy: null,
    checklist: null,
    createdAt: null,
    archived: aside,
    knewText: null,
    undone: null,
    from: null,
    kept: null,
  }
  const itemFields: Said<FieldsOf<CardDraft['checklist']>> = {
    text: ['Sand', 'Plane', 'Sand', 'Plane'],
    order: ['a3', 'a0', 'No. 2 of 2', 'No. 1 of 2'],
    done: [true, false, '☑ Sand', '☐ Sand'],
    removed: [true, false, 'Removed', 'In the checklist'],
  }
  const item = (text: string, order: string) => ({ text, order, done: true, removed: false })
  const cards = {
    k1: { ...cardOf('Oars', 'todo'), checklist: { i1: item('Sand', 'a0'), i2: item('Oil', 'a2') } },
    k2: { ...cardOf('Sails', 'todo'), order: 'a2' },
  }
  const content = boardOf(cards)
  Object.assign(content.docs[root]?.doc ?? {}, {
    labels: { l1: { name: 'Sea', color: 'blue' } },
    views: { v1: { name: 'Mine', owner: null, content: '{}', order: 'a0' } },
    versions: { n1: { name: 'Spring', at: 1, by: 'bo' } },
  })
  const words = { ...wordsFor({}), board: readBoard(content) }
  const member = [true, false, 'Yes', 'No'] as const
  const places: readonly [string, string[], Said<string>][] = [
    ['Board', [], board],
    ['Column “Doing”', ['columns', 'doing'], columnFields],
    ['Label “Sea”', ['labels', 'l1'], labelFields],
    ['View “Mine”', ['views', 'v1'], viewFields],
    ['Version “Spring”', ['versions', 'n1'], versionFields],
    ['Oars', ['cards', 'k1'], cardFields],
    ['Oars', ['cards', 'k1', 'checklist', 'i1'], itemFields],
    ['Oars', ['cards', 'k1', 'assignees'], { bo: member }],
    ['Oars', ['cards', 'k1', 'labels'], { l1: member }],
    ['Oars', ['cards', 'k1', 'blockedBy'], { k2: member }],
  ]
  for (const [entry, path, fields] of places)
    for (const [field, said] of Object.entries(fields)) {
      if (said === null) continue
      const [mine, theirs, ...told] = said
      const clash = { path: [...path, field], mine, theirs, restored: mine, by: 'Bo', work: root }
      expect(tellConflict(clash, words), clash.path.join('/')).toMatchObject({
        entry,
        name: expect.stringMatching(/./),
        ...{ mine: told[0], theirs: told[1], restored: told[0] },
      })
    }
})

test('the place of a card is told where its column is not; where undoing brings it to another column, that is named', () => {
  const clash = (field: string, along?: Record<string, unknown>) => ({
    path: ['cards', 'k1', field],
    ...{ mine: 'a3', theirs: 'a0', restored: 'a5', by: 'Bo', work: root, ...(along && { along }) },
  })
  const told = (...fields: string[]) => clashesToTell(fields.map((field) => clash(field))).map(({ path }) => path[2])
  expect(told('order', 'spaced')).toEqual(['order'])
  expect(told('order', 'column')).toEqual(['column'])
  const words = wordsFor({ k1: cardOf('Oars', 'doing'), k2: { ...cardOf('Sails', 'doing'), order: 'a2' } })
  expect(tellConflict(clash('order', { column: 'todo' }), words)).toMatchObject({
    mine: 'Doing · No. 2 of 2',
    theirs: 'Doing · No. 1 of 2',
    restored: 'To do · No. 1 of 1',
  })
})

test('where Ann had put a card into a column that it is not in now, that column is said, and no place among those of another', () => {
  const words = wordsFor({ k1: cardOf('Oars', 'todo'), k2: { ...cardOf('Sails', 'todo'), order: 'a2' } })
  const clash = {
    path: ['cards', 'k1', 'order'],
    ...{ mine: 'a3', mineWithin: 'doing', theirs: 'a1', restored: 'a5', by: 'Bo', work: root },
  }
  expect(tellConflict(clash, words)).toMatchObject({
    ...{ mine: 'Doing', theirs: 'To do · No. 1 of 2', restored: 'To do · No. 2 of 2' },
  })
  // With others that go back there too nobody knows yet how many there will be.
  expect(tellConflict(clash, words, false)).toMatchObject({ mine: 'Doing', restored: 'To do' })
})

test('how many were added, moved or changed is said where all of it is listed, and not of a part', () => {
  const before = { a: cardOf('Boxes', 'todo'), b: cardOf('Ropes', 'todo') }
  const after = { a: cardOf('Crates', 'doing'), b: cardOf('Ropes', 'doing'), c: cardOf('Oars', 'todo') }
  const namesIn = (isPart: boolean) => sortsAmong(tellBetween(before, after), isPart, en).map(({ name }) => name)
  expect(namesIn(false)).toEqual(['1 added', '2 moved', '1 changed'])
  expect(namesIn(true)).toEqual(['Added', 'Moved', 'Changed'])
})
