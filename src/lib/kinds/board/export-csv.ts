/** A board as a CSV file that spreadsheets open and that `planImport` reads back to the same cards. */
import { cardsByTitle } from './queries.ts'
import type { ImportField } from './csv-mapping.ts'
import type { Board } from './schema.ts'

export type ExportField = Exclude<ImportField, 'ignore' | 'key'>

export interface ExportOptions {
  /** Headings in the person's language; English ones where none are given. */
  headings?: Readonly<Record<ExportField, string>>
  /** Descriptions by card: they live in documents of their own. Without them there is no such column. */
  descriptions?: Readonly<Record<string, string>>
}

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
}

/** The cards that are not archived, by column. Begins with a byte order mark: Excel takes it for GB18030 otherwise. */
export function exportCsv(
  board: Board,
  people: readonly { id: string; name: string }[],
  { headings = HEADINGS, descriptions }: ExportOptions = {},
): string {
  const fields: ExportField[] = ['title', 'column', 'assignees', 'labels', 'start', 'due', 'priority']
  fields.push('estimate', 'repeat', 'checklist', 'blockedBy')
  if (descriptions) fields.push('description')
  const nameOf = uniqueNames(people)
  const labels = new Map(board.labels.filter(({ archived }) => !archived).map(({ id, name }) => [id, name]))
  const lines = [fields.map((field) => csvCell(headings[field])).join(',')]
  for (const { title: column, cards } of cardsByTitle(board)) {
    for (const card of cards) {
      const cells: Record<ExportField, string> = {
        title: card.title,
        column,
        assignees: list(card.assignees.map((id) => nameOf.get(id) ?? id)),
        labels: list(card.labels.flatMap((id) => labels.get(id) ?? [])),
        start: card.start ?? '',
        due: card.due ?? '',
        priority: card.priority ?? '',
        estimate: card.estimate === null ? '' : String(card.estimate),
        repeat: card.repeat ?? '',
        checklist: card.checklist.map(({ text, done }) => `${done ? '[x]' : '[ ]'} ${text}`).join('\n'),
        blockedBy: list(card.blockedBy.flatMap((id) => board.cardsById.get(id)?.title ?? [])),
        description: descriptions?.[card.id] ?? '',
      }
      lines.push(fields.map((field) => csvCell(cells[field])).join(','))
    }
  }
  return `\uFEFF${lines.join('\r\n')}\r\n`
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
