/** Workdays of mainland China: published holidays and make-up days where they are known, Monday to Friday in other years. */
import chineseDays from 'chinese-days'
import { addDays, type Day } from '../../kernel/instants.ts'

export const isWorkday = (day: Day): boolean => chineseDays.isWorkday(day)

/** The name of the public holiday that the day belongs to, else null. */
export function holidayOn(day: Day): { 'zh-CN': string; en: string } | null {
  if (!chineseDays.isHoliday(day)) return null
  const [en, zh] = chineseDays.getDayDetail(day).name.split(',')
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
