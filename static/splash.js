// A script of the page that breaks off on its way leaves nobody who could say so. The page is loaded again, after growing pauses and
// when the browser is online again; after some tries it says what happened, and a button tries again.
;(() => {
  const KEY = 'tongzhou.loads'
  const MOST = 3
  const FORGOTTEN_MS = 60_000
  const again = () => location.reload()
  const isOpening = () => {
    const splash = document.getElementById('splash')
    return splash !== null && getComputedStyle(splash).display !== 'none'
  }
  /** How often it was tried within the last minute; where nothing can be kept, as often as it is tried at all. */
  const count = () => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY) || 'null')
      const tries = kept && Date.now() - kept.at < FORGOTTEN_MS ? kept.tries : 0
      sessionStorage.setItem(KEY, JSON.stringify({ tries: tries + 1, at: Date.now() }))
      return tries
    } catch {
      return MOST
    }
  }
  addEventListener('unhandledrejection', ({ reason }) => {
    // A script that did not come; one that is wrong says something else.
    if (!(reason instanceof TypeError) || !isOpening()) return
    addEventListener('online', again)
    const tries = count()
    if (tries < MOST) setTimeout(again, 500 * 2 ** tries)
    else document.documentElement.dataset.broken = ''
  })
  addEventListener('click', ({ target }) => {
    if (!(target instanceof Element) || !target.closest('#splash button')) return
    try {
      sessionStorage.removeItem(KEY)
    } catch {
      // Nothing was kept there.
    }
    again()
  })
})()
