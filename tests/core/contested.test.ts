import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import type { Conflict, MutationCall } from '#lib/kernel/define-kind.ts'
import { plainText, type Formatted, type Paragraph } from '#lib/kernel/formatted.ts'
import type { PersonId } from '#lib/kernel/ids.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { nextCard, nextCardId } from '#lib/kinds/board/next-card.ts'
import { readBoard } from '#lib/kinds/board/schema.ts'
import { lastOf } from '#lib/kinds/board/ui/last-change.ts'
import { newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { formatDescription, writeDescription } from '#tests/support/write-description.ts'
import { coreOf, expectSame, openWorldAt } from '#tests/support/world.ts'

/** Ann and Bo, and whoever else, on one board; what each of them is told of as contested; and their changes, as one action each. */
async function boardOfAnnAndBo(withPhone = false) {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, ['Bo'], withPhone)
  const { workspace, board } = world
  const told = new Map<TestDevice, Conflict[]>()
  for (const device of world.devices)
    device.core.handlers.watch('work', { workspace, work: board }, (event) => {
      if (event.type === 'conflicts') told.set(device, event.conflicts)
    })
  const commit = (device: TestDevice, ...calls: [mutation: string, args: Record<string, unknown>][]) =>
    device.call('commit', {
      ...{ workspace, work: board, tab: device.tab },
      calls: calls.map(([mutation, args]) => ({ mutation, args })),
    })
  return { world, told, commit }
}

test.each(['the value that counts', 'the other value'])(
  'Ann sets High while Bo, offline, sets Low: both are told of both, by whom, and of the end when Bo keeps %s',
  async (which) => {
    const { world, told } = await boardOfAnnAndBo()
    const { workspace, board, column } = world
    const [ann, bo] = world.devices as [TestDevice, TestDevice]
    const commit = (device: TestDevice, mutation: string, args: Record<string, unknown>) =>
      device.call('commit', { workspace, work: board, tab: device.tab, calls: [{ mutation, args }] })
    const card = newEntity()
    await commit(ann, 'addCard', { card, title: 'Ask three suppliers', column, order: 'a5' })
    await expectSame(world)
    await bo.call('setWorkOffline', { offline: true })
    await commit(ann, 'setPriority', { card, priority: 'high' })
    await commit(bo, 'setPriority', { card, priority: 'low' })
    await bo.call('setWorkOffline', { offline: false })
    const me = async (device: TestDevice) => (await device.state(workspace)).me
    const written = new Map([
      ['high', await me(ann)],
      ['low', await me(bo)],
    ])
    for (const device of [ann, bo])
      await until(() => {
        const [conflict, ...others] = told.get(device) ?? []
        expect(others).toEqual([])
        expect(conflict?.path).toEqual(['cards', card, 'priority'])
        expect(new Map(conflict?.values.map(({ value, by }) => [value, by]))).toEqual(written)
      })
    expect(told.get(ann)).toEqual(told.get(bo))
    const [counts, other] = told.get(bo)?.[0]?.values ?? []
    const kept = (which === 'the other value' ? other : counts)?.value
    await commit(bo, 'setPriority', { card, priority: kept })
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
    await expectSame(world)
    const { works } = coreOf(ann, workspace)
    const work = await coreOf(ann, workspace).openWork(board)
    expect(
      (work.kind.read(works.plain(work)) as { cardsById: ReadonlyMap<string, { priority: string }> }).cardsById.get(
        card,
      )?.priority,
    ).toBe(kept)
  },
)

test('a priority that Ann and Bo, apart, set is asked about again when whose counts takes it back and does it again, however often', async () => {
  const { world, told, commit } = await boardOfAnnAndBo()
  const { workspace, board, column } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  const card = newEntity()
  await commit(ann, ['addCard', { card, title: 'Ask three suppliers', column, order: 'a5' }])
  await expectSame(world)
  await bo.call('setWorkOffline', { offline: true })
  await commit(ann, ['setPriority', { card, priority: 'high' }])
  await commit(bo, ['setPriority', { card, priority: 'low' }])
  await bo.call('setWorkOffline', { offline: false })
  const values = (device: TestDevice) =>
    (told.get(device) ?? []).flatMap((one) => one.values.map(({ value }) => value)).toSorted()
  const both = async (expected: readonly string[]) => {
    for (const device of [ann, bo]) await until(() => expect(values(device)).toEqual(expected))
  }
  await both(['high', 'low'])
  const [mine, other] = told.get(ann)?.[0]?.values[0]?.value === 'high' ? [ann, bo] : [bo, ann]
  const takeBack = async (way: 'undo' | 'redo') => {
    const done = await mine.call(way, { workspace, work: board, tab: mine.tab, onConflict: 'ask' })
    expect(done).toMatchObject({ done: 'undone', ...(way === 'undo' && { theirs: [expect.any(String)] }) })
  }
  for (let turn = 0; turn < 2; turn++) {
    await takeBack('undo')
    await both([])
    await takeBack('redo')
    await both(['high', 'low'])
  }
  // What stands there then is the other one's, who is asked nothing as they take it back: nobody has chosen it.
  await takeBack('undo')
  await both([])
  await expectSame(world)
  const done = await other.call('undo', { workspace, work: board, tab: other.tab, onConflict: 'ask' })
  expect(done).toMatchObject({ done: 'undone' })
  await expectSame(world)
  const now = await mine.call('moment', { workspace, work: board, at: { now: true } })
  expect(readBoard(now as Parameters<typeof readBoard>[0]).cardsById.get(card)?.priority ?? null).toBe(null)
})

test('whoever asks who moved a card has been told by then that it was moved at once', async () => {
  const { world, told, commit } = await boardOfAnnAndBo()
  const { workspace, board, column } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  const card = newEntity()
  const columns = [newEntity(), newEntity()] as const
  await commit(
    ann,
    ['addCard', { card, title: 'Book the hall', column, order: 'a5' }],
    ['addColumn', { column: columns[0], title: 'Done', order: 'a8' }],
    ['addColumn', { column: columns[1], title: 'Later', order: 'a9' }],
  )
  await expectSame(world)
  await bo.call('setWorkOffline', { offline: true })
  await commit(ann, ['moveCard', { card, column: columns[0], order: 'a0' }])
  await commit(bo, ['moveCard', { card, column: columns[1], order: 'a0' }])
  // As the board's screen does, at once when it hears of a change.
  const known: boolean[] = []
  bo.core.handlers.watch('work', { workspace, work: board }, (event) => {
    if (event.type !== 'patches') return
    void bo.call('history', { workspace, work: board, limit: 50, entity: card }).then(({ entries }) => {
      if (entries.filter(({ mutation }) => mutation === 'moveCard').length < 2) return
      known.push(told.get(bo)?.some(({ path }) => path[1] === card) ?? false)
    })
  })
  await bo.call('setWorkOffline', { offline: false })
  await until(() => expect(known).toContain(true))
  expect(known).not.toContain(false)
})

test('Ann and Bo, apart, name a column, the board, a view and a version each in their way: both are told of each by its place, until somebody chooses', async () => {
  const { world, told } = await boardOfAnnAndBo()
  const { board, column } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  const commit = (device: TestDevice, mutation: string, args: Record<string, unknown>) =>
    device.call('commit', { workspace: world.workspace, work: board, tab: device.tab, calls: [{ mutation, args }] })
  const [view, label] = [newEntity(), newEntity()]
  await commit(ann, 'addView', { view, name: 'Team', content: '{}', order: 'a5', owner: null })
  await commit(ann, 'addLabel', { label, name: 'Rope', color: 'blue' })
  const { version } = await ann.call('nameVersion', {
    workspace: world.workspace,
    work: board,
    tab: ann.tab,
    name: 'First',
  })
  await expectSame(world)
  await bo.call('setWorkOffline', { offline: true })
  for (const [device, name, limit, color] of [
    [ann, 'In work', 2, 'red'],
    [bo, 'Running', 9, 'pink'],
  ] as const) {
    await commit(device, 'renameBoard', { title: name })
    await commit(device, 'renameColumn', { column, title: name })
    await commit(device, 'setColumnLimit', { column, limit })
    await commit(device, 'editView', { view, content: JSON.stringify({ text: name }) })
    await commit(device, 'editLabel', { label, name: 'Rope', color })
    await commit(device, 'renameVersion', { version, name })
  }
  await bo.call('setWorkOffline', { offline: false })
  const places = [
    `/title/title`,
    `columns/${column}/limit`,
    `columns/${column}/title`,
    `labels/${label}/color`,
    `versions/${version}/name`,
    `views/${view}/content`,
  ]
  const said = (device: TestDevice) => (told.get(device) ?? []).map(({ path }) => path.join('/')).sort()
  for (const device of [ann, bo]) await until(() => expect(said(device)).toEqual(places.toSorted()))
  const counts = (field: string) => told.get(bo)?.find(({ path }) => path.join('/') === field)?.values[0]?.value

  await commit(bo, 'renameBoard', { title: counts('/title/title') })
  await commit(bo, 'renameColumn', { column, title: 'Under way' })
  await commit(ann, 'setColumnLimit', { column, limit: counts(`columns/${column}/limit`) })
  await commit(ann, 'editLabel', { label, color: 'green' })
  await commit(ann, 'editView', { view, content: '{}' })
  await commit(bo, 'renameVersion', { version, name: counts(`versions/${version}/name`) })
  for (const device of [ann, bo]) await until(() => expect(said(device)).toEqual([]))
  await expectSame(world)
})

test('Ann removes an item of the checklist that Bo, apart, ticks, and both rewrite another: each is told of all of it, and Bo has his item back', async () => {
  const { world, told } = await boardOfAnnAndBo()
  const { workspace, board, column } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  const commit = (device: TestDevice, mutation: string, args: Record<string, unknown>) =>
    device.call('commit', { workspace, work: board, tab: device.tab, calls: [{ mutation, args: { card, ...args } }] })
  const [card, sand, tar] = [newEntity(), newEntity(), newEntity()]
  await commit(ann, 'addCard', { title: 'Hull', column, order: 'a5' })
  await commit(ann, 'addChecklistItem', { item: sand, text: 'Sand', order: 'a1' })
  await commit(ann, 'addChecklistItem', { item: tar, text: 'Tar', order: 'a2' })
  await expectSame(world)
  await bo.call('setWorkOffline', { offline: true })
  await commit(ann, 'removeChecklistItem', { item: sand })
  await commit(ann, 'editChecklistItem', { item: tar, text: 'Tar the keel' })
  await commit(bo, 'tickChecklistItem', { item: sand, done: true })
  await commit(bo, 'editChecklistItem', { item: tar, text: 'Tar the deck' })
  await bo.call('setWorkOffline', { offline: false })
  const [hers, his] = [(await ann.state(workspace)).me, (await bo.state(workspace)).me]
  const said = (device: TestDevice, item: string) => {
    const conflict = told.get(device)?.find(({ path }) => path[3] === item)
    return conflict && { field: conflict.path.at(-1), values: new Set(conflict.values) }
  }
  for (const device of [ann, bo]) {
    await until(() => {
      expect(said(device, sand)).toEqual({
        field: 'removed',
        values: new Set([
          { value: true, by: hers },
          { value: { text: 'Sand', done: true }, by: his },
        ]),
      })
      expect(said(device, tar)).toEqual({
        field: 'text',
        values: new Set([
          { value: 'Tar the keel', by: hers },
          { value: 'Tar the deck', by: his },
        ]),
      })
    })
  }
  await commit(bo, 'restoreChecklistItem', { item: sand })
  await commit(ann, 'editChecklistItem', { item: tar, text: 'Tar the deck' })
  for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
  await expectSame(world)
})

test('Ann archives cards while Bo, offline, renames one: both are told of both, by whom, and of the end, whichever is kept', async () => {
  const { world, told, commit } = await boardOfAnnAndBo()
  const { workspace, column } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  const [mast, sail] = [newEntity(), newEntity()]
  await commit(ann, ['addCard', { card: mast, title: 'Mast', column, order: 'a5' }])
  await commit(ann, ['addCard', { card: sail, title: 'Sail', column, order: 'a6' }])
  await expectSame(world)
  const [hers, his] = [(await ann.state(workspace)).me, (await bo.state(workspace)).me]
  for (const decision of ['archiveCard', 'restoreCard']) {
    await bo.call('setWorkOffline', { offline: true })
    await commit(ann, ['archiveCard', { card: mast }], ['archiveCard', { card: sail }])
    await commit(bo, ['retitleCard', { card: mast, title: decision }])
    await bo.call('setWorkOffline', { offline: false })
    const values = [
      { value: true, by: hers },
      { value: { title: decision }, by: his },
    ]
    for (const device of [ann, bo])
      await until(() =>
        expect(told.get(device)?.map(({ path, values }) => ({ path, values }))).toEqual([
          { path: ['cards', mast, 'archived'], values },
        ]),
      )
    await commit(bo, [decision, { card: mast }])
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
    if (decision === 'archiveCard') await commit(ann, ['restoreCard', { card: mast }], ['restoreCard', { card: sail }])
    await expectSame(world)
  }
})

test('a card that comes back with what Bo wrote in it is asked about again, of everybody, when he takes that choice back', async () => {
  const { world, told, commit } = await boardOfAnnAndBo()
  const { workspace, board, column } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  const mast = newEntity()
  await commit(ann, ['addCard', { card: mast, title: 'Mast', column, order: 'a5' }])
  await expectSame(world)
  await bo.call('setWorkOffline', { offline: true })
  await commit(ann, ['archiveCard', { card: mast }])
  await commit(bo, ['retitleCard', { card: mast, title: 'Tall mast' }])
  await bo.call('setWorkOffline', { offline: false })
  const isAsked = async () => {
    for (const device of [ann, bo])
      await until(() => expect(told.get(device)?.map(({ path }) => path)).toEqual([['cards', mast, 'archived']]))
  }
  await isAsked()
  const calls = [
    { mutation: 'restoreCard', args: { card: mast } },
    { mutation: 'retitleCard', args: { card: mast, title: 'Tall mast' } },
  ]
  const mine = { workspace, work: board, tab: bo.tab }
  await bo.call('commit', { ...mine, calls, choice: true })
  for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
  await expectSame(world)
  expect(await bo.call('undo', mine)).toMatchObject({ done: 'undone', open: true })
  await isAsked()
  expect(await bo.call('redo', mine)).toMatchObject({ done: 'undone' })
  for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
})

test.each(['done again', 'taken back by hand'])(
  'what Bo, apart, writes in a card that Ann’s undo puts away is told also where that is an undo of what she has %s before',
  async (before) => {
    const { world, told, commit } = await boardOfAnnAndBo()
    const { workspace, board, column } = world
    const [ann, bo] = world.devices as [TestDevice, TestDevice]
    const takeBack = (way: 'undo' | 'redo') => ann.call(way, { workspace, work: board, tab: ann.tab })
    const mast = newEntity()
    await commit(ann, ['addCard', { card: mast, title: 'Mast', column, order: 'a5' }])
    if (before === 'done again') for (const way of ['undo', 'redo'] as const) await takeBack(way)
    else for (const mutation of ['archiveCard', 'restoreCard']) await commit(ann, [mutation, { card: mast }])
    await expectSame(world)
    const [hers, his] = [(await ann.state(workspace)).me, (await bo.state(workspace)).me]
    await bo.call('setWorkOffline', { offline: true })
    expect(await takeBack('undo')).toMatchObject({ done: 'undone' })
    await commit(bo, ['retitleCard', { card: mast, title: 'Tall mast' }])
    await bo.call('setWorkOffline', { offline: false })
    const values = [
      { value: true, by: hers },
      { value: { title: 'Tall mast' }, by: his },
    ]
    for (const device of [ann, bo])
      await until(() =>
        expect(told.get(device)?.map(({ path, values }) => ({ path, values }))).toEqual([
          { path: ['cards', mast, 'archived'], values },
        ]),
      )
  },
)

test('Bo and Ann, apart, move one card: both devices know whose move it was to the one column and to the other', async () => {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, ['Bo'])
  const { workspace, board, column } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  const commit = (device: TestDevice, mutation: string, args: Record<string, unknown>) =>
    device.call('commit', { workspace, work: board, tab: device.tab, calls: [{ mutation, args }] })
  const [card, doing, done] = [newEntity(), newEntity(), newEntity()]
  await commit(ann, 'addColumn', {
    column: doing,
    title: 'In work',
    order: 'a8',
    color: null,
    done: false,
    limit: null,
  })
  await commit(ann, 'addColumn', { column: done, title: 'Ready', order: 'a9', color: null, done: false, limit: null })
  await commit(ann, 'addCard', { card, title: 'Beta', column, order: 'a5' })
  await expectSame(world)
  await bo.call('setWorkOffline', { offline: true })
  await commit(bo, 'moveCard', { card, column: doing, order: 'a5' })
  await commit(ann, 'moveCard', { card, column: done, order: 'a5' })
  await bo.call('setWorkOffline', { offline: false })
  await expectSame(world)
  // Whichever counts: hers is the newer one.
  for (const device of [ann, bo]) {
    const { entries } = await device.call('history', { workspace, work: board, limit: 50, entity: card })
    const whose = async (value: string) => {
      const by = lastOf(entries, card, 'column', { orMade: true, value })?.person
      return by === (await bo.state(workspace)).me ? 'Bo' : 'Ann'
    }
    expect([await whose(doing), await whose(done), await whose(column)]).toEqual(['Bo', 'Ann', 'Ann'])
  }
})

test.each(['archiveCard', 'restoreCard'])(
  'Ann archives a card that Bo, offline, describes: both are told of both, by whom, until it is settled by %s; of words that she had read nobody is',
  async (decision) => {
    const { world, told, commit } = await boardOfAnnAndBo()
    const { workspace, board, column } = world
    const [ann, bo] = world.devices as [TestDevice, TestDevice]
    const describe = (device: TestDevice, card: string, text: string) =>
      writeDescription(device, workspace, board, card, text)
    const [mast, sail, rope] = [newEntity(), newEntity(), newEntity()]
    for (const [card, title] of [
      [mast, 'Mast'],
      [sail, 'Sail'],
      [rope, 'Rope'],
    ] as const)
      await commit(ann, ['addCard', { card, title, column, order: 'a5' }])
    await expectSame(world)
    await describe(bo, sail, 'Of linen')
    await expectSame(world)
    const [hers, his] = [(await ann.state(workspace)).me, (await bo.state(workspace)).me]

    await bo.call('setWorkOffline', { offline: true })
    await commit(ann, ...([mast, sail, rope].map((card): [string, object] => ['archiveCard', { card }]) as []))
    await describe(bo, mast, 'Of larch')
    await commit(bo, ['retitleCard', { card: mast, title: 'Mast of larch' }])
    await describe(bo, rope, 'Of hemp')
    await bo.call('setWorkOffline', { offline: false })
    const met = (card: string, written: object) => ({
      path: ['cards', card, 'archived'],
      values: [
        { value: true, by: hers },
        { value: written, by: his },
      ],
    })
    const inOrder = (list: readonly { path: readonly string[] }[]) =>
      [...list].sort((a, b) => (a.path.join() < b.path.join() ? -1 : 1))
    for (const device of [ann, bo])
      await until(() =>
        expect(inOrder((told.get(device) ?? []).map(({ path, values }) => ({ path, values })))).toEqual(
          inOrder([
            met(mast, { title: 'Mast of larch', description: 'Of larch' }),
            met(rope, { description: 'Of hemp' }),
          ]),
        ),
      )
    await describe(bo, rope, ' and tar')
    for (const device of [ann, bo])
      await until(() =>
        expect((told.get(device) ?? []).find(({ path }) => path[1] === rope)?.values[1]?.value).toEqual({
          description: 'Of hemp and tar',
        }),
      )
    const asked = told.get(ann) ?? []
    // Other boards are told of which it is, and by whom.
    const changedAway = async (device: TestDevice) =>
      (await device.state(workspace)).works.find(({ root }) => root === board)?.changedAway
    for (const device of [ann, bo])
      await until(async () =>
        expect(new Map((await changedAway(device))?.map(({ entity, by }) => [entity, by]))).toEqual(
          new Map([
            [mast, [his]],
            [rope, [his]],
          ]),
        ),
      )
    await commit(bo, [decision, { card: mast }], [decision, { card: rope }])
    for (const device of [ann, bo]) {
      await until(() => expect(told.get(device)).toEqual([]))
      await until(async () => expect(await changedAway(device)).toEqual([]))
    }
    await expectSame(world)
    // Taken back, it is to be chosen again.
    await bo.call('undo', { workspace, work: board, tab: bo.tab })
    for (const device of [ann, bo]) await until(() => expect(inOrder(told.get(device) ?? [])).toEqual(inOrder(asked)))
    await bo.call('redo', { workspace, work: board, tab: bo.tab })
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
    await expectSame(world)
  },
)

test.each(['archived', 'renamed', 'the value that counts', 'the other value'])(
  'Ann keeps one of two (%s) and takes that back: both are asked again as before, by whom; done again, it is settled again',
  async (which) => {
    const { world, told, commit } = await boardOfAnnAndBo()
    const { workspace, board, column } = world
    const [ann, bo] = world.devices as [TestDevice, TestDevice]
    const takeBack = (way: 'undo' | 'redo') => ann.call(way, { workspace, work: board, tab: ann.tab })
    const cardNow = async (device: TestDevice) => {
      const docs = Object.values(await device.docs(workspace, board)) as { cards?: Record<string, unknown> }[]
      return docs.find(({ cards }) => cards?.[card])?.cards?.[card]
    }
    const card = newEntity()
    await commit(ann, ['addCard', { card, title: 'Mast', column, order: 'a5' }])
    await expectSame(world)
    await bo.call('setWorkOffline', { offline: true })
    const isArchive = which === 'archived' || which === 'renamed'
    await commit(ann, isArchive ? ['archiveCard', { card }] : ['setPriority', { card, priority: 'high' }])
    await commit(bo, isArchive ? ['retitleCard', { card, title: 'Spar' }] : ['setPriority', { card, priority: 'low' }])
    await bo.call('setWorkOffline', { offline: false })
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toHaveLength(1))
    await expectSame(world)
    const asked = told.get(ann)
    const before = await cardNow(ann)
    const [counts, other] = asked?.[0]?.values.map(({ value }) => value) ?? []
    const choice = new Map<string, [string, Record<string, unknown>]>([
      ['archived', ['archiveCard', { card }]],
      ['renamed', ['restoreCard', { card }]],
      ['the value that counts', ['setPriority', { card, priority: counts }]],
      ['the other value', ['setPriority', { card, priority: other }]],
    ]).get(which)
    if (!choice) throw new Error(`no choice of ${which}`)
    await commit(ann, choice)
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
    for (let times = 0; times < 2; times++) {
      expect(await takeBack('undo')).toMatchObject({
        ...{ done: 'undone', again: true, open: true },
        sentence: { en: expect.stringContaining(isArchive ? 'Spar' : 'Mast') },
      })
      for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual(asked))
      await expectSame(world)
      for (const device of [ann, bo]) expect(await cardNow(device)).toEqual(before)
      const redone = await takeBack('redo')
      expect(redone).toMatchObject({ done: 'undone' })
      expect(redone).not.toHaveProperty('open')
      for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
    }
    // Whoever looks for the first time, from the disk, finds the same.
    await takeBack('undo')
    await expectSame(world)
    await bo.restart()
    told.delete(bo)
    bo.core.handlers.watch('work', { workspace, work: board }, (event) => {
      if (event.type === 'conflicts') told.set(bo, event.conflicts)
    })
    await until(() => expect(told.get(bo)).toEqual(asked))
  },
)

test('who keeps the value that counts already is told in the history by the card, the value and what it was chosen over, and so is taking that back', async () => {
  const { world, told, commit } = await boardOfAnnAndBo()
  const { workspace, board, column } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  const card = newEntity()
  await commit(ann, ['addCard', { card, title: 'Price list', column, order: 'a5' }])
  await expectSame(world)
  await bo.call('setWorkOffline', { offline: true })
  await commit(
    ann,
    ['retitleCard', { card, title: 'Price list 2027' }],
    ['setEstimate', { card, estimate: 3 }],
    ['setDates', { card, due: '2026-12-04' }],
    ['renameColumn', { column, title: 'Open' }],
    ['renameBoard', { title: 'Trade fair' }],
  )
  await commit(
    bo,
    ['retitleCard', { card, title: 'Price list (new)' }],
    ['setEstimate', { card, estimate: 5 }],
    ['setDates', { card, due: null }],
    ['setDates', { card, due: '2026-12-11' }],
    ['renameColumn', { column, title: 'Waiting' }],
    ['renameBoard', { title: 'Spring fair' }],
  )
  await bo.call('setWorkOffline', { offline: false })
  for (const device of [ann, bo]) await until(() => expect(told.get(device)).toHaveLength(5))
  await expectSame(world)
  const people = (await bo.state(workspace)).people
  const choiceOf = (...path: string[]) => {
    const conflict = told.get(bo)?.find((one) => one.path.join() === path.join())
    const [counts, other] = conflict?.values ?? []
    if (!counts || !other) throw new Error(`nothing to choose at ${path.join()}`)
    return { counts: counts.value, other: other.value, who: people.find(({ id }) => id === other.by)?.name ?? '' }
  }
  const newest = async (entity?: string) =>
    (await ann.call('history', { workspace, work: board, limit: 1, ...(entity && { entity }) })).entries[0]?.sentence
  const days = new Map<unknown, string>([
    ['2026-12-04', 'Dec 4, 2026'],
    ['2026-12-11', 'Dec 11, 2026'],
  ])
  const steps: [
    path: string[],
    call: (kept: unknown) => [string, Record<string, unknown>],
    entity: string | undefined,
  ][] = [
    [['cards', card, 'estimate'], (estimate) => ['setEstimate', { card, estimate }], card],
    [['cards', card, 'due'], (due) => ['setDates', { card, due }], card],
    [['cards', card, 'title'], (title) => ['retitleCard', { card, title }], card],
    [['columns', column, 'title'], (title) => ['renameColumn', { column, title }], column],
    [['', 'title', 'title'], (title) => ['renameBoard', { title }], undefined],
  ]
  const title = String(choiceOf('cards', card, 'title').counts)
  for (const [path, callOf, entity] of steps) {
    const { counts, other, who } = choiceOf(...path)
    const wanted = new Map([
      ['estimate', `Kept ${counts} h as the estimate of “${title}”, not ${who}’s ${other} h`],
      ['due', `Kept ${days.get(counts)} as the due date of “${title}”, not ${who}’s ${days.get(other)}`],
      ['cards', `Kept the title “${counts}”, not ${who}’s “${other}”`],
      ['columns', `Kept the name of the column “${counts}”, not ${who}’s “${other}”`],
      ['', `Kept the board’s name “${counts}”, not ${who}’s “${other}”`],
    ])
    const sentence = wanted.get(path[2] ?? '') ?? wanted.get(path[0] ?? '')
    await commit(bo, callOf(counts))
    for (const device of [ann, bo])
      await until(() => expect(told.get(device)?.map((one) => one.path.join())).not.toContain(path.join()))
    await expectSame(world)
    expect((await newest())?.en).toBe(sentence)
    expect((await newest())?.['zh-CN']).toMatch(new RegExp(`，而不是 ?${who} ?的`))
    if (entity) expect((await newest(entity))?.en).toBe(sentence)
    const { steps } = await ann.call('timeline', { workspace, work: board })
    expect((await ann.call('tellStep', { workspace, work: board, step: steps.at(-1)!.id })).told?.sentence.en).toBe(
      sentence,
    )
  }
  const undone = await bo.call('undo', { workspace, work: board, tab: bo.tab })
  expect(undone).toMatchObject({ done: 'undone', sentence: { en: expect.stringMatching(/^Kept the board’s name “/) } })
  await expectSame(world)
  expect((await newest())?.en).toMatch(/^Kept the board’s name “.*” \(undo\)$/)
})

test.each([
  ['Ann', 'the hidden one'],
  ['Bo', 'the hidden one'],
  ['Bo', 'the one that is shown'],
])(
  'Ann and Bo, apart, finish a card that repeats and each work on the next one: it is one card, that of %s, with all that one of them made of it; of what both did they are told what each meant, and kept is %s',
  async (name, which) => {
    const { world, told } = await boardOfAnnAndBo(true)
    const { workspace, board } = world
    const [ann, bo, phone] = world.devices as [TestDevice, TestDevice, TestDevice]
    const run = (device: TestDevice, calls: readonly MutationCall[]) =>
      device.call('commit', { workspace, work: board, tab: device.tab, calls: [...calls] })
    const boardOn = async (device: TestDevice) =>
      readBoard(
        (await device.call('moment', { workspace, work: board, at: { now: true } })) as Parameters<typeof readBoard>[0],
      )
    const card = newEntity()
    const { columns } = await boardOn(ann)
    const columnOf = (isDone: boolean) => columns.find((one) => one.done === isDone)?.id ?? ''
    const [column, done] = [columnOf(false), columnOf(true)]
    const report = { title: 'Report', repeat: 'weekly', due: '2026-11-27', description: 'Collect' }
    await run(ann, [{ mutation: 'addCard', args: { card, column, order: 'a5', ...report } }])
    await expectSame(world)
    const finish = async (device: TestDevice) => {
      const now = await boardOn(device)
      const next = nextCard(now, now.cardsById.get(card)!, done, '2026-11-27' as Day, () => 'a6')!
      await run(device, [{ mutation: 'moveCard', args: { card, column: done, order: 'a1' } }, ...next.calls])
      return next.id
    }
    const write = (device: TestDevice, mutation: string, args: Record<string, unknown>) =>
      run(device, [{ mutation, args: { card: next, ...args } }])

    await bo.call('setWorkOffline', { offline: true })
    // Whoever has written more there begins it later.
    const later = { card: newEntity(), title: 'Hull', column, order: 'a8' }
    await run(name === 'Ann' ? ann : bo, [{ mutation: 'addCard', args: later }])
    const next = await finish(ann)
    await expectSame(world, [ann, phone])
    for (const device of [ann, phone]) await device.call('setWorkOffline', { offline: true })
    expect(await finish(bo)).toBe(next)
    await write(ann, 'setPriority', { priority: 'urgent' })
    await write(ann, 'addChecklistItem', { item: newEntity(), text: 'Ask Lin', order: 'a5' })
    await writeDescription(ann, workspace, board, next, ' hers')
    await write(bo, 'setPriority', { priority: 'low' })
    await write(bo, 'retitleCard', { title: 'Report on sales' })
    await writeDescription(bo, workspace, board, next, ' his')
    for (const device of [ann, bo]) await device.call('markSeen', { workspace, work: board })
    const meant = {
      priority: new Map([
        [ann, 'urgent'],
        [bo, 'low'],
      ]),
      description: new Map([
        [ann, 'Collect hers'],
        [bo, 'Collect his'],
      ]),
    }
    for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: false })
    const whose = new Map<PersonId, TestDevice>()
    for (const device of [ann, bo]) whose.set((await device.state(workspace)).me, device)
    for (const device of [ann, bo])
      await until(() => {
        const found = Object.fromEntries(
          (told.get(device) ?? [])
            .filter(({ path }) => path[1] === next)
            .map(({ path, values }) => [path[2], new Map(values.map(({ value, by }) => [whose.get(by!), value]))]),
        )
        expect(found).toEqual(meant)
      })
    expect(told.get(ann)).toEqual(told.get(bo))
    const shown = name === 'Ann' ? ann : bo
    for (const device of [ann, bo]) {
      await until(async () =>
        expect((await boardOn(device)).cardsById.get(next)).toMatchObject({
          ...{ title: 'Report on sales', checklist: [{ text: 'Ask Lin' }] },
          priority: meant.priority.get(shown),
        }),
      )
      const { changes } = await device.call('news', { workspace, work: board, limit: 100 })
      const fields = changes.filter(({ id }) => id === next).flatMap((change) => change.fields)
      const theirs = device === ann ? ['title'] : ['checklist']
      expect(fields.map(({ path: [field] }) => field).toSorted()).toEqual(
        [...theirs, ...(device !== shown ? ['priority'] : [])].toSorted(),
      )
    }
    for (const field of ['priority', 'description'] as const) {
      const device = field === 'priority' ? ann : bo
      const values = told.get(device)?.find(({ path }) => path[1] === next && path[2] === field)?.values ?? []
      const value = values[which === 'the hidden one' ? 1 : 0]?.value
      if (field === 'description') await write(device, 'keepDescription', { text: value })
      else await write(device, 'setPriority', { priority: value })
      for (const one of [ann, bo])
        await until(() => expect((told.get(one) ?? []).filter(({ path }) => path[2] === field)).toEqual([]))
      const now =
        field === 'description'
          ? plainText((await bo.call('descriptions', { workspace, work: board })).texts[next] ?? [])
          : (await boardOn(bo)).cardsById.get(next)?.[field]
      expect(now).toBe(value)
    }
    const descriptionNow = async () =>
      plainText((await bo.call('descriptions', { workspace, work: board })).texts[next] ?? [])
    const kept = await descriptionNow()
    if (which === 'the hidden one')
      for (const [way, text] of [
        ['undo', meant.description.get(shown)],
        ['redo', kept],
      ] as const) {
        await bo.call(way, { workspace, work: board, tab: bo.tab })
        expect(await descriptionNow()).toBe(text)
      }
    // Ann's telephone wrote in hers, and was not there.
    await write(phone, 'setEstimate', { estimate: 40 })
    await writeDescription(phone, workspace, board, next, ' later')
    await phone.call('setWorkOffline', { offline: false })
    for (const device of world.devices)
      await until(() => {
        const fields = (told.get(device) ?? []).filter(({ path }) => path[1] === next)
        const text = fields.find(({ path }) => path[2] === 'description')
        expect(fields.filter(({ path }) => path[2] === 'estimate')).toEqual([])
        expect(text?.values.map(({ value }) => String(value).includes('later'))).toEqual(
          shown === bo ? [false, true] : undefined,
        )
      })
    await expectSame(world)
    await until(async () =>
      expect((await boardOn(phone)).cardsById.get(next)).toMatchObject({ archived: false, estimate: 40 }),
    )
  },
)

test('Ann and Bo, apart, finish a card that repeats, and each ticks another item of the next one and puts one in: all of that is in it, nobody is asked, and each takes back what was theirs', async () => {
  const { world, told, commit } = await boardOfAnnAndBo()
  const { workspace, board } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  const boardOn = async (device: TestDevice) =>
    readBoard(
      (await device.call('moment', { workspace, work: board, at: { now: true } })) as Parameters<typeof readBoard>[0],
    )
  const card = newEntity()
  const { columns } = await boardOn(ann)
  const columnOf = (isDone: boolean) => columns.find((one) => one.done === isDone)?.id ?? ''
  const [column, done] = [columnOf(false), columnOf(true)]
  const checklist = ['Pens', 'Paper'].map((text, at) => ({ item: newEntity(), text, order: `a${at + 1}` }))
  await commit(ann, [
    'addCard',
    { card, column, order: 'a5', title: 'Buy', repeat: 'weekly', due: '2026-11-27', checklist },
  ])
  await expectSame(world)
  await bo.call('setWorkOffline', { offline: true })
  const next = nextCardId(card)
  for (const [device, at, text] of [
    [ann, 0, 'Ink'],
    [bo, 1, 'Glue'],
  ] as const) {
    const now = await boardOn(device)
    const follows = nextCard(now, now.cardsById.get(card)!, done, '2026-11-27' as Day, () => 'a6')!
    const calls = [{ mutation: 'moveCard', args: { card, column: done, order: 'a1' } }, ...follows.calls]
    await device.call('commit', { workspace, work: board, tab: device.tab, calls })
    const item = (await boardOn(device)).cardsById.get(next)?.checklist[at]?.id
    await commit(device, ['addChecklistItem', { card: next, item: newEntity(), text, order: `a${at + 5}` }])
    await commit(device, ['tickChecklistItem', { card: next, item, done: true }])
  }
  await bo.call('setWorkOffline', { offline: false })
  const is = async (...ticked: boolean[]) => {
    for (const device of [ann, bo])
      await until(async () => {
        const items = (await boardOn(device)).cardsById.get(next)?.checklist
        expect(items?.map((one) => one.text)).toEqual(['Pens', 'Paper', 'Ink', 'Glue'])
        expect(items?.map((one) => one.done)).toEqual([...ticked, false, false])
        expect(told.get(device) ?? []).toEqual([])
      })
  }
  const take = (device: TestDevice, way: 'undo' | 'redo') =>
    device.call(way, { workspace, work: board, tab: device.tab })
  await is(true, true)
  await expectSame(world)
  expect(await take(ann, 'undo')).toMatchObject({ done: 'undone' })
  await is(false, true)
  expect(await take(bo, 'undo')).toMatchObject({ done: 'undone' })
  await is(false, false)
  expect(await take(bo, 'redo')).toMatchObject({ done: 'undone' })
  expect(await take(ann, 'redo')).toMatchObject({ done: 'undone' })
  await is(true, true)
})

test.each(['Ann', 'Bo'].flatMap((worker) => ['hers', 'his'].map((shown) => [worker, shown] as const)))(
  'Ann and Bo, apart, finish a card that repeats, and %s alone works on the next one, which is %s: all of that is in it, nobody is asked, and it can be taken back and done again, step by step',
  async (worker, shown) => {
    const { world, told, commit } = await boardOfAnnAndBo()
    const { workspace, board } = world
    const [ann, bo] = world.devices as [TestDevice, TestDevice]
    const boardOn = async (device: TestDevice) =>
      readBoard(
        (await device.call('moment', { workspace, work: board, at: { now: true } })) as Parameters<typeof readBoard>[0],
      )
    const card = newEntity()
    const { columns } = await boardOn(ann)
    const columnOf = (isDone: boolean) => columns.find((one) => one.done === isDone)?.id ?? ''
    const [column, done] = [columnOf(false), columnOf(true)]
    const checklist = [{ item: newEntity(), text: 'Count', order: 'a1' }]
    const report = { title: 'Report', repeat: 'weekly', due: '2026-11-27', description: 'Collect', checklist }
    await commit(ann, ['addCard', { card, column, order: 'a5', ...report }])
    await expectSame(world)
    await bo.call('setWorkOffline', { offline: true })
    // Whoever has written more there begins it later.
    const later = { card: newEntity(), title: 'Hull', column, order: 'a8', description: 'Paint all of it' }
    await commit(shown === 'hers' ? ann : bo, ['addCard', later])
    for (const device of [ann, bo]) {
      const now = await boardOn(device)
      const next = nextCard(now, now.cardsById.get(card)!, done, '2026-11-27' as Day, () => 'a6')!
      const calls = [{ mutation: 'moveCard', args: { card, column: done, order: 'a1' } }, ...next.calls]
      await device.call('commit', { workspace, work: board, tab: device.tab, calls })
    }
    const next = nextCardId(card)
    const own = worker === 'Ann' ? ann : bo
    const [item = ''] = (await boardOn(own)).cardsById.get(next)?.checklist.map(({ id }) => id) ?? []
    await commit(own, ['retitleCard', { card: next, title: 'Report on sales' }])
    await commit(own, ['tickChecklistItem', { card: next, item, done: true }])
    await writeDescription(own, workspace, board, next, ' all')
    await commit(own, ['setPriority', { card: next, priority: 'high' }])
    await bo.call('setWorkOffline', { offline: false })
    const textOn = async (device: TestDevice) =>
      plainText((await device.call('descriptions', { workspace, work: board })).texts[next] ?? [])
    const is = async (title: string, ticked: boolean, text: string, priority: string | null) => {
      for (const device of [ann, bo])
        await until(async () => {
          expect((await boardOn(device)).cardsById.get(next)).toMatchObject({
            ...{ title, priority, checklist: [{ done: ticked }] },
          })
          expect(await textOn(device)).toBe(text)
          expect(told.get(device) ?? []).toEqual([])
        })
    }
    const take = async (way: 'undo' | 'redo') =>
      expect(await own.call(way, { workspace, work: board, tab: own.tab })).toMatchObject({ done: 'undone' })
    await is('Report on sales', true, 'Collect all', 'high')
    await expectSame(world)
    for (const _ of [1, 2]) {
      await take('undo')
      await is('Report on sales', true, 'Collect all', null)
      await take('undo')
      await is('Report on sales', true, 'Collect', null)
      await take('undo')
      await is('Report on sales', false, 'Collect', null)
      await take('undo')
      await is('Report', false, 'Collect', null)
      await take('redo')
      await take('redo')
      await is('Report on sales', true, 'Collect', null)
      await take('redo')
      await is('Report on sales', true, 'Collect all', null)
      await take('redo')
      await is('Report on sales', true, 'Collect all', 'high')
    }
  },
)

const paragraph = (is: Paragraph['is'], text: string, level?: number): Paragraph => ({
  ...{ is, within: [], runs: [{ text }] },
  ...(level !== undefined && { level }),
})
const bullet = (text: string) => paragraph('unordered-list-item', text)
const numbered = (text: string) => paragraph('ordered-list-item', text)
const heading = (level: number, text: string) => paragraph('heading', text, level)

/** Cards of which each has these descriptions: at first, as Ann makes it, and as Bo makes it apart. */
async function descriptionsApart(...cards: [first: Formatted, hers: Formatted, his: Formatted][]) {
  const { world, told, commit } = await boardOfAnnAndBo()
  const { workspace, board, column } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  const write = (device: TestDevice, card: string, text: Formatted) =>
    formatDescription(device, workspace, board, card, text)
  const ids = cards.map(() => newEntity())
  for (const [at, [first]] of cards.entries()) {
    const card = ids[at] ?? ''
    await commit(ann, ['addCard', { card, title: `Card ${at}`, column, order: 'a5', description: plainText(first) }])
    await write(ann, card, first)
  }
  await expectSame(world)
  await bo.call('setWorkOffline', { offline: true })
  for (const [at, [, hers, his]] of cards.entries()) {
    await write(ann, ids[at] ?? '', hers)
    await write(bo, ids[at] ?? '', his)
  }
  await bo.call('setWorkOffline', { offline: false })
  await expectSame(world)
  const textOf = async (device: TestDevice, card: string) =>
    (await device.call('descriptions', { workspace, work: board })).texts[card]
  const [hers, his] = [(await ann.state(workspace)).me, (await bo.state(workspace)).me]
  return { world, told, commit, ann, bo, ids, write, textOf, hers, his }
}

test.each(['the format that counts', 'the other format'])(
  'Ann makes a paragraph of a description a bulleted list, Bo, apart, a numbered one: both are told of both, by whom, until %s is kept; that is taken back, and done again',
  async (which) => {
    const words = 'Ask three suppliers'
    const { world, told, commit, ann, bo, ids, textOf, hers, his } = await descriptionsApart([
      [paragraph('paragraph', 'First'), paragraph('paragraph', words)],
      [paragraph('paragraph', 'First'), bullet(words)],
      [paragraph('paragraph', 'First'), numbered(words)],
    ])
    const { workspace, board } = world
    const [card = ''] = ids
    for (const device of [ann, bo])
      await until(() => {
        const [conflict, ...others] = told.get(device) ?? []
        expect(others).toEqual([])
        expect(conflict).toMatchObject({ path: ['cards', card, 'description', expect.any(String)], of: words })
        expect(new Map(conflict?.values.map(({ value, by }) => [by, value]))).toEqual(
          new Map([
            [hers, { is: 'unordered-list-item' }],
            [his, { is: 'ordered-list-item' }],
          ]),
        )
      })
    const asked = told.get(bo)
    expect(told.get(ann)).toEqual(asked)
    const [conflict] = asked ?? []
    const counts = (await textOf(bo, card))?.[1]?.is
    expect(conflict?.values[0]?.value).toEqual({ is: counts })
    const form = conflict?.values[which === 'the other format' ? 1 : 0]?.value as { is: string }
    await commit(bo, ['keepFormat', { card, block: conflict?.path[3], format: form }])
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
    await expectSame(world)
    for (const device of [ann, bo])
      expect((await textOf(device, card))?.map(({ is }) => is)).toEqual(['paragraph', form.is])
    const { entries } = await ann.call('history', { workspace, work: board, limit: 1, entity: card })
    expect(entries[0]?.sentence).toEqual({
      en: 'Chose a format in the description of “Card 0”',
      'zh-CN': '选定了“Card 0”的描述中的格式',
    })
    expect(await bo.call('undo', { workspace, work: board, tab: bo.tab })).toMatchObject({ done: 'undone' })
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual(asked))
    expect((await textOf(ann, card))?.[1]?.is).toBe(counts)
    await bo.call('redo', { workspace, work: board, tab: bo.tab })
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
    expect((await textOf(ann, card))?.[1]?.is).toBe(form.is)
  },
)

test('of two formats that Ann and Bo, apart, gave one paragraph each is told that differs; where they agree, or one only wrote in it or took it out, nothing', async () => {
  const text = paragraph('paragraph', 'Tar')
  const cards: Record<string, [Formatted, Formatted, Formatted]> = {
    levels: [[text], [heading(1, 'Tar')], [heading(3, 'Tar')]],
    lower: [[heading(1, 'Tar')], [heading(2, 'Tar')], [heading(3, 'Tar')]],
    plain: [[heading(1, 'Tar')], [text], [heading(2, 'Tar')]],
    quoted: [[bullet('Tar')], [paragraph('blockquote', 'Tar')], [paragraph('code-block', 'Tar')]],
    same: [[text], [heading(2, 'Tar')], [heading(2, 'Tar')]],
    written: [[text], [heading(2, 'Tar')], [paragraph('paragraph', 'Tar and rope')]],
    gone: [[text, paragraph('paragraph', 'Rope')], [text, bullet('Rope')], [text]],
  }
  const { world, told, commit, ann, bo, ids, write, textOf, hers, his } = await descriptionsApart(
    ...Object.values(cards),
  )
  const idOf = (name: string) => ids[Object.keys(cards).indexOf(name)] ?? ''
  const wanted = new Map(
    Object.entries({
      levels: [
        { is: 'heading', level: 1 },
        { is: 'heading', level: 3 },
      ],
      lower: [
        { is: 'heading', level: 2 },
        { is: 'heading', level: 3 },
      ],
      plain: [{ is: 'paragraph' }, { is: 'heading', level: 2 }],
      quoted: [{ is: 'blockquote' }, { is: 'code-block' }],
    }).map(([name, [hers, his]]) => [idOf(name), { hers, his }]),
  )
  const said = (device: TestDevice) =>
    new Map(
      told.get(device)?.map(({ path, values }) => {
        const valueBy = (person: PersonId) => values.find(({ by }) => by === person)?.value
        return [path[1], { hers: valueBy(hers), his: valueBy(his) }]
      }),
    )
  for (const device of [ann, bo]) await until(() => expect(said(device)).toEqual(wanted))
  // Whoever formats it anew knows of both.
  await write(ann, idOf('levels'), [heading(2, 'Tar')])
  await write(bo, idOf('quoted'), [numbered('Tar')])
  await write(bo, idOf('plain'), [paragraph('code-block', 'Tar')])
  for (const device of [ann, bo]) await until(() => expect([...said(device).keys()]).toEqual([idOf('lower')]))
  // What Ann takes out is no question any more, and nothing is written there by a choice that comes too late.
  const late = told.get(bo)?.[0]
  await write(ann, idOf('lower'), [])
  for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
  await commit(bo, ['keepFormat', { card: idOf('lower'), block: late?.path[3], format: late?.values[0]?.value }])
  await expectSame(world)
  for (const device of [ann, bo]) expect(await textOf(device, idOf('lower'))).toBeUndefined()
})

test.each(['the address that counts', 'the other address'])(
  'Ann corrects a link of a description, Bo, apart, gives it another address: both are told of both, by whom, until %s is kept; that is taken back, and done again',
  async (which) => {
    const linked = (link: string) => [
      {
        is: 'paragraph' as const,
        within: [],
        runs: [{ text: 'Ask ' }, { text: 'the supplier', link }, { text: ' now' }],
      },
    ]
    const [first, one, other] = ['https://old.example', 'https://one.example', 'https://other.example']
    const { world, told, commit, ann, bo, ids, textOf, hers, his } = await descriptionsApart([
      linked(first),
      linked(one),
      linked(other),
    ])
    const { workspace, board } = world
    const [card = ''] = ids
    const linkOn = async (device: TestDevice) => (await textOf(device, card))?.[0]?.runs[1]?.link
    for (const device of [ann, bo])
      await until(() => {
        const [conflict, ...others] = told.get(device) ?? []
        expect(others).toEqual([])
        expect(conflict).toMatchObject({ path: ['cards', card, 'description', expect.any(String), expect.any(String)] })
        expect(conflict?.of).toBe('the supplier')
        expect(new Map(conflict?.values.map(({ value, by }) => [by, value]))).toEqual(
          new Map([
            [hers, one],
            [his, other],
          ]),
        )
      })
    const asked = told.get(bo)
    expect(told.get(ann)).toEqual(asked)
    const [{ path, values } = { path: [], values: [] }] = asked ?? []
    const counts = await linkOn(bo)
    expect(values[0]?.value).toBe(counts)
    const kept = values[which === 'the other address' ? 1 : 0]?.value
    await commit(bo, ['keepLink', { card, from: path[3], to: path[4], link: kept }])
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
    await expectSame(world)
    for (const device of [ann, bo]) expect(await linkOn(device)).toBe(kept)
    const { entries } = await ann.call('history', { workspace, work: board, limit: 1, entity: card })
    expect(entries[0]?.sentence).toEqual({
      en: 'Chose a link in the description of “Card 0”',
      'zh-CN': '选定了“Card 0”的描述中的链接',
    })
    await writeDescription(ann, workspace, board, card, ', please')
    await expectSame(world)
    expect(await bo.call('undo', { workspace, work: board, tab: bo.tab })).toMatchObject({ done: 'undone' })
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual(asked))
    expect(await linkOn(ann)).toBe(counts)
    expect(plainText((await textOf(ann, card)) ?? [])).toBe('Ask the supplier now, please')
    await bo.call('redo', { workspace, work: board, tab: bo.tab })
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
    expect(await linkOn(ann)).toBe(kept)
  },
)

test('Ann and Bo, apart, write other words in place of the same ones: both are told, by whom, and the words that are kept are the text of both; that is taken back', async () => {
  const priced = (price: string) => [paragraph('paragraph', `The price is ${price} euro`)]
  const { world, told, commit, ann, bo, ids, textOf, hers, his, write } = await descriptionsApart([
    priced('100'),
    priced('120'),
    priced('150'),
  ])
  const { workspace, board } = world
  const [card = ''] = ids
  const textNow = async (device: TestDevice) => plainText((await textOf(device, card)) ?? [])
  for (const device of [ann, bo]) await until(() => expect(told.get(device)).toHaveLength(1))
  expect(told.get(ann)).toEqual(told.get(bo))
  const [{ path, values, of } = { path: [], values: [], of: '' }] = told.get(bo) ?? []
  expect(path).toEqual(['cards', card, 'description', expect.any(String), expect.any(String), 'words'])
  const both = await textNow(bo)
  expect(of).toBe(both)
  const [stands, ...each] = values
  expect(stands?.by).toBeNull()
  expect(both).toContain((stands?.value as { together: string }).together)
  expect(new Map(each.map(({ by, value }) => [by, value]))).toEqual(
    new Map([
      [hers, expect.stringContaining('2')],
      [his, expect.stringContaining('5')],
    ]),
  )
  const mine = each.find(({ by }) => by === his)?.value
  await commit(bo, ['keepWords', { card, from: path[3], to: path[4], words: mine }])
  for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
  await expectSame(world)
  expect(await textNow(ann)).toBe('The price is 150 euro')
  const { entries } = await ann.call('history', { workspace, work: board, limit: 1, entity: card })
  expect(entries[0]?.sentence.en).toBe('Chose words in the description of “Card 0”')
  // What is written elsewhere in it meanwhile stays.
  await writeDescription(ann, workspace, board, card, ', fixed')
  await expectSame(world)
  const mineIs = { workspace, work: board, tab: bo.tab }
  expect(await bo.call('undo', mineIs)).toMatchObject({ done: 'undone' })
  await expectSame(world)
  expect(await textNow(ann)).toBe(`${both}, fixed`)
  for (const device of [ann, bo])
    await until(() => expect(told.get(device)?.map((one) => one.values)).toEqual([values]))
  expect(await bo.call('redo', mineIs)).toMatchObject({ done: 'undone' })
  for (const device of [ann, bo]) await until(() => expect(told.get(device)).toEqual([]))
  await expectSame(world)
  expect(await textNow(ann)).toBe('The price is 150 euro, fixed')
  // Once Ann has put another price in its place, that counts, and Bo is told so.
  await write(ann, card, [paragraph('paragraph', 'The price is 99 euro, fixed')])
  await expectSame(world)
  expect(await bo.call('undo', mineIs)).toMatchObject({ done: 'away', instead: ['Ann'] })
  await expectSame(world)
  expect(await textNow(ann)).toBe('The price is 99 euro, fixed')
})

test('whoever keeps what stands there of words, formats and a title at once, and takes that back, is asked of all of them again; done again, of none', async () => {
  const priced = (price: string) => [paragraph('paragraph', `The price is ${price} euro`)]
  const { world, told, commit, ann, bo, ids } = await descriptionsApart(
    [priced('100'), priced('120'), priced('150')],
    [priced('300'), priced('220'), priced('450')],
    [[paragraph('paragraph', 'Tar')], [bullet('Tar')], [numbered('Tar')]],
  )
  const { workspace, board } = world
  const [card = ''] = ids
  await bo.call('setWorkOffline', { offline: true })
  await commit(ann, ['retitleCard', { card, title: 'Hers' }])
  await commit(bo, ['retitleCard', { card, title: 'His' }])
  await bo.call('setWorkOffline', { offline: false })
  for (const device of [ann, bo]) await until(() => expect(told.get(device)).toHaveLength(4))
  const values = () => told.get(ann)?.map((one) => [one.path[1], one.path[2], one.values])
  const before = values()
  const mineIs = { workspace, work: board, tab: bo.tab }
  const keepAll = () =>
    (told.get(bo) ?? []).map(({ path, values: [counts] }): [string, Record<string, unknown>] => {
      if (path[2] === 'title') return ['retitleCard', { card: path[1], title: counts?.value }]
      if (path[4] === undefined) return ['keepFormat', { card: path[1], block: path[3], format: counts?.value }]
      const { together } = counts?.value as { together: string }
      return ['keepWords', { card: path[1], from: path[3], to: path[4], words: together }]
    })
  const words = () => keepAll().filter(([name]) => name === 'keepWords')
  for (const some of [keepAll, words, keepAll]) {
    const calls = some()
    await bo.call('commit', {
      ...{ ...mineIs, choice: true },
      calls: calls.map(([mutation, args]) => ({ mutation, args })),
    })
    const left = 4 - calls.length
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toHaveLength(left))
    for (let round = 0; round < 2; round++) {
      const undone = await bo.call('undo', mineIs)
      expect(undone).toMatchObject({ done: 'undone' })
      expect(undone.done === 'undone' && undone.sentence.en).toMatch(
        /[Cc]hose words in the description of “.* and 1 other card/,
      )
      for (const device of [ann, bo]) await until(() => expect(told.get(device)).toHaveLength(4))
      await expectSame(world)
      expect(values()).toEqual(before)
      await bo.call('redo', mineIs)
      for (const device of [ann, bo]) await until(() => expect(told.get(device)).toHaveLength(left))
    }
    await bo.call('undo', mineIs)
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toHaveLength(4))
  }
})

test('Bo chooses a format, and what Ann writes in that description afterwards stays where he takes the choice back', async () => {
  const { world, told, commit, ann, bo, ids, textOf } = await descriptionsApart([
    [paragraph('paragraph', 'Tar')],
    [heading(1, 'Tar')],
    [bullet('Tar')],
  ])
  const { workspace, board } = world
  const [card = ''] = ids
  await until(() => expect(told.get(bo)).toHaveLength(1))
  const [{ path, values } = { path: [], values: [] }] = told.get(bo) ?? []
  const [counts, other] = values.map(({ value }) => value as { is: string })
  await commit(bo, ['keepFormat', { card, block: path[3], format: other }])
  await expectSame(world)
  await writeDescription(ann, workspace, board, card, ' and rope')
  await expectSame(world)
  expect(await bo.call('undo', { workspace, work: board, tab: bo.tab })).toMatchObject({ done: 'undone' })
  await expectSame(world)
  for (const device of [ann, bo])
    expect(await textOf(device, card)).toMatchObject([{ is: counts?.is, runs: [{ text: 'Tar and rope' }] }])
})

test('Ann makes a paragraph a heading and takes that back; that Bo, apart, makes it a list is not lost with it', async () => {
  const { world, told, ann, bo, ids, write, textOf } = await descriptionsApart([
    [paragraph('paragraph', 'Tar')],
    [paragraph('paragraph', 'Tar')],
    [bullet('Tar')],
  ])
  const { workspace, board } = world
  const [card = ''] = ids
  await ann.call('setWorkOffline', { offline: true })
  await write(bo, card, [numbered('Tar')])
  await write(ann, card, [heading(2, 'Tar')])
  await ann.call('undo', { workspace, work: board, tab: ann.tab, text: card })
  expect(await textOf(ann, card)).toMatchObject([{ is: 'unordered-list-item' }])
  await ann.call('setWorkOffline', { offline: false })
  await expectSame(world)
  // What she took back stands beside what he wrote: both are told.
  for (const device of [ann, bo])
    await until(() =>
      expect(new Set(told.get(device)?.[0]?.values.map(({ value }) => value))).toEqual(
        new Set([{ is: 'unordered-list-item' }, { is: 'ordered-list-item' }]),
      ),
    )
  expect(await textOf(ann, card)).toHaveLength(1)
})

const madeApart = (what: 'a format' | 'a link'): readonly [Formatted, Formatted, Formatted] => {
  const linked = (link?: string): Formatted => [
    { ...paragraph('paragraph', ''), runs: [{ text: 'Tar', ...(link && { link }) }] },
  ]
  if (what === 'a link') return [linked(), linked('https://a.example'), linked('https://b.example')]
  return [[paragraph('paragraph', 'Tar')], [bullet('Tar')], [numbered('Tar')]]
}
const CROSSED = [
  ['a-', 'b-', 'a+', 'b+'],
  ['a-', 'b-', 'b+', 'a+'],
  ['b-', 'a-', 'a+', 'b+'],
  ['b-', 'a-', 'b+', 'a+'],
]
test.each(
  (['a format', 'a link'] as const).flatMap((what) => CROSSED.map((turns) => [what, turns.join(' '), turns] as const)),
)(
  '%s that two gave apart, took back and gave again across each other is asked about on both devices: %s',
  async (what, _, turns) => {
    const { world, told, ann, bo, ids } = await descriptionsApart([...madeApart(what)])
    const { workspace, board } = world
    const [card = ''] = ids
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toHaveLength(1))
    for (const [nth, turn] of turns.entries()) {
      const device = turn.startsWith('a') ? ann : bo
      const way = turn.endsWith('-') ? 'undo' : 'redo'
      expect(await device.call(way, { workspace, work: board, tab: device.tab, text: card }), turn).toMatchObject({
        done: 'undone',
      })
      await expectSame(world)
      const isBoth = nth === turns.length - 1
      for (const one of [ann, bo]) await until(() => expect(told.get(one), turn).toHaveLength(isBoth ? 1 : 0))
    }
  },
)

test.each((['a format', 'a link'] as const).flatMap((what) => [0, 1].map((which) => [what, which] as const)))(
  '%s that Ann chose is chosen again once she has done again what she had made of it herself, and so is it taken back (value %i)',
  async (what, which) => {
    const { world, told, commit, ann, bo, ids, textOf } = await descriptionsApart([...madeApart(what)])
    const { workspace, board } = world
    const [card = ''] = ids
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toHaveLength(1))
    const [{ path, values } = { path: [], values: [] }] = told.get(ann) ?? []
    const value = values[which]?.value
    await commit(
      ann,
      what === 'a format'
        ? ['keepFormat', { card, block: path[3], format: value }]
        : ['keepLink', { card, from: path[3], to: path[4], link: value }],
    )
    const chosen = await textOf(ann, card)
    const turn = async (way: 'undo' | 'redo', isAsked: boolean) => {
      const result = await ann.call(way, { workspace, work: board, tab: ann.tab, text: card })
      expect(result).toMatchObject({ done: 'undone' })
      await expectSame(world)
      for (const one of [ann, bo]) await until(() => expect(told.get(one)).toHaveLength(isAsked ? 1 : 0))
      return result
    }
    for (let round = 0; round < 2; round++) {
      await turn('undo', true)
      await turn('undo', false)
      await turn('redo', true)
      expect(await turn('redo', false)).not.toHaveProperty('kept')
      for (const one of [ann, bo]) expect(await textOf(one, card)).toEqual(chosen)
    }
  },
)

test('formats of two descriptions that are kept at once, after theirs were taken back and done again, are asked about again when that is taken back', async () => {
  const { world, told, commit, ann, bo, ids } = await descriptionsApart(
    [...madeApart('a format')],
    [...madeApart('a format')],
  )
  const { workspace, board } = world
  for (const card of ids)
    for (const way of ['undo', 'redo'] as const) {
      await ann.call(way, { workspace, work: board, tab: ann.tab, text: card })
      await expectSame(world)
    }
  const isAsked = async (count: number) => {
    for (const device of [ann, bo]) await until(() => expect(told.get(device)).toHaveLength(count))
  }
  await isAsked(2)
  const chosen = (told.get(ann) ?? []).map(({ path, values }): [string, Record<string, unknown>] => [
    'keepFormat',
    { card: path[1], block: path[3], format: values[1]?.value },
  ])
  await commit(ann, ...chosen)
  await isAsked(0)
  await ann.call('undo', { workspace, work: board, tab: ann.tab })
  await isAsked(2)
})

test.each(['the card', 'the board'])(
  'an item that Bo ticks apart is no more gone in silence when Ann brings %s back to before it: both are told, and her undo leaves it ticked',
  async (which) => {
    const { world, told, commit } = await boardOfAnnAndBo()
    const { workspace, board, column } = world
    const [ann, bo] = world.devices as [TestDevice, TestDevice]
    const [card, sand, gone] = [newEntity(), newEntity(), newEntity()]
    await commit(ann, ['addCard', { card, title: 'Hull', column, order: 'a5' }])
    const { version } = await ann.call('nameVersion', { workspace, work: board, tab: ann.tab, name: 'Start' })
    await commit(ann, ['addChecklistItem', { card, item: sand, text: 'Sand', order: 'a5' }])
    await commit(ann, ['addChecklistItem', { card, item: gone, text: 'Paint', order: 'a6' }])
    await commit(ann, ['removeChecklistItem', { card, item: gone }])
    await expectSame(world)
    await bo.call('setWorkOffline', { offline: true })
    await commit(bo, ['tickChecklistItem', { card, item: sand, done: true }])
    const entry = which === 'the card' ? { entry: { collection: 'cards', id: card } } : {}
    const back = () => ann.call('restoreMoment', { workspace, work: board, tab: ann.tab, at: { version }, ...entry })
    expect(await back()).toMatchObject({ changed: 1 })
    // What had been taken away already is as it was then.
    expect(await back()).toMatchObject({ group: null, changed: 0 })
    await bo.call('setWorkOffline', { offline: false })
    for (const device of [ann, bo])
      await until(() => {
        expect(told.get(device)?.map(({ path }) => path)).toEqual([['cards', card, 'checklist', sand, 'removed']])
        expect(told.get(device)?.[0]?.values).toMatchObject([{ value: true }, { value: { text: 'Sand', done: true } }])
      })
    await ann.call('undo', { workspace, work: board, tab: ann.tab })
    await until(() => expect(told.get(bo)).toEqual([]))
    await expectSame(world)
    const work = await coreOf(bo, workspace).openWork(board)
    const { cardsById } = readBoard(coreOf(bo, workspace).works.plain(work) as Parameters<typeof readBoard>[0])
    expect(cardsById.get(card)?.checklist).toMatchObject([{ text: 'Sand', done: true }])
  },
)
