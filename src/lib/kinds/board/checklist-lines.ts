/** Lines of text as items of a checklist: a list that was copied out of a mail, a page or a Markdown file. */
import { LONGEST_LINE } from './schema.ts'

/** More was hardly meant for one card: who pastes it is told. */
export const MOST_ITEMS = 200

const BULLET = /^\s*(?:[-*+•·●○▪◦–—]|[(（]?\d{1,3}[.)、．）]|[一二三四五六七八九十]{1,3}[、．.])\s*/u
const BOX = /^\s*(?:\[([ xX✓√]?)\]|([☐☑✅✓✔√]))\s*/u
const BOXED = /^\s*[-*+]\s+\[[ xX]\]\s+\S/

/** What is typed or pasted as one line: the mark of a box is a tick or none, and all else stays the words that it is. */
export const lineToItem = (line: string): { text: string; done: boolean } =>
  BOXED.test(line) ? itemIn(line) : { text: line.trim(), done: false }

export function linesToItems(text: string): { text: string; done: boolean }[] {
  return text
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map(itemIn)
    .filter((item) => item.text !== '')
}

/** As one action, without anything being cut. */
export const areTooMany = (items: readonly { text: string }[]): boolean =>
  items.length > MOST_ITEMS || items.some(({ text }) => text.length > LONGEST_LINE)

function itemIn(line: string): { text: string; done: boolean } {
  const bare = line.replace(BULLET, '')
  const box = BOX.exec(bare)
  const mark = (box?.[1] ?? box?.[2] ?? '').trim()
  const text = (box ? bare.slice(box[0].length) : bare).trim()
  return { text, done: mark !== '' && mark !== '☐' }
}
