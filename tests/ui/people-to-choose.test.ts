import { expect, test } from 'vitest'
import { peopleToChoose } from '#lib/kinds/board/ui/people-to-choose.ts'

const person = (id: string, name: string, removed = false) => ({ id, name, removed })
const people = [person('cy', 'Cy', true), person('bo', 'Bo'), person('ann', 'Ann'), person('abe', 'Abe', true)]

test('members stand by name; who was removed is below them, and only where they are still named', () => {
  const names = (...still: string[]) => peopleToChoose(people, still).map(({ name }) => name)
  expect(names()).toEqual(['Ann', 'Bo'])
  expect(names('cy', 'bo')).toEqual(['Ann', 'Bo', 'Cy'])
  expect(names('cy', 'abe', 'nobody-known')).toEqual(['Ann', 'Bo', 'Abe', 'Cy'])
})
