/** A board as a versioned plain file, and back as the mutations that build it. */
import type { MutationCall } from '../../kernel/define-kind.ts'
import { entriesOf, fieldsOf, textOf } from '../../kernel/reading.ts'
import { isOrder } from '../../kernel/order.ts'
import { readBoard, type Board } from './schema.ts'
import { cards } from './queries.ts'

export interface BoardFile {
  version: 1
  title: string
  columns: Record<string, unknown>
  labels: Record<string, unknown>
  views: Record<string, unknown>
  template: boolean
  cards: Record<string, unknown>
}

const without = <Entry extends { id: string }>({ id: _, ...rest }: Entry): Omit<Entry, 'id'> => rest

export function exportBoard(board: Board): BoardFile {
  return {
    version: 1,
    title: board.title,
    columns: Object.fromEntries(board.columns.map(({ undone: _, ...column }) => [column.id, without(column)])),
    labels: Object.fromEntries(board.labels.map(({ id, name, color, archived }) => [id, { name, color, archived }])),
    // Versions stay behind: they name moments of these documents, and a file has no others.
    views: Object.fromEntries(board.views.map((view) => [view.id, without(view)])),
    template: board.template,
    cards: Object.fromEntries(
      cards(board).map(
        ({ id, doc: _, from: __, kept: ___, undone: ____, assignees, labels, blockedBy, checklist, ...card }) => [
          id,
          {
            ...card,
            assignees: asSet(assignees),
            labels: asSet(labels),
            blockedBy: asSet(blockedBy),
            checklist: Object.fromEntries(checklist.map((item) => [item.id, without(item)])),
          },
        ],
      ),
    ),
  }
}

const asSet = (members: readonly string[]): Record<string, true> => Object.fromEntries(members.map((id) => [id, true]))

/** A file of any content gives calls that a board accepts: what cannot be read is left out. */
export function importBoard(file: unknown): MutationCall[] {
  const fields = fieldsOf(file)
  const root = '0'.repeat(32)
  const shard = '1'.repeat(32)
  const board = readBoard({
    root,
    docs: { [root]: { type: 'root', doc: fields }, [shard]: { type: 'cards', doc: { cards: fields['cards'] } } },
  } as Parameters<typeof readBoard>[0])
  const calls: MutationCall[] = []
  const call = (mutation: string, args: Record<string, unknown>) => calls.push({ mutation, args })
  const orderOr = (order: string, index: number) => (isOrder(order) ? order : `a${Math.min(index, 61).toString(36)}`)
  if (board.title.trim()) call('renameBoard', { title: board.title })
  for (const [index, column] of board.columns.entries()) {
    const title = column.title.trim() ? column.title : `${index + 1}`
    call('addColumn', {
      column: column.id,
      title,
      order: orderOr(column.order, index),
      color: column.color,
      done: column.done,
      limit: column.limit,
    })
    if (column.archived) call('archiveColumn', { column: column.id })
  }
  for (const label of board.labels) {
    call('addLabel', { label: label.id, name: label.name.trim() ? label.name : label.id, color: label.color })
    if (label.archived) call('removeLabel', { label: label.id })
  }
  for (const [index, { id, name, content, order, owner }] of board.views.entries()) {
    if (!name.trim() || (owner !== null && !/^[0-9a-f]{32}$/.test(owner))) continue
    call('addView', { view: id, name, content, order: orderOr(order, index), owner })
  }
  if (board.template) call('setTemplate', { template: true })
  const columnInFile = new Map(entriesOf(fields['cards']).map(([id, card]) => [id, textOf(card['column'])]))
  for (const [index, card] of cards(board).entries()) {
    const { id, title, order, start, due, startDay, dueDay, priority, labels, assignees } = card
    const { estimate, repeat, blockedBy } = card
    if (!title.trim()) continue
    const checklist = card.checklist
      .filter(({ text }) => text.trim() !== '')
      .map((item, at) => ({ item: item.id, text: item.text, order: orderOr(item.order, at), done: item.done }))
    const column = columnInFile.get(id) || card.column
    call('addCard', {
      card: id,
      title,
      column,
      order: orderOr(order, index),
      start,
      due,
      startDay,
      dueDay,
      priority,
      labels,
      assignees,
      estimate,
      repeat,
      blockedBy,
      checklist,
    })
    if (card.archived) call('archiveCard', { card: id })
  }
  return calls
}
