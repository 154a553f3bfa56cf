/** Runs a call to the core; a refusal or failure becomes a toast in the person's language, and the result is null. */
import { Refusal } from '../kernel/refusal.ts'
import { sayRefusal, t } from '../i18n/locale.svelte.ts'
import { updateTab } from './shell/service-worker.svelte.ts'
import { showToast } from './toasts.svelte.ts'

export const sayError = (error: unknown): string =>
  error instanceof Refusal ? sayRefusal(error.code, error.params) : t().refusal.failed

/** Of a part that an update has taken away: nothing has failed, and the way out is that of the update. */
export const isPartReplaced = (error: unknown): boolean => error instanceof Refusal && error.code === 'part-replaced'

/** One message of a kind at a time. */
export function tellError(error: unknown): void {
  const text = () => sayError(error)
  const about = error instanceof Refusal ? error.code : 'failed'
  // In the place of the offer, which it says more of.
  if (isPartReplaced(error))
    showToast({ text, life: null, about: 'update', action: { label: () => t().update.now, run: updateTab } })
  else showToast({ text, tone: 'danger', about })
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
