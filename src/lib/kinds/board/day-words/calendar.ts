/** Days counted from today, as words name them. Weeks begin on Monday. */
import { addDays, isDay, type Day, weekdayOf } from '../../../kernel/instants.ts'
import { parseDate } from '@internationalized/date'
import { addWorkdays, nextFestival, nextHoliday, workdayBefore } from '../workdays.ts'

/**
 * One way of naming a day. Null where the words name no day to come: then no part of them does. Undefined where they are not
 * named in this way after all.
 */
export interface DayRule {
  pattern: RegExp
  /** `since`: the first day that may be meant where no year is said. */
  day: (groups: Groups, today: Day, since: Day) => Day | null | undefined
  /** A word with a capital right after it makes it a name: Sunday Times. */
  unlessName?: true
}
export type Groups = Readonly<Record<string, string | undefined>>

/** Monday is 0. */
const ahead = (today: Day, weekday: number): number => weekday - ((weekdayOf(today) + 6) % 7)

export const inWeek = (today: Day, weeks: number, weekday: number): Day =>
  addDays(today, ahead(today, weekday) + 7 * weeks)
/** The next one; today is one, too, for whoever means another says so. */
export const nextWeekday = (today: Day, weekday: number): Day =>
  inWeek(today, ahead(today, weekday) < 0 ? 1 : 0, weekday)
/** The next one after today. */
export const comingWeekday = (today: Day, weekday: number): Day => nextWeekday(addDays(today, 1), weekday)
/** Of this week, unless it is over. */
export const thisWeekday = (today: Day, weekday: number): Day | null =>
  ahead(today, weekday) < 0 ? null : inWeek(today, 0, weekday)
/** The Saturday of this week, or what is left of its weekend. */
export const weekend = (today: Day, weeks: number): Day =>
  weeks === 0 && ahead(today, 5) < 0 ? today : inWeek(today, weeks, 5)

const inMonths = (today: Day, months: number): Day => parseDate(today).add({ months }).toString() as Day
export const firstOfMonth = (today: Day, months: number): Day =>
  parseDate(today).set({ day: 1 }).add({ months }).toString() as Day
export const lastOfMonth = (today: Day, months: number): Day => addDays(firstOfMonth(today, months + 1), -1)

export function later(today: Day, count: number, unit: 'workday' | 'day' | 'week' | 'month' | 'year'): Day | null {
  if (count === 0) return null
  switch (unit) {
    case 'workday':
      return addWorkdays(today, count)
    case 'day':
      return addDays(today, count)
    case 'week':
      return addDays(today, count * 7)
    case 'month':
      return inMonths(today, count)
    case 'year':
      return inMonths(today, count * 12)
  }
}

/** Half a year back: the next such day from there on is the nearest one. */
export const nearestSince = (today: Day): Day => inMonths(today, -6)

/** Without a year the next such day from `since` on, which may be that one. */
export function onDate(since: Day, month: number, date: number, year?: number): Day | null {
  if (year !== undefined) return dayOf(year, month, date)
  // The 29th of February may be years ahead.
  for (let years = 0; years <= 8; years++) {
    const day = dayOf(Number(since.slice(0, 4)) + years, month, date)
    if (day && day >= since) return day
  }
  return null
}
/** The next one with this number; of a given month only if it is to come. */
export function onDateOfMonth(today: Day, date: number, months?: number): Day | null {
  for (const ahead of months === undefined ? [0, 1, 2] : [months]) {
    const day = dateIn(firstOfMonth(today, ahead), date)
    if (day && day >= today) return day
  }
  return null
}
/** The next one with this number, or the nearest where days that are gone may be meant. */
export function onDateOfSomeMonth(today: Day, since: Day, date: number): Day | null {
  const next = onDateOfMonth(today, date)
  if (since >= today) return next
  // Of two months one has 31 days.
  const last = [0, -1, -2].map((months) => dateIn(firstOfMonth(today, months), date)).find((day) => day && day <= today)
  if (!next || !last) return last ?? next
  return daysBetween(last, today) < daysBetween(today, next) ? last : next
}
export const daysBetween = (from: Day, to: Day): number => parseDate(to).compare(parseDate(from))

function dateIn(first: Day, date: number): Day | null {
  const [year = 0, month = 0] = first.split('-').map(Number)
  return dayOf(year, month, date)
}
function dayOf(year: number, month: number, date: number): Day | null {
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${year}-${two(month)}-${two(date)}`
  return isDay(day) ? day : null
}

/** A date that is said with its weekday: two that contradict each other name no day. */
export const agreed = (day: Day | null, weekday: number): Day | null =>
  day && (weekdayOf(day) + 6) % 7 === weekday ? day : null

/**
 * The same of a day of the month: Friday 13. Where a word follows there may be so many `things` of it: then only the
 * `coming` one is meant, and any other number names no day.
 */
export function agreedInMonth(
  day: Day | null,
  weekday: number,
  things: string | undefined,
  coming: Day,
): Day | null | undefined {
  const one = agreed(day, weekday)
  if (things === undefined) return one
  return one && one <= coming ? one : undefined
}

/** The last workday before a holiday of mainland China, or the first after it. */
export function besideHoliday(name: string, side: 'before' | 'after', today: Day): Day | null {
  const holiday = nextHoliday(name, today)
  // Before it is published nobody knows when a holiday ends; that one may not work on the festival is the law.
  const first = holiday?.first ?? nextFestival(name, today)
  const day = side === 'before' ? first && workdayBefore(first) : holiday && addWorkdays(holiday.last, 1)
  return day && day >= today ? day : null
}

/** So many days after the first one that is free for a festival; of the spring festival that is the eve. */
function onFestival(name: string, today: Day, later = 0): Day | null {
  const first = nextFestival(name, addDays(today, -later))
  return first && addDays(first, later)
}
export const festival =
  (name: string, later = 0): DayRule['day'] =>
  (_, today) =>
    onFestival(name, today, later)
/** The last workday before that day. */
export function beforeFestival(name: string, today: Day, later = 0): Day | null {
  const festive = onFestival(name, today, later)
  const day = festive && workdayBefore(festive)
  return day && day >= today ? day : null
}

export const NEW_YEARS_EVE = festival('春节')
export const NEW_YEAR = festival('春节', 1)
export const LANTERNS = festival('春节', 15)
export const CHRISTMAS_EVE: DayRule['day'] = (_, today) => onDate(today, 12, 24)
