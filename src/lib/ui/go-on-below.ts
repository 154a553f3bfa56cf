/**
 * What is pressed in a list may go, and the focus with it: that goes on with what is beside. "Show more" goes with its last page, and the focus with it: that goes on
 * with the first of what has come.
 */
const TABBABLE = 'a[href], button, input'

/** To be called once more rows are there. False where the button that was pressed is still there. */
export function goOnBelow(pressed: HTMLElement, rows: Iterable<Element>, from: number): boolean {
  if (pressed.isConnected) return false
  const [first] = [...rows].slice(from).flatMap((row) => row.querySelector<HTMLElement>(TABBABLE) ?? [])
  first?.focus()
  return true
}

/**
 * To be called before its row goes: what is to be done once it has. The focus goes on with the same button of the next row, else of
 * the one before, else with what `last` finds; whoever has gone on in the list meanwhile keeps theirs.
 */
export function goingOnBeside(
  pressed: HTMLElement,
  list: HTMLElement,
  last: () => HTMLElement | null | undefined,
): () => void {
  const buttons = [...list.querySelectorAll<HTMLElement>('li button')]
  const at = buttons.indexOf(pressed)
  const beside = [...buttons.slice(at + 1), ...buttons.slice(0, at).reverse()]
  return () => {
    if (pressed.isConnected || list.contains(document.activeElement)) return
    const next = beside.find((button) => button.isConnected) ?? last()
    next?.focus()
  }
}
