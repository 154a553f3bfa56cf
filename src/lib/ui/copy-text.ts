/** Puts text on the clipboard and says so. False where the browser would not. */
import { t } from '../i18n/locale.svelte.ts'
import { showToast } from './toasts.svelte.ts'

export async function copyText(text: string, said: () => string = () => t().common.copied): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    showToast({ text: said })
    return true
  } catch {
    showToast({ text: () => t().refusal.failed, tone: 'danger' })
    return false
  }
}
