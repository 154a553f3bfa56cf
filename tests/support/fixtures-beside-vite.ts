/** `npm run dev`: every kind's fixtures as plain documents at /dev/fixtures/<kind>/<name>, for the gallery. */
import type { Plugin } from 'vite'

export function fixturesBesideVite(): Plugin {
  return {
    name: 'tongzhou-fixtures',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use('/dev/fixtures', (request, response) => {
        const [, kind = '', name = ''] = (request.url ?? '').split(/[/?]/)
        // Loaded when it is asked for: a build has no use for it.
        import('./gallery-fixture.ts').then(
          ({ galleryFixture }) => {
            const work = galleryFixture(kind, name)
            response.writeHead(work ? 200 : 404, { 'content-type': 'application/json' })
            response.end(JSON.stringify(work))
          },
          (error: unknown) => {
            console.error(error)
            response.writeHead(500).end()
          },
        )
      })
    },
  }
}
