import '#tests/support/automerge.ts'
import * as A from '@automerge/automerge/slim'
import { expect, test } from 'vitest'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { plainText } from '#lib/kernel/formatted.ts'
import { applyPatches } from '#lib/kernel/apply-patches.ts'
import { cards, lostCards } from '#lib/kinds/board/queries.ts'
import { readBoard } from '#lib/kinds/board/schema.ts'
import { deviceOf, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'

test('Ann changes cards of several shards in turn: each shard gets one change, not one for each card', async () => {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const cards = Array.from({ length: 520 }, (_, n) => `k${n}`)
  const { root } = await ann.call('createWork', {
    workspace,
    kind: 'board',
    calls: [
      { mutation: 'addColumn', args: { column: 'c0', title: 'To do', order: 'a0' } },
      ...cards.map((card) => ({ mutation: 'addCard', args: { card, title: card, column: 'c0', order: 'a0' } })),
    ],
  })
  const docs = await ann.docs(workspace, root)
  const shards = (Object.keys(docs) as DocId[]).filter((doc) => doc !== root)
  expect(shards).toHaveLength(2)
  const documents = ann.core.workspaces.get(workspace)!.documents
  const changesIn = async (doc: DocId) => A.getChangesMetaSince((await documents.open(doc)).handle.doc(), []).length
  const before = await Promise.all(shards.map(changesIn))
  // The first shard has the first 500 cards: one of each in turn.
  const turns = Array.from({ length: 20 }, (_, n) => [`k${n}`, `k${500 + n}`]).flat()
  await ann.call('commit', {
    workspace,
    work: root,
    tab: ann.tab,
    calls: turns.map((card) => ({ mutation: 'retitleCard', args: { card, title: `${card}, changed` } })),
  })
  expect(await Promise.all(shards.map(changesIn))).toEqual(before.map((count) => count + 1))
  const titles = Object.values(await ann.docs(workspace, root)).flatMap((doc) =>
    Object.values((doc as { cards?: Record<string, { title: string }> }).cards ?? {}).map(({ title }) => title),
  )
  for (const card of turns) expect(titles).toContain(`${card}, changed`)
})

test('while Ann brings in a thousand cards, what she does beside it is not held up, and nothing of either is lost', async () => {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const addCard = (card: string, title: string) => ({
    mutation: 'addCard',
    args: { card, title, column: 'c0', order: 'a0' },
  })
  const { root: work } = await ann.call('createWork', {
    workspace,
    kind: 'board',
    calls: [
      { mutation: 'addColumn', args: { column: 'c0', title: 'To do', order: 'a0' } },
      addCard('first', 'there before'),
    ],
  })
  const commit = (calls: MutationCall[], job?: string) =>
    ann.call('commit', { workspace, work, tab: ann.tab, calls, ...(job && { job }) })
  const order: string[] = []
  const begun = Promise.withResolvers<void>()
  ann.core.handlers.watch('commit', { job: 'import' }, () => begun.resolve())
  const thousand = Array.from({ length: 1_000 }, (_, n) => addCard(`n${n}`, `card ${n}`))
  const imported = commit(thousand, 'import').then(() => order.push('imported'))
  const rename = { mutation: 'retitleCard', args: { card: 'first', title: 'renamed meanwhile' } }
  const renamed = commit([rename]).then(() => order.push('renamed'))
  // What is idle is closed meanwhile; nothing that the import has still to write is.
  await begun.promise
  await ann.core.workspaces.get(workspace)!.closeIdle(Date.now() + 1)
  await Promise.all([imported, renamed])
  expect(order).toEqual(['renamed', 'imported'])
  const titles = Object.values(await ann.docs(workspace, work)).flatMap((doc) =>
    Object.values((doc as { cards?: Record<string, { title: string }> }).cards ?? {}).map(({ title }) => title),
  )
  expect(titles).toHaveLength(1_001)
  expect(titles).toContain('renamed meanwhile')
  await ann.restart()
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
})

/** Ann's board with one column, and the calls that add a thousand cards to it. */
async function annAndThousandCards() {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const { root: work } = await ann.call('createWork', {
    workspace,
    kind: 'board',
    calls: [{ mutation: 'addColumn', args: { column: 'c0', title: 'To do', order: 'a0' } }],
  })
  const thousand: MutationCall[] = Array.from({ length: 1_000 }, (_, n) => ({
    mutation: 'addCard',
    args: { card: `k${n}`, title: `card ${n}`, column: 'c0', order: 'a0' },
  }))
  return { ann, workspace, work, thousand }
}

test('Ann sees how far a thousand cards are, and calls them off: the board is as it was; then she lets them come', async () => {
  const { ann, workspace, work, thousand } = await annAndThousandCards()
  const before = await ann.docs(workspace, work)
  const cards = async () =>
    Object.values(await ann.docs(workspace, work)).reduce<number>(
      (sum, doc) => sum + Object.keys((doc as { cards?: object }).cards ?? {}).length,
      0,
    )
  let seen = 0
  ann.core.handlers.watch('commit', { job: 'first' }, ({ done }) => {
    seen = done
    if (done === 3) void ann.call('cancelCommit', { job: 'first' })
  })
  await expect(
    ann.call('commit', { workspace, work, tab: ann.tab, calls: thousand, job: 'first' }),
  ).rejects.toMatchObject({
    code: 'cancelled',
  })
  expect(seen).toBe(3)
  expect(await cards()).toBe(0)
  expect(Object.values(await ann.docs(workspace, work))).toEqual(expect.arrayContaining(Object.values(before)))
  expect(await ann.call('undo', { workspace, work, tab: ann.tab })).toEqual({ done: 'nothing' })
  const told: number[] = []
  ann.core.handlers.watch('commit', { job: 'again' }, ({ done, all }) => told.push(done / all))
  await ann.call('commit', { workspace, work, tab: ann.tab, calls: thousand, job: 'again' })
  expect(told.length).toBeGreaterThan(8)
  expect(told).toEqual(told.toSorted((a, b) => a - b))
  expect(await cards()).toBe(1_000)
})

test('Ann sees how far the undo of a thousand cards is, and calls it off: all are still there, beside what she did meanwhile; then they go, and come again', async () => {
  const { ann, workspace, work, thousand } = await annAndThousandCards()
  const commit = (calls: MutationCall[], tab = ann.tab) => ann.call('commit', { workspace, work, tab, calls })
  await commit(thousand)
  const cards = async () =>
    Object.values(await ann.docs(workspace, work)).flatMap((doc) =>
      Object.values((doc as { cards?: Record<string, { title: string; archived?: boolean }> }).cards ?? {}),
    )
  const shown = async () => (await cards()).filter(({ archived }) => archived !== true).length
  const before = await cards()

  // At the second half everything is known that will be written, and nothing is.
  ann.core.handlers.watch('commit', { job: 'first' }, ({ done, all }) => {
    if (done > 0.7 * all) void ann.call('cancelCommit', { job: 'first' })
  })
  const cancelled = ann.call('undo', { workspace, work, tab: ann.tab, job: 'first' })
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
  expect(await cards()).toEqual(before)

  // Twice pressed is not undone twice; what she does in another window meanwhile is neither held up nor lost.
  const told: number[] = []
  const order: string[] = []
  ann.core.handlers.watch('commit', { job: 'again' }, ({ done, all }) => told.push(done / all))
  const undo = () => ann.call('undo', { workspace, work, tab: ann.tab, job: 'again' })
  const [done, twice] = await Promise.all([
    undo().finally(() => order.push('undone')),
    undo(),
    commit([{ mutation: 'retitleCard', args: { card: 'k7', title: 'renamed meanwhile' } }], 'other').then(() =>
      order.push('renamed'),
    ),
  ])
  expect(done).toMatchObject({ done: 'undone', sentence: { en: 'Added “card 0” and 999 other cards' } })
  expect(twice).toEqual({ done: 'nothing', elsewhere: true })
  expect(order).toEqual(['renamed', 'undone'])
  expect(told.length).toBeGreaterThan(8)
  expect(told).toEqual(told.toSorted((a, b) => a - b))
  expect(await shown()).toBe(0)
  expect((await cards()).map(({ title }) => title)).toContain('renamed meanwhile')
  const redone = await ann.call('redo', { workspace, work, tab: ann.tab })
  expect(redone).toMatchObject({ done: 'undone', sentence: { en: 'Restored “card 0” and 999 other cards' } })
  expect(await shown()).toBe(1_000)
})

test('undo while a thousand cards are being changed takes that back, and nothing before it', async () => {
  const { ann, workspace, work, thousand } = await annAndThousandCards()
  const commit = (calls: MutationCall[]) => ann.call('commit', { workspace, work, tab: ann.tab, calls })
  await commit(thousand)
  const ids = thousand.map(({ args }) => (args as { card: string }).card)
  const changing = commit(ids.map((card) => ({ mutation: 'setPriority', args: { card, priority: 'high' } })))
  const [undone] = await Promise.all([ann.call('undo', { workspace, work, tab: ann.tab }), changing])
  expect(undone).toMatchObject({ done: 'undone', group: (await changing).group })
  const cards = Object.values(await ann.docs(workspace, work)).flatMap((doc) =>
    Object.values((doc as { cards?: Record<string, { archived?: boolean; priority?: string | null }> }).cards ?? {}),
  )
  expect(cards.filter(({ archived, priority }) => archived !== true && !priority)).toHaveLength(ids.length)
})

test('Ann sees how far a thousand cards are on their way back to a moment, and calls it off: nothing has changed; then they go back, beside what she does meanwhile, and undo before it is done takes that back', async () => {
  const { ann, workspace, work, thousand } = await annAndThousandCards()
  const commit = (calls: MutationCall[], tab = ann.tab) => ann.call('commit', { workspace, work, tab, calls })
  await commit(thousand)
  const at = { step: (await ann.call('timeline', { workspace, work })).steps.at(-1)!.id }
  await commit(
    thousand.flatMap(({ args }) => {
      const { card } = args as { card: string }
      return [
        { mutation: 'setPriority', args: { card, priority: 'high' } },
        { mutation: 'retitleCard', args: { card, title: `${card}, changed` } },
      ]
    }),
  )
  const cards = async () =>
    Object.values(await ann.docs(workspace, work)).flatMap((doc) =>
      Object.values((doc as { cards?: Record<string, { title: string; priority?: string | null }> }).cards ?? {}),
    )
  const before = await cards()
  const restore = (job: string) => ann.call('restoreMoment', { workspace, work, tab: ann.tab, at, job })
  ann.core.handlers.watch('commit', { job: 'first' }, ({ done }) => {
    if (done === 3) void ann.call('cancelCommit', { job: 'first' })
  })
  await expect(restore('first')).rejects.toMatchObject({ code: 'cancelled' })
  expect(await cards()).toEqual(before)

  const told: number[] = []
  const badges: string[] = []
  const order: string[] = []
  ann.core.handlers.watch('commit', { job: 'again' }, ({ done, all }) => {
    told.push(done / all)
    badges.push(ann.core.workspaces.get(workspace)!.syncOf([work]).state)
  })
  const rename = { mutation: 'renameBoard', args: { title: 'Boat' } }
  await Promise.all([
    restore('again').then(() => order.push('restored')),
    commit([rename], 'other').then(() => order.push('renamed')),
  ])
  expect(order).toEqual(['renamed', 'restored'])
  expect(told.length).toBeGreaterThan(8)
  expect(told).toEqual(told.toSorted((a, b) => a - b))
  expect(new Set(badges)).toEqual(new Set(['saving']))
  const isBack = ({ title, priority }: { title: string; priority?: string | null }) =>
    !title.includes('changed') && !priority
  expect((await cards()).every(isBack)).toBe(true)
  const undo = () => ann.call('undo', { workspace, work, tab: ann.tab })
  expect(await undo()).toMatchObject({ done: 'undone' })
  const restoring = restore('third')
  const [undone] = await Promise.all([undo(), restoring])
  expect(undone).toMatchObject({ done: 'undone', group: (await restoring).group })
  expect((await cards()).some(isBack)).toBe(false)
})

test('a thousand cards go back to before their column was made, and undo brings it back before them: none is ever seen without', async () => {
  const { ann, workspace, work, thousand } = await annAndThousandCards()
  await ann.call('commit', { workspace, work, tab: ann.tab, calls: thousand })
  const docs = new Map<DocId, { type: string; doc: unknown }>()
  let without = 0
  ann.core.handlers.watch('work', { workspace, work }, (event) => {
    if (event.type === 'document') docs.set(event.doc, { type: event.docType, doc: event.content })
    if (event.type === 'snapshot')
      for (const [doc, content] of Object.entries(event.snapshot.docs)) docs.set(doc as DocId, content)
    const known = event.type === 'patches' ? docs.get(event.doc) : undefined
    if (event.type !== 'patches' || !known) return
    docs.set(event.doc, { ...known, doc: applyPatches(known.doc, event.patches) })
    without += lostCards(readBoard({ root: work, docs: Object.fromEntries(docs) })).length
  })
  const shown = () =>
    cards(readBoard({ root: work, docs: Object.fromEntries(docs) })).filter(({ archived }) => !archived)
  await until(() => expect(shown()).toHaveLength(1_000))
  await ann.call('restoreMoment', { workspace, work, tab: ann.tab, at: { step: null } })
  expect(shown()).toHaveLength(0)
  await ann.call('undo', { workspace, work, tab: ann.tab })
  expect(shown()).toHaveLength(1_000)
  expect(without).toBe(0)
})

test('cards with very long descriptions reach Bo: nothing of them is too large to be sent', async () => {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const { root: work } = await ann.call('createWork', {
    workspace,
    kind: 'board',
    calls: [{ mutation: 'addColumn', args: { column: 'c0', title: 'To do', order: 'a0' } }],
  })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const letters = 49_000
  // Also of one letter: what packs well is many operations in few bytes.
  const calls = Array.from({ length: 12 }, (_, n) => ({
    mutation: 'addCard',
    args: {
      card: `k${n}`,
      title: `card ${n}`,
      column: 'c0',
      order: 'a0',
      description: n % 2 === 0 ? 'y'.repeat(letters) : `${n} words and more `.repeat(letters).slice(0, letters),
    },
  }))
  await ann.call('commit', { workspace, work, tab: ann.tab, calls })
  const lettersOf = async (device: TestDevice) => {
    const { texts } = await device.call('descriptions', { workspace, work })
    return Object.values(texts).map((text) => plainText(text).length)
  }
  for (const device of [ann, bo]) {
    await until(async () => expect(await lettersOf(device)).toEqual(calls.map(() => letters)))
    await until(async () => expect((await device.state(workspace)).sync.state).toBe('synced'))
    expect((await device.state(workspace)).drafts).toEqual([])
  }
})
