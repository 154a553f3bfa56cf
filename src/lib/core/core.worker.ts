/**
 * The worker that owns documents, keys, storage and sync. Ports that connect before the wasm is ready are collected;
 * their messages wait in the port's own queue until it is served.
 */
import { initializeWasm } from '@automerge/automerge/slim'
import wasmUrl from '@automerge/automerge/automerge.wasm?url'
import { createCore, type Core } from './core.ts'
import { servePort, type Port, type ToCore, type ToTab } from './rpc.ts'

const starting: Promise<Core> = initializeWasm(wasmUrl).then(() => createCore({ origin: self.location.origin }))

function serve(port: MessagePort | DedicatedWorkerGlobalScope): void {
  const early: { data: ToCore }[] = []
  const bridge: Port = { postMessage: (message: ToTab) => port.postMessage(message), onmessage: null }
  port.onmessage = (event: MessageEvent<ToCore>) => {
    if (event.data.type === 'connect') serve(event.data.port)
    if (bridge.onmessage) bridge.onmessage(event)
    else early.push(event)
    // The tab holds a lock of this name until it ends: when it is ours, the tab is gone.
    if (event.data.type === 'tab') void navigator.locks.request(`tongzhou-tab-${event.data.tab}`, () => ended())
  }
  let ended = () => {}
  starting.then(
    (core) => {
      const service = servePort(bridge, core.handlers)
      ended = service.end
      for (const event of early) bridge.onmessage?.(event)
      bridge.postMessage({ type: 'ready' })
    },
    (error: unknown) => bridge.postMessage({ type: 'broken', code: 'core-broken', message: String(error) }),
  )
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
