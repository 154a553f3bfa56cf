import '#tests/support/automerge.ts'
import { expect, onTestFinished, test } from 'vitest'
import { connectPort, servePort } from '#lib/core/rpc.ts'
import type { WorkspaceId } from '#lib/kernel/ids.ts'
import { SearchService, type FromSearch } from '#lib/search/service.ts'
import { deviceOf, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'

/** The search worker of a device, over a real port to its core: everything that crosses it is cloned. */
function searchOf(device: TestDevice): SearchService {
  const { port1, port2 } = new MessageChannel()
  const service = servePort(port1 as never, device.core.handlers)
  const core = connectPort(port2 as never, `search-of-${device.name}`, {
    held: Promise.resolve(),
    onBroken(code) {
      throw new Error(code)
    },
  })
  onTestFinished(() => {
    service.end()
    port1.close()
  })
  return new SearchService((workspace, emit) => core.watch('projections', { workspace }, emit))
}

/** A tab with the palette open. `titles` is what its last answer shows. */
function paletteOf(service: SearchService, workspace: WorkspaceId) {
  let answer: Extract<FromSearch, { type: 'answer' }> | null = null
  let last = 0
  const tell = (message: FromSearch) => {
    if (message.type === 'answer' && message.id === last) answer = message
  }
  return {
    ask(text: string) {
      answer = null
      service.receive({ type: 'ask', id: ++last, workspace, text, limit: 20 }, tell)
    },
    close: () => service.receive({ type: 'forget' }, tell),
    titles: () => answer?.hits.map(({ title }) => title) ?? null,
    entries: () => answer?.entries ?? null,
    groups: () => answer?.hits.map(({ group }) => group) ?? null,
    complete: () => answer?.complete ?? false,
    archived: () => answer?.hits.filter(({ archived }) => archived).map(({ title }) => title) ?? null,
    standing: () => answer?.hits.map(({ stage, done, due }) => [stage, done, due]) ?? null,
    places: () => answer?.hits.map(({ foundIn, excerpt }) => [foundIn, excerpt]) ?? null,
  }
}

async function annAndBo() {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: '安妮', locale: 'zh-CN' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo Lin', locale: 'en' })
  await until(async () => expect(Object.keys(await bo.docs(workspace, board)).length).toBeGreaterThan(1))
  const root = (await ann.docs(workspace, board))[board] as { columns: Record<string, unknown> }
  const column = Object.keys(root.columns)[0] ?? ''
  const addCard = async (device: TestDevice, title: string, description = '') => {
    const card = newEntity()
    await device.call('commit', {
      workspace,
      work: board,
      tab: device.tab,
      calls: [{ mutation: 'addCard', args: { card, title, column, order: 'a5', description } }],
    })
    return card
  }
  return { ann, bo, workspace, board, addCard }
}

test('a card that Bo writes while Ann has the palette open appears in it, and stands below the others when he archives it', async () => {
  const { ann, bo, workspace, board, addCard } = await annAndBo()
  const palette = paletteOf(searchOf(ann), workspace)
  palette.ask('交期')
  await until(() => expect(palette.complete()).toBe(true))
  expect(palette.titles()).toEqual([])
  const card = await addCard(bo, '确认包装供应商的交期')
  await until(() => expect(palette.titles()).toEqual(['确认包装供应商的交期']))
  await addCard(ann, '供应商名单', '华南三家的交期都要问')
  await until(() => expect(palette.titles()).toEqual(['确认包装供应商的交期', '供应商名单']))
  await bo.call('commit', {
    workspace,
    work: board,
    tab: bo.tab,
    calls: [{ mutation: 'archiveCard', args: { card } }],
  })
  await until(() => expect(palette.titles()).toEqual(['供应商名单', '确认包装供应商的交期']))
  expect(palette.archived()).toEqual(['确认包装供应商的交期'])
})

test('a card is found by its description, checklist, labels and people, and says where', async () => {
  const { ann, bo, workspace, board, addCard } = await annAndBo()
  const palette = paletteOf(searchOf(ann), workspace)
  const card = await addCard(ann, 'Price list', 'Ask the pilot customers first')
  const label = newEntity()
  const { people } = await bo.state(workspace)
  const person = people.find(({ name }) => name === 'Bo Lin')?.id ?? ''
  await ann.call('commit', {
    workspace,
    work: board,
    tab: ann.tab,
    calls: [
      { mutation: 'addChecklistItem', args: { card, item: newEntity(), text: '核对三档返点', order: 'a5' } },
      { mutation: 'addLabel', args: { label, name: '渠道 Channel', color: 'teal' } },
      { mutation: 'setLabel', args: { card, label, on: true } },
      { mutation: 'setAssignee', args: { card, person, on: true } },
    ],
  })
  for (const [query, place, excerpt] of [
    ['custmers pilot', null, 'Ask the pilot customers first'],
    ['返点', 'checklist', '核对三档返点'],
    ['渠道 price', 'labels', '渠道 Channel'],
    ['bo lin price', 'people', 'Bo Lin'],
  ] as const) {
    palette.ask(query)
    await until(() => expect([palette.titles(), palette.places()], query).toEqual([['Price list'], [[place, excerpt]]]))
  }
})

test('works, people and cards are found after a restart, offline, from what is stored', async () => {
  const { ann, bo, workspace, addCard } = await annAndBo()
  await addCard(ann, 'Bo has to sign')
  await until(async () => expect((await ann.state(workspace)).people).toHaveLength(2))
  await until(async () => expect((await ann.state(workspace)).people.map(({ name }) => name)).toContain('Bo Lin'))
  await ann.core.workspaces.get(workspace)?.projector.settle()
  await bo.close()
  await ann.call('setWorkOffline', { offline: true })
  await ann.restart()
  const palette = paletteOf(searchOf(ann), workspace)
  palette.ask('bo')
  await until(() => expect(palette.complete()).toBe(true))
  expect(new Set(palette.titles())).toEqual(new Set(['Bo Lin', 'Bo has to sign']))
  expect(new Set(palette.groups())).toEqual(new Set(['person', 'entry']))
  palette.ask('an')
  expect(palette.titles()).toContain('安妮')
})

test('a card says in which column it stands, whether that is where cards are done, and when it is due, as it is now', async () => {
  const { ann, workspace, board, addCard } = await annAndBo()
  const card = await addCard(ann, '周例会纪要')
  const root = (await ann.docs(workspace, board))[board] as { columns: Record<string, { title: unknown }> }
  const columnNamed = (name: string) =>
    Object.entries(root.columns).find(([, { title }]) => String(title) === name)?.[0] ?? ''
  const palette = paletteOf(searchOf(ann), workspace)
  const change = (mutation: string, args: Record<string, unknown>) =>
    ann.call('commit', { workspace, work: board, tab: ann.tab, calls: [{ mutation, args }] })
  await change('moveCard', { card, column: columnNamed('待办'), order: 'a5' })
  palette.ask('周例会')
  await until(() => expect(palette.standing()).toEqual([['待办', false, null]]))
  await change('setDates', { card, due: '2026-12-01' })
  await until(() => expect(palette.standing()).toEqual([['待办', false, '2026-12-01']]))
  await change('renameColumn', { column: columnNamed('待办'), title: '计划' })
  await until(() => expect(palette.standing()).toEqual([['计划', false, '2026-12-01']]))
  await change('moveCard', { card, column: columnNamed('完成'), order: 'a5' })
  await until(() => expect(palette.standing()).toEqual([['完成', true, '2026-12-01']]))
})

test('a card that Ann moved to another board and back is found once', async () => {
  const { ann, workspace, board, addCard } = await annAndBo()
  const palette = paletteOf(searchOf(ann), workspace)
  const card = await addCard(ann, 'Mend the sail')
  const root = (await ann.docs(workspace, board))[board] as { columns: Record<string, unknown> }
  const [column = ''] = Object.keys(root.columns)
  const change = (mutation: string, args: Record<string, unknown>) =>
    ann.call('commit', { workspace, work: board, tab: ann.tab, calls: [{ mutation, args }] })
  palette.ask('sail')
  await until(() => expect(palette.entries()).toBe(1))
  const from = { work: board, entity: card, cut: newEntity() }
  await change('addCard', { card: newEntity(), title: 'Mend the sail', column, order: 'a6', from })
  await until(() => expect(palette.entries()).toBe(2))
  await change('archiveCard', { card })
  await until(() => expect(palette.entries()).toBe(1))
  expect(palette.archived()).toEqual([])
})

test('the cards of a template are not found, nor counted; the template is, and its cards are once it is an ordinary board', async () => {
  const { ann, workspace, board, addCard } = await annAndBo()
  await addCard(ann, 'Order the launch boxes')
  const change = (mutation: string, args: Record<string, unknown>) =>
    ann.call('commit', { workspace, work: board, tab: ann.tab, calls: [{ mutation, args }] })
  await change('renameBoard', { title: 'Launch' })
  const service = searchOf(ann)
  const palette = paletteOf(service, workspace)
  palette.ask('launch')
  await until(() => expect(palette.titles()?.toSorted()).toEqual(['Launch', 'Order the launch boxes']))
  expect(palette.entries()).toBe(1)
  await change('setTemplate', { template: true })
  await until(() => expect(palette.titles()).toEqual(['Launch']))
  expect(palette.entries()).toBe(0)
  await addCard(ann, 'Plan the launch')
  // From what is stored, too.
  await ann.core.workspaces.get(workspace)?.projector.settle()
  const later = paletteOf(searchOf(ann), workspace)
  later.ask('lanch')
  await until(() => expect(later.complete()).toBe(true))
  expect(later.titles()).toEqual(['Launch'])
  await change('setTemplate', { template: false })
  await until(() => expect(later.entries()).toBe(2))
  await until(() => expect(palette.entries()).toBe(2))
})

test('two tabs ask different things of one index; a closed palette is told nothing more', async () => {
  const { ann, workspace, addCard } = await annAndBo()
  const service = searchOf(ann)
  const [first, second] = [paletteOf(service, workspace), paletteOf(service, workspace)]
  first.ask('alpha')
  second.ask('beta')
  await until(() => expect([first.complete(), second.complete()]).toEqual([true, true]))
  first.close()
  await addCard(ann, 'alpha beta')
  await until(() => expect(second.titles()).toEqual(['alpha beta']))
  expect(first.titles()).toEqual([])
})

test('nothing of a workspace stays in the index when it leaves the device', async () => {
  const { ann, workspace, addCard } = await annAndBo()
  await addCard(ann, 'secret plan')
  const service = searchOf(ann)
  const palette = paletteOf(service, workspace)
  palette.ask('secret')
  await until(() => expect(palette.titles()).toEqual(['secret plan']))
  await ann.call('leaveWorkspace', { workspace })
  await until(() => expect(palette.titles()).toEqual([]))
  expect(service.sizeOf(workspace)).toBe(0)
  palette.ask('secret')
  await until(() => expect(palette.complete()).toBe(true))
  expect(palette.titles()).toEqual([])
})
