/**
 * How high each card's tile is: measured once it was drawn, guessed before. Cards keep their height when they go to another
 * column. Lists are laid out with what is known, and anew only where one of their cards turned out to have another height.
 */
import { widthOf } from '#lib/kernel/text-width.ts'
import { checklistDone } from '../queries.ts'
import { stackedRows, type Rows } from './rows-in-view.ts'
import type { Card } from './screen-board.ts'

/** A list as it was last laid out. */
interface LaidOut {
  rows: Rows
  heights: Float64Array
  /** So many corrections it has taken in. */
  corrections: number
}

export class LaidOutCards {
  readonly #frame: number
  readonly #measured = new Map<string, number>()
  /** Cards that turned out to have another height, in the order in which that was seen. */
  readonly #corrected: Card[] = []
  readonly #lists = new WeakMap<readonly Card[], LaidOut>()

  /** `frame`: what a tile adds to its words, the gap to the next one included. */
  constructor(frame: number) {
    this.#frame = frame
  }

  /** Grows with what lists have to take in. */
  get corrections(): number {
    return this.#corrected.length
  }

  measure(card: Card, height: number): void {
    // What lists were laid out with.
    const before = this.#heightOf(card)
    if (height === 0 || this.#measured.get(card.id) === height) return
    this.#measured.set(card.id, height)
    if (before !== height) this.#corrected.push(card)
  }

  /** Where the cards of a list lie: the same object until one of them is corrected. */
  rowsOf(cards: readonly Card[]): Rows {
    const known = this.#lists.get(cards)
    if (!known) {
      const heights = Float64Array.from(cards, (card) => this.#heightOf(card))
      const rows = stackedRows(heights)
      this.#lists.set(cards, { rows, heights, corrections: this.corrections })
      return rows
    }
    if (known.corrections === this.corrections) return known.rows
    // There are many lists, and few corrections: to look through a list takes less than to know where each of its cards is.
    const places = this.#corrected.slice(known.corrections).flatMap((card) => {
      const place = cards.indexOf(card)
      return place < 0 ? [] : [place]
    })
    known.corrections = this.corrections
    if (places.length === 0) return known.rows
    // Whoever holds the rows of before compares the new ones with them.
    known.heights = known.heights.slice()
    for (const place of places) known.heights[place] = this.#measured.get(cards[place]?.id ?? '') ?? 0
    known.rows = stackedRows(known.heights)
    return known.rows
  }

  #heightOf(card: Card): number {
    return this.#measured.get(card.id) ?? this.#frame + guessedHeight(card)
  }
}

const guessed = new WeakMap<Card, number>()
/** How high the words on a card's tile are thought to be before it was drawn. */
export function guessedHeight(card: Card): number {
  const known = guessed.get(card)
  if (known !== undefined) return known
  const made = guess(card)
  guessed.set(card, made)
  return made
}

const LINE = 19
const LABELS = 21
const FACTS = 26
/** Of the title. */
const WIDTH_OF_LINE = 34

function guess(card: Card): number {
  const lines = Math.max(1, Math.ceil(widthOf(card.title) / WIDTH_OF_LINE))
  const facts = card.due || card.priority || card.estimate !== null || card.repeat || card.assignees.length > 0
  const labels = card.labels.length > 0 ? LABELS : 0
  return lines * LINE + labels + (facts || checklistDone(card).all > 0 ? FACTS : 0)
}
