/**
 * Somebody archives the card on which another stands, which they hold, or for which they have begun something. That is said, and where the card is once it is known
 * that it was moved to another board: whoever moves one has archived it here a little sooner.
 */
import { SvelteMap } from 'svelte/reactivity'
import { t } from '#lib/i18n/locale.svelte.ts'
import type { Landed } from '../landed.ts'
import type { BoardScreen } from './board-screen.svelte.ts'

interface Gone {
  title: string
  /** `moved`: where it is now. */
  say: (text: () => string, moved?: Landed) => void
}

export class GoneCards {
  readonly #screen: BoardScreen
  /** By card, until it is known to be elsewhere, or is here again. */
  readonly #gone = new SvelteMap<string, Gone>()

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  has(card: string): boolean {
    return this.#gone.has(card)
  }

  add(card: string, who: string, { title, say }: Gone): void {
    if (this.#screen.waysFrom(card).length === 0) say(() => t().move.cardGone(who, title))
    this.#gone.set(card, { title, say })
  }

  /** To be called whenever the board, or where its cards went, has changed. */
  tell(): void {
    for (const [id, { title, say }] of this.#gone) {
      const [way] = this.#screen.waysFrom(id)
      const isBack = this.#screen.board.cards.get(id)?.archived === false
      if (!way && !isBack) continue
      this.#gone.delete(id)
      if (!way || isBack) continue
      const { by, board } = way.move
      const who = by ? this.#screen.personName(by) : t().app.somebody
      // A message is no part of what this was called for.
      queueMicrotask(() => say(() => t().move.cardMoved(who, title, board || t().board.untitled), way.end))
    }
  }
}
