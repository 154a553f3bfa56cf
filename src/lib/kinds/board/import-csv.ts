/**
 * A table from a file, through a mapping of its columns, to the cards that `planBoard` puts on a board. What no row of
 * the file can say (an unreadable date, a row without a title) is told per row.
 */
import { asWritten, checklistOf, listed, listedPeople, priorityOf, repeatOf } from './cells.ts'
import { dayProblem, readDay, type DateReading, type ReadDay } from './csv-dates.ts'
import { MANY, type ImportField, type Mapping } from './csv-mapping.ts'
import type { Pacing } from './decode-text.ts'
import { parseHours } from './estimate.ts'
import { isFileKey } from './export-csv.ts'
import { emptyBoard } from './foreign/fields.ts'
import {
  emptyCard,
  Losses,
  type CardProblem,
  type ForeignBoard,
  type ForeignColumn,
  type ForeignLabel,
} from './foreign/foreign-board.ts'
import { fromMarkdown } from './foreign/from-markdown.ts'
import { peopleByName } from './foreign/people-by-name.ts'
import { planBoard, type ImportPlan, type PlanOptions } from './foreign/plan-board.ts'
import { LONGEST_NAME, manyLines, oneLine, plainName, shorten } from './foreign/texts.ts'
import { raggedRows } from './ragged-rows.ts'
import type { Table } from './read-table.ts'
import { colors, type Color } from './schema.ts'

/** Between two pauses: a few milliseconds of work. */
const PIECE_ROWS = 200
const PIECE_LETTERS = 256 * 1024

/** A single line that begins like a quotation or an item of a list: `> 100`, `- 5`. Of a cell it is more likely just that. */
const LONE_MARK = /^\s*(?:>|[-*+]\s|\d{1,9}[.)]\s)[^\n]*$/

/** Plans the import of all rows. Rejects with the signal's reason when it is cancelled. */
export async function planImport(
  table: Table,
  mapping: Mapping,
  options: PlanOptions,
  pacing: Pacing,
): Promise<ImportPlan> {
  // Two halves of one progress: the rows are read, then the cards are made.
  const half = (at: 0 | 1): Pacing => ({
    ...pacing,
    onProgress: (done, all) => pacing.onProgress?.(done + at * all, 2 * all),
  })
  return planBoard(await readRows(table, mapping, options, half(0)), options, half(1))
}

async function readRows(
  table: Table,
  mapping: Mapping,
  { board, people: members, today, utcOffset }: PlanOptions,
  pacing: Pacing,
): Promise<ForeignBoard> {
  const dates: DateReading = { order: mapping.dates, today, utcOffset }
  /** Reading words takes a while, and mostly they are the same in many rows. */
  const days = new Map<string, ReadDay | null>()
  const columnsOfField = fieldColumns(mapping)
  const people = peopleByName(members)
  const boardLabels = new Set(board.labels.filter(({ archived }) => !archived).map(({ name }) => plainName(name)))
  const columns = new Map<string, ForeignColumn>()
  const unclosed = new Set(table.unclosed)
  const ragged = raggedRows(table, (place) => mapping.fields[place] === 'ignore')
  const losses = new Losses()
  const keyAt = columnsOfField.get('key')?.[0] ?? -1
  const titleAt = columnsOfField.get('title')?.[0] ?? -1
  const calledBy = (at: number) => table.rows.map((cells) => plainName(oneLine(asWritten(cells[at] ?? ''))))
  const allNames = new Set([...calledBy(titleAt), ...calledBy(keyAt)])
  // In a file of this application what is no mark is written so that it is not taken for one.
  const isOurs = table.rows.length > 0 && keyAt >= 0 && table.rows.every((cells) => isFileKey(cells[keyAt] ?? ''))
  const markdownOf = (text: string) => (!isOurs && LONE_MARK.test(text) ? text : fromMarkdown(text))
  const foreign = { ...emptyBoard('table'), fileColumns: unmappedColumns(table, columnsOfField) }
  for (const { row, text } of table.above)
    foreign.problems.push({
      row,
      code: 'row-above-headings',
      params: { value: shorten(text, 60) },
      effect: 'row-left-out',
    })
  let lettersSince = 0

  for (const [index, cells] of table.rows.entries()) {
    lettersSince += cells.reduce((sum, cell) => sum + cell.length, 0)
    if (index % PIECE_ROWS === 0 || lettersSince >= PIECE_LETTERS) {
      lettersSince = 0
      pacing.onProgress?.(index, table.rows.length)
      await pacing.pause()
      pacing.signal?.throwIfAborted()
    }
    const row = table.numbers[index] ?? index + 2
    const say = (code: CardProblem['code'], effect: CardProblem['effect'], params: CardProblem['params'] = {}) =>
      void foreign.problems.push({ row, code, params, effect })
    const raw = (field: ImportField) => (columnsOfField.get(field) ?? []).map((at) => asWritten(cells[at] ?? ''))
    const line = (field: ImportField) => oneLine(raw(field)[0] ?? '')

    if (unclosed.has(row)) say('row-quote-unclosed', 'kept')
    const title = line('title')
    const odd = ragged.get(row)
    if (odd && title !== '') foreign.problems.push(odd)
    if (title === '') {
      say('row-title-empty', 'row-left-out')
      foreign.cardsLeftOut++
      continue
    }
    const day = (field: 'start' | 'due') => {
      const cell = line(field)
      if (cell === '') return null
      const known = days.get(cell)
      const read = known === undefined ? readDay(cell, dates) : known
      days.set(cell, read)
      if (read === null) say(dayProblem(cell), 'cell-left-out', { field, value: shorten(cell, 60) })
      if (read?.time) foreign.times++
      if (read?.eitherWay) foreign.eitherWay = true
      return read?.day ?? null
    }
    const priority = priorityOf(line('priority'))
    if (priority === undefined) {
      say('row-priority-unknown', 'cell-left-out', { value: shorten(line('priority'), 60) })
    }
    const estimate = parseHours(line('estimate'))
    if (estimate === null && !/^-?$/.test(line('estimate'))) {
      say('row-estimate-unknown', 'cell-left-out', { value: shorten(line('estimate'), 60) })
    }
    const repeat = repeatOf(line('repeat'))
    if (repeat === undefined) say('row-repeat-unknown', 'cell-left-out', { value: shorten(line('repeat'), 60) })
    const key = line('key')
    // A key that only the file knows says nothing on the card.
    const called =
      key === '' || isFileKey(key) ? [] : [`${table.header[keyAt] || `#${keyAt + 1}`}: ${shorten(key, LONGEST_NAME)}`]
    if (called.length > 0) losses.add('keys', key, 'description')
    foreign.cards.push({
      ...emptyCard(row),
      title,
      notes: called.map((text) => ({ about: 'fields', text })),
      description: markdownOf(raw('description').map(manyLines).filter(Boolean).join('\n\n')),
      column: columnKey(line('column'), columns),
      labels: raw('labels')
        .flatMap((cell) => listed(cell, (whole) => boardLabels.has(plainName(whole))))
        .map((text) => (boardLabels.has(plainName(text)) ? { name: text, color: null } : coloredLabel(text))),
      people: raw('assignees').flatMap((cell) => listedPeople(cell, (whole) => people.find(whole) !== null)),
      start: day('start'),
      due: day('due'),
      priority: priority ?? null,
      key,
      blockedBy: raw('blockedBy')
        .flatMap((cell) => listed(cell, (whole) => allNames.has(plainName(whole))))
        .map(oneLine)
        .filter((name) => name !== ''),
      checklist: raw('checklist').flatMap(checklistOf),
      estimate,
      repeat: repeat ?? null,
    })
  }
  foreign.columns = [...columns.values()]
  foreign.losses = losses.list()
  return foreign
}

/** Columns are compared by their names, as people write them. */
function columnKey(title: string, columns: Map<string, ForeignColumn>): string {
  if (title === '') return ''
  const key = plainName(shorten(title, LONGEST_NAME))
  if (!columns.has(key)) columns.set(key, { key, title, archived: false, done: null, limit: null, color: null })
  return key
}

/** The columns of the file by what they become; of a field that only one may fill, the first. */
function fieldColumns({ fields }: Mapping): Map<ImportField, number[]> {
  const columns = new Map<ImportField, number[]>()
  for (const [index, field] of fields.entries()) {
    const known = columns.get(field)
    if (!known) columns.set(field, [index])
    else if (MANY.includes(field)) known.push(index)
  }
  return columns
}

function unmappedColumns(
  table: Table,
  columnsOfField: ReadonlyMap<ImportField, number[]>,
): ForeignBoard['fileColumns'] {
  const mapped = new Set([...columnsOfField].flatMap(([field, columns]) => (field === 'ignore' ? [] : columns)))
  return table.header
    .map((heading, at) => {
      const cells = mapped.has(at) ? 0 : table.rows.reduce((sum, row) => sum + (row[at]?.trim() ? 1 : 0), 0)
      // The first row may have no headings, or be shorter than another.
      return { heading: heading || at + 1, cells }
    })
    .filter(({ cells }) => cells > 0)
}

/** Trello writes a label as `Marketing (red)`. */
const COLORED = /^(.+?) ?\((green|lime|yellow|orange|red|pink|purple|blue|sky|black)(?:_dark|_light)?\)$/
const FOREIGN_COLORS: Readonly<Record<string, Color>> = { lime: 'green', sky: 'teal', black: 'gray' }

function coloredLabel(text: string): ForeignLabel {
  const colored = COLORED.exec(text)
  const foreign = colored?.[2] ?? ''
  const color = FOREIGN_COLORS[foreign] ?? colors.find((candidate) => candidate === foreign) ?? null
  return { name: colored?.[1] ?? text, color }
}
