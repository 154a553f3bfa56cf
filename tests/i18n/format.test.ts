import { expect, test } from 'vitest'
import { formatSpan, formatWhen } from '#lib/i18n/format.ts'
import { toInstant } from '#lib/kernel/instants.ts'

test('what was done a moment ago was done just now, in both languages', () => {
  const now = toInstant(1_795_000_000_000)
  const ago = (seconds: number) => toInstant(now - seconds * 1000)
  expect(formatWhen(ago(5), 'en', now)).toBe('just now')
  expect(formatWhen(ago(5), 'zh-CN', now)).toBe('刚刚')
  expect(formatWhen(ago(-60), 'en', now)).toBe('just now')
  expect(formatWhen(ago(180), 'en', now)).toBe('3 minutes ago')
  expect(formatWhen(ago(180), 'zh-CN', now)).toBe('3 分钟前')
  expect(formatWhen(ago(7200), 'zh-CN', now)).toBe('2 小时前')
})

test('a moment of this year is told without the year, one of another year with it', () => {
  const now = toInstant(new Date(2026, 10, 26, 12).getTime())
  expect(formatWhen(toInstant(new Date(2026, 9, 5, 9, 30).getTime()), 'zh-CN', now)).toBe('10月5日 09:30')
  expect(formatWhen(toInstant(new Date(2025, 9, 5, 9, 30).getTime()), 'zh-CN', now)).toContain('2025')
})

test.each([
  [90, '90 minutes', '90 分钟'],
  [25 * 60, '25 hours', '25 小时'],
  [9 * 24 * 60, '9 days', '9 天'],
  [3 * 365 * 24 * 60, '3 years', '3 年'],
])('%d minutes are %s, and %s', (minutes, en, zh) => {
  expect([formatSpan(minutes, 'en'), formatSpan(minutes, 'zh-CN')]).toEqual([en, zh])
})
