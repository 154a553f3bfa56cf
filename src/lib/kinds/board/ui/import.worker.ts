/** Reads and plans one import beside the screen; ends with the wizard, or when it is cancelled. */
import { Refusal } from '#lib/kernel/refusal.ts'
import type { Pacing } from '../decode-text.ts'
import { ImportSession, type ImportShown } from '../import-session.ts'
import { newEntity, random } from './board-calls.ts'
import type { FromImport, ToImport } from './import-reader.ts'

declare const self: DedicatedWorkerGlobalScope

const session = new ImportSession({ newEntity, random })
const tell = (message: FromImport) => self.postMessage(message)
let work: AbortController | null = null

async function answer(message: ToImport): Promise<void> {
  if (message.type === 'calls') return tell({ type: 'calls', id: message.id, calls: session.calls })
  // Each step cancels what ran before it: the last choice counts.
  work?.abort()
  const own = new AbortController()
  work = own
  const pacing = {
    pause: () => new Promise<void>((resolve) => setTimeout(resolve)),
    signal: own.signal,
    onProgress: (done: number, all: number) => tell({ type: 'progress', id: message.id, done, all }),
  }
  try {
    tell({ type: 'shown', id: message.id, shown: await shownFor(message, pacing) })
  } catch (error) {
    if (own.signal.aborted) return
    if (!(error instanceof Refusal)) console.error(error)
    const { code, params } = error instanceof Refusal ? error : { code: 'csv-not-text', params: {} }
    tell({ type: 'refused', id: message.id, code, params })
  }
}

async function shownFor(message: Exclude<ToImport, { type: 'calls' }>, pacing: Pacing): Promise<ImportShown> {
  switch (message.type) {
    case 'read':
      return session.read(new Uint8Array(await message.file.arrayBuffer()), message.as, message.ask, pacing)
    case 'headings':
      return session.withHeadings(message.headings, message.ask, pacing)
    case 'plan':
      return session.plan(message.ask, pacing, message.mapping)
  }
}

self.onmessage = ({ data }: MessageEvent<ToImport>) => void answer(data)
