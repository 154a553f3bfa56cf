import { expect, test } from 'vitest'
import { dayInFigures, dayStandsFirst, exampleFor, figuresWanted, typedDay } from '#lib/i18n/typed-day.ts'
import type { Day } from '#lib/kernel/instants.ts'

const today = '2026-11-27' as Day
const letters = { year: 'yyyy', month: 'mm', day: 'dd' }

test.each([
  ['en-GB', '31122026', '2026-12-31'],
  ['en-GB', '29022028', '2028-02-29'],
  ['en-GB', '29022027', null],
  ['en-GB', '31/12/2026', '2026-12-31'],
  ['en-GB', '31 . 12 . 26', '2026-12-31'],
  ['en-GB', '3/4/2027', '2027-04-03'],
  ['en-US', '3/4/2027', '2027-03-04'],
  ['en-US', '12312026', '2026-12-31'],
  // Only one order makes a day of it.
  ['en-US', '31/12/2026', '2026-12-31'],
  ['en-GB', '20261231', '2026-12-31'],
  ['en-GB', '2026-12-31', '2026-12-31'],
  ['zh-CN', '20261231', '2026-12-31'],
  ['zh-CN', '２０２６／１２／３１', '2026-12-31'],
  ['zh-CN', '26/12/31', '2026-12-31'],
  ['zh-CN', '31/12/2026', '2026-12-31'],
  // The next such day, which may be today.
  ['en-GB', '1/12', '2026-12-01'],
  ['en-GB', '27/11', '2026-11-27'],
  ['en-GB', '26/11', '2027-11-26'],
  ['zh-CN', '12-1', '2026-12-01'],
  ['en-GB', '29/2', '2028-02-29'],
  ['en-GB', '31/02/2027', null],
  ['en-GB', '1', null],
  ['en-GB', '1/2/3', null],
  ['en-GB', '2026-13-01', null],
  ['en-GB', 'tomorrow', null],
  ['en-GB', '', null],
])('in %s “%s” is %s', (region, text, day) => {
  expect(typedDay(text, region, today)).toBe(day)
})

test.each([
  ['en-GB', '23/11', '2026-11-23', '2027-11-23'],
  ['zh-CN', '11-23', '2026-11-23', '2027-11-23'],
  ['en-GB', '1/4', '2027-04-01', '2027-04-01'],
  ['en-GB', '29/2', '2028-02-29', '2028-02-29'],
  ['en-GB', '23/11/2027', '2027-11-23', '2027-11-23'],
])('in %s “%s” is %s from half a year ago on, %s from today', (region, text, from, next) => {
  expect(typedDay(text, region, '2026-05-27' as Day)).toBe(from)
  expect(typedDay(text, region, today)).toBe(next)
})

test('the example in a message is written as the region writes it, and is understood there', () => {
  expect(['en-GB', 'en-US', 'en'].map(exampleFor)).toEqual(['31/12', '12/31', '12/31'])
  for (const region of ['en-GB', 'en-US', 'en-CA', 'en-SE', 'en-IN', 'en-ZA'])
    expect(typedDay(exampleFor(region), region, today)).toBe('2026-12-31')
  expect(['en-GB', 'en-US', 'zh-CN', 'en'].map(dayStandsFirst)).toEqual([true, false, false, null])
})

test('what a day is shown as is read as that day, wherever one lives', () => {
  for (const region of ['en-GB', 'en-US', 'en-CA', 'zh-CN', 'zh-TW', 'en-AU', 'en-IN', 'zh-HK'])
    for (const day of ['2026-11-27', '2027-02-01', '2028-02-29', '1999-12-31'] as Day[])
      expect(typedDay(dayInFigures(day, region), region, today)).toBe(day)
  expect(figuresWanted('en-GB', letters)).toBe('dd/mm/yyyy')
  expect(figuresWanted('zh-CN', { year: '年', month: '月', day: '日' })).toBe('年/月/日')
})
