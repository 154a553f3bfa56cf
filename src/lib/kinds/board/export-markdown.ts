/** A board as Markdown that people read and paste: columns as headings, cards as tasks, checklists below them. */
import type { Formatted } from '#lib/kernel/formatted.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { blockersInFile } from './blocking.ts'
import { cardsByTitle, doneColumns, labelsOf } from './queries.ts'
import type { Repeat } from './repeat.ts'
import type { Board, Card, Priority } from './schema.ts'
import { toMarkdown } from './to-markdown.ts'

export interface MarkdownOptions {
  nameOf: (person: string) => string
  /** By card: they live in documents of their own. */
  descriptions?: Readonly<Record<string, Formatted>>
  words?: MarkdownWords
}
export interface MarkdownWords {
  priority: (priority: Priority) => string
  due: (day: Day) => string
  start: (day: Day) => string
  estimate: (hours: number) => string
  repeat: (repeat: Repeat) => string
  blockedBy: (titles: string) => string
  archivedColumn: (title: string) => string
}
const english: MarkdownWords = {
  priority: (priority) => priority,
  due: (day) => `due ${day}`,
  start: (day) => `from ${day}`,
  estimate: (hours) => `${hours} h`,
  repeat: (repeat) => repeat,
  blockedBy: (titles) => `blocked by ${titles}`,
  archivedColumn: (title) => `${title} (archived column)`,
}

/** The cards that are not archived, by column. */
export function exportMarkdown(board: Board, { nameOf, descriptions = {}, words = english }: MarkdownOptions): string {
  const done = doneColumns(board)
  const lines = [`# ${escaped(board.title) || '-'}`]
  for (const { title, isArchived, cards } of cardsByTitle(board)) {
    const name = escaped(title) || '-'
    lines.push('', `## ${isArchived ? words.archivedColumn(name) : name}`, '')
    for (const card of cards) {
      lines.push(`- ${box(done.has(card.column))} ${[escaped(card.title), ...facts(card)].join(' · ')}`)
      for (const { text, done } of card.checklist) lines.push(`  - ${box(done)} ${escaped(text)}`)
      const description = toMarkdown(descriptions[card.id] ?? [])
      // As a quotation: its own headings and lists stay its own.
      if (description !== '') lines.push('', ...description.split('\n').map((line) => `  > ${line}`.trimEnd()), '')
    }
  }
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`

  function facts(card: Card): string[] {
    // As on the card: what is finished is crossed out.
    const blockers = blockersInFile(board, card).map(({ title, column }) => {
      const name = escaped(title) || '-'
      return done.has(column) ? `~~${name}~~` : name
    })
    return [
      ...labelsOf(board, card).map(({ name }) => `\`${name.replaceAll('`', "'")}\``),
      ...card.assignees.map((id) => `**${escaped(nameOf(id))}**`),
      ...(card.priority === null ? [] : [words.priority(card.priority)]),
      ...(card.start === null ? [] : [words.start(card.start)]),
      ...(card.due === null ? [] : [words.due(card.due)]),
      ...(card.estimate === null ? [] : [words.estimate(card.estimate)]),
      ...(card.repeat === null ? [] : [words.repeat(card.repeat)]),
      ...(blockers.length === 0 ? [] : [words.blockedBy(blockers.join(', '))]),
    ]
  }
}

const box = (done: boolean) => (done ? '[x]' : '[ ]')
/** A title is a title, whatever marks stand in it. */
const escaped = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>#|~]/g, (mark) => `\\${mark}`)
