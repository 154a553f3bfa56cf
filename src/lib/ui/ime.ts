/** Whether this key press belongs to an input method: its Enter chooses a word and must never submit (P54). */
export const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229

/**
 * An Escape that gives up a word half composed is nobody else's: else it would close the card, the dialog or the list around the
 * field. For the window, before anything in it hears of the key.
 */
export function keepComposing(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || !isComposing(event)) return
  event.stopPropagation()
  // The browser itself empties a search field.
  if (event.target instanceof HTMLInputElement && event.target.type === 'search') event.preventDefault()
}
