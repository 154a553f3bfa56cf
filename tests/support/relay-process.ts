/**
 * A relay as a process of its own, which a test can kill without warning and start again on the same port and data. No
 * test runner is assumed: browser tests use it too, and end it themselves.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const main = join(import.meta.dirname, '..', '..', 'sync-relay', 'main.ts')

export interface RelayProcess {
  port: number
  origin: string
  dataDir: string
  /** All that it printed. */
  output: () => string
  /** SIGKILL: no chance to say goodbye. */
  kill: () => Promise<void>
  /** SIGTERM; the exit code. */
  stop: () => Promise<number | null>
  /** After `kill` or `stop`: the same port and data again. */
  restart: (args?: readonly string[]) => Promise<void>
  /** Stops it and deletes its data. */
  dispose: () => Promise<void>
}

/** Environment of the relay (`HOST`, `DATA_DIR`, …); `PORT` is a free one unless given. */
export async function startRelayProcess(environment: Readonly<Record<string, string>> = {}): Promise<RelayProcess> {
  const dataDir = environment.DATA_DIR ?? mkdtempSync(join(tmpdir(), 'tongzhou-relay-'))
  let output = ''
  let port = environment.PORT ?? '0'
  let child: ChildProcess | null = null

  const start = async (args: readonly string[] = []): Promise<void> => {
    const started = spawn(process.execPath, [main, ...args], {
      env: { ...process.env, ...environment, PORT: port, DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    child = started
    started.stdout?.on('data', (text: Buffer) => (output += text.toString()))
    started.stderr?.on('data', (text: Buffer) => (output += text.toString()))
    port = await new Promise<string>((resolve, reject) => {
      started.once('message', (message: { port: number }) => resolve(String(message.port)))
      started.once('close', (code) => reject(new Error(`the relay ended with ${code}: ${output}`)))
      started.once('error', reject)
    })
  }

  const end = (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    const ending = child
    if (!ending || ending.exitCode !== null || ending.signalCode !== null)
      return Promise.resolve(ending?.exitCode ?? null)
    const ended = new Promise<number | null>((resolve) => ending.once('close', (code) => resolve(code)))
    ending.kill(signal)
    return ended
  }

  await start()
  return {
    port: Number(port),
    origin: `http://127.0.0.1:${port}`,
    dataDir,
    output: () => output,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    restart: start,
    dispose: async () => {
      await end('SIGTERM')
      if (!environment.DATA_DIR) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
