/** Registers the service worker and offers an update once one waits. Never forced: an open tab decides (P57). */
import { getCore } from '../../core/client.ts'
import { t } from '../../i18n/locale.svelte.ts'
import { halfTyped } from '../half-typed.ts'
import { showToast, toasts } from '../toasts.svelte.ts'

/** How often an open question looks whether what it names is still only typed: fields are emptied by what came of a key, too. */
const LOOK_AGAIN = 250
/** Milliseconds after which it is said that the takeover lasts, and what still loads is broken off again. */
const ASK_AGAIN = 5_000

export function registerServiceWorker(): () => void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return () => undefined
  const { serviceWorker } = navigator
  let isUpdating = false
  const update = async (waiting: ServiceWorker) => {
    const say = (detail?: () => string) =>
      showToast({ text: () => t().update.updating, detail, life: null, about: 'update' })
    isUpdating = true
    say()
    // What was typed last is left by pressing the button, and is on its way to the disk.
    await getCore()
      .call.settle({})
      .catch(() => undefined)
    // Another tab may have taken it already. One that a still newer version has replaced is offered by the page that comes.
    const isOver = () => waiting.state === 'activated' || waiting.state === 'redundant'
    let isTold = false
    // A request that has begun meanwhile holds it up as well.
    const again = setInterval(() => {
      if (!isTold && !isOver()) say(() => t().update.waits)
      isTold = true
      go()
    }, ASK_AGAIN)
    const go = () => {
      if (isOver()) {
        clearInterval(again)
        location.reload()
      } else if (waiting.state === 'installed') {
        serviceWorker.controller?.postMessage('stop-loading')
        waiting.postMessage('update')
      }
    }
    waiting.addEventListener('statechange', () => isOver() && go())
    go()
  }

  const offer = (waiting: ServiceWorker) =>
    showToast({
      text: () => t().update.available,
      detail: () => t().update.text,
      life: null,
      about: 'update',
      action: {
        label: () => t().update.now,
        run: () => {
          const typed = halfTyped()
          if (typed.length > 0) ask(waiting, typed)
          else void update(waiting)
        },
      },
    })
  const ask = (waiting: ServiceWorker, typed: readonly string[]) => {
    let named = $state.raw(typed)
    const question = showToast({
      text: () => t().update.halfTyped(named[0] ?? '', named.length - 1),
      detail: () => t().update.halfTypedText,
      life: null,
      about: 'update',
      action: { label: () => t().update.anyway, run: () => void update(waiting) },
    })
    const look = setInterval(() => {
      const now = halfTyped()
      if (!toasts().some(({ id }) => id === question)) clearInterval(look)
      else if (now.length > 0) named = now
      else {
        clearInterval(look)
        offer(waiting)
      }
    }, LOOK_AGAIN)
  }

  // Another tab has taken it: offered here again, for that one may wait until this one has gone.
  if (serviceWorker.controller)
    serviceWorker.addEventListener('controllerchange', () => {
      if (!isUpdating && serviceWorker.controller) offer(serviceWorker.controller)
    })

  let timer: ReturnType<typeof setInterval> | undefined
  serviceWorker
    .register('/service-worker.js')
    .then((registration: ServiceWorkerRegistration | undefined) => {
      // Some browsers withhold it without an error: then there is no offline start, and everything else works.
      if (!registration) return
      if (registration.waiting && serviceWorker.controller) offer(registration.waiting)
      registration.addEventListener('updatefound', () => {
        const { installing } = registration
        installing?.addEventListener('statechange', () => {
          if (installing.state === 'installed' && serviceWorker.controller) offer(installing)
        })
      })
      timer = setInterval(() => void registration.update().catch(() => undefined), 60 * 60 * 1000)
    })
    .catch((error: unknown) => console.error(error))

  return () => clearInterval(timer)
}
