/** A server under measurement: a process of its own, which says its port and, when asked, what it has used. */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { relayEnvironment } from '../../sync-relay/prepare.mjs'

export interface Usage {
  /** Milliseconds of processor time since the process began, all threads. */
  cpu: number
  /** Bytes in memory. */
  rss: number
}

export interface Server {
  port: number
  usage: () => Promise<Usage>
  /** What it has used once it does nothing more. */
  settled: () => Promise<Usage>
  stop: () => Promise<void>
}

const usageFile = join(import.meta.dirname, 'usage.mjs')
const QUIET = 200
const LONGEST = 15_000

export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'tongzhou-bench-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** `file` announces itself by sending `{ port }`; it gets PORT (0: any; a restarted relay keeps its own), HOST and DATA_DIR. All have Node's compile cache. */
export async function startServer(
  file: string,
  dataDir: string,
  execArgv: readonly string[] = [],
  port = 0,
): Promise<Server> {
  let output = ''
  const child = fork(file, [], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', usageFile, ...execArgv],
    env: {
      ...process.env,
      ...relayEnvironment,
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: dataDir,
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  child.stdout?.on('data', (text: Buffer) => (output += text.toString()))
  child.stderr?.on('data', (text: Buffer) => (output += text.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const answer = <Key extends 'port' | 'usage', Value>(key: Key): Promise<Value> =>
    new Promise((resolve, reject) => {
      const listen = (message: Record<Key, Value>) => {
        if (!(key in message)) return
        child.off('message', listen)
        resolve(message[key])
      }
      child.on('message', listen)
      void ended.then((code) => reject(new Error(`${file} ended with ${code}: ${output}`)))
    })
  const usage = (): Promise<Usage> => {
    const answered = answer<'usage', Usage>('usage')
    child.send('usage')
    return answered
  }
  return {
    port: await answer<'port', number>('port'),
    usage,
    async settled() {
      const deadline = performance.now() + LONGEST
      for (let before = await usage(); ;) {
        await new Promise((resolve) => setTimeout(resolve, QUIET))
        const now = await usage()
        // A server that stores behind the sender's back pays for that too; two per cent is what timers take.
        if (now.cpu - before.cpu < QUIET * 0.02 || performance.now() > deadline) return now
        before = now
      }
    },
    async stop() {
      child.kill('SIGTERM')
      // Not every peer says goodbye.
      const cut = setTimeout(() => child.kill('SIGKILL'), 3_000)
      await ended
      clearTimeout(cut)
    },
  }
}
