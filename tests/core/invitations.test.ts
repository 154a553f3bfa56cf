import '#tests/support/automerge.ts'
import { createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { dayOf } from '#lib/i18n/format.ts'
import type { WorkspaceId } from '#lib/kernel/ids.ts'
import { encodeInviteLink, parseInviteLink } from '#lib/sync/links.ts'
import { decodeRelayMessage } from '#lib/sync/protocol.ts'
import { startRecordingProxy } from '#tests/support/recording-proxy.ts'
import { deviceOf, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'

async function annAlone(port: number): Promise<{ ann: TestDevice; workspace: WorkspaceId }> {
  const ann = await deviceOf('ann', port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  return { ann, workspace }
}
const synced = (device: TestDevice, workspace: WorkspaceId) =>
  until(async () => expect((await device.state(workspace)).sync.state).toBe('synced'))

test('Bo is told what is wrong with an invitation before he types his name (A9)', async () => {
  let late = 0
  const relay = await startRelay({ now: () => Date.now() + late })
  const { ann, workspace } = await annAlone(relay.port)
  const invite = (days: number) => ann.call('createInvite', { workspace, rank: 'manager', days })
  const [used, withdrawn, short, long] = [await invite(1), await invite(1), await invite(1), await invite(30)]
  await ann.call('expireInvite', { workspace, id: withdrawn.id })
  await synced(ann, workspace)
  const bo = await deviceOf('bo', relay.port)
  const cai = await deviceOf('cai', relay.port)
  // A link may leak: whoever joins by it is no manager yet.
  expect(await bo.call('checkInvite', { link: used.link })).toEqual({ rank: 'member', expiresAt: used.expiresAt })
  await bo.call('join', { link: used.link, person: 'Bo', locale: 'en' })
  await expect(cai.call('checkInvite', { link: used.link })).rejects.toMatchObject({ code: 'invite-used' })
  await expect(cai.call('checkInvite', { link: withdrawn.link })).rejects.toMatchObject({ code: 'invite-withdrawn' })
  late = 2 * 24 * 60 * 60 * 1000
  await expect(cai.call('checkInvite', { link: short.link })).rejects.toMatchObject({ code: 'invite-expired' })
  expect(await cai.call('checkInvite', { link: long.link })).toMatchObject({ rank: 'member' })
  await expect(cai.call('checkInvite', { link: 'nonsense' })).rejects.toMatchObject({ code: 'invite-unreadable' })
})

test('an invitation that Ann makes offline is counted as waiting, is not known to Bo, and lets him in once she has been online', async () => {
  const relay = await startRelay()
  const { ann, workspace } = await annAlone(relay.port)
  await synced(ann, workspace)
  await ann.call('setWorkOffline', { offline: true })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  expect(await ann.state(workspace)).toMatchObject({
    sync: { state: 'offline', count: 1 },
    invites: [{ state: 'open', sent: false }],
  })
  const bo = await deviceOf('bo', relay.port)
  await expect(bo.call('checkInvite', { link })).rejects.toMatchObject({ code: 'invite-unknown' })
  await ann.call('setWorkOffline', { offline: false })
  await until(async () => expect((await ann.state(workspace)).invites).toMatchObject([{ sent: true }]))
  expect(await bo.call('checkInvite', { link })).toMatchObject({ rank: 'member' })
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await until(async () => expect((await bo.state(workspace)).works).toHaveLength(1))
})

test('what Ann does offline waits as one thing each, also after a restart: an invitation with its name, a department, a kit (P6)', async () => {
  const relay = await startRelay()
  const { ann, workspace } = await annAlone(relay.port)
  await synced(ann, workspace)
  await ann.call('setWorkOffline', { offline: true })
  const waits = (count: number) =>
    until(async () => expect((await ann.state(workspace)).sync).toEqual({ state: 'offline', count, why: 'choice' }))
  await ann.call('createInvite', { workspace, rank: 'member', days: 7, name: 'Bo from sales' })
  await waits(1)
  await ann.call('createDepartment', { workspace, name: 'Sales' })
  await waits(2)
  await ann.call('renewKit', { workspace, locale: 'en' })
  await waits(3)
  await ann.restart()
  await waits(3)
  await ann.call('setWorkOffline', { offline: false })
  await synced(ann, workspace)
})

test('the connection breaks before Bo hears that he is in: he is all the same, once, and nobody is told that the invitation is spent', async () => {
  const relay = await startRelay()
  let cuts = 0
  const proxy = await startRecordingProxy(relay.port, (data) => {
    const message = decodeRelayMessage(new Uint8Array(data))
    return cuts > 0 && message.ok && message.value.type === 'auth-ok' && cuts-- > 0
  })
  onTestFinished(() => proxy.close())
  const port = Number(new URL(proxy.origin).port)
  const { ann, workspace } = await annAlone(port)
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await synced(ann, workspace)
  cuts = 1
  const bo = await deviceOf('bo', port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  expect(cuts).toBe(0)
  for (const device of [ann, bo])
    await until(async () =>
      expect((await device.state(workspace)).people.map(({ name }) => name)).toEqual(['Ann', 'Bo']),
    )
  await until(async () => expect((await bo.state(workspace)).works).toHaveLength(1))
  // The same for a further device, whose link is spent only afterwards.
  const further = await bo.call('startDeviceLink', { workspace })
  await synced(bo, workspace)
  cuts = 1
  const phone = await deviceOf('bo-phone', port)
  await phone.call('finishDeviceLink', { link: further.link, name: 'Phone', locale: 'en' })
  expect(cuts).toBe(0)
  await until(async () => expect((await phone.state(workspace)).works).toHaveLength(1))
  expect((await phone.state(workspace)).people.map(({ name }) => name)).toEqual(['Ann', 'Bo'])
})

test('Bo closes the window before he hears that he is in: by the same link he comes back as himself, reads everything, and has a kit that works', async () => {
  const relay = await startRelay()
  const { ann, workspace } = await annAlone(relay.port)
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await synced(ann, workspace)
  const wasLetIn = Promise.withResolvers<void>()
  let isOver = false
  const proxy = await startRecordingProxy(relay.port, (data) => {
    const message = decodeRelayMessage(new Uint8Array(data))
    if (message.ok && message.value.type === 'auth-ok') isOver = true
    if (isOver) wasLetIn.resolve()
    return isOver
  })
  const invite = parseInviteLink(link)
  if (!invite.ok) throw new Error('the link cannot be read')
  const byProxy = encodeInviteLink(proxy.origin, {
    ...invite.value,
    relay: `${proxy.origin.replace('http', 'ws')}/sync`,
  })
  const bo = await deviceOf('bo', relay.port)
  void bo.call('join', { link: byProxy, person: 'Bo', locale: 'en' }).catch(() => undefined)
  await wasLetIn.promise
  bo.crashAt('now')
  await bo.recovered()
  await proxy.close()

  expect(await bo.call('checkInvite', { link })).toMatchObject({ rank: 'member' })
  const { kit } = await bo.call('join', { link, person: 'Bo', locale: 'en' })
  for (const device of [ann, bo])
    await until(async () =>
      expect((await device.state(workspace)).people.map(({ name }) => name)).toEqual(['Ann', 'Bo']),
    )
  await until(async () => expect((await bo.state(workspace)).works).toHaveLength(1))
  const cai = await deviceOf('cai', relay.port)
  await expect(cai.call('checkInvite', { link })).rejects.toMatchObject({ code: 'invite-used' })
  await synced(bo, workspace)
  const phone = await deviceOf('bo-phone', relay.port)
  const address = `ws://127.0.0.1:${relay.port}/sync`
  await phone.call('recover', { words: kit, relay: address, workspace, locale: 'en' })
  expect((await phone.state(workspace)).me).toBe((await bo.state(workspace)).me)
})

test('Ann calls off a recovery from a server that takes the call and says nothing', async () => {
  const called = Promise.withResolvers<void>()
  const silent = createServer(() => called.resolve())
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const relay = await startRelay()
  const { ann, workspace } = await annAlone(relay.port)
  const { kit } = await ann.call('renewKit', { workspace, locale: 'en' })
  const phone = await deviceOf('ann-phone', relay.port)
  const address = `ws://127.0.0.1:${(silent.address() as AddressInfo).port}/sync`
  const recovering = phone.call('recover', { words: kit, relay: address, workspace, locale: 'en', job: 'recovery' })
  await called.promise
  await phone.call('cancelCommit', { job: 'recovery' })
  await expect(recovering).rejects.toMatchObject({ code: 'cancelled' })
  // The kit is as good as before.
  await synced(ann, workspace)
  const words = { words: kit, relay: `ws://127.0.0.1:${relay.port}/sync`, workspace, locale: 'en' } as const
  expect(await phone.call('recover', words)).toMatchObject({ workspace })
})

test('Ann tells her invitations apart: whom for, and what became of each', async () => {
  const relay = await startRelay()
  const { ann, workspace } = await annAlone(relay.port)
  const forBo = await ann.call('createInvite', { workspace, rank: 'member', days: 7, name: ' Bo from sales ' })
  const forCai = await ann.call('createInvite', { workspace, rank: 'guest', days: 7, name: 'Cai' })
  const forNobody = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await ann.call('expireInvite', { workspace, id: forCai.id })
  await synced(ann, workspace)
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link: forBo.link, person: 'Bo', locale: 'en' })
  const me = (await bo.state(workspace)).me
  await until(async () =>
    expect((await ann.state(workspace)).invites).toMatchObject([
      { id: forBo.id, name: 'Bo from sales', rank: 'member', state: 'used', usedBy: me },
      { id: forCai.id, name: 'Cai', rank: 'guest', state: 'withdrawn', usedBy: null },
      { id: forNobody.id, name: '', state: 'open', usedBy: null },
    ]),
  )
  for (const { createdAt, expiresAt } of (await ann.state(workspace)).invites)
    expect(Math.round((expiresAt - (createdAt ?? 0)) / 86_400_000)).toBe(7)
})

test('Ann’s kit is asked for until she says that it is put away, and so is the one that replaces it', async () => {
  const relay = await startRelay()
  const { ann, workspace } = await annAlone(relay.port)
  const isKept = async () => (await ann.state(workspace)).kitKept
  expect(await isKept()).toBe(false)
  await ann.restart()
  expect(await isKept()).toBe(false)
  await ann.call('renewKit', { workspace, locale: 'en' })
  expect(await isKept()).toBe(false)
  await ann.call('keepKit', { workspace })
  await ann.restart()
  expect(await isKept()).toBe(true)
  await ann.call('renewKit', { workspace, locale: 'en' })
  expect(await isKept()).toBe(false)
})

test('the demo has no kit to keep', async () => {
  const ann = await deviceOf('ann', 1)
  const { workspace } = await ann.call('createDemo', { locale: 'en', today: dayOf(new Date()) })
  expect((await ann.state(workspace)).kitKept).toBe(true)
})
