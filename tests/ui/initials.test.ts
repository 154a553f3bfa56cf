import { expect, test } from 'vitest'
import { initialsOf } from '#lib/ui/hue.ts'

test.each([
  ['Ann', 'A'],
  ['Ada Morgan', 'AM'],
  ['ana maria da silva', 'AS'],
  ['李娜', '娜'],
  ['欧阳修（采购部）', '修'],
  ['Émile Zola', 'ÉZ'],
  ['Bo (R&D)', 'B'],
  ['Type → Task ← Thing', 'TT'],
  ['→ everybody reads this as one long sentence ←', 'E'],
  ['→←', '?'],
  ['🚢', '?'],
  ['', '?'],
])('in the avatar of “%s” stands %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials)
})
