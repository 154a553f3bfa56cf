/** What is done to a label of the board and to all of its cards, as one action. */
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { calls } from './board-calls.ts'
import type { Card, ScreenBoard } from './screen-board.ts'

/** Archived cards are among them. */
export const cardsWithLabel = ({ cards }: Pick<ScreenBoard, 'cards'>, label: string): Card[] =>
  [...cards.values()].filter(({ labels }) => labels.includes(label))

/** The label and its place on every card: on which it stands afterwards, somebody put it who did not know (`labelsInUse`). */
export const removeLabelCalls = (board: Pick<ScreenBoard, 'cards'>, label: string): MutationCall[] => [
  calls.removeLabel(label),
  ...cardsWithLabel(board, label).map(({ id }) => calls.setLabel(id, label, false)),
]
