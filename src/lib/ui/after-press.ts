/**
 * What folds away because the focus goes elsewhere waits until the press is over that took it there: what is pressed would move from under the
 * pointer, and the press would end on something else, or on nothing.
 */
import { inTurn } from './in-turns.ts'

let isDown = false
if (typeof window !== 'undefined') {
  const follow = (type: string, down: boolean) =>
    window.addEventListener(type, () => (isDown = down), { capture: true })
  follow('pointerdown', true)
  follow('pointerup', false)
  follow('pointercancel', false)
}

/** Does it at once where nothing is pressed; gives back how to let it be. */
export function afterPress(step: () => void): () => void {
  if (!isDown) {
    step()
    return () => {}
  }
  const over = new AbortController()
  let letBe = () => over.abort()
  const end = () => {
    over.abort()
    letBe = inTurn(step)
  }
  for (const type of ['pointerup', 'pointercancel']) window.addEventListener(type, end, { signal: over.signal })
  return () => letBe()
}
