import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Day, Instant } from '#lib/kernel/instants.ts'
import { cardLanes, laneIds, laneMove, lanesOf, takenOff, type LaneChange } from '#lib/kinds/board/lanes.ts'
import type { Card, Column, Label } from '#lib/kinds/board/schema.ts'
import { SortedCards } from '#lib/kinds/board/sort-cards.ts'
import { fieldsInView, tableLayout } from '#lib/kinds/board/ui/table-fields.ts'
import type { ViewContent } from '#lib/kinds/board/view-content.ts'
import { viewStanding } from '#lib/kinds/board/view-standing.ts'
import { card } from '#tests/support/board-card.ts'

const column = (id: string): Column => ({
  id,
  title: id,
  order: 'a1',
  color: null,
  done: false,
  limit: null,
  archived: false,
})
const label = (id: string): Label => ({ id, name: id, color: 'red', removed: false, into: null, archived: false })

describe('sorting the table (P13)', () => {
  const facts = {
    columns: [column('todo'), column('doing')],
    personName: (id: string) => id,
  }
  const sorted = (cards: Card[], by: ViewContent['sort']['by'], down = false) =>
    new SortedCards().of(cards, { by, down }, facts).map(({ id }) => id)

  test('follows the board at first: columns in their order, cards in theirs', () => {
    const cards = [card('c', { column: 'doing' }), card('b', { order: 'a2' }), card('a')]
    expect(sorted(cards, 'place')).toEqual(['a', 'b', 'c'])
    expect(sorted(cards, 'place', true)).toEqual(['c', 'b', 'a'])
  })
  test('puts what has no date last both ways, and the board decides between equals', () => {
    const cards = [
      card('none'),
      card('late', { due: '2026-12-02' as Day }),
      card('soon-2', { due: '2026-12-01' as Day, order: 'a3' }),
      card('soon-1', { due: '2026-12-01' as Day, order: 'a2' }),
    ]
    expect(sorted(cards, 'due')).toEqual(['soon-1', 'soon-2', 'late', 'none'])
    expect(sorted(cards, 'due', true)).toEqual(['late', 'soon-1', 'soon-2', 'none'])
    const begins = cards.map((one) => ({ ...one, start: one.due, due: null }))
    expect(sorted(begins, 'start')).toEqual(['soon-1', 'soon-2', 'late', 'none'])
  })
  test('knows that urgent comes before low, and an estimate of 0 before one of 10', () => {
    const cards = [card('low', { priority: 'low', estimate: 10 }), card('urgent', { priority: 'urgent', estimate: 0 })]
    expect(sorted(cards, 'priority')).toEqual(['urgent', 'low'])
    expect(sorted(cards, 'estimate')).toEqual(['urgent', 'low'])
  })
  test('sorts Chinese titles by their sound', () => {
    expect(sorted([card('张'), card('阿'), card('李')], 'title')).toEqual(['阿', '李', '张'])
  })
  test('sorts numbered titles as people count', () => {
    expect(sorted([card('11'), card('2'), card('10'), card('1')], 'title')).toEqual(['1', '2', '10', '11'])
  })
})

describe('the table keeps its order from one moment to the next', () => {
  const columns = [column('todo'), column('doing')]
  const fields = ['place', 'title', 'due', 'priority', 'estimate', 'created', 'assignee', 'column'] as const
  const someCard = (id: string) =>
    fc
      .record({
        title: fc.constantFrom('10', '2', 'b', '张', '李', ''),
        column: fc.constantFrom('todo', 'doing', 'gone'),
        order: fc.constantFrom('a1', 'a2', 'a3'),
        due: fc.constantFrom(null, '2026-12-01' as Day, '2026-12-02' as Day),
        priority: fc.constantFrom(null, 'urgent' as const, 'low' as const),
        estimate: fc.constantFrom(null, 0, 3, 12),
        createdAt: fc.constantFrom(1 as Instant, 2 as Instant),
        assignees: fc.constantFrom<string[]>([], ['bo'], ['anna', 'bo']),
      })
      .map((fieldsOfIt) => card(id, fieldsOfIt))
  const someCards = fc
    .uniqueArray(fc.nat({ max: 30 }), { maxLength: 30 })
    .chain((ids) => fc.tuple(...ids.map((id) => someCard(`c${id}`))))
  const sort = fc.record({ by: fc.constantFrom(...fields), down: fc.boolean() })
  const facts = fc.record({
    columns: fc.constantFrom(columns, [...columns].reverse()),
    bo: fc.constantFrom('Bo', 'Abo'),
  })
  const asFacts = ({ columns, bo }: { columns: Column[]; bo: string }) => ({
    columns,
    personName: (id: string) => (id === 'bo' ? bo : id),
  })

  test('as if it were sorted from nothing, whatever came, went, changed or was renamed', () => {
    const moment = fc.record({ cards: someCards, sort, facts })
    fc.assert(
      fc.property(fc.array(moment, { minLength: 1, maxLength: 6 }), fc.nat(5), (moments, again) => {
        const kept = new SortedCards()
        let before: readonly Card[] = []
        for (const [at, { cards: now, sort, facts }] of moments.entries()) {
          // Half of the cards are the same objects as before.
          const cards =
            at % 6 === again
              ? [...before]
              : now.map((one, index) => before.find(({ id }) => id === one.id && index % 2 === 0) ?? one)
          const told = asFacts(facts)
          const fresh = new SortedCards().of(cards, sort, told)
          expect(kept.of(cards, sort, told)).toEqual(fresh)
          expect(kept.of([...cards], sort, told)).toBe(kept.of(cards, sort, told))
          before = cards
        }
      }),
    )
  })
  test('in steps it is the same, also of thousands and when something changes in between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('1', '2', '10', 'b', '张', '李'), { minLength: 1_200, maxLength: 1_700 }),
        sort,
        (titles, sort) => {
          const cards = titles.map((title, index) => card(`c${index}`, { title, column: index % 3 ? 'todo' : 'doing' }))
          const told = asFacts({ columns, bo: 'Bo' })
          const kept = new SortedCards()
          let steps = 0
          for (const _ of kept.inSteps(cards, sort, told)) steps += 1
          expect(steps).toBeGreaterThan(3)
          const fresh = new SortedCards().of(cards, sort, told)
          expect(kept.of(cards, sort, told)).toEqual(fresh)
          const later = [...cards.slice(1), card('new', { title: '5' })]
          expect(kept.of(later, sort, told)).toEqual(new SortedCards().of(later, sort, told))
        },
      ),
      { numRuns: 10 },
    )
  })
  test('on a phone the fields in view are drawn, and one beside them; at a desk all', () => {
    const phone = tableLayout(true)
    expect(fieldsInView(phone, 0, 360)).toEqual([0, 1, 2, 3])
    expect(fieldsInView(phone, 300, 360)).toEqual([0, 2, 3, 4, 5, 6])
    expect(fieldsInView(phone, phone.width - 360, 360)).toEqual([0, 7, 8, 9])
    expect(fieldsInView(tableLayout(false), 0, 1440)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})

describe('groups of cards', () => {
  const facts = {
    people: [
      { id: 'anna', name: 'Anna', departments: ['sales', 'rd'] },
      { id: 'bo', name: 'Bo', departments: ['rd'] },
    ],
    departments: [
      { id: 'rd', name: 'R&D' },
      { id: 'sales', name: 'Sales' },
    ],
    labels: [label('red'), label('blue')],
  }
  const lanes = (cards: Card[], group: ViewContent['group']) =>
    lanesOf(cards, group, facts).map(({ id, cards: list }) => [id, list.map((one) => one.id)])

  test('a card of Anna and Bo shows with both, one of nobody at the end', () => {
    const cards = [card('none'), card('both', { assignees: ['bo', 'anna'] }), card('bos', { assignees: ['bo'] })]
    expect(lanes(cards, 'assignee')).toEqual([
      ['anna', ['both']],
      ['bo', ['both', 'bos']],
      ['', ['none']],
    ])
    expect(lanes(cards, 'department')).toEqual([
      ['rd', ['both', 'bos']],
      ['sales', ['both']],
      ['', ['none']],
    ])
  })
  test('a card of somebody or of a label that is gone is not lost', () => {
    expect(lanes([card('a', { assignees: ['left'], labels: ['gone'] })], 'assignee')).toEqual([['', ['a']]])
    expect(lanes([card('a', { assignees: ['left'], labels: ['gone'] })], 'label')).toEqual([['', ['a']]])
  })
})

describe('from lane to lane', () => {
  const facts = {
    people: [
      { id: 'anna', name: 'Anna', departments: ['sales', 'rd'] },
      { id: 'bo', name: 'Bo', departments: ['rd'] },
      { id: 'chen', name: 'Chen', departments: ['finance'] },
    ],
    departments: [
      { id: 'rd', name: 'R&D' },
      { id: 'sales', name: 'Sales' },
      { id: 'finance', name: 'Finance' },
      { id: 'legal', name: 'Legal' },
    ],
    labels: [label('red'), label('blue')],
  }
  const both = card('both', { assignees: ['anna', 'bo'], labels: ['red'], priority: 'low' })
  const changes = (group: ViewContent['group'], from: string, to: string) =>
    laneMove(both, group, from, to, facts).changes

  test('a card leaves the one and joins the other, and who else has it keeps it', () => {
    expect(changes('assignee', 'bo', 'chen')).toEqual([
      { field: 'assignee', person: 'bo', on: false },
      { field: 'assignee', person: 'chen', on: true },
    ])
    expect(changes('assignee', 'bo', 'anna')).toEqual([{ field: 'assignee', person: 'bo', on: false }])
    expect(changes('label', 'red', 'blue')).toEqual([
      { field: 'label', label: 'red', on: false },
      { field: 'label', label: 'blue', on: true },
    ])
    expect(changes('priority', 'low', 'urgent')).toEqual([{ field: 'priority', priority: 'urgent' }])
    expect(changes('assignee', 'bo', 'bo')).toEqual([])
  })
  test('in the lane of none it has none left', () => {
    expect(changes('assignee', 'bo', '')).toHaveLength(2)
    expect(changes('label', 'red', '')).toEqual([{ field: 'label', label: 'red', on: false }])
    expect(changes('priority', 'low', '')).toEqual([{ field: 'priority', priority: null }])
  })
  test('where others are taken off beside the person whose lane it leaves all of them are named', () => {
    const off = (group: ViewContent['group'], from: string, to: string) => takenOff(changes(group, from, to), from)
    expect(off('department', 'sales', '')).toEqual(['anna', 'bo'])
    expect(off('department', 'rd', 'sales')).toEqual(['bo'])
    expect(off('assignee', 'anna', '')).toEqual(['anna', 'bo'])
    expect(off('assignee', 'bo', '')).toEqual(['anna', 'bo'])
    expect(off('assignee', 'anna', 'chen')).toEqual([])
    expect(off('label', 'red', '')).toEqual([])
  })
  test('a department is joined by its only person, else somebody says who; nobody there is said, too', () => {
    expect(laneMove(both, 'department', 'rd', 'finance', facts)).toEqual({
      changes: [
        { field: 'assignee', person: 'anna', on: false },
        { field: 'assignee', person: 'bo', on: false },
        { field: 'assignee', person: 'chen', on: true },
      ],
    })
    const alone = card('alone', { assignees: ['chen'] })
    expect(laneMove(alone, 'department', 'finance', 'rd', facts)).toEqual({
      whoOf: 'rd',
      choices: ['anna', 'bo'],
      changes: [{ field: 'assignee', person: 'chen', on: false }],
    })
    expect(laneMove(alone, 'department', 'finance', 'legal', facts)).toMatchObject({ choices: [] })
  })

  test('nothing goes into the lane of somebody who was removed, also where the card is theirs already; out of it all do', () => {
    const people = facts.people.map((one) => ({ ...one, removed: one.id === 'bo' }))
    const move = (...[fields, from, to]: [Partial<Card>, string, string]) =>
      laneMove(card('it', fields), 'assignee', from, to, { ...facts, people })
    expect(move({ assignees: ['anna'] }, 'anna', 'bo')).toEqual({ ofRemoved: 'bo', changes: [] })
    expect(move({ assignees: ['anna', 'bo'] }, 'anna', 'bo')).toEqual({ ofRemoved: 'bo', changes: [] })
    expect(move({}, '', 'bo')).toEqual({ ofRemoved: 'bo', changes: [] })
    expect(move({ assignees: ['bo'] }, 'bo', 'bo')).toEqual({ changes: [] })
    expect(move({ assignees: ['bo'] }, 'bo', 'chen')).toEqual({
      changes: [
        { field: 'assignee', person: 'bo', on: false },
        { field: 'assignee', person: 'chen', on: true },
      ],
    })
    expect(move({ assignees: ['bo'] }, 'bo', '')).toEqual({ changes: [{ field: 'assignee', person: 'bo', on: false }] })
  })

  test('after any move the card is in the lane, out of the one that it left, and in no lane that it was not in', () => {
    const ids = { assignee: ['anna', 'bo', 'chen', ''], label: ['red', 'blue', ''], priority: ['urgent', 'low', ''] }
    const moves = fc
      .constantFrom('assignee', 'label', 'priority' as const)
      .chain((group) => fc.record({ group: fc.constant(group), from: fc.nat(9), to: fc.constantFrom(...ids[group]) }))
    const some = (all: readonly string[]) => fc.subarray([...all])
    const cards = fc.record({ assignees: some(['anna', 'bo', 'chen']), labels: some(['red', 'blue']) })
    fc.assert(
      fc.property(cards, fc.constantFrom('urgent', 'low', null), moves, (fields, priority, { group, from, to }) => {
        const before = card('it', { ...fields, priority })
        const lanesOfCard = cardLanes(group, facts)
        const was = lanesOfCard(before)
        const left = was[from % was.length] ?? ''
        const after = changed(before, laneMove(before, group, left, to, facts).changes)
        const is = lanesOfCard(after)
        expect(is).toEqual(laneIds(group, facts).filter((id) => is.includes(id)))
        expect(is).toContain(to)
        if (left !== to) expect(is).not.toContain(left)
        expect(is.filter((id) => id !== to && !was.includes(id))).toEqual([])
      }),
    )
  })

  function changed(before: Card, list: readonly LaneChange[]): Card {
    const after = { ...before }
    const put = (ids: string[], id: string, on: boolean) => [...ids.filter((one) => one !== id), ...(on ? [id] : [])]
    for (const change of list) {
      if (change.field === 'assignee') after.assignees = put(after.assignees, change.person, change.on)
      else if (change.field === 'label') after.labels = put(after.labels, change.label, change.on)
      else after.priority = change.priority
    }
    return after
  }
})

describe('a saved view that Ann saves anew while Bo has it before him (P12)', () => {
  const [before, after, own] = ['{"group":"none"}', '{"group":"label"}', '{"group":"priority"}']
  test.each([
    ['Bo, who changed nothing, sees hers', { began: before, saved: after, shown: before }, 'theirs'],
    ['Bo, who changed it too, is asked', { began: before, saved: after, shown: own }, 'apart'],
    ['Bo, who changed it alike, sees the same', { began: before, saved: after, shown: after }, 'same'],
    ['Bo’s change alone is his', { began: before, saved: before, shown: own }, 'mine'],
    ['what a window kept from before says nothing of others', { began: null, saved: before, shown: own }, 'mine'],
  ] as const)('%s', (_, texts, standing) => {
    expect(viewStanding(texts)).toBe(standing)
  })
})
