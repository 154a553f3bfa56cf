/**
 * Where a message covers the least of what one may want next: at the bottom, a step or more above it (a toolbar, the buttons
 * below the columns), or at the top. Cards weigh little, for they scroll; other controls much; where somebody writes, what is
 * done to several cards and what a dialog asks for weigh so much that only a window full of them is covered.
 */
const STEP_PX = 44
const GAP_PX = 12
/** So many pixels between the points that are looked at: less than a button is wide or high. */
const GRID_PX = 22
const CARD = 3
const CONTROL = 20
const NEVER = 1000
const HIGHER = 2

const FIELDS = 'input, textarea, select, [contenteditable="true"]'
const CONTROLS = `button, a[href], label, ${FIELDS}, [role="menuitem"], [role="option"]`
/** What belongs together and is in use: an open editor with its buttons, the bar of the chosen cards, a dialog's answers, a filter. */
const IN_USE = 'form, [data-editor], [role="toolbar"], [role="dialog"], [role="alertdialog"], [data-popover-content]'
/** What a dialog says is to be read before it is answered. */
const DIALOGS = '[role="dialog"], [role="alertdialog"]'
/** A bar is one thing, also where it has nothing between its buttons. */
const SURFACES = `[role="toolbar"], ${DIALOGS}`
/** What is fading out. */
const LEAVING = ':is([role="menu"], [role="dialog"], [role="alertdialog"])[data-state="closed"]'

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
  const steps = Math.max(0, Math.floor((top - GAP_PX) / STEP_PX))
  const places = [...Array.from({ length: steps + 1 }, (_, step) => GAP_PX + step * STEP_PX), top]
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

/** What somebody has begun to use who has come there. */
export const usedAt = (target: Element): Element | null => target.closest(IN_USE) ?? target.closest(FIELDS)

/** Whether the element lies over that. */
export function isCovered(used: Element, element: HTMLElement): boolean {
  const below = used.getBoundingClientRect()
  const cover = element.getBoundingClientRect()
  return below.top < cover.bottom && cover.top < below.bottom && below.left < cover.right && cover.left < below.right
}

function costOf(
  element: HTMLElement,
  { left, right, top, bottom }: Record<'left' | 'right' | 'top' | 'bottom', number>,
) {
  const covered = new Set<Element>()
  for (const y of pointsBetween(top, bottom))
    for (const x of pointsBetween(left, right)) {
      const under = document
        .elementsFromPoint(x, y)
        .find((one) => !element.contains(one) && !one.contains(element) && !one.closest(LEAVING))
      const control = under?.closest(CONTROLS) ?? under?.closest(SURFACES)
      if (control) covered.add(control)
    }
  return [...covered].reduce((sum, control) => sum + weightOf(control), 0)
}

function weightOf(control: Element): number {
  if (control.matches(DIALOGS)) return CONTROL
  if (control.matches(FIELDS) || control.closest(IN_USE) || control === document.activeElement) return NEVER
  return control.closest('[data-card]') ? CARD : CONTROL
}

const pointsBetween = (from: number, to: number): number[] => [
  ...Array.from({ length: Math.max(1, Math.ceil((to - from) / GRID_PX)) }, (_, step) => from + step * GRID_PX),
  to,
]
