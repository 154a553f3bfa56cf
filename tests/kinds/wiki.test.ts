import { pmDocFromSpans } from '@automerge/prosemirror'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainText, type Run } from '#lib/kernel/formatted.ts'
import { fromWiki } from '#lib/kinds/board/foreign/from-wiki.ts'
import { proseSchema } from '#lib/kinds/board/ui/prose-schema.ts'
import { formattedToSpans } from '#lib/kinds/prose/formatted-spans.ts'

/** As the editor shows it. */
const shown = (wiki: string) => {
  const { text } = fromWiki(wiki)
  return typeof text === 'string' ? text : pmDocFromSpans(proseSchema, formattedToSpans(text)).toString()
}
const runs = (wiki: string): Run[] | undefined => {
  const { text } = fromWiki(wiki)
  return typeof text === 'string' ? undefined : text[0]?.runs
}

test('what a colleague wrote in Jira has its headings, lists in lists, quotations and code', () => {
  const text = [
    'h2. 计划',
    'Call *the owner* and _ask_ for {{now()}}',
    '* first',
    '** deeper',
    '*# counted',
    '# one',
    '# two',
    'bq. said she',
    'then',
    '{quote}',
    'h3. so',
    '* it is',
    '{quote}',
    '{code:java|title=x}',
    'h1. *no heading*',
    '  if (a)',
    '{code}',
    'one{noformat}raw *x*{noformat}two',
    'above\\\\ below',
    'h6. deep',
  ].join('\n')
  expect(shown(text)).toBe(
    'doc(heading("计划"), paragraph("Call ", strong("the owner"), " and ", em("ask"), " for ", code("now()")), ' +
      'bullet_list(list_item(paragraph("first"), bullet_list(list_item(paragraph("deeper"))), ordered_list(list_item(paragraph("counted"))))), ' +
      'ordered_list(list_item(paragraph("one")), list_item(paragraph("two"))), ' +
      'blockquote(paragraph("said she")), paragraph("then"), blockquote(heading("so"), bullet_list(list_item(paragraph("it is")))), ' +
      'code_block("h1. *no heading*\\n  if (a)"), paragraph("one"), code_block("raw *x*"), paragraph("two"), ' +
      'paragraph("above"), paragraph("below"), heading("deep"))',
  )
})

test('links lead where they say, people are named, colours fall away, a title of a panel is said', () => {
  expect(runs('see [the *hall*|https://example.com/a_b_c] https://example.com/_x_. [~li.na] [mailto:a@b.c]')).toEqual([
    { text: 'see ' },
    { text: 'the ', link: 'https://example.com/a_b_c' },
    { text: 'hall', strong: true, link: 'https://example.com/a_b_c' },
    { text: ' ' },
    { text: 'https://example.com/_x', link: 'https://example.com/_x' },
    { text: '_. @li.na ' },
    { text: 'mailto:a@b.c', link: 'mailto:a@b.c' },
  ])
  expect(runs('[here|https://example.com/|smart-link]')).toEqual([{ text: 'here', link: 'https://example.com/' }])
  expect(runs('{color:#ff0000}hot{color} in{*}wor{*}d \\*no\\*')).toEqual([
    { text: 'hot in' },
    { text: 'wor', strong: true },
    { text: 'd *no*' },
  ])
  expect(shown('{panel:title=Note|borderStyle=solid}\nx\n{panel}')).toBe(
    'doc(blockquote(paragraph(strong("Note")), paragraph("x")))',
  )
})

test('what is no mark stays letters; what descriptions have no place for does too, and is told', () => {
  for (const text of [
    'snake_case_name',
    '2 * 3 * 4',
    '<b>x</b>',
    '----',
    '{code} never closed',
    'a\n\nb',
    '[x]',
    '(-1)',
  ])
    expect(fromWiki(text)).toEqual({ text, lost: false })
  for (const text of ['||a||b||\n|1|2|', '!plan.png|thumbnail!', 'was -red- now', '+under+ it', '??who??'])
    expect(fromWiki(text)).toEqual({ text, lost: true })
  expect(fromWiki('{color:red}x{color}')).toEqual({
    text: [{ is: 'paragraph', within: [], runs: [{ text: 'x' }] }],
    lost: true,
  })
})

test('whatever is read, no letter of a word is lost, the editor opens it, and it takes no time', () => {
  const piece = fc.constantFrom(
    ...['h1. ', '* ', '## ', '- ', 'bq. ', '*', '_', '{{', '}}', '{code}', '{quote}', '{panel}', '{noformat}', '{*}'],
    ...['\n', '\n', ' ', '[', '|https://x.y/]', ']', '\\', '\\\\', '汉字', 'xy', '<i>', '|', '{color:red}', '----'],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const wiki = pieces.join('')
      const { text } = fromWiki(wiki)
      if (typeof text === 'string') return
      const words = (said: string) => said.replace(/https:\/\/x\.y\/|color|code|quote|panel|noformat|[^汉字xy]/g, '')
      expect(words(plainText(text))).toBe(words(wiki))
      pmDocFromSpans(proseSchema, formattedToSpans(text)).check()
    }),
    { numRuns: 300 },
  )
  const marks = [
    '*a ',
    '_{{',
    '{*}',
    '[a|',
    '{code}',
    '{quote}',
    '|a',
    '!a.bb|',
    '+a',
    ' -a',
    '* ',
    '\\\\',
    '{color:',
    '??',
    '[~',
  ]
  for (const mark of [...marks, ' ', '\n', '{{a}}']) {
    fromWiki(mark.repeat(30_000))
    fromWiki(`${mark}\n`.repeat(30_000))
    fromWiki(mark.repeat(1_000))
  }
})
