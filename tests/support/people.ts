/** People with devices for tests: each device is a whole core over its own databases, against a real relay. */
import 'fake-indexeddb/auto'
import { afterAll, vi } from 'vitest'
import { createCore, type Core } from '#lib/core/core.ts'
import {
  connectPort,
  servePort,
  type CallArgs,
  type CallName,
  type CallResult,
  type CoreClient,
} from '#lib/core/rpc.ts'
import { keepUnsaved } from '#lib/core/unsaved.ts'
import type { UndoConflict, UndoResult, WorkspaceState } from '#lib/core/api.ts'
import { entityId, type DocId, type WorkspaceId } from '#lib/kernel/ids.ts'
import { toPlain } from '#lib/store/plain.ts'
import { atCommit, atNoCommit, diskOf, writeDisk } from './crash.ts'

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
  /** How often it has crashed. */
  life: number
  /**
   * The power fails at the n-th commit to its disk from now, or so many turns of the event loop later: what is on the disk
   * then is what the next core finds. `now` where it has nothing to write.
   */
  crashAt: (commit: number | 'now', turns?: number) => void
  /** Opens a tab over a real port, which outlives the core when that crashes, as it does where the browser ends a worker. */
  openTab: () => CoreClient
  hasTab: boolean
  /** Whether its tab asks before it is left. */
  isUnsaved: () => boolean
  /** Resolves when a crash that has begun is over. */
  recovered: () => Promise<void>
  close: () => Promise<void>
}

/** A device named after its owner. `port` is the relay's; `now` is its clock, where that goes wrong. */
export async function deviceOf(owner: string, port: number, now: () => number = Date.now): Promise<TestDevice> {
  const name = `${owner}-${++made}`
  const start = () => createCore({ origin: `http://127.0.0.1:${port}`, name: device.name, now })
  const dead: Core[] = []
  let recovering: Promise<void> | null = null
  const coreNow = async (): Promise<Core> => {
    await recovering
    return device.core
  }
  const workspaceNow = async (workspace: WorkspaceId) => {
    const core = (await coreNow()).workspaces.get(workspace)
    if (!core) throw new Error(`${name} is not in the workspace`)
    return core
  }

  let openTab: ReturnType<typeof tabOf> | null = null

  async function crash(turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
    const old = device.core
    const disk = await diskOf(device.name, () => {
      device.life++
      openTab?.cutOff()
      // Nothing that it still does reaches anybody.
      void old.handlers.call('setWorkOffline', { offline: true })
      for (const { engine, row } of old.workspaces.values()) {
        engine.stop()
        row.removed = true
      }
    })
    open.delete(old)
    dead.push(old)
    device.name = `${name}-life-${device.life}`
    await writeDisk(device.name, disk)
    device.core = await start()
    open.add(device.core)
    openTab?.connect(device.core)
  }

  async function restart(): Promise<void> {
    open.delete(device.core)
    await device.core.close()
    openTab?.cutOff()
    device.core = await start()
    open.add(device.core)
    openTab?.connect(device.core)
  }

  const device: TestDevice = {
    core: undefined as unknown as Core,
    name,
    life: 0,
    tab: `tab-of-${name}`,
    async call(call, args) {
      const { handlers } = await coreNow()
      return openTab ? openTab.client.call[call](args) : handlers.call(call, args)
    },
    state: async (workspace) => (await workspaceNow(workspace)).state(),
    docs: async (workspace, work) => {
      const core = await workspaceNow(workspace)
      const opened = await core.openWork(work)
      await core.works.openShards(opened)
      return Object.fromEntries([...opened.docs].map(([doc, { open }]) => [doc, toPlain(open.handle.doc())]))
    },
    restart: async () => {
      await recovering
      // Meanwhile no crash begins: there would be two of it.
      recovering = restart().finally(() => (recovering = null))
      await recovering
    },
    crashAt: (commit, turns = 0) => {
      const begin = () => {
        recovering ??= crash(turns).finally(() => (recovering = null))
      }
      if (commit === 'now') begin()
      else atCommit(device.name, commit, begin)
    },
    openTab() {
      openTab ??= tabOf(device)
      device.hasTab = true
      return openTab.client
    },
    hasTab: false,
    isUnsaved: () => openTab?.isUnsaved() ?? false,
    recovered: async () => void (await coreNow()),
    close: async () => {
      const core = await coreNow()
      // A crash that was still to come would be one of a core that is closing.
      atNoCommit(device.name)
      openTab?.cutOff()
      open.delete(core)
      for (const old of [...dead.splice(0), core]) await old.close()
    },
  }
  device.core = await start()
  open.add(device.core)
  return device
}

/** What a tab has of the core, with a new port for each core. */
function tabOf(device: TestDevice) {
  let cutOff = () => {}
  const portTo = (core: Core) => {
    const { port1, port2 } = new MessageChannel()
    const service = servePort(port1 as never, core.handlers)
    cutOff = () => {
      // What a dead core would say reaches nobody; what it has said arrives.
      port1.onmessage = null
      port1.postMessage = () => undefined
      service.end()
      port1.close()
    }
    return port2 as never
  }
  const client = connectPort(portTo(device.core), device.tab, {
    held: Promise.resolve(),
    onBroken(code) {
      throw new Error(code)
    },
  })
  const isUnsaved = keepUnsaved(client)
  return { client, isUnsaved, cutOff: () => cutOff(), connect: (core: Core) => client.reconnect(portTo(core)) }
}

/** What the person is asked; else the test fails. */
export function conflictOf(result: UndoResult): UndoConflict {
  if (result.done !== 'ask') throw new Error(`Nothing is asked: ${result.done}`)
  return result.conflict
}

/** Takes it back, or does it again, also over the work of others that the question names. */
export async function anyway(
  device: TestDevice,
  way: 'undo' | 'redo',
  args: Pick<CallArgs<'undo'>, 'workspace' | 'work' | 'tab' | 'group'>,
): Promise<UndoResult> {
  const result = await device.call(way, args)
  if (result.done !== 'ask') return result
  return device.call(way, { ...args, group: result.group, onConflict: { overwrite: result.conflict } })
}

/** Waits until the condition holds, on a busy machine too; the last failure is what the test reports. */
export const until = <Value>(check: () => Value | Promise<Value>, patience = 40_000): Promise<Value> =>
  vi.waitFor(check, { timeout: patience, interval: 10 })

export const newEntity = (): string => entityId((length) => crypto.getRandomValues(new Uint8Array(length)))
