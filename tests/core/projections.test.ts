import '#tests/support/automerge.ts'
import fc from 'fast-check'
import { openDB } from 'idb'
import { expect, test } from 'vitest'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'
import { board as boardKind } from '#lib/kinds/board/index.ts'
import { projectWork } from '#lib/store/project-work.ts'
import { deviceOf, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { programOf } from '#tests/support/programs.ts'
import { startRelay } from '#tests/support/start-relay.ts'

const atOnce = () => Promise.resolve()

function coreOf(device: TestDevice, workspace: WorkspaceId) {
  const core = device.core.workspaces.get(workspace)
  if (!core) throw new Error(`${device.name} is not in the workspace`)
  return core
}

/** What the database of a device holds of a work, read through a connection of its own. */
async function stored(device: TestDevice, workspace: WorkspaceId, work: DocId) {
  const db = await openDB(device.name)
  try {
    const row: unknown = await db.get('projections', [workspace, work])
    const entries = await db.getAll('projectedEntries', IDBKeyRange.bound([workspace, work], [workspace, work, []]))
    return { row, entries: entries.sort((a, b) => (a.entity < b.entity ? -1 : 1)) }
  } finally {
    db.close()
  }
}

/** The same, computed from the documents as they are now. */
async function computed(device: TestDevice, workspace: WorkspaceId, work: DocId) {
  const core = coreOf(device, workspace)
  const {
    documents,
    works,
    row: { me },
    replay: { touched },
  } = core
  const tools = {
    documents,
    works,
    touched,
    me,
    personOf: (actor: string) => core.personOfActor(actor),
    now: () => Date.now(),
    pause: atOnce,
  }
  const projection = await projectWork(tools, await core.openWork(work), null)
  const { entries, ...row } = projection
  return {
    row: { ws: workspace, ...row },
    entries: [...entries]
      .map(([entity, entry]) => ({ ws: workspace, work, entity, ...entry }))
      .sort((a, b) => (a.entity < b.entity ? -1 : 1)),
  }
}

async function annAndBo() {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'zh-CN' })
  await until(async () => expect((await bo.state(workspace)).sync.state).toBe('synced'))
  return { relay, ann, bo, workspace }
}

const workOf = async (device: TestDevice, workspace: WorkspaceId, root: DocId) =>
  (await device.state(workspace)).works.find((work) => work.root === root)

const fixtures: Record<string, () => { start: MutationCall[]; ours: MutationCall[]; theirs: MutationCall[] }> = {
  // A document without any change is on no other device yet: the name makes it one.
  empty: () => ({
    start: [...boardKind.fixtures.empty(), { mutation: 'renameBoard', args: { title: '空' } }],
    ours: [],
    theirs: [],
  }),
  typical: () => ({ start: boardKind.fixtures.typical(), ours: [], theirs: [] }),
  conflicted: () => boardKind.fixtures.conflicted(),
}

test.each(Object.keys(fixtures))(
  'what home and search read is what the documents say, after random edits on two devices: %s board',
  async (fixture) => {
    const { ann, bo, workspace } = await annAndBo()
    const edit = async (device: TestDevice, work: DocId, calls: readonly MutationCall[]) => {
      for (const call of calls) {
        await device.call('commit', { workspace, work, tab: device.tab, calls: [call] }).catch((error: unknown) => {
          // What the other has not sent yet cannot be changed here.
          expect(error).toMatchObject({ name: 'Refusal' })
        })
      }
    }
    await fc.assert(
      fc.asyncProperty(programOf('board', 'A', 12), programOf('board', 'B', 12), async (hers, his) => {
        const { start, ours, theirs } = fixtures[fixture]!()
        const { root } = await ann.call('createWork', { workspace, kind: 'board', calls: start })
        await until(async () => expect(await workOf(bo, workspace, root)).toBeDefined())
        await until(async () => expect(coreOf(bo, workspace).documents.rows.has(root)).toBe(true))
        // Projected before it is edited, so that the edits have to be noticed.
        for (const device of [ann, bo]) {
          await coreOf(device, workspace).projector.settle()
          expect((await stored(device, workspace, root)).row).toBeDefined()
        }
        await Promise.all([edit(ann, root, [...ours, ...hers]), edit(bo, root, [...theirs, ...his])])
        await until(async () => {
          for (const device of [ann, bo]) expect((await device.state(workspace)).sync.state).toBe('synced')
          expect((await computed(bo, workspace, root)).row.heads).toEqual(
            (await computed(ann, workspace, root)).row.heads,
          )
        })
        for (const device of [ann, bo]) {
          await coreOf(device, workspace).projector.settle()
          expect(await stored(device, workspace, root)).toEqual(await computed(device, workspace, root))
        }
        expect(await stored(bo, workspace, root)).toEqual(await stored(ann, workspace, root))
      }),
      { numRuns: process.env['TONGZHOU_LONG'] ? 60 : 5, endOnFailure: true },
    )
  },
  120_000,
)

async function annAlone() {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const root = (await ann.docs(workspace, board))[board] as { columns: Record<string, { done?: boolean }> }
  // What is finished is never overdue.
  const column = Object.entries(root.columns).find(([, { done }]) => done !== true)?.[0] ?? ''
  const say = (mutation: string, args: Record<string, unknown>) =>
    ann.call('commit', { workspace, work: board, tab: ann.tab, calls: [{ mutation, args }] })
  const addCard = (title: string, more: Record<string, unknown> = {}) =>
    say('addCard', { card: newEntity(), title, column, order: 'a5', ...more })
  return { relay, ann, workspace, board, column, say, addCard }
}

test('home says how many cards a board has and how many are overdue, in both languages, and who changed it last', async () => {
  const { ann, workspace, board, addCard } = await annAlone()
  const before = await until(async () => {
    const summary = (await workOf(ann, workspace, board))?.summary.en
    expect(summary).toMatch(/card/)
    return Number.parseInt(summary ?? '', 10)
  })
  await addCard('late', { due: '2020-01-01' })
  await addCard('not late', { due: '2999-01-01' })
  await until(async () =>
    expect(await workOf(ann, workspace, board)).toMatchObject({
      summary: { en: `${before + 2} cards, 1 overdue`, 'zh-CN': `${before + 2} 张卡片，1 张逾期` },
      updatedBy: (await ann.state(workspace)).me,
    }),
  )
})

test('after a restart home says the same, and no document of the board was opened for it', async () => {
  const { ann, workspace, board, addCard } = await annAlone()
  // What still waits to be sent is opened, to be counted.
  await addCard('before the restart')
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await ann.call('setWorkOffline', { offline: true })
  await coreOf(ann, workspace).projector.settle()
  const before = await workOf(ann, workspace, board)
  await ann.restart()
  await coreOf(ann, workspace).projector.settle()
  expect(await workOf(ann, workspace, board)).toMatchObject({ title: before?.title, summary: before?.summary })
  expect(coreOf(ann, workspace).documents.peek(board)).toBeUndefined()
})

test('an edit that was saved but not projected when the browser ended is projected at the next start', async () => {
  const { ann, workspace, board, addCard } = await annAlone()
  await coreOf(ann, workspace).projector.settle()
  const work = await coreOf(ann, workspace).openWork(board)
  await addCard('the last words')
  for (const doc of work.docs.keys()) await coreOf(ann, workspace).documents.flush(doc)
  // The end comes before the pause after which changes are projected.
  await ann.restart()
  await coreOf(ann, workspace).projector.settle()
  const { row, entries } = await stored(ann, workspace, board)
  expect(entries.map(({ title }: { title: string }) => title)).toContain('the last words')
  expect(row).toEqual((await computed(ann, workspace, board)).row)
})

test('a card that is added while its board is projected for the first time is not missed, whenever it comes', async () => {
  const { ann, workspace } = await annAlone()
  const { projector } = coreOf(ann, workspace)
  for (let turns = 0; turns < 16; turns++) {
    const calls = boardKind.fixtures.typical()
    const { root } = await ann.call('createWork', { workspace, kind: 'board', calls })
    projector.worksChanged()
    const projecting = projector.settle()
    for (let turn = 0; turn < turns; turn++) await new Promise((next) => setTimeout(next))
    const args = { card: newEntity(), title: 'in between', column: 'c0', order: 'a9' }
    await ann.call('commit', { workspace, work: root, tab: ann.tab, calls: [{ mutation: 'addCard', args }] })
    await projecting
    await projector.settle()
    expect(await stored(ann, workspace, root), `after ${turns} turns`).toEqual(await computed(ann, workspace, root))
  }
})

test('a projection of another version is dropped and made anew', async () => {
  const { ann, workspace, board, addCard } = await annAlone()
  await addCard('a card')
  await coreOf(ann, workspace).projector.settle()
  const db = await openDB(ann.name)
  const row = await db.get('projections', [workspace, board])
  await db.put('projections', { ...row, version: 0, title: 'made by an older version' })
  db.close()
  await ann.restart()
  await coreOf(ann, workspace).projector.settle()
  expect((await stored(ann, workspace, board)).row).toEqual(row)
})

test("a card's description belongs to the text that search knows of the card", async () => {
  const { ann, workspace, board, say, column } = await annAlone()
  const card = newEntity()
  await say('addCard', { card, title: '包装', column, order: 'a5', description: '先问供应商的交期' })
  await coreOf(ann, workspace).projector.settle()
  const { entries } = await stored(ann, workspace, board)
  expect(entries.find(({ entity }: { entity: string }) => entity === card)).toMatchObject({
    title: '包装',
    text: '先问供应商的交期',
  })
  await say('archiveCard', { card })
  await coreOf(ann, workspace).projector.settle()
  const after = await stored(ann, workspace, board)
  expect(after.entries.find(({ entity }: { entity: string }) => entity === card)).toMatchObject({ archived: true })
})

test('nothing of a workspace stays in the projections when it leaves the device', async () => {
  const { ann, workspace, board } = await annAlone()
  await coreOf(ann, workspace).projector.settle()
  expect((await stored(ann, workspace, board)).entries).not.toEqual([])
  await ann.call('leaveWorkspace', { workspace })
  expect(await stored(ann, workspace, board)).toEqual({ row: undefined, entries: [] })
})

test('home lists what Ann still has to do on the board: hers, open, by the day that it is due', async () => {
  const { ann, workspace, board, say, addCard } = await annAlone()
  const { me } = await ann.state(workspace)
  const tasks = async () =>
    (await ann.state(workspace)).works.find(({ root }) => root === board)?.tasks.map(({ title }) => title)
  await addCard('later', { due: '2026-12-24', assignees: [me] })
  await addCard('sooner', { due: '2026-12-01', assignees: [me] })
  await addCard('some day', { assignees: [me] })
  await addCard('somebody else’s', { due: '2026-12-01', assignees: ['b'.repeat(32)] })
  await addCard('finished', { due: '2026-12-01', assignees: [me], card: 'finished' })
  const root = (await ann.docs(workspace, board))[board] as { columns: Record<string, { done?: boolean }> }
  const done = Object.entries(root.columns).find(([, column]) => column.done === true)?.[0]
  await say('moveCard', { card: 'finished', column: done, order: 'a1' })
  await until(async () => expect(await tasks()).toEqual(['sooner', 'later', 'some day']))
})

test('what waits for a card that was moved to another board is blocked at home until that is finished there', async () => {
  const { ann, workspace, board, say, addCard } = await annAlone()
  const { me } = await ann.state(workspace)
  const isBlocked = async () =>
    (await ann.state(workspace)).works.find(({ root }) => root === board)?.tasks.map(({ blocked }) => blocked)
  const [row, sail, moved] = [newEntity(), newEntity(), newEntity()]
  await addCard('Row', { assignees: [me], card: row })
  await addCard('Sail', { card: sail })
  await say('setBlockedBy', { card: row, by: sail, on: true })
  await until(async () => expect(await isBlocked()).toEqual([true]))
  await say('archiveCard', { card: sail })
  await until(async () => expect(await isBlocked()).toEqual([false]))
  const from = { work: board, entity: sail, cut: newEntity() }
  const { root: hold } = await ann.call('createWork', {
    workspace,
    kind: 'board',
    calls: [
      { mutation: 'addColumn', args: { column: 'todo', title: 'To do', order: 'a0' } },
      { mutation: 'addCard', args: { card: moved, title: 'Sail', column: 'todo', order: 'a0', from } },
    ],
  })
  await until(async () => expect(await isBlocked()).toEqual([true]))
  const finish = { mutation: 'setColumnDone', args: { column: 'todo', done: true } }
  await ann.call('commit', { workspace, work: hold, tab: ann.tab, calls: [finish] })
  await until(async () => expect(await isBlocked()).toEqual([false]))
})

test('of more work than home lists all is counted, and what is due soonest is listed', async () => {
  const { ann, workspace, board, column, addCard } = await annAlone()
  const { me } = await ann.state(workspace)
  const calls = Array.from({ length: 205 }, (_, i) => ({
    mutation: 'addCard',
    args: { card: newEntity(), title: `some day ${i}`, column, order: 'a5', assignees: [me] },
  }))
  await ann.call('commit', { workspace, work: board, tab: ann.tab, calls })
  await addCard('soon', { due: '2026-12-01', assignees: [me] })
  await until(async () => {
    const { tasks = [], taskCount } = (await ann.state(workspace)).works.find(({ root }) => root === board) ?? {}
    expect([tasks.length, tasks[0]?.title, taskCount]).toEqual([200, 'soon', 206])
  })
})
