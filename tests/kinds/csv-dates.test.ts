import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { guessDateOrder, looksLikeDay, readDay } from '#lib/kinds/board/csv-dates.ts'
import { guessMapping } from '#lib/kinds/board/csv-mapping.ts'
import { isDay, type Day } from '#lib/kernel/instants.ts'

const today = '2026-11-23' as Day
const day = (cell: string, order: 'day-first' | 'month-first' = 'month-first', utcOffset?: number) =>
  readDay(cell, { order, today, utcOffset })?.day ?? null

describe('days', () => {
  test.each([
    '2026-11-05',
    '2026/11/5',
    '2026.11.05',
    '20261105',
    '2026年11月5日',
    '2026 年 11 月 5 日',
    '26年11月5号',
    '11月5日',
    '２０２６－１１－０５',
    '2026/11/5（星期四）',
    '2026年11月5日 周四 下午3:30',
    '2026-11-05 08:00:00',
    '2026-11-05T08:00:00.000',
    'Nov 5, 2026',
    'November 5th, 2026 at 3:30 PM',
    'Thursday, November 5, 2026',
    '5 Nov 2026',
    '5/Nov/26 10:00 AM',
    '05-Nov-26',
    '05/十一月/26',
    '5/十一月/26 2:15 下午',
    '05/11月/26 上午10:00',
    '十一月5日',
    'Nov 5',
    '11/5/2026',
    '11/5/26 9:00',
    '11/5',
    '5.11.2026',
    '46331',
    '46331.75',
  ])('%s is the fifth of November 2026', (cell) => {
    expect(day(cell)).toBe('2026-11-05')
  })

  test('the person says how 3/4/2026 is meant, and a 23 decides by itself', () => {
    expect(day('3/4/2026', 'month-first')).toBe('2026-03-04')
    expect(day('3/4/2026', 'day-first')).toBe('2026-04-03')
    expect(day('23/11/2026', 'month-first')).toBe('2026-11-23')
    expect(day('11/23/2026', 'day-first')).toBe('2026-11-23')
    expect(guessDateOrder(['3/4/2026', '23/4/2026'])).toBe('day-first')
    expect(guessDateOrder(['3/4/2026', '4/23/2026'])).toBe('month-first')
    expect(guessDateOrder(['3/4/2026', '2026-01-31'])).toBe(null)
  })

  test('a date without a year is the nearest one', () => {
    expect(day('1月8日')).toBe('2027-01-08')
    expect(day('Dec 31')).toBe('2026-12-31')
    expect(day('明天')).toBe('2026-11-24')
    expect(day('tomorrow')).toBe('2026-11-24')
  })

  test.each([
    ['下周五', '2026-12-04'],
    ['下周5', '2026-12-04'],
    ['周五', '2026-11-27'],
    ['next Friday', '2026-12-04'],
    ['Friday', '2026-11-27'],
    ['11月27日前', '2026-11-27'],
    ['三天后', '2026-11-26'],
    ['in 3 days', '2026-11-26'],
    ['月底', '2026-11-30'],
    ['今天', '2026-11-23'],
    ['前天', '2026-11-21'],
    ['yesterday', '2026-11-22'],
    ['5号', '2026-12-05'],
    ['15号', '2026-11-15'],
  ])('%s is understood as in quick add, the nearest one where it may be two', (cell, is) => {
    expect(readDay(cell, { order: 'month-first', today })).toEqual({ day: is, time: false })
  })

  test.each(['明天下午3点', '明天下午三点', 'tomorrow at 3pm', 'tomorrow 15:30'])('%s has a time of day', (cell) => {
    expect(readDay(cell, { order: 'month-first', today })).toEqual({ day: '2026-11-24', time: true })
  })

  test('a day in words within a longer text is none of its column, and no reason to take a cell for a date', () => {
    for (const cell of ['明天下午3点 客户现场', 'call Ann tomorrow at 3pm', 'Friday or Monday', '每周五', '2999-01-02'])
      expect(day(cell), cell).toBe(null)
    for (const cell of ['Mon', '国庆节', 'Today']) expect(looksLikeDay(cell), cell).toBe(false)
  })

  test('a moment with a zone falls on the day of the person’s own clock', () => {
    expect(day('2026-11-04T16:00:00.000Z', 'month-first', 480)).toBe('2026-11-05')
    expect(day('2026-11-04T16:00:00.000Z', 'month-first', 0)).toBe('2026-11-04')
    expect(day('2026-11-05T01:00:00+08:00', 'month-first', 0)).toBe('2026-11-04')
  })

  test.each([
    '',
    'soon',
    '2026-02-30',
    '31/31/2026',
    '2026-11',
    '待定',
    '12345',
    '1.5',
    '2026-11-05 or later',
    '99999999',
    '__proto__',
    'constructor',
  ])('%j is no date', (cell) => {
    expect(day(cell)).toBe(null)
  })

  test('every day survives being written and read, and nothing else than a day ever comes out', () => {
    const days = fc
      .date({ min: new Date('1955-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10))
    fc.assert(fc.property(days, (text) => void expect(day(text)).toBe(text)))
    fc.assert(fc.property(days, (text) => void expect(day(`${text}T00:00:00Z`, 'month-first', 0)).toBe(text)))
    const noise = fc.string({ unit: fc.constantFrom(...'0123456789-/.: 年月日tz+nov') })
    fc.assert(
      fc.property(noise, (cell) => {
        const found = day(cell)
        expect(found === null || isDay(found)).toBe(true)
      }),
    )
  })
})

describe('mapping', () => {
  test.each([
    [
      'Trello',
      ['Card ID', 'Card Name', 'Card Description', 'Labels', 'Members', 'Due Date', 'List Name'],
      ['ignore', 'title', 'description', 'labels', 'assignees', 'due', 'column'],
    ],
    [
      'Asana',
      ['Task ID', 'Name', 'Section/Column', 'Assignee', 'Start Date', 'Due Date', 'Tags', 'Notes'],
      ['ignore', 'title', 'column', 'assignees', 'start', 'due', 'labels', 'description'],
    ],
    [
      'Jira',
      ['Summary', 'Issue key', 'Status', 'Priority', 'Assignee', 'Due date', 'Labels', 'Labels', 'Description'],
      ['title', 'ignore', 'column', 'priority', 'assignees', 'due', 'labels', 'labels', 'description'],
    ],
    [
      'Todoist',
      ['TYPE', 'CONTENT', 'DESCRIPTION', 'PRIORITY', 'RESPONSIBLE', 'DATE'],
      ['ignore', 'title', 'description', 'priority', 'assignees', 'due'],
    ],
    [
      'Feishu',
      ['任务标题', '状态', '负责人', '开始时间', '截止时间', '优先级', '标签', '备注'],
      ['title', 'column', 'assignees', 'start', 'due', 'priority', 'labels', 'description'],
    ],
    [
      'a person',
      ['任务', '阶段', '责任人', '开始日期', '截止日期（必填）', '说明'],
      ['title', 'column', 'assignees', 'start', 'due', 'description'],
    ],
  ])('the headings of %s are understood', (_who, header, fields) => {
    expect(guessMapping(header, []).fields).toEqual(fields)
  })

  test('without any known heading the column with the words becomes the title', () => {
    const rows = [
      ['1', '2026-01-02', 'Order the samples'],
      ['2', '2026-01-03', 'Book the hall'],
    ]
    expect(guessMapping(['a', 'b', 'c'], rows).fields).toEqual(['ignore', 'ignore', 'title'])
  })

  test('the dates of the first rows tell how they are meant', () => {
    expect(guessMapping(['title', 'due'], [['x', '23/11/2026']]).dates).toBe('day-first')
  })
})
