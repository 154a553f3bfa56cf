/**
 * What all parts of the board on screen share: the board as read, the columns that the filter leaves of it, and the way to change
 * something. What one does there with cards has an object each: those chosen, the one in the hand, the one that has the keyboard,
 * where they go, how it is taken back, and what others take away meanwhile.
 */
import { getContext, setContext, untrack } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import type { ActionFacts, Moment } from '#lib/core/api.ts'
import type { CallArgs, CallResult } from '#lib/core/rpc.ts'
import { getCore } from '#lib/core/client.ts'
import { locale, t } from '#lib/i18n/locale.svelte.ts'
import { entryKey, type Way } from '#lib/kernel/arrivals.ts'
import type { Conflict, MutationCall, WorkDocs } from '#lib/kernel/define-kind.ts'
import type { Formatted } from '#lib/kernel/formatted.ts'
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { putAwayTold, type PutAwayBy, type Went } from '#lib/kernel/put-away.ts'
import { compareNames } from '#lib/kernel/names.ts'
import { fieldsOf, textOf } from '#lib/kernel/reading.ts'
import { Refusal } from '#lib/kernel/refusal.ts'
import type { ViewProps } from '#lib/kinds/views.ts'
import { attempt } from '#lib/ui/attempt.ts'
import { keepWords } from '#lib/ui/half-typed.ts'
import { allInTurn } from '#lib/ui/in-turns.ts'
import { now } from '#lib/ui/clock.svelte.ts'
import type { MenuEntry } from '#lib/ui/Menu.svelte'
import { asItCame, dismissToast, dismissToastsAbout, showToast } from '#lib/ui/toasts.svelte.ts'
import {
  changedBehind,
  doublesOn,
  earlierThan,
  landedFrom,
  landedOn,
  laterThan,
  nowOf,
  type Behind,
  type Doubled,
  type Landed,
  type PlaceNow,
  type Whereabouts,
} from '../landed.ts'
import type { FilterContext } from '../queries.ts'
import { readBoard, type Board } from '../schema.ts'
import { onlyThese, SortedCards, type SortFacts } from '../sort-cards.ts'
import { everything, isFiltered, sameConditions, type ViewContent } from '../view-content.ts'
import { calls, newEntity } from './board-calls.ts'
import { BoardFocus } from './board-focus.svelte.ts'
import { BoardLanes } from './board-lanes.svelte.ts'
import { BoardNews } from './board-news.svelte.ts'
import { createBoardReader } from './board-reader.ts'
import { openCardId } from './card-address.svelte.ts'
import { CardHeights } from './card-heights.svelte.ts'
import { cardSieve, type CardSieve } from './card-sieve.ts'
import type { Words } from './change-words.ts'
import { ChosenCards } from './chosen-cards.svelte.ts'
import { ColumnInHand } from './column-in-hand.svelte.ts'
import type { Elsewhere } from './contested-on-card.ts'
import { noConditions } from './filter-chips.ts'
import { Hand } from './hand.svelte.ts'
import type { ImportNote } from './import-note.ts'
import { Makers } from './makers.ts'
import { MovedAway, type Away } from './moved-away.ts'
import { cardsWithLabel, mergedLabels, mergeLabelCalls } from './label-calls.ts'
import { lastChange } from './last-change.ts'
import { LongWork } from './long-work.svelte.ts'
import { Meanwhile } from './meanwhile.ts'
import { Moves } from './moves.svelte.ts'
import { cardsOfArchivedColumns, colors, LOST, type Card, type Label } from './screen-board.ts'
import { ShownView } from './shown-view.svelte.ts'
import { StillTyping } from './still-typing.svelte.ts'
import { TAKEN_BACK, TakingBack } from './taking-back.svelte.ts'
import { peopleToChoose } from './people-to-choose.ts'
import { dayAt, editorsByCard, peopleById } from './who-is-here.ts'
import { tellWhereItWent, type Written } from './written-away.ts'

/** Milliseconds after which cards whose column has not come are shown without it. */
const LONGEST_WITHOUT_COLUMN = 3_000
/** An action that was done, and the board that its cards were moved from. */
type Done = { group: string; movedFrom?: string }
const NO_EDITORS: ReturnType<typeof editorsByCard> = new Map()
const NO_CHANGES: ReadonlyMap<string, readonly Behind[]> = new Map()
const NO_LANDED = landedOn([])
const NO_DOUBLES: ReadonlyMap<string, Doubled> = new Map()
/** Changes at once that may take longer than a moment: how far they are is shown. */
const MANY = 100

export interface ShownColumn {
  id: string
  title: string
  /** All cards of the column and those that pass the filter. */
  all: readonly Card[]
  cards: readonly Card[]
}

/** Where a card is being added. `lane` is null above all lanes, and where the board has none. */
export interface Adding {
  column: string
  lane: string | null
}

const rootAlone = ({ root, docs }: WorkDocs): WorkDocs => ({ root, docs: docs[root] ? { [root]: docs[root] } : {} })

export class BoardScreen {
  readonly #props: () => ViewProps
  readonly #core = getCore()

  readonly shown: ShownView
  /** What the board shows: what `shown` asks for, once that was worked out. */
  content = $state.raw<ViewContent>(everything)
  readonly news = new BoardNews(this)
  readonly stillTyping = new StillTyping()
  readonly lanes = new BoardLanes(this)
  readonly chosen = new ChosenCards(this)
  readonly hand = new Hand(this)
  readonly columnInHand = new ColumnInHand(this)
  readonly moves = new Moves(this)
  readonly focus = new BoardFocus(this)
  readonly longWork = new LongWork(this)
  readonly back = new TakingBack(this)
  readonly meanwhile = new Meanwhile(this)
  readonly heights = new CardHeights()
  /** The quick add that is open. */
  adding = $state.raw<Adding | null>(null)
  /** The column that was chosen, or added to, in the table. */
  addedTo = $state<string | null>(null)
  /** The card that was added last and of which it is said that the filter hides it. */
  saidHidden = $state<string | null>(null)
  /** The conditions of the filter are shown. */
  filtersOpen = $state(false)
  menu = $state.raw<{ card: Card; anchor: HTMLElement } | null>(null)
  /** `elsewhere`: to another board. */
  moving = $state.raw<{ cards: readonly Card[]; elsewhere?: boolean } | null>(null)
  /** The label whose name and colour are being changed. */
  editedLabel = $state.raw<Label | null>(null)
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
  /** Opens the replay at the moment before these changes. */
  lookBefore: ((changes: ReadonlySet<string>) => void) | null = null
  /** The moment on screen is the present one: the end of a replay. */
  isPresent = (): boolean => this.past === null

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
  /** Nothing of other boards is looked at for another filter. */
  readonly #isForBlocked = $derived.by(() => this.content.blocked)
  readonly #filterFacts = $derived.by((): FilterContext => {
    const { whole, labelsById, done } = this.board
    const { conflicts, day: today, personName } = this
    const { people, work } = this
    const landed = this.#isForBlocked && this.isPresent() ? this.#landed : NO_LANDED
    return {
      ...{ board: whole, today, done, labelsById, personName },
      departmentsOf: (person) => people.get(person)?.departments ?? [],
      isContested: (card) => conflicts.has(card),
      whereNow: (card) => nowOf(landed, work, card),
    }
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
    const { board } = this
    const columns = this.columnInHand.amongOthers(board.columns)
    const shown = columns.map(({ id, title }) => this.#shown(id, title, board.cardsIn.get(id) ?? []))
    const lost = this.#hasWaited ? board.lost : this.#ofArchivedColumns
    return lost.length > 0 ? [...shown, this.#shown(LOST, t().board.lostColumn, lost)] : shown
  })
  /** Other ones as soon as one of them changes. */
  readonly #sortFacts = $derived.by((): SortFacts => {
    const { people } = this
    const { somebody } = t().app
    return { columns: this.board.columns, personName: (id) => people.get(id)?.name || somebody }
  })
  readonly #sorted = new SortedCards()
  readonly #all = $derived.by(() => this.columns.flatMap(({ all }) => all))
  /** Also those that the filter hides: to filter is not to sort anew. */
  readonly #inOrder = $derived.by(() => this.#sorted.of(this.#all, this.content.sort, this.#sortFacts))
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
  readonly counts = $derived.by(() => ({
    shown: this.columns.reduce((sum, { cards }) => sum + cards.length, 0),
    all: this.columns.reduce((sum, { all }) => sum + all.length, 0),
  }))
  readonly #conflicts = $derived.by(() => (this.past ? [] : this.#props().live.conflicts))
  /** By card, what two people wrote at once; of another moment nothing is known. */
  readonly conflicts = $derived.by((): ReadonlyMap<string, readonly Conflict[]> => {
    const went = JSON.parse(this.#went) as Record<string, Went>
    const told = this.#conflicts.flatMap((conflict) => {
      const [collection, card, field] = conflict.path
      if (collection !== 'cards') return []
      if (field !== 'archived') return [conflict]
      const values = putAwayTold(conflict.values, (put) => went[putKey(card, put)] ?? null)
      return values.length > 1 ? [{ ...conflict, values }] : []
    })
    return Map.groupBy(told, ({ path: [, card] }) => card)
  })
  /** Where cards went that several have put away, by each who moved them: as text, for hardly any news of another board is news of that. */
  readonly #went = $derived.by(() =>
    JSON.stringify(
      Object.fromEntries(
        this.#conflicts
          .filter(({ path: [, , field], values }) => field === 'archived' && values[1]?.value === true)
          .flatMap(({ path: [, card], values }) =>
            values.map((put) => [putKey(card, put), this.#landed.moves.wentBy(this.work, card, put)]),
          ),
      ),
    ),
  )
  /** The same of the board itself, its columns, labels and views. */
  readonly boardConflicts = $derived.by(() =>
    this.#conflicts.flatMap((conflict) => {
      const [collection, , field] = conflict.path
      const values = field === 'archived' ? putAwayTold(conflict.values, () => null) : conflict.values
      return collection === 'cards' || values.length < 2 ? [] : [{ ...conflict, values }]
    }),
  )
  /** Where cards are that were moved from one board to another. */
  readonly #landed = $derived.by(() => landedOn(this.#props().works))
  /** By card, what else it became because somebody moved it at once; of another moment nothing is known. */
  readonly doubles = $derived.by((): ReadonlyMap<string, Doubled> => {
    return this.past ? NO_DOUBLES : doublesOn(this.#landed, this.work, this.board.cards)
  })
  /** By card of this board, who changed it at once where it came from, or came back from; of another moment nothing is known. */
  readonly changedBehind = $derived.by((): ReadonlyMap<string, readonly Behind[]> => {
    return this.past ? NO_CHANGES : changedBehind(this.#landed, this.#props().works, this.work, this.board.cards)
  })
  /** Where a card is now that was moved to another board. */
  landedFrom = (card: string, work = this.work): readonly Landed[] =>
    this.past ? [] : landedFrom(this.#landed, work, card)
  /** Where a card of this board is now that was moved, from there as well, or that is back; of another moment nothing is known. */
  whereNow = (card: string): readonly PlaceNow[] => (this.isPresent() ? this.placesNow(card) : [])
  /** The same, whatever moment is on the screen, and of another board as well. */
  placesNow = (card: string, work = this.work): readonly PlaceNow[] => nowOf(this.#landed, work, card)
  readonly #movedAway = new MovedAway((entities) => {
    return this.core.call.movedAway({ workspace: this.workspace, work: this.work, entities })
  })
  /**
   * The moves by which a card of this board is away, and where they ended, in the archive as well; whatever moment is on the screen.
   * Of one that lies in the archive everywhere it is known in a moment.
   */
  waysFrom = (card: string): readonly Way<Landed>[] => {
    const ways = this.#landed.moves.waysFrom(this.work, card)
    if (ways.some(({ end }) => !end.archived)) return ways
    if (ways.length === 0) return []
    const { to } = this.#away(card, ways)
    return ways.filter(({ move }) => entryKey(move) === to)
  }
  #away(card: string, ways: readonly Way<Landed>[]): Away {
    const now = this.isPresent() ? this.board.cards.get(card) : null
    return this.#movedAway.of(card, [now, ways.map(({ move }) => `${entryKey(move)} ${move.archived}`).join('\n')])
  }
  /** Whether a card that lies in the archive of this board is there by a move, and not by hand; of another moment nothing is known. */
  isMovedAway = (card: string): { byMove: boolean | undefined; isAnswered: boolean } => {
    if (!this.isPresent()) return { byMove: undefined, isAnswered: false }
    const ways = this.#landed.moves.waysFrom(this.work, card)
    if (ways.length === 0) return { byMove: false, isAnswered: true }
    const { to, isAnswered } = this.#away(card, ways)
    return { byMove: to === undefined ? undefined : to !== null, isAnswered }
  }
  /** Where a card of this board is now; of one that was moved and is nowhere any more, where it lies in the archive. */
  whereabouts = (card: string): readonly Whereabouts[] => {
    const places = this.whereNow(card)
    return places.length > 0 || !this.isPresent() ? places : this.waysFrom(card).map(({ end }) => end)
  }
  /** What a card that is here is on other boards, too: what it became there, and what it was several moves ago. */
  laterThan = (card: string): readonly Landed[] => (this.isPresent() ? laterThan(this.#landed, this.work, card) : [])
  earlierThan = (card: string): PlaceNow | null =>
    this.isPresent() ? earlierThan(this.#landed, this.work, card) : null
  /** What a card became on one board, in one move or several. */
  becameOn = (work: DocId, from: DocId, card: string): string | null =>
    nowOf(this.#landed, from, card).find((one) => one.work === work)?.entity ?? null
  /** Who moved a card of this board on, or back. */
  moversOf = (card: string): readonly string[] => this.#landed.moves.moversOf(this.work, card)
  /** Also what was archived there since. */
  movesOf = (card: string, work: DocId): readonly Landed[] => this.#landed.moves.of(work, card)
  /** The board itself was put away. */
  readonly isArchived = $derived.by(() => this.#props().works.find(({ root }) => root === this.work)?.archived ?? false)
  /** Boards that cards can be moved to from here. */
  readonly otherBoards = $derived.by(() =>
    this.#props()
      .works.filter(({ root, kind, archived, template, writable }) => {
        return root !== this.work && kind === 'board' && !archived && !template && writable
      })
      .map(({ root, title }) => ({ id: root, title: title || t().board.untitled }))
      .sort((a, b) => compareNames(a.title, b.title)),
  )
  /** Of another board; null where it is not to be seen any more. */
  boardTitle = (work: DocId): string | null => this.#props().works.find(({ root }) => root === work)?.title ?? null
  readonly makers = new Makers((entities) => {
    return this.core.call.makers({ workspace: this.workspace, work: this.work, entities })
  })
  newsOn = (work: DocId): number => this.#props().works.find(({ root }) => root === work)?.news ?? 0
  conflictsOf = (card: string): readonly Conflict[] => this.conflicts.get(card) ?? []
  /** Every tile asks for it. */
  readonly openCard = $derived.by(() => openCardId())
  /** In another moment nobody is at work. */
  readonly editors = $derived.by(() => {
    const mine = this.me?.devices.find(({ current }) => current)?.id
    return this.past ? NO_EDITORS : editorsByCard(this.#props().presence, this.work, mine)
  })

  /** Of this one board: a message's button that is pressed on another one still means it. */
  readonly workspace: WorkspaceId
  readonly work: DocId

  constructor(props: () => ViewProps) {
    this.#props = props
    this.workspace = props().workspace
    this.work = props().work
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
      if (asked !== this.content) return allInTurn(this.#follow(asked))
    })
  }
  *#follow(asked: ViewContent): Generator<void, void> {
    const columns = [...this.board.cardsIn.values()]
    for (const cards of columns) {
      this.#workOut(asked, cards)
      yield
    }
    if (asked.layout === 'table') yield* this.#sorted.inSteps(this.#all, asked.sort, this.#sortFacts)
    this.content = asked
  }
  #workOut(asked: ViewContent, column: readonly Card[]): void {
    const cards = this.#sieveOf(asked)(column)
    if (asked.layout !== 'board') return
    const lists = asked.group === 'none' ? [cards] : this.lanes.listsBy(asked.group, cards)
    for (const list of lists) this.heights.rowsOf(list)
  }

  /** Whoever puts a card below the last one waits for all of them. */
  get arrival(): Promise<void> {
    return this.#arrival.promise
  }
  hasArrived(): void {
    this.#arrival.resolve()
  }

  get live() {
    return this.#props().live
  }
  get departments() {
    return this.#props().departments
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
    const { today, personName, departmentName, whereNow, moversOf, waysFrom, boardTitle } = this
    const { whole: board } = this.board
    const names = { personName, departmentName, boardTitle }
    return { t: t(), locale: locale(), today, board, ...names, whereNow, moversOf, waysFrom }
  }

  /** Where a card is added that is begun from no other; null where there is no column. */
  get addsTo(): string | null {
    const { columns } = this.board
    const chosen = this.content.layout === 'table' ? this.addedTo : null
    return (columns.find(({ id }) => id === chosen) ?? columns[0])?.id ?? null
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
  /** Where it matters which one is meant, whose a card is or who did something: who was removed from the workspace is marked. */
  distinctName = (id: string): string => {
    const name = this.personName(id)
    return this.people.get(id)?.removed ? t().card.removedAssignee(name) : name
  }
  /** To assign cards to; and who was removed, of whom they still are, to be taken off. */
  assigneesFor = (cards: readonly Card[]) => this.#named(cards.flatMap(({ assignees }) => assignees))
  /** To filter by; those that were `kept` are, too. */
  assigneesToFilter = (kept: readonly string[]) => {
    const theirs = [...this.board.cards.values()].flatMap(({ archived, assignees }) => (archived ? [] : assignees))
    return this.#named([...theirs, ...this.shown.content.assignees, ...kept])
  }
  #named = (still: Iterable<string>) =>
    peopleToChoose(this.people.values(), still).map(({ id, removed }) => ({ id, removed, name: this.distinctName(id) }))
  departmentName = (id: string): string =>
    this.departments.find((department) => department.id === id)?.name ?? t().views.departmentGone
  columnTitle = (id: string): string => this.columns.find((column) => column.id === id)?.title ?? t().board.lostColumn

  /** Of the board as it is shown: in the replay those of that moment. */
  async descriptions(): Promise<Record<string, Formatted>> {
    const { core, workspace, work, pastAt: at } = this
    return (await core.call.descriptions({ workspace, work, ...(at && { at }) })).texts
  }

  /** The cards in the order of the table: those that the filter lets through, and the one that is `kept`. */
  inOrder(kept: string | null = null): readonly Card[] {
    if (!this.filtering) return this.#inOrder
    return onlyThese(
      this.#inOrder,
      this.columns.flatMap(({ cards }) => cards),
      kept,
    )
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
    if (this.lanes.shown) return this.lanes.cardsIn(column, lane)
    return this.columns.find(({ id }) => id === column)?.cards ?? []
  }

  /** The same with the card in the hand where it would land. */
  cardsOnScreen(column: ShownColumn, lane: string): readonly Card[] {
    const { lift } = this.hand
    const all = this.cardsIn(column.id, lane)
    // The card's tiles in other lanes stay while one of them is in the hand.
    if (!lift || (lane !== lift.lane && lane !== lift.from)) return all
    // With each key: of thousands only the place of one is looked for.
    const held = this.board.cards.get(lift.card.id)
    const home = held ? all.indexOf(held) : -1
    const others = home < 0 ? all : all.toSpliced(home, 1)
    return lift.column === column.id && lift.lane === lane ? others.toSpliced(lift.index, 0, lift.card) : others
  }

  // ---- changes ----

  /** Runs mutations as one undoable action. Null where it was refused (which was said). */
  run(list: MutationCall[], facts?: ActionFacts): Promise<Done | null> {
    return this.runHere()(list, facts)
  }

  /** The same on this board, whatever is on the screen by then. */
  runHere(): (list: MutationCall[], facts?: ActionFacts) => Promise<Done | null> {
    const { workspace, work } = this
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
      : this.longWork.runMany('do', (job) => this.#core.call.commit({ ...args, job })))
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
    const done = await this.longWork.runMany('restore', (job) => this.#core.call.restoreMoment({ ...args, job }))
    return done?.value ?? null
  }

  /** Like `run`, of what was begun for a card, in a list or a dialog, while it was on the board. */
  async change(card: Card, list: MutationCall[]): Promise<{ group: string } | null> {
    return this.meanwhile.isHere(card) ? this.run(list) : null
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
    if (this.whereabouts(id).length > 0) return
    const toast = showToast({
      text: () => t().move.cardGone(who, title || t().card.untitled),
      detail: () => t().card.writtenHere(field, text),
      life: null,
      action: { label: () => t().card.restore, run: () => void this.restoreCard({ id, title }) },
    })
    await moved
    dismissToast(toast)
  }

  /** Like `run`, as one action with what goes with it on another board. */
  async runWith(elsewhere: readonly Elsewhere[], list: MutationCall[], facts: ActionFacts = {}) {
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
    await this.#keepDoubles(
      list.flatMap(({ mutation, args }) => (mutation === 'archiveCard' ? [textOf(fieldsOf(args)['card'])] : [])),
    )
    return this.run(list, { ...facts, ...(along && { along }) })
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
    const action = { label: () => t().common.undo, run: () => void this.back.undo(group) }
    showToast({ text: asItCame(text), about: group, action })
  }

  /** To be tracked by a question that tells what others have done: on this board, and on those that its cards went to. */
  trackOthers(): void {
    const { live, works } = this.#props()
    void [live.docs, works]
  }
  /** Null where it cannot be read, which is said. */
  async otherBoard(work: DocId): Promise<Board | null> {
    const { workspace } = this.#props()
    const docs = await attempt(this.#core.call.moment({ workspace, work, at: { now: true } }))
    return docs && readBoard(docs.value)
  }

  archiveCard(card: Card): void {
    if (!this.meanwhile.isHere(card)) return
    const next = this.focus.neighbour(card, (id) => id === card.id)
    void this.archive([card], () => t().card.archivedToast(card.title || t().card.untitled))
    this.focus.goOnWith(next, card)
  }

  /** Offers to take it back; `also` is done with it, as one action. */
  async archive(cards: readonly Card[], text: () => string, also: readonly MutationCall[] = []): Promise<void> {
    const goes = cards.map(({ id }) => id)
    await this.#keepDoubles(goes)
    await this.runWithUndo([...goes.map((id) => calls.archiveCard(id)), ...also], text)
  }
  /**
   * Of cards that two people moved at once and that go to the archive the others are said to stay: whoever puts one of those away at
   * once is told, and none goes in silence.
   */
  async #keepDoubles(goes: readonly string[]): Promise<void> {
    const others = goes.flatMap((id) => this.doubles.get(id)?.others ?? [])
    const stay = others.filter(({ work, entity }) => work !== this.work || !goes.includes(entity))
    for (const [work, some] of Map.groupBy(stay, ({ work }) => work)) {
      const list = some.map(({ entity }) => calls.restoreCard(entity))
      await attempt(this.#core.call.commit({ workspace: this.workspace, work, calls: list, tab: this.#core.tab }))
    }
  }

  /** From the archive. */
  async restoreCard({ id, title }: Pick<Card, 'id' | 'title'>): Promise<void> {
    await this.runWithUndo([calls.restoreCard(id)], () => t().archived.restored(title || t().card.untitled))
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

  /** To the field above the board or, where the window has no room for it, to the one among the conditions. */
  focusFilter(): void {
    const field = document.querySelector<HTMLInputElement>('[data-board-filter]')
    if (field?.checkVisibility()) field.select()
    else this.filtersOpen = true
  }

  /** Who wrote a field last, or what it holds; of the board itself where no entity is named. Also on another board. */
  async whoWrote(entity: string | null, field: string, value?: unknown, work = this.work): Promise<string> {
    const { core, workspace } = this
    const change = await lastChange({ core, workspace, work }, entity, field, { value })
    return change?.person ? this.personName(change.person) : t().app.somebody
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
}

const putKey = (card: string, { by, takenBack }: PutAwayBy): string => `${card} ${by} ${takenBack ?? false}`

/** What somebody has written for them. */
const writtenIn = (list: readonly MutationCall[]): string[] =>
  list.flatMap(({ args }) =>
    [fieldsOf(args)['title'], fieldsOf(args)['text'], fieldsOf(args)['name']].filter((one) => typeof one === 'string'),
  )

const KEY = Symbol('board')
export const provideScreen = (screen: BoardScreen): BoardScreen => setContext(KEY, screen)
export const getScreen = (): BoardScreen => getContext<BoardScreen>(KEY)
