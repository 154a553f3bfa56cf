/** What a workspace begins with: a first board, or the demo. Written in the person's language. */
import type { Locale, MutationCall } from '../kernel/define-kind.ts'

const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })

/** Keys in a row: a0, a1 … (up to 62 of them). */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const place = (index: number): string => `a${DIGITS[index] ?? 'z'}`

export function firstBoard(locale: Locale, newEntity: () => string): MutationCall[] {
  const zh = locale === 'zh-CN'
  const columns = (zh ? ['待办', '进行中', '完成'] : ['To do', 'Doing', 'Done']).map((title) => ({
    id: newEntity(),
    title,
  }))
  const first = columns[0]?.id ?? ''
  const labels = zh ? ['加急', '待讨论', '想法'] : ['Urgent', 'To discuss', 'Idea']
  const labelColors = ['red', 'orange', 'teal']
  const cards = zh
    ? ['邀请一位同事：左侧“成员”', '把这张卡片移到“进行中”']
    : ['Invite a colleague: “People” on the left', 'Move this card to “Doing”']
  return [
    call('renameBoard', { title: zh ? '第一块看板' : 'First board' }),
    ...columns.map(({ id, title }, i) => call('addColumn', { column: id, title, order: place(i) })),
    ...labels.map((name, i) => call('addLabel', { label: newEntity(), name, color: labelColors[i] })),
    ...cards.map((title, i) => call('addCard', { card: newEntity(), title, column: first, order: place(i) })),
  ]
}

interface DemoCard {
  zh: string
  en: string
  column: number
  label: number
  due?: string
  start?: string
  priority?: 'urgent' | 'high' | 'medium' | 'low'
}

const DEPARTMENTS = [
  { zh: '研发', en: 'R&D', color: 'blue' },
  { zh: '市场', en: 'Marketing', color: 'orange' },
  { zh: '销售', en: 'Sales', color: 'green' },
  { zh: '生产', en: 'Production', color: 'purple' },
  { zh: '财务', en: 'Finance', color: 'teal' },
]

const CARDS: DemoCard[] = [
  {
    zh: '固件 1.0 冻结',
    en: 'Freeze firmware 1.0',
    column: 1,
    label: 0,
    start: '2026-11-16',
    due: '2026-11-27',
    priority: 'high',
  },
  { zh: '跌落与高低温测试', en: 'Drop and temperature tests', column: 1, label: 0, due: '2026-12-02' },
  {
    zh: '蓝牙认证资料',
    en: 'Papers for Bluetooth certification',
    column: 0,
    label: 0,
    due: '2026-12-11',
    priority: 'medium',
  },
  {
    zh: '修复充电仓偶发不识别',
    en: 'Charging case is sometimes not recognised',
    column: 2,
    label: 0,
    priority: 'urgent',
  },
  { zh: '说明书图稿', en: 'Drawings for the manual', column: 0, label: 0 },
  { zh: '新品定位与卖点', en: 'Positioning and selling points', column: 3, label: 1 },
  {
    zh: '发布会场地三选一',
    en: 'Choose the venue for the launch',
    column: 1,
    label: 1,
    due: '2026-11-30',
    priority: 'high',
  },
  { zh: '媒体评测机名单', en: 'Press list for review units', column: 0, label: 1, due: '2026-12-04' },
  { zh: '产品页文案（中英）', en: 'Product page, both languages', column: 2, label: 1, due: '2026-12-01' },
  { zh: '短视频脚本', en: 'Scripts for short videos', column: 0, label: 1, priority: 'low' },
  { zh: '渠道返点方案', en: 'Rebates for distributors', column: 1, label: 2, due: '2026-12-03', priority: 'high' },
  { zh: '首批订单预测', en: 'Forecast of first orders', column: 2, label: 2, due: '2026-11-25' },
  { zh: '销售培训课件', en: 'Training deck for sales', column: 0, label: 2, due: '2026-12-15' },
  { zh: '试点客户回访', en: 'Call the pilot customers', column: 0, label: 2, priority: 'medium' },
  { zh: '价格表评审', en: 'Review of the price list', column: 3, label: 2 },
  {
    zh: '模具二次试模',
    en: 'Second trial of the mould',
    column: 1,
    label: 3,
    start: '2026-11-19',
    due: '2026-11-28',
    priority: 'urgent',
  },
  {
    zh: '确认包装供应商交期',
    en: 'Confirm delivery of the packaging',
    column: 1,
    label: 3,
    due: '2026-11-26',
    priority: 'high',
  },
  { zh: '产线排程（12 月）', en: 'Line schedule for December', column: 0, label: 3, due: '2026-12-07' },
  { zh: '来料检验标准', en: 'Standards for incoming goods', column: 2, label: 3 },
  { zh: '小批试产 200 台', en: 'Pilot run of 200 units', column: 0, label: 3, start: '2026-12-08', due: '2026-12-12' },
  { zh: '项目预算初稿', en: 'First draft of the budget', column: 3, label: 4 },
  { zh: '市场费用上限', en: 'Ceiling for marketing', column: 1, label: 4, due: '2026-12-01', priority: 'medium' },
  { zh: '单台成本核算', en: 'Cost per unit', column: 2, label: 4, due: '2026-11-30' },
  { zh: '模具款付款计划', en: 'Payment plan for the mould', column: 0, label: 4, due: '2026-12-10' },
  { zh: '立项与目标确认', en: 'Kick-off and goals', column: 3, label: 0 },
  { zh: '上市复盘会时间', en: 'Date for the review', column: 0, label: 1, due: '2027-01-15', priority: 'low' },
]

export function demoWorks(
  locale: Locale,
  newEntity: () => string,
): { name: string; person: string; works: { kind: string; calls: MutationCall[] }[] } {
  const zh = locale === 'zh-CN'
  const columns = (zh ? ['待办', '进行中', '待确认', '完成'] : ['To do', 'Doing', 'To confirm', 'Done']).map(
    (title) => ({
      id: newEntity(),
      title,
    }),
  )
  const labels = DEPARTMENTS.map(({ color, ...names }) => ({ id: newEntity(), color, name: zh ? names.zh : names.en }))
  const launch = [
    call('renameBoard', { title: zh ? '新品上市：轻舟耳机' : 'Product launch: Skiff earbuds' }),
    ...columns.map(({ id, title }, i) => call('addColumn', { column: id, title, order: place(i) })),
    ...labels.map(({ id, name, color }) => call('addLabel', { label: id, name, color })),
    ...CARDS.map(({ zh: chinese, en, column, label, start = null, due = null, priority = null }, i) =>
      call('addCard', {
        card: newEntity(),
        title: zh ? chinese : en,
        column: columns[column]?.id ?? '',
        order: place(i),
        labels: [labels[label]?.id ?? ''],
        start,
        due,
        priority,
      }),
    ),
  ]
  return {
    name: zh ? '示例：新品上市' : 'Demo: product launch',
    person: zh ? '我' : 'Me',
    works: [{ kind: 'board', calls: launch }],
  }
}
