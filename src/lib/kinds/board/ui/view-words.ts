/** What a saved view shows, in a person's words. */
import { parseView } from '../view-content.ts'
import type { Words } from './change-words.ts'
import { conditionWords } from './condition-words.ts'
import { conditionsOf } from './filter-chips.ts'
import { tableFields } from './table-fields.ts'

export function viewWords(content: string, words: Words): string {
  const { t } = words
  const view = parseView(content)
  const sorted = tableFields.find(({ sort }) => sort === view.sort.by)
  return [
    t.table.layouts[view.layout],
    t.table.groups[view.group],
    ...(sorted && view.sort.by !== 'place' ? [t.common.of(t.palette.sortBy, t.table.fields[sorted.id])] : []),
    ...conditionsOf(view).map((condition) => conditionWords(condition, words)),
  ].join(' · ')
}
