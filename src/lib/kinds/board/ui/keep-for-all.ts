/** One answer to all that two people changed at once on cards: what counts now, or what one of them set. */
import type { Conflict, MutationCall } from '#lib/kernel/define-kind.ts'
import type { PersonId } from '#lib/kernel/ids.ts'
import { askedOnCard } from './contested-on-card.ts'
import type { Words } from './change-words.ts'
import type { Card } from './screen-board.ts'

export interface ForAll {
  /** Null for what counts now. */
  of: PersonId | null
  /** On how many of them it answers something. */
  cards: number
  calls: MutationCall[]
}

/**
 * What counts now comes first, then what each person set, whose is most first. What somebody set answers only where they set something
 * and nothing on another board goes with it; the rest stays open.
 */
export function answersForAll(
  cards: readonly Card[],
  conflictsOf: (card: string) => readonly Conflict[],
  words: Words,
): ForAll[] {
  const asked = cards.flatMap((card) =>
    askedOnCard(card, conflictsOf(card.id), words).map((place) => ({ card: card.id, place })),
  )
  const people = new Set(asked.flatMap(({ place }) => place.values.flatMap(({ by }) => by ?? [])))
  const ofOne = (of: PersonId | null): ForAll => {
    const answered = asked.flatMap(({ card, place: { values, keep, keepElsewhere } }) => {
      const own = of === null ? values[0] : values.find(({ by }) => by === of)
      if (!own || (of !== null && (keepElsewhere?.(own.value, own.by) ?? []).length > 0)) return []
      return [{ card, calls: keep(own.value) }]
    })
    return { of, cards: new Set(answered.map(({ card }) => card)).size, calls: answered.flatMap(({ calls }) => calls) }
  }
  const ofPeople = [...people].map(ofOne).filter((one) => one.cards > 0)
  return [ofOne(null), ...ofPeople.sort((a, b) => b.cards - a.cards)]
}
