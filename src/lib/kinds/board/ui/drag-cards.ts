/**
 * Dragging cards by mouse, pen and finger: pointer events over the whole board, on top of the same hand that the keyboard uses.
 */
import type { Attachment } from 'svelte/attachments'
import type { DocId } from '#lib/kernel/ids.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { boardElsewhere } from './card-address.svelte.ts'
import { carry, pull, type Point } from './carry.ts'
import { moveAway } from './move-to-board.ts'

export interface Ghost {
  x: number
  y: number
  width: number
}

export function dragCards(screen: BoardScreen, showGhost: (ghost: Ghost | null) => void): Attachment<HTMLElement> {
  return (board) => {
    const onPointerDown = (event: PointerEvent) => {
      if (event.button !== 0 || !event.isPrimary || screen.locked || screen.hand.lift) return
      const target = event.target instanceof Element ? event.target : null
      const tile = target?.closest<HTMLElement>('[data-card]')
      const card = tile?.dataset['card']
      if (!target || !tile || !card || target.closest('button, input, textarea')) return
      const { left, top, width } = tile.getBoundingClientRect()
      /** The link of another board that the card is held over. */
      let over: BoardLink | null = null
      const aim = (next: BoardLink | null) => {
        if (over?.link !== next?.link) over?.link.removeAttribute('data-takes')
        next?.link.setAttribute('data-takes', '')
        over = next
      }
      const grip = { x: event.clientX - left, y: event.clientY - top }
      carry(event, target, {
        lift: () => screen.hand.take(card, 'pointer', laneOf(tile)),
        move: ({ x, y }) => showGhost({ x: x - grip.x, y: y - grip.y, width }),
        frame(at) {
          const view = board.getBoundingClientRect()
          const isBeside = at.x < view.left
          aim(isBeside ? boardLinkAt(screen, at) : null)
          if (isBeside) screen.hand.goHome()
          if (over) return
          board.scrollLeft += pull(at.x, view.left, view.right)
          // A column scrolls its own cards; lanes scroll together.
          const under = listAt(board, at)
          const scroller = under?.querySelector<HTMLElement>('[data-cards]') ?? board
          const { top: from, bottom: to } = scroller.getBoundingClientRect()
          scroller.scrollTop += pull(at.y, from, to)
          const list = listAt(board, at)
          const column = list?.dataset['column']
          if (list && column !== undefined && !isBeside)
            screen.hand.place(column, placeAt(list, at.y, card), laneOf(list))
        },
        drop() {
          showGhost(null)
          const given = over && screen.hand.giveAway()
          if (over && given)
            void moveAway(screen, given.card, given.cards, { work: over.work, column: null, top: false })
          else void screen.hand.drop({ byFinger: event.pointerType === 'touch' })
          aim(null)
        },
        putBack() {
          showGhost(null)
          aim(null)
          screen.hand.putBack()
        },
      })
    }
    board.addEventListener('pointerdown', onPointerDown)
    return () => board.removeEventListener('pointerdown', onPointerDown)
  }
}

interface BoardLink {
  link: HTMLAnchorElement
  work: DocId
}
/** Boards are named beside this one: whichever takes cards. */
function boardLinkAt({ workspace, otherBoards }: BoardScreen, { x, y }: Point): BoardLink | null {
  const link = document.elementFromPoint(x, y)?.closest('a')
  const board = otherBoards.find(({ id }) => link?.pathname === boardElsewhere(workspace, id))
  return link && board ? { link, work: board.id } : null
}

const laneOf = (element: HTMLElement): string => element.closest<HTMLElement>('[data-lane]')?.dataset['lane'] ?? ''

/** The column, or its cell in a lane, under or nearest to a point. */
function listAt(board: HTMLElement, { x, y }: Point): HTMLElement | null {
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
