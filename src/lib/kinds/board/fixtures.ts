import type { MutationCall } from '../../kernel/define-kind.ts'

const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })
const columns = (titles: readonly string[]): MutationCall[] =>
  titles.map((title, i) => call('addColumn', { column: `c${i}`, title, order: `a${i}` }))

const typical = (): MutationCall[] => [
  call('renameBoard', { title: '新品上市 · Product launch' }),
  ...columns(['待办', '进行中', 'Review', '完成']),
  call('setColumnDone', { column: 'c3', done: true }),
  call('addLabel', { label: 'l1', name: '市场', color: 'orange' }),
  call('addLabel', { label: 'l2', name: 'R&D', color: 'blue' }),
  call('addLabel', { label: 'l3', name: '财务', color: 'green' }),
  call('addCard', {
    card: 'k1',
    title: '确认包装供应商的交期',
    column: 'c0',
    order: 'a1',
    priority: 'high',
    due: '2026-12-04',
    labels: ['l1'],
    estimate: 6,
    checklist: [
      { item: 'i1', text: '三家报价', order: 'a1', done: true },
      { item: 'i2', text: 'Ask for the lead time in writing', order: 'a2' },
    ],
  }),
  call('addCard', {
    card: 'k2',
    title: 'Freeze firmware 1.0',
    column: 'c1',
    order: 'a1',
    start: '2026-11-16',
    due: '2026-11-27',
    labels: ['l2'],
  }),
  call('addCard', {
    card: 'k3',
    title: '渠道返点方案（三档）',
    column: 'c1',
    order: 'a2',
    priority: 'medium',
    labels: ['l1', 'l3'],
    blockedBy: ['k2'],
    repeat: 'monthly',
  }),
  call('addCard', {
    card: 'k4',
    title: 'Price list for distributors, with the exception for the pilot customers in the north',
    column: 'c2',
    order: 'a1',
  }),
  call('addCard', { card: 'k5', title: '立项', column: 'c3', order: 'a1' }),
  call('setColumnLimit', { column: 'c1', limit: 3 }),
  call('addView', { view: 'v1', name: '市场 · Marketing', content: '{"labels":["l1"]}', order: 'a1', owner: null }),
  call('nameVersion', { version: 'n1', name: '立项时 · At the start', heads: { ['0'.repeat(32)]: ['ab'.repeat(32)] } }),
]

export const fixtures = {
  empty: (): MutationCall[] => [],
  typical,
  conflicted: () => ({
    start: typical(),
    ours: [
      call('moveCard', { card: 'k1', column: 'c1', order: 'a3' }),
      call('retitleCard', { card: 'k2', title: '固件 1.0 冻结' }),
    ],
    theirs: [
      call('moveCard', { card: 'k1', column: 'c3', order: 'a2' }),
      call('retitleCard', { card: 'k2', title: 'Freeze firmware' }),
    ],
  }),
  huge: (): MutationCall[] => [
    call('renameBoard', { title: '一万张卡片 · Ten thousand cards' }),
    ...columns(['Backlog', '待办', '进行中', 'Review', '完成']),
    ...Array.from({ length: 10_000 }, (_, i) =>
      call('addCard', {
        card: `k${i}`,
        title: i % 3 ? `任务 ${i}：核对第 ${i % 97} 批` : `Task ${i}: check batch ${i % 97}`,
        column: `c${i % 5}`,
        order: `b${String(i).padStart(5, '0')}V`,
      }),
    ),
  ],
}
