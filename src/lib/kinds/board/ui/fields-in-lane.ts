/** A card that is added in a lane is of that lane. */
import type { LaneChange } from '../lanes.ts'
import type { CardFields } from './board-calls.ts'

/** The words of a quick add and what the lane asks for. A priority in words says more exactly what is meant. */
export function fieldsInLane(said: CardFields, asked: readonly LaneChange[]): CardFields {
  const fields = { ...said }
  for (const change of asked) {
    if (change.field === 'priority') {
      if (change.priority !== null) fields.priority ??= change.priority
    } else if (change.on && change.field === 'assignee') fields.assignees = [...(fields.assignees ?? []), change.person]
    else if (change.on && change.field === 'label') fields.labels = [...(fields.labels ?? []), change.label]
  }
  return fields
}
