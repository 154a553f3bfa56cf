/** A table whose headings are another product's: cells by heading, several of one heading together. */
import { asWritten } from '../cells.ts'
import type { Pacing } from '../decode-text.ts'
import type { Table } from '../read-table.ts'
import { oneLine } from './texts.ts'

export interface Rows {
  has: (...headings: string[]) => boolean
  /** All cells of these headings that hold something. */
  cells: (...headings: string[]) => string[]
  each: (pacing: Pacing) => AsyncGenerator<Row>
  /** The columns that nobody has asked for, with the number of cells that hold something. */
  unread: () => { heading: string | number; cells: number }[]
}

export interface Row {
  at: number
  /** The first cell of these headings that holds something, as it is. */
  text: (...headings: string[]) => string
  line: (...headings: string[]) => string
  /** All of them. */
  texts: (...headings: string[]) => string[]
  /** The headings of the cells that hold something and that nobody has asked this row for. */
  others: (meaningless: ReadonlySet<string>) => string[]
}

/** Between two pauses: a few milliseconds of work. */
const PIECE_ROWS = 200

/** Headings as they are compared: without case, width and spaces around. */
export const plainHeading = (heading: string): string => heading.normalize('NFKC').trim().toLowerCase()

export function rowsOf(table: Table): Rows {
  const places = new Map<string, number[]>()
  for (const [index, heading] of table.header.entries()) {
    const key = plainHeading(heading)
    places.set(key, [...(places.get(key) ?? []), index])
  }
  const read = new Set<number>()
  // The same few questions are asked of every row.
  const answers = new Map<string, readonly number[]>()
  const indexes = (headings: readonly string[]): readonly number[] => {
    const key = headings.join('\n')
    let found = answers.get(key)
    if (!found) {
      found = headings.flatMap((heading) => places.get(heading) ?? [])
      for (const index of found) read.add(index)
      answers.set(key, found)
    }
    return found
  }
  const cellsOf = (cells: readonly string[], headings: readonly string[], asked?: Set<number>): string[] => {
    const found: string[] = []
    for (const at of indexes(headings)) {
      asked?.add(at)
      const cell = cells[at] ?? ''
      if (cell.trim() !== '') found.push(asWritten(cell))
    }
    return found
  }
  return {
    has: (...headings) => headings.some((heading) => places.has(heading)),
    cells: (...headings) => table.rows.flatMap((cells) => cellsOf(cells, headings)),
    async *each(pacing) {
      for (const [index, cells] of table.rows.entries()) {
        if (index % PIECE_ROWS === 0) {
          pacing.onProgress?.(index, table.rows.length)
          await pacing.pause()
          pacing.signal?.throwIfAborted()
        }
        const asked = new Set<number>()
        const text = (...headings: string[]) => cellsOf(cells, headings, asked)[0] ?? ''
        yield {
          at: table.numbers[index] ?? index + 2,
          text,
          line: (...headings) => oneLine(text(...headings)),
          texts: (...headings) => cellsOf(cells, headings, asked),
          others: (meaningless) =>
            table.header.filter(
              (heading, place) =>
                !asked.has(place) && (cells[place] ?? '').trim() !== '' && !meaningless.has(plainHeading(heading)),
            ),
        }
      }
    },
    unread: () =>
      table.header
        .map((heading, at) => ({
          heading: heading || at + 1,
          cells: read.has(at) ? 0 : table.rows.reduce((sum, row) => sum + (row[at]?.trim() ? 1 : 0), 0),
        }))
        .filter(({ cells }) => cells > 0),
  }
}
