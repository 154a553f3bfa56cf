/** The browser's offer to install the application, kept until the person asks for it. */
interface InstallPrompt extends Event {
  prompt: () => Promise<{ outcome: 'accepted' | 'dismissed' }>
}

let offer = $state.raw<InstallPrompt | null>(null)

export function watchInstall(): () => void {
  const keep = (event: Event) => {
    event.preventDefault()
    offer = event as InstallPrompt
  }
  const done = () => (offer = null)
  addEventListener('beforeinstallprompt', keep)
  addEventListener('appinstalled', done)
  return () => {
    removeEventListener('beforeinstallprompt', keep)
    removeEventListener('appinstalled', done)
  }
}

export const canInstall = (): boolean => offer !== null
/** This window is one of the installed application. */
export const isInstalled = (): boolean => matchMedia('(display-mode: standalone)').matches

export async function install(): Promise<void> {
  const { outcome } = (await offer?.prompt()) ?? {}
  if (outcome === 'accepted') offer = null
}
