import '#tests/support/automerge.ts'
import * as A from '@automerge/automerge/slim'
import { expect, test } from 'vitest'
import { writeAgain } from '#lib/kernel/write.ts'
import { isYieldedChange } from '#lib/store/changes-apart.ts'

test('a change that says that it only lets a value count is believed where that value had met another, and nowhere else', () => {
  const start = A.from({ cards: { k1: { priority: 1, title: 1 } } })
  const set = (doc: typeof start, message: string, to: { priority?: number; title?: number }) =>
    A.change(A.clone(doc), { message }, (draft) => {
      // As the product does: what counts already is written all the same.
      for (const [field, value] of Object.entries(to))
        writeAgain<Record<string, number>, string>(draft.cards.k1, field, value)
    })
  const ann = set(start, 'setPriority a', { priority: 2 })
  const bo = set(start, 'setPriority b', { priority: 3 })
  const met = A.merge(A.clone(ann), bo)
  const isBelieved = (doc: typeof start) => {
    const last = A.getChangesMetaSince(doc, A.getHeads(met)).at(-1)
    return last !== undefined && isYieldedChange(doc, last)
  }
  // Of the two the one that counts already, and the other.
  expect(isBelieved(set(met, 'yielded g', { priority: 2 }))).toBe(true)
  expect(isBelieved(set(met, 'yielded g', { priority: 3 }))).toBe(true)
  expect(isBelieved(set(met, 'setPriority g', { priority: 2 }))).toBe(false)
  expect(isBelieved(set(met, 'yielded g', { priority: 4 }))).toBe(false)
  expect(isBelieved(set(met, 'yielded g', { title: 2 }))).toBe(false)
  expect(isBelieved(set(met, 'yielded g', { priority: 2, title: 2 }))).toBe(false)
})
