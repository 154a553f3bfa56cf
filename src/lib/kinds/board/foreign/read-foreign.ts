/** What a file is, told by its content: the name of a file says nothing. */
import { refuse } from '#lib/kernel/refusal.ts'
import { fieldsOf, type Fields } from '#lib/kernel/reading.ts'
import type { Pacing } from '../decode-text.ts'
import { MAX_ROWS, type Table } from '../read-table.ts'
import { isAsanaTable, readAsanaTable } from './asana-csv.ts'
import { isAsana, readAsana } from './asana-json.ts'
import type { ForeignReading } from './fields.ts'
import type { ForeignBoard } from './foreign-board.ts'
import { isJira, isJiraJson, readJira } from './jira.ts'
import { isPlanka, readPlanka } from './planka.ts'
import { isTodoist, readTodoist } from './todoist.ts'
import { isOfLaterTongzhou, isTongzhou, readTongzhou } from './tongzhou.ts'
import { isTrello, readTrello } from './trello.ts'
import { isWekan, readWekan } from './wekan.ts'

/**
 * Whether a text is meant to be JSON, also a damaged one. A table may begin with a bracket too, but not like that, unless all
 * of it is one list; a lone number or word in quotation marks is a table of one cell.
 */
export const looksLikeJson = (text: string): boolean =>
  /^\uFEFF?\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:[{["\]]|$)|(?:null|true|false)\s*$)/.test(text.slice(0, 1000)) ||
  (/^\uFEFF?\s*\[/.test(text.slice(0, 1000)) && isJson(text))

/** A page to sign in, say, that a browser saved under the name of the file. */
export const looksLikeHtml = (text: string): boolean =>
  /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|script|table)[\s>]/i.test(
    text.slice(0, 10_000),
  )

/** A board as we write it for people: its title, and its first column with the first card, if there is one. */
export const looksLikeMarkdown = (text: string): boolean =>
  /^\uFEFF?# [^\r\n]+(?:\r?\n){2}## [^\r\n]+(?:\s*$|(?:\r?\n){2}(?:- \[[ x]\]|##) )/.test(text.slice(0, 10_000))

interface JsonReader {
  is: (file: Fields) => boolean
  read: (file: Fields, reading: ForeignReading) => ForeignBoard
}
interface TableReader {
  is: (table: Table) => boolean
  read: (table: Table, reading: ForeignReading, pacing: Pacing) => Promise<ForeignBoard>
}

/** Wekan before Trello: its file has everything that a Trello file has. */
const jsonReaders: readonly JsonReader[] = [
  { is: isTongzhou, read: readTongzhou },
  { is: isWekan, read: readWekan },
  { is: isTrello, read: readTrello },
  { is: isPlanka, read: readPlanka },
  { is: isAsana, read: readAsana },
]
const tableReaders: readonly TableReader[] = [
  { is: isJira, read: readJira },
  { is: isAsanaTable, read: readAsanaTable },
  { is: isTodoist, read: readTodoist },
]

/** Refuses `json-damaged` (cut off, or no JSON), `json-later` (of a later version of ours), `json-jira`, `json-unknown` and `json-too-many-cards`. */
export function readJsonBoard(text: string, reading: ForeignReading): ForeignBoard {
  const file = parsed(text)
  const reader = jsonReaders.find(({ is }) => is(file)) ?? refuse(refusalFor(file))
  const foreign = reader.read(file, reading)
  if (foreign.cards.length > MAX_ROWS) refuse('json-too-many-cards', { limit: MAX_ROWS })
  return foreign
}

/** Null for a table that no product is known by: then its columns are mapped by hand. */
export async function readProductTable(
  table: Table,
  reading: ForeignReading,
  pacing: Pacing,
): Promise<ForeignBoard | null> {
  const reader = tableReaders.find(({ is }) => is(table))
  return reader ? reader.read(table, reading, pacing) : null
}

const refusalFor = (file: Fields): string =>
  isOfLaterTongzhou(file) ? 'json-later' : isJiraJson(file) ? 'json-jira' : 'json-unknown'

function parsed(text: string): Fields {
  try {
    return fieldsOf(parseJson(text))
  } catch {
    // A SyntaxError, or a RangeError where the nesting is too deep.
    return refuse('json-damaged')
  }
}

function isJson(text: string): boolean {
  try {
    parseJson(text)
    return true
  } catch {
    return false
  }
}

const parseJson = (text: string): unknown => JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text)
