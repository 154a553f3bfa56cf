/**
 * The demo: a product launch across five departments, told in the person's language and around today, with its past: who
 * planned, moved and ticked off what, and when. Its colleagues are names only; nobody else is there.
 */
import type { Locale, MutationCall } from '../kernel/define-kind.ts'
import { addDays, type Day } from '../kernel/instants.ts'
import { place } from './places.ts'

interface DemoCard {
  zh: string
  en: string
  column: 0 | 1 | 2 | 3
  department: Department
  who?: readonly Colleague[]
  /** Days from today. */
  start?: number
  due?: number
  /** Due on that day until it was put off to `due`. */
  dueAtFirst?: number
  priority?: 'urgent' | 'high' | 'medium' | 'low'
  hours?: number
  repeat?: 'weekly' | 'monthly'
  /** By it others name it. */
  key?: string
  /** Keys of cards that must be finished first. */
  after?: readonly string[]
  text?: { zh: string; en: string }
  /** `done` items were ticked off one by one. */
  list?: readonly { zh: string; en: string; done?: true }[]
}

const departments = {
  rd: { zh: '研发', en: 'R&D', color: 'blue' },
  marketing: { zh: '市场', en: 'Marketing', color: 'orange' },
  sales: { zh: '销售', en: 'Sales', color: 'green' },
  production: { zh: '生产', en: 'Production', color: 'purple' },
  finance: { zh: '财务', en: 'Finance', color: 'teal' },
} as const
type Department = keyof typeof departments

const colleagues = {
  me: { zh: '林小舟', en: 'Robin Lake', department: 'marketing' },
  bo: { zh: '陈默', en: 'Bo Lindqvist', department: 'rd' },
  yue: { zh: '孙悦', en: 'Nora Weiss', department: 'rd' },
  mia: { zh: '周雨桐', en: 'Mia Torres', department: 'marketing' },
  jia: { zh: '何佳', en: 'Theo Martin', department: 'marketing' },
  hao: { zh: '李昊', en: 'Liam Novak', department: 'sales' },
  wang: { zh: '王建国', en: 'Priya Shah', department: 'production' },
  min: { zh: '赵敏', en: 'Elena Rossi', department: 'finance' },
} as const satisfies Record<string, { zh: string; en: string; department: Department }>
type Colleague = keyof typeof colleagues

const columns = {
  zh: ['待办', '进行中', '待确认', '完成'],
  en: ['To do', 'Doing', 'To confirm', 'Done'],
} as const

const launch: readonly DemoCard[] = [
  {
    zh: '五部门周会',
    en: 'Weekly meeting of the five departments',
    column: 0,
    department: 'marketing',
    who: ['me'],
    due: 2,
    repeat: 'weekly',
    hours: 1,
    list: [
      { zh: '各部门先更新卡片', en: 'Everybody brings their cards up to date first' },
      { zh: '只谈逾期和受阻的', en: 'Talk only about what is late or blocked' },
    ],
  },
  {
    zh: '媒体评测机名单',
    en: 'Press list for review units',
    column: 0,
    department: 'marketing',
    who: ['jia'],
    due: 9,
    list: [
      { zh: '科技媒体 12 家', en: 'Twelve technology papers', done: true },
      { zh: '测评博主 8 位', en: 'Eight reviewers' },
      { zh: '寄送地址与保密函', en: 'Addresses and embargo letters' },
    ],
  },
  {
    zh: '蓝牙认证资料递交',
    en: 'Hand in the Bluetooth certification papers',
    column: 0,
    department: 'rd',
    who: ['yue'],
    due: 15,
    priority: 'medium',
    key: 'bluetooth',
    after: ['freeze'],
    hours: 12,
  },
  {
    zh: '销售培训课件',
    en: 'Training deck for the sales team',
    column: 0,
    department: 'sales',
    who: ['hao', 'mia'],
    due: 20,
    hours: 16,
    after: ['page'],
  },
  {
    zh: '首月产线排程',
    en: 'Line schedule for the first month',
    column: 0,
    department: 'production',
    who: ['wang'],
    due: 14,
    after: ['mould', 'forecast'],
    hours: 8,
  },
  {
    zh: '模具尾款付款计划',
    en: 'Payment plan for the mould',
    column: 0,
    department: 'finance',
    who: ['min'],
    due: 16,
    after: ['mould'],
  },
  {
    zh: '短视频脚本三支',
    en: 'Scripts for three short videos',
    column: 0,
    department: 'marketing',
    who: ['jia'],
    priority: 'low',
  },
  { zh: '试点客户回访', en: 'Call the pilot customers', column: 0, department: 'sales', priority: 'medium', due: 22 },
  {
    zh: '上市复盘会',
    en: 'Review after the launch',
    column: 0,
    who: ['me'],
    department: 'marketing',
    due: 54,
    priority: 'low',
    hours: 3,
  },
  {
    zh: '固件 1.0 冻结',
    en: 'Freeze firmware 1.0',
    column: 1,
    department: 'rd',
    who: ['bo', 'yue'],
    start: -7,
    due: 4,
    priority: 'high',
    text: {
      zh: '冻结后只修阻断问题。\n还差：充电仓识别、双设备切换的回归测试。\n冻结当天 18:00 前把版本号发给生产和市场。',
      en: 'After the freeze only blocking bugs are fixed.\nStill open: the charging case, regression tests for switching between two devices.\nSend the version number to production and marketing by 18:00 that day.',
    },
    key: 'freeze',
    dueAtFirst: -3,
    hours: 60,
    after: ['case'],
    list: [
      { zh: '双设备切换回归测试', en: 'Regression tests: switching between two devices', done: true },
      { zh: '充电仓识别回归测试', en: 'Regression tests: charging case' },
      { zh: '低电量提示音', en: 'Sound for a low battery', done: true },
      { zh: '把版本号发给生产和市场', en: 'Send the version number to production and marketing' },
    ],
  },
  {
    zh: '发布会场地三选一',
    en: 'Choose the venue for the launch event',
    column: 1,
    department: 'marketing',
    who: ['mia', 'me'],
    due: 1,
    priority: 'high',
    text: {
      zh: '三处报价已到：滨江 8.6 万、会展 11.2 万、园区自有场地 2.4 万。\n财务的上限是 9 万。',
      en: 'Three offers are in: riverside 86,000, exhibition centre 112,000, our own hall 24,000.\nFinance allows 90,000.',
    },
    key: 'venue',
    after: ['ceiling'],
    list: [
      { zh: '三处看场', en: 'Visit all three', done: true },
      { zh: '问清退订条件', en: 'Ask for the terms of cancelling', done: true },
      { zh: '签合同', en: 'Sign the contract' },
    ],
  },
  {
    zh: '模具二次试模',
    en: 'Second trial of the mould',
    column: 1,
    department: 'production',
    who: ['wang', 'bo'],
    start: -4,
    due: 3,
    priority: 'urgent',
    key: 'mould',
    dueAtFirst: -2,
    hours: 24,
    text: {
      zh: '第一次试模：右耳壳合缝 0.12 毫米，超差。\n模具厂已修型腔，二次试模后复测 30 件。',
      en: 'First trial: the seam of the right shell was 0.12 mm, out of tolerance.\nThe toolmaker has reworked the cavity; 30 pieces are measured after the second trial.',
    },
  },
  {
    zh: '确认包装供应商交期',
    en: 'Confirm delivery of the packaging',
    column: 1,
    department: 'production',
    who: ['wang'],
    due: -1,
    priority: 'high',
    text: {
      zh: '合同写的是今天之前到样。已催两次，供应商周五前答复。',
      en: 'The contract promised samples by now. Asked twice; the supplier answers by Friday.',
    },
  },
  {
    zh: '渠道返点方案',
    en: 'Rebates for distributors',
    column: 1,
    department: 'sales',
    who: ['hao', 'min'],
    due: 8,
    priority: 'high',
    hours: 10,
    text: {
      zh: '三档：首单 5%、季度达标 3%、独家陈列 2%。\n请财务核对毛利底线。',
      en: 'Three steps: 5 % on the first order, 3 % for a quarter on target, 2 % for exclusive display.\nFinance, please check against the margin.',
    },
  },
  {
    zh: '市场费用上限',
    en: 'Ceiling for marketing expenses',
    column: 1,
    department: 'finance',
    who: ['min', 'me'],
    due: 0,
    priority: 'medium',
    key: 'ceiling',
    hours: 4,
  },
  {
    zh: '跌落与高低温测试',
    en: 'Drop and temperature tests',
    column: 1,
    department: 'rd',
    who: ['yue'],
    start: -3,
    due: 7,
    hours: 30,
    list: [
      { zh: '1.2 米跌落 26 次', en: '26 drops from 1.2 m', done: true },
      { zh: '零下 10 度 48 小时', en: '48 hours at minus 10 °C' },
      { zh: '45 度 48 小时', en: '48 hours at 45 °C' },
    ],
  },
  {
    zh: '充电仓偶发不识别',
    en: 'Charging case is sometimes not recognised',
    column: 2,
    department: 'rd',
    who: ['bo'],
    due: -2,
    priority: 'urgent',
    text: {
      zh: '200 次插拔里出现 3 次。\n新的弹片样品已装 20 台，等生产确认来料一致。',
      en: '3 times in 200 insertions.\n20 units have the new spring; production still has to confirm that deliveries match the sample.',
    },
    key: 'case',
    hours: 20,
  },
  {
    zh: '首批订单预测',
    en: 'Forecast of first orders',
    column: 2,
    department: 'sales',
    who: ['hao'],
    due: 2,
    key: 'forecast',
    text: {
      zh: '保守 4,000，正常 6,500，乐观 9,000 台。产线按正常排。',
      en: 'Cautious 4,000, normal 6,500, hopeful 9,000 units. The line plans for the normal one.',
    },
  },
  {
    zh: '产品页文案（中英）',
    en: 'Product page in both languages',
    column: 2,
    department: 'marketing',
    who: ['mia', 'jia'],
    due: 6,
    key: 'page',
    list: [
      { zh: '中文', en: 'Chinese', done: true },
      { zh: '英文', en: 'English', done: true },
      { zh: '法务看一遍宣传用语', en: 'Legal reads the claims' },
    ],
  },
  {
    zh: '单台成本核算',
    en: 'Cost per unit',
    column: 2,
    department: 'finance',
    who: ['min'],
    due: 5,
    priority: 'medium',
    hours: 6,
    text: {
      zh: '目标 168 元，目前 171.4 元：差在弹片与双色注塑。',
      en: 'Target 168, now 171.40: the difference is the spring and the two-colour moulding.',
    },
  },
  { zh: '来料检验标准', en: 'Standards for incoming goods', column: 2, department: 'production', who: ['wang'] },
  { zh: '立项与目标确认', en: 'Kick-off and goals', column: 3, department: 'rd', who: ['bo'], due: -40 },
  {
    zh: '新品定位与卖点',
    en: 'Positioning and selling points',
    column: 3,
    department: 'marketing',
    who: ['mia'],
    due: -21,
  },
  { zh: '价格表评审', en: 'Review of the price list', column: 3, department: 'sales', who: ['hao'], due: -9 },
  { zh: '项目预算初稿', en: 'First draft of the budget', column: 3, department: 'finance', who: ['min'], due: -14 },
]

const event: readonly DemoCard[] = [
  { zh: '嘉宾邀请函', en: 'Invitations to guests', column: 0, department: 'marketing', who: ['mia'], due: 10 },
  {
    zh: '现场演示机 12 台',
    en: 'Twelve units to try on stage',
    column: 0,
    department: 'production',
    who: ['wang'],
    due: 18,
  },
  { zh: '直播推流彩排', en: 'Rehearse the live stream', column: 0, department: 'marketing', who: ['jia'], due: 24 },
  {
    zh: '演讲稿初稿',
    en: 'First draft of the speech',
    column: 1,
    department: 'marketing',
    who: ['mia', 'me'],
    due: 5,
    priority: 'high',
    hours: 6,
  },
  { zh: '舞台与灯光报价', en: 'Offers for stage and lights', column: 1, department: 'finance', who: ['min'], due: 3 },
  {
    zh: '经销商座位表',
    en: 'Seats for distributors',
    column: 2,
    department: 'sales',
    who: ['hao'],
    due: 12,
    priority: 'low',
  },
  { zh: '主视觉定稿', en: 'Key visual approved', column: 3, department: 'marketing', who: ['jia'], due: -6 },
]

const pilot: readonly DemoCard[] = [
  {
    zh: '作业指导书',
    en: 'Work instructions',
    column: 0,
    department: 'production',
    who: ['wang'],
    due: 11,
    priority: 'medium',
  },
  {
    zh: '小批试产 200 台',
    en: 'Pilot run of 200 units',
    column: 0,
    department: 'production',
    who: ['wang', 'yue'],
    start: 15,
    due: 19,
    priority: 'high',
    key: 'pilot',
    after: ['springs', 'fixtures'],
    hours: 40,
  },
  {
    zh: '不良品判定会',
    en: 'Meeting on rejects',
    column: 0,
    department: 'rd',
    who: ['yue'],
    due: 21,
    after: ['pilot'],
  },
  {
    zh: '弹片来料全检',
    en: 'Check every delivered spring',
    column: 1,
    department: 'production',
    who: ['wang'],
    start: -2,
    due: 2,
    priority: 'urgent',
    key: 'springs',
    list: [
      { zh: '第一批 400 件', en: 'First lot: 400', done: true },
      { zh: '第二批 600 件', en: 'Second lot: 600' },
    ],
  },
  {
    zh: '工装夹具到货',
    en: 'Fixtures delivered',
    column: 1,
    who: ['wang'],
    department: 'production',
    due: -3,
    priority: 'high',
    key: 'fixtures',
  },
  { zh: '首件确认记录', en: 'Record of the first article', column: 2, department: 'rd', who: ['bo'], due: 4 },
  { zh: '产线场地验收', en: 'Line area accepted', column: 3, department: 'production', who: ['wang'], due: -12 },
]

const budget: readonly DemoCard[] = [
  {
    zh: '二季度回款预测',
    en: 'Forecast of payments for the second quarter',
    column: 0,
    department: 'finance',
    who: ['min'],
    due: 17,
  },
  {
    zh: '渠道保证金核对',
    en: 'Check the deposits of distributors',
    column: 0,
    department: 'sales',
    who: ['hao'],
    due: 13,
  },
  {
    zh: '广告投放分期付款',
    en: 'Pay advertising in instalments',
    column: 1,
    department: 'marketing',
    who: ['jia', 'min'],
    due: 4,
    priority: 'medium',
    hours: 2,
  },
  {
    zh: '模具折旧年限',
    en: 'Years of depreciation for the mould',
    column: 2,
    department: 'finance',
    who: ['min'],
    due: 6,
  },
  { zh: '研发费用归集', en: 'R&D expenses collected', column: 3, department: 'rd', who: ['bo'], due: -8 },
]

const boards: readonly { zh: string; en: string; cards: readonly DemoCard[]; limit?: number }[] = [
  { zh: '新品上市：轻舟耳机', en: 'Product launch: Skiff earbuds', cards: launch, limit: 8 },
  { zh: '市场：发布会', en: 'Marketing: launch event', cards: event },
  { zh: '生产：小批试产', en: 'Production: pilot run', cards: pilot },
  { zh: '财务：上市预算', en: 'Finance: launch budget', cards: budget },
]

/** What one of them did at once, so many minutes before the end of today's work: never today, never at night. */
export interface DemoStep {
  ago: number
  by: string
  calls: MutationCall[]
  /** The board as it is then is given this name. */
  version?: string
  /** Until here the person who opens the demo has seen the board. */
  seen?: true
}

interface DemoPerson {
  person: string
  name: string
  department: string
}

export interface Demo {
  name: string
  departments: { key: string; name: string }[]
  /** Whoever opens the demo; among the people, too. */
  me: DemoPerson
  people: DemoPerson[]
  works: { kind: string; past: DemoStep[] }[]
}

export function createDemo(
  locale: Locale,
  options: { today: Day; newEntity: () => string; newPerson: () => string },
): Demo {
  const { today, newEntity, newPerson } = options
  const language = locale === 'zh-CN' ? 'zh' : 'en'
  const keys = Object.keys(colleagues) as Colleague[]
  const ids = new Map(keys.map((key) => [key, newPerson()]))
  const idOf = (key: Colleague) => ids.get(key) ?? ''
  const personOf = (key: Colleague): DemoPerson => ({
    person: idOf(key),
    name: colleagues[key][language],
    department: colleagues[key].department,
  })
  return {
    name: { zh: '轻舟科技', en: 'Skiff Audio' }[language],
    departments: (Object.keys(departments) as Department[]).map((key) => ({ key, name: departments[key][language] })),
    me: personOf('me'),
    people: keys.map(personOf),
    works: boards.map(({ cards, limit = null, ...title }, index) => ({
      kind: 'board',
      past: pastOf(title[language], cards, { language, today, newEntity, idOf, limit, isFirst: index === 0 }),
    })),
  }
}

const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })

const HOUR = 60
const DAY = 24 * HOUR
/** The plan is made so many days ago, and named half a day later. */
const PLANNED = 44

function pastOf(
  title: string,
  cards: readonly DemoCard[],
  how: {
    language: 'zh' | 'en'
    today: Day
    newEntity: () => string
    idOf: (key: Colleague) => string
    limit: number | null
    isFirst: boolean
  },
): DemoStep[] {
  const { language, today, newEntity, idOf, limit, isFirst } = how
  const columnIds = columns[language].map((name) => ({ id: newEntity(), name }))
  const used = (Object.keys(departments) as Department[]).filter((key) => cards.some((card) => card.department === key))
  const labels = new Map(used.map((key) => [key, newEntity()]))
  const day = (days: number | undefined) => (days === undefined ? null : addDays(today, days))
  const ids = cards.map(() => newEntity())
  const byKey = new Map(cards.flatMap(({ key }, i) => (key ? [[key, ids[i] ?? ''] as const] : [])))
  const items = cards.map(({ list = [] }) => list.map((item, i) => ({ ...item, item: newEntity(), order: place(i) })))
  const me = idOf('me')
  const columnAt = (index: number) => columnIds[index]?.id ?? ''

  const add = (card: DemoCard, i: number) =>
    call('addCard', {
      card: ids[i],
      title: card[language],
      column: columnAt(0),
      order: place(i),
      labels: [labels.get(card.department)],
      assignees: (card.who ?? []).map(idOf),
      start: day(card.start),
      due: day(card.dueAtFirst ?? card.due),
      priority: card.priority ?? null,
      estimate: card.hours ?? null,
      repeat: card.repeat ?? null,
      blockedBy: (card.after ?? []).map((key) => byKey.get(key)),
      checklist: items[i]?.map(({ item, order, ...words }) => ({ item, order, text: words[language] })),
      description: card.text?.[language] ?? '',
    })
  // What is late in the list came up while the work went on; but nobody waits for what is not there yet.
  const isPlanned = ({ column, key, after }: DemoCard, i: number) => column > 0 || !!key || !!after || i % 2 === 0
  const past: DemoStep[] = [
    {
      ago: PLANNED * DAY + 8 * HOUR,
      by: me,
      calls: [
        call('renameBoard', { title }),
        ...columnIds.map(({ id, name }, i) =>
          call('addColumn', {
            column: id,
            title: name,
            order: place(i),
            done: i === columnIds.length - 1,
            limit: i === 1 ? limit : null,
          }),
        ),
        ...used.map((key) =>
          call('addLabel', { label: labels.get(key), name: departments[key][language], color: departments[key].color }),
        ),
      ],
    },
    {
      ago: PLANNED * DAY + 7 * HOUR,
      by: me,
      calls: cards.flatMap((card, i) => (isPlanned(card, i) ? [add(card, i)] : [])),
    },
  ]
  cards.forEach((card, i) => {
    const by = idOf(card.who?.[0] ?? 'me')
    // Each card at another minute: two steps are never at once.
    const minute = ((i * 47) % (9 * HOUR)) + 20
    if (!isPlanned(card, i)) past.push({ ago: (26 - (i % 9)) * DAY + minute, by, calls: [add(card, i)] })
    // A finished card was finished on its day, the others were moved on in the last two weeks.
    const last = card.column === 3 ? Math.max(1, -(card.due ?? -2)) : 1 + (i % 4)
    for (let column = 1; column <= card.column; column++) {
      const days = last + (card.column - column) * 3
      const calls = [call('moveCard', { card: ids[i], column: columnAt(column), order: place(i) })]
      past.push({ ago: Math.min(days, PLANNED - column) * DAY + minute - column, by, calls })
    }
    if (card.dueAtFirst !== undefined)
      past.push({ ago: 6 * DAY + minute, by, calls: [call('setDates', { card: ids[i], due: day(card.due) })] })
    items[i]?.forEach(({ item, done }, n) => {
      if (done)
        past.push({
          ago: (4 - n) * DAY + ((minute + 3 * HOUR) % (9 * HOUR)),
          by,
          calls: [call('tickChecklistItem', { card: ids[i], item, done })],
        })
    })
  })
  past.sort((a, b) => b.ago - a.ago)
  if (!isFirst) return past
  const named = {
    zh: ['五部门共同确认的计划', '二次试模之前'],
    en: ['Plan agreed by five departments', 'Before the second trial'],
  }
  nameAfter(past, PLANNED * DAY, named[language][0])
  nameAfter(past, 7 * DAY, named[language][1])
  const lastSeen = past.findLast(({ ago }) => ago > 2 * DAY)
  if (lastSeen) lastSeen.seen = true
  return past
}

/** Names the board as it was so many minutes ago. */
function nameAfter(past: readonly DemoStep[], ago: number, version: string | undefined): void {
  const last = past.findLast((step) => step.ago >= ago)
  if (last && version) last.version = version
}
