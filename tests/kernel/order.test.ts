import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareOrder, isOrder, orderAt, orderBetween, placeAt, type RandomBytes } from '#lib/kernel/order.ts'

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

/** A list on which every move goes through `placeAt`, as the screen's do. */
class List {
  entries: { id: string; order: string }[]
  respaced = 0
  readonly #random: RandomBytes
  constructor(count: number, random: RandomBytes) {
    this.#random = random
    this.entries = []
    while (this.entries.length < count) this.insert(this.entries.length, `e${this.entries.length}`)
  }
  insert(index: number, id: string): void {
    const { order, respaced } = placeAt(this.entries, index, this.#random)
    const orders = new Map(respaced.map((entry) => [entry.id, entry.order]))
    this.respaced += respaced.length
    this.entries = this.entries.map((entry) => ({ ...entry, order: orders.get(entry.id) ?? entry.order }))
    this.entries.splice(index, 0, { id, order })
  }
  move(from: number, to: number): void {
    const [moved] = this.entries.splice(from, 1)
    if (moved) this.insert(to, moved.id)
  }
  get longest(): number {
    return Math.max(...this.entries.map(({ order }) => order.length))
  }
}
const inOrder = ({ entries }: List) => expect([...entries].sort(compareOrder)).toEqual(entries)

test.each<[string, (list: List, n: number) => void]>([
  ['to the top', (list) => list.move(list.entries.length - 1, 0)],
  ['to the end', (list) => list.move(0, list.entries.length - 1)],
  ['to the second place', (list) => list.move(list.entries.length - 1, 1)],
  ['to the last place but one', (list) => list.move(0, list.entries.length - 2)],
  ['between the last two moved', (list, n) => list.move(n % 2 ? 0 : list.entries.length - 1, 20)],
])('five thousand moves %s leave short keys in order', (_, move) => {
  const list = new List(40, bytesFrom(9))
  for (let n = 0; n < 5_000; n++) move(list, n)
  inOrder(list)
  expect(list.longest).toBeLessThanOrEqual(60)
  // About one neighbour makes room for each move, at the worst.
  expect(list.respaced).toBeLessThan(10_000)
})

test('insertions between the last two, thousands of them, leave short keys in order', () => {
  const list = new List(2, bytesFrom(10))
  let at = 1
  for (let n = 0; n < 3_000; n++) {
    list.insert(at, `n${n}`)
    if (n % 2) at++
  }
  inOrder(list)
  expect(list.longest).toBeLessThanOrEqual(60)
})

test('any moves, among keys that were equal or broken before, put every entry where it was put', () => {
  const orders = fc.oneof(
    fc.constantFrom('', 'a0', 'a1', '卡', `a0${'V'.repeat(60)}`, `a0${'V'.repeat(60)}1`),
    fc.constant('a2'),
  )
  fc.assert(
    fc.property(
      seeds,
      fc.array(orders, { maxLength: 30 }),
      fc.array(fc.nat(), { maxLength: 200 }),
      (seed, start, places) => {
        const list = new List(0, bytesFrom(seed))
        list.entries = start.map((order, index) => ({ id: `e${index}`, order })).sort(compareOrder)
        for (const [n, place] of places.entries()) {
          list.insert(place % (list.entries.length + 1), `n${n}`)
          // Among equal and broken keys an entry lands as near as can be.
          list.entries.sort(compareOrder)
          expect(list.entries.every(({ order }) => order === '卡' || order === '' || isOrder(order))).toBe(true)
        }
        expect(list.longest).toBeLessThanOrEqual(70)
      },
    ),
  )
})

test('Ann and Bo make room at one place at once: both write the same, and what each inserted stays in its place', () => {
  const list = new List(2, bytesFrom(3))
  let n = 0
  // The next insertion is the one that has to make room.
  while (placeAt(list.entries, 1, bytesFrom(4)).respaced.length === 0) list.insert(1, `n${n++}`)
  const [ann, bo] = [placeAt(list.entries, 1, bytesFrom(5)), placeAt(list.entries, 1, bytesFrom(6))]
  expect(ann.respaced).toEqual(bo.respaced)
  const orders = new Map(ann.respaced.map(({ id, order }) => [id, order]))
  const merged = list.entries.map((entry) => ({ ...entry, order: orders.get(entry.id) ?? entry.order }))
  const all = [...merged, { id: 'ann', order: ann.order }, { id: 'bo', order: bo.order }].sort(compareOrder)
  const ids = list.entries.map(({ id }) => id)
  expect(all.map(({ id }) => id).filter((id) => id !== 'ann' && id !== 'bo')).toEqual(ids)
  expect(
    all
      .slice(1, 3)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['ann', 'bo'])
})
