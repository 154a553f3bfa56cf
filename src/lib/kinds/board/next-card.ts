/**
 * A card that comes again: finished, it is followed by the next one. Its id follows from the finished card's, so that two
 * people who finish the same card at once make one card, and finishing it a second time makes none.
 */
import { parseDate } from '@internationalized/date'
import { sha256 } from '@noble/hashes/sha2.js'
import type { MutationCall } from '../../kernel/define-kind.ts'
import { entityId } from '../../kernel/ids.ts'
import { addDays, type Day } from '../../kernel/instants.ts'
import { doneColumns } from './queries.ts'
import { dayOfMonthIn, nextDay } from './repeat.ts'
import type { Board, Card } from './schema.ts'

export interface NextCard {
  id: string
  start: Day | null
  due: Day | null
  /** To run in the same action as the move that finishes the card. */
  calls: MutationCall[]
}

/** A card that is further behind than that begins anew from today. */
const MOST_STEPS = 1_000

export function nextCardId(card: string): string {
  const digest = sha256(new TextEncoder().encode(`next card after ${card}`))
  let at = 0
  return entityId((length) => digest.subarray(at, (at += length)))
}

/**
 * What follows when `card` goes to the column `to`; null where nothing does: it does not come again, that column is not for
 * finished cards, it was finished before, or the next one is there already. `orderIn` gives the key at a column's end.
 */
export function nextCard(
  { columns, cardsById }: Pick<Board, 'columns' | 'cardsById'>,
  card: Card,
  to: string,
  today: Day,
  orderIn: (column: string) => string,
): NextCard | null {
  const done = doneColumns({ columns })
  const first = firstOpen(columns)
  if (!card.repeat || !first || !done.has(to) || done.has(card.column)) return null
  const id = nextCardId(card.id)
  const known = cardsById.get(id)
  if (known && !known.archived) return null
  const dates = nextDates(card, today)
  // Undoing the action archived it; the dates of that time may have passed since, and its column may be gone.
  if (known) {
    const calls = [call('restoreCard', { card: id }), call('setDates', { card: id, ...dates })]
    const hasColumn = columns.some((column) => column.id === known.column && !column.archived)
    if (!hasColumn) calls.push(call('moveCard', { card: id, column: first.id, order: orderIn(first.id) }))
    return { id, start: dates.start, due: dates.due, calls }
  }
  const { title, priority, labels, assignees, estimate, repeat } = card
  const checklist = card.checklist
    .filter(({ order }) => order !== '')
    .map(({ id: item, text, order }) => ({ item, text, order }))
  const copied = { title, priority, labels, assignees, estimate, repeat, checklist, descriptionOf: card.id }
  return {
    id,
    start: dates.start,
    due: dates.due,
    calls: [
      call('addCard', { card: id, column: first.id, order: orderIn(first.id), ...copied, ...dates, follows: true }),
    ],
  }
}

const firstOpen = (columns: Board['columns']) => columns.find((column) => !column.archived && !column.done)

/** What a card that comes from another board, where it was not finished, was there, and the call that adds it here. */
interface Coming extends Repeating {
  adds: MutationCall
}

/** The same of a card that comes from another board right into the column `to`. */
export function nextOfComing(
  { columns }: Pick<Board, 'columns'>,
  { adds, ...card }: Coming,
  to: string,
  today: Day,
  orderIn: (column: string) => string,
): NextCard | null {
  const first = firstOpen(columns)
  if (!card.repeat || !first || !doneColumns({ columns }).has(to)) return null
  const id = nextCardId(String(adds.args['card']))
  const { from: _, checklist, ...said } = adds.args
  const dates = nextDates(card, today)
  const undone = Array.isArray(checklist) ? checklist.map((item: object) => ({ ...item, done: false })) : []
  const place = { column: first.id, order: orderIn(first.id) }
  const args = { ...said, card: id, ...place, checklist: undone, blockedBy: [], ...dates, follows: true }
  return { id, start: dates.start, due: dates.due, calls: [call('addCard', args)] }
}

/** Of a card and of those that came of finishing it, one after another, what is still to be done. */
export function openInSeries(board: Pick<Board, 'columns' | 'cardsById'>, card: string): Card[] {
  const done = doneColumns(board)
  const series: Card[] = []
  for (let one = board.cardsById.get(card); one; one = board.cardsById.get(nextCardId(one.id))) series.push(one)
  return series.filter(({ archived, column }) => !archived && !done.has(column))
}

type Repeating = Pick<Card, 'repeat' | 'start' | 'due' | 'startDay' | 'dueDay'>

interface NextDates {
  start: Day | null
  due: Day | null
  /** The day of the month to come back to, where a short month has none of that number. */
  startDay: number | null
  dueDay: number | null
}

/**
 * Both dates move on by as many steps as bring the due date (else the start) to today or later, one at least. Where there is
 * neither, the next one is due one step after the day on which this one was finished.
 */
function nextDates(card: Repeating, today: Day): NextDates {
  const { repeat, start, due, startDay, dueDay } = card
  const telling = due ?? start
  if (!repeat) return { start, due, startDay, dueDay }
  if (!telling) {
    const first = nextDay(repeat, today)
    return {
      start,
      due: first,
      startDay,
      dueDay: isPulledForward(first, dayOfMonthIn(today)) ? dayOfMonthIn(today) : null,
    }
  }
  let steps = 0
  let at = telling
  const aim = (due ? dueDay : startDay) ?? dayOfMonthIn(telling)
  for (; steps === 0 || (at < today && steps < MOST_STEPS); steps++) at = nextDay(repeat, at, aim)
  let moved = (day: Day, dayOfMonth: number) => {
    for (let step = 0; step < steps; step++) day = nextDay(repeat, day, dayOfMonth)
    return day
  }
  if (at < today) {
    const apart = parseDate(nextDay(repeat, addDays(today, -1))).compare(parseDate(telling))
    moved = (day) => addDays(day, apart)
  }
  const next = (day: Day | null, known: number | null): [Day | null, number | null] => {
    if (!day) return [null, null]
    const kept = known ?? dayOfMonthIn(day)
    const then = moved(day, kept)
    return [then, isPulledForward(then, kept) ? kept : null]
  }
  const [[nextStart, keptStart], [nextDue, keptDue]] = [next(start, startDay), next(due, dueDay)]
  return { start: nextStart, due: nextDue, startDay: keptStart, dueDay: keptDue }
}

/** The last day of a month that is too short. */
const isPulledForward = (day: Day, dayOfMonth: number): boolean =>
  dayOfMonthIn(day) < dayOfMonth && dayOfMonthIn(addDays(day, 1)) === 1

const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })
