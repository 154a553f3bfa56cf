/** What is done to a label of the board and to all of its cards, as one action. */
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { labelKey } from '../foreign/texts.ts'
import { parseView } from '../view-content.ts'
import { calls } from './board-calls.ts'
import type { Card, Label, ScreenBoard } from './screen-board.ts'

/** Archived cards are among them, but not those whose adding was undone: they are as they were then. */
export const cardsWithLabel = ({ cards }: Pick<ScreenBoard, 'cards'>, label: string): Card[] =>
  [...cards.values()].filter(({ labels, undone }) => !undone && labels.includes(label))

/** The label and its place on every card: on which it stands afterwards, somebody put it who did not know (`labelsInUse`). */
export const removeLabelCalls = (board: Pick<ScreenBoard, 'cards'>, label: string): MutationCall[] => [
  calls.removeLabel(label),
  ...cardsWithLabel(board, label).map(({ id }) => calls.setLabel(id, label, false)),
]

/** Its cards and the views that filter by it, everybody's, have the other label instead. */
export const mergeLabelCalls = (
  board: Pick<ScreenBoard, 'cards' | 'views'>,
  label: string,
  into: string,
): MutationCall[] => [
  calls.mergeLabel(label, into),
  ...cardsWithLabel(board, label).flatMap(({ id, labels }) => [
    calls.setLabel(id, label, false),
    ...(labels.includes(into) ? [] : [calls.setLabel(id, into, true)]),
  ]),
  ...board.views.flatMap(({ id, content }) => {
    const { labels } = parseView(content)
    if (!labels.includes(label)) return []
    // What this version does not know of a view stays in it.
    const whole = fieldsOf(JSON.parse(content))
    return [calls.saveView(id, JSON.stringify({ ...whole, labels: mergedLabels(labels, label, into) }))]
  }),
]

export const mergedLabels = (labels: readonly string[], label: string, into: string): string[] => [
  ...new Set(labels.map((id) => (id === label ? into : id))),
]

/** Another label that is called so. */
export const labelNamed = ({ labels }: Pick<ScreenBoard, 'labels'>, name: string, besides: string): Label | undefined =>
  labels.find((other) => other.id !== besides && labelKey(other.name) === labelKey(name))

/** Labels that are called as one before them is, with that one: two people made them apart, or named them so. */
export function twinsOf({ labels }: Pick<ScreenBoard, 'labels'>): { label: Label; into: Label }[] {
  const first = new Map<string, Label>()
  return labels.flatMap((label) => {
    const into = first.get(labelKey(label.name))
    if (into) return [{ label, into }]
    first.set(labelKey(label.name), label)
    return []
  })
}
