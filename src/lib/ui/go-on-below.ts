/** "Show more" goes with its last page, and the focus with it: that goes on with the first of what has come. */
const TABBABLE = 'a[href], button, input'

/** To be called once more rows are there. False where the button that was pressed is still there. */
export function goOnBelow(pressed: HTMLElement, rows: Iterable<Element>, from: number): boolean {
  if (pressed.isConnected) return false
  const [first] = [...rows].slice(from).flatMap((row) => row.querySelector<HTMLElement>(TABBABLE) ?? [])
  first?.focus()
  return true
}
