/** Parts of the page that are loaded when somebody needs them. */
import { version } from '$app/environment'
import { refuse } from '../kernel/refusal.ts'
import { isBrokenOff, keepLoading } from './keep-loading.ts'

/** Refuses when it does not come: `part-replaced` where another version has taken its place, else `load-failed`. */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  let tries = 0
  try {
    return await keepLoading(
      async () => {
        if (tries++ > 0) renewStylesheets()
        try {
          return await load()
        } catch (error) {
          // Of a version that is kept no more nothing comes, however often it is asked for.
          if (isBrokenOff(error) && (await isReplacedHere())) refuse('part-replaced')
          throw error
        }
      },
      (error) => {
        throw new NotLoaded(error.message)
      },
    )
  } catch (error) {
    if (!(error instanceof NotLoaded)) throw error
    refuse((await isServedNoMore()) ? 'part-replaced' : 'load-failed')
  }
}
class NotLoaded extends Error {}

/** Whether another version has taken this one's place where it comes from; not known without a connection. */
async function isServedNoMore(): Promise<boolean> {
  try {
    const served: unknown = await (await fetch('/_app/version.json', { cache: 'no-store' })).json()
    return typeof served === 'object' && served !== null && 'version' in served && served.version !== version
  } catch {
    return false
  }
}

/** Whether the service worker of this device keeps other versions, and this one no more: to load the page anew brings one of those. */
export async function isReplacedHere(): Promise<boolean> {
  // A page without encryption has none.
  const names = await (globalThis.caches as CacheStorage | undefined)?.keys().catch(() => [])
  const kept = (names ?? []).filter((name) => name.startsWith('tongzhou-'))
  return kept.length > 0 && !kept.includes(`tongzhou-${version}`)
}

/** Vite takes a style sheet for loaded that it has asked for once. */
function renewStylesheets(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]'))
    if (!link.sheet) link.replaceWith(link.cloneNode())
}
