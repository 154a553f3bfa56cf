/**
 * Where a message covers the least of what one may want next: at the bottom, a step or more above it (a toolbar, the buttons
 * below the columns), or at the top. Cards weigh little, for they scroll; other controls much.
 */
const STEP_PX = 44
const STEPS = 10
const GAP_PX = 12
/** So many pixels between the points that are looked at: less than a button is wide or high. */
const GRID_PX = 22
const CARD = 1
const CONTROL = 20
const HIGHER = 2

const CONTROLS =
  'button, a[href], input, textarea, select, [contenteditable="true"], [role="menuitem"], [role="option"]'

/** How far from the bottom of the window the element should be, in pixels. */
export function clearPlace(element: HTMLElement): number {
  const { style } = document.body
  const { pointerEvents } = style
  // A menu that is closing still keeps the pointer from everything else, and what the pointer cannot reach is not found.
  style.pointerEvents = 'auto'
  try {
    return clearestPlace(element)
  } finally {
    style.pointerEvents = pointerEvents
  }
}

function clearestPlace(element: HTMLElement): number {
  const { left, right, height } = element.getBoundingClientRect()
  const top = innerHeight - height - GAP_PX
  const places = [...Array.from({ length: STEPS }, (_, step) => GAP_PX + step * STEP_PX), top].filter(
    (one) => one <= top,
  )
  let best = { bottom: GAP_PX, cost: Infinity }
  for (const [step, bottom] of places.entries()) {
    // No higher one can be better.
    if (step * HIGHER >= best.cost) break
    const cost =
      step * HIGHER + costOf(element, { left, right, top: innerHeight - bottom - height, bottom: innerHeight - bottom })
    if (cost < best.cost) best = { bottom, cost }
  }
  return best.bottom
}

function costOf(
  element: HTMLElement,
  { left, right, top, bottom }: Record<'left' | 'right' | 'top' | 'bottom', number>,
) {
  const covered = new Set<Element>()
  for (const y of pointsBetween(top, bottom))
    for (const x of pointsBetween(left, right)) {
      const under = document.elementsFromPoint(x, y).find((one) => !element.contains(one) && !one.contains(element))
      const control = under?.closest(CONTROLS)
      if (control) covered.add(control)
    }
  return [...covered].reduce((sum, control) => sum + (control.closest('[data-card]') ? CARD : CONTROL), 0)
}

const pointsBetween = (from: number, to: number): number[] => [
  ...Array.from({ length: Math.max(1, Math.ceil((to - from) / GRID_PX)) }, (_, step) => from + step * GRID_PX),
  to,
]
