import { expect, test } from 'vitest'
import { safeHref } from '#lib/kinds/board/ui/safe-href.ts'

test('a link in a description leads to web, mail or telephone', () => {
  expect(safeHref('https://example.com/a?b#c')).toBe('https://example.com/a?b#c')
  expect(safeHref(' example.com/plan ')).toBe('https://example.com/plan')
  expect(safeHref('mailto:ann@example.com')).toBe('mailto:ann@example.com')
  expect(safeHref('https://例子.中国/计划')).toContain('https://xn--')
})

test.each([
  'javascript:alert(1)',
  ' java\nscript:alert(1)',
  'JAVASCRIPT:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'blob:https://example.com/x',
  'file:///etc/passwd',
  'not a link',
  'plain',
  '',
])('an address that would run something or is none is no link: %s', (address) => {
  expect(safeHref(address)).toBeNull()
})
