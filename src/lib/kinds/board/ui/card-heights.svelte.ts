/** How high each card's tile is: measured once it was drawn, guessed before. Cards keep theirs when they go to another column. */
import type { Attachment } from 'svelte/attachments'
import { checklistDone } from '../queries.ts'
import type { Card } from './screen-board.ts'

export class CardHeights {
  // `revision` tells of it, once for many.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- thousands of entries that nobody follows one by one
  readonly #measured = new Map<string, number>()
  readonly #guessed = new WeakMap<Card, number>()
  readonly #cards = new WeakMap<Element, string>()
  /** Counts what was measured: whoever lays cards out reads it. */
  revision = $state(0)
  // Sizes are told after layout and before painting: what they change is on screen with them.
  readonly #observer = new ResizeObserver((entries) => {
    let changed = false
    for (const { target, borderBoxSize } of entries) {
      const card = this.#cards.get(target)
      const height = borderBoxSize[0]?.blockSize ?? 0
      if (card === undefined || height === 0 || this.#measured.get(card) === height) continue
      this.#measured.set(card, height)
      changed = true
    }
    if (changed) this.revision += 1
  })

  of(card: Card): number {
    const measured = this.#measured.get(card.id)
    if (measured !== undefined) return measured
    const known = this.#guessed.get(card)
    if (known !== undefined) return known
    const made = guess(card)
    this.#guessed.set(card, made)
    return made
  }

  readonly measure =
    (card: string): Attachment<HTMLElement> =>
    (tile) => {
      this.#cards.set(tile, card)
      this.#observer.observe(tile)
      return () => this.#observer.unobserve(tile)
    }
}

const LINE = 19
const ROW = 26
const FRAME = 28
/** Of the title, in halves of a Chinese character. */
const HALVES_PER_LINE = 34

function guess(card: Card): number {
  let halves = 0
  for (const letter of card.title) halves += letter > '\u2E7F' ? 2 : 1
  const lines = Math.max(1, Math.ceil(halves / HALVES_PER_LINE))
  const facts = card.due || card.priority || card.estimate !== null || card.repeat || card.assignees.length > 0
  const labels = card.labels.length > 0 ? ROW : 0
  return FRAME + lines * LINE + labels + (facts || checklistDone(card).all > 0 ? ROW : 0)
}
