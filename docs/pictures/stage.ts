/** The relay behind the pictures: it can go away, and it can come back with a newer application. */
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRelay, type Relay } from '#relay/relay.ts'

export interface Stage {
  port: number
  origin: string
  /** The relay goes; the application's origin with it. */
  stop: () => Promise<void>
  start: () => Promise<void>
  /** A new version of the application: its service worker differs. */
  publish: () => void
  end: () => Promise<void>
}

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'tongzhou-pictures-'))
  const app = join(folder, 'app')
  const dataDir = join(folder, 'data')
  cpSync(join(import.meta.dirname, '..', '..', 'build'), app, { recursive: true })
  let relay: Relay | null = await createRelay({ port: 0, dataDir, app })
  const { port } = relay
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      await relay?.close()
      relay = null
    },
    async start() {
      relay ??= await createRelay({ port, dataDir, app })
    },
    publish() {
      appendFileSync(join(app, 'service-worker.js'), '\n// the next version\n')
      rmSync(join(app, 'service-worker.js.br'), { force: true })
      rmSync(join(app, 'service-worker.js.gz'), { force: true })
    },
    async end() {
      await relay?.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
