/**
 * Two people move one card at once, or one right after the other: the board shows one place, and whoever moved it is told whose
 * that is, with the way to the other one. What is contested says the rest (`Contested.svelte`).
 */
import { t } from '#lib/i18n/locale.svelte.ts'
import { dismissToastsAbout, showToast } from '#lib/ui/toasts.svelte.ts'
import { calls } from './board-calls.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { lastChange } from './last-change.ts'

/** What somebody does to a card later than that is work that goes on. */
const MILLISECONDS = 60_000

interface Move {
  column: string
  at: number
  /** The board has shown it in that column. */
  there: boolean
}

export class MovedAtOnce {
  readonly #screen: BoardScreen
  /** By card, where I moved it last. */
  readonly #moves = new Map<string, Move>()
  /** By card, where it stood when that was said: what was said is over once it stands elsewhere. */
  readonly #said = new Map<string, string | null>()

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  add(card: string, column: string): void {
    this.#moves.set(card, { column, at: Date.now(), there: false })
  }

  /** To be called whenever the board, or what is contested on it, has changed. */
  tell(): void {
    const { board, conflicts } = this.#screen
    for (const [id, column] of this.#said) {
      const card = board.cards.get(id)
      if (card && !card.archived && card.column === column) continue
      this.#said.delete(id)
      queueMicrotask(() => dismissToastsAbout(about(id)))
    }
    for (const [id, move] of this.#moves) {
      const card = board.cards.get(id)
      const contested = conflicts.get(id)?.find(({ path: [, , field] }) => field === 'column')
      const theirs = contested?.values.find(({ value }) => value !== move.column)
      if (contested && theirs && contested.values.some(({ value }) => value === move.column)) {
        this.#moves.delete(id)
        const { value, by } = theirs
        const who = by ? this.#screen.personName(by) : t().app.somebody
        if (typeof value === 'string') void this.#sayAtOnce(id, who, value, move)
      } else if (card?.column === move.column) move.there = true
      else if (card && move.there) {
        move.there = false
        void this.#sayAfter(id, card.column, move)
      }
    }
  }

  /** Of a card that comes again, and that both began, one of them may only have made it there. */
  async #sayAtOnce(id: string, who: string, theirs: string, { column }: Move): Promise<void> {
    const isMoved = await lastChange(this.#screen, id, 'column', { value: theirs })
    if (isMoved) this.#say(id, who, theirs, column, 'at-once')
  }

  async #sayAfter(card: string, theirs: string, move: Move): Promise<void> {
    const change = await lastChange(this.#screen, card, 'column', { value: theirs })
    // Was it at once, that is known by now, and has been said.
    if (this.#moves.get(card) !== move) return
    this.#moves.delete(card)
    if (!change?.person || change.person === this.#screen.me?.id || Date.now() - move.at > MILLISECONDS) return
    this.#say(card, this.#screen.personName(change.person), theirs, move.column, 'after')
  }

  #say(id: string, who: string, theirs: string, mine: string, when: 'at-once' | 'after'): void {
    const screen = this.#screen
    const card = screen.board.cards.get(id)
    if (!card || card.archived) return
    const isMine = card.column === mine
    const title = card.title || t().card.untitled
    // Said is where it was moved, also where that column was archived meanwhile.
    const titleOf = (id: string) =>
      screen.board.archivedColumns.find((column) => column.id === id)?.title ?? screen.columnTitle(id)
    const [there, here] = [titleOf(theirs), titleOf(mine)]
    const sentence = when === 'after' ? 'movedAfter' : isMine ? 'atOnceMine' : 'atOnceTheirs'
    const other = isMine ? theirs : mine
    const take = () => {
      const now = screen.board.cards.get(id)
      if (now) void screen.run([calls.settle(now, 'column', other)])
    }
    this.#said.set(id, card.column)
    const isThere = screen.board.columns.some((column) => column.id === other)
    showToast({
      text: () => t().move[sentence](who, title, there, here),
      about: about(id),
      life: 20_000,
      ...(isThere && { action: { label: () => t().move.take(isMine ? there : here), run: take } }),
    })
  }
}

const about = (card: string): string => `moved ${card}`
