/** Moving cards and columns: what it writes, one action each, and what is said of it. */
import { formatDay } from '#lib/i18n/format.ts'
import { locale, t } from '#lib/i18n/locale.svelte.ts'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { compareNames } from '#lib/kernel/names.ts'
import { orderAt, orderBetween } from '#lib/kernel/order.ts'
import { announce } from '#lib/ui/announcer.svelte.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import { laneMove, takenOff, type LaneChange } from '../lanes.ts'
import { nextCard, type NextCard } from '../next-card.ts'
import { calls, random } from './board-calls.ts'
import type { BoardScreen, ShownColumn } from './board-screen.svelte.ts'
import { placeAmong, placeTogether } from './card-place.ts'
import { MovedAtOnce } from './moved-at-once.ts'
import { LOST, type Card } from './screen-board.ts'

export interface WhoAsked {
  title: string
  department: string
  choices: readonly string[]
  /** Null: nobody; the card stays. */
  answer: (person: string | null) => void
}

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

/** The fields of where a card is. */
const PLACE: ReadonlySet<unknown> = new Set(['column', 'order'])

export class Moves {
  readonly #screen: BoardScreen
  /** Somebody must say who stands for a department that a card goes to. */
  whoAsked = $state.raw<WhoAsked | null>(null)
  /** Others moved what I have just moved: that is said at once, with the way to my place. */
  readonly atOnce: MovedAtOnce

  constructor(screen: BoardScreen) {
    this.#screen = screen
    this.atOnce = new MovedAtOnce(screen)
  }

  /**
   * Moves a card to a place among a column's shown cards, or those of a lane in it, and from lane to lane, as one action: its place
   * in the column changes only where it must. False where it stays. What is `said` of it comes with an offer to take it back.
   */
  async moveCard(
    card: Card,
    columnId: string,
    index: number,
    lanes: { from: string; to: string } | null = null,
    said?: () => string,
  ): Promise<boolean> {
    if (columnId === LOST) return false
    const changes = lanes ? await this.laneChanges(card, lanes, 'move') : []
    // Whoever was asked about the lane took their time.
    const column = this.#screen.columns.find(({ id }) => id === columnId)
    if (!changes || !this.#screen.meanwhile.isHere(card)) return false
    if (!column) {
      void this.#screen.meanwhile.sayColumnGone(columnId, card)
      return false
    }
    const among = this.#amongWhich(column, lanes?.to ?? null, index)
    const { order, respaced } = placeAmong(column.all, among, index, card.id, random)
    const next = this.nextCard(card, columnId)
    const moved = [
      ...this.#moveOf(card, columnId, order),
      ...respaced.map((neighbour) => calls.respaceCard(neighbour.id, neighbour.order)),
      ...changes.map((change) => callOf(card.id, change)),
    ]
    if (moved.length === 0) return true
    if (columnId !== card.column) this.atOnce.add(card.id, columnId)
    const off = lanes ? takenOff(changes, lanes.from) : []
    const place = () => this.#screen.lanes.placeName(columnId, lanes?.to ?? '')
    const nowIn = () => t().move.nowIn(card.title || t().card.untitled, place())
    const sentences = [
      said ?? (off.length > 0 ? nowIn : null),
      off.length > 0 ? () => this.#takenOffWords(off) : null,
      next && (() => this.sayNext(card, next)),
    ].filter((say) => say !== null)
    const list = [...moved, ...(next?.calls ?? [])]
    if (sentences.length === 0) return (await this.#screen.run(list)) !== null
    return this.#screen.runWithUndo(list, () => t().common.inOne(sentences.map((say) => say())))
  }

  /** Of what `index` is a place: what is shown. The ends, Infinity, are those of what the filter hides as well. Null: of all lanes. */
  #amongWhich({ id, all, cards }: ShownColumn, lane: string | null, index: number): readonly Card[] {
    const { lanes } = this.#screen
    const isEnd = Math.abs(index) === Infinity
    if (lane === null) return isEnd ? all : cards
    return isEnd ? all.filter((card) => lanes.ofCard(card).includes(lane)) : this.#screen.cardsIn(id, lane)
  }

  /** An order of null is the one that it has in that column: nothing is written, unless others put it elsewhere at the same time. */
  #moveOf({ id }: Card, column: string, order: string | null): MutationCall[] {
    if (order !== null) return [calls.moveCard(id, column, order)]
    const now = this.#screen.board.cards.get(id)
    const isContested = this.#screen.conflicts.get(id)?.some(({ path: [, , field] }) => PLACE.has(field))
    return now && isContested ? [calls.moveCard(id, column, now.order)] : []
  }

  /** Several cards to one place in one action, in their order. `carried` is the one that `index` does not count. */
  async moveTogether(
    together: readonly Card[],
    carried: Card,
    columnId: string,
    index: number,
    lanes: { from: string; to: string },
    said?: () => string,
  ): Promise<boolean> {
    if (columnId === LOST) return false
    const asked: { card: Card; changes: readonly LaneChange[]; off: readonly string[] }[] = []
    for (const card of together) {
      const stays = lanes.from === lanes.to && this.#screen.lanes.ofCard(card).includes(lanes.to)
      const from = stays || card.id === carried.id ? lanes.from : this.#screen.lanes.of(card)
      const changes = await this.laneChanges(card, { from, to: lanes.to }, 'move')
      if (!changes) return false
      asked.push({ card, changes, off: takenOff(changes, from) })
    }
    const column = this.#screen.columns.find(({ id }) => id === columnId)
    const cards = this.#screen.meanwhile.stillHere(together)
    if (!column || cards.length === 0) return false
    const going = asked.filter(({ card }) => cards === together || cards.includes(card))
    const changed = going.flatMap(({ card, changes }) => changes.map((change) => callOf(card.id, change)))
    const off = going.flatMap((one) => one.off).filter((person, at, all) => all.indexOf(person) === at)
    const shown = this.#screen.cardsIn(columnId, lanes.to).filter(({ id }) => id !== carried.id)
    const { orders, respaced } = placeTogether(column.all, shown, index, cards, random)
    const next = this.#nextOfAll(cards, columnId)
    for (const { id, column } of cards) if (column !== columnId) this.atOnce.add(id, columnId)
    const list = [
      ...cards.flatMap((card, at) => this.#moveOf(card, columnId, orders[at] ?? null)),
      ...respaced.map(({ id, order }) => calls.respaceCard(id, order)),
      ...changed,
      ...next.flatMap((one) => one.calls),
    ]
    if (list.length === 0) return true
    const place = () => this.#screen.lanes.placeName(columnId, lanes.to)
    const text = () => this.#movedWords(cards.length, place(), { again: next.length, off })
    return this.#screen.runWithUndo(list, said === undefined ? text : () => `${said()} ${text()}`)
  }

  /**
   * What a card gets and loses by going from lane to lane; who stands for a department is asked where several could. Null
   * where nobody could, or the lane is of somebody who was removed, which is said, or nobody was named.
   */
  async laneChanges(
    card: Pick<Card, 'title' | 'assignees' | 'labels'>,
    { from, to }: { from: string; to: string },
    gesture: 'move' | 'add',
  ): Promise<readonly LaneChange[] | null> {
    const lane = laneMove(card, this.#screen.lanes.grouping, from, to, this.#screen.lanes.facts)
    if ('ofRemoved' in lane) {
      this.sayRemoved(lane.ofRemoved, gesture)
      return null
    }
    if (!('whoOf' in lane)) return lane.changes
    const department = this.#screen.lanes.title('department', lane.whoOf)
    if (lane.choices.length === 0) {
      showToast({ text: () => t().lanes.nobody[gesture](department) })
      return null
    }
    const person = await new Promise<string | null>((answer) => {
      this.whoAsked = { title: card.title, department, choices: lane.choices, answer }
    })
    this.whoAsked = null
    return person === null ? null : [...lane.changes, { field: 'assignee', person, on: true }]
  }

  /** Nothing goes into the lane of somebody who was removed. */
  sayRemoved(lane: string, gesture: 'move' | 'add'): void {
    showToast({ text: () => t().lanes.removed[gesture](this.#screen.personName(lane)) })
  }

  /** To the end of another column, which is said. */
  async moveToEnd(card: Card, columnId: string): Promise<void> {
    const column = this.#screen.columns.find(({ id }) => id === columnId)
    if (!column || columnId === card.column) return
    const over = this.#screen.overLimit(columnId, card.id)
    if (await this.moveCard(card, columnId, Infinity)) announce(t().move.moved(column.title) + over)
  }

  /** Those of the cards that are still here to the end of a column, if that is. */
  async moveToColumn(cards: readonly Card[], column: string): Promise<void> {
    const here = this.#screen.meanwhile.stillHere(cards)
    if (here.length === 0) return
    if (!(await this.#screen.meanwhile.isColumnHere(column))) return
    const coming = here.filter((card) => card.column !== column)
    const title = this.#screen.columnTitle(column)
    const again = this.#nextOfAll(coming, column).length
    const list = this.callsToEnd(coming, column)
    await this.#screen.chosen.change(list, () => this.#movedWords(coming.length, title, { again }))
  }

  /** Several cards to the end of a column. Repeating ones that are finished together come again together. */
  callsToEnd(cards: readonly Card[], column: string, { without }: { without?: string } = {}): MutationCall[] {
    let order = this.#screen.board.cardsIn.get(column)?.at(-1)?.order || null
    const moves = cards.map(({ id }) => calls.moveCard(id, column, (order = orderBetween(order, null, random))))
    return [...moves, ...this.#nextOfAll(cards, column, without).flatMap((one) => one.calls)]
  }
  #movedWords(count: number, place: string, then: { again: number; off?: readonly string[] }): string {
    const { again, off = [] } = then
    const more = [
      ...(off.length > 0 ? [this.#takenOffWords(off)] : []),
      ...(again > 0 ? [t().repeat.someAgain(again)] : []),
    ]
    return more.length > 0 ? t().bulk.movedAnd(count, place, t().common.inOne(more)) : t().bulk.moved(count, place)
  }
  #takenOffWords(people: readonly string[]): string {
    return t().lanes.takenOff(people.map(this.#screen.personName).sort(compareNames).join(t().common.separator))
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
    const { cards, cardsIn } = this.#screen.board
    const columns = this.#screen.board.columns.map((one) => (one.id === without ? { ...one, archived: true } : one))
    const orderIn = (column: string) => {
      const last = ends[column] ?? cardsIn.get(column)?.findLast(({ order }) => order !== '')?.order ?? null
      return (ends[column] = orderBetween(last, null, random))
    }
    return nextCard({ columns, cardsById: cards }, card, to, this.#screen.today, orderIn)
  }

  sayNext({ title }: Pick<Card, 'title'>, { due, start }: NextCard): string {
    const day = due ?? start
    return t().repeat.next(title || t().card.untitled, day && formatDay(day, locale(), this.#screen.today))
  }

  /** One place to the left or right. */
  stepColumn(id: string, by: -1 | 1): void {
    const from = this.#screen.board.columns.findIndex((column) => column.id === id)
    if (from >= 0) void this.moveColumn(id, from + by)
  }

  /** What is `said` of it comes with an offer to take it back. */
  async moveColumn(id: string, index: number, said?: () => string): Promise<void> {
    const { columns } = this.#screen.board
    const moved = columns.find((column) => column.id === id)
    const others = columns.filter((column) => column.id !== id)
    if (!moved || index < 0 || index > others.length || columns[index] === moved) return
    const order = orderAt(
      others.map((column) => column.order),
      index,
      random,
    )
    const list = [calls.moveColumn(id, order)]
    if (said === undefined ? await this.#screen.run(list) : await this.#screen.runWithUndo(list, said))
      announce(t().move.columnMoved(moved.title || t().board.columnName, index + 1, columns.length))
  }
}
