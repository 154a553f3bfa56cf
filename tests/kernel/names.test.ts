import { expect, test } from 'vitest'
import { distinctNames } from '#lib/kernel/names.ts'

test('members of one name have numbers in the order in which they came; whoever was removed is not among them', () => {
  const named = (...names: string[]) => [
    ...distinctNames(
      names.map((name, id) => ({ id, name: name.replace('†', ''), removed: name.startsWith('†') })),
    ).values(),
  ]
  expect(named('Ann', 'Bo')).toEqual(['Ann', 'Bo'])
  expect(named('Ann', 'Bo', 'ann ', 'Ａｎｎ')).toEqual(['Ann (1)', 'Bo', 'ann (2)', 'Ａｎｎ (3)'])
  expect(named('†Ann', 'Ann', '†Ann')).toEqual(['Ann', 'Ann', 'Ann'])
  expect(named('', '', '王芳', '王芳')).toEqual(['', '', '王芳 (1)', '王芳 (2)'])
})
