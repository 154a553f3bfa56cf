/**
 * Todoist: the CSV template of a project. Rows are tasks, sections and notes in the order of the list; an indented task
 * belongs to the one above it, a note to the task before it.
 */
import type { Run } from '#lib/kernel/formatted.ts'
import type { Pacing } from '../decode-text.ts'
import type { Priority } from '../schema.ts'
import type { Table } from '../read-table.ts'
import { dayProblem } from '../csv-dates.ts'
import { countOthers } from './asked.ts'
import { cardAt, emptyBoard, sayOn, type ForeignReading } from './fields.ts'
import { Losses, type ForeignBoard, type ForeignCard } from './foreign-board.ts'
import { fromMarkdown } from './from-markdown.ts'
import { keptNotes, spanOf } from './kept-notes.ts'
import { plainHeading, rowsOf, type Row } from './rows.ts'
import { manyLines, oneLine, shorten } from './texts.ts'
import { readTodoistDate } from './todoist-dates.ts'

export const isTodoist = ({ header }: Table): boolean => {
  const plain = header.map(plainHeading)
  return plain.includes('type') && plain.includes('content') && plain.includes('indent')
}

/** What says something of other cells, how the list is shown, or who wrote the row: that is counted with the cards, or as a column. */
const ASIDE: ReadonlySet<string> = new Set(
  'type content indent author date_lang deadline_lang timezone duration_unit is_collapsed'.split(' '),
)

/** Backups say None in cells that hold nothing. */
const written = (row: Row, heading: string): string => row.line(heading).replace(/^none$/i, '')

/** In the file 1 is the highest and 4 no priority at all. */
const PRIORITIES: ReadonlyMap<string, Priority> = new Map([
  ['1', 'urgent'],
  ['2', 'high'],
  ['3', 'medium'],
])

export async function readTodoist(table: Table, reading: ForeignReading, pacing: Pacing): Promise<ForeignBoard> {
  const foreign = emptyBoard('todoist')
  const losses = new Losses()
  const rows = rowsOf(table)
  let section = ''
  let card: ForeignCard | null = null
  /** Titles of the tasks above, by indent. */
  let above: string[] = []
  /** What stands in rows of other kinds, or beside a task. */
  const countRest = (row: Row, what: 'other-fields' | 'subtask-details' = 'other-fields') =>
    countOthers({ others: () => row.others(ASIDE) }, losses, what)

  for await (const row of rows.each(pacing)) {
    const type = row.line('type').toLowerCase()
    const content = row.text('content')
    const line = oneLine(content)
    if (type === 'section') {
      section = `s${row.at}`
      foreign.columns.push({ key: section, title: line, archived: false, done: null, limit: null, color: null })
      card = null
      countRest(row)
      continue
    }
    if (type === 'note') {
      countRest(row)
      if (card === null) {
        losses.add('comments', shorten(line, 40))
        continue
      }
      const attachment = /\[\[file (\{[^]*?\})\]\]/.exec(content)
      if (attachment) losses.add('attachments', fileName(attachment[1] ?? ''))
      const text = content.replace(attachment?.[0] ?? '', fileName(attachment?.[1] ?? ''))
      // Of the subtask above it, where there is one.
      card.notes.push({ about: 'comments', text: [above.at(-1), text].filter(Boolean).join(': ') })
      losses.add('comments', card.title, 'description')
      continue
    }
    if (type !== 'task') {
      // How the project is shown, and lines between the others.
      if (type !== 'meta' && (type !== '' || line !== '')) losses.add('entries-broken', line || type)
      continue
    }
    const { title, links, labels, isDone } = readContent(line)
    const say = sayOn(foreign, { at: row.at, title })
    if (title === '') {
      say('row-title-empty', 'row-left-out')
      foreign.cardsLeftOut++
      continue
    }
    const date = row.line('date')
    const deadline = written(row, 'deadline')
    const indent = Math.min(Math.max(Math.trunc(Number(row.line('indent'))) || 1, 1), 10)
    const person = row.line('responsible').replace(/ ?\(\d+\)$/, '')
    const importance = row.line('priority')
    const duration = written(row, 'duration')
    const read = readTodoistDate(date, reading)
    // The date is when to begin where there is a deadline too.
    const end = readTodoistDate(deadline, reading).day
    if (indent > 1 && card !== null) {
      const keep = keptNotes(card, losses, reading)
      // What comes again, or is no day, is said as it stands.
      const begin = read.repeat === null && !read.unknownRepeat ? read.day : null
      const span =
        begin === null
          ? [date, end ?? deadline]
          : [end === null ? begin : spanOf(begin, end), end === null ? deadline : '']
      if (read.time && begin !== null) foreign.times++
      above = above.slice(0, indent - 2)
      keep.item(
        [...above, title].join(' › '),
        isDone,
        [
          person,
          ...span,
          ...labels.map((name) => `#${name}`),
          /^[123]$/.test(importance) ? `p${importance}` : importance === '4' ? '' : importance,
          duration === '' ? '' : `${duration} ${written(row, 'duration_unit')}`,
          ...links,
        ],
        'subtask-details',
      )
      keep.ofSubtask(title, manyLines(row.text('description')))
      above.push(title)
      countRest(row, 'subtask-details')
      continue
    }
    above = []
    if (read.time) foreign.times++
    if (date !== '' && read.day === null && read.repeat === null) {
      say(dayProblem(date), 'cell-left-out', { field: 'due', value: shorten(date, 60) })
    }
    if (read.unknownRepeat) say('row-repeat-unknown', 'cell-left-out', { value: shorten(date, 60) })
    if (read.ends && read.repeat !== null) say('row-repeat-ends', 'kept', { value: shorten(date, 60) })
    if (deadline !== '' && end === null) {
      say(dayProblem(deadline), 'cell-left-out', { field: 'due', value: shorten(deadline, 60) })
    }
    const priority = importance === '4' || importance === '' ? null : PRIORITIES.get(importance)
    if (priority === undefined) say('row-priority-unknown', 'cell-left-out', { value: shorten(importance, 60) })
    const estimate = durationOf(duration, written(row, 'duration_unit'))
    if (estimate === null && !/^0?$/.test(duration)) {
      say('row-estimate-unknown', 'cell-left-out', { value: shorten(duration, 60) })
    }
    if (row.line('author') !== '') losses.add('authors')
    card = {
      ...cardAt(row.at, title),
      description: fromMarkdown(row.text('description')),
      notes: links.map((text) => ({ about: 'fields', text })),
      column: section,
      labels: labels.map((name) => ({ name, color: null })),
      people: person === '' ? [] : [person],
      start: end === null ? null : read.day,
      due: end ?? read.day,
      priority: priority ?? null,
      repeat: read.repeat,
      estimate,
      // What is finished leaves the sight there too.
      archived: isDone,
    }
    foreign.cards.push(card)
  }
  // Words about the columns above: languages and zones of dates.
  for (const heading of ['author', 'date_lang', 'deadline_lang', 'timezone', 'duration_unit']) rows.cells(heading)
  foreign.fileColumns = rows.unread()
  foreign.losses = losses.list()
  return foreign
}

/** Labels stand in the text as `@label`; `* ` in front is a task that cannot be ticked. */
function readContent(line: string): { title: string; links: string[]; labels: string[]; isDone: boolean } {
  const labels: string[] = []
  const marked = line
    .replace(/(^|\s)@([\p{L}\p{N}_-]+)/gu, (_, space: string, label: string) => {
      labels.push(label.replaceAll('_', ' '))
      return space
    })
    .replace(/^\* /, '')
  const done = /^\[x\] /i.test(marked.trim())
  return { ...withoutMarks(oneLine(marked.trim().replace(/^\[[ x]\] /i, ''))), labels, isDone: done }
}

/** Marks around all of a title, and links anywhere in it, whose addresses are told: the stars of 2*3*4 are no marks. */
function withoutMarks(text: string): { title: string; links: string[] } {
  const read = fromMarkdown(text)
  const [paragraph, ...more] = typeof read === 'string' ? [] : read
  const isLine = paragraph?.is === 'paragraph' && paragraph.within.length === 0 && more.length === 0
  const runs = isLine ? paragraph.runs : []
  const title = oneLine(runs.map((run) => run.text).join(''))
  const links = [...new Set(runs.flatMap(({ link }) => link ?? []))].filter((link) => !title.includes(link))
  const isMarked = ({ strong, em, code }: Run) => Boolean(strong ?? em ?? code)
  const isWhole = runs.every(isMarked) || !runs.some(isMarked)
  return title !== '' && isWhole && links.every((link) => ADDRESS.test(link))
    ? { title, links }
    : { title: text, links: [] }
}
const ADDRESS = /^[a-z][a-z+.-]*:\S/i

function fileName(json: string): string {
  try {
    const file: unknown = JSON.parse(json)
    return typeof file === 'object' && file !== null && 'file_name' in file ? String(file.file_name) : ''
  } catch {
    return ''
  }
}

function durationOf(amount: string, unit: string): number | null {
  const number = Number(amount)
  if (amount === '' || !Number.isFinite(number) || number <= 0) return null
  return Math.round((/^day/i.test(unit) ? number * 8 : number / 60) * 100) / 100
}
