/**
 * What somebody was writing in went from under their hands. The keys that they still press are meant for that: none of them is a
 * command, until one leaves the field that is gone, or leads elsewhere.
 */
export class StillTyping {
  /** What has the focus instead. */
  #place = $state.raw<Element | null>(null)

  get on(): boolean {
    return this.#place !== null
  }
  begin(place: Element | null | undefined): void {
    this.#place = place ?? null
  }
  end(): void {
    this.#place = null
  }

  /** True of a key that is for nobody. */
  takes({ key, ctrlKey, metaKey, target }: KeyboardEvent): boolean {
    if (target !== this.#place) this.end()
    if (!this.on) return false
    const writes = key.length === 1 || key === 'Backspace' || key === 'Delete'
    const leaves = key === 'Enter' || key === 'Escape' || key === 'Tab'
    // Within the words that went these move the caret alone.
    const movesCaret = key === 'ArrowLeft' || key === 'ArrowRight' || key === 'Home' || key === 'End'
    if (ctrlKey || metaKey) {
      if (key === 'Home' || key === 'End') this.end()
      return leaves || (writes && 'acvxyz'.includes(key.toLowerCase()))
    }
    if (leaves || /^(?:Arrow(?:Up|Down)|Page)/.test(key)) this.end()
    return leaves || writes || movesCaret
  }
}
