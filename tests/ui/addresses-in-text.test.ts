import { expect, test } from 'vitest'
import { addressesIn } from '#lib/kinds/board/ui/addresses-in-text.ts'

test.each([
  ['https://example.com/a?b=c#d', ['https://example.com/a?b=c#d']],
  ['See https://example.com/plan.', ['https://example.com/plan']],
  [
    '(https://example.com/a_(b)), and http://localhost:8080/x!',
    ['https://example.com/a_(b)', 'http://localhost:8080/x'],
  ],
  ['见https://example.com/计划，再说', ['https://example.com/']],
  ['方案（https://example.com/p）已定', ['https://example.com/p']],
  ['HTTPS://EXAMPLE.COM', ['HTTPS://EXAMPLE.COM']],
  ['https:// and javascript:alert(1) and example.com', []],
  ['<https://example.com> "https://example.com/b"', ['https://example.com', 'https://example.com/b']],
])('addresses in “%s”', (text, found) => {
  expect(addressesIn(text).map(({ from, to }) => text.slice(from, to))).toEqual(found)
})

test('brackets and dots without end stop nothing, and what is no address of a person is none', () => {
  const found = (text: string) => addressesIn(text).map(({ from, to }) => text.slice(from, to))
  expect(found(`https://a.example/${')'.repeat(1_000)}`)).toEqual(['https://a.example/'])
  expect(found(`https://a.example/${')'.repeat(100_000)} https://b.example/`)).toEqual(['https://b.example/'])
  expect(found(`https://a.example/${'.'.repeat(100_000)}x`)).toEqual([])
})
