/** Cards from the clipboard, to the mutations that put them into a column: one action that can be undone. */
import * as v from 'valibot'
import { Entity } from '../../kernel/args.ts'
import { entryKey } from '../../kernel/arrivals.ts'
import type { MutationCall } from '../../kernel/define-kind.ts'
import { orderAt, orderBetween } from '../../kernel/order.ts'
import { circleBy, isFollowed, type WhereNow } from './blocking.ts'
import type { CardClip } from './card-clip.ts'
import type { ForeignBoard } from './foreign/foreign-board.ts'
import { planBoard, type PlanOptions } from './foreign/plan-board.ts'
import { LONGEST_NAME, oneLine, plainName, shorten } from './foreign/texts.ts'
import { nextOfComing, type NextCard } from './next-card.ts'
import { cardsByColumn } from './queries.ts'
import type { Board } from './schema.ts'

export interface PastePlace {
  column: string
  /** The card above; null for the end of the column. */
  after: string | null
  /** Above all cards of the column, instead. */
  top?: boolean
}
export interface Paste {
  calls: MutationCall[]
  /** Those that are on the board then, in their order. */
  cards: string[]
  /** Who was on the cards and is nobody here. */
  strangers: string[]
}

export async function planPaste(
  foreign: ForeignBoard,
  place: PastePlace,
  options: Omit<PlanOptions, 'matches' | 'lists' | 'into'>,
  pause: () => Promise<void>,
): Promise<Paste> {
  const nextOrder = ordersFrom(options.board, place, options.random)
  const names = foreign.cards.flatMap(({ people }) => people.map(plainName))
  // An import keeps strangers as labels; of pasted cards they are left out and named.
  const matches = new Map(names.map((name) => [name, null]))
  const plan = await planBoard(foreign, { ...options, matches, into: { column: place.column, nextOrder } }, { pause })
  return {
    calls: plan.calls,
    cards: plan.calls.flatMap(({ mutation, args }) => (mutation === 'addCard' ? [String(args['card'])] : [])),
    strangers: plan.strangers.map(({ name }) => name),
  }
}

/** What the cards waited for and what was moved to the board before them, as it is there. `movedHere`: what it became. */
export function followBlockers(
  clip: CardClip,
  { cardsById }: Pick<Board, 'cardsById'>,
  movedHere: (card: string) => string | null,
): CardClip {
  const pasted = new Set(clip.cards.map(({ id }) => id))
  const isKnown = (id: string) => pasted.has(id) || cardsById.has(id)
  const follow = (id: string) => (isKnown(id) ? id : (movedHere(id) ?? id))
  const cards = clip.cards.map((card) => ({
    ...card,
    blockedBy: card.blockedBy.map(({ id, title }) => ({ id: follow(id), title })),
  }))
  return { ...clip, cards }
}

/** Titles of the cards that pasted ones waited for, and that are neither on the board nor pasted with them. */
export function blockersLeftBehind({ cards }: CardClip, { cardsById }: Pick<Board, 'cardsById'>): string[] {
  const pasted = new Set(cards.map(({ id }) => id))
  const left = cards
    .flatMap(({ blockedBy }) => blockedBy)
    .filter(({ id }) => !pasted.has(id) && !cardsById.has(id))
    .map(({ id, title }) => [id, shorten(oneLine(title), LONGEST_NAME)] as const)
  return [...new Map(left).values()]
}

/**
 * Cards that were cut from this board and lie in its archive come back as themselves, with all that is known of them. Null
 * where they do not: another board, or pasted before.
 */
export function planReturn(
  { cut, board: from, cards }: CardClip,
  root: string,
  place: PastePlace,
  board: Board,
  random: PlanOptions['random'],
): Paste | null {
  if (cut === null || from !== root || !cards.every(({ id }) => board.cardsById.get(id)?.archived)) return null
  const nextOrder = ordersFrom(board, place, random)
  const ids = [...new Set(cards.map(({ id }) => id))]
  return {
    calls: ids.flatMap((card) => [
      { mutation: 'moveCard', args: { card, column: place.column, order: nextOrder() } },
      { mutation: 'restoreCard', args: { card } },
    ]),
    cards: ids,
    strangers: [],
  }
}

export interface Arrival {
  paste: Paste
  entries: (readonly [cut: string, pasted: string])[]
  /** What follows those that repeat and that are finished by coming here. */
  comeAgain: { card: { title: string }; next: NextCard }[]
}

/** Cards that were cut on another board come here as these. Null where none of them `isAway` there any more: then they are copied. */
export function planArrival(
  paste: Paste,
  { cut, board: work, cards }: CardClip,
  isAway: (card: string) => boolean,
  {
    board,
    column,
    today,
    random,
    whereNow,
  }: { board: Board; column: string; whereNow: WhereNow } & Pick<PlanOptions, 'today' | 'random'>,
): Arrival | null {
  const entries = cards.flatMap(({ id }, at) => {
    const card = paste.cards[at]
    return card === undefined || !isAway(id) ? [] : [[id, card] as const]
  })
  if (cut === null || entries.length === 0) return null
  const cutCards = new Map(cards.map((card) => [card.id, card]))
  const adds = new Map(
    paste.calls.flatMap((call) => (call.mutation === 'addCard' ? [[String(call.args['card']), call] as const] : [])),
  )
  const places = new Map<string, () => string>()
  const orderIn = (id: string) => {
    const next = places.get(id) ?? ordersFrom(board, { column: id, after: null }, random)
    places.set(id, next)
    return next()
  }
  const comeAgain = entries.flatMap(([was, pasted]) => {
    const [card, call] = [cutCards.get(was), adds.get(pasted)]
    if (!card || !call || card.finished) return []
    const next = nextOfComing(board, { ...card, adds: call }, column, today, orderIn)
    return next ? [{ card, next }] : []
  })
  const come = withOrigin(paste, { work, cut }, entries)
  const calls = [...come.calls, ...comeAgain.flatMap(({ next }) => next.calls)]
  const waits = waitForArrivals(
    board,
    new Map(entries.map(([was, pasted]) => [entryKey({ work, entity: was }), pasted])),
    whereNow,
  )
  // What has come to wait for it elsewhere may close a circle: then it is waited for where it was, as before.
  const isClosed = waits.length > 0 && circleBy(board, [...calls, ...waits]) !== null
  return { paste: { ...come, calls: isClosed ? calls : [...calls, ...waits] }, entries, comeAgain }
}

/** What waits here for a card that was moved away waits for what it is when it comes back. */
function waitForArrivals(board: Board, came: ReadonlyMap<string, string>, whereNow: WhereNow): MutationCall[] {
  const now = (id: string): string | undefined => {
    if (!board.cardsById.get(id)?.archived) return undefined
    const place = whereNow(id).find((one) => came.has(entryKey(one)))
    return place && came.get(entryKey(place))
  }
  const wait = (card: string, by: string, on: boolean) => ({ mutation: 'setBlockedBy', args: { card, by, on } })
  return [...board.cardsById.values()].flatMap(({ id, blockedBy }) =>
    blockedBy
      .filter((by) => isFollowed(board, id, by))
      .flatMap((by) => {
        const back = now(by)
        return back === undefined ? [] : [wait(id, by, false), wait(id, back, true)]
      }),
  )
}

/** The cards that are moved here say what they were: who moves one of them elsewhere at once is told of both. */
export function withOrigin(
  paste: Paste,
  { work, cut }: { work: string; cut: string },
  entries: readonly (readonly [cut: string, pasted: string])[],
): Paste {
  const was = new Map(entries.map(([entity, pasted]) => [pasted, { work, entity, cut }]))
  const calls = paste.calls.map((call): MutationCall => {
    const from = call.mutation === 'addCard' ? was.get(String(call.args['card'])) : undefined
    // A clipboard is anybody's.
    return from && isEntity(from.entity) && isEntity(cut) ? { ...call, args: { ...call.args, from } } : call
  })
  return { ...paste, calls }
}
const isEntity = (text: string): boolean => v.is(Entity, text)

/** Gives out places one below the other. */
function ordersFrom(board: Board, { column, after, top }: PastePlace, random: PlanOptions['random']): () => string {
  const cards = cardsByColumn(board).get(column) ?? []
  const at = cards.findIndex(({ id }) => id === after)
  const index = top ? 0 : at < 0 ? cards.length : at + 1
  const below = cards.slice(index).find(({ order }) => order !== '')?.order ?? null
  let last: string | null = null
  return () =>
    (last =
      last === null
        ? orderAt(
            cards.map(({ order }) => order),
            index,
            random,
          )
        : orderBetween(last, below, random))
}
