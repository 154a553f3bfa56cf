import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const css = readFileSync(join(import.meta.dirname, '..', '..', 'src', 'app.css'), 'utf8')

/** Both values of every token: `--name: light-dark(#light, #dark);`. */
const pairs = [...css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)]
const light = Object.fromEntries(pairs.map(([, name, color]) => [name, color]))
const dark = Object.fromEntries(pairs.map(([, name, , color]) => [name, color]))

/** WCAG 2.2 relative luminance of `#rrggbb`. */
function luminance(color: string): number {
  expect(color).toMatch(/^#[0-9a-f]{6}$/)
  const channel = (at: number) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const surfaces = ['canvas', 'surface', 'raised', 'sunken', 'hover']
const hues = ['gray', 'red', 'orange', 'amber', 'green', 'teal', 'blue', 'violet', 'pink']
const texts: [text: string, on: string][] = [
  ...['text', 'muted'].flatMap((text) => surfaces.map((on): [string, string] => [text, on])),
  ...['faint', 'accent', 'danger', 'warning', 'success'].flatMap((text) =>
    ['canvas', 'surface', 'raised', 'sunken'].map((on): [string, string] => [text, on]),
  ),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-accent-soft', 'accent-soft'],
  ...['danger', 'warning', 'success'].map((tone): [string, string] => [tone, `${tone}-soft`]),
  ...hues.map((hue): [string, string] => [`hue-${hue}`, `hue-${hue}-soft`]),
]

test.each([
  ['light', light],
  ['dark', dark],
] as const)('every text of the %s theme is readable where it may stand (WCAG 1.4.3)', (_, tokens) => {
  const weak = texts
    .map(([text, on]) => ({ text, on, ratio: contrast(tokens[text] ?? '', tokens[on] ?? '') }))
    .filter(({ ratio }) => ratio < 4.5)
  expect(weak).toEqual([])
})

test.each([
  ['light', light],
  ['dark', dark],
] as const)('the edge of a control in the %s theme can be seen (WCAG 1.4.11)', (_, tokens) => {
  const weak = ['canvas', 'surface', 'raised']
    .map((on) => ({ on, ratio: contrast(tokens['edge'] ?? '', tokens[on] ?? '') }))
    .filter(({ ratio }) => ratio < 3)
  expect(weak).toEqual([])
})
