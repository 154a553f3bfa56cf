/** Who waits for whom among the cards of a file. */
import { withoutCycles } from '../without-cycles.ts'
import type { CardProblem, ForeignBoard, Losses } from './foreign-board.ts'
import { problemOf } from './problem-of.ts'
import { oneLine, plainName, shorten } from './texts.ts'

/**
 * Ids for the cards, and who waits for whom by them: named by the key, else by the exact title. What occurs twice means the first
 * card of that name. Those that `isHere` says are on the board already, by their ids.
 */
export function references(
  { format, cards }: ForeignBoard,
  newEntity: () => string,
  errors: CardProblem[],
  losses: Losses,
  isHere: (card: string) => boolean,
): { ids: string[]; blockers: string[][] } {
  const ids = cards.map(() => newEntity())
  const byKey = new Map<string, number>()
  const byName = new Map<string, number>()
  for (const [index, card] of cards.entries()) {
    if (card.key === '') continue
    // Whoever types a key by hand does not mind its case.
    if (!byName.has(plainName(card.key))) byName.set(plainName(card.key), index)
    if (!byKey.has(card.key)) byKey.set(card.key, index)
    else errors.push(problemOf(format, card, 'row-key-twice', 'kept', { value: card.key.slice(0, 60) }))
  }
  const keys = new Set(byName.keys())
  const twice = new Set<string>()
  for (const [index, { title }] of cards.entries()) {
    const name = plainName(oneLine(title))
    if (!byName.has(name)) byName.set(name, index)
    else if (!keys.has(name)) twice.add(name)
  }
  const here: string[][] = cards.map(() => [])
  const { kept, dropped } = withoutCycles(
    cards.map((card, at) => {
      const known = new Set<number>()
      for (const key of card.blockedBy) {
        const index = byKey.get(key) ?? byName.get(plainName(key))
        if (!byKey.has(key) && twice.has(plainName(key)))
          errors.push(problemOf(format, card, 'row-name-twice', 'kept', { value: shorten(key, 60) }))
        if (index !== undefined) known.add(index)
        else if (isHere(key)) here[at]?.push(key)
        else losses.add('blocking-unknown', key)
      }
      return [...known]
    }),
  )
  for (const [from, to] of dropped) {
    losses.add('blocking-cycles', `${oneLine(cards[from]?.title ?? '')} ← ${oneLine(cards[to]?.title ?? '')}`)
  }
  return { ids, blockers: kept.map((list, at) => [...list.map((index) => ids[index] ?? ''), ...(here[at] ?? [])]) }
}
