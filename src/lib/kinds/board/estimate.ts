/** Hours of work as people write them: "2d", "1.5h", "90m", "1 天 4 小时", or a bare number of hours. */
import { chineseNumberPattern, numberIn } from './chinese-number.ts'
import { MOST_HOURS } from './schema.ts'

const HOURS_PER_DAY = 8
const DAYS_PER_WEEK = 5

const units: readonly { words: readonly string[]; hours: number }[] = [
  { words: ['w', 'wk', 'wks', 'week', 'weeks', '周', '星期'], hours: HOURS_PER_DAY * DAYS_PER_WEEK },
  { words: ['d', 'day', 'days', '天', '日', '人天', '工作日'], hours: HOURS_PER_DAY },
  { words: ['h', 'hr', 'hrs', 'hour', 'hours', '小时', '时', '钟头', '工时'], hours: 1 },
  { words: ['m', 'min', 'mins', 'minute', 'minutes', '分', '分钟'], hours: 1 / 60 },
]
const hoursByUnit = new Map(units.flatMap(({ words, hours }) => words.map((word) => [word, hours] as const)))

/** Null for what is no amount of work. A day has 8 hours, a week 5 days; a bare number counts hours. */
export function parseHours(text: string): number | null {
  const said = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[个\s]+/g, '')
    .replaceAll(new RegExp(chineseNumberPattern, 'g'), (number) => String(numberIn(number)))
    // 一天半, and 一个半小时.
    .replace(/^(\d+)([^\d半]+)半$/, '$1.5$2')
    .replaceAll('半', '.5')
  if (!/^(?:\d*[.,]?\d+[a-z\p{Script=Han}]*)+$/u.test(said)) return null
  // 1,200 is more than a thousand to some and one and a fifth to others.
  if (/[1-9]\d*,\d{3}(?!\d)/.test(said)) return null
  let sum = 0
  for (const [, amount = '', unit = ''] of said.matchAll(/(\d*[.,]?\d+)([a-z\p{Script=Han}]*)/gu)) {
    // "1 天 4": only a number that stands alone may go without its unit.
    const hours = unit === '' && amount === said ? 1 : hoursByUnit.get(unit)
    if (hours === undefined) return null
    sum += Number(amount.replace(',', '.')) * hours
  }
  const rounded = Math.round(sum * 100) / 100
  return rounded <= MOST_HOURS ? rounded : null
}

/** Working days of that many hours, where it comes to a day at least. */
export const hoursToDays = (hours: number): number | null =>
  hours >= HOURS_PER_DAY ? Math.round((hours / HOURS_PER_DAY) * 10) / 10 : null
