import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createGroups, momentOf, momentOfChange, writingMessage, writtenIn } from '#lib/kernel/groups.ts'

const bytes = (length: number) => new Uint8Array(length).fill(7)

test('a group tells the millisecond of its action, also where the second changed before the document was written', () => {
  const moments = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 })
  fc.assert(
    fc.property(moments, fc.integer({ min: 0, max: 1_500 }), (now, later) => {
      const group = createGroups(() => now, bytes)()
      expect(momentOf(Math.floor((now + later) / 1000), group)).toBe(now)
    }),
  )
})

test('many actions of one millisecond keep their order, and a clock that is set back makes no group twice', () => {
  const times = [5_000, 5_000, 5_000, 4_990, 5_001, 9_001]
  const newGroup = createGroups(() => times.shift() ?? 0, bytes)
  const groups = Array.from({ length: 6 }, newGroup)
  expect(groups.map((group) => momentOf(5, group))).toEqual([5_000, 5_001, 5_002, 5_003, 5_004, 5_001])
  expect(momentOf(9, groups[5] ?? '')).toBe(9_001)
  expect(new Set(groups.slice(0, 5)).size).toBe(5)
})

test('what is written in a text says when within its second it was, too', () => {
  expect(momentOfChange(12, writingMessage(12_345, 'k1x9'))).toBe(12_345)
  expect(momentOfChange(13, writingMessage(12_999, 'k1x9'))).toBe(12_999)
  expect(momentOfChange(12, `moveCard ${createGroups(() => 12_345, bytes)()}`)).toBe(12_345)
  expect(momentOfChange(12, 'moveCard')).toBe(12_000)
})

test('what is written in two texts is told apart, and in one it is one', () => {
  const [first, more, other] = ['k1x9', 'k1x9', 'q7ab'].map((entry, at) =>
    writtenIn(writingMessage(12_345 + at, entry)),
  )
  expect(more).toBe(first)
  expect(other).not.toBe(first)
  for (const none of [null, '', 'moveCard ABcdefgh', 'wrote  AB']) expect(writtenIn(none)).toBe('')
})

test('a change without a group, or with a strange one, counts as made at its second', () => {
  expect(momentOf(12, null)).toBe(12_000)
  for (const group of ['', 'a', '你好', '__', '//abc']) expect(momentOf(12, group)).toBe(12_000)
})
