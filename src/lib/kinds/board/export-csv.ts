/** A board as a CSV file that spreadsheets open and that `planImport` reads back to the same cards. */
import type { Formatted } from '#lib/kernel/formatted.ts'
import { blockersInFile } from './blocking.ts'
import type { ImportField } from './csv-mapping.ts'
import { oneLine, plainName } from './foreign/texts.ts'
import { cardsByTitle, labelsOf } from './queries.ts'
import type { Repeat } from './repeat.ts'
import type { Board, Card, Priority } from './schema.ts'
import { lettersOrMarkdown } from './to-markdown.ts'

export type ExportField = Exclude<ImportField, 'ignore'>

export interface ExportOptions {
  /** Headings in the person's language; English ones where none are given. */
  headings?: Readonly<Record<ExportField, string>>
  /** In the person's language; whatever it is, `planImport` must understand it. English where none are given. */
  words?: CsvWords
  /** By card: they live in documents of their own. Without them there is no such column; formats are written as Markdown. */
  descriptions?: Readonly<Record<string, Formatted>>
}

export interface CsvWords {
  priority: (priority: Priority) => string
  repeat: (repeat: Repeat) => string
}
const english: CsvWords = { priority: (priority) => priority, repeat: (repeat) => repeat }

const HEADINGS: Readonly<Record<ExportField, string>> = {
  title: 'Title',
  column: 'Column',
  assignees: 'Assignees',
  labels: 'Labels',
  start: 'Start',
  due: 'Due',
  priority: 'Priority',
  estimate: 'Estimate',
  repeat: 'Repeat',
  checklist: 'Checklist',
  blockedBy: 'Blocked by',
  description: 'Description',
  key: 'Key',
}

/** What a card is called by within one file. It means nothing elsewhere. */
const keyOf = (at: number): string => `card-${at + 1}`
export const isFileKey = (key: string): boolean => /^card-\d+$/.test(key)

/** The cards that are not archived, by column. Begins with a byte order mark: Excel takes it for GB18030 otherwise. */
export function exportCsv(
  board: Board,
  people: readonly { id: string; name: string }[],
  { headings = HEADINGS, words = english, descriptions }: ExportOptions = {},
): string {
  const fields: ExportField[] = ['title', 'column', 'assignees', 'labels', 'start', 'due', 'priority']
  fields.push('estimate', 'repeat', 'checklist', 'blockedBy')
  if (descriptions) fields.push('description')
  fields.push('key')
  const nameOf = uniqueNames(people)
  const columns = cardsByTitle(board)
  const keys = new Map(columns.flatMap(({ cards }) => cards).map(({ id }, at) => [id, keyOf(at)]))
  const callOf = callsOf(board, keys)
  const lines = [fields.map((field) => csvCell(headings[field])).join(',')]
  for (const { title: column, cards } of columns) {
    for (const card of cards) {
      const cells: Record<ExportField, string> = {
        title: card.title,
        column,
        assignees: list(card.assignees.map((id) => nameOf.get(id) ?? id)),
        labels: list(labelsOf(board, card).map(({ name }) => name)),
        start: card.start ?? '',
        due: card.due ?? '',
        priority: card.priority === null ? '' : words.priority(card.priority),
        estimate: card.estimate === null ? '' : String(card.estimate),
        repeat: card.repeat === null ? '' : words.repeat(card.repeat),
        checklist: card.checklist.map(({ text, done }) => `${done ? '[x]' : '[ ]'} ${text}`).join('\n'),
        blockedBy: list(blockersInFile(board, card).flatMap(callOf)),
        description: lettersOrMarkdown(descriptions?.[card.id] ?? []),
        key: keys.get(card.id) ?? '',
      }
      lines.push(fields.map((field) => csvCell(cells[field])).join(','))
    }
  }
  return `\uFEFF${lines.join('\r\n')}\r\n`
}

/** By its title, as people read it; by its key where the title could be another card's. */
function callsOf({ cardsById }: Board, keys: ReadonlyMap<string, string>): (card: Card) => string | [] {
  const count = new Map<string, number>()
  const nameOf = ({ title }: Card) => plainName(oneLine(title))
  for (const card of cardsById.values()) count.set(nameOf(card), (count.get(nameOf(card)) ?? 0) + 1)
  return (card) => {
    const name = nameOf(card)
    const isClear = name !== '' && count.get(name) === 1 && !isFileKey(name)
    return isClear ? card.title : (keys.get(card.id) ?? [])
  }
}

/** Names as they are; two people of one name are told apart by their ids. */
function uniqueNames(people: readonly { id: string; name: string }[]): Map<string, string> {
  const count = new Map<string, number>()
  for (const { name } of people) count.set(name, (count.get(name) ?? 0) + 1)
  return new Map(people.map(({ id, name }) => [id, count.get(name) === 1 ? name : `${name} (${id})`]))
}

/** Several names in one cell. Where a name holds a separator itself they stand one per line, a single one too. */
const list = (names: readonly string[]) =>
  names.some((name) => /[,;|，；、]/.test(name)) ? names.map((name) => `${name}\n`).join('') : names.join('; ')

/**
 * A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection), and so does one
 * that already has apostrophes there, so that reading takes exactly one away.
 */
function csvCell(text: string): string {
  const inert = /^'*[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",;\t\r\n]|^\s|\s$/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
