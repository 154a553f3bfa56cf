import '#tests/support/automerge.ts'
import { expect, test, vi } from 'vitest'
import { openDb } from '#lib/store/db.ts'
import { readBoard } from '#lib/kinds/board/schema.ts'
import type { Moment, ToldChange, UndoOptions } from '#lib/core/api.ts'
import type { Conflict, MutationCall } from '#lib/kernel/define-kind.ts'
import { anyway, conflictOf, deviceOf, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { plainText, type Formatted } from '#lib/kernel/formatted.ts'
import { coreOf } from '#tests/support/world.ts'
import { linkDescription, formatDescription, writeDescription } from '#tests/support/write-description.ts'

const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })

async function annAndBoOnOneBoard() {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board: work } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const commit = (device: TestDevice, ...calls: MutationCall[]) =>
    device.call('commit', { workspace, work, tab: device.tab, calls })
  const boardOf = async (device: TestDevice) =>
    readBoard((await device.call('moment', { workspace, work, at: { now: true } })) as Parameters<typeof readBoard>[0])
  const takeBack = (way: 'undo' | 'redo', more: UndoOptions = {}) =>
    ann.call(way, { workspace, work, tab: ann.tab, ...more })
  const takeBackAnyway = (way: 'undo' | 'redo') => anyway(ann, way, { workspace, work, tab: ann.tab })
  await until(async () => expect((await boardOf(bo)).columns).toHaveLength(3))
  const [first = ''] = (await boardOf(ann)).columns.map(({ id }) => id)
  return { ann, bo, workspace, work, first, commit, boardOf, takeBack, takeBackAnyway }
}

/** Both may write in the description of one card. */
async function annAndBoInOneText() {
  const both = await annAndBoOnOneBoard()
  const { ann, workspace, work, first, commit } = both
  const card = newEntity()
  await commit(ann, call('addCard', { card, title: 'Sails', column: first, order: 'a1' }))
  const write = (device: TestDevice, at: number, text: string, instead = 0) =>
    writeDescription(device, workspace, work, card, text, { at, instead })
  const textAt = async (device: TestDevice) =>
    plainText((await device.call('descriptions', { workspace, work })).texts[card] ?? [])
  return { ...both, card, write, textAt }
}

test('what Ann wrote in a description is among her actions: undo takes back her words and leaves Bo’s, then the card', async () => {
  const { ann, bo, workspace, work, first, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
  const card = newEntity()
  await commit(ann, call('addCard', { card, title: 'Sails', column: first, order: 'a1' }))
  const write = (device: TestDevice, at: number, text: string, step: 'new' | 'more') =>
    writeDescription(device, workspace, work, card, text, { at, step })
  const textAt = async (device: TestDevice) =>
    plainText((await device.call('descriptions', { workspace, work })).texts[card] ?? [])
  await write(ann, 0, 'alpha', 'new')
  await write(ann, 5, ' omega', 'more')
  await until(async () => expect(await textAt(bo)).toBe('alpha omega'))
  await write(bo, 5, ' by Bo', 'new')
  await until(async () => expect(await textAt(ann)).toBe('alpha by Bo omega'))
  await write(ann, 17, '!', 'new')

  const undone = { done: 'undone', sentence: { en: 'Changed the description of “Sails”' } }
  expect(await takeBack('undo')).toMatchObject(undone)
  expect(await textAt(ann)).toBe('alpha by Bo omega')
  expect(await takeBack('undo', { text: card })).toMatchObject(undone)
  await until(async () => expect(await textAt(bo)).toBe(' by Bo'))
  expect(await takeBack('redo')).toMatchObject(undone)
  expect(await takeBack('redo', { text: card })).toMatchObject(undone)
  await until(async () => expect(await textAt(bo)).toBe('alpha by Bo omega!'))

  // A card without a step of hers has none to give; and nothing of what she did is skipped or lost.
  expect(await takeBack('undo', { text: newEntity() })).toEqual({ done: 'nothing' })
  await commit(ann, call('retitleCard', { card, title: 'Three sails' }))
  expect(await takeBack('undo')).toMatchObject({ done: 'undone', sentence: { en: expect.stringContaining('Sails') } })
  expect((await boardOf(ann)).cardsById.get(card)?.title).toBe('Sails')
  for (let step = 0; step < 2; step++) expect(await takeBack('undo')).toMatchObject(undone)
  expect(await textAt(ann)).toBe(' by Bo')
})

test('a choice between words is taken back in the text as what was typed there is, and done again', async () => {
  const { ann, bo, workspace, work, takeBack, card, write, textAt } = await annAndBoInOneText()
  const both = async (text: string | RegExp) => {
    for (const device of [ann, bo]) await until(async () => expect(await textAt(device)).toMatch(text))
  }
  let told: readonly Conflict[] = []
  ann.core.handlers.watch('work', { workspace, work }, (event) => {
    if (event.type === 'conflicts') told = event.conflicts
  })
  await write(ann, 0, 'costs 300')
  await both('costs 300')
  await bo.call('setWorkOffline', { offline: true })
  await write(ann, 6, '450', 3)
  await write(bo, 6, '120', 3)
  await bo.call('setWorkOffline', { offline: false })
  await both(/^costs (450120|120450)$/)
  await until(() => expect(told).toHaveLength(1))
  const [{ path } = { path: [] }] = told
  const keep = call('keepWords', { card, from: path[3], to: path[4], words: '450' })
  await ann.call('commit', { workspace, work, tab: ann.tab, calls: [keep], choice: true })
  await both(/^costs 450$/)
  const undo = () => takeBack('undo', { text: card })
  expect(await undo()).toMatchObject({ done: 'undone' })
  await both(/^costs (450120|120450)$/)
  await until(() => expect(told).toHaveLength(1))
  expect(await takeBack('redo', { text: card })).toMatchObject({ done: 'undone' })
  await both(/^costs 450$/)
  await until(() => expect(told).toEqual([]))
  expect(await undo()).toMatchObject({ done: 'undone' })
  await both(/^costs (450120|120450)$/)
  expect(await undo()).toMatchObject({ done: 'undone', instead: ['Bo'] })
  await both(/^costs 120$/)
  expect(await undo()).toMatchObject({ done: 'undone' })
  await both(/^120$/)
  expect(await undo()).toEqual({ done: 'nothing' })
})

test('a choice that is not made again, because another has chosen since, is told, and next as soon as that is taken back', async () => {
  const { ann, bo, workspace, work, takeBack, card, write, textAt } = await annAndBoInOneText()
  const both = async (text: string | RegExp) => {
    for (const device of [ann, bo]) await until(async () => expect(await textAt(device)).toMatch(text))
  }
  let told: readonly Conflict[] = []
  ann.core.handlers.watch('work', { workspace, work }, (event) => {
    if (event.type === 'conflicts') told = event.conflicts
  })
  await write(ann, 0, 'costs 300')
  await both('costs 300')
  await bo.call('setWorkOffline', { offline: true })
  await write(ann, 6, '450', 3)
  await write(bo, 6, '120', 3)
  await bo.call('setWorkOffline', { offline: false })
  const asked = /^costs (450120|120450)$/
  await both(asked)
  await until(() => expect(told).toHaveLength(1))
  const [{ path } = { path: [] }] = told
  await bo.call('setWorkOffline', { offline: true })
  for (const [device, words] of [
    [ann, '450'],
    [bo, '120'],
  ] as const) {
    const keep = call('keepWords', { card, from: path[3], to: path[4], words })
    await device.call('commit', { workspace, work, tab: device.tab, calls: [keep], choice: true })
  }
  await bo.call('setWorkOffline', { offline: false })
  await both(asked)
  const hers = (way: 'undo' | 'redo') => takeBack(way, { text: card })
  const his = (way: 'undo' | 'redo') => bo.call(way, { workspace, work, tab: bo.tab, text: card, onConflict: 'ask' })
  await hers('undo')
  await both(/^costs 120$/)
  await his('undo')
  await both(asked)
  await hers('redo')
  await both(/^costs 450$/)
  expect(await his('redo')).toMatchObject({ done: 'away', instead: ['Ann'] })
  expect(await textAt(bo)).toBe('costs 450')
  await hers('undo')
  await both(asked)
  expect(await his('redo')).toMatchObject({ done: 'undone' })
  await both(/^costs 120$/)
})

test('a choice between links is a step of the text as well: after it the link is taken back, and the other one’s is left, then the words', async () => {
  const { ann, bo, workspace, work, takeBack, card, write, textAt } = await annAndBoInOneText()
  const linkAt = async (device: TestDevice) =>
    (await device.call('descriptions', { workspace, work })).texts[card]?.flatMap(({ runs }) =>
      runs.flatMap(({ link }) => link ?? []),
    )
  let told: readonly Conflict[] = []
  ann.core.handlers.watch('work', { workspace, work }, (event) => {
    if (event.type === 'conflicts') told = event.conflicts
  })
  await write(ann, 0, 'one two three')
  await until(async () => expect(await textAt(bo)).toBe('one two three'))
  await bo.call('setWorkOffline', { offline: true })
  await linkDescription(ann, workspace, work, card, [8, 13, 'https://ann.example/'])
  await linkDescription(bo, workspace, work, card, [8, 13, 'https://bo.example/'])
  await bo.call('setWorkOffline', { offline: false })
  await until(() => expect(told).toHaveLength(1))
  const [{ path } = { path: [] }] = told
  const keep = call('keepLink', { card, from: path[3], to: path[4], link: 'https://ann.example/' })
  await ann.call('commit', { workspace, work, tab: ann.tab, calls: [keep], choice: true })
  await until(() => expect(told).toEqual([]))
  const undo = () => takeBack('undo', { text: card })
  expect(await undo()).toMatchObject({ done: 'undone', sentence: { en: 'Chose a link in the description of “Sails”' } })
  await until(() => expect(told).toHaveLength(1))
  const [counts] = (await linkAt(ann)) ?? []
  // Where Bo's counts there is nothing to see of that hers is taken back.
  const kept = counts === 'https://bo.example/' ? ['Bo'] : undefined
  expect(await undo()).toMatchObject({ done: 'undone', ...(kept && { kept }) })
  expect(await linkAt(ann)).toEqual(['https://bo.example/'])
  expect(await undo()).toMatchObject({ done: 'undone' })
  expect(await textAt(ann)).toBe('')
})

test('of what others have taken out nothing else goes with it as it is taken back: who did is told, and what was done before it is next', async () => {
  const { ann, bo, workspace, work, takeBack, card, write, textAt } = await annAndBoInOneText()
  const both = async (text: string) => {
    for (const device of [ann, bo]) await until(async () => expect(await textAt(device)).toBe(text))
  }
  await write(ann, 0, 'Meet at the north pier')
  await both('Meet at the north pier')
  await bo.call('setWorkOffline', { offline: true })
  await linkDescription(ann, workspace, work, card, [12, 17, 'https://ann.example/'])
  await write(bo, 12, '', 5)
  await bo.call('setWorkOffline', { offline: false })
  await both('Meet at the  pier')
  const taken = await takeBack('undo', { text: card })
  expect(taken).toMatchObject({ done: 'undone', again: true, taken: ['Bo'] })
  await both('Meet at the  pier')
  expect(await takeBack('undo', { text: card })).toMatchObject({ done: 'undone' })
  await both('')
  expect(await takeBack('redo', { text: card })).toMatchObject({ done: 'undone' })
  await both('Meet at the  pier')
})

test('words that both took out are there once when both take that back, and gone when both do it again', async () => {
  const { ann, bo, workspace, work, takeBack, card, write, textAt } = await annAndBoInOneText()
  const both = async (text: string) => {
    for (const device of [ann, bo]) await until(async () => expect(await textAt(device)).toBe(text))
  }
  const his = (way: 'undo' | 'redo') => bo.call(way, { workspace, work, tab: bo.tab, text: card, onConflict: 'ask' })
  await write(ann, 0, 'Sell the blue kettle now')
  await both('Sell the blue kettle now')
  await bo.call('setWorkOffline', { offline: true })
  await write(ann, 9, '', 12)
  await write(bo, 9, '', 5)
  await bo.call('setWorkOffline', { offline: false })
  await both('Sell the now')
  expect(await takeBack('undo', { text: card })).toMatchObject({ done: 'undone' })
  await both('Sell the blue kettle now')
  await his('undo')
  await both('Sell the blue kettle now')
  expect(await takeBack('redo', { text: card })).toMatchObject({ done: 'undone' })
  await both('Sell the now')
  await his('redo')
  await both('Sell the now')
  await his('undo')
  // Hers counts.
  await both('Sell the now')
  expect(await takeBack('undo', { text: card })).toMatchObject({ done: 'undone' })
  await both('Sell the blue kettle now')
})

test('what Ann could not take back for Bo’s words in its place is next as soon as he has taken those back; until then it is passed over, and told where there is nothing else', async () => {
  const { ann, bo, workspace, work, boardOf, takeBack, card, write, textAt } = await annAndBoInOneText()
  const both = async (text: string) => {
    for (const device of [ann, bo]) await until(async () => expect(await textAt(device)).toBe(text))
  }
  const his = (way: 'undo' | 'redo') => bo.call(way, { workspace, work, tab: bo.tab, text: card, onConflict: 'ask' })
  await until(async () => expect((await boardOf(bo)).cardsById.has(card)).toBe(true))
  await write(bo, 0, 'costs 300')
  await both('costs 300')
  await write(ann, 0, 'now ')
  await write(ann, 10, '350', 3)
  await both('now costs 350')
  await write(bo, 10, '100', 3)
  await both('now costs 100')
  const inTheWay = { done: 'away', instead: ['Bo'] }
  expect(await takeBack('undo', { text: card })).toMatchObject(inTheWay)
  expect(await takeBack('undo', { text: card })).toMatchObject({ done: 'undone' })
  await both('costs 100')
  expect(await takeBack('undo', { text: card })).toMatchObject(inTheWay)
  await his('undo')
  await both('costs 350')
  expect(await takeBack('undo', { text: card })).toMatchObject({ done: 'undone' })
  await both('costs 300')
  expect(await takeBack('undo', { text: card })).toEqual({ done: 'nothing' })
  // Done again are both of hers, the one that was taken back last as the first.
  expect(await takeBack('redo', { text: card })).toMatchObject({ done: 'undone' })
  await both('costs 350')
  expect(await takeBack('redo', { text: card })).toMatchObject({ done: 'undone' })
  await both('now costs 350')
})

test('undo and redo of writing name Bo where he has put other words in the place of Ann’s, or written right beside them; what she wrote in another window is not told', async () => {
  const { ann, bo, workspace, work, boardOf, takeBack, card, write, textAt } = await annAndBoInOneText()
  const both = async (text: string) => {
    for (const device of [ann, bo]) await until(async () => expect(await textAt(device)).toBe(text))
  }
  await write(ann, 0, 'costs 300')
  await write(ann, 6, '350', 3)
  await both('costs 350')
  await write(bo, 6, '100', 3)
  await both('costs 100')
  const sentence = { en: 'Changed the description of “Sails”' }
  // It stays as Bo has it, and is not asked for again: next is what she did before.
  expect(await takeBack('undo', { text: card })).toMatchObject({ done: 'away', sentence, away: [], instead: ['Bo'] })
  expect(await textAt(ann)).toBe('costs 100')
  const undone = await takeBack('undo')
  expect(undone).toMatchObject({ done: 'undone', sentence, again: true })
  expect(undone).not.toHaveProperty('instead')
  await both('100')

  // What comes back is beside what he has written there since, from the board and in the text alike.
  await write(bo, 0, 'only ')
  await both('only 100')
  const redone = await takeBack('redo')
  expect(redone).toMatchObject({ done: 'undone', sentence, beside: ['Bo'] })
  expect(redone).not.toHaveProperty('instead')
  const [now = ''] = [await textAt(ann)]
  expect([...now].sort().join('')).toBe([...'costs only 100'].sort().join(''))
  await both(now)

  // Of two places the one that Bo has written anew is named, and the other is as it was.
  await write(ann, 0, 'one two ', now.length)
  await write(ann, 0, 'eins', 3)
  await writeDescription(ann, workspace, work, card, 'zwei', { at: 5, instead: 3, step: 'more' })
  await both('eins zwei ')
  await write(bo, 5, 'deux', 4)
  await both('eins deux ')
  expect(await takeBack('undo', { text: card })).toMatchObject({ done: 'undone', sentence, instead: ['Bo'] })
  await both('one deux ')

  await write(ann, 0, '', 3)
  await writeDescription(ann, workspace, work, card, 'hers', { at: 0, tab: 'another window' })
  const beside = await takeBack('undo', { text: card })
  expect(beside).toMatchObject({ done: 'undone', sentence })
  expect(beside).not.toHaveProperty('beside')
  expect(await textAt(ann)).toMatch(/^(onehers|hersone) deux $/)
  expect((await boardOf(ann)).cardsById.get(card)?.title).toBe('Sails')
})

test('of a line that Ann has begun Bo’s words keep a line of their own when she takes hers back, and of one that he has taken out nothing comes back: that is told', async () => {
  const { ann, bo, workspace, work, first, commit, takeBack } = await annAndBoOnOneBoard()
  const card = newEntity()
  await commit(ann, call('addCard', { card, title: 'Sails', column: first, order: 'a1' }))
  const paragraphs = (...texts: string[]) =>
    texts.map((text): Formatted[number] => ({ is: 'paragraph', within: [], runs: [{ text }] }))
  const shape = (device: TestDevice, ...texts: string[]) =>
    formatDescription(device, workspace, work, card, paragraphs(...texts))
  const both = async (...texts: string[]) => {
    for (const device of [ann, bo])
      await until(async () =>
        expect(
          plainText((await device.call('descriptions', { workspace, work })).texts[card] ?? []).split('\n'),
        ).toEqual(texts),
      )
  }
  const sentence = { en: 'Changed the description of “Sails”' }
  await shape(ann, 'Order 300 sails', 'Paint the hull', 'Launch in May')
  await shape(ann, 'Order 300 sails', 'Paint the hull', 'Do not use', 'Launch in May')
  await both('Order 300 sails', 'Paint the hull', 'Do not use', 'Launch in May')
  await shape(bo, 'Order 300 sails', 'Paint the hull', 'Do not use varnish', 'Launch in May')
  await both('Order 300 sails', 'Paint the hull', 'Do not use varnish', 'Launch in May')
  expect(await takeBack('undo', { text: card })).toMatchObject({ done: 'undone', sentence })
  await both('Order 300 sails', 'Paint the hull', ' varnish', 'Launch in May')
  expect(await takeBack('redo')).toMatchObject({ done: 'undone', sentence })
  await both('Order 300 sails', 'Paint the hull', 'Do not use varnish', 'Launch in May')

  // Of the mark of the first line on.
  const hull = 'Order 300 sails'.length + 1
  await writeDescription(ann, workspace, work, card, 'all decks', { at: hull + 'Paint '.length + 1, instead: 8 })
  await both('Order 300 sails', 'Paint all decks', 'Do not use varnish', 'Launch in May')
  const line = 'Paint all decks'.length + 1
  await writeDescription(bo, workspace, work, card, '', { at: hull, instead: line })
  await both('Order 300 sails', 'Do not use varnish', 'Launch in May')
  expect(await takeBack('undo', { text: card })).toEqual({
    ...{ done: 'away', group: expect.any(String), away: [], gone: ['Bo'] },
    sentence: expect.objectContaining(sentence),
  })
  await both('Order 300 sails', 'Do not use varnish', 'Launch in May')
  // The step is done with: next is what she did before.
  expect(await takeBack('undo')).toMatchObject({ done: 'undone', sentence })
  await both('Order 300 sails', ' varnish', 'Launch in May')
})

test('of a place that Bo moved a card from, the question knows the column that Ann had put it into, also where her action did not write that', async () => {
  const { ann, bo, first, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
  const [, second = ''] = (await boardOf(ann)).columns.map(({ id }) => id)
  const card = newEntity()
  const both = async (column: string, order: string) => {
    for (const device of [ann, bo])
      await until(async () => expect((await boardOf(device)).cardsById.get(card)).toMatchObject({ column, order }))
  }
  const move = async (device: TestDevice, column: string, order: string) => {
    await commit(device, call('moveCard', { card, column, order }))
    await both(column, order)
  }
  await commit(ann, call('addCard', { card, title: 'Sails', column: first, order: 'a1' }))
  await both(first, 'a1')
  await move(ann, second, 'a2')
  await move(bo, first, 'a3')
  const place = (mine: string, theirs: string, restored: string) => ({
    done: 'ask',
    conflict: { fields: [{ path: ['cards', card, 'order'], mine, mineWithin: expect.any(String), theirs, restored }] },
  })
  const asked = await takeBack('undo')
  expect(asked).toMatchObject(place('a2', 'a3', 'a1'))
  expect(asked).toMatchObject({ conflict: { fields: [{ mineWithin: second }] } })
  await takeBack('undo', { onConflict: 'leave' })

  await move(ann, first, 'a4')
  await move(bo, second, 'a5')
  expect(await takeBack('undo')).toMatchObject({ ...place('a4', 'a5', 'a3') })
  expect(await takeBack('undo')).toMatchObject({ conflict: { fields: [{ mineWithin: first }] } })
})

test('Ann takes a change of three cards back after Bo has changed one of them: she is told which and who, and may leave that one', async () => {
  const { ann, bo, first, commit, boardOf, takeBack, takeBackAnyway } = await annAndBoOnOneBoard()
  const cards = [newEntity(), newEntity(), newEntity()]
  await commit(ann, ...cards.map((card, i) => call('addCard', { card, title: `${i}`, column: first, order: `a${i}` })))
  await commit(ann, ...cards.map((card) => call('setPriority', { card, priority: 'high' })))
  const prioritiesOf = async (device: TestDevice) => {
    const { cardsById } = await boardOf(device)
    return cards.map((card) => cardsById.get(card)?.priority)
  }
  await until(async () => expect(await prioritiesOf(bo)).toEqual(['high', 'high', 'high']))
  await commit(bo, call('setPriority', { card: cards[1], priority: 'urgent' }))
  await until(async () => expect(await prioritiesOf(ann)).toEqual(['high', 'urgent', 'high']))

  const asked = await takeBack('undo')
  expect(asked).toMatchObject({
    done: 'ask',
    conflict: {
      fields: [{ path: ['cards', cards[1], 'priority'], mine: 'high', theirs: 'urgent', restored: null, by: 'Bo' }],
      others: 2,
    },
  })
  expect(await prioritiesOf(ann)).toEqual(['high', 'urgent', 'high'])
  const group = asked.done === 'ask' ? asked.group : ''
  expect(await takeBack('undo', { group, onConflict: 'keep' })).toMatchObject({
    done: 'undone',
    sentence: { en: 'Set the priority of “0” and 1 other card to P1' },
  })
  expect(await prioritiesOf(ann)).toEqual([null, 'urgent', null])

  // Again, after Bo has changed one of those that were undone: redo asks in the same way.
  await until(async () => expect(await prioritiesOf(bo)).toEqual([null, 'urgent', null]))
  await commit(bo, call('setPriority', { card: cards[2], priority: 'low' }))
  await until(async () => expect(await prioritiesOf(ann)).toEqual([null, 'urgent', 'low']))
  const again = await takeBack('redo')
  expect(again).toMatchObject({ done: 'ask', conflict: { fields: [{ theirs: 'low', by: 'Bo' }], others: 1 } })
  expect(await takeBackAnyway('redo')).toMatchObject({ done: 'undone' })
  expect(await prioritiesOf(ann)).toEqual(['high', 'urgent', 'high'])
})

test('Ann leaves the title that Bo gave, is not asked about it again, and takes back what she did before', async () => {
  const { ann, bo, first, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
  const card = newEntity()
  const cardOf = async (device: TestDevice) => (await boardOf(device)).cardsById.get(card)
  const titleIs = (device: TestDevice, title: string) =>
    until(async () => expect((await cardOf(device))?.title).toBe(title))
  await commit(ann, call('addCard', { card, title: 'Mast', column: first, order: 'a1' }))
  await commit(ann, call('setPriority', { card, priority: 'high' }))
  await commit(ann, call('retitleCard', { card, title: 'Mast of Ann' }))
  await titleIs(bo, 'Mast of Ann')
  await commit(bo, call('retitleCard', { card, title: 'Mast of Bo' }))
  await titleIs(ann, 'Mast of Bo')

  const asked = await takeBack('undo')
  expect(asked).toMatchObject({
    conflict: { fields: [{ mine: 'Mast of Ann', theirs: 'Mast of Bo', restored: 'Mast', by: 'Bo' }], others: 0 },
  })
  const group = asked.done === 'ask' ? asked.group : ''
  expect(await takeBack('undo', { group, onConflict: 'leave' })).toEqual({ done: 'left', group })
  expect(await takeBack('undo')).toMatchObject({ done: 'undone' })
  expect(await cardOf(ann)).toMatchObject({ title: 'Mast of Bo', priority: null })
})

test('who answers that Bo’s work may go writes over what the question named: of what he does while it stands it asks anew', async () => {
  const { bo, ann, first, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
  const cards = [newEntity(), newEntity(), newEntity()] as const
  const [sails, oars, ropes] = cards
  const column = newEntity()
  const cardsOf = async (device: TestDevice) => {
    const { cardsById } = await boardOf(device)
    return cards.map((card) => cardsById.get(card))
  }
  const boDoes = async (...calls: MutationCall[]) => {
    await until(async () => expect(await boardOf(bo)).toEqual(await boardOf(ann)))
    await commit(bo, ...calls)
    await until(async () => expect(await boardOf(ann)).toEqual(await boardOf(bo)))
  }
  const ask = () => takeBack('undo').then(conflictOf)
  await commit(ann, call('addColumn', { column, title: 'Rigging', order: 'a9' }))
  await commit(
    ann,
    ...cards.map((card, i) => call('addCard', { card, title: `Row ${i}`, column: first, order: `a${i}` })),
  )

  // Another value in the same field.
  await commit(ann, call('retitleCard', { card: sails, title: 'Sails' }))
  await boDoes(call('retitleCard', { card: sails, title: 'Sails of Bo' }))
  const title = await ask()
  await boDoes(call('retitleCard', { card: sails, title: 'Sails of Bo, mended' }))
  const onTitle = conflictOf(await takeBack('undo', { onConflict: { overwrite: title } }))
  expect(onTitle.fields).toMatchObject([{ mine: 'Sails', theirs: 'Sails of Bo, mended', restored: 'Row 0' }])
  expect((await cardsOf(ann))[0]?.title).toBe('Sails of Bo, mended')
  expect(await takeBack('undo', { onConflict: { overwrite: onTitle } })).toMatchObject({ done: 'undone' })
  expect((await cardsOf(ann))[0]?.title).toBe('Row 0')

  // Another card of several.
  await commit(ann, ...cards.map((card) => call('setPriority', { card, priority: 'high' })))
  await boDoes(call('setPriority', { card: sails, priority: 'low' }))
  const bulk = await ask()
  await boDoes(call('setPriority', { card: ropes, priority: 'urgent' }))
  const onBulk = conflictOf(await takeBack('undo', { onConflict: { overwrite: bulk } }))
  expect(onBulk.fields.map(({ path, theirs }) => [path[1], theirs])).toEqual([
    [sails, 'low'],
    [ropes, 'urgent'],
  ])
  expect((await cardsOf(ann)).map((card) => card?.priority)).toEqual(['low', 'high', 'urgent'])
  expect(await takeBack('undo', { onConflict: { overwrite: onBulk } })).toMatchObject({ done: 'undone' })

  // Another of the cards that would go.
  const made = await ask()
  expect(made.entries.map(({ path }) => path[1])).toEqual([sails, ropes])
  await boDoes(call('retitleCard', { card: oars, title: 'Row of Bo, too' }))
  const onMade = conflictOf(await takeBack('undo', { onConflict: { overwrite: made } }))
  expect(onMade.entries.map(({ path }) => path[1])).toEqual([sails, oars, ropes])
  expect((await cardsOf(ann)).map((card) => card?.archived)).toEqual([false, false, false])
  expect(await takeBack('undo', { onConflict: { overwrite: onMade } })).toMatchObject({ done: 'undone' })

  // Another card in a column that would go.
  const boAdds = () => boDoes(call('addCard', { card: newEntity(), title: 'Of Bo', column, order: 'a1' }))
  await boAdds()
  const held = await ask()
  await boAdds()
  const onHeld = conflictOf(await takeBack('undo', { onConflict: { overwrite: held } }))
  expect(onHeld.held).toMatchObject([{ path: ['columns', column], entries: 2 }])
  expect((await boardOf(ann)).columns.find(({ id }) => id === column)).toMatchObject({ archived: false })
  expect(await takeBack('undo', { onConflict: { overwrite: onHeld } })).toMatchObject({ done: 'undone' })
})

test('looking at what undo would ask writes nothing, and says when nothing is left to do', async () => {
  const { bo, ann, first, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
  const card = newEntity()
  const titleIn = async (device: TestDevice) => (await boardOf(device)).cardsById.get(card)?.title
  const boWrites = async (title: string) => {
    await until(async () => expect(await titleIn(bo)).toBe(await titleIn(ann)))
    await commit(bo, call('retitleCard', { card, title }))
    await until(async () => expect(await titleIn(ann)).toBe(title))
  }
  await commit(ann, call('addCard', { card, title: 'Mast', column: first, order: 'a1' }))
  await commit(ann, call('retitleCard', { card, title: 'Mast of Ann' }))
  await boWrites('Mast of Bo')
  const told = conflictOf(await takeBack('undo'))
  const look = async () => takeBack('undo', { onConflict: 'look' })
  expect(conflictOf(await look())).toEqual(told)
  await boWrites('Mast of oak')
  expect(conflictOf(await look()).fields).toMatchObject([{ theirs: 'Mast of oak' }])
  await boWrites('Mast')
  const already = [{ entity: card, by: 'Bo' }]
  expect(await look()).toMatchObject({ done: 'away', sentence: { en: expect.stringContaining('Mast') }, already })
  expect(await titleIn(ann)).toBe('Mast')
})

test('who answers that the board may go back takes back the cards that the question counted, and is asked anew where Bo has changed another', async () => {
  const { ann, bo, workspace, work, first, commit, boardOf } = await annAndBoOnOneBoard()
  const [sails, oars] = [newEntity(), newEntity()]
  const add = (card: string, title: string) => call('addCard', { card, title, column: first, order: 'a1' })
  await commit(ann, add(sails, 'Sails'), add(oars, 'Oars'))
  const { steps } = await ann.call('timeline', { workspace, work })
  const at: Moment = { step: steps.at(-1)!.id }
  await commit(ann, call('retitleCard', { card: sails, title: 'Sails of Ann' }))
  const ask = async () => (await ann.call('compare', { workspace, work, from: at, to: { now: true } })).changes
  const restore = (told: ToldChange[]) => ann.call('restoreMoment', { workspace, work, tab: ann.tab, at, told })
  const titles = async () => {
    const { cardsById } = await boardOf(ann)
    return [sails, oars].map((card) => cardsById.get(card)?.title)
  }
  const told = await ask()
  expect(told.map(({ id }) => id)).toEqual([sails])
  await until(async () => expect((await boardOf(bo)).cardsById.has(oars)).toBe(true))
  await commit(bo, call('retitleCard', { card: oars, title: 'Oars of Bo' }))
  await until(async () => expect(await titles()).toEqual(['Sails of Ann', 'Oars of Bo']))
  expect(await restore(told)).toEqual({ group: null, changed: 0, differs: true })
  expect(await titles()).toEqual(['Sails of Ann', 'Oars of Bo'])
  expect(await restore(await ask())).toMatchObject({ changed: expect.any(Number) })
  expect(await titles()).toEqual(['Sails', 'Oars'])
})

test('what was done again is said as it was done, for a title and for an import', async () => {
  const { ann, first, commit, takeBack } = await annAndBoOnOneBoard()
  const card = newEntity()
  const column = newEntity()
  const said = async (way: 'undo' | 'redo') => {
    const done = await takeBack(way)
    return done.done === 'undone' ? done.sentence : null
  }
  await commit(ann, call('addCard', { card, title: 'Sail', column: first, order: 'a1' }))
  await commit(ann, call('retitleCard', { card, title: 'Sail v2' }))
  expect(await said('undo')).toMatchObject({ en: 'Renamed “Sail” to “Sail v2”' })
  expect(await said('redo')).toMatchObject({ en: 'Renamed “Sail” to “Sail v2”' })
  expect(await said('undo')).toMatchObject({ en: 'Renamed “Sail” to “Sail v2”' })

  const imported = [0, 1, 2].map((i) => call('addCard', { card: newEntity(), title: `Row ${i}`, column, order: 'a1' }))
  await commit(ann, call('addColumn', { column, title: 'Imported', order: 'a9' }), ...imported)
  await said('undo')
  expect((await said('redo'))?.en).toMatch(/^Restored/)
})

test('an import is taken back and done again as one action, and what Bo wrote into an imported card is still in it', async () => {
  const { ann, bo, commit, boardOf, takeBack, takeBackAnyway } = await annAndBoOnOneBoard()
  const before = new Set([...(await boardOf(ann)).cardsById.keys()])
  const column = newEntity()
  const cards = Array.from({ length: 120 }, newEntity)
  const imported = cards.map((card, i) =>
    call('addCard', { card, title: `Row ${i}`, column, order: 'a1', description: `From row ${i}` }),
  )
  const [card = ''] = cards
  await commit(ann, call('addColumn', { column, title: 'Imported', order: 'a9' }), ...imported)
  const shown = async (device: TestDevice) =>
    [...(await boardOf(device)).cardsById.values()].filter(({ id, archived }) => !archived && !before.has(id))
  await until(async () => expect(await shown(bo)).toHaveLength(120))
  const own = newEntity()
  await commit(bo, call('retitleCard', { card, title: 'Row of Bo' }))
  await commit(bo, call('addCard', { card: own, title: 'Of Bo alone', column, order: 'a2' }))
  await until(async () => expect((await boardOf(ann)).cardsById.get(card)?.title).toBe('Row of Bo'))
  await until(async () => expect((await boardOf(ann)).cardsById.get(own)).toBeDefined())

  expect(await takeBack('undo')).toMatchObject({
    done: 'ask',
    conflict: {
      ...{ fields: [], entries: [{ path: ['cards', card], by: ['Bo'] }], made: 120 },
      held: [{ path: ['columns', column], entries: 1, by: ['Bo'] }],
    },
  })
  expect(await takeBackAnyway('undo')).toMatchObject({ done: 'undone' })
  // His own card is no part of the import: it is shown without a column, as cards of archived columns are.
  expect(await shown(ann)).toMatchObject([{ id: own, column }])
  expect((await boardOf(ann)).columns.find(({ id }) => id === column)).toMatchObject({ archived: true })
  expect(await takeBack('redo')).toMatchObject({ done: 'undone' })
  expect(await shown(ann)).toHaveLength(121)
  expect((await boardOf(ann)).cardsById.get(card)).toMatchObject({ title: 'Row of Bo', column, archived: false })
  expect((await boardOf(ann)).cardsById.get(own)).toMatchObject({ column })
})

test('of an import one of whose cards Bo has archived as many cards are said to be taken back, and to have come again, as the question names', async () => {
  const { ann, bo, workspace, work, first, commit, boardOf, takeBack, takeBackAnyway } = await annAndBoOnOneBoard()
  const cards = [newEntity(), newEntity(), newEntity()]
  await ann.call('commit', {
    ...{ workspace, work, tab: ann.tab, from: { file: 'list.csv', cards: 3 } },
    calls: cards.map((card, i) => call('addCard', { card, title: `Row ${i}`, column: first, order: `a${i}` })),
  })
  await until(async () => expect((await boardOf(bo)).cardsById.has(cards[2] ?? '')).toBe(true))
  await commit(bo, call('archiveCard', { card: cards[0] }))
  for (const card of cards.slice(1)) await commit(bo, call('retitleCard', { card, title: 'Of Bo' }))
  await until(async () => expect((await boardOf(ann)).cardsById.get(cards[2] ?? '')?.title).toBe('Of Bo'))

  const undone = { done: 'undone', from: { file: 'list.csv', cards: 2 } }
  expect(await takeBack('undo')).toMatchObject({ done: 'ask', conflict: { made: 2 } })
  expect(await takeBackAnyway('undo')).toMatchObject(undone)
  expect(await takeBack('redo')).toMatchObject(undone)
  const { cardsById } = await boardOf(ann)
  expect(cards.map((card) => cardsById.get(card)?.archived)).toEqual([true, false, false])
  expect(await takeBackAnyway('undo')).toMatchObject(undone)
})

test('of an import that put one of its cards into the archive itself each sentence counts that one, also where a card of Bo’s stays', async () => {
  const { ann, bo, workspace, work, first, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
  const cards = [newEntity(), newEntity(), newEntity()]
  const [bos = '', , old = ''] = cards
  await ann.call('commit', {
    ...{ workspace, work, tab: ann.tab, from: { file: 'list.json', cards: 3 } },
    calls: [
      ...cards.map((card, i) => call('addCard', { card, title: `Row ${i}`, column: first, order: `a${i}` })),
      call('archiveCard', { card: old }),
    ],
  })
  await until(async () => expect((await boardOf(bo)).cardsById.has(old)).toBe(true))
  await commit(bo, call('retitleCard', { card: bos, title: 'Of Bo' }))
  await until(async () => expect((await boardOf(ann)).cardsById.get(bos)?.title).toBe('Of Bo'))

  expect(await takeBack('undo')).toMatchObject({ done: 'ask', conflict: { made: 3, entries: [{ by: ['Bo'] }] } })
  const two = { done: 'undone', from: { file: 'list.json', cards: 2 } }
  expect(await takeBack('undo', { onConflict: 'keep' })).toMatchObject(two)
  const archived = async () => {
    const { cardsById } = await boardOf(ann)
    return cards.map((card) => cardsById.get(card)?.archived)
  }
  expect(await archived()).toEqual([false, true, true])
  expect(await takeBack('redo')).toMatchObject(two)
  expect(await archived()).toEqual([false, false, true])
  expect(await takeBack('undo')).toMatchObject(two)
})

test('after a restart Ann takes her import back with one undo, after another does it again, and is asked where Bo has changed something', async () => {
  const { ann, bo, commit, boardOf, takeBack, takeBackAnyway } = await annAndBoOnOneBoard()
  const column = newEntity()
  const cards = Array.from({ length: 600 }, newEntity)
  const imported = cards.map((card, i) => call('addCard', { card, title: `Row ${i}`, column, order: 'a1' }))
  await commit(ann, call('addColumn', { column, title: 'Imported', order: 'a9' }), ...imported)
  const shown = async (device: TestDevice) =>
    [...(await boardOf(device)).cardsById.values()].filter((card) => card.column === column && !card.archived)
  await until(async () => expect(await shown(bo)).toHaveLength(600))
  // The import needed a further shard; Bo's card is in it, and is no part of the import.
  const own = newEntity()
  await commit(bo, call('addCard', { card: own, title: 'Of Bo alone', column, order: 'a2' }))
  await until(async () => expect(await shown(ann)).toHaveLength(601))
  await ann.restart()
  expect(await takeBack('undo')).toMatchObject({ done: 'ask', conflict: { entries: [], held: [{ entries: 1 }] } })
  expect(await takeBackAnyway('undo')).toMatchObject({ done: 'undone' })
  expect(await shown(ann)).toMatchObject([{ id: own }])
  await ann.restart()
  expect(await shown(ann)).toMatchObject([{ id: own }])
  expect(await takeBack('redo')).toMatchObject({ done: 'undone' })
  expect(await shown(ann)).toHaveLength(601)

  const [card = ''] = cards
  await commit(ann, call('retitleCard', { card, title: 'Of Ann' }))
  await until(async () => expect((await boardOf(bo)).cardsById.get(card)?.title).toBe('Of Ann'))
  await commit(bo, call('retitleCard', { card, title: 'Of Bo' }))
  await until(async () => expect((await boardOf(ann)).cardsById.get(card)?.title).toBe('Of Bo'))
  await ann.restart()
  const asked = await takeBack('undo')
  expect(asked).toMatchObject({ conflict: { fields: [{ theirs: 'Of Bo', restored: 'Row 0', by: 'Bo' }] } })
  await takeBack('undo', { group: asked.done === 'ask' ? asked.group : '', onConflict: 'leave' })
  await ann.restart()
  expect(await takeBack('undo')).toMatchObject({ done: 'ask', conflict: { entries: [{ by: ['Bo'] }], made: 600 } })
  expect(await takeBackAnyway('undo')).toMatchObject({ done: 'undone' })
  expect(await shown(ann)).toMatchObject([{ id: own }])
})

test('each of two windows takes back what was done in it; what was done in one that is closed, the other takes back', async () => {
  const { ann, first, workspace, work, boardOf } = await annAndBoOnOneBoard()
  const [left, right] = [newEntity(), newEntity()]
  const add = (tab: string, card: string) =>
    ann.call('commit', {
      ...{ workspace, work, tab },
      calls: [call('addCard', { card, title: tab, column: first, order: 'a1' })],
    })
  const undo = (tab: string) => ann.call('undo', { workspace, work, tab })
  const isThere = async (card: string) => (await boardOf(ann)).cardsById.get(card)?.archived === false
  await add('left', left)
  await add('right', right)
  expect(await undo('left')).toMatchObject({ done: 'undone' })
  expect([await isThere(left), await isThere(right)]).toEqual([false, true])
  expect(await undo('left')).toEqual({ done: 'nothing', elsewhere: true })
  ann.core.handlers.left('right')
  await until(async () => expect(await undo('left')).toMatchObject({ done: 'undone' }))
  expect(await isThere(right)).toBe(false)
})

test('an action that never reached the disk before the power failed is passed over', async () => {
  const { ann, first, workspace, work, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
  const card = newEntity()
  await commit(ann, call('addCard', { card, title: 'On the disk', column: first, order: 'a1' }))
  await ann.restart()
  const db = await openDb(ann.name)
  const changes = [{ doc: work, hashes: ['0'.repeat(64)] }]
  await db.put('undo', { ws: workspace, work, seq: 9, way: 'undo', group: 'lost', mutations: ['renameBoard'], changes })
  db.close()
  expect(await takeBack('undo')).toMatchObject({
    done: 'undone',
    sentence: { en: expect.stringContaining('On the disk') },
  })
  expect((await boardOf(ann)).cardsById.get(card)?.archived).toBe(true)
  expect(await takeBack('undo')).toEqual({ done: 'nothing' })
})

test('Ann takes back cards that she added, in two of which Bo has worked since: she may keep those, with their column and label', async () => {
  const { ann, bo, workspace, work, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
  const [column, label] = [newEntity(), newEntity()]
  const [retitled, written, left] = [newEntity(), newEntity(), newEntity()]
  const add = (card: string, title: string) => call('addCard', { card, title, column, order: 'a1', labels: [label] })
  await commit(
    ann,
    call('addColumn', { column, title: 'Rigging', order: 'a9' }),
    call('addLabel', { label, name: 'Rope', color: 'blue' }),
    ...[add(retitled, 'Sheets'), add(written, 'Halyards'), add(left, 'Blocks')],
  )
  await until(async () => expect((await boardOf(bo)).cardsById.get(left)).toBeDefined())
  await commit(bo, call('retitleCard', { card: retitled, title: 'Sheets, 12 mm' }))
  await until(() => writeDescription(bo, workspace, work, written, 'Which length?'))
  await until(async () => {
    expect((await boardOf(ann)).cardsById.get(retitled)?.title).toBe('Sheets, 12 mm')
    expect(plainText((await ann.call('descriptions', { workspace, work })).texts[written] ?? [])).toBe('Which length?')
  })

  const asked = await takeBack('undo')
  expect(asked).toMatchObject({ done: 'ask', conflict: { fields: [], made: 3, others: 1 } })
  expect(asked.done === 'ask' && asked.conflict.entries.map(({ path, by }) => [path[1], by]).sort()).toEqual(
    [
      [retitled, ['Bo']],
      [written, ['Bo']],
    ].sort(),
  )
  expect(await takeBack('undo', { onConflict: 'keep' })).toMatchObject({
    done: 'undone',
    sentence: { en: 'Added “Blocks” to “Rigging”' },
  })
  const { cardsById, columns, labels } = await boardOf(ann)
  expect([retitled, written, left].map((card) => cardsById.get(card)?.archived)).toEqual([false, false, true])
  expect(columns.find(({ id }) => id === column)?.archived).toBe(false)
  expect(labels.find(({ id }) => id === label)?.archived).toBe(false)
})

test('what Bo writes in the description of a card that Ann brought back by redo is asked about before it goes again', async () => {
  const { ann, bo, workspace, work, first, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
  const [bare, told] = [newEntity(), newEntity()]
  await commit(ann, call('addCard', { card: bare, title: 'Sheets', column: first, order: 'a1' }))
  await commit(ann, call('addCard', { card: told, title: 'Blocks', column: first, order: 'a2', description: 'Of ash' }))
  const textAt = async (device: TestDevice, card: string) =>
    plainText((await device.call('descriptions', { workspace, work })).texts[card] ?? [])
  for (const card of [told, bare]) {
    expect(await takeBack('undo')).toMatchObject({ done: 'undone' })
    expect(await takeBack('redo')).toMatchObject({ done: 'undone' })
    await until(async () => expect((await boardOf(bo)).cardsById.get(card)?.archived).toBe(false))
    await until(() => writeDescription(bo, workspace, work, card, 'By Bo ', { at: 0, step: 'new' }))
    await until(async () => expect(await textAt(ann, card)).toContain('By Bo'))
    const asked = await takeBack('undo')
    expect(asked).toMatchObject({ done: 'ask', conflict: { entries: [{ path: ['cards', card], by: ['Bo'] }] } })
    if (asked.done !== 'ask') return
    expect(await takeBack('undo', { onConflict: { overwrite: asked.conflict } })).toMatchObject({ done: 'undone' })
    expect((await boardOf(ann)).cardsById.get(card)?.archived).toBe(true)
  }

  // Nor does a card go into the archive again without a word, because she does that again.
  const again = newEntity()
  await commit(ann, call('addCard', { card: again, title: 'Oars', column: first, order: 'a3' }))
  await commit(ann, call('archiveCard', { card: again }))
  expect(await takeBack('undo')).toMatchObject({ done: 'undone' })
  await until(async () => expect((await boardOf(bo)).cardsById.get(again)?.archived).toBe(false))
  await until(() => writeDescription(bo, workspace, work, again, 'Of spruce'))
  await until(async () => expect(await textAt(ann, again)).toBe('Of spruce'))
  expect(await takeBack('redo')).toMatchObject({
    done: 'ask',
    conflict: { entries: [{ path: ['cards', again], by: ['Bo'] }] },
  })

  // The same where she takes it from the archive by hand, and takes that back.
  const byHand = newEntity()
  await commit(ann, call('addCard', { card: byHand, title: 'Sails', column: first, order: 'a4', description: 'White' }))
  await commit(ann, call('archiveCard', { card: byHand }))
  await commit(ann, call('restoreCard', { card: byHand }))
  await until(async () => expect((await boardOf(bo)).cardsById.get(byHand)?.archived).toBe(false))
  await until(() => writeDescription(bo, workspace, work, byHand, 'Red, not ', { at: 0, step: 'new' }))
  await until(async () => expect(await textAt(ann, byHand)).toContain('Red, not'))
  expect(await takeBack('undo')).toMatchObject({
    done: 'ask',
    conflict: { entries: [{ path: ['cards', byHand], by: ['Bo'] }] },
  })
})

test('Bo puts a card elsewhere in the column that Ann moved it to: she is told of its place, and to which column undoing brings it', async () => {
  const { ann, bo, first, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
  const card = newEntity()
  const [, second = ''] = (await boardOf(ann)).columns.map(({ id }) => id)
  const orderAt = async (device: TestDevice) => (await boardOf(device)).cardsById.get(card)?.order
  await commit(ann, call('addCard', { card, title: 'Oars', column: first, order: 'a1' }))
  await commit(ann, call('moveCard', { card, column: second, order: 'a2' }))
  await until(async () => expect(await orderAt(bo)).toBe('a2'))
  await commit(bo, call('moveCard', { card, column: second, order: 'a3' }))
  await until(async () => expect(await orderAt(ann)).toBe('a3'))
  const place = { path: ['cards', card, 'order'], mine: 'a2', theirs: 'a3', restored: 'a1', by: 'Bo' }
  expect(await takeBack('undo')).toMatchObject({
    done: 'ask',
    conflict: { fields: [{ ...place, along: { column: first } }] },
  })
})

test('of a card that Ann added and Bo changed she is asked before it goes; kept, it is not asked about again', async () => {
  const { ann, bo, first, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
  const [card, own] = [newEntity(), newEntity()]
  await commit(ann, call('addCard', { card: own, title: 'Oars', column: first, order: 'a1' }))
  await commit(ann, call('addCard', { card, title: 'Sails', column: first, order: 'a2' }))
  await commit(ann, call('retitleCard', { card: own, title: 'Four oars' }))
  await until(() => commit(bo, call('retitleCard', { card, title: 'Two sails' })))
  await until(async () => expect((await boardOf(ann)).cardsById.get(card)?.title).toBe('Two sails'))
  expect(await takeBack('undo')).toMatchObject({ done: 'undone' })
  expect(await takeBack('undo')).toMatchObject({ done: 'ask', conflict: { made: 1, others: 0 } })
  expect(await takeBack('undo', { onConflict: 'leave' })).toMatchObject({ done: 'left' })
  expect((await boardOf(ann)).cardsById.get(card)).toMatchObject({ title: 'Two sails', archived: false })
  // What only she worked on goes without a word.
  expect(await takeBack('undo')).toMatchObject({ done: 'undone' })
  expect((await boardOf(ann)).cardsById.get(own)?.archived).toBe(true)
})

test('what Bo made of what Ann added or set is asked about each time that she takes it back, however often she does it again', async () => {
  const { ann, bo, workspace, work, first, commit, boardOf, takeBack, takeBackAnyway } = await annAndBoOnOneBoard()
  const [card, told, kept] = [newEntity(), newEntity(), newEntity()]
  const added = (id: string, title: string) => call('addCard', { card: id, title, column: first, order: 'a1' })
  await commit(ann, added(kept, 'Oars'), call('setPriority', { card: kept, priority: 'low' }))
  await commit(ann, call('setPriority', { card: kept, priority: 'high' }))
  await commit(ann, added(card, 'Sails'), added(told, 'Mast'))
  await until(() => commit(bo, call('retitleCard', { card, title: 'Two sails' })))
  await writeDescription(bo, workspace, work, told, 'Of larch')
  await commit(bo, call('setPriority', { card: kept, priority: 'urgent' }))
  await until(async () => {
    const { cardsById } = await boardOf(ann)
    expect([cardsById.get(card)?.title, cardsById.get(kept)?.priority]).toEqual(['Two sails', 'urgent'])
  })
  const theirs = [card, told].map((id) => ({ path: ['cards', id], by: ['Bo'] }))
  const asks = async (conflict: object) => {
    await until(async () =>
      expect(await takeBack('undo', { onConflict: 'look' })).toMatchObject({ done: 'ask', conflict }),
    )
    expect(await takeBackAnyway('undo')).toMatchObject({ done: 'undone' })
  }
  const inAnyOrder = { entries: expect.arrayContaining(theirs.map((one) => expect.objectContaining(one))), made: 2 }
  await asks(inAnyOrder)
  for (const _ of [1, 2]) {
    expect(await takeBack('redo')).toMatchObject({ done: 'undone' })
    await asks(inAnyOrder)
  }
  const field = { path: ['cards', kept, 'priority'], mine: 'high', theirs: 'urgent', restored: 'low', by: 'Bo' }
  await asks({ fields: [field] })
  for (const _ of [1, 2]) {
    expect(await takeBack('redo')).toMatchObject({ done: 'undone' })
    expect((await boardOf(ann)).cardsById.get(kept)?.priority).toBe('urgent')
    await asks({ fields: [field] })
  }
  expect((await boardOf(ann)).cardsById.get(kept)?.priority).toBe('low')
})

test('undo and redo of an import name its file and its cards, also after a restart', async () => {
  const { ann, workspace, work, first, takeBack } = await annAndBoOnOneBoard()
  const calls = [0, 1].map((i) => call('addCard', { card: newEntity(), title: `Row ${i}`, column: first, order: 'a1' }))
  const from = { file: 'plan.csv', cards: 2 }
  await ann.call('commit', { workspace, work, tab: ann.tab, calls, from })
  expect(await takeBack('undo')).toMatchObject({ done: 'undone', from })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await ann.restart()
  expect(await takeBack('redo')).toMatchObject({ done: 'undone', from })
  await ann.call('commit', { workspace, work, tab: ann.tab, calls: [call('renameBoard', { title: 'Deck' })] })
  const renamed = await takeBack('undo')
  expect(renamed).toMatchObject({ done: 'undone' })
  expect(renamed).not.toHaveProperty('from')
})

test('the history says all that an undo took back, and in that of one card what became of it', async () => {
  const { ann, workspace, work, commit, takeBack } = await annAndBoOnOneBoard()
  const [column, label, card] = [newEntity(), newEntity(), newEntity()]
  await commit(
    ann,
    call('addColumn', { column, title: 'Imported', order: 'a9' }),
    call('addLabel', { label, name: '@Zoe', color: 'blue' }),
    call('addCard', { card, title: 'Build', column, order: 'a1', labels: [label] }),
  )
  await takeBack('undo')
  const told = async (entity?: string) =>
    (await ann.call('history', { workspace, work, limit: 2, ...(entity && { entity }) })).entries.map(
      ({ sentence }) => sentence.en,
    )
  const done = 'Added the column “Imported”; added “Build” to “Imported”; added the label “@Zoe”'
  const undone = 'Archived the column “Imported”; removed the label “@Zoe”; archived “Build” (undo)'
  expect(await told()).toEqual([undone, done])
  expect(await told(card)).toEqual(['Archived “Build” (undo)', 'Added “Build” to “Imported”'])
  expect(await told(label)).toEqual(['Removed the label “@Zoe” (undo)', 'Added the label “@Zoe”'])
})

test('whoever gives one card from two people to a third reads all three names', async () => {
  const { ann, bo, workspace, work, first, commit, takeBack } = await annAndBoOnOneBoard()
  const [annId, boId] = [(await ann.state(workspace)).me, (await bo.state(workspace)).me]
  await until(async () => expect((await ann.state(workspace)).people.map(({ name }) => name)).toContain('Bo'))
  const [card, one, two] = [newEntity(), newEntity(), newEntity()]
  await commit(
    ann,
    call('addLabel', { label: one, name: 'Rope', color: 'blue' }),
    call('addLabel', { label: two, name: 'Wood', color: 'red' }),
    call('addCard', { card, title: 'Sails', column: first, order: 'a1' }),
  )
  const assign = (person: string, on: boolean) => call('setAssignee', { card, person, on })
  const said = async (...calls: MutationCall[]) => {
    await commit(ann, ...calls)
    const { entries } = await ann.call('history', { workspace, work, limit: 1 })
    return entries[0]?.sentence
  }
  expect(await said(assign(annId, true), assign(boId, true))).toEqual({
    'zh-CN': '把“Sails”指派给 Ann、Bo',
    en: 'Assigned “Sails” to Ann and Bo',
  })
  expect(await said(assign(annId, false), assign(boId, false))).toEqual({
    'zh-CN': '“Sails”不再由 Ann、Bo 负责',
    en: 'Unassigned Ann and Bo from “Sails”',
  })
  expect(await takeBack('undo')).toMatchObject({ sentence: { en: 'Unassigned Ann and Bo from “Sails”' } })
  expect((await said(assign(annId, false)))?.en).toBe('Unassigned Ann from “Sails”')
  expect(await said(assign(annId, true), assign(boId, false))).toEqual({
    'zh-CN': '把“Sails”指派给 Ann；“Sails”不再由 Bo 负责',
    en: 'Assigned “Sails” to Ann; unassigned Bo from “Sails”',
  })
  const put = (label: string, on: boolean) => call('setLabel', { card, label, on })
  expect((await said(put(one, true), put(two, true)))?.en).toBe('Put the labels “Rope” and “Wood” on “Sails”')
  expect(await said(put(one, false), put(two, false))).toEqual({
    'zh-CN': '去掉了“Sails”的标签“Rope”“Wood”',
    en: 'Took the labels “Rope” and “Wood” off “Sails”',
  })
})

test('what is told of several cards is true of each: other columns, priorities, dates and people are not taken for those of the first', async () => {
  const { ann, bo, workspace, work, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
  const [annId, boId] = [(await ann.state(workspace)).me, (await bo.state(workspace)).me]
  await until(async () => expect((await ann.state(workspace)).people.map(({ name }) => name)).toContain('Bo'))
  const [todo = '', doing = '', done = ''] = (await boardOf(ann)).columns.map(({ id }) => id)
  const cards = [newEntity(), newEntity(), newEntity()]
  const said = async (calls: MutationCall[]) => {
    await commit(ann, ...calls)
    return (await ann.call('history', { workspace, work, limit: 1 })).entries[0]?.sentence.en
  }
  const undone = async () => {
    const { done: how, ...rest } = await takeBack('undo')
    expect(how).toBe('undone')
    expect(rest).toHaveProperty('sentence')
    return (await ann.call('history', { workspace, work, limit: 1 })).entries[0]?.sentence.en
  }
  await commit(
    ann,
    ...cards.map((card, at) =>
      call('addCard', { card, title: `Card ${at}`, column: at === 1 ? doing : todo, order: `a${at}` }),
    ),
  )
  const [doingTitle, doneTitle] = (await boardOf(ann)).columns.slice(1).map(({ title }) => title)
  const [one, two] = cards
  const moves = [one, two].map((card) => call('moveCard', { card, column: done, order: 'a5' }))
  expect(await said(moves)).toBe(`Moved “Card 0” and 1 other card to “${doneTitle}”`)
  expect(await undone()).toContain(`moved “Card 1” from “${doneTitle}” to “${doingTitle}”`)

  await commit(ann, call('setPriority', { card: one, priority: 'high' }))
  const low = cards.map((card) => call('setPriority', { card, priority: 'low' }))
  expect(await said(low)).toBe('Set the priority of “Card 0” and 2 other cards to P3')
  const back = await undone()
  expect(back).toMatch(/ \(undo\)$/)
  expect(back?.toLowerCase()).toContain('set the priority of “card 0” to p1')
  expect(back?.toLowerCase()).toContain('cleared the priority of “card 1” and 1 other card')
  const dates = cards.map((card, at) => call('setDates', { card, due: `2027-01-0${at + 1}` }))
  expect(await said(dates)).toBe('Changed the due date of “Card 0” and 2 other cards')
  expect(
    await said([
      call('setAssignee', { card: one, person: annId, on: true }),
      call('setAssignee', { card: two, person: boId, on: true }),
    ]),
  ).toBe('Changed the assignees of “Card 0” and 1 other card')
  expect(await said([one, two].map((card) => call('setAssignee', { card, person: annId, on: false })))).toBe(
    'Unassigned Ann from “Card 0”',
  )
})

test('Bo has put cards of his own into the columns of Ann’s import: she is asked, and what she keeps is those columns and his cards', async () => {
  const { ann, bo, workspace, work, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
  const [used, unused] = [newEntity(), newEntity()]
  const cards = Array.from({ length: 40 }, newEntity)
  const calls = [
    call('addColumn', { column: used, title: 'NewCol1', order: 'a8' }),
    call('addColumn', { column: unused, title: 'NewCol2', order: 'a9' }),
    ...cards.map((card, i) =>
      call('addCard', { card, title: `Row ${i}`, column: i % 2 === 0 ? used : unused, order: 'a1' }),
    ),
  ]
  await ann.call('commit', { workspace, work, tab: ann.tab, calls, from: { file: 'plan.csv', cards: 40 } })
  await until(async () => expect((await boardOf(bo)).cardsById.has(cards[39] ?? '')).toBe(true))
  const [first = ''] = (await boardOf(bo)).columns.map(({ id }) => id)
  const [own, moved, gone] = [newEntity(), newEntity(), newEntity()]
  await commit(bo, call('addCard', { card: moved, title: 'Of Bo, moved', column: first, order: 'a1' }))
  await commit(bo, call('addCard', { card: own, title: 'Of Bo', column: used, order: 'a2' }))
  await commit(bo, call('addCard', { card: gone, title: 'Of Bo, archived', column: unused, order: 'a2' }))
  await commit(bo, call('archiveCard', { card: gone }), call('moveCard', { card: moved, column: used, order: 'a3' }))
  await until(async () => {
    const { cardsById } = await boardOf(ann)
    expect(cardsById.get(moved)?.column).toBe(used)
    expect(cardsById.get(gone)?.archived).toBe(true)
  })

  expect(await takeBack('undo')).toMatchObject({
    done: 'ask',
    conflict: {
      ...{ fields: [], entries: [], others: 41 },
      held: [{ path: ['columns', used], entries: 2, by: ['Bo'], work }],
    },
  })
  expect(await takeBack('undo', { onConflict: 'keep' })).toMatchObject({ done: 'undone' })
  const isAway = async () => {
    const { columns, cardsById } = await boardOf(ann)
    return {
      columns: [used, unused].map((column) => columns.find(({ id }) => id === column)?.archived),
      imported: new Set(cards.map((card) => cardsById.get(card)?.archived)),
      his: [own, moved].map((card) => cardsById.get(card)?.archived),
    }
  }
  expect(await isAway()).toEqual({ columns: [false, true], imported: new Set([true]), his: [false, false] })
  expect(await takeBack('redo')).toMatchObject({ done: 'undone' })
  expect(await isAway()).toEqual({ columns: [false, false], imported: new Set([false]), his: [false, false] })
})

test('Ann is asked before a column that she added, brought back or archives again goes from under cards, and reads whose they are', async () => {
  const { ann, bo, workspace, work, commit, boardOf, takeBack, takeBackAnyway } = await annAndBoOnOneBoard()
  const [column, card, early] = [newEntity(), newEntity(), newEntity()]
  const isArchived = async () => (await boardOf(ann)).columns.find(({ id }) => id === column)?.archived
  const held = (entries: number, by: string[]) => ({
    done: 'ask',
    conflict: {
      ...{ fields: [], entries: [], made: 0, others: 0 },
      held: [{ path: ['columns', column], entries, by }],
    },
  })
  await commit(ann, call('addColumn', { column, title: 'Rigging', order: 'a9' }))
  await until(async () => expect((await boardOf(bo)).columns.map(({ id }) => id)).toContain(column))
  await commit(bo, call('addCard', { card, title: 'Of Bo', column, order: 'a1' }))
  await until(async () => expect((await boardOf(ann)).cardsById.has(card)).toBe(true))
  // What Ann writes in his card does not make it hers.
  await ann.call('commit', {
    workspace,
    work,
    tab: 'other',
    calls: [call('retitleCard', { card, title: 'Of Bo, he says' })],
  })
  expect(await takeBack('undo')).toMatchObject(held(1, ['Bo']))
  expect(await isArchived()).toBe(false)
  expect(await takeBackAnyway('undo')).toMatchObject({ done: 'undone' })
  expect(await isArchived()).toBe(true)
  // Done again, it is asked about again, also after a restart.
  expect(await takeBack('redo')).toMatchObject({ done: 'undone' })
  expect(await takeBack('undo')).toMatchObject(held(1, ['Bo']))
  expect(await isArchived()).toBe(false)
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await ann.restart()
  expect(await takeBackAnyway('undo')).toMatchObject({ done: 'undone' })
  expect(await isArchived()).toBe(true)
  expect(await takeBack('redo')).toMatchObject({ done: 'undone' })
  const second = newEntity()
  await commit(bo, call('addCard', { card: second, title: 'Of Bo, too', column, order: 'a3' }))
  await until(async () => expect((await boardOf(ann)).cardsById.has(second)).toBe(true))
  expect(await takeBack('undo')).toMatchObject(held(2, ['Bo']))
  expect(await takeBack('undo', { onConflict: 'leave' })).toMatchObject({ done: 'left' })
  await commit(bo, call('archiveCard', { card: second }))
  await until(async () => expect((await boardOf(ann)).cardsById.get(second)?.archived).toBe(true))

  // The cards that go with a column are no reason to ask; one that Bo put there before it goes again is.
  await commit(ann, call('archiveCard', { card }), call('archiveColumn', { column }))
  expect(await takeBack('undo')).toMatchObject({ done: 'undone' })
  expect(await takeBack('redo')).toMatchObject({ done: 'undone' })
  expect(await takeBack('undo')).toMatchObject({ done: 'undone' })
  await until(async () => expect((await boardOf(bo)).columns.find(({ id }) => id === column)?.archived).toBe(false))
  await commit(bo, call('addCard', { card: early, title: 'Early', column, order: 'a2' }))
  await until(async () => expect((await boardOf(ann)).cardsById.has(early)).toBe(true))
  expect(await takeBack('redo')).toMatchObject({
    done: 'ask',
    conflict: { held: [{ entries: 1, by: ['Bo'] }], others: 1 },
  })
  expect(await takeBack('redo', { onConflict: 'keep' })).toMatchObject({ done: 'undone' })
  expect(await isArchived()).toBe(false)
  expect((await boardOf(ann)).cardsById.get(card)?.archived).toBe(true)
})

test('a card that Ann put into her new column in another window is asked about by her own name', async () => {
  const { ann, workspace, work, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
  const [column, card] = [newEntity(), newEntity()]
  await commit(ann, call('addColumn', { column, title: 'Rigging', order: 'a9' }))
  const calls = [call('addCard', { card, title: 'Blocks', column, order: 'a1' })]
  await ann.call('commit', { workspace, work, tab: 'other', calls })
  expect(await takeBack('undo')).toMatchObject({ done: 'ask', conflict: { held: [{ entries: 1, by: ['Ann'] }] } })
  expect(await ann.call('undo', { workspace, work, tab: 'other' })).toMatchObject({ done: 'undone' })
  expect(await takeBack('undo')).toMatchObject({ done: 'undone' })
  expect((await boardOf(ann)).columns.find(({ id }) => id === column)?.archived).toBe(true)
})

test('where there is nothing to take back in this window, it is said whether another one that is open has something on this board', async () => {
  const { ann, workspace, work, first, commit, takeBack } = await annAndBoOnOneBoard()
  const other = (way: 'undo' | 'redo') => ann.call(way, { workspace, work, tab: 'other' })
  expect(await other('undo')).toEqual({ done: 'nothing' })
  await commit(ann, call('addCard', { card: newEntity(), title: 'Sails', column: first, order: 'a1' }))
  expect(await other('undo')).toEqual({ done: 'nothing', elsewhere: true })
  expect(await other('redo')).toEqual({ done: 'nothing' })
  // Of one text or one action nothing is told that is not of it.
  const text = newEntity()
  expect(await ann.call('undo', { workspace, work, tab: 'other', text })).toEqual({ done: 'nothing' })
  await takeBack('undo')
  expect(await other('redo')).toEqual({ done: 'nothing', elsewhere: true })
  expect(await other('undo')).toEqual({ done: 'nothing' })
})

/** While Ann takes back much, others have their turn so many times before Bo does something, and she hears of it. */
const LONG = [
  ['her priorities are read', 3, 'priority'],
  ['they are written', 7, 'priority'],
  ['her cards are read', 3, 'card'],
  ['they are put away', 7, 'card'],
] as const
test.each(LONG)(
  'what Bo writes while Ann takes back a thousand at length, before %s, is not overwritten unasked: both are told of both',
  async (_, turn, what) => {
    const { ann, bo, workspace, work, first, commit, boardOf, takeBack } = await annAndBoOnOneBoard()
    const cards = Array.from({ length: 1_000 }, newEntity)
    const [card = ''] = cards
    const cardOf = async (device: TestDevice) => (await boardOf(device)).cardsById.get(card)
    await commit(
      ann,
      ...cards.map((one, i) => call('addCard', { card: one, title: `${i}`, column: first, order: 'a1' })),
    )
    if (what === 'priority')
      await commit(ann, ...cards.map((one) => call('setPriority', { card: one, priority: 'high' })))
    const [mine, his] =
      what === 'priority'
        ? [{ priority: 'high' } as const, call('setPriority', { card, priority: 'low' })]
        : [{ title: '0' }, call('retitleCard', { card, title: 'Of Bo' })]
    await until(async () => expect(await cardOf(bo)).toMatchObject(mine), 30_000)
    const told = new Map<TestDevice, Conflict[]>()
    for (const device of [ann, bo])
      device.core.handlers.watch('work', { workspace, work }, (event) => {
        if (event.type === 'conflicts') told.set(device, event.conflicts)
      })

    const { works } = coreOf(ann, workspace)
    const others = works.othersTurn.bind(works)
    let turns = 0
    vi.spyOn(works, 'othersTurn').mockImplementation(async (docs) => {
      await others(docs)
      if (++turns !== turn) return
      await commit(bo, his)
      await until(async () => expect(await cardOf(ann)).not.toMatchObject(mine))
    })
    expect(await takeBack('undo')).toMatchObject({ done: 'undone' })
    expect(turns).toBeGreaterThan(turn)
    const [hersIs, hisIs] = what === 'priority' ? [null, 'low'] : [true, { title: 'Of Bo' }]
    const values = [
      { value: hersIs, by: (await ann.state(workspace)).me },
      { value: hisIs, by: (await bo.state(workspace)).me },
    ]
    for (const device of [ann, bo])
      await until(() => {
        const [conflict, ...more] = told.get(device) ?? []
        expect(more).toEqual([])
        expect(conflict?.path).toEqual(['cards', card, what === 'priority' ? 'priority' : 'archived'])
        expect(conflict?.values).toHaveLength(2)
        expect(conflict?.values).toEqual(expect.arrayContaining(values))
      }, 30_000)
  },
)
