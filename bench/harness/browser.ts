/**
 * A real Chromium over the real build, and a second way into its core: what fills a workspace for a benchmark goes through
 * the same worker, documents and storage as what people do, only without ten thousand clicks.
 */
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright'
import type { WorkspaceId } from '../../src/lib/kernel/ids.ts'
import type { CallArgs, CallName, CallResult, ToTab } from '../../src/lib/core/rpc.ts'
import { relayFlags } from '../../sync-relay/prepare.mjs'
import { ensureChromium } from '../../tests/chromium.mjs'
import { startServer, temporaryFolder } from './server.ts'

export const FRAME = 1000 / 60

const launch = {
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
}

declare global {
  interface Window {
    benchCall: (name: string, args: unknown) => Promise<unknown>
    /** Milliseconds of the page's clock when what the frame after now shows is painted. */
    benchNextPaint: () => Promise<number>
  }
}

/** Runs in the page before anything of it: remembers the worker that the application starts, and opens one more port to it. */
function openSecondPort(): void {
  const Original = SharedWorker
  let started: [URL | string, WorkerOptions | string | undefined] | null = null
  window.SharedWorker = class extends Original {
    constructor(url: URL | string, options?: WorkerOptions | string) {
      super(url, options)
      started ??= [url, options]
    }
  }
  let port: MessagePort | null = null
  let last = 0
  const answers = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  window.benchCall = (name, args) => {
    if (!started) throw new Error('the application has not started its core')
    if (!port) {
      port = new Original(...started).port
      port.onmessage = ({ data }: MessageEvent<ToTab>) => {
        if (!('id' in data)) return
        if (data.type === 'result') answers.get(data.id)?.resolve(data.value)
        else answers.get(data.id)?.reject(new Error(JSON.stringify(data)))
        answers.delete(data.id)
      }
    }
    const id = ++last
    port.postMessage({ type: 'call', id, name, args })
    return new Promise((resolve, reject) => answers.set(id, { resolve, reject }))
  }
  window.benchNextPaint = () =>
    new Promise((resolve) =>
      requestAnimationFrame(() => {
        // The frame is painted after its callbacks; a message queued in one is handled behind the paint.
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => resolve(performance.now())
        port2.postMessage(null)
      }),
    )
}

/** The page's core, as its tab would call it. */
export const callCore = <Name extends CallName>(
  page: Page,
  name: Name,
  args: CallArgs<Name>,
): Promise<CallResult<Name>> =>
  page.evaluate(([name, args]) => window.benchCall(name, args), [name, args] as const) as Promise<CallResult<Name>>

/** Before the first page is opened. */
export const prepare = (context: BrowserContext): Promise<unknown> => context.addInitScript(openSecondPort)

export const workspaceOf = (page: Page): WorkspaceId => new URL(page.url()).pathname.split('/')[1] as WorkspaceId

export interface BrowserBench {
  origin: string
  browser: Browser
  /** A profile on disk, so that a browser that starts again finds what it stored. */
  profile: (folder: string) => Promise<BrowserContext>
  close: () => Promise<void>
}

export async function startBrowserBench(): Promise<BrowserBench> {
  const executablePath = await ensureChromium()
  process.env['CHROMIUM_PATH'] = executablePath
  const folder = temporaryFolder()
  const main = join(import.meta.dirname, '..', '..', 'sync-relay', 'main.ts')
  const relay = await startServer(main, folder.path, relayFlags)
  const browser = await chromium.launch({ executablePath, ...launch })
  return {
    origin: `http://127.0.0.1:${relay.port}`,
    browser,
    profile: (path) => chromium.launchPersistentContext(path, { executablePath, locale: 'en-GB', ...launch }),
    async close() {
      await browser.close()
      await relay.stop()
      folder.remove()
    },
  }
}
