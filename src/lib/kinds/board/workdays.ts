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

/** A weekend's day that makes up for a holiday, by the name of that holiday, else null. */
export function makesUpFor(day: Day): { 'zh-CN': string; en: string } | null {
  const [en, zh] = workdays[day]?.split(',') ?? []
  return zh && en ? { 'zh-CN': zh, en } : null
}

/** The holidays of a year are published late in the year before it. */
export const holidaysKnown = (year: number): boolean => holidayOn(`${year}-10-01` as Day) !== null

/** First and last day of the next holiday of that Chinese name, or of the one that is under way; null where it is not known. */
export function nextHoliday(name: string, today: Day): { first: Day; last: Day } | null {
  const isIt = (day: Day) => holidayOn(day)?.['zh-CN'].startsWith(name) === true
  let first = today
  for (let tries = 0; !isIt(first); tries++) {
    if (tries > 400) return null
    first = addDays(first, 1)
  }
  let last = first
  while (isIt(addDays(last, 1))) last = addDays(last, 1)
  return { first, last }
}

/** The last workday before a day. */
export function workdayBefore(day: Day): Day {
  let at = addDays(day, -1)
  while (!isWorkday(at)) at = addDays(at, -1)
  return at
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
