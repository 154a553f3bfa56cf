// Runs before the first paint, as a file of its own because the page allows no inline script: the choice of theme,
// density and language must be on <html> before anything is drawn.
;(() => {
  const root = document.documentElement
  try {
    const look = JSON.parse(localStorage.getItem('tongzhou.look') || '{}')
    if (look.theme === 'light' || look.theme === 'dark') {
      root.dataset.theme = look.theme
      // Of the title bar's colours that of the theme; look.svelte.ts does the same at each change.
      for (const meta of document.querySelectorAll('meta[name="theme-color"]'))
        meta.media = meta.dataset.of === look.theme ? 'all' : 'not all'
    }
    if (look.density === 'compact') root.dataset.density = 'compact'
    const locale = localStorage.getItem('tongzhou.locale')
    root.lang = locale || (navigator.language.startsWith('zh') ? 'zh-CN' : 'en')
  } catch {
    // Storage may be forbidden; the defaults of app.css then stand.
  }
})()
