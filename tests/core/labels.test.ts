import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { labelNamed, mergeLabelCalls, removeLabelCalls } from '#lib/kinds/board/ui/label-calls.ts'
import { parseView } from '#lib/kinds/board/view-content.ts'
import { readScreenBoard, type ScreenBoard } from '#lib/kinds/board/ui/screen-board.ts'
import { anyway, newEntity, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { coreOf, expectSame, openWorldAt } from '#tests/support/world.ts'

async function annAndBo() {
  const relay = await startRelay()
  const world = await openWorldAt(relay.port, ['Bo'])
  const { workspace, board, column } = world
  const [ann, bo] = world.devices as [TestDevice, TestDevice]
  const commit = (device: TestDevice, calls: MutationCall[]) =>
    device.call('commit', { workspace, work: board, tab: device.tab, calls })
  const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })
  const addCard = (device: TestDevice, card: string, labels: string[] = []) =>
    commit(device, [call('addCard', { card, title: 'Beta', column, order: 'a5', labels })])
  const boardOf = async (device: TestDevice): Promise<ScreenBoard> => {
    const { works } = coreOf(device, workspace)
    return readScreenBoard(works.plain(await coreOf(device, workspace).openWork(board)))
  }
  return { world, ann, bo, commit, call, addCard, boardOf }
}

test('Ann removes a label that Bo, offline, puts on a card: it stays on that card, is named, and goes when Ann says so again', async () => {
  const { world, ann, bo, commit, call, addCard, boardOf } = await annAndBo()
  const [rope, sand, hers, his] = [newEntity(), newEntity(), newEntity(), newEntity()]
  await commit(ann, [call('addLabel', { label: rope, name: 'Rope', color: 'blue' })])
  await commit(ann, [call('addLabel', { label: sand, name: 'Sand', color: 'red' })])
  await addCard(ann, hers, [rope, sand])
  await addCard(ann, his)
  await expectSame(world)
  await bo.call('setWorkOffline', { offline: true })
  const { group } = await commit(ann, removeLabelCalls(await boardOf(ann), rope))
  await commit(ann, removeLabelCalls(await boardOf(ann), sand))
  await commit(bo, [call('setLabel', { card: his, label: rope, on: true })])
  await bo.call('setWorkOffline', { offline: false })
  await expectSame(world)
  const ours = async (device: TestDevice) =>
    (await boardOf(device)).labels.filter(({ id }) => id === rope || id === sand)
  for (const device of [ann, bo]) {
    const { cards } = await boardOf(device)
    expect(await ours(device)).toMatchObject([{ id: rope, name: 'Rope', removed: true, archived: false }])
    expect([cards.get(his)?.labels, cards.get(hers)?.labels]).toEqual([[rope], []])
  }
  await commit(ann, removeLabelCalls(await boardOf(ann), rope))
  await expectSame(world)
  for (const device of [ann, bo]) expect(await ours(device)).toEqual([])

  // Taken back, the first removal gives hers its label again.
  const { workspace, board } = world
  await ann.call('undo', { workspace, work: board, tab: ann.tab, job: newEntity(), group })
  await expectSame(world)
  expect(await ours(bo)).toMatchObject([{ id: rope, removed: false }])
  expect((await boardOf(bo)).cards.get(hers)?.labels).toEqual([rope])
})

test('Ann and Bo, apart, each make a label Rope: Ann merges them in one action, views and cards follow, what Bo gives the merged one meanwhile is named, and undo parts them again', async () => {
  const { world, ann, bo, commit, call, addCard, boardOf } = await annAndBo()
  const { workspace, board } = world
  const [hers, his, first] = [newEntity(), newEntity(), newEntity()]
  const [second, third, view] = [newEntity(), newEntity(), newEntity()]
  await bo.call('setWorkOffline', { offline: true })
  await commit(ann, [call('addLabel', { label: hers, name: 'Rope', color: 'blue' })])
  await commit(bo, [call('addLabel', { label: his, name: 'rope ', color: 'red' })])
  await addCard(ann, first, [hers])
  await addCard(bo, second, [his])
  const content = JSON.stringify({ labels: [his], later: 1 })
  await commit(bo, [call('addView', { view, name: 'Ropes', content, order: 'a5', owner: null })])
  await addCard(bo, third)
  await bo.call('setWorkOffline', { offline: false })
  await expectSame(world)
  expect(labelNamed(await boardOf(ann), 'ROPE', his)?.id).toBe(hers)

  await bo.call('setWorkOffline', { offline: true })
  const { group } = await commit(ann, mergeLabelCalls(await boardOf(ann), his, hers))
  await commit(bo, [call('setLabel', { card: third, label: his, on: true })])
  await bo.call('setWorkOffline', { offline: false })
  await expectSame(world)
  for (const device of [ann, bo]) {
    const { cards, labels, views } = await boardOf(device)
    expect(cards.get(second)?.labels).toEqual([hers])
    const [saved] = views.filter(({ id }) => id === view)
    expect(parseView(saved?.content ?? '').labels).toEqual([hers])
    expect(JSON.parse(saved?.content ?? '')).toMatchObject({ later: 1 })
    expect(labels.find(({ id }) => id === his)).toMatchObject({ removed: true, archived: false, into: hers })
  }
  await commit(ann, mergeLabelCalls(await boardOf(ann), his, hers))
  await expectSame(world)
  expect((await boardOf(bo)).labels.some(({ id }) => id === his)).toBe(false)
  expect((await boardOf(bo)).cards.get(third)?.labels).toEqual([hers])

  const { entries } = await bo.call('history', { workspace, work: board, limit: 9 })
  expect(entries.map(({ sentence }) => sentence.en).join()).toContain('Merged the label “rope” into “Rope”')
  await anyway(ann, 'undo', { workspace, work: board, tab: ann.tab, group })
  await expectSame(world)
  expect((await boardOf(bo)).cards.get(second)?.labels).toEqual([his])
})
