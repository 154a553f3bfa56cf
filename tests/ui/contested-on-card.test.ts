import { expect, test } from 'vitest'
import type { Conflict } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { contestedCards } from '#lib/kinds/board/ui/contested-on-card.ts'
import { card } from '#tests/support/board-card.ts'

const conflict = (id: string, field: string): Conflict => ({
  doc: 'a'.repeat(32) as DocId,
  path: ['cards', id, field],
  values: [],
})

test('a card that Ann archived is no longer told of as changed in two places, unless Bo meant it to stay', () => {
  const told = (...cards: ReturnType<typeof card>[]) => {
    const conflicts = new Map([
      ['mast', [conflict('mast', 'priority')]],
      ['sails', [conflict('sails', 'priority'), conflict('sails', 'archived')]],
      // Not here yet.
      ['keel', [conflict('keel', 'priority')]],
    ])
    return contestedCards(conflicts, new Map(cards.map((one) => [one.id, one]))).map(({ id }) => id)
  }
  expect(told(card('mast'), card('sails'))).toEqual(['mast', 'sails'])
  expect(told(card('mast', { archived: true }), card('sails', { archived: true }))).toEqual(['sails'])
})
