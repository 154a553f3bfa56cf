/** What it is called to bring a card back that is elsewhere, too, or was moved and lies in the archive there. */
import { t } from '#lib/i18n/locale.svelte.ts'
import type { Whereabouts } from '../landed.ts'

export function restoreName(places: readonly Whereabouts[]): string {
  if (places.length === 0) return t().card.restore
  return places.every(({ archived }) => archived) ? t().card.restoreHere : t().card.restoreToo
}
