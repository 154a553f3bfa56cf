/// <reference types="@sveltejs/kit" />
/// <reference lib="webworker" />
/**
 * The whole application offline: its files are stored at installation, every navigation gets the stored page, and
 * nothing else is touched (`/sync` is a socket, `/healthz` and other requests go to the network). A new version waits
 * until the person takes it, or until no tab is open.
 */
import { build, files, version } from '$service-worker'

declare const self: ServiceWorkerGlobalScope

const CACHE = `tongzhou-${version}`
const SHELL = '/'
const IMMUTABLE = '/_app/immutable/'
const stored = new Set([...build, ...files])
/** In a cache, asked for by nobody: when its version took over, in milliseconds. */
const ACTIVATED = '/activated'

/** For `InstallEvent.addRoutes` (Chromium from 123): what they cover is answered without this worker being begun or kept busy. */
interface StaticRoute {
  condition: { urlPattern: string } | { not: { requestMode: 'navigate' } }
  source: 'fetch-event' | 'network' | { cacheName: string }
}

/** The first that fits counts. A browser without static routes asks the handler below, which answers alike. */
const routes: readonly StaticRoute[] = [
  // Not all of these are in the list of files: the handler keeps them from their first use on.
  { condition: { urlPattern: `${IMMUTABLE}workers/*` }, source: 'fetch-event' },
  ...[`${IMMUTABLE}*`, ...files].map((urlPattern): StaticRoute => ({
    condition: { urlPattern },
    source: { cacheName: CACHE },
  })),
  { condition: { not: { requestMode: 'navigate' } }, source: 'network' },
]

self.addEventListener('install', (event) => {
  // A request that is under way in a worker holds the next version up, and so does one that comes within its last second.
  if ('addRoutes' in event) {
    const { addRoutes } = event as { addRoutes: (routes: readonly StaticRoute[]) => Promise<void> }
    // One that does not know all of it refuses it whole, and asks the handler.
    event.waitUntil(addRoutes.call(event, routes).catch(() => undefined))
  }
  event.waitUntil(
    caches.open(CACHE).then(async (cache) => {
      await cache.addAll([...stored])
      // The page itself must be this version's, not one that the browser still holds.
      await cache.add(new Request(SHELL, { cache: 'reload' }))
    }),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()))
})

/**
 * The files of the version before stay until the next one: a tab that goes on with it loads parts of it still, by that version's
 * own static routes, and the server has them no more.
 */
async function tidy(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name !== CACHE && name.startsWith('tongzhou-'))
  const activations = await Promise.all(
    others.map(async (name) => {
      const when = await (await caches.open(name)).match(ACTIVATED)
      return { name, at: Number((await when?.text()) ?? 0) }
    }),
  )
  // One that never took over is not needed, unless it is just coming.
  const isComing = self.registration.installing !== null || self.registration.waiting !== null
  const [, ...older] = activations.filter(({ at }) => at > 0 || !isComing).sort((a, b) => b.at - a.at)
  await Promise.all(older.map(({ name }) => caches.delete(name)))
  await (await caches.open(CACHE)).put(ACTIVATED, new Response(String(Date.now())))
}

/** What is asked of the network. A browser lets no other version take over while something is still under way here. */
let loading = new AbortController()

self.addEventListener('message', (event) => {
  if (event.data === 'update') void self.skipWaiting()
  else if (event.data === 'stop-loading') {
    loading.abort()
    loading = new AbortController()
  }
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (stored.has(url.pathname) || url.pathname.startsWith(IMMUTABLE)) event.respondWith(fromCache(request))
  else if (request.mode === 'navigate' && !/^\/(sync|healthz|metrics|blobs)(\/|$)/.test(url.pathname)) {
    event.respondWith(shell(request))
  }
})

async function fromCache(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  const ignoreVary = true
  const kept = (await cache.match(request, { ignoreVary })) ?? (await caches.match(request, { ignoreVary }))
  if (kept) return kept
  const response = await fromNetwork(request)
  // Immutable by name: a file that the list lacked (a worker's own chunk) is kept from its first use on.
  if (response.ok && response.status === 200) await cache.put(request, response.clone())
  return response
}

async function shell(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  return (await cache.match(SHELL)) ?? fromNetwork(request)
}

const fromNetwork = (request: Request): Promise<Response> =>
  fetch(request, { signal: AbortSignal.any([request.signal, loading.signal]) })
