/** Boards that come with the application, for work that departments really do: columns, labels, limits, a few cards. */
import type { Locale, MutationCall } from '../../kernel/define-kind.ts'
import { orderBetween, type RandomBytes } from '../../kernel/order.ts'
import type { Color } from './schema.ts'

type Words = readonly [zh: string, en: string]

interface TemplateColumn {
  title: Words
  done?: true
  limit?: number
}
interface TemplateCard {
  title: Words
  /** Which column and which labels, by their places. */
  column: number
  labels?: readonly number[]
  checklist?: readonly Words[]
}
export interface BoardTemplate {
  id: string
  name: Words
  /** What it is for, in one sentence. */
  about: Words
  columns: readonly TemplateColumn[]
  labels: readonly { name: Words; color: Color }[]
  cards: readonly TemplateCard[]
}

/** The first one is what a board begins with where nothing is chosen. */
export const boardTemplates: readonly BoardTemplate[] = [
  {
    id: 'simple',
    name: ['简单看板', 'Simple board'],
    about: ['三列，够一个小组用。', 'Three columns, enough for a small group.'],
    columns: [{ title: ['待办', 'To do'] }, { title: ['进行中', 'Doing'] }, { title: ['完成', 'Done'], done: true }],
    labels: [],
    cards: [],
  },
  {
    id: 'launch',
    name: ['新产品上市', 'Product launch'],
    about: [
      '研发、市场、销售、生产、财务一起把产品推向市场。',
      'R&D, marketing, sales, production and finance bring a product to market.',
    ],
    columns: [
      { title: ['想法', 'Ideas'] },
      { title: ['待办', 'To do'] },
      { title: ['进行中', 'Doing'], limit: 8 },
      { title: ['待确认', 'To confirm'], limit: 5 },
      { title: ['完成', 'Done'], done: true },
    ],
    labels: [
      { name: ['研发', 'R&D'], color: 'blue' },
      { name: ['市场', 'Marketing'], color: 'orange' },
      { name: ['销售', 'Sales'], color: 'green' },
      { name: ['生产', 'Production'], color: 'purple' },
      { name: ['财务', 'Finance'], color: 'teal' },
      { name: ['上市关键', 'Launch critical'], color: 'red' },
    ],
    cards: [
      {
        title: ['确定上市日期与目标', 'Set the launch date and its goals'],
        column: 1,
        labels: [1, 5],
        checklist: [
          ['目标销量', 'Units to sell'],
          ['首批地区', 'First regions'],
          ['上市负责人', 'Who leads the launch'],
        ],
      },
      { title: ['定价与毛利测算', 'Price and margin'], column: 1, labels: [2, 4] },
      {
        title: ['认证与检测报告', 'Certificates and test reports'],
        column: 1,
        labels: [0, 5],
        checklist: [
          ['强制性认证', 'Mandatory certification'],
          ['可靠性测试', 'Reliability test'],
          ['包装跌落测试', 'Drop test of the packaging'],
        ],
      },
      { title: ['首批排产计划', 'Production plan of the first lot'], column: 1, labels: [3] },
      { title: ['产品页与宣传素材', 'Product page and campaign material'], column: 1, labels: [1] },
      { title: ['销售培训', 'Train the sales team'], column: 1, labels: [2] },
      { title: ['上市后两周复盘', 'Review two weeks after the launch'], column: 0, labels: [1] },
    ],
  },
  {
    id: 'recruitment',
    name: ['招聘', 'Recruitment'],
    about: ['每位候选人一张卡片，从简历到入职。', 'One card per candidate, from application to first day.'],
    columns: [
      { title: ['收到简历', 'Applied'] },
      { title: ['初筛', 'Screening'], limit: 10 },
      { title: ['面试', 'Interviews'], limit: 6 },
      { title: ['录用沟通', 'Offer'], limit: 3 },
      { title: ['已入职', 'Hired'], done: true },
      { title: ['未录用', 'Not this time'], done: true },
    ],
    labels: [
      { name: ['技术岗', 'Engineering'], color: 'blue' },
      { name: ['业务岗', 'Business'], color: 'green' },
      { name: ['内部推荐', 'Referral'], color: 'purple' },
      { name: ['急招', 'Urgent'], color: 'red' },
    ],
    cards: [
      {
        title: ['示例：候选人姓名 · 岗位', 'Example: name of the candidate · position'],
        column: 0,
        checklist: [
          ['简历评估', 'Read the application'],
          ['电话沟通', 'First call'],
          ['专业面试', 'Interview with the team'],
          ['部门负责人面试', 'Interview with the head of department'],
          ['背景核实', 'References'],
        ],
      },
    ],
  },
  {
    id: 'bugs',
    name: ['缺陷处理', 'Bug triage'],
    about: ['从报告、分级到修复验证。', 'From the report through triage to the verified fix.'],
    columns: [
      { title: ['新报告', 'Reported'] },
      { title: ['已确认', 'Confirmed'] },
      { title: ['修复中', 'Fixing'], limit: 5 },
      { title: ['待验证', 'To verify'], limit: 8 },
      { title: ['已关闭', 'Closed'], done: true },
    ],
    labels: [
      { name: ['崩溃', 'Crash'], color: 'red' },
      { name: ['数据错误', 'Wrong data'], color: 'orange' },
      { name: ['体验问题', 'Usability'], color: 'yellow' },
      { name: ['性能', 'Performance'], color: 'purple' },
      { name: ['无法复现', 'Cannot reproduce'], color: 'gray' },
    ],
    cards: [
      {
        title: ['示例：一句话说明哪里出错', 'Example: what goes wrong, in one sentence'],
        column: 0,
        checklist: [
          ['复现步骤', 'Steps to reproduce'],
          ['期望结果与实际结果', 'Expected and actual result'],
          ['版本与环境', 'Version and environment'],
        ],
      },
    ],
  },
  {
    id: 'content',
    name: ['内容排期', 'Content calendar'],
    about: ['公众号、短视频、网站文章从选题到发布。', 'Articles, posts and videos from idea to publication.'],
    columns: [
      { title: ['选题', 'Ideas'] },
      { title: ['撰写', 'Writing'], limit: 4 },
      { title: ['审核', 'Review'], limit: 3 },
      { title: ['待发布', 'Scheduled'] },
      { title: ['已发布', 'Published'], done: true },
    ],
    labels: [
      { name: ['公众号', 'Newsletter'], color: 'green' },
      { name: ['短视频', 'Video'], color: 'pink' },
      { name: ['官网', 'Website'], color: 'blue' },
      { name: ['活动', 'Event'], color: 'orange' },
    ],
    cards: [
      {
        title: ['示例：文章标题', 'Example: title of the article'],
        column: 0,
        labels: [0],
        checklist: [
          ['读者与要点', 'Readers and message'],
          ['配图与授权', 'Pictures and their rights'],
          ['法务确认', 'Legal has agreed'],
          ['发布后数据', 'Figures after publication'],
        ],
      },
    ],
  },
  {
    id: 'procurement',
    name: ['采购', 'Procurement'],
    about: ['采购申请从提出、询价、审批到验收付款。', 'Requests from quotation and approval to delivery and payment.'],
    columns: [
      { title: ['申请', 'Requested'] },
      { title: ['询价比价', 'Quotations'], limit: 10 },
      { title: ['审批', 'Approval'], limit: 10 },
      { title: ['已下单', 'Ordered'] },
      { title: ['待验收', 'To accept'] },
      { title: ['已付款', 'Paid'], done: true },
    ],
    labels: [
      { name: ['原材料', 'Material'], color: 'orange' },
      { name: ['设备', 'Equipment'], color: 'blue' },
      { name: ['服务', 'Services'], color: 'green' },
      { name: ['办公用品', 'Office supplies'], color: 'gray' },
      { name: ['紧急', 'Urgent'], color: 'red' },
    ],
    cards: [
      {
        title: ['示例：采购什么、数量、需要日期', 'Example: what, how many, needed by when'],
        column: 0,
        checklist: [
          ['预算科目', 'Budget account'],
          ['三家报价', 'Three quotations'],
          ['合同审核', 'Contract checked'],
          ['到货验收', 'Delivery accepted'],
          ['发票', 'Invoice'],
        ],
      },
    ],
  },
  {
    id: 'closing',
    name: ['年终结账', 'Year-end closing'],
    about: ['财务与各部门在年末要完成的事。', 'What finance and the departments finish at the end of the year.'],
    columns: [
      { title: ['未开始', 'Not started'] },
      { title: ['等待部门', 'Waiting for departments'] },
      { title: ['处理中', 'In progress'] },
      { title: ['复核', 'Second look'], limit: 5 },
      { title: ['完成', 'Done'], done: true },
    ],
    labels: [
      { name: ['往来', 'Receivables and payables'], color: 'blue' },
      { name: ['存货', 'Stock'], color: 'orange' },
      { name: ['固定资产', 'Fixed assets'], color: 'purple' },
      { name: ['税务', 'Tax'], color: 'red' },
      { name: ['报表', 'Statements'], color: 'green' },
    ],
    cards: [
      { title: ['各部门报销截止通知', 'Tell departments the last day for expenses'], column: 0, labels: [0] },
      {
        title: ['银行余额对账', 'Reconcile bank balances'],
        column: 0,
        labels: [0],
        checklist: [
          ['余额调节表', 'Reconciliation statement'],
          ['未达账项', 'Items in transit'],
        ],
      },
      { title: ['往来函证', 'Confirm balances with partners'], column: 0, labels: [0] },
      { title: ['年末盘点', 'Count the stock'], column: 0, labels: [1] },
      { title: ['固定资产盘点与折旧', 'Count fixed assets, depreciation'], column: 0, labels: [2] },
      { title: ['费用计提与摊销', 'Accruals and deferrals'], column: 0, labels: [4] },
      { title: ['所得税测算', 'Estimate of income tax'], column: 0, labels: [3] },
      { title: ['年度报表与附注', 'Annual statements and notes'], column: 0, labels: [4] },
      { title: ['准备审计资料', 'Papers for the auditors'], column: 0, labels: [4] },
    ],
  },
  {
    id: 'event',
    name: ['会议与活动', 'Event'],
    about: ['年会、展会、客户活动的筹备。', 'Prepare a company party, a fair, a customer day.'],
    columns: [
      { title: ['待办', 'To do'] },
      { title: ['进行中', 'Doing'] },
      { title: ['等待回复', 'Waiting for an answer'] },
      { title: ['完成', 'Done'], done: true },
    ],
    labels: [
      { name: ['场地', 'Venue'], color: 'blue' },
      { name: ['嘉宾', 'Guests'], color: 'purple' },
      { name: ['物料', 'Material'], color: 'orange' },
      { name: ['预算', 'Budget'], color: 'teal' },
    ],
    cards: [
      {
        title: ['确定场地与日期', 'Choose venue and date'],
        column: 0,
        labels: [0],
        checklist: [
          ['容纳人数', 'Room for everybody'],
          ['交通与停车', 'How to get there'],
          ['备选日期', 'A second date'],
        ],
      },
      { title: ['预算与审批', 'Budget and its approval'], column: 0, labels: [3] },
      { title: ['邀请名单', 'List of guests'], column: 0, labels: [1] },
      { title: ['流程与主持', 'Programme and host'], column: 0, labels: [1] },
      { title: ['物料清单与采购', 'Material to order'], column: 0, labels: [2] },
      { title: ['活动后总结', 'Review afterwards'], column: 0 },
    ],
  },
]

export interface TemplateUse {
  locale: Locale
  /** What the new board is called. */
  title: string
  withCards: boolean
  newEntity: () => string
  random: RandomBytes
}

export function templateCalls(
  { columns, labels, cards }: BoardTemplate,
  { locale, title, withCards, newEntity, random }: TemplateUse,
): MutationCall[] {
  const say = ([zh, en]: Words) => (locale === 'zh-CN' ? zh : en)
  const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })
  const columnIds = columns.map(() => newEntity())
  const labelIds = labels.map(() => newEntity())
  const orders = (count: number): string[] => {
    const list: string[] = []
    while (list.length < count) list.push(orderBetween(list.at(-1) ?? null, null, random))
    return list
  }
  const columnOrders = orders(columns.length)
  const cardOrders = orders(cards.length)
  return [
    call('renameBoard', { title }),
    ...columns.map((column, i) =>
      call('addColumn', {
        column: columnIds[i],
        title: say(column.title),
        order: columnOrders[i],
        done: column.done ?? false,
        limit: column.limit ?? null,
      }),
    ),
    ...labels.map(({ name, color }, i) => call('addLabel', { label: labelIds[i], name: say(name), color })),
    ...(withCards ? cards : []).map((card, i) => {
      const texts = (card.checklist ?? []).map(say)
      const itemOrders = orders(texts.length)
      return call('addCard', {
        card: newEntity(),
        title: say(card.title),
        column: columnIds[card.column],
        order: cardOrders[i],
        labels: (card.labels ?? []).map((at) => labelIds[at]),
        checklist: texts.map((text, at) => ({ item: newEntity(), text, order: itemOrders[at] })),
      })
    }),
  ]
}
