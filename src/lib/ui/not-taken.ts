/** What was typed into a field and could not be taken, said once the field is gone: the words are not lost without a word. */
import { t } from '../i18n/locale.svelte.ts'
import { showToast } from './toasts.svelte.ts'

/** `field` as it is called on the screen; `why` is null where nothing was wrong with the words. */
export function tellNotTaken(field: string, typed: string, why: () => string | null): void {
  const reason = why()
  showToast({
    text: () => t().meanwhile.left(field, typed),
    ...(reason !== null && { detail: () => why() ?? reason }),
    tone: 'danger',
    life: null,
    unsaved: () => typed,
  })
}
