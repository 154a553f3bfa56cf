/**
 * What all parts of the board on screen share: the board as read, the filter, the card in the hand, the card that has the
 * keyboard, and the way to change something. Pointer and keyboard lift a card into the same hand and drop it by the same
 * function.
 */
import { getContext, setContext, tick, untrack } from 'svelte'
import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import type { ActionFacts, Moment, MovedAway, OnConflict, UndoConflict, UndoResult } from '#lib/core/api.ts'
import type { CallArgs, CallResult } from '#lib/core/rpc.ts'
import { getCore } from '#lib/core/client.ts'
import { formatDay } from '#lib/i18n/format.ts'
import { locale, say, t } from '#lib/i18n/locale.svelte.ts'
import type { Conflict, MutationCall, WorkDocs } from '#lib/kernel/define-kind.ts'
import type { Formatted } from '#lib/kernel/formatted.ts'
import type { DocId, PersonId } from '#lib/kernel/ids.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { orderAt, orderBetween } from '#lib/kernel/order.ts'
import { putAwayTold } from '#lib/kernel/put-away.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { Refusal } from '#lib/kernel/refusal.ts'
import type { ViewProps } from '#lib/kinds/views.ts'
import { announce } from '#lib/ui/announcer.svelte.ts'
import { attempt, tellError } from '#lib/ui/attempt.ts'
import { keepWords } from '#lib/ui/half-typed.ts'
import { oneAtATime } from '#lib/ui/one-at-a-time.ts'
import { now } from '#lib/ui/clock.svelte.ts'
import type { MenuEntry } from '#lib/ui/Menu.svelte'
import { dismissToast, dismissToastsAbout, showToast } from '#lib/ui/toasts.svelte.ts'
import { nextCard, type NextCard } from '../next-card.ts'
import { readBoard, type Board } from '../schema.ts'
import { askUntilSaved } from './ask-until-saved.ts'
import { calls, newEntity, random } from './board-calls.ts'
import { bulkCalls } from './bulk-calls.ts'
import { BoardNews } from './board-news.svelte.ts'
import { createBoardReader } from './board-reader.ts'
import { cardElsewhere, openCardId, openElsewhere } from './card-address.svelte.ts'
import { placeAmong, placeTogether } from './card-place.ts'
import { listNames, type Words } from './change-words.ts'
import type { Elsewhere } from './contested-on-card.ts'
import { noConditions } from './filter-chips.ts'
import { laneCutters, lanesById, lanesOnScreen, type ShownLane } from './lanes-on-screen.ts'
import type { FilterContext } from '../queries.ts'
import { boardsIn, changedBehind, doublesOn, landedByOrigin, landedFrom, movesOf, type Landed } from '../landed.ts'
import { cardLanes, laneIds, laneMove, type LaneChange, type LaneFacts } from '../lanes.ts'
import { everything, isFiltered, sameConditions, type Grouping, type ViewContent } from '../view-content.ts'
import { CardHeights } from './card-heights.svelte.ts'
import { cardSieve, type CardSieve } from './card-sieve.ts'
import { GoneCards } from './gone-cards.ts'
import type { ImportNote } from './import-note.ts'
import { allInTurn, whenDrawn } from '#lib/ui/in-turns.ts'
import { cardsWithLabel, mergedLabels, mergeLabelCalls } from './label-calls.ts'
import { lastChange } from './last-change.ts'
import { MovedAtOnce } from './moved-at-once.ts'
import { priorityCode } from './priority-code.ts'
import { cardsOfArchivedColumns, colors, priorities, type Card, type Label } from './screen-board.ts'
import { ShownView } from './shown-view.svelte.ts'
import { StillTyping } from './still-typing.svelte.ts'
import { dayAt, editorsByCard, peopleById } from './who-is-here.ts'
import { tellWhereItWent, type Written } from './written-away.ts'

/** The column that gathers the cards of archived columns; it is on screen only. */
export const LOST = ''

/** Milliseconds after which cards whose column has not come are shown without it. */
const LONGEST_WITHOUT_COLUMN = 3_000
/** So many cards Page Up and Page Down go. */
const PAGE = 10
/** An action that was done, and the board that its cards were moved from. */
type Done = { group: string; movedFrom?: string }
const NO_CHANGES: ReadonlyMap<string, readonly (PersonId | null)[]> = new Map()
const NO_DOUBLES: ReadonlyMap<string, readonly Landed[]> = new Map()
/** One toast tells of undo and redo, the latest. */
const TAKEN_BACK = 'taken-back'
/** Changes at once that may take longer than a moment: how far they are is shown. */
const MANY = 100
/** Cards that went off are told one by one, up to so many. */
const MOST_TOLD = 3
/** And one of what others do to the card in the hand. */
const IN_HAND = 'in-hand'

export interface ShownColumn {
  id: string
  title: string
  /** All cards of the column and those that pass the filter. */
  all: readonly Card[]
  cards: readonly Card[]
}

export interface WhoAsked {
  title: string
  department: string
  choices: readonly string[]
  /** Null: nobody; the card stays. */
  answer: (person: string | null) => void
}

/** Where a card is being added. `lane` is null above all lanes, and where the board has none. */
export interface Adding {
  column: string
  lane: string | null
}

/** A card in the hand: where it would land, counted among the shown cards without itself. */
export interface Lift {
  card: Card
  /** With those that were chosen beside it. */
  together: readonly Card[]
  column: string
  /** '' also where the board has no lanes. */
  lane: string
  /** The lane that it was taken from. */
  from: string
  index: number
  by: 'keyboard' | 'pointer'
  /** Somebody has moved it since it was lifted: who, and where it is on the board. */
  moved?: { who: string; column: string }
}

/** What undo, or redo, asks before it writes over the work of others. */
export interface AskedBack {
  way: 'undo' | 'redo'
  group: string
  conflict: UndoConflict
  /** The other board, where others have worked there. */
  elsewhere: Board | null
  /** How often it has become another question while it stood. */
  renewed: number
}

/** Where a card's tile is, or was. */
export interface TileOnScreen {
  card: string
  column: string
  lane: string
  index: number
}

/** The board as a table: it has the focus as a whole and names the cell. */
export interface TableOnScreen {
  /** To the row of a card; null: to where the keyboard was. */
  focus: (card: string | null) => void
  cardAtHand: () => string | null
}

/** Where a key leads: along the cards of a list, or to the column beside. */
export type Step = 'left' | 'right' | keyof typeof ALONG
const ALONG = { up: -1, down: 1, pageUp: -PAGE, pageDown: PAGE, first: -Infinity, last: Infinity }

function callOf(card: string, change: LaneChange): MutationCall {
  switch (change.field) {
    case 'assignee':
      return calls.setAssignee(card, change.person, change.on)
    case 'label':
      return calls.setLabel(card, change.label, change.on)
    case 'priority':
      return calls.setPriority(card, change.priority)
  }
}

const groupingIn = ({ layout, group }: ViewContent): Grouping => (layout === 'board' ? group : 'none')

const rootAlone = ({ root, docs }: WorkDocs): WorkDocs => ({ root, docs: docs[root] ? { [root]: docs[root] } : {} })

function withColumnAt<T extends { id: string }>(
  columns: readonly T[],
  { column, index }: { column: string; index: number },
) {
  const others = columns.filter(({ id }) => id !== column)
  return others.toSpliced(index, 0, ...columns.filter(({ id }) => id === column))
}

/** Whether the focus is on this card, or nowhere: what had it is gone. */
const isWith = (card: string): boolean => {
  const at = document.activeElement
  return !at || at === document.body || at.closest<HTMLElement>('[data-card]')?.dataset['card'] === card
}

const listKey = (column: string, lane: string): string => JSON.stringify([column, lane])

export class BoardScreen {
  readonly #props: () => ViewProps
  readonly #core = getCore()

  readonly shown: ShownView
  /** What the board shows: what `shown` asks for, once that was worked out. */
  content = $state.raw<ViewContent>(everything)
  readonly news = new BoardNews(this)
  readonly stillTyping = new StillTyping()
  lift = $state.raw<Lift | null>(null)
  /** The column that is carried, and its place among the others. */
  carried = $state.raw<{ column: string; index: number } | null>(null)
  /** The card that is in the tab order, per column. */
  readonly #current = new SvelteMap<string, string>()
  /** The tile that has the focus. */
  focused = $state.raw<{ column: string; lane: string; card: string } | null>(null)
  /** The tile that somebody went to last: it is drawn before all others. */
  revealed = $state.raw<{ column: string; lane: string; card: string } | null>(null)
  readonly heights = new CardHeights()
  /** Columns on screen, each with what scrolls it to one of its cards. */
  readonly #lists = new SvelteMap<string, (card: string) => void>()
  /** The quick add that is open. */
  adding = $state.raw<Adding | null>(null)
  /** The conditions of the filter are shown. */
  filtersOpen = $state(false)
  /** Cards that are chosen for a common change, and the last of them. */
  readonly selected = new SvelteSet<string>()
  #lastSelected: string | null = null
  menu = $state.raw<{ card: Card; anchor: HTMLElement } | null>(null)
  moving = $state.raw<readonly Card[] | null>(null)
  /** The label whose name and colour are being changed. */
  editedLabel = $state.raw<Label | null>(null)
  /** Somebody must say who stands for a department that a card goes to. */
  whoAsked = $state.raw<WhoAsked | null>(null)
  /** Where the lanes are on screen: scrolls to a card in one of them. */
  revealInLanes: ((card: string, lane: string, column: string) => void) | null = null
  /** An import that was cut off, until the person has answered. */
  cutOff = $state.raw<ImportNote | null>(null)
  /** The board of another moment, instead of the present one: to look at, not to change. */
  past = $state.raw<WorkDocs | null>(null)
  /** Which moment that is, and its day. */
  pastAt = $state.raw<Moment | null>(null)
  pastDay = $state.raw<Day | null>(null)
  /** Cards that stand out: what the step of a replay touched. */
  touched = $state.raw<readonly string[]>([])
  /** Brings one card of that moment back; set by the replay. */
  restoreFromPast: ((card: Card) => Promise<unknown>) | null = null
  asked = $state.raw<AskedBack | null>(null)
  /** What takes a while, and how far it is. */
  underWay = $state.raw<{ way: LongWay; done: number; all: number; cancel: () => void } | null>(null)

  readonly today = $derived<Day>(dayAt(now()))
  /** The day by which cards on screen are overdue: of the moment that is shown. */
  readonly day = $derived<Day>(this.pastDay ?? this.today)
  readonly #read = createBoardReader()
  /** Another one for the past: whoever comes back from there finds the present as it was read. */
  readonly #readPast = createBoardReader()
  /** Columns are here, cards are not yet. */
  readonly arriving = $derived.by(() => this.past === null && this.#props().arriving === true)
  /** Cards go on coming, from an import or to a device that has just joined: how many there are is not known yet. */
  readonly coming = $derived.by(() => this.past === null && this.#props().live.coming)
  readonly #arrival = Promise.withResolvers<void>()
  readonly board = $derived.by(() => {
    const { docs } = this.#props().live
    return this.past ? this.#readPast(this.past) : this.#read(this.arriving ? rootAlone(docs) : docs)
  })
  readonly people = $derived.by(() => peopleById(this.#props().people))
  readonly me = $derived.by(
    () => this.#props().people.find(({ devices }) => devices.some(({ current }) => current)) ?? null,
  )
  readonly #filterFacts = $derived.by((): FilterContext => {
    const { whole, labelsById, done } = this.board
    const { conflicts, day: today, personName } = this
    return { board: whole, today, done, labelsById, personName, isContested: (card) => conflicts.has(card) }
  })
  /** The one that was made last, for whom, and from what. */
  #lastSieve: { view: ViewContent; facts: FilterContext; sieve: CardSieve } | null = null
  #sieveOf(view: ViewContent): CardSieve {
    const facts = this.#filterFacts
    const last = this.#lastSieve
    if (last && last.facts === facts && sameConditions(last.view, view)) return last.sieve
    const sieve = cardSieve(view, facts)
    this.#lastSieve = { view, facts, sieve }
    return sieve
  }
  readonly #sieve = $derived.by(() => this.#sieveOf(this.content))
  readonly columns = $derived.by((): readonly ShownColumn[] => {
    const { board, carried } = this
    const columns = carried ? withColumnAt(board.columns, carried) : board.columns
    const shown = columns.map(({ id, title }) => this.#shown(id, title, board.cardsIn.get(id) ?? []))
    const lost = this.#hasWaited ? board.lost : this.#ofArchivedColumns
    return lost.length > 0 ? [...shown, this.#shown(LOST, t().board.lostColumn, lost)] : shown
  })
  readonly #ofArchivedColumns = $derived.by(() => cardsOfArchivedColumns(this.board))
  readonly #hasPlaceless = $derived.by(() => this.#ofArchivedColumns.length < this.board.lost.length)
  #hasWaited = $state(false)
  /** What somebody brings in comes document by document: cards may be here before their column. They are shown with it, or soon without. */
  waitForColumns(): (() => void) | undefined {
    if (!this.#hasPlaceless) return
    const timer = setTimeout(() => (this.#hasWaited = true), LONGEST_WITHOUT_COLUMN)
    return () => {
      clearTimeout(timer)
      this.#hasWaited = false
    }
  }
  readonly grouping = $derived.by(() => groupingIn(this.content))
  readonly #labels = $derived.by(() => this.board.labels)
  readonly laneFacts = $derived.by((): LaneFacts => ({
    people: [...this.people.values()],
    departments: this.#props().departments,
    labels: this.#labels,
  }))
  readonly lanesOfCard = $derived.by(() => cardLanes(this.grouping, this.laneFacts))
  readonly #cutter = $derived.by(() => laneCutters(this.laneFacts))
  readonly #addingLane = $derived(this.adding?.lane ?? null)
  /** Null where the board is not in lanes. */
  readonly lanes = $derived.by((): readonly ShownLane[] | null => {
    const { grouping, columns, laneFacts: facts } = this
    if (grouping === 'none') return null
    const titleOf = (id: string) => this.laneTitle(grouping, id)
    // Somebody may take the last card out of the lane in which another one is being written.
    const adding = this.#addingLane
    return lanesOnScreen(columns, {
      grouping,
      facts,
      cut: this.#cutter(grouping),
      titleOf,
      showsEmpty: (id) => id === adding || (this.content.emptyLanes && id !== '' && !this.people.get(id)?.removed),
    })
  })
  /** Every lane that there could be: those without cards are not always on screen. */
  readonly allLanes = $derived.by(() =>
    laneIds(this.grouping, this.laneFacts)
      .filter((id) => !this.people.get(id)?.removed || this.#lanesById.has(id))
      .map((id) => ({ id, title: this.laneTitle(this.grouping, id) })),
  )
  readonly #lanesById = $derived.by(() => lanesById(this.lanes))
  readonly counts = $derived.by(() => ({
    shown: this.columns.reduce((sum, { cards }) => sum + cards.length, 0),
    all: this.columns.reduce((sum, { all }) => sum + all.length, 0),
  }))
  readonly #conflicts = $derived.by(() => (this.past ? [] : this.#props().live.conflicts))
  /** By card, what two people wrote at once; of another moment nothing is known. */
  readonly conflicts = $derived.by((): ReadonlyMap<string, readonly Conflict[]> => {
    const movers = this.#movers.split('\n')
    const told = this.#conflicts.flatMap((conflict) => {
      const [collection, card, field] = conflict.path
      if (collection !== 'cards') return []
      if (field !== 'archived') return [conflict]
      const values = putAwayTold(conflict.values, ({ by }) => movers.includes(`${card} ${by}`))
      return values.length > 1 ? [{ ...conflict, values }] : []
    })
    return Map.groupBy(told, ({ path: [, card] }) => card)
  })
  /** Of cards that several have put away, who moved them: as text, for hardly any news of another board is news of that. */
  readonly #movers = $derived.by(() =>
    this.#conflicts
      .filter(({ path: [, , field], values }) => field === 'archived' && values[1]?.value === true)
      .flatMap(({ path: [, card] }) => this.landedFrom(card).map(({ by }) => `${card} ${by}`))
      .join('\n'),
  )
  /** The same of the board itself, its columns, labels and views. */
  readonly boardConflicts = $derived.by(() =>
    this.#conflicts.filter(({ path: [collection] }) => collection !== 'cards'),
  )
  /** Where cards are that were moved from one board to another. */
  readonly #landed = $derived.by(() => landedByOrigin(this.#props().works))
  /** By card, what else it became because somebody moved it at once; of another moment nothing is known. */
  readonly doubles = $derived.by((): ReadonlyMap<string, readonly Landed[]> => {
    return this.past ? NO_DOUBLES : doublesOn(this.#landed, this.work, this.board.cards)
  })
  /** By card of this board, who changed it where it came from at once; of another moment nothing is known. */
  readonly changedBehind = $derived.by((): ReadonlyMap<string, readonly (PersonId | null)[]> => {
    return this.past ? NO_CHANGES : changedBehind(this.#props().works, this.work, this.board.cards)
  })
  /** Where a card is now that was moved to another board. */
  landedFrom = (card: string, work = this.work): readonly Landed[] => (this.past ? [] : this.landedNow(card, work))
  /** The same, whatever moment is on the screen. */
  landedNow = (card: string, work = this.work): readonly Landed[] => landedFrom(this.#landed, work, card)
  /** Also what was archived there since. */
  movesOf = (card: string, work: DocId): readonly Landed[] => movesOf(this.#landed, work, card)
  /** Of another board; null where it is not to be seen any more. */
  boardTitle = (work: DocId): string | null => this.#props().works.find(({ root }) => root === work)?.title ?? null
  conflictsOf = (card: string): readonly Conflict[] => this.conflicts.get(card) ?? []
  /** Every tile asks for it. */
  readonly openCard = $derived.by(() => openCardId())
  readonly editors = $derived.by(() =>
    editorsByCard(this.#props().presence, this.work, this.me?.devices.find(({ current }) => current)?.id),
  )

  constructor(props: () => ViewProps) {
    this.#props = props
    this.shown = new ShownView(props().work)
    this.content = this.shown.content
  }

  /**
   * The board follows what is asked for column by column, in turns: a phone that asked 10,000 cards at once which of them are
   * meant, and where they lie, would stand still under the hand.
   */
  followView(): (() => void) | undefined {
    const asked = this.shown.content
    return untrack(() => {
      if (asked === this.content) return
      const columns = [...this.board.cardsIn.values()]
      return allInTurn([...columns.map((cards) => () => this.#workOut(asked, cards)), () => (this.content = asked)])
    })
  }
  #workOut(asked: ViewContent, column: readonly Card[]): void {
    const cards = this.#sieveOf(asked)(column)
    if (asked.layout !== 'board') return
    const lists = asked.group === 'none' ? [cards] : this.#cutter(asked.group)(cards).values()
    for (const list of lists) this.heights.rowsOf(list)
  }

  /** Whoever puts a card below the last one waits for all of them. */
  get arrival(): Promise<void> {
    return this.#arrival.promise
  }
  hasArrived(): void {
    this.#arrival.resolve()
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
    const { today, personName, landedFrom } = this
    return { t: t(), locale: locale(), today, board: this.board.whole, personName, landedFrom }
  }

  get filtering(): boolean {
    return isFiltered(this.content)
  }
  /** On the board, and not among what is shown. */
  isFilteredOut(card: string): boolean {
    const known = this.board.cards.get(card)
    return known !== undefined && this.#sieve([known]).length === 0
  }
  clearFilter(): void {
    this.shown.change(noConditions())
  }

  personName = (id: string): string => this.people.get(id)?.name || t().app.somebody
  columnTitle = (id: string): string => this.columns.find((column) => column.id === id)?.title ?? t().board.lostColumn

  laneTitle(grouping: Grouping, id: string): string {
    if (grouping === 'none') return ''
    if (id === '') return grouping === 'assignee' ? t().board.filterNobody : t().lanes.none[grouping]
    switch (grouping) {
      case 'assignee':
        return this.personName(id)
      case 'label':
        return this.board.labelsById.get(id)?.name ?? t().views.labelGone
      case 'department':
        return this.laneFacts.departments.find((one) => one.id === id)?.name ?? t().app.somebody
      case 'priority': {
        const priority = priorities.find((one) => one === id)
        return priority ? t().card.priorities[priorityCode[priority]] : id
      }
    }
  }
  /** Folded up on screen: a lane opens while a card is carried through it by keyboard, so that it can be seen. */
  isFolded(lane: string): boolean {
    const { lift } = this
    return this.shown.isFolded(this.grouping, lane) && !(lift?.by === 'keyboard' && lift.lane === lane)
  }
  fold(lane: string, folded: boolean): void {
    this.shown.fold(this.grouping, lane, folded)
  }
  /** What a place is called: the column, and the lane where there are some. */
  placeName(column: string, lane: string): string {
    const found = this.lanes?.find(({ id }) => id === lane)
    return found ? t().lanes.place(found.title, this.columnTitle(column)) : this.columnTitle(column)
  }
  /** The lane whose tile has the focus, if the card is in it, else its first one. */
  laneOf(card: Card): string {
    const lanes = this.lanesOfCard(card)
    const { focused } = this
    return (focused?.card === card.id ? lanes.find((id) => id === focused.lane) : undefined) ?? lanes[0] ?? ''
  }
  /** The names of the other lanes that a card is in. */
  otherLanes(card: Card, lane: string): readonly string[] {
    const lanes = this.lanes ? this.lanesOfCard(card) : []
    return lanes.length < 2 ? [] : lanes.filter((id) => id !== lane).map((id) => this.laneTitle(this.grouping, id))
  }

  /** Of the board as it is shown: in the replay those of that moment. */
  async descriptions(): Promise<Record<string, Formatted>> {
    const { core, workspace, work, pastAt: at } = this
    return (await core.call.descriptions({ workspace, work, ...(at && { at }) })).texts
  }

  limitOf = (id: string): number | null => this.board.columns.find((column) => column.id === id)?.limit ?? null

  /** Said after a card came into a column, or will have come: what it makes too many, else nothing. */
  overLimit(columnId: string, card?: string): string {
    const limit = this.limitOf(columnId)
    const column = this.columns.find(({ id }) => id === columnId)
    const count = (column?.all.filter(({ id }) => id !== card).length ?? 0) + (card === undefined ? 0 : 1)
    return column && limit !== null && count > limit ? ` ${t().limit.over(column.title, count, limit)}` : ''
  }

  #shown(id: string, title: string, all: readonly Card[]): ShownColumn {
    return { id, title, all, cards: this.#sieve(all) }
  }

  /** The cards of a column that the filter lets through; where the board is in lanes, those of one lane. */
  cardsIn(column: string, lane: string): readonly Card[] {
    if (this.lanes) return this.#lanesById.get(lane)?.cards.get(column) ?? []
    return this.columns.find(({ id }) => id === column)?.cards ?? []
  }

  /** The same with the card in the hand where it would land. */
  cardsOnScreen(column: ShownColumn, lane: string): readonly Card[] {
    const { lift } = this
    const all = this.cardsIn(column.id, lane)
    // The card's tiles in other lanes stay while one of them is in the hand.
    if (!lift || (lane !== lift.lane && lane !== lift.from)) return all
    const others = all.some(({ id }) => id === lift.card.id) ? all.filter(({ id }) => id !== lift.card.id) : all
    return lift.column === column.id && lift.lane === lane
      ? [...others.slice(0, lift.index), lift.card, ...others.slice(lift.index)]
      : others
  }

  // ---- chosen cards ----

  /** Of those chosen, the ones that are still there, in the order of the board. */
  readonly chosenCards = $derived.by((): readonly Card[] => {
    if (this.selected.size === 0) return []
    return this.columns.flatMap(({ all }) => all.filter(({ id }) => this.selected.has(id)))
  })
  readonly choosing = $derived(this.chosenCards.length > 0)
  /** What is done to one of the chosen cards is done to all of them, and to another card alone. */
  together(card: Card): readonly Card[] {
    return this.selected.has(card.id) && this.chosenCards.length > 1 ? this.chosenCards : [card]
  }
  /** All in one action that can be undone; where each is so already, that is said. */
  async changeChosen(list: MutationCall[], text: () => string): Promise<void> {
    if (list.length === 0) showToast({ text: () => t().bulk.unchanged })
    else await this.runWithUndo(list, text)
  }
  async moveToColumn(cards: readonly Card[], column: string): Promise<void> {
    const here = this.stillHere(cards)
    if (here.length === 0) return
    if (!(await this.isColumnHere(column))) return
    const coming = here.filter((card) => card.column !== column)
    const title = this.columnTitle(column)
    const again = this.#nextOfAll(coming, column).length
    const list = this.movesToEnd(coming, column)
    await this.changeChosen(list, () => this.#movedWords(coming.length, title, again))
  }
  async archiveChosen(): Promise<void> {
    const beside = this.besideChosen
    const list = bulkCalls.archive(this.chosenCards)
    await this.changeChosen(list, () => t().bulk.archived(list.length))
    await this.unselect(beside)
  }
  /** The card that is there when the chosen ones have gone. */
  get besideChosen(): string | null {
    const [first] = this.chosenCards
    return first ? this.neighbour(first, (id) => this.selected.has(id)) : null
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
  /** The bar goes, and the focus with it where it was there: back to a card. */
  async unselect(card = this.chosenCards[0]?.id ?? null): Promise<void> {
    this.selected.clear()
    await tick()
    if (card !== null && document.activeElement === document.body) this.focusCard(card)
  }
  selectOnly(cards: readonly Card[]): void {
    this.selected.clear()
    for (const { id } of cards) this.selected.add(id)
    announce(t().bulk.selected(this.selected.size))
  }

  // ---- changes ----

  /** Runs mutations as one undoable action. Null where it was refused (which was said). */
  run(list: MutationCall[], facts?: ActionFacts): Promise<Done | null> {
    return this.runHere()(list, facts)
  }

  /** The same on this board, whatever is on the screen by then. */
  runHere(): (list: MutationCall[], facts?: ActionFacts) => Promise<Done | null> {
    const { workspace, work } = this.#props()
    return (list, facts) => this.#runIn({ workspace, work }, list, facts)
  }

  async #runIn(
    { workspace, work }: Pick<CallArgs<'commit'>, 'workspace' | 'work'>,
    list: MutationCall[],
    facts?: ActionFacts,
  ): Promise<Done | null> {
    const args = { workspace, work, calls: list, tab: this.#core.tab, ...facts }
    const done = await (list.length < MANY
      ? attempt(this.#runFew(args))
      : this.#runMany('do', (job) => this.#core.call.commit({ ...args, job })))
    // Whatever is done next, nothing can be done again.
    if (done) dismissToastsAbout(TAKEN_BACK)
    return done?.value ?? null
  }

  /** What is entered while its writer is being removed is shown where that is said. */
  async #runFew(args: CallArgs<'commit'>) {
    try {
      return await this.#core.call.commit(args)
    } catch (error) {
      if (error instanceof Refusal && error.code === 'removed') keepWords(args.workspace, writtenIn(args.calls))
      throw error
    }
  }

  /** Brings the board, or one of its entries, back to a moment. */
  async restore(
    wanted: Pick<CallArgs<'restoreMoment'>, 'at' | 'entry' | 'told'>,
  ): Promise<CallResult<'restoreMoment'> | null> {
    const { workspace, work } = this.#props()
    const args = { workspace, work, tab: this.#core.tab, ...wanted }
    const done = await this.#runMany('restore', (job) => this.#core.call.restoreMoment({ ...args, job }))
    return done?.value ?? null
  }

  /** Many changes as one action, that take a while. */
  async #runMany<Done extends { group: string | null }>(way: LongWay, run: (job: string) => Promise<Done>) {
    const job = newEntity()
    const doing = { job, done: this.#paced(way, run, job) }
    this.#doing = doing
    const done = await doing.done
    if (this.#doing === doing) this.#doing = null
    return done
  }
  #doing: ManyChanges | null = null

  /** Like `run`, of what was begun for a card, in a list or a dialog, while it was on the board. */
  async change(card: Card, list: MutationCall[]): Promise<{ group: string } | null> {
    return this.isHere(card) ? this.run(list) : null
  }

  /**
   * Of cards for which something was begun, those that are still on the board. Of the others it is said who archived them, or moved
   * them where: nothing is written in them.
   */
  stillHere(cards: readonly Card[]): readonly Card[] {
    const wentOff = ({ id, archived }: Card) => !archived && this.board.cards.get(id)?.archived !== false
    const gone = cards.filter(wentOff)
    if (gone.length === 0) return cards
    if (gone.length > MOST_TOLD) showToast({ text: () => t().bulk.gone(gone.length) })
    else for (const card of gone) void this.#sayWentOff(card)
    return cards.filter((card) => !wentOff(card))
  }
  isHere(card: Card): boolean {
    return this.stillHere([card]).length > 0
  }
  async #sayWentOff({ id, title }: Card): Promise<void> {
    const who = await this.whoWrote(id, 'archived', true)
    const say = (text: () => string, moved?: Landed) => {
      const run = () => moved && void openElsewhere(cardElsewhere(this.workspace, moved.work, moved.entity))
      const action = moved && { action: { label: () => t().card.openThere, run } }
      showToast({ text, about: `gone ${id}`, life: 10_000, ...action })
    }
    this.#gone.add(id, who, { title: title || t().card.untitled, say })
  }
  /** Of one that was chosen; where somebody has archived it since, that is said. */
  async isColumnHere(column: string): Promise<boolean> {
    const { columns, archivedColumns } = this.board
    if (columns.some(({ id }) => id === column)) return true
    const title = archivedColumns.find(({ id }) => id === column)?.title || t().board.columnName
    const who = await this.whoWrote(column, 'archived')
    showToast({ text: () => t().meanwhile.columnArchived(who, title), about: `gone ${column}` })
    return false
  }
  async #sayColumnGone(column: string, { id, title }: Card): Promise<void> {
    const who = await this.whoWrote(column, 'archived')
    showToast({ text: () => t().move.columnGone(who, title || t().card.untitled), about: `gone ${id}` })
  }

  /** Like `run`, of what was written in a field of a card, which may have been archived, or have gone to another board, meanwhile. */
  async write(card: Card, written: Written): Promise<{ group: string } | null> {
    const { core, workspace, work, openCard } = this
    const done = await this.run(written.calls(card))
    if (!done || !this.board.cards.get(card.id)?.archived) return done
    const moved = tellWhereItWent({ core, workspace, work }, card.id, written)
    // Its panel says that itself.
    if (openCard !== card.id) void this.#sayWritten(card, written, moved)
    return done
  }
  /** Until it is known that it was moved. */
  async #sayWritten({ id, title }: Card, { field, text }: Written, moved: Promise<void>): Promise<void> {
    const who = await this.whoWrote(id, 'archived')
    if (this.landedFrom(id).length > 0) return
    const toast = showToast({
      text: () => t().move.cardGone(who, title || t().card.untitled),
      detail: () => t().card.writtenHere(field, text),
      life: null,
      action: { label: () => t().card.restore, run: () => void this.run([calls.restoreCard(id)]) },
    })
    await moved
    dismissToast(toast)
  }

  /** Like `run`, as one action with what goes with it on another board. */
  async runWith(elsewhere: readonly Elsewhere[], list: MutationCall[]) {
    const { workspace } = this.#props()
    let along: ActionFacts['along']
    for (const { work, calls: callsOn } of elsewhere) {
      const there = await this.otherBoard(work)
      if (!there) return null
      const calls = callsOn(there)
      if (calls.length === 0) continue
      const done = await attempt(this.#core.call.commit({ workspace, work, calls, tab: this.#core.tab }))
      if (!done) return null
      along = { work, group: done.value.group }
    }
    return this.run(list, along && { along })
  }

  /** Like `run`, and offers to take it back. */
  async runWithUndo(list: MutationCall[], text: () => string, facts?: ActionFacts): Promise<boolean> {
    const done = await this.run(list, facts)
    if (!done) return false
    this.offerUndo(done.group, text)
    return true
  }

  /** Until it is taken back, there or elsewhere. */
  offerUndo(group: string, text: () => string): void {
    showToast({ text, about: group, action: { label: () => t().common.undo, run: () => void this.undo(group) } })
  }

  async undo(group?: string, onConflict: OnConflict = 'ask'): Promise<void> {
    const done = await this.#takeBack('undo', group, onConflict)
    const theirs = done?.theirs
    const details = () => [
      ...(theirs ? [t().undo.theirsCount(listNames(theirs, t()))] : []),
      ...(done?.open ? [t().undo.open] : []),
      ...(done?.away ? [this.#sayAway(done.away)] : []),
    ]
    if (done)
      showToast({
        text: () => {
          const { from, moved } = done
          if (from) return t().undo.importUndone(from.file, from.cards)
          return moved && moved.entries > 0
            ? t().undo.moveUndone(moved.entries, moved.from || t().board.untitled)
            : t().undo.undone(say(done.sentence))
        },
        ...(details().length > 0 && { detail: () => t().common.inOne(details()) }),
        about: TAKEN_BACK,
        ...(done.again && { action: { label: () => t().common.redo, run: () => void this.redo() } }),
      })
  }

  async redo(group?: string, onConflict: OnConflict = 'ask'): Promise<void> {
    const done = await this.#takeBack('redo', group, onConflict)
    if (done)
      showToast({
        text: () => {
          const { from, moved } = done
          if (from) return t().undo.importRedone(from.file, from.cards)
          return moved && moved.entries > 0
            ? t().undo.moveRedone(moved.entries, moved.to || t().board.untitled)
            : t().undo.redone(say(done.sentence))
        },
        ...(done.away && { detail: () => this.#sayAway(done.away ?? []) }),
        about: TAKEN_BACK,
      })
  }
  #sayAway(away: readonly MovedAway[]): string {
    const titles = away.map(({ title }) => title || t().card.untitled)
    const boards = boardsIn(
      away.map(({ to }) => ({ board: to })),
      t().board.untitled,
    )
    const who = listNames(
      away.map(({ by }) => by),
      t(),
    )
    return t().undo.movedAway(who, titles, boards)
  }

  /** What was done again or taken back; null where nothing was, or the person is asked first. */
  async #takeBack(way: 'undo' | 'redo', group: string | undefined, onConflict: OnConflict): Promise<Undone | null> {
    if (this.#doing && group === undefined) return this.#callOff(way, this.#doing)
    // Whoever presses the keys again means the one that they see under way; the other way it is for when that is done.
    if (this.underWay && group === undefined) {
      const { way: underWay } = this.underWay
      if (underWay !== way)
        showToast({ text: () => (way === 'redo' ? t().undo.stillUndoing : t().undo.stillRedoing), about: TAKEN_BACK })
      return null
    }
    const { workspace, work } = this.#props()
    const { tab } = this.#core
    const done = await this.#paced(way, (job) =>
      this.#core.call[way]({ workspace, work, tab, job, ...(group && { group }), onConflict }),
    )
    if (!done) return null
    if (done.value.done === 'undone') {
      // Its toast still offers what has just been done.
      dismissToastsAbout(done.value.group)
      if (done.value.moved) dismissToastsAbout(done.value.moved.otherGroup)
      return done.value
    }
    await this.#tellNotTakenBack(way, done.value, typeof onConflict === 'object' ? 1 : 0)
    return null
  }

  async #tellNotTakenBack(way: 'undo' | 'redo', done: Exclude<UndoResult, Undone>, renewed: number): Promise<void> {
    if (done.done === 'left') showToast({ text: () => t().undo.left, about: TAKEN_BACK })
    else if (done.done === 'away') {
      const { group: over, away } = done
      dismissToastsAbout(over)
      showToast({ text: () => this.#sayAway(away), about: TAKEN_BACK, life: 10_000 })
    } else if (done.done === 'stays') {
      const { group: stays, title, reason } = done
      dismissToastsAbout(stays)
      const words = (): Readonly<Record<string, string>> => t().banners.readOnly
      showToast({
        text: () => t().undo.stays(title || t().board.untitled),
        detail: () => words()[reason] ?? t().banners.readOnly.other,
        about: TAKEN_BACK,
      })
    } else if (done.done === 'ask') {
      const { group, conflict } = done
      this.asked = { way, group, conflict, elsewhere: await this.#otherBoardIn(conflict), renewed }
    } else if (done.done === 'free') {
      const { group } = done
      const action = { label: () => t().common[way], run: () => void this[way](group) }
      showToast({ text: () => t().undo.free, about: TAKEN_BACK, action })
    } else showToast({ text: () => (way === 'undo' ? t().undo.nothing : t().undo.nothingRedo) })
  }

  /** To be tracked by a question that tells what others have done: on this board, and on those that its cards went to. */
  trackOthers(): void {
    const { live, works } = this.#props()
    void [live.docs, works]
  }
  /** The question follows what others do while it stands. */
  followQuestion(): void {
    this.trackOthers()
    if (this.asked) untrack(this.#lookAgain)
  }
  readonly #lookAgain = oneAtATime(async () => {
    const { asked } = this
    if (!asked) return
    const { way, group, renewed } = asked
    const { workspace, work } = this.#props()
    // Where nothing can be told now, the answer will.
    const looked = await this.#core.call[way]({
      workspace,
      work,
      tab: this.#core.tab,
      group,
      onConflict: 'look',
    }).catch(() => null)
    if (!looked || this.asked !== asked || looked.done === 'undone') return
    const isSame = looked.done === 'ask' && JSON.stringify(looked.conflict) === JSON.stringify(asked.conflict)
    if (isSame && !asked.elsewhere) return
    if (looked.done !== 'ask') this.asked = null
    await this.#tellNotTakenBack(way, looked, isSame ? renewed : renewed + 1)
  })

  /** Undo while much is being changed means that, and nothing before it. Where it is too late to call it off, it is taken back. */
  async #callOff(way: 'undo' | 'redo', doing: ManyChanges): Promise<Undone | null> {
    if (way === 'redo' || this.#callingOff) return null
    this.#callingOff = true
    this.#cancel(doing.job)
    const done = await doing.done
    this.#callingOff = false
    return done?.value.group ? this.#takeBack('undo', done.value.group, 'ask') : null
  }
  #callingOff = false
  /** A core that died meanwhile has nothing left to call off. */
  #cancel(job: string): void {
    void this.#core.call.cancelCommit({ job }).catch(() => undefined)
  }

  /** What stands there is called by the names that it has there. */
  async #otherBoardIn({ fields, entries, held }: UndoConflict): Promise<Board | null> {
    const other = [...fields, ...entries, ...held].find(({ work }) => work !== this.work)?.work
    return other ? this.otherBoard(other) : null
  }
  /** Null where it cannot be read, which is said. */
  async otherBoard(work: DocId): Promise<Board | null> {
    const { workspace } = this.#props()
    const docs = await attempt(this.#core.call.moment({ workspace, work, at: { now: true } }))
    return docs && readBoard(docs.value)
  }

  /** Shows how far it is, where it tells, and asks whoever leaves before it is on disk. Null where it was refused or called off, which is said. */
  async #paced<Value>(
    way: LongWay,
    run: (job: string) => Promise<Value>,
    job = newEntity(),
  ): Promise<{ value: Value } | null> {
    const from = document.activeElement
    const cancel = () => this.#cancel(job)
    const unwatch = this.#core.watch('commit', { job }, ({ done, all }) => (this.underWay = { way, done, all, cancel }))
    try {
      const doing = run(job)
      void askUntilSaved(this, doing)
      return { value: await doing }
    } catch (error) {
      if (error instanceof Refusal && error.code === 'cancelled') showToast({ text: () => t().undo.cancelled })
      else tellError(error)
      return null
    } finally {
      unwatch()
      this.underWay = null
      await tick()
      // The button to call it off is gone.
      if (document.activeElement === document.body && from instanceof HTMLElement) from.focus({ preventScroll: true })
    }
  }

  archiveCard(card: Card): void {
    if (!this.isHere(card)) return
    const next = this.neighbour(card, (id) => id === card.id)
    void this.runWithUndo([calls.archiveCard(card.id)], () => t().card.archivedToast(card.title || t().card.untitled))
    // In the table the next row comes to where the keyboard is.
    if (this.#table) this.#table.focus(null)
    else if (next) this.focusCard(next)
  }

  /** One place to the left or right. */
  moveColumn(id: string, by: -1 | 1): void {
    const from = this.board.columns.findIndex((column) => column.id === id)
    if (from >= 0) void this.#moveColumnTo(id, from + by)
  }

  async #moveColumnTo(id: string, index: number): Promise<void> {
    const { columns } = this.board
    const moved = columns.find((column) => column.id === id)
    const others = columns.filter((column) => column.id !== id)
    if (!moved || index < 0 || index > others.length || columns[index] === moved) return
    const order = orderAt(
      others.map((column) => column.order),
      index,
      random,
    )
    if (await this.run([calls.moveColumn(id, order)]))
      announce(t().move.columnMoved(moved.title || t().board.columnName, index + 1, columns.length))
  }

  // ---- the column that is carried ----

  liftColumn(id: string): boolean {
    const index = this.board.columns.findIndex((column) => column.id === id)
    if (this.locked || index < 0) return false
    this.carried = { column: id, index }
    return true
  }
  placeColumn(index: number): void {
    const { carried } = this
    if (carried && carried.index !== index) this.carried = { ...carried, index }
  }
  async dropColumn(): Promise<void> {
    const { carried } = this
    // It stays where it is until the document has it there.
    if (carried) await this.#moveColumnTo(carried.column, carried.index)
    if (this.carried === carried) this.carried = null
  }
  putColumnBack(): void {
    this.carried = null
  }

  /**
   * Moves a card to a place among a column's shown cards, and from lane to lane, as one action. False where it stays. What is
   * `said` of it comes with an offer to take it back.
   */
  async moveCard(
    card: Card,
    columnId: string,
    index: number,
    lanes = { from: '', to: '' },
    said?: () => string,
  ): Promise<boolean> {
    if (columnId === LOST) return false
    const changes = await this.laneChanges(card, lanes, 'nobodyIn')
    // Whoever was asked about the lane took their time.
    const column = this.columns.find(({ id }) => id === columnId)
    if (!changes || !this.isHere(card)) return false
    if (!column) {
      void this.#sayColumnGone(columnId, card)
      return false
    }
    const { order, respaced } = placeAmong(column.all, this.cardsIn(columnId, lanes.to), index, card.id, random)
    const next = this.nextCard(card, columnId)
    const moved = [
      calls.moveCard(card.id, columnId, order),
      ...respaced.map((neighbour) => calls.respaceCard(neighbour.id, neighbour.order)),
      ...changes.map((change) => callOf(card.id, change)),
    ]
    if (columnId !== card.column) this.#moves.add(card.id, columnId)
    if (!next) return said === undefined ? (await this.run(moved)) !== null : this.runWithUndo(moved, said)
    const text = () => this.sayNext(card, next)
    return this.runWithUndo([...moved, ...next.calls], said === undefined ? text : () => `${said()} ${text()}`)
  }

  /** Several cards to one place in one action, in their order. `carried` is the one that `index` does not count. */
  async #moveTogether(
    together: readonly Card[],
    carried: Card,
    columnId: string,
    index: number,
    lanes: { from: string; to: string },
    said?: () => string,
  ): Promise<boolean> {
    if (columnId === LOST) return false
    const asked: { card: Card; changes: readonly LaneChange[] }[] = []
    for (const card of together) {
      const from = card.id === carried.id ? lanes.from : this.laneOf(card)
      const changes = await this.laneChanges(card, { from, to: lanes.to }, 'nobodyIn')
      if (!changes) return false
      asked.push({ card, changes })
    }
    const column = this.columns.find(({ id }) => id === columnId)
    const cards = this.stillHere(together)
    if (!column || cards.length === 0) return false
    const changed = asked
      .filter(({ card }) => cards === together || cards.includes(card))
      .flatMap(({ card, changes }) => changes.map((change) => callOf(card.id, change)))
    const shown = this.cardsIn(columnId, lanes.to).filter(({ id }) => id !== carried.id)
    const { orders, respaced } = placeTogether(column.all, shown, index, cards, random)
    const next = this.#nextOfAll(cards, columnId)
    for (const { id, column } of cards) if (column !== columnId) this.#moves.add(id, columnId)
    const list = [
      ...cards.map(({ id }, at) => calls.moveCard(id, columnId, orders[at] ?? '')),
      ...respaced.map(({ id, order }) => calls.respaceCard(id, order)),
      ...changed,
      ...next.flatMap((one) => one.calls),
    ]
    const text = () => this.#movedWords(cards.length, this.placeName(columnId, lanes.to), next.length)
    return this.runWithUndo(list, said === undefined ? text : () => `${said()} ${text()}`)
  }

  /**
   * What a card gets and loses by going from lane to lane; who stands for a department is asked where several could. Null
   * where nobody could, which is said, or nobody was named.
   */
  async laneChanges(
    card: Pick<Card, 'title' | 'assignees' | 'labels'>,
    { from, to }: { from: string; to: string },
    nobody: 'nobodyIn' | 'nobodyToAdd',
  ): Promise<readonly LaneChange[] | null> {
    const lane = laneMove(card, this.grouping, from, to, this.laneFacts)
    if (!('whoOf' in lane)) return lane.changes
    const department = this.laneTitle('department', lane.whoOf)
    if (lane.choices.length === 0) {
      showToast({ text: () => t().lanes[nobody](department) })
      return null
    }
    const person = await new Promise<string | null>((answer) => {
      this.whoAsked = { title: card.title, department, choices: lane.choices, answer }
    })
    this.whoAsked = null
    return person === null ? null : [...lane.changes, { field: 'assignee', person, on: true }]
  }

  /** To the end of another column, which is said. */
  async moveToEnd(card: Card, columnId: string): Promise<void> {
    const column = this.columns.find(({ id }) => id === columnId)
    if (!column || columnId === card.column) return
    const lane = this.laneOf(card)
    const over = this.overLimit(columnId, card.id)
    if (await this.moveCard(card, columnId, Infinity, { from: lane, to: lane }))
      announce(t().move.moved(column.title) + over)
  }

  /** A label of that name, on these cards. */
  newLabelOn(cards: readonly Card[], name: string): MutationCall[] {
    const label = newEntity()
    const color = colors[this.board.labels.length % colors.length] ?? 'gray'
    return [calls.addLabel(label, name.slice(0, 100), color), ...cards.map(({ id }) => calls.setLabel(id, label, true))]
  }

  /** One action; what filters by the label on this screen goes on with the other one. */
  async mergeLabel(label: Label, into: Label): Promise<void> {
    const count = cardsWithLabel(this.board, label.id).length
    const list = mergeLabelCalls(this.board, label.id, into.id)
    if (!(await this.runWithUndo(list, () => t().card.labelMerged(label.name, into.name, count)))) return
    const { labels } = this.shown.content
    if (labels.includes(label.id)) this.shown.change({ labels: mergedLabels(labels, label.id, into.id) })
  }

  /** Several cards to the end of a column. Repeating ones that are finished together come again together. */
  movesToEnd(cards: readonly Card[], column: string, { without }: { without?: string } = {}): MutationCall[] {
    let order = this.board.cardsIn.get(column)?.at(-1)?.order || null
    const moves = cards.map(({ id }) => calls.moveCard(id, column, (order = orderBetween(order, null, random))))
    return [...moves, ...this.#nextOfAll(cards, column, without).flatMap((one) => one.calls)]
  }
  #movedWords(count: number, place: string, again: number): string {
    const moved = t().bulk.moved(count, place)
    return again > 0 ? t().common.inOne([moved, t().repeat.someAgain(again)]) : moved
  }

  /** Of cards that are finished together the next ones stand in their order. */
  #nextOfAll(cards: readonly Card[], to: string, without?: string): NextCard[] {
    const ends: Record<string, string> = {}
    return cards.flatMap((card) => this.nextCard(card, to, { without, ends }) ?? [])
  }

  /** What follows a repeating card that goes to a column of finished ones; it comes to none that is on its way out. */
  nextCard(
    card: Card,
    to: string,
    { without, ends = {} }: { without?: string | undefined; ends?: Record<string, string> } = {},
  ): NextCard | null {
    const { cards, cardsIn } = this.board
    const columns = this.board.columns.map((one) => (one.id === without ? { ...one, archived: true } : one))
    const orderIn = (column: string) => {
      const last = ends[column] ?? cardsIn.get(column)?.findLast(({ order }) => order !== '')?.order ?? null
      return (ends[column] = orderBetween(last, null, random))
    }
    return nextCard({ columns, cardsById: cards }, card, to, this.today, orderIn)
  }

  sayNext({ title }: Pick<Card, 'title'>, { due, start }: NextCard): string {
    const day = due ?? start
    return t().repeat.next(title || t().card.untitled, day && formatDay(day, locale(), this.today))
  }

  /** To the field above the board or, where the window has no room for it, to the one among the conditions. */
  focusFilter(): void {
    const field = document.querySelector<HTMLInputElement>('[data-board-filter]')
    if (field?.checkVisibility()) field.select()
    else this.filtersOpen = true
  }

  // ---- the card in the hand ----

  startLift(id: string, by: Lift['by'], lane = this.focused?.card === id ? this.focused.lane : null): boolean {
    if (this.locked) return false
    const card = this.board.cards.get(id)
    const from = lane ?? (card ? this.laneOf(card) : '')
    const column = this.columns.find((one) => this.cardsIn(one.id, from).some((other) => other.id === id))
    if (!column || !card) return false
    const cards = this.cardsIn(column.id, from)
    const index = cards.findIndex((one) => one.id === id)
    const together = this.together(card)
    this.lift = { card, together, column: column.id, lane: from, from, index, by }
    const place = this.placeName(column.id, from)
    const [of, byKeys] = [cards.length, by === 'keyboard']
    announce(
      together.length > 1
        ? t().move.liftedAll(together.length, place, index + 1, of, byKeys)
        : t().move.lifted(card.title || t().card.untitled, place, index + 1, of, byKeys),
    )
    return true
  }

  placeLift(columnId: string, index: number, lane = this.lift?.lane ?? ''): void {
    const { lift } = this
    if (!lift || columnId === LOST || !this.columns.some(({ id }) => id === columnId)) return
    const most = this.#othersIn(columnId, lane, lift).length
    const place = Math.max(0, Math.min(index, most))
    if (lift.column === columnId && lift.lane === lane && lift.index === place) return
    this.lift = { ...lift, column: columnId, lane, index: place }
    if (lift.by === 'keyboard') announce(t().move.over(this.placeName(columnId, lane), place + 1, most + 1))
  }

  stepLift(step: Step): void {
    const { lift } = this
    if (!lift) return
    const next = lift.index + (step === 'left' || step === 'right' ? 0 : ALONG[step])
    if (step === 'left' || step === 'right') {
      const at = this.columns.findIndex(({ id }) => id === lift.column)
      const beside = this.columns[at + (step === 'left' ? -1 : 1)]
      if (beside) this.placeLift(beside.id, lift.index)
    } else {
      const most = this.#othersIn(lift.column, lift.lane, lift).length
      const beyond = step === 'up' && next < 0 ? -1 : step === 'down' && next > most ? 1 : 0
      const lane = beyond === 0 ? null : this.#laneBeside(lift.lane, beyond, { folded: true })
      if (lane) this.placeLift(lift.column, beyond < 0 ? Infinity : 0, lane.id)
      else this.placeLift(lift.column, next)
    }
    this.focusCard(lift.card.id)
  }

  /** The next lane up or down; for the focus one that is open, for a card in the hand any. */
  #laneBeside(lane: string, by: number, { folded }: { folded: boolean }): ShownLane | null {
    const open = (this.lanes ?? []).filter(({ id }) => id === lane || folded || !this.shown.isFolded(this.grouping, id))
    return open[open.findIndex(({ id }) => id === lane) + by] ?? null
  }

  async dropLift(): Promise<void> {
    const { lift } = this
    if (!lift) return
    this.#dropping = true
    dismissToastsAbout(IN_HAND)
    await this.#drop(lift)
    this.#dropping = false
  }

  async #drop(lift: Lift): Promise<void> {
    const { card, together, column, lane, from, index } = lift
    const home = this.columns.find(({ cards }) => cards.some(({ id }) => id === card.id))?.id
    const before = this.cardsIn(column, lane).findIndex(({ id }) => id === card.id)
    const unmoved = home === column && lane === from && before === index
    const title = card.title || t().card.untitled
    const place = this.placeName(column, lane)
    // Somebody has moved it since it was lifted: mine counts, and whose was before it is said and one click away.
    const theirs = this.board.cards.get(card.id)?.column
    let said: (() => string) | undefined
    if (theirs !== undefined && theirs !== card.column && theirs !== column) {
      const [who, there] = [await this.whoWrote(card.id, 'column', theirs), this.columnTitle(theirs)]
      said = () => t().move.movedOver(who, title, there, place)
    }
    // The hand stays where it is until the document has the card there: nothing jumps back in between.
    const cards = this.together(card)
    if (together.length > 1) this.stillHere(together)
    const lanes = { from, to: lane }
    const done =
      unmoved ||
      (await (cards.length > 1
        ? this.#moveTogether(cards, card, column, index, lanes, said)
        : this.moveCard(card, column, index, lanes, said)))
    // The card keeps the focus, so its lane stays open around it.
    if (done && lift.by === 'keyboard') this.fold(lane, false)
    if (this.lift?.card.id === card.id) this.lift = null
    const over = home === column ? '' : this.overLimit(column, card.id)
    // Where several are put, each has another place.
    const put = cards.length > 1 ? t().bulk.moved(cards.length, place) : t().move.dropped(title, place, index + 1)
    announce(done ? put + over : t().move.cancelled(title))
    if (lift.by === 'keyboard' && isWith(card.id)) this.focusCard(card.id, done ? lane : from)
  }

  cancelLift(): void {
    const { lift } = this
    if (!lift) return
    this.lift = null
    dismissToastsAbout(IN_HAND)
    const title = lift.card.title || t().card.untitled
    announce(lift.moved ? t().move.nowIn(title, this.columnTitle(lift.moved.column)) : t().move.cancelled(title))
    if (lift.by === 'keyboard') this.focusCard(lift.card.id, lift.from)
  }

  /** Others went on working: what they took away falls out of the hand, and that is said. */
  openHand(): void {
    const { lift } = this
    if (!lift) return
    const card = this.board.cards.get(lift.card.id)
    const cardGone = !card || card.archived
    if (!cardGone && this.columns.some(({ id }) => id === lift.column)) {
      const known = lift.moved?.column ?? lift.card.column
      if (card.column !== known && !this.#dropping) void this.#movedInHand(card)
      return
    }
    this.lift = null
    dismissToastsAbout(IN_HAND)
    if (cardGone) void this.#sayWentOff(lift.card)
    else void this.#sayColumnGone(lift.column, lift.card)
    if (lift.by === 'keyboard') this.focusCard(lift.card.id, lift.from)
  }

  /** Said while there is still time to think: the drop decides. */
  async #movedInHand({ id, column, title }: Card): Promise<void> {
    const who = await this.whoWrote(id, 'column', column)
    const { lift } = this
    if (lift?.card.id !== id || lift.moved?.column === column || this.#dropping) return
    this.lift = { ...lift, moved: { who, column } }
    const place = this.columnTitle(column)
    const text = () => t().move.movedInHand(who, title || t().card.untitled, place)
    showToast({ text, about: IN_HAND, life: null })
  }
  /** What comes of the drop is no news to whoever dropped. */
  #dropping = false
  readonly #moves = new MovedAtOnce(this)
  /** Others moved what I have just moved: that is said at once, with the way to my place. */
  tellMovedAtOnce(): void {
    this.#moves.tell()
  }

  /** A column went while something was asked of it. Where it did not, that was left with the screen. */
  async tellColumnGone(column: string): Promise<void> {
    await tick()
    const gone = this.board.archivedColumns.find(({ id }) => id === column)
    const change = gone && (await lastChange(this, column, 'archived', { value: true }))
    if (!gone || change?.person === this.me?.id) return
    const who = change?.person ? this.personName(change.person) : t().app.somebody
    showToast({ text: () => t().columnArchive.gone(who, gone.title || t().board.columnName) })
  }

  /** Who wrote a field last, or what it holds; of the board itself where no entity is named. */
  async whoWrote(entity: string | null, field: string, value?: unknown): Promise<string> {
    const change = await lastChange(this, entity, field, { value })
    return change?.person ? this.personName(change.person) : t().app.somebody
  }

  #othersIn(column: string, lane: string, lift: Lift): readonly Card[] {
    return this.cardsIn(column, lane).filter(({ id }) => id !== lift.card.id)
  }

  // ---- the card that has the keyboard ----

  /** One card per list is in the tab order; the arrow keys go on from there. */
  currentIn(column: string, lane: string): string | null {
    return this.#current.get(listKey(column, lane)) ?? null
  }
  hasFocus(column: string, lane: string, card: string): void {
    this.#current.set(listKey(column, lane), card)
    this.focused = { column, lane, card }
  }
  /** What the menu of a column does, for the palette. */
  readonly columnMenus = new SvelteMap<string, () => readonly MenuEntry[]>()
  offerMenu(column: string, items: () => readonly MenuEntry[]): () => void {
    this.columnMenus.set(column, items)
    return () => this.columnMenus.delete(column)
  }

  /** What the menu of views does beside opening them. */
  #viewMenu = $state.raw<(() => readonly MenuEntry[]) | null>(null)
  viewMenu = (): readonly MenuEntry[] => this.#viewMenu?.() ?? []
  offerViewMenu(items: () => readonly MenuEntry[]): () => void {
    this.#viewMenu = items
    return () => (this.#viewMenu = null)
  }

  /** A column on screen; `reveal` scrolls it to one of its cards. */
  addList(column: string, reveal: (card: string) => void): () => void {
    this.#lists.set(column, reveal)
    return () => this.#lists.delete(column)
  }

  /** Where a card's tile is: in the hand where it would land, else in the lane asked for or its first one. */
  #tileOf(id: string, lane?: string): { column: ShownColumn; lane: string } | null {
    const { lift } = this
    if (lift?.card.id === id) {
      const column = this.columns.find((one) => one.id === lift.column)
      return column ? { column, lane: lift.lane } : null
    }
    const card = this.board.cards.get(id)
    if (!card) return null
    const lanes = this.lanesOfCard(card)
    const inLane = lane !== undefined && lanes.includes(lane) ? lane : this.laneOf(card)
    const column = this.columns.find((one) => this.cardsIn(one.id, inLane).some((other) => other.id === id))
    return column ? { column, lane: inLane } : null
  }

  /** Scrolls to a card's tile, which may not have been drawn so far. */
  async reveal(id: string, lane?: string): Promise<HTMLElement | null> {
    const place = this.#tileOf(id, lane)
    if (!place) return null
    const column = place.column.id
    this.revealed = { column, lane: place.lane, card: id }
    // The card in the hand is laid out where it would land.
    await tick()
    const scrollTo = await whenDrawn(() => this.revealInLanes ?? this.#lists.get(column) ?? null)
    if (!scrollTo) return null
    scrollTo(id, place.lane, column)
    await tick()
    const inLane = this.revealInLanes ? `[data-in-lane="${CSS.escape(place.lane)}"] ` : ''
    const tile = await whenDrawn(() => document.querySelector<HTMLElement>(`${inLane}[data-card="${CSS.escape(id)}"]`))
    tile?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    // Neighbours that were drawn for this are measured now, and may be higher than they were thought.
    requestAnimationFrame(() => tile?.scrollIntoView({ block: 'nearest', inline: 'nearest' }))
    return tile
  }

  #table = $state.raw<TableOnScreen | null>(null)
  /** Gives back how to take the offer back. */
  offerTable(table: TableOnScreen): () => void {
    this.#table = table
    return () => {
      if (this.#table === table) this.#table = null
    }
  }
  /** The card that has the keyboard, also while a dialog has it that gives it back. */
  get cardAtHand(): string | null {
    return this.#table ? this.#table.cardAtHand() : (this.focused?.card ?? null)
  }

  focusCard(id: string, lane?: string): void {
    if (this.#table) return this.#table.focus(id)
    const place = this.#tileOf(id, lane)
    if (place) this.#current.set(listKey(place.column.id, place.lane), id)
    const from = document.activeElement
    void this.reveal(id, lane).then((tile) => {
      // Whoever has gone on meanwhile is not called back.
      if (document.activeElement !== from && !isWith(id)) return
      const link = tile?.querySelector<HTMLElement>('[data-card-link]')
      // A card that is in no list, an archived one for one, leaves the keyboard with the board.
      const to = link ?? (document.activeElement === document.body ? document.getElementById('content') : null)
      to?.focus({ preventScroll: true })
    })
  }

  /** The tile that had the focus is gone: the focus goes on with its card, or to whatever took its place in the list. */
  followFocus({ card: id, column, lane, index }: TileOnScreen): void {
    if (this.lift) return
    const card = this.board.cards.get(id)
    const place = this.#tileOf(id, lane)
    const title = card?.title || t().card.untitled
    if (card && place) announce(t().move.nowIn(title, this.placeName(place.column.id, place.lane)))
    else if (card?.archived) void this.#sayGone(id, title)
    if (place && !this.isFolded(place.lane)) return this.focusCard(id, place.lane)
    const left = this.cardsIn(column, lane)
    const next = left[Math.min(index, left.length - 1)]
    if (next) this.focusCard(next.id, lane)
  }

  /** What somebody did themselves, undo for one, says more of it than that this card is gone. */
  async #sayGone(card: string, title: string, say = (text: () => string) => announce(text())): Promise<void> {
    const change = await lastChange(this, card, 'archived')
    // Of what was in the hand as well more is said.
    if (change?.person === this.me?.id || this.#gone.has(card)) return
    const who = change?.person ? this.personName(change.person) : t().app.somebody
    this.#gone.add(card, who, { title, say })
  }
  /** A field of it that was open in the table has closed; `left` says what was written there, and is nowhere else. */
  sayTaken(id: string, left?: () => string): void {
    const card = this.board.cards.get(id)
    if (!card?.archived) return
    const say = (text: () => string) => showToast({ text, detail: left, about: `gone ${id}` })
    void this.#sayGone(id, card.title || t().card.untitled, say)
  }
  readonly #gone = new GoneCards(this)
  tellGone(): void {
    this.#gone.tell()
  }

  /** False where there is none to go to. */
  focusFirst(): boolean {
    if (this.#table) {
      this.#table.focus(null)
      return true
    }
    const lane = this.lanes?.find(({ id }) => !this.shown.isFolded(this.grouping, id))
    if (this.lanes && !lane) return false
    const cards = this.columns.flatMap(({ id }) => this.cardsIn(id, lane?.id ?? ''))
    const [first] = cards
    if (first) this.focusCard(first.id, lane?.id)
    return first !== undefined
  }
  stepFocus(from: string, step: Step): void {
    const place = this.#tileOf(from)
    if (!place) return
    const { column, lane } = place
    const cards = this.cardsIn(column.id, lane)
    const index = cards.findIndex(({ id }) => id === from)
    if (step !== 'left' && step !== 'right') {
      const to = index + ALONG[step]
      const beyond = step === 'up' && to < 0 ? -1 : step === 'down' && to >= cards.length ? 1 : 0
      if (this.lanes && beyond !== 0) return this.#stepToLane(column, lane, beyond)
      const next = cards[Math.max(0, Math.min(cards.length - 1, to))]
      if (next && next.id !== from) this.focusCard(next.id, lane)
      return
    }
    const by = step === 'left' ? -1 : 1
    for (let i = this.columns.indexOf(column) + by; i >= 0 && i < this.columns.length; i += by) {
      const there = this.cardsIn(this.columns[i]?.id ?? '', lane)
      const next = there[Math.min(index, there.length - 1)]
      if (next) return this.focusCard(next.id, lane)
    }
  }

  /** To the nearest card of the same column in another open lane. */
  #stepToLane(column: ShownColumn, from: string, by: -1 | 1): void {
    for (
      let lane = this.#laneBeside(from, by, { folded: false });
      lane;
      lane = this.#laneBeside(lane.id, by, { folded: false })
    ) {
      const there = lane.cards.get(column.id) ?? []
      const next = by < 0 ? there.at(-1) : there[0]
      if (next) return this.focusCard(next.id, lane.id)
    }
  }

  /** What takes the place of cards that go: the next one below the first of them that stays, or the last one above. */
  neighbour(first: Card, goes: (id: string) => boolean): string | null {
    const cards = this.columns.find((column) => column.cards.some(({ id }) => id === first.id))?.cards ?? []
    const index = cards.findIndex(({ id }) => id === first.id)
    const stays = ({ id }: Card) => !goes(id)
    return (cards.slice(index).find(stays) ?? cards.slice(0, index).findLast(stays))?.id ?? null
  }
}

/** What somebody has written for them. */
const writtenIn = (list: readonly MutationCall[]): string[] =>
  list.flatMap(({ args }) =>
    [fieldsOf(args)['title'], fieldsOf(args)['text'], fieldsOf(args)['name']].filter((one) => typeof one === 'string'),
  )

type Undone = Extract<UndoResult, { done: 'undone' }>

/** What may take a while. */
type LongWay = 'do' | 'undo' | 'redo' | 'restore'

interface ManyChanges {
  job: string
  /** Null where they were refused or called off. */
  done: Promise<{ value: { group: string | null } } | null>
}

const KEY = Symbol('board')
export const provideScreen = (screen: BoardScreen): BoardScreen => setContext(KEY, screen)
export const getScreen = (): BoardScreen => getContext<BoardScreen>(KEY)
