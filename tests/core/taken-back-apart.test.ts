import '#tests/support/automerge.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Conflict, MutationCall } from '#lib/kernel/define-kind.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { nextCard } from '#lib/kinds/board/next-card.ts'
import { readBoard, type Board } from '#lib/kinds/board/schema.ts'
import { call } from '#tests/support/one-board.ts'
import { anyway, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { runsOf } from '#tests/support/runs.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { writeDescription } from '#tests/support/write-description.ts'
import { expectSame, openWorldAt } from '#tests/support/world.ts'

/** A board of Ann and Bo with four cards, one of them archived, and what each of them is asked about. */
async function annAndBo() {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, ['Bo'])
  const { workspace, board: work } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  const told = new Map<TestDevice, Conflict[]>()
  for (const device of [ann, bo])
    device.core.handlers.watch('work', { workspace, work }, (event) => {
      if (event.type === 'conflicts') told.set(device, event.conflicts)
    })
  const commit = (device: TestDevice, calls: readonly MutationCall[], tab = device.tab) =>
    device.call('commit', { workspace, work, tab, calls: [...calls] })
  const boardOf = async (device: TestDevice): Promise<Board> =>
    readBoard((await device.call('moment', { workspace, work, at: { now: true } })) as Parameters<typeof readBoard>[0])
  const online = (device: TestDevice, is: boolean) => device.call('setWorkOffline', { offline: !is })
  const [cards, columns, labels, items] = [4, 3, 3, 4].map((count) => Array.from({ length: count }, newEntity)) as [
    string[],
    string[],
    string[],
    string[],
  ]
  const known = { cards, columns, labels, items, people: [(await ann.state(workspace)).me, world.bo] }
  // In another tab: what follows can be taken back as a whole.
  await commit(
    ann,
    [
      ...columns.map((column, at) => call('addColumn', { column, title: `Column ${at}`, order: `a${5 + at}` })),
      ...labels.map((label, at) => call('addLabel', { label, name: `Label ${at}`, color: 'red' })),
      call('removeLabel', { label: labels[2] }),
      ...cards.flatMap((card, at) => [
        call('addCard', {
          ...{ card, title: `Card ${at}`, column: columns[at % 2], order: `a${at}` },
          ...{ priority: at % 2 === 0 ? 'high' : null, labels: labels.slice(0, at), estimate: at === 1 ? 4 : null },
        }),
        call('addChecklistItem', { card, item: items[at], text: `Item ${at}`, order: 'a0' }),
      ]),
      call('archiveCard', { card: cards[3] }),
    ],
    'before',
  )
  await expectSame(world)
  const takeAllBack = async (device: TestDevice) => {
    for (let left = 50; left > 0; left--)
      if ((await device.call('undo', { workspace, work, tab: device.tab })).done === 'nothing') return
    expect.fail('it never ends')
  }
  const close = async () => {
    await world.close()
    await relay.close()
  }
  return { world, workspace, work, ann, bo, told, commit, boardOf, online, known, takeAllBack, close }
}
type Known = Awaited<ReturnType<typeof annAndBo>>['known']

/** One of some. */
const one = <Value>(all: readonly Value[], at: number): Value => all[at % all.length] as Value

type Way = (known: Known, which: number, to: number) => MutationCall
const WAYS: readonly Way[] = [
  ({ cards }, which, to) =>
    call('setPriority', { card: one(cards, which), priority: one([null, 'low', 'high', 'urgent'], to) }),
  ({ cards }, which, to) =>
    call('retitleCard', { card: one(cards, which), title: one(['Card 0', 'Card 1', 'New'], to) }),
  ({ cards, columns }, which, to) =>
    call('moveCard', {
      card: one(cards, which),
      column: one(columns, to),
      order: one(['a1V', 'a0', 'a3V'], to + which),
    }),
  ({ cards }, which) => call('archiveCard', { card: one(cards, which) }),
  ({ cards }, which) => call('restoreCard', { card: one(cards, which) }),
  ({ cards, labels }, which, to) =>
    call('setLabel', { card: one(cards, which), label: one(labels, to), on: to % 2 === 0 }),
  ({ cards, people }, which, to) =>
    call('setAssignee', { card: one(cards, which), person: one(people, to), on: to < 3 }),
  ({ cards }, which, to) => call('setDates', { card: one(cards, which), due: one([null, '2026-12-01'], to) }),
  ({ cards }, which, to) => call('setEstimate', { card: one(cards, which), estimate: one([null, 4, 8], to) }),
  ({ cards, items }, which, to) =>
    call('tickChecklistItem', { card: one(cards, which), item: one(items, which), done: to % 2 === 0 }),
  ({ cards, items }, which, to) =>
    call('editChecklistItem', { card: one(cards, which), item: one(items, which), text: one(['Mast', 'Rope'], to) }),
  ({ cards, items }, which) => call('removeChecklistItem', { card: one(cards, which), item: one(items, which) }),
  ({ columns }, which, to) => call('renameColumn', { column: one(columns, which), title: one(['Doing', 'Done'], to) }),
  ({ columns }, which, to) => call('moveColumn', { column: one(columns, which), order: one(['a3', 'a9'], to) }),
  ({ columns }, which) => call('archiveColumn', { column: one(columns, which) }),
  ({ labels }, which, to) => call('editLabel', { label: one(labels, which), name: one(['Urgent', 'Late'], to) }),
  ({ labels }, which) => call('removeLabel', { label: one(labels, which) }),
  ({ labels }, which) => call('restoreLabel', { label: one(labels, which) }),
  (_, __, to) => call('renameBoard', { title: one(['Boat', 'Ship', 'Raft'], to) }),
]
const someCalls = fc.array(fc.record({ way: fc.nat(WAYS.length - 1), which: fc.nat(3), to: fc.nat(3) }), {
  minLength: 1,
  maxLength: 8,
})

/** Who is there when what they did meets; the others have sent theirs, and come later. */
const there = fc.constantFrom('both', 'Ann', 'Bo')

const runs = runsOf(12, 400)
type Scene = Awaited<ReturnType<typeof annAndBo>>
type Calls = readonly { way: number; which: number; to: number }[]
const does = async ({ commit, known }: Scene, device: TestDevice, calls: Calls) => {
  for (const { way, which, to } of calls) await commit(device, [one(WAYS, way)(known, which, to)])
}

/** Ann and Bo are apart, and what she does leaves all as it was: when they meet all is as he has it, on both, and nobody is asked. */
async function countsAlone(scene: Scene, hers: () => Promise<unknown>, his: Calls, who: string) {
  const { workspace, ann, bo, told, boardOf, online, world } = scene
  for (const device of [ann, bo]) await online(device, false)
  await hers()
  await does(scene, bo, his)
  const alone = await boardOf(bo)
  const sees = (device: TestDevice) =>
    until(async () => {
      expect((await device.state(workspace)).sync.state).toBe('synced')
      expect(await boardOf(device)).toEqual(alone)
      expect(told.get(device) ?? []).toEqual([])
    }, 10_000)
  if (who !== 'both') {
    const [first, second] = who === 'Ann' ? [bo, ann] : [ann, bo]
    await online(first, true)
    await until(async () => expect((await first.state(workspace)).sync.state).toBe('synced'))
    await online(first, false)
    await online(second, true)
    await sees(second)
  }
  for (const device of [ann, bo]) await online(device, true)
  await expectSame(world)
  for (const device of [ann, bo]) await sees(device)
}

test(
  `what Ann does and takes back changes nothing of what Bo does apart, and nobody is asked (${runs.numRuns} random pairs)`,
  async () => {
    await fc.assert(
      fc.asyncProperty(someCalls, someCalls, there, async (hers, his, who) => {
        const scene = await annAndBo()
        const nothing = async () => {
          await does(scene, scene.ann, hers)
          await scene.takeAllBack(scene.ann)
        }
        await countsAlone(scene, nothing, his, who)
        await scene.close()
      }),
      runs,
    )
  },
  runs.numRuns * 20_000,
)

test(
  `nor does what she had done before and takes back and does again (${runs.numRuns} random pairs)`,
  async () => {
    await fc.assert(
      fc.asyncProperty(someCalls, someCalls, there, async (before, his, who) => {
        const scene = await annAndBo()
        const { workspace, work, ann, world } = scene
        await does(scene, ann, before)
        await expectSame(world)
        const was = await scene.boardOf(ann)
        const nothing = async () => {
          await scene.takeAllBack(ann)
          for (const _ of before) await anyway(ann, 'redo', { workspace, work, tab: ann.tab })
          expect(await scene.boardOf(ann)).toEqual(was)
        }
        await countsAlone(scene, nothing, his, who)
        await scene.close()
      }),
      runs,
    )
  },
  runs.numRuns * 20_000,
)

const WHO = ['both', 'Ann', 'Bo']

/** All are there again; first only one of them, where it is said who. */
async function meet({ ann, bo, online, world, workspace }: Awaited<ReturnType<typeof annAndBo>>, who: string) {
  if (who !== 'both') {
    const [first, second] = who === 'Ann' ? [bo, ann] : [ann, bo]
    await online(first, true)
    await until(async () => expect((await first.state(workspace)).sync.state).toBe('synced'))
    await online(first, false)
    await online(second, true)
    await until(async () => expect((await second.state(workspace)).sync.state).toBe('synced'))
  }
  for (const device of [ann, bo]) await online(device, true)
  await expectSame(world)
}

test.each(WHO)(
  'a card that Bo moves to another board while Ann, apart, archives it and takes that back is there alone, and the board knows where it went (%s there first)',
  async (who) => {
    const scene = await annAndBo()
    const { workspace, work, ann, bo, told, commit, boardOf, online, known, takeAllBack, close } = scene
    const [card = ''] = known.cards
    const place = newEntity()
    const calls = [
      call('renameBoard', { title: 'Hold' }),
      call('addColumn', { column: place, title: 'Below', order: 'a1' }),
    ]
    const { root: hold } = await bo.call('createWork', { workspace, kind: 'board', calls })
    await until(async () => expect((await ann.state(workspace)).works.map(({ root }) => root)).toContain(hold))
    for (const device of [ann, bo]) await online(device, false)
    await commit(ann, [call('archiveCard', { card })])
    await takeAllBack(ann)
    const [cut, became] = [newEntity(), newEntity()]
    const args = { card: became, title: 'Card 0', column: place, order: 'a0', from: { work, entity: card, cut } }
    const { group } = await bo.call('commit', { workspace, work: hold, tab: bo.tab, calls: [call('addCard', args)] })
    const along = { work: hold, group, entries: [[card, became] as const] }
    await bo.call('commit', { workspace, work, tab: bo.tab, cut, along, calls: [call('archiveCard', { card })] })
    await meet(scene, who)
    for (const device of [ann, bo]) {
      await until(async () => expect((await boardOf(device)).cardsById.get(card)?.archived).toBe(true))
      await until(() => expect(told.get(device) ?? []).toEqual([]))
      await until(async () =>
        expect(await device.call('movedAway', { workspace, work, entities: [card] })).toMatchObject([
          { entity: card, to: { work: hold, entity: became } },
        ]),
      )
    }
    await close()
  },
)

test.each(WHO)(
  'the history has what Ann and Bo did and nothing else, Bo’s is news to her, and each takes theirs back as ever (%s there first)',
  async (who) => {
    const scene = await annAndBo()
    const { workspace, work, world, ann, bo, told, commit, boardOf, online, known, takeAllBack, close } = scene
    const [card = ''] = known.cards
    for (const device of [ann, bo]) await device.call('markSeen', { workspace, work })
    for (const device of [ann, bo]) await online(device, false)
    await commit(ann, [call('setPriority', { card, priority: 'urgent' })])
    await takeAllBack(ann)
    await commit(bo, [call('setPriority', { card, priority: 'low' })])
    await meet(scene, who)
    const is = async (priority: string | null) => {
      for (const device of [ann, bo])
        await until(async () => {
          expect((await boardOf(device)).cardsById.get(card)?.priority).toBe(priority)
          expect(told.get(device) ?? []).toEqual([])
        })
    }
    await is('low')
    for (const device of [ann, bo]) {
      const { entries } = await device.call('history', { workspace, work, limit: 9, entity: card })
      expect(new Set(entries.slice(0, -1).map(({ sentence }) => sentence.en))).toEqual(
        new Set([
          'Set the priority of “Card 0” to P0',
          'Set the priority of “Card 0” to P1 (undo)',
          'Set the priority of “Card 0” to P3',
        ]),
      )
      expect(entries).toHaveLength(4)
    }
    for (const [device, expected] of [
      [ann, [['priority', 'high', 'low', world.bo]]],
      [bo, []],
    ] as const) {
      const { changes } = await device.call('news', { workspace, work, limit: 9 })
      const told = changes.flatMap(({ fields }) =>
        fields.map(({ path, before, after, authors }) => [
          ...path,
          before,
          after,
          ...authors.map(({ person }) => person),
        ]),
      )
      expect(told).toEqual(expected)
    }
    // He takes back what is his, and does it again.
    for (const [way, priority] of [
      ['undo', 'high'],
      ['redo', 'low'],
    ] as const) {
      expect(await bo.call(way, { workspace, work, tab: bo.tab, onConflict: 'ask' })).toMatchObject({ done: 'undone' })
      await is(priority)
    }
    // She is told that there is another now, and by whom.
    expect(await ann.call('redo', { workspace, work, tab: ann.tab, onConflict: 'ask' })).toMatchObject({
      done: 'ask',
      conflict: { fields: [{ by: 'Bo' }] },
    })
    await close()
  },
)

test.each(['takes back', 'changes'])(
  'Bo’s priority counts on Ann’s board, who took back hers; what he, apart from that, %s counts then',
  async (what) => {
    const scene = await annAndBo()
    const { workspace, work, world, ann, bo, told, commit, boardOf, online, known, takeAllBack, close } = scene
    const [card = ''] = known.cards
    for (const device of [ann, bo]) await online(device, false)
    await commit(ann, [call('setPriority', { card, priority: 'urgent' })])
    await takeAllBack(ann)
    await commit(bo, [call('setPriority', { card, priority: 'low' })])
    await online(bo, true)
    await until(async () => expect((await bo.state(workspace)).sync.state).toBe('synced'))
    await online(bo, false)
    await online(ann, true)
    await until(async () => expect((await boardOf(ann)).cardsById.get(card)?.priority).toBe('low'))
    if (what === 'changes') await commit(bo, [call('setPriority', { card, priority: 'medium' })])
    else await bo.call('undo', { workspace, work, tab: bo.tab })
    await online(bo, true)
    await expectSame(world)
    for (const device of [ann, bo])
      await until(async () => {
        expect((await boardOf(device)).cardsById.get(card)?.priority).toBe(what === 'changes' ? 'medium' : 'high')
        expect(told.get(device) ?? []).toEqual([])
      })
    await close()
  },
)

test('what Ann writes in a description and takes back is no work in a card that Bo, apart, archives', async () => {
  const scene = await annAndBo()
  const { workspace, work, ann, bo, told, commit, boardOf, online, known, takeAllBack, close } = scene
  const [card = ''] = known.cards
  for (const device of [ann, bo]) await online(device, false)
  await writeDescription(ann, workspace, work, card, 'Of linen')
  await takeAllBack(ann)
  await commit(bo, [call('archiveCard', { card })])
  await meet(scene, 'both')
  for (const device of [ann, bo])
    await until(async () => {
      expect((await boardOf(device)).cardsById.get(card)?.archived).toBe(true)
      expect(told.get(device) ?? []).toEqual([])
    }, 5000)
  await close()
})

test.each(WHO)(
  'a card that repeats, finished by Ann, who takes that back, and, apart, by Bo: the next one is there, and nobody is asked (%s there first)',
  async (who) => {
    const scene = await annAndBo()
    const { ann, bo, told, commit, boardOf, known, online, world, takeAllBack, close } = scene
    const [card = ''] = known.cards
    const done = (await boardOf(ann)).columns.find((column) => column.done)?.id ?? ''
    await commit(ann, [call('setRepeat', { card, repeat: 'weekly' })], 'before')
    await expectSame(world)
    for (const device of [ann, bo]) await online(device, false)
    const finish = async (device: TestDevice) => {
      const board = await boardOf(device)
      const finished = board.cardsById.get(card) ?? expect.fail('no card')
      const next = nextCard(board, finished, done, '2026-01-30' as Day, () => 'a6') ?? expect.fail('nothing follows')
      await commit(device, [call('moveCard', { card, column: done, order: 'a1' }), ...next.calls])
    }
    await finish(ann)
    await takeAllBack(ann)
    await finish(bo)
    const alone = await boardOf(bo)
    // Of one that both have begun the one or the other tells when.
    const withoutTimes = (board: Board) => [...board.cardsById.values()].map(({ createdAt: _, ...said }) => said)
    await meet(scene, who)
    for (const device of [ann, bo])
      await until(async () => {
        expect(withoutTimes(await boardOf(device))).toEqual(withoutTimes(alone))
        expect(told.get(device) ?? []).toEqual([])
      }, 10_000)
    await close()
  },
)
