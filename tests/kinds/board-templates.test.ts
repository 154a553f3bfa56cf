import { describe, expect, test } from 'vitest'
import { copyCalls } from '#lib/kinds/board/copy-board.ts'
import { entityId } from '#lib/kernel/ids.ts'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { cards, shownColumns } from '#lib/kinds/board/queries.ts'
import { boardTemplates, templateCalls } from '#lib/kinds/board/templates.ts'
import { everything, parseView, viewToText } from '#lib/kinds/board/view-content.ts'
import { unformatted } from '#lib/kernel/formatted.ts'
import { asRead, boardAfter, li, seeded, zhang } from '#tests/support/planned-board.ts'

const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })

describe.each(boardTemplates)('the template $id', (template) => {
  test.each(['zh-CN', 'en'] as const)('makes a board in %s with a column for what is finished', (locale) => {
    const random = seeded()
    const use = { locale, title: 'New', newEntity: () => entityId(random), random }
    const { board } = boardAfter(templateCalls(template, { ...use, withCards: true }))
    expect(board.title).toBe('New')
    expect(shownColumns(board)).toHaveLength(template.columns.length)
    expect(board.columns.some(({ done }) => done)).toBe(true)
    expect(cards(board)).toHaveLength(template.cards.length)
    const texts = [
      ...board.columns.map(({ title }) => title),
      ...board.labels.map(({ name }) => name),
      ...cards(board).flatMap(({ title, checklist }) => [title, ...checklist.map(({ text }) => text)]),
    ]
    for (const text of texts) {
      if (locale === 'zh-CN') expect(text).toMatch(/\p{Script=Han}/u)
      else expect(text).not.toMatch(/\p{Script=Han}/u)
    }
    expect(new Set(board.labels.map(({ name }) => name)).size).toBe(board.labels.length)
    expect(cards(boardAfter(templateCalls(template, { ...use, withCards: false })).board)).toEqual([])
  })
})

const view = (labels: string[], assignees: string[]) => viewToText({ ...everything, labels, assignees })
const ours = boardAfter([
  call('renameBoard', { title: 'Spring' }),
  call('addColumn', { column: 'todo', title: 'To do', order: 'a0', limit: 4, color: 'blue' }),
  call('addColumn', { column: 'old', title: 'Old', order: 'a1' }),
  call('archiveColumn', { column: 'old' }),
  call('addLabel', { label: 'rush', name: '加急', color: 'red' }),
  call('addLabel', { label: 'gone', name: 'Gone', color: 'gray' }),
  call('removeLabel', { label: 'gone' }),
  call('addView', { view: 'v1', name: 'Rush', content: view(['rush'], [li.id]), order: 'a0', owner: null }),
  call('addView', { view: 'v2', name: 'Mine', content: view([], [zhang.id]), order: 'a1', owner: zhang.id }),
  call('nameVersion', { version: 'n1', name: 'First', heads: {} }),
  call('addCard', { card: 'put', title: 'Put away', column: 'todo', order: 'a0' }),
  call('archiveCard', { card: 'put' }),
  call('addCard', { card: 'mould', title: 'Order the mould', column: 'todo', order: 'a1' }),
  call('addCard', {
    card: 'sample',
    title: 'Send samples',
    column: 'todo',
    order: 'a2',
    labels: ['rush'],
    assignees: [li.id],
    start: '2026-12-01',
    due: '2026-12-04',
    priority: 'high',
    repeat: 'weekly',
    blockedBy: ['mould', 'put'],
    checklist: [{ item: 'i', text: 'Pack', order: 'a0', done: true }],
  }),
]).board
const options = {
  title: 'Launches',
  template: true,
  withCards: true,
  withPeopleAndDates: false,
  descriptions: { sample: unformatted('To the customer.'), put: unformatted('Away.') },
}

test('a board saved as a template has columns, limits, labels, shared views and what is to be done, but nobody and no date', () => {
  const copy = boardAfter(copyCalls(ours, options))
  expect(copy.board).toMatchObject({ title: 'Launches', template: true, versions: [] })
  expect(copy.board.columns).toMatchObject([{ title: 'To do', limit: 4, color: 'blue' }])
  expect(copy.board.labels.map(({ name }) => name)).toEqual(['加急'])
  expect(copy.board.views.map(({ name }) => name)).toEqual(['Rush'])
  expect(parseView(copy.board.views[0]?.content ?? '')).toMatchObject({ labels: ['rush'], assignees: [] })
  expect(asRead(copy)[0]?.cards).toEqual([
    { title: 'Order the mould' },
    {
      title: 'Send samples',
      labels: ['加急'],
      priority: 'high',
      repeat: 'weekly',
      blockedBy: ['Order the mould'],
      checklist: ['[ ] Pack'],
      description: 'To the customer.',
    },
  ])
})

test('people and dates come along where they are asked for, and cards only where they are', () => {
  const whole = boardAfter(copyCalls(ours, { ...options, withPeopleAndDates: true, template: false }))
  expect(whole.board.template).toBe(false)
  expect(whole.board.cardsById.get('sample')).toMatchObject({
    assignees: [li.id],
    start: '2026-12-01',
    due: '2026-12-04',
  })
  expect(parseView(whole.board.views[0]?.content ?? '').assignees).toEqual([li.id])
  expect(cards(boardAfter(copyCalls(ours, { ...options, withCards: false })).board)).toEqual([])
})
