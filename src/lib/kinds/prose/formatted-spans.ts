/** The spans of a collaborative text as plain values, and back: put together so that the editor opens them, whatever a file says. */
import type { Span } from '@automerge/automerge/slim'
import {
  blocks,
  containers,
  DEEPEST,
  levelOf,
  type Container,
  type Formatted,
  type Paragraph,
} from '#lib/kernel/formatted.ts'
import { str } from '../../kernel/immutable-string.ts'
import { fieldsOf } from '../../kernel/reading.ts'
import { hrefOf, linkMark } from './link-mark.ts'

export function spansToFormatted(spans: readonly Span[]): Formatted {
  const formatted: Formatted = []
  for (const span of spans) {
    if (span.type === 'block') {
      const { type, parents, attrs } = span.value
      const is = blocks.find((block) => block === String(type)) ?? 'paragraph'
      const within = Array.isArray(parents) ? containersIn(parents.map(String)) : []
      formatted.push({
        is,
        within,
        ...(is === 'heading' ? { level: levelOf(fieldsOf(attrs)['level']) } : {}),
        runs: [],
      })
      continue
    }
    if (formatted.length === 0) formatted.push({ is: 'paragraph', within: [], runs: [] })
    const marks = fieldsOf(span.marks)
    const link = hrefOf(marks['link'])
    formatted.at(-1)?.runs.push({
      text: span.value,
      ...(marks['strong'] === true ? { strong: true as const } : {}),
      ...(marks['em'] === true ? { em: true as const } : {}),
      ...(marks['code'] === true ? { code: true as const } : {}),
      ...(link === '' ? {} : { link }),
    })
  }
  return formatted
}

export function formattedToSpans(formatted: readonly Paragraph[]): Span[] {
  let before: Paragraph | undefined
  return formatted.flatMap((given): Span[] => {
    const paragraph = openable(given, before)
    before = paragraph
    const { is, within, level, runs } = paragraph
    const value = { type: str(is), parents: within.map(str), attrs: is === 'heading' ? { level: level ?? 1 } : {} }
    return [
      { type: 'block', value: { ...value, isEmbed: false } },
      ...runs.flatMap(({ text, strong, em, code, link }): Span[] => {
        const plain = lettersOf(text)
        if (plain === '') return []
        const marks = {
          ...(strong ? { strong } : {}),
          ...(em ? { em } : {}),
          ...(code ? { code } : {}),
          ...(link === undefined ? {} : { link: linkMark(link) }),
        }
        // Code has no marks of its own: the editor refuses such a text.
        return [{ type: 'text', value: plain, ...(is === 'code-block' ? {} : { marks }) }]
      }),
    ]
  })
}

/** Where a paragraph begins Automerge has this sign in the text. */
const lettersOf = (text: string): string => text.toWellFormed().replaceAll('\uFFFC', '')

const containersIn = (names: readonly string[]): Container[] =>
  names.flatMap((name) => containers.find((container) => container === name) ?? []).slice(0, DEEPEST)

/** An item of a list begins with words: the editor's binding fails on one that begins with a quotation, a heading or code. */
function openable(paragraph: Paragraph, before: Paragraph | undefined): Paragraph {
  const { is, within, runs } = paragraph
  const way = [...within, is]
  const open = before?.runs.some(({ text }) => lettersOf(text) !== '') ? [...before.within, before.is] : []
  const bare = within.findIndex(
    (container, at) =>
      container !== 'blockquote' &&
      /^(?:blockquote|heading|code-block)$/.test(way[at + 1] ?? '') &&
      !within.slice(0, at + 1).every((around, depth) => open[depth] === around),
  )
  return bare < 0 ? paragraph : { is: 'paragraph', within: within.slice(0, bare + 1), runs }
}
