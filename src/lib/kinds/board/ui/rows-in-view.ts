/**
 * Which rows of a long list are drawn, and where to scroll so that what a person reads stays where it is. Why it is our own:
 * docs/decisions/0010.
 */

/** Where the rows lie, in pixels from the top of the list. */
export interface Rows {
  count: number
  /** Where row `index` begins; `startOf(count)` is the height of the list. */
  startOf: (index: number) => number
}
export interface RowsInView {
  first: number
  /** One after the last. */
  end: number
}

export const NO_ROWS: Rows = { count: 0, startOf: () => 0 }

export const equalRows = (count: number, height: number): Rows => ({ count, startOf: (index) => index * height })

export function stackedRows(heights: ArrayLike<number>): Rows {
  const starts = new Float64Array(heights.length + 1)
  for (let index = 0; index < heights.length; index++) starts[index + 1] = (starts[index] ?? 0) + (heights[index] ?? 0)
  return { count: heights.length, startOf: (index) => starts[index] ?? 0 }
}

/** The rows that touch the view, and those within `spare` pixels of it. */
export function rowsInView(rows: Rows, scrolled: number, height: number, spare: number): RowsInView {
  const first = Math.max(0, rowAt(rows, scrolled - spare))
  const end = Math.min(rows.count, rowAt(rows, scrolled + height + spare) + 1)
  return { first: Math.min(first, rows.count), end: Math.max(first, end) }
}

/** The last row that begins at or before a place; -1 above the first. */
export function rowAt({ count, startOf }: Rows, place: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (startOf(middle) <= place) low = middle + 1
    else high = middle
  }
  return low - 1
}

export interface KeyedRows {
  keys: readonly string[]
  rows: Rows
}

const keysOf = new WeakMap<readonly { id: string }[], readonly string[]>()
/** A list that is laid out anew keeps its keys. */
export function keyedRows(entries: readonly { id: string }[], rows: Rows): KeyedRows {
  const keys = keysOf.get(entries) ?? entries.map(({ id }) => id)
  keysOf.set(entries, keys)
  return { keys, rows }
}

/** So many rows are asked whether they are still there. */
const MOST_ASKED = 60

/**
 * How far to scroll on after rows came, went or changed their height, so that the topmost row in view stays where it is. A
 * row that was moved elsewhere holds nothing: the first one that still has its neighbour counts.
 */
export function scrollToKeep(before: KeyedRows, after: KeyedRows, scrolled: number): number {
  // At the top one stays at the top: what is new there is seen.
  if (scrolled <= 0) return 0
  const from = Math.max(0, rowAt(before.rows, scrolled))
  const to = Math.min(before.keys.length, from + MOST_ASKED)
  const places = new Map<string, number>()
  const asked = new Set(before.keys.slice(from, to + 1))
  // Most are where they were, or a few rows off: from there on and around, until all are found.
  const count = after.keys.length
  const nearby = Math.max(0, from - MOST_ASKED)
  for (let step = 0; step < count && places.size < asked.size; step++) {
    const index = (nearby + step) % count
    const key = after.keys[index] ?? ''
    if (asked.has(key)) places.set(key, index)
  }
  let alone: number | null = null
  for (let index = from; index < to; index++) {
    const place = places.get(before.keys[index] ?? '')
    if (place === undefined) continue
    const moved = after.rows.startOf(place) - before.rows.startOf(index)
    const next = before.keys[index + 1]
    if (next === after.keys[place + 1]) return moved
    alone ??= moved
  }
  return alone ?? 0
}
