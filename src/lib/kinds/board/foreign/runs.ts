/** Letters by their marks, put together while marked-up text is read. */
import { hasFormats, plainText, type Formatted, type Run } from '#lib/kernel/formatted.ts'
import { LONGEST_DESCRIPTION } from './texts.ts'

export type Marks = Omit<Run, 'text'>

/** In a longer line nobody has looked for marks by hand, and looking takes the square of its length. */
export const LONGEST_MARKED_LINE = 5_000

/** A longer text is cut where it becomes a description, and has no formats then. */
export const LONGEST_MARKED_TEXT = 2 * LONGEST_DESCRIPTION

/** Letters of the marks that the last ones have go on with them. */
export function addRun(runs: Run[], letters: string, marks: Marks): void {
  const last = runs.at(-1)
  if (letters === '') return
  if (last && sameMarks(last, marks)) last.text += letters
  else runs.push({ ...marks, text: letters })
}
const sameMarks = (a: Marks, b: Marks): boolean =>
  a.strong === b.strong && a.em === b.em && a.code === b.code && a.link === b.link

export const isWordLetter = (letter: string): boolean => /[\p{L}\p{N}]/u.test(letter)

/** What has no formats is a text like any other, with its empty lines. */
export const plainOr = (formatted: Formatted, text: string): string | Formatted =>
  !hasFormats(formatted) && linesOf(plainText(formatted)) === linesOf(text) ? text : formatted

const linesOf = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
