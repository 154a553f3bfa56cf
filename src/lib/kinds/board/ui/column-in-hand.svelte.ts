/** The column that is carried: it takes its new place on screen at once, and in the document when it is dropped. */
import { t } from '#lib/i18n/locale.svelte.ts'
import type { BoardScreen } from './board-screen.svelte.ts'

export class ColumnInHand {
  readonly #screen: BoardScreen
  /** And its place among the others; `order` says where it was when it was taken. */
  carried = $state.raw<{ column: string; index: number; order: string } | null>(null)

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  take(id: string): boolean {
    const { columns } = this.#screen.board
    const index = columns.findIndex((column) => column.id === id)
    const order = columns[index]?.order
    if (this.#screen.locked || order === undefined) return false
    this.carried = { column: id, index, order }
    return true
  }
  place(index: number): void {
    const { carried } = this
    if (carried && carried.index !== index) this.carried = { ...carried, index }
  }
  /** Whoever drops by finger has no keys to take it back by: that is offered. */
  async drop({ byFinger = false } = {}): Promise<void> {
    const { carried } = this
    if (!carried) return
    const { column, index, order } = carried
    const now = this.#screen.board.columns.find(({ id }) => id === column)
    const title = now?.title || t().board.columnName
    const of = this.#screen.board.columns.length
    let said = byFinger ? () => t().move.columnMoved(title, index + 1, of) : undefined
    // Somebody has moved it since it was taken: mine counts, and whose was before it is said and one click away.
    if (now && now.order !== order) {
      const who = await this.#screen.whoWrote(column, 'order', now.order)
      said = () => t().move.columnMovedOver(who, title, index + 1)
    }
    // It stays where it is until the document has it there.
    await this.#screen.moves.moveColumn(column, index, said)
    if (this.carried === carried) this.carried = null
  }
  putBack(): void {
    this.carried = null
  }

  /** Others went on working: a column that they archived falls out of the hand, and that is said. */
  follow(): void {
    const { carried } = this
    if (!carried || this.#screen.board.columns.some(({ id }) => id === carried.column)) return
    this.carried = null
    void this.#screen.meanwhile.tellColumnGone(carried.column)
  }

  /** The columns of the board with the one in the hand where it would land. */
  amongOthers<T extends { id: string }>(columns: readonly T[]): readonly T[] {
    const { carried } = this
    if (!carried) return columns
    const others = columns.filter(({ id }) => id !== carried.column)
    return others.toSpliced(carried.index, 0, ...columns.filter(({ id }) => id === carried.column))
  }
}
