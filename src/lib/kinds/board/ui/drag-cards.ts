/**
 * Dragging by mouse, pen and finger: pointer events over the whole board, on top of the same hand that the keyboard uses.
 * A mouse drags after a few pixels; a finger after holding still, so that swiping still scrolls.
 */
import type { Attachment } from 'svelte/attachments'
import type { BoardScreen } from './board-screen.svelte.ts'

const START_AFTER_PX = 5
const HOLD_MS = 280
const EDGE_PX = 48
const MOST_PX_PER_FRAME = 24

export interface Ghost {
  x: number
  y: number
  width: number
}

export function dragCards(screen: BoardScreen, showGhost: (ghost: Ghost | null) => void): Attachment<HTMLElement> {
  return (board) => {
    const onPointerDown = (event: PointerEvent) => {
      if (event.button !== 0 || !event.isPrimary || screen.locked || screen.lift) return
      const target = event.target instanceof Element ? event.target : null
      const tile = target?.closest<HTMLElement>('[data-card]')
      const card = tile?.dataset['card']
      if (!target || !tile || !card || target.closest('button, input, textarea')) return
      follow(board, screen, showGhost, event, target, tile, card)
    }
    board.addEventListener('pointerdown', onPointerDown)
    return () => board.removeEventListener('pointerdown', onPointerDown)
  }
}

function follow(
  board: HTMLElement,
  screen: BoardScreen,
  showGhost: (ghost: Ghost | null) => void,
  down: PointerEvent,
  origin: Element,
  tile: HTMLElement,
  card: string,
): void {
  const touch = down.pointerType === 'touch'
  const rect = tile.getBoundingClientRect()
  const grip = { x: down.clientX - rect.left, y: down.clientY - rect.top }
  let last = { x: down.clientX, y: down.clientY }
  let dragging = false
  let frame = 0
  const ending = new AbortController()
  const { signal } = ending

  const start = () => {
    if (!screen.startLift(card, 'pointer', laneOf(tile))) return end()
    dragging = true
    getSelection()?.removeAllRanges()
    if (touch) navigator.vibrate?.(10)
    show()
    frame = requestAnimationFrame(autoScroll)
  }
  const hold = touch ? setTimeout(start, HOLD_MS) : 0
  const show = () => showGhost({ x: last.x - grip.x, y: last.y - grip.y, width: rect.width })
  const end = () => {
    clearTimeout(hold)
    cancelAnimationFrame(frame)
    showGhost(null)
    ending.abort()
  }

  const autoScroll = () => {
    const view = board.getBoundingClientRect()
    board.scrollLeft += pull(last.x, view.left, view.right)
    // A column scrolls its own cards; lanes scroll together.
    const list = listAt(board, last)?.querySelector<HTMLElement>('[data-cards]') ?? board
    const { top, bottom } = list.getBoundingClientRect()
    list.scrollTop += pull(last.y, top, bottom)
    place()
    frame = requestAnimationFrame(autoScroll)
  }
  const place = () => {
    const list = listAt(board, last)
    const column = list?.dataset['column']
    if (list && column !== undefined) screen.placeLift(column, placeAt(list, last.y, card), laneOf(list))
  }

  window.addEventListener(
    'pointermove',
    (event) => {
      if (event.pointerId !== down.pointerId) return
      last = { x: event.clientX, y: event.clientY }
      if (dragging) return show()
      const far = Math.hypot(last.x - down.clientX, last.y - down.clientY) > START_AFTER_PX
      // A finger that moves before it has held still wants to scroll.
      if (far) (touch ? end : start)()
    },
    { signal },
  )
  window.addEventListener(
    'pointerup',
    (event) => {
      if (event.pointerId !== down.pointerId) return
      const dropped = dragging
      end()
      if (!dropped) return
      swallowClick()
      void screen.dropLift()
    },
    { signal },
  )
  const cancel = () => {
    const dropped = dragging
    end()
    if (dropped) screen.cancelLift()
  }
  window.addEventListener('pointercancel', (event) => event.pointerId === down.pointerId && cancel(), { signal })
  window.addEventListener('blur', cancel, { signal })
  window.addEventListener(
    'keydown',
    (event) => {
      if (!dragging || event.key !== 'Escape') return
      event.preventDefault()
      event.stopPropagation()
      cancel()
    },
    { signal, capture: true },
  )
  // On the element itself: it keeps receiving the finger's events when its tile is drawn anew in another column.
  origin.addEventListener('touchmove', (event) => dragging && event.preventDefault(), { signal, passive: false })
  if (touch) addEventListener('contextmenu', (event) => event.preventDefault(), { signal })
}

const laneOf = (element: HTMLElement): string => element.closest<HTMLElement>('[data-lane]')?.dataset['lane'] ?? ''

/** The column, or its cell in a lane, under or nearest to a point. */
function listAt(board: HTMLElement, { x, y }: { x: number; y: number }): HTMLElement | null {
  let nearest: HTMLElement | null = null
  let least = Infinity
  for (const list of board.querySelectorAll<HTMLElement>('[data-column]')) {
    const { left, right, top, bottom } = list.getBoundingClientRect()
    const beside = Math.max(0, left - x, x - right)
    // A column takes what is held below it, too.
    const away = list.dataset['lane'] === undefined ? beside : beside + Math.max(0, top - y, y - bottom)
    if (away < least) [nearest, least] = [list, away]
  }
  return nearest
}

/** The place among the other cards of a list, of which only those near the view are drawn. */
function placeAt(list: HTMLElement, y: number, card: string): number {
  const tiles = [...list.querySelectorAll<HTMLElement>('[data-card]')]
  const held = tiles.find((tile) => tile.dataset['card'] === card)
  const without = (tile: HTMLElement) => {
    const place = Number(tile.dataset['place'])
    return held && Number(held.dataset['place']) < place ? place - 1 : place
  }
  const others = tiles.filter((tile) => tile !== held)
  const first = others[0]
  // Nothing can be aimed at in a lane that is folded up.
  if (list.dataset['folded'] !== undefined) return Infinity
  if (!first) return held ? Number(held.dataset['place']) : 0
  let index = without(first)
  for (const other of others) {
    const { top, height } = other.getBoundingClientRect()
    if (y > top + height / 2) index = without(other) + 1
  }
  return index
}

/** How far to scroll this frame for a pointer near an edge. */
function pull(at: number, from: number, to: number): number {
  if (at < from + EDGE_PX) return -Math.min(1, (from + EDGE_PX - at) / EDGE_PX) * MOST_PX_PER_FRAME
  if (at > to - EDGE_PX) return Math.min(1, (at - to + EDGE_PX) / EDGE_PX) * MOST_PX_PER_FRAME
  return 0
}

/** The click that follows a drop must not open the card. */
function swallowClick(): void {
  const swallow = (event: MouseEvent) => {
    event.preventDefault()
    event.stopPropagation()
  }
  window.addEventListener('click', swallow, { capture: true, once: true })
  // Where no click follows (another element is under the pointer), the next one is a real one.
  setTimeout(() => window.removeEventListener('click', swallow, { capture: true }))
}
