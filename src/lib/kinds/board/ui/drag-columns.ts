/** Dragging a column by its head. It takes its new place on screen while it is carried; its menu does the same by keyboard. */
import type { Attachment } from 'svelte/attachments'
import type { BoardScreen } from './board-screen.svelte.ts'
import { carry, pull } from './carry.ts'

export function dragColumns(screen: BoardScreen): Attachment<HTMLElement> {
  return (board) => {
    const onPointerDown = (event: PointerEvent) => {
      if (event.button !== 0 || !event.isPrimary || screen.locked || screen.hand.lift) return
      const target = event.target instanceof Element ? event.target : null
      const column = target?.closest<HTMLElement>('[data-column-head]')?.dataset['columnHead']
      if (!target || !column || target.closest('button, input, textarea')) return
      carry(event, target, {
        lift: () => screen.columnInHand.take(column),
        move: ({ x }) => screen.columnInHand.place(placeAt(board, column, x)),
        frame({ x }) {
          const { left, right } = board.getBoundingClientRect()
          const by = pull(x, left, right)
          if (by === 0) return
          board.scrollLeft += by
          screen.columnInHand.place(placeAt(board, column, x))
        },
        drop: () => void screen.columnInHand.drop({ byFinger: event.pointerType === 'touch' }),
        putBack: () => screen.columnInHand.putBack(),
      })
    }
    board.addEventListener('pointerdown', onPointerDown)
    return () => board.removeEventListener('pointerdown', onPointerDown)
  }
}

/** The place among the other columns: behind those whose middle has been passed. */
function placeAt(board: HTMLElement, column: string, x: number): number {
  return [...board.querySelectorAll<HTMLElement>('[data-column-head]')].filter((head) => {
    const { left, width } = head.getBoundingClientRect()
    return head.dataset['columnHead'] !== column && x > left + width / 2
  }).length
}
