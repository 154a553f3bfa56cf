import '#tests/support/automerge.ts'
import { openDB } from 'idb'
import { expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import { zhCN } from '#lib/i18n/zh-CN.ts'
import { noticeText } from '#lib/ui/shell/notice-words.ts'
import { deviceOf, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { expectSame, type World } from '#tests/support/world.ts'

const DAY = 24 * 60 * 60 * 1000
const off = (days: number) => () => Date.now() + days * DAY

const synced = (device: TestDevice, workspace: World['workspace']) =>
  until(async () => expect((await device.state(workspace)).sync.state).toBe('synced'))

test.each([
  ['Ann’s clock is a day ahead and Bo’s a day behind', 1, -1, 0],
  ['Ann’s clock is a day behind and the relay’s a day ahead', -1, 0, 1],
])(
  '%s: what they write arrives in one order, nothing is lost, and undo knows its own',
  async (_, anns, bos, relays) => {
    const relay = await startRelay({ now: off(relays) })
    const ann = await deviceOf('ann', relay.port, off(anns))
    const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
    const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
    await synced(ann, workspace)
    const bo = await deviceOf('bo', relay.port, off(bos))
    await bo.call('join', { link, person: 'Bo', locale: 'zh-CN' })
    const world = { devices: [ann, bo], workspace, board } as World
    await expectSame(world)
    const docs = await ann.docs(workspace, board)
    const column = Object.keys((docs[board] as { columns: Record<string, unknown> }).columns)[0]!
    const card = newEntity()
    const commit = (device: TestDevice, mutation: string, args: Record<string, unknown>) =>
      device.call('commit', { workspace, work: board, tab: device.tab, calls: [{ mutation, args }] })
    const titleAt = async (device: TestDevice) =>
      Object.values(await device.docs(workspace, board))
        .map((doc) => (doc as { cards?: Record<string, { title: string }> }).cards?.[card]?.title)
        .find((title) => title !== undefined)
    await commit(ann, 'addCard', { card, title: 'by Ann', column, order: 'a5' })
    await until(async () => expect(await titleAt(bo)).toBe('by Ann'))
    await commit(bo, 'retitleCard', { card, title: 'then by Bo' })
    await until(async () => expect(await titleAt(ann)).toBe('then by Bo'))
    await commit(ann, 'setPriority', { card, priority: 'high' })
    // The later writer has the field, whatever the clocks say, and his undo brings back what was before him.
    await bo.call('undo', { workspace, work: board, tab: bo.tab })
    await until(async () => expect(await titleAt(ann)).toBe('by Ann'))
    await expectSame(world)
    for (const device of [ann, bo]) {
      expect((await device.state(workspace)).drafts).toEqual([])
      expect((await device.state(workspace)).presence.length).toBeLessThanOrEqual(1)
      await device.restart()
    }
    await expectSame(world)
  },
)

test('Bo’s clock was a day ahead and is put right: after a restart Ann sees him all the same, and where he is', async () => {
  const relay = await startRelay()
  let ahead = DAY
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await synced(ann, workspace)
  const bo = await deviceOf('bo', relay.port, () => Date.now() + ahead)
  await bo.call('join', { link, person: 'Bo', locale: 'zh-CN' })
  await synced(bo, workspace)
  const placeOfBo = async () => (await ann.state(workspace)).presence[0]?.entity
  const at = (entity: string) => bo.call('present', { workspace, tab: bo.tab, work: board, entity, field: null })
  await at('first')
  await until(async () => expect(await placeOfBo()).toBe('first'))
  ahead = 0
  await bo.restart()
  await synced(bo, workspace)
  await at('second')
  await until(async () => expect(await placeOfBo()).toBe('second'))
})

test('Bo says nothing before it is on his disk how far he has counted: after a restart he would be heard by nobody', async () => {
  const relay = await startRelay()
  let ahead = 0
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await synced(ann, workspace)
  const bo = await deviceOf('bo', relay.port, () => Date.now() + ahead)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await synced(bo, workspace)
  const placeOfBo = async () => (await ann.state(workspace)).presence[0]?.entity
  const at = (entity: string) => bo.call('present', { workspace, tab: bo.tab, work: board, entity, field: null })
  await at('first')
  await until(async () => expect(await placeOfBo()).toBe('first'))
  // His row of the workspace is held by a transaction that goes on until it is let go.
  const db = await openDB(bo.name)
  const holding = db.transaction('workspaces', 'readwrite')
  let isOver = false
  const held = (async () => {
    while (!isOver) await holding.store.count()
    await holding.done
  })()
  ahead = DAY
  await at('second')
  await at('third')
  const rename = { mutation: 'renameBoard', args: { title: 'Deck' } }
  await bo.call('commit', { workspace, work: board, tab: bo.tab, calls: [rename] })
  await until(async () => expect((await ann.docs(workspace, board))[board]).toMatchObject({ title: 'Deck' }))
  expect(await placeOfBo()).toBe('first')
  isOver = true
  await held
  db.close()
  await until(async () => expect(await placeOfBo()).toBe('third'))
})

test('an invitation that has lapsed by the relay’s clock says so, whatever the inviter’s and the invited one’s say (A9)', async () => {
  let days = 0
  const relay = await startRelay({ now: () => off(days)() })
  const ann = await deviceOf('ann', relay.port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  await synced(ann, workspace)
  days = 2
  const bo = await deviceOf('bo', relay.port, off(-2))
  await expect(bo.call('join', { link, person: 'Bo', locale: 'en' })).rejects.toMatchObject({ code: 'invite-expired' })
  const { link: longer } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await synced(ann, workspace)
  await bo.call('join', { link: longer, person: 'Bo', locale: 'en' })
})

test('an invitation that holds lets in who thinks that it is weeks later', async () => {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  await synced(ann, workspace)
  const bo = await deviceOf('bo', relay.port, off(20))
  await bo.call('checkInvite', { link })
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await synced(bo, workspace)
})

test('whose clock differs from the relay’s is told by how much, and what they invite to holds as long as they said; put right, that is over', async () => {
  const relay = await startRelay()
  let behind = 25 / 24
  const ann = await deviceOf('ann', relay.port, () => off(-behind)())
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  await synced(ann, workspace)
  const told = async (device: TestDevice) =>
    (await device.state(workspace)).notices
      .filter(({ code }) => code === 'clock-off')
      .map((notice) => noticeText(notice, en, 'en'))
  expect(await told(ann)).toEqual([
    'The clock of this device is about 25 hours behind the server’s. Your edits are not affected, but times and dates may be shown wrong. Set the clock of the device.',
  ])
  const { link, expiresAt } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
  expect(Math.abs(expiresAt - Date.now() - DAY)).toBeLessThan(60 * 60 * 1000)
  await synced(ann, workspace)
  expect((await ann.state(workspace)).invites.map(({ state }) => state)).toEqual(['open'])
  const bo = await deviceOf('bo', relay.port, off(9))
  await bo.call('join', { link, person: 'Bo', locale: 'zh-CN' })
  await synced(bo, workspace)
  const [hisNotice] = (await bo.state(workspace)).notices
  expect(hisNotice && noticeText(hisNotice, zhCN, 'zh-CN')).toBe(
    '本设备的时钟比服务器快约 9 天。修改不受影响，但显示的时间和日期可能不对，请校准设备时钟。',
  )
  behind = 0
  await ann.restart()
  await synced(ann, workspace)
  expect(await told(ann)).toEqual([])
})

test('a relay that claims to be years ahead makes no invitation hold for years', async () => {
  const relay = await startRelay({ now: off(4000) })
  const ann = await deviceOf('ann', relay.port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  await synced(ann, workspace)
  const inviting = ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await expect(inviting).rejects.toMatchObject({ code: 'clock-behind' })
})

test('whose clock is years ahead invites for as long as they say, and the invitation is open; theirs is not the latest word on the board for ever', async () => {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port, off(3 * 365))
  const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  await synced(ann, workspace)
  const { link, expiresAt } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  expect(Math.abs(expiresAt - Date.now() - 7 * DAY)).toBeLessThan(60 * 60 * 1000)
  await synced(ann, workspace)
  const { invites, clockAhead } = await ann.state(workspace)
  expect(invites.map(({ state }) => state)).toEqual(['open'])
  expect(Math.round(clockAhead / DAY)).toBe(3 * 365)

  const bo = await deviceOf('bo', relay.port)
  const before = Date.now()
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await synced(bo, workspace)
  const seen = async () => (await bo.state(workspace)).works.find(({ root }) => root === board)
  const [hers, his] = [(await ann.state(workspace)).me, (await bo.state(workspace)).me]
  await until(async () => expect(await seen()).toMatchObject({ updatedBy: hers }))
  const first = (await seen())?.updatedAt ?? 0
  expect(first).toBeGreaterThanOrEqual(before)
  expect(first).toBeLessThanOrEqual(Date.now())
  // Automerge counts in seconds.
  await until(() => expect(Date.now()).toBeGreaterThan(first + 1_000))
  await bo.call('commit', {
    workspace,
    work: board,
    tab: bo.tab,
    calls: [{ mutation: 'renameBoard', args: { title: 'by Bo' } }],
  })
  await until(async () => expect(await seen()).toMatchObject({ updatedBy: his }))
  await bo.restart()
  await until(async () => expect(await seen()).toMatchObject({ updatedBy: his }))
})
