import { expect, test } from 'vitest'
import type { DocId } from '#lib/kernel/ids.ts'
import { cardsThatCame, noteOf, takeBackImport } from '#lib/kinds/board/ui/import-note.ts'
import { readScreenBoard } from '#lib/kinds/board/ui/screen-board.ts'

const root = 'a'.repeat(32) as DocId
const shard = 'b'.repeat(32) as DocId
const list = [
  { mutation: 'addColumn', args: { column: 'new', title: 'Review', order: 'a2' } },
  { mutation: 'addLabel', args: { label: 'rush', name: 'rush', color: 'red' } },
  { mutation: 'addView', args: { view: 'mine', name: 'Mine', content: '{}', order: 'a1', owner: null } },
  { mutation: 'addCard', args: { card: 'one', title: 'One', column: 'new', order: 'a1', description: 'Ask.' } },
  { mutation: 'addCard', args: { card: 'two', title: 'Two', column: 'todo', order: 'a2', description: '' } },
  { mutation: 'setLabel', args: { card: 'two', label: 'rush', on: true } },
]
const cardIn = (column: string, fields: object = {}) => ({
  title: 'x',
  column,
  order: 'a1',
  archived: false,
  ...fields,
})
const boardOf = (cards: Record<string, unknown>, columns: Record<string, unknown> = {}, views = {}) =>
  readScreenBoard({
    root,
    docs: {
      [root]: {
        type: 'root',
        doc: {
          title: 'Launch',
          columns: { todo: { title: 'To do', order: 'a1', archived: false }, ...columns },
          labels: { rush: { name: 'rush', color: 'red', archived: false } },
          views,
        },
      },
      [shard]: { type: 'cards', doc: { cards } },
    },
  })
const column = { new: { title: 'Review', order: 'a2', archived: false } }
const note = noteOf('plan.csv', list)

test('what is noted of an import is what it adds', () => {
  expect(note).toEqual({
    file: 'plan.csv',
    cards: ['one', 'two'],
    columns: ['new'],
    labels: ['rush'],
    views: ['mine'],
    described: ['one'],
  })
})

test('Ann’s window closed in the middle: what came in is counted, and what came in is taken back', () => {
  const views = { mine: { name: 'Mine', content: '{}', order: 'a1', owner: null, archived: false } }
  const board = boardOf({ two: cardIn('todo'), mine: cardIn('todo') }, column, views)
  expect(cardsThatCame(note, board)).toEqual(['two'])
  expect(takeBackImport(note, board)).toEqual([
    { mutation: 'archiveCard', args: { card: 'two' } },
    { mutation: 'archiveColumn', args: { column: 'new' } },
    { mutation: 'removeLabel', args: { label: 'rush' } },
    { mutation: 'removeView', args: { view: 'mine' } },
  ])
})

test('a column and a label of the import that Bo uses meanwhile stay, and so does what he archived', () => {
  const his = cardIn('new', { labels: { rush: true } })
  const board = boardOf({ one: cardIn('new', { archived: true }), his }, column)
  expect(takeBackImport(note, board)).toEqual([])
})

test('of an import of which nothing came in there is nothing to take back', () => {
  const board = boardOf({ mine: cardIn('todo', { labels: { rush: true } }) })
  expect(cardsThatCame(note, board)).toEqual([])
  expect(takeBackImport(note, board)).toEqual([])
})
