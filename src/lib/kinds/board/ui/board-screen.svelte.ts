/**
 * What all parts of the board on screen share: the board as read, the filter, the card in the hand, the card that has the
 * keyboard, and the way to change something. Pointer and keyboard lift a card into the same hand and drop it by the same
 * function.
 */
import { getContext, setContext, tick } from 'svelte'
import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import type { Moment, OnConflict, UndoConflict } from '#lib/core/api.ts'
import { getCore } from '#lib/core/client.ts'
import { formatDay } from '#lib/i18n/format.ts'
import { locale, say, t } from '#lib/i18n/locale.svelte.ts'
import type { MutationCall, WorkDocs } from '#lib/kernel/define-kind.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { orderAt, orderBetween } from '#lib/kernel/order.ts'
import type { ViewProps } from '#lib/kinds/views.ts'
import { announce } from '#lib/ui/announcer.svelte.ts'
import { attempt } from '#lib/ui/attempt.ts'
import { now } from '#lib/ui/clock.svelte.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import { nextCard } from '../next-card.ts'
import { calls, random } from './board-calls.ts'
import { BoardNews } from './board-news.svelte.ts'
import { createBoardReader } from './board-reader.ts'
import { placeAmong } from './card-place.ts'
import type { Words } from './change-words.ts'
import { noConditions } from './filter-chips.ts'
import { cardFilter } from '../queries.ts'
import { isFiltered } from '../view-content.ts'
import type { Card } from './screen-board.ts'
import { ShownView } from './shown-view.svelte.ts'
import { dayAt, editorsByCard, peopleById } from './who-is-here.ts'

/** The column that gathers the cards of archived columns; it is on screen only. */
export const LOST = ''
const FIRST_SHOWN = 60
const MORE_SHOWN = 200

export interface ShownColumn {
  id: string
  title: string
  /** All cards of the column and those that pass the filter. */
  all: readonly Card[]
  cards: readonly Card[]
}

/** A card in the hand: where it would land, counted among the shown cards without itself. */
export interface Lift {
  card: Card
  column: string
  index: number
  by: 'keyboard' | 'pointer'
}

export class BoardScreen {
  readonly #props: () => ViewProps
  readonly #core = getCore()

  readonly shown: ShownView
  readonly news = new BoardNews(this)
  lift = $state.raw<Lift | null>(null)
  /** The card that is in the tab order, per column. */
  readonly #current = new SvelteMap<string, string>()
  readonly #limits = new SvelteMap<string, number>()
  /** The column whose quick add is open. */
  adding = $state<string | null>(null)
  /** The conditions of the filter are shown. */
  filtersOpen = $state(false)
  /** Cards that are chosen for a common change, and the last of them. */
  readonly selected = new SvelteSet<string>()
  #lastSelected: string | null = null
  menu = $state.raw<{ card: Card; anchor: HTMLElement } | null>(null)
  moving = $state.raw<Card | null>(null)
  /** The board of another moment, instead of the present one: to look at, not to change. */
  past = $state.raw<WorkDocs | null>(null)
  /** Which moment that is. */
  pastAt = $state.raw<Moment | null>(null)
  /** Cards that stand out: what the step of a replay touched. */
  touched = $state.raw<readonly string[]>([])
  /** Brings one card of that moment back; set by the replay. */
  restoreFromPast: ((card: Card) => Promise<unknown>) | null = null
  asked = $state.raw<{ way: 'undo' | 'redo'; group: string; conflict: UndoConflict } | null>(null)

  readonly today = $derived<Day>(dayAt(now()))
  readonly #read = createBoardReader()
  readonly board = $derived.by(() => this.#read(this.past ?? this.#props().live.docs))
  readonly people = $derived.by(() => peopleById(this.#props().people))
  readonly me = $derived.by(
    () => this.#props().people.find(({ devices }) => devices.some(({ current }) => current)) ?? null,
  )
  readonly #passes = $derived.by(() => {
    if (!this.filtering) return null
    const { whole, labelsById, done } = this.board
    const facts = { board: whole, today: this.today, done, labelsById, personName: this.personName }
    return cardFilter(this.shown.content, facts)
  })
  readonly columns = $derived.by((): readonly ShownColumn[] => {
    const { board } = this
    const shown = board.columns.map(({ id, title }) => this.#shown(id, title, board.cardsIn.get(id) ?? []))
    return board.lost.length > 0 ? [...shown, this.#shown(LOST, t().board.lostColumn, board.lost)] : shown
  })
  readonly counts = $derived.by(() => ({
    shown: this.columns.reduce((sum, { cards }) => sum + cards.length, 0),
    all: this.columns.reduce((sum, { all }) => sum + all.length, 0),
  }))
  readonly editors = $derived.by(() =>
    editorsByCard(this.#props().presence, this.work, this.me?.devices.find(({ current }) => current)?.id),
  )

  constructor(props: () => ViewProps) {
    this.#props = props
    this.shown = new ShownView(props().work)
  }

  get work() {
    return this.#props().work
  }
  get workspace() {
    return this.#props().workspace
  }
  get live() {
    return this.#props().live
  }
  get core() {
    return this.#core
  }
  /** Refused writes are kept from the person; a snapshot that is still being checked may be edited. */
  get locked(): boolean {
    return this.past !== null || this.refused
  }
  /** The present board cannot be changed from here. */
  get refused(): boolean {
    const { readOnly } = this.#props()
    return readOnly !== null && readOnly !== 'checking'
  }

  /** What a list of changes needs, to say names instead of ids. */
  get words(): Words {
    return { t: t(), locale: locale(), today: this.today, board: this.board.whole, personName: this.personName }
  }

  get filtering(): boolean {
    return isFiltered(this.shown.content)
  }
  clearFilter(): void {
    this.shown.change(noConditions())
  }

  personName = (id: string): string => this.people.get(id)?.name || t().app.somebody
  columnTitle = (id: string): string => this.columns.find((column) => column.id === id)?.title ?? t().board.lostColumn

  limitOf = (id: string): number | null => this.board.columns.find((column) => column.id === id)?.limit ?? null

  /** Said after a card came into a column: what it makes too many, else nothing. */
  overLimit(columnId: string, card: string): string {
    const limit = this.limitOf(columnId)
    const column = this.columns.find(({ id }) => id === columnId)
    const count = (column?.all.filter(({ id }) => id !== card).length ?? 0) + 1
    return column && limit !== null && count > limit ? ` ${t().limit.over(column.title, count, limit)}` : ''
  }

  #shown(id: string, title: string, all: readonly Card[]): ShownColumn {
    return { id, title, all, cards: this.#passes ? all.filter(this.#passes) : all }
  }

  /** The cards on screen in a column: as many as are asked for, with the card in the hand where it would land. */
  cardsOnScreen(column: ShownColumn): readonly Card[] {
    const { lift } = this
    const limit = this.#limits.get(column.id) ?? FIRST_SHOWN
    const cards = lift ? column.cards.filter(({ id }) => id !== lift.card.id) : column.cards
    if (lift?.column !== column.id) return cards.slice(0, limit)
    return [...cards.slice(0, lift.index), lift.card, ...cards.slice(lift.index, Math.max(limit, lift.index))]
  }
  hiddenIn(column: ShownColumn): number {
    return Math.max(0, column.cards.length - (this.#limits.get(column.id) ?? FIRST_SHOWN))
  }
  showMore(column: ShownColumn): void {
    this.#limits.set(column.id, (this.#limits.get(column.id) ?? FIRST_SHOWN) + MORE_SHOWN)
  }

  // ---- chosen cards ----

  /** Of those chosen, the ones that are still there, in the order of the board. */
  get chosenCards(): readonly Card[] {
    if (this.selected.size === 0) return []
    return this.columns.flatMap(({ all }) => all.filter(({ id }) => this.selected.has(id)))
  }
  toggleSelected(id: string): void {
    if (!this.selected.delete(id)) this.selected.add(id)
    this.#lastSelected = id
    announce(t().bulk.selected(this.selected.size))
  }
  /** From the last one chosen to this one, in the order on screen. */
  selectTo(id: string, order: readonly Card[]): void {
    const to = order.findIndex((card) => card.id === id)
    const last = order.findIndex((card) => card.id === this.#lastSelected)
    const from = last < 0 ? to : last
    for (const card of order.slice(Math.min(from, to), Math.max(from, to) + 1)) this.selected.add(card.id)
    this.#lastSelected = id
    announce(t().bulk.selected(this.selected.size))
  }
  selectOnly(cards: readonly Card[]): void {
    this.selected.clear()
    for (const { id } of cards) this.selected.add(id)
    announce(t().bulk.selected(this.selected.size))
  }

  // ---- changes ----

  /** Runs mutations as one undoable action. Null where it was refused (which was said). */
  async run(list: MutationCall[]): Promise<{ group: string } | null> {
    const { workspace, work } = this.#props()
    const done = await attempt(this.#core.call.commit({ workspace, work, calls: list, tab: this.#core.tab }))
    return done?.value ?? null
  }

  /** Like `run`, and offers to take it back. */
  async runWithUndo(list: MutationCall[], text: string): Promise<void> {
    const done = await this.run(list)
    if (!done) return
    showToast({ text, action: { label: t().common.undo, run: () => void this.undo(done.group) } })
  }

  async undo(group?: string, onConflict: OnConflict = 'ask'): Promise<void> {
    const sentence = await this.#takeBack('undo', group, onConflict)
    if (sentence)
      showToast({
        text: t().undo.undone(sentence),
        action: { label: t().common.redo, run: () => void this.redo() },
      })
  }

  async redo(group?: string, onConflict: OnConflict = 'ask'): Promise<void> {
    const sentence = await this.#takeBack('redo', group, onConflict)
    if (sentence) showToast({ text: t().undo.redone(sentence) })
  }

  /** What was done again or taken back, in words; null where nothing was, or the person is asked first. */
  async #takeBack(way: 'undo' | 'redo', group: string | undefined, onConflict: OnConflict): Promise<string | null> {
    const { workspace, work } = this.#props()
    const { tab } = this.#core
    const done = await attempt(this.#core.call[way]({ workspace, work, tab, ...(group && { group }), onConflict }))
    if (!done) return null
    if (done.value.done === 'undone') return say(done.value.sentence)
    if (done.value.done === 'ask') this.asked = { way, group: done.value.group, conflict: done.value.conflict }
    else showToast({ text: way === 'undo' ? t().undo.nothing : t().undo.nothingRedo })
    return null
  }

  archiveCard(card: Card): void {
    const next = this.#neighbour(card)
    void this.runWithUndo([calls.archiveCard(card.id)], t().card.archivedToast(card.title || t().card.untitled))
    if (next) this.focusCard(next)
  }

  moveColumn(id: string, by: -1 | 1): void {
    const { columns } = this.board
    const from = columns.findIndex((column) => column.id === id)
    const others = columns.filter((column) => column.id !== id)
    if (from < 0 || from + by < 0 || from + by > others.length) return
    const order = orderAt(
      others.map((column) => column.order),
      from + by,
      random,
    )
    void this.run([calls.moveColumn(id, order)])
  }

  /** Moves a card to a place among a column's shown cards. */
  async moveCard(card: Card, columnId: string, index: number): Promise<void> {
    const column = this.columns.find(({ id }) => id === columnId)
    if (!column || columnId === LOST) return
    const { order, respaced } = placeAmong(column.all, column.cards, index, card.id, random)
    const next = this.nextCard(card, columnId)
    const moved = [
      calls.moveCard(card.id, columnId, order),
      ...respaced.map((neighbour) => calls.respaceCard(neighbour.id, neighbour.order)),
    ]
    if (!next) return void (await this.run(moved))
    const day = next.due ?? next.start
    const text = t().repeat.next(card.title || t().card.untitled, day && formatDay(day, locale(), this.today))
    await this.runWithUndo([...moved, ...next.calls], text)
  }

  /** What follows a repeating card that goes to a column of finished ones. */
  nextCard(card: Card, to: string) {
    const { columns, cards, cardsIn } = this.board
    const orderIn = (column: string) =>
      orderBetween(cardsIn.get(column)?.findLast(({ order }) => order !== '')?.order ?? null, null, random)
    return nextCard({ columns: [...columns], cardsById: cards }, card, to, this.today, orderIn)
  }

  /** To the field above the board or, where the window has no room for it, to the one among the conditions. */
  focusFilter(): void {
    const field = document.querySelector<HTMLInputElement>('[data-board-filter]')
    if (field?.checkVisibility()) field.select()
    else this.filtersOpen = true
  }

  // ---- the card in the hand ----

  startLift(id: string, by: Lift['by']): boolean {
    if (this.locked) return false
    const column = this.columns.find(({ cards }) => cards.some((card) => card.id === id))
    const index = column?.cards.findIndex((card) => card.id === id) ?? -1
    const card = column?.cards[index]
    if (!column || !card) return false
    this.lift = { card, column: column.id, index, by }
    announce(t().move.lifted(card.title || t().card.untitled, column.title, index + 1, column.cards.length))
    return true
  }

  placeLift(columnId: string, index: number): void {
    const { lift } = this
    const column = this.columns.find(({ id }) => id === columnId)
    if (!lift || !column || columnId === LOST) return
    const most = this.#others(column, lift).length
    const place = Math.max(0, Math.min(index, most))
    if (lift.column === columnId && lift.index === place) return
    this.lift = { ...lift, column: columnId, index: place }
    if (lift.by === 'keyboard') announce(t().move.over(column.title, place + 1, most + 1))
  }

  stepLift(direction: 'up' | 'down' | 'left' | 'right'): void {
    const { lift } = this
    if (!lift) return
    if (direction === 'up') this.placeLift(lift.column, lift.index - 1)
    else if (direction === 'down') this.placeLift(lift.column, lift.index + 1)
    else {
      const at = this.columns.findIndex(({ id }) => id === lift.column)
      const next = this.columns[at + (direction === 'left' ? -1 : 1)]
      if (next) this.placeLift(next.id, lift.index)
    }
    this.focusCard(lift.card.id)
  }

  async dropLift(): Promise<void> {
    const { lift } = this
    if (!lift) return
    const from = this.columns.find(({ cards }) => cards.some(({ id }) => id === lift.card.id))
    const unmoved = from?.id === lift.column && from.cards.findIndex(({ id }) => id === lift.card.id) === lift.index
    const title = lift.card.title || t().card.untitled
    // The hand stays where it is until the document has the card there: nothing jumps back in between.
    if (!unmoved) await this.moveCard(lift.card, lift.column, lift.index)
    if (this.lift?.card.id === lift.card.id) this.lift = null
    const over = from?.id === lift.column ? '' : this.overLimit(lift.column, lift.card.id)
    announce(t().move.dropped(title, this.columnTitle(lift.column), lift.index + 1) + over)
    if (lift.by === 'keyboard') this.focusCard(lift.card.id)
  }

  cancelLift(): void {
    const { lift } = this
    if (!lift) return
    this.lift = null
    announce(t().move.cancelled(lift.card.title || t().card.untitled))
    if (lift.by === 'keyboard') this.focusCard(lift.card.id)
  }

  #others(column: ShownColumn, lift: Lift): readonly Card[] {
    return column.cards.filter(({ id }) => id !== lift.card.id)
  }

  // ---- the card that has the keyboard ----

  /** One card per column is in the tab order; the arrow keys go on from there. */
  currentOf(column: string, onScreen: readonly Card[]): string | null {
    const current = this.#current.get(column)
    return onScreen.find(({ id }) => id === current)?.id ?? onScreen[0]?.id ?? null
  }
  setCurrent(column: string, card: string): void {
    this.#current.set(column, card)
  }

  focusCard(id: string): void {
    const column = this.columns.find((one) => this.cardsOnScreen(one).some((card) => card.id === id))
    if (column) this.#current.set(column.id, id)
    void tick().then(() => {
      const link = document.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"] [data-card-link]`)
      link?.focus({ preventScroll: true })
      link?.closest('[data-card]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    })
  }

  stepFocus(from: string, direction: 'up' | 'down' | 'left' | 'right'): void {
    const at = this.columns.findIndex((column) => this.cardsOnScreen(column).some(({ id }) => id === from))
    const column = this.columns[at]
    if (!column) return
    const cards = this.cardsOnScreen(column)
    const index = cards.findIndex(({ id }) => id === from)
    if (direction === 'up' || direction === 'down') {
      const next = cards[index + (direction === 'up' ? -1 : 1)]
      if (next) this.focusCard(next.id)
      return
    }
    const step = direction === 'left' ? -1 : 1
    for (let i = at + step; i >= 0 && i < this.columns.length; i += step) {
      const there = this.columns[i]
      const onScreen = there ? this.cardsOnScreen(there) : []
      const next = onScreen[Math.min(index, onScreen.length - 1)]
      if (next) return this.focusCard(next.id)
    }
  }

  #neighbour(card: Card): string | null {
    const column = this.columns.find(({ cards }) => cards.some(({ id }) => id === card.id))
    const index = column?.cards.findIndex(({ id }) => id === card.id) ?? -1
    return column?.cards[index + 1]?.id ?? column?.cards[index - 1]?.id ?? null
  }
}

const KEY = Symbol('board')
export const provideScreen = (screen: BoardScreen): BoardScreen => setContext(KEY, screen)
export const getScreen = (): BoardScreen => getContext<BoardScreen>(KEY)
