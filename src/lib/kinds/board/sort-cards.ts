/** Cards in the order that a view asks for. What has no value comes last, whichever way it is sorted. */
import { compareNames } from '../../kernel/names.ts'
import { compareOrder } from '../../kernel/order.ts'
import { priorities, type Card, type Column } from './schema.ts'
import type { ViewContent } from './view-content.ts'

type Sort = ViewContent['sort']
/** As long as nothing of them changes, they are the same object. */
export interface SortFacts {
  columns: readonly Column[]
  personName: (person: string) => string
}
interface Entry {
  card: Card
  /** Of its column; those of columns that are gone come last. */
  place: number
  key: string | number | null
}
type Compare = (a: Entry, b: Entry) => number

/** So many cards are sorted in one step, where it may take several. */
const CARDS_IN_STEP = 500

/**
 * Remembers the cards as it sorted them last: of thousands, those that changed since are put in anew, and a list in which nothing
 * changed stays the same array.
 */
export class SortedCards {
  #sort: Sort | null = null
  #entries: readonly Entry[] = []
  #cards: readonly Card[] = []
  /** What it was asked for last. */
  #asked: { cards: readonly Card[]; facts: SortFacts } | null = null

  /** The cards in their order. */
  of(cards: readonly Card[], sort: Sort, facts: SortFacts): readonly Card[] {
    if (this.#isBy(sort) && this.#isKnown(cards, facts)) return this.#cards
    const entries = entriesOf(cards, sort, facts)
    const now = new Map(entries.map((entry) => [entry.card, entry]))
    const stays = ({ card, place, key }: Entry) => {
      const same = now.get(card)
      return same?.place === place && same.key === key && now.delete(card)
    }
    const kept = this.#isBy(sort) ? this.#entries.filter(stays) : []
    if (kept.length < this.#entries.length || now.size > 0 || !this.#isBy(sort)) {
      const compare = comparing(sort)
      this.#keep(sort, merged(kept, [...now.values()].sort(compare), compare))
    }
    this.#asked = { cards, facts }
    return this.#cards
  }

  /** Works out the order that `of` will be asked for, a few cards with each step; the last one replaces what is remembered. */
  *inSteps(cards: readonly Card[], sort: Sort, facts: SortFacts): Generator<void, void> {
    if (this.#isBy(sort)) return
    const compare = comparing(sort)
    let runs: Entry[][] = []
    for (let from = 0; from < cards.length; from += CARDS_IN_STEP) {
      runs.push(entriesOf(cards.slice(from, from + CARDS_IN_STEP), sort, facts).sort(compare))
      yield
    }
    while (runs.length > 1) {
      const longer: Entry[][] = []
      for (let at = 0; at < runs.length; at += 2) {
        longer.push(merged(runs[at] ?? [], runs[at + 1] ?? [], compare))
        yield
      }
      runs = longer
    }
    this.#keep(sort, runs[0] ?? [])
    this.#asked = { cards, facts }
    yield
  }

  #isKnown(cards: readonly Card[], facts: SortFacts): boolean {
    const asked = this.#asked
    if (asked?.facts !== facts) return false
    return asked.cards.length === cards.length && cards.every((card, index) => card === asked.cards[index])
  }
  #isBy({ by, down }: Sort): boolean {
    return this.#sort?.by === by && this.#sort.down === down
  }
  #keep(sort: Sort, entries: readonly Entry[]): void {
    this.#sort = sort
    this.#entries = entries
    this.#cards = entries.map(({ card }) => card)
  }
}

/** Of cards in their order those that are wanted, and the one that is `kept`. */
export function onlyThese(sorted: readonly Card[], wanted: Iterable<Card>, kept: string | null): readonly Card[] {
  const these = new Set(wanted)
  return sorted.filter((card) => these.has(card) || card.id === kept)
}

/** Two sorted lists as one. Few that go among many are looked for by halves, so that they cost few comparisons. */
function merged(many: readonly Entry[], few: readonly Entry[], compare: Compare): Entry[] {
  const all: Entry[] = []
  let from = 0
  for (const one of few) {
    let step = 1
    while (from + step <= many.length && compare(many[from + step - 1]!, one) <= 0) step *= 2
    let low = from + (step >> 1)
    let high = Math.min(from + step - 1, many.length)
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(many[middle]!, one) <= 0) low = middle + 1
      else high = middle
    }
    while (from < low) all.push(many[from++]!)
    all.push(one)
  }
  while (from < many.length) all.push(many[from++]!)
  return all
}

function entriesOf(cards: readonly Card[], { by }: Sort, facts: SortFacts): Entry[] {
  const places = new Map(facts.columns.map(({ id }, index) => [id, index]))
  return cards.map((card) => {
    const place = places.get(card.column) ?? places.size
    return { card, place, key: keyOf(card, by, place < places.size ? place : null, facts) }
  })
}

function comparing({ by, down }: Sort): Compare {
  const turn = down ? -1 : 1
  const byPlace: Compare = (a, b) => a.place - b.place || compareOrder(a.card, b.card)
  if (by === 'place') return (a, b) => turn * byPlace(a, b)
  const compareTexts = by === 'start' || by === 'due' ? compareAsWritten : compareNames
  return (a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null) || byPlace(a, b)
    const { key } = a
    const order = typeof key === 'string' ? compareTexts(key, String(b.key)) : key - Number(b.key)
    return turn * order || byPlace(a, b)
  }
}
const compareAsWritten = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function keyOf(card: Card, by: Sort['by'], place: number | null, { personName }: SortFacts): string | number | null {
  switch (by) {
    case 'place':
      return null
    case 'title':
      return card.title
    case 'start':
      return card.start
    case 'due':
      return card.due
    case 'priority':
      return card.priority && priorities.indexOf(card.priority)
    case 'estimate':
      return card.estimate
    case 'created':
      return card.createdAt
    case 'assignee':
      return card.assignees.length > 0 ? card.assignees.map(personName).join(', ') : null
    case 'column':
      return place
  }
}
