/** Days in English: tomorrow, next Friday, Sat 5 Dec, in 3 days, a week from Friday, end of month. */
import { addDays, type Day } from '../../../kernel/instants.ts'
import {
  agreed,
  agreedInMonth,
  besideHoliday,
  CHRISTMAS_EVE,
  comingWeekday,
  festival,
  firstOfMonth,
  inWeek,
  LANTERNS,
  lastOfMonth,
  later,
  NEW_YEAR,
  NEW_YEARS_EVE,
  nextWeekday,
  onDate,
  onDateOfSomeMonth,
  thisWeekday,
  weekend,
  type DayRule,
  type Groups,
} from './calendar.ts'

export const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH =
  '(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const AFTER_MONTH = '(?:\\.\\s*|\\s+)'
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const FULL = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday'
const SHORT = 'mon|tues?|thu(?:rs?)?|fri'
/** Short forms that are words of their own as well. */
export const OTHER_WORDS = 'wed|sat|sun'
/** "Fri. delivery" is a title: a point after a short form ends the text or has a number after it. */
const POINT = '(?:\\.(?=\\s*(?:$|\\d))|(?!\\.\\s*[^\\s\\d]))'
const WEEKDAY = `(?<weekday>${FULL}|(?:${SHORT}|${OTHER_WORDS})${POINT})`
/** Beside a date. */
export const DATED_WEEKDAY = `(?<weekday>${FULL}|(?:${SHORT}|${OTHER_WORDS})\\.?)`
export const SOME_WEEKDAY = `(?:${FULL}|(?:${SHORT}|${OTHER_WORDS})\\.?)`
const DATE = '(?<date>\\d{1,2})(?:st|nd|rd|th)?'
const ORDINAL = '(?<date>\\d{1,2})(?:st|nd|rd|th)'
const KINGS = 'henry|louis|edward|george|charles|william|james|richard|philip'
const NO_TIME = "(?!\\s*(?:am|pm|a\\.m|p\\.m|h|hrs?|min|noon|midnight|sharp|in\\s+the|o['’]clock)(?!\\w))"
const YEAR = '(?:,? (?<year>\\d{4})|(?<nextyear>,? next year))?'
const COUNTED = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const COUNT = '(?<count>\\d{1,3}|an?|a couple of|one|two|three|four|five|six|seven|eight|nine|ten)'
const UNIT = '(?<unit>workdays?|working days?|business days?|days?|weeks?|fortnights?|months?)'
const WORKDAY = '(?:workday|working day|business day)'

const DAY_END = '(?:eod|(?:the )?end of (?:the )?(?:(?:working |business )?day|workday)|(?:the )?close of business)'
/** Alone they are other words as well. */
const WORK_END = '(?:cob|eob|(?:the )?end of work)'

const HOLIDAYS = [
  ['元旦', "new year['’]?s?(?: day)?(?! eve)"],
  ['春节', "spring festival|(?:chinese|lunar) new year(?!['’]s eve)"],
  ['清明', '(?:qingming|tomb-sweeping)(?: festival| day)?'],
  ['劳动节', 'labou?r day'],
  ['端午', 'dragon boat festival'],
  ['中秋', 'mid-autumn(?: festival)?'],
  ['国庆节', 'national day'],
  ['圣诞节', '(?:christmas|xmas)(?: day)?(?! eve)'],
] as const
/** By its name a day, and seldom what something is about. */
const FESTIVE_DAYS = [
  ['(?:christmas|xmas) eve', CHRISTMAS_EVE],
  ['(?:christmas|xmas) day', festival('圣诞节')],
  ["new year['’]s eve", (_, today) => onDate(today, 12, 31)],
  ["new year['’]s day", festival('元旦')],
  ["(?:chinese|lunar) new year['’]s eve", NEW_YEARS_EVE],
  ["(?:chinese|lunar) new year['’]s day", NEW_YEAR],
] satisfies [string, DayRule['day']][]
const FESTIVALS = [
  ['christmas|xmas', festival('圣诞节')],
  ['(?:chinese|lunar) new year|spring festival', NEW_YEAR],
  ['lantern festival', LANTERNS],
  ['qingming(?: festival)?|tomb-sweeping (?:festival|day)', festival('清明')],
  ['labou?r day', festival('劳动节')],
  ['dragon boat festival', festival('端午')],
  ['(?:mid-autumn|moon) festival', festival('中秋')],
  ['national day', festival('国庆节')],
] satisfies [string, DayRule['day']][]
/** An article on Christmas is about it. */
const ABOUT =
  'articles?|essays?|reports?|posts?|blogs?|talks?|texts?|pieces?|presentations?|slides|lectures?|lessons?|books?|films?|videos?|pages?|story|stories|' +
  'notes|research|surveys?|workshops?|seminars?|work|focus|decide|agree|vote|based|read|write|speak|comment|sale|discounts?|offers?'
/** Before the name of a festival: it is what the card is about. */
const NOT_FESTIVE =
  '(?<!(?:happy|merry|celebrate|celebrating|enjoy|for|over|during|around|in|with|like|on|at|before)\\s+)'

const TIME =
  "(?:at )?(?:(?:early|late) )?(?:morning|afternoon|evening|night|noon|midnight|\\d{1,2}(?::\\d\\d)?\\s*(?:am|pm|a\\.m|p\\.m|o['’]clock)|\\d{1,2}:\\d\\d)\\b"
/** What a number counts; a time of day, a month and a priority are no things. */
const THINGS = `\\s+(?<things>(?!(?:${spaced(TIME)}|${MONTHS.join('|')}|p[0-3](?!\\w)))[a-z\\u00c0-\\u024f\\u4e00-\\u9fff]+)`
/** The same of more than one thing: 4 boxes, 45 people, but "14 report". */
export const MANY = `${THINGS}(?<=[^sui]s|people|children|[^a-z]|men)(?![a-z\\u00c0-\\u024f\\u4e00-\\u9fff])`
/** After a weekday; an ordinal is no number of things. */
const IN_MONTH = `(?:,\\s*|\\s+)(?<date>0?[1-9]|[12]\\d|3[01])(?:(?:st|nd|rd|th)|${NO_TIME}(?=(?:${MANY})?))`
const WHICH = '(?:(?:this|(?<next>next)|coming) )?'

/** A time of day right after the day: a card has no field for it. */
export const englishTime = new RegExp(`^\\s+${spaced(TIME)}`)
/** Right before it: "by noon Friday". */
export const englishTimeBefore = new RegExp(`(?<!\\w)${spaced(TIME)}\\.?,?\\s+$`)
/** A day on which something begins is none on which it is due, in whichever language either is said. */
export const begins =
  /(?:(?<![\w-])(?:starts?|starting|starting date|start date|begins?|beginning)(?:\s+(?:on|in|at|from))?|(?:开始|起始)(?:日期|日|时间)?[于在]?)\s*[:：]?\s*$/

/** What an amount of time was counted from: of "2 days before Friday" the Friday alone is not meant. */
export const countedFrom =
  /(?<!\w)(?:(?:work|business |working )?days?|nights?|weeks?|fortnights?|months?|years?|hours?|hrs?|minutes?|mins?)\s+(?:before|prior to|ahead of|after)\s+$/

/** Words after which a day is a part of something longer: "from tomorrow on", "moved to Friday", "every Monday", "Black Friday". */
// One plans a day: that of "Plan Dec 5" is what is planned, and the plan is due before it; "Plan for Dec 5" says when.
const LONGER =
  'from|since|of|after|starting|beginning|about|than|to|through|thru|and|or|not|last|past|previous|every|each|other|alternate|plan|planning|schedule|usa|' +
  'black|good|cyber|giving|super|ash|fat|shrove|palm|easter|whit|holy|maundy|casual|bloody|man|girl|freaky|blue|ruby'
const NOT_AFTER_WORDS = `(?<!(?:^|[^\\w])(?:${LONGER})\\s+)`
/** Another day follows that belongs to it: "Monday to Friday", "today and tomorrow". */
const RANGE = `(?!\\s*(?:and|or|to|through|thru|&|[-–—/+])\\s*(?:${FULL}|${SHORT}|${OTHER_WORDS}|today|tomorrow|next|${MONTHS.join('|')}|\\d))`
/** A word of the Latin alphabet ends where another character begins, be it a Chinese one; "Friday's" and "monday.com" are other words. */
const BEGIN = `(?<![\\w@#./'’–—-])(?<!\\d\\s*[–—&,-]\\s*(?=\\d))(?<!(?:^|\\W)(?:not|never)\\s+(?:before|until|till|by|on|due)\\s+)${NOT_AFTER_WORDS}`
const END = `(?![\\w-]|[.:]\\w|['’%])${RANGE}`
const LEAD = '(?:due|by|on|until|till|before|for)(?::)? '
/** What was left out right before a day, where it stands alone, says nothing without it: "Plan for next week". */
export const englishLead = /(?<=^|[\s,，;；:：(（])(?:due|by|on|until|till|before|for|at):?\s+$/
/** The end of what is typed, but for marks of other fields. */
const LAST = `(?=\\s*(?:$|[,;.!?，。；！？#@~≈()（）]|p[0-3](?:\\s|$))|\\s+${spaced(TIME)})`

/** The same, or a word that goes on with the sentence: by Christmas to Bo, but "before Christmas party". */
const GOES_ON = `(?:${LAST}|(?=\\s+(?:to|with|from|for|in|and|so)\\s))`

function spaced(pattern: string): string {
  return pattern.replaceAll('? ', '?\\s*').replaceAll(' ', '\\s+')
}

const anywhere = (pattern: string, day: DayRule['day']): DayRule => ({
  pattern: new RegExp(`${BEGIN}(?:${spaced(LEAD)})?(?:${spaced(pattern)})${END}`, 'g'),
  day,
})
/** Only after "by", "on" and the like. */
const afterLead = (pattern: string, day: DayRule['day']): DayRule => ({
  pattern: new RegExp(`${BEGIN}${spaced(LEAD)}(?:${spaced(pattern)})${END}`, 'g'),
  day,
})
/** In the middle of a sentence it is more likely a part of a name. */
const first = (pattern: string, day: DayRule['day']): DayRule => ({
  pattern: new RegExp(`(?<=^\\s*)(?:${spaced(pattern)})${END}`, 'g'),
  day,
})
const last = (pattern: string, day: DayRule['day']): DayRule => ({
  pattern: new RegExp(`${BEGIN}(?<!(?:the|an?|that|this|next|coming)\\s+)(?:${spaced(pattern)})${END}${LAST}`, 'g'),
  day,
})
/** After a word that leads to a day, set off by a mark, or all that is said: "Visit Lantern Festival" is about it. */
const onFestivalNamed = (words: string, day: DayRule['day']): DayRule => ({
  pattern: new RegExp(
    `(?:${BEGIN}(?:(?:due|by|until|till|at):?|(?<!(?:${ABOUT})\\s+)on)\\s+(?:the\\s+)?(?:${spaced(words)})${END}${GOES_ON}|(?<=[,;，；(（]\\s*|^\\s*)(?:the\\s+)?(?:${spaced(words)})${END}${LAST})`,
    'g',
  ),
  day,
})
/** "Sunday Times", but "sunday chores". */
const unlessName = (rule: DayRule): DayRule => ({ ...rule, unlessName: true })
/** "End of month report" is a title. */
const until = (pattern: string, day: DayRule['day']): DayRule[] => [
  last(`(?:${LEAD})?${pattern}`, day),
  by(pattern, day),
]
const by = (pattern: string, day: DayRule['day']): DayRule => ({
  pattern: new RegExp(`${BEGIN}(?:(?:due|by|until|till|before)(?::)?\\s*)${spaced(pattern)}${END}`, 'g'),
  day,
})
/** Words that look like a day and are none. */
const none = (pattern: string): DayRule => ({
  pattern: new RegExp(`(?<!\\w)(?:${spaced(pattern)})(?!\\w)`, 'g'),
  day: () => null,
})

export const weekdayIn = ({ weekday }: Groups): number => WEEKDAYS.indexOf(weekday?.slice(0, 3) ?? '')

const onEnglishDate = ({ month, date, year, nextyear }: Groups, today: Day, since = today): Day | null =>
  onDate(
    since,
    MONTHS.indexOf(month?.slice(0, 3) ?? '') + 1,
    Number(date),
    year ? Number(year) : nextyear ? Number(today.slice(0, 4)) + 1 : undefined,
  )

const count = ({ count: said = '' }: Groups): number =>
  /^\d+$/.test(said)
    ? Number(said)
    : said === 'a' || said === 'an'
      ? 1
      : said.startsWith('a ')
        ? 2
        : COUNTED.indexOf(said)
function counted(groups: Groups, from: Day): Day | null {
  const unit = groups['unit'] ?? ''
  if (/^(?:work|business)/.test(unit)) return later(from, count(groups), 'workday')
  if (unit.startsWith('fortnight')) return later(from, count(groups) * 2, 'week')
  return later(from, count(groups), unit.startsWith('day') ? 'day' : unit.startsWith('week') ? 'week' : 'month')
}

function countedBefore({ unit = '', ...groups }: Groups, today: Day): Day | null {
  const length = unit.startsWith('day') ? 1 : unit.startsWith('week') ? 7 : unit.startsWith('fortnight') ? 14 : 0
  const day = addDays(comingWeekday(today, weekdayIn(groups)), -count(groups) * length)
  return length > 0 && day >= today ? day : null
}

const afterWeekday: DayRule['day'] = (groups, today) => counted(groups, nextWeekday(today, weekdayIn(groups)))
function onWeekdayInMonth({ date, things, next, ...groups }: Groups, today: Day, since: Day): Day | null | undefined {
  const weekday = weekdayIn(groups)
  const coming = next ? inWeek(today, 1, weekday) : nextWeekday(today, weekday)
  const day = onDateOfSomeMonth(today, since, Number(date))
  // Tomorrow is not "next Friday".
  return agreedInMonth(things && next && day !== coming ? null : day, weekday, things, coming)
}
const bare: DayRule['day'] = (groups, today) => nextWeekday(today, weekdayIn(groups))

const onOrdinal: DayRule['day'] = ({ date }, today, since) => onDateOfSomeMonth(today, since, Number(date))

export const english: readonly DayRule[] = [
  ...HOLIDAYS.flatMap(([name, words]): DayRule[] => [
    anywhere(`(?:the )?first ${WORKDAY} after (?:the )?(?:${words})`, (_, today) =>
      besideHoliday(name, 'after', today),
    ),
    anywhere(`(?:the )?last ${WORKDAY} before (?:the )?(?:${words})`, (_, today) =>
      besideHoliday(name, 'before', today),
    ),
    {
      pattern: new RegExp(`${BEGIN}before (?:the )?(?:${spaced(words)})${END}${GOES_ON}`, 'g'),
      day: (_, today) => besideHoliday(name, 'before', today),
    },
  ]),
  ...FESTIVE_DAYS.flatMap(([words, day]) => [onFestivalNamed(words, day), last(`${NOT_FESTIVE}(?:${words})`, day)]),
  ...FESTIVALS.map(([words, day]) => onFestivalNamed(words, day)),
  by('(?:the )?new year', festival('元旦')),
  anywhere('(?:the )?day after tomorrow', (_, today) => addDays(today, 2)),
  anywhere(`today|tonight|this (?:morning|afternoon|evening)|${DAY_END}`, (_, today) => today),
  by(WORK_END, (_, today) => today),
  ...[
    `(?:${DAY_END}|${WORK_END}) (?:on )?(?:${WEEKDAY}|tomorrow)`,
    `(?:${WEEKDAY}|tomorrow)(?:,? (?:by|before|until|till))? (?:${DAY_END}|${WORK_END})`,
  ].map((pattern) =>
    anywhere(pattern, ({ weekday }, today) =>
      weekday ? nextWeekday(today, weekdayIn({ weekday })) : addDays(today, 1),
    ),
  ),
  anywhere('tomorrow|tmrw?|tmw', (_, today) => addDays(today, 1)),
  anywhere(`(?:the )?next ${WORKDAY}`, (_, today) => later(today, 1, 'workday')),
  anywhere(`(?:in|within) ${COUNT} ${UNIT}(?:['’]? time)?`, (groups, today) => counted(groups, today)),
  anywhere(`${COUNT} ${UNIT} from (?:now|today)`, (groups, today) => counted(groups, today)),
  anywhere(`${COUNT} ${UNIT} from tomorrow`, (groups, today) => counted(groups, addDays(today, 1))),
  anywhere(`${COUNT} ${UNIT} (?:from|after) ${WEEKDAY}`, afterWeekday),
  anywhere(`${COUNT} ${UNIT} before ${WEEKDAY}`, countedBefore),
  last(`${COUNT} (?<unit>weeks?) on ${WEEKDAY}`, afterWeekday),
  last(`${WEEKDAY} week`, (groups, today) => addDays(nextWeekday(today, weekdayIn(groups)), 7)),
  ...until('(?:(?:the )?end of (?:the |this )?week|eow)', (_, today) => thisWeekday(today, 4) ?? inWeek(today, 1, 4)),
  ...until('(?:the )?end of next week', (_, today) => inWeek(today, 1, 4)),
  ...until('(?:the )?end of (?:the |this )?month', (_, today) => lastOfMonth(today, 0)),
  // As 月底 is: EOM is nothing else, but of a report.
  anywhere('eom(?:之?前)?(?! (?:report|statement|bonus|close|closing|review|meeting|figure|invoice))', (_, today) =>
    lastOfMonth(today, 0),
  ),
  first('(?:the )?end of (?:the |this )?month(?=\\s*[:：,，])', (_, today) => lastOfMonth(today, 0)),
  ...until('(?:the )?end of next month', (_, today) => lastOfMonth(today, 1)),
  ...until(`(?:the )?end of ${MONTH}`, (groups, today) => {
    const day = onEnglishDate({ ...groups, date: '1' }, firstOfMonth(today, 0))
    return day && lastOfMonth(day, 0)
  }),
  ...until('(?:(?:the )?end of (?:the |this )?year|eoy)', (_, today) => onDate(today, 12, 31)),

  anywhere(
    `${WEEKDAY},? (?:of )?next week|next week (?:on )?${WEEKDAY.replace('weekday', 'weekday2')}`,
    ({ weekday, weekday2 }, today) => inWeek(today, 1, weekdayIn({ weekday: weekday ?? weekday2 })),
  ),
  anywhere(`next ${WEEKDAY}`, (groups, today) => inWeek(today, 1, weekdayIn(groups))),
  anywhere(`this ${WEEKDAY}`, (groups, today) => thisWeekday(today, weekdayIn(groups))),
  anywhere(`(?:this )?coming ${WEEKDAY}`, (groups, today) => comingWeekday(today, weekdayIn(groups))),
  unlessName(afterLead(WEEKDAY, bare)),
  unlessName(first(`(?<weekday>${FULL}|(?:${SHORT})${POINT})`, bare)),
  last(WEEKDAY, bare),
  anywhere('this weekend', (_, today) => weekend(today, 0)),
  afterLead('the weekend', (_, today) => weekend(today, 0)),
  anywhere('next weekend', (_, today) => weekend(today, 1)),
  anywhere('(?:the )?week after next', (_, today) => inWeek(today, 2, 0)),
  ...[afterLead, first, last].flatMap((where) => [
    where('next week', (_, today) => inWeek(today, 1, 0)),
    where('next month', (_, today) => firstOfMonth(today, 1)),
  ]),

  anywhere(`${MONTH}${AFTER_MONTH}(?:the (?=\\d{1,2}(?:st|nd|rd|th)))?${DATE}${YEAR}`, onEnglishDate),
  anywhere(`(?:the )?${DATE}\\s+(?:of )?${MONTH}${YEAR}`, onEnglishDate),
  // At the end it is a year; "5 Jan 27 boxes" may mean either day.
  last(`${DATE}\\s+${MONTH},? ['’]?(?<short>\\d\\d)`, ({ short, ...groups }, today) =>
    onEnglishDate({ ...groups, year: `20${short}` }, today),
  ),
  none(`\\d{1,2}(?:st|nd|rd|th)? ${MONTH.replace('?<month>', '?:')},? ['’]?\\d{1,2}`),
  anywhere(
    `${WHICH}${DATED_WEEKDAY}(?:, ?|\\s+)(?:the )?${MONTH}${AFTER_MONTH}${DATE}${YEAR}`,
    (groups, today, since) => agreed(onEnglishDate(groups, today, since), weekdayIn(groups)),
  ),
  anywhere(`${WHICH}${DATED_WEEKDAY}(?:, ?|\\s+)(?:the )?${DATE}\\s+(?:of )?${MONTH}${YEAR}`, (groups, today, since) =>
    agreed(onEnglishDate(groups, today, since), weekdayIn(groups)),
  ),
  anywhere(`${WHICH}(?<weekday>${FULL}|(?:${SHORT})\\.?)${IN_MONTH}`, onWeekdayInMonth),
  // "Ship Friday 4 boxes."
  anywhere(`(?<!(?:the|an?|that) )(?<weekday>${FULL}|(?:${SHORT})\\.?)(?=,? \\d{1,3}${NO_TIME}${MANY})`, bare),
  // "He sat 28 exams."
  ...[first, last].map((where) => where(`(?<weekday>(?:${OTHER_WORDS})\\.?)${IN_MONTH}`, onWeekdayInMonth)),
  anywhere(`${DATED_WEEKDAY},? the ${DATE}`, (groups, today, since) =>
    agreed(onDateOfSomeMonth(today, since, Number(groups['date'])), weekdayIn(groups)),
  ),
  // "The 15th floor", and Henry the 8th.
  {
    pattern: new RegExp(
      `${BEGIN}(?:${spaced(LEAD)}(?:the\\s+)?|(?<!(?:${KINGS})\\s+)the\\s+)${ORDINAL}${END}${LAST}`,
      'g',
    ),
    day: onOrdinal,
  },
  first(`(?:${LEAD})?the ${ORDINAL}(?=\\s*[:：,，])`, onOrdinal),

  none(
    `(?:first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th|last|past|previous) (?:${FULL}|${SHORT}|${OTHER_WORDS})`,
  ),
  none(`(?:${FULL}|${SHORT}|${OTHER_WORDS}) (?:after next|before last)`),
  none(`(?:every|each) (?:other |second )?(?:${FULL}|${SHORT}|${OTHER_WORDS}|day|week|month)`),
  none(`${SOME_WEEKDAY}(?:,? ${SOME_WEEKDAY})+`),
  // "Buy 3 Mar bars": a count of things, unless it begins the text or "by" goes before.
  none(
    `(?<!^\\s*)(?<!(?:due:?|by|on|until|till|before)\\s+)\\d{1,2} ${MONTH.replace('?<month>', '?:')} (?!(?:is|as|was|has|this|us|plus|vs|versus)(?!\\w))[a-z]+s`,
  ),
  none('sunday (?:times|mirror|telegraph|roast|brunch|school|league)'),
  none('(?:early|late|mid|middle of|sometime|during|all|over) next (?:week|month)'),
]
