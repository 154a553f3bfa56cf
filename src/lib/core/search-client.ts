/** The tab's way to the search worker, which starts with the first question. */
import type { WorkspaceId } from '../kernel/ids.ts'
import type { FromSearch, ToSearch } from '../search/service.ts'
import type { Found } from '../search/text-index.ts'
import { openCorePort } from './client.ts'
import { keepLoading, scriptProblem } from './keep-loading.ts'

export interface SearchAnswer extends Readonly<Found> {
  complete: boolean
}

interface SearchPort {
  postMessage: (message: ToSearch, transfer: Transferable[]) => void
  onmessage: ((event: MessageEvent<FromSearch>) => void) | null
}

/** A worker has given its first sign within this, unless its script is still coming. */
const START_MS = 5_000

let port: SearchPort | null = null
let asking: { ask: Extract<ToSearch, { type: 'ask' }>; onAnswer: (answer: SearchAnswer) => void } | null = null
let last = 0

/** Asks, in place of what was asked before; answers come until the returned function is called. `limit` counts per group. */
export function askSearch(
  question: { workspace: WorkspaceId; text: string; limit: number },
  onAnswer: (answer: SearchAnswer) => void,
): () => void {
  const id = ++last
  asking = { ask: { type: 'ask', id, ...question }, onAnswer }
  if (port) port.postMessage(asking.ask, [])
  else start()
  return () => {
    if (asking?.ask.id !== id) return
    asking = null
    port?.postMessage({ type: 'forget' }, [])
  }
}

/** Starts the worker before the first question, e.g. when the palette opens: an empty question finds nothing but reads everything. */
export const warmSearch = (workspace: WorkspaceId): (() => void) =>
  askSearch({ workspace, text: '', limit: 0 }, () => undefined)

/** Where the worker does not come, the next question begins it anew. */
function start(): void {
  keepLoading(
    () => new Promise<never>((_, failed) => (port = openPort(failed))),
    (error) => {
      throw error
    },
  ).catch((error: unknown) => {
    console.error(error)
    port = null
  })
}

function openPort(failed: (error: Error) => void): SearchPort {
  const worker = openWorker()
  const opened: SearchPort = 'port' in worker ? worker.port : worker
  // Whoever comes to a shared worker that is just ending, because its script broke off, hears nothing of it, not even that.
  const silent = setTimeout(() => {
    if (!('port' in worker) || port !== opened) return
    opened.onmessage = null
    opened.postMessage({ type: 'forget' }, [])
    port = openPort(failed)
  }, START_MS)
  worker.onerror = (event) => {
    clearTimeout(silent)
    if (port === opened) failed(scriptProblem(event))
  }
  opened.onmessage = ({ data }) => {
    clearTimeout(silent)
    if (data.type === 'need-core') {
      const core = openCorePort()
      opened.postMessage({ type: 'core', port: core }, [core])
    } else if (asking?.ask.id === data.id) asking.onAnswer(data)
  }
  if (asking) opened.postMessage(asking.ask, [])
  return opened
}

function openWorker(): SharedWorker | Worker {
  if (typeof SharedWorker === 'undefined')
    return new Worker(new URL('./search.worker.ts', import.meta.url), { type: 'module', name: 'tongzhou-search' })
  return new SharedWorker(new URL('./search.worker.ts', import.meta.url), { type: 'module', name: 'tongzhou-search' })
}
