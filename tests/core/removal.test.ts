import '#tests/support/automerge.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { addCard, coreOf, openWorld, openWorldAt, titlesIn } from '#tests/support/world.ts'
import type { WorkspaceCore } from '#lib/core/workspace-core.ts'
import type { Refusal } from '#lib/kernel/refusal.ts'
import { deviceAt } from '#lib/sync/rights.ts'
import { deviceOf, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { lyingRelay } from '#tests/support/lying-relay.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { writeDescription } from '#tests/support/write-description.ts'

test('Bo, removed while he was offline, finds what he wrote meanwhile as a draft; nobody else ever sees it (A7, R7)', async () => {
  const world = await openWorld()
  const [ann, bo, cai] = world.devices
  const { workspace } = world
  await addCard(world, bo!, 'before')
  await until(async () => expect(await titlesIn(world, ann!)).toContain('before'))
  await bo!.call('setWorkOffline', { offline: true })
  await addCard(world, bo!, 'too late')
  await ann!.call('removeMember', { workspace, person: world.bo })
  await until(async () =>
    expect((await cai!.state(workspace)).people.find(({ id }) => id === world.bo)?.removed).toBe(true),
  )
  await bo!.call('setWorkOffline', { offline: false })
  await until(async () => expect((await bo!.state(workspace)).notices.map(({ code }) => code)).toContain('removed'))
  const drafts = (await bo!.state(workspace)).drafts
  expect(drafts.map(({ reason }) => reason)).toContain('removed')
  expect(drafts.map(({ text }) => text).join()).toContain('too late')
  await addCard(world, cai!, 'afterwards')
  await until(async () => expect(await titlesIn(world, ann!)).toContain('afterwards'))
  for (const device of [ann!, cai!]) expect(await titlesIn(world, device)).not.toContain('too late')
})

test('Bo, removed while he was offline, reads of which card each description is that nobody has, in both languages (R7)', async () => {
  const world = await openWorld()
  const [ann, bo, cai] = world.devices
  const { workspace, board, column } = world
  const cards = { Sails: newEntity(), Ropes: newEntity() }
  for (const [title, card] of Object.entries(cards))
    await bo!.call('commit', {
      workspace,
      work: board,
      tab: bo!.tab,
      calls: [{ mutation: 'addCard', args: { card, title, column, order: 'a5' } }],
    })
  await until(async () => expect(await titlesIn(world, ann!)).toEqual(expect.arrayContaining(Object.keys(cards))))
  await until(async () => expect((await bo!.state(workspace)).sync.state).toBe('synced'))
  await bo!.call('setWorkOffline', { offline: true })
  await writeDescription(bo!, workspace, board, cards.Sails, 'of old canvas')
  await writeDescription(bo!, workspace, board, cards.Ropes, 'forty metres')
  await ann!.call('removeMember', { workspace, person: world.bo })
  await until(async () =>
    expect((await cai!.state(workspace)).people.find(({ id }) => id === world.bo)?.removed).toBe(true),
  )
  await bo!.call('setWorkOffline', { offline: false })
  await until(async () => expect((await bo!.state(workspace)).drafts).not.toHaveLength(0))
  const { drafts } = await bo!.state(workspace)
  const said = drafts.flatMap(({ sentences }) => sentences)
  expect(said.map(({ en }) => en).sort()).toEqual([
    'Changed the description of “Ropes”: forty metres',
    'Changed the description of “Sails”: of old canvas',
  ])
  expect(said.map((sentence) => sentence['zh-CN']).sort()).toEqual([
    '改了“Ropes”的描述：forty metres',
    '改了“Sails”的描述：of old canvas',
  ])
  const { file } = await bo!.call('unsentEdits', { workspace })
  for (const sentence of said) expect(file).toContain(sentence['zh-CN'])
})

test('what Bo goes on writing into descriptions until he sees that he was removed is among what nobody has, after a restart too, and reaches nobody (R7)', async () => {
  const world = await openWorld()
  const [ann, bo, cai] = world.devices
  const { workspace, board, column } = world
  const cards = { Sails: newEntity(), Ropes: newEntity() }
  for (const [title, card] of Object.entries(cards))
    await bo!.call('commit', {
      workspace,
      work: board,
      tab: bo!.tab,
      calls: [{ mutation: 'addCard', args: { card, title, column, order: 'a5' } }],
    })
  await until(async () => expect(await titlesIn(world, ann!)).toEqual(expect.arrayContaining(Object.keys(cards))))
  await bo!.call('setWorkOffline', { offline: true })
  await writeDescription(bo!, workspace, board, cards.Sails, 'of old canvas')
  await ann!.call('removeMember', { workspace, person: world.bo })
  await until(async () =>
    expect((await cai!.state(workspace)).people.find(({ id }) => id === world.bo)?.removed).toBe(true),
  )
  await bo!.call('setWorkOffline', { offline: false })
  await until(async () => expect((await bo!.state(workspace)).drafts).toHaveLength(1))
  // His core knows by now, his screen does not yet.
  await writeDescription(bo!, workspace, board, cards.Sails, ', mended')
  await writeDescription(bo!, workspace, board, cards.Ropes, 'forty metres')
  const said = async () =>
    (await bo!.state(workspace)).drafts.flatMap(({ sentences }) => sentences.map(({ en }) => en)).sort()
  const expected = [
    'Changed the description of “Ropes”: forty metres',
    'Changed the description of “Sails”: of old canvas, mended',
  ]
  await until(async () => expect(await said()).toEqual(expected))
  await bo!.call('settle', {})
  await bo!.restart()
  expect(await said()).toEqual(expected)
  const { file } = await bo!.call('unsentEdits', { workspace })
  for (const text of ['of old canvas, mended', 'forty metres']) expect(file).toContain(text)

  await addCard(world, ann!, 'afterwards')
  await until(async () => expect(await titlesIn(world, cai!)).toContain('afterwards'))
  const { texts } = await cai!.call('descriptions', { workspace, work: board })
  expect(JSON.stringify(texts)).not.toMatch(/canvas|metres/)
})

/** A workspace with a board of Bo's, whose relay from `withhold` on does not say to him that he is gone; and what his screen keeps. */
async function untoldOfHisRemoval() {
  const honest = await startRelay()
  const liar = await lyingRelay(honest.port)
  const world = await openWorldAt(liar.port, ['Bo'])
  const { workspace, board, devices } = world
  const [ann, bo] = devices as [TestDevice, TestDevice]
  await until(async () => expect((await bo.state(workspace)).sync.state).toBe('synced'))
  const boards: number[] = []
  const readOnly: (string | null)[] = []
  const look = () => {
    const core = coreOf(bo, workspace)
    core.watch(({ works, beingRemoved, removed }) => !beingRemoved && !removed && boards.push(works.length))
    core.mirrors.watch(board, (event) => {
      if (event.type === 'state') readOnly.push(event.readOnly)
      if (event.type === 'snapshot') readOnly.push(event.snapshot.readOnly)
    })
    return core
  }
  let ends = 0
  const withhold = () =>
    (liar.lies.down = (message) => {
      if (message.type !== 'gone') return [message]
      ends++
      return []
    })
  const tell = () => {
    liar.lies = {}
    liar.cut()
  }
  /** He has called once more, and was told of that connection. */
  const callsAgain = async () => {
    const before = ends
    await until(() => expect(ends).toBeGreaterThan(before), 20_000)
  }
  const isRemoved = (core: WorkspaceCore) => deviceAt(core.engine.state, core.row.keys.id) === null
  return { world, ann, bo, boards, readOnly, look, withhold, tell, callsAgain, isRemoved }
}

test('between the log that removes Bo and the end of his connection nothing on his screen changes, and what he writes is refused as of somebody removed, or kept (A7, R7)', async () => {
  const { world, ann, bo, boards, readOnly, look, withhold, tell, callsAgain, isRemoved } = await untoldOfHisRemoval()
  const { workspace, board, column } = world
  const card = newEntity()
  const addSails = { mutation: 'addCard', args: { card, title: 'Sails', column, order: 'a5' } }
  await bo.call('commit', { workspace, work: board, tab: bo.tab, calls: [addSails] })
  await until(async () => expect(await titlesIn(world, ann)).toContain('Sails'))
  await until(async () => expect((await bo.state(workspace)).sync.state).toBe('synced'))
  const core = look()
  await until(() => expect(boards).not.toHaveLength(0))

  // What his screens are told next is being put together when the log comes.
  const [isAsked, isGone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { state } = core
  const slow = vi.spyOn(core, 'state').mockImplementation(async () => {
    isAsked.resolve()
    await isGone.promise
    return state.call(core)
  })
  core.tell()
  await isAsked.promise
  withhold()
  await ann.call('removeMember', { workspace, person: world.bo })
  await until(() => expect(isRemoved(core)).toBe(true))
  isGone.resolve()
  slow.mockRestore()
  await writeDescription(bo, workspace, board, card, 'of old canvas')
  const rename = { mutation: 'retitleCard', args: { card, title: 'Three sails' } }
  await expect(bo.call('commit', { workspace, work: board, tab: bo.tab, calls: [rename] })).rejects.toThrow('removed')
  // What was under way is done.
  core.written(board)
  await callsAgain()
  tell()
  await until(async () => expect((await bo.state(workspace)).removed).toBe(true), 20_000)
  await until(async () =>
    expect((await bo.state(workspace)).drafts.map(({ text }) => text)).toEqual(['改了“Sails”的描述：of old canvas']),
  )
  expect(boards).not.toContain(0)
  expect(readOnly.filter((reason) => reason !== null)).toEqual([])
})

test('whatever form Bo hands in between the log that removes him and the end of his connection, or after that, is refused as of somebody removed, so that its words stay his (R7)', async () => {
  const { world, ann, bo, withhold, tell, isRemoved } = await untoldOfHisRemoval()
  const { workspace, board } = world
  await ann.call('setRank', { workspace, person: world.bo, rank: 'admin' })
  const { scope } = await ann.call('createDepartment', { workspace, name: 'Sails' })
  await until(async () => {
    const { rank, scopes } = await bo.state(workspace)
    expect([rank, scopes.find(({ id }) => id === scope)?.name]).toEqual(['admin', 'Sails'])
  })
  const { tab } = bo
  const handsIn = async () => {
    const titled = [{ mutation: 'renameBoard', args: { title: 'Winter' } }]
    const answers = await Promise.allSettled([
      bo.call('createWork', { workspace, kind: 'board', calls: titled }),
      bo.call('createDepartment', { workspace, name: 'Ropes' }),
      bo.call('renameScope', { workspace, scope, name: 'Canvas' }),
      bo.call('createInvite', { workspace, rank: 'member', days: 7, name: 'Cai from the loft' }),
      bo.call('nameVersion', { workspace, work: board, tab, name: 'Before winter' }),
    ])
    return answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as Refusal).code : 'taken'))
  }
  const allRefused = Array.from({ length: 5 }, () => 'removed')
  withhold()
  await ann.call('removeMember', { workspace, person: world.bo })
  await until(() => expect(isRemoved(coreOf(bo, workspace))).toBe(true))
  expect(await handsIn()).toEqual(allRefused)
  tell()
  await until(async () => expect((await bo.state(workspace)).removed).toBe(true), 20_000)
  expect(await handsIn()).toEqual(allRefused)
  expect((await bo.state(workspace)).drafts).toEqual([])
})

test('nor does another core, in place of the one that ended meanwhile, take anything from his screen (A7, R7)', async () => {
  const { world, ann, bo, boards, readOnly, look, withhold, tell, callsAgain, isRemoved } = await untoldOfHisRemoval()
  const { workspace } = world
  withhold()
  await ann.call('removeMember', { workspace, person: world.bo })
  await until(() => expect(isRemoved(coreOf(bo, workspace))).toBe(true))
  await bo.restart()
  expect(isRemoved(look())).toBe(true)
  await callsAgain()
  expect((await bo.state(workspace)).removed).toBe(false)
  tell()
  await until(async () => expect((await bo.state(workspace)).removed).toBe(true), 20_000)
  expect(boards).toEqual([])
  expect(readOnly.filter((reason) => reason !== null)).toEqual([])
})

test('Bo, made a guest while he was offline, finds his two cards as one draft and as two refused edits (R7)', async () => {
  const world = await openWorld()
  const [ann, bo] = world.devices
  const { workspace } = world
  const writable = async () => (await bo!.state(workspace)).works.map((work) => work.writable)
  expect(await writable()).toEqual([true])
  await bo!.call('setWorkOffline', { offline: true })
  for (const title of ['first', 'second']) await addCard(world, bo!, title)
  await ann!.call('setRank', { workspace, person: world.bo, rank: 'guest' })
  await until(async () => expect((await ann!.state(workspace)).sync.state).toBe('synced'))
  await bo!.call('setWorkOffline', { offline: false })
  await until(async () => expect((await bo!.state(workspace)).sync).toEqual({ state: 'refused', count: 2 }))
  const { drafts } = await bo!.state(workspace)
  expect(drafts.map(({ text }) => text)).toEqual([expect.stringMatching(/first.*\n.*second/)])
  expect(await writable()).toEqual([false])
})

test('a removal that Ann decided offline comes through although Bo has gone on writing; what he wrote before stays (A2, A4)', async () => {
  const world = await openWorld()
  const [ann, bo, cai] = world.devices
  const { workspace } = world
  await ann!.call('setWorkOffline', { offline: true })
  await ann!.call('removeMember', { workspace, person: world.bo })
  for (const title of ['one', 'two', 'three']) await addCard(world, bo!, title)
  await until(async () => expect(await titlesIn(world, cai!)).toEqual(expect.arrayContaining(['one', 'two', 'three'])))
  await ann!.call('setWorkOffline', { offline: false })
  await until(async () => expect((await bo!.state(workspace)).notices.map(({ code }) => code)).toContain('removed'))
  await until(async () => expect(await titlesIn(world, ann!)).toEqual(expect.arrayContaining(['one', 'two', 'three'])))
  expect((await ann!.state(workspace)).notices).toEqual([])
})

test('after a removal two devices renew the key at once; what either writes next the other can read (A7)', async () => {
  const world = await openWorld()
  const [ann, , cai] = world.devices
  const { workspace } = world
  await ann!.call('removeMember', { workspace, person: world.bo })
  for (const device of [ann!, cai!])
    await until(() =>
      expect(
        coreOf(device, workspace).engine.log.confirmedState.scopes.get(coreOf(device, workspace).row.rootScope)?.epochs,
      ).toHaveLength(2),
    )
  await addCard(world, ann!, 'from Ann')
  await addCard(world, cai!, 'from Cai')
  for (const device of [ann!, cai!])
    await until(async () =>
      expect(await titlesIn(world, device)).toEqual(expect.arrayContaining(['from Ann', 'from Cai'])),
    )
})

test('Bo, removed while he edits a card, is present nowhere from then on, and the list says what he was', async () => {
  const world = await openWorld()
  const [ann, bo, cai] = world.devices
  const { workspace, board } = world
  const present = async () => (await cai!.state(workspace)).presence.map(({ person }) => person)
  await until(async () => {
    await bo!.call('present', { workspace, tab: bo!.tab, work: board, entity: 'some-card', field: 'title' })
    expect(await present()).toContain(world.bo)
  })
  await ann!.call('removeMember', { workspace, person: world.bo })
  await until(async () => {
    const removed = (await cai!.state(workspace)).people.find(({ id }) => id === world.bo)
    expect(removed).toMatchObject({ removed: true, rank: 'member' })
  })
  expect(await present()).not.toContain(world.bo)
})

test('Bo, who has a card open and goes offline of his own accord, says goodbye first: Ann does not see him there any longer', async () => {
  const world = await openWorld()
  const [ann, bo] = world.devices
  const { workspace, board } = world
  const seen = async () => (await ann!.state(workspace)).presence.map(({ person, entity }) => ({ person, entity }))
  const opens = () => bo!.call('present', { workspace, tab: bo!.tab, work: board, entity: 'some-card', field: 'title' })
  const there = { person: world.bo, entity: 'some-card' }
  await until(async () => {
    await opens()
    expect(await seen()).toContainEqual(there)
  })
  await bo!.call('setWorkOffline', { offline: true })
  // Where he goes meanwhile, nobody hears.
  await opens()
  await until(async () => expect(await seen()).toEqual([]))
  await bo!.call('setWorkOffline', { offline: false })
  await until(async () => expect(await seen()).toContainEqual(there))
})

test('Bo, offline, sees nobody; connected again he and the others see one another without waiting for the next sign of life', async () => {
  // The signs of life that are given every now and then do not come.
  const everyNowAndThen = vi.spyOn(globalThis, 'setInterval').mockImplementation(() => setTimeout(() => undefined))
  onTestFinished(() => everyNowAndThen.mockRestore())
  const world = await openWorld()
  const { workspace, devices } = world
  const [ann, bo] = devices
  const seenBy = async (device = bo!) => (await device.state(workspace)).presence.length
  for (const device of devices)
    await device.call('present', { workspace, tab: device.tab, work: null, entity: null, field: null })
  await until(async () => expect(await seenBy()).toBe(2))
  await bo!.call('setWorkOffline', { offline: true })
  expect(await seenBy()).toBe(0)
  await bo!.call('setWorkOffline', { offline: false })
  await until(async () => expect(await seenBy()).toBe(2))
  await world.restartRelay()
  await until(async () => expect(coreOf(ann!, workspace).engine.connection).toBe('live'))
  for (const device of devices) await until(async () => expect(await seenBy(device)).toBe(2))
})

test('Bo’s device dies without a word: Ann sees him no longer than half a minute, whether or not anybody gives a sign of life (P5)', async () => {
  const relay = await startRelay()
  let later = 0
  const timers: (() => void)[] = []
  const { setTimeout: real } = globalThis
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((then: () => void, ms = 0, ...args: []) => {
    if (ms > 15_000 && ms <= 30_000) timers.push(then)
    return real(then, ms, ...args)
  }) as typeof setTimeout)
  onTestFinished(() => spy.mockRestore())
  const ann = await deviceOf('ann', relay.port, () => Date.now() + later)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  let shown = 0
  onTestFinished(ann.core.handlers.watch('workspace', { workspace }, ({ presence }) => (shown = presence.length)))
  await until(async () => {
    await bo.call('present', { workspace, tab: bo.tab, work: null, entity: null, field: null })
    expect(shown).toBe(1)
  })
  coreOf(bo, workspace).engine.stop()
  await until(() => {
    // What he said last may still be on its way.
    later += 30_000
    for (const then of timers.splice(0)) then()
    expect(shown).toBe(0)
  })
})

test('Bo flips the offline switch back and forth in one breath and is not cut off by it', async () => {
  const world = await openWorld()
  const [ann, bo] = world.devices
  for (let flip = 0; flip < 5; flip++) {
    await bo!.call('setWorkOffline', { offline: true })
    await bo!.call('setWorkOffline', { offline: false })
  }
  await addCard(world, ann!, 'while Bo came and went')
  await until(async () => expect(await titlesIn(world, bo!)).toContain('while Bo came and went'))
})
