/** Cards that come again: how often, and on which day next. */
import { parseDate, type DateDuration } from '@internationalized/date'
import { addDays, type Day } from '../../kernel/instants.ts'
import { isWorkday } from './workdays.ts'

export const repeats = ['daily', 'workdays', 'weekly', 'fortnightly', 'monthly', 'quarterly', 'yearly'] as const
export type Repeat = (typeof repeats)[number]

const steps: Readonly<Record<Exclude<Repeat, 'workdays'>, DateDuration>> = {
  daily: { days: 1 },
  weekly: { weeks: 1 },
  fortnightly: { weeks: 2 },
  monthly: { months: 1 },
  quarterly: { months: 3 },
  yearly: { years: 1 },
}

/** No holiday is longer. */
const LONGEST_BREAK = 30

/**
 * The next day after `day`; workdays are those of mainland China. Months, quarters and years keep `dayOfMonth`, and where a
 * month is too short for it they take its last day: 31 January, 28 February, 31 March.
 */
export function nextDay(repeat: Repeat, day: Day, dayOfMonth: number = dayOfMonthIn(day)): Day {
  if (repeat !== 'workdays') {
    const next = parseDate(day).add(steps[repeat])
    // A day that the month does not have becomes its last.
    return (countsDays(repeat) ? next : next.set({ day: dayOfMonth })).toString() as Day
  }
  let next = addDays(day, 1)
  for (let tries = 0; tries < LONGEST_BREAK && !isWorkday(next); tries++) next = addDays(next, 1)
  return next
}

export const dayOfMonthIn = (day: Day): number => parseDate(day).day

const countsDays = (repeat: keyof typeof steps): boolean => !('months' in steps[repeat]) && !('years' in steps[repeat])
