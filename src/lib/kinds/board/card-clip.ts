/**
 * Cards on the clipboard: what they say, without what binds them to their board. They travel as JSON in an attribute of
 * HTML, because every program keeps HTML and a page may read it without asking; what pastes elsewhere is a plain list of
 * titles. What comes in is anybody's, so it is parsed, cut to size and planned like an import.
 */
import * as v from 'valibot'
import type { Day } from '../../kernel/instants.ts'
import { isDay } from '../../kernel/instants.ts'
import { Formatted } from '../../kernel/formatted.ts'
import { isFollowed } from './blocking.ts'
import { emptyBoard } from './foreign/fields.ts'
import { emptyCard, type ForeignBoard } from './foreign/foreign-board.ts'
import { manyLines, oneLine } from './foreign/texts.ts'
import { doneColumns, labelsOf } from './queries.ts'
import { repeats } from './repeat.ts'
import { colors, priorities, type Board, type Card } from './schema.ts'

/** More cards than that are a board: there is an export for it. */
export const MOST_CLIPPED = 2_000
/** So many lines of a text become cards without a question. */
export const UNASKED_LINES = 20

const Text = (most: number) => v.fallback(v.pipe(v.string(), v.maxLength(most)), '')
const DayOrNone = v.fallback(v.nullable(v.custom<Day>((value) => typeof value === 'string' && isDay(value))), null)
/** Of a month. */
const DateOrNone = v.fallback(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31))), null)
const list = <Item extends v.GenericSchema>(item: Item, most: number) =>
  v.fallback(v.pipe(v.array(item), v.maxLength(most)), [])
const Clipped = v.object({
  id: Text(64),
  title: Text(10_000),
  description: v.fallback(Formatted, []),
  labels: list(v.object({ name: Text(1_000), color: v.fallback(v.nullable(v.picklist(colors)), null) }), 200),
  people: list(v.object({ id: Text(64), name: Text(1_000) }), 200),
  start: DayOrNone,
  due: DayOrNone,
  startDay: DateOrNone,
  dueDay: DateOrNone,
  priority: v.fallback(v.nullable(v.picklist(priorities)), null),
  estimate: v.fallback(v.nullable(v.number()), null),
  repeat: v.fallback(v.nullable(v.picklist(repeats)), null),
  /** It stood in a column of finished cards. */
  finished: v.fallback(v.boolean(), true),
  /** With the titles, for a board that does not have them. */
  blockedBy: list(v.object({ id: Text(64), title: Text(10_000) }), 1_000),
  checklist: list(v.object({ text: Text(10_000), done: v.fallback(v.boolean(), false) }), 1_000),
})
const Clip = v.object({
  format: v.literal('tongzhou-cards'),
  version: v.literal(1),
  /** The board that they were copied from. */
  board: Text(64),
  /**
   * They were cut, under this name: on their own board they come back as themselves, on another one that is one action with
   * the cut.
   */
  cut: v.fallback(v.nullable(v.pipe(v.string(), v.maxLength(64))), null),
  cards: v.pipe(v.array(Clipped), v.minLength(1), v.maxLength(MOST_CLIPPED)),
})
export type CardClip = v.InferOutput<typeof Clip>

export interface ClipSource {
  board: Pick<Board, 'columns' | 'labels' | 'cardsById'>
  root: string
  personName: (person: string) => string
  descriptions: Readonly<Record<string, Formatted>>
  cut?: string | null
}

export function clipCards(
  cards: readonly Card[],
  { board, root, personName, descriptions, cut }: ClipSource,
): CardClip {
  const done = doneColumns(board)
  return {
    format: 'tongzhou-cards',
    version: 1,
    board: root,
    cut: cut ?? null,
    cards: cards.map((card) => ({
      id: card.id,
      title: card.title,
      description: descriptions[card.id] ?? [],
      labels: labelsOf(board, card).map(({ name, color }) => ({ name, color })),
      people: card.assignees.map((id) => ({ id, name: personName(id) })),
      start: card.start,
      due: card.due,
      startDay: card.startDay,
      dueDay: card.dueDay,
      priority: card.priority,
      estimate: card.estimate,
      repeat: card.repeat,
      finished: done.has(card.column),
      blockedBy: card.blockedBy.flatMap((id) => {
        const other = board.cardsById.get(id)
        return other && isFollowed(board, card.id, id) ? [{ id, title: other.title }] : []
      }),
      checklist: card.checklist.map(({ text, done }) => ({ text, done })),
    })),
  }
}

const ATTRIBUTE = 'data-tongzhou-cards'
/** Far more than the longest clip that is written here. */
const LONGEST_HTML = 64 * 1024 * 1024

export const clipToText = ({ cards }: CardClip): string => cards.map(({ title }) => oneLine(title)).join('\n')

export function clipToHtml(clip: CardClip): string {
  const json = new TextEncoder().encode(JSON.stringify(clip)).toBase64({ alphabet: 'base64url', omitPadding: true })
  const items = clip.cards.map(({ title }) => `<li>${escaped(oneLine(title))}</li>`)
  return `<ul ${ATTRIBUTE}="${json}">${items.join('')}</ul>`
}
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Null for HTML of another origin, and for anything that is not whole. */
export function htmlToClip(html: string): CardClip | null {
  if (html.length > LONGEST_HTML) return null
  const json = new RegExp(`${ATTRIBUTE}="([\\w-]+)"`).exec(html)?.[1]
  if (json === undefined) return null
  try {
    const bytes = Uint8Array.fromBase64(json, { alphabet: 'base64url' })
    const parsed = v.safeParse(Clip, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}

const BULLET = /^\s*(?:(?:[-*+–—]|\d{1,4}[.)])\s+|(?:[•·◦▪☐☑☒□✓✔]|\d{1,4}[、．])\s*)(?:\[[ xX✓]\]\s*)?/

/** One title per line, without the marks of a list. */
export const textToTitles = (text: string): string[] =>
  manyLines(text)
    .split('\n')
    .map((line) => oneLine(line.replace(/^\s*\[[ xX✓]\]\s*/, '').replace(BULLET, '')))
    .filter((title) => title !== '')

/** As an import has it: `planBoard` makes it safe and brings it in.  */
export const clipToForeign = ({ cards }: CardClip, isMember: (person: string) => boolean): ForeignBoard => ({
  ...nothing,
  cards: cards.map(({ id, people, blockedBy, finished: _, ...card }, index) => ({
    ...emptyCard(index + 1),
    ...card,
    key: id,
    // Another workspace knows the same person under another id, if at all.
    people: people.map((person) => (isMember(person.id) ? person.id : person.name)),
    blockedBy: blockedBy.map((other) => other.id),
  })),
})
export const titlesToForeign = (titles: readonly string[]): ForeignBoard => ({
  ...nothing,
  cards: titles.map((title, index) => ({ ...emptyCard(index + 1), title })),
})

const nothing = emptyBoard('tongzhou')
