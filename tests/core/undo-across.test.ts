import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import type { UndoOptions } from '#lib/core/api.ts'
import type { Conflict } from '#lib/kernel/define-kind.ts'
import { plainText } from '#lib/kernel/formatted.ts'
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'
import { openDb } from '#lib/store/db.ts'
import { annOnOneBoard, call } from '#tests/support/one-board.ts'
import { anyway, conflictOf, deviceOf, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { writeDescription } from '#tests/support/write-description.ts'

const TITLES = ['Sails', 'Mast', 'Oars']

/** Ann cuts three cards on “Deck” and pastes them on “Hold”. */
async function annMovesCards() {
  const { relay, ann, workspace, board: deck, boardOf, commit } = await annOnOneBoard()
  await commit(ann, deck, call('renameBoard', { title: 'Deck' }))
  const [column = ''] = (await boardOf(ann, deck)).columns.map(({ id }) => id)
  const place = newEntity()
  const { root: hold } = await ann.call('createWork', {
    workspace,
    kind: 'board',
    calls: [call('renameBoard', { title: 'Hold' }), call('addColumn', { column: place, title: 'Below', order: 'a1' })],
  })
  const cards = TITLES.map(newEntity)
  await commit(
    ann,
    deck,
    ...cards.map((card, i) => call('addCard', { card, title: TITLES[i], column, order: `a${i}` })),
  )

  const cut = newEntity()
  const cutCards = (tab = ann.tab) =>
    ann.call('commit', { workspace, work: deck, tab, calls: cards.map((card) => call('archiveCard', { card })), cut })
  /** As they come on “Hold”. */
  const arrival = () => {
    const pasted = cards.map(newEntity)
    const calls = pasted.map((card, i) =>
      call('addCard', {
        ...{ card, title: TITLES[i], column: place, order: `a${i}` },
        from: { work: deck, entity: cards[i], cut },
      }),
    )
    return { pasted, calls, entries: cards.map((card, i) => [card, pasted[i] ?? ''] as const) }
  }
  const pasteCards = (tab = ann.tab) => {
    const { pasted, calls, entries } = arrival()
    return ann
      .call('commit', { workspace, work: hold, tab, calls, pasted: { cut, work: deck, entries } })
      .then((done) => ({ ...done, cards: pasted }))
  }
  /** In one step: they are on “Hold” before they leave “Deck”. */
  const moveCards = async () => {
    const { tab } = ann
    const { pasted, calls, entries } = arrival()
    const { group } = await ann.call('commit', { workspace, work: hold, tab, calls })
    const gone = cards.map((card) => call('archiveCard', { card }))
    const along = { work: hold, group, entries }
    const done = await ann.call('commit', { workspace, work: deck, tab, calls: gone, cut, along })
    return { cards: pasted, group: done.group }
  }
  /** Those of “Hold” back to “Deck”, as what they become there. */
  const moveBack = async (moved: readonly string[], device = ann) => {
    const cutAgain = newEntity()
    const entries = moved.map((card) => [card, newEntity()] as const)
    const calls = entries.map(([entity, card], i) =>
      call('addCard', {
        ...{ card, title: TITLES[i], column, order: `a${i}V`, from: { work: hold, entity, cut: cutAgain } },
      }),
    )
    const { group } = await device.call('commit', { workspace, work: deck, tab: device.tab, calls })
    const gone = moved.map((card) => call('archiveCard', { card }))
    const along = { work: deck, group, entries }
    await device.call('commit', { workspace, work: hold, tab: device.tab, calls: gone, cut: cutAgain, along })
    return entries.map(([, card]) => card)
  }
  const takeBack = (way: 'undo' | 'redo', work: DocId, more: UndoOptions = {}, tab = ann.tab) =>
    ann.call(way, { workspace, work, tab, ...more })
  const undoAnyway = (work: DocId) => anyway(ann, 'undo', { workspace, work, tab: ann.tab })
  const shown = async (device: TestDevice, work: DocId) =>
    [...(await boardOf(device, work)).cardsById.values()]
      .filter(({ archived, title }) => !archived && TITLES.some((one) => title.startsWith(one)))
      .map(({ title }) => title)
      .sort()
  /** The titles on “Deck”, then those on “Hold”. */
  const both = async (device = ann) => [await shown(device, deck), await shown(device, hold)]
  const boJoins = async () => {
    const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
    await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
    const bo = await deviceOf('bo', relay.port)
    await bo.call('join', { link, person: 'Bo', locale: 'en' })
    await until(async () => {
      for (const work of [deck, hold])
        expect((await boardOf(bo, work)).cardsById.size).toBe((await boardOf(ann, work)).cardsById.size)
      expect(await both(bo)).toEqual(await both())
    })
    return bo
  }
  /** On another device than hers; until she knows of it. */
  const moves = async (bo: TestDevice, card: string, title: string) => {
    const [cut, his] = [newEntity(), newEntity()]
    await bo.call('commit', {
      ...{ workspace, work: deck, tab: bo.tab, cut },
      calls: [call('archiveCard', { card })],
    })
    await bo.call('commit', {
      ...{ workspace, work: hold, tab: bo.tab, pasted: { cut, work: deck, entries: [[card, his]] } },
      calls: [
        call('addCard', {
          ...{ card: his, title, column: place, order: 'a9' },
          from: { work: deck, entity: card, cut },
        }),
      ],
    })
    await until(async () => {
      const arrivals = (await ann.state(workspace)).works.flatMap((work) => work.arrivals)
      expect(arrivals.map(({ entity }) => entity)).toContain(his)
      expect((await boardOf(ann, deck)).cardsById.get(card)?.archived).toBe(true)
    })
  }
  /** He knows nothing of what is done meanwhile, nor she of his move. */
  const boMovesApart = async (bo: TestDevice, card: string, meanwhile: () => Promise<unknown>) => {
    await bo.call('setWorkOffline', { offline: true })
    await meanwhile()
    const moving = moves(bo, card, TITLES[cards.indexOf(card)] ?? '')
    await until(async () => expect((await boardOf(bo, deck)).cardsById.get(card)?.archived).toBe(true))
    await bo.call('setWorkOffline', { offline: false })
    await moving
  }
  return {
    boMovesApart,
    ann,
    workspace,
    deck,
    hold,
    cards,
    commit,
    cutCards,
    pasteCards,
    moveCards,
    moveBack,
    takeBack,
    undoAnyway,
    both,
    boJoins,
    boardOf,
    moves,
  }
}

/** As the screens of a device that looks at a board are told of them. */
function conflictsOf(device: TestDevice, workspace: WorkspaceId, work: DocId): () => readonly Conflict[] {
  let told: readonly Conflict[] = []
  device.core.handlers.watch('work', { workspace, work }, (event) => {
    if (event.type === 'conflicts') told = event.conflicts
  })
  return () => told
}

/** What a board is known to have got from others. */
const arrivalsOn = async (device: TestDevice, workspace: WorkspaceId, work: DocId) =>
  (await device.state(workspace)).works.find(({ root }) => root === work)?.arrivals ?? []

/** What was done there last, as a device finds it that ended before it was saved. */
async function neverReachedTheDisk({ name }: TestDevice, work: DocId): Promise<void> {
  const db = await openDb(name)
  for (const row of await db.getAll('undo'))
    if (row.work === work) await db.put('undo', { ...row, changes: [{ doc: work, hashes: ['0'.repeat(64)] }] })
  db.close()
}

const all = [...TITLES].sort()
const onDeck = [all, []]
const onHold = [[], all]
const moved = { from: 'Deck', to: 'Hold', entries: 3 }

for (const side of ['deck', 'hold'] as const)
  test(`cards that Ann cut and pasted elsewhere are back where they were when she undoes it ${side === 'deck' ? 'where they were' : 'where they went'}, and go again when she redoes it`, async () => {
    const { cutCards, pasteCards, takeBack, both, ...boards } = await annMovesCards()
    await cutCards()
    expect(await pasteCards()).toMatchObject({ movedFrom: 'Deck' })
    expect(await both()).toEqual(onHold)
    expect(await takeBack('undo', boards[side])).toMatchObject({ done: 'undone', moved })
    expect(await both()).toEqual(onDeck)
    // From whichever of both boards.
    expect(await takeBack('redo', boards.deck)).toMatchObject({ done: 'undone', moved })
    expect(await both()).toEqual(onHold)
    expect(await takeBack('undo', boards.hold)).toMatchObject({ done: 'undone', moved })
    expect(await takeBack('redo', boards.hold)).toMatchObject({ done: 'undone', moved })
    expect(await both()).toEqual(onHold)
    // Once on either board: nothing of it is left to be undone twice.
    expect(await takeBack('undo', boards[side])).toMatchObject({ done: 'undone', moved })
    expect(await takeBack('undo', boards.hold)).toEqual({ done: 'nothing' })
    expect(await both()).toEqual(onDeck)
  })

test('the history of a board tells what left it for another board, and what was put away', async () => {
  const { ann, workspace, deck, cards, commit, moveCards } = await annMovesCards()
  await moveCards()
  const page = { workspace, work: deck, limit: 1 }
  const last = async (entity?: string) =>
    (await ann.call('history', { ...page, ...(entity && { entity }) })).entries[0]?.sentence.en
  // It is known when the other board has been projected: whoever waits for that has it.
  const { entries, settled } = await ann.call('history', { ...page, settled: true })
  expect(settled).toBe(true)
  expect(entries[0]?.sentence.en).toBe('Moved “Sails” and 2 other cards to the board “Hold”')
  expect(await last(cards[1])).toBe('Moved “Mast” to the board “Hold”')
  const [column, rope] = [newEntity(), newEntity()]
  await commit(ann, deck, call('addColumn', { column, title: 'Aft', order: 'a9' }))
  await commit(ann, deck, call('addCard', { card: rope, title: 'Rope', column, order: 'a0' }))
  await commit(ann, deck, call('archiveCard', { card: rope }))
  expect(await last()).toBe('Archived “Rope”')
})

test('the history tells of a move as of a move, done again as well, and of nothing else that puts the same card away', async () => {
  const { ann, workspace, deck, cards, commit, cutCards, pasteCards, moveCards, takeBack } = await annMovesCards()
  const [entity = ''] = cards
  const history = async () => {
    const done = await ann.call('history', { workspace, work: deck, entity, limit: 20 })
    return done.entries.map(({ sentence }) => sentence.en).reverse()
  }
  const replayed = async () => {
    const { steps } = await ann.call('timeline', { workspace, work: deck })
    const { told } = await ann.call('tellStep', { workspace, work: deck, step: steps.at(-1)?.id ?? '' })
    return told?.sentence.en
  }
  const told = ['Added “Sails” to “To do”']
  const isTold = async (...more: string[]) => {
    told.push(...more)
    await until(async () => expect(await history()).toEqual(told))
  }
  const byHand = () => commit(ann, deck, call('archiveCard', { card: entity }))
  const comesBack = () => commit(ann, deck, call('restoreCard', { card: entity }))

  await moveCards()
  await isTold('Moved “Sails” to the board “Hold”')
  await takeBack('undo', deck)
  await takeBack('undo', deck)
  await isTold('Restored “Sails” (undo)', 'Archived “Sails” (undo)')
  expect(await replayed()).toBe('Archived “Sails” and 2 other cards (undo)')
  await takeBack('redo', deck)
  await takeBack('redo', deck)
  await isTold('Restored “Sails” (redo)', 'Moved “Sails” to the board “Hold” (redo)')
  expect(await replayed()).toBe('Moved “Sails” and 2 other cards to the board “Hold” (redo)')
  await takeBack('undo', deck)
  await isTold('Restored “Sails” (undo)')

  // By hand, and again.
  await byHand()
  await takeBack('undo', deck)
  await takeBack('redo', deck)
  await isTold('Archived “Sails”', 'Restored “Sails” (undo)', 'Archived “Sails” (redo)')
  await comesBack()
  await isTold('Restored “Sails”')

  // Moved once more, and once more by cutting and pasting.
  await moveCards()
  await isTold('Moved “Sails” to the board “Hold”')
  await comesBack()
  await cutCards()
  await pasteCards()
  await isTold('Restored “Sails”', 'Moved “Sails” to the board “Hold”')
  await comesBack()
  await byHand()
  await isTold('Restored “Sails”', 'Archived “Sails”')
})

for (const side of ['deck', 'hold'] as const)
  test(`cards that Ann moved to another board in one step are back with one undo ${side === 'deck' ? 'where they were' : 'where they went'}, also after a restart, and go again`, async () => {
    const { ann, workspace, moveCards, takeBack, both, ...boards } = await annMovesCards()
    await moveCards()
    expect(await both()).toEqual(onHold)
    await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
    await ann.restart()
    expect(await takeBack('undo', boards[side])).toMatchObject({ done: 'undone', moved })
    expect(await both()).toEqual(onDeck)
    expect(await takeBack('redo', boards.deck)).toMatchObject({ done: 'undone', moved })
    expect(await both()).toEqual(onHold)
    expect(await takeBack('undo', boards.hold)).toMatchObject({ done: 'undone', moved })
    expect(await takeBack('undo', boards.hold)).toEqual({ done: 'nothing' })
    expect(await both()).toEqual(onDeck)
  })

test('Bo has worked in a card that Ann moved in one step: she is asked, and what she keeps is on one board only', async () => {
  const {
    ann,
    workspace,
    deck,
    hold,
    cards: were,
    commit,
    moveCards,
    takeBack,
    both,
    boJoins,
    boardOf,
  } = await annMovesCards()
  const { cards } = await moveCards()
  const bo = await boJoins()
  const { me } = await ann.state(workspace)
  await commit(
    bo,
    hold,
    call('retitleCard', { card: cards[1], title: 'Mast of Bo' }),
    call('setAssignee', { card: cards[1], person: me, on: true }),
    call('setBlockedBy', { card: cards[1], by: cards[0], on: true }),
  )
  await until(async () => expect(await both()).toEqual([[], ['Mast of Bo', 'Oars', 'Sails']]))
  const asked = await takeBack('undo', deck)
  const entries = [{ path: ['cards', cards[1]], by: ['Bo'], work: hold }]
  expect(asked).toMatchObject({ done: 'ask', conflict: { fields: [], entries, made: 3, others: 4, moved } })
  expect(await takeBack('undo', deck, { onConflict: 'keep' })).toMatchObject({ moved: { ...moved, entries: 2 } })
  expect(await both()).toEqual([['Oars', 'Sails'], ['Mast of Bo']])
  await until(async () => expect(await both(bo)).toEqual(await both()))
  // What waits for one that is back waits on, until that is finished where it is; also on a device that has just started.
  const waits = async () => (await ann.state(workspace)).works.flatMap(({ tasks }) => tasks.map((task) => task.blocked))
  await until(async () => expect(await waits()).toEqual([true]))
  await ann.restart()
  await until(async () => expect(await waits()).toEqual([true]))
  const column = (await boardOf(ann, deck)).cardsById.get(were[0] ?? '')?.column
  await commit(ann, deck, call('setColumnDone', { column, done: true }))
  await until(async () => expect(await waits()).toEqual([false]))
  await commit(ann, deck, call('setColumnDone', { column, done: false }))
  await until(async () => expect(await waits()).toEqual([true]))
  await commit(ann, deck, call('archiveCard', { card: were[0] }))
  await until(async () => expect(await waits()).toEqual([false]))
})

test('cards that were moved in one step, and of which the coming never reached the disk, are where they were with one undo', async () => {
  const { ann, workspace, deck, hold, moveCards, takeBack, both } = await annMovesCards()
  await moveCards()
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await ann.restart()
  await neverReachedTheDisk(ann, hold)
  const undone = await takeBack('undo', deck)
  expect(undone).toMatchObject({ done: 'undone', sentence: { en: expect.stringContaining('Archived') } })
  expect(undone).not.toHaveProperty('moved')
  expect((await both())[0]).toEqual(all)
})

test('two windows that undo one move at once take it back once; of what was cut in the one and pasted in the other too', async () => {
  const { deck, hold, cutCards, pasteCards, takeBack, both } = await annMovesCards()
  await cutCards('left')
  await pasteCards('right')
  const done = await Promise.all([takeBack('undo', deck, {}, 'left'), takeBack('undo', hold, {}, 'right')])
  expect(done.filter((one) => one.done === 'undone' && one.moved)).toHaveLength(1)
  expect(await both()).toEqual(onDeck)
})

test('a move is taken back after a restart, with neither board open, and after more was done on both', async () => {
  const { ann, workspace, deck, hold, cards, commit, cutCards, pasteCards, takeBack, undoAnyway, both } =
    await annMovesCards()
  await cutCards()
  const pasted = await pasteCards()
  await commit(ann, deck, call('renameBoard', { title: 'Upper deck' }))
  await commit(ann, hold, call('retitleCard', { card: pasted.cards[0], title: 'Sails, mended' }))
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await ann.restart()
  // The newest there; then the move. What she wrote since in a card stays behind with it: that she is asked, too.
  expect(await takeBack('undo', deck)).toMatchObject({ sentence: { en: expect.stringContaining('Upper deck') } })
  const entries = [{ path: ['cards', pasted.cards[0]], by: ['Ann'], work: hold }]
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'ask', conflict: { fields: [], entries, others: 4 } })
  expect(await both()).toEqual([[], ['Mast', 'Oars', 'Sails, mended']])
  expect(await undoAnyway(deck)).toMatchObject({ done: 'undone', moved })
  expect(await both()).toEqual(onDeck)
  expect(await takeBack('redo', hold)).toMatchObject({ done: 'undone', moved })
  // Something new on one of the boards: the move cannot be done again by halves.
  await takeBack('undo', hold)
  await commit(ann, deck, call('setPriority', { card: cards[0], priority: 'high' }))
  expect(await takeBack('redo', hold)).toEqual({ done: 'nothing' })
  expect(await both()).toEqual(onDeck)
})

test('Bo has worked in a card that Ann moved: she is told which, where and who, and what she keeps is on one board only', async () => {
  const { deck, hold, commit, cutCards, pasteCards, takeBack, undoAnyway, both, boJoins } = await annMovesCards()
  await cutCards()
  const pasted = await pasteCards()
  const bo = await boJoins()
  await commit(bo, hold, call('retitleCard', { card: pasted.cards[1], title: 'Mast of Bo' }))
  await until(async () => expect(await both()).toEqual([[], ['Mast of Bo', 'Oars', 'Sails']]))

  const asked = await takeBack('undo', deck)
  expect(asked).toMatchObject({
    done: 'ask',
    conflict: {
      fields: [],
      entries: [{ path: ['cards', pasted.cards[1]], by: ['Bo'], work: hold }],
      made: 3,
      others: 4,
      moved,
    },
  })
  expect(await both()).toEqual([[], ['Mast of Bo', 'Oars', 'Sails']])
  expect(await takeBack('undo', deck, { onConflict: 'keep' })).toMatchObject({ moved: { ...moved, entries: 2 } })
  expect(await both()).toEqual([['Oars', 'Sails'], ['Mast of Bo']])
  await until(async () => expect(await both(bo)).toEqual(await both()))
  // Done again it is the two that went back.
  expect(await takeBack('redo', hold)).toMatchObject({ moved: { ...moved, entries: 2 } })
  expect(await both()).toEqual([[], ['Mast of Bo', 'Oars', 'Sails']])
  // All of it, Bo's work on “Hold” included; nothing is deleted.
  expect(await undoAnyway(hold)).toMatchObject({ done: 'undone' })
  expect(await both()).toEqual([['Oars', 'Sails'], ['Mast of Bo']])
})

test('Bo has worked in a card that came back: before Ann moves it again she is asked, and may leave it as it is', async () => {
  const { deck, hold, cards, commit, cutCards, pasteCards, takeBack, both, boJoins } = await annMovesCards()
  await cutCards()
  await pasteCards()
  await takeBack('undo', hold)
  const bo = await boJoins()
  await commit(bo, deck, call('retitleCard', { card: cards[2], title: 'Oars of Bo' }))
  await until(async () => expect((await both())[0]).toContain('Oars of Bo'))
  const asked = await takeBack('redo', hold)
  expect(asked).toMatchObject({
    done: 'ask',
    conflict: { entries: [{ path: ['cards', cards[2]], by: ['Bo'], work: deck }], moved },
  })
  expect(await takeBack('redo', hold, { onConflict: 'leave' })).toMatchObject({ done: 'left' })
  expect(await both()).toEqual([['Mast', 'Oars of Bo', 'Sails'], []])
  expect(await takeBack('redo', deck)).toEqual({ done: 'nothing' })
})

test('what is pasted once more, or after the cut was undone, is a copy and an action of its own', async () => {
  const { deck, hold, cutCards, pasteCards, takeBack, both } = await annMovesCards()
  await cutCards()
  await pasteCards()
  expect(await pasteCards()).not.toHaveProperty('movedFrom')
  const undone = await takeBack('undo', hold)
  expect(undone).toMatchObject({ done: 'undone' })
  expect(undone).not.toHaveProperty('moved')
  expect(await both()).toEqual(onHold)
  expect(await takeBack('undo', hold)).toMatchObject({ moved })
  expect(await pasteCards()).not.toHaveProperty('movedFrom')
  expect(await both()).toEqual([all, all])
  expect(await takeBack('undo', hold)).toMatchObject({ done: 'undone' })
  expect(await takeBack('undo', deck)).not.toHaveProperty('moved')
})

test('where the other board cannot be changed any more Ann is told so, nothing of the move is undone by halves, and what she did before is next', async () => {
  const { ann, workspace, deck, hold, cutCards, pasteCards, takeBack, both } = await annMovesCards()
  await cutCards()
  await pasteCards()
  // As a record of a newer version of the application leaves it.
  const row = ann.core.workspaces.get(workspace)?.documents.rows.get(hold)
  if (row) row.newerBy = [row.creator]
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'stays', title: 'Hold', reason: 'newer-version' })
  expect(await both()).toEqual(onHold)
  // Of what she did before nothing is left to be taken back here, and that is not said to be undone.
  const away = TITLES.map((title) => expect.objectContaining({ title, to: 'Hold', mine: true }))
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'away', away })
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'undone' })
  expect(await both()).toEqual(onHold)
})

test('cards whose paste never reached the disk come back by undoing the cut alone', async () => {
  const { ann, workspace, deck, hold, cutCards, pasteCards, takeBack, both } = await annMovesCards()
  await cutCards()
  await pasteCards()
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await ann.restart()
  await neverReachedTheDisk(ann, hold)
  const undone = await takeBack('undo', deck)
  expect(undone).toMatchObject({ done: 'undone', sentence: { en: expect.stringContaining('Archived') } })
  expect(undone).not.toHaveProperty('moved')
  expect((await both())[0]).toEqual(all)
})

/** The cards are moved, and then Bo puts the first of them into the archive where it went. */
async function boArchivesTheFirst() {
  const boards = await annMovesCards()
  const { hold, commit, both } = boards
  await boards.cutCards()
  const { cards: pasted } = await boards.pasteCards()
  const bo = await boards.boJoins()
  await commit(bo, hold, call('archiveCard', { card: pasted[0] }))
  const rest = TITLES.slice(1).sort()
  await until(async () => expect(await both()).toEqual([[], rest]))
  return { ...boards, bo, pasted, rest }
}

test('a moved card that Bo has put into the archive where it went does not come back where it was unasked, and redo loses none', async () => {
  const { deck, hold, pasted, rest, takeBack, both } = await boArchivesTheFirst()
  const asked = await takeBack('undo', deck)
  expect(asked).toMatchObject({
    done: 'ask',
    conflict: { entries: [{ path: ['cards', pasted[0]], by: ['Bo'], work: hold }], made: 3 },
  })
  // Kept as Bo has it, the others go back; done again, they go again.
  const group = asked.done === 'ask' ? asked.group : ''
  expect(await takeBack('undo', deck, { group, onConflict: 'keep' })).toMatchObject({ moved: { entries: 2 } })
  expect(await both()).toEqual([rest, []])
  expect(await takeBack('redo', hold)).toMatchObject({ moved: { entries: 2 } })
  expect(await both()).toEqual([[], rest])
})

test('a card that came back, and that Bo has put into the archive then, does not go to the other board with the rest, and that is told', async () => {
  const { deck, cards, commit, cutCards, pasteCards, takeBack, both, boJoins } = await annMovesCards()
  await cutCards()
  await pasteCards()
  await takeBack('undo', deck)
  const bo = await boJoins()
  await commit(bo, deck, call('archiveCard', { card: cards[0] }))
  const rest = TITLES.slice(1).sort()
  await until(async () => expect(await both()).toEqual([rest, []]))
  // To ask would offer what does not come true: it is told.
  expect(await takeBack('redo', deck)).toMatchObject({
    ...{ done: 'undone', moved: { entries: 2 } },
    behind: [{ entity: cards[0], by: 'Bo', on: 'Deck', archived: true }],
  })
  expect(await both()).toEqual([[], rest])
})

test('a moved card that Bo has put into the archive, taken back all the same, is after redo as he had it, which is told', async () => {
  const { deck, hold, cards, rest, takeBack, undoAnyway, both } = await boArchivesTheFirst()
  expect(await undoAnyway(hold)).toMatchObject({ moved: { entries: 3 } })
  expect(await both()).toEqual(onDeck)
  const away = [{ entity: cards[0], title: 'Sails', to: 'Hold', archived: true }]
  expect(await takeBack('redo', deck)).toMatchObject({ moved: { entries: 2 }, away })
  expect(await both()).toEqual([[], rest])
})

test('a move that was taken back, and whose cards Bo has moved since, is not done again: Ann is told who has them, and where', async () => {
  const { deck, cards, moveCards, takeBack, both, boJoins, moves, commit } = await annMovesCards()
  await moveCards()
  await takeBack('undo', deck)
  const bo = await boJoins()
  await moves(bo, cards[0] ?? '', 'Sails')
  await commit(bo, deck, call('archiveCard', { card: cards[1] }))
  await until(async () => expect(await both()).toEqual([['Oars'], ['Sails']]))
  const done = await takeBack('redo', deck)
  expect(done).toMatchObject({
    done: 'undone',
    moved: { entries: 1 },
    behind: [{ entity: cards[1], by: 'Bo', on: 'Deck', archived: true }],
    away: [{ entity: cards[0], by: 'Bo', to: 'Hold' }],
  })
  expect(await both()).toEqual([[], ['Oars', 'Sails']])
})

test('of a card that Bo moved on twice after Ann took her move back, redo tells where it is; of one that he archived there, where he moved it', async () => {
  const { deck, hold, cards, commit, moveCards, moveBack, takeBack, both, boJoins, moves, boardOf } =
    await annMovesCards()
  await moveCards()
  await takeBack('undo', deck)
  const bo = await boJoins()
  await moves(bo, cards[0] ?? '', 'Sails')
  await moves(bo, cards[1] ?? '', 'Mast')
  const his = [...(await boardOf(bo, hold)).cardsById.values()].filter(({ archived }) => !archived)
  const [sails, mast] = ['Sails', 'Mast'].map((title) => his.find((card) => card.title === title)?.id ?? '')
  await commit(bo, hold, call('archiveCard', { card: mast }))
  await moveBack([sails ?? ''], bo)
  await until(async () => expect(await both()).toEqual([['Oars', 'Sails'], []]))
  const done = await takeBack('redo', deck)
  expect(done).toMatchObject({ done: 'undone', moved: { entries: 1 } })
  expect(done).toMatchObject({
    away: [
      { entity: cards[0], by: 'Bo', to: 'Deck' },
      { entity: cards[1], by: 'Bo', to: 'Hold' },
    ],
  })
  expect(done).not.toHaveProperty('behind')
})

test('that a card was added is not said to be undone where Bo has brought it back as another one', async () => {
  const { deck, moveCards, moveBack, takeBack, both, boJoins } = await annMovesCards()
  const { cards, group } = await moveCards()
  await moveBack(cards, await boJoins())
  await until(async () => expect(await both()).toEqual([all, []]))
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'away', group })
  expect(await takeBack('undo', deck)).toMatchObject({
    done: 'away',
    away: TITLES.map((title) => expect.objectContaining({ title, by: 'Bo', to: 'Deck' })),
  })
  expect(await takeBack('redo', deck)).toEqual({ done: 'nothing' })
  expect(await both()).toEqual([all, []])
})

test('what Ann did to a card that Bo has moved away and brought back as another one is not said to be undone, nor what she wrote in it: she is told', async () => {
  const { ann, workspace, deck, hold, cards, commit, moveBack, takeBack, both, boJoins, boardOf, moves } =
    await annMovesCards()
  const [sails = '', mast = ''] = cards
  const bo = await boJoins()
  const { column = '' } = (await boardOf(ann, deck)).cardsById.get(sails) ?? {}
  const isUrgent = (card: string) => call('setPriority', { card, priority: 'urgent' })
  await commit(ann, deck, isUrgent(mast))
  await commit(ann, deck, isUrgent(sails), isUrgent(cards[2] ?? ''))
  await commit(ann, deck, call('moveCard', { card: sails, column, order: 'a8' }))
  await writeDescription(ann, workspace, deck, sails, 'Of linen')
  await commit(ann, deck, call('retitleCard', { card: sails, title: 'Sails, two' }))
  await until(async () => expect((await boardOf(bo, deck)).cardsById.get(sails)?.title).toBe('Sails, two'))
  await moves(bo, sails, 'Sails, two')
  const hers = async () => [...(await boardOf(ann, deck)).cardsById.values()]
  const [there] = [...(await boardOf(bo, hold)).cardsById.values()]
  await moveBack([there?.id ?? ''], bo)
  await until(async () => expect(await both()).toEqual([['Mast', 'Oars', 'Sails'], []]))
  const before = await hers()
  const away = [{ entity: sails, title: 'Sails', by: 'Bo', to: 'Deck' }]

  for (const en of [
    'Renamed “Sails” to “Sails, two”',
    'Changed the description of “Sails, two”',
    'Changed the place of “Sails, two”',
  ])
    expect(await takeBack('undo', deck)).toMatchObject({ done: 'away', sentence: { en }, away })
  expect(await takeBack('redo', deck)).toEqual({ done: 'nothing' })
  expect(await hers()).toEqual(before)
  const priorities = async () => (await hers()).map(({ title, priority }) => [title, priority])
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'undone', away })
  expect(Object.fromEntries(await priorities())).toMatchObject({ 'Sails, two': 'urgent', Oars: null, Mast: 'urgent' })
  expect(await takeBack('redo', deck)).toMatchObject({ done: 'undone' })
  expect(Object.fromEntries(await priorities())).toMatchObject({ Oars: 'urgent' })
})

test('what Ann did to a card that she moved, and that Bo has archived where it went, is not said to be undone', async () => {
  const { ann, deck, hold, cards, commit, moveCards, takeBack, both, boJoins, boardOf } = await annMovesCards()
  const urgent = (card: string | undefined) => call('setPriority', { card, priority: 'urgent' })
  await commit(ann, deck, ...cards.map(urgent))
  await commit(ann, deck, call('retitleCard', { card: cards[0], title: 'Sails, two' }))
  const { cards: moved } = await moveCards()
  const bo = await boJoins()
  await commit(bo, hold, call('archiveCard', { card: moved[0] }))
  await until(async () => expect(await both()).toEqual([[], ['Mast', 'Oars']]))
  const asked = await takeBack('undo', deck)
  const group = asked.done === 'ask' ? asked.group : ''
  expect(await takeBack('undo', deck, { group, onConflict: 'keep' })).toMatchObject({ moved: { entries: 2 } })
  const away = [{ entity: cards[0], title: 'Sails', to: 'Hold', archived: true }]
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'away', away })
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'undone', away })
  const { cardsById } = await boardOf(ann, deck)
  expect(cards.map((card) => cardsById.get(card)?.priority)).toEqual(['urgent', null, null])
  expect(cardsById.get(cards[0] ?? '')?.title).toBe('Sails, two')
})

async function thirdBoard(ann: TestDevice, workspace: WorkspaceId) {
  const place = newEntity()
  const { root: third } = await ann.call('createWork', {
    workspace,
    kind: 'board',
    calls: [call('renameBoard', { title: 'Third' }), call('addColumn', { column: place, title: 'Aft', order: 'a1' })],
  })
  return { third, place }
}

/** Ann moved three cards to “Hold”, and Bo the first of them on to “Third”. */
async function boMovesOnTheFirst() {
  const boards = await annMovesCards()
  const { ann, workspace, hold, moveCards, commit, both, boJoins, boardOf } = boards
  const { third, place } = await thirdBoard(ann, workspace)
  const { cards: moved } = await moveCards()
  const bo = await boJoins()
  const [cut, his] = [newEntity(), newEntity()]
  const from = { work: hold, entity: moved[0], cut }
  await until(async () => expect((await bo.state(workspace)).works.map(({ root }) => root)).toContain(third))
  await commit(bo, third, call('addCard', { ...{ card: his, title: 'Sails', column: place, order: 'a1' }, from }))
  await bo.call('commit', { workspace, work: hold, tab: bo.tab, calls: [call('archiveCard', { card: moved[0] })], cut })
  await until(async () => expect(await both()).toEqual([[], ['Mast', 'Oars']]))
  await until(async () => expect((await boardOf(ann, third)).cardsById.has(his)).toBe(true))
  return { ...boards, bo, third, moved, his }
}

test('of a card that Bo has moved on to a third board, brought back all the same, Ann is told that it stays there, too', async () => {
  const { deck, moved, third, his, bo, takeBack, undoAnyway, commit, both } = await boMovesOnTheFirst()
  // Where it was archived there since, the question says so, and not that it was archived where Ann moved it.
  const archive = (card: string, out: boolean) => commit(bo, third, call(out ? 'archiveCard' : 'restoreCard', { card }))
  const entry = async () => {
    const asked = await takeBack('undo', deck)
    return asked.done === 'ask' ? asked.conflict.entries[0] : null
  }
  await archive(his, true)
  const told = { path: ['cards', moved[0]], by: ['Bo'], aside: true }
  await until(async () => expect(await entry()).toMatchObject({ ...told, wentTo: 'Third' }))
  await archive(his, false)
  await until(async () => expect(await entry()).not.toHaveProperty('wentTo'))
  const done = await undoAnyway(deck)
  expect(done).toMatchObject({ done: 'undone', moved: { entries: 2 }, alsoThere: [{ title: 'Sails', to: 'Third' }] })
  expect(await both()).toEqual([all, []])
})

test('a card that Bo has moved on, and that Ann has back all the same, goes again with redo and is where he has it; she is asked each time', async () => {
  const { deck, hold, cards, moved, takeBack, undoAnyway, both } = await boMovesOnTheFirst()
  for (const [side, entity] of [
    [deck, cards[0]],
    [hold, moved[0]],
  ] as const) {
    expect(conflictOf(await takeBack('undo', side))).toMatchObject({
      ...{ entries: [{ path: ['cards', moved[0]], by: ['Bo'], work: hold, aside: true }], made: 3 },
      moved: { entries: 3 },
    })
    expect(await undoAnyway(side)).toMatchObject({ done: 'undone', again: true, moved: { entries: 2 } })
    expect(await both()).toEqual([all, []])
    const away = [{ entity, title: 'Sails', by: 'Bo', to: 'Third' }]
    expect(await takeBack('redo', side)).toMatchObject({ done: 'undone', moved: { entries: 2 }, away })
    expect(await both()).toEqual([[], ['Mast', 'Oars']])
  }
})

test('what Bo put away where Ann had moved it, apart, while she took the move back, goes again with redo and is as he has it', async () => {
  const { ann, workspace, deck, hold, cards, moveCards, takeBack, both, boJoins, commit, boardOf } =
    await annMovesCards()
  const { third, place } = await thirdBoard(ann, workspace)
  const { cards: moved } = await moveCards()
  const bo = await boJoins()
  await until(async () => expect((await bo.state(workspace)).works.map(({ root }) => root)).toContain(third))
  await bo.call('setWorkOffline', { offline: true })
  // The first he moves on, the second he archives.
  const [cut, his] = [newEntity(), newEntity()]
  const from = { work: hold, entity: moved[0], cut }
  await commit(bo, third, call('addCard', { ...{ card: his, title: 'Sails', column: place, order: 'a1' }, from }))
  await bo.call('commit', { workspace, work: hold, tab: bo.tab, calls: [call('archiveCard', { card: moved[0] })], cut })
  await commit(bo, hold, call('archiveCard', { card: moved[1] }))
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'undone', moved: { entries: 3 } })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await bo.call('setWorkOffline', { offline: false })
  await until(async () => expect((await boardOf(ann, third)).cardsById.has(his)).toBe(true))
  await until(async () => expect(await both(bo)).toEqual(onDeck))
  for (const [side, ids] of [
    [deck, cards],
    [hold, moved],
  ] as const) {
    expect(await takeBack('redo', side)).toMatchObject({
      ...{ done: 'undone', moved: { entries: 1 } },
      away: [
        { entity: ids[0], by: 'Bo', to: 'Third' },
        { entity: ids[1], to: 'Hold', archived: true },
      ],
    })
    expect(await both()).toEqual([[], ['Oars']])
    // What he did is known now: she is asked, as of any that he put away.
    expect(conflictOf(await takeBack('undo', side)).entries.map(({ path }) => path[1])).toEqual([moved[0], moved[1]])
    expect(await anyway(ann, 'undo', { workspace, work: side, tab: ann.tab })).toMatchObject({ done: 'undone' })
    expect(await both()).toEqual(onDeck)
  }
})

test('what Bo wrote in such a card since Ann has it back is asked about before it goes again, and not said to be as it was where it went', async () => {
  const { ann, workspace, deck, cards, bo, commit, boardOf, takeBack, undoAnyway, both } = await boMovesOnTheFirst()
  await undoAnyway(deck)
  await until(async () => expect((await both(bo))[0]).toEqual(all))
  await commit(bo, deck, call('setPriority', { card: cards[0], priority: 'high' }))
  await until(async () => expect((await boardOf(ann, deck)).cardsById.get(cards[0] ?? '')?.priority).toBe('high'))
  const conflict = conflictOf(await takeBack('redo', deck))
  expect(conflict.entries).toEqual([{ path: ['cards', cards[0]], by: ['Bo'], work: deck }])
  expect(conflict).not.toHaveProperty('moved')
  expect(await anyway(ann, 'redo', { workspace, work: deck, tab: ann.tab })).toMatchObject({ moved: { entries: 2 } })
  expect(await both()).toEqual([[], ['Mast', 'Oars']])
})

test('a card that Bo has archived where Ann moved it, and has there again after her redo, is archived there once she takes the move back', async () => {
  const { ann, deck, hold, pasted, rest, commit, boardOf, bo, takeBack, undoAnyway, both } = await boArchivesTheFirst()
  await undoAnyway(deck)
  expect(await takeBack('redo', deck)).toMatchObject({ done: 'undone' })
  expect(await both()).toEqual([[], rest])
  await commit(bo, hold, call('restoreCard', { card: pasted[0] }))
  await until(async () => expect((await boardOf(ann, hold)).cardsById.get(pasted[0] ?? '')?.archived).toBe(false))
  expect(conflictOf(await takeBack('undo', deck))).toMatchObject({
    entries: [{ path: ['cards', pasted[0]], by: ['Bo'], work: hold }],
    made: 3,
  })
  expect(await undoAnyway(deck)).toMatchObject({ done: 'undone', moved: { entries: 3 } })
  expect(await both()).toEqual(onDeck)
  expect(await takeBack('redo', deck)).toMatchObject({ done: 'undone', moved: { entries: 3 } })
  expect(await both()).toEqual(onHold)
})

test('of a card that Bo has archived Ann is told so when she takes back what she did to it; that it was added is not said to be undone', async () => {
  const { ann, deck, hold, cards, commit, moveCards, takeBack, both, boJoins, boardOf } = await annMovesCards()
  const rope = newEntity()
  const { column = '' } = (await boardOf(ann, deck)).cardsById.get(cards[0] ?? '') ?? {}
  await commit(ann, deck, call('addCard', { card: rope, title: 'Rope', column, order: 'a5' }))
  await commit(ann, deck, call('setPriority', { card: rope, priority: 'urgent' }))
  const bo = await boJoins()
  await commit(bo, deck, call('archiveCard', { card: rope }))
  await until(async () => expect((await boardOf(ann, deck)).cardsById.get(rope)?.archived).toBe(true))
  const told = { archivedBy: [{ entity: rope, by: 'Bo' }] }
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'undone', ...told })
  expect((await boardOf(ann, deck)).cardsById.get(rope)?.priority).toBe(null)
  const added = { sentence: { en: 'Added “Rope” to “To do”' } }
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'away', ...added, away: [], ...told })
  expect(await takeBack('redo', deck)).toMatchObject({ done: 'undone', ...told })
  expect(await takeBack('redo', deck)).toEqual({ done: 'nothing' })
  // Not where it went with a move that was taken back since.
  await commit(ann, deck, call('setPriority', { card: cards[1], priority: 'urgent' }))
  await moveCards()
  await takeBack('undo', deck)
  await until(async () => expect((await boardOf(bo, hold)).cardsById.size).toBe(3))
  await until(async () => expect(await both(bo)).toEqual([all, []]))
  await commit(bo, deck, call('archiveCard', { card: cards[1] }))
  await until(async () => expect((await boardOf(ann, deck)).cardsById.get(cards[1] ?? '')?.archived).toBe(true))
  const mast = await takeBack('undo', deck)
  expect(mast).toMatchObject({ done: 'undone', archivedBy: [{ entity: cards[1], by: 'Bo' }] })
  expect(mast).not.toHaveProperty('away')
  // Whoever has put one into the archive themselves knows it.
  await commit(ann, deck, call('setPriority', { card: cards[0], priority: 'urgent' }))
  const { group } = await commit(ann, deck, call('retitleCard', { card: cards[0], title: 'Sails, two' }))
  await commit(ann, deck, call('archiveCard', { card: cards[0] }))
  expect(await takeBack('undo', deck, { group })).not.toHaveProperty('archivedBy')
})

test('what Bo has taken back of what Ann did is not said to be undone, nor done again: she is told who did', async () => {
  const { ann, deck, cards, commit, takeBack, both, boJoins, boardOf } = await annMovesCards()
  const bo = await boJoins()
  const archived = (...some: readonly (string | undefined)[]) =>
    commit(ann, deck, ...some.map((card) => call('archiveCard', { card })))
  const sails = async (device: TestDevice, isArchived: boolean) =>
    expect((await boardOf(device, deck)).cardsById.get(cards[0] ?? '')?.archived).toBe(isArchived)
  const boRestores = async () => {
    await until(() => sails(bo, true))
    await commit(bo, deck, call('restoreCard', { card: cards[0] }))
    await until(() => sails(ann, false))
  }
  const already = [{ entity: cards[0], by: 'Bo' }]
  await archived(cards[0])
  await boRestores()
  const told = { sentence: { en: 'Archived “Sails”' }, away: [], already }
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'away', ...told })
  expect(await takeBack('redo', deck)).toEqual({ done: 'nothing' })

  // Of several the others are taken back, and only those are told of.
  await archived(...cards)
  await boRestores()
  const two = { sentence: { en: 'Archived “Mast” and 1 other card' }, already }
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'undone', ...two })
  expect(await both()).toEqual(onDeck)
  // What she takes back herself by hand, too.
  expect(await takeBack('redo', deck)).toMatchObject({ sentence: two.sentence })
  expect(await both()).toEqual([['Sails'], []])
  const { group } = await commit(ann, deck, call('retitleCard', { card: cards[0], title: 'Sails, two' }))
  await commit(ann, deck, call('retitleCard', { card: cards[0], title: 'Sails' }))
  const mine = { already: [{ entity: cards[0], mine: true }] }
  expect(await takeBack('undo', deck, { group })).toMatchObject({ done: 'away', ...mine })

  // Nor is done again what Bo has done since.
  await takeBack('undo', deck)
  await archived(cards[0])
  await until(() => sails(bo, true))
  await takeBack('undo', deck)
  await until(() => sails(bo, false))
  await commit(bo, deck, call('archiveCard', { card: cards[0] }))
  await until(() => sails(ann, true))
  const again = { sentence: { en: 'Archived “Sails, two”' }, archivedBy: already }
  expect(await takeBack('redo', deck)).toMatchObject({ done: 'away', ...again })
})

test('a card that Bo archived where Ann had moved it, and that she has back, does not come there again when he takes that back: he is told', async () => {
  const { ann, workspace, deck, hold, commit, moveCards, both, boJoins, undoAnyway, boardOf } = await annMovesCards()
  const { cards } = await moveCards()
  const bo = await boJoins()
  await until(async () => expect((await arrivalsOn(bo, workspace, hold)).length).toBe(3))
  const takes = (way: 'undo' | 'redo', more: UndoOptions = {}) =>
    bo.call(way, { workspace, work: hold, tab: bo.tab, ...more })
  await commit(bo, hold, call('archiveCard', { card: cards[0] }))
  const isArchived = async (device: TestDevice, is: boolean) =>
    expect((await boardOf(device, hold)).cardsById.get(cards[0] ?? '')?.archived).toBe(is)
  await until(() => isArchived(ann, true))
  expect(await undoAnyway(deck)).toMatchObject({ done: 'undone' })
  await until(async () => expect(await both(bo)).toEqual(onDeck))
  const away = [{ entity: cards[0], title: 'Sails', by: 'Ann', to: 'Deck' }]
  expect(await takes('undo')).toMatchObject({ done: 'away', sentence: { en: 'Archived “Sails”' }, away })
  expect(await both(bo)).toEqual(onDeck)

  // Where he wants it on both, it comes and goes as any other.
  const restore = [call('restoreCard', { card: cards[0] })]
  await commit(bo, hold, ...restore)
  await commit(bo, hold, call('archiveCard', { card: cards[0] }))
  expect(await takes('undo')).toMatchObject({ done: 'undone' })
  expect(await both(bo)).toEqual([all, ['Sails']])
  expect(await takes('undo')).toMatchObject({ done: 'undone' })
  expect(await both(bo)).toEqual(onDeck)
  expect(await takes('redo')).toMatchObject({ done: 'undone' })
  expect(await both(bo)).toEqual([all, ['Sails']])
})

test('the same where he archived it, apart, while she took her move back', async () => {
  const { ann, workspace, deck, hold, commit, moveCards, takeBack, both, boJoins } = await annMovesCards()
  const { cards } = await moveCards()
  const bo = await boJoins()
  await until(async () => expect((await arrivalsOn(bo, workspace, hold)).length).toBe(3))
  await bo.call('setWorkOffline', { offline: true })
  await commit(bo, hold, call('archiveCard', { card: cards[0] }))
  await takeBack('undo', deck)
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await bo.call('setWorkOffline', { offline: false })
  await until(async () => expect(await both(bo)).toEqual(onDeck))
  const away = [{ entity: cards[0], by: 'Ann', to: 'Deck' }]
  expect(await bo.call('undo', { workspace, work: hold, tab: bo.tab })).toMatchObject({ done: 'away', away })
  expect(await both(bo)).toEqual(onDeck)
})

test('a card that Ann archived while Bo, apart, moved it stays where he has it when she takes that back, and she is told', async () => {
  const { ann, workspace, deck, cards, commit, takeBack, both, boJoins, boMovesApart } = await annMovesCards()
  const bo = await boJoins()
  await boMovesApart(bo, cards[0] ?? '', async () => {
    await commit(ann, deck, call('archiveCard', { card: cards[0] }))
    await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  })
  const away = [{ entity: cards[0], title: 'Sails', by: 'Bo', to: 'Hold' }]
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'away', away })
  expect(await both()).toEqual([['Mast', 'Oars'], ['Sails']])
})

test('a card that Bo renamed without knowing of Ann’s move: before she moves it again she is asked, for where it went that name is not', async () => {
  const { ann, workspace, deck, cards, commit, cutCards, pasteCards, takeBack, both, boJoins } = await annMovesCards()
  const bo = await boJoins()
  await bo.call('setWorkOffline', { offline: true })
  await commit(bo, deck, call('retitleCard', { card: cards[0], title: 'Sails of Bo' }))
  await cutCards()
  await pasteCards()
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await bo.call('setWorkOffline', { offline: false })
  const back = ['Mast', 'Oars', 'Sails of Bo']
  await until(async () => expect(await both(bo)).toEqual(onHold))
  await takeBack('undo', deck)
  await until(async () => expect(await both()).toEqual([back, []]))

  const asked = await takeBack('redo', deck)
  expect(asked).toMatchObject({
    done: 'ask',
    conflict: { fields: [], entries: [{ path: ['cards', cards[0]], by: ['Bo'], work: deck }], made: 3 },
  })
  const group = asked.done === 'ask' ? asked.group : ''
  expect(await takeBack('redo', deck, { group, onConflict: 'keep' })).toMatchObject({ moved: { entries: 2 } })
  expect(await both()).toEqual([['Sails of Bo'], ['Mast', 'Oars']])
})

test('the same of what Bo wrote in its description', async () => {
  const { ann, workspace, deck, cards, cutCards, pasteCards, takeBack, both, boJoins } = await annMovesCards()
  const bo = await boJoins()
  await bo.call('setWorkOffline', { offline: true })
  await until(() => writeDescription(bo, workspace, deck, cards[0] ?? '', 'Words of Bo'))
  await cutCards()
  await pasteCards()
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await bo.call('setWorkOffline', { offline: false })
  const wordsOn = async (device: TestDevice) =>
    plainText((await device.call('descriptions', { workspace, work: deck })).texts[cards[0] ?? ''] ?? [])
  await until(async () => expect(await wordsOn(ann)).toBe('Words of Bo'))
  await takeBack('undo', deck)
  expect(await both()).toEqual(onDeck)
  const conflict = { entries: [{ path: ['cards', cards[0]], by: ['Bo'], work: deck }], made: 3 }
  expect(await takeBack('redo', deck)).toMatchObject({ done: 'ask', conflict })
  expect(await takeBack('redo', deck, { onConflict: 'keep' })).toMatchObject({ moved: { entries: 2 } })
  expect(await both()).toEqual([['Sails'], ['Mast', 'Oars']])
  await takeBack('undo', deck)
  // What she has seen by now is still not where it went.
  expect(await takeBack('redo', deck)).toMatchObject({ done: 'undone', moved: { entries: 2 } })
})

test('what Bo, apart, writes in the description of a card that undo, redo or a return to a moment puts away is told as of one that is archived', async () => {
  const { ann, workspace, deck, hold, cards, commit, moveCards, takeBack, boJoins, boardOf } = await annMovesCards()
  const rope = newEntity()
  const { column = '' } = (await boardOf(ann, deck)).cardsById.get(cards[0] ?? '') ?? {}
  const { cards: moved } = await moveCards()
  const { steps } = await ann.call('timeline', { workspace, work: deck })
  const bo = await boJoins()
  const told = Object.fromEntries([deck, hold].map((work) => [work, conflictsOf(ann, workspace, work)] as const))
  const apart = async (work: DocId, card: string, meanwhile: () => Promise<unknown>) => {
    const isThere = async () => (await boardOf(bo, work)).cardsById.get(card)?.archived
    await until(async () => expect(await isThere()).toBe(false))
    await bo.call('setWorkOffline', { offline: true })
    await until(() => writeDescription(bo, workspace, work, card, 'Words of Bo'))
    await meanwhile()
    await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
    await bo.call('setWorkOffline', { offline: false })
    const values = [{ value: true }, { value: { description: expect.stringContaining('Words of Bo') } }]
    await until(() => expect(told[work]?.()).toMatchObject([{ path: ['cards', card, 'archived'], values }]))
    await commit(ann, work, call('archiveCard', { card }))
    await until(() => expect(told[work]?.()).toEqual([]))
  }
  await apart(hold, moved[0] ?? '', () => takeBack('undo', deck))

  await commit(ann, deck, call('addCard', { card: rope, title: 'Rope', column, order: 'a5' }))
  await apart(deck, rope, () => takeBack('undo', deck))

  await commit(ann, deck, call('archiveCard', { card: cards[1] }))
  await takeBack('undo', deck)
  await apart(deck, cards[1] ?? '', () => takeBack('redo', deck))

  const late = newEntity()
  await commit(ann, deck, call('addCard', { card: late, title: 'Late', column, order: 'a6' }))
  const at = { step: steps.at(-1)?.id ?? '' }
  await apart(deck, late, () => ann.call('restoreMoment', { workspace, work: deck, tab: ann.tab, at }))
})

test('a card that Bo archived himself, without knowing of Ann’s move, does not come back unasked when she takes the move back', async () => {
  const { ann, workspace, deck, cards, commit, cutCards, pasteCards, takeBack, both, boJoins, boardOf } =
    await annMovesCards()
  const bo = await boJoins()
  await bo.call('setWorkOffline', { offline: true })
  const rope = newEntity()
  const { column = '' } = (await boardOf(bo, deck)).cardsById.get(cards[0] ?? '') ?? {}
  await commit(
    bo,
    deck,
    call('archiveCard', { card: cards[0] }),
    call('addCard', { card: rope, title: 'Rope', column, order: 'a5' }),
  )
  await cutCards()
  await pasteCards()
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await bo.call('setWorkOffline', { offline: false })
  await until(async () => expect(await both(bo)).toEqual(onHold))
  await until(async () => expect((await boardOf(ann, deck)).cardsById.has(rope)).toBe(true))

  const asked = await takeBack('undo', deck)
  expect(asked).toMatchObject({
    done: 'ask',
    conflict: {
      fields: [{ path: ['cards', cards[0], 'archived'], mine: true, theirs: true, restored: false, by: 'Bo' }],
    },
  })
  const group = asked.done === 'ask' ? asked.group : ''
  expect(await takeBack('undo', deck, { group, onConflict: 'keep' })).toMatchObject({ moved: { entries: 2 } })
  expect(await both()).toEqual([['Mast', 'Oars'], ['Sails']])
})

test('a moved card that Bo brought back where it was stands on one board when Ann takes the move back and does it again', async () => {
  const { deck, hold, cards, commit, cutCards, pasteCards, takeBack, both, boJoins } = await annMovesCards()
  await cutCards()
  await pasteCards()
  const bo = await boJoins()
  await commit(bo, deck, call('restoreCard', { card: cards[0] }))
  await until(async () => expect(await both()).toEqual([['Sails'], all]))
  expect(await takeBack('undo', hold)).toMatchObject({ done: 'undone' })
  expect(await both()).toEqual(onDeck)
  expect(await takeBack('redo', hold)).toMatchObject({ moved: { entries: 2 } })
  expect(await both()).toEqual([['Sails'], ['Mast', 'Oars']])
})

test('who answers that Bo’s work in a moved card may go is asked anew where he has put the card away meanwhile', async () => {
  const { ann, deck, hold, commit, cutCards, pasteCards, takeBack, both, boJoins, boardOf } = await annMovesCards()
  await cutCards()
  const { cards: pasted } = await pasteCards()
  const [card = ''] = pasted
  const bo = await boJoins()
  await until(async () => expect((await boardOf(bo, hold)).cardsById.has(card)).toBe(true))
  await commit(bo, hold, call('retitleCard', { card, title: 'Sails of Bo' }))
  await until(async () => expect((await boardOf(ann, hold)).cardsById.get(card)?.title).toBe('Sails of Bo'))
  const conflict = conflictOf(await takeBack('undo', deck))
  expect(conflict.entries).toEqual([{ path: ['cards', card], by: ['Bo'], work: hold }])
  await commit(bo, hold, call('archiveCard', { card }))
  await until(async () => expect((await boardOf(ann, hold)).cardsById.get(card)?.archived).toBe(true))
  const now = conflictOf(await takeBack('undo', deck, { onConflict: { overwrite: conflict } }))
  expect(now.entries).toEqual([{ path: ['cards', card], by: ['Bo'], work: hold, aside: true }])
  expect((await both())[0]).toEqual([])
  expect(await takeBack('undo', deck, { onConflict: { overwrite: now } })).toMatchObject({ done: 'undone' })
  expect(await both()).toEqual(onDeck)
})

test('what Bo wrote in a moved card is asked about each time that Ann takes the move back, however often she moves it again', async () => {
  const { ann, workspace, deck, hold, moveCards, commit, boJoins, boardOf, takeBack, both } = await annMovesCards()
  const { cards } = await moveCards()
  const bo = await boJoins()
  await until(() => commit(bo, hold, call('retitleCard', { card: cards[0], title: 'Sails of Bo' })))
  await until(async () => expect((await boardOf(ann, hold)).cardsById.get(cards[0] ?? '')?.title).toBe('Sails of Bo'))
  const asked = { done: 'ask', conflict: { entries: [{ path: ['cards', cards[0]], by: ['Bo'] }] } }
  for (const _ of [1, 2, 3]) {
    expect(await takeBack('undo', hold)).toMatchObject(asked)
    expect(await anyway(ann, 'undo', { workspace, work: hold, tab: ann.tab })).toMatchObject({ done: 'undone' })
    expect(await both()).toEqual([['Mast', 'Oars', 'Sails'], []])
    expect(await takeBack('redo', deck)).toMatchObject({ done: 'undone' })
    expect(await both()).toEqual([[], ['Mast', 'Oars', 'Sails of Bo']])
  }
})

test('a move of which Bo has archived all cards where they went is done again, and asked about again', async () => {
  const { deck, hold, commit, cutCards, pasteCards, takeBack, undoAnyway, both, boJoins } = await annMovesCards()
  await cutCards()
  const { cards: pasted } = await pasteCards()
  const bo = await boJoins()
  await commit(bo, hold, ...pasted.map((card) => call('archiveCard', { card })))
  await until(async () => expect(await both()).toEqual([[], []]))
  for (const side of [deck, hold]) {
    const entries = pasted.map((card) => ({ path: ['cards', card], by: ['Bo'], aside: true }))
    expect(conflictOf(await takeBack('undo', side))).toMatchObject({ entries, made: 3 })
    expect(await undoAnyway(side)).toMatchObject({ done: 'undone', again: true, moved: { entries: 3 } })
    expect(await both()).toEqual(onDeck)
    const away = TITLES.map((title) => expect.objectContaining({ title, to: 'Hold', archived: true }))
    expect(await takeBack('redo', side)).toMatchObject({ done: 'undone', moved: { entries: 0 }, away })
    expect(await both()).toEqual([[], []])
  }
})

test('of a card that stays where Ann moved it the label stays, too, which it brought along', async () => {
  const { ann, workspace, deck, hold, cards, commit, takeBack, both, boJoins, boardOf } = await annMovesCards()
  const bo = await boJoins()
  await bo.call('setWorkOffline', { offline: true })
  const [rope, cut, label, pasted] = [newEntity(), newEntity(), newEntity(), newEntity()]
  const { column = '' } = (await boardOf(bo, deck)).cardsById.get(cards[0] ?? '') ?? {}
  await commit(
    bo,
    deck,
    call('archiveCard', { card: cards[0] }),
    call('addCard', { card: rope, title: 'Rope', column, order: 'a5' }),
  )
  await ann.call('commit', {
    workspace,
    work: deck,
    tab: ann.tab,
    calls: [call('archiveCard', { card: cards[0] })],
    cut,
  })
  const below = (await boardOf(ann, hold)).columns[0]?.id
  await ann.call('commit', {
    ...{ workspace, work: hold, tab: ann.tab },
    calls: [
      call('addLabel', { label, name: 'Canvas', color: 'red' }),
      call('addCard', { card: pasted, title: 'Sails', column: below, order: 'a0', labels: [label] }),
    ],
    pasted: { cut, work: deck, entries: [[cards[0] ?? '', pasted]] },
  })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await bo.call('setWorkOffline', { offline: false })
  await until(async () => expect((await boardOf(ann, deck)).cardsById.has(rope)).toBe(true))

  const asked = await takeBack('undo', hold)
  expect(asked).toMatchObject({ done: 'ask', conflict: { fields: [{ by: 'Bo' }], others: 0 } })
  const group = asked.done === 'ask' ? asked.group : ''
  await takeBack('undo', hold, { group, onConflict: 'keep' })
  expect(await both()).toEqual([['Mast', 'Oars'], ['Sails']])
  expect((await boardOf(ann, hold)).labels).toMatchObject([{ id: label, name: 'Canvas' }])
})

test('of one card that Ann and Bo both moved without knowing of each other, undo takes back one’s own move, and the other’s counts', async () => {
  const { ann, workspace, deck, hold, cards, commit, cutCards, pasteCards, takeBack, both, boJoins, boardOf } =
    await annMovesCards()
  const bo = await boJoins()
  await bo.call('setWorkOffline', { offline: true })
  const [cut, his, rope] = [newEntity(), newEntity(), newEntity()]
  const { column = '' } = (await boardOf(bo, deck)).cardsById.get(cards[0] ?? '') ?? {}
  const below = (await boardOf(bo, hold)).columns[0]?.id
  await bo.call('commit', {
    ...{ workspace, work: deck, tab: bo.tab, cut },
    calls: [call('archiveCard', { card: cards[0] })],
  })
  await bo.call('commit', {
    ...{ workspace, work: hold, tab: bo.tab, pasted: { cut, work: deck, entries: [[cards[0] ?? '', his]] } },
    calls: [
      call('addCard', {
        card: his,
        title: 'Sails',
        column: below,
        order: 'a9',
        from: { work: deck, entity: cards[0], cut },
      }),
    ],
  })
  await commit(bo, deck, call('addCard', { card: rope, title: 'Rope', column, order: 'a5' }))
  await cutCards()
  const { cards: hers } = await pasteCards()
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await bo.call('setWorkOffline', { offline: false })
  await until(async () => expect((await boardOf(ann, deck)).cardsById.has(rope)).toBe(true))
  await until(async () => {
    const arrivals = (await ann.state(workspace)).works.flatMap((work) => work.arrivals)
    expect(arrivals.map(({ entity }) => entity)).toContain(his)
  })

  const stays = [{ entity: cards[0], title: 'Sails', by: 'Bo', to: 'Hold' }]
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'undone', away: stays, moved: { entries: 2 } })
  expect(await both()).toEqual([['Mast', 'Oars'], ['Sails']])
  const { cardsById } = await boardOf(ann, hold)
  expect([cardsById.get(hers[0] ?? '')?.archived, cardsById.get(his)?.archived]).toEqual([true, false])
  // Hers is no second one when she does it again.
  expect(await takeBack('redo', hold)).toMatchObject({ done: 'undone', moved: { entries: 2 } })
  expect(await both()).toEqual(onHold)
})

test('what Ann did to cards that Bo has moved to another board since is not said to be undone: she is told where they are, and those that are still here are as before', async () => {
  const { ann, deck, cards, commit, takeBack, boJoins, boardOf, moves } = await annMovesCards()
  const bo = await boJoins()
  const { column = '' } = (await boardOf(ann, deck)).cardsById.get(cards[0] ?? '') ?? {}
  const rope = newEntity()
  await commit(ann, deck, call('addCard', { card: rope, title: 'Rope', column, order: 'a5' }))
  const priority = (card: string | undefined) => call('setPriority', { card, priority: 'urgent' })
  await commit(ann, deck, ...cards.map(priority))
  await commit(ann, deck, call('retitleCard', { card: cards[0], title: 'Sails, two' }))
  await until(async () =>
    expect((await boardOf(bo, deck)).cardsById.get(cards[0] ?? '')).toMatchObject({
      ...{ title: 'Sails, two', priority: 'urgent' },
    }),
  )
  await moves(bo, cards[0] ?? '', 'Sails, two')
  await moves(bo, rope, 'Rope')
  const sails = { entity: cards[0], title: 'Sails, two', by: 'Bo', to: 'Hold' }

  // Alone, it is told; what she did before is next.
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'away', away: [sails] })
  expect(await takeBack('redo', deck)).toEqual({ done: 'nothing' })
  const priorities = async () => {
    const { cardsById } = await boardOf(ann, deck)
    return cards.map((card) => cardsById.get(card)?.priority)
  }
  // Among others, those are undone, and done again.
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'undone', away: [sails] })
  expect(await priorities()).toEqual(['urgent', null, null])
  expect(await takeBack('redo', deck)).toMatchObject({ done: 'undone' })
  expect(await priorities()).toEqual(['urgent', 'urgent', 'urgent'])
  await takeBack('undo', deck)
  // The same of a card that she added.
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'away', away: [{ entity: rope, title: 'Rope' }] })
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'undone', away: [sails] })
})

test('what Ann wrote in the description of a card that Bo has moved to another board since is not said to be undone either, nor done again; nor one that she brought back', async () => {
  const { ann, workspace, deck, cards, takeBack, boJoins, moves } = await annMovesCards()
  const bo = await boJoins()
  const [sails = '', mast = ''] = cards
  const textOf = async (card: string, device = ann) =>
    plainText((await device.call('descriptions', { workspace, work: deck })).texts[card] ?? [])
  const write = (card: string, text: string) => writeDescription(ann, workspace, deck, card, text)
  await write(mast, 'Of spruce')
  await write(sails, 'Of linen')
  await write(sails, ', white')
  await until(async () => expect(await textOf(sails, bo)).toBe('Of linen, white'))
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'undone' })
  await until(async () => expect(await textOf(sails, bo)).toBe('Of linen'))
  await moves(bo, sails, 'Sails')
  const away = { done: 'away', away: [{ entity: sails, title: 'Sails', by: 'Bo', to: 'Hold' }] }

  expect(await takeBack('redo', deck)).toMatchObject(away)
  expect(await takeBack('undo', deck)).toMatchObject(away)
  expect(await textOf(sails)).toBe('Of linen')
  // It is told once, and what she did before is next.
  expect(await takeBack('undo', deck)).toMatchObject({ sentence: { en: 'Changed the description of “Mast”' } })
  expect(await textOf(mast)).toBe('')

  const { steps } = await ann.call('timeline', { workspace, work: deck })
  await write(mast, 'Of pine')
  await ann.call('restoreMoment', {
    ...{ workspace, work: deck, tab: ann.tab, at: { step: steps.at(-1)!.id } },
    entry: { collection: 'cards', id: mast },
  })
  await until(async () => expect(await textOf(mast, bo)).toBe(''))
  await moves(bo, mast, 'Mast')
  expect(await takeBack('undo', deck)).toMatchObject({ done: 'away', away: [{ entity: mast, title: 'Mast' }] })
  expect(await textOf(mast)).toBe('')
})

test('a card that Bo archived without knowing of Ann’s move, and that she archives where it went, comes back there with one undo, which opens the choice again', async () => {
  const { ann, workspace, deck, hold, cards, commit, cutCards, pasteCards, takeBack, boJoins, boardOf } =
    await annMovesCards()
  const [sails = ''] = cards
  const bo = await boJoins()
  await bo.call('setWorkOffline', { offline: true })
  await commit(bo, deck, call('archiveCard', { card: sails }))
  await cutCards()
  const { cards: pasted } = await pasteCards()
  const [there = ''] = pasted
  // Who moved it is known from what was pasted.
  const arrivals = async () => (await ann.state(workspace)).works.flatMap((one) => one.arrivals)
  await until(async () => expect((await arrivals()).map(({ entity }) => entity)).toContain(there))
  await bo.call('setWorkOffline', { offline: false })
  const conflicts = conflictsOf(ann, workspace, deck)
  await until(() => expect(conflicts().map(({ path }) => path[1])).toEqual([sails]))

  const isArchived = async (device: TestDevice) => (await boardOf(device, hold)).cardsById.get(there)?.archived
  const choose = async () => {
    const archive = (work: DocId, card: string) => ({
      workspace,
      work,
      tab: ann.tab,
      calls: [call('archiveCard', { card })],
    })
    const { group } = await ann.call('commit', archive(hold, there))
    await ann.call('commit', { ...archive(deck, sails), along: { work: hold, group } })
  }
  for (const from of [deck, hold]) {
    await choose()
    await until(() => expect(conflicts()).toEqual([]))
    await until(async () => expect(await isArchived(bo)).toBe(true))
    expect(await takeBack('undo', from)).toMatchObject({ done: 'undone', again: true, open: true })
    expect(await isArchived(ann)).toBe(false)
    await until(() => expect(conflicts().map(({ path }) => path[1])).toEqual([sails]))
    expect(await takeBack('redo', from)).toMatchObject({ done: 'undone' })
    expect(await isArchived(ann)).toBe(true)
    await until(() => expect(conflicts()).toEqual([]))
    expect(await takeBack('undo', from === deck ? hold : deck)).toMatchObject({ done: 'undone', open: true })
    expect(await isArchived(ann)).toBe(false)
    await until(() => expect(conflicts()).toHaveLength(1))
  }
})

test('a card that Ann and Bo, apart, both archive is nothing to choose between, nor again when she takes hers back that she wrote after that', async () => {
  const { ann, workspace, deck, cards, commit, takeBack, boJoins, boardOf } = await annMovesCards()
  const [sails = ''] = cards
  const bo = await boJoins()
  await bo.call('setWorkOffline', { offline: true })
  await commit(bo, deck, call('archiveCard', { card: sails }))
  await commit(ann, deck, call('archiveCard', { card: sails }))
  await bo.call('setWorkOffline', { offline: false })
  const conflicts = conflictsOf(ann, workspace, deck)
  await until(() => expect(conflicts().map(({ path }) => path[1])).toEqual([sails]))
  await commit(ann, deck, call('archiveCard', { card: sails }))
  const undone = await takeBack('undo', deck)
  expect(undone).toMatchObject({ done: 'undone' })
  expect(undone).not.toHaveProperty('open')
  expect((await boardOf(ann, deck)).cardsById.get(sails)?.archived).toBe(true)
})

test('a move is not taken back of cards that Ann has moved on since: she is told where they are, and takes that back first', async () => {
  const { deck, hold, moveCards, moveBack, takeBack, both } = await annMovesCards()
  const { cards, group } = await moveCards()
  await moveBack(cards)
  expect(await both()).toEqual([all, []])
  const away = TITLES.map((title) => expect.objectContaining({ title, to: 'Deck', mine: true }))
  expect(await takeBack('undo', deck, { group })).toEqual({ done: 'away', group, away })
  expect(await both()).toEqual([all, []])
  expect(await takeBack('undo', hold)).toMatchObject({ done: 'undone', moved: { from: 'Hold', to: 'Deck' } })
  expect(await both()).toEqual([[], all])
  expect(await takeBack('undo', deck, { group })).toMatchObject({ done: 'undone', moved })
  expect(await both()).toEqual([all, []])
})

test('cards that Bo has brought back to where they were come no second time: she is told, and nothing is asked', async () => {
  const { deck, moveCards, moveBack, takeBack, both, boJoins } = await annMovesCards()
  const { cards, group } = await moveCards()
  await moveBack(cards, await boJoins())
  await until(async () => expect(await both()).toEqual([all, []]))
  const away = TITLES.map((title) => expect.objectContaining({ title, to: 'Deck', by: 'Bo' }))
  expect(await takeBack('undo', deck)).toEqual({ done: 'away', group, away })
  expect(await both()).toEqual([all, []])
  // Told once: what she did before is next.
  expect(await takeBack('undo', deck, { group })).toEqual({ done: 'nothing' })
  expect(await takeBack('undo', deck)).not.toMatchObject({ group })
})

test('of a move whose cards Bo has brought back in part, the others are taken back', async () => {
  const { deck, moveCards, moveBack, takeBack, both, boJoins } = await annMovesCards()
  const { cards, group } = await moveCards()
  await moveBack(cards.slice(0, 1), await boJoins())
  await until(async () => expect(await both()).toEqual([['Sails'], ['Mast', 'Oars']]))
  const away = [expect.objectContaining({ title: 'Sails', to: 'Deck', by: 'Bo' })]
  expect(await takeBack('undo', deck, { group })).toMatchObject({ done: 'undone', away, moved: { entries: 2 } })
  expect(await both()).toEqual([all, []])
  expect(await takeBack('redo', deck)).toMatchObject({ done: 'undone', moved: { entries: 2 } })
  expect(await both()).toEqual([['Sails'], ['Mast', 'Oars']])
})

test('of a move whose cards Ann has moved on in part, the others are taken back', async () => {
  const { deck, hold, commit, moveCards, moveBack, takeBack, both, boJoins, boardOf, ann } = await annMovesCards()
  const { cards, group } = await moveCards()
  // What Bo wrote in it before went along, and is no question of that move any more.
  const bo = await boJoins()
  await commit(bo, hold, call('setPriority', { card: cards[0], priority: 'high' }))
  await until(async () => expect((await boardOf(ann, hold)).cardsById.get(cards[0] ?? '')?.priority).toBe('high'))
  const [sails] = await moveBack(cards.slice(0, 1))
  expect(await both()).toEqual([['Sails'], ['Mast', 'Oars']])
  const away = [expect.objectContaining({ title: 'Sails', to: 'Deck', mine: true })]
  const undone = { done: 'undone', away, moved: { entries: 2 }, again: true }
  expect(await takeBack('undo', deck, { group })).toMatchObject(undone)
  expect(await both()).toEqual([all, []])
  expect((await boardOf(ann, deck)).cardsById.get(sails ?? '')?.archived).toBe(false)
  expect(await takeBack('redo', deck)).toMatchObject({ done: 'undone', moved: { entries: 2 } })
  expect(await both()).toEqual([['Sails'], ['Mast', 'Oars']])
})

/** Ann has also pasted the cards where they were, in another column: those that she moved are on both boards. */
async function annPastesThemBack() {
  const moving = await annMovesCards()
  const { ann, deck, cards, commit, cutCards, pasteCards, boardOf } = moving
  const columns = async () => {
    const { columns: all, cardsById } = await boardOf(ann, deck)
    const titleOf = (id: string | undefined) => all.find((one) => one.id === id)?.title
    return [...new Set(cards.map((card) => titleOf(cardsById.get(card)?.column)))]
  }
  const doing = newEntity()
  await commit(ann, deck, call('addColumn', { column: doing, title: 'Now', order: 'a5' }))
  await cutCards()
  await pasteCards()
  await commit(
    ann,
    deck,
    ...cards.flatMap((card) => [call('moveCard', { card, column: doing, order: 'a0' }), call('restoreCard', { card })]),
  )
  return { ...moving, columns }
}

test('moved cards that Ann pasted where they were as well are there, also after a restart, when she takes the move back first, and then that', async () => {
  const { ann, workspace, deck, hold, takeBack, both, columns } = await annPastesThemBack()
  expect([await both(), await columns()]).toEqual([[all, all], ['Now']])
  expect(await takeBack('undo', hold)).toMatchObject({ done: 'undone', again: false })
  expect([await both(), await columns()]).toEqual([onDeck, ['Now']])
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await ann.restart()
  const undone = await takeBack('undo', deck)
  expect(undone).toMatchObject({
    ...{ done: 'undone', again: true },
    sentence: { en: 'Moved “Sails” and 2 other cards from “To do” to “Now”' },
  })
  expect([await both(), await columns()]).toEqual([onDeck, ['To do']])
  // Once each, and again: on one board all the while.
  expect(await takeBack('redo', hold)).toEqual({ done: 'nothing' })
  for (const _ of [1, 2]) {
    expect(await takeBack('redo', deck)).toMatchObject({ done: 'undone' })
    expect([await both(), await columns()]).toEqual([onDeck, ['Now']])
    expect(await takeBack('undo', deck)).toMatchObject({ done: 'undone' })
    expect([await both(), await columns()]).toEqual([onDeck, ['To do']])
  }
})

test('the same the other way round, to and fro, and in both orders after each other', async () => {
  const { deck, hold, takeBack, both, columns } = await annPastesThemBack()
  for (const _ of [1, 2]) {
    await takeBack('undo', deck)
    expect(await both()).toEqual(onHold)
    await takeBack('undo', hold)
    expect([await both(), await columns()]).toEqual([onDeck, ['To do']])
    await takeBack('redo', hold)
    expect(await both()).toEqual(onHold)
    await takeBack('redo', deck)
    expect([await both(), await columns()]).toEqual([[all, all], ['Now']])
  }
  await takeBack('undo', hold)
  await takeBack('undo', deck)
  expect([await both(), await columns()]).toEqual([onDeck, ['To do']])
})

test('of cards that Ann moved, one that she then restored by hand stays where it is when she takes the move back, and that', async () => {
  const { deck, hold, cards, commit, ann, cutCards, pasteCards, takeBack, both } = await annMovesCards()
  await cutCards()
  await pasteCards()
  await commit(ann, deck, call('restoreCard', { card: cards[0] }))
  expect(await both()).toEqual([['Sails'], all])
  expect(await takeBack('undo', hold)).toMatchObject({ done: 'undone', again: true })
  expect(await both()).toEqual(onDeck)
  // Nothing is left of it to be taken back: what she did before is next.
  expect(await takeBack('undo', deck)).toMatchObject({
    done: 'undone',
    sentence: { en: expect.stringContaining('Added') },
  })
  expect(await takeBack('redo', deck)).toMatchObject({ done: 'undone' })
  expect(await both()).toEqual(onDeck)
  await takeBack('redo', hold)
  expect(await both()).toEqual([['Sails'], ['Mast', 'Oars']])
})
