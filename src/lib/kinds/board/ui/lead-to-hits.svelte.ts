/**
 * What a filter leaves may lie beside the window, or below it: where nothing of it is in view, the board goes to the first of it.
 * Once for each filter, and the keyboard stays where it is.
 */
import { tick } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { inTurn, whenDrawn } from '#lib/ui/in-turns.ts'
import { everything, sameConditions } from '../view-content.ts'
import type { BoardScreen } from './board-screen.svelte.ts'

/** Of what scrolls the columns. */
export function leadToHits(screen: BoardScreen): Attachment<HTMLElement> {
  return (board) => {
    let led = everything
    $effect(() => {
      const { content, arriving } = screen
      if (arriving || sameConditions(led, content)) return
      return inTurn(() => {
        led = content
        void lead()
      })
    })
    async function lead() {
      const asked = led
      await tick()
      await whenDrawn(() => null)
      if (await isHitInView(board)) return
      // Whoever filters goes on meanwhile; what is carried, and the replay, scroll the board themselves.
      const isHeld = screen.hand.lift !== null || screen.columnInHand.carried !== null || screen.past !== null
      if (asked !== led || asked !== screen.content || asked !== screen.shown.content || isHeld) return
      if (screen.filtering) screen.focus.revealFirst()
    }
  }
}

/** Half a tile at least: one of which a corner shows is not seen. Told by the browser, for asking would lay the window out at once. */
function isHitInView(board: HTMLElement): Promise<boolean> {
  const tiles = board.querySelectorAll('[data-card]')
  return new Promise((resolve) => {
    if (tiles.length === 0) return resolve(false)
    const observer = new IntersectionObserver(
      (entries) => {
        observer.disconnect()
        resolve(entries.some(({ intersectionRatio }) => intersectionRatio >= 0.5))
      },
      { root: board },
    )
    for (const tile of tiles) observer.observe(tile)
  })
}
