import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, type Day } from '#lib/kernel/instants.ts'
import type { ForeignReading } from '#lib/kinds/board/foreign/fields.ts'
import type { ForeignBoard } from '#lib/kinds/board/foreign/foreign-board.ts'
import { planBoard, type LongText } from '#lib/kinds/board/foreign/plan-board.ts'
import { looksLikeJson, readJsonBoard, readProductTable } from '#lib/kinds/board/foreign/read-foreign.ts'
import { readTodoistDate } from '#lib/kinds/board/foreign/todoist-dates.ts'
import { reportOf as reportOfPlan } from '#lib/kinds/board/ui/import-report.ts'
import { en } from '#lib/i18n/en.ts'
import type { Messages } from '#lib/i18n/messages.ts'
import { zhCN } from '#lib/i18n/zh-CN.ts'
import { dayIn } from '#lib/kinds/board/quick-dates.ts'
import { englishWords } from '#tests/support/foreign-words.ts'
import { shownColumns } from '#lib/kinds/board/queries.ts'
import { readTable } from '#lib/kinds/board/read-table.ts'
import type { Board } from '#lib/kinds/board/schema.ts'
import { runsOf } from '#tests/support/runs.ts'
import { asRead, boardAfter, li, planOptions, zhang } from '../support/planned-board.ts'

const reading: ForeignReading = { today: '2026-11-23' as Day, utcOffset: 480, words: englishWords }
const pause = () => Promise.resolve()
const fixture = (name: string) => readFileSync(new URL(`../fixtures/foreign/${name}`, import.meta.url), 'utf8')

async function read(name: string): Promise<ForeignBoard> {
  const text = fixture(name)
  if (looksLikeJson(text)) return readJsonBoard(text, reading)
  const foreign = await readProductTable(await readTable(text, {}, { pause }), reading, { pause })
  if (!foreign) throw new Error('no product knows this table')
  return foreign
}
const empty = boardAfter([]).board
const plan = async (name: string, board: Board = empty, matches?: Map<string, string | null>) =>
  planBoard(await read(name), { ...planOptions(board), matches }, { pause })

const kept = (losses: ForeignBoard['losses']) =>
  losses.map(
    ({ what, count, kept, names }) =>
      `${count} ${what} ${kept === 'item' ? 'kept in the item' : kept ? 'kept' : 'lost'}: ${names.join(', ')}`,
  )

describe('a Trello board', () => {
  test('comes without its comments or descriptions where the person does without, and says so', async () => {
    const foreign = await read('trello.json')
    const planned = async (...without: LongText[]) =>
      planBoard(foreign, { ...planOptions(empty), without: new Set(without) }, { pause })
    const whole = await planned()
    const described = (plan: typeof whole) => asRead(boardAfter(plan.calls))[0]?.cards[0]?.description
    const said = (plan: typeof whole) => kept(plan.loss.others).filter((line) => /comments|descriptions/.test(line))

    const silent = await planned('comments')
    expect(described(silent)).toContain('call the owner')
    expect(described(silent)).not.toMatch(/Comments|I call them/)
    // Of three, one was never in the file.
    expect(said(silent)).toContain('3 comments lost: Book the hall <b>today</b>')
    expect(silent.longTexts).toEqual(whole.longTexts)
    expect(whole.letters - silent.letters).toBeGreaterThanOrEqual(whole.longTexts.comments)

    const bare = await planned('comments', 'descriptions')
    expect(described(bare)).toBe('Budget: 4200\nRegion: North\n\nAttachments\nfloor plan.pdf https://trello.example/a1')
    expect(said(bare)).toContain('1 descriptions lost: Book the hall <b>today</b>')
  })

  test('brings its lists, cards, labels, checklists, people and days in their order', async () => {
    const { calls, format, adds } = await plan('trello.json')
    expect(format).toBe('trello')
    expect(adds).toEqual({ cards: 5, archived: 2, lost: 0, columns: 4, labels: 5 })
    const planned = boardAfter(calls)
    expect(asRead(planned)).toEqual([
      {
        column: '待办',
        cards: [
          {
            title: 'Book the hall <b>today</b>',
            labels: expect.arrayContaining(['市场', 'Red', '@Bo Berg']),
            assignees: [li.id],
            start: '2026-11-25',
            // Half past four in the afternoon in Greenwich is the next day in China.
            due: '2026-12-02',
            checklist: ['[x] Before: Offer', '[ ] Before: Sign (2026-11-30)', '[ ] After: Thank'],
            description: [
              'Plan\ncall the owner\n<script>alert(1)</script>',
              'Budget: 4200\nRegion: North',
              'Attachments\nfloor plan.pdf https://trello.example/a1',
              'Comments\nLi Na, 2026-11-19: I call them\nBo Berg, 2026-11-20: The big one?',
            ].join('\n\n'),
          },
          { title: 'Second' },
        ],
      },
      {
        column: 'Doing',
        cards: [{ title: 'Third', labels: expect.arrayContaining(['Chartreuse things', 'No colour', '@Bo Berg']) }],
      },
      { column: 'Done', cards: [] },
    ])
    const { columns, labels, cardsById } = planned.board
    expect(columns.map(({ title, done, limit, archived }) => ({ title, done, limit, archived }))).toEqual([
      { title: '待办', done: false, limit: null, archived: false },
      { title: 'Doing', done: false, limit: 3, archived: false },
      { title: 'Done', done: true, limit: null, archived: false },
      { title: 'Old ideas', done: false, limit: null, archived: true },
    ])
    const archived = [...cardsById.values()].filter((card) => card.archived)
    expect(archived.map(({ title }) => title).toSorted()).toEqual(['In a closed list', 'Put away'])
    expect(Object.fromEntries(labels.map(({ name, color }) => [name, color]))).toMatchObject({
      市场: 'teal',
      Red: 'red',
      '@Bo Berg': 'gray',
    })
  })

  test('what its descriptions say in Markdown stands there as formats; HTML stays letters', async () => {
    const { board, formatted } = boardAfter((await plan('trello.json')).calls)
    const hall = [...board.cardsById.values()].find(({ title }) => title.startsWith('Book'))
    expect(formatted[hall?.id ?? '']?.slice(0, 4)).toEqual([
      { is: 'heading', level: 1, within: [], runs: [{ text: 'Plan' }] },
      { is: 'unordered-list-item', within: [], runs: [{ text: 'call', strong: true }, { text: ' the owner' }] },
      { is: 'paragraph', within: [], runs: [{ text: '<script>alert(1)</script>' }] },
      { is: 'paragraph', within: [], runs: [] },
    ])
  })

  test('a card that is marked as done is told, but where its column finishes it', async () => {
    const card = (name: string, idList: string, marks: object) => ({ id: name, name, idList, ...marks })
    const file = JSON.stringify({
      lists: ['Doing', 'Done'].map((name) => ({ id: name, name, closed: false })),
      cards: [
        card('Mast', 'Doing', { dueComplete: true }),
        card('Boom', 'Doing', { badges: { dueComplete: true } }),
        card('Hull', 'Doing', { dueComplete: false, badges: { dueComplete: false } }),
        card('Keel', 'Done', { dueComplete: true }),
      ],
    })
    const { loss } = await planBoard(readJsonBoard(file, reading), planOptions(empty), { pause })
    expect(kept(loss.others)).toEqual(['2 finished-marks lost: Mast, Boom'])
  })

  test('says what it cannot bring, counted and named', async () => {
    const { loss, errors } = await plan('trello.json')
    expect(errors).toEqual([])
    expect(loss.people).toEqual([{ name: 'Bo Berg', cards: 2 }])
    expect(loss.times).toBe(3)
    expect(kept(loss.others)).toEqual([
      '2 comments kept: Book the hall <b>today</b>',
      '1 comments lost: Book the hall <b>today</b>',
      '1 attachment-links kept: floor plan.pdf',
      '2 custom-fields kept: Budget, Region',
      '2 votes lost: Second',
      '1 covers lost: Book the hall <b>today</b>',
      '1 finished-marks lost: Book the hall <b>today</b>',
      '1 item-details kept in the item: Book the hall <b>today</b>',
      '1 labels-unknown lost: Book the hall <b>today</b>',
      '1 label-colors lost: Chartreuse things',
      '1 strange-column-colors lost: Done',
      '1 board-descriptions lost: Everything for the launch',
      '1 history lost: ',
      '1 archived-empty lost: Empty and closed',
    ])
  })

  test('a stranger is matched with a member, or left out, as the importing person says', async () => {
    const matched = await plan('trello.json', empty, new Map([['bo berg', zhang.id]]))
    expect(matched.loss.people).toEqual([])
    expect(matched.strangers).toEqual([{ name: 'Bo Berg', cards: 2 }])
    const third = [...boardAfter(matched.calls).board.cardsById.values()].find(({ title }) => title === 'Third')
    expect(third?.assignees).toEqual([zhang.id])
    const left = boardAfter((await plan('trello.json', empty, new Map([['bo berg', null]]))).calls)
    expect(left.board.labels.map(({ name }) => name)).not.toContain('@Bo Berg')
  })

  test('columns and labels of the board that bear the same names are used', async () => {
    const present = boardAfter([
      { mutation: 'addColumn', args: { column: 'c1', title: 'doing', order: 'a1' } },
      { mutation: 'addLabel', args: { label: 'l1', name: '市场', color: 'pink' } },
    ]).board
    const { adds, calls } = await plan('trello.json', present)
    expect(adds).toEqual({ cards: 5, archived: 2, lost: 0, columns: 3, labels: 4 })
    const third = calls.find(({ args }) => args['title'] === 'Third')
    expect(third?.args['column']).toBe('c1')
  })
})

describe('the lists of a file', () => {
  const had = [
    { mutation: 'addColumn', args: { column: 'c1', title: 'Ideas', order: 'a1' } },
    { mutation: 'addColumn', args: { column: 'c2', title: 'doing', order: 'a2' } },
    { mutation: 'addColumn', args: { column: 'c3', title: 'Put away', order: 'a3' } },
    { mutation: 'archiveColumn', args: { column: 'c3' } },
  ]
  const list = (id: string, name: string, more: object = {}) => ({ id, name, closed: false, ...more })
  const file = {
    lists: [
      list('l1', 'To do', { softLimit: 4 }),
      list('l2', 'Doing', { softLimit: 5 }),
      list('l3', 'Doing'),
      list('l4', 'Old', { closed: true }),
    ],
    cards: ['l1', 'l1', 'l2', 'l3', 'l4'].map((idList, at) => ({ id: `${at}`, name: `Card ${at}`, idList })),
  }
  const planned = (lists?: ReadonlyMap<string, string | null>, before = had) =>
    planBoard(
      readJsonBoard(JSON.stringify(file), reading),
      { ...planOptions(boardAfter(before).board), lists },
      { pause },
    )
  const columnsAfter = async (...choices: [string, string | null][]) => {
    const { calls } = await planned(new Map(choices))
    return asRead(boardAfter([...had, ...calls])).map(({ column, cards }) => [column, cards.map(({ title }) => title)])
  }

  test('go to the column of their name or to a new one, and that is said; what is archived there brings its own column', async () => {
    expect((await planned()).lists).toEqual([
      { key: 'l1', title: 'To do', cards: 2, column: null },
      { key: 'l2', title: 'Doing', cards: 1, column: 'c2' },
      { key: 'l3', title: 'Doing', cards: 1, column: null },
    ])
    expect(await columnsAfter()).toEqual([
      ['To do', ['Card 0', 'Card 1']],
      ['Ideas', []],
      ['doing', ['Card 2']],
      ['Doing', ['Card 3']],
    ])
    // On a board that has none there is nothing to choose.
    expect((await planned(undefined, [])).lists).toEqual([])
  })

  test('go where the importing person says, several to one column, or to a new one of a name that is here', async () => {
    expect(await columnsAfter(['l1', 'c1'], ['l2', null], ['l3', 'c1'])).toEqual([
      ['Ideas', ['Card 0', 'Card 1', 'Card 3']],
      ['Doing', ['Card 2']],
      ['doing', []],
    ])
    // What another list is sent to does not change where this one goes.
    expect((await planned(new Map([['l2', 'c1']]))).lists.map(({ column }) => column)).toEqual([null, 'c1', null])
  })

  test('go where they went before, where the chosen column was archived meanwhile', async () => {
    expect((await planned(new Map([['l2', 'c3']]))).lists[1]?.column).toBe('c2')
  })

  test('that go to one column give it one limit; that of the other is told, and their order is not', async () => {
    const { limits, loss } = await planned(
      new Map([
        ['l1', 'c2'],
        ['l2', 'c2'],
        ['l3', 'c1'],
      ]),
    )
    expect(limits).toEqual([{ title: 'doing', limit: 4 }])
    expect(kept(loss.others)).toEqual(['1 column-limits lost: doing'])
  })
})

test('Jira: what an issue blocks is the first of that key; what is not in the file is said', async () => {
  const rows = [
    'Summary,Issue key,Issue Type,Status,Outward issue link (Blocks)',
    'Dig,A-1,Task,To Do,A-2',
    'Pour,A-2,Task,To Do,',
    'Pour again,A-2,Task,To Do,A-9',
  ]
  const foreign = await readProductTable(await readTable(rows.join('\n'), {}, { pause }), reading, { pause })
  if (!foreign) throw new Error('no product knows this table')
  expect(foreign.cards.map(({ title, blockedBy }) => [title, blockedBy])).toEqual([
    ['Dig', []],
    ['Pour', ['A-1']],
    ['Pour again', []],
  ])
  const { loss } = await planBoard(foreign, planOptions(empty), { pause })
  expect(kept(loss.others)).toEqual(['1 blocking-unknown lost: A-9'])
})

test('where the board has columns of the same names, a limit that they lack and new columns between them come along; another limit and another order are said', async () => {
  const columnOf = (key: string, title: string, limit: number | null) => ({
    ...{ key, title, limit, archived: false, done: null, color: null },
  })
  const wekan = await read('wekan.json')
  const had = [
    { mutation: 'addColumn', args: { column: 'c1', title: 'To do', order: 'a1' } },
    { mutation: 'addColumn', args: { column: 'c2', title: 'doing', order: 'a2' } },
    { mutation: 'addColumn', args: { column: 'c3', title: 'Done', order: 'a3' } },
    { mutation: 'setColumnLimit', args: { column: 'c1', limit: 4 } },
    { mutation: 'setColumnLimit', args: { column: 'c3', limit: 3 } },
  ]
  const after = async (...columns: (readonly [string, number | null])[]) => {
    const file = { ...wekan, columns: columns.map(([title, limit]) => columnOf(title, title, limit)), cards: [] }
    const { calls, loss } = await planBoard(file, planOptions(boardAfter(had).board), { pause })
    const { board } = boardAfter([...had, ...calls])
    return {
      columns: shownColumns(board).map(({ title, limit }) => (limit === null ? title : `${title} ${limit}`)),
      losses: kept(loss.others).filter((said) => said.includes('column')),
    }
  }
  expect(await after(['Ideas', null], ['To do', 4], ['Doing', 8], ['Review', 2], ['Done', 3], ['Later', null])).toEqual(
    {
      columns: ['Ideas', 'To do 4', 'doing 8', 'Review 2', 'Done 3', 'Later'],
      losses: [],
    },
  )
  expect(await after(['Doing', null], ['To do', 5], ['Shipped', null])).toEqual({
    columns: ['To do 4', 'doing', 'Shipped', 'Done 3'],
    losses: ['1 column-limits lost: To do', '1 column-places lost: To do'],
  })
  expect((await after(['Ideas', 2], ['Plans', null])).columns).toEqual([
    'To do 4',
    'doing',
    'Done 3',
    'Ideas 2',
    'Plans',
  ])
})

test('columns without cards, and limits that columns here get, are said before they come', async () => {
  const column = (title: string, limit: number | null = null) => ({
    ...{ key: title, title, limit, archived: false, done: null, color: null },
  })
  const had = [
    { mutation: 'addColumn', args: { column: 'c1', title: 'To do', order: 'a1' } },
    { mutation: 'addColumn', args: { column: 'c2', title: 'Doing', order: 'a2', limit: 3 } },
  ]
  const wekan = await read('wekan.json')
  const besides = async (words: Messages, ...columns: ReturnType<typeof column>[]) => {
    const cards = wekan.cards.slice(0, 1).map((card) => ({ ...card, column: 'Review' }))
    const file = { ...wekan, columns, cards }
    const planned = await planBoard(file, planOptions(boardAfter(had).board), { pause })
    return reportOfPlan(planned, () => true, words).besides
  }
  const file = [column('To do', 5), column('Doing', 8), column('Review', 2), column('Ideas'), column('Later', 4)]
  expect(await besides(en, ...file)).toEqual([
    '2 new columns have no cards: “Ideas”, “Later”.',
    'Columns here get a limit: “To do” at most 5.',
  ])
  expect(await besides(zhCN, ...file)).toEqual([
    '另有 2 个新列没有卡片：“Ideas”、“Later”。',
    '看板原有的列会设置在办上限：“To do”上限 5。',
  ])
  expect(await besides(en, column('To do'), column('Doing', 3), column('Review', 2))).toEqual([])
})

test('a new column stands before those where the board has what is finished, and one for what is finished behind them', async () => {
  const had = [
    { mutation: 'addColumn', args: { column: 'c1', title: 'To do', order: 'a1' } },
    { mutation: 'addColumn', args: { column: 'c2', title: 'Running', order: 'a2' } },
    { mutation: 'addColumn', args: { column: 'c3', title: 'Done', order: 'a3', done: true } },
    { mutation: 'addColumn', args: { column: 'c4', title: 'Shipped', order: 'a4', done: true } },
  ]
  const column = (title: string) => ({
    ...{ key: title, title, color: null, done: null, limit: null, archived: false },
  })
  const columnsAfter = async (before: typeof had, format: 'wekan' | 'jira', ...titles: string[]) => {
    const file = { ...(await read('wekan.json')), format, columns: titles.map(column), cards: [] }
    const { calls } = await planBoard(file, planOptions(boardAfter(before).board), { pause })
    return shownColumns(boardAfter([...before, ...calls]).board).map(({ title }) => title)
  }
  for (const format of ['wekan', 'jira'] as const)
    expect(await columnsAfter(had, format, 'Doing', 'Closed', 'Review')).toEqual([
      ...['To do', 'Running', 'Doing', 'Review', 'Done', 'Shipped', 'Closed'],
    ])
  // On an empty board they stand as in the file.
  expect(await columnsAfter([], 'wekan', 'Done', 'Ideas')).toEqual(['Done', 'Ideas'])
})

test('a column of the same name gets the colour that it lacks; another colour and another mark of finished cards are said', async () => {
  const had = [
    { mutation: 'addColumn', args: { column: 'c1', title: 'To do', order: 'a1' } },
    { mutation: 'addColumn', args: { column: 'c2', title: 'Doing', order: 'a2', color: 'blue' } },
    { mutation: 'addColumn', args: { column: 'c3', title: 'Done', order: 'a3', done: true } },
  ]
  const column = (title: string, color: 'red' | null, done: boolean | null) => ({
    ...{ key: title, title, color, done, limit: null, archived: false },
  })
  const columns = [column('To do', 'red', false), column('Doing', 'red', null), column('Done', null, false)]
  const file = { ...(await read('wekan.json')), columns, cards: [] }
  const { calls, loss } = await planBoard(file, planOptions(boardAfter(had).board), { pause })
  const { board } = boardAfter([...had, ...calls])
  expect(shownColumns(board).map(({ color, done }) => [color, done])).toEqual([
    ['red', false],
    ['blue', false],
    [null, true],
  ])
  expect(kept(loss.others).filter((said) => said.includes('column'))).toEqual([
    '1 column-colors lost: Doing',
    '1 column-uses lost: Done',
  ])
})

describe('a Jira search', () => {
  test('brings statuses in the order of work, labels, sprints, estimates, days and what blocks what', async () => {
    const { calls, format } = await plan('jira.csv')
    expect(format).toBe('jira')
    expect(asRead(boardAfter(calls))).toEqual([
      {
        column: 'To Do',
        cards: [
          {
            title: 'Fix the fan',
            labels: expect.arrayContaining(['Bug', '@Zoe Q']),
            priority: 'low',
            blockedBy: ['Measure the heat'],
            description: 'FW-1\n↑ FW-3',
          },
        ],
      },
      {
        column: 'In Progress',
        cards: [
          {
            title: 'Release the firmware',
            labels: expect.arrayContaining(['firmware', 'launch', 'Sprint 7', 'Story']),
            assignees: [li.id],
            due: '2026-12-04',
            priority: 'urgent',
            estimate: 4,
            blockedBy: ['Fix the fan'],
            description: [
              'Why\nThe old one overheats',
              'FW-3\nStory Points: 5.0\nRelates: FW-4',
              'Attachments\ntrace.log https://jira.example/a/1',
              'Comments\nzoe, 2026-11-23: When; exactly?\nli, 2026-11-24: Friday',
            ].join('\n\n'),
          },
        ],
      },
      {
        column: 'In Review',
        cards: [
          { title: 'Lost link', labels: expect.arrayContaining(['Task', '@bo@example.com']), description: 'FW-4' },
        ],
      },
      {
        column: '完成',
        cards: [
          {
            title: 'Measure the heat',
            labels: ['Sub-task'],
            priority: 'medium',
            estimate: 20,
            description: 'FW-2\n↑ FW-3',
          },
        ],
      },
    ])
  })

  test('who wrote a comment is called by name where a column of the file tells whose account it is', async () => {
    const csv = [
      'Summary,Issue key,Assignee,Assignee Id,Reporter,Reporter Id,经办人,经办人 ID,Comment,Comment,Comment,Comment',
      'Sew,A-1,Ann,557058:aa,,557058:zz,,,27/Nov/26 9:20 AM;557058:bo;Fine,27/Nov/26 9:30 AM;557058:aa;Done,,27/Nov/26 9:30 AM;557058:zz;No',
      'Cut,A-2,,,Bo Li,557058:bo,王小明,x7,28/Nov/26 9:20 AM;x7;好,,,',
    ].join('\n')
    const foreign = await readProductTable(await readTable(csv, {}, { pause }), reading, { pause })
    expect(foreign?.cards.map(({ notes }) => notes.slice(1).map(({ text }) => text))).toEqual([
      ['Bo Li, 2026-11-27: Fine', 'Ann, 2026-11-27: Done', '557058:zz, 2026-11-27: No'],
      ['王小明, 2026-11-28: 好'],
    ])
  })

  test('a circle of blocking issues is opened where it closes, and said; so are dead references and unreadable cells', async () => {
    const { loss, errors } = await plan('jira.csv')
    expect(kept(loss.others)).toEqual([
      '2 comments kept: Release the firmware',
      '1 attachment-links kept: trace.log',
      '1 custom-fields kept: Story Points',
      '2 votes lost: Release the firmware',
      '2 parents kept: FW-3',
      '1 links kept: FW-4',
      '1 blocking-cycles lost: Measure the heat ← Release the firmware',
      '1 blocking-unknown lost: XX-404',
    ])
    expect(errors.map(({ row, code, effect }) => `${row} ${code} ${effect}`)).toEqual([
      '5 row-title-empty row-left-out',
      '6 row-priority-unknown cell-left-out',
      '6 row-date-unreadable cell-left-out',
    ])
    expect(loss.rowsLeftOut).toBe(1)
    expect(loss.fileColumns.map(({ heading }) => heading)).toEqual([
      'Issue id',
      'Reporter',
      'Created',
      'Custom field (Rank)',
    ])
    expect(loss.people.map(({ name }) => name)).toEqual(['bo@example.com', 'Zoe Q'])
  })
})

describe('other products', () => {
  const cardsOf = async (name: string) => {
    const { calls, format, loss, errors } = await plan(name)
    const planned = boardAfter(calls)
    const archived = [...planned.board.cardsById.values()].filter((card) => card.archived)
    return { format, loss, errors, columns: asRead(planned), archived: archived.map(({ title }) => title) }
  }

  test('Planka: lists of both versions’ tasks, members, labels without a name, the archive', async () => {
    const { columns, archived, loss, format } = await cardsOf('planka.json')
    expect(format).toBe('planka')
    expect(columns).toEqual([
      {
        column: 'Offen',
        cards: [
          { title: 'Streichen', checklist: ['[ ] Farbe wählen'] },
          {
            title: 'Kabel ziehen',
            labels: expect.arrayContaining(['Elektrik', 'Yellow', '@bo']),
            assignees: [li.id],
            due: '2026-12-03',
            checklist: ['[x] Messen', '[ ] Kaufen'],
            description: [
              'drei Räume',
              'Kosten: 420',
              'Attachments\nplan.png https://planka.example/plan.png',
              'Comments\nbo, 2026-11-20: Wann?',
            ].join('\n\n'),
          },
        ],
      },
      { column: '完工', cards: [{ title: 'Boden' }] },
    ])
    expect(archived).toEqual(['Alte Idee'])
    expect(kept(loss.others)).toEqual([
      '1 comments kept: Kabel ziehen',
      '2 comments lost: Kabel ziehen',
      '1 attachment-links kept: plan.png',
      '1 custom-fields kept: Kosten',
      '1 time-records lost: Kabel ziehen',
      '1 checklist-names lost: Material',
      '1 of-no-card lost: Li Na',
    ])
  })

  test('Wekan: swimlanes become labels, lists keep their limits, fields and comments are kept as text', async () => {
    const { columns, archived, loss, format } = await cardsOf('wekan.json')
    expect(format).toBe('wekan')
    expect(columns).toEqual([
      {
        column: 'Idee',
        cards: [
          {
            title: 'Tomaten',
            labels: expect.arrayContaining(['Beet', 'Yellow']),
            assignees: [li.id],
            start: '2026-11-24',
            due: '2026-11-30',
            checklist: ['[x] Graben', '[ ] Gießen'],
            description: [
              'sechs Stück',
              'Wetter: trocken\nTeuer: ✓',
              'Attachments\nbeet.jpg',
              'Comments\nbo, 2026-11-01: Im Frühling',
            ].join('\n\n'),
          },
          { title: 'Zaun', labels: expect.arrayContaining(['Hinten', '@bo']), description: '↑ Tomaten' },
        ],
      },
      { column: 'Fertig 完成', cards: [] },
    ])
    expect(archived).toEqual(['Rasen'])
    expect(kept(loss.others)).toContain('1 rules lost: ')
  })

  test('Asana JSON: subtasks become the checklist, what is completed goes to the archive', async () => {
    const { columns, archived, loss } = await cardsOf('asana.json')
    expect(columns).toEqual([
      {
        column: 'Drafts',
        cards: [
          {
            title: 'Write the brief',
            labels: ['marketing'],
            assignees: [li.id],
            start: '2026-11-24',
            due: '2026-12-01',
            blockedBy: ['Choose the audience'],
            checklist: ['[x] Outline (2026-11-25)', '[ ] Outline › Ask sales', '[ ] Proofread'],
            description: 'Two pages\n\nChannel: Mail',
          },
        ],
      },
      { column: 'Ideas', cards: [{ title: 'Choose the audience', labels: ['@Bo Berg'] }] },
    ])
    expect(archived).toEqual(['Old mail'])
    expect(kept(loss.others)).toContain('1 blocking-cycles lost: Choose the audience ← Write the brief')
    expect(kept(loss.others)).toContain('1 blocking-unknown lost: 4040')
  })

  test('Asana CSV: titles with commas are found as parents and as what blocks', async () => {
    const { columns, archived, loss, format } = await cardsOf('asana.csv')
    expect(format).toBe('asana')
    expect(columns).toEqual([
      { column: '待办', cards: [{ title: 'Orphan', description: '↑ Nobody knows' }] },
      {
        column: 'Drafts',
        cards: [
          {
            title: 'Write the brief, again',
            labels: expect.arrayContaining(['marketing', 'urgent']),
            assignees: [li.id],
            start: '2026-11-24',
            due: '2026-12-01',
            blockedBy: ['Choose the audience'],
            checklist: ['[x] Outline', '[ ] Proofread (Li Na, 2026-11-30)'],
            description: 'Two pages\n\nChannel: Mail',
          },
        ],
      },
      { column: 'Ideas', cards: [{ title: 'Choose the audience', labels: ['@bo@example.com'] }] },
    ])
    expect(archived).toEqual(['Old mail'])
    expect(kept(loss.others)).toEqual([
      '1 custom-fields kept: Channel',
      '1 parents kept: Nobody knows',
      '1 subtask-details kept in the item: Write the brief, again',
      '1 blocking-unknown lost: Not a task',
    ])
  })

  test('Todoist: sections, indents, priorities, labels in the text, dates that come again', async () => {
    const { columns, loss, errors } = await cardsOf('todoist.csv')
    expect(columns).toEqual([
      {
        column: '待办',
        cards: [
          {
            title: 'Buy paper',
            labels: expect.arrayContaining(['errand', 'at home']),
            assignees: [li.id],
            due: '2026-11-24',
            priority: 'urgent',
            estimate: 1.5,
            description: 'A4',
          },
        ],
      },
      {
        column: 'Weekly',
        cards: [
          {
            title: 'Water the plants',
            due: '2026-11-30',
            repeat: 'weekly',
            checklist: ['[ ] the ferns (Bo, 2026-11-23)', '[ ] the ferns › the tall ones'],
            description: 'Comments\nthe tall ones: Not on Sundays fern.jpg',
          },
          {
            title: '写周报',
            labels: ['@Bo'],
            start: '2026-11-27',
            due: '2026-12-31',
            priority: 'high',
            repeat: 'weekly',
          },
          { title: 'Every blue moon', due: '2026-11-23', priority: 'medium' },
        ],
      },
    ])
    expect(errors.map(({ row, code }) => `${row} ${code}`)).toEqual(['10 row-repeat-unknown', '11 row-title-empty'])
    expect(loss.fileColumns).toEqual([])
    expect(loss.rowsLeftOut).toBe(1)
  })

  test.each([
    ['every day', '2026-11-23', 'daily'],
    ['Every weekday at 9am', '2026-11-23', 'workdays'],
    ['every other week', '2026-11-23', 'fortnightly'],
    ['every! 3 months starting 1 Dec', '2026-12-01', 'quarterly'],
    ['every 15th', '2026-12-15', 'monthly'],
    ['every 1 jan', '2027-01-01', 'yearly'],
    ['every 1 nov', '2027-11-01', 'yearly'],
    ['1 Nov', '2027-11-01', null],
    ['1 Nov 2026', '2026-11-01', null],
    ['ev fri 18:00', '2026-11-27', 'weekly'],
    ['每天', '2026-11-23', 'daily'],
    ['每个工作日', '2026-11-23', 'workdays'],
    ['每月15日', '2026-12-15', 'monthly'],
    ['每两周', '2026-11-23', 'fortnightly'],
    ['next friday', '2026-12-04', null],
    ['下周五', '2026-12-04', null],
    ['friday', '2026-11-27', null],
    ['周五', '2026-11-27', null],
    ['today at 9', '2026-11-23', null],
    ['tom', '2026-11-24', null],
    ['tonight', '2026-11-23', null],
    ['end of month', '2026-11-30', null],
    ['大后天', '2026-11-26', null],
    ['every month on the 31', '2026-12-31', 'monthly'],
    ['每月的31号', '2026-12-31', 'monthly'],
    ['every day until Jan 1', '2026-11-23', 'daily'],
    ['the friday before christmas', null, null],
    ['in 3 days', '2026-11-26', null],
    ['明天', '2026-11-24', null],
    ['下周', '2026-11-30', null],
    ['Nov 30 2026 14:00', '2026-11-30', null],
    ['no date', null, null],
  ])('Todoist’s “%s” is %s, %s', (text, day, repeat) => {
    expect(readTodoistDate(text, reading)).toMatchObject({ day, repeat, unknownRepeat: false })
  })
})

test('Todoist: a day that quick add understands too is the same day there, whatever today is, or it is said to be unreadable', async () => {
  const month = ['jan', 'february', 'may', 'september', 'dec']
  const date = fc.integer({ min: 1, max: 31 }).map(String)
  const count = fc.constantFrom('2', '3', '10', 'two', '两', '三')
  const said = (...parts: (string | fc.Arbitrary<string>)[]) =>
    fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((list) => list.join(''))
  const weekday = fc.constantFrom('monday', 'tue', 'wednesday', 'thu', 'fri', 'saturday', 'sun')
  const 星期 = fc.constantFrom('周一', '周三', '星期五', '周日', '礼拜六')
  const phrase = fc.oneof(
    said(fc.constantFrom('', 'next ', 'this ', 'on '), weekday),
    said(fc.constantFrom('', '下', '这', '本', '下下'), 星期),
    said('in ', count, fc.constantFrom(' days', ' weeks', ' months', ' years')),
    said(count, fc.constantFrom('天', '周', '个月', '个星期'), '后'),
    said(fc.constantFrom(...month), ' ', date, fc.constantFrom('', 'th', ' 2027', ', 2027')),
    said(date, ' ', fc.constantFrom(...month), fc.constantFrom('', ' 2027')),
    said(fc.integer({ min: 1, max: 12 }).map(String), '月', date, fc.constantFrom('日', '号', '')),
    said(fc.integer({ min: 1, max: 12 }).map(String), '/', date),
    fc.constantFrom('today', 'tomorrow', 'day after tomorrow', 'next week', 'next month', 'end of month', 'weekend'),
    fc.constantFrom(
      '今天',
      '明天',
      '后天',
      '大后天',
      '下周',
      '下个月',
      '月底',
      '下月底',
      '周末',
      '年底',
      '昨天',
      'tonight',
    ),
  )
  const todays = fc.integer({ min: 0, max: 800 }).map((days) => addDays('2026-01-01' as Day, days))
  await fc.assert(
    fc.asyncProperty(phrase, todays, async (text, today) => {
      const quick = dayIn(text, today)
      if (quick === null) return
      const csv = `TYPE,CONTENT,PRIORITY,INDENT,DATE\ntask,Water,4,1,"${text}"`
      const foreign = await readProductTable(await readTable(csv, {}, { pause }), { ...reading, today }, { pause })
      const isUnreadable = foreign?.problems.some(({ code }) => code === 'row-date-unreadable') ?? false
      expect(foreign?.cards[0]?.due ?? null, `${text} on ${today}`).toBe(isUnreadable ? null : quick)
      expect(isUnreadable, `${text} on ${today}`).toBe(false)
    }),
    { numRuns: 1000 },
  )
})

test('Todoist: what is ticked comes into the archive, and an end of a repetition is said', async () => {
  const csv = [
    'TYPE,CONTENT,PRIORITY,INDENT,DATE',
    'task,[x] Done one,4,1,',
    'task,Water,4,1,every day until Jan 1',
    'task,Open one,4,1,下周五',
  ].join('\n')
  const foreign = await readProductTable(await readTable(csv, {}, { pause }), reading, { pause })
  if (!foreign) throw new Error('no product knows this table')
  const { calls, errors } = await planBoard(foreign, planOptions(empty), { pause })
  const cards = [...boardAfter(calls).board.cardsById.values()]
  expect(cards.filter(({ archived }) => archived).map(({ title }) => title)).toEqual(['Done one'])
  expect(errors.map(({ row, code, effect }) => `${row} ${code} ${effect}`)).toEqual(['3 row-repeat-ends kept'])
})

test('Todoist: of a task with a date and a deadline the one is its start and the other when it is due', async () => {
  const csv = [
    'TYPE,CONTENT,INDENT,DATE,DEADLINE',
    'task,Sew,1,2026-12-05,2026-12-20',
    'task,Cut,1,,2026-12-20',
    'task,Iron,1,2026-12-05,',
  ].join('\n')
  const foreign = await readProductTable(await readTable(csv, {}, { pause }), reading, { pause })
  if (!foreign) throw new Error('no product knows this table')
  const { preview, errors, loss } = await planBoard(foreign, planOptions(empty), { pause })
  expect(preview.map(({ title, start, due }) => [title, start, due])).toEqual([
    ['Sew', '2026-12-05', '2026-12-20'],
    ['Cut', null, '2026-12-20'],
    ['Iron', null, '2026-12-05'],
  ])
  expect([errors, loss.others, loss.fileColumns]).toEqual([[], [], []])
})

test('Todoist: a backup’s None is an empty cell', async () => {
  const csv = [
    'TYPE,CONTENT,INDENT,DATE,DEADLINE,DURATION,DURATION_UNIT',
    'task,Sew,1,2026-12-05,None,None,None',
    'task,Thread,2,,None,None,None',
  ].join('\n')
  const foreign = await readProductTable(await readTable(csv, {}, { pause }), reading, { pause })
  if (!foreign) throw new Error('no product knows this table')
  const { calls, errors } = await planBoard(foreign, planOptions(empty), { pause })
  const [card] = [...boardAfter(calls).board.cardsById.values()]
  expect([card?.due, card?.estimate, card?.checklist.map(({ text }) => text)]).toEqual(['2026-12-05', null, ['Thread']])
  expect(errors).toEqual([])
})

test('Todoist: marks around a whole title are taken off, and the address of a link is kept; within a title they may be letters', async () => {
  const rows = [
    ['1', '**milk** @home'],
    ['1', '* *milk*'],
    ['1', '`milk`'],
    ['1', '***milk***'],
    ['1', '[**milk**](https://a.example/m_(1))'],
    ['2', '[x] [foam](https://a.example/f)'],
    ['1', 'Read [this](https://a.example/t) and [that](https://a.example/u)'],
    ['1', '[https://a.example](https://a.example)'],
    ['1', '2*3*4'],
    ['1', '*.ts to *.js'],
    ['1', 'list[0](index)'],
    ['1', '# 5 - 1. milk'],
    ['1', '> 100'],
    ['1', '**'],
  ]
  const csv = ['TYPE,INDENT,CONTENT', ...rows.map((row) => ['task', ...row].join(','))].join('\n')
  const foreign = await readProductTable(await readTable(csv, {}, { pause }), reading, { pause })
  expect(foreign?.cards.map(({ title, notes }) => [title, ...notes.map(({ text }) => text)])).toEqual([
    ['milk'],
    ['milk'],
    ['milk'],
    ['milk'],
    ['milk', 'https://a.example/m_(1)'],
    ['Read this and that', 'https://a.example/t', 'https://a.example/u'],
    ['https://a.example'],
    ['2*3*4'],
    ['*.ts to *.js'],
    ['list[0](index)'],
    ['# 5 - 1. milk'],
    ['> 100'],
    ['**'],
  ])
  expect(foreign?.cards[4]?.checklist).toEqual([
    { text: 'foam (https://a.example/f)', done: true, tells: 'subtask-details' },
  ])
})

test('Todoist: which tasks were folded up is said once', async () => {
  const csv = ['TYPE,CONTENT,IS_COLLAPSED,INDENT', 'section,Ideas,,', 'task,Sew,false,1', 'task,Cut,true,2'].join('\n')
  const foreign = await readProductTable(await readTable(csv, {}, { pause }), reading, { pause })
  expect(foreign?.fileColumns).toEqual([{ heading: 'IS_COLLAPSED', cells: 2 }])
  expect(foreign?.losses).toEqual([])
})

test('a table with the key of an issue and its summary is one of Jira, whatever else it has; a key and a summary alone may be anybody’s', async () => {
  const formatOf = async (header: string) =>
    (await readProductTable(await readTable(`${header}\nA-1,Sew,To Do`, {}, { pause }), reading, { pause }))?.format
  expect(await formatOf('Issue key,Summary,Status')).toBe('jira')
  expect(await formatOf('Key,Summary,Status')).toBeUndefined()
})

test('Asana CSV: what its field “Priority” says in words is the priority; what it says otherwise is kept', async () => {
  const csv = [
    'Task ID,Name,Section/Column,Priority,Channel',
    '1,Hall,Do,High,Mail',
    '2,Sail,Do,低,',
    '3,Mast,Do,when the wind is right,',
    '4,Keel,Do,,',
  ].join('\n')
  const foreign = await readProductTable(await readTable(csv, {}, { pause }), reading, { pause })
  if (!foreign) throw new Error('no product knows this table')
  const { calls, loss } = await planBoard(foreign, planOptions(empty), { pause })
  const { board } = boardAfter(calls)
  const of = (title: string) => [...board.cardsById.values()].find((card) => card.title === title)?.priority
  expect(['Hall', 'Sail', 'Mast', 'Keel'].map(of)).toEqual(['high', 'low', null, null])
  expect(kept(loss.others)).toEqual(['2 custom-fields kept: Channel, Priority'])
  const tasks = [
    { gid: '1', name: 'Hall', completed: false, custom_fields: [{ name: 'Priority', display_value: 'Medium' }] },
  ]
  const { calls: fromJson } = await planBoard(
    readJsonBoard(JSON.stringify({ data: tasks }), reading),
    planOptions(empty),
    { pause },
  )
  expect([...boardAfter(fromJson).board.cardsById.values()].map(({ priority }) => priority)).toEqual(['medium'])
})

test('Trello: labels of one name in several colours are one label here, which is said', async () => {
  const file = {
    name: 'Boat',
    lists: [{ id: 'l', name: 'Do' }],
    labels: [
      { id: 'a', name: 'Sails', color: 'red' },
      { id: 'b', name: 'sails', color: 'blue' },
      { id: 'c', name: 'Mast', color: 'blue' },
    ],
    cards: [
      { id: '1', idList: 'l', name: 'One', idLabels: ['a', 'c'] },
      { id: '2', idList: 'l', name: 'Two', idLabels: ['b', 'c'] },
      { id: '3', idList: 'l', name: 'Three', idLabels: ['b'] },
    ],
  }
  const foreign = readJsonBoard(JSON.stringify(file), reading)
  const { calls, loss } = await planBoard(foreign, planOptions(empty), { pause })
  expect(boardAfter(calls).board.labels.map(({ name }) => name)).toEqual(['Mast', 'Sails'])
  expect(kept(loss.others)).toContain('1 label-twins lost: sails')
})

test('Asana CSV: of tasks with one title the nearest above has the subtask, which may have some itself; that there are several is said', async () => {
  const csv = [
    'Task ID,Completed At,Name,Section/Column,Parent task,Blocked By (Dependencies)',
    '1,2026-10-30,Book invoices,Monthly,,',
    '2,2026-10-29,Collect October,,Book invoices,',
    '3,,Book invoices,Monthly,,',
    '4,,Collect November,,Book invoices,',
    '5,,Ask Bo,,Collect November,',
    '6,,Send report,Monthly,,Book invoices',
    '7,,Deeper,,Below,',
    '8,,Below,,Further below,',
    '9,,Further below,Monthly,,',
  ].join('\n')
  const foreign = await readProductTable(await readTable(csv, {}, { pause }), reading, { pause })
  if (!foreign) throw new Error('no product knows this table')
  const { calls, errors } = await planBoard(foreign, planOptions(empty), { pause })
  const { board } = boardAfter(calls)
  const listOf = (title: string, archived: boolean) =>
    [...board.cardsById.values()]
      .filter((card) => card.title === title && card.archived === archived)
      .map(({ checklist }) => checklist.map(({ text }) => text))
  expect(listOf('Book invoices', true)).toEqual([['Collect October']])
  expect(listOf('Book invoices', false)).toEqual([['Collect November', 'Collect November › Ask Bo']])
  expect(listOf('Further below', false)).toEqual([['Below', 'Below › Deeper']])
  expect(errors.map(({ row, code, params }) => `${row} ${code} ${params['value']}`)).toEqual([
    '3 row-name-twice Book invoices',
    '5 row-name-twice Book invoices',
    '7 row-name-twice Book invoices',
  ])
})

test('of every product it is said how many cards come into the archive, being finished or archived there', async () => {
  const said = async (name: string, words: Messages) => reportOfPlan(await plan(name), () => true, words).besides.join()
  expect(await said('asana.csv', en)).toBe(
    '1 of them is finished or archived there, and found here under “Archived items”.',
  )
  expect(await said('trello.json', en)).toContain('2 of them are')
  expect(await said('asana.json', zhCN)).toBe('其中 1 张在原文件里已完成或已归档，导入后在“已归档”中。')
  for (const name of ['planka.json', 'wekan.json']) expect(await said(name, zhCN), name).toContain('其中 1 张')
  for (const name of ['jira.csv', 'todoist.csv']) expect(await said(name, en), name).toBe('')
})

test('ids of labels and people that a file says nothing of are left out and counted: in Trello, Planka and Wekan', async () => {
  const files = {
    trello: {
      lists: [{ id: 'l' }],
      cards: [{ id: 'c', name: 'Sew', idList: 'l', idLabels: ['x'], idMembers: ['y', 'z'] }],
    },
    planka: {
      item: { name: 'Boat' },
      included: {
        lists: [{ id: 'l', name: 'To do' }],
        cards: [{ id: 'c', name: 'Sew', listId: 'l' }],
        cardLabels: [{ cardId: 'c', labelId: 'x' }],
        cardMemberships: [
          { cardId: 'c', userId: 'y' },
          { cardId: 'c', userId: 'z' },
        ],
      },
    },
    wekan: {
      _format: 'wekan-board-1.0.0',
      lists: [{ _id: 'l', title: 'To do' }],
      swimlanes: [],
      cards: [{ _id: 'c', title: 'Sew', listId: 'l', labelIds: ['x'], assignees: ['y'], members: ['y', 'z'] }],
    },
  }
  for (const [format, file] of Object.entries(files)) {
    const foreign = readJsonBoard(JSON.stringify(file), reading)
    expect(foreign.format).toBe(format)
    const { loss, strangers, adds } = await planBoard(foreign, planOptions(empty), { pause })
    expect(kept(loss.others)).toEqual(['1 labels-unknown lost: Sew', '2 people-unknown lost: Sew'])
    expect(strangers).toEqual([])
    expect(adds).toMatchObject({ cards: 1, labels: 0 })
  }
})

test.each([
  ['jira', ['Summary', 'Issue key', 'Issue id', 'Status', 'Labels', 'Inward issue link (Blocks)', 'Original estimate']],
  ['asana', ['Task ID', 'Name', 'Section/Column', 'Tags', 'Parent task', 'Blocked By (Dependencies)', 'Due Date']],
])('every row of a table of %s is a card, an item of one, or reported as left out', async (format, header) => {
  const cell = fc.oneof(
    fc.constantFrom('', ' ', 'A-1', 'a-1', 'Sew', '<b>Sew</b>', '=1+1', '0', '2026-11-30'),
    fc.string(),
  )
  const row = fc.array(cell, { minLength: header.length, maxLength: header.length })
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 25 }), async (rows) => {
      const csv = [header, ...rows].map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(','))
      const table = await readTable(csv.join('\n'), {}, { pause })
      const foreign = await readProductTable(table, reading, { pause })
      expect(foreign?.format).toBe(format)
      if (!foreign) return
      const { adds, loss, calls } = await planBoard(foreign, planOptions(empty), { pause })
      const items = foreign.cards.reduce((sum, { checklist }) => sum + checklist.length, 0)
      expect(adds.cards + items + loss.rowsLeftOut).toBe(table.rows.length)
      expect(boardAfter(calls).board.cardsById.size).toBe(adds.cards)
    }),
    runsOf(40, 1_000),
  )
})

/** The reports of a file, as `kept` has them, and the cards by what is on them. */
async function reportOf(file: unknown) {
  const foreign = readJsonBoard(JSON.stringify(file), reading)
  const { loss, errors, calls } = await planBoard(foreign, planOptions(empty), { pause })
  const cards = asRead(boardAfter(calls)).flatMap(({ column, cards }) => cards.map((card) => ({ column, ...card })))
  return { losses: kept(loss.others), errors: errors.map(({ code, title }) => `${title ?? ''} ${code}`), cards }
}

describe('what stands in a file twice, or at nobody’s', () => {
  test('Trello: of two cards with one id the first has the checklist and the comments, and the report counts them once', async () => {
    const { losses, errors, cards } = await reportOf({
      lists: [{ id: 'l', name: 'Doing' }],
      cards: [
        { id: 'c', name: 'First', idList: 'l', pos: 1 },
        { id: 'c', name: 'Second', idList: 'l', pos: 2 },
      ],
      checklists: [{ id: 'k', idCard: 'c', checkItems: [{ name: 'Sign' }] }],
      actions: [{ type: 'commentCard', data: { card: { id: 'c' }, text: 'Soon' }, memberCreator: { fullName: 'Bo' } }],
    })
    expect(cards).toEqual([
      { column: 'Doing', title: 'First', checklist: ['[ ] Sign'], description: 'Comments\nBo: Soon' },
      { column: 'Doing', title: 'Second' },
    ])
    expect(losses).toEqual(['1 comments kept: First'])
    expect(errors).toEqual(['Second row-key-twice'])
  })

  test('Trello: entries of cards that are not there, broken entries, templates and lists without a name or an id of their own are said', async () => {
    const { losses, errors, cards } = await reportOf({
      lists: [{ id: 'l', name: 'Doing' }, { id: 'l', name: 'Doing twice' }, { id: 'n', name: ' ' }, 7],
      cards: [
        { id: 'a', name: 'Sew', idList: 'l', isTemplate: true },
        { id: 'b', name: 'Cut', idList: 'n' },
        { id: 'd', name: 'Iron', idList: 'n' },
        { id: 'e', name: ' ', idList: 'l' },
        ...[null, 3, 'card'],
      ],
      checklists: [
        { id: 'k', idCard: 'gone', name: 'Before', checkItems: [{ name: 'Offer' }, { name: 'Sign' }] },
        { id: 'm', idCard: 'gone', name: 'Empty', checkItems: [] },
      ],
      actions: [{ type: 'commentCard', data: { card: { id: 'gone' }, text: 'Soon' } }],
    })
    expect(losses).toEqual([
      '1 template-marks lost: Sew',
      '1 columns-twice lost: Doing twice',
      '4 of-no-card lost: Offer, Before, Empty, Soon',
      '4 entries-broken lost: cards, lists',
    ])
    expect(errors).toEqual(['Cut row-column-unnamed', ' row-title-empty'])
    expect(cards.map(({ column }) => column)).toEqual([
      'Doing',
      'Doing',
      englishWords.unnamedColumn,
      englishWords.unnamedColumn,
    ])
  })

  test('Trello, Wekan and Planka: labels, people and swimlanes that have the id of another are said by name, a copy of the first is not', async () => {
    const twice = (id: string, name: string, person: string) => ({
      labels: [
        { [id]: 'b2', [name]: 'Urgent', color: 'red' },
        { [id]: 'b2', [name]: 'Customer VIP', color: 'red' },
        { [id]: 'b2', [name]: 'Urgent', color: 'red' },
        { [id]: 'b2', [name]: '', color: 'blue' },
        { [name]: 'Of no id' },
      ],
      people: [
        { [id]: 'm1', [person]: 'Ann' },
        { [id]: 'm1', [person]: 'Ben Twin' },
        { [id]: 'm1', [person]: 'Ann' },
      ],
    })
    const said = ['3 labels-twice lost: Customer VIP, blue, Of no id', '1 people-twice lost: Ben Twin']
    const trello = twice('id', 'name', 'fullName')
    const { losses, cards } = await reportOf({
      lists: [{ id: 'l', name: 'Doing' }],
      cards: [{ id: 'c', name: 'Sew', idList: 'l', idLabels: ['b2'], idMembers: ['m1'] }],
      labels: trello.labels,
      members: trello.people,
    })
    expect(losses).toEqual(said)
    expect(cards).toEqual([{ column: 'Doing', title: 'Sew', labels: expect.arrayContaining(['Urgent', '@Ann']) }])
    const wekan = twice('_id', 'name', 'username')
    const ofWekan = await reportOf({
      _format: 'wekan-board-1.0.0',
      lists: [{ _id: 'l', title: 'Doing' }],
      swimlanes: [
        { _id: 's', title: 'Default' },
        { _id: 's', title: 'Boats' },
      ],
      cards: [{ _id: 'c', title: 'Sew', listId: 'l', swimlaneId: 's', labelIds: ['b2'], members: ['m1'] }],
      labels: wekan.labels,
      users: wekan.people,
    })
    expect(ofWekan.losses).toEqual([...said, '1 swimlanes lost: Boats'])
    const planka = twice('id', 'name', 'name')
    const ofPlanka = await reportOf({
      item: { name: 'Boat' },
      included: {
        lists: [{ id: 'l', name: 'Doing' }],
        cards: [{ id: 'c', name: 'Sew', listId: 'l' }],
        labels: planka.labels,
        users: planka.people,
        cardLabels: [{ cardId: 'c', labelId: 'b2' }],
        cardMemberships: [{ cardId: 'c', userId: 'm1' }],
      },
    })
    expect(ofPlanka.losses).toEqual(said)
  })

  test('Trello, Wekan and Planka: custom fields, their choices and checklists that have the id of another are said by name', async () => {
    const trello = await reportOf({
      lists: [{ id: 'l', name: 'Doing' }],
      cards: [{ id: 'c', name: 'Sew', idList: 'l', customFieldItems: [{ idCustomField: 'f', idValue: 'o' }] }],
      customFields: [
        {
          id: 'f',
          name: 'Cloth',
          options: [
            { id: 'o', value: { text: 'Linen' } },
            { id: 'o', value: { text: 'Silk' } },
          ],
        },
        { id: 'f', name: 'Thread' },
        { id: 'f', name: 'Cloth', options: [{ id: 'o', value: { text: 'Linen' } }] },
      ],
    })
    expect(trello.losses).toEqual(['1 custom-fields kept: Cloth', '2 fields-twice lost: Thread, Silk'])
    const wekan = await reportOf({
      _format: 'wekan-board-1.0.0',
      lists: [{ _id: 'l', title: 'Doing' }],
      swimlanes: [],
      cards: [{ _id: 'c', title: 'Sew', listId: 'l', customFields: [{ _id: 'f', value: 'o' }] }],
      customFields: [
        {
          _id: 'f',
          name: 'Cloth',
          settings: {
            dropdownItems: [
              { _id: 'o', name: 'Linen' },
              { _id: 'o', name: 'Silk' },
            ],
          },
        },
        { _id: 'f', name: 'Thread' },
      ],
      checklists: [
        { _id: 'k', cardId: 'c', title: 'Before' },
        { _id: 'k', cardId: 'c', title: 'After' },
      ],
      checklistItems: [{ checklistId: 'k', title: 'Cut' }],
    })
    expect(wekan.losses).toEqual([
      '1 custom-fields kept: Cloth',
      '2 fields-twice lost: Thread, Silk',
      '1 checklist-names lost: After',
    ])
    expect(wekan.cards).toMatchObject([{ checklist: ['[ ] Before: Cut'] }])
    const planka = await reportOf({
      item: { name: 'Boat' },
      included: {
        lists: [{ id: 'l', name: 'Doing' }],
        cards: [{ id: 'c', name: 'Sew', listId: 'l' }],
        customFieldGroups: [
          { id: 'g', name: 'Making' },
          { id: 'g', name: 'Selling' },
        ],
        customFields: [
          { id: 'f', name: 'Cloth' },
          { id: 'f', name: 'Thread' },
          { id: 'f', name: 'Cloth' },
        ],
        customFieldValues: [{ cardId: 'c', customFieldId: 'f', customFieldGroupId: 'g', content: 'Linen' }],
        taskLists: [
          { id: 'k', cardId: 'c', name: 'Before' },
          { id: 'k', cardId: 'c', name: 'After' },
        ],
        tasks: [{ taskListId: 'k', name: 'Cut' }],
      },
    })
    expect(planka.losses).toEqual([
      '1 custom-fields kept: Making · Cloth',
      '2 fields-twice lost: Thread, Selling',
      '1 checklist-names lost: After',
    ])
  })

  test('Wekan and Planka: items, comments and files of cards that are not there are counted by what they say', async () => {
    const wekan = await reportOf({
      _format: 'wekan-board-1.0.0',
      lists: [{ _id: 'l', title: 'To do' }],
      swimlanes: [],
      cards: [{ _id: 'c', title: 'Sew', listId: 'l' }, null],
      checklists: [{ _id: 'k', cardId: 'c' }],
      checklistItems: [
        { checklistId: 'k', title: 'Cut' },
        { checklistId: 'gone', title: 'Iron' },
      ],
      comments: [{ cardId: 'gone', text: 'Soon' }],
      attachments: [{ cardId: 'gone', name: 'plan.png' }],
    })
    expect(wekan.losses).toEqual(['3 of-no-card lost: Iron, Soon, plan.png', '1 entries-broken lost: cards'])
    expect(wekan.cards).toEqual([{ column: 'To do', title: 'Sew', checklist: ['[ ] Cut'] }])
    const planka = await reportOf({
      item: { name: 'Boat' },
      included: {
        lists: [{ id: 'l', name: 'To do' }],
        cards: [{ id: 'c', name: 'Sew', listId: 'l' }],
        tasks: [
          { cardId: 'c', name: 'Cut' },
          { cardId: 'gone', name: 'Iron' },
          { taskListId: 'gone', name: 'Fold' },
        ],
        comments: [{ cardId: 'gone', text: 'Soon' }],
      },
    })
    expect(planka.losses).toEqual(['3 of-no-card lost: Iron, Fold, Soon'])
    expect(planka.cards).toEqual([{ column: 'To do', title: 'Sew', checklist: ['[ ] Cut'] }])
  })

  test('Asana: what an item of a checklist waits for, and who waits for one, is said by name', async () => {
    const { losses } = await reportOf({
      data: [
        {
          gid: '1',
          name: 'Brief',
          completed: false,
          dependencies: [{ gid: '3' }],
          subtasks: [{ gid: '4', name: 'Outline', dependencies: [{ gid: '1' }] }],
        },
        { gid: '2', name: 'Book', completed: false, subtasks: [{ gid: '3', name: 'Call the hall' }] },
      ],
    })
    expect(losses).toEqual(['2 blocking-unknown lost: Call the hall, Outline ← 1'])
  })
})
