/** The same cards and the same edits for every contender of the board's benchmark. */
import type { MutationCall } from '../../src/lib/kernel/define-kind.ts'

export interface BoardJob {
  system: 'tongzhou' | 'one-document' | 'yjs'
  cards: number
  edits: number
  /** Of a relay, for ours. */
  port: number
}

export interface BoardFigures {
  /** Milliseconds of one edit, in the mean: also what it makes the process do behind the person's back. */
  edit: number
  /** Bytes of everything that the board is stored as. */
  size: number
  /** The same in an encoding that the system has and its storage does not use. */
  smallest: number
}

export const COLUMNS = 5

export interface CardText {
  card: string
  title: string
  column: string
  order: string
}
export type Edit =
  { card: string; title: string } | { card: string; column: string; order: string } | { card: string; due: string }

export const cardsOf = (count: number): CardText[] =>
  Array.from({ length: count }, (_, i) => ({
    card: idOf(i),
    title: i % 3 ? `任务 ${i}：核对第 ${i % 97} 批` : `Task ${i}: check batch ${i % 97}`,
    column: `c${i % COLUMNS}`,
    order: `b${String(i).padStart(5, '0')}V`,
  }))

/** As the product makes them: 12 letters and digits. */
function idOf(i: number): string {
  let text = ''
  for (let rest = scramble(i + 1); text.length < 12; rest = scramble(rest)) text += rest.toString(36)
  return `${i.toString(36)}x${text}`.slice(0, 12)
}

const scramble = (n: number): number => (Math.imul(n ^ (n >>> 15), 0x2c1b3c6d) ^ 0x297a2d39) >>> 0

/** What people do to cards: half of it moves, the rest titles and dates; everywhere on the board, each one another value. */
export function* editsOf(count: number, cards: readonly CardText[]): Generator<Edit> {
  let state = 1
  const next = (below: number) => (state = scramble(state + 7)) % below
  for (let i = 0; i < count; i++) {
    const day = String(1 + (i % 28)).padStart(2, '0')
    const { card } = cards[next(cards.length)]!
    const sort = next(6)
    if (sort < 3) yield { card, column: `c${next(COLUMNS)}`, order: `b${String(next(99_999)).padStart(5, '0')}k${i}V` }
    else if (sort === 3) yield { card, title: `第 ${i} 次修改 Edit ${i} of batch ${next(97)}` }
    else if (sort === 4)
      yield {
        card,
        due: `${2027 + (Math.floor(i / 336) % 60)}-${String(1 + (Math.floor(i / 28) % 12)).padStart(2, '0')}-${day}`,
      }
    else yield { card, title: `Task ${i}` }
  }
}

export const callOf = (edit: Edit): MutationCall =>
  'title' in edit
    ? { mutation: 'retitleCard', args: { ...edit } }
    : 'column' in edit
      ? { mutation: 'moveCard', args: { ...edit } }
      : { mutation: 'setDates', args: { ...edit } }

export const boardCalls = (cards: readonly CardText[]): MutationCall[] => [
  { mutation: 'renameBoard', args: { title: 'Bench' } },
  ...Array.from({ length: COLUMNS }, (_, i) => ({
    mutation: 'addColumn',
    args: { column: `c${i}`, title: `Column ${i}`, order: `a${i}` },
  })),
  ...cards.map((card) => ({ mutation: 'addCard', args: { ...card } })),
]

/** What a card says after all edits: the same for whoever made them. */
export function outcome(cards: readonly CardText[], edits: Iterable<Edit>): Map<string, Record<string, unknown>> {
  const known = new Map<string, Record<string, unknown>>(cards.map(({ card, ...fields }) => [card, fields]))
  for (const { card, ...fields } of edits) Object.assign(known.get(card)!, fields)
  return known
}

export function checkOutcome(
  expected: Map<string, Record<string, unknown>>,
  found: (card: string) => Record<string, unknown> | undefined,
): void {
  for (const [card, fields] of expected)
    for (const [name, value] of Object.entries(fields))
      if (String(found(card)?.[name]) !== String(value))
        throw new Error(`card ${card}: ${name} is not ${String(value)}`)
}
