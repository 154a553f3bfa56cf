/** A formatted text as Markdown, so that `fromMarkdown` reads the same again. */
import {
  hasFormats,
  plainText,
  type Container,
  type Formatted,
  type Paragraph,
  type Run,
} from '#lib/kernel/formatted.ts'
import { fromMarkdown } from './foreign/from-markdown.ts'

/** For a place in which letters are mostly just letters: without a sign more where that is read as the same. */
export function lettersOrMarkdown(formatted: Formatted): string {
  const letters = plainText(formatted)
  return !hasFormats(formatted) && fromMarkdown(letters) === letters ? letters : toMarkdown(formatted)
}

export function toMarkdown(formatted: Formatted): string {
  const lines: string[] = []
  /** How often an ordered list has counted, by the way to it. */
  let counts: { way: string; count: number }[] = []
  let before: Paragraph | null = null
  for (const paragraph of formatted) {
    const { is, within, level, runs } = paragraph
    const way = within.join(' ')
    counts = counts.filter((list) =>
      list.way === way ? is === 'ordered-list-item' : way.startsWith(`${list.way} ordered-list-item`.trim()),
    )
    const indent = indentOf(within)
    const isItem = is.endsWith('-item')
    // Items of a list stand close together, all else has room.
    if (before && !(isItem && (before.is.endsWith('-item') || before.within.length > 0)))
      lines.push(indentOf(shared(before.within, within)).trimEnd())
    const put = (line: string) => lines.push(`${indent}${line}`.trimEnd())
    if (is === 'code-block') {
      const code = runs.map(({ text }) => text).join('')
      const fence = '`'.repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)))
      for (const line of [fence, ...code.split('\n'), fence]) lines.push(`${indent}${line}`)
    } else if (is === 'heading') put(`${'#'.repeat(level ?? 1)} ${words(runs)}`)
    else if (is === 'blockquote') put(`> ${atLineStart(words(runs))}`)
    else if (is === 'unordered-list-item') put(`- ${atLineStart(words(runs))}`)
    else if (is === 'ordered-list-item') {
      const list = counts.find((one) => one.way === way) ?? { way, count: 0 }
      if (list.count === 0) counts.push(list)
      put(`${++list.count}. ${atLineStart(words(runs))}`)
    } else put(atLineStart(words(runs)))
    before = paragraph
  }
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

const indentOf = (within: readonly Container[]): string => within.map((container) => INDENTS[container]).join('')
const INDENTS = { blockquote: '> ', 'unordered-list-item': '  ', 'ordered-list-item': '   ' }
const shared = (a: readonly Container[], b: readonly Container[]): Container[] => {
  const end = b.findIndex((container, at) => a[at] !== container)
  return b.slice(0, end < 0 ? b.length : end)
}

const words = (runs: readonly Run[]): string => runs.map(marked).join('')

function marked({ text, strong, em, code, link }: Run): string {
  const [, left = '', inner = '', right = ''] = /^(\s*)([^]*?)(\s*)$/.exec(text.replace(/\s*\n\s*/g, ' ')) ?? []
  if (inner === '') return left + right
  const ticks = '`'.repeat(Math.max(0, ...[...inner.matchAll(/`+/g)].map(([run]) => run.length)) + 1)
  const pad = inner.startsWith('`') || inner.endsWith('`') ? ' ' : ''
  let said = code ? `${ticks}${pad}${inner}${pad}${ticks}` : escaped(inner)
  if (em) said = `*${said}*`
  if (strong) said = `**${said}**`
  if (link !== undefined) said = `[${said}](<${link.replace(/[<>\s]/g, encodeURIComponent)}>)`
  return left + said + right
}

const escaped = (text: string): string => text.replace(/[\\`*_[\]<>]/g, (mark) => `\\${mark}`)
/** What would begin a heading, a list or a quotation stays letters. */
const atLineStart = (line: string): string =>
  line
    .replace(/^(#{1,6}(?=\s|$)|[-+](?=\s|$)|[~]{3})/, '\\$1')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^((?:-\s*){3,})$/, '\\$1')
