/**
 * Markdown of other products, as far as a description has a place for it: headings, lists, quotations, code, links, strong and
 * emphasised text. All else stays the letters that it is, HTML first of all. A line is a paragraph: where such texts are
 * written, a new line is shown as one.
 */
import type { Container, Formatted, Paragraph, Run } from '#lib/kernel/formatted.ts'
import { addRun, isWordLetter, LONGEST_MARKED_LINE, LONGEST_MARKED_TEXT, plainOr, type Marks } from './runs.ts'

const DEEPEST = 8

/** A list or a quotation that is open, and the column from which its lines are written. */
interface Open {
  container: Container
  indent: number
}

export const fromMarkdown = (text: string): string | Formatted =>
  ANY_MARK.test(text) && text.length <= LONGEST_MARKED_TEXT ? plainOr(formattedFrom(text), text) : text
/** Most texts have none, and most lines of the others. */
const ANY_MARK = /[\\`*_[<#>~+-]|\d[.)]/

function formattedFrom(text: string): Formatted {
  const formatted: Formatted = []
  let open: Open[] = []
  let fence: { mark: string; lines: string[] } | null = null
  /** How far the ordered lists have counted, by their depth. */
  const counts: number[] = []
  const within = () => open.map(({ container }) => container)
  const add = (is: Paragraph['is'], runs: Run[], inside = within()) => formatted.push({ is, within: inside, runs })
  const endFence = () => {
    const last = formatted.at(-1)
    // An item of a list begins with words: code that is its beginning stays lines.
    if (fence && last?.is.endsWith('-item') && last.runs.length === 0)
      for (const line of fence.lines) add('paragraph', [{ text: line }])
    else if (fence) add('code-block', fence.lines.length === 0 ? [] : [{ text: fence.lines.join('\n') }])
    fence = null
  }

  for (const line of text.split(/\r\n|\r|\n/)) {
    const { rest, kept } = insideOf(line, open, fence !== null)
    if (fence && kept < open.length) endFence()
    if (fence) {
      if (rest.trim() === fence.mark) endFence()
      else fence.lines.push(rest)
      continue
    }
    if (rest.trim() === '') {
      // Between two items or paragraphs; a quotation ends.
      open = open.slice(0, kept)
      continue
    }
    open = open.slice(0, kept)
    let words = rest
    let item: Container | null = null
    for (;;) {
      const quote = /^ {0,3}> ?/.exec(words)
      const mark = /^( *)(?:([-*+])|(\d{1,9})[.)])( {1,4}|$)/.exec(words)
      if (open.length >= DEEPEST || isRule(words)) break
      if (quote) {
        if (item) item = null
        open = [...open, { container: 'blockquote', indent: 0 }]
        words = words.slice(quote[0].length)
      } else if (mark) {
        const number = mark[3] === undefined ? null : Number(mark[3])
        const count = countIn(formatted.at(-1), within()) ? (counts[open.length] ?? 0) + 1 : 1
        // "2026. 11. 23" is a day: a list that would show another number than the one that stands there is none.
        if (number !== null && number !== count && number !== 1) break
        counts[open.length] = number === null ? 0 : count
        item = mark[2] === undefined ? 'ordered-list-item' : 'unordered-list-item'
        open = [...open, { container: item, indent: mark[0].length }]
        words = words.slice(mark[0].length)
      } else break
    }
    if (!item && words.trim() === '') continue
    const opening = /^ {0,3}(```+|~~~+)[^`]*$/.exec(words)
    const heading = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(words)
    if (opening && item) add(item, [], within().slice(0, -1))
    if (opening) fence = { mark: opening[1] ?? '', lines: [] }
    else if (heading && !item)
      formatted.push({
        is: 'heading',
        within: within(),
        level: Math.min(3, heading[1]?.length ?? 1),
        runs: runsOf(heading[2] ?? ''),
      })
    else if (isRule(words)) add('paragraph', [{ text: words.trim() }])
    else if (item) add(item, runsOf(withBox(words)), within().slice(0, -1))
    else add('paragraph', runsOf(words.trim()))
  }
  endFence()
  return formatted
}

/** A description has no boxes to tick: of those of a list their signs stand there. */
const withBox = (item: string): string =>
  item.replace(/^\[([ xX])\](?=\s+\S)/, (_, tick: string) => (tick === ' ' ? '☐' : '☑'))

/** Whether an ordered list goes on there after that paragraph. */
const countIn = (before: Paragraph | undefined, within: readonly Container[]): boolean => {
  const way = before ? [...before.within, before.is] : []
  return way[within.length] === 'ordered-list-item' && within.every((container, depth) => way[depth] === container)
}

const isRule = (line: string): boolean => /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/.test(line)

/** What a line says inside of the containers that go on with it, and how many do. */
function insideOf(line: string, open: readonly Open[], isCode: boolean): { rest: string; kept: number } {
  let rest = line.replace(/^[ \t]+/, (space) => space.replaceAll('\t', '    '))
  let kept = 0
  for (const { container, indent } of open) {
    if (container === 'blockquote') {
      const mark = /^ {0,3}> ?/.exec(rest)
      if (!mark) break
      rest = rest.slice(mark[0].length)
    } else if (rest.trim() !== '') {
      const space = /^ */.exec(rest)?.[0].length ?? 0
      // Two spaces are enough for a list in a list.
      if (space < Math.min(indent, 2) && !isCode) break
      rest = rest.slice(Math.min(space, indent))
    }
    kept++
  }
  return { rest, kept }
}

const MARKS =
  /\\([!-/:-@[-`{-~])|(`+)([^`]|[^`][^]*?[^`])\2(?!`)|!?\[((?:\\.|[^\\[\]])*)\]\(\s*<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+"[^"]*")?\s*\)|<((?:https?:\/\/|mailto:)[^\s<>]+)>|(\*\*|__)(?=\S)((?:\\[^]|[^\\])*?(?:\\[^]|[^\s\\]))\7(?!\*)|(\*|_)(?=\S)((?:\\[^]|[^\\])*?(?:\\[^]|[^\s\\*_]))\9(?!\9)/

const INLINE_MARK = /[\\`*_[<]/

/** Letters by their marks. */
function runsOf(text: string, around: Marks = {}, depth = 0): Run[] {
  if (text !== '' && (text.length > LONGEST_MARKED_LINE || !INLINE_MARK.test(text))) return [{ ...around, text }]
  const runs: Run[] = []
  const say = (letters: string, marks = around) => addRun(runs, letters, marks)
  let rest = text
  let before = ''
  for (let match = MARKS.exec(rest); match && depth < DEEPEST; match = MARKS.exec(rest)) {
    const [whole, escaped, , code, label, address, auto, strongMark, strong, emMark, em] = match
    const ahead = rest.slice(0, match.index)
    const [left, right] = [ahead.at(-1) ?? before.at(-1) ?? ' ', rest[match.index + whole.length] ?? ' ']
    const inner = (letters: string, marks: Marks) => {
      for (const run of runsOf(letters, { ...around, ...marks }, depth + 1)) {
        const { text: said, ...own } = run
        say(said, own)
      }
    }
    say(ahead)
    // snake_case has no emphasis in it.
    const isWithinWord = (strongMark ?? emMark)?.startsWith('_') && (isWordLetter(left) || isWordLetter(right))
    if (isWithinWord) {
      say(whole[0] ?? '')
      rest = rest.slice(match.index + 1)
      before = whole[0] ?? ''
      continue
    }
    if (escaped !== undefined) say(escaped)
    else if (code !== undefined) say(code.replace(/^ (.*\S.*) $/, '$1'), { ...around, code: true })
    else if (label !== undefined) {
      const link = address ?? ''
      if (link === '') inner(label, {})
      else inner(label === '' ? link : label, { link })
    } else if (auto !== undefined) say(auto, { ...around, link: auto })
    else if (strong !== undefined) inner(strong, { strong: true })
    else if (em !== undefined) inner(em, { em: true })
    rest = rest.slice(match.index + whole.length)
    before = whole
  }
  say(rest)
  return runs
}
