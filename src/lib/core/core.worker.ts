/**
 * The worker that owns documents, keys, storage and sync. Ports that connect before the wasm is ready are collected;
 * their messages wait in the port's own queue until it is served.
 */
import { initializeWasm } from '@automerge/automerge/slim'
import wasmUrl from '@automerge/automerge/automerge.wasm?url'
import { tellLanguages } from '../i18n/region.ts'
import { CORE_LOCK, endGone } from './core-lock.ts'
import { createCore, type Core } from './core.ts'
import { keepLoading, tryNow } from './keep-loading.ts'
import { servePort, type Port, type ToCore, type ToTab } from './rpc.ts'

/**
 * Held as long as this worker lives. Two cores over one storage would be two devices with one name, so another one (of a
 * newer version in a tab that was updated first) waits for it; and tabs that wait for it learn that this core has died.
 */
let isWaiting = true
const held = new Promise<void>((resolve) => {
  void navigator.locks.request(CORE_LOCK, () => {
    isWaiting = false
    if (told?.type === 'waiting') told = null
    resolve()
    return new Promise<never>(() => undefined)
  })
})
/** Ends that are not served yet, and what they were told of that last. */
const waiting = new Set<(message: ToTab) => void>()
let told: ToTab | null = null
function tellWaiting(message: ToTab): void {
  told = message
  for (const tell of waiting) tell(message)
}
/** A core that has just been killed lets go within this. */
setTimeout(() => {
  if (isWaiting) tellWaiting({ type: 'waiting' })
}, 1_000)

const loaded = keepLoading(
  () => initializeWasm(wasmUrl),
  ({ message }) => tellWaiting({ type: 'broken', code: 'load-failed', message }),
)
const starting: Promise<Core> = Promise.all([held, loaded]).then(() => createCore({ origin: self.location.origin }))

/**
 * Once the wasm is out of memory, or broken, every call into it fails, and what then looks like a full disk or an empty board is
 * neither. So this core ends, as if the browser had ended it: tabs start another one, on what is on the disk.
 */
async function orEnd<Result>(answer: Promise<Result>): Promise<Result> {
  try {
    return await answer
  } catch (error) {
    if (String(error).includes('Module terminated')) self.close()
    throw error
  }
}

function serve(port: MessagePort | DedicatedWorkerGlobalScope): void {
  const early: { data: ToCore }[] = []
  const bridge: Port = { postMessage: (message: ToTab) => port.postMessage(message), onmessage: null }
  port.onmessage = (event: MessageEvent<ToCore>) => {
    if (event.data.type === 'connect') serve(event.data.port)
    if (event.data.type === 'again') tryNow()
    if (bridge.onmessage) bridge.onmessage(event)
    else early.push(event)
    if (event.data.type === 'tab') {
      tellLanguages(event.data.languages)
      void endGone(event.data.tab).then(() => ended())
    }
  }
  let isGone = false
  let ended = () => {
    isGone = true
  }
  const tell = (message: ToTab) => bridge.postMessage(message)
  waiting.add(tell)
  if (told) tell(told)
  starting.then(
    (core) => {
      waiting.delete(tell)
      if (isGone) return
      const service = servePort(bridge, {
        ...core.handlers,
        call: (name, args) => orEnd(core.handlers.call(name, args)),
      })
      ended = service.end
      for (const event of early) bridge.onmessage?.(event)
      tell({ type: 'ready' })
    },
    (error: unknown) => tell({ type: 'broken', code: 'core-broken', message: String(error) }),
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
