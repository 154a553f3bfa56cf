/** What a workspace begins with: a first board, in the person's language. */
import type { Locale, MutationCall } from '../kernel/define-kind.ts'
import { place } from './places.ts'

const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })

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
    ? ['在“成员”中邀请一位同事', '把这张卡片移到“进行中”']
    : ['Invite a colleague under “People”', 'Move this card to “Doing”']
  return [
    call('renameBoard', { title: zh ? '第一块看板' : 'First board' }),
    ...columns.map(({ id, title }, i) => call('addColumn', { column: id, title, order: place(i), done: i === 2 })),
    ...labels.map((name, i) => call('addLabel', { label: newEntity(), name, color: labelColors[i] })),
    ...cards.map((title, i) => call('addCard', { card: newEntity(), title, column: first, order: place(i) })),
  ]
}
