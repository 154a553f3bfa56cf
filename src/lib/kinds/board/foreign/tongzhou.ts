/** Our own JSON export, brought into another board: like any other file its cards get ids of their own. */
import { entriesOf, fieldsOf, textOf, type Fields } from '#lib/kernel/reading.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { compareOrder } from '#lib/kernel/order.ts'
import { parseFormatted } from '#lib/kernel/formatted.ts'
import { ARCHIVE_VERSION } from '../export-json.ts'
import { cards } from '../queries.ts'
import { readBoard } from '../schema.ts'
import { parseView } from '../view-content.ts'
import { asked, countOthers, namesOf } from './asked.ts'
import { emptyBoard, listOf } from './fields.ts'
import { Losses, type ForeignBoard, type ForeignLabel } from './foreign-board.ts'

const isOurs = (file: Fields): boolean => file['format'] === 'tongzhou-board'
const isLater = (file: Fields): boolean => Number(file['version']) > ARCHIVE_VERSION
export const isTongzhou = (file: Fields): boolean =>
  isOurs(file) && !isLater(file) && entriesOf(file['board']).length > 0
export const isOfLaterTongzhou = (file: Fields): boolean => isOurs(file) && isLater(file)

/** Of which kind of file it is, and when it was written. */
const ASIDE = { file: namesOf('format version exportedAt'), board: namesOf('version') }

export function readTongzhou(whole: Fields): ForeignBoard {
  const inFile = asked(whole, ASIDE.file)
  const { entry: file } = inFile
  const inBoard = asked(fieldsOf(file['board']), ASIDE.board)
  const { entry: content } = inBoard
  const inCards = entriesOf(content['cards']).map(([id, card]) => ({ id, ...asked(card) }))
  const descriptions = fieldsOf(file['descriptions'])
  const people = fieldsOf(file['people'])
  const root = '0'.repeat(32) as DocId
  const shard = '1'.repeat(32) as DocId
  const board = readBoard({
    root,
    docs: {
      [root]: { type: 'root', doc: content },
      [shard]: { type: 'cards', doc: { cards: Object.fromEntries(inCards.map(({ id, entry }) => [id, entry])) } },
    },
  })
  const foreign = emptyBoard('tongzhou', board.title)
  const losses = new Losses()
  foreign.columns = board.columns.map(({ id, title, archived, done, limit, color }) => ({
    key: id,
    title,
    archived,
    done,
    limit,
    color,
  }))
  // Two people of one name are told apart by their ids.
  const names = Object.values(people).map((name) => textOf(name))
  const nameOf = (id: string) => {
    const name = textOf(people[id])
    return name === '' ? id : names.filter((other) => other === name).length > 1 ? `${name} (${id})` : name
  }
  // A card keeps the mark of a removed label, unseen.
  const labels = new Map(
    board.labels
      .filter(({ archived }) => !archived)
      .map(({ id, name, color }): [string, ForeignLabel] => [id, { name, color }]),
  )
  const labelsOf = (ids: readonly string[]) => ids.flatMap((id) => labels.get(id) ?? [])
  foreign.labels = [...labels.values()]
  foreign.cards = cards(board)
    .sort(compareOrder)
    .map((card, index) => ({
      at: index + 1,
      key: card.id,
      title: card.title,
      description: parseFormatted(descriptions[card.id]) ?? textOf(descriptions[card.id]),
      notes: [],
      column: card.column,
      labels: labelsOf(card.labels),
      people: card.assignees.map(nameOf),
      start: card.start,
      due: card.due,
      startDay: card.startDay,
      dueDay: card.dueDay,
      priority: card.priority,
      estimate: card.estimate,
      repeat: card.repeat,
      blockedBy: card.blockedBy,
      checklist: card.checklist.map(({ text, done }) => ({ text, done })),
      archived: card.archived,
      finished: false,
    }))
  for (const { name, owner, content } of board.views) {
    const { assignees, labels: ids, ...rest } = parseView(content)
    const found = labelsOf(ids)
    // Of a removed label the file has no name that people still know, and departments are those of a workspace.
    if (found.length < ids.length || rest.departments.length > 0) losses.add('views', name)
    else
      foreign.views.push({
        ...{ name, content: rest, labels: found },
        owner: owner === null ? null : nameOf(owner),
        people: assignees.map((id) => (id === '' ? '' : nameOf(id))),
      })
  }
  // Whoever imports a card is who created it here, and now is when.
  losses.add('authors', '', null, foreign.cards.length)
  losses.add('history', '', null, listOf(file['history']).length)
  // Of a newer version.
  for (const asked of [inFile, inBoard, ...inCards]) countOthers(asked, losses)
  foreign.losses = losses.list()
  return foreign
}
