/** Measures the tiles that are drawn, and lays lists out with what is known. */
import type { Attachment } from 'svelte/attachments'
import { LaidOutCards } from './laid-out-cards.ts'
import type { Rows } from './rows-in-view.ts'
import type { Card } from './screen-board.ts'

/** Above and below. */
const EDGES_PX = 2

/** What a tile adds to its words, as app.css has it for this density and this pointer. */
function framePx(): number {
  const style = getComputedStyle(document.documentElement)
  const [padding = 0, gap = 0] = ['--card-pad-y', '--card-gap'].map((name) => parseFloat(style.getPropertyValue(name)))
  return 2 * padding + gap + EDGES_PX
}

export class CardHeights {
  readonly #laidOut = new LaidOutCards(framePx())
  readonly #cards = new WeakMap<Element, Card>()
  #corrections = $state(0)
  // Sizes are told after layout and before painting: what they change is on screen with them.
  readonly #observer = new ResizeObserver((entries) => {
    for (const { target, borderBoxSize } of entries) {
      const card = this.#cards.get(target)
      if (card !== undefined) this.#laidOut.measure(card, borderBoxSize[0]?.blockSize ?? 0)
    }
    this.#corrections = this.#laidOut.corrections
  })

  /** Where the cards of a list lie; follows what is measured. */
  rowsOf(cards: readonly Card[]): Rows {
    void this.#corrections
    return this.#laidOut.rowsOf(cards)
  }

  readonly measure =
    (card: Card): Attachment<HTMLElement> =>
    (tile) => {
      this.#cards.set(tile, card)
      this.#observer.observe(tile)
      return () => this.#observer.unobserve(tile)
    }
}
