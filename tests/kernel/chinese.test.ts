import { expect, test } from 'vitest'
import { chinese } from '#lib/kernel/chinese.ts'

test('a Latin name stands apart from the Chinese around it, a Chinese one does not', () => {
  const assigned = (card: string, person: string) => chinese`把“${card}”指派给${person}`
  expect(assigned('海报', '小博')).toBe('把“海报”指派给小博')
  expect(assigned('Poster', 'Ann')).toBe('把“Poster”指派给 Ann')
  const editing = (name: string) => chinese`${name}正在编辑这张卡片`
  expect(editing('小博')).toBe('小博正在编辑这张卡片')
  expect(editing('Zhang San')).toBe('Zhang San 正在编辑这张卡片')
  expect(editing('')).toBe('正在编辑这张卡片')
  expect(chinese`共${3}张`).toBe('共 3 张')
})
