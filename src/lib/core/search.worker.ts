/**
 * The search worker: one for all tabs of the profile, so that there is one index. A SharedWorker cannot open another one
 * in every browser, so the first tab brings a port to the core along.
 */
import { SearchService, type FromSearch, type ToSearch } from '#lib/search/service.ts'
import { CORE_LOCK, holdEndLock } from './core-lock.ts'
import { connectPort, type CoreClient } from './rpc.ts'

type Endpoint = Pick<MessagePort, 'postMessage'> & { onmessage: ((event: MessageEvent<ToSearch>) => void) | null }

let arrived: (core: CoreClient) => void = () => undefined
const core = new Promise<CoreClient>((resolve) => (arrived = resolve))
let asked = false
/** Another port where the core behind the first one has died. */
let again: ((port: MessagePort) => void) | null = null
const tabs = new Set<(message: FromSearch) => void>()

function connectCore(port: MessagePort): void {
  if (asked) return port.close()
  asked = true
  if (again) return again(port)
  const name = `search-${crypto.randomUUID()}`
  const client = connectPort(port, name, {
    held: holdEndLock(name),
    // The lock is ours as soon as the core that holds it is gone; some tab then brings a port to the next.
    onReady: () =>
      void navigator.locks.request(CORE_LOCK, { mode: 'shared' }, () => {
        asked = false
        for (const tell of tabs) tell({ type: 'need-core' })
      }),
    onBroken: (code, message) => console.error(code, message),
  })
  again = client.reconnect
  arrived(client)
}

const service = new SearchService((workspace, emit) => {
  let stopped = false
  let stop = () => {
    stopped = true
  }
  void core.then((client) => {
    if (!stopped) stop = client.watch('projections', { workspace }, emit)
  })
  return () => stop()
})

function serve(endpoint: Endpoint): void {
  const tell = (message: FromSearch) => endpoint.postMessage(message)
  endpoint.onmessage = ({ data }) => {
    if (data.type === 'core') connectCore(data.port)
    else service.receive(data, tell)
  }
  tabs.add(tell)
  if (!asked) tell({ type: 'need-core' })
}

declare const self: SharedWorkerGlobalScope & DedicatedWorkerGlobalScope

if ('onconnect' in self) {
  self.onconnect = (event: MessageEvent) => {
    const port = event.ports[0]
    if (port) serve(port)
  }
} else {
  serve(self as DedicatedWorkerGlobalScope)
}
