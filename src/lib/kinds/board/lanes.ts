/** Which lanes or groups a card belongs to: one of each assignee or label, so that it may show in several and stay one card. */
import { priorities, type Card, type Label } from './schema.ts'
import type { Grouping } from './view-content.ts'

export interface LaneFacts {
  people: readonly { id: string; name: string; departments: readonly string[] }[]
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
  const byId = new Map<string, Lane>(idsOf(group, facts).map((id) => [id, { id, cards: [] }]))
  const none: Lane = { id: '', cards: [] }
  for (const card of cards) {
    const lanes = laneIdsOf(card, group, facts).flatMap((id) => byId.get(id) ?? [])
    for (const lane of lanes.length > 0 ? lanes : [none]) lane.cards.push(card)
  }
  return [...byId.values(), none].filter((lane) => lane.cards.length > 0)
}

function laneIdsOf(card: Card, group: Grouping, { people }: LaneFacts): readonly string[] {
  switch (group) {
    case 'none':
      return []
    case 'assignee':
      return card.assignees
    case 'label':
      return card.labels
    case 'priority':
      return card.priority ? [card.priority] : []
    case 'department':
      return [
        ...new Set(people.filter(({ id }) => card.assignees.includes(id)).flatMap(({ departments }) => departments)),
      ]
  }
}

function idsOf(group: Grouping, { people, departments, labels }: LaneFacts): readonly string[] {
  switch (group) {
    case 'none':
      return []
    case 'assignee':
      return people.map(({ id }) => id)
    case 'label':
      return labels.map(({ id }) => id)
    case 'priority':
      return priorities
    case 'department':
      return departments.map(({ id }) => id)
  }
}
