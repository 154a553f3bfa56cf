/**
 * Days as people write them in passing, in Chinese and English: 明天, 下周五, 12月4日, 月底, 三天后, next Friday, in 3 days,
 * Dec 4, end of month. Weeks begin on Monday: "next Friday" and 下周五 are the Friday of the coming week, a bare weekday
 * is the next one after today. A day and a month without a year are the next such day.
 */
import { addDays, isDay, type Day, weekdayOf } from '../../kernel/instants.ts'
import { parseDate } from '@internationalized/date'
import { addWorkdays, nextHoliday, workdayBefore } from './workdays.ts'

export interface FoundDay {
  from: number
  to: number
  day: Day
}

type Rule = readonly [pattern: string, day: (groups: Record<string, string | undefined>, today: Day) => Day | null]

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH =
  '(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?'
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const WEEKDAY =
  '(?<weekday>mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)'
const DATE = '(?<date>\\d{1,2})(?:st|nd|rd|th)?'
const COUNT = '(?<count>\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten)'
const COUNTED = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const 数 = '(?<count>\\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九半])'
const 周 = '(?:周|星期|礼拜)'

const HOLIDAYS = [
  ['元旦', '元旦节?', "new year'?s?(?: day)?"],
  ['春节', '春节|过年', 'spring festival|chinese new year'],
  ['清明', '清明节?', '(?:qingming|tomb-sweeping)(?: festival| day)?'],
  ['劳动节', '劳动节|五一', 'labou?r day'],
  ['端午', '端午节?', 'dragon boat festival'],
  ['中秋', '中秋节?', 'mid-autumn(?: festival)?'],
  ['国庆节', '国庆节?|十一', 'national day'],
] as const
const ofHoliday = (name: string, end: 'before' | 'after', today: Day): Day | null => {
  const holiday = nextHoliday(name, today)
  return holiday && (end === 'after' ? addWorkdays(holiday.last, 1) : workdayBefore(holiday.first))
}

const english: readonly Rule[] = [
  ...HOLIDAYS.flatMap(([name, , words]): Rule[] => [
    [
      `(?:the )?first (?:workday|working day|business day) after (?:the )?(?:${words})`,
      (_, today) => ofHoliday(name, 'after', today),
    ],
    [
      `(?:the )?last (?:workday|working day|business day) before (?:the )?(?:${words})`,
      (_, today) => ofHoliday(name, 'before', today),
    ],
  ]),
  ['the day after tomorrow|day after tomorrow', (_, today) => addDays(today, 2)],
  ['today|tonight', (_, today) => today],
  ['tomorrow|tmrw?|tmw', (_, today) => addDays(today, 1)],
  ['(?:the )?next (?:workday|working day|business day)', (_, today) => addWorkdays(today, 1)],
  [
    `in ${COUNT} (?<unit>workdays?|working days?|business days?|days?|weeks?|months?)`,
    ({ count, unit }, today) => later(today, numberIn(count), unit ?? ''),
  ],
  [
    '(?:the )?end of (?<next>next |the |this )?month|eom',
    ({ next }, today) => endOfMonth(today, next === 'next ' ? 1 : 0),
  ],
  ['(?:the )?end of (?:the |this )?year|eoy', (_, today) => `${today.slice(0, 4)}-12-31` as Day],
  [
    `(?<which>next |this )?${WEEKDAY}`,
    ({ which, weekday }, today) => onWeekday(today, WEEKDAYS.indexOf(weekday?.slice(0, 3) ?? ''), which?.trim() ?? ''),
  ],
  [`${MONTH} ${DATE}(?:,? (?<year>\\d{4}))?`, (groups, today) => englishDate(groups, today)],
  [`(?:the )?${DATE} (?:of )?${MONTH}(?:,? (?<year>\\d{4}))?`, (groups, today) => englishDate(groups, today)],
]
const numeric: Rule = [
  '(?<year>\\d{4})(?<mark>[-/.])(?<month>\\d{1,2})\\k<mark>(?<date>\\d{1,2})',
  ({ year, month, date }, today) => onDate(today, Number(month), Number(date), year),
]
const chinese: readonly Rule[] = [
  ...HOLIDAYS.flatMap(([name, words]): Rule[] => [
    [
      `(?:${words})(?:假期|放假)?(?:之后|以后|后)的?(?:第一|首)个?工作日`,
      (_, today) => ofHoliday(name, 'after', today),
    ],
    [`(?:${words})(?:假期|放假)?(?:之前|以前|前)的?最后一?个?工作日`, (_, today) => ofHoliday(name, 'before', today)],
  ]),
  ['大后天', (_, today) => addDays(today, 3)],
  ['后天|後天', (_, today) => addDays(today, 2)],
  ['明天|明日|明早|明晚', (_, today) => addDays(today, 1)],
  ['今天|今日|今晚', (_, today) => today],
  ['下一?个?工作日', (_, today) => addWorkdays(today, 1)],
  [
    `${数}\\s*个?\\s*(?<unit>工作日|天|日|周|星期|礼拜|月)(?:之后|以后|后)`,
    ({ count, unit }, today) => later(today, numberIn(count), unit ?? ''),
  ],
  ['(?<next>下个?)?(?:本|这个?|当)?月(?:底|末)', ({ next }, today) => endOfMonth(today, next ? 1 : 0)],
  ['(?:今|本)?年(?:底|末)', (_, today) => `${today.slice(0, 4)}-12-31` as Day],
  [
    `(?<which>下下|下|本|这)?(?:一|个)?${周}(?<weekday>[一二三四五六日天])`,
    ({ which, weekday }, today) =>
      onWeekday(today, '一二三四五六日'.indexOf(weekday === '天' ? '日' : (weekday ?? '')), which ?? ''),
  ],
  [
    '(?:(?<year>\\d{4})\\s*年\\s*)?(?<month>\\d{1,2})\\s*月\\s*(?<date>\\d{1,2})\\s*[日号]',
    ({ year, month, date }, today) => onDate(today, Number(month), Number(date), year),
  ],
]

const spaced = (pattern: string) => pattern.replaceAll(' ', '\\s+').replaceAll('?\\s+', '?\\s*')
/** A word of the Latin alphabet ends where another character begins, be it a Chinese one. */
const rules = [
  ...english.map(
    ([pattern, day]) =>
      [new RegExp(`(?<![\\w-])(?:(?:due|by|on|until|before)\\s+)?(?:${words(pattern)})(?![\\w-])`, 'gi'), day] as const,
  ),
  [
    new RegExp(`(?<![\\w./-])(?:(?:due|by|on|until|before)\\s+)?(?:${numeric[0]})(?![\\w./-])`, 'gi'),
    numeric[1],
  ] as const,
  ...chinese.map(([pattern, day]) => [new RegExp(`(?<!\\d)(?:${pattern})(?:之前|以前|前|截止)?`, 'g'), day] as const),
]
function words(pattern: string): string {
  return spaced(pattern)
}

/** All days in the text, in their order, none within another. `text` is in lower case and half-width forms. */
export function findDays(text: string, today: Day): FoundDay[] {
  const found: FoundDay[] = []
  for (const [pattern, dayOf] of rules) {
    for (const match of text.matchAll(pattern)) {
      const from = match.index
      const to = from + match[0].length
      const day = dayOf(match.groups ?? {}, today)
      if (day && !found.some((other) => from < other.to && other.from < to)) found.push({ from, to, day })
    }
  }
  return found.sort((a, b) => a.from - b.from)
}

/** The day that a text names, as somebody writes it into a field for a date. */
export function dayIn(text: string, today: Day): Day | null {
  return findDays(text.normalize('NFKC').toLowerCase().trim(), today)[0]?.day ?? null
}

function numberIn(text = ''): number {
  if (/^\d+$/.test(text)) return Number(text)
  if (text === 'a' || text === 'an') return 1
  if (COUNTED.includes(text)) return COUNTED.indexOf(text)
  const digit = (letter: string | undefined) =>
    letter ? Math.max('〇一二三四五六七八九'.indexOf(letter), letter === '两' ? 2 : 0) : 0
  const ten = text.indexOf('十')
  return ten < 0 ? digit(text) : (ten === 0 ? 1 : digit(text[0])) * 10 + digit(text[ten + 1])
}

function later(today: Day, count: number, unit: string): Day | null {
  if (count === 0) return null
  if (/^work|^busi|工作/.test(unit)) return addWorkdays(today, count)
  if (/^day|天|日/.test(unit)) return addDays(today, count)
  if (/^week|周|星期|礼拜/.test(unit)) return addDays(today, count * 7)
  return parseDate(today).add({ months: count }).toString() as Day
}

function endOfMonth(today: Day, later: number): Day {
  return parseDate(today)
    .set({ day: 1 })
    .add({ months: later + 1 })
    .subtract({ days: 1 })
    .toString() as Day
}

function onWeekday(today: Day, weekday: number, which: string): Day | null {
  if (weekday < 0) return null
  // Weeks begin on Monday, the 0 of `weekday`.
  const ahead = weekday - ((weekdayOf(today) + 6) % 7)
  if (which === 'next' || which === '下') return addDays(today, ahead + 7)
  if (which === '下下') return addDays(today, ahead + 14)
  if (which === 'this' || which === '本' || which === '这') return addDays(today, ahead)
  return addDays(today, ahead > 0 ? ahead : ahead + 7)
}

function englishDate({ month, date, year }: Record<string, string | undefined>, today: Day): Day | null {
  return onDate(today, MONTHS.indexOf(month?.slice(0, 3) ?? '') + 1, Number(date), year)
}

function onDate(today: Day, month: number, date: number, year: string | undefined): Day | null {
  const two = (n: number) => String(n).padStart(2, '0')
  const inYear = (y: number) => `${y}-${two(month)}-${two(date)}`
  if (year !== undefined) {
    const day = inYear(Number(year))
    return isDay(day) ? day : null
  }
  // The 29th of February may be years ahead.
  for (let ahead = 0; ahead <= 8; ahead++) {
    const day = inYear(Number(today.slice(0, 4)) + ahead)
    if (isDay(day) && day >= today) return day
  }
  return null
}
