/**
 * Days as people and programs write them in Chinese and English. Pure calendar arithmetic: "today" and the distance to
 * UTC come from the caller, no clock and no time zone data is read.
 */
import { isDay, type Day } from '#lib/kernel/instants.ts'
import { numberIn } from './chinese-number.ts'
import { nearestSince } from './day-words/calendar.ts'
import { oneDayIn, timeAt } from './quick-dates.ts'

/** How 3/4/2026 is meant. */
export type DateOrder = 'day-first' | 'month-first'

/** Other years are slips, and what programs write for never. */
export const FIRST_YEAR = 1900
export const LAST_YEAR = 2199

export interface DateReading {
  order: DateOrder
  today: Day
  /** Minutes that the person's clock is ahead of UTC (480 in China), for moments with a zone of their own. */
  utcOffset?: number | undefined
  /** Also of a year that is none here. */
  anyYear?: boolean
}

export interface ReadDay {
  day: Day
  /** A time of day was given too; a board keeps only the day. */
  time: boolean
  /** In the other order of day and month it would be another day. */
  eitherWay?: boolean
}

const LONGEST_DAY = 80
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH = `(${MONTHS.join('|')})[a-z]*\\.?`
const SERIAL_ZERO = dayNumber(1899, 12, 30)

const CHINESE = /^(?:(\d{4}|\d{2}) ?年 ?)?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]?(.*)$/
const YEAR_FIRST = /^(\d{4}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{1,2})(?!\d)(.*)$/
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?!\d)(.*)$/
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)(.*)$/
const NO_YEAR = /^(\d{1,2})[-/](\d{1,2})$/
const DAY_MONTH = new RegExp(
  `^(\\d{1,2})(?:st|nd|rd|th)?[ \\-/.]*(?:of )?${MONTH}(?:[ ,\\-/]*(\\d{4}|\\d{2})(?![\\d:]))?(.*)$`,
)
/** `26/十一月/26`, as Jira writes in Chinese; newer servers have `26/11月/26`. */
const DAY_CHINESE_MONTH = /^(\d{1,2})[ \-/.]*(\d{1,2})月[ \-/.]*(\d{4}|\d{2})(?![\d:])(.*)$/
const MONTH_DAY = new RegExp(`^${MONTH}[ \\-/]*(\\d{1,2})(?:st|nd|rd|th)?(?!\\d)(?:[ ,\\-/]*(\\d{4})(?!\\d))?(.*)$`)
const TIME =
  /^(?:[t,\s]|at\b)*(上午|下午|早上|中午|晚上|am|pm)? ?(\d{1,2}) ?[:时点] ?(\d{1,2})?分?(?::?(\d{1,2})(?:[.,]\d+)?秒?)? ?(上午|下午|早上|中午|晚上|am|pm)? ?(z|utc|gmt|[+-]\d{2}:?\d{2})?$/

/** The day that a cell names, or null where it names none. */
export const readDay = (cell: string, reading: DateReading): ReadDay | null =>
  readFigures(cell, reading) ?? readWords(cell, reading)

/** As in quick add: 下周五, next Friday. In a longer text it is a day among others. */
function readWords(cell: string, { order, today }: DateReading): ReadDay | null {
  const found = oneDayIn(cell.slice(0, LONGEST_DAY), today, nearestSince(today), order === 'day-first')
  if (!found || !isTimeOrNothing(found.rest)) return null
  const year = Number(found.day.slice(0, 4))
  return year < FIRST_YEAR || year > LAST_YEAR ? null : { day: found.day, time: found.isTimed }
}

function isTimeOrNothing(rest: string): boolean {
  if (timeOf(rest) !== null || !/[\p{L}\p{N}]/u.test(rest)) return true
  const length = timeAt(rest)
  return length > 0 && isTimeOrNothing(rest.slice(length))
}

function readFigures(cell: string, reading: DateReading): ReadDay | null {
  const text = tidy(cell)
  if (/^\d{5}(\.\d+)?$/.test(text)) {
    // A spreadsheet's serial number, 1954 to 2119; its fraction is the time.
    const serial = Number(text)
    return serial >= 20_000 && serial <= 80_000 ? onDay(SERIAL_ZERO + Math.floor(serial), serial % 1 !== 0) : null
  }
  if (/^\d{13}$/.test(text)) return onDay(Math.floor((Number(text) / 60_000 + (reading.utcOffset ?? 0)) / 1440), true)

  const chinese = CHINESE.exec(text)
  if (chinese) return dated(chinese[1], chinese[2], chinese[3], chinese[4], reading)
  const yearFirst = YEAR_FIRST.exec(text)
  if (yearFirst) return dated(yearFirst[1], yearFirst[3], yearFirst[4], yearFirst[5], reading)
  const compact = COMPACT.exec(text)
  if (compact) return dated(compact[1], compact[2], compact[3], compact[4], reading)
  const yearLast = YEAR_LAST.exec(text)
  if (yearLast) {
    const [, first = '', separator, second = '', year, rest] = yearLast
    const eitherWay = separator !== '.' && isEitherWay(first, second)
    const dayFirst =
      Number(first) > 12 || (Number(second) <= 12 && (separator === '.' || reading.order === 'day-first'))
    const read = dayFirst ? dated(year, second, first, rest, reading) : dated(year, first, second, rest, reading)
    return read && { ...read, eitherWay }
  }
  const dayMonth = DAY_MONTH.exec(text)
  if (dayMonth) return dated(dayMonth[3], monthOf(dayMonth[2]), dayMonth[1], dayMonth[4], reading)
  const chineseMonth = DAY_CHINESE_MONTH.exec(text)
  if (chineseMonth) return dated(chineseMonth[3], chineseMonth[2], chineseMonth[1], chineseMonth[4], reading)
  const monthDay = MONTH_DAY.exec(text)
  if (monthDay) return dated(monthDay[3], monthOf(monthDay[1]), monthDay[2], monthDay[4], reading)
  const noYear = NO_YEAR.exec(text)
  if (noYear) {
    const [, first = '', second = ''] = noYear
    const dayFirst = Number(first) > 12 || (Number(second) <= 12 && reading.order === 'day-first')
    const read = dayFirst ? dated(undefined, second, first, '', reading) : dated(undefined, first, second, '', reading)
    return read && { ...read, eitherWay: isEitherWay(first, second) }
  }
  return null
}

const isEitherWay = (first: string, second: string): boolean =>
  Number(first) <= 12 && Number(second) <= 12 && Number(first) !== Number(second)

/** What the cells of a column of dates say about the order of day and month; null where every one could be both. */
export function guessDateOrder(cells: readonly string[]): DateOrder | null {
  let dayFirst = 0
  let monthFirst = 0
  for (const cell of cells) {
    const text = tidy(cell)
    const match = YEAR_LAST.exec(text) ?? NO_YEAR.exec(text)
    if (!match) continue
    const yearLast = match.length > 3
    const first = Number(match[1])
    const second = Number(yearLast ? match[3] : match[2])
    if (first > 12 && second <= 12) dayFirst++
    if (second > 12 && first <= 12) monthFirst++
  }
  if (dayFirst === monthFirst) return null
  return dayFirst > monthFirst ? 'day-first' : 'month-first'
}

/** What is wrong with a cell of which `readDay` makes nothing. */
export const dayProblem = (cell: string): 'row-date-year' | 'row-date-unreadable' =>
  readFigures(cell, { order: 'month-first', today: '2026-01-01' as Day, anyYear: true })
    ? 'row-date-year'
    : 'row-date-unreadable'

/** Whether a cell looks like a date at all, for guessing what a column holds: 国庆节 may be a title, Mon a heading. */
export const looksLikeDay = (cell: string): boolean =>
  readFigures(cell, { order: 'month-first', today: '2026-01-01' as Day }) !== null

function tidy(cell: string): string {
  return cell
    .slice(0, LONGEST_DAY)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?/g, ' ')
    .replace(/\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?/g, ' ')
    .replace(/(十[一二]?|[一二三四五六七八九])月/g, (_, month: string) => `${numberIn(month)}月`)
    .replace(/\s+/g, ' ')
    .trim()
}

const monthOf = (name: string | undefined) => String(MONTHS.indexOf(name ?? '') + 1)

function dated(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  rest: string | undefined,
  reading: DateReading,
): ReadDay | null {
  const time = timeOf(rest ?? '')
  if (time === null) return null
  const number =
    year === undefined ? nearest(Number(month), Number(day), reading.today) : whole(year, month, day, reading)
  if (number === null) return null
  const zone = time === 'none' ? null : time.zone
  if (time === 'none' || zone === null) return onDay(number, time !== 'none')
  return onDay(number + Math.floor((time.minutes - zone + (reading.utcOffset ?? 0)) / 1440), true)
}

function whole(
  year: string,
  month: string | undefined,
  day: string | undefined,
  { anyYear }: DateReading,
): number | null {
  const fullYear = Number(year) + (year.length === 2 ? 2000 : 0)
  return checked(fullYear, Number(month), Number(day), anyYear)
}

/** Without a year the nearest such day is meant: in December "Jan 8" is next year's. */
function nearest(month: number, day: number, today: Day): number | null {
  const now = numberOf(today)
  const thisYear = Number(today.slice(0, 4))
  let best: number | null = null
  for (const year of [thisYear - 1, thisYear, thisYear + 1]) {
    const number = checked(year, month, day)
    if (number !== null && (best === null || Math.abs(number - now) < Math.abs(best - now))) best = number
  }
  return best
}

function checked(year: number, month: number, day: number, anyYear = false): number | null {
  if (!anyYear && (year < FIRST_YEAR || year > LAST_YEAR)) return null
  return isDay(format(year, month, day)) ? dayNumber(year, month, day) : null
}

/** 'none' for no time, null for words that are no time. */
function timeOf(rest: string): 'none' | { minutes: number; zone: number | null } | null {
  const text = rest.trim()
  if (text === '') return 'none'
  const match = TIME.exec(text)
  if (!match) return null
  const half = match[1] ?? match[5]
  let hours = Number(match[2])
  const minutes = Number(match[3] ?? 0)
  if (hours > 24 || minutes > 59) return null
  if ((half === '下午' || half === '晚上' || half === '中午' || half === 'pm') && hours < 12 && hours > 0) hours += 12
  if ((half === '上午' || half === '早上' || half === 'am') && hours === 12) hours = 0
  return { minutes: hours * 60 + minutes, zone: match[6] === undefined ? null : zoneOf(match[6]) }
}

function zoneOf(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone)
  if (!match) return 0
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]))
}

const numberOf = (day: Day) => dayNumber(Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10)))

const pad = (value: number, length: number) => String(value).padStart(length, '0')
const format = (year: number, month: number, day: number) => `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`

/** Days since 1970-01-01 in the Gregorian calendar; years counted from March, so that a leap day is the last one. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

function onDay(number: number, time: boolean): ReadDay | null {
  const shifted = number + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  const text = format(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  return isDay(text) ? { day: text, time } : null
}
