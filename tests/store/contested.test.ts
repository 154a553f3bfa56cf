import * as A from '@automerge/automerge'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AnyDoc } from '#lib/store/documents.ts'
import { en } from '#lib/i18n/en.ts'
import type { Conflict, MutationCall } from '#lib/kernel/define-kind.ts'
import { toId, type DocId } from '#lib/kernel/ids.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { board } from '#lib/kinds/board/index.ts'
import type { Board, Card } from '#lib/kinds/board/schema.ts'
import type { Words } from '#lib/kinds/board/ui/change-words.ts'
import { contestedOnCard } from '#lib/kinds/board/ui/contested-on-card.ts'
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

test('a card that Ann and Bo archive apart is named with both, whoever wrote in it at once, until one says so again; an item that both remove is not', () => {
  const [ann, bo] = annAndBo()
  const cai = fork(ann, 'Cai')
  run(ann, [call('removeChecklistItem', { card: 'k1', item: 'i1' }), archived])
  run(bo, [call('removeChecklistItem', { card: 'k1', item: 'i1' }), archived])
  run(cai, [call('retitleCard', { card: 'k1', title: 'Ask by telephone' })])
  const told = (replica: Replica) =>
    shardsOf(replica)
      .flatMap(everyField)
      .map(({ path, values }) => [
        path.slice(1).join('.'),
        ...values.flatMap(({ value, actor, knownBy }) =>
          knownBy ? [] : [[Buffer.from(actor, 'hex').toString().slice(0, 3), value]],
        ),
      ])
  meet(ann, bo)
  const both = told(ann)
  expect(both).toEqual([['k1.archived', expect.anything(), expect.anything()]])
  expect(both[0]?.slice(1)).toEqual(
    expect.arrayContaining([
      ['Ann', true],
      ['Bo.', true],
    ]),
  )
  expect(told(bo)).toEqual(both)
  meet(ann, cai)
  expect(told(ann)).toEqual([[...(both[0] ?? []), ['Cai', { title: 'Ask by telephone' }]]])
  run(ann, [archived])
  meet(ann, bo)
  for (const replica of [ann, bo]) expect(told(replica)).toEqual([])
})

test('what Bo writes in a card before he archives it is named with him, as Ann did not know of it who archives it apart', () => {
  const [ann, bo] = annAndBo()
  run(ann, [archived])
  run(bo, [call('retitleCard', { card: 'k1', title: 'Ask by letter' })])
  run(bo, [archived])
  meet(ann, bo)
  for (const replica of [ann, bo]) {
    const [field, ...others] = shardsOf(replica).flatMap(everyField)
    expect(others).toEqual([])
    const [first, second, his] = field?.values ?? []
    expect([first?.value, second?.value]).toEqual([true, true])
    const [bos] = [first, second].filter((one) => one && Buffer.from(one.actor, 'hex').toString().startsWith('Bo.'))
    expect(his).toEqual({ value: { title: 'Ask by letter' }, actor: bos?.actor, knownBy: [bos?.actor] })
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

function takeBack(replica: Replica, written: readonly Written[], way: 'undo' | 'redo' = 'undo'): Written[] {
  return written.flatMap(({ doc: id, type, hashes }) => {
    const member = replica.docs.get(id)!
    const { writes } = planUndo(member.doc, hashes, board.documents[type])
    const before = A.getHeads(member.doc)
    member.doc = A.change(member.doc, { message: `${way}:any g` }, (draft) => applyUndo(draft, writes))
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

test('a choice about a card that undo has put away, and away again after redo, is to be made again where it is taken back, however often', () => {
  const [ann, bo] = annAndBo()
  const added = run(ann, [call('addCard', { card: 'k9', title: 'Rope', column: 'c1', order: 'a9' })])
  const back = takeBack(ann, takeBack(ann, added), 'redo')
  meet(ann, bo)
  takeBack(ann, back)
  run(bo, [call('retitleCard', { card: 'k9', title: 'Rope of Bo' })])
  meet(ann, bo)
  const told = () => [ann, bo].map((replica) => contestedFields(replica)['k9.archived'])
  const before = told()
  expect(before).toEqual(Array(2).fill([true, { title: 'Rope of Bo' }]))
  for (let time = 0; time < 3; time++) {
    const chosen = run(time % 2 ? bo : ann, [call('archiveCard', { card: 'k9' })])
    meet(ann, bo)
    expect(told()).toEqual([undefined, undefined])
    takeBack(time % 2 ? bo : ann, chosen)
    meet(ann, bo)
    expect(told()).toEqual(before)
  }
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

const words: Words = {
  t: en,
  locale: 'en',
  today: '2026-11-27' as Day,
  board: viewOf<Board>(createReplica(board, 'Nobody')),
  personName: () => 'Bo',
  departmentName: () => '',
  whereNow: () => [],
  moversOf: () => [],
  waysFrom: () => [],
  boardTitle: () => null,
}
const next = {
  ...{ card: 'n1', title: 'Report', column: 'c1', order: 'a9', start: null, due: '2026-12-31', repeat: 'monthly' },
  ...{ priority: 'low', labels: ['l1'], assignees: ['a1'.repeat(16)], estimate: 2, blockedBy: [] },
  checklist: [
    { item: 'collect', text: 'Collect', order: 'a1' },
    { item: 'send', text: 'Send', order: 'a2' },
  ],
}
/** Ann and Bo finish a card that repeats, apart: each begins the next one. */
function nextBegunTwice(): [Replica, Replica] {
  const [ann, bo] = annAndBo()
  for (const replica of [ann, bo]) run(replica, [call('addCard', next)])
  return [ann, bo]
}
const nextIn = (replica: Replica) => viewOf<Board>(replica).cardsById.get('n1')!
/** What is told of the next card, by field. */
const toldOfNext = (replica: Replica): Record<string, Conflict> =>
  Object.fromEntries(
    shardsOf(replica)
      .flatMap(everyField)
      .filter(({ path: [, card], values }) => card === 'n1' && values.length > 0)
      .map(({ path, values }) => [
        path.slice(2).join('.'),
        { doc: toId<DocId>('1'.repeat(32)), path, values: values.map(({ value }) => ({ value, by: null })) },
      ]),
  )

const lin = 'b2'.repeat(16)
const one = { card: 'n1' }
test.each([
  ['title', [call('retitleCard', { ...one, title: 'Sales' })], [call('retitleCard', { ...one, title: 'Stock' })]],
  ['column', [call('moveCard', { ...one, column: 'c2', order: 'a1' })], []],
  ['due', [call('setDates', { ...one, due: '2027-01-15' })], []],
  ['start', [call('setDates', { ...one, start: '2026-12-01' })], [call('setDates', { ...one, start: '2026-12-02' })]],
  ['priority', [call('setPriority', { ...one, priority: 'urgent' })], []],
  ['estimate', [call('setEstimate', { ...one, estimate: 8 })], []],
  ['repeat', [call('setRepeat', { ...one, repeat: 'weekly' })], []],
  ['archived', [call('archiveCard', one)], [call('retitleCard', { ...one, title: 'Report' })]],
  [
    'assignees',
    [call('setAssignee', { ...one, person: lin, on: true })],
    [call('setAssignee', { ...one, person: 'a1'.repeat(16), on: false })],
  ],
  [
    'labels',
    [call('setLabel', { ...one, label: 'l2', on: true })],
    [call('setLabel', { ...one, label: 'l1', on: false })],
  ],
  ['blockedBy', [call('setBlockedBy', { ...one, by: 'k2', on: true })], []],
  [
    'checklist',
    [
      call('addChecklistItem', { ...one, item: 'sign', text: 'Sign', order: 'a3' }),
      call('removeChecklistItem', { ...one, item: 'send' }),
    ],
    [
      call('tickChecklistItem', { ...one, item: 'collect', done: true }),
      call('editChecklistItem', { ...one, item: 'send', text: 'Send by letter' }),
      call('addChecklistItem', { ...one, item: 'file', text: 'File', order: 'a4' }),
    ],
  ],
] as [string, MutationCall[], MutationCall[]][])(
  'the next card of one that Ann and Bo finished apart is one card, and of its %s both are told what each meant, whoever chooses which',
  (field, hers, his) => {
    for (const chooser of [0, 1])
      for (const which of [0, 1]) {
        const [ann, bo] = nextBegunTwice()
        run(ann, hers)
        run(bo, his)
        const meant = [nextIn(ann), nextIn(bo)]
        meet(ann, bo)
        expect(Object.keys(toldOfNext(ann))).toEqual([field])
        expect(toldOfNext(bo)).toEqual(toldOfNext(ann))
        const [chosen] = [ann, bo].splice(chooser, 1) as [Replica]
        const place = contestedOnCard(nextIn(chosen), toldOfNext(chosen)[field]!, words)!
        const [shown, hidden] = [place.values[0]!.value, place.values[1]!.value]
        expect(place.values).toHaveLength(2)
        const shownCard = nextIn(ann)
        run(chosen, place.keep(which === 0 ? shown : hidden))
        meet(ann, bo)
        for (const replica of [ann, bo]) expect(toldOfNext(replica)).toEqual({})
        expect(nextIn(ann)).toEqual(nextIn(bo))
        const other = meant.find((card) => JSON.stringify(card) !== JSON.stringify(shownCard))!
        const kept = which === 0 ? shownCard : other
        expect(nextIn(ann)[field as keyof Card]).toEqual(kept[field as keyof Card])
      }
  },
)

test('of a next card that nobody has changed since nothing is told, nor of what both wrote alike, or write after they met', () => {
  const [ann, bo] = nextBegunTwice()
  for (const replica of [ann, bo]) run(replica, [call('setPriority', { ...one, priority: 'high' })])
  meet(ann, bo)
  for (const replica of [ann, bo]) expect(toldOfNext(replica)).toEqual({})
  const written = run(bo, [
    call('setPriority', { ...one, priority: 'urgent' }),
    call('setAssignee', { ...one, person: lin, on: true }),
  ])
  run(ann, [call('tickChecklistItem', { ...one, item: 'collect', done: true })])
  meet(ann, bo)
  for (const replica of [ann, bo]) expect(toldOfNext(replica)).toEqual({})
  // And taken back again.
  for (const { doc, hashes, type } of written) {
    const member = bo.docs.get(doc)!
    const { writes } = planUndo(member.doc, hashes, board.documents[type])
    member.doc = A.change(member.doc, (draft) => applyUndo(draft, writes))
  }
  meet(ann, bo)
  expect(nextIn(ann)).toMatchObject({ priority: 'high', assignees: ['a1'.repeat(16)] })
  for (const replica of [ann, bo]) expect(toldOfNext(replica)).toEqual({})
})

test('a choice that is taken back is to be made again', () => {
  const [ann, bo] = nextBegunTwice()
  run(ann, [call('setPriority', { ...one, priority: 'urgent' })])
  meet(ann, bo)
  const before = toldOfNext(ann)
  const other = before['priority']!.values[1]!.value
  const [written] = run(ann, [call('setPriority', { ...one, priority: other })])
  expect(toldOfNext(ann)).toEqual({})
  const member = ann.docs.get(written!.doc)!
  const { writes } = planUndo(member.doc, written!.hashes, board.documents[written!.type])
  member.doc = A.change(member.doc, (draft) => applyUndo(draft, writes))
  expect(toldOfNext(ann)['priority']?.values).toEqual(before['priority']?.values)
})

test('what the other device of Bo, or of Ann, wrote in the one of both that it knew is told when it comes, also after the choice', () => {
  for (const owner of [0, 1]) {
    const [ann, bo] = nextBegunTwice()
    const offline = fork([ann, bo][owner]!, 'Cy')
    run(ann, [call('setPriority', { ...one, priority: 'urgent' })])
    meet(ann, bo)
    run(ann, [call('setPriority', { ...one, priority: 'high' })])
    const touched = new Touched()
    const looks = shardsOf(ann).map((doc) => ({
      heads: A.getHeads(doc),
      fields: contestedSince(doc, cardsType, touched, undefined),
    }))
    run(offline, [call('setEstimate', { ...one, estimate: 40 })])
    mergeInto(ann, offline)
    const found = shardsOf(ann).flatMap((doc, at) => contestedSince(doc, cardsType, touched, looks[at]))
    expect(found).toEqual(shardsOf(ann).flatMap(everyField))
    const isShown = nextIn(ann).estimate === 40
    expect(toldOfNext(ann)['estimate']?.values.map(({ value }) => value)).toEqual(isShown ? [40, 2] : [2, 40])
  }
})
