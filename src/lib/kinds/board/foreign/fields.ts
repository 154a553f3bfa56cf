/** Reading what another program wrote: a number may stand where a text should, a list may be none, an id may be used twice. */
import { fieldsOf, type Fields } from '#lib/kernel/reading.ts'
import { dayProblem, readDay, type DateOrder } from '../csv-dates.ts'
import type { Day } from '#lib/kernel/instants.ts'
import type { Color } from '../schema.ts'
import {
  emptyCard,
  type CardProblem,
  type ForeignBoard,
  type ForeignCard,
  type ForeignFormat,
  type ForeignLabel,
  type Losses,
} from './foreign-board.ts'
import { problemOf } from './problem-of.ts'
import { shorten } from './texts.ts'
import type { ForeignWords } from './words.ts'

export interface ForeignReading {
  today: Day
  utcOffset?: number | undefined
  words: ForeignWords
}

/** The entries of a list that are objects. */
export const listOf = (value: unknown): Fields[] =>
  Array.isArray(value)
    ? value.filter((entry) => typeof entry === 'object' && entry !== null && !Array.isArray(entry)).map(fieldsOf)
    : []

export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(wordOf).filter((text) => text !== '') : []

/** Text and numbers; '' for everything else. */
export const wordOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' && Number.isFinite(value) ? String(value) : ''

/** By their ids; an id that is used twice means the first. */
export function byId(entries: readonly Fields[], field: string): Map<string, Fields> {
  const map = new Map<string, Fields>()
  for (const entry of entries) {
    const id = wordOf(entry[field])
    if (id !== '' && !map.has(id)) map.set(id, entry)
  }
  return map
}

/** The entries of a list of the file that can be read; the others are counted. */
export const readerOf =
  (file: Fields, losses: Losses) =>
  (name: string): Fields[] => {
    const entries = file[name]
    const list = listOf(entries)
    if (Array.isArray(entries)) losses.add('entries-broken', name, null, entries.length - list.length)
    return list
  }

/** Columns by their ids. One that has the id of another, or none, cannot be told apart: that is counted. */
export function columnsById(
  lists: readonly Fields[],
  field: string,
  name: string,
  losses: Losses,
): Map<string, Fields> {
  const columns = byId(lists, field)
  const known = new Set(columns.values())
  for (const list of lists) if (!known.has(list)) losses.add('columns-twice', wordOf(list[name]))
  return columns
}

/**
 * Labels, people, swimlanes or custom fields by their ids. One that has the id of another, or none, cannot be told apart: where it says something
 * else than that one, it is counted. `saysOf`: what it says, its name first.
 */
export function toldApart(
  entries: readonly Fields[],
  field: string,
  what: 'labels-twice' | 'people-twice' | 'swimlanes' | 'fields-twice',
  saysOf: (entry: Fields) => readonly string[],
  losses: Losses,
): Map<string, Fields> {
  const first = byId(entries, field)
  for (const entry of entries) {
    const meant = first.get(wordOf(entry[field]))
    const says = saysOf(entry)
    const name = says.find(Boolean)
    if (name !== undefined && says.join('\n') !== (meant ? saysOf(meant).join('\n') : '')) losses.add(what, name)
  }
  return first
}
export const nameSays = (entry: Fields): string[] => [wordOf(entry['name'])]
export const labelSays = (label: Fields): string[] => [wordOf(label['name']), wordOf(label['color'])]

/** Of columns that were put away only what still has cards comes along. */
export function comesAlong(isAway: boolean, hasCards: boolean, name: unknown, losses: Losses): boolean {
  if (!isAway || hasCards) return true
  losses.add('archived-empty', wordOf(name))
  return false
}

/** The limit of a column; one that is none here is told. */
export function limitAt(limit: unknown, name: unknown, losses: Losses): number | null {
  if (isWholeNumber(limit, 1, 10_000)) return limit
  if (limit) losses.add('limits-strange', wordOf(name))
  return null
}

/** What belongs to cards, or lists of cards, by their ids. */
export interface Belongings {
  /** Once: what is of an id that two cards have is the first one's. */
  take: (id: string) => Fields[]
  /** What nobody has taken, by what it says. */
  count: (losses: Losses, nameOf: (entry: Fields) => string) => void
}

export function belongings(entries: readonly Fields[], idOf: (entry: Fields) => string): Belongings {
  const groups = new Map<string, Fields[]>()
  for (const entry of entries) {
    const id = idOf(entry)
    const group = groups.get(id)
    if (group) group.push(entry)
    else groups.set(id, [entry])
  }
  return {
    take(id) {
      const taken = id === '' ? [] : (groups.get(id) ?? [])
      if (id !== '') groups.delete(id)
      return taken
    },
    count(losses, nameOf) {
      for (const entry of [...groups.values()].flat()) losses.add('of-no-card', nameOf(entry))
    },
  }
}

/** In the order of their positions; what has none comes last, as it stands in the file. */
export function inOrder(entries: readonly Fields[], field: string): Fields[] {
  const position = ({ [field]: value }: Fields) => {
    const number = typeof value === 'string' && value !== '' ? Number(value) : value
    return typeof number === 'number' && Number.isFinite(number) ? number : Number.MAX_VALUE
  }
  return [...entries].sort((a, b) => position(a) - position(b))
}

/** What a card refers to by ids. An id that stands for nothing in the file says nothing to people: it is left out, and counted. */
export function known<T>(
  ids: readonly string[],
  find: (id: string) => T | undefined,
  what: 'labels-unknown' | 'people-unknown',
  card: string,
  losses: Losses,
): T[] {
  return [...new Set(ids)].flatMap((id) => {
    const found = find(id)
    if (found) return [found]
    losses.add(what, card)
    return []
  })
}

/** A colour as that product calls it, and whether it has one that nobody knows. */
export function colorAt(
  value: unknown,
  colorOf: (value: unknown) => Color | null,
): Pick<ForeignLabel, 'color' | 'strange'> {
  const color = colorOf(value)
  return { color, strange: color === null ? wordOf(value) : '' }
}

/** The labels of a board, also those on no card. One that is a colour and no more is there by itself: it comes with cards only. */
export const namedLabels = (
  labels: ReadonlyMap<string, Fields>,
  colorOf: (value: unknown) => Color | null,
): ForeignLabel[] =>
  [...labels.values()]
    .map((label) => ({ name: wordOf(label['name']), ...colorAt(label['color'], colorOf) }))
    .filter(({ name }) => name.trim() !== '')

export const isWholeNumber = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most

export const emptyBoard = (format: ForeignFormat, title = ''): ForeignBoard => ({
  format,
  title,
  columns: [],
  labels: [],
  views: [],
  cards: [],
  losses: [],
  problems: [],
  fileColumns: [],
  times: 0,
  eitherWay: false,
  cardsLeftOut: 0,
})

/** What is wrong with a card, said by its title. */
export const sayOn =
  (foreign: ForeignBoard, card: Pick<ForeignCard, 'at' | 'title'>) =>
  (code: CardProblem['code'], effect: CardProblem['effect'], params: CardProblem['params'] = {}): void => {
    foreign.problems.push(problemOf(foreign.format, card, code, effect, params))
  }

/** Reads the day of a field of a card. What is no day is said. */
export function dayReader(
  foreign: ForeignBoard,
  { today, utcOffset }: ForeignReading,
  order: DateOrder = 'month-first',
) {
  return (value: unknown, card: Pick<ForeignCard, 'at' | 'title'>, field: 'start' | 'due'): Day | null => {
    const text = wordOf(typeof value === 'object' && value !== null ? fieldsOf(value)['$date'] : value)
    if (text.trim() === '') return null
    const read = readDay(text, { order, today, utcOffset })
    if (read === null) sayOn(foreign, card)(dayProblem(text), 'cell-left-out', { field, value: shorten(text, 60) })
    if (read?.time) foreign.times++
    return read?.day ?? null
  }
}

export const cardAt = (at: number, title: string): ForeignCard => ({ ...emptyCard(at), title })

/** Who waits for whom, as the one that blocks says it. */
export interface Block {
  blocker: string
  blocked: string
}
/** Of two cards of one id the first is meant. What blocks cards that are not in the file is counted. */
export function addBlocks(
  { cards }: ForeignBoard,
  blocks: readonly Block[],
  losses: Losses,
  nameOf: (id: string) => string = (id) => id,
): void {
  const byKey = new Map(cards.toReversed().map((card) => [card.key, card]))
  for (const { blocker, blocked } of blocks) {
    const card = byKey.get(blocked)
    if (card) card.blockedBy.push(blocker)
    else losses.add('blocking-unknown', nameOf(blocked))
  }
}

/** Where something is on a map: the name of the place, its address and its coordinates; each once. */
export const placeOf = (name: unknown, address: unknown, ...coordinates: readonly unknown[]): string =>
  [...new Set([wordOf(name), wordOf(address), coordinates.map(wordOf).filter(Boolean).join(' ')])]
    .filter(Boolean)
    .join(', ')

/** `Ann, 2026-11-23: what she wrote`. */
export function commentLine(author: string, when: unknown, text: string, { today, utcOffset }: ForeignReading): string {
  const day = readDay(wordOf(when), { order: 'month-first', today, utcOffset })?.day
  const head = [author.trim(), day].filter(Boolean).join(', ')
  return head === '' ? text : `${head}: ${text}`
}
