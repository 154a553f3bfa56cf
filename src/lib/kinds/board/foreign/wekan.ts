/** Wekan: the JSON of "Export board", flat lists of everything that belongs to one board. */
import { fieldsOf, type Fields } from '#lib/kernel/reading.ts'
import type { Color } from '../schema.ts'
import { readDay } from '../csv-dates.ts'
import { asked, countOthers, namesOf } from './asked.ts'
import {
  belongings,
  addBlocks,
  byId,
  cardAt,
  columnsById,
  comesAlong,
  dayReader,
  emptyBoard,
  inOrder,
  colorAt,
  known,
  labelSays,
  nameSays,
  namedLabels,
  limitAt,
  listOf,
  placeOf,
  readerOf,
  textsOf,
  toldApart,
  wordOf,
  type Block,
  type ForeignReading,
} from './fields.ts'
import { Losses, type ForeignBoard, type ForeignCard } from './foreign-board.ts'
import { fromMarkdown } from './from-markdown.ts'
import { keptNotes, spanOf } from './kept-notes.ts'

/** Ids, orders, addresses, moments of changes, and how a window shows it. */
const ASIDE = {
  file: namesOf(
    '_format _id title slug sort color type archived archivedAt createdAt modifiedAt permission members stars orgs teams',
    'domains watchers backgroundImageURL subtasksDefaultBoardId subtasksDefaultListId dateSettingsDefaultBoardId',
    'dateSettingsDefaultListId presentParentTask isOvertime triggers actions activities',
  ),
  /** The switches of a board for what its cards show. */
  switches: /^(?:allows|show|hide)[A-Z]/,
  card: namesOf(
    '_id boardId sort subtaskSort cardNumber type createdAt modifiedAt dateLastActivity archivedAt userId listId swimlaneId',
    'parentId cardId showActivities hideFinishedChecklistIfItemsAreHidden showListOnMinicard showChecklistAtMinicard',
  ),
  item: namesOf('_id boardId cardId checklistId sort createdAt modifiedAt userId'),
}

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

export function readWekan(whole: Fields, reading: ForeignReading): ForeignBoard {
  const inFile = asked(whole, ASIDE.file)
  const { entry: file } = inFile
  const foreign = emptyBoard('wekan', wordOf(file['title']))
  const losses = new Losses()
  const dayOf = dayReader(foreign, reading)
  const all = readerOf(file, losses)
  if (wordOf(file['description']).trim() !== '') losses.add('board-descriptions', wordOf(file['description']))
  losses.add('history', '', null, listOf(whole['activities']).length)
  const cards = all('cards')
  const used = new Set(cards.map((card) => wordOf(card['listId'])))
  foreign.columns = [...columnsById(inOrder(all('lists'), 'sort'), '_id', 'title', losses)]
    .filter(([id, list]) => comesAlong(list['archived'] === true, used.has(id), list['title'], losses))
    .map(([key, list]) => ({
      key,
      title: wordOf(list['title']),
      archived: list['archived'] === true,
      done: null,
      limit: limitAt(limitOf(list), list['title'], losses),
      ...colorAt(list['color'], colorOf),
    }))

  const labels = toldApart(all('labels'), '_id', 'labels-twice', labelSays, losses)
  foreign.labels = namedLabels(labels, colorOf)
  const calledOf = (user: Fields | undefined) =>
    wordOf(fieldsOf(user?.['profile'])['fullname']) || wordOf(user?.['username'])
  const users = toldApart(all('users'), '_id', 'people-twice', (user) => [calledOf(user)], losses)
  const nameOf = (id: unknown) => calledOf(users.get(wordOf(id)))
  const peopleOf = (card: Fields, title: string) =>
    known([...textsOf(card['assignees']), ...textsOf(card['members'])], nameOf, 'people-unknown', title, losses)
  const swimlanes = toldApart(all('swimlanes'), '_id', 'swimlanes', (lane) => [laneName(lane)], losses)
  const lanes = new Set(cards.map((card) => wordOf(card['swimlaneId'])).filter((id) => swimlanes.has(id)))
  for (const [id, lane] of swimlanes)
    if (lanes.size < 2 || !lanes.has(id)) losses.add('swimlanes', laneName(lane), null, laneName(lane) === '' ? 0 : 1)
  const ofCard = (name: string) => belongings(all(name), (entry) => wordOf(entry['cardId']))
  const checklists = ofCard('checklists')
  const items = belongings(all('checklistItems'), (item) => wordOf(item['checklistId']))
  // Cards below another one; most of them are cards of this board and say themselves whose they are.
  const titles = byId(cards, '_id')
  const subtasks = belongings(
    all('subtaskItems').filter(({ _id }) => !titles.has(wordOf(_id))),
    (card) => wordOf(card['parentId']) || wordOf(card['cardId']),
  )
  const comments = ofCard('comments')
  const attachments = ofCard('attachments')
  const customFields = toldApart(all('customFields'), '_id', 'fields-twice', nameSays, losses)
  const choices = [...customFields.values()].flatMap((field) => listOf(fieldsOf(field['settings'])['dropdownItems']))
  const options = toldApart(choices, '_id', 'fields-twice', nameSays, losses)

  const blocks: Block[] = []

  for (const [index, fields] of inOrder(cards, 'sort').entries()) {
    const inCard = asked(fields, ASIDE.card)
    const { entry: card } = inCard
    const title = wordOf(card['title'])
    const key = wordOf(card['_id'])
    const at = index + 1
    const lists = inOrder(checklists.take(key), 'sort')
    const lane = wordOf(card['swimlaneId'])
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
          ? [{ name: laneName(swimlanes.get(lane)), color: null, strange: '' }]
          : []),
      ].filter(({ name, color, strange }) => name !== '' || color !== null || strange !== ''),
      people: peopleOf(card, title),
      start: dayOf(card['startAt'], { at, title }, 'start'),
      due: dayOf(card['dueAt'], { at, title }, 'due'),
    }
    const keep = keptNotes(read, losses, reading)
    for (const list of lists) {
      const own = inOrder(items.take(wordOf(list['_id'])), 'sort')
      const prefix = keep.prefix(wordOf(list['title']), lists.length, own.length)
      for (const item of own) {
        const inItem = asked(item, ASIDE.item)
        keep.item(`${prefix}${wordOf(inItem.entry['title'])}`, inItem.entry['isFinished'] === true)
        countOthers(inItem, losses, 'item-details')
      }
    }
    for (const subtask of inOrder(subtasks.take(key), 'sort')) {
      const inSubtask = asked(subtask, ASIDE.card)
      const { entry: below } = inSubtask
      const name = wordOf(below['title'])
      const span = spanOf(dayOf(below['startAt'], { at, title }, 'start'), dayOf(below['dueAt'], { at, title }, 'due'))
      const done = below['archived'] === true || below['isFinished'] === true
      keep.item(name, done, [...peopleOf(below, title), span], 'subtask-details')
      keep.ofSubtask(name, wordOf(below['description']))
      countOthers(inSubtask, losses, 'subtask-details')
    }
    const parent = wordOf(titles.get(wordOf(card['parentId']))?.['title'])
    if (parent !== '') {
      read.notes.push({ about: 'fields', text: `↑ ${parent}` })
      losses.add('parents', parent, 'description')
    }
    for (const { _id, value } of listOf(card['customFields'])) {
      const raw = value === true ? '✓' : wordOf(value) || textsOf(value).join(', ')
      keep.field(wordOf(customFields.get(wordOf(_id))?.['name']), wordOf(options.get(raw)?.['name']) || raw)
    }
    const { requestedBy, assignedBy, received, ended } = reading.words.fields
    // Ids of people, or whatever somebody has typed.
    for (const [name, who] of [
      [requestedBy, card['requestedBy']],
      [assignedBy, card['assignedBy']],
    ] as const)
      keep.detail(name, nameOf(who) || wordOf(who))
    for (const [name, when] of [
      [received, card['receivedAt']],
      [ended, card['endAt']],
    ] as const)
      keep.detail(name, dayIn(when, reading))
    for (const { name, url } of attachments.take(key)) keep.attachment(wordOf(name), wordOf(url))
    for (const { userId, createdAt, text } of comments.take(key)) keep.comment(nameOf(userId), createdAt, wordOf(text))
    const vote = fieldsOf(card['vote'])
    const votes = textsOf(vote['positive']).length + textsOf(vote['negative']).length
    losses.add('votes', title, null, votes || (wordOf(vote['question']) === '' ? 0 : 1))
    const { locationName, locationAddress, locationLatitude, locationLongitude } = card
    const { location } = reading.words.fields
    keep.detail(location, placeOf(locationName, locationAddress, locationLatitude, locationLongitude))
    for (const { name, address, latitude, longitude } of listOf(card['locations']))
      keep.detail(location, placeOf(name, address, latitude, longitude))
    for (const { cardId, type } of listOf(card['cardDependencies'])) {
      const other = wordOf(cardId)
      if (type === 'is-blocked-by') read.blockedBy.push(other)
      else if (type === 'blocks') blocks.push({ blocker: key, blocked: other })
      else keep.link(wordOf(type), wordOf(titles.get(other)?.['title']) || other)
    }
    read.finished = card['dueComplete'] === true
    const { spentTime, isOvertime, coverId, color } = card
    if (Number(spentTime) > 0 || isOvertime === true) losses.add('time-records', title)
    if (wordOf(coverId) !== '' || wordOf(color) !== '') losses.add('covers', title)
    if (wordOf(card['type']).startsWith('template')) losses.add('template-marks', title)
    if (wordOf(card['userId']) !== '') losses.add('authors')
    countOthers(inCard, losses)
    foreign.cards.push(read)
  }
  addBlocks(foreign, blocks, losses)
  for (const entries of [checklists, items, subtasks]) entries.count(losses, ({ title }) => wordOf(title))
  comments.count(losses, ({ text }) => wordOf(text))
  attachments.count(losses, ({ name }) => wordOf(name))
  losses.add('rules', '', null, listOf(file['rules']).length)
  countOthers({ others: () => inFile.others().filter((field) => !ASIDE.switches.test(field)) }, losses)
  foreign.losses = losses.list()
  return foreign
}

function limitOf(list: Fields): unknown {
  const { value, enabled } = fieldsOf(list['wipLimit'])
  return enabled === true ? value : null
}

/** The day of a moment; whatever else it says as it stands. */
const dayIn = (value: unknown, { today, utcOffset }: ForeignReading): string => {
  const text = wordOf(value) || wordOf(fieldsOf(value)['$date'])
  return readDay(text, { order: 'month-first', today, utcOffset })?.day ?? text
}

/** Cards that nobody has put anywhere lie in the one that Wekan makes. */
function laneName(lane: Fields | undefined): string {
  const title = wordOf(lane?.['title'])
  return title === 'Default' ? '' : title
}
