import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Day } from '#lib/kernel/instants.ts'
import { board } from '#lib/kinds/board/index.ts'
import { nextCard, nextCardId } from '#lib/kinds/board/next-card.ts'
import { nextDay, repeats } from '#lib/kinds/board/repeat.ts'
import type { Board } from '#lib/kinds/board/schema.ts'
import { createReplica, fork, mergeInto, run, viewOf, type Replica } from '#tests/support/kinds.ts'

const call = (mutation: string, args: Record<string, unknown>) => ({ mutation, args })
const today = '2026-11-23' as Day
const lin = '0a'.repeat(16)

function weekly(extra: Record<string, unknown> = {}): Replica {
  const ann = createReplica(board, 'Ann')
  run(ann, [
    call('addColumn', { column: 'todo', title: '待办', order: 'a0' }),
    call('addColumn', { column: 'done', title: 'Done', order: 'a1', done: true }),
    call('addLabel', { label: 'ops', name: 'Ops', color: 'red' }),
    call('addCard', {
      card: 'report',
      title: '周报',
      column: 'todo',
      order: 'a0',
      start: '2026-11-23',
      due: '2026-11-27',
      repeat: 'weekly',
      priority: 'high',
      labels: ['ops'],
      assignees: [lin],
      estimate: 2,
      checklist: [{ item: 'collect', text: 'Collect', order: 'a0', done: true }],
      ...extra,
    }),
  ])
  return ann
}
function finish(person: Replica, card = 'report', on: Day = today): string | null {
  const view = viewOf<Board>(person)
  const moved = view.cardsById.get(card)
  if (!moved) throw new Error('no such card')
  const next = nextCard(view, moved, 'done', on, () => 'a5')
  run(person, [call('moveCard', { card, column: 'done', order: 'a0' }), ...(next?.calls ?? [])])
  return next?.id ?? null
}
const card = (person: Replica, id: string | null) => viewOf<Board>(person).cardsById.get(id ?? '')

test('a finished weekly card is followed by one a week later, in the first column, its checklist unticked', () => {
  const ann = weekly()
  expect(card(ann, finish(ann))).toMatchObject({
    title: '周报',
    column: 'todo',
    start: '2026-11-30',
    due: '2026-12-04',
    repeat: 'weekly',
    priority: 'high',
    labels: ['ops'],
    assignees: [lin],
    estimate: 2,
    checklist: [{ id: 'collect', text: 'Collect', done: false }],
    archived: false,
  })
  expect(card(ann, 'report')).toMatchObject({ column: 'done', due: '2026-11-27' })
})

test('Ann and Bo finish the same card offline: one next card, and a later finish of the first makes no other', () => {
  const ann = weekly()
  const bo = fork(ann, 'Bo')
  const [hers, his] = [finish(ann), finish(bo)]
  expect(hers).toBe(his)
  mergeInto(ann, bo)
  mergeInto(bo, ann)
  expect(viewOf(ann)).toEqual(viewOf(bo))
  expect([...viewOf<Board>(ann).cardsById.keys()].sort()).toEqual(['report', hers].sort())
  run(ann, [call('moveCard', { card: 'report', column: 'todo', order: 'a0' })])
  expect(finish(ann)).toBeNull()
})

test('the next card that undo archived comes back when the card is finished again, with dates for that day', () => {
  const ann = weekly()
  const next = finish(ann)
  run(ann, [call('archiveCard', { card: next }), call('moveCard', { card: 'report', column: 'todo', order: 'a0' })])
  expect(finish(ann, 'report', '2026-12-10' as Day)).toBe(next)
  expect(card(ann, next)).toMatchObject({ archived: false, due: '2026-12-11' })
})

test('a card finished weeks late comes next on a day that is not over; the next of one without dates is due a week after that', () => {
  const late = weekly()
  expect(card(late, finish(late, 'report', '2026-12-25' as Day))).toMatchObject({
    start: '2026-12-21',
    due: '2026-12-25',
  })
  const undated = weekly({ start: null, due: null })
  expect(card(undated, finish(undated))).toMatchObject({ start: null, due: '2026-11-30' })
  const ofMonthsEnd = weekly({ repeat: 'monthly', start: null, due: null })
  const next = finish(ofMonthsEnd, 'report', '2026-01-31' as Day)
  expect(card(ofMonthsEnd, next)).toMatchObject({ due: '2026-02-28', dueDay: 31 })
})

test('a card of the 31st comes on the last day of shorter months and on the 31st of longer ones (P12)', () => {
  const follow = (repeat: string, start: string | null, due: string, ons: readonly string[]) => {
    const ann = weekly({ repeat, start, due })
    let last = 'report'
    return ons.map((on) => {
      last = finish(ann, last, on as Day) ?? ''
      return card(ann, last)?.due
    })
  }
  expect(follow('monthly', null, '2026-01-31', ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'])).toEqual([
    '2026-02-28',
    '2026-03-31',
    '2026-04-30',
    '2026-05-31',
  ])
  expect(follow('quarterly', null, '2025-11-30', ['2025-11-30', '2026-02-28'])).toEqual(['2026-02-28', '2026-05-30'])
  const leap = ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28']
  expect(follow('yearly', null, leap[0] ?? '', leap).at(-1)).toBe('2028-02-29')
  // Finished months late: no drift on the way either.
  expect(follow('monthly', null, '2026-01-31', ['2026-03-05'])).toEqual(['2026-03-31'])
})

test('start and due each keep their own day of the month; a day that Ann chooses is the new one', () => {
  const ann = weekly({ repeat: 'monthly', start: '2026-01-29', due: '2026-01-31' })
  const february = finish(ann, 'report', '2026-01-31' as Day)
  expect(card(ann, february)).toMatchObject({ start: '2026-02-28', due: '2026-02-28' })
  const march = finish(ann, february ?? '', '2026-02-28' as Day)
  expect(card(ann, march)).toMatchObject({ start: '2026-03-29', due: '2026-03-31' })
  run(ann, [call('setDates', { card: march, due: '2026-04-30' })])
  const after = finish(ann, march ?? '', '2026-04-30' as Day)
  expect(card(ann, after)).toMatchObject({ start: '2026-04-29', due: '2026-05-30' })
})

test('a card of every workday skips the week of the national day and comes on the Saturday that makes up for it', () => {
  const days = (from: string, count: number) => {
    let day = from as Day
    return Array.from({ length: count }, () => (day = nextDay('workdays', day)))
  }
  expect(days('2025-09-26', 5)).toEqual(['2025-09-28', '2025-09-29', '2025-09-30', '2025-10-09', '2025-10-10'])
  expect(days('2025-10-10', 2)).toEqual(['2025-10-11', '2025-10-13'])
})

test('nothing follows a card that does not repeat, that goes elsewhere, or that was finished before', () => {
  const ann = weekly()
  const view = viewOf<Board>(ann)
  const report = view.cardsById.get('report')
  if (!report) throw new Error('no card')
  const order = () => 'a5'
  expect(nextCard(view, { ...report, repeat: null }, 'done', today, order)).toBeNull()
  expect(nextCard(view, report, 'todo', today, order)).toBeNull()
  expect(nextCard(view, { ...report, column: 'done' }, 'done', today, order)).toBeNull()
  const onlyDone = { ...view, columns: view.columns.filter(({ done }) => done) }
  expect(nextCard(onlyDone, report, 'done', today, order)).toBeNull()
})

test('however a card repeats and whenever it was due, the next due date lies ahead of both the old one and yesterday', () => {
  const days = fc
    .date({ min: new Date('2015-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10) as Day)
  const view = viewOf<Board>(weekly())
  const report = view.cardsById.get('report')
  if (!report) throw new Error('no card')
  fc.assert(
    fc.property(days, days, fc.constantFrom(...repeats), (due, on, repeat) => {
      const next = nextCard(view, { ...report, start: null, due, repeat }, 'done', on, () => 'a5')
      expect(next?.due && next.due > due && next.due >= on).toBe(true)
    }),
    { numRuns: 60 },
  )
})

test('the ids of a long row of next cards are all different and fit a card', () => {
  const ids = new Set<string>()
  for (let i = 0, id = 'report'; i < 500; i++) ids.add((id = nextCardId(id)))
  expect(ids.size).toBe(500)
  for (const id of ids) expect(id).toMatch(/^[0-9A-Za-z]{12}$/)
})
