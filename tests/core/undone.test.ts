import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import type { Conflict } from '#lib/kernel/define-kind.ts'
import { undoneOn } from '#lib/kinds/board/queries.ts'
import { call, annOnOneBoard } from '#tests/support/one-board.ts'
import { anyway, deviceOf, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { writeDescription } from '#tests/support/write-description.ts'

/** Ann has imported three cards into a board that Bo has as well. */
async function annHasImported() {
  const { relay, ann, workspace, board: work, boardOf, commit } = await annOnOneBoard()
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const { columns, cardsById } = await boardOf(ann, work)
  const [column = ''] = columns.map(({ id }) => id)
  const cards = [newEntity(), newEntity(), newEntity()] as const
  const calls = cards.map((card, at) => {
    const args = { card, title: `Sail ${at + 1}`, column, order: 'a1', description: 'Of linen' }
    return call('addCard', args)
  })
  await ann.call('commit', { workspace, work, tab: ann.tab, calls, from: { file: 'sails.csv', cards: 3 } })
  await until(async () => expect((await boardOf(bo, work)).cardsById.size).toBe(cardsById.size + 3))
  const undo = () => ann.call('undo', { workspace, work, tab: ann.tab })
  const redo = () => ann.call('redo', { workspace, work, tab: ann.tab })
  const undoAnyway = () => anyway(ann, 'undo', { workspace, work, tab: ann.tab })
  const write = (device: TestDevice, card: string, text: string) =>
    writeDescription(device, workspace, work, card, text)
  /** What search follows, beside the board itself. */
  const follow = (device: TestDevice) => {
    const [imported, found] = [new Set<string>(cards), new Set<string>()]
    device.core.handlers.watch('projections', { workspace }, (event) => {
      if (event.type !== 'entries' || event.work !== work) return
      for (const { entity } of event.put) if (imported.has(entity)) found.add(entity)
      for (const entity of event.gone) found.delete(entity)
    })
    return found
  }
  const undoneIn = async (device: TestDevice) =>
    undoneOn(await boardOf(device, work))
      .cards.map(({ id }) => id)
      .sort()
  return { ann, bo, workspace, work, cards, commit, boardOf, undo, redo, undoAnyway, write, follow, undoneIn }
}

test('what Ann has imported and taken back is not found by anybody; done again it is, and what is brought back alone as well; the history tells both', async () => {
  const { ann, bo, workspace, work, cards, commit, undo, redo, follow, undoneIn } = await annHasImported()
  const found = [ann, bo].map(follow)
  for (const one of found) await until(() => expect([...one].sort()).toEqual([...cards].sort()))
  expect(await undo()).toMatchObject({ done: 'undone' })
  for (const one of found) await until(() => expect([...one]).toEqual([]))
  expect(await undoneIn(bo)).toEqual([...cards].sort())
  const { entries } = await ann.call('history', { workspace, work, limit: 1 })
  expect(entries[0]?.sentence.en).toBe('Undone: Imported 3 cards')
  expect(await redo()).toMatchObject({ done: 'undone' })
  for (const one of found) await until(() => expect([...one].sort()).toEqual([...cards].sort()))
  await undo()
  for (const one of found) await until(() => expect([...one]).toEqual([]))
  await commit(bo, work, call('restoreCard', { card: cards[0] }))
  for (const one of found) await until(() => expect([...one]).toEqual([cards[0]]))
})

test('a card that Bo has renamed, or in whose description he has written, is among the archived ones, whether Ann knew of that or not; apart he is told, and chooses', async () => {
  const { ann, bo, workspace, work, cards, commit, boardOf, undoAnyway, redo, undo, write, follow, undoneIn } =
    await annHasImported()
  const [first, second, third] = cards
  let told: readonly Conflict[] = []
  bo.core.handlers.watch('work', { workspace, work }, (event) => {
    if (event.type === 'conflicts') told = event.conflicts
  })
  const found = [ann, bo].map(follow)
  await bo.call('setWorkOffline', { offline: true })
  await write(bo, first, ', of two')
  await commit(bo, work, call('retitleCard', { card: third, title: 'Jib' }))
  await undo()
  await bo.call('setWorkOffline', { offline: false })
  await until(() => expect(new Set(told.map(({ path }) => path[1]))).toEqual(new Set([first, third])))
  for (const one of found) await until(() => expect([...one].sort()).toEqual([first, third].sort()))
  expect(undoneOn(await boardOf(bo, work), (card) => told.some(({ path }) => path[1] === card)).cards).toMatchObject([
    { id: second },
  ])
  // Known to her, she is asked.
  await redo()
  await until(() => expect(told).toEqual([]))
  const asked = await undo()
  expect(asked).toMatchObject({ done: 'ask' })
  expect(asked.done === 'ask' && asked.conflict.entries.map(({ path }) => path[1]).sort()).toEqual(
    [first, third].sort(),
  )
  await undoAnyway()
  await until(async () => expect(await undoneIn(bo)).toEqual([second]))
  for (const one of found) await until(() => expect([...one].sort()).toEqual([first, third].sort()))
})

test('a card in which Ann herself has written in a window that she has closed since is among the archived ones', async () => {
  const { ann, workspace, work, cards, commit, undo, undoneIn } = await annHasImported()
  const [first, second, third] = cards
  await commit(ann, work, call('retitleCard', { card: second, title: 'Jib' }))
  await undo()
  await writeDescription(ann, workspace, work, first, ' and hemp', { tab: 'another' })
  expect(await undo()).toMatchObject({ done: 'undone' })
  expect(await undoneIn(ann)).toEqual([second, third].sort())
})

test('who goes back in time brings the cards back, or archives them, whatever was undone before', async () => {
  const { ann, workspace, work, cards, boardOf, undo, undoneIn } = await annHasImported()
  const goTo = (step: string | null) => ann.call('restoreMoment', { workspace, work, tab: ann.tab, at: { step } })
  const { steps } = await ann.call('timeline', { workspace, work })
  const [before, after] = steps.slice(-2)
  await undo()
  expect(await undoneIn(ann)).toHaveLength(3)
  const archived = async () => {
    const { cardsById } = await boardOf(ann, work)
    return cards.map((card) => cardsById.get(card)?.archived)
  }
  await goTo(after?.id ?? null)
  expect(await archived()).toEqual([false, false, false])
  await goTo(before?.id ?? null)
  expect(await archived()).toEqual([true, true, true])
  expect(await undoneIn(ann)).toEqual([])
})
