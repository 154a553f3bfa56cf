/**
 * Delimited text (RFC 4180 and what spreadsheets really write) to a table. The reader goes record by record and can stop
 * after any of them, so that a file of 50 MB neither blocks the thread nor outlives a cancel. Broken quotes are read as
 * the text they are instead of swallowing the rest of the file.
 */
import { refuse } from '#lib/kernel/refusal.ts'
import type { Pacing } from './decode-text.ts'

export const DELIMITERS = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof DELIMITERS)[number]

export const MAX_ROWS = 20_000
const MAX_FILE_COLUMNS = 200

export interface Table {
  /** Headings; as wide as the widest row, '' where a row is wider than the first one. */
  header: string[]
  /** Every row as wide as the header. Blank rows are left out. */
  rows: string[][]
  /** The number of each row as a spreadsheet shows it: the headings are usually 1. */
  numbers: number[]
  delimiter: Delimiter
  /** What stands above the row of headings and is none of the table: a title, a date. */
  above: { row: number; text: string }[]
  /** The row of headings: its number, and how many cells it had with the empty ones at its end. */
  firstRow: { number: number; cells: number }
  /** The rows that had fewer or more cells than that: their numbers, and how many. */
  ragged: { row: number; cells: number }[]
  /** Numbers of the rows with a quotation mark that is never closed; it was read as a letter. */
  unclosed: number[]
}

/** A quoted cell longer than this was never meant to be one. */
const LONGEST_QUOTED = 200_000
/** After so many broken quotes the file does not quote at all. Bounds the reading twice. */
const MOST_BROKEN = 50
/** Between two pauses: a few milliseconds of work. */
const PIECE = 256 * 1024
const PIECE_RECORDS = 1_000

/**
 * Reads the whole table. Refuses `csv-empty`, `csv-too-many-rows` and `csv-too-many-columns` (with `limit`): half a board
 * is worse than none. Rejects with the signal's reason when it is cancelled.
 */
export async function readTable(
  text: string,
  options: {
    delimiter?: Delimiter | undefined
    /** The number of the row with which the table begins; absent = the first that is not blank. */
    from?: number | undefined
  },
  pacing: Pacing,
): Promise<Table> {
  const start = text.startsWith('\uFEFF') ? 1 : 0
  const said = separatorLine(text, start)
  const delimiter = options.delimiter ?? said?.delimiter ?? guessDelimiter(text.slice(start, start + PIECE))
  let header: string[] | null = null
  let firstRow = { number: 0, cells: 0 }
  const above: Table['above'] = []
  const rows: string[][] = []
  const numbers: number[] = []
  const ragged: Table['ragged'] = []
  const unclosed: number[] = []
  let number = said ? 1 : 0
  let width = 0
  let pausedAt = start
  let records = 0

  pacing.signal?.throwIfAborted()
  for (const { cells, end, broken } of recordsOf(text, said?.end ?? start, delimiter)) {
    number++
    if (number < (options.from ?? 0)) {
      const text = cells.map((cell) => cell.trim()).filter(Boolean)
      if (text.length > 0) above.push({ row: number, text: text.join(' · ') })
      continue
    }
    if (broken) unclosed.push(number)
    const written = cells.length
    while (cells.length > 0 && cells.length > (header?.length ?? 0) && cells.at(-1)?.trim() === '') cells.pop()
    if (cells.length > MAX_FILE_COLUMNS) refuse('csv-too-many-columns', { limit: MAX_FILE_COLUMNS })
    if (cells.some((cell) => cell.trim() !== '')) {
      width = Math.max(width, cells.length)
      if (header === null) {
        header = cells.map((cell) => cell.trim())
        firstRow = { number, cells: written }
      } else {
        if (rows.length === MAX_ROWS) refuse('csv-too-many-rows', { limit: MAX_ROWS })
        // A cell below an empty heading at the end is where it belongs.
        if (cells.length < header.length || cells.length > firstRow.cells)
          ragged.push({ row: number, cells: cells.length })
        rows.push(cells)
        numbers.push(number)
      }
    }
    if (end - pausedAt >= PIECE || ++records % PIECE_RECORDS === 0) {
      pausedAt = end
      pacing.onProgress?.(end, text.length)
      await pacing.pause()
      pacing.signal?.throwIfAborted()
    }
  }
  if (header === null) refuse('csv-empty')
  for (const row of [header, ...rows]) while (row.length < width) row.push('')
  pacing.onProgress?.(text.length, text.length)
  return { header, above, firstRow, rows, numbers, delimiter, ragged, unclosed }
}

/** The delimiter with which the first records have the same number of cells, and more than one. */
function guessDelimiter(text: string): Delimiter {
  let best: Delimiter = ','
  let bestScore = 0
  for (const delimiter of DELIMITERS) {
    const widths: number[] = []
    for (const { cells } of recordsOf(text, 0, delimiter)) {
      if (cells.length > 1 || cells[0]?.trim() !== '') widths.push(cells.length)
      if (widths.length === 20) break
    }
    // The headings decide: a description may hold more commas than the table has semicolons. A title above them has none.
    const width = widths.find((one) => one > 1) ?? 1
    if (width < 2) continue
    const alike = widths.filter((other) => other === width).length / widths.length
    const score = alike + width / 1_000
    if (score > bestScore) {
      best = delimiter
      bestScore = score
    }
  }
  return best
}

/** Excel's own hint, `sep=;` in a first line. */
function separatorLine(text: string, start: number): { delimiter: Delimiter; end: number } | null {
  const match = /^"?sep=(.)"?\r?\n/i.exec(text.slice(start, start + 10))
  const delimiter = DELIMITERS.find((candidate) => candidate === match?.[1])
  return match && delimiter ? { delimiter, end: start + match[0].length } : null
}

interface CsvRecord {
  cells: string[]
  /** Where the next record begins. */
  end: number
  broken: boolean
}

/** The records of a text from a position on. A line end at the very end of the text begins no further record. */
function* recordsOf(text: string, start: number, delimiter: Delimiter): Generator<CsvRecord> {
  const findDelimiter = searcher(text, delimiter)
  const findFeed = searcher(text, '\n')
  const findReturn = searcher(text, '\r')
  let brokenQuotes = 0
  let at = start
  while (at < text.length) {
    const cells: string[] = []
    let broken = false
    for (;;) {
      const quoted = text[at] === '"' && brokenQuotes < MOST_BROKEN ? quotedCell(text, at, delimiter) : null
      if (quoted === null && text[at] === '"') {
        broken = true
        brokenQuotes++
      }
      const lineEnd = Math.min(findFeed(quoted?.end ?? at), findReturn(quoted?.end ?? at))
      const cellEnd = quoted?.end ?? Math.min(findDelimiter(at), lineEnd)
      cells.push(quoted?.value ?? text.slice(at, cellEnd))
      at = cellEnd + 1
      if (cellEnd === lineEnd || cellEnd >= text.length) {
        if (text[cellEnd] === '\r' && text[cellEnd + 1] === '\n') at++
        break
      }
      // A runaway row is refused by the reader; it need not be read to its end.
      if (cells.length > MAX_FILE_COLUMNS * 10) break
    }
    yield { cells, end: at, broken }
  }
}

/** Finds the next place of a letter at or after a position that only grows; the text is searched once altogether. */
function searcher(text: string, letter: string): (from: number) => number {
  let found = -1
  return (from) => {
    if (found < from) {
      found = text.indexOf(letter, from)
      if (found === -1) found = Infinity
    }
    return Math.min(found, text.length)
  }
}

/** The quoted cell that begins at `start`, or null where its quote is never closed. Stray quotes inside are kept. */
function quotedCell(text: string, start: number, delimiter: string): { value: string; end: number } | null {
  let from = start + 1
  for (;;) {
    const quote = text.indexOf('"', from)
    if (quote === -1 || quote - start > LONGEST_QUOTED) return null
    if (text[quote + 1] === '"') {
      from = quote + 2
      continue
    }
    let end = quote + 1
    while (text[end] === ' ') end++
    const next = text[end]
    if (next === undefined || next === delimiter || next === '\n' || next === '\r') {
      return { value: text.slice(start + 1, quote).replaceAll('""', '"'), end }
    }
    from = quote + 1
  }
}
