import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compareNames } from '#lib/kernel/names.ts'

test('names stand as people count and read: 2 before 10, “Äpfel” beside “apples”, Chinese ones by their pinyin', () => {
  const names = ['11', 'Banana', '李娜', '2', 'Äpfel', 'apples', '10', '博文', '1']
  expect(names.sort(compareNames)).toEqual(['1', '2', '10', '11', '博文', '李娜', 'Äpfel', 'apples', 'Banana'])
})

test('nothing sorts names by an order of its own', () => {
  const root = join(import.meta.dirname, '../../src/lib')
  const sorting = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      /\.(?:svelte|ts)$/.test(file) && /localeCompare|Intl\.Collator\(/.test(readFileSync(join(root, file), 'utf8')),
  )
  // The pinyin initials are read off an order of characters.
  expect(sorting.sort()).toEqual(['kernel/names.ts', 'search/initials.ts'])
})
