/** Descriptions that Markdown has a way to write: what is written of them is read as the same. */
import fc from 'fast-check'
import type { Container, Formatted } from '#lib/kernel/formatted.ts'

const words = fc.constantFrom('alpha', '汉字', '*', '# x', '1. x', '- x', '_a_', '[x](y)', '`', '\\', '<b>', '> q')
const marks = fc.constantFrom(
  {},
  { strong: true as const },
  { em: true as const },
  { link: 'https://example.com/a_(b)' },
  { strong: true as const, em: true as const },
)
const runs = fc.array(fc.record({ text: words, marks }), { minLength: 1, maxLength: 3 }).map((list) =>
  // Formats stand apart: where two meet, Markdown has no way to say which ends.
  list.flatMap(({ text, marks }, at) => [...(at === 0 ? [] : [{ text: ' and ' }]), { text, ...marks }]),
)
const paragraph: fc.Arbitrary<Formatted[number]> = fc.oneof(
  fc.record({
    is: fc.constantFrom('paragraph' as const, 'unordered-list-item' as const, 'ordered-list-item' as const),
    within: fc.constant<Container[]>([]),
    runs,
  }),
  fc.record({
    is: fc.constant('heading' as const),
    level: fc.integer({ min: 1, max: 3 }),
    within: fc.constant<Container[]>([]),
    runs,
  }),
  fc.record({ is: fc.constant('paragraph' as const), within: fc.constant<Container[]>(['blockquote']), runs }),
  fc.record({
    is: fc.constant('code-block' as const),
    within: fc.constant<Container[]>([]),
    runs: fc.constantFrom('a\n  b', '```').map((text) => [{ text }]),
  }),
)
export const formattedTexts = fc.array(paragraph, { minLength: 1, maxLength: 5 })

/** Letters of the same marks as one run. */
export const joined = (formatted: Formatted) =>
  formatted.map(({ runs, ...rest }) => ({
    ...rest,
    runs: runs.reduce<typeof runs>((list, run) => {
      const { text: _, ...now } = run
      const { text, ...last } = list.at(-1) ?? { text: '', none: true }
      return JSON.stringify(now) === JSON.stringify(last)
        ? [...list.slice(0, -1), { ...run, text: text + run.text }]
        : [...list, run]
    }, []),
  }))
