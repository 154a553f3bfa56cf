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
          const after = [...all.filter(({ id }) => id !== movedId), card(movedId, { order })].sort(compareOrder)
          const at = after.findIndex(({ id }) => id === movedId)
          const below = visible[place]
          if (below) expect(after[at + 1]?.id).toBe(below.id)
          else if (visible.length > 0) expect(after[at - 1]?.id).toBe(visible.at(-1)?.id)
          else expect(at).toBe(after.length - 1)
        },
      ),
    )
  })

  test('at the top and at the bottom it is the first and the last of all, also of those that the filter hides', () => {
    const all = column(3)
    const [, shown] = all
    const placed = (index: number) => {
      const { order } = placeAmong(all, shown ? [shown] : [], index, 'newcomer', random)
      return [...all, card('newcomer', { order })].sort(compareOrder).findIndex(({ id }) => id === 'newcomer')
    }
    expect([-Infinity, 0, 1, Infinity].map(placed)).toEqual([0, 1, 2, 3])
  })

  test('in an empty column is simply there', () => {
    expect(placeAmong([], [], 0, null, random).order).not.toBe('')
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
          const after = [...others, ...moved.map(({ id }, at) => card(id, { order: orders[at] ?? '' }))].sort(
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
