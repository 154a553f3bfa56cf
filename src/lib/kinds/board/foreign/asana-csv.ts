/**
 * Asana: the CSV of "Export", one row per task; a subtask names its parent by its title. Where several tasks have that title, as
 * those of a recurring one do, the nearest above is meant: subtasks stand below their parents.
 */
import { guessDateOrder } from '../csv-dates.ts'
import { listed } from '../cells.ts'
import type { Pacing } from '../decode-text.ts'
import type { Table } from '../read-table.ts'
import { takePriority } from './asana-priority.ts'
import { countOthers } from './asked.ts'
import { cardAt, dayReader, emptyBoard, sayOn, type ForeignReading } from './fields.ts'
import { Losses, type ForeignBoard, type ForeignCard, type ForeignColumn } from './foreign-board.ts'
import { keptNotes, spanOf } from './kept-notes.ts'
import { plainHeading, rowsOf, type Row } from './rows.ts'
import { manyLines, oneLine, plainName, shorten } from './texts.ts'

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
/** Whoever is assigned has a name too; a subtask stands where its parent does. What no row is asked for is reported as a column. */
const ASIDE_OF_SUBTASK = new Set('task id|created at|last modified|section/column|assignee email|projects'.split('|'))

/** As deep as subtasks above their parents are followed. */
const MOST_ROUNDS = 10

/** A card, or a subtask by what leads to it. */
interface Task {
  card: ForeignCard
  path: readonly string[]
}

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
  /** The first and the latest task of a title, and how many there are. */
  const first = new Map<string, Task>()
  const last = new Map<string, Task>()
  const counts = new Map<string, number>()
  /** Rows that name another one by its title. */
  const names: { at: number; title: string; other: string }[] = []
  let orphans: { row: Row; title: string; parent: string }[] = []
  const waits: { card: ForeignCard; blockedBy: string; blocking: string }[] = []

  const personIn = (row: Row) => row.line('assignee') || row.line('assignee email')
  const tagsIn = (row: Row) => listed(row.text('tags'))
  // What is finished leaves the sight there too.
  const isDone = (row: Row) => row.line('completed at') !== ''
  const ownFieldsIn = (row: Row) =>
    own.map((heading): [string, string] => [heading, oneLine(row.text(plainHeading(heading)))])

  function know(task: Task, title: string): void {
    const name = plainName(title)
    if (!first.has(name)) first.set(name, task)
    last.set(name, task)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }

  function addCard(row: Row, title: string): ForeignCard {
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
    const card: ForeignCard = {
      ...cardAt(row.at, title),
      key: row.line('task id'),
      description: manyLines(row.text('notes')),
      column,
      labels: tagsIn(row).map((name) => ({ name, color: null })),
      people: [personIn(row)].filter((name) => name !== ''),
      start: dayOf(row.line(...DATES.start), { at: row.at, title }, 'start'),
      due: dayOf(row.line(...DATES.due), { at: row.at, title }, 'due'),
      archived: isDone(row),
    }
    const keep = keptNotes(card, losses, reading)
    for (const [heading, value] of ownFieldsIn(row)) if (!takePriority(card, heading, value)) keep.field(heading, value)
    foreign.cards.push(card)
    know({ card, path: [] }, title)
    const blockedBy = row.line('blocked by (dependencies)')
    const blocking = row.line('blocking (dependencies)')
    if (blockedBy !== '' || blocking !== '') waits.push({ card, blockedBy, blocking })
    return card
  }
  function addItem({ card, path }: Task, row: Row, name: string): void {
    const keep = keptNotes(card, losses, reading)
    const title = [...path, name].join(' › ')
    know({ card, path: [...path, name] }, name)
    const { at } = row
    const span = spanOf(
      dayOf(row.line(...DATES.start), { at, title }, 'start'),
      dayOf(row.line(...DATES.due), { at, title }, 'due'),
    )
    keep.item(title, isDone(row), [personIn(row), span, ...tagsIn(row).map((tag) => `#${tag}`)], 'subtask-details')
    keep.ofSubtask(title, manyLines(row.text('notes')))
    for (const [heading, value] of ownFieldsIn(row)) keep.ofSubtask(`${title} · ${heading}`, value)
    countOthers({ others: () => row.others(ASIDE_OF_SUBTASK) }, losses, 'subtask-details')
  }
  /** False where no such task is known. */
  function addBelow(known: ReadonlyMap<string, Task>, row: Row, title: string, parent: string): boolean {
    const above = known.get(plainName(parent))
    if (!above) return false
    addItem(above, row, title)
    names.push({ at: row.at, title, other: parent })
    return true
  }

  for await (const row of rows.each(pacing)) {
    const title = row.line('name')
    if (title === '') {
      sayOn(foreign, { at: row.at, title })('row-title-empty', 'row-left-out')
      foreign.cardsLeftOut++
      continue
    }
    const parent = row.line('parent task')
    if (parent === '') addCard(row, title)
    else if (!addBelow(last, row, title, parent)) orphans.push({ row, title, parent })
  }
  // Of parents that stand further below.
  for (let round = 0, before = Infinity; round < MOST_ROUNDS && orphans.length < before; round++) {
    before = orphans.length
    orphans = orphans.filter(({ row, title, parent }) => !addBelow(first, row, title, parent))
  }
  for (const { row, title, parent } of orphans) {
    if (addBelow(first, row, title, parent)) continue
    // Of a parent that is in no row: a card of its own.
    addCard(row, title).notes.unshift({ about: 'fields', text: `↑ ${parent}` })
    losses.add('parents', parent, 'description')
  }
  const byTitle = new Map<string, ForeignCard>()
  for (const card of foreign.cards.toReversed()) byTitle.set(plainName(card.title), card)
  for (const { card, blockedBy, blocking } of waits) {
    const named = (cell: string) => listed(cell, (whole) => byTitle.has(plainName(whole)))
    const cardOf = (title: string) => {
      names.push({ at: card.at, title: card.title, other: title })
      return byTitle.get(plainName(title))
    }
    for (const title of named(blockedBy)) card.blockedBy.push(cardOf(title)?.key ?? title)
    for (const title of named(blocking)) {
      const other = cardOf(title) ?? foreign.cards.find(({ key }) => key === title)
      if (other) other.blockedBy.push(card.key)
      else losses.add('blocking-unknown', title)
    }
  }
  for (const { other, ...row } of names)
    if ((counts.get(plainName(other)) ?? 0) > 1)
      sayOn(foreign, row)('row-name-twice', 'kept', { value: shorten(other, 60) })
  foreign.columns = [...columns.values()]
  foreign.fileColumns = rows.unread()
  foreign.losses = losses.list()
  return foreign
}
