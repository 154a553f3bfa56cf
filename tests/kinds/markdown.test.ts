import { pmDocFromSpans } from '@automerge/prosemirror'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainText, type Formatted } from '#lib/kernel/formatted.ts'
import { fromMarkdown } from '#lib/kinds/board/foreign/from-markdown.ts'
import { toMarkdown } from '#lib/kinds/board/to-markdown.ts'
import { proseSchema } from '#lib/kinds/board/ui/prose-schema.ts'
import { formattedToSpans } from '#lib/kinds/prose/formatted-spans.ts'
import { formattedTexts, joined } from '#tests/support/formatted-texts.ts'

/** As the editor shows it. */
const shown = (text: string) => {
  const read = fromMarkdown(text)
  return typeof read === 'string' ? read : pmDocFromSpans(proseSchema, formattedToSpans(read)).toString()
}

test('headings, lists in lists, quotations and code become what they say', () => {
  const text = [
    '# Plan #',
    '',
    '- **call** the _owner_',
    '  - `now`',
    '1) first',
    '2) second',
    '',
    '> so',
    '> - it is',
    '',
    '```js',
    '# no heading',
    '  <b>',
    '```',
    '#### deep',
  ].join('\n')
  expect(shown(text)).toBe(
    'doc(heading("Plan"), ' +
      'bullet_list(list_item(paragraph(strong("call"), " the ", em("owner")), bullet_list(list_item(paragraph(code("now")))))), ' +
      'ordered_list(list_item(paragraph("first")), list_item(paragraph("second"))), ' +
      'blockquote(paragraph("so"), bullet_list(list_item(paragraph("it is")))), ' +
      'code_block("# no heading\\n  <b>"), heading("deep"))',
  )
})

test('a list counts as it is written, else its numbers stay letters', () => {
  expect(shown('1. a\n2. b\n   1. deep\n   2. deeper\n3. c\n\nthen\n\n4. d\n1. e\n1. f')).toBe(
    'doc(ordered_list(list_item(paragraph("a")), list_item(paragraph("b"), ordered_list(list_item(paragraph("deep")), list_item(paragraph("deeper")))), list_item(paragraph("c"))), ' +
      'paragraph("then"), paragraph("4. d"), ordered_list(list_item(paragraph("e")), list_item(paragraph("f"))))',
  )
})

test('an item with a box has its sign; brackets elsewhere stay letters', () => {
  expect(shown('- [ ] oars **now**\n- [x] mast\n1. [X] sail\n- \\[ \\] hull\n- [x]\n- [y] keel\n\n[ ] boom')).toBe(
    'doc(bullet_list(list_item(paragraph("☐ oars ", strong("now"))), list_item(paragraph("☑ mast"))), ' +
      'ordered_list(list_item(paragraph("☑ sail"))), ' +
      'bullet_list(list_item(paragraph("[ ] hull")), list_item(paragraph("[x]")), list_item(paragraph("[y] keel"))), ' +
      'paragraph("[ ] boom"))',
  )
})

test('links lead where they say; HTML, rules, tables and marks within words stay letters', () => {
  expect(fromMarkdown('[the *hall*](https://example.com/a_(b) "t") <https://example.com/x>')).toEqual([
    {
      is: 'paragraph',
      within: [],
      runs: [
        { text: 'the ', link: 'https://example.com/a_(b)' },
        { text: 'hall', em: true, link: 'https://example.com/a_(b)' },
        { text: ' ' },
        { text: 'https://example.com/x', link: 'https://example.com/x' },
      ],
    },
  ])
  for (const text of [
    '<script>alert(1)</script>',
    'snake_case_name',
    '---',
    '| a | b |',
    '2 * 3 * 4',
    'one\n\ntwo',
    '#tag',
    '**',
    '2026. 11. 23 会议',
    '3. third of another list',
  ])
    expect(fromMarkdown(text)).toBe(text)
  expect(plainText(fromMarkdown('\\*no\\* \\# [x](javascript:alert(1))') as Formatted)).toBe('*no* # x')
})

test('whatever is read, no letter of a word is lost, the editor opens it, and it takes no time', () => {
  const piece = fc.constantFrom(
    ...[
      '# ',
      '- ',
      '1. ',
      '> ',
      '**',
      '*',
      '_',
      '`',
      '```',
      '\n',
      '\n',
      '  ',
      '[',
      '](x)',
      '\\',
      'ab',
      '汉字',
      '<b>',
      '\t',
      '---',
    ],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('')
      const read = fromMarkdown(text)
      const letters = (said: string) => said.replace(/[^汉字ab]/g, '')
      if (typeof read === 'string') return
      // The language of a piece of code is no part of it.
      if (!/```|~~~/.test(text)) expect(letters(plainText(read))).toBe(letters(text))
      pmDocFromSpans(proseSchema, formattedToSpans(read)).check()
    }),
    { numRuns: 300 },
  )
  for (const mark of ['*a ', '[', '`a``', '**a', '> ', '- ', '![a](', ' ']) fromMarkdown(mark.repeat(30_000))
})

test('what is written as Markdown is read as the same text, formats included', () => {
  fc.assert(
    fc.property(formattedTexts, (formatted) => {
      const read = fromMarkdown(toMarkdown(formatted))
      if (typeof read === 'string') expect(plainText(formatted).replaceAll('\n', '\n\n')).toBe(read)
      else expect(joined(read)).toEqual(joined(formatted))
    }),
    { numRuns: 300 },
  )
})
