/**
 * The gesture of carrying something by mouse, pen or finger, whatever it is: a mouse carries after a few pixels, a finger
 * after holding still, so that swiping still scrolls. Escape, a lost pointer or a left window puts it back.
 */
const START_AFTER_PX = 5
const HOLD_MS = 280
const EDGE_PX = 48
const MOST_PX_PER_FRAME = 24

export interface Point {
  x: number
  y: number
}
export interface Carried {
  /** False where it cannot be lifted after all. */
  lift: () => boolean
  /** With every move, and in every frame while it is carried: what scrolls beneath it moves it too. */
  move: (at: Point) => void
  frame: (at: Point) => void
  drop: () => void
  putBack: () => void
}

/** Follows the pointer that has gone down on `origin` until it is up. */
export function carry(down: PointerEvent, origin: Element, { lift, move, frame, drop, putBack }: Carried): void {
  const touch = down.pointerType === 'touch'
  let last = { x: down.clientX, y: down.clientY }
  let carrying = false
  let next = 0
  const ending = new AbortController()
  const { signal } = ending

  const onFrame = () => {
    frame(last)
    next = requestAnimationFrame(onFrame)
  }
  const start = () => {
    if (!lift()) return end()
    carrying = true
    getSelection()?.removeAllRanges()
    if (touch) navigator.vibrate?.(10)
    move(last)
    next = requestAnimationFrame(onFrame)
  }
  // A window that was busy reads its timers before the moves that the finger made meanwhile; those come before the next frame.
  const holdStill = () => (next = requestAnimationFrame(() => (next = requestAnimationFrame(start))))
  const hold = touch ? setTimeout(holdStill, HOLD_MS) : 0
  const end = () => {
    clearTimeout(hold)
    cancelAnimationFrame(next)
    ending.abort()
  }
  const cancel = () => {
    const lifted = carrying
    end()
    if (lifted) putBack()
  }
  const isFar = ({ clientX, clientY }: PointerEvent) =>
    Math.hypot(clientX - down.clientX, clientY - down.clientY) > START_AFTER_PX
  /** The finger went on before it had held still: that is a swipe, whenever it is heard of. */
  const isSwipe = (event: PointerEvent) =>
    [event, ...event.getCoalescedEvents()].some((one) => isFar(one) && one.timeStamp - down.timeStamp < HOLD_MS)

  window.addEventListener(
    'pointermove',
    (event) => {
      if (event.pointerId !== down.pointerId) return
      last = { x: event.clientX, y: event.clientY }
      if (touch && (carrying ? isSwipe(event) : isFar(event))) return cancel()
      if (carrying) move(last)
      else if (isFar(event)) start()
    },
    { signal },
  )
  window.addEventListener(
    'pointerup',
    (event) => {
      if (event.pointerId !== down.pointerId) return
      const lifted = carrying
      end()
      if (!lifted) return
      // A button that lies there is not what the finger pressed: a menu opens as soon as one goes up on its.
      event.stopPropagation()
      swallowClick()
      drop()
    },
    { signal, capture: true },
  )
  window.addEventListener('pointercancel', (event) => event.pointerId === down.pointerId && cancel(), { signal })
  window.addEventListener('blur', cancel, { signal })
  window.addEventListener(
    'keydown',
    (event) => {
      if (!carrying || event.key !== 'Escape') return
      event.preventDefault()
      event.stopPropagation()
      cancel()
    },
    { signal, capture: true },
  )
  // On the element itself: it keeps receiving the finger's events when it is drawn anew in another place.
  origin.addEventListener('touchmove', (event) => carrying && event.preventDefault(), { signal, passive: false })
  if (touch) addEventListener('contextmenu', (event) => event.preventDefault(), { signal })
}

/** How far to scroll this frame for a pointer near an edge. */
export function pull(at: number, from: number, to: number): number {
  if (at < from + EDGE_PX) return -Math.min(1, (from + EDGE_PX - at) / EDGE_PX) * MOST_PX_PER_FRAME
  if (at > to - EDGE_PX) return Math.min(1, (at - to + EDGE_PX) / EDGE_PX) * MOST_PX_PER_FRAME
  return 0
}

/** The click that follows a drop must not open anything. */
function swallowClick(): void {
  const swallow = (event: MouseEvent) => {
    event.preventDefault()
    event.stopPropagation()
  }
  window.addEventListener('click', swallow, { capture: true, once: true })
  // Where no click follows (another element is under the pointer), the next one is a real one.
  setTimeout(() => window.removeEventListener('click', swallow, { capture: true }))
}
