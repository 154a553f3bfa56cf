/** About how many pages of A4 a board fills: measured on boards of 200 and of 10,000 cards, whose titles fit one line. */
const ROWS_PER_PAGE = 45
/** A column's heading, the head of its table and the space above. */
const ROWS_PER_COLUMN = 3
/** Title, filter and date on the first page. */
const ROWS_ABOVE = 4

export const pagesFor = (cardsByColumn: readonly number[]): number =>
  Math.ceil(cardsByColumn.reduce((rows, cards) => rows + cards + ROWS_PER_COLUMN, ROWS_ABOVE) / ROWS_PER_PAGE)
