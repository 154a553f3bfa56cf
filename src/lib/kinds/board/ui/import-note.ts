/**
 * An import takes a while, and the window may close in the middle of it. So what is coming in is noted in this browser until all
 * of it is on disk: whoever opens the board next is told what came in, and can take it back as one action.
 */
import * as v from 'valibot'
import type { DocId } from '#lib/kernel/ids.ts'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { calls } from './board-calls.ts'
import type { ScreenBoard } from './screen-board.ts'

const Ids = v.array(v.string())
const Note = v.object({ file: v.string(), cards: Ids, columns: Ids, labels: Ids, views: Ids, described: Ids })
/** What an import adds: ids of cards, columns, labels and views, and of the cards that have a description. */
export type ImportNote = v.InferOutput<typeof Note>

export function noteOf(file: string, list: readonly MutationCall[]): ImportNote {
  const idsOf = (mutation: string, argument: string, has: (args: MutationCall['args']) => boolean = () => true) =>
    list.flatMap(({ mutation: name, args }) => {
      const id = args[argument]
      return name === mutation && typeof id === 'string' && has(args) ? [id] : []
    })
  return {
    file,
    cards: idsOf('addCard', 'card'),
    columns: idsOf('addColumn', 'column'),
    labels: idsOf('addLabel', 'label'),
    views: idsOf('addView', 'view'),
    described: idsOf(
      'addCard',
      'card',
      ({ description }) => (typeof description === 'string' || Array.isArray(description)) && description.length > 0,
    ),
  }
}

/** Of the note, and of the lock that the window holds which brings the cards in: as long as it lives, nothing was cut off. */
export const importName = (work: DocId): string => `tongzhou.import.${work}`

export function keepNote(work: DocId, note: ImportNote): void {
  try {
    localStorage.setItem(importName(work), JSON.stringify(note))
  } catch {
    // A browser that keeps nothing can tell nothing afterwards; the warning on closing is still there.
  }
}
export function readNote(work: DocId): ImportNote | null {
  try {
    const parsed = v.safeParse(Note, JSON.parse(localStorage.getItem(importName(work)) ?? 'null'))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}
export function forgetNote(work: DocId): void {
  try {
    localStorage.removeItem(importName(work))
  } catch {
    // Nothing was kept.
  }
}

/** The cards of an import that are on the board, archived ones included. */
export const cardsThatCame = ({ cards }: ImportNote, board: ScreenBoard): readonly string[] =>
  cards.filter((id) => board.cards.get(id))

/** Takes an import back as far as it came in: its cards and views, and the columns and labels that nothing else uses. */
export function takeBackImport({ cards, columns, labels, views }: ImportNote, board: ScreenBoard): MutationCall[] {
  const imported = new Set(cards)
  const others = [...board.cards.values()].filter(({ id, archived }) => !archived && !imported.has(id))
  const isThere = (list: readonly { id: string }[], id: string) => list.some((one) => one.id === id)
  return [
    ...cards.filter((id) => board.cards.get(id)?.archived === false).map(calls.archiveCard),
    ...columns
      .filter((id) => isThere(board.columns, id) && !others.some(({ column }) => column === id))
      .map(calls.archiveColumn),
    ...labels
      .filter((id) => isThere(board.labels, id) && !others.some((card) => card.labels.includes(id)))
      .map(calls.removeLabel),
    ...views.filter((id) => isThere(board.views, id)).map(calls.removeView),
  ]
}
