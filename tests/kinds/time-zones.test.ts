import { afterEach, expect, test } from 'vitest'
import { dayOf } from '#lib/i18n/format.ts'
import { addDays, type Day } from '#lib/kernel/instants.ts'
import { nextDay } from '#lib/kinds/board/repeat.ts'
import { addWorkdays, holidayOn, isWorkday, workdaysBetween } from '#lib/kinds/board/workdays.ts'

const zone = process.env['TZ']
afterEach(() => {
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
})

const zones = ['America/New_York', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Shanghai', 'Europe/London', 'UTC']

test.each(zones)('a day is a workday or a holiday of mainland China wherever the device is: %s', (name) => {
  process.env['TZ'] = name
  expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(name)
  // Monday, the Saturday before it, National Day, and the Saturday that makes up for it.
  expect(['2026-11-23', '2026-11-21', '2026-10-01', '2026-10-10'].map((day) => isWorkday(day as Day))).toEqual([
    true,
    false,
    false,
    true,
  ])
  expect(holidayOn('2026-10-01' as Day)?.en).toBe('National Day')
  expect(holidayOn('2026-09-30' as Day)).toBeNull()
  expect(nextDay('workdays', '2026-11-20' as Day)).toBe('2026-11-23')
  expect(addWorkdays('2026-11-20' as Day, 1)).toBe('2026-11-23')
  expect(workdaysBetween('2026-11-20' as Day, '2026-11-23' as Day)).toBe(2)
  // Over both changes of the clock no day is left out and none comes twice.
  let day = '2027-01-01' as Day
  for (let count = 0; count < 365; count++) day = addDays(day, 1)
  expect(day).toBe('2028-01-01')
})

test.each([
  ['America/New_York', '2026-12-31'],
  ['Pacific/Kiritimati', '2027-01-01'],
  ['Asia/Shanghai', '2027-01-01'],
])('today is the day where the device is: in %s it is %s still or already', (name, today) => {
  process.env['TZ'] = name
  expect(dayOf(new Date('2026-12-31T23:30:00Z'))).toBe(today)
})
