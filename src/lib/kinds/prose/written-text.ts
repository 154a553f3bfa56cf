/**
 * A collaborative text as one reads it where two moments stand side by side: a line per paragraph, with signs for what its
 * letters do not say (lists, headings, bold), so that a change of format alone is seen. Without formats it is the plain text.
 */
import type { Span } from '@automerge/automerge/slim'
import type { Paragraph, Run } from '#lib/kernel/formatted.ts'
import { spansToFormatted } from './formatted-spans.ts'

export function writtenText(spans: readonly Span[]): string {
  /** By the way to a numbered list, how far it has counted. */
  let counts = new Map<string, number>()
  const lines = spansToFormatted(spans).map((paragraph) => {
    const { is, within } = paragraph
    const way = within.join(' ')
    counts = new Map([...counts].filter(([list]) => (list === way ? is === 'ordered-list-item' : way.startsWith(list))))
    const count = (counts.get(way) ?? 0) + 1
    if (is === 'ordered-list-item') counts.set(way, count)
    const around = within.map((container) => (container === 'blockquote' ? '> ' : '   ')).join('')
    return around + signOf(paragraph, count) + wordsOf(paragraph)
  })
  return lines.join('\n')
}

function signOf({ is, level }: Paragraph, count: number): string {
  switch (is) {
    case 'heading':
      return `${'#'.repeat(level ?? 1)} `
    case 'blockquote':
      return '> '
    case 'unordered-list-item':
      return '• '
    case 'ordered-list-item':
      return `${count}. `
    default:
      return ''
  }
}

function wordsOf({ is, runs }: Paragraph): string {
  const words = runs.map(marked).join('')
  return is === 'code-block' ? `\`${words}\`` : words
}

function marked({ text, strong, em, code, link }: Run): string {
  let words = code ? `\`${text}\`` : text
  if (em) words = `*${words}*`
  if (strong) words = `**${words}**`
  return link === undefined || link === text ? words : `[${words}](${link})`
}
