/** Whether the first row of a file names its columns, or is the first card. */
import { looksLikeDay } from './csv-dates.ts'
import { isKnownHeading } from './csv-mapping.ts'
import type { Table } from './read-table.ts'

const SAMPLE_ROWS = 50

/**
 * A guess. No heading is a date or a number above others; else one that is known tells, or that the columns of dates and
 * numbers begin with a word. Where nothing does, the first row is a card: what comes too much is seen, what is missing is not.
 */
export function hasHeadings({ header, rows }: Table): boolean {
  const columns = header.map((heading, at) => ({
    heading,
    below: rows
      .slice(0, SAMPLE_ROWS)
      .map((cells) => (cells[at] ?? '').trim())
      .filter(Boolean),
  }))
  const ofAmounts = columns.filter(({ below }) => below.filter(isAmount).length * 2 > below.length)
  if (ofAmounts.some(({ heading }) => isAmount(heading))) return false
  // What stands below it, too, is one of the things that are sorted there.
  const known = columns.some(({ heading, below }) => isKnownHeading(heading) && !below.includes(heading))
  return known || ofAmounts.some(({ heading }) => heading !== '')
}

/** So many lines may stand above the table. */
const MOST_ABOVE = 10
/**
 * The number of the row of headings where it is not the first: spreadsheets often have a title above it, a date, who wrote it.
 * Such lines have fewer cells than the headings, of which two at least are known. Null where the table begins with the file.
 */
export function headingsBelow({ header, rows, numbers }: Table): number | null {
  const filled = (cells: readonly string[]) => cells.filter((cell) => cell.trim() !== '').length
  const isRowOfHeadings = (cells: readonly string[]) => cells.filter((cell) => isKnownHeading(cell)).length >= 2
  if (isRowOfHeadings(header)) return null
  let widest = filled(header)
  for (const [at, cells] of rows.slice(0, MOST_ABOVE).entries()) {
    if (isRowOfHeadings(cells) && filled(cells) > widest) return numbers[at] ?? null
    widest = Math.max(widest, filled(cells))
  }
  return null
}

const isAmount = (cell: string): boolean => /^[-+]?\d[\d.,\s]*%?$/.test(cell) || looksLikeDay(cell)

/** The same file where the first row is the first card. */
export const withoutHeadings = (table: Table): Table => ({
  ...table,
  header: table.header.map(() => ''),
  rows: [table.header, ...table.rows],
  numbers: [table.firstRow.number, ...table.numbers],
})
