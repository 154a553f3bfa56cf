/**
 * Which lanes or groups a card belongs to: one of each assignee, department or label, so that it may show in several and stay
 * one card; and what a card must get and lose to go from one lane to another.
 */
import { priorities, type Card, type Label, type Priority } from './schema.ts'
import type { Grouping } from './view-content.ts'

export interface LaneFacts {
  /** Those who were removed, too: their cards are still theirs. */
  people: readonly { id: string; name: string; departments: readonly string[]; removed?: boolean }[]
  departments: readonly { id: string; name: string }[]
  labels: readonly Label[]
}
/** `id` '' gathers the cards of none. */
export interface Lane {
  id: string
  cards: Card[]
}

/** The lanes that have cards, in the order of people, departments, labels or priorities; the lane of none comes last. */
export function lanesOf(cards: readonly Card[], group: Grouping, facts: LaneFacts): Lane[] {
  const lanes = new Map<string, Lane>(laneIds(group, facts).map((id) => [id, { id, cards: [] }]))
  const lanesOfCard = cardLanes(group, facts)
  for (const card of cards) for (const id of lanesOfCard(card)) lanes.get(id)?.cards.push(card)
  return [...lanes.values()].filter((lane) => lane.cards.length > 0)
}

/** All lanes that there could be, the one of none last. */
export function laneIds(group: Grouping, { people, departments, labels }: LaneFacts): string[] {
  switch (group) {
    case 'none':
      return ['']
    case 'assignee':
      return [...people.map(({ id }) => id), '']
    case 'label':
      return [...labels.map(({ id }) => id), '']
    case 'priority':
      return [...priorities, '']
    case 'department':
      return [...departments.map(({ id }) => id), '']
  }
}

/** The lanes of a card, from top to bottom; a card of none, or of those that are gone, is in the lane ''. */
export function cardLanes(group: Grouping, facts: LaneFacts): (card: Card) => readonly string[] {
  const places = new Map(laneIds(group, facts).map((id, place) => [id, place]))
  const departmentsOf = new Map(facts.people.map(({ id, departments }) => [id, departments]))
  const none = ['']
  const named = (ids: readonly string[]): readonly string[] => {
    // Nearly all of 10,000 cards have one at most: no list is made for them.
    const [first] = ids
    if (ids.length < 2) return first && places.has(first) ? ids : none
    const found = ids.flatMap((id) => {
      const place = id === '' ? undefined : places.get(id)
      return place === undefined ? [] : [{ id, place }]
    })
    return found.length > 0 ? found.sort((a, b) => a.place - b.place).map(({ id }) => id) : none
  }
  return (card) => {
    switch (group) {
      case 'none':
        return none
      case 'assignee':
        return named(card.assignees)
      case 'label':
        return named(card.labels)
      case 'priority':
        return card.priority ? [card.priority] : none
      case 'department':
        return named([...new Set(card.assignees.flatMap((person) => departmentsOf.get(person) ?? []))])
    }
  }
}

/** One field of a card, as a lane asks for it. */
export type LaneChange =
  | { field: 'assignee'; person: string; on: boolean }
  | { field: 'label'; label: string; on: boolean }
  | { field: 'priority'; priority: Priority | null }

/**
 * A department is in a card through its assignees: where several could stand for it, a person must say who. Who was removed from the
 * workspace takes nothing: their lane is left, never entered.
 */
export type LaneMove =
  | { changes: LaneChange[] }
  | { whoOf: string; choices: readonly string[]; changes: LaneChange[] }
  | { ofRemoved: string; changes: [] }

/** A card, or one that is about to be added: what it has before it goes from one lane to the other. */
type Placed = Pick<Card, 'assignees' | 'labels'>

export function laneMove(card: Placed, group: Grouping, from: string, to: string, facts: LaneFacts): LaneMove {
  if (from === to) return { changes: [] }
  switch (group) {
    case 'none':
      return { changes: [] }
    case 'priority':
      return { changes: [{ field: 'priority', priority: priorities.find((one) => one === to) ?? null }] }
    case 'assignee':
      if (facts.people.some(({ id, removed }) => removed && id === to)) return { ofRemoved: to, changes: [] }
      return { changes: swap(card.assignees, from, to).map(([person, on]) => ({ field: 'assignee', person, on })) }
    case 'label':
      return { changes: swap(card.labels, from, to).map(([label, on]) => ({ field: 'label', label, on })) }
    case 'department':
      return departmentMove(card, from, to, facts)
  }
}

/** Whom a move takes off a card; nobody where that is only the person whose lane it leaves, which is what was asked for. */
export function takenOff(changes: readonly LaneChange[], from: string): string[] {
  const off = changes.flatMap((change) => (change.field === 'assignee' && !change.on ? change.person : []))
  return off.every((person) => person === from) ? [] : off
}

/** Out of one lane and into the other; into the lane of none: out of all. */
function swap(has: readonly string[], from: string, to: string): [string, boolean][] {
  const out = to === '' ? has : has.filter((id) => id === from)
  const into = to === '' || has.includes(to) ? [] : [to]
  return [...out.map((id): [string, boolean] => [id, false]), ...into.map((id): [string, boolean] => [id, true])]
}

function departmentMove(card: Placed, from: string, to: string, { people, departments }: LaneFacts): LaneMove {
  const known = new Set(departments.map(({ id }) => id))
  const departmentsOf = (person: string) => people.find(({ id }) => id === person)?.departments ?? []
  const isIn = (person: string, department: string) => departmentsOf(person).includes(department)
  const leaves = (person: string) =>
    to === '' ? departmentsOf(person).some((id) => known.has(id)) : isIn(person, from) && !isIn(person, to)
  const changes = card.assignees.filter(leaves).map((person): LaneChange => ({ field: 'assignee', person, on: false }))
  if (to === '' || card.assignees.some((person) => isIn(person, to))) return { changes }
  const choices = people.filter(({ id, removed }) => !removed && isIn(id, to)).map(({ id }) => id)
  const [only] = choices
  if (choices.length === 1 && only) return { changes: [...changes, { field: 'assignee', person: only, on: true }] }
  return { whoOf: to, choices, changes }
}
