import { expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import { zhCN } from '#lib/i18n/zh-CN.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { board } from '#lib/kinds/board/index.ts'
import { readBoard } from '#lib/kinds/board/schema.ts'
import { saySorts, tellChanges, type Words } from '#lib/kinds/board/ui/change-words.ts'
import { compareWorks } from '#lib/store/compare.ts'

const root = 'a'.repeat(32) as DocId
const shard = 'b'.repeat(32) as DocId
const columns = {
  todo: { title: 'To do', order: 'a1', archived: false },
  doing: { title: 'Doing', order: 'a2', archived: false },
}
const boardOf = (cards: Record<string, unknown>) => ({
  root,
  docs: { [root]: { type: 'root', doc: { title: 'Launch', columns } }, [shard]: { type: 'cards', doc: { cards } } },
})
const cardOf = (title: string, column: string, archived = false) => ({ title, column, order: 'a1', archived })

function told(before: Record<string, unknown>, after: Record<string, unknown>, t: Words['t'] = en) {
  const now = boardOf(after)
  const words: Words = {
    t,
    locale: t === en ? 'en' : 'zh-CN',
    today: '2026-11-26' as Day,
    board: readBoard(now),
    personName: () => 'Bo',
  }
  return tellChanges(compareWorks(boardOf(before), now, board), words).map((change) => ({
    said: saySorts(change, t),
    fields: change.fields.map(({ name }) => name),
  }))
}

test('of a card that Bo archived, added or brought back the column is said where it is or was', () => {
  const [here, away] = [cardOf('Boxes', 'todo'), cardOf('Boxes', 'todo', true)]
  expect(told({ a: here }, { a: away })).toEqual([{ said: 'Archived, was in To do', fields: [] }])
  expect(told({ a: cardOf('Boxes', 'doing') }, { a: away })).toEqual([{ said: 'Archived, was in Doing', fields: [] }])
  expect(told({ a: away }, { a: here })).toEqual([{ said: 'Brought back to To do', fields: [] }])
  expect(told({}, { a: here })).toEqual([{ said: 'Added to To do', fields: [] }])
  expect(told({ a: here }, {})).toEqual([{ said: 'Removed from To do', fields: [] }])
  expect(told({ a: here }, { a: away }, zhCN)).toEqual([{ said: '从「To do」归档', fields: [] }])
})

test('of a card that Bo moved and changed both columns are said', () => {
  expect(told({ a: cardOf('Boxes', 'todo') }, { a: cardOf('Crates', 'doing') })).toEqual([
    { said: 'Moved · Changed', fields: ['Title', 'Column'] },
  ])
})
