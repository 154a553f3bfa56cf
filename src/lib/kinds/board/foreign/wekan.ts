/** Wekan: the JSON of "Export board", flat lists of everything that belongs to one board. */
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
import { Losses, type ForeignBoard, type ForeignCard } from './foreign-board.ts'
import { fromMarkdown } from './from-markdown.ts'
import { itemPrefix, keptNotes } from './kept-notes.ts'

export const isWekan = (file: Fields): boolean =>
  Array.isArray(file['lists']) &&
  Array.isArray(file['cards']) &&
  (wordOf(file['_format']).startsWith('wekan-board') || Array.isArray(file['swimlanes']))

const COLORS: Readonly<Record<string, Color>> = {
  white: 'gray',
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
  silver: 'gray',
  peachpuff: 'orange',
  crimson: 'red',
  plum: 'purple',
  darkgreen: 'green',
  slateblue: 'blue',
  magenta: 'pink',
  gold: 'yellow',
  navy: 'blue',
  gray: 'gray',
  saddlebrown: 'orange',
  paleturquoise: 'teal',
  mistyrose: 'pink',
  indigo: 'purple',
}
const colorOf = (value: unknown): Color | null =>
  Object.hasOwn(COLORS, wordOf(value)) ? (COLORS[wordOf(value)] ?? null) : null

export function readWekan(file: Fields, reading: ForeignReading): ForeignBoard {
  const foreign = emptyBoard('wekan', wordOf(file['title']))
  const losses = new Losses()
  const dayOf = dayReader(foreign, reading)
  const all = readerOf(file, losses)
  const cards = all('cards')
  const used = new Set(cards.map((card) => wordOf(card['listId'])))
  foreign.columns = [...columnsById(inOrder(all('lists'), 'sort'), '_id', 'title', losses)]
    .filter(([id, list]) => list['archived'] !== true || used.has(id))
    .map(([key, list]) => ({
      key,
      title: wordOf(list['title']),
      archived: list['archived'] === true,
      done: null,
      limit: limitOf(list),
      ...colorAt(list['color'], colorOf),
    }))

  const labels = byId(all('labels'), '_id')
  const users = byId(all('users'), '_id')
  const nameOf = (id: unknown) => {
    const user = users.get(wordOf(id))
    return wordOf(fieldsOf(user?.['profile'])['fullname']) || wordOf(user?.['username'])
  }
  const swimlanes = byId(all('swimlanes'), '_id')
  const lanes = new Set(cards.map((card) => wordOf(card['swimlaneId'])).filter((id) => swimlanes.has(id)))
  const ofCard = (name: string) => belongings(all(name), (entry) => wordOf(entry['cardId']))
  const checklists = ofCard('checklists')
  const items = belongings(all('checklistItems'), (item) => wordOf(item['checklistId']))
  const subtasks = ofCard('subtaskItems')
  const comments = ofCard('comments')
  const attachments = ofCard('attachments')
  const customFields = byId(all('customFields'), '_id')
  const options = byId(
    [...customFields.values()].flatMap((field) => listOf(fieldsOf(field['settings'])['dropdownItems'])),
    '_id',
  )
  const titles = byId(cards, '_id')

  for (const [index, card] of inOrder(cards, 'sort').entries()) {
    const title = wordOf(card['title'])
    const key = wordOf(card['_id'])
    const at = index + 1
    const lists = inOrder(checklists.take(key), 'sort')
    const lane = wordOf(card['swimlaneId'])
    const hours = Number(card['spentTime'])
    const read: ForeignCard = {
      ...cardAt(at, title),
      key,
      description: fromMarkdown(wordOf(card['description'])),
      column: wordOf(card['listId']),
      archived: card['archived'] === true,
      labels: [
        ...known(textsOf(card['labelIds']), (id) => labels.get(id), 'labels-unknown', title, losses).map((label) => ({
          name: wordOf(label['name']),
          ...colorAt(label['color'], colorOf),
        })),
        // Our swimlanes are made of labels: with more than one, each becomes one.
        ...(lanes.size > 1 && lanes.has(lane)
          ? [{ name: laneName(swimlanes.get(lane)), color: null, strange: false }]
          : []),
      ].filter(({ name, color, strange }) => name !== '' || color !== null || strange),
      people: known(
        [...textsOf(card['assignees']), ...textsOf(card['members'])],
        nameOf,
        'people-unknown',
        title,
        losses,
      ),
      start: dayOf(card['startAt'], { at, title }, 'start'),
      due: dayOf(card['dueAt'], { at, title }, 'due'),
      checklist: [
        ...lists.flatMap((list) => {
          const prefix = itemPrefix(wordOf(list['title']), lists.length)
          return inOrder(items.take(wordOf(list['_id'])), 'sort').map((item) => ({
            text: `${prefix}${wordOf(item['title'])}`,
            done: item['isFinished'] === true,
          }))
        }),
        ...inOrder(subtasks.take(key), 'sort').map((item) => ({
          text: wordOf(item['title']),
          done: item['isFinished'] === true,
        })),
      ],
    }
    const parent = wordOf(titles.get(wordOf(card['parentId']))?.['title'])
    if (parent !== '') {
      read.notes.push({ about: 'fields', text: `↑ ${parent}` })
      losses.add('parents', parent, true)
    }
    const keep = keptNotes(read, losses, reading)
    for (const item of listOf(card['customFields'])) {
      const field = customFields.get(wordOf(item['_id']))
      const raw = item['value'] === true ? '✓' : wordOf(item['value'])
      keep.field(wordOf(field?.['name']), wordOf(options.get(raw)?.['name']) || raw)
    }
    for (const { name, url } of attachments.take(key)) keep.attachment(wordOf(name), wordOf(url))
    for (const { userId, createdAt, text } of comments.take(key)) keep.comment(nameOf(userId), createdAt, wordOf(text))
    const vote = fieldsOf(card['vote'])
    losses.add('votes', title, false, textsOf(vote['positive']).length + textsOf(vote['negative']).length)
    if (hours > 0) losses.add('time-records', title)
    if (wordOf(card['coverId']) !== '') losses.add('covers', title)
    foreign.cards.push(read)
  }
  for (const entries of [checklists, items, subtasks]) entries.count(losses, ({ title }) => wordOf(title))
  comments.count(losses, ({ text }) => wordOf(text))
  attachments.count(losses, ({ name }) => wordOf(name))
  losses.add('rules', '', false, listOf(file['rules']).length)
  foreign.losses = losses.list()
  return foreign
}

function limitOf(list: Fields): number | null {
  const { value, enabled } = fieldsOf(list['wipLimit'])
  return enabled === true && isWholeNumber(value, 1, 10_000) ? value : null
}

/** Cards that nobody has put anywhere lie in the one that Wekan makes. */
function laneName(lane: Fields | undefined): string {
  const title = wordOf(lane?.['title'])
  return title === 'Default' ? '' : title
}
