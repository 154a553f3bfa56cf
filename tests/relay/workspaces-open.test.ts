import { expect, test } from 'vitest'
import type { WorkspaceId } from '#lib/kernel/ids.ts'
import { randomId } from '#lib/sync/bytes.ts'
import { createDeviceKeys } from '#lib/sync/keys.ts'
import { requireToken } from '#relay/setup-token.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { greet, knock, openOffice } from '#tests/support/wire.ts'

const stranger = await createDeviceKeys()

test('a stranger who names workspaces where a set-up token is asked for has none opened', async () => {
  const relay = await startRelay({ setup: requireToken('open sesame') })
  for (let n = 0; n < 20; n++) {
    const { wire } = await knock(relay.address, randomId<WorkspaceId>(), stranger)
    expect(await wire.closed).toBe('workspace-unknown-needs-token')
  }
  expect(await relay.metric('workspaces_open')).toBe(0)
})

test('a workspace that nobody founds is open as long as somebody is connected to it', async () => {
  const relay = await startRelay()
  const workspace = randomId<WorkspaceId>()
  const { wire, ready } = await greet(relay.address, workspace, stranger)
  expect(ready.known).toBe(false)
  const { wire: other } = await greet(relay.address, workspace, stranger)
  await other.end()
  await wire.settled()
  expect(await relay.metric('workspaces_open')).toBe(1)
  await wire.end()
  await expect.poll(() => relay.metric('workspaces_open')).toBe(0)
})

test('whoever is turned away leaves nothing open', async () => {
  const { relay, company, founder } = await openOffice({ limits: { idle: 0 } })
  await founder.end()
  await expect.poll(() => relay.metric('workspaces_open')).toBe(0)
  const { wire } = await knock(relay.address, company.workspace, stranger)
  expect(await wire.closed).toBe('unauthorised')
  await expect.poll(() => relay.metric('workspaces_open')).toBe(0)
})

test('when everybody has left it is let go of with all that was said, and goes on where it was (R5)', async () => {
  const { relay, company, founder, connect } = await openOffice({ limits: { idle: 0 } })
  const doc = company.newDoc(company.founder)
  const seals = async () => {
    const record = await company.seals(company.founder, doc)
    company.puts(record)
    return record
  }
  const records = [await seals(), await seals(), await seals()]
  founder.send({ type: 'put', records: [records[0]!.bytes] })
  await founder.settled()
  // The second may be waiting to be written with others.
  founder.send({ type: 'put', records: [records[1]!.bytes] })
  await founder.settled()
  await founder.end()
  await expect.poll(() => relay.metric('workspaces_open')).toBe(0)
  const back = await connect(company.founder)
  back.send({ type: 'sub', scope: company.root, after: 0 })
  back.send({ type: 'put', records: [records[2]!.bytes] })
  expect(await back.ids(3)).toEqual(records.map(({ id }) => id))
})
