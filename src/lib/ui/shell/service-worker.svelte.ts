/** Registers the service worker and offers an update once one waits. Never forced: an open tab decides (P57). */
import { getCore, onCoreProblem } from '../../core/client.ts'
import { t } from '../../i18n/locale.svelte.ts'
import { giveUp, halfTyped } from '../half-typed.ts'
import { showToast, toasts } from '../toasts.svelte.ts'

/** How often an open question looks whether what it names is still only typed: fields are emptied by what came of a key, too. */
const LOOK_AGAIN = 250
/** Milliseconds after which it is said that the takeover lasts, and what still loads is broken off again. */
const ASK_AGAIN = 5_000

let isUpdating = false
/** What was offered last; null where nothing was. */
let offered: ServiceWorker | null = null

/** The way out of a version that was replaced: this tab takes the one that was offered last, or is loaded anew. Asks for what is only typed. */
export function updateTab(): void {
  const typed = halfTyped()
  if (typed.length > 0) ask(typed)
  else void update()
}

async function update(): Promise<void> {
  const waiting = offered
  const say = (detail?: () => string) =>
    showToast({ text: () => t().update.updating, detail, life: null, about: 'update' })
  isUpdating = true
  say()
  let isSettled = false
  // Another tab may have taken it already. One that a still newer version has replaced is offered by the page that comes.
  const isOver = () => waiting === null || waiting.state === 'activated' || waiting.state === 'redundant'
  let isTold = false
  // A request that has begun meanwhile holds it up as well.
  const again = setInterval(() => {
    if (!isTold && !(isSettled && isOver())) say(() => t().update.waits)
    isTold = true
    go()
  }, ASK_AGAIN)
  const go = () => {
    if (!isSettled) return
    if (isOver()) {
      clearInterval(again)
      location.reload()
    } else if (waiting?.state === 'installed') {
      navigator.serviceWorker.controller?.postMessage('stop-loading')
      waiting.postMessage('update')
    }
  }
  waiting?.addEventListener('statechange', () => isOver() && go())
  await settle()
  isSettled = true
  go()
}

/** What was typed last is left by pressing the button, and is on its way to the disk. A core that has not begun, or has ended, answers nothing. */
async function settle(): Promise<void> {
  const { promise: isWithoutCore, resolve } = Promise.withResolvers<void>()
  const unlisten = onCoreProblem((problem) => problem && resolve())
  const settled = getCore().call.settle({})
  await Promise.race([settled.catch(() => undefined), isWithoutCore])
  unlisten()
}

function offer(waiting: ServiceWorker | null): void {
  offered = waiting
  showToast({
    text: () => t().update.available,
    detail: () => t().update.text,
    life: null,
    about: 'update',
    action: { label: () => t().update.now, run: updateTab },
  })
}

function ask(typed: readonly string[]): void {
  let named = $state.raw(typed)
  const question = showToast({
    text: () => t().update.halfTyped(named[0] ?? '', named.length - 1),
    detail: () => t().update.halfTypedText,
    life: null,
    about: 'update',
    action: {
      label: () => t().update.anyway,
      run: () => {
        giveUp(named)
        void update()
      },
    },
  })
  const look = setInterval(() => {
    const now = halfTyped()
    if (!toasts().some(({ id }) => id === question)) clearInterval(look)
    else if (now.length > 0) named = now
    else {
      clearInterval(look)
      offer(offered)
    }
  }, LOOK_AGAIN)
}

export function registerServiceWorker(): () => void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return () => undefined
  const { serviceWorker } = navigator

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
