import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { deviceOf, until } from '#tests/support/people.ts'
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
  await phone.call('finishDeviceLink', { link, name: 'Phone', locale: 'en' })
  await until(async () => expect((await phone.state(workspace)).works.map((work) => work.root)).toContain(board))
  expect((await phone.state(workspace)).me).toBe((await ann.state(workspace)).me)
  await until(async () => expect((await phone.state(workspace)).sync.state).toBe('synced'))
  const another = await deviceOf('thief', relay.port)
  await expect(another.call('finishDeviceLink', { link, name: 'Thief', locale: 'en' })).rejects.toMatchObject({
    name: 'Refusal',
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

test('an invitation lets in one person and no second one', async () => {
  const { relay, ann, workspace } = await annAlone()
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const cai = await deviceOf('cai', relay.port)
  await expect(cai.call('join', { link, person: 'Cai', locale: 'en' })).rejects.toMatchObject({ name: 'Refusal' })
})
