/** Runs a call to the core; a refusal or failure becomes a toast in the person's language, and the result is null. */
import { Refusal } from '../kernel/refusal.ts'
import { sayRefusal, t } from '../i18n/locale.svelte.ts'
import { showToast } from './toasts.svelte.ts'

export const sayError = (error: unknown): string =>
  error instanceof Refusal ? sayRefusal(error.code, error.params) : t().refusal.failed

export async function attempt<Value>(call: Promise<Value>): Promise<{ value: Value } | null> {
  try {
    return { value: await call }
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(error)
    showToast({ text: () => sayError(error), tone: 'danger' })
    return null
  }
}
