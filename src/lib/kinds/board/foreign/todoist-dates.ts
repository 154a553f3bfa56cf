/** The dates that people write in Todoist: days in words of English and Chinese, and `every` so often. */
import { addDays, type Day, weekdayOf } from '#lib/kernel/instants.ts'
import { readDay } from '../csv-dates.ts'
import type { Repeat } from '../repeat.ts'
import { findDays } from '../quick-dates.ts'
import { isWorkday } from '../workdays.ts'
import type { ForeignReading } from './fields.ts'
import { oneLine } from './texts.ts'

export interface TodoistDate {
  day: Day | null
  repeat: Repeat | null
  /** It comes again in a way that cards do not know: only the day is taken. */
  unknownRepeat: boolean
  /** It comes again until some day: cards do so until somebody stops them. */
  ends: boolean
  time: boolean
}

const WEEKDAYS: Readonly<Record<string, number>> = {
  ...{ sun: 0, mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6 },
  ...{ 日: 0, 天: 0, 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6 },
}
const WEEKDAY = /\b(sun|mon|tue|wed|thu|fri|sat)(?:s|r|rs|nes|ur)?(?:days?)?\b|(?:周|星期|礼拜)([日天一二三四五六])/
const TIME =
  /(?:\bat )?\b\d{1,2}(?::\d{2}) ?(?:am|pm)?\b|(?:\bat )?\b\d{1,2} ?(?:am|pm)\b|\bat \d{1,2}\b|(?:上午|下午|晚上|早上)? ?\d{1,2}[:点]\d{0,2}分?/

const REPEATS: readonly [RegExp, Repeat][] = [
  [/^(?:(?:work|week) ?days?|个?工作日)$/, 'workdays'],
  [/^(?:other|2|two|second) weeks?$|^(?:两|2|隔)个?(?:周|星期)$/, 'fortnightly'],
  [/^(?:3|three) months?$|^quarter$|^(?:三|3)个月$|^个?季度$/, 'quarterly'],
  [/^(?:12 months?|years?)$|^年$/, 'yearly'],
  [/^(?:1 |one )?(?:days?|morning|afternoon|evening|night)$|^[天日](?:早上|上午|下午|晚上)?$/, 'daily'],
  [/^(?:1 |one )?weeks?$|^个?(?:周|星期|礼拜)$/, 'weekly'],
  [/^(?:1 |one )?months?$|^个?月$/, 'monthly'],
]

export function readTodoistDate(cell: string, reading: ForeignReading): TodoistDate {
  const { today } = reading
  let text = oneLine(cell.slice(0, 200)).normalize('NFKC').toLowerCase()
  const none: TodoistDate = { day: null, repeat: null, unknownRepeat: false, ends: false, time: false }
  if (text === '') return none
  const whole = dayOf(text, reading)
  if (whole.day !== null) return { ...none, ...whole }
  const time = TIME.test(text)
  text = oneLine(text.replace(TIME, ' '))
  const again = /^(?:every!?|ev!?|daily|weekly|monthly|quarterly|yearly|每隔|每)/.exec(text)
  if (!again) return { ...none, ...dayOf(text, reading), time }

  const ends = /\b(?:until|ending|for)\b|直到/.test(text)
  // `every! 3 days starting 1 Dec until 1 Mar`: how often, and the first day.
  const start = /(?:starting|from|从) ?(.+?)(?: (?:until|ending|to|for) |开始|$)/.exec(text)
  const first = start ? dayOf(oneLine(start[1] ?? ''), reading).day : null
  const often = oneLine(
    text
      .replace(/(?:starting|from|until|ending|for|从|直到).*$/, '')
      .replace(/^(?:every!?|ev!?|每)/, '')
      .replace(/^daily$/, 'day')
      .replace(/^(week|month|quarter|year)ly$/, '$1'),
  )
  const named = REPEATS.find(([pattern]) => pattern.test(often))?.[1]
  if (named)
    return { ...none, day: first ?? (named === 'workdays' ? nextWorkday(today) : today), repeat: named, ends, time }
  const weekday = WEEKDAY.exec(often)
  const rest = oneLine(often.replace(WEEKDAY, ' '))
  if (weekday) {
    const day = first ?? nextWeekday(today, WEEKDAYS[weekday[1] ?? weekday[2] ?? ''] ?? 1)
    const repeat = rest === '' ? 'weekly' : /^(?:other|2)$/.test(rest) ? 'fortnightly' : null
    return { day, repeat, unknownRepeat: repeat === null, ends, time }
  }
  const inMonth =
    /^(?:months? (?:on )?)?(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: day)?(?: of (?:the|each|every) month)?$|^个?月 ?(?:的 ?)?(\d{1,2}) ?[日号]$/.exec(
      often,
    )
  if (inMonth) {
    const day = first ?? nextOfMonth(today, Number(inMonth[1] ?? inMonth[2]))
    if (day !== null) return { ...none, day, repeat: 'monthly', ends, time }
  }
  const yearly = dateOf(often, reading)?.day ?? null
  if (yearly !== null) return { ...none, day: first ?? yearly, repeat: 'yearly', ends, time }
  return { day: first ?? today, repeat: null, unknownRepeat: true, ends, time }
}

function dayOf(text: string, reading: ForeignReading): { day: Day | null; time: boolean } {
  const { today } = reading
  const date = dateOf(text, reading)
  if (date) return date
  const inDays = /^(?:in |\+)?(\d{1,3}) ?(?:(days?|d|天)|(weeks?|w|周|个?星期))(?:后|from now)?$/.exec(text)
  if (inDays) return { day: addDays(today, Number(inDays[1]) * (inDays[3] ? 7 : 1)), time: false }
  if (/^(?:tod|tom)$/.test(text)) return { day: addDays(today, text === 'tom' ? 1 : 0), time: false }
  return { day: null, time: false }
}

function dateOf(text: string, { today, utcOffset }: ForeignReading): { day: Day; time: boolean } | null {
  // The words of quick add, where they are all that is said: a date without a year is the next such day, as in Todoist.
  const [found, more] = findDays(text, today)
  if (found && !more && oneLine(text.slice(0, found.from) + text.slice(found.to)) === '')
    return { day: found.day, time: found.isTimed }
  return readDay(text, { order: 'month-first', today, utcOffset })
}

/** The next such day, today included for none: "Monday" said on a Monday is the one to come. */
function nextWeekday(today: Day, weekday: number): Day {
  return addDays(today, ((weekday - weekdayOf(today) + 6) % 7) + 1)
}

function nextWorkday(today: Day): Day {
  let day = today
  for (let tries = 0; tries < 30 && !isWorkday(day); tries++) day = addDays(day, 1)
  return day
}

function nextOfMonth(today: Day, date: number): Day | null {
  if (date < 1 || date > 31) return null
  for (let days = 0; days < 62; days++) {
    const day = addDays(today, days)
    if (Number(day.slice(8)) === date) return day
  }
  return null
}
