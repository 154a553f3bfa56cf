/**
 * Days as people write them in passing, in Chinese and English: 明天, 下周五, 12月4日, next Friday, in 3 days. "Next Friday" and
 * 下周五 are the Friday of the coming week, a bare weekday and a day and a month without a year are the next such day, which may be
 * today. Where words may as well be a part of a name, or two of them contradict each other, nothing is understood: a due date
 * is quickly given, a title that lost a word is not noticed.
 */
import { addDays, type Day } from '../../kernel/instants.ts'
import { agreed, onDate, type DayRule, type Groups } from './day-words/calendar.ts'
import {
  CHINESE_WEEKDAY,
  chinese,
  chineseBegins,
  chineseLead,
  chineseTime,
  chineseTimeBefore,
} from './day-words/chinese.ts'
import {
  begins,
  countedFrom,
  DATED_WEEKDAY,
  english,
  englishLead,
  englishTime,
  englishTimeBefore,
  MONTHS,
  SOME_WEEKDAY,
  weekdayIn,
} from './day-words/english.ts'

export interface FoundDay {
  from: number
  to: number
  day: Day
  /** A time of day is part of it: 今天下午, "tomorrow at 3pm". It has no other place than the title. */
  isTimed: boolean
}

const TIME_NEXT = [englishTime, chineseTime].map(({ source }) => source.slice(1)).join('|')
const SLASHED = '(?<left>\\d{1,2})/(?<right>\\d{1,2})'
const numeric: readonly DayRule[] = [
  {
    pattern:
      /(?<![\w./-])(?:(?:due|by|on|until|before|for)\s+)?(?<year>\d{4})(?<mark>[-/.])(?<month>\d{1,2})\k<mark>(?<date>\d{1,2})(?![\w/-]|\.\d)(?:之前|以前|前(?!台|端|期|后)|截止)?/g,
    day: ({ year, month, date }, today) => onDate(today, Number(month), Number(date), Number(year)),
  },
  {
    // A fraction has no such place: 12/4 stands at the end, or before a time of day; not after "part".
    pattern: new RegExp(
      `(?:(?<![\\w@#./-])(?:due|by|on|until|before|for)\\s+|(?<=^|[\\s,，;；])(?<!(?:part|step|page|chapter|phase|round|section|slide|sheet|episode|volume|batch)\\s+))(?<one>\\d{1,2})/(?<two>\\d{1,2})(?![\\w/%-]|\\.\\d)(?:之前|以前|前(?!台|端|期|后)|截止|(?=\\s*(?:$|[,，;；#@~!！。])|${TIME_NEXT}))`,
      'g',
    ),
    day: ({ one, two }, _, since) => onSlashed(Number(one), Number(two), since),
  },
  // With its weekday it stands anywhere: 11/27 Fri, Fri 11/27.
  ...[`${SLASHED},?\\s+(?:\\(${DATED_WEEKDAY}\\)|${DATED_WEEKDAY})`, `${DATED_WEEKDAY},?\\s+${SLASHED}`].map(
    (pattern): DayRule => ({
      pattern: new RegExp(
        `(?<=^|[\\s,，;；])(?:(?:due|by|on|until|before|for)\\s+)?(?:${pattern})(?![\\w/%'’-]|\\.\\d)`,
        'g',
      ),
      day: onSlashedWeekday,
    }),
  ),
  {
    // Pages, rooms and results look like that: 12-4 needs its 前 or "by", or the month of two figures and the end of the text.
    pattern:
      /(?:(?<![\w@#./-])(?:(?:due|by|on|until|before)\s+|截止\s*)(?<one>\d{1,2})-(?<two>\d{1,2})|(?<=^|[\s,，;；\p{Script=Han}])(?<!第)(?:(?<one>\d{1,2})-(?<two>\d{1,2})(?:之前|以前|前(?!台|端|期|后|的)|截止)|(?<=\p{Script=Han}\s+)(?<one>0[1-9]|1[0-2])-(?<two>\d{1,2})(?=\s*(?:$|[,，;；#@~!！。]))))(?![\w/%-]|\.\d)/gu,
    day: ({ one, two }, _, since) => onSlashed(Number(one), Number(two), since),
  },
]
/** 12/14 is the 14th of December and so is 14/12; which of 12/4 and 4/12 is meant, Chinese says or the region of the person. */
function onSlashed(one: number, two: number, since: Day): Day | null {
  if (one === 24 && two === 7) return null
  return one > 12 ? onDate(since, two, one) : onDate(since, one, two)
}
/** Its weekday says which of 12/4 and 4/12 is meant. */
function onSlashedWeekday({ left, right, ...groups }: Groups, _: Day, since: Day): Day | null | undefined {
  const [one, two] = [Number(left), Number(right)]
  if (!onSlashed(one, two, since)) return undefined
  const weekday = weekdayIn(groups)
  return agreed(onDate(since, one, two), weekday) ?? agreed(onDate(since, two, one), weekday)
}

const rules = [...english, ...numeric, ...chinese]

/**
 * All days in the text, in their order, none within another. `text` is what was `written` in lower case and half-width forms.
 * Without a year, days from `since` on are meant. `dayFirst` says how the person writes them in figures, where that is known.
 */
export function findDays(
  text: string,
  today: Day,
  written = text,
  since = today,
  dayFirst: boolean | null = null,
): FoundDay[] {
  const isChinese = /\p{Script=Han}/u.test(text)
  const candidates = rules.flatMap(({ pattern, day, unlessName }) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const [words] = match
      const groups: Groups = match.groups ?? {}
      const { one, two } = groups
      const isOfTwo = !isChinese && one !== undefined && Number(one) <= 12 && Number(two) <= 12
      const isAmbiguous = isOfTwo && dayFirst === null && one !== two
      const to = match.index + words.length
      const before = text.slice(0, match.index)
      const isTimed =
        /(?:tonight|morning|afternoon|evening|[早晚])$/.test(words) ||
        timeAt(text.slice(to)) > 0 ||
        isTimeBefore(before)
      const isCountedFrom = countedFrom.test(before + (/^before\s+/.exec(words)?.[0] ?? ''))
      const isBegin =
        begins.test(before + (/^(?:on|at|from)\s+/.exec(words)?.[0] ?? '')) ||
        (!/[前内止]$/.test(words) && chineseBegins.test(text.slice(to)))
      const isEnd = isOfSpan(before, text.slice(to))
      const isNone =
        isAmbiguous || isEnd || isCountedFrom || isBegin || (unlessName && /^\s+\p{Lu}/u.test(written.slice(to)))
      const named = isNone ? null : day(isOfTwo && dayFirst ? { ...groups, one: two, two: one } : groups, today, since)
      return named === undefined ? [] : [{ from: match.index, to, day: named, isTimed }]
    }),
  )
  // The longest way to read a place: Saturday, December 5 is no Saturday, and 上周五 is none at all.
  candidates.sort((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from)
  const taken: { from: number; to: number }[] = []
  const found: FoundDay[] = []
  for (const { day, ...place } of candidates) {
    if (taken.some((other) => place.from < other.to && other.from < place.to)) continue
    taken.push(place)
    if (day) found.push({ ...place, from: place.from - leadBefore(text.slice(0, place.from)), day })
  }
  return found.sort((a, b) => a.from - b.from)
}

const SPAN = '(?:[~〜–—]|\\.{2,})'
const WEEKDAY_WORD = `${CHINESE_WEEKDAY}|(?<!\\p{L})${SOME_WEEKDAY}(?!\\p{L})`
const DATE_WORD = `\\d(?:日|号(?!楼|会|厅|线|机|门|馆|店|仓|库|车))|(?<!\\p{L})(?:${MONTHS.join('|')})[a-z]*\\.?\\s+\\d{1,2}(?:st|nd|rd|th)?`
const DAY_WORD = `(?:[今明后]天|${WEEKDAY_WORD}|${DATE_WORD})`
const DAY_WORD_AT = `(?:[今明后]天|${WEEKDAY_WORD}|\\d{1,2}月|${DATE_WORD})`
/** 12/4 ~ 12/8, Dec 4 - Dec 8: a hyphen and 到 stand between other things as well, so that they take days in words. */
const SPAN_BEFORE = new RegExp(`(?:(?:\\d|${DAY_WORD})\\s*${SPAN}|${DAY_WORD}\\s*[-至到])\\s*$`, 'u')
const SPAN_AFTER = new RegExp(`^\\s*(?:${SPAN}\\s*(?:\\d|${DAY_WORD_AT})|[-至到]\\s*${DAY_WORD_AT})`, 'u')
/** One end of a span of days: which of the two is meant is not said. */
const isOfSpan = (before: string, after: string): boolean => SPAN_BEFORE.test(before) || SPAN_AFTER.test(after)

const leadBefore = (before: string): number => (englishLead.exec(before) ?? chineseLead.exec(before))?.[0].length ?? 0
const isTimeBefore = (before: string): boolean => englishTimeBefore.test(before) || chineseTimeBefore.test(before)
/** How much of it is a time of day. */
export const timeAt = (rest: string): number => (englishTime.exec(rest) ?? chineseTime.exec(rest))?.[0].length ?? 0

/** 5 Jan 27, Jan 5, 27: in a field for a date the last one is a year. */
const SHORT_YEAR = /^((?:\d{1,2}\s+[a-z]{3,9}\.?|[a-z]{3,9}\.?\s+\d{1,2}),?\s+)'?(\d{2})$/
/** 下周5: in a title it may as well be five of something. */
const WEEKDAY_IN_FIGURES = /(周|星期|礼拜)([1-7])(?!\d)/g
/** Of what is gone by a title tells more often than it means a date. */
const PAST: ReadonlyMap<string, number> = new Map(
  Object.entries({ yesterday: 1, 昨天: 1, 昨日: 1, 前天: 2, 前日: 2, 大前天: 3 }),
)
const FIGURES = '〇一二三四五六七八九'
const YEAR_IN_WORDS = /[零〇一二三四五六七八九]{4}(?=年)/
/** The day that a text names, as somebody writes it into a field for a date. Null also where it says more than one day. */
export function dayIn(text: string, today: Day, since = today, dayFirst: boolean | null = null): Day | null {
  const found = oneDayIn(text, today, since, dayFirst)
  return found && (found.isTimed || !/[\p{L}\p{N}]/u.test(found.rest)) ? found.day : null
}

/** The only day that a text names, and what else it says. */
export function oneDayIn(
  text: string,
  today: Day,
  since: Day,
  dayFirst: boolean | null,
): { day: Day; isTimed: boolean; rest: string } | null {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .trim()
    .replace(SHORT_YEAR, '$120$2')
    .replaceAll(
      WEEKDAY_IN_FIGURES,
      (_, week: string, day: string) => `${week}${'一二三四五六日'.charAt(Number(day) - 1)}`,
    )
    .replace(YEAR_IN_WORDS, (year) => [...year.replaceAll('零', '〇')].map((one) => FIGURES.indexOf(one)).join(''))
  const past = PAST.get(plain)
  if (past !== undefined) return { day: addDays(today, -past), isTimed: false, rest: '' }
  const [found, ...others] = findDays(plain, today, plain, since, dayFirst)
  if (!found || others.length > 0) return null
  const { day, isTimed, from, to } = found
  return { day, isTimed, rest: plain.slice(0, from) + plain.slice(to) }
}
