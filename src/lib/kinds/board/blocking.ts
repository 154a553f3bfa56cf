/** Which card waits for which. A cycle is refused; one that two people closed apart is broken in reading (`circlesIn`) and named. */
import type { Guard, MutationCall } from '../../kernel/define-kind.ts'
import { refuse } from '../../kernel/refusal.ts'
import type { PlaceNow } from './landed.ts'
import { doneColumns } from './queries.ts'
import type { Board, Card } from './schema.ts'
import { withoutCycles } from './without-cycles.ts'

type Edges = (card: string) => readonly string[]

const edgesOf =
  (board: Board): Edges =>
  (card) =>
    board.cardsById
      .get(card)
      ?.blockedBy.filter((other) => board.cardsById.has(other) && isFollowed(board, card, other)) ?? []

/** The way from one card to another along what blocks what; null where there is none. */
function pathBetween(from: string, to: string, edges: Edges): string[] | null {
  const cameFrom = new Map<string, string | null>([[from, null]])
  const waiting = [from]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (at === to) {
      const path: string[] = []
      for (let step: string | null = at; step !== null; step = cameFrom.get(step) ?? null) path.unshift(step)
      return path
    }
    for (const next of edges(at)) {
      if (cameFrom.has(next)) continue
      cameFrom.set(next, at)
      waiting.push(next)
    }
  }
  return null
}

/** A card that waits for another. */
export interface Waiting {
  card: string
  by: string
}

const circles = new WeakMap<Board['cardsById'], readonly Waiting[]>()

/** Links that would close a circle, which people made apart: the same ones on every device. They are named, and not followed. */
export function circlesIn({ cardsById }: Pick<Board, 'cardsById'>): readonly Waiting[] {
  const known = circles.get(cardsById)
  if (known) return known
  const waiting: Card[] = []
  for (const card of cardsById.values()) if (card.blockedBy.length > 0) waiting.push(card)
  waiting.sort((a, b) => (a.id < b.id ? -1 : 1))
  // A card that waits for nothing closes no circle.
  const indexOf = new Map(waiting.map(({ id }, index) => [id, index]))
  const { dropped } = withoutCycles(
    waiting.map(({ blockedBy }) => blockedBy.flatMap((by) => indexOf.get(by) ?? []).sort((a, b) => a - b)),
  )
  const found = dropped.flatMap(([from, to]): Waiting[] => {
    const [card, by] = [waiting[from]?.id, waiting[to]?.id]
    return card === undefined || by === undefined ? [] : [{ card, by }]
  })
  circles.set(cardsById, found)
  return found
}

export const isFollowed = (board: Pick<Board, 'cardsById'>, card: string, by: string): boolean =>
  !circlesIn(board).some((circle) => circle.card === card && circle.by === by)

/** Where a card of the board is now that was moved to another one, or is back on that; nowhere, for who knows this board alone. */
export type WhereNow = (card: string) => readonly PlaceNow[]
const NOWHERE: WhereNow = () => []

/** A card that another waits for. `moved`: where it is now, and what counts is how far it is there. */
export interface Blocker {
  card: Card
  state: 'open' | 'finished' | 'archived'
  moved: PlaceNow | null
}

function blockerOf(other: Card, done: ReadonlySet<string>, whereNow: WhereNow): Blocker {
  const places = other.archived ? whereNow(other.id) : []
  // One that is two elsewhere is finished once both are.
  const moved = places.find(({ finished }) => !finished) ?? places[0] ?? null
  const isFinished = moved ? moved.finished === true : done.has(other.column)
  const isPutAway = other.archived && !moved
  return { card: other, state: isFinished ? 'finished' : isPutAway ? 'archived' : 'open', moved }
}

/** What a card waits for, finished and archived ones too. What closes a circle does not count. */
export function allBlockersOf(board: Board, card: Card, whereNow = NOWHERE): Blocker[] {
  if (card.blockedBy.length === 0) return []
  const done = doneColumns(board)
  return card.blockedBy
    .filter((id) => isFollowed(board, card.id, id))
    .flatMap((id) => board.cardsById.get(id) ?? [])
    .map((other) => blockerOf(other, done, whereNow))
}

/** What still keeps a card from being worked on: cards that block it and are neither finished nor archived. */
export const blockersOf = (board: Board, card: Card, whereNow = NOWHERE): Card[] =>
  allBlockersOf(board, card, whereNow).flatMap(({ card: other, state }) => (state === 'open' ? [other] : []))

/** For files: what a card is blocked by on the board, finished cards too. The archive stays behind, and so does what does not count. */
export const blockersInFile = (board: Board, card: Card): Card[] =>
  card.blockedBy
    .filter((id) => isFollowed(board, card.id, id))
    .flatMap((id) => board.cardsById.get(id) ?? [])
    .filter(({ archived }) => !archived)

/** So many times one of these cards waits for one that is on another board now, and in the file of that. */
export const linksElsewhere = (board: Board, cards: readonly Card[], moved: ReadonlySet<string>): number =>
  cards.flatMap((card) => card.blockedBy.filter((id) => moved.has(id) && isFollowed(board, card.id, id))).length

/** The title of a card in the circle that these calls would close; null where they close none. */
export function circleBy(board: Board, calls: readonly MutationCall[]): string | null {
  const added = new Map<string, Set<string>>()
  const removed = new Set<string>()
  const known = edgesOf(board)
  const edges: Edges = (card) => [
    ...known(card).filter((other) => !removed.has(`${card} ${other}`)),
    ...(added.get(card) ?? []),
  ]
  for (const { card, by, on } of calls.flatMap(blockingIn)) {
    if (!on) {
      removed.add(`${card} ${by}`)
      added.get(card)?.delete(by)
      continue
    }
    // Were `by` to wait for `card` already, neither would ever begin.
    const back = pathBetween(by, card, edges)
    if (back) return board.cardsById.get(back.at(-2) ?? by)?.title ?? ''
    removed.delete(`${card} ${by}`)
    added.set(card, (added.get(card) ?? new Set()).add(by))
  }
  return null
}

export const noCycles: Guard<Board> = {
  mutations: ['setBlockedBy'],
  check(board, calls) {
    const title = circleBy(board, calls)
    if (title !== null) refuse('blocking-cycle', { title })
  },
}

function blockingIn({ mutation, args }: MutationCall): { card: string; by: string; on: boolean }[] {
  const { card, by, on, blockedBy } = args
  if (typeof card !== 'string') return []
  if (mutation === 'setBlockedBy' && typeof by === 'string') return [{ card, by, on: on === true }]
  if (mutation !== 'addCard' || !Array.isArray(blockedBy)) return []
  return blockedBy.flatMap((by: unknown) => (typeof by === 'string' ? [{ card, by, on: true }] : []))
}
