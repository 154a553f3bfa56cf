/**
 * A table from a file to the mutations that put it on a board: which columns and labels have to be made, one card per
 * row, and what is said about it first: a preview, what is wrong with which row, what cannot come along. Nothing is
 * written here; the calls are committed together and are one undoable action.
 *
 * Cells are text and stay text: a formula is never computed and HTML never becomes markup.
 */
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { orderAt, orderBetween, type RandomBytes } from '#lib/kernel/order.ts'
import { readDay, type DateReading } from './csv-dates.ts'
import type { ImportField, Mapping } from './csv-mapping.ts'
import type { Pacing } from './decode-text.ts'
import { cardsByColumn, shownColumns } from './queries.ts'
import type { Table } from './read-table.ts'
import { colors, priorities, type Board, type Color, type Priority } from './schema.ts'

export interface PlanOptions {
  board: Board
  people: readonly { id: string; name: string }[]
  newEntity: () => string
  random: RandomBytes
  today: Day
  /** Minutes that the person's clock is ahead of UTC; 0 where it is not given. */
  utcOffset?: number | undefined
  /** The title of the column that is made where neither a row nor the board names one: a word of the interface. */
  firstColumn: string
}

export interface RowError {
  /** As a spreadsheet numbers it. */
  row: number
  code:
    | 'row-title-empty'
    | 'row-title-long'
    | 'row-description-long'
    | 'row-name-long'
    | 'row-date-unreadable'
    | 'row-dates-reversed'
    | 'row-priority-unknown'
    | 'row-quote-unclosed'
  params: Record<string, string | number>
  /** What becomes of it: no card, a card without this cell, a shortened text, or nothing is lost. */
  effect: 'row-left-out' | 'cell-left-out' | 'shortened' | 'kept'
}

export interface LossReport {
  /** Names that are nobody's in the workspace, or more than one person's, with the number of cards. */
  people: { name: string; cards: number }[]
  /** Columns of the file that become nothing, with the number of cells that held something. */
  fileColumns: { heading: string; cells: number }[]
  /** Dates that had a time of day. */
  times: number
  rowsLeftOut: number
}

export interface PreviewRow {
  row: number
  title: string
  column: string
  newColumn: boolean
  assignees: string[]
  labels: string[]
  start: Day | null
  due: Day | null
  priority: Priority | null
  description: string
}

export interface ImportPlan {
  calls: MutationCall[]
  /** The first cards. */
  preview: PreviewRow[]
  errors: RowError[]
  loss: LossReport
  adds: { cards: number; columns: number; labels: number }
}

export const LONGEST_TITLE = 500
export const LONGEST_NAME = 100
export const LONGEST_DESCRIPTION = 100_000
const PREVIEW_ROWS = 50
/** Between two pauses: a few milliseconds of work. */
const PIECE_ROWS = 200
const PIECE_LETTERS = 32 * 1024

/** Plans the import of all rows. Rejects with the signal's reason when it is cancelled. */
export async function planImport(
  table: Table,
  mapping: Mapping,
  options: PlanOptions,
  pacing: Pacing,
): Promise<ImportPlan> {
  const { board, newEntity, random } = options
  const dates: DateReading = { order: mapping.dates, today: options.today, utcOffset: options.utcOffset }
  const columnsOfField = fieldColumns(mapping)
  const people = peopleByName(options.people)
  const columns = columnMaker(board, newEntity, random)
  const labels = labelMaker(board, newEntity)
  const places = cardPlaces(board, random)
  const unclosed = new Set(table.unclosed)
  const errors: RowError[] = []
  const preview: PreviewRow[] = []
  const cards: MutationCall[] = []
  const strangers = new Map<string, { name: string; cards: number }>()
  let times = 0
  let rowsLeftOut = 0
  let rowsSince = 0
  let lettersSince = 0

  for (const [index, cells] of table.rows.entries()) {
    rowsSince++
    lettersSince += cells.reduce((sum, cell) => sum + cell.length, 0)
    if (index === 0 || rowsSince >= PIECE_ROWS || lettersSince >= PIECE_LETTERS) {
      rowsSince = 0
      lettersSince = 0
      pacing.onProgress?.(index, table.rows.length)
      await pacing.pause()
      pacing.signal?.throwIfAborted()
    }
    const row = table.numbers[index] ?? index + 2
    const say = (code: RowError['code'], effect: RowError['effect'], params: RowError['params'] = {}) =>
      void errors.push({ row, code, params, effect })
    const raw = (field: ImportField) => (columnsOfField.get(field) ?? []).map((at) => asWritten(cells[at] ?? ''))
    const line = (field: ImportField) => oneLine(raw(field)[0] ?? '')

    if (unclosed.has(row)) say('row-quote-unclosed', 'kept')
    const wholeTitle = line('title')
    if (wholeTitle === '') {
      say('row-title-empty', 'row-left-out')
      rowsLeftOut++
      continue
    }
    let description = raw('description').map(manyLines).filter(Boolean).join('\n\n')
    const title = shorten(wholeTitle, LONGEST_TITLE)
    if (title !== wholeTitle) {
      // The whole title stays readable on the card.
      say('row-title-long', 'kept', { limit: LONGEST_TITLE })
      description = description === '' ? wholeTitle : `${wholeTitle}\n\n${description}`
    }
    if (description.length > LONGEST_DESCRIPTION) {
      say('row-description-long', 'shortened', { limit: LONGEST_DESCRIPTION })
      description = shorten(description, LONGEST_DESCRIPTION)
    }

    const name = (text: string, field: ImportField) => {
      const short = shorten(text, LONGEST_NAME)
      if (short !== text) say('row-name-long', 'shortened', { field, limit: LONGEST_NAME, value: short })
      return short
    }
    const day = (field: 'start' | 'due') => {
      const cell = line(field)
      if (cell === '') return null
      const read = readDay(cell, dates)
      if (read === null) say('row-date-unreadable', 'cell-left-out', { field, value: shorten(cell, 60) })
      if (read?.time) times++
      return read?.day ?? null
    }
    const start = day('start')
    const due = day('due')
    if (start !== null && due !== null && start > due) say('row-dates-reversed', 'kept', { start, due })
    const priority = priorityOf(line('priority'))
    if (priority === undefined) {
      say('row-priority-unknown', 'cell-left-out', { value: shorten(line('priority'), 60) })
    }

    const assignees = new Set<string>()
    const unknown = new Map<string, string>()
    for (const cell of raw('assignees')) {
      for (const person of listed(cell, (whole) => people.find(whole) !== null)) {
        const id = people.find(person)
        if (id !== null) assignees.add(id)
        else unknown.set(plainName(person), shorten(person, LONGEST_NAME))
      }
    }
    for (const [key, person] of unknown) {
      const known = strangers.get(key)
      if (known) known.cards++
      else strangers.set(key, { name: person, cards: 1 })
    }
    const labelIds = new Set<string>()
    for (const cell of raw('labels')) {
      for (const label of listed(cell, labels.knows)) labelIds.add(labels.idOf(label, (text) => name(text, 'labels')))
    }

    const column = columns.find(name(line('column'), 'column'), options.firstColumn)
    const ids = { assignees: [...assignees], labels: [...labelIds] }
    const fields = { title, start, due, priority: priority ?? null, description }
    cards.push(addCard({ card: newEntity(), column: column.id, order: places(column.id), ...fields, ...ids }))
    if (preview.length < PREVIEW_ROWS) {
      preview.push({
        row,
        ...fields,
        column: column.title,
        newColumn: column.isNew,
        assignees: ids.assignees.map(people.nameOf),
        labels: ids.labels.map(labels.nameOf),
      })
    }
  }
  pacing.onProgress?.(table.rows.length, table.rows.length)
  return {
    calls: [...columns.calls, ...labels.calls, ...cards],
    preview,
    errors,
    loss: {
      people: [...strangers.values()].sort((a, b) => b.cards - a.cards || (a.name < b.name ? -1 : 1)),
      fileColumns: unmappedColumns(table, columnsOfField),
      times,
      rowsLeftOut,
    },
    adds: { cards: cards.length, columns: columns.calls.length, labels: labels.calls.length },
  }
}

interface NewCard {
  card: string
  title: string
  column: string
  order: string
  start: Day | null
  due: Day | null
  priority: Priority | null
  labels: string[]
  assignees: string[]
  description: string
}
const addCard = (args: NewCard): MutationCall => ({ mutation: 'addCard', args: { ...args } })

/** The columns of the file by what they become; of a field that only one may fill, the first. */
function fieldColumns({ fields }: Mapping): Map<ImportField, number[]> {
  const columns = new Map<ImportField, number[]>()
  for (const [index, field] of fields.entries()) {
    const known = columns.get(field)
    if (!known) columns.set(field, [index])
    else if (field === 'description' || field === 'assignees' || field === 'labels') known.push(index)
  }
  return columns
}

function unmappedColumns(table: Table, columnsOfField: ReadonlyMap<ImportField, number[]>): LossReport['fileColumns'] {
  const mapped = new Set([...columnsOfField].flatMap(([field, columns]) => (field === 'ignore' ? [] : columns)))
  return table.header
    .map((heading, at) => {
      const cells = mapped.has(at) ? 0 : table.rows.reduce((sum, row) => sum + (row[at]?.trim() ? 1 : 0), 0)
      // A row may be longer than the headings: such a column is called by its number.
      return { heading: heading || `#${at + 1}`, cells }
    })
    .filter(({ cells }) => cells > 0)
}

/** How other products call their last column. */
const FINISHED = /^(?:done|closed|complete|completed|finished|resolved|已?完成|已?关闭|已?解决)$/i

/** Finds a column of the board by its title, or makes it behind the last one. */
function columnMaker(board: Board, newEntity: () => string, random: RandomBytes) {
  const shown = shownColumns(board)
  const byName = new Map<string, { id: string; title: string; isNew: boolean }>()
  for (const { id, title } of shown.toReversed()) byName.set(plainName(title), { id, title, isNew: false })
  const orders = shown.map(({ order }) => order)
  const calls: MutationCall[] = []
  return {
    calls,
    find(named: string, fallback: string) {
      const first = shown[0]
      if (named === '' && first) return { id: first.id, title: first.title, isNew: false }
      const title = named === '' ? fallback : named
      const known = byName.get(plainName(title))
      if (known) return known
      const order = orderAt(orders, orders.length, random)
      orders.push(order)
      const made = { id: newEntity(), title, isNew: true }
      byName.set(plainName(title), made)
      const done = FINISHED.test(title.trim())
      calls.push({ mutation: 'addColumn', args: { column: made.id, title, order, color: null, done } })
      return made
    },
  }
}

/** Trello writes a label as `Marketing (red)`. */
const COLORED = /^(.+?) ?\((green|lime|yellow|orange|red|pink|purple|blue|sky|black)(?:_dark|_light)?\)$/
const FOREIGN_COLORS: Readonly<Record<string, Color>> = { lime: 'green', sky: 'teal', black: 'gray' }

function labelMaker(board: Board, newEntity: () => string) {
  const byName = new Map<string, string>()
  const names = new Map<string, string>()
  for (const { id, name, archived } of board.labels) {
    names.set(id, name)
    if (!archived && !byName.has(plainName(name))) byName.set(plainName(name), id)
  }
  const calls: MutationCall[] = []
  return {
    calls,
    nameOf: (id: string) => names.get(id) ?? '',
    knows: (text: string) => byName.has(plainName(text)),
    idOf(text: string, shortened: (text: string) => string): string {
      const known = byName.get(plainName(text))
      if (known !== undefined) return known
      const colored = COLORED.exec(text)
      const name = shortened(colored?.[1] ?? text)
      const same = byName.get(plainName(name))
      if (same !== undefined) return same
      const id = newEntity()
      byName.set(plainName(name), id)
      names.set(id, name)
      const foreign = colored?.[2] ?? ''
      const color = FOREIGN_COLORS[foreign] ?? colors.find((candidate) => candidate === foreign)
      // Gray is for labels that want no attention; new ones take turns with the others.
      const turn = colors[1 + (calls.length % (colors.length - 1))] ?? 'blue'
      calls.push({ mutation: 'addLabel', args: { label: id, name, color: color ?? turn } })
      return id
    },
  }
}

/** Gives out places at the end of each column. */
function cardPlaces(board: Board, random: RandomBytes): (column: string) => string {
  const present = cardsByColumn(board)
  const last = new Map<string, string>()
  return (column) => {
    const before = last.get(column)
    const orders = (present.get(column) ?? []).map(({ order }) => order)
    const order = before === undefined ? orderAt(orders, orders.length, random) : orderBetween(before, null, random)
    last.set(column, order)
    return order
  }
}

function peopleByName(people: PlanOptions['people']) {
  const byName = new Map<string, string | null>()
  const names = new Map<string, string>()
  for (const { id, name } of people) {
    names.set(id, name)
    byName.set(id, id)
    const key = plainName(name)
    // Two people of one name: nobody is picked silently.
    if (key !== '') byName.set(key, byName.has(key) ? null : id)
  }
  return {
    nameOf: (id: string) => names.get(id) ?? id,
    /** `@Li Na`, `Li Na <li@…>`, `李娜 (Li Na)`: the text itself, without the part in brackets, or that part. */
    find(text: string): string | null {
      const bracket = /^(.*?)[(<（【[](.*?)[)>）】\]]\s*$/.exec(text)
      for (const candidate of [text, bracket?.[2], bracket?.[1]]) {
        const id = candidate === undefined ? null : byName.get(plainName(candidate))
        if (id) return id
      }
      return null
    },
  }
}

/** Several names in one cell: one per line, or with separators, unless the whole cell is one known name. */
function listed(cell: string, known: (whole: string) => boolean): string[] {
  const whole = oneLine(cell)
  if (whole === '') return []
  if (known(whole)) return [whole]
  const parts = /[\r\n]/.test(cell) ? cell.split(/[\r\n]+/) : cell.split(/[,;|，；、]/)
  return parts.map(oneLine).filter((part) => part !== '')
}

const PRIORITY_WORDS: Readonly<Record<Priority, string>> = {
  urgent: 'urgent highest critical blocker p0 1 紧急 非常紧急 十分紧急 特急 最高 很高',
  high: 'high important major p1 2 高 较高 重要 优先',
  medium: 'medium normal moderate standard p2 3 中 中等 普通 一般 正常',
  low: 'low lowest minor trivial p3 p4 4 低 较低 最低 不紧急',
}
const PRIORITY_OF = new Map<string, Priority | null>([
  ...priorities.flatMap((priority) => PRIORITY_WORDS[priority].split(' ').map((word) => [word, priority] as const)),
  ...['', '-', 'none', 'no', '无', '未设置'].map((word) => [word, null] as const),
])
/** Undefined for a word that is none. */
const priorityOf = (text: string) => PRIORITY_OF.get(plainName(text))

/** How names are compared: width, case and spaces do not count, nor an @ in front. */
const plainName = (text: string) =>
  text.slice(0, 200).normalize('NFKC').toLowerCase().replace(/^@/, '').replace(/\s+/g, ' ').trim()

/** Spreadsheets and our own export put an apostrophe before what looks like a formula; it is no part of the text. */
const asWritten = (cell: string) => (/^'+[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell)

/** Debris of other programs. */
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g
const manyLines = (cell: string) => cell.toWellFormed().replace(/\r\n?/g, '\n').replace(CONTROLS, '').trim()
const oneLine = (cell: string) => manyLines(cell).replace(/\s+/g, ' ')

/** Cuts a text without cutting a character in half. */
function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text
  const last = text.charCodeAt(limit - 2)
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 2 : limit - 1).trimEnd()}…`
}
