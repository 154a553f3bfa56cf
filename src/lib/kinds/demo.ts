/**
 * The demo: a product launch across five departments, told in the person's language and around today. Its colleagues
 * are names only; nobody else is there.
 */
import type { Locale, MutationCall } from '../kernel/define-kind.ts'
import { addDays, type Day } from '../kernel/instants.ts'

interface DemoCard {
  zh: string
  en: string
  column: 0 | 1 | 2 | 3
  department: Department
  who?: readonly Colleague[]
  /** Days from today. */
  start?: number
  due?: number
  priority?: 'urgent' | 'high' | 'medium' | 'low'
  text?: { zh: string; en: string }
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
  bo: { zh: '陈默', en: 'Bo Lindqvist' },
  yue: { zh: '孙悦', en: 'Nora Weiss' },
  mia: { zh: '周雨桐', en: 'Mia Torres' },
  jia: { zh: '何佳', en: 'Theo Martin' },
  hao: { zh: '李昊', en: 'Liam Novak' },
  wang: { zh: '王建国', en: 'Priya Shah' },
  min: { zh: '赵敏', en: 'Elena Rossi' },
} as const
type Colleague = keyof typeof colleagues

const columns = {
  zh: ['待办', '进行中', '待确认', '完成'],
  en: ['To do', 'Doing', 'To confirm', 'Done'],
} as const

const launch: readonly DemoCard[] = [
  { zh: '媒体评测机名单', en: 'Press list for review units', column: 0, department: 'marketing', who: ['jia'], due: 9 },
  {
    zh: '蓝牙认证资料递交',
    en: 'Hand in the Bluetooth certification papers',
    column: 0,
    department: 'rd',
    who: ['yue'],
    due: 15,
    priority: 'medium',
  },
  {
    zh: '销售培训课件',
    en: 'Training deck for the sales team',
    column: 0,
    department: 'sales',
    who: ['hao', 'mia'],
    due: 20,
  },
  {
    zh: '首月产线排程',
    en: 'Line schedule for the first month',
    column: 0,
    department: 'production',
    who: ['wang'],
    due: 14,
  },
  { zh: '模具尾款付款计划', en: 'Payment plan for the mould', column: 0, department: 'finance', who: ['min'], due: 16 },
  {
    zh: '短视频脚本三支',
    en: 'Scripts for three short videos',
    column: 0,
    department: 'marketing',
    who: ['jia'],
    priority: 'low',
  },
  { zh: '试点客户回访', en: 'Call the pilot customers', column: 0, department: 'sales', priority: 'medium', due: 22 },
  { zh: '上市复盘会', en: 'Review after the launch', column: 0, department: 'marketing', due: 54, priority: 'low' },
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
  },
  {
    zh: '发布会场地三选一',
    en: 'Choose the venue for the launch event',
    column: 1,
    department: 'marketing',
    who: ['mia'],
    due: 1,
    priority: 'high',
    text: {
      zh: '三处报价已到：滨江 8.6 万、会展 11.2 万、园区自有场地 2.4 万。\n财务的上限是 9 万。',
      en: 'Three offers are in: riverside 86,000, exhibition centre 112,000, our own hall 24,000.\nFinance allows 90,000.',
    },
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
  },
  {
    zh: '确认包装供应商交期',
    en: 'Confirm delivery of the packaging',
    column: 1,
    department: 'production',
    who: ['wang'],
    due: -1,
    priority: 'high',
  },
  {
    zh: '渠道返点方案',
    en: 'Rebates for distributors',
    column: 1,
    department: 'sales',
    who: ['hao', 'min'],
    due: 8,
    priority: 'high',
  },
  {
    zh: '市场费用上限',
    en: 'Ceiling for marketing expenses',
    column: 1,
    department: 'finance',
    who: ['min'],
    due: 0,
    priority: 'medium',
  },
  {
    zh: '跌落与高低温测试',
    en: 'Drop and temperature tests',
    column: 1,
    department: 'rd',
    who: ['yue'],
    start: -3,
    due: 7,
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
  },
  { zh: '首批订单预测', en: 'Forecast of first orders', column: 2, department: 'sales', who: ['hao'], due: 2 },
  {
    zh: '产品页文案（中英）',
    en: 'Product page in both languages',
    column: 2,
    department: 'marketing',
    who: ['mia', 'jia'],
    due: 6,
  },
  {
    zh: '单台成本核算',
    en: 'Cost per unit',
    column: 2,
    department: 'finance',
    who: ['min'],
    due: 5,
    priority: 'medium',
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
    who: ['mia', 'bo'],
    due: 5,
    priority: 'high',
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
  },
  { zh: '不良品判定会', en: 'Meeting on rejects', column: 0, department: 'rd', who: ['yue'], due: 21 },
  {
    zh: '弹片来料全检',
    en: 'Check every delivered spring',
    column: 1,
    department: 'production',
    who: ['wang'],
    start: -2,
    due: 2,
    priority: 'urgent',
  },
  { zh: '工装夹具到货', en: 'Fixtures delivered', column: 1, department: 'production', due: -3, priority: 'high' },
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

const boards: readonly { zh: string; en: string; cards: readonly DemoCard[] }[] = [
  { zh: '新品上市：轻舟耳机', en: 'Product launch: Skiff earbuds', cards: launch },
  { zh: '市场：发布会', en: 'Marketing: launch event', cards: event },
  { zh: '生产：小批试产', en: 'Production: pilot run', cards: pilot },
  { zh: '财务：上市预算', en: 'Finance: launch budget', cards: budget },
]

export interface Demo {
  name: string
  person: string
  people: { person: string; name: string }[]
  works: { kind: string; calls: MutationCall[] }[]
}

export function createDemo(
  locale: Locale,
  options: { today: Day; newEntity: () => string; newPerson: () => string },
): Demo {
  const { today, newEntity, newPerson } = options
  const language = locale === 'zh-CN' ? 'zh' : 'en'
  const keys = Object.keys(colleagues) as Colleague[]
  const people = new Map(keys.map((key) => [key, { person: newPerson(), name: colleagues[key][language] }]))
  const idOf = (key: Colleague) => people.get(key)?.person ?? ''
  return {
    name: { zh: '轻舟科技', en: 'Skiff Audio' }[language],
    person: { zh: '我', en: 'Me' }[language],
    people: [...people.values()],
    works: boards.map(({ cards, ...title }) => ({
      kind: 'board',
      calls: boardCalls(title[language], cards, { language, today, newEntity, idOf }),
    })),
  }
}

const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })

/** Keys in a row: a0, a1 … (up to 62 of them). */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
export const place = (index: number): string => `a${DIGITS[index] ?? 'z'}`

function boardCalls(
  title: string,
  cards: readonly DemoCard[],
  how: { language: 'zh' | 'en'; today: Day; newEntity: () => string; idOf: (key: Colleague) => string },
): MutationCall[] {
  const { language, today, newEntity, idOf } = how
  const columnIds = columns[language].map((name) => ({ id: newEntity(), name }))
  const used = (Object.keys(departments) as Department[]).filter((key) => cards.some((card) => card.department === key))
  const labels = new Map(used.map((key) => [key, newEntity()]))
  const day = (days: number | undefined) => (days === undefined ? null : addDays(today, days))
  return [
    call('renameBoard', { title }),
    ...columnIds.map(({ id, name }, i) =>
      call('addColumn', { column: id, title: name, order: place(i), done: i === columnIds.length - 1 }),
    ),
    ...used.map((key) =>
      call('addLabel', { label: labels.get(key), name: departments[key][language], color: departments[key].color }),
    ),
    ...cards.map((card, i) =>
      call('addCard', {
        card: newEntity(),
        title: card[language],
        column: columnIds[card.column]?.id ?? '',
        order: place(i),
        labels: [labels.get(card.department)],
        assignees: (card.who ?? []).map(idOf),
        start: day(card.start),
        due: day(card.due),
        priority: card.priority ?? null,
        description: card.text?.[language] ?? '',
      }),
    ),
  ]
}
