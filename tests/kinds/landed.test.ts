import { expect, test } from 'vitest'
import type { Arrival, MutationCall } from '#lib/kernel/define-kind.ts'
import type { DocId, PersonId } from '#lib/kernel/ids.ts'
import { allBlockersOf, blockersOf } from '#lib/kinds/board/blocking.ts'
import {
  changedBehind,
  doublesOn,
  earlierThan,
  landedFrom,
  landedOn,
  laterThan,
  nowOf,
} from '#lib/kinds/board/landed.ts'
import { withOrigin } from '#lib/kinds/board/paste-cards.ts'
import { projections } from '#lib/kinds/board/projections.ts'
import { boardAfter } from '#tests/support/planned-board.ts'

const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })
const [deck, hold, shed] = ['a', 'b', 'c'].map((letter) => letter.repeat(32) as DocId) as [DocId, DocId, DocId]
const addSail = (card: string, cut: string) =>
  withOrigin(
    { calls: [call('addCard', { card, title: 'Sail', column: 'todo', order: 'a0' })], cards: [card], strangers: [] },
    { work: deck, cut },
    [['sail', card]],
  ).calls
const workOf = (root: DocId, title: string, ...calls: MutationCall[]) => {
  const { board } = boardAfter([call('addColumn', { column: 'todo', title: 'To do', order: 'a0' }), ...calls])
  return {
    root,
    title,
    arrivals: projections.arrivals(board).map((one) => ({ ...one, by: 'ann' })),
    movedApart: [] as string[],
    cards: board.cardsById,
  }
}
type Work = ReturnType<typeof workOf>
const moved = (card: string, from: { work: DocId; entity: string }, cut: string, ...more: MutationCall[]) => [
  ...withOrigin(
    { calls: [call('addCard', { card, title: 'Sail', column: 'todo', order: 'a0' })], cards: [card], strangers: [] },
    { work: from.work, cut },
    [[from.entity, card]],
  ).calls,
  ...more,
]
const archived = (card: string) => call('archiveCard', { card })
const back = (work: Work, origins: Record<string, { title: string; finished?: true }>) => ({
  ...work,
  arrivals: work.arrivals.map((one) => ({ ...one, ...(origins[one.entity] && { origin: origins[one.entity]! }) })),
})
const doubles = (at: Work, ...others: Work[]) => doublesOn(landedOn([at, ...others]), at.root, at.cards)
const told = (...works: [Work, ...Work[]]) =>
  [...doubles(...works)].map(([card, { backBy, others }]) => [
    `${card}${backBy === null ? '' : `, back by ${backBy}`}`,
    ...others.map(({ board, entity, by, isBack }) => `${entity} ${isBack ? `back by ${by} ` : ''}on ${board}`),
  ])

test('a card that two people moved apart is two, on one board or on two; either knows the other', () => {
  expect(told(workOf(hold, 'Hold', ...addSail('anns', 'cut1'), ...addSail('bos', 'cut2')))).toEqual([
    ['anns', 'bos on Hold'],
    ['bos', 'anns on Hold'],
  ])
  const onHold = workOf(hold, 'Hold', ...addSail('anns', 'cut1'))
  const inShed = workOf(shed, 'Shed', ...addSail('bos', 'cut2'))
  expect(told(onHold, inShed)).toEqual([['anns', 'bos on Shed']])
  expect(told(inShed, onHold)).toEqual([['bos', 'anns on Hold']])
  expect(told(workOf(deck, 'Deck'), onHold, inShed)).toEqual([])
  const apart = landedOn([onHold, inShed])
  expect(landedFrom(apart, deck, 'sail').map(({ board }) => board)).toEqual(['Hold', 'Shed'])
})

test('what was cut once and pasted twice is no double, nor one that is archived, nor one that is to stay', () => {
  expect(told(workOf(hold, 'Hold', ...addSail('one', 'cut1'), ...addSail('two', 'cut1')))).toEqual([])
  const apart = [...addSail('anns', 'cut1'), ...addSail('bos', 'cut2')]
  for (const mutation of ['archiveCard', 'keepBoth']) {
    const ended = workOf(hold, 'Hold', ...apart, call(mutation, { card: 'bos' }))
    expect(told(ended)).toEqual([])
    const isThere = landedFrom(landedOn([ended]), deck, 'sail').map(({ entity }) => entity)
    expect(isThere).toEqual(mutation === 'archiveCard' ? ['anns'] : ['anns', 'bos'])
    // That it went there, and what became of it there, is known all the same: whoever moved it did not archive it.
    expect(landedOn([ended]).moves.of(deck, 'sail')).toEqual([
      expect.not.objectContaining({ archived: true }),
      expect.objectContaining(
        mutation === 'archiveCard' ? { entity: 'bos', archived: true } : { entity: 'bos', kept: true },
      ),
    ])
    // The board itself knows it before home does.
    const before = landedOn([workOf(hold, 'Hold', ...apart)])
    expect(doublesOn(before, hold, ended.cards).size).toBe(0)
    expect(
      told(
        workOf(shed, 'Shed', ...addSail('cys', 'cut3')),
        workOf(hold, 'Hold', ...addSail('bos', 'cut2'), call(mutation, { card: 'bos' })),
      ),
    ).toEqual([])
  }
})

test('an origin that is none is left out, from the clipboard and from a document', () => {
  const paste = { calls: addSail('anns', 'cut1'), cards: ['anns'], strangers: [] }
  const [plain] = withOrigin({ ...paste, calls: [call('addCard', { card: 'x' })] }, { work: deck, cut: '<b>' }, [
    ['sail', 'x'],
  ]).calls
  expect(plain?.args).not.toHaveProperty('from')
  const arrivals: readonly Arrival[] = workOf(hold, 'Hold', ...addSail('anns', 'cut1')).arrivals
  expect(arrivals).toEqual([
    expect.objectContaining({ entity: 'anns', from: { work: deck, entity: 'sail', cut: 'cut1' } }),
  ])
})

test('what others did to a card where it came from is told where it is, while it is there, and of no other card', () => {
  const onHold = workOf(hold, 'Hold', ...addSail('anns', 'cut1'))
  const bo = 'bo' as PersonId
  const changed = (...entities: string[]) => ({
    ...workOf(deck, 'Deck'),
    changedAway: entities.map((entity) => ({ entity, by: [bo] })),
  })
  const told = (here: Work, ...others: ReturnType<typeof changed>[]) =>
    [
      ...changedBehind(landedOn([here, ...others]), [{ ...here, changedAway: [] }, ...others], here.root, here.cards),
    ].map(([card, list]) => [card, ...list])
  expect(told(onHold, changed('sail', 'mast'))).toEqual([
    ['anns', { by: [bo], work: deck, entity: 'sail', isBack: false }],
  ])
  expect(told(onHold, changed('mast'))).toEqual([])
  expect(told(onHold)).toEqual([])
  expect(told(workOf(shed, 'Shed'), changed('sail'))).toEqual([])
  const archived = workOf(hold, 'Hold', ...addSail('anns', 'cut1'), call('archiveCard', { card: 'anns' }))
  expect(told(archived, changed('sail'))).toEqual([])
  // The board itself knows it before home does.
  expect(told({ ...onHold, cards: archived.cards }, changed('sail'))).toEqual([])
})

test('what others did to a card where it went is told where it is back, however many boards it came back over', () => {
  const bo = 'bo' as PersonId
  const here = boardAfter([
    call('addColumn', { column: 'todo', title: 'To do', order: 'a0' }),
    call('addCard', { card: 'sail', title: 'Sail', column: 'todo', order: 'a0' }),
  ]).board.cardsById
  const one = moved('one', { work: deck, entity: 'sail' }, 'cut1', archived('one'))
  const left = workOf(hold, 'Hold', ...one)
  const again = back(left, { one: { title: 'Sail' } })
  const onward = workOf(shed, 'Shed', ...moved('two', { work: hold, entity: 'one' }, 'cut2', archived('two')))
  const changed = (work: Work, ...entities: string[]) => ({
    ...work,
    changedAway: entities.map((entity) => ({ entity, by: [bo] })),
  })
  const told = (cards: Work['cards'], ...works: ReturnType<typeof changed>[]) =>
    [...changedBehind(landedOn(works), works, deck, cards)].map(([card, list]) => [card, ...list])
  expect(told(here, changed(again, 'one'))).toEqual([['sail', { by: [bo], work: hold, entity: 'one', isBack: true }]])
  expect(told(here, changed(again), changed(onward, 'two'))).toEqual([
    ['sail', { by: [bo], work: shed, entity: 'two', isBack: true }],
  ])
  // It is not back, or was archived there since.
  expect(told(here, changed(left, 'one'))).toEqual([])
  const gone = boardAfter([
    call('addColumn', { column: 'todo', title: 'To do', order: 'a0' }),
    call('addCard', { card: 'sail', title: 'Sail', column: 'todo', order: 'a0' }),
    archived('sail'),
  ]).board.cardsById
  expect(told(gone, changed(again, 'one'))).toEqual([])
})

test('a card that one moved back and another, apart, on is two: either board knows the other, until one is archived or both are kept', () => {
  const sail = call('addCard', { card: 'sail', title: 'Sail', column: 'todo', order: 'a0' })
  const onDeck = workOf(deck, 'Deck', sail)
  const left = workOf(hold, 'Hold', ...moved('one', { work: deck, entity: 'sail' }, 'cut1', archived('one')))
  const apart = { ...back(left, { one: { title: 'Sail' } }), movedApart: ['one'] }
  const onward = (...more: MutationCall[]) =>
    workOf(shed, 'Shed', ...moved('two', { work: hold, entity: 'one' }, 'cut2', ...more))
  expect(told(onDeck, apart, onward())).toEqual([['sail, back by ann', 'two on Shed']])
  expect(told(onward(), apart, onDeck)).toEqual([['two', 'sail back by ann on Deck']])
  expect(told(apart, onDeck, onward())).toEqual([])
  // Both are here.
  const both = workOf(deck, 'Deck', sail, ...moved('two', { work: hold, entity: 'one' }, 'cut2'))
  expect(told(both, apart)).toEqual([
    ['two', 'sail back by ann on Deck'],
    ['sail, back by ann', 'two on Deck'],
  ])
  // Whoever moved it on, or back, knew of the other.
  expect(told(onDeck, { ...apart, movedApart: [] }, onward())).toEqual([])
  for (const mutation of ['archiveCard', 'keepBoth']) {
    const ended = onward(call(mutation, { card: 'two' }))
    expect(told(onDeck, apart, ended)).toEqual([])
    expect(told(ended, apart, onDeck)).toEqual([])
    // The board itself knows it before home does.
    expect(told(workOf(deck, 'Deck', sail, call(mutation, { card: 'sail' })), apart, onward())).toEqual([])
  }
  expect(told(onward(), { ...apart, ...left, movedApart: ['one'] }, onDeck)).toEqual([])
})

test('a card waits on for one that was moved, until that is finished or put away where it is now', () => {
  const { board } = boardAfter([
    call('addColumn', { column: 'todo', title: 'To do', order: 'a0' }),
    call('addCard', { card: 'sail', title: 'Sail', column: 'todo', order: 'a0' }),
    call('addCard', { card: 'row', title: 'Row', column: 'todo', order: 'a1' }),
    call('setBlockedBy', { card: 'row', by: 'sail', on: true }),
    call('archiveCard', { card: 'sail' }),
  ])
  const row = board.cardsById.get('row')!
  const told = (...works: Work[]) => {
    const landed = landedOn(works)
    const now = (card: string) => nowOf(landed, deck, card)
    const [blocker] = allBlockersOf(board, row, now)
    expect(blockersOf(board, row, now).length).toBe(blocker?.state === 'open' ? 1 : 0)
    return `${blocker?.state} ${blocker?.moved?.board ?? 'here'}`
  }
  const move = addSail('one', 'cut1')
  const done = call('setColumnDone', { column: 'todo', done: true })
  expect(told()).toBe('archived here')
  expect(told(workOf(hold, 'Hold', ...move))).toBe('open Hold')
  expect(told(workOf(hold, 'Hold', ...move, done))).toBe('finished Hold')
  expect(told(workOf(hold, 'Hold', ...move, call('archiveCard', { card: 'one' })))).toBe('archived here')
  // From there it was moved on.
  const onward = withOrigin(
    {
      calls: [call('addCard', { card: 'two', title: 'Sail', column: 'todo', order: 'a0' })],
      cards: ['two'],
      strangers: [],
    },
    { work: hold, cut: 'cut2' },
    [['one', 'two']],
  ).calls
  const left = workOf(hold, 'Hold', ...move, call('archiveCard', { card: 'one' }))
  expect(told(left, workOf(shed, 'Shed', ...onward))).toBe('open Shed')
  expect(told(left, workOf(shed, 'Shed', ...onward, done))).toBe('finished Shed')
})

test('a card that came from elsewhere is where it was once the move was taken back, and where it was moved from there since', () => {
  const told = (at: DocId, card: string, ...works: Parameters<typeof landedOn>[0][number][]) =>
    nowOf(landedOn([workOf(deck, 'Deck'), ...works]), at, card).map(
      ({ board, entity, by, finished }) =>
        `${entity} on ${board}${by === null ? ' again' : ''}${finished ? ', done' : ''}`,
    )
  const sail = { work: deck, entity: 'sail' }
  const left = workOf(hold, 'Hold', ...moved('one', sail, 'cut1', archived('one')))
  expect(told(hold, 'one', left)).toEqual([])
  const undone = back(left, { one: { title: 'Sail' } })
  expect(told(hold, 'one', undone)).toEqual(['sail on Deck again'])
  expect(told(hold, 'one', back(left, { one: { title: 'Sail', finished: true } }))).toEqual([
    'sail on Deck again, done',
  ])
  // Of itself a card that is there says nothing.
  expect(told(deck, 'sail', undone)).toEqual([])
  // Moved anew from there, and what was moved on and is back two boards away.
  expect(told(hold, 'one', left, workOf(shed, 'Shed', ...moved('two', sail, 'cut2')))).toEqual(['two on Shed'])
  const onward = workOf(shed, 'Shed', ...moved('two', { work: hold, entity: 'one' }, 'cut2', archived('two')))
  expect(told(shed, 'two', undone, onward)).toEqual(['sail on Deck again'])
  // Of what was pasted twice, neither is where the other is.
  const twice = workOf(shed, 'Shed', ...moved('two', sail, 'cut1'))
  expect(told(hold, 'one', left, twice)).toEqual([])
})

test('a card that is back where it was, and was moved on twice, is told on both boards, and no other that came of it', () => {
  const onward = (card: string) => moved(card, { work: hold, entity: 'one' }, 'cut2')
  const one = moved('one', { work: deck, entity: 'sail' }, 'cut1')
  const left = workOf(hold, 'Hold', ...one, archived('one'))
  const again = back(left, { one: { title: 'Sail' } })
  const told = (...works: Work[]) => {
    const landed = landedOn([workOf(deck, 'Deck'), ...works])
    const earlier = earlierThan(landed, shed, 'two')
    return [
      laterThan(landed, deck, 'sail').map(({ board }) => board),
      earlier && `${earlier.entity} on ${earlier.board}`,
    ]
  }
  expect(told(again, workOf(shed, 'Shed', ...onward('two')))).toEqual([['Shed'], 'sail on Deck'])
  expect(told(again, workOf(shed, 'Shed', ...onward('two'), archived('two')))).toEqual([[], 'sail on Deck'])
  // It was not brought back.
  expect(told(left, workOf(shed, 'Shed', ...onward('two')))).toEqual([['Shed'], null])
  // What stands between is nearer to both.
  expect(told(workOf(hold, 'Hold', ...one), workOf(shed, 'Shed', ...onward('two')))).toEqual([['Hold'], null])
  // A copy came from nowhere.
  const copy = call('addCard', { card: 'two', title: 'Sail', column: 'todo', order: 'a0' })
  expect(told(again, workOf(shed, 'Shed', copy))).toEqual([[], null])
})
