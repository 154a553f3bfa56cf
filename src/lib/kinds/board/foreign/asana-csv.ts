/** Asana: the CSV of "Export", one row per task; a subtask names its parent by its title. */
import { guessDateOrder } from '../csv-dates.ts'
import { listed } from '../cells.ts'
import type { Pacing } from '../decode-text.ts'
import type { Table } from '../read-table.ts'
import { cardAt, dayReader, emptyBoard, sayOn, type ForeignReading } from './fields.ts'
import { Losses, type ForeignBoard, type ForeignCard, type ForeignColumn } from './foreign-board.ts'
import { plainHeading, rowsOf } from './rows.ts'
import { manyLines, oneLine, plainName } from './texts.ts'

export const isAsanaTable = ({ header }: Table): boolean => {
  const plain = header.map(plainHeading)
  return plain.includes('task id') && plain.includes('name') && plain.includes('section/column')
}

const DATES = { start: ['start date', 'start on'], due: ['due date', 'due on'] }
/** Of a project's own fields only these are fields of every card here. */
const KNOWN = new Set(
  'task id|created at|completed at|last modified|name|section/column|assignee|assignee email|start date|start on|due date|due on|tags|notes|projects|parent task|blocked by (dependencies)|blocking (dependencies)'.split(
    '|',
  ),
)

export async function readAsanaTable(table: Table, reading: ForeignReading, pacing: Pacing): Promise<ForeignBoard> {
  const foreign = emptyBoard('asana')
  const losses = new Losses()
  const rows = rowsOf(table)
  const order = guessDateOrder(rows.cells(...DATES.start, ...DATES.due)) ?? 'month-first'
  const dayOf = dayReader(foreign, reading, order)
  const own = [...new Set(table.header.map((heading) => heading.trim()))].filter(
    (heading) => heading !== '' && !KNOWN.has(plainHeading(heading)),
  )
  const columns = new Map<string, ForeignColumn>()
  const byTitle = new Map<string, ForeignCard>()
  const children: { parent: string; card: ForeignCard; done: boolean }[] = []
  const waits: { card: ForeignCard; blockedBy: string; blocking: string }[] = []

  for await (const row of rows.each(pacing)) {
    const title = row.line('name')
    const say = sayOn(foreign, { at: row.at, title })
    if (title === '') {
      say('row-title-empty', 'row-left-out')
      foreign.cardsLeftOut++
      continue
    }
    const section = row.line('section/column').replace(/^\(no section\)$/i, '')
    const column = plainName(section)
    if (section !== '' && !columns.has(column)) {
      columns.set(column, {
        key: column,
        title: section.replace(/:$/, ''),
        archived: false,
        done: null,
        limit: null,
        color: null,
      })
    }
    const done = row.line('completed at') !== ''
    const card: ForeignCard = {
      ...cardAt(row.at, title),
      key: row.line('task id'),
      description: manyLines(row.text('notes')),
      column,
      labels: listed(row.text('tags')).map((name) => ({ name, color: null })),
      people: [row.line('assignee') || row.line('assignee email')].filter((name) => name !== ''),
      start: dayOf(row.line(...DATES.start), { at: row.at, title }, 'start'),
      due: dayOf(row.line(...DATES.due), { at: row.at, title }, 'due'),
      // What is finished leaves the sight there too.
      archived: done,
    }
    for (const heading of own) {
      const value = oneLine(row.text(plainHeading(heading)))
      if (value === '') continue
      card.notes.push({ about: 'fields', text: `${heading}: ${value}` })
      losses.add('custom-fields', heading, true)
    }
    const parent = row.line('parent task')
    if (parent !== '') children.push({ parent, card, done })
    else {
      foreign.cards.push(card)
      if (!byTitle.has(plainName(title))) byTitle.set(plainName(title), card)
    }
    const blockedBy = row.line('blocked by (dependencies)')
    const blocking = row.line('blocking (dependencies)')
    if (blockedBy !== '' || blocking !== '') waits.push({ card, blockedBy, blocking })
  }

  for (const { parent, card, done } of children) {
    const above = byTitle.get(plainName(parent))
    if (above) {
      above.checklist.push({ text: card.title, done })
      if (card.people.length > 0 || card.due !== null || card.description !== '' || card.notes.length > 0) {
        losses.add('subtask-details', above.title)
      }
      continue
    }
    // Of a parent that is a subtask itself, or in no row: a card of its own.
    card.notes.unshift({ about: 'fields', text: `↑ ${parent}` })
    losses.add('parents', parent, true)
    foreign.cards.push(card)
    if (!byTitle.has(plainName(card.title))) byTitle.set(plainName(card.title), card)
  }
  for (const { card, blockedBy, blocking } of waits) {
    const named = (cell: string) => listed(cell, (whole) => byTitle.has(plainName(whole)))
    for (const title of named(blockedBy)) card.blockedBy.push(byTitle.get(plainName(title))?.key ?? title)
    for (const title of named(blocking)) {
      const other = byTitle.get(plainName(title)) ?? foreign.cards.find(({ key }) => key === title)
      if (other) other.blockedBy.push(card.key)
      else losses.add('blocking-unknown', title)
    }
  }
  foreign.columns = [...columns.values()]
  foreign.fileColumns = rows.unread()
  foreign.losses = losses.list()
  return foreign
}
