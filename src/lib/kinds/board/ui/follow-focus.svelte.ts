/**
 * Others move the card on which somebody stands: its tile is drawn anew in another list, and the browser gives the focus of
 * the old one to nobody. It goes on with the card instead. Where a whole column is put elsewhere, what has the focus in it is taken
 * out of the page and in again, and gets it back.
 */
import { untrack } from 'svelte'
import type { TileOnScreen } from './board-focus.svelte.ts'
import type { BoardScreen } from './board-screen.svelte.ts'

/** To be called while the component of the board is made. */
export function followFocus(screen: BoardScreen): void {
  let held: HTMLElement | null = null
  let tile: TileOnScreen | null = null
  const changed = () => [screen.columns, screen.lanes.shown]
  // Before the lists are drawn anew, and after.
  $effect.pre(() => {
    changed()
    held = inColumn(document.activeElement)
    tile = tileOf(held)
  })
  $effect(() => {
    changed()
    const [element, at] = [held, tile]
    held = tile = null
    if (!element || document.activeElement !== document.body) return
    const lift = untrack(() => screen.hand.lift)
    if (element.isConnected && (!at || lift || isSame(at, tileOf(element)))) {
      element.focus({ preventScroll: at !== null })
      // Where it went, it may be out of sight.
      if (at && lift?.by === 'keyboard' && lift.card.id === at.card)
        untrack(() => void screen.focus.reveal(at.card, at.lane))
    } else if (at) untrack(() => screen.focus.follow(at))
  })
}

const inColumn = (element: Element | null): HTMLElement | null =>
  element instanceof HTMLElement && element.closest('[data-column]') ? element : null

function tileOf(element: HTMLElement | null): TileOnScreen | null {
  const tile = element?.closest<HTMLElement>('[data-card]')
  const list = tile?.closest<HTMLElement>('[data-column]')
  const [card, column] = [tile?.dataset['card'], list?.dataset['column']]
  if (!tile || !list || card === undefined || column === undefined) return null
  return { card, column, lane: list.dataset['lane'] ?? '', index: Number(tile.dataset['place']) }
}

const isSame = (one: TileOnScreen, other: TileOnScreen | null): boolean =>
  one.card === other?.card && one.column === other.column && one.lane === other.lane && one.index === other.index
