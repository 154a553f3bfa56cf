/**
 * What others take away meanwhile, archived or moved to another board: the card, or the column, for which somebody here has begun
 * something, on which they stand, or which they hold. Nothing is written in it then, and it is said whose doing that is.
 */
import { tick } from 'svelte'
import { t } from '#lib/i18n/locale.svelte.ts'
import { announce } from '#lib/ui/announcer.svelte.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import type { Landed } from '../landed.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { cardElsewhere, openElsewhere } from './card-address.svelte.ts'
import { GoneCards } from './gone-cards.ts'
import { lastChange } from './last-change.ts'
import type { Card } from './screen-board.ts'

/** Cards that went off are told one by one, up to so many. */
const MOST_TOLD = 3

export class Meanwhile {
  readonly #screen: BoardScreen
  readonly gone: GoneCards

  constructor(screen: BoardScreen) {
    this.#screen = screen
    this.gone = new GoneCards(screen)
  }

  /**
   * Of cards for which something was begun, those that are still on the board. Of the others it is said who archived them, or moved
   * them where: nothing is written in them.
   */
  stillHere(cards: readonly Card[]): readonly Card[] {
    const wentOff = ({ id, archived }: Card) => !archived && this.#screen.board.cards.get(id)?.archived !== false
    const gone = cards.filter(wentOff)
    if (gone.length === 0) return cards
    if (gone.length > MOST_TOLD) showToast({ text: () => t().bulk.gone(gone.length) })
    else for (const card of gone) void this.sayWentOff(card)
    return cards.filter((card) => !wentOff(card))
  }
  isHere(card: Card): boolean {
    return this.stillHere([card]).length > 0
  }
  async sayWentOff({ id, title }: Card): Promise<void> {
    const who = await this.#screen.whoWrote(id, 'archived', true)
    const say = (text: () => string, moved?: Landed) => {
      const run = () => moved && void openElsewhere(cardElsewhere(this.#screen.workspace, moved.work, moved.entity))
      const action = moved && { action: { label: () => t().card.openThere, run } }
      showToast({ text, about: `gone ${id}`, life: 10_000, ...action })
    }
    this.gone.add(id, who, { title: title || t().card.untitled, say })
  }
  /** Of one that was chosen; where somebody has archived it since, that is said. */
  async isColumnHere(column: string): Promise<boolean> {
    const { columns, archivedColumns } = this.#screen.board
    if (columns.some(({ id }) => id === column)) return true
    const title = archivedColumns.find(({ id }) => id === column)?.title || t().board.columnName
    const who = await this.#screen.whoWrote(column, 'archived')
    showToast({ text: () => t().meanwhile.columnArchived(who, title), about: `gone ${column}` })
    return false
  }
  async sayColumnGone(column: string, { id, title }: Card): Promise<void> {
    const who = await this.#screen.whoWrote(column, 'archived')
    showToast({ text: () => t().move.columnGone(who, title || t().card.untitled), about: `gone ${id}` })
  }
  /** A column went while something was asked of it. Where it did not, that was left with the screen. */
  async tellColumnGone(column: string): Promise<void> {
    await tick()
    const gone = this.#screen.board.archivedColumns.find(({ id }) => id === column)
    const change = gone && (await lastChange(this.#screen, column, 'archived', { value: true }))
    if (!gone || change?.person === this.#screen.me?.id) return
    const who = change?.person ? this.#screen.personName(change.person) : t().app.somebody
    showToast({ text: () => t().columnArchive.gone(who, gone.title || t().board.columnName) })
  }

  /** What somebody did themselves, undo for one, says more of it than that this card is gone. */
  async sayGone(card: string, title: string, say = (text: () => string) => announce(text())): Promise<void> {
    const change = await lastChange(this.#screen, card, 'archived')
    // Of what was in the hand as well more is said.
    if (change?.person === this.#screen.me?.id || this.gone.has(card)) return
    const who = change?.person ? this.#screen.personName(change.person) : t().app.somebody
    this.gone.add(card, who, { title, say })
  }
  /** A field of it that was open in the table has closed; `left` says what was written there, and is nowhere else. */
  sayTaken(id: string, left?: () => string): void {
    const card = this.#screen.board.cards.get(id)
    if (!card?.archived) return
    const say = (text: () => string) => showToast({ text, detail: left, about: `gone ${id}` })
    void this.sayGone(id, card.title || t().card.untitled, say)
  }
}
