import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDay, type Day } from '#lib/kernel/instants.ts'
import { readQuickAdd, type QuickContext } from '#lib/kinds/board/quick-add.ts'
import { dayIn } from '#lib/kinds/board/quick-dates.ts'

/** A Monday. */
const today = '2026-11-23' as Day
const context: QuickContext = {
  today,
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
const dueOf = (text: string) => {
  const { title, understood } = read(text)
  return [title, understood.find((one) => one.kind === 'due')?.day ?? null]
}

test.each([
  ['交样品 今天', '交样品', '2026-11-23'],
  ['明天交样品', '交样品', '2026-11-24'],
  ['后天开会', '开会', '2026-11-25'],
  ['大后天开会', '开会', '2026-11-26'],
  ['下周五评审', '评审', '2026-12-04'],
  ['下下周一评审', '评审', '2026-12-07'],
  ['本周五评审', '评审', '2026-11-27'],
  ['周三例会', '例会', '2026-11-25'],
  ['周一例会', '例会', '2026-11-30'],
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
  ['Ship on Mon', 'Ship', '2026-11-30'],
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

test('a field for a date understands the same words', () => {
  for (const [text, day] of [
    ['next Friday', '2026-12-04'],
    ['下周五', '2026-12-04'],
    ['2周后', '2026-12-07'],
    ['in 2 weeks', '2026-12-07'],
    ['３天后', '2026-11-26'],
    ['End of month', '2026-11-30'],
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
        }
        expect(at).toBeLessThanOrEqual(text.length)
      },
    ),
    { numRuns: 300 },
  )
})
