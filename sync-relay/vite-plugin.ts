/** `npm run dev`: the relay at /sync on Vite's own port, beside its hot reloading. */
import type { Server } from 'node:http'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import type { Relay } from './relay.ts'

export function relayBesideVite(): Plugin {
  return {
    name: 'tongzhou-relay',
    apply: 'serve',
    async configureServer(server) {
      const { httpServer } = server
      if (!httpServer) return
      // Loaded when it is needed: a build has no use for a database.
      const { createRelay } = await import('./relay.ts')
      const { answerText } = await import('./application.ts')
      const dataDir = process.env['DATA_DIR'] ?? join(server.config.root, 'data')
      const { promise: running, resolve } = Promise.withResolvers<Relay>()
      // Not before: where Vite starts anew, the server from before has let go of the folder by then.
      httpServer.once('listening', () => {
        // Vite's server may be typed as HTTP/2; on loopback without TLS it is plain HTTP.
        createRelay({ attach: httpServer as Server, dataDir }).then(resolve, (error: unknown) => {
          server.config.logger.error(error instanceof Error ? error.message : String(error))
        })
      })
      // As where the relay serves the application: not the page, which Vite gives to every path.
      server.middlewares.use('/healthz', (_, response) => void running.then(() => answerText(response, 200, 'ok')))
      httpServer.once('close', () => void running.then((relay) => relay.close()))
    },
  }
}
