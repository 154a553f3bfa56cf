/** Runs a call to the core; a refusal or failure becomes a toast in the person's language, and the result is null. */
import { Refusal } from '../kernel/refusal.ts'
import { sayRefusal, t } from '../i18n/locale.svelte.ts'
import { showToast } from './toasts.svelte.ts'

export const sayError = (error: unknown): string =>
  error instanceof Refusal ? sayRefusal(error.code, error.params) : t().refusal.failed

/** One message of a kind at a time. */
export function tellError(error: unknown): void {
  const about = error instanceof Refusal ? error.code : 'failed'
  showToast({ text: () => sayError(error), tone: 'danger', about })
}

export async function attempt<Value>(call: Promise<Value>): Promise<{ value: Value } | null> {
  try {
    return { value: await call }
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(error)
    tellError(error)
    return null
  }
}
