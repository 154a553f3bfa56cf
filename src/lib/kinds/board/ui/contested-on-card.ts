/** What of a card two people changed at once: how it is called, and how one value is kept. */
import type { Conflict, MutationCall } from '#lib/kernel/define-kind.ts'
import { fieldsOf, textOf } from '#lib/kernel/reading.ts'
import { calls } from './board-calls.ts'
import { contestedWords, isContestedField, itemWords, type Words } from './change-words.ts'
import type { Card } from './screen-board.ts'

export interface ContestedOnCard {
  id: string
  name: string
  values: Conflict['values']
  say: (value: unknown) => string
  /** Write that value: that ends it. */
  keep: (value: unknown) => MutationCall[]
}

/** None where this version does not know the field. */
export function contestedOnCard(card: Card, { path, values }: Conflict, words: Words): ContestedOnCard | null {
  const [, , field, item, part] = path
  const id = path.join(' ')
  if (isContestedField(field))
    return {
      id,
      name: contestedWords(field, null, words).field,
      values,
      say: (value) => contestedWords(field, value, words).value,
      keep: (value) => [calls.settle(card, field, value)],
    }
  if (field !== 'checklist' || item === undefined) return null
  const { t } = words
  if (part === 'text')
    return {
      id,
      name: t.contested.item,
      values,
      say: (value) => textOf(value) || t.contested.empty,
      keep: (value) => [calls.settleItem(card, item, part, value)],
    }
  if (part !== 'removed') return null
  return {
    id,
    name: t.contested.item,
    values,
    say: (value) => (value === true ? t.contested.removed : itemWords(fieldsOf(value))),
    keep: (value) => settleRemoved(card, item, value),
  }
}

/** It comes back with the text that was chosen: with it goes what others wrote there at once. */
/** The cards that a person is told of: of one that is archived only that others may have meant it to stay. */
export const contestedCards = (
  conflicts: ReadonlyMap<string, readonly Conflict[]>,
  cards: ReadonlyMap<string, Card>,
): Card[] =>
  [...conflicts].flatMap(([id, list]) => {
    const card = cards.get(id)
    const isTold = card && (!card.archived || list.some(({ path: [, , field] }) => field === 'archived'))
    return isTold ? [card] : []
  })

function settleRemoved(card: Card, item: string, value: unknown): MutationCall[] {
  const settled = calls.settleItem(card, item, 'removed', value)
  const { text } = fieldsOf(value)
  return value === true || textOf(text) === '' ? [settled] : [settled, calls.settleItem(card, item, 'text', text)]
}
