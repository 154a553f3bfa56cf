/** People with devices for tests: each device is a whole core over its own databases, against a real relay. */
import 'fake-indexeddb/auto'
import { afterAll, vi } from 'vitest'
import { createCore, type Core } from '#lib/core/core.ts'
import type { CallArgs, CallName, CallResult } from '#lib/core/rpc.ts'
import type { WorkspaceState } from '#lib/core/api.ts'
import { entityId, type DocId, type WorkspaceId } from '#lib/kernel/ids.ts'
import { toPlain } from '#lib/store/plain.ts'

let made = 0
const open = new Set<Core>()
afterAll(async () => {
  for (const core of open) await core.close()
  open.clear()
})

export interface TestDevice {
  core: Core
  name: string
  tab: string
  call: <Name extends CallName>(name: Name, args: CallArgs<Name>) => Promise<CallResult<Name>>
  state: (workspace: WorkspaceId) => Promise<WorkspaceState>
  /** The whole record of work as plain documents, by document id. */
  docs: (workspace: WorkspaceId, work: DocId) => Promise<Record<string, unknown>>
  /** Ends the core and starts another over the same databases, as a browser that was closed and opened. */
  restart: () => Promise<void>
  close: () => Promise<void>
}

/** A device named after its owner. `port` is the relay's. */
export async function deviceOf(owner: string, port: number): Promise<TestDevice> {
  const name = `${owner}-${++made}`
  const start = () => createCore({ origin: `http://127.0.0.1:${port}`, name })
  const device: TestDevice = {
    core: await start(),
    name,
    tab: `tab-of-${name}`,
    call: (call, args) => device.core.handlers.call(call, args),
    state: async (workspace) => {
      const core = device.core.workspaces.get(workspace)
      if (!core) throw new Error(`${name} is not in the workspace`)
      return core.state()
    },
    docs: async (workspace, work) => {
      const core = device.core.workspaces.get(workspace)
      if (!core) throw new Error(`${name} is not in the workspace`)
      const opened = await core.openWork(work)
      await core.works.openShards(opened)
      return Object.fromEntries([...opened.docs].map(([doc, { open }]) => [doc, toPlain(open.handle.doc())]))
    },
    restart: async () => {
      open.delete(device.core)
      await device.core.close()
      device.core = await start()
      open.add(device.core)
    },
    close: async () => {
      open.delete(device.core)
      await device.core.close()
    },
  }
  open.add(device.core)
  return device
}

/** Waits until the condition holds; the last failure is what the test reports. */
export const until = <Value>(check: () => Value | Promise<Value>, patience = 10_000): Promise<Value> =>
  vi.waitFor(check, { timeout: patience, interval: 10 })

export const newEntity = (): string => entityId((length) => crypto.getRandomValues(new Uint8Array(length)))
