/** A card that was added and that the filter hides: that is said, or it would look as if nothing had been added. */
import { t } from '#lib/i18n/locale.svelte.ts'
import { dismissToastsAbout, showToast } from '#lib/ui/toasts.svelte.ts'
import type { BoardScreen } from './board-screen.svelte.ts'

const HIDDEN = 'hidden-by-filter'

export function sayHidden(screen: BoardScreen, card: string, title: string): void {
  screen.saidHidden = card
  showToast({
    text: () => t().quick.hidden(title),
    about: HIDDEN,
    action: { label: () => t().board.clearFilter, run: () => screen.clearFilter() },
  })
}

/** To be called whenever the board, or its filter, has changed: it is over once the card is shown, or gone. */
export function endHidden(screen: BoardScreen): void {
  if (screen.saidHidden === null || screen.isFilteredOut(screen.saidHidden)) return
  screen.saidHidden = null
  dismissToastsAbout(HIDDEN)
}
