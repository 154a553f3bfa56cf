import * as A from '@automerge/automerge'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AnyDoc } from '#lib/store/documents.ts'
import { board } from '#lib/kinds/board/index.ts'
import type { Board } from '#lib/kinds/board/schema.ts'
import { contestedIn, contestedSince, type ContestedField } from '#lib/store/contested.ts'
import { Touched } from '#lib/store/touched.ts'
import { applyUndo, planUndo } from '#lib/store/undo.ts'
import { createReplica, fork, mergeInto, run, viewOf, type Replica, type Written } from '#tests/support/kinds.ts'

const call = (mutation: string, args: Record<string, unknown>) => ({ mutation, args })
const cardsType = board.documents['cards']!

const shardsOf = (replica: Replica): AnyDoc[] =>
  [...replica.docs.values()].filter(({ type }) => type === 'cards').map(({ doc }) => doc as AnyDoc)

/** Every field of every card asked. */
const everyField = (doc: AnyDoc): ContestedField[] =>
  Object.keys(doc['cards'] as object).flatMap((card) =>
    contestedIn({ doc, type: cardsType, touched: new Touched() }, 'cards', card),
  )

/** The fields of all cards that are contested, with their values; the one that counts first. */
const contestedFields = (replica: Replica): Record<string, unknown[]> =>
  Object.fromEntries(
    shardsOf(replica)
      .flatMap(everyField)
      .map(({ path, values }) => [path.slice(1).join('.'), values.map(({ value }) => value)]),
  )

const TEXT = 'Ask for the lead time in writing'
const itemsOf = (replica: Replica) => viewOf<Board>(replica).cardsById.get('k1')?.checklist ?? []

function annAndBo(): [Replica, Replica] {
  const ann = createReplica(board, 'Ann')
  run(ann, board.fixtures.typical())
  return [ann, fork(ann, 'Bo')]
}
function meet(ann: Replica, bo: Replica): void {
  const boAlone = fork(bo, 'Bo')
  mergeInto(bo, ann)
  mergeInto(ann, boAlone)
}

test('Ann sets High while Bo sets Low: both devices name both values, the one that counts first', () => {
  const [ann, bo] = annAndBo()
  run(ann, [call('setPriority', { card: 'k2', priority: 'high' })])
  run(bo, [call('setPriority', { card: 'k2', priority: 'low' })])
  meet(ann, bo)
  const counts = viewOf<Board>(ann).cardsById.get('k2')?.priority
  const other = counts === 'high' ? 'low' : 'high'
  for (const replica of [ann, bo]) expect(contestedFields(replica)).toEqual({ 'k2.priority': [counts, other] })
})

test('whoever writes one of the two values settles it, also the one that counts already', () => {
  for (const chosen of ['high', 'low']) {
    const [ann, bo] = annAndBo()
    run(ann, [call('setPriority', { card: 'k2', priority: 'high' })])
    run(bo, [call('setPriority', { card: 'k2', priority: 'low' })])
    meet(ann, bo)
    run(bo, [call('setPriority', { card: 'k2', priority: chosen })])
    meet(ann, bo)
    for (const replica of [ann, bo]) {
      expect(contestedFields(replica)).toEqual({})
      expect(viewOf<Board>(replica).cardsById.get('k2')?.priority).toBe(chosen)
    }
  }
})

test('two people who write the same agree, and two who write different fields do not disagree', () => {
  const [ann, bo] = annAndBo()
  run(ann, [call('setPriority', { card: 'k2', priority: 'low' }), call('setDates', { card: 'k2', due: '2026-12-24' })])
  run(bo, [call('setPriority', { card: 'k2', priority: 'low' }), call('retitleCard', { card: 'k2', title: 'Freeze' })])
  meet(ann, bo)
  expect(contestedFields(ann)).toEqual({})
})

test('one card dragged by two people at once is one card, in one of the two columns, and says which two', () => {
  const [ann, bo] = annAndBo()
  run(ann, [call('moveCard', { card: 'k1', column: 'c1', order: 'a3' })])
  run(bo, [call('moveCard', { card: 'k1', column: 'c3', order: 'a2' })])
  meet(ann, bo)
  const { column } = viewOf<Board>(ann).cardsById.get('k1') ?? {}
  expect(viewOf(ann)).toEqual(viewOf(bo))
  expect(contestedFields(ann)['k1.column']).toEqual([column, column === 'c1' ? 'c3' : 'c1'])
})

test('of a cleared value, and of three people, all are named', () => {
  const [ann, bo] = annAndBo()
  const cai = fork(ann, 'Cai')
  run(ann, [call('setPriority', { card: 'k1', priority: null })])
  run(bo, [call('setPriority', { card: 'k1', priority: 'urgent' })])
  run(cai, [call('setPriority', { card: 'k1', priority: 'low' })])
  meet(ann, bo)
  meet(ann, cai)
  expect(new Set(contestedFields(ann)['k1.priority'])).toEqual(new Set([null, 'urgent', 'low']))
})

test('an item of the checklist that Ann and Bo each write in their way is named with both texts, until one is written', () => {
  const [ann, bo] = annAndBo()
  const write = (replica: Replica, text: string) =>
    run(replica, [call('editChecklistItem', { card: 'k1', item: 'i2', text })])
  write(ann, 'Ask by letter')
  write(bo, 'Ask by telephone')
  meet(ann, bo)
  const counts = itemsOf(ann).find(({ id }) => id === 'i2')?.text
  const other = counts === 'Ask by letter' ? 'Ask by telephone' : 'Ask by letter'
  for (const replica of [ann, bo]) expect(contestedFields(replica)).toEqual({ 'k1.checklist.i2.text': [counts, other] })
  write(bo, counts ?? '')
  meet(ann, bo)
  for (const replica of [ann, bo]) expect(contestedFields(replica)).toEqual({})
})

const removed = call('removeChecklistItem', { card: 'k1', item: 'i2' })
const restored = call('restoreChecklistItem', { card: 'k1', item: 'i2' })
test.each([
  ['ticks', [call('tickChecklistItem', { card: 'k1', item: 'i2', done: true })], { text: TEXT, done: true }],
  ['rewrites', [call('editChecklistItem', { card: 'k1', item: 'i2', text: 'Ask' })], { text: 'Ask', done: false }],
] as const)(
  'an item that Bo %s while Ann removes it: both are told, and it stays removed or comes back as he left it',
  (_, his, made) => {
    for (const decision of [removed, restored]) {
      const [ann, bo] = annAndBo()
      run(ann, [removed])
      run(bo, [...his])
      meet(ann, bo)
      for (const replica of [ann, bo])
        expect(contestedFields(replica)).toEqual({ 'k1.checklist.i2.removed': [true, made] })
      run(ann, [decision])
      meet(ann, bo)
      for (const replica of [ann, bo]) {
        expect(contestedFields(replica)).toEqual({})
        expect(itemsOf(replica).filter(({ id }) => id === 'i2')).toMatchObject(decision === removed ? [] : [made])
      }
    }
  },
)

test('an item that Ann removes while Bo and Cai each rewrite it: the text of each is named', () => {
  const [ann, bo] = annAndBo()
  const cai = fork(ann, 'Cai')
  const write = (replica: Replica, text: string) =>
    run(replica, [call('editChecklistItem', { card: 'k1', item: 'i2', text })])
  run(ann, [removed])
  write(bo, 'Ask by letter')
  write(cai, 'Ask by telephone')
  meet(ann, bo)
  meet(ann, cai)
  const [field] = shardsOf(ann).flatMap(everyField)
  expect(field?.path.slice(1)).toEqual(['k1', 'checklist', 'i2', 'removed'])
  const [first, ...others] = field?.values ?? []
  expect(first?.value).toBe(true)
  expect(new Set(others.map(({ value }) => value))).toEqual(
    new Set([
      { text: 'Ask by letter', done: false },
      { text: 'Ask by telephone', done: false },
    ]),
  )
  expect(new Set(field?.values.map(({ actor }) => actor)).size).toBe(3)
  // Bo’s text is chosen: nothing is left to choose between.
  run(ann, [restored])
  write(ann, 'Ask by letter')
  meet(ann, cai)
  for (const replica of [ann, cai]) {
    expect(contestedFields(replica)).toEqual({})
    expect(itemsOf(replica).find(({ id }) => id === 'i2')?.text).toBe('Ask by letter')
  }
})

test('who removes an item knowing what was done to it is asked nothing, nor who ticks and removes it in one go', () => {
  const [ann, bo] = annAndBo()
  const ticked = call('tickChecklistItem', { card: 'k1', item: 'i2', done: true })
  run(bo, [ticked])
  meet(ann, bo)
  run(ann, [removed])
  run(bo, [call('tickChecklistItem', { card: 'k1', item: 'i1', done: false })])
  meet(ann, bo)
  expect(contestedFields(ann)).toEqual({})
  run(bo, [restored, call('tickChecklistItem', { card: 'k1', item: 'i2', done: false }), removed])
  meet(ann, bo)
  expect(contestedFields(ann)).toEqual({})
})

const archived = call('archiveCard', { card: 'k1' })
const brought = call('restoreCard', { card: 'k1' })
test.each([
  ['renames', [call('retitleCard', { card: 'k1', title: 'Ask' })], { title: 'Ask' }],
  ['moves', [call('moveCard', { card: 'k1', column: 'c2', order: 'a5' })], { column: 'c2' }],
  ['dates', [call('setDates', { card: 'k1', due: null })], { due: null }],
  ['labels', [call('setLabel', { card: 'k1', label: 'l2', on: true })], { labels: { l1: true, l2: true } }],
  [
    'ticks an item of',
    [call('tickChecklistItem', { card: 'k1', item: 'i2', done: true })],
    { checklist: { i2: { text: TEXT, order: 'a2', done: true, removed: false } } },
  ],
  [
    'adds an item to',
    [call('addChecklistItem', { card: 'k1', item: 'i9', text: 'Sand', order: 'a9' })],
    { checklist: { i9: { text: 'Sand', order: 'a9', done: false, removed: false } } },
  ],
  [
    'renames and estimates',
    [call('retitleCard', { card: 'k1', title: 'Ask' }), call('setEstimate', { card: 'k1', estimate: 3 })],
    { title: 'Ask', estimate: 3 },
  ],
] as const)(
  'a card that Bo %s while Ann archives it: both are told what he wrote, and it stays archived or comes back with that',
  (_, his, made) => {
    for (const decision of [archived, brought]) {
      const [ann, bo] = annAndBo()
      run(ann, [archived])
      run(bo, [...his])
      meet(ann, bo)
      for (const replica of [ann, bo]) {
        expect(contestedFields(replica)).toEqual({ 'k1.archived': [true, made] })
        expect(viewOf<Board>(replica).cardsById.get('k1')?.archived).toBe(true)
      }
      run(bo, [decision])
      meet(ann, bo)
      for (const replica of [ann, bo]) {
        expect(contestedFields(replica)).toEqual({})
        expect(viewOf<Board>(replica).cardsById.get('k1')?.archived).toBe(decision === archived)
      }
      expect(viewOf(ann)).toEqual(viewOf(bo))
    }
  },
)

test('a card that Ann archives while Bo and Cai each rename it: what each wrote is named, by whom', () => {
  const [ann, bo] = annAndBo()
  const cai = fork(ann, 'Cai')
  run(ann, [archived])
  run(bo, [call('retitleCard', { card: 'k1', title: 'Ask by letter' })])
  run(cai, [call('retitleCard', { card: 'k1', title: 'Ask by telephone' })])
  meet(ann, bo)
  meet(ann, cai)
  meet(ann, bo)
  for (const replica of [ann, bo, cai]) {
    const field = shardsOf(replica)
      .flatMap(everyField)
      .find(({ path }) => path[2] === 'archived')
    expect(field?.values.map(({ value, actor }) => [Buffer.from(actor, 'hex').toString().slice(0, 3), value])).toEqual([
      ['Ann', true],
      ['Bo.', { title: 'Ask by letter' }],
      ['Cai', { title: 'Ask by telephone' }],
    ])
  }
})

test('a card that Ann dates and archives while Bo takes the date away: what he meant is named beside it', () => {
  const [ann, bo] = annAndBo()
  run(ann, [call('setDates', { card: 'k1', due: '2026-12-24' }), archived])
  run(bo, [call('setDates', { card: 'k1', due: null })])
  meet(ann, bo)
  for (const replica of [ann, bo]) {
    const fields = contestedFields(replica)
    expect(Object.keys(fields).sort()).toEqual(['k1.archived', 'k1.due'])
    expect(fields['k1.archived']).toEqual([true, { due: null }])
  }
})

test('of an archived card nobody is asked who knew: Ann of what Bo had written, Bo of the archive, nor where only its place changed', () => {
  const [ann, bo] = annAndBo()
  run(bo, [call('retitleCard', { card: 'k1', title: 'Ask' })])
  meet(ann, bo)
  run(ann, [call('setPriority', { card: 'k1', priority: 'low' }), archived])
  run(bo, [call('respaceCard', { card: 'k1', order: 'a7' }), call('setPriority', { card: 'k2', priority: 'low' })])
  meet(ann, bo)
  for (const replica of [ann, bo]) expect(contestedFields(replica)).toEqual({})
  run(bo, [call('retitleCard', { card: 'k1', title: 'Ask three' })])
  meet(ann, bo)
  for (const replica of [ann, bo]) expect(contestedFields(replica)).toEqual({})
})

test('a card that Ann archives again while Bo, knowing it archived, brings it back is told as one in both places', () => {
  const [ann, bo] = annAndBo()
  run(ann, [archived])
  meet(ann, bo)
  run(bo, [brought, call('retitleCard', { card: 'k1', title: 'Ask' })])
  run(ann, [brought, archived])
  meet(ann, bo)
  for (const replica of [ann, bo]) {
    const fields = contestedFields(replica)
    expect(Object.keys(fields)).toEqual(['k1.archived'])
    const kept = viewOf<Board>(replica).cardsById.get('k1')?.archived
    expect(fields['k1.archived']).toEqual([kept, !kept])
  }
})

const item = fc.constantFrom('i1', 'i2')
const onItem = fc.oneof(
  fc.record({ item, done: fc.boolean() }).map((args) => ({ mutation: 'tickChecklistItem', args })),
  fc.record({ item, text: fc.constantFrom('Ask', 'Write') }).map((args) => ({ mutation: 'editChecklistItem', args })),
  fc.record({ item }).map((args) => ({ mutation: 'removeChecklistItem', args })),
  fc.record({ item }).map((args) => ({ mutation: 'restoreChecklistItem', args })),
)
const step = fc.oneof(
  fc.record({ who: fc.nat(2), onItem }),
  fc.record({
    who: fc.nat(2),
    card: fc.constantFrom('k1', 'k2', 'k3'),
    priority: fc.constantFrom('high', 'low', 'urgent', null),
  }),
  fc.record({ who: fc.nat(2), onCard: fc.constantFrom('archiveCard', 'restoreCard') }),
  fc.record({ who: fc.nat(2), hears: fc.nat(2) }),
  fc.record({ takesBack: fc.nat(2) }),
  fc.constant('looked' as const),
)

function takeBack(replica: Replica, written: readonly Written[]): Written[] {
  return written.flatMap(({ doc: id, type, hashes }) => {
    const member = replica.docs.get(id)!
    const { writes } = planUndo(member.doc, hashes, board.documents[type])
    const before = A.getHeads(member.doc)
    member.doc = A.change(member.doc, { message: 'undo:any g' }, (draft) => applyUndo(draft, writes))
    const made = A.getHeads(member.doc).filter((head) => !before.includes(head))
    return made.length > 0 ? [{ doc: id, type, hashes: made }] : []
  })
}

test('what is found from an earlier state on is what a look at every field finds, whoever heard of whom when', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const [ann, bo] = annAndBo()
      const three = [ann, bo, fork(ann, 'Cai')]
      const touched = new Touched()
      const sorted = (fields: readonly ContestedField[]) => new Map(fields.map((field) => [field.path.join(), field]))
      let looks: { heads: string[]; fields: ContestedField[] }[] = []
      const look = (): void => {
        looks = shardsOf(ann).map((doc, at) => {
          const fields = contestedSince(doc, cardsType, touched, looks[at])
          expect(sorted(fields)).toEqual(sorted(everyField(doc)))
          // Nor does it need an earlier state.
          expect(sorted(contestedSince(doc, cardsType, touched, undefined))).toEqual(sorted(fields))
          return { heads: A.getHeads(doc), fields }
        })
      }
      const done = new Map<number, Written[]>()
      const does = (who: number, mutation: string, args: Record<string, unknown>) =>
        done.set(who, run(three[who]!, [call(mutation, args)]))
      for (const next of steps) {
        if (next === 'looked') look()
        else if ('onItem' in next) does(next.who, next.onItem.mutation, { card: 'k1', ...next.onItem.args })
        else if ('onCard' in next) does(next.who, next.onCard, { card: 'k1' })
        else if ('card' in next) does(next.who, 'setPriority', { card: next.card, priority: next.priority })
        // What was taken back last is done again.
        else if ('takesBack' in next) {
          const { takesBack: who } = next
          done.set(who, takeBack(three[who]!, done.get(who) ?? []))
        } else if (next.who !== next.hears) mergeInto(three[next.who]!, three[next.hears]!)
      }
      for (const other of three.slice(1)) mergeInto(ann, other)
      look()
    }),
    { numRuns: 60, seed: 26 },
  )
})

test('of a card that is two Ann puts the one away and Bo the other at once: both are asked about either, for each meant the other to stay', () => {
  const [ann, bo] = annAndBo()
  const keepOne = (replica: Replica, kept: string, away: string) =>
    run(replica, [call('restoreCard', { card: kept }), call('archiveCard', { card: away })])
  keepOne(ann, 'k2', 'k1')
  keepOne(bo, 'k1', 'k2')
  meet(ann, bo)
  for (const replica of [ann, bo]) {
    const { 'k1.archived': one, 'k2.archived': other } = contestedFields(replica)
    expect([new Set(one), new Set(other)]).toEqual([new Set([true, false]), new Set([true, false])])
  }
  // Said by one alone it is no question.
  const [cy, di] = annAndBo()
  keepOne(cy, 'k2', 'k1')
  meet(cy, di)
  for (const replica of [cy, di]) expect(contestedFields(replica)).toEqual({})
})
