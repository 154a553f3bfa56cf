/** The tab's way to the search worker, which starts with the first question. */
import type { WorkspaceId } from '../kernel/ids.ts'
import type { FromSearch, ToSearch } from '../search/service.ts'
import type { Found } from '../search/text-index.ts'
import { openCorePort } from './client.ts'

export interface SearchAnswer extends Readonly<Found> {
  complete: boolean
}

interface SearchPort {
  postMessage: (message: ToSearch, transfer: Transferable[]) => void
  onmessage: ((event: MessageEvent<FromSearch>) => void) | null
}

let port: SearchPort | null = null
let asking: { id: number; onAnswer: (answer: SearchAnswer) => void } | null = null
let last = 0

/** Asks, in place of what was asked before; answers come until the returned function is called. `limit` counts per group. */
export function askSearch(
  question: { workspace: WorkspaceId; text: string; limit: number },
  onAnswer: (answer: SearchAnswer) => void,
): () => void {
  const id = ++last
  asking = { id, onAnswer }
  getPort().postMessage({ type: 'ask', id, ...question }, [])
  return () => {
    if (asking?.id !== id) return
    asking = null
    getPort().postMessage({ type: 'forget' }, [])
  }
}

/** Starts the worker before the first question, e.g. when the palette opens: an empty question finds nothing but reads everything. */
export const warmSearch = (workspace: WorkspaceId): (() => void) =>
  askSearch({ workspace, text: '', limit: 0 }, () => undefined)

function getPort(): SearchPort {
  port ??= start()
  return port
}

function start(): SearchPort {
  const opened = openWorker()
  opened.onmessage = ({ data }) => {
    if (data.type === 'need-core') {
      const core = openCorePort()
      opened.postMessage({ type: 'core', port: core }, [core])
    } else if (asking?.id === data.id) asking.onAnswer(data)
  }
  return opened
}

function openWorker(): SearchPort {
  if (typeof SharedWorker === 'undefined')
    return new Worker(new URL('./search.worker.ts', import.meta.url), { type: 'module', name: 'tongzhou-search' })
  return new SharedWorker(new URL('./search.worker.ts', import.meta.url), { type: 'module', name: 'tongzhou-search' })
    .port
}
