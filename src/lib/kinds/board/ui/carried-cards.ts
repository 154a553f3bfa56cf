/**
 * Cards on their way to a place, by the clipboard or by moving them: what they say, what they become there, and what is told of
 * that.
 */
import { t } from '#lib/i18n/locale.svelte.ts'
import { isHexId, toId, type DocId } from '#lib/kernel/ids.ts'
import { clipCards, clipToForeign, type CardClip } from '../card-clip.ts'
import type { ForeignBoard } from '../foreign/foreign-board.ts'
import {
  blockersLeftBehind,
  followBlockers,
  planPaste,
  type Arrival,
  type Paste,
  type PastePlace,
} from '../paste-cards.ts'
import type { Board } from '../schema.ts'
import { newEntity, random } from './board-calls.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { foreignWords } from './foreign-words.ts'
import type { Card } from './screen-board.ts'

/** So many of what was left out are named. */
const MOST_NAMED = 8

const pause = () => new Promise<void>((resolve) => setTimeout(resolve))

export async function clipOf(screen: BoardScreen, cards: readonly Card[], cut: string | null): Promise<CardClip> {
  const { board, work, personName } = screen
  const descriptions = await screen.descriptions()
  return clipCards(cards, { board: board.whole, root: work, personName, descriptions, cut })
}

/** What cards become on this board or another one, and which cards they waited for are not there. */
export async function planClip(
  screen: BoardScreen,
  carried: CardClip,
  { board, work }: { board: Board; work: DocId },
  place: PastePlace,
): Promise<{ clip: CardClip; paste: Paste; leftBehind: readonly string[] }> {
  const { people } = screen
  const from = isHexId(carried.board) ? toId<DocId>(carried.board) : null
  const movedHere = (card: string) => (from === null ? null : screen.becameOn(work, from, card))
  const clip = followBlockers(carried, board, movedHere)
  const foreign = clipToForeign(clip, (person) => people.get(person)?.removed === false)
  return { clip, paste: await planOn(screen, board, foreign, place), leftBehind: blockersLeftBehind(clip, board) }
}

/** On this board, or on another one. */
export function planOn(screen: BoardScreen, board: Board, foreign: ForeignBoard, place: PastePlace): Promise<Paste> {
  const { people, today } = screen
  const members = [...people.values()].filter(({ removed }) => !removed).map(({ id, name }) => ({ id, name }))
  const firstColumn = t().home.firstColumns.todo
  const words = foreignWords()
  return planPaste(foreign, place, { board, people: members, newEntity, random, today, firstColumn, words }, pause)
}

/** That cards which repeat come again. */
export const sayComeAgain = ({ moves }: BoardScreen, comeAgain: Arrival['comeAgain']): string[] =>
  comeAgain.slice(0, MOST_NAMED).map(({ card, next }) => moves.sayNext(card, next))

/** Cards that were cut and are there again: here they are copies. */
export function sayStayed(screen: BoardScreen, from: DocId, cards: readonly { title: string }[]): string[] {
  const board = screen.boardTitle(from)
  const titles = cards.slice(0, MOST_NAMED).map(({ title }) => title || t().card.untitled)
  return board === null || titles.length === 0 ? [] : [t().clipboard.stayed(titles, board || t().board.untitled)]
}

/** What did not come along, and what has become too many by it. */
export function sayLeftOut(
  { strangers }: Paste,
  { leftBehind, board, over }: { leftBehind: readonly string[]; board: Pick<Board, 'title'>; over: string },
): string[] {
  const named = (list: readonly string[]) =>
    list
      .slice(0, MOST_NAMED)
      .map((one) => one || t().card.untitled)
      .join(t().common.separator)
  return [
    ...(over ? [over] : []),
    ...(strangers.length > 0 ? [t().clipboard.strangers(named(strangers))] : []),
    ...(leftBehind.length > 0 ? [t().clipboard.leftBehind(named(leftBehind), board.title || t().board.untitled)] : []),
  ]
}
