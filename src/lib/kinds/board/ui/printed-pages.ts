/** About how many pages of A4 a board fills: measured on boards of 200 and of 10,000 cards, whose titles fit one line. */
const ROWS_PER_PAGE = 45
/** The heading of a column or lane, the head of its table and the space above. */
const ROWS_PER_SECTION = 3
/** Title, filter and date on the first page. */
const ROWS_ABOVE = 4

export const pagesFor = (cardsBySection: readonly number[]): number =>
  Math.ceil(cardsBySection.reduce((rows, cards) => rows + cards + ROWS_PER_SECTION, ROWS_ABOVE) / ROWS_PER_PAGE)
