import { expect, test } from 'vitest'
import type { WorkspaceId } from '#lib/kernel/ids.ts'
import { randomBytes, randomId } from '#lib/sync/bytes.ts'
import { createDeviceKeys, signerOf } from '#lib/sync/keys.ts'
import { encodeMessage, FRAME_LIMIT, signHello } from '#lib/sync/protocol.ts'
import { requireToken } from '#relay/setup-token.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { foundCompany } from '#tests/support/sync-company.ts'
import { greet, openOffice, Wire } from '#tests/support/wire.ts'

const workspace = randomId<WorkspaceId>()

test('a device that proves its key is told what there is', async () => {
  const { relay, company } = await openOffice()
  const { ready } = await greet(relay.address, company.workspace, company.founder.keys)
  expect(ready).toMatchObject({ known: true, authority: 0 })
  expect(ready.scopes.map(({ scope }) => scope)).toEqual([company.root])
})

test('a hello for another connection, key or workspace is refused, whoever recorded it', async () => {
  const relay = await startRelay()
  const keys = await createDeviceKeys()
  const other = await createDeviceKeys()
  const first = new Wire(relay.address)
  const challenge = await first.next('challenge')
  const honest = await signHello(challenge, workspace, keys.public.sign, null, signerOf(keys))
  const replayed = new Wire(relay.address)
  await replayed.next('challenge')
  replayed.send(honest)
  expect(await replayed.closed).toBe('bad-hello')
  for (const forged of [
    { ...honest, workspace: randomId<WorkspaceId>() },
    { ...honest, device: other.id },
    { ...honest, signKey: other.public.sign },
    { ...honest, signature: randomBytes(64) },
  ]) {
    const wire = new Wire(relay.address)
    await wire.next('challenge')
    wire.send(forged)
    expect(await wire.closed).toBe('bad-hello')
  }
})

test("who says hello as Ada's device with a key of their own is refused and told nothing", async () => {
  const { relay, company } = await openOffice()
  const eve = await createDeviceKeys()
  const wire = new Wire(relay.address)
  // Her signature is right for her key and for what it says: only that the key is not that device's gives her away.
  const asAda = { ...signerOf(eve), device: company.founder.keys.id }
  wire.send(await signHello(await wire.next('challenge'), company.workspace, eve.public.sign, null, asAda))
  await expect(wire.next('ready')).rejects.toThrow('closed (bad-hello)')
  expect(wire.received.map(({ type }) => type)).toEqual(['challenge'])
})

test('a device of another version is told so by the close code (R13)', async () => {
  const relay = await startRelay()
  const keys = await createDeviceKeys()
  const wire = new Wire(relay.address)
  const hello = await signHello(await wire.next('challenge'), workspace, keys.public.sign, null, signerOf(keys))
  wire.send({ ...hello, version: 2 })
  expect(await wire.closed).toBe('unsupported-version')
})

test('who says nothing is not kept waiting for', async () => {
  const relay = await startRelay({ limits: { handshake: 50 } })
  expect(await new Wire(relay.address).closed).toBe('bad-hello')
})

test('who asks before saying hello, or says it twice, is not answered (R13)', async () => {
  const { relay, company } = await openOffice()
  const silent = new Wire(relay.address)
  await silent.next('challenge')
  silent.send({ type: 'auth-pull', from: 0 })
  expect(await silent.closed).toBe('bad-hello')
  const { wire, challenge } = await greet(relay.address, company.workspace, company.founder.keys)
  const { keys, signer } = company.founder
  wire.send(await signHello(challenge, company.workspace, keys.public.sign, null, signer))
  expect(await wire.closed).toBe('bad-hello')
})

test('a stranger learns nothing of a workspace that it knows by name', async () => {
  const { relay, company } = await openOffice()
  const keys = await createDeviceKeys()
  const wire = new Wire(relay.address)
  const hello = await signHello(await wire.next('challenge'), company.workspace, keys.public.sign, null, signerOf(keys))
  wire.send(hello)
  wire.send({ type: 'auth-pull', from: 0 })
  expect(await wire.closed).toBe('unauthorised')
  expect(wire.received.filter(({ type }) => type === 'auth' || type === 'records')).toEqual([])
})

test.each([
  ['text', 'hello'],
  ['no CBOR', Uint8Array.of(0xff, 0xff)],
  ['a truncated message', encodeMessage({ type: 'ping', token: 70_000 }).subarray(0, 5)],
  ['an unknown message', Uint8Array.of(0x81, 0x61, 0x78)],
])('%s closes its socket as a bad frame and no other (R13)', async (_name, frame) => {
  const { relay, company, founder } = await openOffice()
  const { wire } = await greet(relay.address, company.workspace, company.founder.keys)
  wire.sendBytes(frame)
  expect(await wire.closed).toBe('bad-frame')
  await founder.settled()
})

test('a frame above the limit closes its socket, whatever it holds (R13)', async () => {
  const { relay, company, founder } = await openOffice()
  // Far above it already when it says how long it is, before it is in the memory.
  for (const [size, code] of [
    [FRAME_LIMIT + 1, 'frame-too-large'],
    [8 * FRAME_LIMIT, '1009'],
  ] as const) {
    const { wire } = await greet(relay.address, company.workspace, company.founder.keys)
    wire.sendBytes(new Uint8Array(size))
    expect(await wire.closed).toBe(code)
  }
  await founder.settled()
})

test('only /sync is a relay', async () => {
  const { address } = await startRelay()
  for (const path of ['sync/', 'other', '']) expect(await new Wire(address.replace(/sync$/, path)).closed).toBe('1006')
  await new Wire(`${address}?from=anywhere`).next('challenge')
})

test('where a set-up token is asked for, only who has it creates a workspace; afterwards members need none', async () => {
  const relay = await startRelay({ setup: requireToken('open sesame') })
  const company = await foundCompany()
  const { keys } = company.founder
  for (const token of [null, '', 'open sesam']) {
    await expect(greet(relay.address, company.workspace, keys, token)).rejects.toThrow('workspace-unknown-needs-token')
  }
  const { wire } = await greet(relay.address, company.workspace, keys, 'open sesame')
  wire.send({ type: 'auth-append', signed: company.log[0]! })
  await wire.next('auth-ok')
  const { ready } = await greet(relay.address, company.workspace, keys)
  expect(ready.known).toBe(true)
})
