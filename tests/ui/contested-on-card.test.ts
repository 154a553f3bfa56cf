import { expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import type { Conflict } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { contestedCards, contestedOnCard } from '#lib/kinds/board/ui/contested-on-card.ts'
import type { Words } from '#lib/kinds/board/ui/change-words.ts'
import { readBoard } from '#lib/kinds/board/schema.ts'
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

test('of a card that was archived, or moved to another board, while Bo wrote in it: where it is, and what he wrote, which comes back with it', () => {
  const root = '1'.repeat(32) as DocId
  const columns = { doing: { title: 'Doing', order: 'a1', done: false, limit: null, color: null, archived: false } }
  const words = (landedIn: readonly string[]): Words => ({
    t: en,
    locale: 'en',
    today: '2026-11-26' as Day,
    board: readBoard({ root, docs: { [root]: { type: 'root', doc: { columns } } } }),
    personName: () => 'Bo',
    landedIn: () => landedIn,
  })
  const mast = card('mast', { archived: true, order: 'a1' })
  const items = {
    sand: { text: 'Sand', done: true, removed: false },
    oil: { text: 'Oil', done: false, removed: true },
  }
  const his = { title: 'Tall mast', column: 'doing', checklist: items, due: null }
  const [archived, moved] = [[], ['Second']].map((boards) =>
    contestedOnCard(mast, conflict('mast', 'archived'), words(boards)),
  )
  expect(archived?.name).toBe('Where it is')
  expect([archived?.say(true), archived?.say(false), moved?.say(true)]).toEqual([
    'Archived',
    'On the board',
    'Moved to “Second”',
  ])
  expect(archived?.say(his)).toBe('Title: Tall mast · Column: Doing · Due: Nothing · Checklist: ☑ Sand, Removed: Oil')
  const called = (value: unknown) => archived?.keep(value).map(({ mutation, args }) => [mutation, args])
  expect(called(true)).toEqual([['archiveCard', { card: 'mast' }]])
  expect(called(his)).toEqual([
    ['restoreCard', { card: 'mast' }],
    ['retitleCard', { card: 'mast', title: 'Tall mast' }],
    ['moveCard', { card: 'mast', column: 'doing', order: 'a1' }],
    ['setDates', { card: 'mast', due: null }],
  ])
})
