/**
 * The tab's way to the core: one SharedWorker per browser profile. Each tab holds a Web Lock named after itself; the
 * core waits for that lock, so that a crashed tab, whose port would stay silent for ever, is noticed. The other way round
 * the tab waits for the core's lock: where the browser has ended the worker, another one takes its place.
 */
import { CORE_LOCK, holdEndLock } from './core-lock.ts'
import { keepLoading, scriptProblem, tryNow } from './keep-loading.ts'
import { connectPort, type CoreBroken, type CoreClient, type TabPort } from './rpc.ts'
import { keepUnsaved } from './unsaved.ts'

export type { CoreClient } from './rpc.ts'

export type CoreProblem = { code: 'no-worker' | 'core-elsewhere' | CoreBroken; message: string }

/** A core has its lock within this, if its script could be read at all. */
const START_MS = 5_000

let client: ReturnType<typeof connectPort> | null = null
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

/** Now is the time to try again what broke off on its way here, in this tab and in the core. */
export function loadAgain(): void {
  tryNow()
  client?.again()
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

function start(): ReturnType<typeof connectPort> {
  const tab = crypto.randomUUID()
  const say = (found: CoreProblem | null) => {
    problem = found
    for (const listener of listeners) listener(found)
  }
  const broken = (code: CoreProblem['code'], message: string) => say({ code, message })
  let isReady = false
  /** Ports are replaced: what becomes of an earlier one does not count. */
  let turn = 0
  /** The core gave a sign: its script is here. */
  let came = () => {}
  /** Ours as soon as the core that holds it is gone. */
  const whenGone = (then: () => void) => void navigator.locks.request(CORE_LOCK, { mode: 'shared' }, then)
  const open = (failed: (error: Error) => void): TabPort => {
    const mine = ++turn
    const isStill = () => mine === turn && !isReady
    // A core that was killed while it started never says that it is ready; one that lives holds its lock by now. One that only
    // this tab has ends with it, and would be begun anew while its script still comes.
    if (typeof SharedWorker !== 'undefined')
      setTimeout(() => {
        if (isStill()) whenGone(() => isStill() && core.reconnect(open(failed)))
      }, START_MS)
    return openPort((error) => {
      if (mine !== turn) return
      turn++
      failed(error)
    })
  }
  const begin = (): { port: TabPort; there: Promise<void> } => {
    const { promise: there, resolve, reject } = Promise.withResolvers<void>()
    came = resolve
    return { port: open(reject), there }
  }
  const beginAgain = () => {
    const { port, there } = begin()
    core.reconnect(port)
    return there
  }
  const keepTrying = (begun: Promise<void>) => {
    const first = [begun]
    keepLoading(
      () => first.pop() ?? beginAgain(),
      ({ message }) => broken('load-failed', message),
    ).catch((error: Error) => broken('no-worker', error.message))
  }
  const reopen = () => {
    isReady = false
    keepTrying(beginAgain())
    void askToPersist(core)
  }
  const first = begin()
  const core = connectPort(first.port, tab, {
    held: holdEndLock(tab),
    onReady() {
      came()
      isReady = true
      if (problem) say(null)
      whenGone(reopen)
    },
    onWaiting() {
      came()
      broken('core-elsewhere', '')
    },
    onBroken(code, message) {
      came()
      broken(code, message)
    },
  })
  keepTrying(first.there)
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
  // Not every browser tells a worker so.
  addEventListener('online', () => core.again())
  addEventListener('pagehide', (event) => {
    // A page kept for going back lives on; its port too.
    if (!(event as PageTransitionEvent).persisted) core.bye()
  })
  void askToPersist(core)
  return core
}

function openPort(failed: (error: Error) => void): TabPort {
  if (typeof SharedWorker === 'undefined') {
    // Without SharedWorker the same core runs in a dedicated worker behind a lock: one tab at a time has it.
    dedicated?.terminate()
    const worker = new Worker(new URL('./core.worker.ts', import.meta.url), { type: 'module', name: 'tongzhou-core' })
    worker.onerror = (event) => failed(scriptProblem(event))
    dedicated = worker
    return worker
  }
  const worker = sharedCore()
  worker.onerror = (event) => failed(scriptProblem(event))
  worker.port.start()
  return worker.port
}

/** Asks the browser not to evict our data; the answer, also a no, is told to the core, which says it to the person. */
async function askToPersist(core: CoreClient): Promise<void> {
  const granted = (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.()) || false
  // A core that died meanwhile is asked again.
  await core.call.askPersist({ granted }).catch(() => undefined)
}
