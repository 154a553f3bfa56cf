/**
 * Workdays of mainland China: published holidays and make-up days where they are known; in other years Monday to Friday without the
 * days that the law itself makes free.
 */
// Its days, not its functions: those read a day as midnight in UTC and then look at the fields of the device's time zone, so
// that west of Greenwich every Monday is a Sunday.
import published from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import { addDays, isDay, weekdayOf, type Day } from '../../kernel/instants.ts'

const holidays: Readonly<Record<string, string>> = published.holidays
const workdays: Readonly<Record<string, string>> = published.workdays

export const isWorkday = (day: Day): boolean =>
  Object.hasOwn(workdays, day) ||
  (weekdayOf(day) % 6 !== 0 && !Object.hasOwn(holidays, day) && (isPublished(day) || !isFreeByLaw(day)))

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
const isPublished = (day: Day): boolean => holidaysKnown(Number(day.slice(0, 4)))

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

/**
 * The first day that is free for a festival by law, whatever days will be published around it, or the day of one that is not free; null where it is not listed. From the
 * almanac: `Intl`'s Chinese calendar has the new year of 2027 a day late, its new moon being four minutes before midnight.
 */
export function nextFestival(name: string, today: Day): Day | null {
  const year = Number(today.slice(0, 4))
  const fixed = FIXED[name] ?? WORKED[name]
  const days = [year, year + 1].flatMap((one) => (fixed ? [`${one}-${fixed}`] : []))
  return [...days, ...(MOVING[name] ?? [])].filter(isDay).find((day) => day >= today) ?? null
}
/** So many days the law makes free from that first one on; of the others it is the day itself. */
const FREE_DAYS: Readonly<Record<string, number>> = { 春节: 4, 劳动节: 2, 国庆节: 3 }
const isFreeByLaw = (day: Day): boolean =>
  [...Object.keys(FIXED), ...Object.keys(MOVING)].some((name) => {
    const length = FREE_DAYS[name] ?? 1
    const first = nextFestival(name, addDays(day, 1 - length))
    return first !== null && first <= day
  })
const FIXED: Readonly<Record<string, string>> = { 元旦: '01-01', 劳动节: '05-01', 国庆节: '10-01' }
/** Days that people name, and work on. */
const WORKED: Readonly<Record<string, string>> = { 圣诞节: '12-25' }
/** Of the spring festival the eve, which is free as well. */
const MOVING: Readonly<Record<string, readonly string[]>> = {
  春节: ['2026-02-16', '2027-02-05', '2028-01-25', '2029-02-12', '2030-02-02'],
  清明: ['2026-04-05', '2027-04-05', '2028-04-04', '2029-04-04', '2030-04-05'],
  端午: ['2026-06-19', '2027-06-09', '2028-05-28', '2029-06-16', '2030-06-05'],
  中秋: ['2026-09-25', '2027-09-15', '2028-10-03', '2029-09-22', '2030-09-12'],
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
