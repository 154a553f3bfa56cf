import { expect, test, vi } from 'vitest'
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
  const unknown = { to: undefined, isAnswered: false }
  expect([moved.of('sail', [1]), moved.of('rope', [1]), moved.of('sail', [1])]).toEqual([unknown, unknown, unknown])
  await expect.poll(() => moved.of('sail', [1])).toEqual({ to: `${hold} one`, isAnswered: true })
  expect(moved.of('rope', [1])).toEqual({ to: null, isAnswered: true })
  expect(asked).toEqual([['sail', 'rope']])

  became = 'two'
  expect(moved.of('sail', [2])).toEqual({ to: `${hold} one`, isAnswered: false })
  await expect.poll(() => moved.of('sail', [2])).toEqual({ to: `${hold} two`, isAnswered: true })
  expect(asked.at(-1)).toEqual(['sail'])
})

test('where there is no answer that is known, and nothing else', async () => {
  const moved = new MovedAway(() => Promise.reject(new Error('the core has gone')))
  const logged = vi.spyOn(console, 'error').mockReturnValue(undefined)
  moved.of('sail', [1])
  await expect.poll(() => moved.of('sail', [1])).toEqual({ to: undefined, isAnswered: true })
  expect(logged).toHaveBeenCalledOnce()
  logged.mockRestore()
})
