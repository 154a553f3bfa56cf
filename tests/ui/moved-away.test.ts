import { expect, test } from 'vitest'
import type { DocId } from '#lib/kernel/ids.ts'
import { MovedAway } from '#lib/kinds/board/ui/moved-away.ts'

const hold = 'b'.repeat(32) as DocId

test('by which move cards are away is asked in one go, and of each anew once it is another', async () => {
  const asked: string[][] = []
  let became = 'one'
  const moved = new MovedAway((cards) => {
    asked.push([...cards])
    return Promise.resolve([{ entity: 'sail', to: { work: hold, entity: became } }])
  })
  expect([moved.of('sail', [1]), moved.of('rope', [1]), moved.of('sail', [1])]).toEqual([null, null, null])
  await expect.poll(() => moved.of('sail', [1])).toBe(`${hold} one`)
  expect(moved.of('rope', [1])).toBe(null)
  expect(asked).toEqual([['sail', 'rope']])

  became = 'two'
  expect(moved.of('sail', [2])).toBe(`${hold} one`)
  await expect.poll(() => moved.of('sail', [2])).toBe(`${hold} two`)
  expect(asked.at(-1)).toEqual(['sail'])
})
