/** Where a key leads: along the cards of a list, or to the column beside. */

/** So many cards Page Up and Page Down go. */
const PAGE = 10

export type Step = 'left' | 'right' | keyof typeof ALONG
export const ALONG = { up: -1, down: 1, pageUp: -PAGE, pageDown: PAGE, first: -Infinity, last: Infinity }
