import { expect, test } from 'vitest'
import { formatWhen } from '#lib/i18n/format.ts'
import { toInstant } from '#lib/kernel/instants.ts'

test('what was done a moment ago was done just now, in both languages', () => {
  const now = toInstant(1_795_000_000_000)
  const ago = (seconds: number) => toInstant(now - seconds * 1000)
  expect(formatWhen(ago(5), 'en', now)).toBe('just now')
  expect(formatWhen(ago(5), 'zh-CN', now)).toBe('刚刚')
  expect(formatWhen(ago(-60), 'en', now)).toBe('just now')
  expect(formatWhen(ago(180), 'en', now)).toBe('3 min. ago')
})
