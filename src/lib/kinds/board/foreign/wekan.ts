/** Wekan: the JSON of "Export board", flat lists of everything that belongs to one board. */
import { fieldsOf, type Fields } from '#lib/kernel/reading.ts'
import type { Color } from '../schema.ts'
import {
  byId,
  cardAt,
  dayReader,
  emptyBoard,
  groupsBy,
  inOrder,
  known,
  isWholeNumber,
  listOf,
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
  const cards = listOf(file['cards'])
  const used = new Set(cards.map((card) => wordOf(card['listId'])))
  foreign.columns = [...byId(inOrder(listOf(file['lists']), 'sort'), '_id')]
    .filter(([id, list]) => list['archived'] !== true || used.has(id))
    .map(([key, list]) => ({
      key,
      title: wordOf(list['title']),
      archived: list['archived'] === true,
      done: null,
      limit: limitOf(list),
      color: colorOf(list['color']),
    }))

  const labels = byId(listOf(file['labels']), '_id')
  const users = byId(listOf(file['users']), '_id')
  const nameOf = (id: unknown) => {
    const user = users.get(wordOf(id))
    return wordOf(fieldsOf(user?.['profile'])['fullname']) || wordOf(user?.['username'])
  }
  const swimlanes = byId(listOf(file['swimlanes']), '_id')
  const lanes = new Set(cards.map((card) => wordOf(card['swimlaneId'])).filter((id) => swimlanes.has(id)))
  const ofCard = (name: string) => groupsBy(listOf(file[name]), (entry) => wordOf(entry['cardId']))
  const checklists = ofCard('checklists')
  const items = groupsBy(listOf(file['checklistItems']), (item) => wordOf(item['checklistId']))
  const subtasks = ofCard('subtaskItems')
  const comments = ofCard('comments')
  const attachments = ofCard('attachments')
  const customFields = byId(listOf(file['customFields']), '_id')
  const options = byId(
    [...customFields.values()].flatMap((field) => listOf(fieldsOf(field['settings'])['dropdownItems'])),
    '_id',
  )
  const titles = byId(cards, '_id')

  for (const [index, card] of inOrder(cards, 'sort').entries()) {
    const title = wordOf(card['title'])
    const key = wordOf(card['_id'])
    const at = index + 1
    const lists = inOrder(checklists.get(key) ?? [], 'sort')
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
          color: colorOf(label['color']),
        })),
        // Our swimlanes are made of labels: with more than one, each becomes one.
        ...(lanes.size > 1 && lanes.has(lane) ? [{ name: laneName(swimlanes.get(lane)), color: null }] : []),
      ].filter(({ name, color }) => name !== '' || color !== null),
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
          return inOrder(items.get(wordOf(list['_id'])) ?? [], 'sort').map((item) => ({
            text: `${prefix}${wordOf(item['title'])}`,
            done: item['isFinished'] === true,
          }))
        }),
        ...inOrder(subtasks.get(key) ?? [], 'sort').map((item) => ({
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
    for (const { name, url } of attachments.get(key) ?? []) keep.attachment(wordOf(name), wordOf(url))
    for (const { userId, createdAt, text } of comments.get(key) ?? [])
      keep.comment(nameOf(userId), createdAt, wordOf(text))
    const vote = fieldsOf(card['vote'])
    losses.add('votes', title, false, textsOf(vote['positive']).length + textsOf(vote['negative']).length)
    if (hours > 0) losses.add('time-records', title)
    if (wordOf(card['coverId']) !== '') losses.add('covers', title)
    foreign.cards.push(read)
  }
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
