import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { englishWords } from '#tests/support/foreign-words.ts'
import { en } from '#lib/i18n/en.ts'
import type { Messages } from '#lib/i18n/messages.ts'
import { zhCN } from '#lib/i18n/zh-CN.ts'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { entityId } from '#lib/kernel/ids.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { guessMapping } from '#lib/kinds/board/csv-mapping.ts'
import { exportCsv } from '#lib/kinds/board/export-csv.ts'
import { MOST_COLUMNS } from '#lib/kinds/board/foreign/place-columns.ts'
import { planBoard, type ImportPlan } from '#lib/kinds/board/foreign/plan-board.ts'
import { readProductTable } from '#lib/kinds/board/foreign/read-foreign.ts'
import { planImport } from '#lib/kinds/board/import-csv.ts'
import { cardsByColumn, shownColumns } from '#lib/kinds/board/queries.ts'
import { readTable } from '#lib/kinds/board/read-table.ts'
import { reportOf } from '#lib/kinds/board/ui/import-report.ts'
import { boardAfter, li, planOptions, seeded, zhang, type PlannedBoard } from '../support/planned-board.ts'
import { runsOf } from '../support/runs.ts'

const people = [zhang, li]
const empty = boardAfter([]).board
const pause = () => Promise.resolve()

async function plan(csv: string, board = empty, members = people, random = seeded()): Promise<ImportPlan> {
  const table = await readTable(csv, {}, { pause })
  const mapping = guessMapping(table.header, table.rows.slice(0, 20))
  const options = {
    board,
    people: members,
    newEntity: () => entityId(random),
    random,
    today: '2026-11-23' as Day,
    firstColumn: '待办',
    words: englishWords,
  }
  return planImport(table, mapping, options, { pause })
}

/** The board as a person reads it. */
const asRead = ({ board, descriptions }: Omit<PlannedBoard, 'formatted'>) =>
  shownColumns(board).map((column) => ({
    column: column.title,
    cards: (cardsByColumn(board).get(column.id) ?? []).map(
      ({ id, title, start, due, priority, assignees, labels }) => ({
        title,
        start,
        due,
        priority,
        assignees: assignees.toSorted(),
        labels: labels.map((label) => board.labels.find((each) => each.id === label)?.name).toSorted(),
        description: descriptions[id] ?? '',
      }),
    ),
  }))

const LAUNCH = [
  '任务标题,状态,负责人,标签,开始时间,截止时间,优先级,备注',
  '确定发布日期,进行中,张伟,市场、销售,2026-11-20,2026年12月1日,高,先问生产',
  'Order samples,待办,"li na, 张伟",,,12/5/2026,P0,"line one',
  'line two"',
  '海报,进行中,,市场,,,,',
].join('\r\n')

describe('planning an import', () => {
  test('Zhang Wei’s task list becomes columns, labels and cards in the order of the file', async () => {
    const { calls, errors, loss, adds } = await plan(LAUNCH)
    expect(errors).toEqual([])
    expect(loss).toEqual({ people: [], fileColumns: [], times: 0, rowsLeftOut: 0, others: [] })
    expect(adds).toEqual({ cards: 3, archived: 0, lost: 0, columns: 2, labels: 2 })
    const nothing = { start: null, due: null, priority: null, assignees: [], labels: [], description: '' }
    expect(asRead(boardAfter(calls))).toEqual([
      {
        column: '进行中',
        cards: [
          {
            title: '确定发布日期',
            start: '2026-11-20',
            due: '2026-12-01',
            priority: 'high',
            assignees: [zhang.id],
            labels: ['市场', '销售'].toSorted(),
            description: '先问生产',
          },
          { ...nothing, title: '海报', labels: ['市场'] },
        ],
      },
      {
        column: '待办',
        cards: [
          {
            ...nothing,
            title: 'Order samples',
            due: '2026-12-05',
            priority: 'urgent',
            assignees: [zhang.id, li.id].toSorted(),
            description: 'line one\nline two',
          },
        ],
      },
    ])
  })

  test('in how many columns the cards will be is counted over the whole file', async () => {
    const rows = Array.from({ length: 80 }, (_, i) => `Card ${i},Column ${i % 70}`)
    const { preview, intoColumns } = await plan(['title,status', ...rows].join('\n'))
    expect([preview.length, intoColumns]).toEqual([50, 70])
  })

  test('what the board has already is used, and new cards come after the present ones', async () => {
    const random = seeded(7)
    const first = await plan(LAUNCH, empty, people, random)
    const before = boardAfter(first.calls).board
    const second = await plan('title,status,labels\nLater,  进行中 ,市场\nElsewhere,,\n', before, people, random)
    expect(second.adds).toEqual({ cards: 2, archived: 0, lost: 0, columns: 0, labels: 0 })
    const { board } = boardAfter([...first.calls, ...second.calls])
    expect(asRead({ board, descriptions: {} })[0]?.cards.map(({ title }) => title)).toEqual([
      '确定发布日期',
      '海报',
      'Later',
      'Elsewhere',
    ])
  })

  test('every row that needs attention is named with what becomes of it', async () => {
    const long = '长'.repeat(6000)
    const csv = `title,due,start,priority,status\n,2026-01-01,,,\nA,soon,,,Now\nB,2026-01-01,2026-02-01,,Now\nC,,,whenever,Now\n${long},,,,Now\nD,,,,${long}\n`
    const { errors, loss, adds, calls } = await plan(csv)
    expect(errors).toEqual([
      { row: 2, code: 'row-title-empty', params: {}, effect: 'row-left-out' },
      { row: 3, code: 'row-date-unreadable', params: { field: 'due', value: 'soon' }, effect: 'cell-left-out' },
      { row: 4, code: 'row-dates-reversed', params: { start: '2026-02-01', due: '2026-01-01' }, effect: 'kept' },
      { row: 5, code: 'row-priority-unknown', params: { value: 'whenever' }, effect: 'cell-left-out' },
      { row: 6, code: 'row-title-long', params: { limit: 5000 }, effect: 'kept' },
      {
        row: 7,
        code: 'row-name-long',
        params: { field: 'column', limit: 100, value: `${'长'.repeat(99)}…` },
        effect: 'shortened',
      },
    ])
    expect(loss.rowsLeftOut).toBe(1)
    expect(adds.cards).toBe(5)
    const { board, descriptions } = boardAfter(calls)
    const cut = [...board.cardsById.values()].find(({ title }) => title.startsWith('长'))
    expect(descriptions[cut?.id ?? '']).toBe(long)
  })

  test('a row that is shorter or longer than the headings is pointed out, and what of it is lost', async () => {
    const planned = await plan('title,due,owner\nA\nB,,,seven,,extra\nC,,\nD,,,\n')
    const { errors, adds } = planned
    expect(adds.cards).toBe(4)
    expect(errors).toEqual([
      { row: 2, code: 'row-cells-short', params: { cells: 1, headings: 3 }, effect: 'kept' },
      {
        row: 3,
        code: 'row-cells-long',
        params: { cells: 6, headings: 3, value: 'seven · extra' },
        effect: 'cell-left-out',
      },
    ])
    const said = (words: Messages) => reportOf(planned, () => true, words).rows[1]?.says
    expect(said(en)).toBe(
      'It has 6 cells, the first row has 3: check that nothing slipped. Beyond those: “seven · extra”. The card comes without it.',
    )
    expect(said(zhCN)).toBe('有 6 格，首行只有 3 格，请核对是否错位。多出的是“seven · extra”。卡片不含此项。')
  })

  test('an empty heading at the end counts as a cell of the first row', async () => {
    const { errors, loss } = await plan('title,owner,\nA,,one\nB,,two\nC\nD,,,four\n')
    expect(errors).toEqual([
      { row: 4, code: 'row-cells-short', params: { cells: 1, headings: 3 }, effect: 'kept' },
      { row: 5, code: 'row-cells-long', params: { cells: 4, headings: 3, value: 'four' }, effect: 'cell-left-out' },
    ])
    expect(loss.fileColumns).toEqual([
      { heading: 3, cells: 2 },
      { heading: 4, cells: 1 },
    ])
  })

  test('a card whose cell of the column is empty is told, with the column that it goes to; not where the file has no column at all', async () => {
    const { board } = boardAfter([
      { mutation: 'addColumn', args: { column: 'column0', title: 'Inbox', order: 'a0' } },
      { mutation: 'addColumn', args: { column: 'column1', title: 'Doing', order: 'a1' } },
    ])
    const told = (title: string) => ({ row: 3, code: 'row-column-empty', params: { value: title }, effect: 'kept' })
    const csv = 'title,column\nA,Doing\nB,\nC,Doing\n'
    const planned = await plan(csv, board)
    expect(planned.errors).toEqual([told('Inbox')])
    expect((await plan(csv)).errors).toEqual([told('待办')])
    expect((await plan('title,column\nA,\nB,\n', board)).errors).toEqual([])
    expect((await plan('title,owner\nA,\nB,\n', board)).errors).toEqual([])
    expect(reportOf(planned, () => true, en).rows[0]?.says).toBe(
      'It is in no column in the file; the card goes to “Inbox”. The card is imported.',
    )
  })

  test('people who are not in the workspace, or are two, are listed and never guessed', async () => {
    const wang = [
      { id: 'c'.repeat(32), name: 'Wang Fang' },
      { id: 'e'.repeat(32), name: 'Wang Fang' },
    ]
    const csv =
      'title,assignee,votes\nA,Wang Fang; Zhao Lei,3\nB,Zhao  Lei <zhao@example.com>,\nC,@li na (R&D),\nD,Zhao Lei,2\n'
    const { loss, calls } = await plan(csv, empty, [...people, ...wang])
    expect(loss.people).toEqual([
      { name: 'Zhao Lei', cards: 2 },
      { name: 'Wang Fang', cards: 1 },
      { name: 'Zhao Lei <zhao@example.com>', cards: 1 },
    ])
    expect(loss.fileColumns).toEqual([{ heading: 'votes', cells: 2 }])
    const cards = [...boardAfter(calls).board.cardsById.values()]
    expect(
      cards.filter(({ assignees }) => assignees.length > 0).map(({ title, assignees }) => [title, assignees]),
    ).toEqual([['C', [li.id]]])
  })

  test('what stands in brackets or quotation marks parts no people', async () => {
    const cells = [
      'Li Na (Sales, East), Zhao Lei (Legal, West)',
      '"Zhao, Lei" <zl@example.com>; "Li Na" <li@example.com>',
      'Zhao Lei（财务、法务），Li Na（研发、昆山）',
      'Li Na [R&D; Kunshan (2, 3)] | Zhao Lei',
      'Li Na, Zhao Lei (Legal',
    ]
    const csv = `title,assignee\n${cells.map((cell, at) => `${at},"${cell.replaceAll('"', '""')}"\n`).join('')}`
    const { loss, calls } = await plan(csv)
    expect(loss.people.map(({ name }) => name).toSorted()).toEqual(
      [
        'Zhao Lei (Legal, West)',
        '"Zhao, Lei" <zl@example.com>',
        'Zhao Lei（财务、法务）',
        'Zhao Lei',
        'Zhao Lei (Legal',
      ].toSorted(),
    )
    expect([...boardAfter(calls).board.cardsById.values()].map(({ assignees }) => assignees)).toEqual(
      Array(5).fill([li.id]),
    )
  })

  test('where semicolons part people a comma is of a name, unless it parts people that are here', async () => {
    const cells = ['Smith, John;Lee, Bruce', 'Li Na；Smith, John (IT)', 'Zhao Lei; Li Na, Li Na', 'Zhao Lei, Li Na']
    const { loss, calls } = await plan(`title,assignee\n${cells.map((cell, at) => `${at},"${cell}"\n`).join('')}`)
    expect(loss.people.map(({ name }) => name).toSorted()).toEqual(
      ['Smith, John', 'Lee, Bruce', 'Smith, John (IT)', 'Zhao Lei'].toSorted(),
    )
    const [, ...others] = boardAfter(calls).board.cardsById.values()
    expect(others.map(({ assignees }) => assignees)).toEqual(Array(3).fill([li.id]))
  })

  test('several people with something in brackets behind each are all there', async () => {
    const cells = [
      'Li Na (lina), Zhao Lei (zl)',
      'Li Na <li@example.com>; Zhao Lei <zl@example.com>',
      'Li Na（研发）、Zhao Lei（财务）',
      'Zhao Lei (zl), Li Na (lina)',
    ]
    const csv = `title,assignee\n${cells.map((cell, at) => `${at},"${cell}"\n`).join('')}4,Li Na (R&D (Kunshan))\n`
    const { loss, calls } = await plan(csv)
    expect(loss.people.map(({ name, cards }) => `${name.slice(0, 8)} ${cards}`)).toEqual([
      'Zhao Lei 2',
      'Zhao Lei 1',
      'Zhao Lei 1',
    ])
    expect([...boardAfter(calls).board.cardsById.values()].map(({ assignees }) => assignees)).toEqual(
      Array(5).fill([li.id]),
    )
  })

  test('a time of day is counted as lost, an open quotation mark is pointed out and costs nothing else', async () => {
    const { errors, loss, adds } = await plan('title,due\n"Screen 27,2026-12-01T09:30\nB,2026-12-02\n')
    expect(errors).toEqual([{ row: 2, code: 'row-quote-unclosed', params: {}, effect: 'kept' }])
    expect(loss.times).toBe(1)
    expect(adds).toEqual({ cards: 2, archived: 0, lost: 0, columns: 1, labels: 0 })
  })

  test('a label of Trello keeps its colour, Jira’s label columns are taken together', async () => {
    const { calls } = await plan('Card Name,Labels,Labels\nA,"Marketing (red), R&D (sky)",x\n')
    const { board } = boardAfter(calls)
    expect(board.labels.map(({ name, color }) => [name, color])).toEqual([
      ['Marketing', 'red'],
      ['R&D', 'teal'],
      ['x', 'yellow'],
    ])
  })

  test('a description of one line that begins like a quotation or an item is just that line, in a file of unknown origin', async () => {
    const { calls } = await plan('title,description\nA,> 100\nB,- 5\nC,1. floor\nD,"- one\n- two"\n')
    const { board, formatted } = boardAfter(calls)
    const told = [...board.cardsById.values()].map(({ id, title }) => [
      title,
      (formatted[id] ?? []).map(({ is, runs }) => `${is}: ${runs.map(({ text }) => text).join('')}`),
    ])
    expect(Object.fromEntries(told)).toEqual({
      A: ['paragraph: > 100'],
      B: ['paragraph: - 5'],
      C: ['paragraph: 1. floor'],
      D: ['unordered-list-item: one', 'unordered-list-item: two'],
    })
  })

  test('as many columns as an import may bring find their places before what is finished; of more it is known', async () => {
    const columns = (count: number) =>
      ['Title,Status', ...Array.from({ length: count }, (_, i) => `Card ${i},Value ${i}`)].join('\n')
    const before = await plan('Title,Status\nSew,To do\nCut,Done\n')
    const { board } = boardAfter(before.calls)
    const most = await plan(columns(MOST_COLUMNS - 2), board)
    expect(most.columnsThen).toBe(MOST_COLUMNS)
    const titles = shownColumns(boardAfter([...before.calls, ...most.calls]).board).map(({ title }) => title)
    expect(titles.slice(0, 3)).toEqual(['To do', 'Value 0', 'Value 1'])
    expect(titles.slice(-2)).toEqual([`Value ${MOST_COLUMNS - 3}`, 'Done'])
    expect(titles).toHaveLength(MOST_COLUMNS)
    expect((await plan(columns(MOST_COLUMNS - 1), board)).columnsThen).toBe(MOST_COLUMNS + 1)
  })

  test('three thousand labels and people are no problem', async () => {
    const rows = Array.from({ length: 3_000 }, (_, i) => `Card ${i},Label ${i},Person ${i}`)
    const { calls, adds } = await plan(['Title,Labels,Assignees', ...rows].join('\n'))
    expect(adds.labels).toBe(6_000)
    expect(boardAfter(calls).board.labels).toHaveLength(6_000)
  })

  test('a day of a year that no card has is not said to be no date, in tables and in files of products', async () => {
    const { errors } = await plan('Title,Due\nSew,9999-12-31\nCut,1/5/1776\nIron,2026-13-45\nFold,2199-12-31\n')
    const said = (problems: ImportPlan['errors']) => problems.map(({ code, params }) => [code, params['value']])
    expect(said(errors)).toEqual([
      ['row-date-year', '9999-12-31'],
      ['row-date-year', '1/5/1776'],
      ['row-date-unreadable', '2026-13-45'],
    ])
    const reading = { today: '2026-11-23' as Day, utcOffset: 0, words: englishWords }
    const jira = await readTable('Summary,Issue key,Due date\nSew,B-1,31/Dec/9999\n', {}, { pause })
    const todoist = await readTable('TYPE,CONTENT,INDENT,DATE\ntask,Sew,1,31.12.9999\n', {}, { pause })
    const problemsOf = async (table: typeof jira) =>
      said((await readProductTable(table, reading, { pause }))?.problems ?? [])
    expect(await problemsOf(jira)).toEqual([['row-date-year', '31/Dec/9999']])
    expect(await problemsOf(todoist)).toEqual([['row-date-year', '31.12.9999']])
    const report = reportOf(await plan('Title,Due\nSew,9999-12-31\n'), () => true, en)
    expect(report.rows[0]?.says).toContain('“9999-12-31” is not within the years 1900 to 2199.')
  })

  test('formulas and HTML stay text', async () => {
    const { calls } = await plan('title,description\n"=HYPERLINK(""http://x"")",<img src=x onerror=alert(1)>\n')
    const { board, descriptions } = boardAfter(calls)
    const [card] = [...board.cardsById.values()]
    expect(card?.title).toBe('=HYPERLINK("http://x")')
    expect(descriptions[card?.id ?? '']).toBe('<img src=x onerror=alert(1)>')
  })

  test('20,000 rows are planned in pieces, every call is one that the board accepts, and a cancel stops it', async () => {
    const csv =
      'title,status,labels\n' + Array.from({ length: 20_000 }, (_, i) => `Task ${i},S${i % 7},L${i % 40}\n`).join('')
    const { calls, adds } = await plan(csv)
    expect(adds).toEqual({ cards: 20_000, archived: 0, lost: 0, columns: 7, labels: 40 })
    const titles = asRead(boardAfter(calls))[3]?.cards.map(({ title }) => title)
    expect(titles).toEqual(Array.from({ length: 2_857 }, (_, i) => `Task ${i * 7 + 3}`))

    const cancel = new AbortController()
    const table = await readTable(csv, {}, { pause })
    const random = seeded()
    const options = {
      board: empty,
      people,
      newEntity: () => entityId(random),
      random,
      today: '2026-11-23' as Day,
      firstColumn: 'To do',
      words: englishWords,
    }
    let pauses = 0
    const cancelled = planImport(table, guessMapping(table.header, []), options, {
      signal: cancel.signal,
      pause: async () => {
        if (++pauses === 5) cancel.abort()
      },
    })
    await expect(cancelled).rejects.toThrow(/abort/i)
    expect(pauses).toBe(5)
  })
})

describe('export', () => {
  test('what is exported and imported again is the same board, whatever the names hold', async () => {
    const random = seeded(3)
    const twins = [...people, { id: 'c'.repeat(32), name: 'Li Na' }, { id: 'e'.repeat(32), name: 'Chen, Mei' }]
    const nextOrder = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5']
    const calls: MutationCall[] = [
      { mutation: 'addColumn', args: { column: 'c1', title: 'To do; soon', order: 'a0' } },
      { mutation: 'addColumn', args: { column: 'c2', title: '=Done', order: 'a1' } },
      { mutation: 'addLabel', args: { label: 'l1', name: 'R&D, Ops', color: 'red' } },
      { mutation: 'addLabel', args: { label: 'l2', name: '市场', color: 'blue' } },
      ...['=1+1', "'=x", '-5 %', '"quoted", and more', '@home', '\u2018plain\u2019'].map((title, i) => ({
        mutation: 'addCard',
        args: {
          card: `k${i}`,
          title,
          column: i % 2 === 0 ? 'c1' : 'c2',
          order: nextOrder[i],
          labels: i === 0 ? ['l1'] : i === 1 ? ['l1', 'l2'] : [],
          assignees: i === 2 ? ['c'.repeat(32)] : i === 3 ? ['e'.repeat(32)] : [],
          due: i === 4 ? '2026-12-01' : null,
          priority: i === 5 ? 'low' : null,
          description: i === 0 ? '=a\n- b, "c"' : '',
        },
      })),
    ]
    const before = boardAfter(calls)
    const csv = exportCsv(before.board, twins, { descriptions: before.formatted })
    const { calls: again, errors, loss } = await plan(csv, empty, twins, random)
    expect(errors).toEqual([])
    expect(loss.people).toEqual([])
    expect(asRead(boardAfter(again))).toEqual(asRead(before))
  })

  test('no exported cell begins as a formula, and Excel sees a byte order mark', async () => {
    const { calls } = await plan('title\n=1+1\n+2\n-3\n@x\n')
    const csv = exportCsv(boardAfter(calls).board, people)
    expect(csv.startsWith('\uFEFFTitle,Column')).toBe(true)
    expect(
      csv
        .split('\r\n')
        .slice(1, 5)
        .map((line) => line.split(',')[0]),
    ).toEqual(["'=1+1", "'+2", "'-3", "'@x"])
  })
})

describe('who waits for whom', () => {
  const waits = (calls: readonly MutationCall[]) => {
    const { board } = boardAfter([...calls])
    const cards = [...board.cardsById.values()]
    return Object.fromEntries(
      cards.map(({ title, blockedBy }) => [title, blockedBy.map((id) => board.cardsById.get(id)?.title).sort()]),
    )
  }

  test('is named by keys, else by titles; what names nothing is counted, by its own words', async () => {
    const { calls, loss, errors } = await plan(
      [
        'Key,Title,Blocked by',
        'A-11,Sew,',
        'A-12,Hoist,"a-11, A-404"',
        // A key goes before a title of the same words.
        'Sew,Paint,',
        'A-13,Sail,Hoist; sew',
        'A-11,Anchor,A-11',
      ].join('\n'),
    )
    expect(waits(calls)).toEqual({
      Sew: [],
      Hoist: ['Sew'],
      Paint: [],
      Sail: ['Hoist', 'Paint'],
      Anchor: ['Sew'],
    })
    expect(loss.others).toEqual([
      { what: 'keys', count: 5, names: ['A-11', 'A-12', 'Sew', 'A-13'], kept: 'description' },
      { what: 'blocking-unknown', count: 1, names: ['A-404'], kept: null },
    ])
    expect(errors.map(({ row, code }) => `${row} ${code}`)).toEqual(['6 row-key-twice'])
    expect(loss.fileColumns).toEqual([])
    expect(asRead(boardAfter(calls))[0]?.cards[1]?.description).toBe('Key: A-12')
  })

  test('where nothing refers to a key, its column is left out as before, and that is said', async () => {
    const { loss } = await plan('ID,Title\n1,Sew\n2,Hoist')
    expect(loss.fileColumns).toEqual([{ heading: 'ID', cells: 2 }])
    expect(loss.others).toEqual([])
  })
})

test('a 0 that stands in a table is an estimate of 0 h; Jira writes 0 for none', async () => {
  const estimates = (calls: readonly MutationCall[]) =>
    [...boardAfter([...calls]).board.cardsById.values()].map(({ estimate }) => estimate)
  expect(estimates((await plan('Title,Estimate\nSew,0\nHoist,')).calls)).toEqual([0, null])
  const jira = 'Summary,Issue key,Issue id,Original estimate\nSew,A-1,1,0\nHoist,A-2,2,3600'
  const table = await readTable(jira, {}, { pause })
  const reading = { today: '2026-11-23' as Day, utcOffset: 0, words: englishWords }
  const foreign = await readProductTable(table, reading, { pause })
  expect(foreign?.format).toBe('jira')
  if (foreign) expect(estimates((await planBoard(foreign, planOptions(empty), { pause })).calls)).toEqual([null, 1])
})

test('an estimate is read as in the field of a card; what would be refused there is told and left out', async () => {
  const { calls, errors } = await plan(
    'Title,Estimate\nSew,2d 4h\nHoist,-3h\nRig,3-5 days\nPaint,"1,200"\nVarnish,1.5 小时',
  )
  expect([...boardAfter([...calls]).board.cardsById.values()].map(({ estimate }) => estimate)).toEqual([
    20,
    null,
    null,
    null,
    1.5,
  ])
  expect(errors.map(({ row, code, params }) => `${row} ${code} ${params['value']}`)).toEqual([
    '3 row-estimate-unknown -3h',
    '4 row-estimate-unknown 3-5 days',
    '5 row-estimate-unknown 1,200',
  ])
})

test('every row of a file is a card or is reported as left out, whatever stands in it', async () => {
  const cell = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '=1+1',
      '<script>alert(1)</script>',
      'A-1',
      'a-1',
      'high',
      '2026-11-30',
      '31.31.31',
      '"',
      "'",
    ),
    fc.string({ maxLength: 12 }),
  )
  const heading = fc.constantFrom(
    'Title',
    'Key',
    'Blocked by',
    'Status',
    'Due',
    'Labels',
    'Estimate',
    'Checklist',
    'Whatever',
  )
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(heading, { minLength: 1, maxLength: 6 }),
      fc.array(fc.array(cell, { minLength: 1, maxLength: 8 }), { maxLength: 30 }),
      async (others, rows) => {
        const header = ['Title', ...others.filter((name) => name !== 'Title')]
        const quoted = [header, ...rows].map((cells) =>
          cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(','),
        )
        const csv = quoted.join('\n')
        const table = await readTable(csv, {}, { pause })
        const { adds, loss, calls, errors } = await plan(csv)
        expect(adds.cards + loss.rowsLeftOut).toBe(table.rows.length)
        expect(errors.filter(({ effect }) => effect === 'row-left-out')).toHaveLength(loss.rowsLeftOut)
        expect(calls.filter(({ mutation }) => mutation === 'addCard')).toHaveLength(adds.cards)
        const { board } = boardAfter(calls)
        expect([...board.cardsById.keys()]).toHaveLength(adds.cards)
      },
    ),
    runsOf(60, 2_000),
  )
})
