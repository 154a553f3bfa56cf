/**
 * Todoist: the CSV template of a project. Rows are tasks, sections and notes in the order of the list; an indented task
 * belongs to the one above it, a note to the task before it.
 */
import type { Pacing } from '../decode-text.ts'
import type { Priority } from '../schema.ts'
import type { Table } from '../read-table.ts'
import { cardAt, emptyBoard, sayOn, type ForeignReading } from './fields.ts'
import { Losses, type ForeignBoard, type ForeignCard } from './foreign-board.ts'
import { fromMarkdown } from './from-markdown.ts'
import { plainHeading, rowsOf } from './rows.ts'
import { oneLine, shorten } from './texts.ts'
import { readTodoistDate } from './todoist-dates.ts'

export const isTodoist = ({ header }: Table): boolean => {
  const plain = header.map(plainHeading)
  return plain.includes('type') && plain.includes('content') && plain.includes('indent')
}

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

  for await (const row of rows.each(pacing)) {
    const type = row.line('type').toLowerCase()
    const content = row.text('content')
    const line = oneLine(content)
    if (type === 'section') {
      section = `s${row.at}`
      foreign.columns.push({ key: section, title: line, archived: false, done: null, limit: null, color: null })
      card = null
      continue
    }
    if (type === 'note') {
      if (card === null) {
        losses.add('comments', shorten(line, 40))
        continue
      }
      const attachment = /\[\[file (\{[^]*?\})\]\]/.exec(content)
      if (attachment) losses.add('attachments', fileName(attachment[1] ?? ''))
      card.notes.push({
        about: 'comments',
        text: content.replace(attachment?.[0] ?? '', fileName(attachment?.[1] ?? '')),
      })
      losses.add('comments', card.title, true)
      continue
    }
    if (type !== 'task') continue
    const { title, labels, isDone } = readContent(line)
    const say = sayOn(foreign, { at: row.at, title })
    if (title === '') {
      say('row-title-empty', 'row-left-out')
      foreign.cardsLeftOut++
      continue
    }
    const date = row.line('date')
    const deadline = row.line('deadline')
    const indent = Math.min(Math.max(Math.trunc(Number(row.line('indent'))) || 1, 1), 10)
    const person = row.line('responsible').replace(/ ?\(\d+\)$/, '')
    if (indent > 1 && card !== null) {
      above = above.slice(0, indent - 2)
      card.checklist.push({ text: [...above, title].join(' › '), done: isDone })
      above.push(title)
      if (date !== '' || deadline !== '' || person !== '' || row.text('description') !== '') {
        losses.add('subtask-details', card.title)
      }
      continue
    }
    above = []
    const read = readTodoistDate(date, reading)
    if (date !== '' && read.day === null && read.repeat === null) {
      say('row-date-unreadable', 'cell-left-out', { field: 'due', value: shorten(date, 60) })
    }
    if (read.unknownRepeat) say('row-repeat-unknown', 'cell-left-out', { value: shorten(date, 60) })
    if (read.ends && read.repeat !== null) say('row-repeat-ends', 'kept', { value: shorten(date, 60) })
    if (read.time) foreign.times++
    // The date is when to begin where there is a deadline too.
    const end = readTodoistDate(deadline, reading).day
    card = {
      ...cardAt(row.at, title),
      description: fromMarkdown(row.text('description')),
      column: section,
      labels: labels.map((name) => ({ name, color: null })),
      people: person === '' ? [] : [person],
      start: end === null ? null : read.day,
      due: end ?? read.day,
      priority: PRIORITIES.get(row.line('priority')) ?? null,
      repeat: read.repeat,
      estimate: durationOf(row.line('duration'), row.line('duration_unit')),
      // What is finished leaves the sight there too.
      archived: isDone,
    }
    foreign.cards.push(card)
  }
  // Words about the columns above: author, languages and zones of dates.
  for (const heading of ['author', 'date_lang', 'deadline_lang', 'timezone']) rows.cells(heading)
  foreign.fileColumns = rows.unread()
  foreign.losses = losses.list()
  return foreign
}

/** Labels stand in the text as `@label`; `* ` in front is a task that cannot be ticked. */
function readContent(line: string): { title: string; labels: string[]; isDone: boolean } {
  const labels: string[] = []
  const title = line
    .replace(/(^|\s)@([\p{L}\p{N}_-]+)/gu, (_, space: string, label: string) => {
      labels.push(label.replaceAll('_', ' '))
      return space
    })
    .replace(/^\* /, '')
  const done = /^\[x\] /i.test(title.trim())
  return { title: oneLine(title.trim().replace(/^\[[ x]\] /i, '')), labels, isDone: done }
}

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
