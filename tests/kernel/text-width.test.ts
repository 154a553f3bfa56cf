import { expect, test } from 'vitest'
import { widthOf } from '#lib/kernel/text-width.ts'

test('a letter counts one; a Chinese character, a rare one and a picture count two', () => {
  expect(['', 'Sails', '帆', '𠮷', '🚚', 'Ann 订帆🚚'].map(widthOf)).toEqual([0, 5, 2, 2, 2, 10])
})
