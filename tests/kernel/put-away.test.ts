import { expect, test } from 'vitest'
import { putAwayTold } from '#lib/kernel/put-away.ts'

const written = (by: string, value: unknown = true) => ({ by, value })
const his = written('cai', { title: 'Mast' })
const told = (values: ReturnType<typeof written>[], ...movers: string[]) =>
  putAwayTold(values, ({ by }) => movers.includes(by)).map(({ by }) => by)

test('whoever put an entry away at once agree, and count as one beside what others wrote', () => {
  expect(told([written('ann'), written('bo')])).toEqual(['ann'])
  expect(told([written('ann'), written('bo'), his])).toEqual(['ann', 'cai'])
  expect(told([written('ann'), his])).toEqual(['ann', 'cai'])
  // What both moved is two, which is told as such.
  expect(told([written('ann'), written('bo')], 'ann', 'bo')).toEqual(['ann'])
})

test('unless some moved it by that: who did comes first, then who meant it to be nowhere', () => {
  expect(told([written('bo'), written('ann')], 'ann')).toEqual(['ann', 'bo'])
  expect(told([written('bo'), written('ann'), written('dan'), his], 'ann', 'dan')).toEqual(['ann', 'bo', 'cai'])
})

test('what is put away by one and there by another is as it was written', () => {
  expect(told([written('ann', false), written('bo')], 'bo')).toEqual(['ann', 'bo'])
})
