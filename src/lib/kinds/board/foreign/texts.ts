/** Texts of other programs, brought to what a board takes: no control characters, no broken pairs, no more than fits. */

export const LONGEST_NAME = 100
export const LONGEST_DESCRIPTION = 100_000

/** Debris of other programs. */
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g
export const manyLines = (text: string): string =>
  text.toWellFormed().replace(/\r\n?/g, '\n').replace(CONTROLS, '').trim()
export const oneLine = (text: string): string => manyLines(text).replace(/\s+/g, ' ')

/** Cuts a text without cutting a character in half. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text
  const last = text.charCodeAt(limit - 2)
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 2 : limit - 1).trimEnd()}…`
}

/** How names are compared: width, case and spaces do not count, nor an @ in front. */
export const plainName = (text: string): string =>
  text.slice(0, 200).normalize('NFKC').toLowerCase().replace(/^@/, '').replace(/\s+/g, ' ').trim()
/** How names of labels are compared: `@Bo` stands for a person and is another label than `Bo`. */
export const labelKey = (name: string): string => (name.startsWith('@') ? '@' : '') + plainName(name)
