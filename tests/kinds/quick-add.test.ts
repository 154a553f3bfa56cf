import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDay, type Day } from '#lib/kernel/instants.ts'
import { readQuickAdd, type QuickContext } from '#lib/kinds/board/quick-add.ts'
import { nearestSince } from '#lib/kinds/board/day-words/calendar.ts'
import { dayIn } from '#lib/kinds/board/quick-dates.ts'

/** A Monday. */
const today = '2026-11-23' as Day
const context: QuickContext = {
  today,
  dayFirst: null,
  labels: [
    { id: 'rush', name: 'Rush' },
    { id: 'quality', name: 'Quality check' },
    { id: 'jiaji', name: '加急' },
  ],
  people: [
    { id: 'lin', name: '林晓' },
    { id: 'ana', name: 'Ana Silva' },
    { id: 'ann', name: 'Ann' },
  ],
  me: 'ann',
  dismissed: new Set(),
}
const read = (text: string, extra: Partial<QuickContext> = {}) => readQuickAdd(text, { ...context, ...extra })
const dueOf = (text: string, extra: Partial<QuickContext> = {}) => {
  const { title, understood } = read(text, extra)
  return [title, understood.find((one) => one.kind === 'due')?.day ?? null]
}

test.each([
  ['Report 12/1', 'Report', '2026-12-01', '2027-01-12'],
  ['Report by 1-12', 'Report', '2027-01-12', '2026-12-01'],
  ['Report 12/23', 'Report', '2026-12-23', '2026-12-23'],
  ['Report 31/12', 'Report', '2026-12-31', '2026-12-31'],
  ['交报告 12/4', '交报告', '2026-12-04', '2026-12-04'],
  ['Slides, part 1/2', 'Slides, part 1/2', null, null],
  ['Support 24/7', 'Support 24/7', null, null],
])('a day in figures is read as the region of the person writes it: %s', (text, title, monthFirst, dayFirst) => {
  expect(dueOf(text, { dayFirst: false })).toEqual([title, monthFirst])
  expect(dueOf(text, { dayFirst: true })).toEqual([title, dayFirst])
})

test.each([
  ['Plan for next week', 'Plan', '2026-11-30'],
  ['Plan for Friday p1', 'Plan', '2026-11-27'],
  ['Schedule for tomorrow', 'Schedule', '2026-11-24'],
  ['Meet at tomorrow', 'Meet', '2026-11-24'],
  ['Move in on Friday', 'Move in', '2026-11-27'],
  ['会议 在 12月4日', '会议', '2026-12-04'],
  ['活动 到 下周五', '活动', '2026-12-04'],
  ['现在 明天', '现在', '2026-11-24'],
  ['at tomorrow', 'at tomorrow', null],
])('a word that only leads to a day goes with it, unless nothing would be left: %s', (text, title, due) => {
  expect(dueOf(text)).toEqual([title, due])
})

test.each([
  ['写稿 下周三 ~2h', '写稿', '2026-12-02', 2],
  ['写稿 明天 ~2小时', '写稿', '2026-11-24', 2],
  ['写稿 12月4日 ~一天', '写稿', '2026-12-04', 8],
  ['写稿 三天后 ~半天 @林', '写稿', '2026-11-26', 4],
  ['写稿 ~2h 周五', '写稿', '2026-11-27', 2],
  ['明天~2小时 写稿', '写稿', '2026-11-24', 2],
  ['写稿 周五~2h', '写稿', '2026-11-27', 2],
  ['写稿 12月4日~一天', '写稿', '2026-12-04', 8],
  ['Draft tomorrow~2h', 'Draft', '2026-11-24', 2],
  ['明天~2 写稿', '明天~2 写稿', null, undefined],
  ['每天~2小时 写稿', '每天~2小时 写稿', null, undefined],
  ['Draft next wed ~2h', 'Draft', '2026-12-02', 2],
  ['报告 12月8日~12月4日 ~2h', '报告 12月8日~12月4日', null, 2],
  ['Ship 2026-12-08..2026-12-04', 'Ship 2026-12-08..2026-12-04', null, undefined],
  ['Call Dec 4 ~ later', 'Call ~ later', '2026-12-04', undefined],
  ['Kickoff - Dec 4', 'Kickoff -', '2026-12-04', undefined],
])(
  'an estimate right after a day is no end of a span; of one that runs backwards neither end is meant alone: %s',
  (text, title, due, hours) => {
    expect(dueOf(text)).toEqual([title, due])
    expect(read(text).understood.find((one) => one.kind === 'estimate')?.hours).toBe(hours)
  },
)

/** What of a span is left as title, when it begins and when it is due; an array of the title alone where no span was read. */
const spanOf = (text: string, extra: Partial<QuickContext> = {}) => {
  const { title, understood } = read(text, extra)
  const span = understood.find((one) => one.kind === 'span')
  return span ? [title, span.start.slice(2), span.due.slice(2)] : [title]
}
test.each([
  // Each end a day of its own.
  ['Dec 1 ~ Dec 4 trip', 'trip', '26-12-01', '26-12-04'],
  ['Trip Dec 4 - Dec 8', 'Trip', '26-12-04', '26-12-08'],
  ['from Dec 1 to Dec 4 trip', 'trip', '26-12-01', '26-12-04'],
  ['Trip from 1 December until 4 December', 'Trip', '26-12-01', '26-12-04'],
  ['Fair 12/14 ~ 12/18', 'Fair', '26-12-14', '26-12-18'],
  ['报告 12/4 ~ 12/8', '报告', '26-12-04', '26-12-08'],
  ['12/4~12/8 展会', '展会', '26-12-04', '26-12-08'],
  ['Ship 2026-12-04..2026-12-08', 'Ship', '26-12-04', '26-12-08'],
  ['周一 ~ 周三 出差', '出差', '26-11-23', '26-11-25'],
  ['周一至周五值班', '值班', '26-11-23', '26-11-27'],
  ['培训 12月4日 至 12月8日', '培训', '26-12-04', '26-12-08'],
  ['培训 12月4日——12月8日', '培训', '26-12-04', '26-12-08'],
  ['从12月1日到12月4日 展会', '展会', '26-12-01', '26-12-04'],
  ['十二月四日到十二月八日 展会', '展会', '26-12-04', '26-12-08'],
  ['明天到周五出差', '出差', '26-11-24', '26-11-27'],
  ['明天到后天出差', '出差', '26-11-24', '26-11-25'],
  ['今天起到周五值班', '值班', '26-11-23', '26-11-27'],
  ['值班 周一到周五期间', '值班', '26-11-23', '26-11-27'],
  ['Tomorrow to Friday: fair', 'fair', '26-11-24', '26-11-27'],
  ['Trade fair Monday to Friday', 'Trade fair', '26-11-23', '26-11-27'],
  ['Call Fri - Mon', 'Call', '26-11-27', '26-11-30'],
  ['Fri – Sun trip', 'trip', '26-11-27', '26-11-29'],
  ['Fair Dec 4 to Dec 8 9am', 'Fair Dec 4 to Dec 8 9am', '26-12-04', '26-12-08'],
  ['Fair (Dec 4 – Dec 8)', 'Fair', '26-12-04', '26-12-08'],
  ['Fair Dec 4 - Dec 4', 'Fair', '26-12-04', '26-12-04'],
  // One end says what the other leaves out.
  ['12月4日～8日 展会', '展会', '26-12-04', '26-12-08'],
  ['12月4日~6日展会', '展会', '26-12-04', '26-12-06'],
  ['12月4日 ~ 8日 展会', '展会', '26-12-04', '26-12-08'],
  ['12月4日-6日 展会', '展会', '26-12-04', '26-12-06'],
  ['12月4-8日 展会', '展会', '26-12-04', '26-12-08'],
  ['4号到8号出差', '出差', '26-12-04', '26-12-08'],
  ['4~8号 出差', '出差', '26-12-04', '26-12-08'],
  ['出差 30号到2号', '出差', '26-11-30', '26-12-02'],
  ['周五到8号 出差', '出差', '26-11-27', '26-12-08'],
  ['2026-12-04..08', '2026-12-04..08'],
  ['Fair 2026-12-04..08', 'Fair', '26-12-04', '26-12-08'],
  ['Fair 2026-12-04 ~ 12-08', 'Fair', '26-12-04', '26-12-08'],
  ['Trip Dec 1 - 4', 'Trip', '26-12-01', '26-12-04'],
  ['Dec 1 ~ 4 trip', 'trip', '26-12-01', '26-12-04'],
  ['Offsite Dec 4 – 8', 'Offsite', '26-12-04', '26-12-08'],
  ['Offsite Dec 4 to the 8th', 'Offsite', '26-12-04', '26-12-08'],
  ['Trade fair Dec 4-6', 'Trade fair', '26-12-04', '26-12-06'],
  ['7–11 December fair', 'fair', '26-12-07', '26-12-11'],
  ['Fair from 7 to 11 December', 'Fair', '26-12-07', '26-12-11'],
  ['Fair Dec 4–8, 2027', 'Fair', '27-12-04', '27-12-08'],
  ['Fair Dec 4 – Dec 8, 2027', 'Fair', '27-12-04', '27-12-08'],
  ['明年1月5日到8日 展会', '展会', '27-01-05', '27-01-08'],
  ['十二月四日至八日 展会', '展会', '26-12-04', '26-12-08'],
  ['Trip 5 Dec-6 Dec', 'Trip', '26-12-05', '26-12-06'],
  ['Trip Sat Dec 5 - Sun Dec 6', 'Trip', '26-12-05', '26-12-06'],
  ['Course Mon ~ Wed next week', 'Course', '26-11-30', '26-12-02'],
  ['明天下午到后天 出差', '明天下午到后天 出差', '26-11-24', '26-11-25'],
  // The turn of a year, a month, a week; what has begun.
  ['Dec 30 ~ Jan 2 off', 'off', '26-12-30', '27-01-02'],
  ['12月30日到1月2日 休假', '休假', '26-12-30', '27-01-02'],
  ['Audit Nov 20 ~ Nov 27', 'Audit', '26-11-20', '26-11-27'],
  ['Audit Nov 10 ~ Nov 15', 'Audit', '27-11-10', '27-11-15'],
  ['Project Jan 5 ~ Dec 10', 'Project', '27-01-05', '27-12-10'],
  ['20号~22号 出差', '出差', '26-12-20', '26-12-22'],
  ['下周一到周三出差', '出差', '26-11-30', '26-12-02'],
  ['周五到下周一 出差', '出差', '26-11-27', '26-11-30'],
  ['12月4日到周日 出差', '出差', '26-12-04', '26-12-06'],
  // What is an estimate, runs backwards, or is something else.
  ['写稿 明天 ~2h', '写稿'],
  ['写稿 12月4日 ~一天', '写稿'],
  ['写稿 12月4日 ~8日', '写稿'],
  ['Trip Dec 8 ~ Dec 4', 'Trip Dec 8 ~ Dec 4'],
  ['12月8日～4日 展会', '12月8日～4日 展会'],
  ['后天到明天 出差', '后天到明天 出差'],
  ['下周五到下周三 出差', '下周五到下周三 出差'],
  ['Trip Dec 4 ~ Dec 40', 'Trip Dec 4 ~ Dec 40'],
  ['Fair 12/4 ~ 12/8', 'Fair 12/4 ~ 12/8'],
  ['Move the call from Friday to Monday', 'Move the call from Friday to Monday'],
  ['every Monday to Friday standup', 'every Monday to Friday standup'],
  ['每周一至周五值班', '每周一至周五值班'],
  ['推迟到下周五', '推迟到下周五'],
  ['12月4日到货', '到货'],
  ['周五到10号楼开会', '周五到10号楼开会'],
  ['Friday 9-11 call', '9-11 call'],
  ['Friday 9am - 11am call', 'Friday 9am - 11am call'],
  ['12月4日9点到11点开会', '12月4日9点到11点开会'],
  ['Chapter 3 - 6 December', 'Chapter 3 - 6 December'],
  ['Send by Dec 4 - 8 boxes', 'Send by Dec 4 - 8 boxes'],
  ['3-5日内回复', '3-5日内回复'],
  ['读《12月4日到12月8日》', '读《12月4日到12月8日》'],
])('of a span of days “%s” reads start and due: %s', (text, ...expected) => {
  expect(spanOf(text)).toEqual(expected)
})

test('a span in figures is read as the region of the person writes it', () => {
  expect(spanOf('12/4 ~ 12/8 fair', { dayFirst: false })).toEqual(['fair', '26-12-04', '26-12-08'])
  expect(spanOf('4/12 ~ 8/12 fair', { dayFirst: true })).toEqual(['fair', '26-12-04', '26-12-08'])
})

test('a span is all that is read of the days in a line that come after it, and has its estimate beside it', () => {
  const kinds = (text: string) => read(text).understood.map(({ kind }) => kind)
  expect(kinds('Trip Dec 1 ~ Dec 4 ~2h')).toEqual(['span', 'estimate'])
  expect(kinds('Trip Dec 1 ~ Dec 4 by tomorrow')).toEqual(['span'])
  expect(kinds('Trip tomorrow, not Dec 1 ~ Dec 4')).toEqual(['due'])
})

test('a span that Ann dismisses gives all its words back, and the next day counts', () => {
  for (const text of ['Trip Dec 1 ~ Dec 4', '12月4日 ~ 8日 展会', '周一到周三出差', 'Fri to Mon call']) {
    const [span] = read(text).understood
    expect(span?.kind).toBe('span')
    const dismissed = new Set([span?.key ?? ''])
    expect(read(text, { dismissed })).toEqual({ title: text, understood: [] })
    expect(read(`${text} 2027-03-04`, { dismissed })).toMatchObject({ title: text, understood: [{ kind: 'due' }] })
  }
})

test('a field for a date takes no span', () => {
  for (const text of ['Dec 1 ~ Dec 4', '12月4日到8日', 'Monday to Friday']) expect(dayIn(text, today)).toBe(null)
})

test.each([
  ['5 Jan 27', '2027-01-05'],
  ['Jan 5, 27', '2027-01-05'],
  ['下周5', '2026-12-04'],
  ['下星期日', '2026-12-06'],
  ['大大后天', '2026-11-27'],
  ['明天下午3点', '2026-11-24'],
  ['3月5日，4月6日', null],
  ['Friday or Monday', null],
  ['on Friday please', null],
  ['下周50', null],
])('a field for a date takes “%s” as a whole, and not a part of it: %s', (text, day) => {
  expect(dayIn(text, today)).toBe(day)
})

test.each([
  ['11月20日', '2026-11-20', '2027-11-20'],
  ['20 Nov', '2026-11-20', '2027-11-20'],
  ['Fri, Nov 20', '2026-11-20', null],
  ['11月20日周五', '2026-11-20', null],
  ['11/20', '2026-11-20', '2027-11-20'],
  ['6月1日', '2026-06-01', '2027-06-01'],
  ['20号', '2026-11-20', '2026-12-20'],
  ['on the 20th', '2026-11-20', '2026-12-20'],
  ['5号', '2026-12-05', '2026-12-05'],
  ['31号', '2026-10-31', '2026-12-31'],
  // Half a year ago and more, the next one is nearer.
  ['April 2', '2027-04-02', '2027-04-02'],
  ['12月4日', '2026-12-04', '2026-12-04'],
  ['20 Nov 2027', '2027-11-20', '2027-11-20'],
  ['明年11月20日', '2027-11-20', '2027-11-20'],
  ['下周五', '2026-12-04', '2026-12-04'],
  ['Friday', '2026-11-27', '2026-11-27'],
  ['tomorrow', '2026-11-24', '2026-11-24'],
])('a day without a year is the nearest of its name to begin on, and the next to be due on: %s', (text, start, due) => {
  expect(dayIn(text, today, nearestSince(today))).toBe(start)
  expect(dayIn(text, today)).toBe(due)
})

test.each([
  ['报告 start 12月4日', '报告 start 12月4日', null],
  ['Report 开始 Dec 4', 'Report 开始 Dec 4', null],
  ['Report starts on Dec 4', 'Report starts on Dec 4', null],
  ['报告 开始：12月4日', '报告 开始：12月4日', null],
  ['Z 12月23日开工', 'Z 12月23日开工', null],
  ['12月23日启动新项目', '12月23日启动新项目', null],
  ['下周五起居家办公', '下周五起居家办公', null],
  ['Z 2026-12-23开始', 'Z 2026-12-23开始', null],
  ['12月23日启动会', '启动会', '2026-12-23'],
  ['12月23日前开工', '开工', '2026-12-23'],
  ['12月23日 开工', '开工', '2026-12-23'],
  ['Kick-start Friday', 'Kick-start', '2026-11-27'],
  ['12月4日之后发布', '12月4日之后发布', null],
  ['12月4日后发布', '12月4日后发布', null],
  ['两三天后复查', '两三天后复查', null],
  ['两个半月后复查', '复查', '2027-02-07'],
  ['下周3交稿', '下周3交稿', null],
  ['Publish not before 4 Dec', 'Publish not before 4 Dec', null],
  ['Not until Friday', 'Not until Friday', null],
  ['Order 5, 6 December', 'Order 5, 6 December', null],
  ['Chapter 3, Friday', 'Chapter 3', '2026-11-27'],
  ['next week on Friday call', 'call', '2026-12-04'],
  ['Pay rent 5 Jan 27', 'Pay rent', '2027-01-05'],
  ['4 Dec 26 pay', '4 Dec 26 pay', null],
  ['5 Jan 27 boxes', '5 Jan 27 boxes', null],
])('a day after which something is, or one of two, is none, and no part of it is another: %s', (text, title, due) => {
  expect(dueOf(text)).toEqual([title, due])
})

test.each([
  ['读《明天》', '读《明天》', null],
  ['讨论“明天”这本书', '讨论“明天”这本书', null],
  ['读《明天》 周五前', '读《明天》', '2026-11-27'],
  ['Read “Tomorrow, and tomorrow” by Friday', 'Read “Tomorrow, and tomorrow”', '2026-11-27'],
  ['Print "Due tomorrow" signs p1', 'Print "Due tomorrow" signs', null],
  ['Write ‘on Monday’ on it', 'Write ‘on Monday’ on it', null],
  ['Cut 5" pipe tomorrow, not 6"', 'Cut 5" pipe, not 6"', '2026-11-24'],
])('nothing between quotation marks is understood: %s', (text, title, due) => {
  expect(dueOf(text)).toEqual([title, due])
})

test.each([
  ['交样品 今天', '交样品', '2026-11-23'],
  ['明天交样品', '交样品', '2026-11-24'],
  ['后天开会', '开会', '2026-11-25'],
  ['大后天开会', '开会', '2026-11-26'],
  ['下周五评审', '评审', '2026-12-04'],
  ['下下周一评审', '评审', '2026-12-07'],
  ['本周五评审', '评审', '2026-11-27'],
  ['周三例会', '例会', '2026-11-25'],
  ['周一例会', '例会', '2026-11-23'],
  ['星期日值班', '值班', '2026-11-29'],
  ['12月4日前提交预算', '提交预算', '2026-12-04'],
  ['提交预算 １２月４日', '提交预算', '2026-12-04'],
  ['3月5号体检', '体检', '2027-03-05'],
  ['2027年2月28日 结算', '结算', '2027-02-28'],
  ['月底结账', '结账', '2026-11-30'],
  ['下月底结账', '结账', '2026-12-31'],
  ['年底总结', '总结', '2026-12-31'],
  ['三天后回访', '回访', '2026-11-26'],
  ['十二天后回访', '回访', '2026-12-05'],
  ['两周后回访', '回访', '2026-12-07'],
  ['3个工作日后回访', '回访', '2026-11-26'],
  ['1个月后回访', '回访', '2026-12-23'],
  ['下个工作日发货', '发货', '2026-11-24'],
  ['Ship samples tomorrow', 'Ship samples', '2026-11-24'],
  ['Ship samples by next Friday', 'Ship samples', '2026-12-04'],
  ['Ship fri', 'Ship', '2026-11-27'],
  ['Ship this Friday', 'Ship', '2026-11-27'],
  ['Ship on Mon', 'Ship', '2026-11-23'],
  ['Call back in 3 days', 'Call back', '2026-11-26'],
  ['Call back in a week', 'Call back', '2026-11-30'],
  ['Call back in two weeks', 'Call back', '2026-12-07'],
  ['Dec 4 budget', 'budget', '2026-12-04'],
  ['budget due December 4th', 'budget', '2026-12-04'],
  ['budget 4 Dec 2027', 'budget', '2027-12-04'],
  ['budget 2026-12-04', 'budget', '2026-12-04'],
  ['close the books end of month', 'close the books', '2026-11-30'],
  ['close the books by the end of next month', 'close the books', '2026-12-31'],
  ['Ship next workday', 'Ship', '2026-11-24'],
  ['Ship the day after tomorrow', 'Ship', '2026-11-25'],
  ['meet 29 Feb', 'meet', '2028-02-29'],
])('“%s” is %s, due %s', (text, title, day) => {
  expect(dueOf(text)).toEqual([title, day])
})

/** The table below is read on a Thursday. */
const thursday = '2026-11-26' as Day

test.each([
  // A weekday beside a date, and one that contradicts it.
  ['A Sat 5 Dec', 'A', '2026-12-05'],
  ['A Saturday, December 5', 'A', '2026-12-05'],
  ['A Sat, Dec 5', 'A', '2026-12-05'],
  ['A Fri 5 Dec', 'A Fri 5 Dec', null],
  ['Friday the 13th party', 'Friday the 13th party', null],
  // Beside a day of the month, too; how many of something there are says nothing of the day.
  ['Call Bo Friday 27', 'Call Bo', '2026-11-27'],
  ['Call Bo Friday 4', 'Call Bo', '2026-12-04'],
  ['Friday 27 call Bo', 'call Bo', '2026-11-27'],
  ['Friday 27 sales meeting', 'sales meeting', '2026-11-27'],
  ['Call by Fri. 27th', 'Call', '2026-11-27'],
  ['next Friday 4th call Bo', 'call Bo', '2026-12-04'],
  ['Sat 28 call Bo', 'call Bo', '2026-11-28'],
  ['Call Friday 27 at 3pm', 'Call Friday 27 at 3pm', '2026-11-27'],
  ['Friday 13 call Bo', 'Friday 13 call Bo', null],
  ['Friday 14 report', 'Friday 14 report', null],
  ['Friday 14 reports', '14 reports', '2026-11-27'],
  ['周五14 报告', '周五14 报告', null],
  ['周五27 报告', '报告', '2026-11-27'],
  ['周五3 个箱子', '3 个箱子', '2026-11-27'],
  ['周五10:30 开会', '周五10:30 开会', '2026-11-27'],
  ['Ship Fri 14 business plan', 'Ship Fri 14 business plan', null],
  ['Call Bo Friday 13', 'Call Bo Friday 13', null],
  ['Call Bo next Friday 13th', 'Call Bo next Friday 13th', null],
  ['Friday 13 guests', '13 guests', '2026-11-27'],
  ['Friday 45 people', '45 people', '2026-11-27'],
  ['Ship Friday 4 boxes', 'Ship 4 boxes', '2026-11-27'],
  ['Ship Fri 100 boxes', 'Ship 100 boxes', '2026-11-27'],
  ['Ship Friday, 4 boxes', 'Ship, 4 boxes', '2026-11-27'],
  ['Friday 4 call Bo', 'call Bo', '2026-12-04'],
  ['Friday 4 箱', '4 箱', '2026-11-27'],
  ['room Friday 12 people', 'room 12 people', '2026-11-27'],
  ['room Friday 27 people', 'room people', '2026-11-27'],
  ['room next Friday 27 people', 'room 27 people', '2026-12-04'],
  ['room on the Friday 12 people', 'room on the Friday 12 people', null],
  ['He sat 5 exams', 'He sat 5 exams', null],
  ['Black Friday 4 boxes', 'Black Friday 4 boxes', null],
  ['Call Friday 4 at 3pm', 'Call Friday 4 at 3pm', '2026-12-04'],
  ['Call Friday 4, then rest', 'Call, then rest', '2026-12-04'],
  ['Call Friday 4 #rush', 'Call', '2026-12-04'],
  ['Call Friday 4 p1', 'Call', '2026-12-04'],
  ['next Friday 4 Dec call', 'call', '2026-12-04'],
  ['next Friday, Dec 4 call', 'call', '2026-12-04'],
  ['next Friday 5 Dec call', 'next Friday 5 Dec call', null],
  ['11/27 Fri x', 'x', '2026-11-27'],
  ['27/11 (Fri) x', 'x', '2026-11-27'],
  ['Fri 11/27 x', 'x', '2026-11-27'],
  ['12/4 Fri x', 'x', '2026-12-04'],
  ['11/28 Fri x', '11/28 Fri x', null],
  ['24/7 Fri', '24/7', '2026-11-27'],
  ['周五4号会议室评审', '4号会议室评审', '2026-11-27'],
  ['Friday 3 pm call', 'Friday 3 pm call', '2026-11-27'],
  ['Friday 9-11 call', '9-11 call', '2026-11-27'],
  ['He sat 28 exams', 'He sat 28 exams', null],
  ['周五27号交报告', '交报告', '2026-11-27'],
  ['交报告 周五4号', '交报告', '2026-12-04'],
  ['下周五4号前交报告', '交报告', '2026-12-04'],
  ['下周五27号交报告', '下周五27号交报告', null],
  ['下下周五11号交报告', '交报告', '2026-12-11'],
  ['这周五27号交报告', '交报告', '2026-11-27'],
  ['27号周五交报告', '交报告', '2026-11-27'],
  ['交报告 27日（周五）', '交报告', '2026-11-27'],
  ['周五13号交报告', '周五13号交报告', null],
  ['13号周五交报告', '13号周五交报告', null],
  ['周五3号会议室开会', '3号会议室开会', '2026-11-27'],
  ['周五5号线停运', '5号线停运', '2026-11-27'],
  ['交报告 12月5日周六', '交报告', '2026-12-05'],
  ['交报告 12月5日（周六）', '交报告', '2026-12-05'],
  ['周六12月5日交报告', '交报告', '2026-12-05'],
  ['交报告 12月5日周五', '交报告 12月5日周五', null],
  // What is over, comes again, or begins then.
  ['A last Friday', 'A last Friday', null],
  ['交 上周五', '交 上周五', null],
  ['整理上上周末的照片', '整理上上周末的照片', null],
  ['每周一 例会', '每周一 例会', null],
  ['每月底对账', '每月底对账', null],
  ['每3周周一例会', '每3周周一例会', null],
  ['隔周五值班', '隔周五值班', null],
  ['every Monday standup', 'every Monday standup', null],
  ['Standup every other Friday', 'Standup every other Friday', null],
  ['first Monday of May', 'first Monday of May', null],
  ['Open from tomorrow', 'Open from tomorrow', null],
  ['从明天起停用', '从明天起停用', null],
  ['明天开始休假', '明天开始休假', null],
  ['去年12月4日的合同', '去年12月4日的合同', null],
  ['本周一补录', '本周一补录', null],
  ['Report of this Monday', 'Report of this Monday', null],
  // From one day on, or to another.
  ['A week from Friday', 'A week from Friday', null],
  ['Call back a week from Friday', 'Call back', '2026-12-04'],
  ['Call back two weeks from now', 'Call back', '2026-12-10'],
  ['Call back 3 days from now', 'Call back', '2026-11-29'],
  ['Call back in a couple of days', 'Call back', '2026-11-28'],
  ['Call back in a fortnight', 'Call back', '2026-12-10'],
  ['推迟到下周五', '推迟到下周五', null],
  ['Move the meeting to Friday', 'Move the meeting to Friday', null],
  ['回访 两周内', '回访', '2026-12-10'],
  ['三天之内回复', '回复', '2026-11-29'],
  ['7日内退款', '退款', '2026-12-03'],
  ['半个月后复查', '复查', '2026-12-11'],
  ['一年后续签', '一年后续签', null],
  // Weeks and months.
  ['Report Friday next week', 'Report', '2026-12-04'],
  ['Report next week', 'Report', '2026-11-30'],
  ['Report by next week', 'Report', '2026-11-30'],
  ["Read next week's report", "Read next week's report", null],
  ['Plan next week', 'Plan next week', null],
  ['Report the week after next', 'Report', '2026-12-07'],
  ['Report next month', 'Report', '2026-12-01'],
  ['Report by end of week', 'Report', '2026-11-27'],
  ['Clean up this weekend', 'Clean up', '2026-11-28'],
  ['Clean up by the weekend', 'Clean up', '2026-11-28'],
  ['Book a weekend in Rome', 'Book a weekend in Rome', null],
  ['交报告 下周', '交报告', '2026-11-30'],
  ['下周交报告', '交报告', '2026-11-30'],
  ['下周内交报告', '交报告', '2026-12-04'],
  ['下周一起团建', '一起团建', '2026-11-30'],
  ['大扫除 周末', '大扫除', '2026-11-28'],
  ['这周末大扫除', '大扫除', '2026-11-28'],
  ['下周末大扫除', '大扫除', '2026-12-05'],
  ['周末活动策划', '周末活动策划', null],
  ['下个月交报告', '交报告', '2026-12-01'],
  ['下月底交报告', '交报告', '2026-12-31'],
  ['12月底交报告', '交报告', '2026-12-31'],
  ['明年底交报告', '交报告', '2027-12-31'],
  // Dates.
  ['交报告 12/4', '交报告', '2026-12-04'],
  ['12/4前交报告', '交报告', '2026-12-04'],
  ['Report 12/14', 'Report', '2026-12-14'],
  ['Report by 14/12', 'Report', '2026-12-14'],
  ['Report 12/4', 'Report 12/4', null],
  ['Support 24/7', 'Support 24/7', null],
  ['Print 3/16 of it', 'Print 3/16 of it', null],
  ['体检 5号', '体检', '2026-12-05'],
  ['5号前交房租', '交房租', '2026-12-05'],
  ['十五号 交房租', '交房租', '2026-12-15'],
  ['检修5号楼', '检修5号楼', null],
  ['地铁5号线', '地铁5号线', null],
  ['下个月5号体检', '体检', '2026-12-05'],
  ['十二月四日提交', '提交', '2026-12-04'],
  ['十二月二十一号提交', '提交', '2026-12-21'],
  ['明年1月1日上线', '上线', '2027-01-01'],
  ['2027年3月5日上线', '上线', '2027-03-05'],
  ['Launch January 5 next year', 'Launch', '2027-01-05'],
  ['Pay rent by the 5th', 'Pay rent', '2026-12-05'],
  ['Pay rent by 5th', 'Pay rent', '2026-12-05'],
  ['Pay rent the 15th', 'Pay rent', '2026-12-15'],
  ['The 15th: pay rent', 'pay rent', '2026-12-15'],
  ['Pay rent December the 15th', 'Pay rent', '2026-12-15'],
  ['Read on Henry the 8th', 'Read on Henry the 8th', null],
  ['The 15th floor', 'The 15th floor', null],
  ['Tidy the 5th floor', 'Tidy the 5th floor', null],
  ['Office on the 5th floor', 'Office on the 5th floor', null],
  ['12月4日前端上线', '前端上线', '2026-12-04'],
  ['12月4日前后回访', '12月4日前后回访', null],
  ['周五前的会议', '周五前的会议', null],
  ['截止12月4日 报名', '报名', '2026-12-04'],
  // A time of day has no other place than the title.
  ['今天下午', '今天下午', '2026-11-26'],
  ['今天下午开会', '今天下午开会', '2026-11-26'],
  ['明早发货', '明早发货', '2026-11-27'],
  ['周五晚上聚餐', '周五晚上聚餐', '2026-11-27'],
  ['明天3点开会', '明天3点开会', '2026-11-27'],
  ['Call Bo tomorrow morning', 'Call Bo tomorrow morning', '2026-11-27'],
  ['Call Bo Friday 3pm', 'Call Bo Friday 3pm', '2026-11-27'],
  ['Call Bo at 3pm tomorrow', 'Call Bo at 3pm tomorrow', '2026-11-27'],
  ['Report by noon Friday', 'Report by noon Friday', '2026-11-27'],
  ['Report by 12/25 at noon', 'Report by 12/25 at noon', '2026-12-25'],
  ['Report 12/25 3pm', 'Report 12/25 3pm', '2026-12-25'],
  ['交报告 12/25 下午3点', '交报告 12/25 下午3点', '2026-12-25'],
  ['Slides, part 1/2 at noon', 'Slides, part 1/2 at noon', null],
  ['Report 15:00 tomorrow', 'Report 15:00 tomorrow', '2026-11-27'],
  ['下午三点 明天开会', '下午三点 明天开会', '2026-11-27'],
  // Before another day.
  ['Remind Bo 2 days before Friday', 'Remind Bo 2 days before Friday', null],
  ['Remind Bo 2 days before Monday', 'Remind Bo', '2026-11-28'],
  ['Remind Bo a week before Sat', 'Remind Bo a week before Sat', null],
  ['Remind Bo 2 months before Friday', 'Remind Bo 2 months before Friday', null],
  ['Remind Bo 2 days before Dec 14', 'Remind Bo 2 days before Dec 14', null],
  ['Remind Bo 2 days before 2026-12-14', 'Remind Bo 2 days before 2026-12-14', null],
  ['Remind Bo two weeks before Spring Festival', 'Remind Bo two weeks before Spring Festival', null],
  ['Remind Bo an hour before tomorrow', 'Remind Bo an hour before tomorrow', null],
  ['Remind Bo the day before Friday', 'Remind Bo the day before Friday', null],
  // A count of things.
  ['Buy 3 Mar bars', 'Buy 3 Mar bars', null],
  ['Order 4 Dec folders', 'Order 4 Dec folders', null],
  ['4 Dec samples', 'samples', '2026-12-04'],
  ['Order by 4 Dec folders', 'Order folders', '2026-12-04'],
  ['Order 4 Dec', 'Order', '2026-12-04'],
  ['今天之内回复', '回复', '2026-11-26'],
  ['回复 今天之内', '回复', '2026-11-26'],
  ['明天内回复', '回复', '2026-11-27'],
  ['今天内部会议', '内部会议', '2026-11-26'],
  ['27年1月1日上线', '上线', '2027-01-01'],
  ['08年1月1日上线', '08年1月1日上线', null],
  // Parts of words and names.
  ['黑色星期五活动', '黑色星期五活动', null],
  ['Black Friday campaign', 'Black Friday campaign', null],
  ['Plan Black Friday', 'Plan Black Friday', null],
  ["Friday's menu", "Friday's menu", null],
  ['Migrate monday.com', 'Migrate monday.com', null],
  ['buy sun cream', 'buy sun cream', null],
  ['Sun cream order', 'Sun cream order', null],
  ['Look at the sun', 'Look at the sun', null],
  ['Ship Sun', 'Ship', '2026-11-29'],
  ['今日头条投放', '今日头条投放', null],
  ['明日方舟联名', '明日方舟联名', null],
  ['今日发货', '发货', '2026-11-26'],
  ['周日报表', '周日报表', null],
  ['两周一次例会', '两周一次例会', null],
  ['明天的会议材料', '明天的会议材料', null],
  ['USA Today ad', 'USA Today ad', null],
  ['@friday bot', '@friday bot', null],
  ['Prepare slides for tomorrow', 'Prepare slides', '2026-11-27'],
  ['Ship Friday #rush p1', 'Ship', '2026-11-27'],
  ['Monday: send the invoice', 'send the invoice', '2026-11-30'],
  ['Report (due Friday)', 'Report', '2026-11-27'],
  ['Report due: Friday', 'Report', '2026-11-27'],
  ['Review by EOD Friday', 'Review', '2026-11-27'],
  ['Finish by end of day tomorrow', 'Finish', '2026-11-27'],
  ['Ship on Friday or Monday', 'Ship on Friday or Monday', null],
  ["Update for today's call", "Update for today's call", null],
  ["Call back in 2 weeks' time", 'Call back', '2026-12-10'],
  ['在周三评审', '评审', '2026-12-02'],
  ['请于下周五前回复', '请回复', '2026-12-04'],
  ['由于明天下雨改期', '由于明天下雨改期', null],
  ['周五（含）前 交稿', '交稿', '2026-11-27'],
  ['本月5号发工资', '本月5号发工资', null],
  ['第三天后复查', '第三天后复查', null],
  ['3天后台维护', '3天后台维护', null],
  ['今天！', '今天！', null],
  ['跟老王明天开会', '跟老王开会', '2026-11-27'],
  // Two days: a card is due on one, and which one nobody said.
  ['周三周四值班', '周三周四值班', null],
  ['周三四培训', '周三四培训', null],
  ['下周三、周四培训', '下周三、周四培训', null],
  ['周六日加班', '周六日加班', null],
  ['周六、日加班', '周六、日加班', null],
  ['明后天出差', '明后天出差', null],
  ['明天后天出差', '明天后天出差', null],
  ['明、后天出差', '明、后天出差', null],
  ['今明两天出差', '今明两天出差', null],
  // The end of one word is no day.
  ['写发布说明 明天', '写发布说明', '2026-11-27'],
  ['写发布说明 后天', '写发布说明', '2026-11-28'],
  ['写发布说明明天发', '写发布说明发', '2026-11-27'],
  ['开证明后天用', '开证明用', '2026-11-28'],
  ['12月4、5日展会', '12月4、5日展会', null],
  ['12月4日5日展会', '12月4日5日展会', null],
  ['Shifts Fri Sat', 'Shifts Fri Sat', null],
  ['Mon, Tue shifts', 'Mon, Tue shifts', null],
  ['周日日报', '日报', '2026-11-29'],
  ['下周一三点开会', '下周一三点开会', '2026-11-30'],
  // A short form with a point is a part of the title, unless it ends the text or has a number after it.
  ['Sat. delivery', 'Sat. delivery', null],
  ['Fri. delivery', 'Fri. delivery', null],
  ['Prepare for Fri. delivery', 'Prepare for Fri. delivery', null],
  ['Ship Fri.', 'Ship', '2026-11-27'],
  ['Ship by Fri.', 'Ship', '2026-11-27'],
  ['Ship Sat. 5 Dec', 'Ship', '2026-12-05'],
  ['Ship Sat. Dec. 5', 'Ship', '2026-12-05'],
  // Names.
  ['Sunday Times', 'Sunday Times', null],
  ['Ad for Sunday Times', 'Ad for Sunday Times', null],
  ['sunday times ad', 'sunday times ad', null],
  ['线下周五活动', '线下周五活动', null],
  ['End of month report', 'End of month report', null],
  ['EOM report', 'EOM report', null],
  ['eom pay the rent', 'pay the rent', '2026-11-30'],
  ['Pay the rent EOM to Bo', 'Pay the rent to Bo', '2026-11-30'],
  ['eom前 交报告', '交报告', '2026-11-30'],
  ['eom: pay the rent', 'pay the rent', '2026-11-30'],
  ['End of month: pay the rent', 'pay the rent', '2026-11-30'],
  ['End of next week call', 'End of next week call', null],
  ['月底报表', '月底报表', null],
  // Weeks and months on.
  ['Call a week on Friday', 'Call', '2026-12-04'],
  ['Call two weeks on Friday', 'Call', '2026-12-11'],
  ['Call Friday week', 'Call', '2026-12-04'],
  ['Call end of next week', 'Call', '2026-12-04'],
  ['Call by end of next week about it', 'Call about it', '2026-12-04'],
  ['Close the books end of month', 'Close the books', '2026-11-30'],
  ['结账 月底', '结账', '2026-11-30'],
  ['下下个月体检', '体检', '2027-01-01'],
  ['下下个月5号体检', '体检', '2027-01-05'],
  ['下下月底交', '交', '2027-01-31'],
  ['本月28号发工资', '发工资', '2026-11-28'],
  ['发工资 本月28号', '发工资', '2026-11-28'],
  ['本周内完成', '完成', '2026-11-27'],
  ['本月内完成', '完成', '2026-11-30'],
  // Pages, rooms and results look like a day with a dash.
  ['交报告 12-4', '交报告', '2026-12-04'],
  ['12-4前交报告', '交报告', '2026-12-04'],
  ['Report by 12-14', 'Report', '2026-12-14'],
  ['Report 12-14', 'Report 12-14', null],
  ['Lunch 12-2', 'Lunch 12-2', null],
  ['复习 3-4', '复习 3-4', null],
  ['复习3-4章', '复习3-4章', null],
  // Holidays that are not published yet begin by law.
  ['春节前备货', '备货', '2027-02-04'],
  ['国庆前交货', '交货', '2027-09-30'],
  ['中秋前备货', '备货', '2027-09-14'],
  // The day of a festival, where nothing else can be meant: 国庆 活动 is a topic.
  ['除夕 年夜饭', '年夜饭', '2027-02-05'],
  ['年夜饭 除夕', '年夜饭', '2027-02-05'],
  ['除夕前备货', '备货', '2027-02-04'],
  ['除夕下午 团圆', '除夕下午 团圆', '2027-02-05'],
  ['大年初一 拜年', '拜年', '2027-02-06'],
  ['拜年 正月初一', '拜年', '2027-02-06'],
  ['中秋当天送礼', '送礼', '2027-09-15'],
  ['送礼 中秋节', '送礼', '2027-09-15'],
  ['交稿 国庆节', '交稿', '2027-10-01'],
  ['在元旦 交稿', '交稿', '2027-01-01'],
  ['国庆 活动方案', '国庆 活动方案', null],
  ['中秋节 活动方案', '中秋节 活动方案', null],
  ['中秋月饼采购', '中秋月饼采购', null],
  ['清明上河图', '清明上河图', null],
  ['回家 春节', '回家 春节', null],
  ['除夕夜菜单', '除夕夜菜单', null],
  ['春节当天 拜年', '拜年', '2027-02-06'],
  // The marks beside what went.
  ['Ship tomorrow.', 'Ship.', '2026-11-27'],
  ['发货，周五。', '发货。', '2026-11-27'],
  ['Ship (Friday), then rest', 'Ship, then rest', '2026-11-27'],
])('on a Thursday “%s” is “%s”, due %s', (text, title, day) => {
  expect(dueOf(text, { today: thursday })).toEqual([title, day])
})

test.each<readonly [string, string, string | null]>([
  ['采购年货 除夕当天', '采购年货', '2027-02-05'],
  ['除夕当天采购年货', '采购年货', '2027-02-05'],
  ['大年初一当天拜年', '拜年', '2027-02-06'],
  ['春节当天拜年', '拜年', '2027-02-06'],
  ['灯会布展 元宵节', '灯会布展', '2027-02-20'],
  ['灯会布展 元宵节当天', '灯会布展', '2027-02-20'],
  ['元宵当天布展', '布展', '2027-02-20'],
  ['在元宵节 布展', '布展', '2027-02-20'],
  ['元宵节前布展', '布展', '2027-02-19'],
  ['清明当天扫墓', '扫墓', '2027-04-05'],
  ['端午当日送粽子', '送粽子', '2027-06-09'],
  ['劳动节当天值班', '值班', '2027-05-01'],
  ['发货 圣诞节', '发货', '2026-12-25'],
  ['圣诞节当天 值班', '值班', '2026-12-25'],
  ['圣诞节前发货', '发货', '2026-12-24'],
  ['平安夜当天 送苹果', '送苹果', '2026-12-24'],
  // What it is about.
  ['买元宵', '买元宵', null],
  ['元宵节 活动方案', '元宵节 活动方案', null],
  ['元宵节灯会', '元宵节灯会', null],
  ['圣诞树 采购', '圣诞树 采购', null],
  ['圣诞节 菜单', '圣诞节 菜单', null],
  // After a word that leads to a day.
  ['Ship by Christmas', 'Ship', '2026-12-25'],
  ['Ship by Christmas to Bo', 'Ship to Bo', '2026-12-25'],
  ['Ship on Christmas Eve', 'Ship', '2026-12-24'],
  ['Ship on Christmas Eve 3pm', 'Ship on Christmas Eve 3pm', '2026-12-24'],
  ['Close the shop at Christmas', 'Close the shop', '2026-12-25'],
  ['Ship before Christmas', 'Ship', '2026-12-24'],
  ['Pay on New Year’s Day', 'Pay', '2027-01-01'],
  ["Pay by New Year's Eve", 'Pay', '2026-12-31'],
  ['Pay by New Year', 'Pay', '2027-01-01'],
  ['Pay before New Year’s Day', 'Pay', '2026-12-31'],
  ['Ship by Chinese New Year', 'Ship', '2027-02-06'],
  ['Ship by Chinese New Year’s Eve', 'Ship', '2027-02-05'],
  ['Open on Lantern Festival', 'Open', '2027-02-20'],
  ['Open on the Lantern Festival', 'Open', '2027-02-20'],
  ['Order cakes by the Mid-Autumn Festival!', 'Order cakes!', '2027-09-15'],
  ['Race on Dragon Boat Festival', 'Race', '2027-06-09'],
  ['Parade due National Day', 'Parade', '2027-10-01'],
  ['Fly the flag on National Day #rush', 'Fly the flag', '2027-10-01'],
  // Set off by a mark, or by its own name a day and no topic.
  ['Send cards, Christmas', 'Send cards', '2026-12-25'],
  ['Send cards (Chinese New Year)', 'Send cards', '2027-02-06'],
  ['Send cards Christmas Eve', 'Send cards', '2026-12-24'],
  ['Send cards Christmas Day', 'Send cards', '2026-12-25'],
  ["Send cards New Year's Day", 'Send cards', '2027-01-01'],
  // What it is about.
  ...[
    'Plan Christmas party',
    'Plan Christmas Eve',
    'Plan by Christmas Carol',
    'Decide on Christmas party',
    'Christmas',
    'Christmas: menu',
    'Merry Christmas',
    'Merry Christmas Eve',
    'Happy New Year',
    'Happy New Year’s Day',
    'Recipes for Christmas',
    'Recipes for Christmas Eve',
    'Work over Christmas',
    'Article on Chinese New Year',
    'Article on Christmas Day',
    'Book on National Day',
    'Visit Lantern Festival',
    'Dragon Boat Festival',
    'Film the Mid-Autumn Festival',
    'Menu of Christmas Eve',
    'Celebrate Christmas Day',
    'Celebrate Chinese New Year',
    'Menu: National Day',
    'Singapore National Day',
    'Clear up after Christmas',
    'Invite before Christmas party',
    'Nightmare before Christmas Eve dinner',
  ].map((title) => [title, title, null] as const),
])('“%s” is “%s”, due %s: a festival is a day only where it is not what the card is about', (text, title, day) => {
  expect(dueOf(text, { today: thursday })).toEqual([title, day])
})

test.each([
  ['春节前 备货', '备货', '2026-02-14', '2026-01-20'],
  ['国庆前交货', '交货', '2026-09-30', '2026-09-01'],
  ['Deliver before National Day', 'Deliver', '2026-09-30', '2026-09-01'],
  ['国庆前台布置', '国庆前台布置', null, '2026-09-01'],
  ['国庆前夕慰问', '国庆前夕慰问', null, '2026-09-01'],
])('“%s” is “%s”, due %s: the last workday before the holidays', (text, title, day, on) => {
  expect(dueOf(text, { today: on as Day })).toEqual([title, day])
})

test.each([
  'Order frisbees',
  'Marching band, may be loud',
  'Version 2026.13.40',
  'Meet 31 Feb',
  '13月40日',
  '一周总结',
  '前天的报告',
  'todays-list',
  'Sunscreen',
  '1.2026-12-04.3',
])('“%s” holds no date', (text) => {
  expect(dueOf(text)).toEqual([text, null])
})

test('the workday after the eve of National Day lies behind the holidays of mainland China', () => {
  const { understood } = read('下个工作日发货', { today: '2026-09-30' as Day })
  expect(understood[0]).toMatchObject({ kind: 'due', day: '2026-10-08' })
})

test.each([
  ['国庆后第一个工作日发货', '发货', '2026-10-08', '2026-09-01'],
  ['国庆节假期后的首个工作日发货', '发货', '2026-10-08', '2026-10-03'],
  ['春节前最后一个工作日结账', '结账', '2026-02-14', '2026-01-20'],
  ['五一之后第一个工作日 盘点', '盘点', '2026-05-06', '2026-03-01'],
  ['Ship on the first workday after National Day', 'Ship', '2026-10-08', '2026-09-01'],
  ['Pay by the last working day before Spring Festival', 'Pay', '2026-02-14', '2026-01-20'],
])('“%s” knows the holidays of mainland China', (text, title, day, on) => {
  const card = read(text, { today: on as Day })
  expect([card.title, card.understood.find(({ kind }) => kind === 'due')]).toMatchObject([title, { day }])
})

test('a holiday that is not published yet is no date, and its name no other one', () => {
  expect(read('国庆后第一个工作日发货').understood).toEqual([])
})

test.each([
  ['交报告 周五', '交报告', '2026-11-27'],
  ['周五交报告', '交报告', '2026-11-27'],
  ['交报告 周五前', '交报告', '2026-11-27'],
  ['交报告 周五下班前', '交报告', '2026-11-27'],
  ['周五下班前交报告', '交报告', '2026-11-27'],
  ['今天下班之前交报告', '交报告', '2026-11-27'],
  ['明日下班前交报告', '交报告', '2026-11-28'],
  ['12月4日下班前交报告', '交报告', '2026-12-04'],
  ['周五晚上聚餐', '周五晚上聚餐', '2026-11-27'],
  ['下周五下班前交报告', '交报告', '2026-12-04'],
  ['交报告 周四', '交报告', '2026-12-03'],
  ['Report Friday', 'Report', '2026-11-27'],
  ['Friday: report', 'report', '2026-11-27'],
  ['Report by Friday', 'Report', '2026-11-27'],
  ['Report by EOD Friday', 'Report', '2026-11-27'],
  ['Report by end of work Friday', 'Report', '2026-11-27'],
  ['Report by close of business on Friday', 'Report', '2026-11-27'],
  ['Report Friday before end of work', 'Report', '2026-11-27'],
  ['Report Friday COB', 'Report', '2026-11-27'],
  ['Report before the end of the working day', 'Report', '2026-11-27'],
  ['Report by COB', 'Report', '2026-11-27'],
  ['Corn on the cob', 'Corn on the cob', null],
  ['End of work party', 'End of work party', null],
  ['Call Bo Friday 3pm', 'Call Bo Friday 3pm', '2026-11-27'],
  ['Report next Friday', 'Report', '2026-12-04'],
  ['Report this coming Friday', 'Report', '2026-12-04'],
  ['Report a week from Friday', 'Report', '2026-12-04'],
  ['Report 2 days before Friday', 'Report', '2026-12-02'],
  ['Report Thursday', 'Report', '2026-12-03'],
])('on a Friday “Friday” is today, unless it says which other one: %s', (text, title, due) => {
  expect(dueOf(text, { today: '2026-11-27' as Day })).toEqual([title, due])
})

test('a field for a date understands the same words', () => {
  for (const [text, day] of [
    ['next Friday', '2026-12-04'],
    ['下周五', '2026-12-04'],
    ['2周后', '2026-12-07'],
    ['in 2 weeks', '2026-12-07'],
    ['３天后', '2026-11-26'],
    ['End of month', '2026-11-30'],
    ['Yesterday', '2026-11-22'],
    ['昨天', '2026-11-22'],
    ['前天', '2026-11-21'],
    ['二〇二七年一月一日', '2027-01-01'],
    ['二零二七年十二月三十一日', '2027-12-31'],
    ['soon', null],
  ] as const)
    expect(dayIn(text, today), text).toBe(day)
})

test('one line says title, date, priority, label, person and estimate, in either language', () => {
  const english = read('Send samples to Bo next Friday #Quality check @ana ~2h p1')
  expect(english.title).toBe('Send samples to Bo')
  expect(english.understood).toMatchObject([
    { kind: 'due', day: '2026-12-04' },
    { kind: 'label', label: 'quality' },
    { kind: 'person', person: 'ana' },
    { kind: 'estimate', hours: 2 },
    { kind: 'priority', priority: 'high' },
  ])
  const chinese = read('样品寄给客户 下周五 #加急 ＠林 ～2天 ！高')
  expect(chinese.title).toBe('样品寄给客户')
  expect(chinese.understood).toMatchObject([
    { kind: 'due', day: '2026-12-04' },
    { kind: 'label', label: 'jiaji' },
    { kind: 'person', person: 'lin' },
    { kind: 'estimate', hours: 16 },
    { kind: 'priority', priority: 'high' },
  ])
})

test.each([
  ['~两小时', 2],
  ['~半天', 4],
  ['～一天', 8],
  ['~一天半', 12],
  ['~一个半小时', 1.5],
  ['~十二小时', 12],
  ['~一起', null],
])('“写稿 %s” is an estimate of %s hours', (said, hours) => {
  expect(read(`写稿 ${said}`).understood.map((one) => one.kind === 'estimate' && one.hours)).toEqual(
    hours === null ? [] : [hours],
  )
})

test('an unknown label is a new one; a number, an unknown or ambiguous person and an address stay text', () => {
  expect(read('Film #产品图').understood).toMatchObject([{ kind: 'label', label: null, name: '产品图' }])
  for (const text of [
    'Fix #123',
    'Ask @nobody',
    'Ask @an',
    'Write to lin@example.com',
    '紧急联系人名单',
    'Buy p10 paint',
  ])
    expect(read(text)).toEqual({ title: text, understood: [] })
  const others = [
    { id: 'ann-b', name: 'Ann Berg' },
    { id: 'anna', name: 'Anna Li' },
  ]
  expect(read('Ask @Ann', { people: others }).understood).toMatchObject([{ kind: 'person', person: 'ann-b' }])
  expect(read('Ask @Anna', { people: others }).understood).toMatchObject([{ kind: 'person', person: 'anna' }])
  expect(read('Ask @An', { people: others }).understood).toEqual([])
  expect(read('Ask @Ann', { people: [...others, { id: 'ann-w', name: 'Ann Wu' }] }).understood).toEqual([])
  const twoAnns = [1, 2].map((number) => ({ id: `ann-${number}`, name: `Ann (${number})` }))
  expect(read('Ask @Ann', { people: twoAnns }).understood).toEqual([])
  expect(read('Ask @Ann (2)', { people: twoAnns })).toMatchObject({
    title: 'Ask',
    understood: [{ kind: 'person', person: 'ann-2' }],
  })
  expect(read('Ask @me').understood).toMatchObject([{ kind: 'person', person: 'ann' }])
  expect(read('紧急 修复登录').understood).toMatchObject([{ kind: 'priority', priority: 'urgent' }])
})

test('what Ann dismisses stays in the title while she types on; a line that is a date alone is a title', () => {
  const [friday] = read('Friday drinks').understood
  expect(friday?.kind).toBe('due')
  const dismissed = new Set([friday?.key ?? ''])
  expect(read('Friday drinks tomorrow', { dismissed })).toMatchObject({
    title: 'Friday drinks',
    understood: [{ kind: 'due', day: '2026-11-24' }],
  })
  expect(read('周五')).toEqual({ title: '周五', understood: [] })
})

test('a text without words that mean something is its title, letter by letter', () => {
  const piece = fc.constantFrom(
    '样品',
    ' ',
    '  ',
    'ship',
    'foo()',
    '.env',
    ' ,',
    '，',
    '（）',
    ':',
    'v1.0',
    'A',
    '。',
    '😀',
    '(',
    ')',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (text) => {
        const { title, understood } = read(text)
        if (understood.length === 0) expect(title).toBe(text.trim())
      },
    ),
  )
})

test('the title and the words that were taken are the text, and who takes all of them back has it as it was', () => {
  const piece = fc.constantFrom(
    ...[
      '样品',
      ' ',
      'ship',
      ', ',
      '，',
      '(',
      ')',
      '. ',
      ': ',
      '明天',
      '下周五',
      ' Friday ',
      'by fri',
      '#Rush',
      '@ana',
      ' p1 ',
    ],
    ...[
      '~2h',
      '12月4日',
      ' 12/14',
      '周六日',
      'Sat. ',
      '月底',
      ' end of month',
      'next week',
      '春节前',
      '12-4',
      'A',
      '3pm',
      '紧急 ',
    ],
  )
  /** Spaces, and the marks that part one thing from another, go with what they parted. */
  const bare = (text: string) => text.replaceAll(/[\s,，;；.。:：()（）]/g, '')
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      (text) => {
        const { title, understood } = read(text)
        const taken = understood.filter(({ stays }) => !stays)
        const left = taken.reduceRight((rest, { from, to }) => rest.slice(0, from) + rest.slice(to), text)
        expect(bare(title)).toBe(bare(left))
        const dismissed = new Set<string>()
        let now = read(text, { dismissed })
        for (; now.understood.length > 0; now = read(text, { dismissed }))
          for (const { key } of now.understood) dismissed.add(key)
        expect(now.title).toBe(text.trim())
      },
    ),
    { numRuns: 500 },
  )
})

test('whatever is typed, the title is not empty, every day is one, and every part lies in the text apart from the others', () => {
  const word = fc.constantFrom(
    '明天',
    '下周五',
    'fri',
    ' ',
    '#',
    '@',
    '~',
    '2h',
    'p1',
    '!',
    '12月4日',
    'Dec 4',
    '样品',
    'a',
    '十',
    '天后',
    '下',
    '周末',
    '5号',
    '前',
    'next week',
    'sat',
    'every',
    '12/14',
    ' - ',
    '到',
    ' tomorrow',
    'İ',
    '😀',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word).map((words) => words.join('')),
      ),
      (text) => {
        const { title, understood } = read(text)
        if (/[\p{L}\p{N}]/u.test(text)) expect(title).not.toBe('')
        let at = 0
        for (const { from, to, ...rest } of understood) {
          expect(from).toBeGreaterThanOrEqual(at)
          expect(to).toBeGreaterThan(from)
          at = to
          if (rest.kind === 'due') expect(isDay(rest.day)).toBe(true)
          if (rest.kind === 'span') expect(isDay(rest.start) && isDay(rest.due) && rest.start <= rest.due).toBe(true)
        }
        expect(at).toBeLessThanOrEqual(text.length)
      },
    ),
    { numRuns: 300 },
  )
})

test('a long text that was pasted is a title, whole; nothing in it is taken for a date', () => {
  const pasted = 'We agreed with the supplier to deliver by tomorrow. '.repeat(50)
  expect(readQuickAdd(pasted, context)).toEqual({ title: pasted.trim(), understood: [] })
})

test('a range of numbers is no estimate, and both ends of a span have one order of day and month', () => {
  const read = (text: string, dayFirst: boolean | null) => readQuickAdd(text, { ...context, dayFirst })
  expect(read('Version 1.2 ~ 1.4', null)).toMatchObject({ title: 'Version 1.2 ~ 1.4', understood: [] })
  expect(read('Sew ~ 2', null).understood).toMatchObject([{ kind: 'estimate', hours: 2 }])
  for (const dayFirst of [true, false])
    expect(read('12/30-1/2 trip', dayFirst).understood).toMatchObject([
      { kind: 'span', start: '2026-12-30', due: '2027-01-02' },
    ])
})

test.each(['constructor', '__proto__'])('in a field for a date %s is none, and no error', (text) => {
  expect(dayIn(text, today)).toBe(null)
})
