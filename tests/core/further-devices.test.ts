import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { requireToken } from '#relay/setup-token.ts'
import { lyingRelay } from '#tests/support/lying-relay.ts'
import { deviceOf, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'

async function annAlone() {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const made = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  await until(async () => expect((await ann.state(made.workspace)).sync.state).toBe('synced'))
  return { relay, ann, ...made }
}

test('Ann links her phone with one link, also while her laptop is offline; the link works once', async () => {
  const { relay, ann, workspace, board } = await annAlone()
  const { link } = await ann.call('startDeviceLink', { workspace })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  await ann.call('setWorkOffline', { offline: true })
  const phone = await deviceOf('ann-phone', relay.port)
  await phone.call('checkDeviceLink', { link })
  await phone.call('finishDeviceLink', { link, name: 'Phone', locale: 'en' })
  await until(async () => expect((await phone.state(workspace)).works.map((work) => work.root)).toContain(board))
  expect((await phone.state(workspace)).me).toBe((await ann.state(workspace)).me)
  await until(async () => expect((await phone.state(workspace)).sync.state).toBe('synced'))
  const another = await deviceOf('thief', relay.port)
  await expect(another.call('checkDeviceLink', { link })).rejects.toMatchObject({ code: 'link-used' })
  await expect(another.call('finishDeviceLink', { link, name: 'Thief', locale: 'en' })).rejects.toMatchObject({
    name: 'Refusal',
  })
})

test('a link that Ann has only shown is no device of hers; used it is gone, withdrawn it lets nobody in', async () => {
  const { relay, ann, workspace } = await annAlone()
  const devices = async () => {
    const [me] = (await ann.state(workspace)).people
    return me?.devices.filter(({ kit, removed }) => !kit && !removed) ?? []
  }
  const synced = () => until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const first = await ann.call('startDeviceLink', { workspace })
  await synced()
  expect((await devices()).map(({ link }) => link)).toEqual([false, true])
  const phone = await deviceOf('ann-phone', relay.port)
  await phone.call('finishDeviceLink', { link: first.link, name: 'Phone', locale: 'en' })
  await until(async () =>
    expect((await devices()).map(({ name, link }) => `${name} ${link}`)).toEqual([' false', 'Phone false']),
  )
  const second = await ann.call('startDeviceLink', { workspace })
  for (const { id, link } of await devices()) if (link) await ann.call('removeDevice', { workspace, device: id })
  await synced()
  expect(await devices()).toHaveLength(2)
  const thief = await deviceOf('thief', relay.port)
  await expect(
    thief.call('finishDeviceLink', { link: second.link, name: 'Thief', locale: 'en' }),
  ).rejects.toMatchObject({
    code: 'link-used',
  })
})

test('a link that two devices use in the same moment lets in one of them, and the other is told', async () => {
  const { relay, ann, workspace } = await annAlone()
  const { link } = await ann.call('startDeviceLink', { workspace })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const devices = await Promise.all(['phone', 'thief'].map((name) => deviceOf(name, relay.port)))
  const tried = await Promise.allSettled(
    devices.map((device) => device.call('finishDeviceLink', { link, name: device.name, locale: 'en' })),
  )
  expect(tried.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(tried.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'link-used' } })
  await until(async () => {
    const [me] = (await ann.state(workspace)).people
    expect(me?.devices.filter(({ kit, removed }) => !kit && !removed)).toHaveLength(2)
  })
})

test('with the words of the kit Ann is back on an empty device, gets a new kit, and the old one is void', async () => {
  const { relay, ann, workspace, board, kit } = await annAlone()
  await ann.close()
  const address = `ws://127.0.0.1:${relay.port}/sync`
  const fresh = await deviceOf('ann-again', relay.port)
  const recovered = await fresh.call('recover', { words: kit, relay: address, workspace, locale: 'en' })
  expect(recovered.kit).toHaveLength(12)
  expect(recovered.kit).not.toEqual(kit)
  await until(async () => expect((await fresh.state(workspace)).works.map((work) => work.root)).toContain(board))
  await until(async () => expect((await fresh.state(workspace)).sync.state).toBe('synced'))
  const other = await deviceOf('finder', relay.port)
  await expect(other.call('recover', { words: kit, relay: address, workspace, locale: 'en' })).rejects.toMatchObject({
    name: 'Refusal',
  })
  await expect(
    other.call('recover', { words: [...kit.slice(1), 'zebra'], relay: address, workspace, locale: 'en' }),
  ).rejects.toMatchObject({ name: 'Refusal' })
})

/** Ann enters her kit on two devices in one second: the phone is in the log before it hears so, and by then the tablet has used it up. */
async function annOnTwoNewDevices() {
  const { relay, ann, workspace, board, kit } = await annAlone()
  await ann.close()
  const [tablet, phone] = [await deviceOf('ann-tablet', relay.port), await deviceOf('ann-phone', relay.port)]
  const enters = async (device: TestDevice, words: string[], port = relay.port) =>
    (await device.call('recover', { words, relay: `ws://127.0.0.1:${port}/sync`, workspace, locale: 'en' })).kit
  const synced = (device: TestDevice) =>
    until(async () => expect((await device.state(workspace)).sync.state).toBe('synced'))
  const deaf = await lyingRelay(relay.port)
  const letIn = Promise.withResolvers<void>()
  deaf.lies.down = (message) => {
    if (message.type !== 'auth-ok') return [message]
    letIn.resolve()
    return []
  }
  const entering = enters(phone, kit, deaf.port)
  await letIn.promise
  const shownByTablet = await enters(tablet, kit)
  await synced(tablet)
  deaf.lies = {}
  deaf.cut()
  const shownByPhone = await entering
  await synced(phone)
  const bringsBack = async (words: string[]) => {
    const another = await deviceOf('ann-again', relay.port)
    await enters(another, words)
    await until(async () => expect((await another.state(workspace)).works.map(({ root }) => root)).toContain(board))
    await synced(another)
  }
  return { workspace, tablet, phone, shownByTablet, shownByPhone, synced, bringsBack }
}

test('a kit entered on two devices in one second lets both in, the words that either shows count, and neither is told of a change that came too late', async () => {
  const { workspace, tablet, phone, shownByTablet, shownByPhone, synced, bringsBack } = await annOnTwoNewDevices()
  for (const device of [tablet, phone]) {
    await synced(device)
    const { notices, kitVoid, people } = await device.state(workspace)
    expect(notices.map(({ code }) => code)).not.toContain('administration-dropped')
    expect(kitVoid).toBe(false)
    expect(people[0]?.devices.filter(({ kit, removed }) => !kit && !removed)).toHaveLength(3)
  }
  await bringsBack(shownByTablet)
  await bringsBack(shownByPhone)
})

test('a kit entered on three devices in the same moment lets all of them in, and none is told that the server shows another history', async () => {
  const { relay, ann, workspace, kit } = await annAlone()
  await ann.close()
  const place = { relay: `ws://127.0.0.1:${relay.port}/sync`, workspace, locale: 'en' } as const
  const devices = await Promise.all(['laptop', 'tablet', 'phone'].map((name) => deviceOf(`ann-${name}`, relay.port)))
  await Promise.all(devices.map((device) => device.call('recover', { words: kit, ...place })))
  for (const device of devices)
    await until(async () => {
      const { sync, people, notices } = await device.state(workspace)
      expect(sync.state).toBe('synced')
      expect(people[0]?.devices.filter(({ kit: isKit, removed }) => !isKit && !removed)).toHaveLength(4)
      expect(notices.filter(({ code }) => code !== 'device-recovered')).toEqual([])
    })
})

test('where Ann’s other device makes a new kit, the one whose words do not count any more says so until it has shown others or she has the newer ones', async () => {
  const { workspace, tablet, phone, synced, bringsBack } = await annOnTwoNewDevices()
  for (const device of [tablet, phone]) await device.call('keepKit', { workspace })
  const isVoid = async (device: TestDevice) => (await device.state(workspace)).kitVoid
  await tablet.call('renewKit', { workspace, locale: 'en' })
  expect(await isVoid(tablet)).toBe(false)
  await until(async () => expect(await isVoid(phone)).toBe(true))
  await phone.restart()
  expect(await isVoid(phone)).toBe(true)
  const { kit } = await phone.call('renewKit', { workspace, locale: 'en' })
  expect(await isVoid(phone)).toBe(false)
  await until(async () => expect(await isVoid(tablet)).toBe(true))
  await tablet.call('keepKit', { workspace })
  expect(await isVoid(tablet)).toBe(false)
  await tablet.restart()
  expect(await isVoid(tablet)).toBe(false)
  await synced(phone)
  await bringsBack(kit)
})

test('Ann’s laptop tells her when a phone is linked and when somebody comes in with her kit, and which they are; the newcomers tell nothing', async () => {
  const { relay, ann, workspace, kit } = await annAlone()
  const told = async (device: TestDevice) =>
    (await device.state(workspace)).notices.map(({ code, params }) => `${code} ${params['name'] || params['kind']}`)
  const { link } = await ann.call('startDeviceLink', { workspace })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  expect(await told(ann)).toEqual([])
  const phone = await deviceOf('ann-phone', relay.port)
  await phone.call('finishDeviceLink', { link, name: 'Phone', locale: 'en' })
  await until(async () => expect(await told(ann)).toEqual(['device-linked Phone']))
  // Offline meanwhile, it tells her when it is back, and goes on telling after a restart.
  await ann.call('setWorkOffline', { offline: true })
  const address = `ws://127.0.0.1:${relay.port}/sync`
  const fresh = await deviceOf('somebody', relay.port)
  await fresh.call('recover', {
    words: kit,
    relay: address,
    workspace,
    locale: 'en',
    device: { kind: 'computer', browser: 'Firefox · Linux' },
  })
  await until(async () => expect(await told(phone)).toEqual(['device-recovered computer']))
  expect((await phone.state(workspace)).kitVoid).toBe(false)
  expect(await told(ann)).toEqual(['device-linked Phone'])
  await ann.call('setWorkOffline', { offline: false })
  await until(async () => expect(await told(ann)).toEqual(['device-recovered computer', 'device-linked Phone']))
  // That her kit opens nothing any more stands in a record of its own.
  await until(async () => expect((await ann.state(workspace)).kitVoid).toBe(true))
  await ann.restart()
  await until(async () =>
    expect((await told(ann)).sort()).toEqual(['device-linked Phone', 'device-recovered computer']),
  )
  await until(async () => expect((await fresh.state(workspace)).sync.state).toBe('synced'))
  expect(await told(fresh)).toEqual([])
  const [me] = (await ann.state(workspace)).people
  const computer = me?.devices.find(({ kind }) => kind === 'computer')
  expect(computer?.browser).toBe('Firefox · Linux')
  expect(Date.now() - (computer?.addedAt ?? 0)).toBeLessThan(600_000)
})

test('that a device was linked, or came in with the kit, is told until it is removed, wherever it is told', async () => {
  const { relay, ann, workspace, kit } = await annAlone()
  const told = async (device: TestDevice) => (await device.state(workspace)).notices.map(({ code }) => code)
  const link = async (name: string) => {
    const { link } = await ann.call('startDeviceLink', { workspace })
    await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
    const device = await deviceOf(name, relay.port)
    await device.call('finishDeviceLink', { link, name, locale: 'en' })
    return device
  }
  const phone = await link('Phone')
  const tablet = await link('Tablet')
  const remove = async (other: TestDevice) =>
    ann.call('removeDevice', { workspace, device: (await other.state(workspace)).device })
  await until(async () => expect(await told(ann)).toEqual(['device-linked', 'device-linked']))
  await until(async () => expect(await told(phone)).toEqual(['device-linked']))
  await remove(tablet)
  await until(async () => expect(await told(ann)).toEqual(['device-linked']))
  await until(async () => expect(await told(phone)).toEqual([]))
  const fresh = await deviceOf('somebody', relay.port)
  const relayAddress = `ws://127.0.0.1:${relay.port}/sync`
  await fresh.call('recover', { words: kit, relay: relayAddress, workspace, locale: 'en' })
  await until(async () => expect(await told(ann)).toEqual(['device-recovered', 'device-linked']))
  await until(async () => expect(await told(phone)).toEqual(['device-recovered']))
  await phone.call('setWorkOffline', { offline: true })
  await remove(fresh)
  await until(async () => expect(await told(ann)).toEqual(['device-linked']))
  await phone.call('setWorkOffline', { offline: false })
  await until(async () => expect(await told(phone)).toEqual([]))
  await ann.restart()
  expect(await told(ann)).toEqual(['device-linked'])
  // Who takes a look and then removes itself has been here all the same.
  const visitor = await link('Visitor')
  await until(async () => expect(await told(ann)).toEqual(['device-linked', 'device-linked']))
  const { device } = await visitor.state(workspace)
  await visitor.call('removeDevice', { workspace, device })
  const known = async () => (await ann.state(workspace)).people.flatMap(({ devices }) => devices)
  await until(async () => expect((await known()).find(({ id }) => id === device)?.removed).toBe(true))
  await ann.restart()
  expect(await told(ann)).toEqual(['device-linked', 'device-linked'])
})

test('an address that is none, or where nobody answers, is refused at once, and the kit is not used up', async () => {
  const { relay, ann, workspace, kit } = await annAlone()
  await ann.close()
  const fresh = await deviceOf('ann-again', relay.port)
  const recover = (address: string) =>
    fresh.call('recover', { words: kit, relay: address, workspace, locale: 'en' as const })
  await expect(recover('hello')).rejects.toMatchObject({ code: 'relay-address' })
  await expect(recover('ws://127.0.0.1:9/sync')).rejects.toMatchObject({
    code: 'relay-elsewhere',
    params: { host: '127.0.0.1:9' },
  })
  await expect(
    fresh.call('recover', { words: kit.with(2, 'Tongzhou'), relay: 'hello', workspace, locale: 'en' }),
  ).rejects.toMatchObject({ code: 'kit-unknown-word', params: { word: 'tongzhou' } })
  expect((await recover(`ws://127.0.0.1:${relay.port}/sync`)).kit).toHaveLength(12)
})

test('an invitation lets in one person and no second one', async () => {
  const { relay, ann, workspace } = await annAlone()
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const cai = await deviceOf('cai', relay.port)
  await expect(cai.call('join', { link, person: 'Cai', locale: 'en' })).rejects.toMatchObject({ name: 'Refusal' })
})

test('Ann makes a new kit: it brings her back, and the one from before is void', async () => {
  const { relay, ann, workspace, kit } = await annAlone()
  const renewed = await ann.call('renewKit', { workspace, locale: 'en' })
  expect(renewed.kit).toHaveLength(12)
  expect(renewed.kit).not.toEqual(kit)
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const kits = async () => (await ann.state(workspace)).people[0]?.devices.filter((one) => one.kit && !one.removed)
  expect(await kits()).toHaveLength(1)
  const address = `ws://127.0.0.1:${relay.port}/sync`
  const finder = await deviceOf('finder', relay.port)
  await expect(finder.call('recover', { words: kit, relay: address, workspace, locale: 'en' })).rejects.toMatchObject({
    name: 'Refusal',
  })
  const fresh = await deviceOf('ann-again', relay.port)
  await fresh.call('recover', {
    words: renewed.kit,
    relay: address,
    workspace,
    locale: 'en',
    device: { kind: 'tablet', browser: '' },
  })
  await until(async () => expect((await fresh.state(workspace)).sync.state).toBe('synced'))
  await until(async () =>
    expect((await ann.state(workspace)).people[0]?.devices.map(({ kind }) => kind)).toContain('tablet'),
  )
})

test('a relay asks for its set-up token after the workspace was made offline; one that is wrong is called so, and with the right one everything is sent', async () => {
  const relay = await startRelay({ setup: requireToken('let us in') })
  const ann = await deviceOf('ann', relay.port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const said = async () =>
    (await ann.state(workspace)).notices.flatMap(({ code, params }) =>
      code === 'setup-token-needed' ? [params['token']] : [],
    )
  await until(async () => expect(await said()).toEqual(['none']))
  await ann.call('setWorkOffline', { offline: true })
  await ann.call('setSetupToken', { workspace, token: 'wrong' })
  expect(await said()).toEqual(['given'])
  await ann.call('setWorkOffline', { offline: false })
  await until(async () => expect(await said()).toEqual(['wrong']))
  await ann.call('setSetupToken', { workspace, token: ' let us in ' })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  expect(await said()).toEqual([])
})

test('while the relay wants its token Ann is told so once; when it goes she is offline, and when it is back it wants its token again (P6)', async () => {
  let refusals = 0
  const setup = {
    ...requireToken('let us in'),
    admits() {
      refusals++
      return false
    },
  }
  const relay = await startRelay({ setup })
  const ann = await deviceOf('ann', relay.port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const isSaid = async () => (await ann.state(workspace)).notices.some(({ code }) => code === 'setup-token-needed')
  const offlineFor = (why: string) =>
    until(async () => expect((await ann.state(workspace)).sync).toMatchObject({ state: 'offline', why }))
  await offlineFor('token')
  await until(async () => expect(await isSaid()).toBe(true))
  await ann.call('dismissNotice', { workspace, id: 'setup-token-needed' })
  const before = refusals
  await until(() => expect(refusals).toBeGreaterThan(before + 1))
  expect(await isSaid()).toBe(false)
  await relay.close()
  await offlineFor('network')
  await startRelay({ setup, dataDir: relay.dataDir, port: relay.port })
  await offlineFor('token')
  // Put away is put away.
  expect(await isSaid()).toBe(false)
  await ann.call('setSetupToken', { workspace, token: 'let me in' })
  await until(async () => expect((await ann.state(workspace)).notices[0]?.params).toEqual({ token: 'wrong' }))
})

test('an action of several sorts is told as what it did, in history and when it is taken back', async () => {
  const { ann, workspace, board } = await annAlone()
  const { group } = await ann.call('commit', {
    workspace,
    work: board,
    tab: ann.tab,
    calls: [
      { mutation: 'addColumn', args: { column: 'imported', title: 'Imported', order: 'a5' } },
      ...['Desk', 'Chair', 'Lamp'].map((title, i) => ({
        mutation: 'addCard',
        args: { card: `card${i}`, title, column: 'imported', order: `a${i}` },
      })),
    ],
  })
  const { entries } = await ann.call('history', { workspace, work: board, limit: 1 })
  expect(entries[0]?.id).toBe(group)
  expect(entries[0]?.sentence.en).toBe('Added the column “Imported”; added “Desk” and 2 other cards')
  const me = (await ann.state(workspace)).me
  const assign = { mutation: 'setAssignee', args: { card: 'card0', person: me, on: true } }
  await ann.call('commit', { workspace, work: board, tab: ann.tab, calls: [assign] })
  const undone = await ann.call('undo', { workspace, work: board, tab: ann.tab })
  expect(undone).toMatchObject({ done: 'undone', sentence: { en: 'Assigned “Desk” to Ann' } })
})
