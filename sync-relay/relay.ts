import { createServer, type Server } from 'node:http'
import { answerText, serveApplication } from './application.ts'
import { openToAnyone, type SetupPolicy } from './setup-token.ts'

export interface RelayOptions {
  /** 0 takes a free one. */
  port?: number
  host?: string
  /** Folder of the database, the blobs and the relay's own key. */
  dataDir: string
  /** Folder of the built application, or null to serve none. */
  app?: string | null
  /** Who may create a workspace. */
  setup?: SetupPolicy
  /** The data are a restored copy: devices shall offer again what they hold (R12). */
  newGeneration?: boolean
  /** A server that exists already (Vite's): the relay adds /sync to it and opens no port. */
  attach?: Server
}

export interface Relay {
  port: number
  close: () => Promise<void>
}

export async function createRelay(options: RelayOptions): Promise<Relay> {
  const { port = 0, host = '127.0.0.1', app = null, setup = openToAnyone } = options
  void setup
  const application = app === null ? null : serveApplication(app)
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0]
    if (path === '/healthz') return answerText(response, 200, 'ok')
    if (application) return application(request, response)
    answerText(response, 404, 'Not found')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
