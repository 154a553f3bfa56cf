/** Workdays of mainland China: published holidays and make-up days where they are known, Monday to Friday in other years. */
// Its days, not its functions: those read a day as midnight in UTC and then look at the fields of the device's time zone, so
// that west of Greenwich every Monday is a Sunday.
import published from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import { addDays, weekdayOf, type Day } from '../../kernel/instants.ts'

const holidays: Readonly<Record<string, string>> = published.holidays
const workdays: Readonly<Record<string, string>> = published.workdays

export const isWorkday = (day: Day): boolean =>
  Object.hasOwn(workdays, day) || (weekdayOf(day) % 6 !== 0 && !Object.hasOwn(holidays, day))

/** The name of the public holiday that the day belongs to, else null. */
export function holidayOn(day: Day): { 'zh-CN': string; en: string } | null {
  const [en, zh] = holidays[day]?.split(',') ?? []
  return zh && en ? { 'zh-CN': zh, en } : null
}

/** The day that lies so many workdays after `day`. */
export function addWorkdays(day: Day, count: number): Day {
  let at = day
  for (let left = count; left > 0;) {
    at = addDays(at, 1)
    if (isWorkday(at)) left--
  }
  return at
}

/** Workdays from one day to another, both counted; 0 where the second lies before the first. */
export function workdaysBetween(from: Day, to: Day): number {
  let count = 0
  for (let at = from, tries = 0; at <= to && tries < 4_000; at = addDays(at, 1), tries++) if (isWorkday(at)) count++
  return count
}
