/** Numbers as sentences write them, alike in both languages: 10,000. */
const format = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

export const numerals = (count: number): string => format.format(count)

/** In English: 1 card, 10,000 cards. */
export const counted = (count: number, one: string, other: string): string =>
  `${numerals(count)} ${count === 1 ? one : other}`
