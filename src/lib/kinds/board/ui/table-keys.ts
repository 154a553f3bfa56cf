/** The keyboard in the table. */
import type { KeyBinding } from '#lib/ui/key-bindings.ts'

/** What the table does for its keys. */
export interface TableGrid {
  row: number
  field: number
  rows: number
  fields: number
  /** Rows in the window. */
  page: number
  go: (row: number, field: number) => void
  /** Null on the title of a group. */
  card: { select: () => void; open: () => void; edit: () => void } | null
}
export type TableKeyId = 'move' | 'page' | 'ends' | 'corners' | 'edit' | 'openCard' | 'select'

const went = (_: void): true => true

export const tableKeys: readonly KeyBinding<TableKeyId, TableGrid>[] = [
  {
    id: 'move',
    keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'],
    run: ({ go, row, field }, key) =>
      went(
        key === 'ArrowUp'
          ? go(row - 1, field)
          : key === 'ArrowDown'
            ? go(row + 1, field)
            : go(row, field + (key === 'ArrowLeft' ? -1 : 1)),
      ),
  },
  {
    id: 'page',
    keys: ['PageUp', 'PageDown'],
    run: ({ go, row, field, page }, key) => went(go(row + (key === 'PageUp' ? -page : page), field)),
  },
  {
    id: 'ends',
    keys: ['Home', 'End'],
    run: ({ go, row, fields }, key) => went(go(row, key === 'Home' ? 0 : fields - 1)),
  },
  {
    id: 'corners',
    keys: ['Mod-Home', 'Mod-End'],
    run: ({ go, rows, fields }, key) => went(key === 'Mod-Home' ? go(0, 0) : go(rows - 1, fields - 1)),
  },
  { id: 'edit', keys: ['Enter'], run: ({ card }) => card !== null && went(card.edit()) },
  { id: 'openCard', keys: ['Mod-Enter'], run: ({ card }) => card !== null && went(card.open()) },
  { id: 'select', keys: ['Space'], run: ({ card }) => card !== null && went(card.select()) },
]
