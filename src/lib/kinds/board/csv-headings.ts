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

const isAmount = (cell: string): boolean => /^[-+]?\d[\d.,\s]*%?$/.test(cell) || looksLikeDay(cell)

/** The same file where the first row is the first card. */
export const withoutHeadings = (table: Table): Table => ({
  ...table,
  header: table.header.map(() => ''),
  rows: [table.header, ...table.rows],
  numbers: [table.firstRow.number, ...table.numbers],
  // Of the first row empty cells at its end were no headings; they are cells.
  ragged: table.ragged.filter(({ cells }) => cells < table.headings || cells > table.firstRow.cells),
})
