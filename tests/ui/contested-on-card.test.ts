import { expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import type { Conflict } from '#lib/kernel/define-kind.ts'
import type { DocId, PersonId } from '#lib/kernel/ids.ts'
import type { Day } from '#lib/kernel/instants.ts'
import type { Landed, PlaceNow } from '#lib/kinds/board/landed.ts'
import { nextCardId } from '#lib/kinds/board/next-card.ts'
import {
  askedOnCard,
  contestedCards,
  contestedOnCard,
  type ContestedOnCard,
} from '#lib/kinds/board/ui/contested-on-card.ts'
import type { Words } from '#lib/kinds/board/ui/change-words.ts'
import { readBoard, type Board, type Card } from '#lib/kinds/board/schema.ts'
import { card, landedOn } from '#tests/support/board-card.ts'

const conflict = (id: string, field: string): Conflict => ({
  doc: 'a'.repeat(32) as DocId,
  path: ['cards', id, field],
  values: [],
})

const root = '1'.repeat(32) as DocId
const wordsOf = (landed: readonly Landed[], columns = {}): Words => ({
  t: en,
  locale: 'en',
  today: '2026-11-26' as Day,
  board: readBoard({ root, docs: { [root]: { type: 'root', doc: { columns } } } }),
  personName: () => 'Bo',
  departmentName: () => '',
  whereNow: () => landed,
  moversOf: () => landed.map(({ by }) => by),
  waysFrom: () => landed.map((move) => ({ move, end: move })),
  boardTitle: () => null,
})

/** Ann moved it here from there, and back. */
const wordsBackOn = (board: string, work: DocId): Words => {
  const back: PlaceNow = { work, entity: 'a', board, title: 'Mast', by: null }
  return { ...wordsOf([]), whereNow: () => [back], moversOf: () => ['ann'] }
}

const archive = (id: string) => ({ mutation: 'archiveCard', args: { card: id } })
const boardOf = (...cards: Card[]): Board => ({
  ...readBoard({ root, docs: { [root]: { type: 'root', doc: { columns: finished } } } }),
  cardsById: new Map(cards.map((one) => [one.id, one])),
})
const finished = { done: { title: 'Done', order: 'a2', done: true, limit: null, color: null, archived: false } }
const elsewhere = (place: ContestedOnCard | null, value: unknown, by: PersonId | null, there = boardOf()) =>
  place?.keepElsewhere?.(value, by).map(({ work, calls }) => [work, ...calls(there)])

test('a card that Ann archived is no longer told of as changed in two places, unless Bo meant it to stay', () => {
  const told = (...cards: ReturnType<typeof card>[]) => {
    const conflicts = new Map([
      ['mast', [conflict('mast', 'priority')]],
      ['sails', [conflict('sails', 'priority'), conflict('sails', 'archived')]],
      // Not here yet.
      ['keel', [conflict('keel', 'priority')]],
    ])
    return contestedCards(conflicts, new Map(cards.map((one) => [one.id, one]))).map(({ id }) => id)
  }
  expect(told(card('mast'), card('sails'))).toEqual(['mast', 'sails'])
  expect(told(card('mast', { archived: true }), card('sails', { archived: true }))).toEqual(['sails'])
})

test('while it is open whether a card comes back with what Bo wrote in a field, that field is no question of its own', () => {
  const mast = card('mast', { archived: true, column: 'done' })
  const ann = '1'.repeat(32) as PersonId
  const bo = '2'.repeat(32) as PersonId
  const at = ([field, ...way]: [string, ...string[]], ...values: unknown[]): Conflict => ({
    ...conflict('mast', field),
    path: ['cards', 'mast', field, ...way],
    values: values.map((value, index) => ({ value, by: index === 0 ? ann : bo })),
  })
  const fields = [at(['column'], 'done', 'review'), at(['priority'], 'high', 'low')]
  const item = at(['checklist', 'sand', 'text'], 'Sand', 'Sand it')
  const asked = (...conflicts: Conflict[]) =>
    askedOnCard(mast, conflicts, wordsOf([])).map(({ id }) => id.split(' ').slice(2).join(' '))
  expect(asked(...fields, item)).toEqual(['column', 'priority', 'checklist sand text'])
  const place = at(['archived'], true, { column: 'review', checklist: {} })
  expect(asked(...fields, place, item)).toEqual(['priority', 'archived', 'checklist sand text'])
})

test('of a card that was archived, or moved to another board, while Bo wrote in it: where it is, and what he wrote, which comes back with it', () => {
  const columns = { doing: { title: 'Doing', order: 'a1', done: false, limit: null, color: null, archived: false } }
  const mast = card('mast', { archived: true, order: 'a1' })
  const items = {
    sand: { text: 'Sand', done: true, removed: false },
    oil: { text: 'Oil', done: false, removed: true },
  }
  const his = { title: 'Tall mast', column: 'doing', checklist: items, due: null }
  const [archived, moved] = [[], [landedOn('Second')]].map((boards) =>
    contestedOnCard(mast, conflict('mast', 'archived'), wordsOf(boards, columns)),
  )
  expect(archived?.name).toBe('Where it is')
  expect([archived?.say(true, null), archived?.say(false, null), moved?.say(true, null)]).toEqual([
    'Archived',
    'On the board',
    'Moved to “Second”',
  ])
  expect(archived?.say(his, null)).toBe(
    'Title: Tall mast · Column: Doing · Due: Nothing · Checklist: ☑ Sand, Removed: Oil',
  )
  const called = (value: unknown) => archived?.keep(value).map(({ mutation, args }) => [mutation, args])
  expect(called(true)).toEqual([['archiveCard', { card: 'mast' }]])
  expect(called(his)).toEqual([
    ['restoreCard', { card: 'mast' }],
    ['retitleCard', { card: 'mast', title: 'Tall mast' }],
    ['moveCard', { card: 'mast', column: 'doing', order: 'a1' }],
    ['setDates', { card: 'mast', due: null }],
  ])
})

test('of a card that Ann moved to another board and Bo archived at once: where it went, and that he archived it, which takes it from there, too', () => {
  const [ann, bo] = ['ann', 'bo'] as [PersonId, PersonId]
  const values = [
    { value: true, by: ann },
    { value: true, by: bo },
  ]
  const [second, third] = ['2', '3'].map((digit) => digit.repeat(32) as DocId) as [DocId, DocId]
  // Pasted twice, and moved by Cai as well.
  const landed = [
    landedOn('Second', { work: second, entity: 'a' }),
    landedOn('Second', { work: second, entity: 'b' }),
    landedOn('Third', { work: third, entity: 'c', by: 'cai' }),
  ]
  const place = contestedOnCard(
    card('mast', { archived: true }),
    { ...conflict('mast', 'archived'), values },
    wordsOf(landed),
  )
  expect(values.map(({ value, by }) => place?.say(value, by))).toEqual([
    'Moved to “Second”, Moved to “Third”',
    'Archived, on “Second”, “Third” as well',
  ])
  expect(place?.keep(true)).toEqual([{ mutation: 'archiveCard', args: { card: 'mast' } }])
  expect(place?.keepElsewhere?.(true, ann)).toEqual([])
  expect(elsewhere(place, true, bo)).toEqual([
    [second, archive('a'), archive('b')],
    [third, archive('c')],
  ])
})

test('of a repeating card that Ann moved to another board and Bo finished at once: where it goes on, and that what it became on the other board goes', () => {
  const [ann, bo] = ['ann', 'bo'] as [PersonId, PersonId]
  const his = { column: 'done' }
  const values = [
    { value: true, by: ann },
    { value: his, by: bo },
  ]
  const landed = landedOn('Second', { entity: 'a' })
  const report = card('report', { archived: true, column: 'done', repeat: 'weekly' })
  const placeOn = (board: Board, ...where: Landed[]) =>
    contestedOnCard(report, { ...conflict('report', 'archived'), values }, { ...wordsOf(where), board })
  // Finished twice here: the first of those that came of it is done.
  const next = card(nextCardId('report'), { column: 'done' })
  const open = card(nextCardId(next.id))
  const place = placeOn(boardOf(report, next, open), landed)
  expect(values.map(({ value, by }) => place?.say(value, by))).toEqual([
    'Moved to “Second”; the next one here goes into the archive',
    'Column: Done; the one on “Second” goes into the archive',
  ])
  expect(place?.keep(true)).toEqual([archive('report'), archive(open.id)])
  expect(elsewhere(place, true, ann)).toEqual([])
  expect(place?.keep(his).map(({ mutation }) => mutation)).toEqual(['restoreCard', 'moveCard'])
  // There it was finished as well: that one card is finished twice is not left.
  const there = [card('a', { column: 'done' }), card(nextCardId('a'))]
  expect(elsewhere(place, his, bo, boardOf(...there))).toEqual([[landed.work, archive('a'), archive(nextCardId('a'))]])
  expect(placeOn(boardOf(report, next, open), { ...landed, followed: true })?.say(his, bo)).toBe(
    'Column: Done; the one on “Second” and the next one there go into the archive',
  )

  // Where nothing came of it, or it went nowhere, it is as any other.
  for (const [plain, said] of [
    [placeOn(boardOf(report), landed), 'Column: Done; the card comes back here, and is on “Second” as well'],
    [placeOn(boardOf(report, next, open)), 'Column: Done'],
  ] as const) {
    expect(plain?.say(his, bo)).toBe(said)
    expect(plain?.keep(true)).toEqual([archive('report')])
    expect(elsewhere(plain, his, bo)).toEqual([])
  }
})

test('what Bo wrote in a card that Ann moved at once goes to where it is, where it means the same there; else it says that the card comes back here', () => {
  const second = '2'.repeat(32) as DocId
  const words = wordsOf([landedOn('Second', { work: second, entity: 'a' })])
  const place = contestedOnCard(card('mast', { archived: true }), conflict('mast', 'archived'), words)
  const his = { due: '2026-12-24', priority: 'high', assignees: { bo: true, ann: false } }
  expect(place?.say(his, null)).toBe('Assignees: Bo · Due: Dec 24 · Priority: P1 · High, on “Second”')
  expect(place?.keep(his)).toEqual([archive('mast')])
  expect(elsewhere(place, his, null, boardOf(card('a', { assignees: ['cai'] })))).toEqual([
    [
      second,
      { mutation: 'setDates', args: { card: 'a', due: '2026-12-24' } },
      { mutation: 'setPriority', args: { card: 'a', priority: 'high' } },
      { mutation: 'setAssignee', args: { card: 'a', person: 'bo', on: true } },
      { mutation: 'setAssignee', args: { card: 'a', person: 'ann', on: false } },
    ],
  ])
  // Somebody took it away there meanwhile.
  expect(elsewhere(place, his, null)).toEqual([[second]])

  const others = { labels: { idea: true }, due: '2026-12-24' }
  expect(place?.say(others, null)).toMatch(/; the card comes back here, and is on “Second” as well$/)
  expect(place?.keep(others)[0]).toEqual({ mutation: 'restoreCard', args: { card: 'mast' } })
  expect(elsewhere(place, others, null)).toEqual([])
})

test('of a card that Ann moved back while Bo archived it, or wrote in it: that it is back there, and what he did, which it does there, too', () => {
  const [ann, bo] = ['ann', 'bo'] as [PersonId, PersonId]
  const first = '1'.repeat(32) as DocId
  const placeOf = (...values: unknown[]) =>
    contestedOnCard(
      card('mast', { archived: true }),
      { ...conflict('mast', 'archived'), values: values.map((value, at) => ({ value, by: at === 0 ? ann : bo })) },
      wordsBackOn('First', first),
    )
  const archived = placeOf(true, true)
  expect([archived?.say(true, ann), archived?.say(true, bo)]).toEqual([
    'Back on “First”',
    'Archived, on “First” as well',
  ])
  expect(elsewhere(archived, true, ann)).toEqual([])
  expect(elsewhere(archived, true, bo)).toEqual([[first, archive('a')]])

  const his = { title: 'Tall mast' }
  const written = placeOf(true, his)
  expect([written?.say(true, ann), written?.say(his, bo)]).toEqual(['Back on “First”', 'Title: Tall mast, on “First”'])
  expect(written?.keep(his)).toEqual([archive('mast')])
  expect(elsewhere(written, his, bo, boardOf(card('a')))).toEqual([
    [first, { mutation: 'retitleCard', args: { card: 'a', title: 'Tall mast' } }],
  ])
  const column = { column: 'done' }
  expect(placeOf(true, column)?.say(column, bo)).toMatch(/; the card comes back here, and is on “First” as well$/)
})

test('paragraphs that Ann made a bulleted list and Bo a numbered one are one question; one that they made something else is another', () => {
  const [ann, bo] = ['1', '2'].map((one) => one.repeat(32) as PersonId) as [PersonId, PersonId]
  const met = (block: string, of: string, hers: object, his: object): Conflict => ({
    ...conflict('mast', 'description'),
    ...{ path: ['cards', 'mast', 'description', block], of },
    values: [
      { value: hers, by: ann },
      { value: his, by: bo },
    ],
  })
  const [bullets, numbers] = [{ is: 'unordered-list-item' }, { is: 'ordered-list-item' }]
  const asked = askedOnCard(
    card('mast'),
    [
      met('1@a', 'Sand', bullets, numbers),
      met('2@a', '', { is: 'heading', level: 2 }, { is: 'paragraph' }),
      met('3@a', 'Tar', bullets, numbers),
      met('4@a', 'Rope', { is: 'code-block' }, { is: 'blockquote' }),
    ],
    wordsOf([]),
  )
  expect(asked.map(({ name, values, say }) => [name, ...values.map(({ value, by }) => say(value, by))])).toEqual([
    ['Description: format of “Sand” and 1 other paragraph', 'Bulleted list', 'Numbered list'],
    ['Description: format of an empty paragraph', 'Heading 2', 'Plain text'],
    ['Description: format of “Rope”', 'Code', 'Quotation'],
  ])
  expect(asked[0]?.keep(numbers)).toEqual(
    ['1@a', '3@a'].map((block) => ({ mutation: 'keepFormat', args: { card: 'mast', block, format: numbers } })),
  )
})

test('of words of a description each way that they can stand is said, and kept', () => {
  const values = [
    { value: 'Friday', by: 'ann' as PersonId },
    { value: { together: 'FridayTuesday' }, by: null },
    { value: { once: 'quick' }, by: null },
    { value: { gone: 'order oak' }, by: 'ann' as PersonId },
    { value: { gone: '' }, by: 'ann' as PersonId },
    { value: { words: ' soon', after: '7@a', line: 'beta two' }, by: 'ann' as PersonId },
    { value: { stays: ' soon' }, by: null },
    { value: { joined: 'his ownline two', words: 'n' }, by: null },
    { value: { parted: ['his own', 'line two'], words: 'n\n' }, by: 'ann' as PersonId },
  ]
  const path = ['cards', 'mast', 'description', '3@a', '5@a', 'words'] as const
  const words = contestedOnCard(card('mast'), { ...conflict('mast', 'description'), path, values }, wordsOf([]))
  expect(values.map(({ value, by }) => [words?.who?.(value) ?? null, words?.say(value, by)])).toEqual([
    [null, 'Friday'],
    ['Both together', 'FridayTuesday'],
    ['Only once', 'quick'],
    [null, 'Took out “order oak”, in which this was written'],
    [null, 'Took out the line in which this was written'],
    [null, 'soon, at the end of “beta two”'],
    ['As it stands', 'soon'],
    ['As it stands', 'his ownline two'],
    [null, '“his own” and “line two”, each on a line of its own'],
  ])
  const at = { card: 'mast', from: '3@a', to: '5@a' }
  expect(values.flatMap(({ value }) => words?.keep(value) ?? []).map(({ args }) => args)).toEqual([
    { ...at, words: 'Friday' },
    { ...at, words: 'FridayTuesday' },
    { ...at, words: 'quick' },
    { ...at, words: '' },
    { ...at, words: '' },
    { ...at, words: ' soon', after: '7@a' },
    { ...at, words: ' soon' },
    { ...at, words: 'n' },
    { ...at, words: 'n\n' },
  ])
})
