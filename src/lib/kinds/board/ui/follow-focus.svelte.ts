/**
 * Others move the card on which somebody stands: its tile is drawn anew in another list, and the browser gives the focus of
 * the old one to nobody. It goes on with the card instead.
 */
import { untrack } from 'svelte'
import type { TileOnScreen } from './board-focus.svelte.ts'
import type { BoardScreen } from './board-screen.svelte.ts'

/** To be called while the component of the board is made. */
export function followFocus(screen: BoardScreen): void {
  let held: TileOnScreen | null = null
  const changed = () => [screen.columns, screen.lanes.shown]
  // Before the lists are drawn anew, and after.
  $effect.pre(() => {
    changed()
    held = tileWithFocus()
  })
  $effect(() => {
    changed()
    const tile = held
    held = null
    if (tile && document.activeElement === document.body) untrack(() => screen.focus.follow(tile))
  })
}

function tileWithFocus(): TileOnScreen | null {
  const tile = document.activeElement?.closest<HTMLElement>('[data-card]')
  const list = tile?.closest<HTMLElement>('[data-column]')
  const [card, column] = [tile?.dataset['card'], list?.dataset['column']]
  if (!tile || !list || card === undefined || column === undefined) return null
  return { card, column, lane: list.dataset['lane'] ?? '', index: Number(tile.dataset['place']) }
}
