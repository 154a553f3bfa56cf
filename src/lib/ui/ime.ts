/** Whether this key press belongs to an input method: its Enter chooses a word and must never submit (P54). */
export const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229
