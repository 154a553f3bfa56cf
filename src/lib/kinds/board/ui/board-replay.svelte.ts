/**
 * The board at another moment (P18). Asking is coalesced: while one moment is on its way only the last wish counts, so a
 * slider that is dragged over a thousand steps never lags behind; documents that the tab holds already do not come again.
 */
import type { HistoryEntry, Moment, ReplayStep, ToldChange, ToldStep } from '#lib/core/api.ts'
import { say, t } from '#lib/i18n/locale.svelte.ts'
import type { Sentence, WorkDocs } from '#lib/kernel/define-kind.ts'
import type { DocId, PersonId } from '#lib/kernel/ids.ts'
import type { Instant } from '#lib/kernel/instants.ts'
import { announce } from '#lib/ui/announcer.svelte.ts'
import { attempt } from '#lib/ui/attempt.ts'
import { inTurn } from '#lib/ui/in-turns.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import { countedEntries } from '../counted-entries.ts'
import { boardsIn } from '../landed.ts'
import { readBoard, type NamedVersion } from '../schema.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { prepareBoard } from './prepare-board.ts'
import type { Card } from './screen-board.ts'
import { dayAt } from './who-is-here.ts'

export const speeds = [1, 2, 4, 8] as const
export type Speed = (typeof speeds)[number]
/** How long a step stays at speed 1. */
const STEP_MS = 1200
/** A moment with more documents than these is read a few cards at a time before it is shown. */
const FEW_DOCS = 2
/** Actions on a card among which that of somebody else is looked for. */
const MOST_LOOKED_AT = 50

/** Cards that were moved, and the titles of the boards where they went, or from where they came. */
interface LandedCards {
  count: number
  boards: readonly string[]
}

/** A moment that is, or was, on the screen: what it held then, and what it is called by: its step, none at the beginning. */
export interface ShownMoment {
  at: Moment
  step: ReplayStep | null
  told: ToldStep | null
}

/** Whether the whole board may go back. */
export interface AskedRestore {
  moment: ShownMoment
  told: ToldChange[]
  what: Sentence
  landed: LandedCards
  /** Cards that came from other boards after that moment, and where they came from. */
  came: LandedCards
  /** Cards that were in the archive at that moment, and are not now. */
  archivedAgain: number
  /** Who else has worked on the board after that moment, the latest first, with their latest write. */
  since: { person: PersonId; at: Instant }[]
  /** How often it has become another question while it stood. */
  renewed: number
}
export interface AskedCard {
  card: Card
  moment: ShownMoment
  boards: readonly string[]
  /** What somebody else did to it last, after that moment. */
  since: HistoryEntry | null
}
/** What a person wants with the moment that is shown. */
interface Wish {
  what: 'compare' | 'board' | 'card'
}
type Restored = 'done' | 'not' | 'differs'

export class BoardReplay {
  readonly #screen: BoardScreen
  steps = $state.raw<readonly ReplayStep[] | null>(null)
  /** What is asked for: after so many steps. */
  at = $state(0)
  /** What is on the screen, and what everything but the slider tells of; behind `at` while a moment is being read. */
  shown = $state.raw<number | null>(null)
  told = $state.raw<ToldStep | null>(null)
  playing = $state(false)
  speed = $state<Speed>(1)
  failed = $state(false)
  /** A card that would come back and is on another board, or that somebody else changed since, until the person has answered. */
  askedCard = $state.raw<AskedCard | null>(null)
  /** What was pressed, while the moment that is asked for is being read, and until it can be told what that means. */
  wish = $state.raw<Wish | null>(null)
  /** Null until something has been shown. */
  #keys: Record<DocId, string> | null = null
  #reading: Promise<void> | null = null
  #again = false
  /** So many steps before the last one, for whoever is quicker than the reading of the steps. */
  #early = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #ended = false

  /** A version, instead of steps: one moment that stays. */
  readonly version: NamedVersion | null
  /** Where it begins: before the step with one of these changes. */
  readonly #before: ReadonlySet<string> | null

  constructor(screen: BoardScreen, version: NamedVersion | null, before: ReadonlySet<string> | null) {
    this.#screen = screen
    this.version = version
    this.#before = before
    screen.restoreFromPast = (card) => this.#restoreCard(card)
    screen.isPresent = () => screen.past === null || (this.version === null && (this.shown ?? 0) >= this.count)
  }

  get count(): number {
    return this.steps?.length ?? 0
  }
  get step(): ReplayStep | null {
    return this.steps?.[(this.shown ?? 0) - 1] ?? null
  }
  get isReading(): boolean {
    return !this.failed && this.shown !== this.at
  }
  /** Null before the first, and where the one that is asked for cannot be read. */
  get onScreen(): ShownMoment | null {
    const { shown, step, told } = this
    const { pastAt } = this.#screen
    if (shown === null || pastAt === null || (this.failed && shown !== this.at)) return null
    return { at: pastAt, step, told }
  }
  get sentence(): string {
    return this.told ? say(this.told.sentence) : t().replay.beginning
  }

  /**
   * Reads the steps, also those that have come since, at the end or, from somebody who was offline, before others. A replay that
   * stood at the end stays there, any other at its step.
   */
  async readSteps(): Promise<void> {
    const { core, workspace, work } = this.#screen
    if (this.version !== null) return this.#keys === null ? this.#ask() : undefined
    try {
      const { steps } = await core.call.timeline({ workspace, work })
      if (this.#ended) return
      const known = this.steps
      if (known && isSameSteps(known, steps)) return
      const atEnd = known === null || this.at >= this.count
      this.steps = steps
      if (known && this.shown !== null) this.shown = placeAmong(steps, known, this.shown)
      const first = known === null ? steps.findIndex(({ id }) => this.#before?.has(id)) : -1
      if (first >= 0) this.at = Math.max(0, first - this.#early)
      else if (atEnd) this.at = Math.max(0, steps.length - this.#early)
      else this.at = placeAmong(steps, known, this.at)
      this.#early = 0
      await this.#ask()
    } catch (error) {
      console.error(error)
      this.failed = true
    }
  }

  goTo(at: number): void {
    if (this.steps === null) return
    const place = Math.max(0, Math.min(at, this.count))
    if (place === this.at) return
    this.wish = null
    this.at = place
    void this.#ask()
  }
  /** To the moment that was called so. */
  backTo({ step }: ShownMoment): void {
    this.goTo(this.placeOf(step))
  }
  placeOf(step: ReplayStep | null): number {
    return (this.steps ?? []).findIndex(({ id }) => id === step?.id) + 1
  }
  toBeginning(): void {
    if (this.steps === null) this.#early = Infinity
    else this.goTo(0)
  }
  stepBy(by: -1 | 1): void {
    if (this.steps === null) {
      this.#early = Math.max(0, this.#early - by)
      return
    }
    this.pause()
    this.goTo(this.at + by)
  }

  togglePlay(): void {
    if (this.playing) return this.pause()
    if (this.count === 0) return
    this.wish = null
    this.playing = true
    // From the end it begins again.
    if (this.at >= this.count) this.goTo(0)
    else this.#playOn(0)
  }
  pause(): void {
    this.playing = false
    clearTimeout(this.#timer)
  }

  /**
   * Whoever presses a button means the moment that is asked for: it is waited for, and then it is both on the screen and what is
   * acted on. Null where it cannot be read, or where the person meanwhile goes on to another one, or wants something else.
   */
  async #withShown<Told>(
    what: Wish['what'],
    tell: (moment: ShownMoment) => Told | Promise<Told>,
  ): Promise<Told | null> {
    this.pause()
    const wish = { what }
    this.wish = wish
    if (this.isReading) announce(t().replay.reading(this.at, this.count))
    while (this.#reading && this.wish === wish) await this.#reading
    if (this.wish !== wish) return null
    const moment = this.onScreen
    if (!moment) showToast({ text: () => t().replay.failed })
    const told = moment && (await tell(moment))
    if (this.wish !== wish) return null
    this.wish = null
    return told
  }
  toCompare(): Promise<ShownMoment | null> {
    return this.#withShown('compare', (moment) => moment)
  }
  /** What going back to the moment on the screen would change of the board; null where that cannot be told. */
  asksToRestore(): Promise<AskedRestore | null> {
    const { core, workspace, work } = this.#screen
    return this.#withShown('board', async (moment) => {
      const answer = await attempt(core.call.compare({ workspace, work, from: moment.at, to: { now: true } }))
      if (!answer) return null
      const goesBack = answer.value.changes.filter(({ collection }) => collection !== 'versions')
      const comeBack = goesBack.flatMap(({ collection, id, change }) =>
        collection === 'cards' && change === 'removed' ? [id] : [],
      )
      const told = goesBack.map(({ collection, id, change }) => ({ collection, id, change }))
      const since = await this.#othersSince()
      const what = countedEntries(goesBack)
      const [landed, came, archivedAgain] = [this.#landed(comeBack), this.#came(told), this.#archivedAgain(told)]
      return { moment, told, what, landed, came, archivedAgain, since, renewed: 0 }
    })
  }

  /** Not done, too, where something else would go back than was told. */
  restoreBoard({ moment: { at }, told }: AskedRestore): Promise<Restored> {
    return this.#restore({ at, told }, () => t().replay.boardRestored)
  }
  /**
   * Of one that is on another board by now, or that somebody else has worked on, it is asked first; so it is where another moment
   * than the one that the person saw came on the screen.
   */
  async #restoreCard({ id }: Card): Promise<void> {
    const seen = this.onScreen
    const asks = await this.#withShown('card', async (moment) => {
      const card = this.#screen.board.cards.get(id)
      if (!card) return null
      const comesBack = !card.archived && readBoard(this.#screen.live.docs).cardsById.get(id)?.archived === true
      const { boards } = this.#landed(comesBack ? [id] : [])
      return { card, moment, boards, since: await this.#changedSince(id) }
    })
    if (!asks) return
    if (asks.boards.length > 0 || asks.since || !isSameMoment(asks.moment, seen)) this.askedCard = asks
    else await this.restoreCard(asks)
  }
  /** What others did after the moment on the screen, of what was done last; of one entity, or of the board. */
  async #workOfOthers(entity?: string): Promise<HistoryEntry[]> {
    const { core, workspace, work, me } = this.#screen
    const then = this.version?.at ?? this.step?.at ?? 0
    const newest = await attempt(
      core.call.history({ workspace, work, ...(entity && { entity }), limit: MOST_LOOKED_AT, settled: true }),
    )
    return newest?.value.entries.filter(({ person, at }) => person !== me?.id && at > then) ?? []
  }
  async #changedSince(entity: string): Promise<HistoryEntry | null> {
    return (await this.#workOfOthers(entity))[0] ?? null
  }
  async #othersSince(): Promise<AskedRestore['since']> {
    const since: AskedRestore['since'] = []
    for (const { person, at } of await this.#workOfOthers())
      if (person && !since.some((one) => one.person === person)) since.push({ person, at })
    return since.sort((a, b) => b.at - a.at)
  }
  restoreCard({ card: { id, title }, moment: { at } }: AskedCard): Promise<Restored> {
    return this.#restore({ at, entry: { collection: 'cards', id } }, () =>
      t().replay.cardRestored(title || t().card.untitled),
    )
  }
  #came(told: readonly ToldChange[]): LandedCards {
    const { cardsById } = readBoard(this.#screen.live.docs)
    const came = told.flatMap(({ collection, id, change }) => {
      const isNew = collection === 'cards' && change === 'added' && !this.#isArchivedThen(id)
      const from = isNew ? cardsById.get(id)?.from : null
      const board = from ? this.#screen.boardTitle(from.work) : null
      return board === null ? [] : [{ board }]
    })
    return { count: came.length, boards: boardsIn(came, t().board.untitled) }
  }
  #archivedAgain(told: readonly ToldChange[]): number {
    return told.filter(({ collection, id, change }) => {
      return collection === 'cards' && change === 'added' && this.#isArchivedThen(id)
    }).length
  }
  #isArchivedThen(card: string): boolean {
    return this.#screen.board.cards.get(card)?.archived === true
  }
  #landed(cards: readonly string[]): LandedCards {
    // One that was moved there and back goes into the archive as what came.
    const elsewhere = (id: string) => this.#screen.placesNow(id).filter(({ work }) => work !== this.#screen.work)
    const landed = cards.map(elsewhere).filter((list) => list.length > 0)
    return { count: landed.length, boards: boardsIn(landed.flat(), t().board.untitled) }
  }

  async #restore(wanted: Parameters<BoardScreen['restore']>[0], done: () => string): Promise<Restored> {
    this.pause()
    const answer = await this.#screen.restore(wanted)
    if (!answer) return 'not'
    const { group, differs } = answer
    if (differs) return 'differs'
    if (group === null) showToast({ text: () => t().replay.nothingToRestore })
    else this.#screen.offerUndo(group, done)
    return group === null ? 'not' : 'done'
  }

  end(): void {
    this.#ended = true
    this.wish = null
    this.pause()
    this.#screen.restoreFromPast = null
    this.#screen.past = null
    this.#screen.pastAt = null
    this.#screen.pastDay = null
    this.#screen.touched = []
  }

  #ask(): Promise<void> {
    if (this.#reading) this.#again = true
    else this.#reading = this.#readAsked()
    return this.#reading
  }
  async #readAsked(): Promise<void> {
    do {
      this.#again = false
      try {
        await this.#show(this.at)
        this.failed = false
      } catch (error) {
        console.error(error)
        this.failed = true
        this.pause()
      }
    } while (this.#again && !this.#ended)
    this.#reading = null
    if (this.playing && !this.#ended) this.#playOn(STEP_MS / this.speed)
  }

  async #show(place: number): Promise<void> {
    const screen = this.#screen
    const { core, workspace, work } = screen
    const step = this.steps?.[place - 1] ?? null
    const [moment, { told }] = await Promise.all([
      this.#moment(step),
      this.version === null ? core.call.tellStep({ workspace, work, step: step?.id ?? null }) : { told: null },
    ])
    if (this.#ended || !moment) return
    const { root, keys, came, at } = moment
    const held = screen.past?.docs ?? {}
    const docs: Record<DocId, WorkDocs['docs'][DocId]> = {}
    for (const doc of Object.keys(keys) as DocId[]) {
      const content = came[doc] ?? held[doc]
      if (content) docs[doc] = content
    }
    if (Object.keys(came).length > FEW_DOCS) await prepareBoard({ root, docs }, true)
    if (this.#ended) return
    this.#keys = keys
    screen.past = { root, docs }
    screen.pastAt = at
    const isAnother = this.shown === null || this.step?.id !== step?.id
    // Others may have come in before it while it was being read.
    this.shown = this.placeOf(step)
    const then = this.version?.at ?? (step ?? this.steps?.[0])?.at
    screen.pastDay = then === undefined ? null : dayAt(then)
    screen.touched = told?.entries.filter(({ collection }) => collection === 'cards').map(({ id }) => id) ?? []
    this.told = told
    // What the step tells is to be seen: the first of its cards that stands on the board of that moment. Of many alike none is meant.
    const isOfMany = told?.isOfMany && screen.touched.length > 1
    const card = isOfMany ? undefined : screen.touched.find((id) => screen.board.cards.get(id))
    // When the board of that moment has been laid out: to look for its place now would have it laid out at once.
    if (card !== undefined && !this.#again) inTurn(() => !this.#ended && void screen.focus.reveal(card))
    // What others do meanwhile makes the steps more, and this one no other: what else is being said is heard.
    if (isAnother && !this.#again && this.version === null)
      announce(t().replay.step(this.shown, this.count, this.sentence))
  }

  /** A large board comes a few documents at a time: a message is read in one go, and whoever presses a key meanwhile would wait. */
  async #moment(step: ReplayStep | null) {
    const { core, workspace, work } = this.#screen
    let at: Moment = this.version ? { version: this.version.id } : { step: step?.id ?? null }
    const came: Record<DocId, WorkDocs['docs'][DocId]> = {}
    let have = this.#keys ?? {}
    for (;;) {
      const { root, docs, keys, heads, more } = await core.call.moment({ workspace, work, at, have, limit: FEW_DOCS })
      if (this.#ended) return null
      Object.assign(came, docs)
      // All of it is of one moment, whatever comes in meanwhile, and so is what is done with it.
      if (!this.version) at = { heads }
      if (!more) return { root, keys, came, at }
      have = { ...have, ...keys }
    }
  }

  #playOn(wait: number): void {
    clearTimeout(this.#timer)
    if (this.at >= this.count) {
      this.playing = false
      return
    }
    this.#timer = setTimeout(() => this.goTo(this.at + 1), wait)
  }
}

const isSameSteps = (some: readonly ReplayStep[], others: readonly ReplayStep[]): boolean =>
  some.length === others.length && some.every(({ id }, at) => id === others[at]?.id)

/** By what it held: more may have come in before it. */
const isSameMoment = (one: ShownMoment, other: ShownMoment | null): boolean =>
  JSON.stringify(one.at) === JSON.stringify(other?.at)

/** Where that place is by now; of a step that has another first change since, the one before it. */
function placeAmong(steps: readonly ReplayStep[], known: readonly ReplayStep[], place: number): number {
  const placeById = new Map(steps.map(({ id }, at) => [id, at + 1]))
  return known.slice(0, place).reduceRight((found, { id }) => found || (placeById.get(id) ?? 0), 0)
}
