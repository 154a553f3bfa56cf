import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LaidOutCards } from '#lib/kinds/board/ui/laid-out-cards.ts'
import {
  equalRows,
  rowsInView,
  scrollToKeep,
  stackedRows,
  type KeyedRows,
  type Rows,
} from '#lib/kinds/board/ui/rows-in-view.ts'
import { readCard, type Card } from '#lib/kinds/board/schema.ts'
import { toId, type DocId } from '#lib/kernel/ids.ts'

const fixtureCard = readCard({}, 'k', toId<DocId>('0'.repeat(32)))

const long = Boolean(process.env['TONGZHOU_LONG'])
const runs = { numRuns: long ? 20_000 : 500 }
const heights = fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 60 })

describe('rows that are drawn', () => {
  test('of 10,000 rows only those in view and a few around them', () => {
    const rows = equalRows(10_000, 36)
    expect(rowsInView(rows, 0, 720, 288)).toEqual({ first: 0, end: 29 })
    expect(rowsInView(rows, 180_000, 720, 288)).toEqual({ first: 4992, end: 5029 })
    expect(rowsInView(rows, 359_280, 720, 288)).toEqual({ first: 9972, end: 10_000 })
    expect(rowsInView(equalRows(0, 36), 0, 720, 288)).toEqual({ first: 0, end: 0 })
  })

  test('whatever their heights: every row that touches the view is drawn, and none that is farther away than asked', () => {
    const place = fc.integer({ min: -500, max: 12_000 })
    fc.assert(
      fc.property(heights, place, fc.nat(900), fc.nat(300), (sizes, scrolled, height, spare) => {
        const rows = stackedRows(sizes)
        const { first, end } = rowsInView(rows, scrolled, height, spare)
        for (let index = 0; index < sizes.length; index++) {
          const [top, bottom] = [rows.startOf(index), rows.startOf(index + 1)]
          if (bottom > scrolled && top < scrolled + height) expect(index >= first && index < end).toBe(true)
          if (index > first && index < end) {
            expect(bottom).toBeGreaterThanOrEqual(scrolled - spare)
            expect(top).toBeLessThanOrEqual(scrolled + height + spare)
          }
        }
      }),
      runs,
    )
  })
})

describe('what a person reads stays where it is', () => {
  const list = (entries: readonly (readonly [string, number])[]): KeyedRows => ({
    keys: entries.map(([key]) => key),
    rows: stackedRows(entries.map(([, height]) => height)),
  })
  const letters = (text: string, height = 50) => [...text].map((key): [string, number] => [key, height])

  test('when cards come, go or grow above', () => {
    const before = list(letters('abcdefgh'))
    expect(scrollToKeep(before, list([['new', 70], ...letters('abcdefgh')]), 210)).toBe(70)
    expect(scrollToKeep(before, list(letters('bcdefgh')), 210)).toBe(-50)
    expect(scrollToKeep(before, list([['a', 90], ...letters('bcdefgh')]), 210)).toBe(40)
  })
  test('when cards come below, nothing moves', () => {
    expect(scrollToKeep(list(letters('abcdefgh')), list(letters('abcdefghxyz')), 210)).toBe(0)
  })
  test('when the topmost one is moved far away by somebody else, its neighbours stay', () => {
    expect(scrollToKeep(list(letters('abcdefgh')), list(letters('abcdfghe')), 210)).toBe(-50)
    expect(scrollToKeep(list(letters('abcdefgh')), list(letters('eabcdfgh')), 210)).toBe(0)
  })
  test('at the top one stays at the top, so that what is new is seen', () => {
    expect(scrollToKeep(list(letters('abc')), list(letters('xabc')), 0)).toBe(0)
  })
  test('where nothing is left of what was there, nothing is scrolled', () => {
    expect(scrollToKeep(list(letters('abc')), list(letters('xyz')), 60)).toBe(0)
    expect(scrollToKeep(list([]), list(letters('xyz')), 60)).toBe(0)
  })

  test('whatever comes and goes above, the row at the top of the view is on the same pixel', () => {
    const row = fc.tuple(fc.uuid(), fc.integer({ min: 20, max: 120 }))
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 3, maxLength: 30 }),
        fc.array(row, { maxLength: 9 }),
        fc.nat(),
        (rows, added, at) => {
          const before = list(rows)
          const top = at % rows.length
          const scrolled = before.rows.startOf(top) + 1
          const kept = rows.filter((_, index) => index >= top || index % 3 !== 0)
          const after = list([...added, ...kept])
          const place = after.keys.indexOf(before.keys[top] ?? '')
          const by = scrollToKeep(before, after, scrolled)
          expect(after.rows.startOf(place) - (scrolled + by)).toBe(-1)
        },
      ),
      runs,
    )
  })
})

describe('lists that are laid out while tiles are measured', () => {
  const cards = Array.from({ length: 12 }, (_, i) => ({
    ...fixtureCard,
    id: `k${i}`,
    title: 'A title '.repeat(1 + (i % 4)),
  }))
  const lists = [cards, cards.slice(0, 5), cards.slice(5), cards.filter((_, i) => i % 3 === 0)]
  const starts = (rows: Rows) => Array.from({ length: rows.count + 1 }, (_, index) => rows.startOf(index))

  test('whatever is measured when, they lie as if all had been known from the beginning', () => {
    const step = fc.oneof(
      fc.record({ card: fc.nat(11), height: fc.integer({ min: 30, max: 90 }) }),
      fc.record({ list: fc.nat(3) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const laidOut = new LaidOutCards(28)
        const measured = new Map<Card, number>()
        for (const next of steps) {
          if ('list' in next) laidOut.rowsOf(lists[next.list] ?? [])
          else {
            const card = cards[next.card]!
            measured.set(card, next.height)
            laidOut.measure(card, next.height)
          }
        }
        const fresh = new LaidOutCards(28)
        for (const [card, height] of measured) fresh.measure(card, height)
        for (const list of lists) expect(starts(laidOut.rowsOf(list))).toEqual(starts(fresh.rowsOf([...list])))
      }),
      runs,
    )
  })

  test('a list in which nothing was corrected stays the same object', () => {
    const laidOut = new LaidOutCards(28)
    const [, first, second] = lists.map((list) => laidOut.rowsOf(list))
    laidOut.measure(cards[7]!, 333)
    expect(laidOut.rowsOf(lists[1] ?? [])).toBe(first)
    expect(laidOut.rowsOf(lists[2] ?? [])).not.toBe(second)
    // A guess that was right corrects nothing.
    const guessed = second!.startOf(1)
    const { corrections } = laidOut
    laidOut.measure(cards[5]!, guessed)
    expect(laidOut.corrections).toBe(corrections)
  })
})
