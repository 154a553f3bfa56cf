/** Trello: the JSON of "Print, export and share", a whole board with its last thousand actions. */
import { fieldsOf, type Fields } from '#lib/kernel/reading.ts'
import type { Color } from '../schema.ts'
import {
  belongings,
  byId,
  cardAt,
  columnsById,
  dayReader,
  emptyBoard,
  inOrder,
  colorAt,
  known,
  isWholeNumber,
  listOf,
  readerOf,
  textsOf,
  wordOf,
  type ForeignReading,
} from './fields.ts'
import { Losses, type ForeignBoard, type ForeignCard, type ForeignLabel } from './foreign-board.ts'
import { fromMarkdown } from './from-markdown.ts'
import { itemPrefix, keptNotes } from './kept-notes.ts'

export const isTrello = (file: Fields): boolean =>
  Array.isArray(file['lists']) && Array.isArray(file['cards']) && !('_format' in file) && !('swimlanes' in file)

const COLORS: Readonly<Record<string, Color>> = {
  green: 'green',
  yellow: 'yellow',
  orange: 'orange',
  red: 'red',
  purple: 'purple',
  blue: 'blue',
  sky: 'teal',
  lime: 'green',
  pink: 'pink',
  black: 'gray',
}
/** `green_dark` and `green_light` are shades. */
const colorOf = (value: unknown): Color | null => {
  const name = wordOf(value).replace(/_(?:dark|light)$/, '')
  return Object.hasOwn(COLORS, name) ? (COLORS[name] ?? null) : null
}

export function readTrello(file: Fields, reading: ForeignReading): ForeignBoard {
  const foreign = emptyBoard('trello', wordOf(file['name']))
  const losses = new Losses()
  const dayOf = dayReader(foreign, reading)
  const all = readerOf(file, losses)
  const cards = all('cards')
  const lists = inOrder(all('lists'), 'pos')
  const used = new Set(cards.map((card) => wordOf(card['idList'])))
  foreign.columns = [...columnsById(lists, 'id', 'name', losses)]
    // Of what was put away only what still has cards comes along.
    .filter(([id, list]) => list['closed'] !== true || used.has(id))
    .map(([key, list]) => ({
      key,
      title: wordOf(list['name']),
      archived: list['closed'] === true,
      done: null,
      limit: isWholeNumber(list['softLimit'], 1, 10_000) ? list['softLimit'] : null,
      ...colorAt(list['color'], colorOf),
    }))

  const labels = byId(all('labels'), 'id')
  const members = byId(all('members'), 'id')
  const nameOf = (member: Fields | undefined) => wordOf(member?.['fullName']) || wordOf(member?.['username'])
  const checklists = belongings(all('checklists'), (list) => wordOf(list['idCard']))
  const comments = belongings(
    all('actions').filter(({ type }) => type === 'commentCard' || type === 'copyCommentCard'),
    (action) => wordOf(fieldsOf(fieldsOf(action['data'])['card'])['id']),
  )
  const customFields = byId(all('customFields'), 'id')
  const options = byId(
    [...customFields.values()].flatMap((field) => listOf(field['options'])),
    'id',
  )

  for (const [index, card] of inOrder(cards, 'pos').entries()) {
    const title = wordOf(card['name'])
    const key = wordOf(card['id'])
    const own = checklists.take(key)
    const read: ForeignCard = {
      ...cardAt(index + 1, title),
      key,
      description: fromMarkdown(wordOf(card['desc'])),
      column: wordOf(card['idList']),
      archived: card['closed'] === true,
      labels: labelsOf(card, labels, losses),
      people: known(textsOf(card['idMembers']), (id) => nameOf(members.get(id)), 'people-unknown', title, losses),
      start: dayOf(card['start'], { at: index + 1, title }, 'start'),
      due: dayOf(card['due'], { at: index + 1, title }, 'due'),
      checklist: checklistOf(own.length > 0 ? own : listOf(card['checklists']), title, losses),
    }
    const keep = keptNotes(read, losses, reading)
    for (const item of listOf(card['customFieldItems'])) {
      const field = customFields.get(wordOf(item['idCustomField']))
      keep.field(wordOf(field?.['name']), customValue(item, options))
    }
    for (const { name, url } of listOf(card['attachments'])) keep.attachment(wordOf(name), wordOf(url))
    // The newest action stands first.
    const said = comments.take(key).toReversed()
    for (const action of said) {
      const text = wordOf(fieldsOf(action['data'])['text'])
      keep.comment(nameOf(fieldsOf(action['memberCreator'])), action['date'], text)
    }
    const badges = fieldsOf(card['badges'])
    const counted = badges['comments']
    if (isWholeNumber(counted, 1, 1e6)) losses.add('comments', title, false, counted - said.length)
    const { votes } = badges
    if (isWholeNumber(votes, 1, 1e6)) losses.add('votes', title, false, votes)
    if (card['isTemplate'] === true) losses.add('template-marks', title)
    if (card['dueComplete'] === true) losses.add('finished-marks', title)
    if (fieldsOf(card['cover'])['idAttachment']) losses.add('covers', title)
    foreign.cards.push(read)
  }
  checklists.count(losses, (checklist) => {
    const items = listOf(checklist['checkItems']).map(({ name }) => wordOf(name))
    // Each item is a thing that is lost; the list itself where it has none.
    losses.add('of-no-card', items[0], false, items.length - 1)
    return wordOf(checklist['name'])
  })
  comments.count(losses, (action) => wordOf(fieldsOf(action['data'])['text']))
  foreign.losses = losses.list()
  return foreign
}

/** By reference, else as copies: an API answer may have either. */
function labelsOf(card: Fields, labels: ReadonlyMap<string, Fields>, losses: Losses): ForeignLabel[] {
  const copies = listOf(card['labels'])
  const copyOf = (id: string) => labels.get(id) ?? copies.find((label) => wordOf(label['id']) === id)
  const ids = textsOf(card['idLabels'])
  const found = known(ids, copyOf, 'labels-unknown', wordOf(card['name']), losses)
  return (ids.length > 0 ? found : copies).map((label) => ({
    name: wordOf(label['name']),
    ...colorAt(label['color'], colorOf),
  }))
}

function checklistOf(checklists: readonly Fields[], card: string, losses: Losses): ForeignCard['checklist'] {
  return inOrder(checklists, 'pos').flatMap((checklist) => {
    const prefix = itemPrefix(wordOf(checklist['name']), checklists.length)
    return inOrder(listOf(checklist['checkItems']), 'pos').map((item) => {
      if (item['due'] || item['idMember']) losses.add('item-details', card)
      return { text: `${prefix}${wordOf(item['name'])}`, done: item['state'] === 'complete' }
    })
  })
}

function customValue(item: Fields, options: ReadonlyMap<string, Fields>): string {
  const chosen = wordOf(item['idValue'])
  if (chosen !== '') return wordOf(fieldsOf(options.get(chosen)?.['value'])['text'])
  const value = fieldsOf(item['value'])
  if (value['checked'] === 'true' || value['checked'] === true) return '✓'
  return wordOf(value['text']) || wordOf(value['number']) || wordOf(value['date']).slice(0, 10)
}
