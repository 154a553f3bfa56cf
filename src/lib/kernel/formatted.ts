/**
 * A collaborative text as plain values, for files and between threads: its paragraphs one after the other, each with what it is,
 * what it stands in, and its letters by their marks.
 * Only what the editor knows is in it.
 */
import * as v from 'valibot'

export const containers = ['blockquote', 'unordered-list-item', 'ordered-list-item'] as const
export type Container = (typeof containers)[number]
export const blocks = ['paragraph', 'heading', 'code-block', ...containers] as const

const LEVELS = 3
/** Of a heading that anybody wrote. */
export const levelOf = (value: unknown): number => Math.min(LEVELS, Math.max(1, Math.trunc(Number(value)) || 1))
export const DEEPEST = 20

const Run = v.object({
  text: v.string(),
  strong: v.optional(v.literal(true)),
  em: v.optional(v.literal(true)),
  code: v.optional(v.literal(true)),
  link: v.optional(v.string()),
})
const format = {
  is: v.picklist(blocks),
  within: v.pipe(v.array(v.picklist(containers)), v.maxLength(DEEPEST)),
  /** Of a heading. */
  level: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LEVELS))),
}
const Paragraph = v.object({ ...format, runs: v.array(Run) })
/** What a paragraph is made to be, and what it stands in where that is another. */
export const ParagraphFormat = v.object({ ...format, within: v.optional(format.within) })
const letters = (formatted: readonly Paragraph[]): number =>
  formatted.reduce((sum, { runs }) => sum + 1 + runs.reduce((own, { text }) => own + text.length, 0), 0)

const LONGEST_PROSE = 100_000
export type Run = v.InferOutput<typeof Run>
export type Paragraph = v.InferOutput<typeof Paragraph>
export type ParagraphFormat = v.InferOutput<typeof ParagraphFormat>
export type Formatted = Paragraph[]
export const Formatted = v.pipe(
  v.array(Paragraph),
  v.check((formatted) => letters(formatted) <= LONGEST_PROSE),
)

/** What a file has in the place of one; null for anything else. */
export function parseFormatted(value: unknown): Formatted | null {
  const parsed = v.safeParse(v.array(Paragraph), value)
  return parsed.success ? parsed.output : null
}

/** A line per paragraph. */
export const plainText = (formatted: readonly Paragraph[]): string =>
  formatted.map(({ runs }) => runs.map(({ text }) => text).join('')).join('\n')

/** Whether there is more to it than lines of letters. */
export const hasFormats = (formatted: readonly Paragraph[]): boolean =>
  formatted.some(
    ({ is, within, runs }) =>
      is !== 'paragraph' ||
      within.length > 0 ||
      runs.some(({ strong, em, code, link }) => strong || em || code || link !== undefined),
  )

/** A paragraph per line. */
export const unformatted = (text: string): Formatted =>
  text === ''
    ? []
    : text
        .split(/\r\n|\r|\n/)
        .map((line) => ({ is: 'paragraph', within: [], runs: line === '' ? [] : [{ text: line }] }))

export const isLongerThanProse = (formatted: readonly Paragraph[]): boolean => letters(formatted) > LONGEST_PROSE
