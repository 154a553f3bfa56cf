/** Which card waits for which. A cycle is refused; one that two people closed apart, each with one half, is named. */
import type { Guard, MutationCall } from '../../kernel/define-kind.ts'
import { refuse } from '../../kernel/refusal.ts'
import { doneColumns } from './queries.ts'
import type { Board, Card } from './schema.ts'

type Edges = (card: string) => readonly string[]

const edgesOf =
  (board: Board): Edges =>
  (card) =>
    board.cardsById[card]?.blockedBy.filter((other) => other in board.cardsById) ?? []

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

/** Cards that wait for themselves, in the end. */
export function cyclesIn(board: Board): Set<string> {
  const edges = edgesOf(board)
  const inCycle = new Set<string>()
  for (const card of Object.values(board.cardsById)) {
    if (card.blockedBy.length === 0 || inCycle.has(card.id)) continue
    for (const other of edges(card.id)) {
      const back = pathBetween(other, card.id, edges)
      for (const id of back ?? []) inCycle.add(id)
    }
  }
  return inCycle
}

/** What still keeps a card from being worked on: cards that block it and are neither finished nor archived. */
export function blockersOf(board: Board, card: Card): Card[] {
  if (card.blockedBy.length === 0) return []
  const done = doneColumns(board)
  return card.blockedBy
    .map((id) => board.cardsById[id])
    .filter((other): other is Card => other !== undefined && !other.archived && !done.has(other.column))
}

export const noCycles: Guard<Board> = {
  mutations: ['setBlockedBy'],
  check(board, calls) {
    const added = new Map<string, Set<string>>()
    const removed = new Set<string>()
    const known = edgesOf(board)
    const edges: Edges = (card) => [
      ...known(card).filter((other) => !removed.has(`${card} ${other}`)),
      ...(added.get(card) ?? []),
    ]
    for (const call of calls) {
      const change = blockingIn(call)
      if (!change) continue
      const { card, by, on } = change
      if (!on) {
        removed.add(`${card} ${by}`)
        added.get(card)?.delete(by)
        continue
      }
      // Were `by` to wait for `card` already, neither would ever begin.
      const back = pathBetween(by, card, edges)
      if (back) refuse('blocking-cycle', { title: board.cardsById[back.at(-2) ?? by]?.title ?? '' })
      removed.delete(`${card} ${by}`)
      added.set(card, (added.get(card) ?? new Set()).add(by))
    }
  },
}

function blockingIn({ mutation, args }: MutationCall): { card: string; by: string; on: boolean } | null {
  const { card, by, on } = args
  if (mutation !== 'setBlockedBy' || typeof card !== 'string' || typeof by !== 'string') return null
  return { card, by, on: on === true }
}
