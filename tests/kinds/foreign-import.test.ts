import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Day } from '#lib/kernel/instants.ts'
import type { ForeignReading } from '#lib/kinds/board/foreign/fields.ts'
import type { ForeignBoard } from '#lib/kinds/board/foreign/foreign-board.ts'
import { planBoard } from '#lib/kinds/board/foreign/plan-board.ts'
import { looksLikeJson, readJsonBoard, readProductTable } from '#lib/kinds/board/foreign/read-foreign.ts'
import { englishWords } from '#lib/kinds/board/foreign/words.ts'
import { readTable } from '#lib/kinds/board/read-table.ts'
import type { Board } from '#lib/kinds/board/schema.ts'
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
  losses.map(({ what, count, kept, names }) => `${count} ${what} ${kept ? 'kept' : 'lost'}: ${names.join(', ')}`)

describe('a Trello board', () => {
  test('brings its lists, cards, labels, checklists, people and days in their order', async () => {
    const { calls, format, adds } = await plan('trello.json')
    expect(format).toBe('trello')
    expect(adds).toEqual({ cards: 5, columns: 4, labels: 5 })
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
            checklist: ['[x] Before: Offer', '[ ] Before: Sign', '[ ] After: Thank'],
            description: [
              '# Plan\n\n- **call** the owner\n<script>alert(1)</script>',
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
    const archived = Object.values(cardsById).filter((card) => card.archived)
    expect(archived.map(({ title }) => title).toSorted()).toEqual(['In a closed list', 'Put away'])
    expect(Object.fromEntries(labels.map(({ name, color }) => [name, color]))).toMatchObject({
      市场: 'teal',
      Red: 'red',
      '@Bo Berg': 'gray',
    })
  })

  test('says what it cannot bring, counted and named', async () => {
    const { loss, errors } = await plan('trello.json')
    expect(errors).toEqual([])
    expect(loss.people).toEqual([{ name: 'Bo Berg', cards: 2 }])
    expect(loss.times).toBe(2)
    expect(kept(loss.others)).toEqual([
      '2 comments kept: Book the hall <b>today</b>',
      '1 comments lost: Book the hall <b>today</b>',
      '1 attachments lost: floor plan.pdf',
      '2 custom-fields kept: Budget, Region',
      '2 votes lost: Second',
      '1 covers lost: Book the hall <b>today</b>',
      '1 finished-marks lost: Book the hall <b>today</b>',
      '1 item-details lost: Book the hall <b>today</b>',
    ])
  })

  test('a stranger is matched with a member, or left out, as the importing person says', async () => {
    const matched = await plan('trello.json', empty, new Map([['bo berg', zhang.id]]))
    expect(matched.loss.people).toEqual([])
    expect(matched.strangers).toEqual([{ name: 'Bo Berg', cards: 2 }])
    const third = Object.values(boardAfter(matched.calls).board.cardsById).find(({ title }) => title === 'Third')
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
    expect(adds).toEqual({ cards: 5, columns: 3, labels: 4 })
    const third = calls.find(({ args }) => args['title'] === 'Third')
    expect(third?.args['column']).toBe('c1')
  })
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
              'h2. Why\n\nThe *old* one overheats',
              'FW-3\nStory Points: 5.0\nrelates: FW-4',
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

  test('a circle of blocking issues is opened where it closes, and said; so are dead references and unreadable cells', async () => {
    const { loss, errors } = await plan('jira.csv')
    expect(kept(loss.others)).toEqual([
      '2 comments kept: Release the firmware',
      '1 attachments lost: trace.log',
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
    expect(loss.people.map(({ name }) => name)).toEqual(['Zoe Q', 'bo@example.com'])
  })
})
