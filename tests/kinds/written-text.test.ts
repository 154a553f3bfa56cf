import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { unformatted, type Formatted } from '#lib/kernel/formatted.ts'
import { formattedToSpans } from '#lib/kinds/prose/formatted-spans.ts'
import { writtenText } from '#lib/kinds/prose/written-text.ts'

const written = (formatted: Formatted) => writtenText(formattedToSpans(formatted))
const item = (is: 'ordered-list-item' | 'unordered-list-item', text: string, within: Formatted[0]['within'] = []) => ({
  is,
  within,
  runs: [{ text }],
})

test('a text without formats is written as it is, whatever signs are in it', () => {
  const text = '# not a heading\n* not *bold*\n\n1. no list'
  expect(written(unformatted(text))).toBe(text)
  expect(written([])).toBe('')
})

test('lists count, also one within another and one after another', () => {
  expect(
    written([
      item('ordered-list-item', 'Nails'),
      item('unordered-list-item', 'long', ['ordered-list-item']),
      item('unordered-list-item', 'short', ['ordered-list-item']),
      item('ordered-list-item', 'Glue'),
      { is: 'paragraph', within: [], runs: [{ text: 'Then' }] },
      item('ordered-list-item', 'Paint'),
    ]),
  ).toBe('1. Nails\n   • long\n   • short\n2. Glue\nThen\n1. Paint')
})

test('what letters do not say has a sign: headings, quotations, code, bold, links', () => {
  expect(
    written([
      { is: 'heading', within: [], level: 2, runs: [{ text: 'Boxes' }] },
      { is: 'paragraph', within: ['blockquote'], runs: [{ text: 'as ' }, { text: 'light', strong: true }] },
      { is: 'code-block', within: [], runs: [{ text: 'x = 1' }] },
      {
        is: 'paragraph',
        within: [],
        runs: [
          { text: 'here', link: 'https://example.org/' },
          { text: ' it is', em: true },
        ],
      },
    ]),
  ).toBe('## Boxes\n> as **light**\n`x = 1`\n[here](https://example.org/)* it is*')
})
