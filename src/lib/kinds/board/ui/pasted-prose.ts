/**
 * What is pasted from elsewhere, as a description can hold it: a description has no tables and no line breaks within a paragraph.
 * Without this, cells and lines would run together: 12 and 34 would become 1234.
 */

const BLOCKS =
  'address, article, aside, blockquote, dd, div, dl, dt, figure, footer, h1, h2, h3, h4, h5, h6, header, hr, li, main, nav, ol, p, pre, section, table, ul'
const BETWEEN_CELLS = ' | '
/** A break that ends a paragraph; see the schema. */
export const ENDS_LINE = 'data-ends-line'

/** HTML in, HTML out: rows of a table are paragraphs, their cells apart, and each line is a paragraph. Nothing in it is run. */
export function pastedHtml(html: string): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  // Those within others first.
  for (const table of [...body.querySelectorAll('table')].reverse()) table.replaceWith(...rowsOf(table))
  for (const line of body.querySelectorAll('br')) {
    if (endsLine(line)) line.setAttribute(ENDS_LINE, '')
    else line.remove()
  }
  return body.innerHTML
}

/** A cell alone in its row, or with paragraphs of its own, is laid out by the table and no entry of it. */
function rowsOf(table: HTMLTableElement): Node[] {
  const caption = table.caption ? [paragraphOf([...table.caption.childNodes])] : []
  const rows = [...table.rows].flatMap((row) => {
    const cells = [...row.cells].map((cell) => [...cell.childNodes])
    const filled = cells.filter((nodes) => nodes.some(({ textContent }) => textContent?.trim()))
    if (filled.length < 2) return filled.map(blockOf)
    if (filled.some((nodes) => nodes.filter(isBlock).length > 1)) return filled.map(blockOf)
    const last = cells.findLastIndex((nodes) => filled.includes(nodes))
    const parts = cells
      .slice(0, last + 1)
      .flatMap((nodes, at) => [...(at === 0 ? [] : [BETWEEN_CELLS]), ...nodes.map(inlineOf)])
    return [paragraphOf(parts)]
  })
  return [...caption, ...rows]
}

/** In a document that is not on the screen: an image that came into that one would be fetched, and its handlers run. */
let inert: Document | undefined
const make = (tag: string): HTMLElement => (inert ??= document.implementation.createHTMLDocument('')).createElement(tag)

const isBlock = (node: Node): boolean => node instanceof Element && node.matches(BLOCKS)

function paragraphOf(parts: readonly (Node | string)[]): Element {
  const paragraph = make('p')
  paragraph.append(...parts)
  for (const line of paragraph.querySelectorAll('br')) line.replaceWith(' ')
  return paragraph
}
function blockOf(parts: readonly Node[]): Element {
  const block = make('div')
  block.append(...parts)
  return block
}
/** The one block of a cell is the cell. */
function inlineOf(node: Node): Node {
  if (!isBlock(node)) return node
  const words = make('span')
  words.append(...node.childNodes)
  return words
}

/** Something stands before it on its line. A break before or between paragraphs only makes room. */
function endsLine(line: Element): boolean {
  for (let node: Node = line; ;) {
    const before = node.previousSibling
    if (before instanceof Text && before.data.trim() === '') before.remove()
    else if (before) return !(before instanceof HTMLBRElement) && !isBlock(before)
    else if (!node.parentElement || node.parentElement.tagName === 'BODY' || isBlock(node.parentElement)) return false
    else node = node.parentElement
  }
}
