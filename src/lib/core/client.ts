/**
 * The tab's way to the core: one SharedWorker per browser profile. Each tab holds a Web Lock named after itself; the
 * core waits for that lock, so that a crashed tab, whose port would stay silent for ever, is noticed. The other way round
 * the tab waits for the core's lock: where the browser has ended the worker, another one takes its place.
 */
import { CORE_LOCK, holdEndLock } from './core-lock.ts'
import { connectPort, type CoreClient, type TabPort } from './rpc.ts'
import { keepUnsaved } from './unsaved.ts'

export type { CoreClient } from './rpc.ts'

export type CoreProblem = { code: 'no-worker' | 'core-broken' | 'core-elsewhere'; message: string }

/** A core has its lock within this, if its script could be read at all. */
const START_MS = 5_000

let client: CoreClient | null = null
let problem: CoreProblem | null = null
const listeners = new Set<(problem: CoreProblem | null) => void>()

/** The core of this profile; the first call starts it. */
export function getCore(): CoreClient {
  client ??= start()
  return client
}

/** Told when the core cannot run (now, if it already is so), and with null when it can after all. */
export function onCoreProblem(listener: (problem: CoreProblem | null) => void): () => void {
  listeners.add(listener)
  if (problem) listener(problem)
  return () => listeners.delete(listener)
}

/** One more end of the core, for a worker of this tab to talk to it directly. */
export function openCorePort(): MessagePort {
  if (typeof SharedWorker !== 'undefined') return sharedCore().port
  getCore()
  const { port1, port2 } = new MessageChannel()
  dedicated?.postMessage({ type: 'connect', port: port1 }, [port1])
  return port2
}

let dedicated: Worker | null = null

const sharedCore = (): SharedWorker =>
  new SharedWorker(new URL('./core.worker.ts', import.meta.url), { type: 'module', name: 'tongzhou-core' })

function start(): CoreClient {
  const tab = crypto.randomUUID()
  const say = (found: CoreProblem | null) => {
    problem = found
    for (const listener of listeners) listener(found)
  }
  const broken = (code: CoreProblem['code'], message: string) => say({ code, message })
  let isReady = false
  /** Ours as soon as the core that holds it is gone. */
  const whenGone = (then: () => void) => void navigator.locks.request(CORE_LOCK, { mode: 'shared' }, then)
  const reopen = () => {
    isReady = false
    core.reconnect(openPort(broken))
    watchStart()
    void askToPersist(core)
  }
  // A core that was killed while it started never says that it is ready; one that lives holds its lock by now.
  const watchStart = () =>
    setTimeout(() => {
      if (!isReady) whenGone(() => !isReady && reopen())
    }, START_MS)
  const core = connectPort(openPort(broken), tab, {
    held: holdEndLock(tab),
    onReady() {
      isReady = true
      if (problem) say(null)
      whenGone(reopen)
    },
    onWaiting: () => broken('core-elsewhere', ''),
    onBroken: (_, message) => broken('core-broken', message),
  })
  const isUnsaved = keepUnsaved(core)
  let writing = 0
  core.onWrite((_, ended) => {
    writing++
    void ended.then(() => writing--)
  })
  addEventListener('beforeunload', (event) => (writing > 0 || isUnsaved()) && event.preventDefault())
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) core.call.hurry({}).catch(() => undefined)
  })
  addEventListener('pagehide', (event) => {
    // A page kept for going back lives on; its port too.
    if (!(event as PageTransitionEvent).persisted) core.bye()
  })
  watchStart()
  void askToPersist(core)
  return core
}

function openPort(broken: (code: CoreProblem['code'], message: string) => void): TabPort {
  if (typeof SharedWorker === 'undefined') {
    // Without SharedWorker the same core runs in a dedicated worker behind a lock: one tab at a time has it.
    dedicated?.terminate()
    const worker = new Worker(new URL('./core.worker.ts', import.meta.url), { type: 'module', name: 'tongzhou-core' })
    worker.onerror = (event) => broken('no-worker', event.message)
    dedicated = worker
    return worker
  }
  const worker = sharedCore()
  worker.onerror = () => broken('no-worker', 'the worker did not start')
  worker.port.start()
  return worker.port
}

/** Asks the browser not to evict our data; the answer, also a no, is told to the core, which says it to the person. */
async function askToPersist(core: CoreClient): Promise<void> {
  const granted = (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.()) || false
  // A core that died meanwhile is asked again.
  await core.call.askPersist({ granted }).catch(() => undefined)
}
