/**
 * Somebody moves a card to another board while its panel is being written in: what is handed in then stands on the archived card
 * here. That is said once it is known where the card went, with the way to have the same there.
 */
import { SvelteMap } from 'svelte/reactivity'
import { t } from '#lib/i18n/locale.svelte.ts'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { attempt } from '#lib/ui/attempt.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import type { Landed } from '../landed.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { cardElsewhere, openElsewhere } from './card-address.svelte.ts'
import type { Card } from './screen-board.ts'

export interface Written {
  /** What the field is called, and what was written in it, as one reads it. */
  field: string
  text: string
  /** Writes it in the card, or in the one that it became on another board. */
  calls: (card: Card) => MutationCall[]
}

export class WrittenAway {
  readonly #screen: BoardScreen
  /** By card that was archived when that was written. */
  readonly #written = new SvelteMap<string, readonly Written[]>()

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  add(card: string, written: Written): void {
    this.#written.set(card, [...(this.#written.get(card) ?? []), written])
  }

  /** To be called whenever the board, or where its cards went, has changed. */
  tell(): void {
    for (const [id, list] of this.#written) {
      const [moved] = this.#screen.landedFrom(id)
      const isBack = this.#screen.board.cards.get(id)?.archived === false
      if (!moved && !isBack) continue
      this.#written.delete(id)
      // A message is no part of what this was called for.
      if (moved && !isBack) queueMicrotask(() => list.forEach((written) => this.#say(moved, written)))
    }
  }

  #say({ by, board, ...moved }: Landed, written: Written): void {
    const who = by ? this.#screen.personName(by) : t().app.somebody
    showToast({
      text: () => t().card.movedMeanwhile(who, board || t().board.untitled),
      detail: () => t().card.writtenHere(written.field, written.text),
      life: null,
      action: { label: () => t().card.useThere, run: () => void this.#useThere(moved, written) },
    })
  }

  async #useThere({ work, entity }: Pick<Landed, 'work' | 'entity'>, { calls }: Written): Promise<void> {
    const { core, workspace } = this.#screen
    const card = (await this.#screen.otherBoard(work))?.cardsById.get(entity)
    if (!card) return
    const args = { workspace, work, calls: calls(card), tab: core.tab }
    if (await attempt(core.call.commit(args))) await openElsewhere(cardElsewhere(workspace, work, entity))
  }
}
