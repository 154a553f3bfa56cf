import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareOrder, isOrder, orderAt, orderBetween, type RandomBytes } from '#lib/kernel/order.ts'

/** Bytes from a seed: xorshift, the same every time. */
function bytesFrom(seed: number): RandomBytes {
  let state = seed | 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state & 0xff
  }
  return (length) => Uint8Array.from({ length }, next)
}
const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 })

test('a thousand insertions at any places keep the list in the order in which they were made', () => {
  fc.assert(
    fc.property(seeds, fc.array(fc.nat(), { minLength: 50, maxLength: 200 }), (seed, places) => {
      const random = bytesFrom(seed)
      const list: string[] = []
      for (const place of places) {
        const index = place % (list.length + 1)
        list.splice(index, 0, orderBetween(list[index - 1] ?? null, list[index] ?? null, random))
      }
      expect(list.every(isOrder)).toBe(true)
      expect([...list].sort()).toEqual(list)
      expect(new Set(list).size).toBe(list.length)
    }),
    { numRuns: 50 },
  )
})

test('always inserting between the last two grows keys slowly', () => {
  const random = bytesFrom(7)
  const low = orderBetween(null, null, random)
  let high = orderBetween(low, null, random)
  for (let n = 0; n < 100; n++) {
    const between = orderBetween(low, high, random)
    expect(low < between && between < high).toBe(true)
    high = between
  }
  expect(high.length).toBeLessThan(400)
})

test('Ann and Bo insert at one place at once and get different keys', () => {
  const [ann, bo] = [bytesFrom(11), bytesFrom(12)]
  for (let n = 0; n < 100; n++) expect(orderBetween('a0', 'a1', ann)).not.toBe(orderBetween('a0', 'a1', bo))
})

test('neighbours with equal, swapped or broken keys give a key after the lower one, and never throw', () => {
  const any = fc.oneof(fc.constantFrom('a0', 'a1', 'a0V', '', 'a', 'zz', '卡', 'a00'), fc.string(), fc.constant(null))
  fc.assert(
    fc.property(any, any, seeds, (before, after, seed) => {
      const key = orderBetween(before, after, bytesFrom(seed))
      expect(isOrder(key)).toBe(true)
      if (isOrder(before)) expect(key > before).toBe(true)
      if (isOrder(after) && (!isOrder(before) || before < after)) expect(key < after).toBe(true)
    }),
  )
})

test('in a run of equal keys the new entry lands right after the run', () => {
  const key = orderAt(['a0', 'a1', 'a1', 'a1', 'a2'], 2, bytesFrom(3))
  expect(key > 'a1' && key < 'a2').toBe(true)
})

test('at the ends and among broken keys a place is found', () => {
  const random = bytesFrom(5)
  expect(orderAt(['a1', 'a2'], 0, random) < 'a1').toBe(true)
  expect(orderAt(['a1', 'a2'], 2, random) > 'a2').toBe(true)
  expect(orderAt(['a1', '', 'a2'], 2, random) > 'a1').toBe(true)
  expect(isOrder(orderAt([], 0, random))).toBe(true)
  expect(isOrder(orderAt(['', ''], 1, random))).toBe(true)
})

test('entries with one key are told apart by id, broken keys come last, on every device alike', () => {
  const entries = [
    { order: '', id: 'x' },
    { order: 'a1', id: 'b' },
    { order: 'a1', id: 'a' },
    { order: 'a0', id: 'z' },
  ]
  const sorted = ['z', 'a', 'b', 'x']
  fc.assert(
    fc.property(fc.shuffledSubarray(entries, { minLength: 4 }), (shuffled) => {
      expect(shuffled.sort(compareOrder).map(({ id }) => id)).toEqual(sorted)
    }),
  )
})

test('a key of a hostile length is no key', () => {
  expect(isOrder(`a0${'V'.repeat(10_000)}`)).toBe(false)
})
