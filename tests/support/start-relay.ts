/** A relay for one test: a free port, a folder of its own, gone when the test is over. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createRelay, type Relay, type RelayOptions } from '#relay/relay.ts'

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tongzhou-relay-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface TestRelay extends Relay {
  /** `ws://127.0.0.1:…/sync` */
  address: string
  /** `http://127.0.0.1:…` */
  origin: string
  dataDir: string
  /** A number of /metrics by its name, without what all of them begin with. */
  metric: (name: string) => Promise<number>
}

/** In this process. Hand in `dataDir` and `port` of an earlier one to start it again. */
export async function startRelay(options: Partial<RelayOptions> = {}): Promise<TestRelay> {
  const dataDir = options.dataDir ?? temporaryFolder()
  const relay = await createRelay({ port: 0, host: '127.0.0.1', app: null, ...options, dataDir })
  onTestFinished(() => relay.close())
  const origin = `http://127.0.0.1:${relay.port}`
  return {
    ...relay,
    dataDir,
    address: `ws://127.0.0.1:${relay.port}/sync`,
    origin,
    async metric(name) {
      const text = await (await fetch(`${origin}/metrics`)).text()
      return Number(new RegExp(`^tongzhou_${name} (\\d+)$`, 'm').exec(text)?.[1])
    },
  }
}
