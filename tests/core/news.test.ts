import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { deviceOf, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { formatDescription, writeDescription } from '#tests/support/write-description.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { readBoard } from '#lib/kinds/board/schema.ts'
import type { ChangeByOthers } from '#lib/core/api.ts'
import { en } from '#lib/i18n/en.ts'
import type { Formatted } from '#lib/kernel/formatted.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { saySorts, tellChanges } from '#lib/kinds/board/ui/change-words.ts'

/** Ann's board with cards of hers, at which Ann and Bo have both looked. */
async function annAndBo(...titles: string[]) {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board: work } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })

  const boardOf = async (device: TestDevice) =>
    readBoard((await device.call('moment', { workspace, work, at: { now: true } })) as Parameters<typeof readBoard>[0])
  const [first = '', second = ''] = (await boardOf(ann)).columns.map(({ id }) => id)
  const does = (device: TestDevice) => (mutation: string, args: Record<string, unknown>) =>
    device.call('commit', { workspace, work, tab: device.tab, calls: [{ mutation, args }] })
  const newsOf = async (device: TestDevice): Promise<ChangeByOthers[]> =>
    (await device.call('news', { workspace, work, limit: 100 })).changes
  /** Both have what the other has. */
  const meet = async () => {
    await until(async () => {
      for (const device of [ann, bo]) expect((await device.state(workspace)).sync.state).toBe('synced')
      expect(await boardOf(bo)).toEqual(await boardOf(ann))
    })
  }
  const apart = async (offline: boolean) => {
    for (const device of [ann, bo]) await device.call('setWorkOffline', { offline })
  }
  const nameOf = async (person: string | null) =>
    (await ann.state(workspace)).people.find(({ id }) => id === person)?.name ?? ''
  /** Card by card what changed and who did it, as `title: A → B (Bo)`. */
  const told = async (device: TestDevice, title: (id: string) => string) => {
    const lines: Record<string, string[]> = {}
    for (const { id, change, fields, text, before } of await newsOf(device)) {
      const list: string[] = change === 'changed' ? [] : [change]
      for (const { path, before: then, after, authors } of fields) {
        if (path.length === 0) continue
        const by = await Promise.all(authors.map(({ person }) => nameOf(person)))
        list.push(`${path.join('.')}: ${String(then)} → ${String(after)} (${by.join()})`)
      }
      if (text) {
        const by = await Promise.all(text.authors.map(({ person }) => nameOf(person)))
        list.push(`text: ${text.before} → ${text.after} (${by.join()})`)
      }
      lines[title(id)] = [...list, ...(before === undefined ? ['?'] : [])].sort()
    }
    return lines
  }

  const cards = titles.map(() => newEntity())
  for (const [at, card] of cards.entries())
    await does(ann)('addCard', { card, title: titles[at], column: first, order: `a${at + 1}` })
  await until(async () => {
    expect((await bo.state(workspace)).works.map(({ root }) => root)).toContain(work)
    expect([...(await boardOf(bo)).cardsById.keys()]).toEqual(expect.arrayContaining(cards))
  })
  await meet()
  for (const device of [ann, bo]) await device.call('markSeen', { workspace, work })
  const named = (id: string) => titles[cards.indexOf(id)] ?? id
  return {
    ...{ relay, ann, bo, workspace, work, first, second, cards, meet, apart, newsOf, boardOf },
    annDoes: does(ann),
    boDoes: does(bo),
    toAnn: () => told(ann, named),
    toBo: () => told(bo, named),
  }
}

test('Bo gives a card another title while Ann moves it: each is told what the other did, and nobody what they did themselves', async () => {
  const { annDoes, boDoes, meet, apart, toAnn, toBo, second, first, cards } = await annAndBo('Suppliers')
  const [card = ''] = cards
  await apart(true)
  await boDoes('retitleCard', { card, title: 'Invite the suppliers' })
  await annDoes('moveCard', { card, column: second, order: 'a1' })
  await annDoes('setPriority', { card, priority: 'high' })
  await apart(false)
  await meet()
  expect(await toAnn()).toEqual({ Suppliers: ['title: Suppliers → Invite the suppliers (Bo)'] })
  expect(await toBo()).toEqual({
    Suppliers: [`column: ${first} → ${second} (Ann)`, 'priority: null → high (Ann)'],
  })
})

test('Ann archives a card while Bo gives it another title: Ann reads the new title, Bo that it is archived', async () => {
  const { annDoes, boDoes, meet, apart, toAnn, toBo, cards } = await annAndBo('样品寄出')
  const [card = ''] = cards
  await apart(true)
  await boDoes('retitleCard', { card, title: '样品寄给客户' })
  await annDoes('archiveCard', { card })
  // Her board, open before her, counts what she does as seen.
  expect(await toAnn()).toEqual({})
  await apart(false)
  await meet()
  expect(await toAnn()).toEqual({ 样品寄出: ['title: 样品寄出 → 样品寄给客户 (Bo)'] })
  expect(await toBo()).toEqual({ 样品寄出: ['archived: false → true (Ann)', 'removed'] })
})

test('Ann archives a card and goes on looking while Bo renames, moves and describes it: she reads all of it on the archived card', async () => {
  const { ann, bo, workspace, work, annDoes, boDoes, meet, apart, toAnn, newsOf, first, second, cards } =
    await annAndBo('Zeta', 'Old')
  const [card = '', old = ''] = cards
  await annDoes('archiveCard', { card: old })
  await meet()
  expect(await toAnn()).toEqual({})
  await apart(true)
  await annDoes('archiveCard', { card })
  expect(await toAnn()).toEqual({})
  await boDoes('retitleCard', { card, title: 'Zeta two' })
  await boDoes('moveCard', { card, column: second, order: 'a1' })
  await writeDescription(bo, workspace, work, card, 'Bo was here.')
  await apart(false)
  await meet()
  await until(async () =>
    expect(await toAnn()).toEqual({
      Zeta: [`column: ${first} → ${second} (Bo)`, 'text:  → Bo was here. (Bo)', 'title: Zeta → Zeta two (Bo)'],
    }),
  )
  // She may want it back.
  expect(await newsOf(ann)).toMatchObject([{ change: 'changed', after: { archived: true } }])
  await ann.call('markSeen', { workspace, work })
  await writeDescription(bo, workspace, work, card, 'Once more. ')
  await meet()
  await until(async () => expect((await toAnn())['Zeta']?.[0]).toMatch(/^text: Bo was here\..*Once more\./))
  // Also where she herself writes in it, without wanting it back.
  await ann.call('markSeen', { workspace, work })
  await apart(true)
  await annDoes('setPriority', { card, priority: 'high' })
  await boDoes('retitleCard', { card, title: 'Zeta three' })
  await apart(false)
  await meet()
  expect((await toAnn())['Zeta']).toEqual(['title: Zeta two → Zeta three (Bo)'])
})

test('what Bo puts over something of Ann’s is told from hers on; what she puts over his is nothing new to her', async () => {
  const { annDoes, boDoes, meet, toAnn, toBo, cards } = await annAndBo('Price', 'Box')
  const [price = '', box = ''] = cards
  await annDoes('setPriority', { card: price, priority: 'high' })
  await boDoes('setPriority', { card: box, priority: 'high' })
  await meet()
  await boDoes('setPriority', { card: price, priority: 'low' })
  await annDoes('setPriority', { card: box, priority: 'low' })
  await meet()
  expect(await toAnn()).toEqual({ Price: ['priority: high → low (Bo)'] })
  expect(await toBo()).toEqual({ Box: ['priority: high → low (Ann)'] })
})

test('Bo works on a card that Ann made meanwhile: she is told what he changed in it, from what she had written', async () => {
  const { annDoes, boDoes, meet, toAnn, toBo, first, second } = await annAndBo()
  const card = newEntity()
  await annDoes('addCard', { card, title: 'Box', column: first, order: 'a5' })
  await annDoes('retitleCard', { card, title: 'Boxes' })
  await meet()
  await boDoes('moveCard', { card, column: second, order: 'a5' })
  await meet()
  expect(Object.values(await toAnn())).toEqual([[`column: ${first} → ${second} (Bo)`]])
  expect(Object.values(await toBo())).toEqual([['added']])
})

test('Bo moves cards that Ann has made and brought back: she is named for that and for her column, and not for the one that he chose', async () => {
  const { bo, workspace, work, annDoes, boDoes, meet, newsOf, boardOf, first, second, cards } = await annAndBo(
    'Old',
    'Mast',
  )
  const [old = '', mast = ''] = cards
  for (const card of cards) await annDoes('archiveCard', { card })
  await meet()
  await bo.call('markSeen', { workspace, work })
  const [made, stays] = [newEntity(), newEntity()]
  await annDoes('addCard', { card: made, title: 'Sail', column: first, order: 'a5' })
  await annDoes('addCard', { card: stays, title: 'Rope', column: first, order: 'a6' })
  for (const card of [old, mast]) await annDoes('restoreCard', { card })
  await meet()
  for (const card of [made, old]) await boDoes('moveCard', { card, column: second, order: 'a7' })
  await meet()
  const board = await boardOf(bo)
  const words = {
    t: en,
    locale: 'en' as const,
    today: '2026-11-26' as Day,
    board,
    personName: () => '',
    departmentName: () => '',
    whereNow: () => [],
    moversOf: () => [],
    waysFrom: () => [],
    boardTitle: () => null,
  }
  const said = tellChanges(await newsOf(bo), words).map((change) => `${change.title}: ${saySorts(change, en)}`)
  expect(said.sort()).toEqual([
    'Mast: Brought back to To do',
    'Old: Brought back to To do',
    'Rope: Added to To do',
    'Sail: Added to To do',
  ])
})

test('Bo puts cards elsewhere in their column: Ann reads which they were when she last looked, and no number of one that she moved since', async () => {
  const { ann, annDoes, boDoes, meet, newsOf, boardOf, first, second, cards } = await annAndBo('Oars', 'Mast', 'Hull')
  const [oars = '', mast = '', hull = ''] = cards
  const inFirst = [...(await boardOf(ann)).cardsById.values()].filter(({ column }) => column === first).length
  await boDoes('moveCard', { card: oars, column: second, order: 'a1' })
  await meet()
  // There is something that she has not seen: what she does besides is not seen with it.
  expect(await newsOf(ann)).toHaveLength(1)
  await annDoes('moveCard', { card: mast, column: first, order: 'a8' })
  await meet()
  for (const card of [hull, mast]) await boDoes('moveCard', { card, column: first, order: card === hull ? 'Zy' : 'Zx' })
  await meet()
  expect((await newsOf(ann)).flatMap(({ id, places }) => (places ? [[id, places]] : [])).sort()).toEqual(
    [
      [hull, { before: inFirst, after: 2 }],
      [mast, { before: null, after: 1 }],
    ].sort(),
  )
})

test('a card that Ann opened since is told from that moment on, whoever had written before', async () => {
  const { ann, annDoes, boDoes, meet, toAnn, workspace, work, cards } = await annAndBo('Price')
  const [card = ''] = cards
  await annDoes('retitleCard', { card, title: 'Prices' })
  await meet()
  await boDoes('retitleCard', { card, title: 'Price list' })
  await boDoes('setPriority', { card, priority: 'low' })
  await meet()
  await ann.call('markSeen', { workspace, work, entries: [{ collection: 'cards', id: card }] })
  expect(await toAnn()).toEqual({})
  await boDoes('setPriority', { card, priority: 'high' })
  await meet()
  expect(await toAnn()).toEqual({ Price: ['priority: low → high (Bo)'] })
})

test('two write in one description while apart: each is told the words of the other, and of a text of their own nothing', async () => {
  const { ann, bo, boDoes, meet, apart, toAnn, toBo, workspace, work, first, second, cards } = await annAndBo(
    'Price',
    'Box',
  )
  const [price = '', box = ''] = cards
  await apart(true)
  await writeDescription(ann, workspace, work, price, 'Ann was here. ')
  await writeDescription(bo, workspace, work, price, 'Bo was here. ')
  await writeDescription(ann, workspace, work, box, 'Mine.')
  await boDoes('moveCard', { card: box, column: second, order: 'a2' })
  await apart(false)
  await meet()
  await until(async () => expect((await toAnn())['Price']).toHaveLength(1))
  const news = await toAnn()
  expect(news['Box']).toEqual([`column: ${first} → ${second} (Bo)`])
  expect(news['Price']?.[0]).toMatch(/^text: Ann was here\. +→ .*Bo was here\..*\(Bo\)$/)
  await until(async () =>
    expect((await toBo())['Price']?.[0]).toMatch(/^text: Bo was here\. +→ .*Ann was here\..*\(Ann\)$/),
  )
  await until(async () => expect((await toBo())['Box']).toEqual(['text:  → Mine. (Ann)']))
})

test('Bo and 陈默 both write in one description: Ann is told of both, but of nobody whose words she had before her when she wrote', async () => {
  const { ann, bo, workspace, work, relay, cards, toAnn } = await annAndBo('Price', 'Box')
  const [price = '', box = ''] = cards
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  const chen = await deviceOf('chen', relay.port)
  await chen.call('join', { link, person: '陈默', locale: 'zh-CN' })
  await until(async () => {
    const moment = await chen.call('moment', { workspace, work, at: { now: true } })
    expect([...readBoard(moment as Parameters<typeof readBoard>[0]).cardsById.keys()]).toEqual(
      expect.arrayContaining(cards),
    )
  })
  await writeDescription(bo, workspace, work, price, 'Bo was here. ')
  await writeDescription(bo, workspace, work, box, 'Oak. ')
  await until(async () => expect((await toAnn())['Box']).toEqual(['text:  → Oak.  (Bo)']))
  await writeDescription(ann, workspace, work, box, 'Or pine. ')
  await writeDescription(chen, workspace, work, price, '陈默来过。')
  await writeDescription(chen, workspace, work, box, '松木。')
  await until(async () => {
    const news = await toAnn()
    expect(news['Price']).toEqual([expect.stringMatching(/Bo was here\..*\((?:Bo,陈默|陈默,Bo)\)$/)])
    expect(news['Box']).toEqual([expect.stringMatching(/^text: Oak\. Or pine\. +→ .*松木.* ?\(陈默\)$/)])
  })
})

test('a board is not seen before all of it has come: opened half way, nothing of the rest is new, and an own drag counts for nothing', async () => {
  const { relay, boDoes, ann, annDoes, meet, newsOf, workspace, work, second, cards } = await annAndBo('Price', 'Box')
  const [price = ''] = cards
  const chen = await deviceOf('chen', relay.port)
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await meet()
  await chen.call('join', { link, person: 'Chen', locale: 'en' })
  await until(async () => expect((await chen.state(workspace)).works.map(({ root }) => root)).toContain(work))
  // The connection goes while half of it is still on its way.
  await chen.call('setWorkOffline', { offline: true })
  expect(await newsOf(chen)).toEqual([])
  const more = newEntity()
  await annDoes('addCard', { card: more, title: 'Late', column: second, order: 'a1' })
  await boDoes('retitleCard', { card: price, title: 'Prices' })
  await meet()
  await chen.call('setWorkOffline', { offline: false })
  await until(async () => expect((await chen.state(workspace)).sync.state).toBe('synced'))
  expect(await newsOf(chen)).toEqual([])
  await chen.call('commit', {
    workspace,
    work,
    tab: chen.tab,
    calls: [{ mutation: 'moveCard', args: { card: price, column: second, order: 'a7' } }],
  })
  expect(await newsOf(chen)).toEqual([])
})

test('a card that Bo added and Ann archived herself is no news to her; of one that 陈默 archived he alone is named, though Bo moved it', async () => {
  const { relay, ann, workspace, work, first, second, cards, meet, newsOf, boardOf, annDoes, boDoes } =
    await annAndBo('Hull')
  const [hull = ''] = cards
  const mast = newEntity()
  await boDoes('addCard', { card: mast, title: 'Mast', column: first, order: 'a5' })
  await meet()
  await annDoes('archiveCard', { card: mast })
  expect(await newsOf(ann)).toEqual([])

  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const chen = await deviceOf('chen', relay.port)
  await chen.call('join', { link, person: '陈默', locale: 'zh-CN' })
  await boDoes('moveCard', { card: hull, column: second, order: 'a1' })
  await until(async () => expect((await boardOf(chen)).cardsById.get(hull)?.column).toBe(second))
  const calls = [{ mutation: 'archiveCard', args: { card: hull } }]
  await chen.call('commit', { workspace, work, tab: chen.tab, calls })
  await until(async () => expect((await boardOf(ann)).cardsById.get(hull)?.archived).toBe(true))
  const { me } = await chen.state(workspace)
  expect((await newsOf(ann)).map(({ id, authors }) => [id, authors.map(({ person }) => person)])).toEqual([
    [hull, [me]],
  ])
})

test('a card that Ann added and Bo moved to another board unseen stays news where she added it, until he sees it; there it is none', async () => {
  const { bo, workspace, work, first, meet, newsOf, annDoes, toBo } = await annAndBo('Hull')
  const { root: hold } = await bo.call('createWork', {
    workspace,
    kind: 'board',
    calls: [
      { mutation: 'renameBoard', args: { title: 'Hold' } },
      { mutation: 'addColumn', args: { column: 'below', title: 'Below', order: 'a1' } },
    ],
  })
  const newsThere = async () => (await bo.call('news', { workspace, work: hold, limit: 100 })).changes
  expect(await newsThere()).toEqual([])
  const [mast, cut, there] = [newEntity(), newEntity(), newEntity()]
  await annDoes('addCard', { card: mast, title: 'Mast', column: first, order: 'a5' })
  await meet()
  expect(Object.keys(await toBo())).toEqual([mast])
  const { tab } = bo
  const { me } = await bo.state(workspace)
  const from = { work, entity: mast, cut }
  const add = { mutation: 'addCard', args: { card: there, title: 'Mast', column: 'below', order: 'a1', from } }
  const { group } = await bo.call('commit', { workspace, work: hold, tab, calls: [add] })
  const calls = [{ mutation: 'archiveCard', args: { card: mast } }]
  const along = { work: hold, group, entries: [[mast, there] as const] }
  await bo.call('commit', { workspace, work, tab, calls, cut, along })
  // Also before it is known what came where.
  const told = () => newsOf(bo).then((news) => news.map(({ id, change }) => [id, change]))
  expect(await told()).toEqual([[mast, 'added']])
  await until(async () => {
    const { works } = await bo.state(workspace)
    expect(works.find(({ root }) => root === hold)?.arrivals).toMatchObject([{ entity: there, by: me }])
    expect(works.find(({ root }) => root === work)?.news).toBe(1)
  })
  const [change] = await newsOf(bo)
  expect(change?.authors.map(({ person }) => person)).toEqual([
    (await bo.state(workspace)).people.find(({ name }) => name === 'Ann')?.id,
  ])
  expect(await newsThere()).toEqual([])
  // Who made what, whatever a card says of itself.
  const makers = (board: typeof work, ...entities: string[]) => bo.call('makers', { workspace, work: board, entities })
  expect(await makers(work, mast, first, 'none')).toEqual([
    change?.authors[0]?.person,
    change?.authors[0]?.person,
    null,
  ])
  expect(await makers(hold, there, 'below')).toEqual([me, me])
  await bo.call('markSeen', { workspace, work, entries: [{ collection: 'cards', id: mast }] })
  expect(await newsOf(bo)).toEqual([])
})

test('of a card that Bo moved unseen he sees on the other board what it was when it went: what Ann, apart, writes where it was stays news there', async () => {
  const { ann, bo, workspace, work, cards, first, meet, apart, newsOf, annDoes, boDoes, toBo } = await annAndBo('Hull')
  const { root: hold } = await bo.call('createWork', {
    workspace,
    kind: 'board',
    calls: [{ mutation: 'addColumn', args: { column: 'below', title: 'Below', order: 'a1' } }],
  })
  const [hull = ''] = cards
  const [mast, cut] = [newEntity(), newEntity()]
  await annDoes('addCard', { card: mast, title: 'Mast', column: first, order: 'a5' })
  await writeDescription(ann, workspace, work, mast, 'Of spruce')
  await until(async () => expect((await toBo())[mast]).toContain('text:  → Of spruce (Ann)'))
  await meet()
  await apart(true)
  const moved = [hull, mast].map((card) => [card, newEntity()] as const)
  const come = moved.map(([entity, card]) => ({
    mutation: 'addCard',
    args: { card, title: 'Moved', column: 'below', order: 'a1', from: { work, entity, cut } },
  }))
  const { tab } = bo
  const { group } = await bo.call('commit', { workspace, work: hold, tab, calls: come })
  const go = moved.map(([card]) => ({ mutation: 'archiveCard', args: { card } }))
  await bo.call('commit', { workspace, work, tab, calls: go, cut, along: { work: hold, group, entries: moved } })
  await until(async () => {
    const { works } = await bo.state(workspace)
    expect(works.find(({ root }) => root === hold)?.arrivals).toHaveLength(2)
    expect((await toBo())[mast]).toContain('added')
  })
  for (const card of [hull, mast]) await annDoes('retitleCard', { card, title: 'New name' })
  await apart(false)
  await meet()
  // He opens both where they went.
  const entries = moved.map(([id]) => ({ collection: 'cards', id }))
  await bo.call('markSeenElsewhere', { workspace, work, entries })
  expect(await toBo()).toEqual({
    Hull: ['title: Hull → New name (Ann)'],
    [mast]: ['title: Mast → New name (Ann)'],
  })
  await annDoes('setPriority', { card: mast, priority: 'high' })
  await writeDescription(ann, workspace, work, mast, ' or pine')
  await meet()
  await until(async () =>
    expect((await toBo())[mast]).toEqual([
      'priority: null → high (Ann)',
      'text: Of spruce → Of spruce or pine (Ann)',
      'title: Mast → New name (Ann)',
    ]),
  )
  await boDoes('retitleCard', { card: hull, title: 'Hull of Bo' })
  // Here he sees all of it.
  await bo.call('markSeen', { workspace, work, entries })
  expect(await newsOf(bo)).toEqual([])
})

test('cards that Ann brings in, more than a shard holds, are all new to Bo: what she wrote in their texts does not hide that', async () => {
  const { ann, bo, workspace, work, first, newsOf } = await annAndBo()
  const calls = Array.from({ length: 600 }, (_, at) => ({
    mutation: 'addCard',
    args: { card: newEntity(), title: `Card ${at}`, column: first, order: 'a5' },
  }))
  await ann.call('commit', { workspace, work, tab: ann.tab, calls })
  await until(async () => {
    const here = (await bo.state(workspace)).works.find(({ root }) => root === work)
    expect([here?.summary.en, here?.news]).toEqual(['602 cards', 600])
  })
  const [newest] = await newsOf(bo)
  expect([newest?.change, newest?.authors.length]).toEqual(['added', 1])
})

test('Bo makes words of a description bold: Ann reads that, also after she has opened the card, and only what is new since', async () => {
  const { ann, bo, workspace, work, cards, meet, toAnn } = await annAndBo('Price')
  const [price = ''] = cards
  const glue = (marks: { strong?: true; em?: true }): Formatted => [
    { is: 'paragraph', within: [], runs: [{ text: 'Glue', ...marks }] },
  ]
  await formatDescription(ann, workspace, work, price, glue({}))
  await meet()
  await formatDescription(bo, workspace, work, price, glue({ strong: true }))
  await meet()
  await until(async () => expect(await toAnn()).toEqual({ Price: ['text: Glue → **Glue** (Bo)'] }))
  await ann.call('markSeen', { workspace, work, entries: [{ collection: 'cards', id: price }] })
  expect(await toAnn()).toEqual({})
  await formatDescription(bo, workspace, work, price, glue({ strong: true, em: true }))
  await meet()
  await until(async () => expect(await toAnn()).toEqual({ Price: ['text: **Glue** → ***Glue*** (Bo)'] }))
})

test('of a card that Bo made since Ann looked, and that she has opened, she is told his formats as well', async () => {
  const { ann, bo, workspace, work, first, cards, boDoes, meet, toAnn, newsOf } = await annAndBo('Price')
  const card = newEntity()
  await boDoes('retitleCard', { card: cards[0], title: 'Other' })
  await boDoes('addCard', { card, title: 'New', column: first, order: 'a9' })
  const glue = (marks: { strong?: true }, more = ''): Formatted => [
    { is: 'paragraph', within: [], runs: [{ text: 'Glue', ...marks }, ...(more ? [{ text: more }] : [])] },
  ]
  await formatDescription(bo, workspace, work, card, glue({}))
  await meet()
  const seen = () => ann.call('markSeen', { workspace, work, entries: [{ collection: 'cards', id: card }] })
  await until(async () => expect((await newsOf(ann)).find(({ id }) => id === card)?.text?.after).toBe('Glue'))
  await seen()
  await formatDescription(bo, workspace, work, card, glue({ strong: true }))
  await until(async () => expect((await toAnn())[card]).toEqual(['text: Glue → **Glue** (Bo)']))
  await seen()
  await formatDescription(bo, workspace, work, card, glue({ strong: true }, ' more'))
  await until(async () => expect((await toAnn())[card]).toEqual(['text: **Glue** → **Glue** more (Bo)']))
})

test('Ann goes on to write in a description: Bo’s screens learn that what is new is something else, and nothing of that where he writes himself', async () => {
  const { ann, bo, workspace, work, cards, toBo } = await annAndBo('Hall', 'Mast')
  const [hall = '', mast = ''] = cards
  const projected = () => bo.core.workspaces.get(workspace)?.projector.settle()
  const turn = async () => {
    await projected()
    return (await bo.state(workspace)).works.find(({ root }) => root === work)?.newsTurn
  }
  const toldOf = async (text: string) => {
    await until(async () => expect(await toBo()).toEqual({ Hall: [`text:  → ${text} (Ann)`] }))
    return turn()
  }
  await writeDescription(ann, workspace, work, hall, 'first words')
  const first = await toldOf('first words')
  await writeDescription(ann, workspace, work, hall, ' second words')
  const second = await toldOf('first words second words')
  expect(second).not.toBe(first)
  await writeDescription(bo, workspace, work, mast, 'Oak.')
  expect(await turn()).toBe(second)
})

test('Bo opens a card: what was new in it is told as it stands when it counts as seen', async () => {
  const { ann, bo, workspace, work, cards, toBo } = await annAndBo('Hall')
  const [hall = ''] = cards
  await writeDescription(ann, workspace, work, hall, 'first words')
  await until(async () => expect(await toBo()).toEqual({ Hall: ['text:  → first words (Ann)'] }))
  const entries = [{ collection: 'cards', id: hall }]
  expect(await bo.call('markSeen', { workspace, work, entries })).toMatchObject([
    { id: hall, text: { before: '', after: 'first words' } },
  ])
  expect(await bo.call('markSeen', { workspace, work, entries })).toEqual([])
  expect(await toBo()).toEqual({})
})
