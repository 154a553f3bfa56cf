/**
 * What is fetched on demand (the wasm, a worker's script, a part of the page) may break off on its way. It is tried again after
 * growing pauses, and at once when the browser says that it is online again or somebody asks for it.
 */

const PAUSES = [500, 1_000, 2_000, 4_000]

const waiting = new Set<() => void>()

/** Whatever waits for its next try takes it now. */
export function tryNow(): void {
  for (const go of [...waiting]) go()
}
globalThis.addEventListener?.('online', tryNow)

/** Loads until it succeeds. `onFailed` hears when the tries in a row are over, and of each that fails after them; it gives up by throwing. */
export async function keepLoading<T>(load: () => Promise<T>, onFailed: (error: Error) => void): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await load()
    } catch (error) {
      if (!isBrokenOff(error)) throw error
      if (tries >= PAUSES.length) onFailed(error)
      await nextTry(PAUSES[tries])
    }
  }
}

/** Browsers say so of a fetch, of streamed wasm and of an imported module alike, Vite of a style sheet; what came and is wrong throws something else. */
export const isBrokenOff = (error: unknown): error is Error =>
  error instanceof TypeError || (error instanceof Error && error.message.startsWith('Unable to preload CSS'))

function nextTry(pause: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer)
      waiting.delete(go)
      resolve()
    }
    const timer = pause === undefined ? undefined : setTimeout(go, pause)
    waiting.add(go)
  })
}

/** A worker whose script did not come says so in an event without words; one whose script throws has a message. */
export const scriptProblem = (event: Event): Error =>
  event instanceof ErrorEvent && event.message
    ? new Error(event.message)
    : new TypeError('the script of the worker did not come')
