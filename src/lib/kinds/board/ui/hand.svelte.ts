/** The card in the hand. Pointer and keyboard lift a card into the same hand and drop it by the same function. */
import { untrack } from 'svelte'
import { t } from '#lib/i18n/locale.svelte.ts'
import { announce } from '#lib/ui/announcer.svelte.ts'
import { dismissToastsAbout, showToast } from '#lib/ui/toasts.svelte.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import {
  movedOver,
  movedSince,
  noneMoved,
  whoMoved,
  withMoved,
  wordsInHand,
  wordsOver,
  type MovedCards,
} from './moved-in-hand.ts'
import { LOST, type Card } from './screen-board.ts'
import { ALONG, type Step } from './steps.ts'

/** One toast tells where others move what is in the hand. */
const IN_HAND = 'in-hand'

/** A card in the hand: where it would land, counted among the shown cards without itself. */
interface Lift {
  card: Card
  /** With those that were chosen beside it, as they were then; without what others have taken away since. */
  together: readonly Card[]
  column: string
  /** '' also where the board has no lanes. */
  lane: string
  /** The lane that it was taken from. */
  from: string
  index: number
  by: 'keyboard' | 'pointer'
  /** Those of them that somebody has moved since they were lifted. */
  moved: MovedCards
}

export class Hand {
  readonly #screen: BoardScreen
  lift = $state.raw<Lift | null>(null)
  /** What comes of the drop is no news to whoever dropped. */
  #dropping = false

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  take(id: string, by: Lift['by'], lane?: string): boolean {
    if (this.#screen.locked) return false
    const card = this.#screen.board.cards.get(id)
    const { tile } = this.#screen.focus
    const from = lane ?? (tile?.card === id ? tile.lane : card ? this.#screen.lanes.of(card) : '')
    const column = this.#screen.columns.find((one) =>
      this.#screen.cardsIn(one.id, from).some((other) => other.id === id),
    )
    if (!column || !card) return false
    const cards = this.#screen.cardsIn(column.id, from)
    const index = cards.findIndex((one) => one.id === id)
    const together = this.#screen.chosen.together(card)
    this.lift = { card, together, column: column.id, lane: from, from, index, by, moved: noneMoved }
    const place = this.#screen.lanes.placeName(column.id, from)
    const [of, byKeys] = [cards.length, by === 'keyboard']
    announce(
      together.length > 1
        ? t().move.liftedAll(together.length, place, index + 1, of, byKeys)
        : t().move.lifted(card.title || t().card.untitled, place, index + 1, of, byKeys),
    )
    return true
  }

  place(columnId: string, index: number, lane = this.lift?.lane ?? ''): void {
    const { lift } = this
    if (!lift || columnId === LOST || !this.#screen.columns.some(({ id }) => id === columnId)) return
    const most = this.#othersIn(columnId, lane, lift)
    const place = Math.max(0, Math.min(index, most))
    if (lift.column === columnId && lift.lane === lane && lift.index === place) return
    this.lift = { ...lift, column: columnId, lane, index: place }
    if (lift.by === 'keyboard')
      announce(t().move.over(this.#screen.lanes.placeName(columnId, lane), place + 1, most + 1))
  }

  /** Carried by pointer over a cell of another lane or column: it takes the place of the button there, and nothing grows. */
  isSlimIn(column: string, lane: string): boolean {
    const { lift } = this
    if (lift?.by !== 'pointer' || lift.column !== column || lift.lane !== lane) return false
    const isHome = lane === lift.from && this.#screen.board.cards.get(lift.card.id)?.column === column
    return !isHome && this.#screen.lanes.shown !== null
  }

  /** Nothing is aimed at: back to where it was taken from, still in the hand. */
  goHome(): void {
    const { lift } = this
    const home = lift && this.#screen.columns.find(({ cards }) => cards.some(({ id }) => id === lift.card.id))
    if (!lift || !home) return
    const index = this.#screen.cardsIn(home.id, lift.from).findIndex(({ id }) => id === lift.card.id)
    if (index >= 0) this.place(home.id, index, lift.from)
  }

  /** It goes elsewhere than on this board. */
  giveAway(): { card: Card; cards: readonly Card[] } | null {
    const { lift } = this
    if (!lift || this.#dropping) return null
    this.lift = null
    dismissToastsAbout(IN_HAND)
    return { card: lift.card, cards: this.#screen.chosen.together(lift.card) }
  }

  step(step: Step): void {
    const { lift } = this
    if (!lift) return
    const next = lift.index + (step === 'left' || step === 'right' ? 0 : ALONG[step])
    if (step === 'left' || step === 'right') {
      const at = this.#screen.columns.findIndex(({ id }) => id === lift.column)
      const beside = this.#screen.columns[at + (step === 'left' ? -1 : 1)]
      if (beside) this.place(beside.id, lift.index)
    } else {
      const most = this.#othersIn(lift.column, lift.lane, lift)
      const beyond = step === 'up' && next < 0 ? -1 : step === 'down' && next > most ? 1 : 0
      const lane = beyond === 0 ? null : this.#screen.lanes.beside(lift.lane, beyond, { folded: true })
      if (lane) this.place(lift.column, beyond < 0 ? Infinity : 0, lane.id)
      else this.place(lift.column, next)
    }
    this.#screen.focus.toCard(lift.card.id)
  }

  /** Whoever drops by finger has no keys to take it back by: that is offered. */
  async drop({ byFinger = false } = {}): Promise<void> {
    const { lift } = this
    if (!lift || this.#dropping) return
    this.#dropping = true
    dismissToastsAbout(IN_HAND)
    try {
      await this.#drop(lift, byFinger)
    } finally {
      this.#dropping = false
    }
  }

  async #drop(lift: Lift, byFinger: boolean): Promise<void> {
    const { card, column, lane, from, index } = lift
    const home = this.#screen.columns.find(({ cards }) => cards.some(({ id }) => id === card.id))?.id
    const before = this.#screen.cardsIn(column, lane).findIndex(({ id }) => id === card.id)
    const unmoved = home === column && lane === from && before === index
    const title = card.title || t().card.untitled
    const place = this.#screen.lanes.placeName(column, lane)
    // Somebody has moved some since they were lifted: mine counts, and whose was before it is said and one click away.
    const { board, chosen, columnTitle } = this.#screen
    const theirs = movedOver(lift.together, board.cards, { put: chosen.together(card), column })
    const over = theirs.length > 0 ? wordsOver(await whoMoved(this.#screen, theirs), place, columnTitle) : undefined
    // The hand stays where it is until the document has the card there: nothing jumps back in between.
    const cards = chosen.together(card)
    // Where several are put, that is said and can be taken back anyway.
    const said = over ?? (byFinger && cards.length === 1 ? () => t().move.nowIn(title, place) : undefined)
    if (lift.together.length > 1) this.#screen.meanwhile.stillHere(lift.together)
    const lanes = { from, to: lane }
    const done =
      unmoved ||
      (await (cards.length > 1
        ? this.#screen.moves.moveTogether(cards, card, column, index, lanes, said)
        : this.#screen.moves.moveCard(card, column, index, lanes, said)))
    // The card keeps the focus, so its lane stays open around it.
    if (done && lift.by === 'keyboard') this.#screen.lanes.fold(lane, false)
    if (this.lift?.card.id === card.id) this.lift = null
    const overLimit = home === column ? '' : this.#screen.overLimit(column, card.id)
    // Where several are put, each has another place.
    const put =
      cards.length > 1 && !unmoved ? t().bulk.moved(cards.length, place) : t().move.dropped(title, place, index + 1)
    announce(done ? put + overLimit : sayBack(title, cards.length))
    if (lift.by === 'keyboard' && this.#screen.focus.isWith(card.id))
      this.#screen.focus.toCard(card.id, done ? lane : from)
  }

  putBack(): void {
    const { lift } = this
    if (!lift) return
    this.lift = null
    dismissToastsAbout(IN_HAND)
    const title = lift.card.title || t().card.untitled
    const moved = lift.moved.get(lift.card.id)
    const nowIn = moved && t().move.nowIn(title, this.#screen.columnTitle(moved.card.column))
    announce(nowIn ?? sayBack(title, lift.together.length))
    if (lift.by === 'keyboard') this.#screen.focus.toCard(lift.card.id, lift.from)
  }

  /** Others went on working: what they took away falls out of the hand, and that is said. */
  follow(): void {
    const { lift } = this
    if (!lift) return
    const card = this.#screen.board.cards.get(lift.card.id)
    const cardGone = !card || card.archived
    if (!cardGone && this.#screen.columns.some(({ id }) => id === lift.column)) {
      if (!this.#dropping) this.#followTogether(lift)
      return
    }
    this.lift = null
    dismissToastsAbout(IN_HAND)
    if (cardGone) untrack(() => this.#screen.meanwhile.stillHere(lift.together))
    else void this.#screen.meanwhile.sayColumnGone(lift.column, lift.card)
    if (lift.by === 'keyboard') this.#screen.focus.toCard(lift.card.id, lift.from)
  }

  /** Said while there is still time to think: the drop decides. */
  #followTogether(lift: Lift): void {
    // A message is no part of what this was called for.
    const together = untrack(() => this.#screen.meanwhile.stillHere(lift.together))
    if (together !== lift.together) this.lift = { ...lift, together }
    const moved = movedSince(together, this.#screen.board.cards, lift.moved)
    if (moved.length > 0) void this.#sayMoved(lift.card, moved)
  }

  async #sayMoved(held: Card, cards: readonly Card[]): Promise<void> {
    const told = await whoMoved(this.#screen, cards)
    const { lift } = this
    if (lift?.card.id !== held.id || this.#dropping) return
    const fresh = told.filter(({ card }) => lift.moved.get(card.id)?.card.column !== card.column)
    const moved = withMoved(lift.moved, fresh)
    // Some may have been taken away since.
    const all = lift.together.flatMap(({ id }) => moved.get(id) ?? [])
    if (fresh.length === 0 || all.length === 0) return
    this.lift = { ...lift, moved }
    const text = wordsInHand(all, this.#screen.columnTitle)
    showToast({ text, about: IN_HAND, life: null })
  }

  /** How many cards are there beside the one in the hand. */
  #othersIn(column: string, lane: string, lift: Lift): number {
    const cards = this.#screen.cardsIn(column, lane)
    const held = this.#screen.board.cards.get(lift.card.id)
    return cards.length - (held && cards.includes(held) ? 1 : 0)
  }
}

const sayBack = (title: string, count: number): string =>
  count > 1 ? t().move.cancelledAll(count) : t().move.cancelled(title)
