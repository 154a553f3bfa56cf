import { untrack } from 'svelte'
import { firstInTurn, inTurn } from '#lib/ui/in-turns.ts'

/** So far beyond the view a list is drawn, so that it is there before one has scrolled to it. */
const AHEAD_PX = 240

/**
 * Pixels beyond the view that a list is drawn for: none before the view itself has been painted, for what a person waits for comes
 * first. Called while a component is made; it begins again when what `again` reads changes.
 */
export function drawnAhead(again: () => unknown = () => null): { readonly px: number } {
  let px = $state(0)
  $effect.pre(() => {
    again()
    px = 0
    let cancel: (() => void) | undefined
    const frame = requestAnimationFrame(() => (cancel = inTurn(() => (px = AHEAD_PX))))
    return () => {
      cancelAnimationFrame(frame)
      cancel?.()
    }
  })
  return {
    get px() {
      return px
    },
  }
}

/**
 * The place that a list is drawn for while somebody scrolls it: behind the frame that shows how far it is scrolled, as long as
 * what is drawn ahead is still in view; farther away at once. Called while a component is made.
 */
export function drawnPlace(ahead: () => number, scrolled: () => number): { readonly at: number } {
  let before = $state(untrack(scrolled))
  const isBehind = $derived(scrolled() !== before)
  const at = $derived(Math.abs(scrolled() - before) > ahead() ? scrolled() : before)
  $effect.pre(() => {
    if (isBehind) return firstInTurn(() => (before = scrolled()))
  })
  return {
    get at() {
      return at
    },
  }
}
