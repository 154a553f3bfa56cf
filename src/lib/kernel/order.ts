/**
 * Fractional order keys: an entry's place among its neighbours as a string of its own, so that moving one entry writes
 * one field. Two devices that insert in the same place at the same time get different keys (a random suffix); where they
 * still collide, readers break the tie by id and the keys below step over it.
 */
import { generateKeyBetween } from 'fractional-indexing'

/** A source of random bytes; the caller passes `crypto.getRandomValues`-backed or seeded ones. */
export type RandomBytes = (length: number) => Uint8Array

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SUFFIX_LENGTH = 3
/** Longer keys can only come from a broken or hostile writer. */
const LONGEST = 500

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
  if (low !== null && high !== null && low >= high) high = generateKeyBetween(low, null)
  let key = generateKeyBetween(low, high)
  // The suffix overshoots only where `high` begins with the key. Each step goes deeper into the gap, past that beginning.
  for (let tries = 0; tries < 4; tries++) {
    const suffixed = key + suffix(random)
    if (high === null || suffixed < high) return suffixed
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
