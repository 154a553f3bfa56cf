/**
 * Where a message covers the least of what one may want next: at the bottom, a step or more above it (a toolbar, the buttons
 * below the columns), or at the top. Cards weigh little, for they scroll; other controls much; where somebody writes, what is
 * done to several cards and what a dialog asks for weigh so much that only a window full of them is covered.
 */
const STEP_PX = 44
const GAP_PX = 12
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

interface Control {
  at: DOMRect
  /** 0 where something else lies over it. Looked for once, and only where a message could cover it. */
  weight: () => number
}

/** How far from the bottom of the window the element should be, in pixels. */
export function clearPlace(element: HTMLElement): number {
  const { style } = document.body
  // A menu that is closing still keeps the pointer from everything else, and what the pointer cannot reach is not found.
  if (style.pointerEvents !== 'none') return clearestPlace(element)
  style.pointerEvents = 'auto'
  try {
    return clearestPlace(element)
  } finally {
    style.pointerEvents = 'none'
  }
}

function clearestPlace(element: HTMLElement): number {
  const { left, right, height } = element.getBoundingClientRect()
  const top = innerHeight - height - GAP_PX
  const steps = Math.max(0, Math.floor((top - GAP_PX) / STEP_PX))
  const places = [...Array.from({ length: steps + 1 }, (_, step) => GAP_PX + step * STEP_PX), top]
  const controls = controlsBetween(left, right, element)
  let best = { bottom: GAP_PX, cost: Infinity }
  for (const [step, bottom] of places.entries()) {
    // No higher one can be better.
    if (step * HIGHER >= best.cost) break
    const [from, to] = [innerHeight - bottom - height, innerHeight - bottom]
    const covered = controls.filter(({ at }) => at.top <= to && from <= at.bottom)
    const cost = step * HIGHER + covered.reduce((sum, { weight }) => sum + weight(), 0)
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

/**
 * Those between the two edges. Whether one can be seen is asked at a few of its own points: to ask at every point of the window what lies there
 * takes a phone with a large board a second.
 */
function controlsBetween(left: number, right: number, element: HTMLElement): Control[] {
  return [...document.querySelectorAll(`${CONTROLS}, ${SURFACES}`)].flatMap((control) => {
    if (element.contains(control) || control.closest(LEAVING)) return []
    const at = control.getBoundingClientRect()
    const seen = {
      left: Math.max(at.left, left, 0),
      right: Math.min(at.right, right, innerWidth),
      top: Math.max(at.top, 0),
      bottom: Math.min(at.bottom, innerHeight),
    }
    if (seen.left >= seen.right || seen.top >= seen.bottom) return []
    const isThere = () =>
      pointsOf(seen).some(([x, y]) => {
        const under = seenAt(x, y, element)
        return under !== undefined && control.contains(under)
      })
    let weight: number | undefined
    return [{ at, weight: () => (weight ??= isThere() ? weightOf(control) : 0) }]
  })
}

const INSET_PX = 2
function pointsOf({ left, right, top, bottom }: Record<'left' | 'right' | 'top' | 'bottom', number>) {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2]
  const [west, east, north, south] = [left + INSET_PX, right - INSET_PX, top + INSET_PX, bottom - INSET_PX]
  return [
    [x, y],
    [west, north],
    [east, south],
    [east, north],
    [west, south],
  ] as const
}

/** Beneath the element, and beneath what is fading out. */
function seenAt(x: number, y: number, element: HTMLElement): Element | undefined {
  const isIn = (one: Element) => !element.contains(one) && !one.closest(LEAVING)
  const first = document.elementFromPoint(x, y)
  return first && isIn(first) ? first : document.elementsFromPoint(x, y).find(isIn)
}

function weightOf(control: Element): number {
  if (control.matches(DIALOGS)) return CONTROL
  if (control.matches(FIELDS) || control.closest(IN_USE) || control === document.activeElement) return NEVER
  return control.closest('[data-card]') ? CARD : CONTROL
}
