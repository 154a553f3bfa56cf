/** The columns of a file, and where on the board its cards go. */
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { distinctNames } from '#lib/kernel/names.ts'
import { orderAt, orderBetween, type RandomBytes } from '#lib/kernel/order.ts'
import { cardsByColumn, shownColumns } from '../queries.ts'
import type { Board } from '../schema.ts'
import type { ForeignBoard, ForeignColumn, ForeignFormat, Losses } from './foreign-board.ts'
import { LONGEST_NAME, oneLine, plainName, shorten } from './texts.ts'
import type { ForeignWords } from './words.ts'

/** How other products call their last column. */
export const FINISHED = /^(?:done|closed|complete|completed|finished|resolved|已?完成|已?关闭|已?解决)$/i

/** Their files have the columns in an order of their own; in tables they come as the cards do. */
const LISTED: ReadonlySet<ForeignFormat> = new Set<ForeignFormat>(['tongzhou', 'trello', 'planka', 'wekan'])

const plainColumn = { archived: false, done: null, limit: null, color: null }

/**
 * An import brings no board beyond that: nobody finds their way in more, and the key of a place between two columns grows with each one
 * that comes there, up to a length at which it is none.
 */
export const MOST_COLUMNS = 1_000

/** Where the file's lists go, in their order; those that are archived there bring archived columns of their own. */
export interface PlacedList {
  key: string
  title: string
  cards: number
  /** A column of the board; null for a new one. */
  column: string | null
}

interface FoundColumn {
  id: string
  title: string
  isNew: boolean
  archived: boolean
  /** Who stands in it is finished. */
  done: boolean
  /** The title where it is too long. */
  long?: string
  /** In the file it has no name. */
  unnamed?: boolean
  /** The file names a column that it does not have. */
  unknown?: boolean
  /** The file says nothing of its column, though it does of others'. */
  empty?: boolean
}

/**
 * Finds a column of the board as the person chose it, else by its title, or makes it: behind the one that it follows in the file,
 * where the board has any of them, else behind the last one, but before those at the end where the board has what is finished. What
 * the board says of its own column stays; a limit and a colour come along where it has none.
 */
export function columnMaker(
  board: Board,
  { format, columns: foreign, cards }: ForeignBoard,
  {
    newEntity,
    random,
    firstColumn,
    words,
    lists: chosen,
  }: {
    newEntity: () => string
    random: RandomBytes
    firstColumn: string
    words: ForeignWords
    lists?: ReadonlyMap<string, string | null> | undefined
  },
  losses: Losses,
) {
  // Two lists may go to one column: what it gets from the first, it has for the second.
  const shown = shownColumns(board).map((column) => ({ ...column }))
  const ours = new Map<string, FoundColumn>()
  const foundById = new Map<string, FoundColumn>()
  for (const { id, title, done } of shown.toReversed()) {
    const found = { id, title, isNew: false, archived: false, done }
    foundById.set(id, found)
    ours.set(plainName(title), found)
  }
  const orders = shown.map(({ order }) => order)
  const calls: MutationCall[] = []
  const made: { id: string; title: string }[] = []
  const limits: { title: string; limit: number }[] = []
  /** Work goes on towards the finished: of two new columns the first stands first. */
  let beforeFinished = shown.findLastIndex(({ done }) => !done) + 1
  const isDone = (title: string, done: boolean | null) => done ?? FINISHED.test(title.trim())
  const make = (title: string, column: Omit<ForeignColumn, 'key' | 'title'>, at = orders.length): FoundColumn => {
    const order = orderAt(orders, at, random)
    orders.splice(at, 0, order)
    const { color, limit, archived } = column
    const id = newEntity()
    const done = isDone(title, column.done)
    calls.push({ mutation: 'addColumn', args: { column: id, title, order, color, done, limit } })
    if (archived) calls.push({ mutation: 'archiveColumn', args: { column: id } })
    made.push({ id, title })
    return { id, title, isNew: true, archived, done }
  }
  // Cards that the file has in no column of its own are not put into one of its columns.
  const unplaced =
    shown.length === 0 && cards.some(({ column }) => column === '') ? make(firstColumn, plainColumn) : null
  if (unplaced) ours.set(plainName(firstColumn), unplaced)
  const byKey = new Map<string, FoundColumn>()
  const unnamed = foreign.filter(({ title }) => oneLine(title) === '')
  const namesOfUnnamed = distinctNames(
    unnamed.map(({ key }) => ({ id: key, name: words.unnamedColumn, removed: false })),
  )
  const titleOf = ({ key, title }: ForeignColumn) => namesOfUnnamed.get(key) ?? shorten(oneLine(title), LONGEST_NAME)
  const used = new Map<string, number>()
  for (const { column } of cards) used.set(column, (used.get(column) ?? 0) + 1)
  /** What columns of the file become of those that are here, by their keys; `byHand`: it is not the one of that name. */
  const homes = new Map<string, { home: FoundColumn; byHand: boolean }>()
  for (const column of foreign.filter(({ archived }) => !archived)) {
    const name = plainName(titleOf(column))
    const same = ours.get(name)
    // Two columns of the file that bear one name stay two: only the first becomes the board's.
    ours.delete(name)
    const choice = chosen?.get(column.key)
    const home = choice === null ? undefined : (foundById.get(choice ?? '') ?? same)
    if (home) homes.set(column.key, { home, byHand: home !== same })
  }
  const isPlaced = LISTED.has(format) && homes.size > 0
  /** Behind all that came before. */
  let place = 0
  /** Behind those that are here by their names: where a list was sent by hand says nothing of their order. */
  let placeByName = 0
  for (const column of foreign) {
    const whole = oneLine(column.title)
    const title = titleOf(column)
    const { home: same, byHand = false } = homes.get(column.key) ?? {}
    // It would be nothing but the board's own.
    if (same && whole === '' && !used.has(column.key)) {
      losses.add('columns-unnamed')
      continue
    }
    const known = same && shown.find(({ id }) => id === same.id)
    if (known) {
      if (column.limit !== null && known.limit === null) {
        calls.push({ mutation: 'setColumnLimit', args: { column: known.id, limit: column.limit } })
        limits.push({ title: known.title, limit: column.limit })
        known.limit = column.limit
      } else if (column.limit !== null && column.limit !== known.limit) losses.add('column-limits', known.title)
      if (column.color !== null && known.color === null) {
        calls.push({ mutation: 'recolorColumn', args: { column: known.id, color: column.color } })
        known.color = column.color
      } else if (column.color !== null && column.color !== known.color) losses.add('column-colors', known.title)
      if (column.done !== null && column.done !== known.done) losses.add('column-uses', known.title)
      const next = orders.indexOf(known.order) + 1
      if (isPlaced && !byHand && next <= placeByName) losses.add('column-places', known.title)
      if (!byHand) placeByName = Math.max(placeByName, next)
      place = Math.max(place, next)
    }
    if (column.strange) losses.add('strange-column-colors', same?.title ?? title)
    const placeOf = () =>
      isPlaced
        ? place++
        : shown.length === 0 || column.archived || isDone(title, column.done)
          ? orders.length
          : beforeFinished++
    const found = same ?? make(title, column, placeOf())
    const told = byHand ? {} : { unnamed: whole === '', ...(whole.length > LONGEST_NAME ? { long: whole } : {}) }
    byKey.set(column.key, { ...found, ...told })
  }
  /** Elsewhere a card need not be in any. */
  const hasCells = format === 'table' || format === 'jira'
  const known = shown[0]
  const open = [...byKey.values()].find(({ archived }) => !archived)
  const first: FoundColumn = known
    ? { id: known.id, title: known.title, isNew: false, archived: false, done: known.done }
    : (unplaced ?? (open ? { ...open, long: '' } : make(firstColumn, plainColumn)))
  return {
    calls,
    made,
    /** None where the board has no columns yet. */
    lists: foreign
      .filter(({ archived }) => !archived && shown.length > 0)
      .map((column): PlacedList => ({
        key: column.key,
        title: titleOf(column),
        cards: used.get(column.key) ?? 0,
        column: homes.get(column.key)?.home.id ?? null,
      })),
    /** Those that columns of the board get. */
    limits,
    /** With those that the board has. */
    all: () => orders.length,
    find: (key: string): FoundColumn =>
      byKey.get(key) ?? { ...first, ...(key === '' ? { empty: hasCells && foreign.length > 0 } : { unknown: true }) },
  }
}

/** Gives out places at the end of each column. */
export function cardPlaces(board: Board, random: RandomBytes): (column: string) => string {
  const present = cardsByColumn(board)
  const last = new Map<string, string>()
  return (column) => {
    const before = last.get(column)
    const orders = (present.get(column) ?? []).map(({ order }) => order)
    const order = before === undefined ? orderAt(orders, orders.length, random) : orderBetween(before, null, random)
    last.set(column, order)
    return order
  }
}
