import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareOrder, orderBetween } from '#lib/kernel/order.ts'
import { placeAmong, placeTogether } from '#lib/kinds/board/ui/card-place.ts'
import type { Card } from '#lib/kinds/board/ui/screen-board.ts'
import { card } from '#tests/support/board-card.ts'

let seed = 1
const random = (length: number) => {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) {
    seed = (seed * 1103515245 + 12345) % 2147483648
    bytes[i] = seed >>> 16
  }
  return bytes
}

/** A sorted column of so many cards. */
function column(count: number): Card[] {
  let order: string | null = null
  return Array.from({ length: count }, (_, index) => {
    order = orderBetween(order, null, random)
    return card(`card${index}`, { order })
  })
}

describe('the place of a card that Anna drops (P14)', () => {
  test('is right before the card that she saw below it, whatever the filter hides', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }).chain((count) =>
          fc.record({
            count: fc.constant(count),
            hidden: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
            moved: fc.integer({ min: -1, max: count - 1 }),
            index: fc.nat({ max: count }),
          }),
        ),
        ({ count, hidden, moved, index }) => {
          const all = column(count)
          const movedId = all[moved]?.id ?? 'newcomer'
          const shown = all.filter(({ id }, at) => !hidden[at] || id === movedId)
          const visible = shown.filter(({ id }) => id !== movedId)
          const place = Math.min(index, visible.length)
          const { order } = placeAmong(all, shown, place, movedId, random)
          const below = visible[place]
          const own = shown.findIndex(({ id }) => id === movedId)
          if (own === place) {
            expect(order).toBeNull()
            return
          }
          const after = [...all.filter(({ id }) => id !== movedId), card(movedId, { order: order ?? '' })].sort(
            compareOrder,
          )
          const at = after.findIndex(({ id }) => id === movedId)
          if (below) expect(after[at + 1]?.id).toBe(below.id)
          else if (visible.length > 0) expect(after[at - 1]?.id).toBe(visible.at(-1)?.id)
          else expect(at).toBe(after.length - 1)
        },
      ),
    )
  })

  test('at the top and at the bottom it is the first and the last of those that are shown; where there are none, of all', () => {
    const all = column(3)
    const placed = (shown: readonly Card[], index: number) => {
      const { order } = placeAmong(all, shown, index, 'newcomer', random)
      const after = [...all, card('newcomer', { order: order ?? '' })].sort(compareOrder)
      return after.findIndex(({ id }) => id === 'newcomer')
    }
    const places = [-Infinity, 0, 1, Infinity]
    expect(places.map((index) => placed(all, index))).toEqual([0, 0, 1, 3])
    expect(places.map((index) => placed(all.slice(1, 2), index))).toEqual([1, 1, 2, 2])
    expect(places.map((index) => placed([], index))).toEqual([0, 3, 3, 3])
  })

  test('in an empty column is simply there', () => {
    expect(placeAmong([], [], 0, null, random).order).toMatch(/./)
  })

  test('of several is that of the first, with the others right behind it in their order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }).chain((count) =>
          fc.record({
            going: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
            index: fc.nat({ max: count }),
          }),
        ),
        ({ going, index }) => {
          const all = column(going.length)
          const moved = [...all.filter((_, at) => going[at]), card('from elsewhere', {})]
          const isMoved = ({ id }: Card) => moved.some((one) => one.id === id)
          const { orders } = placeTogether(all, all, index, moved, random)
          const others = all.filter((one) => !isMoved(one))
          const after = [...others, ...moved.map((one, at) => ({ ...one, order: orders[at] ?? one.order }))].sort(
            compareOrder,
          )
          const above = all.slice(0, index).filter((one) => !isMoved(one))
          expect(after.map(({ id }) => id)).toEqual(
            [...above, ...moved, ...others.slice(above.length)].map(({ id }) => id),
          )
        },
      ),
    )
  })
})

describe('the place in its column of a card that goes to another lane (P12)', () => {
  const all = column(8)
  const cards = (...places: number[]) => places.flatMap((place) => all[place] ?? [])
  /** Card `moved` put at a place of a cell that has these cards; the column as it is then. */
  const after = (moved: number, cell: number[], index: number) => {
    const { order } = placeAmong(all, cards(...cell), index, `card${moved}`, random)
    return order === null
      ? 'as it was'
      : places(all.map((one) => (one.id === `card${moved}` ? { ...one, order } : one)))
  }
  const places = (cards: readonly Card[]) =>
    [...cards].sort(compareOrder).map(({ id }) => Number(id.replace('card', '')))

  test('is the one that it had, in an empty cell, at either end and between two cards', () => {
    expect(after(2, [], 0)).toBe('as it was')
    expect(after(2, [0, 1], 2)).toBe('as it was')
    expect(after(2, [5, 7], 0)).toBe('as it was')
    expect(after(2, [0, 5], 1)).toBe('as it was')
  })

  test('is another one where it does not fit: before the card below it, or right after the last of the cell', () => {
    expect(after(2, [0, 5, 6], 2)).toEqual([0, 1, 3, 4, 5, 2, 6, 7])
    expect(after(6, [1, 4], 0)).toEqual([0, 6, 1, 2, 3, 4, 5, 7])
    expect(after(2, [0, 5], 2)).toEqual([0, 1, 3, 4, 5, 2, 6, 7])
  })

  test('of one that comes from another column is the end of that in an empty cell, else beside the cards of the cell', () => {
    const from = (cell: number[], index: number) => {
      const { order } = placeAmong(all, cards(...cell), index, 'card9', random)
      return places([...all, card('card9', { order: order ?? '' })])
    }
    expect(from([], 0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 9])
    expect(from([1, 3], 2)).toEqual([0, 1, 2, 3, 9, 4, 5, 6, 7])
  })

  test('of several is what each had, where that fits; the others go around those, in their order', () => {
    const together = (moved: readonly Card[], cell: number[], index: number) => {
      const { orders } = placeTogether(all, cards(...cell), index, moved, random)
      const now = moved.map((one, at) => ({ ...one, order: orders[at] ?? one.order }))
      const stay = moved.flatMap(({ id }, at) => (orders[at] === null ? [id] : []))
      return [places([...all.filter(({ id }) => now.every((one) => one.id !== id)), ...now]), stay]
    }
    expect(together(cards(1, 3, 6), [], 0)).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7],
      ['card1', 'card3', 'card6'],
    ])
    expect(together(cards(0, 3, 6), [1, 5], 1)).toEqual([[1, 2, 0, 3, 4, 6, 5, 7], ['card3']])
    expect(together([card('card8', {}), ...cards(4), card('card9', {})], [2], 1)).toEqual([
      [0, 1, 2, 3, 8, 4, 9, 5, 6, 7],
      ['card4'],
    ])
    expect(together(cards(0, 1), [4], 1)).toEqual([[2, 3, 4, 0, 1, 5, 6, 7], []])
  })
})
