import { expect, test } from 'vitest'
import { putAwayTold } from '#lib/kernel/put-away.ts'

const written = (by: string, value: unknown = true) => ({ by, value })
const his = written('cai', { title: 'Mast' })
const told = (values: (ReturnType<typeof written> & { knownBy?: string[] })[], ...movers: string[]) =>
  putAwayTold(values, ({ by }) =>
    movers.includes(by)
      ? 'stands'
      : movers.includes(`${by}, taken back`)
        ? 'away'
        : movers.includes(`${by}, back`)
          ? 'back'
          : null,
  ).map(({ by }) => by)

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

test('nor was it archived here by who moved it back, whatever became of it there', () => {
  expect(told([written('ann'), written('bo')], 'ann, back', 'bo')).toEqual(['bo'])
  expect(told([written('ann'), written('bo')], 'ann, back', 'bo, taken back')).toEqual(['bo'])
  expect(told([written('ann'), written('bo'), written('dan')], 'ann, back', 'bo')).toEqual(['bo', 'dan'])
  // Who archived it agrees with that.
  expect(told([written('ann'), written('bo')], 'ann, back')).toEqual(['ann'])
  expect(told([written('ann'), written('bo'), his], 'ann, back')).toEqual(['ann', 'cai'])
})

test('what is put away by one and there by another is as it was written', () => {
  expect(told([written('ann', false), written('bo')], 'bo')).toEqual(['ann', 'bo'])
})

test('what one of them knew of is told only where it stands nowhere with that, and stands where another moved it', () => {
  const knownTo = (...by: string[]) => ({ ...his, knownBy: by })
  const both = [written('ann'), written('bo')]
  expect(told([...both, knownTo('bo')])).toEqual(['ann'])
  expect(told([...both, knownTo('bo')], 'ann')).toEqual(['ann', 'bo', 'cai'])
  expect(told([...both, knownTo('bo')], 'bo')).toEqual(['bo', 'ann'])
  expect(told([...both, knownTo('bo')], 'ann', 'bo')).toEqual(['ann'])
  expect(told([...both, knownTo('ann')], 'ann, taken back', 'bo')).toEqual(['bo', 'cai'])
  expect(told([...both, knownTo('ann')], 'ann', 'bo, taken back')).toEqual(['ann'])
})
