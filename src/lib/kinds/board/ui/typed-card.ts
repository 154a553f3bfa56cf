/** A card that is being typed: its words outlive the field, and are spoken of where its column goes. */
import { t } from '#lib/i18n/locale.svelte.ts'
import type { Draft } from '#lib/ui/draft.svelte.ts'
import { draftAt } from '#lib/ui/half-typed.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import type { Adding, BoardScreen } from './board-screen.svelte.ts'

/** Whoever leaves the board in the middle of a card, or sees it in another way, finds its words again. */
export const typedCardAt = (
  { workspace, work }: Pick<BoardScreen, 'workspace' | 'work'>,
  { column, lane }: Adding,
): Draft => draftAt(workspace, [work, column, ...(lane === null ? [] : [lane])].join(' '))

/** To be called whenever the board has changed: who types into a column that somebody archives is told. The words wait for it to come back. */
export function tellNotAdded(screen: BoardScreen): void {
  const { adding, board, past } = screen
  if (!adding || past || board.columns.some(({ id }) => id === adding.column)) return
  screen.adding = null
  const typed = typedCardAt(screen, adding).text.trim()
  if (typed) showToast({ text: () => t().board.notAdded(typed), life: null })
}
