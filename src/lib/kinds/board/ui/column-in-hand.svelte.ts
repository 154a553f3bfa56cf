/** The column that is carried: it takes its new place on screen at once, and in the document when it is dropped. */
import type { BoardScreen } from './board-screen.svelte.ts'

export class ColumnInHand {
  readonly #screen: BoardScreen
  /** And its place among the others. */
  carried = $state.raw<{ column: string; index: number } | null>(null)

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  take(id: string): boolean {
    const index = this.#screen.board.columns.findIndex((column) => column.id === id)
    if (this.#screen.locked || index < 0) return false
    this.carried = { column: id, index }
    return true
  }
  place(index: number): void {
    const { carried } = this
    if (carried && carried.index !== index) this.carried = { ...carried, index }
  }
  async drop(): Promise<void> {
    const { carried } = this
    // It stays where it is until the document has it there.
    if (carried) await this.#screen.moves.moveColumn(carried.column, carried.index)
    if (this.carried === carried) this.carried = null
  }
  putBack(): void {
    this.carried = null
  }

  /** The columns of the board with the one in the hand where it would land. */
  amongOthers<T extends { id: string }>(columns: readonly T[]): readonly T[] {
    const { carried } = this
    if (!carried) return columns
    const others = columns.filter(({ id }) => id !== carried.column)
    return others.toSpliced(carried.index, 0, ...columns.filter(({ id }) => id === carried.column))
  }
}
