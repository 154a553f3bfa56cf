/** Theme and density, as attributes of <html> that app.css reads; static/theme.js sets them before the first paint. */
export type Theme = 'system' | 'light' | 'dark'
export type Density = 'comfortable' | 'compact'

const STORED_AT = 'tongzhou.look'

function stored(): { theme: Theme; density: Density } {
  try {
    const { theme, density } = JSON.parse(localStorage.getItem(STORED_AT) ?? '{}')
    return {
      theme: theme === 'light' || theme === 'dark' ? theme : 'system',
      density: density === 'compact' ? 'compact' : 'comfortable',
    }
  } catch {
    return { theme: 'system', density: 'comfortable' }
  }
}

let current = $state.raw(stored())

export const look = (): Readonly<{ theme: Theme; density: Density }> => current

export function setLook(change: Partial<{ theme: Theme; density: Density }>): void {
  show({ ...current, ...change })
  try {
    localStorage.setItem(STORED_AT, JSON.stringify(current))
  } catch {
    // The choice then lasts for this visit.
  }
}

/** Other open tabs follow at once. Gives back how to stop. */
export function followLook(): () => void {
  const follow = ({ key }: StorageEvent) => {
    if (key === STORED_AT) show(stored())
  }
  addEventListener('storage', follow)
  return () => removeEventListener('storage', follow)
}

function show(look: typeof current): void {
  current = look
  const { dataset } = document.documentElement
  if (current.theme === 'system') delete dataset.theme
  else dataset.theme = current.theme
  if (current.density === 'compact') dataset.density = 'compact'
  else delete dataset.density
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const { of = '' } = meta.dataset
    meta.media = current.theme === 'system' ? `(prefers-color-scheme: ${of})` : current.theme === of ? 'all' : 'not all'
  }
}

/** Whether the screen is dark at the moment, whatever the reason. */
export const isDark = (): boolean =>
  current.theme === 'dark' || (current.theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
