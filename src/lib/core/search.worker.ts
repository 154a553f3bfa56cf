/**
 * The search worker: one for all tabs of the profile, so that there is one index. A SharedWorker cannot open another one
 * in every browser, so the first tab brings a port to the core along.
 */
import { SearchService, type FromSearch, type ToSearch } from '#lib/search/service.ts'
import { connectPort, type CoreClient } from './rpc.ts'

type Endpoint = Pick<MessagePort, 'postMessage'> & { onmessage: ((event: MessageEvent<ToSearch>) => void) | null }

let arrived: (core: CoreClient) => void = () => undefined
const core = new Promise<CoreClient>((resolve) => (arrived = resolve))
let asked = false

async function connectCore(port: MessagePort): Promise<void> {
  if (asked) return port.close()
  asked = true
  const name = `search-${crypto.randomUUID()}`
  // Held as long as the worker lives: the core learns by it when the worker has ended.
  await new Promise<void>((held) => {
    void navigator.locks.request(`tongzhou-tab-${name}`, () => {
      held()
      return new Promise<never>(() => undefined)
    })
  })
  arrived(connectPort(port, name, (code, message) => console.error(code, message)))
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
    if (data.type === 'core') void connectCore(data.port)
    else service.receive(data, tell)
  }
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
