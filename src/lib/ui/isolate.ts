/**
 * Makes everything beside an element that covers the screen inert: the focus stays in it, a screen reader sees only it.
 * What opens later (a menu, a dialog) lies beside it and stays alive, and so does what is marked `data-stays`.
 */
export function isolate(element: HTMLElement): () => void {
  const silenced: HTMLElement[] = []
  for (let inside: HTMLElement = element; inside !== document.body;) {
    const around = inside.parentElement
    if (!around) break
    for (const beside of around.children) {
      if (beside === inside || !(beside instanceof HTMLElement) || beside.inert || 'stays' in beside.dataset) continue
      beside.inert = true
      silenced.push(beside)
    }
    inside = around
  }
  return () => {
    for (const one of silenced) one.inert = false
  }
}
