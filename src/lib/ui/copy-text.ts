/** Puts text on the clipboard and says so. */
import { t } from '../i18n/locale.svelte.ts'
import { showToast } from './toasts.svelte.ts'

export async function copyText(text: string, said: () => string = () => t().common.copied): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    showToast({ text: said })
  } catch {
    showToast({ text: () => t().refusal.failed, tone: 'danger' })
  }
}
