/** Days in Chinese: 明天, 下周五, 12月4日, 月底, 三天后, 两周内, 春节前. Words have no spaces between them: what comes before and after decides. */
import { addDays, type Day } from '../../../kernel/instants.ts'
import { chineseNumberPattern, numberIn } from '../chinese-number.ts'
import {
  agreed,
  agreedInMonth,
  beforeFestival,
  besideHoliday,
  CHRISTMAS_EVE,
  festival,
  firstOfMonth,
  inWeek,
  lastOfMonth,
  LANTERNS,
  later,
  NEW_YEAR,
  NEW_YEARS_EVE,
  nextWeekday,
  onDate,
  onDateOfMonth,
  onDateOfSomeMonth,
  thisWeekday,
  weekend,
  type DayRule,
  type Groups,
} from './calendar.ts'

const 数 = `(?<count>\\d{1,3}|${chineseNumberPattern})`
const 周 = '(?:周|星期|礼拜)'
/** 周五, where it is no part of 下周五. */
export const CHINESE_WEEKDAY = `${周}[一二三四五六日天]`
/** Not the 一 of 一起, nor the 日 of 日报. */
const 周几 =
  '(?<weekday>一(?!起|览|致|直|些|样|般|边|共|定)|二(?!维|手|次)|三(?!角|维|方)|四(?!方|处)|五(?!金|星)|六|日(?!报|程|志|记|均)|天(?!数|气))'
/** Not the 下 of 线下 and 楼下. */
const 下 = '(?<which>下下|(?<![下线楼地台脚手])下)(?:一?个)?'
const 月 = '(?<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\\s*月'
const 日 =
  '(?<date>\\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])\\s*[日号](?!报|程|志|线|楼|店|机|门)'
/** What has a number as its name: 3号会议室. */
const 有号 = '(?=(?<things>会议室|厅|馆|库|仓|车|房|桌|柜|窗|展|位|院|方案|产品|样品)?)'
const 年 = '(?:(?:(?<year>(?:\\d\\d)?\\d\\d)\\s*年|(?<which>今年|明年|后年|去年|前年)的?)\\s*)?'
const 时 =
  '凌晨|清晨|早上|早晨|上午|中午|午后|下午|傍晚|晚上|晚间|夜里|[早晚](?![些点])|\\d{1,2}\\s*(?:点|时|[:：]\\d\\d)|[一二两三四五六七八九十]{1,3}点'
/** A time of day right after the day: a card has no field for it. */
export const chineseTime = new RegExp(`^\\s*(?:的)?(?:${时})`)
/** Right before it: 下午三点 明天. */
export const chineseTimeBefore = new RegExp(`(?:${时})[半整前]?\\s*$`)

const HOLIDAYS = [
  ['元旦', '元旦节?'],
  ['春节', '春节|过年'],
  ['清明', '清明节?'],
  ['劳动节', '劳动节|五一'],
  ['端午', '端午节?'],
  ['中秋', '中秋节?'],
  ['国庆节', '国庆节?|十一'],
] as const

/** 前 that says "by then", not the first half of 前台, 前端, 前期. */
const 前 =
  '(?:之前|以前|前(?!台|端|期|后|夕|方|景|提(?!交|供|出|报|醒)|置|沿|线|言|进|途|任|辈|者|往|来|面|排|列|锋|瞻|半))'
const 后 = '(?:之后|以后|后(?!台|端|期|续|勤|面|来|方|果|者|半))'
const 内 = '(?:之内|以内|内(?!部|容|测|存|外|网|销|饰|衣|审|控|训))'
/** What makes a day a part of something longer: 每周一, 从明天起, 推迟到周五, 周一至周五, 明天的会. */
const BEFORE = '(?<![每逢隔从自至到在于和与及或上去前过、~—\\-\\d.第年])(?<!~\\s+)'
const AFTER = `(?!以来|(?:之|以)?前(?:的|后|夕)|(?:之|以)?后(?!台|端|期|续|勤|面|来|方|果|者|半)|的|系|\\s*(?:[、/~—–-]|至|到|和|与|及|或)\\s*(?:下|本|这|今|明|后|周|星期|礼拜|\\d|[一二三四五六七八九十]))`
/** Right after a day: on it something begins, and is not due. 启动会 is a meeting on that day. */
export const chineseBegins = /^(?:起|开始|开工(?!仪式|典礼)|启动(?!会|仪式))/
const EDGE = '[\\s,，。;；:：!！?？、（()）#@]'

/** Goes with the day: 截止12月4日, 于下周五前; not the 在 of 现在, nor the 于 of 由于. */
const WITH = `${BEFORE}(?:截止(?:到|至)?\\s*|(?<![现正存内所好还实])在|(?<![由关对基属终大小等低高鉴处位])于)`
/** The same where somebody put spaces between the words: 会议 在 12月4日. */
export const chineseLead = /(?<=^|[\s,，。;；:：(（])[在到于]\s+$/
const UNTIL = `(?:(?:[（(]含[)）])?${前}|下班${前}|截止)?`

const rule = (pattern: string, day: DayRule['day']): DayRule => ({
  pattern: new RegExp(`(?:${WITH}|${BEFORE})(?:${pattern})${UNTIL}${AFTER}`, 'g'),
  day,
})
/** Only where nothing stands right before it: 黑色星期五 is a name. */
const begins = (pattern: string, day: DayRule['day']): DayRule => ({
  pattern: new RegExp(`(?:${WITH}|(?<=^|${EDGE})(?<!~\\s+))(?:${pattern})${UNTIL}${AFTER}`, 'g'),
  day,
})
/** Only where nothing stands right before or after it, but a word that says that it is a day. */
const alone = (pattern: string, day: DayRule['day']): DayRule =>
  begins(`${pattern}(?=$|${EDGE}|(?:下班)?${前}|${内}|截止|${时})`, day)
const 一天 = '[一二三四五六日天]'
/** Not the number of something else. */
const 又一天 = `${周几.replace('?<weekday>', '?:')}(?![个人点时次天楼月号十百千种张位份])`
/** The number of a day: 号, 日 or nothing follows. */
export const CHINESE_DATE = '(?:\\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])'
/** Between two days: 明后天, 明天后天, 明、后天. */
const 并 = '(?:[天日]\\s*[、,，/]?\\s*|[、,，/]\\s*)?'
/** Not the 明 of 说明 and 证明. */
const 明 = '(?<![说声证表申注标阐文发透])明'
/** Words that look like a day and are none. */
const none = (pattern: string): DayRule => ({ pattern: new RegExp(pattern, 'g'), day: () => null })

/** One day each, by a name that holds no more than that day. */
const FESTIVALS = [
  ['元旦节?', festival('元旦')],
  ['元宵节', LANTERNS],
  ['清明节?', festival('清明')],
  ['劳动节|五一', festival('劳动节')],
  ['端午节?', festival('端午')],
  ['中秋节?', festival('中秋')],
  ['国庆节?', festival('国庆节')],
  ['平安夜', CHRISTMAS_EVE],
  ['圣诞节?', festival('圣诞节')],
] as const
/** At the end of what is typed, but for marks of other fields; 国庆 活动方案 is about that day, and not due on it. */
const LAST = '(?=\\s*(?:$|[#@~!！。]))'
/** After a word that leads to a day: 在元旦 交稿. */
const led = (pattern: string, day: DayRule['day']): DayRule => ({
  pattern: new RegExp(`${WITH}(?:${pattern})(?=$|${EDGE}|${时})`, 'g'),
  day,
})

const weekdayIn = ({ weekday = '' }: Groups): number => '一二三四五六日'.indexOf(weekday === '天' ? '日' : weekday)
const weeks = ({ which }: Groups): number => (which === '下下' ? 2 : which === '下' ? 1 : 0)

function counted({ count, unit = '' }: Groups, today: Day): Day | null {
  const length = unit === '工作日' ? 'workday' : unit === '天' || unit === '日' ? 'day' : unit === '月' ? 'month' : null
  return later(today, numberIn(count), length ?? (unit === '年' ? 'year' : 'week'))
}
function onChineseDate({ year, which, month, date }: Groups, today: Day, since: Day): Day | null {
  if (which === '去年' || which === '前年') return null
  const thisYear = Number(today.slice(0, 4))
  // 27年: of this century, and to come.
  const isShort = year?.length === 2
  const written = year ? Number(year) + (isShort ? 2000 : 0) : undefined
  const said = which ? thisYear + ['今年', '明年', '后年'].indexOf(which) : written
  const day = onDate(since, numberIn(month), numberIn(date), said)
  return isShort && day && day < since ? null : day
}
function onWeekdayInMonth({ date, things, ...groups }: Groups, today: Day, since: Day): Day | null | undefined {
  const said = numberIn(date)
  const weekday = weekdayIn(groups)
  const coming = groups['which'] ? inWeek(today, weeks(groups), weekday) : nextWeekday(today, weekday)
  const day = groups['which'] ? coming : onDateOfSomeMonth(today, since, said)
  return agreedInMonth(day && Number(day.slice(8)) === said ? day : null, weekday, things, coming)
}
const onWeekday: DayRule['day'] = (groups, today) =>
  groups['which'] ? inWeek(today, weeks(groups), weekdayIn(groups)) : nextWeekday(today, weekdayIn(groups))

export const chinese: readonly DayRule[] = [
  ...HOLIDAYS.flatMap(([name, words]): DayRule[] => [
    rule(`(?:${words})(?:假期|放假)?(?:之后|以后|后)的?(?:第一|首)个?工作日`, (_, today) =>
      besideHoliday(name, 'after', today),
    ),
    rule(`(?:${words})(?:假期|放假)?(?:之前|以前|前)的?最后一?个?工作日`, (_, today) =>
      besideHoliday(name, 'before', today),
    ),
    rule(`(?<![一二三四五六七八九十月])(?:${words})(?:假期|放假)?${前}`, (_, today) =>
      besideHoliday(name, 'before', today),
    ),
  ]),
  begins(`(?:除夕|大年三十)${前}`, (_, today) => beforeFestival('春节', today)),
  rule(`元宵节?${前}`, (_, today) => beforeFestival('春节', today, 15)),
  rule(`圣诞节?${前}`, (_, today) => beforeFestival('圣诞节', today)),
  alone('(?:除夕|大年三十)', NEW_YEARS_EVE),
  alone('(?:大年|正月)初一', NEW_YEAR),
  rule('(?:除夕|大年三十)当[天日]', NEW_YEARS_EVE),
  rule('(?:(?:大年|正月)初一|春节)当[天日]', NEW_YEAR),
  // Alone they are eaten.
  rule('元宵当[天日]', LANTERNS),
  ...FESTIVALS.flatMap(([words, day]): DayRule[] => [
    rule(`(?:${words})当[天日]`, day),
    begins(`(?:${words})${LAST}`, day),
    led(words, day),
  ]),
  rule(`大大后天${内}?`, (_, today) => addDays(today, 4)),
  rule(`(?<!大)大后天${内}?`, (_, today) => addDays(today, 3)),
  rule(`(?<!大)(?:后天|後天)(?!性)${内}?`, (_, today) => addDays(today, 2)),
  rule(`明天${内}?|明早|明晚`, (_, today) => addDays(today, 1)),
  rule(`今天${内}?|今早|今晚`, (_, today) => today),
  // 今日头条 and 明日方舟 are names.
  rule(
    `(?<near>今|明)日(?=$|${EDGE}|(?:下班)?${前}|${内}|截止|${时}|[交发寄付签审]|完成|提交|开会|上线|到货)${内}?`,
    ({ near }, today) => (near === '今' ? today : addDays(today, 1)),
  ),
  rule('下一?个?工作日', (_, today) => later(today, 1, 'workday')),
  rule(
    `(?<![一二两三四五六七八九十百近]|月\\s*)${数}\\s*个?\\s*(?<unit>工作日|天|日|周|星期|礼拜|月|年)(?:${后}|${内})`,
    counted,
  ),
  rule(`(?<!个)半个?月(?:${后}|${内})`, (_, today) => addDays(today, 15)),
  rule(`(?<![一二两三四五六七八九十百近])${数}\\s*个半月(?:${后}|${内})`, ({ count }, today) => {
    const day = later(today, numberIn(count), 'month')
    return day && addDays(day, 15)
  }),
  rule(`半年(?:${后}|${内})`, (_, today) => later(today, 6, 'month')),

  rule('(?<![个下])(?:本|这个?|当)?月[底末](?!报表|奖|账单)', (_, today) => lastOfMonth(today, 0)),
  rule(`${下}月(?:[底末]|${内})`, (groups, today) => lastOfMonth(today, weeks(groups))),
  rule(`(?:本|这个?|当)月${内}`, (_, today) => lastOfMonth(today, 0)),
  rule(`(?<![一二三四五六七八九十])${月}[底末]`, ({ month }, today) => {
    const day = onDate(firstOfMonth(today, 0), numberIn(month), 1)
    return day && lastOfMonth(day, 0)
  }),
  rule('(?<which>今|本|明)?年[底末](?!报表|奖|账单)', ({ which }, today) =>
    onDate(today, 12, 31, Number(today.slice(0, 4)) + (which === '明' ? 1 : 0)),
  ),
  rule('(?<year>\\d{4})\\s*年[底末]', ({ year }, today) => onDate(today, 12, 31, Number(year))),
  rule(`${下}月初?(?![底末初中内\\d一二三四五六七八九十])`, (groups, today) => firstOfMonth(today, weeks(groups))),
  rule(`${下}月${日}`, (groups, today) => onDateOfMonth(today, numberIn(groups['date']), weeks(groups))),
  rule(`(?:本|这个?|当)月${日}`, ({ date }, today) => onDateOfMonth(today, numberIn(date), 0)),

  begins(`${周}${周几}`, onWeekday),
  rule(`${下}${周}${周几}`, onWeekday),
  rule(`(?:本|这个?)${周}${周几}`, (groups, today) => thisWeekday(today, weekdayIn(groups))),
  rule(`${下}${周}末`, (groups, today) => weekend(today, weeks(groups))),
  rule(`(?:本|这个?)${周}末`, (_, today) => weekend(today, 0)),
  alone('周末', (_, today) => weekend(today, 0)),
  rule(`${下}${周}(?![二三四五六日天末内中\\d]|一(?!起|览|致|直|些|样|般|边|共|定))初?`, (groups, today) =>
    inWeek(today, weeks(groups), 0),
  ),
  rule(`${下}${周}${内}`, (groups, today) => inWeek(today, weeks(groups), 4)),
  rule(`(?:本|这个?)${周}${内}`, (_, today) => thisWeekday(today, 4) ?? inWeek(today, 0, 6)),

  rule(`(?<![一二三四五六七八九十])${年}${月}\\s*${日}`, onChineseDate),
  rule(`(?<![一二三四五六七八九十])${年}${月}\\s*${日}\\s*[（(]?${周}${周几}[）)]?`, (groups, today, since) =>
    agreed(onChineseDate(groups, today, since), weekdayIn(groups)),
  ),
  rule(`(?:下|本|这)?${周}${周几}\\s*[（(]?${年}${月}\\s*${日}[）)]?`, (groups, today, since) =>
    agreed(onChineseDate(groups, today, since), weekdayIn(groups)),
  ),
  rule(`(?:${下}|(?<which>本|这个?))?${周}${周几}\\s*[（(]?${日}[）)]?${有号}`, onWeekdayInMonth),
  // 周五14 报告, but not 周五3 点 and 周五3 个.
  rule(
    `(?:${下}|(?<which>本|这个?))?${周}${周几}(?<date>\\d{1,2})(?=$|[\\s,，。;；])(?!\\s*[点时:个件箱人份张台套天次])`,
    onWeekdayInMonth,
  ),
  rule(`(?<![月一二三四五六七八九十])${日}\\s*[（(]?${周}${周几}[）)]?`, onWeekdayInMonth),
  // 5号楼 and 地铁5号线 are no days.
  alone(`(?<date>${CHINESE_DATE})号`, ({ date }, today, since) => onDateOfSomeMonth(today, since, numberIn(date))),

  none(
    `[每逢隔](?:隔|个|[一二两三四五六七八九\\d]+个?)?(?:周|星期|礼拜|月|天|日|年|季度|工作日)(?:[一二三四五六日天末底初](?![起览]))?`,
  ),
  none(`上上?(?:一?个)?${周}[一二三四五六日天末]?`),
  none(`黑色星期五`),
  // Two days: a card is due on one.
  none(`(?:下下|[下本这])?(?:一?个)?${周}${一天}(?:\\s*[、,，/]?\\s*(?:下|本|这)?(?:${周})?${又一天})+`),
  none(`(?:今${并}[明后]|${明}${并}后)(?:两?天|日)`),
  none(
    `(?:\\d{1,2}|[一二三四五六七八九十]+)\\s*月${CHINESE_DATE}\\s*[日号]?\\s*[、,，/]?\\s*${CHINESE_DATE}\\s*[日号](?!楼|线|店|机|门)`,
  ),
]
