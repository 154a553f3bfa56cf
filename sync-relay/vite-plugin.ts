/** `npm run dev`: the relay at /sync on Vite's own port, beside its hot reloading. */
import type { Server } from 'node:http'
import { join } from 'node:path'
import type { Plugin } from 'vite'

export function relayBesideVite(): Plugin {
  return {
    name: 'tongzhou-relay',
    apply: 'serve',
    async configureServer(server) {
      if (!server.httpServer) return
      // Loaded when it is needed: a build has no use for a database.
      const { createRelay } = await import('./relay.ts')
      const dataDir = process.env['DATA_DIR'] ?? join(server.config.root, 'data')
      // Vite's server may be typed as HTTP/2; on loopback without TLS it is plain HTTP.
      const relay = await createRelay({ attach: server.httpServer as Server, dataDir })
      server.httpServer.once('close', () => void relay.close())
    },
  }
}
