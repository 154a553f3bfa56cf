import '#tests/support/automerge.ts'
import * as A from '@automerge/automerge/slim'
import { expect, test } from 'vitest'
import { deviceOf, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { formatDescription, writeDescription as write } from '#tests/support/write-description.ts'
import { countedEntries } from '#lib/kinds/board/counted-entries.ts'
import { readBoard, type Board } from '#lib/kinds/board/schema.ts'
import type { Moment } from '#lib/core/api.ts'
import { plainText, type Formatted } from '#lib/kernel/formatted.ts'
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'

async function annAndHerBoard() {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board: work } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const root = (await ann.docs(workspace, work))[work] as { columns: Record<string, unknown> }
  const [first = '', second = ''] = Object.keys(root.columns)
  const commit = (mutation: string, args: Record<string, unknown>) =>
    ann.call('commit', { workspace, work, tab: ann.tab, calls: [{ mutation, args }] })
  const boardAt = async (at: Moment): Promise<Board> =>
    readBoard((await ann.call('moment', { workspace, work, at })) as Parameters<typeof readBoard>[0])
  const now = () => boardAt({ now: true })
  return { relay, ann, workspace, work, first, second, commit, boardAt, now }
}

const descriptionOf = async (device: TestDevice, workspace: WorkspaceId, work: DocId, card: string) =>
  plainText((await device.call('descriptions', { workspace, work })).texts[card] ?? [])

test('the replay begins with an empty board, ends with the board of now, and passes every action on its way (P18)', async () => {
  const { ann, workspace, work, first, second, commit, boardAt, now } = await annAndHerBoard()
  const card = newEntity()
  await commit('addCard', { card, title: 'Packaging', column: first, order: 'a5' })
  await commit('moveCard', { card, column: second, order: 'a5' })
  await commit('retitleCard', { card, title: 'Boxes' })
  const { steps } = await ann.call('timeline', { workspace, work })
  expect(steps.slice(-3).map(({ mutation }) => mutation)).toEqual(['addCard', 'moveCard', 'retitleCard'])
  const { me } = await ann.state(workspace)
  expect(new Set(steps.map(({ person }) => person))).toEqual(new Set([me]))
  expect([...(await boardAt({ step: null })).cardsById.keys()]).toEqual([])
  const before = (count: number) => ({ step: steps.at(-1 - count)!.id })
  expect((await boardAt(before(3))).cardsById.get(card)).toBeUndefined()
  expect((await boardAt(before(2))).cardsById.get(card)).toMatchObject({ title: 'Packaging', column: first })
  expect((await boardAt(before(1))).cardsById.get(card)).toMatchObject({ title: 'Packaging', column: second })
  expect(await boardAt(before(0))).toEqual(await now())
})

test('a step is told in the words of its moment, with the card that it touched (P18)', async () => {
  const { ann, workspace, work, first, second, commit, now } = await annAndHerBoard()
  const card = newEntity()
  await commit('addCard', { card, title: 'Packaging', column: first, order: 'a5' })
  await commit('moveCard', { card, column: second, order: 'a5' })
  await commit('retitleCard', { card, title: 'Boxes' })
  const { steps } = await ann.call('timeline', { workspace, work })
  const { told } = await ann.call('tellStep', { workspace, work, step: steps.at(-2)!.id })
  const { columns } = await now()
  const [from, to] = [first, second].map((id) => columns.find((column) => column.id === id)?.title)
  expect(told?.sentence.en).toBe(`Moved “Packaging” from “${from}” to “${to}”`)
  expect(told?.entries).toEqual([{ collection: 'cards', id: card }])
  expect(await ann.call('tellStep', { workspace, work, step: null })).toEqual({ told: null })
})

test('going back keeps the versions that were named since', async () => {
  const { ann, workspace, work, first, commit, now } = await annAndHerBoard()
  const card = newEntity()
  await commit('addCard', { card, title: 'Packaging', column: first, order: 'a5' })
  const { version } = await ann.call('nameVersion', { workspace, work, tab: ann.tab, name: 'Before the fair' })
  await commit('retitleCard', { card, title: 'Boxes' })
  await ann.call('nameVersion', { workspace, work, tab: ann.tab, name: 'After it' })
  await ann.call('restoreMoment', { workspace, work, tab: ann.tab, at: { version } })
  expect((await now()).cardsById.get(card)?.title).toBe('Packaging')
  expect((await now()).versions.map(({ name }) => name).sort()).toEqual(['After it', 'Before the fair'])
})

test('a slider is sent only the documents that differ from what it holds', async () => {
  const { ann, workspace, work, first, commit } = await annAndHerBoard()
  const card = newEntity()
  await commit('addCard', { card, title: 'Packaging', column: first, order: 'a5' })
  await commit('retitleCard', { card, title: 'Boxes' })
  const { steps } = await ann.call('timeline', { workspace, work })
  const end = await ann.call('moment', { workspace, work, at: { step: steps.at(-1)!.id } })
  const before = await ann.call('moment', { workspace, work, at: { step: steps.at(-2)!.id }, have: end.keys })
  expect(before.same).toEqual([work])
  expect(Object.keys(before.docs)).toHaveLength(1)

  // Or a part of them at a time.
  const at: Moment = { step: steps.at(-1)!.id }
  const part = await ann.call('moment', { workspace, work, at, limit: 1 })
  expect(part.more).toBe(true)
  const rest = await ann.call('moment', { workspace, work, at, have: part.keys, limit: 1 })
  expect(rest).toMatchObject({ more: false, keys: end.keys, same: Object.keys(part.docs) })
  expect({ ...part.docs, ...rest.docs }).toEqual(end.docs)
})

test('two versions with names are compared card by card and field by field, and a name is there for Bo too', async () => {
  const { relay, ann, workspace, work, first, second, commit, now } = await annAndHerBoard()
  const [kept, gone, fresh] = [newEntity(), newEntity(), newEntity()]
  await commit('addCard', { card: kept, title: 'Packaging', column: first, order: 'a5' })
  await commit('addCard', { card: gone, title: 'Old', column: first, order: 'a6' })
  const { version: start } = await ann.call('nameVersion', { workspace, work, tab: ann.tab, name: 'Start' })
  await commit('moveCard', { card: kept, column: second, order: 'a5' })
  await commit('archiveCard', { card: gone })
  await commit('addCard', { card: fresh, title: 'New', column: first, order: 'a7' })
  await commit('addChecklistItem', { card: kept, item: newEntity(), text: 'Three offers', order: 'a1' })
  const { version: end } = await ann.call('nameVersion', { workspace, work, tab: ann.tab, name: 'End' })
  await commit('retitleCard', { card: kept, title: 'Later' })
  const { changes } = await ann.call('compare', { workspace, work, from: { version: start }, to: { version: end } })
  const cards = changes.filter(({ collection }) => collection === 'cards')
  expect(Object.fromEntries(cards.map(({ id, change }) => [id, change]))).toEqual({
    [kept]: 'changed',
    [gone]: 'removed',
    [fresh]: 'added',
  })
  const fields = cards.find(({ id }) => id === kept)?.fields ?? []
  expect(fields).toContainEqual({ path: ['column'], before: first, after: second })
  expect(fields.map(({ path }) => path[0])).not.toContain('title')
  expect((await now()).versions.map(({ name }) => name).sort()).toEqual(['End', 'Start'])

  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await until(async () => {
    const theirs = await bo.call('compare', { workspace, work, from: { version: start }, to: { version: end } })
    expect(new Set(theirs.changes.map(({ id }) => id))).toEqual(new Set(changes.map(({ id }) => id)))
  })
})

test('a card, then the board, goes back to a moment; what came since is put aside, and undo brings all of it back', async () => {
  const { ann, workspace, work, first, second, commit, now } = await annAndHerBoard()
  const [card, other, late] = [newEntity(), newEntity(), newEntity()]
  await commit('addCard', { card, title: 'Packaging', column: first, order: 'a5', due: '2026-12-01' })
  await commit('addCard', { card: other, title: 'Price', column: first, order: 'a6' })
  const { steps } = await ann.call('timeline', { workspace, work })
  const at: Moment = { step: steps.at(-1)!.id }
  await commit('moveCard', { card, column: second, order: 'a5' })
  await commit('setDates', { card, due: null })
  await commit('retitleCard', { card: other, title: 'Price list' })
  await commit('addCard', { card: late, title: 'Late', column: first, order: 'a7' })
  const restore = (entry?: { collection: string; id: string }) =>
    ann.call('restoreMoment', { workspace, work, tab: ann.tab, at, ...(entry ? { entry } : {}) })
  await restore({ collection: 'cards', id: card })
  expect((await now()).cardsById.get(card)).toMatchObject({ column: first, due: '2026-12-01' })
  expect((await now()).cardsById.get(other)?.title).toBe('Price list')
  await restore()
  expect((await now()).cardsById.get(other)?.title).toBe('Price')
  expect((await now()).cardsById.get(late)?.archived).toBe(true)
  const { entries } = await ann.call('history', { workspace, work, limit: 20 })
  expect(entries.slice(0, 2).map(({ sentence }) => sentence.en)).toEqual([
    'Brought the board back to an earlier state: “Price” and 1 other card',
    'Brought “Packaging” back to an earlier state',
  ])
  expect(await restore()).toEqual({ group: null, changed: 0 })
  expect(await ann.call('undo', { workspace, work, tab: ann.tab })).toMatchObject({ done: 'undone' })
  expect((await now()).cardsById.get(late)?.archived).toBe(false)
  expect((await now()).cardsById.get(other)?.title).toBe('Price list')
})

test('what is told of a board that went back counts cards, columns, labels, views and the board as the question did', async () => {
  const { ann, workspace, work, first, commit, now } = await annAndHerBoard()
  const { steps } = await ann.call('timeline', { workspace, work })
  const at: Moment = { step: steps.at(-1)!.id }
  for (const title of ['Packaging', 'Price'])
    await commit('addCard', { card: newEntity(), title, column: first, order: 'a5' })
  await commit('addView', { view: newEntity(), name: 'Mine', content: '', order: 'a5', owner: null })
  await commit('addLabel', { label: newEntity(), name: 'Quay', color: 'teal' })
  await commit('renameColumn', { column: first, title: 'Ideas' })
  await commit('renameBoard', { title: 'Ship' })
  const { changes } = await ann.call('compare', { workspace, work, from: at, to: { now: true } })
  const what = countedEntries(changes)
  expect(what).toEqual({
    'zh-CN': '2 张卡片、1 列、1 个标签、1 个视图、看板本身',
    en: '2 cards, 1 column, 1 label, 1 view and the board itself',
  })
  await ann.call('restoreMoment', { workspace, work, tab: ann.tab, at })
  expect((await now()).title).not.toBe('Ship')
  const { entries } = await ann.call('history', { workspace, work, limit: 1 })
  expect(entries[0]?.sentence).toEqual({
    'zh-CN': `把看板恢复到了较早的样子：${what['zh-CN']}`,
    en: `Brought the board back to an earlier state: ${what.en}`,
  })
})

test('the history of a new board begins with that it was created, and a later name is a new name', async () => {
  const { ann, workspace, work, commit } = await annAndHerBoard()
  await commit('renameBoard', { title: 'Ship' })
  const { entries } = await ann.call('history', { workspace, work, limit: 20 })
  expect(entries[0]?.sentence).toEqual({ 'zh-CN': '把看板改名为“Ship”', en: 'Renamed the board to “Ship”' })
  expect(entries.at(-1)?.sentence.en).toMatch(/^Created the board “/)
  expect(entries.at(-1)?.sentence['zh-CN']).toMatch(/^创建了看板“/)
})

test('what is new is what came from others since Ann last looked, on a board that she has looked at', async () => {
  const { relay, ann, workspace, work, first } = await annAndHerBoard()
  const news = async () =>
    (await ann.call('compare', { workspace, work, from: { seen: true }, to: { now: true } })).changes
  expect(await news()).toEqual([])
  await ann.call('markSeen', { workspace, work })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const card = newEntity()
  const added = { mutation: 'addCard', args: { card, title: 'Packaging', column: first, order: 'a5' } }
  await until(() => bo.call('commit', { workspace, work, tab: bo.tab, calls: [added] }))
  await until(async () => expect(await news()).toMatchObject([{ collection: 'cards', id: card, change: 'added' }]))
  await ann.restart()
  expect(await news()).toHaveLength(1)
  await ann.call('markSeen', { workspace, work })
  expect(await news()).toEqual([])
  await expect(
    ann.call('compare', { workspace, work, from: { version: 'gone' }, to: { now: true } }),
  ).rejects.toMatchObject({ code: 'version-gone' })
})

test('what Bo changed is news to Ann until she has looked, her own edits never are (P8)', async () => {
  const { relay, ann, workspace, work, first, second, commit } = await annAndHerBoard()
  const [mine, his] = [newEntity(), newEntity()]
  await commit('addCard', { card: mine, title: 'Packaging', column: first, order: 'a5' })
  const newsOf = async () =>
    (await ann.call('news', { workspace, work, limit: 100 })).changes.map(({ id }) => id).sort()
  expect(await ann.call('news', { workspace, work, limit: 100 })).toMatchObject({
    since: null,
    changes: [],
    entries: [],
  })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const boCommits = (mutation: string, args: Record<string, unknown>) =>
    bo.call('commit', { workspace, work, tab: bo.tab, calls: [{ mutation, args }] })
  await until(() => boCommits('moveCard', { card: mine, column: second, order: 'a5' }))
  await boCommits('addCard', { card: his, title: 'Price list', column: first, order: 'a6' })
  const own = newEntity()
  await commit('addCard', { card: own, title: 'Box', column: first, order: 'a7' })
  await until(async () => expect(await newsOf()).toEqual([mine, his].sort()))
  const { since, changes } = await ann.call('news', { workspace, work, limit: 100 })
  expect(since).not.toBeNull()
  const people = (await ann.state(workspace)).people
  expect(
    changes.map(({ authors }) => authors.map(({ person }) => people.find(({ id }) => id === person)?.name)),
  ).toEqual([['Bo'], ['Bo']])

  // One card was opened; then Bo changes it again.
  await ann.call('markSeen', { workspace, work, entries: [{ collection: 'cards', id: mine }] })
  expect(await newsOf()).toEqual([his])
  await ann.restart()
  expect(await newsOf()).toEqual([his])
  await boCommits('retitleCard', { card: mine, title: 'Boxes' })
  await until(async () => expect(await newsOf()).toEqual([mine, his].sort()))
  const again = (await ann.call('news', { workspace, work, limit: 100 })).changes.find(({ id }) => id === mine)
  expect(again?.fields.map(({ path }) => path)).toEqual([['title']])
  await ann.call('markSeen', { workspace, work })
  expect(await newsOf()).toEqual([])
})

test('a card that Ann added while other news waited, and that Bo then archived, is news to her (P8)', async () => {
  const { relay, ann, workspace, work, first, commit } = await annAndHerBoard()
  const news = async () => (await ann.call('news', { workspace, work, limit: 100 })).changes
  expect(await news()).toEqual([])
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const boCommits = (mutation: string, args: Record<string, unknown>) =>
    bo.call('commit', { workspace, work, tab: bo.tab, calls: [{ mutation, args }] })
  const [his, gone, mine] = [newEntity(), newEntity(), newEntity()]
  await until(() => boCommits('addCard', { card: his, title: 'Price list', column: first, order: 'a5' }))
  await until(async () => expect(await news()).toHaveLength(1))
  await commit('addCard', { card: mine, title: 'Packaging', column: first, order: 'a6' })
  await until(() => boCommits('archiveCard', { card: mine }))
  // What she never saw is no loss to her.
  await boCommits('addCard', { card: gone, title: 'Mistake', column: first, order: 'a7' })
  await boCommits('archiveCard', { card: gone })
  await boCommits('retitleCard', { card: his, title: 'Prices' })
  await until(async () =>
    expect((await news()).map(({ after }) => after)).toContainEqual(expect.objectContaining({ title: 'Prices' })),
  )
  expect((await news()).map(({ id, change }) => [id, change])).toEqual(
    expect.arrayContaining([
      [mine, 'removed'],
      [his, 'added'],
    ]),
  )
  expect(await news()).toHaveLength(2)
  expect((await news()).find(({ id }) => id === mine)).toMatchObject({
    before: { title: 'Packaging', column: first },
    after: null,
    fields: [{ path: ['archived'], before: false, after: true }],
  })
  await ann.call('markSeen', { workspace, work })
  expect(await news()).toEqual([])
})

test('a moment of which a shard has not arrived is told as far as it is known', async () => {
  const { work, first, commit, boardAt } = await annAndHerBoard()
  const card = newEntity()
  await commit('addCard', { card, title: 'Packaging', column: first, order: 'a5' })
  const unknown = { ['ab'.repeat(16) as DocId]: ['cd'.repeat(32)], [work]: ['ef'.repeat(32)] }
  await commit('nameVersion', { version: 'v1', name: 'From elsewhere', heads: unknown })
  expect([...(await boardAt({ version: 'v1' })).cardsById.keys()]).toEqual([])
})

test('actions that Ann does within one second, on cards and on the board, keep their order in replay and history (P18)', async () => {
  const { ann, workspace, work, first, commit } = await annAndHerBoard()
  const done: string[] = []
  const card = newEntity()
  const act = async (mutation: string, args: Record<string, unknown>) => {
    await commit(mutation, args)
    done.push(mutation)
  }
  await act('addCard', { card, title: 'Packaging', column: first, order: 'a5' })
  for (let round = 0; round < 6; round++) {
    await act('renameColumn', { column: first, title: `Column ${round}` })
    await act('retitleCard', { card, title: `Packaging ${round}` })
  }
  const { steps } = await ann.call('timeline', { workspace, work })
  expect(steps.slice(-done.length).map(({ mutation }) => mutation)).toEqual(done)
  const { entries } = await ann.call('history', { workspace, work, limit: done.length })
  expect(entries.map(({ mutation }) => mutation)).toEqual(done.toReversed())
})

test('history calls a card what it was called then, and a rename tells both names', async () => {
  const { ann, workspace, work, first, second, commit } = await annAndHerBoard()
  const card = newEntity()
  await commit('renameColumn', { column: first, title: 'Ideas' })
  await commit('addCard', { card, title: 'Packaging', column: first, order: 'a5' })
  await commit('renameColumn', { column: first, title: 'To do' })
  await commit('setPriority', { card, priority: 'high' })
  await commit('renameColumn', { column: second, title: 'Under way' })
  await commit('moveCard', { card, column: second, order: 'a5' })
  await commit('retitleCard', { card, title: 'Boxes' })
  await commit('renameColumn', { column: second, title: 'Busy' })
  await commit('setPriority', { card, priority: null })
  const { entries } = await ann.call('history', { workspace, work, limit: 10, entity: card })
  expect(entries.map(({ sentence }) => sentence.en)).toEqual([
    'Cleared the priority of “Boxes”',
    'Renamed “Packaging” to “Boxes”',
    'Moved “Packaging” from “To do” to “Under way”',
    'Set the priority of “Packaging” to P1',
    'Added “Packaging” to “Ideas”',
  ])
})

test('an import is one step that says how many cards came; so do its undo and redo, and a file of one card names it (P8, P18)', async () => {
  const { ann, workspace, work, second } = await annAndHerBoard()
  const bringIn = (titles: readonly string[], columns: readonly string[]) =>
    ann.call('commit', {
      ...{ workspace, work, tab: ann.tab, from: { file: 'rigging.csv', cards: titles.length } },
      calls: [
        ...columns.map((column) => ({ mutation: 'addColumn', args: { column, title: 'Rigging', order: 'a8' } })),
        ...titles.map((title, at) => ({
          mutation: 'addCard',
          args: {
            card: newEntity(),
            title,
            column: columns[at] ?? second,
            order: `a${at}`,
            description: 'From a file.',
          },
        })),
      ],
    })
  const newest = async () => (await ann.call('history', { workspace, work, limit: 1 })).entries[0]?.sentence
  await bringIn(['Mast', 'Sails', 'Anchor'], [newEntity()])
  expect(await newest()).toEqual({ en: 'Imported 3 cards', 'zh-CN': '导入了 3 张卡片' })
  const { steps } = await ann.call('timeline', { workspace, work })
  const { told } = await ann.call('tellStep', { workspace, work, step: steps.at(-1)!.id })
  expect(told).toMatchObject({ sentence: { en: 'Imported 3 cards' }, isOfMany: true })
  expect(told?.entries.filter(({ collection }) => collection === 'cards')).toHaveLength(3)

  const undone = await ann.call('undo', { workspace, work, tab: ann.tab })
  expect(undone).toMatchObject({ done: 'undone', sentence: { en: 'Imported 3 cards' } })
  expect((await newest())?.en).toBe('Undone: Imported 3 cards')
  await ann.call('redo', { workspace, work, tab: ann.tab })
  expect(await newest()).toEqual({ en: 'Redone: Imported 3 cards', 'zh-CN': '已重做：导入了 3 张卡片' })

  await bringIn(['Keel'], [])
  expect((await newest())?.en).toBe('Imported “Keel”')
})

test('writing in a description is one step of history and replay; going back brings the old text back, undo the new one', async () => {
  const { ann, workspace, work, first, commit } = await annAndHerBoard()
  const [card, other] = [newEntity(), newEntity()]
  await commit('addCard', { card, title: 'Packaging', column: first, order: 'a5', description: 'Ask for offers.' })
  await commit('addCard', { card: other, title: 'Price', column: first, order: 'a6' })
  const at: Moment = { step: (await ann.call('timeline', { workspace, work })).steps.at(-1)!.id }
  for (const text of [' Three', ' of', ' them.']) await write(ann, workspace, work, card, text)
  expect(await descriptionOf(ann, workspace, work, card)).toBe('Ask for offers. Three of them.')
  // A copy, or a file, of that moment has what stood there then.
  const { texts } = await ann.call('descriptions', { workspace, work, at })
  expect(plainText(texts[card] ?? [])).toBe('Ask for offers.')

  const { entries } = await ann.call('history', { workspace, work, limit: 2 })
  expect(entries[0]?.sentence.en).toBe('Changed the description of “Packaging”')
  const { changes } = await ann.call('compare', { workspace, work, from: at, to: { now: true } })
  expect(changes).toMatchObject([
    {
      collection: 'cards',
      id: card,
      change: 'changed',
      fields: [],
      text: { before: 'Ask for offers.', after: 'Ask for offers. Three of them.' },
    },
  ])
  // The text of that moment, for the card that is opened in the replay.
  const { heads } = await ann.call('textHeads', { workspace, work, at, entity: card })
  const { bytes, path } = await ann.call('openProse', { workspace, work, entity: card, tab: ann.tab })
  const then = A.spans(A.view(A.load(bytes), heads ?? []), path)
  expect(then).toMatchObject([{ type: 'block' }, { type: 'text', value: 'Ask for offers.' }])

  await ann.call('restoreMoment', { workspace, work, tab: ann.tab, at, entry: { collection: 'cards', id: card } })
  expect(await descriptionOf(ann, workspace, work, card)).toBe('Ask for offers.')
  const sentence = { en: 'Brought “Packaging” back to an earlier state' }
  expect(await ann.call('undo', { workspace, work, tab: ann.tab })).toMatchObject({ done: 'undone', sentence })
  expect(await descriptionOf(ann, workspace, work, card)).toBe('Ask for offers. Three of them.')
  expect(await ann.call('redo', { workspace, work, tab: ann.tab })).toMatchObject({ done: 'undone' })
  expect(await descriptionOf(ann, workspace, work, card)).toBe('Ask for offers.')

  // Somebody, or Ann herself in another tab, has written since: undo names the text and asks.
  await write(ann, workspace, work, card, ' By Friday.', { tab: 'another tab' })
  const asked = await ann.call('undo', { workspace, work, tab: ann.tab })
  expect(asked).toMatchObject({
    done: 'ask',
    conflict: { fields: [{ theirs: 'Ask for offers. By Friday.', mine: 'Ask for offers.' }] },
  })
})

test('what Bo writes in a description is news to Ann, who finds what Bo did alone in the history too', async () => {
  const { relay, ann, workspace, work, first, second, commit } = await annAndHerBoard()
  const card = newEntity()
  await commit('addCard', { card, title: 'Packaging', column: first, order: 'a5', description: 'Ask.' })
  await ann.call('news', { workspace, work, limit: 10 })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await until(() => write(bo, workspace, work, card, ' Twice.'))
  const news = async () => (await ann.call('news', { workspace, work, limit: 10 })).changes
  await until(async () =>
    expect(await news()).toMatchObject([{ id: card, fields: [], text: { before: 'Ask.', after: 'Ask. Twice.' } }]),
  )
  const countOf = async () => (await ann.state(workspace)).works.find(({ root }) => root === work)?.news
  await until(async () => expect(await countOf()).toBe(1))
  await ann.restart()
  expect(await countOf()).toBe(1)
  const person = (await bo.state(workspace)).me
  await commit('moveCard', { card, column: second, order: 'a5' })
  const { entries } = await ann.call('history', { workspace, work, limit: 10, person })
  expect(entries.map(({ sentence }) => sentence.en)).toEqual(['Changed the description of “Packaging”'])

  await ann.call('markSeen', { workspace, work, entries: [{ collection: 'cards', id: card }] })
  expect(await news()).toEqual([])
  expect(await countOf()).toBe(0)
})

test('of a description of which only formats were changed that is told, it goes back, and undo of that brings them again', async () => {
  const { ann, workspace, work, first, commit } = await annAndHerBoard()
  const card = newEntity()
  await commit('addCard', { card, title: 'Boxes', column: first, order: 'a5' })
  const paragraph = (text: string): Formatted[0] => ({ is: 'paragraph', within: [], runs: [{ text }] })
  await formatDescription(ann, workspace, work, card, [paragraph('Nails'), paragraph('Glue')])
  const { version } = await ann.call('nameVersion', { workspace, work, tab: ann.tab, name: 'Plain' })
  await formatDescription(ann, workspace, work, card, [
    { is: 'ordered-list-item', within: [], runs: [{ text: 'Nails' }] },
    { is: 'ordered-list-item', within: [], runs: [{ text: 'Glue', strong: true }] },
  ])
  const differs = async (from: Moment) =>
    (await ann.call('compare', { workspace, work, from, to: { now: true } })).changes
  const [plain, formatted] = ['Nails\nGlue', '1. Nails\n2. **Glue**']
  const isOfCard = { collection: 'cards', id: card, change: 'changed', fields: [] }
  expect((await differs({ version })).filter(({ id }) => id === card)).toMatchObject([
    { ...isOfCard, text: { before: plain, after: formatted } },
  ])
  await ann.call('restoreMoment', {
    workspace,
    work,
    tab: ann.tab,
    at: { version },
    entry: { collection: 'cards', id: card },
  })
  expect((await differs({ version })).filter(({ id }) => id === card)).toEqual([])
  const { steps } = await ann.call('timeline', { workspace, work })
  await ann.call('undo', { workspace, work, tab: ann.tab })
  expect((await differs({ step: steps.at(-1)!.id })).filter(({ id }) => id === card)).toMatchObject([
    { ...isOfCard, text: { before: plain, after: formatted } },
  ])
})

test('a moment that Ann was shown and told of stays that one when what Bo did before, offline, comes in: it is what she compares and goes back to', async () => {
  const { relay, ann, workspace, work, first, commit, boardAt, now } = await annAndHerBoard()
  const [sails, oars, boats] = [newEntity(), newEntity(), newEntity()]
  await commit('addCard', { card: sails, title: 'Sails', column: first, order: 'a5' })
  await commit('addCard', { card: oars, title: 'Oars', column: first, order: 'a6' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const boCommits = (mutation: string, args: Record<string, unknown>) =>
    bo.call('commit', { workspace, work, tab: bo.tab, calls: [{ mutation, args }] })
  await until(() => boCommits('setPriority', { card: oars, priority: 'low' }))
  await until(async () => expect((await now()).cardsById.get(oars)?.priority).toBe('low'))
  await bo.call('setWorkOffline', { offline: true })
  await boCommits('setPriority', { card: oars, priority: null })
  await boCommits('addCard', { card: boats, title: 'Boats', column: first, order: 'a7' })
  await commit('retitleCard', { card: sails, title: 'Jib' })
  await commit('setPriority', { card: sails, priority: 'high' })
  await commit('retitleCard', { card: oars, title: 'Rudder' })

  const { steps } = await ann.call('timeline', { workspace, work })
  const at = { step: steps.at(-2)!.id }
  const sentence = async () => (await ann.call('tellStep', { workspace, work, ...at })).told?.sentence.en
  expect(await sentence()).toBe('Set the priority of “Jib” to P1')
  const { heads } = await ann.call('moment', { workspace, work, at })
  const shown = await boardAt(at)
  expect(shown.cardsById.get(sails)).toMatchObject({ title: 'Jib', priority: 'high' })
  expect(shown.cardsById.get(boats)).toBeUndefined()
  expect(shown.cardsById.get(oars)?.priority).toBe('low')

  await bo.call('setWorkOffline', { offline: false })
  await until(async () =>
    expect((await ann.call('timeline', { workspace, work })).steps).toHaveLength(steps.length + 2),
  )
  expect(await sentence()).toBe('Set the priority of “Jib” to P1')
  const grown = await boardAt(at)
  expect(grown.cardsById.get(sails)).toMatchObject({ title: 'Jib', priority: 'high' })
  // What is before it by now, too, is told of that step; what was shown is what it was.
  expect(grown.cardsById.get(boats)?.title).toBe('Boats')
  expect(await boardAt({ heads })).toEqual(shown)
  const { changes } = await ann.call('compare', { workspace, work, from: { heads }, to: { now: true } })
  expect(new Map(changes.map(({ id, change }) => [id, change]))).toEqual(
    new Map([
      [oars, 'changed'],
      [boats, 'added'],
    ]),
  )
  await ann.call('restoreMoment', { workspace, work, tab: ann.tab, at: { heads }, told: changes })
  expect((await now()).cardsById.get(oars)).toMatchObject({ title: 'Oars', priority: 'low' })
  expect((await now()).cardsById.get(boats)?.archived).toBe(true)
  await expect(boardAt({ step: 'of another board' })).rejects.toMatchObject({ code: 'moment-gone' })
})
