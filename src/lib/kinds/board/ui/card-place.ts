/** Where among all cards of a column a card lands that was put among those that the filter shows. */
import { placeAt, type Placed, type RandomBytes } from '#lib/kernel/order.ts'
import type { Card } from './screen-board.ts'

/**
 * The order key, and what neighbours need, for the place `index` among `shown`, which is `all` (sorted) with some cards filtered out. The moved card
 * itself is left out of both. Before the next shown card, so that what is hidden above stays above.
 */
export function placeAmong(
  all: readonly Card[],
  shown: readonly Card[],
  index: number,
  moved: string | null,
  random: RandomBytes,
): { order: string; respaced: Placed[] } {
  const others = all.filter(({ id }) => id !== moved)
  const visible = shown.filter(({ id }) => id !== moved)
  const next = visible[index]
  const last = visible.at(-1)
  const place = next
    ? others.findIndex(({ id }) => id === next.id)
    : last
      ? others.findIndex(({ id }) => id === last.id) + 1
      : others.length
  return placeAt(others, place, random)
}
