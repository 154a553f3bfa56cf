/**
 * Fractional order keys: an entry's place among its neighbours as a string of its own, so that moving one entry writes
 * one field. Two devices that insert in the same place at the same time get different keys (a random suffix); where they
 * still collide, readers break the tie by id and the keys below step over it.
 *
 * At the ends of a list keys stay short for ever; between two neighbours each insertion halves what is left, a letter for
 * every four or five. `placeAt` gives short keys to a few neighbours before that becomes long.
 */
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing'

/** A source of random bytes; the caller passes `crypto.getRandomValues`-backed or seeded ones. */
export type RandomBytes = (length: number) => Uint8Array

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SUFFIX_LENGTH = 3
/** Longer keys can only come from a broken or hostile writer. */
const LONGEST = 500
/** From here on neighbours make room. */
const LONG = 48
/** What they get is at most so long: far enough from long, so that it lasts. */
const SHORT = 16
/** How many neighbours on each side make room, at first. */
const FEW = 8

/** Whether a stored value can be a neighbour in `orderBetween`. */
export function isOrder(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > LONGEST) return false
  for (const letter of value) if (!DIGITS.includes(letter)) return false
  try {
    generateKeyBetween(value, null)
    return true
  } catch {
    return false
  }
}

/**
 * A key strictly between two neighbours (`null` = the end of the list on that side). Neighbours that are equal, out of
 * order or no keys at all leave nothing in between: then the key lies after the lower one, as near as can be.
 */
export function orderBetween(before: string | null, after: string | null, random: RandomBytes): string {
  const low = isOrder(before) ? before : null
  let high = isOrder(after) ? after : null
  // The next whole number: what lies between it and an end that carries a suffix would be used up soon.
  if (low === null || high === null)
    return generateKeyBetween(low && wholeOf(low), high && wholeOf(high)) + suffix(random)
  if (low >= high) high = generateKeyBetween(low, null)
  let key = generateKeyBetween(low, high)
  // The suffix overshoots only where `high` begins with the key. Each step goes deeper into the gap, past that beginning.
  for (let tries = 0; tries < 4; tries++) {
    const suffixed = key + suffix(random)
    if (suffixed < high) return suffixed
    key = generateKeyBetween(key, high)
  }
  return key
}

/**
 * A key for the place `index` in a list whose keys are sorted (ties and broken keys included, as readers show them).
 * In the middle of a run of equal keys the entry lands right after the run.
 */
export function orderAt(orders: readonly string[], index: number, random: RandomBytes): string {
  let low: string | null = null
  for (let i = Math.min(index, orders.length) - 1; i >= 0 && low === null; i--) {
    const order = orders[i]
    if (isOrder(order)) low = order
  }
  for (let i = Math.max(index, 0); i < orders.length; i++) {
    const order = orders[i]
    if (isOrder(order) && (low === null || order > low)) return orderBetween(low, order, random)
  }
  return orderBetween(low, null, random)
}

/** An entry of a list, by what the list is sorted by. */
export interface Placed {
  id: string
  order: string
}

/**
 * As `orderAt`. Where the key would become long, neighbours are given short ones with it, as few as suffice. Without anything
 * random: two devices that make room at one place at once write the same.
 */
export function placeAt(
  entries: readonly Placed[],
  index: number,
  random: RandomBytes,
): { order: string; respaced: Placed[] } {
  const order = orderAt(
    entries.map((entry) => entry.order),
    index,
    random,
  )
  if (order.length <= LONG) return { order, respaced: [] }
  const place = Math.min(Math.max(index, 0), entries.length)
  for (let reach = FEW; ; reach *= 2) {
    const [from, to] = [Math.max(0, place - reach), Math.min(entries.length, place + reach)]
    const isWhole = from === 0 && to === entries.length
    const keys = keysBetween(entries[from - 1]?.order ?? null, entries[to]?.order ?? null, to - from + 1)
    if (!keys || (!isWhole && keys.some((key) => key.length > SHORT))) {
      if (isWhole) return { order, respaced: [] }
      continue
    }
    const [own = order] = keys.splice(place - from, 1)
    const respaced = entries.slice(from, to).map(({ id }, at) => ({ id, order: keys[at] ?? '' }))
    const next = keys[place - from] ?? entries[to]?.order ?? null
    const suffixed = own + suffix(random)
    const isBetween = !isOrder(next) || suffixed < next
    return {
      order: isBetween ? suffixed : own,
      respaced: respaced.filter((entry, at) => entry.order !== entries[from + at]?.order),
    }
  }
}

/** So many keys in a gap; null where there is none. */
function keysBetween(low: string | null, high: string | null, count: number): string[] | null {
  if ((low !== null && !isOrder(low)) || (high !== null && !isOrder(high))) return null
  if (low !== null && high !== null && low >= high) return null
  return generateNKeysBetween(low, high, count)
}

/** A key's whole number: its first letter says how many digits that has. */
function wholeOf(key: string): string {
  const head = key.charCodeAt(0)
  return key.slice(0, head >= A_SMALL ? head - A_SMALL + 2 : Z_LARGE - head + 2)
}
const A_SMALL = 'a'.charCodeAt(0)
const Z_LARGE = 'Z'.charCodeAt(0)

/** Random digits that do not end in the zero digit: order keys must not. */
function suffix(random: RandomBytes): string {
  let text = ''
  while (text.length < SUFFIX_LENGTH) {
    for (const byte of random(SUFFIX_LENGTH * 2)) {
      if (text.length === SUFFIX_LENGTH || byte >= 248) continue
      const digit = byte % 62
      if (text.length < SUFFIX_LENGTH - 1 || digit > 0) text += DIGITS[digit]
    }
  }
  return text
}

/** Sorts by order key, then by id, so that every device shows one order. Broken keys come last. */
export function compareOrder(a: { order: string; id: string }, b: { order: string; id: string }): number {
  if (a.order !== b.order) {
    if (a.order === '' || b.order === '') return a.order === '' ? 1 : -1
    return a.order < b.order ? -1 : 1
  }
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
