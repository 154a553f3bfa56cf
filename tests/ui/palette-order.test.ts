import { expect, test } from 'vitest'
import { withNamedFirst } from '#lib/ui/shell/palette-order.ts'

const group = (title: string, ...labels: string[]) => ({
  id: title,
  title,
  entries: labels.map((label) => ({ id: label, label })),
})
const found = [group('Cards', 'Card under filter')]
const commands = [group('On “Pumps”', 'Filter cards', 'Filters', 'Clear the filter'), group('Commands', 'Priority…')]
/** What the palette lists for a text, where the search found cards of these titles that are not archived. */
const listed = (text: string, titles: readonly string[]) =>
  withNamedFirst(text, titles, found, commands).map(({ title, entries }) => [
    title,
    ...entries.map(({ label }) => label),
  ])

test('a command whose whole name was typed comes first, a card that only contains it or is archived after it', () => {
  const first = [
    ['On “Pumps”', 'Filters'],
    ['Cards', 'Card under filter'],
    ['On “Pumps”', 'Filter cards', 'Clear the filter'],
    ['Commands', 'Priority…'],
  ]
  expect(listed('Filters', [])).toEqual(first)
  expect(listed(' filters', ['Card under filter', 'Filters for the pumps'])).toEqual(first)
  expect(listed('ＦＩＬＴＥＲＳ', [])).toEqual(first)
  expect(listed('priority', []).slice(0, 2)).toEqual([
    ['Commands', 'Priority…'],
    ['Cards', 'Card under filter'],
  ])
})

test('a command whose name begins with what was typed comes before what only contains it', () => {
  expect(listed('filt', ['Card under filter'])).toEqual([
    ['On “Pumps”', 'Filter cards', 'Filters'],
    ['Cards', 'Card under filter'],
    ['On “Pumps”', 'Clear the filter'],
    ['Commands', 'Priority…'],
  ])
})

test('a card, board or person whose name is as close to what was typed comes before the commands', () => {
  const after = [found, commands].flat().map(({ title, entries }) => [title, ...entries.map(({ label }) => label)])
  expect(listed('filters', ['filters'])).toEqual(after)
  expect(listed('filt', ['Filter of the pump'])).toEqual(after)
  expect(listed('the filter', [])).toEqual(after)
})
