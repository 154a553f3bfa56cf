/** Where among all cards of a column a card lands that was put among those that the filter shows. */
import { orderBetween, placeAt, type Placed, type RandomBytes } from '#lib/kernel/order.ts'
import type { Card } from './screen-board.ts'

/**
 * The order key, and what neighbours need, for the place `index` among `shown`, which is `all` (sorted) with some cards filtered out. The moved card
 * itself is left out of both. Before the next shown card, so that what is hidden above stays above. Infinity, less or more, is
 * the beginning and the end of all.
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
  if (Math.abs(index) === Infinity) return placeAt(others, index < 0 ? 0 : others.length, random)
  const place = next
    ? others.findIndex(({ id }) => id === next.id)
    : last
      ? others.findIndex(({ id }) => id === last.id) + 1
      : others.length
  return placeAt(others, place, random)
}

/** The same for several cards that go to one place in their order. `index` counts those of them that are shown. */
export function placeTogether(
  all: readonly Card[],
  shown: readonly Card[],
  index: number,
  moved: readonly Card[],
  random: RandomBytes,
): { orders: string[]; respaced: Placed[] } {
  const going = new Set(moved.map(({ id }) => id))
  const without = (cards: readonly Card[]) => cards.filter(({ id }) => !going.has(id))
  const others = without(all)
  const above = without(shown.slice(0, Math.max(0, index)))
  const { order, respaced } = placeAmong(others, without(shown), above.length, null, random)
  const spaced = new Map(respaced.map(({ id, order }) => [id, order]))
  const below = others.map(({ id, order }) => spaced.get(id) ?? order).find((one) => one > order) ?? null
  const orders = [order]
  while (orders.length < moved.length) orders.push(orderBetween(orders.at(-1) ?? null, below, random))
  return { orders, respaced }
}
