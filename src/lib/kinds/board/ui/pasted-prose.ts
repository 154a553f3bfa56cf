/**
 * What is pasted from elsewhere, as a description can hold it: a description has no tables and no line breaks within a paragraph.
 * Without this, cells and lines would run together: 12 and 34 would become 1234. Word processors say by styles what is bold, what
 * is not in spite of its tag, and what is an item of a list; Office says it by classes. What is struck out is no longer valid and
 * what is ticked is done: a description has neither, so they are said in letters, as in Markdown. Of a video there is its address.
 */
import { safeHref } from './safe-href.ts'

const BLOCKS =
  'address, article, aside, blockquote, dd, div, dl, figure, footer, h1, h2, h3, h4, h5, h6, header, li, ol, p, pre, section, table, ul'
/** Blocks that the editor's parser takes for parts of a line. */
const LIKE_BLOCKS = 'center, details, dt, legend, main, nav, summary'
const BETWEEN_CELLS = ' | '
/** A break that ends a paragraph; see the schema. */
export const ENDS_LINE = 'data-ends-line'

export interface PastedProse {
  html: string
  leftOut: LeftOut
}
/** How many of each it had; a description has none. */
export interface LeftOut {
  pictures: number
  /** Videos and the like without an address to go to. */
  embedded: number
}

/**
 * HTML in, HTML out: rows of a table are paragraphs, their cells apart, and each line is a paragraph; Word's lists are lists, and
 * bold is what was bold; `~~struck out~~`, `[x] ticked`. Nothing in it is run.
 */
export function pastedHtml(html: string): PastedProse {
  const pasted = new DOMParser().parseFromString(html, 'text/html')
  const { body } = pasted
  for (const sheet of pasted.querySelectorAll('style')) heedSheet(sheet, body)
  listWordsItems(body)
  markStruck(body)
  markTicked(body)
  const leftOut = { pictures: takePictures(body), embedded: takeEmbedded(body) }
  for (const element of body.querySelectorAll<HTMLElement>('[style]')) heedStyle(element)
  for (const block of body.querySelectorAll(LIKE_BLOCKS)) block.replaceWith(blockOf([...block.childNodes]))
  for (const rule of body.querySelectorAll('hr')) rule.replaceWith(make('br'))
  // Those within others first.
  for (const table of [...body.querySelectorAll('table')].reverse()) table.replaceWith(...rowsOf(table))
  for (const line of body.querySelectorAll('br')) {
    if (endsLine(line)) line.setAttribute(ENDS_LINE, '')
    else line.remove()
  }
  // Where the words stand in no block, the parser begins no paragraph that a line could end.
  const isBare = [...body.querySelectorAll(`[${ENDS_LINE}]`)].some((line) => !line.closest(BLOCKS))
  if (isBare) body.replaceChildren(blockOf([...body.childNodes]))
  return { html: body.innerHTML, leftOut }
}

const OF_SHEETS = ['text-decoration', 'font-weight', 'font-style'] as const
/** Excel and Word give classes to cells and words, and say in a sheet what those are. A later rule is taken for the stronger one. */
function heedSheet(element: HTMLStyleElement, body: HTMLElement): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(element.textContent ?? '')
  const said = new Map<Element, string[]>()
  for (const rule of sheet.cssRules) {
    if (!(rule instanceof CSSStyleRule)) continue
    const declared = OF_SHEETS.flatMap((name) => {
      const value = rule.style.getPropertyValue(name === 'text-decoration' ? 'text-decoration-line' : name)
      return value === '' ? [] : [`${name}:${value}`]
    })
    if (declared.length === 0) continue
    for (const one of body.querySelectorAll(rule.selectorText)) said.set(one, [...(said.get(one) ?? []), ...declared])
  }
  for (const [one, declared] of said)
    one.setAttribute('style', [...declared, one.getAttribute('style') ?? ''].join(';'))
}

/** Of the text of the attribute: where inline styles are forbidden, the browser reads none of them. */
function styleOf(element: Element): ReadonlyMap<string, string> {
  const declared = (element.getAttribute('style') ?? '').toLowerCase().split(';')
  return new Map(
    declared.map((one) => {
      const [name = '', ...value] = one.split(':')
      return [name.trim(), value.join(':').trim()]
    }),
  )
}
const HEAVY = 600
const ROWS = 'tr, tbody, thead, tfoot'
/** Google Docs puts all that it copies into a `b` that is not bold. */
function heedStyle(element: HTMLElement): void {
  if (isBlock(element)) return
  const style = styleOf(element)
  const formats = [
    { property: 'font-weight', is: isHeavy, tag: 'strong', tags: 'b, strong' },
    {
      property: 'font-style',
      is: (value: string) => /^(?:italic|oblique)/.test(value),
      tag: 'em',
      tags: 'i, em',
    },
  ]
  let isUnwrapped = false
  for (const { property, is, tag, tags } of formats) {
    const said = style.get(property)
    if (said === undefined) continue
    if (element.matches(tags)) isUnwrapped ||= !is(said)
    else if (is(said)) {
      // A row has nothing but cells, of which each may say otherwise.
      const cells = [...element.querySelectorAll('td, th')].filter((cell) => !styleOf(cell).has(property))
      for (const place of element.matches(ROWS) ? cells : [element]) {
        const format = make(tag)
        format.append(...place.childNodes)
        place.append(format)
      }
    }
  }
  if (isUnwrapped) element.replaceWith(...element.childNodes)
}
const isHeavy = (weight: string): boolean => weight.startsWith('bold') || Number.parseInt(weight) >= HEAVY

const SIGN = /^\s*([·•o§▪■–-]|[(（]?[\p{L}\p{N}]{1,4}[.)）、．])[\s\u00a0]+/u
/** `mso-list:l0 level2 lfo1`: an item of a list, which Word writes as a paragraph with its sign in front. */
function listWordsItems(body: HTMLElement): void {
  // Paragraphs that are only indented have that class, too.
  const isItem = (node: Element | null): node is Element =>
    node?.localName === 'p' &&
    (/mso-list:\s*l\d/i.test(node.getAttribute('style') ?? '') ||
      (/^MsoList/.test(node.className) && SIGN.test(node.textContent ?? '')))
  for (const first of body.querySelectorAll('p')) {
    if (!first.isConnected || !isItem(first)) continue
    const items: Element[] = []
    for (let next: Element | null = first; isItem(next); next = next.nextElementSibling) items.push(next)
    /** The lists that are open, from the outermost. */
    const open: { level: number; list: Element }[] = []
    const place = document.createComment('')
    first.before(place)
    for (const item of items) {
      const level = Number(/level(\d+)/i.exec(item.getAttribute('style') ?? '')?.[1] ?? 1)
      const tag = /^[(（]?[\p{L}\p{N}]{1,4}[.)）、．]/u.test(takeSign(item)) ? 'ol' : 'ul'
      while ((open.at(-1)?.level ?? 0) > level) open.pop()
      const outer = open.at(-1)
      const isSame = outer?.level === level && outer.list.localName === tag
      if (!isSame) {
        const list = make(tag)
        if (outer?.level === level) open.pop()
        const around = open.at(-1)
        if (around) (around.list.lastElementChild ?? around.list).append(list)
        else place.before(list)
        open.push({ level, list })
      }
      const entry = make('li')
      const words = make('p')
      words.append(...item.childNodes)
      entry.append(words)
      open.at(-1)?.list.append(entry)
      item.remove()
    }
    place.remove()
  }
}
/** Takes the sign of an item out of it: Word marks it as what other programs are to ignore. */
function takeSign(item: Element): string {
  const marked = [...item.querySelectorAll('[style]')].find((one) => styleOf(one).get('mso-list') === 'ignore')
  if (marked) {
    marked.remove()
    return marked.textContent?.trim() ?? ''
  }
  const walker = document.createTreeWalker(item, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) {
    if (node.data.trim() === '') continue
    const sign = SIGN.exec(node.data)
    if (sign) node.data = node.data.slice(sign[0].length)
    return sign?.[1] ?? ''
  }
  return ''
}

const STRIKE = 's, del, strike'
const LINE_ENDS = `${BLOCKS}, ${LIKE_BLOCKS}, br, caption, hr, td, th, tr`
/** Word by word, what is struck out over formats stays together, and ends with its line. */
function markStruck(body: HTMLElement): void {
  let struck: Text[] = []
  const end = () => {
    const words = struck.filter(({ data }) => data.trim() !== '')
    const [first, last] = [words[0], words.at(-1)]
    const isMarked = first?.data.trimStart().startsWith('~~') && last?.data.trimEnd().endsWith('~~')
    if (first && last && !isMarked) putMarks(first, last, struck)
    struck = []
  }
  const walk = (node: Node, by: 'block' | 'words' | null) => {
    if (node instanceof Text) {
      if (by) struck.push(node)
      else if (node.data !== '') end()
      return
    }
    if (!(node instanceof Element)) return
    const style = styleOf(node)
    const line = `${style.get('text-decoration') ?? ''} ${style.get('text-decoration-line') ?? ''}`
    const isTaken = /\bnone\b/.test(line)
    let here = by
    if (line.includes('line-through')) here ??= isBlock(node) ? 'block' : 'words'
    // Google Docs strikes the sign of an item out, and says of its words whether they are.
    else if (isTaken && by === 'block') here = null
    else if (node.matches(STRIKE) && !isTaken) here = 'words'
    const isLine = node.matches(LINE_ENDS)
    if (isLine) end()
    for (const child of [...node.childNodes]) walk(child, here)
    if (isLine) end()
  }
  walk(body, null)
  end()
}
/** Right at the words: spaces around them stay outside, and so do the marks of code and of links that are struck out as a whole. */
function putMarks(first: Text, last: Text, struck: readonly Text[]): void {
  const around = (text: Text): Element | null => {
    const format = text.parentElement?.closest('code, a')
    return format && textsIn(format).every((one) => struck.includes(one)) ? format : null
  }
  const after = around(last)
  if (after) after.after('~~')
  else last.data = last.data.replace(/\s*$/, (space) => `~~${space}`)
  const before = around(first)
  if (before) before.before('~~')
  else first.data = first.data.replace(/^\s*/, (space) => `${space}~~`)
}
function textsIn(element: Node): Text[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  const texts: Text[] = []
  for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) texts.push(node)
  return texts
}

const BOX = 'input[type=checkbox], [role=checkbox], [aria-roledescription=checkbox], .checkbox-on, .checkbox-off'
const SAID = /^\s*(?:[-*]\s+)?(?:\[[ xX]?\]|[☐☑☒✅✓✔])/u
/** `[x] ` at the beginning of an item that is ticked, `[ ] ` of one that may be; elsewhere right where the box is. */
function markTicked(body: HTMLElement): void {
  for (const item of body.querySelectorAll('li')) {
    const own = [...item.querySelectorAll(BOX)].filter((box) => box.closest('li') === item)
    const ticked = isTicked(item) ?? own.map(isTicked).find((state) => state !== null)
    if (ticked === undefined) continue
    // The first one is the item's; GitHub and Google Docs say it of both.
    const [box] = own
    if (box?.textContent?.trim() === '') box.remove()
    const words = textsIn(item).find((text) => text.data.trim() !== '' && text.parentElement?.closest('li') === item)
    if (words && SAID.test(item.textContent ?? '')) continue
    const mark = ticked ? '[x] ' : '[ ] '
    if (!words) {
      item.prepend(mark)
      continue
    }
    words.data = words.data.trimStart()
    // No format of the words is one of the mark.
    let first: ChildNode & Node = words
    while (first.parentElement && first.parentElement !== item && !isBlock(first.parentElement))
      first = first.parentElement
    first.before(mark)
  }
  for (const box of body.querySelectorAll(BOX)) {
    const ticked = isTicked(box)
    if (ticked === null || box.matches('li') || !body.contains(box)) continue
    const mark = ticked ? ' [x] ' : ' [ ] '
    for (const inner of box.querySelectorAll(BOX)) inner.remove()
    if (box.textContent?.trim() === '') box.replaceWith(mark)
    else box.prepend(mark)
  }
}
/** Editors of the web, Google Docs, GitHub, Notion and Confluence each say it in their own way; null for what is no box. */
function isTicked(box: Element): boolean | null {
  const said = box.getAttribute('aria-checked') ?? box.getAttribute('data-checked')
  if (said !== null) return said === 'true'
  const list = box.getAttribute('data-list')
  if (list === 'checked' || list === 'unchecked') return list === 'checked'
  if (box.matches('input[type=checkbox]')) return box.hasAttribute('checked')
  if (box.matches('.checkbox-on, .checkbox-off')) return box.matches('.checkbox-on')
  return box.hasAttribute('data-inline-task-id') ? box.matches('.checked') : null
}

const EMOJI = /^\p{RGI_Emoji}+$/v
/** An emoji that is drawn by a picture is a letter; of one or two points' size nobody sees anything. */
function takePictures(body: HTMLElement): number {
  let count = 0
  for (const picture of body.querySelectorAll('img')) {
    const letter = picture.alt.trim()
    if (EMOJI.test(letter)) picture.replaceWith(letter)
    else {
      if (isSeen(picture)) count++
      picture.remove()
    }
  }
  return count
}
function isSeen(element: Element): boolean {
  const sides = [element.getAttribute('width'), element.getAttribute('height')]
  return !sides.some((side) => Number.parseInt(side ?? '') <= 2)
}

const EMBEDDED = 'video, audio, iframe, embed, object, canvas'
/** What it holds is for browsers that cannot show it. */
function takeEmbedded(body: HTMLElement): number {
  let count = 0
  for (const element of body.querySelectorAll(EMBEDDED)) {
    if (!body.contains(element)) continue
    const address = addressOf(element)
    if (!isSeen(element)) element.remove()
    else if (address === null) {
      count++
      element.remove()
    } else {
      const link = make('a')
      link.setAttribute('href', address)
      link.append(element.getAttribute('title')?.trim() || address)
      element.replaceWith(' ', link, ' ')
    }
  }
  return count
}
function addressOf(element: Element): string | null {
  const sources = [element, ...element.querySelectorAll('source, embed')]
  const written = sources.map((one) => one.getAttribute('src') ?? one.getAttribute('data')).find(Boolean)
  return written ? safeHref(written.trim().replace(/^\/\//, 'https://')) : null
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
