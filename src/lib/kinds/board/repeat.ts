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

/** The next day after `day`: the 31st of a shorter month is its last day; workdays are those of mainland China. */
export function nextDay(repeat: Repeat, day: Day): Day {
  if (repeat !== 'workdays') return parseDate(day).add(steps[repeat]).toString() as Day
  let next = addDays(day, 1)
  for (let tries = 0; tries < LONGEST_BREAK && !isWorkday(next); tries++) next = addDays(next, 1)
  return next
}
