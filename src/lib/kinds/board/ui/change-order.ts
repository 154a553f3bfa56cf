/** Differences between two moments in the order in which a person looks for them: by kind, then as they stand on the board. */
import { compareNames } from '#lib/kernel/names.ts'
import type { Board } from '../schema.ts'
import { sorts, type Sort, type ToldChange } from './change-words.ts'

export interface ChangeGroup {
  /** Null for all kinds together. */
  sort: Sort | null
  changes: readonly ToldChange[]
}

/** Of a change of several kinds the first counts. */
export function groupChanges(changes: readonly ToldChange[], board: Board): ChangeGroup[] {
  const bySort = Map.groupBy(asOnBoard(changes, board), ({ sorts: [first] }) => first)
  return sorts.flatMap((sort) => {
    const some = bySort.get(sort)
    return some ? [{ sort, changes: some }] : []
  })
}

/** As they come, the newest first; what somebody did at one time, an import above all, as it stands on the board. */
export function newestOnBoard(changes: readonly ToldChange[], board: Board): ToldChange[] {
  const timeOf = ({ by: [latest] }: ToldChange) => `${latest?.at} ${latest?.id}`
  return [...Map.groupBy(changes, timeOf).values()].flatMap((some) => asOnBoard(some, board))
}

/** The board itself, its columns and labels, then the cards column by column. */
export function asOnBoard(changes: readonly ToldChange[], board: Board): ToldChange[] {
  const columns = new Map(board.columns.map(({ id }, index) => [id, index]))
  const labels = new Map(board.labels.map(({ id }, index) => [id, index]))
  const last = Infinity
  const ranked = changes.map((change) => {
    const [collection, id = ''] = change.key.split('/')
    const card = board.cardsById.get(id)
    const [kind, at] =
      collection === ''
        ? [0, 0]
        : collection === 'columns'
          ? [1, columns.get(id) ?? last]
          : collection === 'labels'
            ? [2, labels.get(id) ?? last]
            : [3, columns.get(card?.column ?? '') ?? last]
    return { change, kind, at, order: card?.order ?? '', title: change.title }
  })
  const compare = (a: number | string, b: number | string) => (a === b ? 0 : a < b ? -1 : 1)
  ranked.sort(
    (a, b) =>
      compare(a.kind, b.kind) || compare(a.at, b.at) || compare(a.order, b.order) || compareNames(a.title, b.title),
  )
  return ranked.map(({ change }) => change)
}
