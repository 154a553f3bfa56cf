import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import type { Conflict } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { putAwayTold } from '#lib/kernel/put-away.ts'
import { doublesOn, landedOn } from '#lib/kinds/board/landed.ts'
import { annOnOneBoard, call } from '#tests/support/one-board.ts'
import { anyway, conflictOf, deviceOf, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { writeDescription } from '#tests/support/write-description.ts'

const TITLES = ['Mast', 'Rope', 'Sail'] as const

/** Ann moves three cards from “Deck” to “Hold”, and Bo has them before him. */
async function annMovesCards() {
  const { relay, ann, workspace, board: deck, boardOf, commit } = await annOnOneBoard()
  const [column = ''] = (await boardOf(ann, deck)).columns.map(({ id }) => id)
  const place = newEntity()
  const create = async (title: string) => {
    const calls = [call('renameBoard', { title }), call('addColumn', { column: place, title: 'Below', order: 'a1' })]
    return (await ann.call('createWork', { workspace, kind: 'board', calls })).root
  }
  const [hold, shed] = [await create('Hold'), await create('Shed')]
  const move = async (device: TestDevice, card: string, title: string, from: DocId, to: DocId) => {
    const [cut, became] = [newEntity(), newEntity()]
    const { tab } = device
    const args = { card: became, title, column: place, order: 'a0', from: { work: from, entity: card, cut } }
    const { group } = await commit(device, to, call('addCard', args))
    const along = { work: to, group, entries: [[card, became] as const] }
    await device.call('commit', { workspace, work: from, tab, cut, along, calls: [call('archiveCard', { card })] })
    return became
  }
  const cards = TITLES.map((title) => ({ title, card: newEntity() }))
  for (const { title, card } of cards) await commit(ann, deck, call('addCard', { card, title, column, order: 'a0' }))
  const moved = new Map<string, string>()
  for (const { title, card } of cards) moved.set(title, await move(ann, card, title, deck, hold))
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await until(async () => expect((await boardOf(bo, hold)).cardsById.size).toBe(TITLES.length))
  await until(async () => expect((await boardOf(bo, shed)).columns).toHaveLength(1))
  const workOf = async (device: TestDevice) =>
    (await device.state(workspace)).works.find(({ root }) => root === hold) ?? expect.fail('no hold')
  const onHold = (title: string) => moved.get(title) ?? ''
  const onDeck = (title: string) => cards.find((one) => one.title === title)?.card ?? ''
  const his = (await bo.state(workspace)).me
  return { ann, bo, workspace, deck, hold, shed, commit, boardOf, move, workOf, onHold, onDeck, his }
}

test('of cards that Ann moves back while Bo, apart, renames one, archives one and moves one on, other boards are told of what he did, and of the one that is two', async () => {
  const { ann, bo, workspace, deck, hold, shed, commit, move, workOf, onHold, his } = await annMovesCards()
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: true })
  for (const _ of TITLES)
    expect(await ann.call('undo', { workspace, work: deck, tab: ann.tab })).toMatchObject({
      moved: { from: 'First board', to: 'Hold' },
    })
  await commit(bo, hold, call('retitleCard', { card: onHold('Mast'), title: 'Mast of Bo' }))
  await commit(bo, hold, call('archiveCard', { card: onHold('Rope') }))
  await move(bo, onHold('Sail'), 'Sail', hold, shed)
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: false })
  for (const device of [ann, bo])
    await until(async () => {
      const { changedAway, movedApart } = await workOf(device)
      expect(new Map(changedAway.map(({ entity, by }) => [entity, by]))).toEqual(
        new Map([
          [onHold('Mast'), [his]],
          [onHold('Rope'), [his]],
        ]),
      )
      expect(movedApart).toEqual([onHold('Sail')])
    })

  // What is chosen is told no more, nor what both archived once it is in the archive where it was as well.
  await commit(bo, hold, call('archiveCard', { card: onHold('Mast') }))
  const { arrivals } = await workOf(bo)
  const rope = arrivals.find(({ entity }) => entity === onHold('Rope'))?.from.entity
  await commit(bo, deck, call('archiveCard', { card: rope }))
  for (const device of [ann, bo]) await until(async () => expect((await workOf(device)).changedAway).toEqual([]))
})

test('a card that Ann moves back although Bo has moved it on is on both boards because she wants it to be', async () => {
  const { ann, bo, workspace, deck, hold, shed, boardOf, move, workOf, onHold } = await annMovesCards()
  await move(bo, onHold('Sail'), 'Sail', hold, shed)
  await until(async () => expect((await boardOf(ann, shed)).cardsById.size).toBe(1))
  await until(async () => expect((await boardOf(ann, hold)).cardsById.get(onHold('Sail'))?.archived).toBe(true))
  const asked = { workspace, work: deck, tab: ann.tab }
  expect(await anyway(ann, 'undo', asked)).toMatchObject({ done: 'undone', again: true })
  for (const device of [ann, bo])
    await until(async () => {
      const work = await workOf(device)
      expect(work.arrivals.find(({ entity }) => entity === onHold('Sail'))).toMatchObject({ origin: { title: 'Sail' } })
      expect([work.changedAway, work.movedApart]).toEqual([[], []])
    })
  // Or no more: then it is where he has it.
  expect(await ann.call('redo', asked)).toMatchObject({ done: 'undone', moved: { entries: 0 }, away: [{ to: 'Shed' }] })
  const stands = async (work: DocId) =>
    [...(await boardOf(bo, work)).cardsById.values()].some(({ title, archived }) => title === 'Sail' && !archived)
  await until(async () => expect(await stands(deck)).toBe(false))
  expect(await stands(shed)).toBe(true)
})

test('a board has no description yet: the first, which Bo writes, apart, in a card that Ann moves away is told', async () => {
  const { ann, bo, workspace, hold, shed, move, onHold, his, workOf } = await annMovesCards()
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: true })
  await move(ann, onHold('Sail'), 'Sail', hold, shed)
  await writeDescription(bo, workspace, hold, onHold('Sail'), 'Of linen')
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: false })
  for (const device of [ann, bo])
    await until(async () => expect((await workOf(device)).changedAway).toEqual([{ entity: onHold('Sail'), by: [his] }]))
})

test('what Bo wrote in a card before he moved it, too, is told once he takes that back and it stands where Ann moved it', async () => {
  const { ann, bo, workspace, hold, shed, commit, boardOf, move, onHold, his, workOf } = await annMovesCards()
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: true })
  await move(ann, onHold('Mast'), 'Mast', hold, shed)
  await move(ann, onHold('Rope'), 'Rope', hold, shed)
  await commit(bo, hold, call('retitleCard', { card: onHold('Mast'), title: 'Mast of Bo' }))
  await writeDescription(bo, workspace, hold, onHold('Rope'), 'Seven metres')
  await move(bo, onHold('Rope'), 'Rope', hold, shed)
  await move(bo, onHold('Mast'), 'Mast of Bo', hold, shed)
  // Bo takes it back when he knows of her moves.
  for (const device of [ann, bo]) {
    await device.call('setWorkOffline', { offline: false })
    await until(async () => expect((await device.state(workspace)).sync.state).toBe('synced'))
  }
  for (const device of [ann, bo]) await until(async () => expect((await boardOf(device, shed)).cardsById.size).toBe(4))
  for (const device of [ann, bo]) await until(async () => expect((await workOf(device)).changedAway).toEqual([]))
  for (const _ of ['Mast', 'Rope']) await bo.call('undo', { workspace, work: shed, tab: bo.tab })
  for (const device of [ann, bo])
    await until(async () =>
      expect(new Map((await workOf(device)).changedAway.map(({ entity, by }) => [entity, by]))).toEqual(
        new Map([
          [onHold('Mast'), [his]],
          [onHold('Rope'), [his]],
        ]),
      ),
    )
})

test('who chooses that a card stays where Ann moved it has not archived it: not where it is asked by which move it is away, nor in the question when she takes that back', async () => {
  const { ann, bo, workspace, hold, shed, commit, boardOf, move, onHold, his, workOf } = await annMovesCards()
  const mast = onHold('Mast')
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: true })
  const became = await move(ann, mast, 'Mast', hold, shed)
  await commit(bo, hold, call('retitleCard', { card: mast, title: 'Mast of Bo' }))
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: false })
  for (const device of [ann, bo])
    await until(async () => expect((await workOf(device)).changedAway).toEqual([{ entity: mast, by: [his] }]))
  const isAwayByHers = (device: TestDevice) =>
    until(async () =>
      expect(await device.call('movedAway', { workspace, work: hold, entities: [mast] })).toEqual([
        { entity: mast, to: { work: shed, entity: became } },
      ]),
    )
  for (const device of [ann, bo]) await isAwayByHers(device)

  await commit(bo, hold, call('archiveCard', { card: mast }))
  for (const device of [ann, bo]) await until(async () => expect((await workOf(device)).changedAway).toEqual([]))
  for (const device of [ann, bo]) await isAwayByHers(device)
  const asked = conflictOf(await ann.call('undo', { workspace, work: hold, tab: ann.tab }))
  expect(asked.fields).toMatchObject([
    { path: ['cards', mast, 'archived'], mine: true, theirs: true, by: 'Bo', chosen: true },
  ])
  // Whoever takes the choice back leaves her move as it is.
  await bo.call('undo', { workspace, work: hold, tab: bo.tab })
  for (const device of [ann, bo])
    await until(async () => expect((await workOf(device)).changedAway).toEqual([{ entity: mast, by: [his] }]))
  for (const device of [ann, bo]) await isAwayByHers(device)
  await bo.call('redo', { workspace, work: hold, tab: bo.tab })
  for (const device of [ann, bo]) await until(async () => expect((await workOf(device)).changedAway).toEqual([]))
  for (const device of [ann, bo]) await isAwayByHers(device)
  await bo.call('undo', { workspace, work: hold, tab: bo.tab })
  await until(async () => expect((await workOf(ann)).changedAway).toEqual([{ entity: mast, by: [his] }]))
  await commit(ann, hold, call('archiveCard', { card: mast }))
  for (const device of [ann, bo]) await until(async () => expect((await workOf(device)).changedAway).toEqual([]))
  for (const device of [ann, bo]) await isAwayByHers(device)
  expect((await boardOf(ann, hold)).cardsById.get(mast)?.archived).toBe(true)
})

test('what Bo, apart, archives and has back is away by Ann’s move, also where somebody archives it once more', async () => {
  const { ann, bo, workspace, hold, shed, commit, boardOf, move, onHold } = await annMovesCards()
  const mast = onHold('Mast')
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: true })
  await commit(bo, hold, call('archiveCard', { card: mast }))
  await bo.call('undo', { workspace, work: hold, tab: bo.tab })
  const became = await move(ann, mast, 'Mast', hold, shed)
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: false })
  for (const device of [ann, bo]) await until(async () => expect((await boardOf(device, shed)).cardsById.size).toBe(1))
  const isMoved = async () => {
    for (const device of [ann, bo])
      await until(async () =>
        expect(await device.call('movedAway', { workspace, work: hold, entities: [mast] })).toEqual([
          { entity: mast, to: { work: shed, entity: became } },
        ]),
      )
  }
  await isMoved()
  await commit(bo, hold, call('archiveCard', { card: mast }))
  await isMoved()
})

test('whoever chooses that a card which Ann moved is archived there, too, takes both back at once, and does both again', async () => {
  const { ann, bo, workspace, hold, shed, commit, boardOf, move, onHold, his, workOf } = await annMovesCards()
  const mast = onHold('Mast')
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: true })
  const became = await move(ann, mast, 'Mast', hold, shed)
  await commit(bo, hold, call('archiveCard', { card: mast }))
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: false })
  await until(async () => expect((await workOf(bo)).changedAway).toEqual([{ entity: mast, by: [his] }]))
  await commit(ann, shed, call('retitleCard', { card: became, title: 'Mast of Ann' }))
  await until(async () => expect((await boardOf(bo, shed)).cardsById.get(became)?.title).toBe('Mast of Ann'))
  const isArchived = async () => (await boardOf(ann, shed)).cardsById.get(became)?.archived
  const { tab } = bo
  const { group } = await commit(bo, shed, call('archiveCard', { card: became }))
  const calls = [call('archiveCard', { card: mast })]
  await bo.call('commit', { workspace, work: hold, tab, calls, along: { work: shed, group } })
  await until(async () => expect(await isArchived()).toBe(true))
  const again = { workspace, work: hold, tab }
  for (const _ of [1, 2]) {
    expect(await bo.call('undo', again)).toMatchObject({ done: 'undone' })
    await until(async () => expect(await isArchived()).toBe(false))
    expect(await bo.call('redo', again)).toMatchObject({ done: 'undone' })
    await until(async () => expect(await isArchived()).toBe(true))
  }
  // What she does there in between is asked about.
  expect(await bo.call('undo', again)).toMatchObject({ done: 'undone' })
  await until(async () => expect(await isArchived()).toBe(false))
  await commit(ann, shed, call('retitleCard', { card: became, title: 'Mast of Ann, two' }))
  await until(async () => expect((await boardOf(bo, shed)).cardsById.get(became)?.title).toBe('Mast of Ann, two'))
  expect(await bo.call('redo', again)).toMatchObject({
    done: 'ask',
    conflict: { entries: [{ path: ['cards', became], by: ['Ann'], work: shed }] },
  })
})

/** Of cards that Ann has moved to “Hold” she takes the last one back; Bo, apart, moves it on to “Shed”, and that they meet is told as double. */
async function annHasBackWhatBoMovesOn() {
  const boards = await annMovesCards()
  const { ann, bo, workspace, deck, hold, shed, boardOf, commit, move, workOf, onHold } = boards
  const sail = onHold('Sail')
  const told = new Map<TestDevice, readonly Conflict[]>()
  for (const device of [ann, bo])
    device.core.handlers.watch('work', { workspace, work: hold }, (event) => {
      if (event.type === 'conflicts') told.set(device, event.conflicts)
    })
  /** What the screen of “Hold” asks, and by whom other boards hear that it was changed there. */
  const asked = async (device: TestDevice) => {
    const { works } = await device.state(workspace)
    const { moves } = landedOn(works)
    const values = (told.get(device) ?? []).flatMap(({ path: [, card], values }) => {
      const some = putAwayTold(values, (one) => moves.wentBy(hold, card, one))
      return some.length > 1 ? some : []
    })
    return { values, changedAway: (await workOf(device)).changedAway }
  }
  const doubled = async (device: TestDevice) => {
    const landed = landedOn((await device.state(workspace)).works)
    const on = async (work: DocId) => [...doublesOn(landed, work, (await boardOf(device, work)).cardsById).keys()]
    return [...(await on(deck)), ...(await on(shed))]
  }
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: true })
  await ann.call('undo', { workspace, work: deck, tab: ann.tab })
  const onShed = await move(bo, sail, 'Sail', hold, shed)
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: false })
  const onDeck = boards.onDeck('Sail')
  const isDoubled = async (is: boolean) => {
    for (const device of [ann, bo])
      await until(async () => {
        expect(await doubled(device)).toEqual(is ? [onDeck, onShed] : [])
        expect(told.get(device)?.map(({ path }) => path)).toEqual([['cards', sail, 'archived']])
      })
  }
  /** Known to the projections. */
  const isNowhere = async (card: string) => {
    for (const device of [ann, bo])
      await until(async () => {
        const { moves } = landedOn((await device.state(workspace)).works)
        const places = moves.whereNow(hold, sail)
        expect(places.map(({ entity }) => entity)).not.toContain(card)
      })
  }
  const nothingIsAsked = async () => {
    for (const device of [ann, bo]) expect(await asked(device)).toEqual({ values: [], changedAway: [] })
  }
  await isDoubled(true)
  await nothingIsAsked()
  const archive = (device: TestDevice, work: DocId, card: string) => commit(device, work, call('archiveCard', { card }))
  const restore = (device: TestDevice, work: DocId, card: string) => commit(device, work, call('restoreCard', { card }))
  return { ...boards, sail, onDeck, onShed, isDoubled, isNowhere, nothingIsAsked, archive, restore }
}

test('of a card that is two because Ann took her move back while Bo, apart, moved it on, either archives theirs, and nothing is asked on the board between', async () => {
  const { ann, bo, workspace, deck, shed, onDeck, onShed, isDoubled, isNowhere, nothingIsAsked, archive, restore } =
    await annHasBackWhatBoMovesOn()
  // As “Archive this one” does: the other one stays.
  await restore(ann, shed, onShed)
  await archive(ann, deck, onDeck)
  await isDoubled(false)
  await nothingIsAsked()
  await ann.call('undo', { workspace, work: deck, tab: ann.tab })
  await isDoubled(true)
  await nothingIsAsked()
  await restore(bo, deck, onDeck)
  await archive(bo, shed, onShed)
  await isDoubled(false)
  await nothingIsAsked()
  // Nor when Ann, who has it alone, archives it once it is done.
  await archive(ann, deck, onDeck)
  await isNowhere(onDeck)
  await nothingIsAsked()
})

test('of such a card both are kept: neither is asked about on the board between when it is archived later', async () => {
  const { ann, bo, deck, shed, commit, onDeck, onShed, isDoubled, isNowhere, nothingIsAsked, archive } =
    await annHasBackWhatBoMovesOn()
  await commit(ann, shed, call('keepBoth', { card: onShed }))
  await commit(ann, deck, call('keepBoth', { card: onDeck }))
  await isDoubled(false)
  await nothingIsAsked()
  await archive(ann, deck, onDeck)
  await isNowhere(onDeck)
  await nothingIsAsked()
  await archive(bo, shed, onShed)
  await isNowhere(onShed)
  await nothingIsAsked()
})

test('a card that Ann archived by hand where she had moved it, and that Bo, apart, moved on from there, is asked about: she took no move back', async () => {
  const { ann, bo, workspace, hold, shed, commit, move, workOf, onHold } = await annMovesCards()
  const her = (await ann.state(workspace)).me
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: true })
  const card = onHold('Sail')
  await commit(ann, hold, call('archiveCard', { card }))
  // Taken back is that it came back from the archive, not that it came.
  await commit(ann, hold, call('restoreCard', { card }))
  await ann.call('undo', { workspace, work: hold, tab: ann.tab })
  await move(bo, card, 'Sail', hold, shed)
  for (const device of [ann, bo]) await device.call('setWorkOffline', { offline: false })
  for (const device of [ann, bo])
    await until(async () => expect((await workOf(device)).changedAway).toEqual([{ entity: card, by: [her] }]))
})
