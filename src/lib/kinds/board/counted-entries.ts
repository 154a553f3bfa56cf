/** So many cards, columns, labels and views, by the same names wherever they are counted together. */
import type { Sentence } from '../../kernel/define-kind.ts'
import { counted, numerals } from '../../kernel/numerals.ts'

export const ENTRY_NAMES = {
  cards: { zh: '', en: '', count: '张卡片', other: 'card' },
  columns: { zh: '列', en: 'the column ', count: '列', other: 'column' },
  labels: { zh: '标签', en: 'the label ', count: '个标签', other: 'label' },
  views: { zh: '视图', en: 'the view ', count: '个视图', other: 'view' },
  versions: { zh: '版本', en: 'the version ', count: '个版本', other: 'version' },
} as const
export type Collection = keyof typeof ENTRY_NAMES
export const isCollection = (name: unknown): name is Collection => typeof name === 'string' && name in ENTRY_NAMES

/** Any other collection is a field of the board. */
export function countedEntries(entries: Iterable<{ collection: string; id: string }>): Sentence {
  const all = [...entries]
  const sorts = Object.entries(ENTRY_NAMES).flatMap(([name, { count, other }]) => {
    const { size } = new Set(all.flatMap(({ collection, id }) => (collection === name ? [id] : [])))
    return size > 0 ? [{ zh: `${numerals(size)} ${count}`, en: counted(size, other, `${other}s`) }] : []
  })
  if (all.some(({ collection }) => !isCollection(collection)))
    sorts.push(sorts.length > 0 ? { zh: '看板本身', en: 'the board itself' } : { zh: '看板', en: 'the board' })
  const en = sorts.map((sort) => sort.en)
  const last = en.pop() ?? ''
  return { 'zh-CN': sorts.map(({ zh }) => zh).join('、'), en: en.length > 0 ? `${en.join(', ')} and ${last}` : last }
}
