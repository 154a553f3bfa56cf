/**
 * Jira's wiki markup, as far as a description has a place for it: headings, lists, quotations, code, links, strong and
 * emphasised text. A colour is dropped; tables, pictures, underlined and struck text stay the letters that they are. Both are
 * counted by the caller: `lost` says what there was.
 */
import type { Container, Formatted, Paragraph, Run } from '#lib/kernel/formatted.ts'
import { addRun, isWordLetter, LONGEST_MARKED_LINE, LONGEST_MARKED_TEXT, plainOr, type Marks } from './runs.ts'

const DEEPEST = 8

export interface FromWiki {
  text: string | Formatted
  lost: boolean
}

/** What stands in braces on lines of its own or among words, and ends what it began. */
const BRACED = /\{(code|noformat|quote|panel)(?::([^{}\n]*))?\}/g
/** Tables, pictures, colours, underlined, struck and cited text. */
const NO_PLACE =
  /^[ \t]*\|.*\|[ \t]*$|(?<![\p{L}\p{N}!])![^\s!|][^!\n]{0,200}\.\w{2,5}(?:\|[^!\n]*)?!|\{(?:color|anchor|toc)\b|(?<![\p{L}\p{N}+])\+[^\s+][^+\n]*\+(?![\p{L}\p{N}+])|(?<!\S)-[^\s-][^-\n]*-(?![\p{L}\p{N}-])|\?\?\S/mu

export function fromWiki(text: string): FromWiki {
  if (text.length > LONGEST_MARKED_TEXT) return { text, lost: false }
  const formatted: Formatted = []
  let around: Container[] = []
  let from = 0
  let lost = false
  const say = (letters: string) => {
    lost ||= NO_PLACE.test(letters)
    addLines(formatted, letters, around)
  }
  BRACED.lastIndex = 0
  for (let mark = BRACED.exec(text); mark; mark = BRACED.exec(text)) {
    const [whole, name = '', words = ''] = mark
    const end = mark.index + whole.length
    if (name === 'code' || name === 'noformat') {
      const closing = text.indexOf(`{${name}}`, end)
      // Never closed: letters.
      if (closing < 0) continue
      say(text.slice(from, mark.index))
      const code = text.slice(end, closing).replace(/^[ \t]*\n|\n[ \t]*$/g, '')
      formatted.push({ is: 'code-block', within: around, runs: code === '' ? [] : [{ text: code }] })
      from = closing + name.length + 2
    } else {
      const isOpen = around.length > 0
      if (!isOpen && !text.includes(`{${name}}`, end)) continue
      say(text.slice(from, mark.index))
      around = isOpen ? [] : ['blockquote']
      const title = /(?:^|\|)title=([^|]*)/.exec(words)?.[1]?.trim()
      if (title) formatted.push({ is: 'paragraph', within: around, runs: [{ text: title, strong: true }] })
      lost ||= name === 'panel'
      from = end
    }
    BRACED.lastIndex = from
  }
  say(text.slice(from))
  return { text: plainOr(formatted, text), lost }
}

/** A line is a paragraph, as it is shown there. */
function addLines(formatted: Formatted, letters: string, around: readonly Container[]): void {
  let list: Container[] = []
  for (const line of letters.split(/\r\n|\r|\n|(?<!\\)\\\\(?=[ \t]|$)/m)) {
    const words = line.trim()
    const within = [...around]
    if (words === '') {
      list = []
      continue
    }
    const heading = /^h([1-6])\.[ \t]+(.+)$/.exec(words)
    const quote = /^bq\.[ \t]+(.+)$/.exec(words)
    const item = /^([*#]+|-)[ \t]+(.+)$/.exec(words)
    const add = (is: Paragraph['is'], inside: Container[], said: string) =>
      formatted.push({ is, within: inside, runs: runsOf(said) })
    if (heading) {
      const level = Math.min(3, Number(heading[1]))
      formatted.push({ is: 'heading', level, within, runs: runsOf(heading[2] ?? '') })
    } else if (quote) add('paragraph', [...within, 'blockquote'], quote[1] ?? '')
    else if (item) {
      const marks = [...(item[1] ?? '')].map((mark): Container =>
        mark === '#' ? 'ordered-list-item' : 'unordered-list-item',
      )
      // Whoever writes two marks where nothing is open yet means one.
      const way = marks.slice(-Math.min(marks.length, list.length + 1, DEEPEST))
      list = way
      add(way.at(-1) ?? 'unordered-list-item', [...within, ...way.slice(0, -1)], item[2] ?? '')
      continue
    } else add('paragraph', within, words)
    list = []
  }
}

const MARKS =
  /\\([!-/:-@[-`{-~])|\{\{(.+?)\}\}|\{color(?::[^{}]*)?\}|\{([*_])\}(.+?)\{\3\}|\[~([^\]\n|]+)\]|\[(?:([^\]\n|]+)\|)?((?:https?|ftps?):\/\/[^\]\s|]+|mailto:[^\]\s|]+)(?:\|[^\]\n]*)?\]|((?:https?|ftps?):\/\/[^\s[\]{}|<>"]*[^\s[\]{}|<>".,;:!?)*_])|([*_])(?=\S)((?:\\.|(?!\9)[^\\])*?(?:\\.|[^\s\\]))\9(?![\p{L}\p{N}])/u

function runsOf(text: string, around: Marks = {}, depth = 0): Run[] {
  if (text.length > LONGEST_MARKED_LINE) return [{ ...around, text }]
  const runs: Run[] = []
  const inner = (letters: string, marks: Marks) => {
    for (const { text: said, ...own } of runsOf(letters, { ...around, ...marks }, depth + 1)) addRun(runs, said, own)
  }
  let rest = text
  let before = ''
  for (let match = MARKS.exec(rest); match && depth < DEEPEST; match = MARKS.exec(rest)) {
    const [whole, escaped, code, braced, inBraces, person, label, address, bare, mark, marked] = match
    const ahead = rest.slice(0, match.index)
    const left = ahead.at(-1) ?? before.at(-1) ?? ' '
    addRun(runs, ahead, around)
    if (mark !== undefined && isWordLetter(left)) {
      // snake_case and 2*3*4 have no formats in them.
      addRun(runs, mark, around)
      rest = rest.slice(match.index + 1)
      before = mark
      continue
    }
    if (escaped !== undefined) addRun(runs, escaped, around)
    else if (code !== undefined) addRun(runs, code, { ...around, code: true })
    else if (person !== undefined) addRun(runs, `@${person}`, around)
    else if (address !== undefined) inner(label?.trim() || address, { link: address })
    else if (bare !== undefined) addRun(runs, bare, { ...around, link: bare })
    else if (inBraces !== undefined) inner(inBraces, braced === '*' ? { strong: true } : { em: true })
    else if (marked !== undefined) inner(marked, mark === '*' ? { strong: true } : { em: true })
    rest = rest.slice(match.index + whole.length)
    before = whole
  }
  addRun(runs, rest, around)
  return runs
}
