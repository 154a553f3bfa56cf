/**
 * Planka: the answer of its `GET /api/boards/:id`, the board as `item` and flat lists as `included`. Version 1 ties tasks
 * to cards, version 2 to task lists of cards; both are read.
 */
import { fieldsOf, type Fields } from '#lib/kernel/reading.ts'
import type { Color } from '../schema.ts'
import { asked, countOthers, namesOf } from './asked.ts'
import {
  belongings,
  addBlocks,
  byId,
  cardAt,
  columnsById,
  dayReader,
  emptyBoard,
  inOrder,
  colorAt,
  known,
  labelSays,
  nameSays,
  namedLabels,
  readerOf,
  textsOf,
  toldApart,
  wordOf,
  type Block,
  type ForeignReading,
} from './fields.ts'
import { Losses, type ForeignBoard, type ForeignCard } from './foreign-board.ts'
import { fromMarkdown } from './from-markdown.ts'
import { keptNotes } from './kept-notes.ts'

/** Ids, orders, moments of changes, who sees the board, and sums of what stands elsewhere. */
const ASIDE = {
  included: namesOf(
    'projects boardMemberships boardSubscriptions cardSubscriptions projectManagers projectMemberships notifications',
    'notificationServices',
  ),
  card: namesOf('id boardId prevListId position isClosed isSubscribed listChangedAt createdAt updatedAt'),
  task: namesOf('id cardId taskListId position createdAt updatedAt'),
}

export const isPlanka = (file: Fields): boolean => {
  const included = fieldsOf(file['included'])
  return Array.isArray(included['lists']) && Array.isArray(included['cards'])
}

/** Names of its palette by what they look like. */
const COLORS: readonly [RegExp, Color][] = [
  [/red|maroon|coral/, 'red'],
  [/orange|peach|apricot|pumpkin|brown|wood|clay|coffee/, 'orange'],
  [/yellow|sun|gold|egg|desert|sand/, 'yellow'],
  [/turquoise|lagoon|teal|tank|sky|cyan|aqua/, 'teal'],
  [/green|moss|grass|shade|emerald|lime/, 'green'],
  [/blue|ocean|navy|midnight/, 'blue'],
  [/pink|rose|magenta/, 'pink'],
  [/purple|violet|lilac|plum|grape|dusk/, 'purple'],
  [/gray|grey|steel|concrete|silver|black|dark|granite/, 'gray'],
]
const colorOf = (value: unknown): Color | null => {
  const name = wordOf(value).slice(0, 60)
  return COLORS.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

export function readPlanka(file: Fields, reading: ForeignReading): ForeignBoard {
  const foreign = emptyBoard('planka', wordOf(fieldsOf(file['item'])['name']))
  const inIncluded = asked(fieldsOf(file['included']), ASIDE.included)
  const losses = new Losses()
  const all = readerOf(inIncluded.entry, losses)
  const dayOf = dayReader(foreign, reading)
  const lists = columnsById(inOrder(all('lists'), 'position'), 'id', 'name', losses)
  const isAway = (list: Fields) => list['type'] === 'archive' || list['type'] === 'trash'
  const cards = all('cards')
  const used = new Set(cards.map((card) => wordOf(card['listId'])))
  foreign.columns = [...lists]
    .filter(([id, list]) => !isAway(list) || used.has(id))
    .map(([key, list]) => ({
      key,
      // The lists of what is put away have no names of their own.
      title: wordOf(list['name']) || (isAway(list) ? wordOf(list['type']) : ''),
      archived: isAway(list),
      done: list['type'] === 'closed' ? true : null,
      limit: null,
      ...colorAt(list['color'], colorOf),
    }))

  const labels = toldApart(all('labels'), 'id', 'labels-twice', labelSays, losses)
  foreign.labels = namedLabels(labels, colorOf)
  const calledOf = (user: Fields | undefined) => wordOf(user?.['name']) || wordOf(user?.['username'])
  const users = toldApart(all('users'), 'id', 'people-twice', (user) => [calledOf(user)], losses)
  const nameOf = (id: unknown) => calledOf(users.get(wordOf(id)))
  const ofCard = (name: string) => belongings(all(name), (entry) => wordOf(entry['cardId']))
  const members = ofCard('cardMemberships')
  const cardLabels = ofCard('cardLabels')
  const attachments = ofCard('attachments')
  const comments = ofCard('comments')
  const taskLists = ofCard('taskLists')
  const tasks = belongings(all('tasks'), (task) => wordOf(task['taskListId']) || wordOf(task['cardId']))
  const ofFields = (name: string) => toldApart(all(name), 'id', 'fields-twice', nameSays, losses)
  const fields = ofFields('customFields')
  const values = ofCard('customFieldValues')
  const groups = ofFields('customFieldGroups')
  const baseGroups = ofFields('baseCustomFieldGroups')
  const groupName = (id: unknown) => {
    const group = groups.get(wordOf(id))
    return wordOf(group?.['name']) || wordOf(baseGroups.get(wordOf(group?.['baseCustomFieldGroupId']))?.['name'])
  }

  const relations = ofCard('cardRelations')
  const titles = byId(cards, 'id')
  const blocks: Block[] = []

  for (const [index, fieldsOfCard] of inOrder(cards, 'position').entries()) {
    const inCard = asked(fieldsOfCard, ASIDE.card)
    const { entry: card } = inCard
    const title = wordOf(card['name'])
    const key = wordOf(card['id'])
    const at = index + 1
    const taskGroups = inOrder(taskLists.take(key), 'position').map((list) => ({
      name: wordOf(list['name']),
      tasks: tasks.take(wordOf(list['id'])),
    }))
    const read: ForeignCard = {
      ...cardAt(at, title),
      key,
      description: fromMarkdown(wordOf(card['description'])),
      column: wordOf(card['listId']),
      labels: known(
        cardLabels.take(key).map(({ labelId }) => wordOf(labelId)),
        (id) => labels.get(id),
        'labels-unknown',
        title,
        losses,
      ).map((label) => ({ name: wordOf(label['name']), ...colorAt(label['color'], colorOf) })),
      people: known(
        members.take(key).map(({ userId }) => wordOf(userId)),
        nameOf,
        'people-unknown',
        title,
        losses,
      ),
      start: dayOf(card['startDate'], { at, title }, 'start'),
      due: dayOf(card['dueDate'], { at, title }, 'due'),
    }
    const keep = keptNotes(read, losses, reading)
    for (const { name, tasks: own } of [{ name: '', tasks: tasks.take(key) }, ...taskGroups]) {
      const prefix = keep.prefix(name, taskGroups.length, own.length)
      for (const task of inOrder(own, 'position')) {
        const inTask = asked(task, ASIDE.task)
        const { name, isCompleted, assigneeUserId } = inTask.entry
        const who = known(textsOf([assigneeUserId]), nameOf, 'people-unknown', title, losses)
        keep.item(`${prefix}${wordOf(name)}`, isCompleted === true, who)
        countOthers(inTask, losses, 'item-details')
      }
    }
    for (const { customFieldId, customFieldGroupId, content } of values.take(key)) {
      const name = wordOf(fields.get(wordOf(customFieldId))?.['name'])
      keep.field([groupName(customFieldGroupId), name].filter(Boolean).join(' · '), wordOf(content))
    }
    for (const { name, url, data } of attachments.take(key))
      keep.attachment(wordOf(name), wordOf(url) || wordOf(fieldsOf(data)['url']))
    for (const { kind, relatedCardId } of relations.take(key)) {
      const other = wordOf(relatedCardId)
      if (kind === 'blockedBy') read.blockedBy.push(other)
      else if (kind === 'blocks') blocks.push({ blocker: key, blocked: other })
      else keep.link(wordOf(kind), wordOf(titles.get(other)?.['name']) || other)
    }
    const said = comments.take(key)
    for (const { userId, createdAt, text } of said) keep.comment(nameOf(userId), createdAt, wordOf(text))
    const unread = card['commentsTotal']
    if (typeof unread === 'number') losses.add('comments', title, null, Math.trunc(unread) - said.length)
    if (card['stopwatch']) losses.add('time-records', title)
    if (card['coverAttachmentId']) losses.add('covers', title)
    const { isDueDateCompleted, isDueCompleted } = card
    read.finished = isDueDateCompleted === true || isDueCompleted === true
    // A project card is what every card is; a story looks otherwise.
    if (wordOf(card['type']) === 'story') losses.add('other-fields', 'type')
    if (wordOf(card['creatorUserId']) !== '') losses.add('authors')
    countOthers(inCard, losses)
    foreign.cards.push(read)
  }
  addBlocks(foreign, blocks, losses)
  for (const entries of [taskLists, tasks, attachments]) entries.count(losses, ({ name }) => wordOf(name))
  comments.count(losses, ({ text }) => wordOf(text))
  relations.count(losses, ({ kind }) => wordOf(kind))
  values.count(losses, ({ content }) => wordOf(content))
  members.count(losses, ({ userId }) => nameOf(userId))
  cardLabels.count(losses, ({ labelId }) => wordOf(labels.get(wordOf(labelId))?.['name']))
  countOthers(inIncluded, losses)
  foreign.losses = losses.list()
  return foreign
}
