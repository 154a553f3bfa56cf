/**
 * What a press opens over the page is made behind the press, in a turn of its own: with the press and the look of what is pressed it
 * would be more than a phone does between two frames. What a key opens is there at once, as the next key belongs to it.
 */
import { inTurn } from './in-turns.ts'

let isByKey = false
if (typeof window !== 'undefined') {
  window.addEventListener('keydown', () => (isByKey = true), { capture: true })
  window.addEventListener('pointerdown', () => (isByKey = false), { capture: true })
}

/** Whether a key was the last that asked for something, and not a press. */
export const wasByKey = (): boolean => isByKey

/** Does it behind a press, and at once where a key asked for it; gives back how to let it be. */
export function behindPress(step: () => void): () => void {
  if (!isByKey) return inTurn(step)
  step()
  return () => {}
}

/** For a menu's `onOpenAutoFocus`, which would have the next frame do it: what is pressed before that would be a key of the page. */
export function focusAtOnce(event: Event, menu: HTMLElement | null): void {
  event.preventDefault()
  menu?.focus({ preventScroll: true })
}

/** For `bind:open`. Closed before it was made, it is not made. */
export function openBehindPress(read: () => boolean, write: (open: boolean) => void): { open: boolean } {
  let letBe = () => {}
  return {
    get open() {
      return read()
    },
    set open(open) {
      letBe()
      if (open) letBe = behindPress(() => write(true))
      else write(false)
    },
  }
}
