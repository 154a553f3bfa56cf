/**
 * How far boards are scrolled, for whoever leaves one and comes back to it in this tab. It is kept as long as the tab is, and
 * nowhere else.
 */
import type { Attachment } from 'svelte/attachments'
import type { DocId } from '#lib/kernel/ids.ts'
import { scrollToKeep, type KeyedRows } from './rows-in-view.ts'

/** By board and column. */
const ofColumns = new Map<string, { rows: KeyedRows; scrolled: number }>()
/** By board, for what scrolls as a whole. */
const ofWholes = new Map<string, { top: number; left: number }>()
const placeKey = (work: DocId, part: string): string => JSON.stringify([work, part])

export function keepColumn(work: DocId, column: string, rows: KeyedRows, scrolled: number): void {
  ofColumns.set(placeKey(work, column), { rows, scrolled })
}
/** How far the column is to be scrolled, so that the card that was on top is there again; other cards may have come or gone. */
export function columnAsLeft(work: DocId, column: string, now: KeyedRows): number {
  const left = ofColumns.get(placeKey(work, column))
  return left ? left.scrolled + scrollToKeep(left.rows, now, left.scrolled) : 0
}

/** For the element that scrolls: as far as it was, once all of it is there. It is asked again when what `isThere` reads changes. */
export const asLeft =
  ({ work }: { work: DocId }, whole: 'columns' | 'lanes' | 'table', isThere: () => boolean): Attachment<HTMLElement> =>
  (element) => {
    if (!isThere()) return
    const key = placeKey(work, whole)
    const left = ofWholes.get(key)
    // Whoever has gone elsewhere meanwhile stays there.
    if (left && element.scrollTop === 0 && element.scrollLeft === 0) element.scrollTo(left)
    const note = () => ofWholes.set(key, { top: element.scrollTop, left: element.scrollLeft })
    element.addEventListener('scroll', note)
    return () => element.removeEventListener('scroll', note)
  }
