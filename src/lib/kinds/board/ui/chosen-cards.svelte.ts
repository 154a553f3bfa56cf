/** Cards that are chosen for a common change. */
import { tick } from 'svelte'
import { SvelteSet } from 'svelte/reactivity'
import { t } from '#lib/i18n/locale.svelte.ts'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { announce } from '#lib/ui/announcer.svelte.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import type { Card } from './screen-board.ts'

export class ChosenCards {
  readonly #screen: BoardScreen
  readonly ids = new SvelteSet<string>()
  /** The last one that was chosen. */
  #last: string | null = null
  /** Of those chosen, the ones that are still there, in the order of the board. */
  readonly cards = $derived.by((): readonly Card[] => {
    if (this.ids.size === 0) return []
    return this.#screen.columns.flatMap(({ all }) => all.filter(({ id }) => this.ids.has(id)))
  })
  readonly any = $derived(this.cards.length > 0)

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  /** What is done to one of the chosen cards is done to all of them, and to another card alone. */
  together(card: Card): readonly Card[] {
    return this.ids.has(card.id) && this.cards.length > 1 ? this.cards : [card]
  }
  /** All in one action that can be undone; where each is so already, that is said. */
  async change(list: MutationCall[], text: () => string): Promise<void> {
    if (list.length === 0) showToast({ text: () => t().bulk.unchanged })
    else await this.#screen.runWithUndo(list, text)
  }
  async archive(): Promise<void> {
    const { beside, cards } = this
    if (cards.length === 0) showToast({ text: () => t().bulk.unchanged })
    else await this.#screen.archive(cards, () => t().bulk.archived(cards.length))
    await this.clear(beside)
  }
  /** The card that is there when the chosen ones have gone. */
  get beside(): string | null {
    const [first] = this.cards
    return first ? this.#screen.focus.neighbour(first, (id) => this.ids.has(id)) : null
  }

  toggle(id: string): void {
    if (!this.ids.delete(id)) this.ids.add(id)
    this.#last = id
    this.#say()
  }
  /** From the last one chosen to this one, in the order on screen. */
  chooseTo(id: string, order: readonly Card[]): void {
    const to = order.findIndex((card) => card.id === id)
    const last = order.findIndex((card) => card.id === this.#last)
    const from = last < 0 ? to : last
    for (const card of order.slice(Math.min(from, to), Math.max(from, to) + 1)) this.ids.add(card.id)
    this.#last = id
    this.#say()
  }
  chooseOnly(cards: readonly Card[]): void {
    this.ids.clear()
    for (const { id } of cards) this.ids.add(id)
    this.#say()
  }
  chooseShown(): void {
    this.chooseOnly(this.#screen.columns.flatMap(({ cards }) => cards))
  }
  /** The bar goes, and the focus with it where it was there: back to a card. */
  async clear(card = this.cards[0]?.id ?? null): Promise<void> {
    this.ids.clear()
    await tick()
    if (card !== null && document.activeElement === document.body) this.#screen.focus.toCard(card)
  }
  #say(): void {
    announce(t().bulk.selected(this.ids.size))
  }
}
