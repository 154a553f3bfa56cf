/** The card that has the keyboard, and the way to another one: along its list, to the column beside, or to where it is drawn. */
import { tick } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import { t } from '#lib/i18n/locale.svelte.ts'
import { announce } from '#lib/ui/announcer.svelte.ts'
import { focusContent } from '#lib/ui/focus-content.ts'
import { whenDrawn } from '#lib/ui/in-turns.ts'
import type { BoardScreen, ShownColumn } from './board-screen.svelte.ts'
import type { Card } from './screen-board.ts'
import { ALONG, type Step } from './steps.ts'

/** Where a card's tile is, or was. */
export interface TileOnScreen {
  card: string
  column: string
  lane: string
  index: number
}

/** The board as a table: it has the focus as a whole and names the cell. */
interface TableOnScreen {
  /** To the row of a card; null: to where the keyboard was. */
  focus: (card: string | null) => void
  /** Brings the row of a card into view. */
  reveal: (card: string) => void
  cardAtHand: () => string | null
}

const listKey = (column: string, lane: string): string => JSON.stringify([column, lane])

export class BoardFocus {
  readonly #screen: BoardScreen
  /** The card that is in the tab order, per column. */
  readonly #current = new SvelteMap<string, string>()
  /** The tile that has the focus. */
  tile = $state.raw<{ column: string; lane: string; card: string } | null>(null)
  /** The tile that somebody went to last: it is drawn before all others. */
  revealed = $state.raw<{ column: string; lane: string; card: string } | null>(null)
  /** Columns on screen, each with what scrolls it to one of its cards. */
  readonly #lists = new SvelteMap<string, (card: string) => void>()
  /** Where the lanes are on screen: scrolls to a card in one of them. */
  revealInLanes: ((card: string, lane: string, column: string) => void) | null = null
  #table = $state.raw<TableOnScreen | null>(null)

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  /** One card per list is in the tab order; the arrow keys go on from there. */
  currentIn(column: string, lane: string): string | null {
    return this.#current.get(listKey(column, lane)) ?? null
  }
  cameTo(column: string, lane: string, card: string): void {
    this.#current.set(listKey(column, lane), card)
    this.tile = { column, lane, card }
  }
  /** A column on screen; `reveal` scrolls it to one of its cards. */
  addList(column: string, reveal: (card: string) => void): () => void {
    this.#lists.set(column, reveal)
    return () => this.#lists.delete(column)
  }

  /** Where a card's tile is: in the hand where it would land, else in the lane asked for or its first one. */
  #tileOf(id: string, lane?: string): { column: ShownColumn; lane: string } | null {
    const { lift } = this.#screen.hand
    if (lift?.card.id === id) {
      const column = this.#screen.columns.find((one) => one.id === lift.column)
      return column ? { column, lane: lift.lane } : null
    }
    const card = this.#screen.board.cards.get(id)
    if (!card) return null
    const lanes = this.#screen.lanes.ofCard(card)
    const inLane = lane !== undefined && lanes.includes(lane) ? lane : this.#screen.lanes.of(card)
    const column = this.#screen.columns.find((one) =>
      this.#screen.cardsIn(one.id, inLane).some((other) => other.id === id),
    )
    return column ? { column, lane: inLane } : null
  }

  /** Scrolls to a card's tile, which may not have been drawn so far; in the table to its row. */
  async reveal(id: string, lane?: string): Promise<HTMLElement | null> {
    if (this.#table) {
      this.#table.reveal(id)
      return null
    }
    const place = this.#tileOf(id, lane)
    if (!place) return null
    const column = place.column.id
    const revealed = { column, lane: place.lane, card: id }
    this.revealed = revealed
    // The card in the hand is laid out where it would land.
    await tick()
    const scrollTo = await whenDrawn(() => this.revealInLanes ?? this.#lists.get(column) ?? null)
    if (!scrollTo) return null
    scrollTo(id, place.lane, column)
    await tick()
    const inLane = this.revealInLanes ? `[data-in-lane="${CSS.escape(place.lane)}"] ` : ''
    const tile = await whenDrawn(() => document.querySelector<HTMLElement>(`${inLane}[data-card="${CSS.escape(id)}"]`))
    if (tile) void bringIntoView(tile, () => this.revealed === revealed)
    return tile
  }

  /** Gives back how to take the offer back. */
  offerTable(table: TableOnScreen): () => void {
    this.#table = table
    return () => {
      if (this.#table === table) this.#table = null
    }
  }
  /** The card that has the keyboard, also while a dialog has it that gives it back. */
  get cardAtHand(): string | null {
    return this.#table ? this.#table.cardAtHand() : (this.tile?.card ?? null)
  }

  toCard(id: string, lane?: string): void {
    if (this.#table) return this.#table.focus(id)
    const place = this.#tileOf(id, lane)
    if (place) this.#current.set(listKey(place.column.id, place.lane), id)
    const from = document.activeElement
    void this.reveal(id, lane).then((tile) => {
      // Whoever has gone on meanwhile is not called back.
      if (document.activeElement !== from && !this.isWith(id)) return
      const link = tile?.querySelector<HTMLElement>('[data-card-link]')
      // A card that is in no list, an archived one for one, leaves the keyboard with the board.
      if (link) link.focus({ preventScroll: true })
      else focusContent()
    })
  }

  /** A card goes: to the one that takes its place. */
  goOnWith(next: string | null, { id, column }: Card): void {
    // In the table the next row comes to where the keyboard is.
    if (this.#table) this.#table.focus(null)
    else if (next) this.toCard(next)
    else this.#toEmptyList(column, this.tile?.card === id ? this.tile.lane : '')
  }

  /** Whether the focus is on this card, or nowhere: what had it is gone. */
  isWith(card: string): boolean {
    const at = document.activeElement
    return !at || at === document.body || at.closest<HTMLElement>('[data-card]')?.dataset['card'] === card
  }

  /** The tile that had the focus is gone: the focus goes on with its card, or to whatever took its place in the list. */
  follow({ card: id, column, lane, index }: TileOnScreen): void {
    if (this.#screen.hand.lift) return
    const card = this.#screen.board.cards.get(id)
    const place = this.#tileOf(id, lane)
    const title = card?.title || t().card.untitled
    if (card && place) announce(t().move.nowIn(title, this.#screen.lanes.placeName(place.column.id, place.lane)))
    else if (card?.archived) void this.#screen.meanwhile.sayGone(id, title)
    if (place && !this.#screen.lanes.isFolded(place.lane)) return this.toCard(id, place.lane)
    const left = this.#screen.cardsIn(column, lane)
    const next = left[Math.min(index, left.length - 1)]
    if (next) this.toCard(next.id, lane)
    else this.#toEmptyList(column, lane)
  }
  /** Where no card is left: to where one can be added, else to the board. */
  #toEmptyList(column: string, lane: string): void {
    const lists = document.querySelectorAll<HTMLElement>(`[data-column="${CSS.escape(column)}"]`)
    const list = [...lists].find(({ dataset }) => (dataset['lane'] ?? '') === lane)
    const to = list?.querySelector<HTMLElement>('[data-quick-add]') ?? document.getElementById('content')
    to?.focus({ preventScroll: true })
  }

  /** False where there is none to go to. */
  toFirst(): boolean {
    if (this.#table) {
      this.#table.focus(null)
      return true
    }
    const first = this.#first()
    if (first) this.toCard(first.card, first.lane)
    return first !== null
  }
  /** The same without the keyboard. */
  revealFirst(): void {
    const first = this.#first()
    if (first) void this.reveal(first.card, first.lane)
  }
  /** The first card on screen: of the first lane that is open and has one. */
  #first(): { card: string; lane: string } | null {
    const { lanes, columns } = this.#screen
    const open = lanes.shown?.flatMap(({ id }) => (lanes.isFolded(id) ? [] : [id])) ?? ['']
    for (const lane of open) {
      const card = columns.flatMap(({ id }) => this.#screen.cardsIn(id, lane))[0]
      if (card) return { card: card.id, lane }
    }
    return null
  }
  step(from: string, step: Step): void {
    const place = this.#tileOf(from)
    if (!place) return
    const { column, lane } = place
    const cards = this.#screen.cardsIn(column.id, lane)
    const index = cards.findIndex(({ id }) => id === from)
    if (step !== 'left' && step !== 'right') {
      const to = index + ALONG[step]
      const beyond = step === 'up' && to < 0 ? -1 : step === 'down' && to >= cards.length ? 1 : 0
      if (this.#screen.lanes.shown && beyond !== 0) return this.#stepToLane(column, lane, beyond)
      const next = cards[Math.max(0, Math.min(cards.length - 1, to))]
      if (next && next.id !== from) this.toCard(next.id, lane)
      return
    }
    const by = step === 'left' ? -1 : 1
    for (let i = this.#screen.columns.indexOf(column) + by; i >= 0 && i < this.#screen.columns.length; i += by) {
      const there = this.#screen.cardsIn(this.#screen.columns[i]?.id ?? '', lane)
      const next = there[Math.min(index, there.length - 1)]
      if (next) return this.toCard(next.id, lane)
    }
  }

  /** To the nearest card of the same column in another open lane. */
  #stepToLane(column: ShownColumn, from: string, by: -1 | 1): void {
    for (
      let lane = this.#screen.lanes.beside(from, by, { folded: false });
      lane;
      lane = this.#screen.lanes.beside(lane.id, by, { folded: false })
    ) {
      const there = lane.cards.get(column.id) ?? []
      const next = by < 0 ? there.at(-1) : there[0]
      if (next) return this.toCard(next.id, lane.id)
    }
  }

  /** What takes the place of cards that go: the next one below the first of them that stays, or the last one above. */
  neighbour(first: Card, goes: (id: string) => boolean): string | null {
    const cards = this.#screen.columns.find((column) => column.cards.some(({ id }) => id === first.id))?.cards ?? []
    const index = cards.findIndex(({ id }) => id === first.id)
    const stays = ({ id }: Card) => !goes(id)
    return (cards.slice(index).find(stays) ?? cards.slice(0, index).findLast(stays))?.id ?? null
  }
}

/** What the person does who looks elsewhere. */
const LOOKS_ELSEWHERE = ['wheel', 'touchmove', 'pointerdown']

/**
 * With the frame, which lays everything out anyway: the tile may be higher than it was thought, or its column beside the view. What is
 * drawn around it may be higher as well and push it out again: until it stays, or somebody has gone on.
 */
async function bringIntoView(tile: HTMLElement, isWanted: () => boolean): Promise<void> {
  const elsewhere = new AbortController()
  for (const what of LOOKS_ELSEWHERE)
    addEventListener(what, () => elsewhere.abort(), { signal: elsewhere.signal, passive: true, capture: true })
  const goesOn = () => isWanted() && tile.isConnected && !elsewhere.signal.aborted
  const top = () => Math.round(tile.getBoundingClientRect().top)
  await frame()
  for (let stood = NaN; goesOn() && stood !== top();) {
    tile.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    stood = top()
    // What comes into view by that is drawn, and measured with the next frame.
    await frame()
    await whenDrawn(() => null)
    await frame()
  }
  elsewhere.abort()
}

const frame = () => new Promise<unknown>((resolve) => requestAnimationFrame(resolve))
