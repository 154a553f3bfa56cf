/** Which rows of equal height are drawn. Rows of one height need no library: this is all that a window over them takes. */
export interface RowsInView {
  first: number
  /** One after the last. */
  end: number
}

const SPARE = 8

export function rowsInView(count: number, rowHeight: number, scrolled: number, height: number): RowsInView {
  const first = Math.max(0, Math.min(count, Math.floor(scrolled / rowHeight) - SPARE))
  const end = Math.min(count, Math.ceil((scrolled + height) / rowHeight) + SPARE)
  return { first, end: Math.max(first, end) }
}
