/** What it is called to bring a card back that is elsewhere, too, or here as another one, or was moved and lies in the archive there. */
import { t } from '#lib/i18n/locale.svelte.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import type { Whereabouts } from '../landed.ts'

export function restoreName(places: readonly Whereabouts[], here: DocId): string {
  if (places.length === 0) return t().card.restore
  const standing = places.filter(({ archived }) => !archived)
  if (standing.length === 0) return t().card.restoreHere
  return standing.some(({ work }) => work === here) ? t().card.restoreAsSecond : t().card.restoreToo
}
