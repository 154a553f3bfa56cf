/** The lanes of the board on screen, one per person, label, department or priority, and which of them a card is in. */
import { t } from '#lib/i18n/locale.svelte.ts'
import { cardLanes, laneIds, type LaneFacts } from '../lanes.ts'
import type { Grouping, ViewContent } from '../view-content.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { laneCutters, lanesById, lanesOnScreen, type ShownLane } from './lanes-on-screen.ts'
import { priorityCode } from './priority-code.ts'
import { priorities, type Card } from './screen-board.ts'

const groupingIn = ({ layout, group }: ViewContent): Grouping => (layout === 'board' ? group : 'none')

export class BoardLanes {
  readonly #screen: BoardScreen
  readonly grouping = $derived.by(() => groupingIn(this.#screen.content))
  readonly #labels = $derived.by(() => this.#screen.board.labels)
  readonly facts = $derived.by((): LaneFacts => ({
    people: [...this.#screen.people.values()],
    departments: this.#screen.departments,
    labels: this.#labels,
  }))
  /** The lanes that a card is in. */
  readonly ofCard = $derived.by(() => cardLanes(this.grouping, this.facts))
  readonly #cutter = $derived.by(() => laneCutters(this.facts))
  readonly #addingLane = $derived.by(() => this.#screen.adding?.lane ?? null)
  /** Null where the board is not in lanes. */
  readonly shown = $derived.by((): readonly ShownLane[] | null => {
    const { grouping, facts } = this
    const { columns, content } = this.#screen
    if (grouping === 'none') return null
    const titleOf = (id: string) => this.title(grouping, id)
    // Somebody may take the last card out of the lane in which another one is being written.
    const adding = this.#addingLane
    return lanesOnScreen(columns, {
      grouping,
      facts,
      cut: this.#cutter(grouping),
      titleOf,
      showsEmpty: (id) => id === adding || (content.emptyLanes && id !== '' && !this.isOfRemoved(id)),
    })
  })
  readonly #byId = $derived.by(() => lanesById(this.shown))

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  /** The cards of a column that the filter lets through, of one lane. */
  cardsIn(column: string, lane: string): readonly Card[] {
    return this.#byId.get(lane)?.cards.get(column) ?? []
  }
  /** Cards of a column as they would lie in lanes. */
  listsBy(grouping: Exclude<Grouping, 'none'>, cards: readonly Card[]): Iterable<readonly Card[]> {
    return this.#cutter(grouping)(cards).values()
  }

  title(grouping: Grouping, id: string): string {
    if (grouping === 'none') return ''
    if (id === '') return grouping === 'assignee' ? t().board.filterNobody : t().lanes.none[grouping]
    switch (grouping) {
      case 'assignee':
        return this.#screen.distinctName(id)
      case 'label':
        return this.#screen.board.labelsById.get(id)?.name ?? t().views.labelGone
      case 'department':
        return this.facts.departments.find((one) => one.id === id)?.name ?? t().app.somebody
      case 'priority': {
        const priority = priorities.find((one) => one === id)
        return priority ? t().card.priorities[priorityCode[priority]] : id
      }
    }
  }
  /** What a place is called: the column, and the lane where there are some. */
  placeName(column: string, lane: string): string {
    const found = this.shown?.find(({ id }) => id === lane)
    const title = this.#screen.columnTitle(column)
    return found ? t().lanes.place(found.title, title) : title
  }

  /** Of somebody who was removed from the workspace: nothing is put into it. */
  isOfRemoved(lane: string): boolean {
    return this.grouping === 'assignee' && this.#screen.people.get(lane)?.removed === true
  }
  /** The one that a card is in, and every one that it could go to: those without cards are not always on screen. */
  choicesFrom(lane: string): readonly { id: string; title: string }[] {
    return laneIds(this.grouping, this.facts)
      .filter((id) => id === lane || !this.isOfRemoved(id))
      .map((id) => ({ id, title: this.title(this.grouping, id) }))
  }

  /** The lane whose tile has the focus, if the card is in it, else its first one. */
  of(card: Card): string {
    const lanes = this.ofCard(card)
    const { tile } = this.#screen.focus
    return (tile?.card === card.id ? lanes.find((id) => id === tile.lane) : undefined) ?? lanes[0] ?? ''
  }
  /** The names of the other lanes that a card is in. */
  others(card: Card, lane: string): readonly string[] {
    const lanes = this.shown ? this.ofCard(card) : []
    return lanes.length < 2 ? [] : lanes.filter((id) => id !== lane).map((id) => this.title(this.grouping, id))
  }

  /** This person has folded it up. */
  isFoldedUp(lane: string): boolean {
    return this.#screen.shown.isFolded(this.grouping, lane)
  }
  /** Folded up on screen: a lane opens while a card is carried through it by keyboard, so that it can be seen. */
  isFolded(lane: string): boolean {
    const { lift } = this.#screen.hand
    return this.isFoldedUp(lane) && !(lift?.by === 'keyboard' && lift.lane === lane)
  }
  fold(lane: string, folded: boolean): void {
    this.#screen.shown.fold(this.grouping, lane, folded)
  }
  /** The next lane up or down; for the focus one that is open, for a card in the hand any. */
  beside(lane: string, by: number, { folded }: { folded: boolean }): ShownLane | null {
    const open = (this.shown ?? []).filter(({ id }) => id === lane || folded || !this.isFoldedUp(id))
    return open[open.findIndex(({ id }) => id === lane) + by] ?? null
  }
}
