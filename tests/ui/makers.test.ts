import { expect, test } from 'vitest'
import type { PersonId } from '#lib/kernel/ids.ts'
import { Makers } from '#lib/kinds/board/ui/makers.ts'

const ann = 'ann' as PersonId

test('all that is wondered in one go is asked in one, what is known is asked once, and what is not yet known again', async () => {
  const asked: string[][] = []
  const known: Record<string, PersonId> = { a: ann }
  const makers = new Makers((entities) => {
    asked.push([...entities])
    return Promise.resolve(entities.map((entity) => known[entity] ?? null))
  })

  expect([makers.of('a'), makers.of('b'), makers.of('a')]).toEqual([undefined, undefined, undefined])
  await expect.poll(() => makers.of('a')).toBe(ann)
  expect(asked[0]).toEqual(['a', 'b'])

  known['b'] = ann
  await expect.poll(() => makers.of('b')).toBe(ann)
  expect(asked.flat().filter((entity) => entity === 'a')).toEqual(['a'])
})
