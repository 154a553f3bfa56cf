/** A row with fewer or more cells than the headings: likely a stray delimiter, so that cells stand under wrong headings. */
import type { CardProblem } from './foreign/foreign-board.ts'
import { oneLine, shorten } from './foreign/texts.ts'
import type { Table } from './read-table.ts'

/** `isLost`: a cell beyond the headings at this place becomes nothing. */
export function raggedRows(
  { firstRow, ragged, rows, numbers }: Table,
  isLost: (place: number) => boolean = () => true,
): Map<number, CardProblem> {
  const places = new Map(numbers.map((number, place) => [number, place]))
  return new Map(
    ragged.map(({ row, cells }): [number, CardProblem] => {
      const headings = firstRow.cells
      const params = { cells, headings }
      if (cells < headings) return [row, { row, code: 'row-cells-short', params, effect: 'kept' }]
      const beyond = (rows[places.get(row) ?? -1] ?? []).slice(headings)
      const lost = beyond.filter((cell, at) => cell.trim() !== '' && isLost(headings + at)).map(oneLine)
      if (lost.length === 0) return [row, { row, code: 'row-cells-long', params, effect: 'kept' }]
      // Both languages read this as a list.
      const value = shorten(lost.join(' · '), 60)
      return [row, { row, code: 'row-cells-long', params: { ...params, value }, effect: 'cell-left-out' }]
    }),
  )
}
