/**
 * Spans of days, from the start of a card to the day it is due: Dec 1 ~ Dec 4, 周一到周三, 12月4日～8日, from Friday to Monday. Each end
 * is read as a day that stands alone, and says what the other leaves out: the month of "Dec 4-8", the year of both. Where an end is no
 * day, or the second lies before the first, neither is read.
 */
import { addDays, type Day } from '../../kernel/instants.ts'
import { daysBetween, nearestSince } from './day-words/calendar.ts'
import { CHINESE_DATE, CHINESE_WEEKDAY } from './day-words/chinese.ts'
import { MANY, MONTHS, OTHER_WORDS, SOME_WEEKDAY } from './day-words/english.ts'
import { findDays, timeAt, type FoundDay } from './quick-dates.ts'

export interface FoundSpan {
  from: number
  to: number
  start: Day
  due: Day
  /** A time of day is part of it, as of a day. */
  isTimed: boolean
}

const BETWEEN = /[~〜]|[–—]{1,2}|-|\.{2,}|[至到]|(?<=\s)(?:to|through|thru|until|till)(?=\s)/g
/** What a day may begin with: reading one takes long, and hyphens are many. */
const DAY_BEGINS = new RegExp(
  `^\\s*(?:\\d|[今明后大本这当下周星礼年月元春清端中国劳五过十一二三四六七八九两半]|${SOME_WEEKDAY}|${MONTHS.join('|')}|to(?:day|night|m)|tm|next|this|coming|the|due|by|on|until|till|before|for|in|within|end|eo|a|one|two)`,
)
const MOST_TRIED = 12
/** So much of the text beside it is read as a day. */
const NEAR = 60

/** All spans in the text, in their order. `text` is what was `written` in lower case and half-width forms. */
export function findSpans(text: string, today: Day, written: string, dayFirst: boolean | null): FoundSpan[] {
  // Chinese says the month first; an end alone has no Chinese in it.
  const days = { today, dayFirst: /\p{Script=Han}/u.test(text) ? false : dayFirst }
  const found: FoundSpan[] = []
  let tried = 0
  for (const match of text.matchAll(BETWEEN)) {
    const end = found.at(-1)?.to ?? 0
    if (match.index < end || !DAY_BEGINS.test(text.slice(match.index + match[0].length, match.index + NEAR))) continue
    // A list with a hundred of them is no sentence.
    if (++tried > MOST_TRIED) break
    const span = spanAround(text, written, match, end, days)
    if (span) found.push(span)
  }
  return found
}

interface Reading {
  today: Day
  dayFirst: boolean | null
}
/** The text on one side of what stands between; `isTight`: without a space beside that. */
interface Sides {
  mark: string
  before: string
  after: string
  writtenBefore: string
  writtenAfter: string
  isTight: boolean
}

function spanAround(text: string, written: string, { index, 0: mark }: RegExpExecArray, end: number, days: Reading) {
  const begin = Math.max(end, index - NEAR)
  const before = text.slice(begin, index).replace(/\s*(?:起|开始)?\s*$/, '')
  const behind = text.slice(index + mark.length)
  const at = index + mark.length + (behind.length - behind.trimStart().length)
  const after = text.slice(at, at + NEAR).replace(/\s+[~≈].*$/s, '')
  const isTight = begin + before.length === index && at === index + mark.length
  // 12月4日 ~8日: about eight days of work.
  if (mark === '~' && !isTight && at === index + mark.length && /^\d{1,2}\s*日?(?![月\d/.-])/.test(after)) return null
  if (mark === 'to' && MOVED.test(text.slice(0, index))) return null
  const sides: Sides = {
    ...{ mark, before, after, isTight },
    writtenBefore: written.slice(begin, begin + before.length),
    writtenAfter: written.slice(at, at + after.length),
  }
  const span = shortestSpan(sides, { ...days, dayFirst: orderOf(before, after) ?? days.dayFirst })
  if (!span) return null
  const { first, last } = span
  const ended = at + last.to
  return {
    from: begin + first.from,
    to: ended + (/^(?:为止|期间)/.exec(text.slice(ended))?.[0].length ?? 0),
    start: first.day,
    due: last.day,
    isTimed: first.isTimed || last.isTimed,
  }
}
/** 12/30-1/2: one of both can be read one way only, and so is the other; null where that does not tell. */
function orderOf(before: string, after: string): boolean | null {
  const ends = [/(\d{1,2})\/(\d{1,2})$/.exec(before), /^(\d{1,2})\/(\d{1,2})/.exec(after)]
  if (ends.includes(null)) return null
  const isOver = (place: 1 | 2) => ends.some((end) => Number(end?.[place]) > 12)
  return isOver(1) === isOver(2) ? null : isOver(1)
}

/** "Move the call from Friday to Monday" tells of two days, and not of those between. */
const MOVED = /(?<!\w)(?:mov|postpon|reschedul|shift|push|delay|switch|chang|bring|brought)/

/** Without a year, or of bare weekdays, several spans may be meant: the shortest that is not over, and of those the nearest. */
function shortestSpan(sides: Sides, days: Reading): { first: FoundDay; last: FoundDay } | null {
  const { today } = days
  const next = firstDay(sides, days, today)
  if (!next) return null
  const dues = lastDays(sides, next, days, today)
  // It may have been begun, and be due in a year that is said.
  const sinces = [nearestSince(today), today, ...dues.map(({ day }) => addDays(day, -364))]
  const spans = sinces.flatMap((since) => {
    const first = firstDay(sides, days, since)
    if (!first) return []
    const from = first.day > today ? first.day : today
    return lastDays(sides, first, days, from)
      .filter((last) => isSpan(first.day, last.day, today, sides.after.slice(0, last.to)))
      .map((last) => ({ first, last }))
  })
  const length = ({ first, last }: (typeof spans)[number]) => daysBetween(first.day, last.day)
  return spans.sort((a, b) => length(a) - length(b))[0] ?? null
}
/** Over the turn of a year it has its year said, or is no longer than half of one: Dec 30 ~ Jan 2, but not Dec 8 ~ Dec 4. */
function isSpan(start: Day, due: Day, today: Day, words: string): boolean {
  if (start > due) return false
  if (/\d{4}|年/.test(words)) return true
  return due >= today && (start.slice(0, 4) === due.slice(0, 4) || start >= nearestSince(due))
}

/** The day that ends right before. */
function firstDay(sides: Sides, days: Reading, since: Day): FoundDay | null {
  const { before, writtenBefore } = sides
  const missing = leftOut(sides, days.today)
  const lead = /(?:(?<!\w)from\s+|[从自]\s*)(?!.*(?:from\s|[从自]))/s.exec(before)
  const read = (begin: number) => {
    const text = before.slice(begin) + missing
    const found = findDays(text, days.today, writtenBefore.slice(begin) + missing, since, days.dayFirst).at(-1)
    return found && isRead(found, text) ? found : null
  }
  if (lead && !COUNTED.test(before.slice(0, lead.index))) {
    const found = read(lead.index + lead[0].length)
    if (found?.from === 0) return { ...found, from: lead.index }
  }
  return read(0)
}
/** All of it, but for a time of day: 明天下午到后天. */
const isRead = ({ to, isTimed }: FoundDay, text: string): boolean =>
  to === text.length || (isTimed && to + timeAt(text.slice(to)) === text.length)
/** "A week from Friday" is one day. */
const COUNTED = /(?:days?|weeks?|fortnights?|months?|years?)\s+$/

/** What the first end has in common with the second, and leaves to it: 12月4-8日, 4~8号, 7–11 December, Mon to Wed next week. */
function leftOut({ before, after, mark, isTight }: Sides, today: Day): string {
  const isNumber = /(?<![\w第.,/#-])\d{1,2}(?:st|nd|rd|th)?$/.test(before)
  const unit = /^\d{1,2}\s*([日号])/.exec(after)?.[1] ?? ''
  if (unit !== '' && /月\s*\d{1,2}$/.test(before)) return unit
  if (NEXT_WEEK.test(after) && WEEKDAY_LAST.test(before)) return ' next week'
  if (!isNumber) return ''
  if (unit === '号') return unit
  // "Chapter 3 - 6 December" is due on the 6th.
  if (!isTight && /[–—-]/.test(mark)) return ''
  const [found] = /^\d{1,2}(?:st|nd|rd|th)?\s+[a-z]/.test(after) ? findDays(after, today) : []
  return found?.from === 0 ? ` ${monthName(found.day)}` : ''
}

const NEXT_WEEK = new RegExp(`^${SOME_WEEKDAY},?\\s+(?:of\\s+)?next week`)
const WEEKDAY_LAST = new RegExp(`(?<!next\\s+)(?<!\\w)${SOME_WEEKDAY}$`)

/** The days that may be meant right after; the first end says what this one leaves out. */
function lastDays(sides: Sides, first: FoundDay, days: Reading, since: Day): FoundDay[] {
  const { after, writtenAfter } = sides
  const read = (words: string, today = days.today, lead = '', cut = 0): FoundDay[] => {
    const written = lead + writtenAfter.slice(cut, cut + words.length)
    const found = findDays(lead + words, today, written, since, days.dayFirst)[0]
    return found?.from === 0 ? [{ ...found, to: found.to + cut - lead.length }] : []
  }
  const whole = read(after)
  const alone = whole.length > 0 ? whole : read(dayWord(sides))
  // 下周一到周三: the Wednesday after that Monday.
  const afterFirst = alone.flatMap(({ to }) => {
    const words = after.slice(0, to)
    return BARE_WEEKDAY.test(words) ? read(words, first.day) : []
  })
  const { lead, cut } = saidBefore(sides, first)
  const completed = lead === '' ? [] : read(after.slice(cut), days.today, lead, cut)
  const all = [...completed, ...alone, ...afterFirst]
  // 5 Dec-6 Dec: the 6 alone is not all of it.
  return all.filter(({ to }) => to === Math.max(...all.map((one) => one.to)))
}
const BARE_WEEKDAY = new RegExp(`^(?:${CHINESE_WEEKDAY}|${SOME_WEEKDAY}$)`)

/** A day that stands alone in a text and needs no room to be one at the end of a span: 12/8, Sun. */
function dayWord({ after, writtenAfter, isTight }: Sides): string {
  const word = DAY_WORD.exec(after)?.[0] ?? ''
  const isOther = OTHER_WORD.test(word) && !isTight && !/^\p{Lu}/u.test(writtenAfter)
  return isOther ? '' : word
}
const DAY_WORD = new RegExp(
  `^(?:\\d{1,2}/\\d{1,2}(?![\\w/%-]|\\.\\d)|${SOME_WEEKDAY}(?![\\w'’-]|\\.\\w|,?\\s*(?:\\d|(?:${MONTHS.join('|')}))))`,
)
const OTHER_WORD = new RegExp(`^(?:${OTHER_WORDS})$`)

/** What the first end said and the second does not: `lead` goes before what follows `cut`. */
function saidBefore({ before, after, isTight }: Sides, first: FoundDay): { lead: string; cut: number } {
  const words = before.slice(first.from)
  const [year, month] = first.day.split('-')
  if (DATE_ALONE.test(after)) return { lead: `${Number(month)}月`, cut: 0 }
  const mark = /\d{4}([-/.])\d{1,2}\1\d{1,2}$/.exec(words)?.[1]
  if (mark && new RegExp(`^\\d{1,2}[${mark}]\\d{1,2}(?!\\d)`).test(after)) return { lead: `${year}${mark}`, cut: 0 }
  const number = ONLY_DATE.exec(after)
  const isDated = mark !== undefined || /[a-z]{3,}\.?\s+\d|\d(?:st|nd|rd|th)?\s+(?:of\s+)?[a-z]{3,}/.test(words)
  // "By Dec 4 - 8 boxes."
  const isCount = number && !isTight && COUNT.test(after.slice(number[0].length))
  if (!number || !isDated || isCount) return { lead: '', cut: 0 }
  return { lead: `${monthName(first.day)} `, cut: number[1]?.length ?? 0 }
}
const DATE_ALONE = new RegExp(`^${CHINESE_DATE}\\s*[日号]`)
const ONLY_DATE =
  /^(the\s+)?\d{1,2}(?:st|nd|rd|th)?(?![\w/%:.-]*\w|\s*(?:[ap]\.?m|[hdwm]|hrs?|hours?|mins?|minutes?|days?|weeks?|months?)(?!\w)|\s*[小个天周分半月点时:：])/
const COUNT = new RegExp(`^${MANY}`)

const monthName = (day: Day): string => MONTHS[Number(day.slice(5, 7)) - 1] ?? ''
