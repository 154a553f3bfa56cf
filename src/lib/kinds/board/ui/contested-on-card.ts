/** What of a card two people changed at once: how it is called, and how one value is kept. */
import type { Conflict, MutationCall } from '#lib/kernel/define-kind.ts'
import { fieldsOf, textOf } from '#lib/kernel/reading.ts'
import { calls } from './board-calls.ts'
import { contestedWords, isContestedField, itemWords, movedWords, writtenWords, type Words } from './change-words.ts'
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
  if (field === 'archived')
    return {
      id,
      name: contestedWords(field, null, words).field,
      values,
      say: (value) =>
        (value === true ? movedWords(card.id, words) : isWritten(value) ? writtenWords(fieldsOf(value), words) : '') ||
        contestedWords(field, value, words).value,
      keep: (value) => settleArchived(card, value),
    }
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

/** Of a card that is archived: what somebody wrote in it who did not know of that. */
const isWritten = (value: unknown): boolean => typeof value === 'object' && value !== null

/** It comes back with what was chosen: with it goes what others wrote there at once. */
function settleArchived(card: Card, value: unknown): MutationCall[] {
  const written = isWritten(value) ? Object.entries(fieldsOf(value)) : []
  return [
    calls.settle(card, 'archived', value),
    ...written.flatMap(([field, one]) => (isContestedField(field) ? calls.settle(card, field, one) : [])),
  ]
}

/** The same of an item. */
function settleRemoved(card: Card, item: string, value: unknown): MutationCall[] {
  const settled = calls.settleItem(card, item, 'removed', value)
  const { text } = fieldsOf(value)
  return value === true || textOf(text) === '' ? [settled] : [settled, calls.settleItem(card, item, 'text', text)]
}
