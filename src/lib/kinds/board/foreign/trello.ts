/** Trello: the JSON of "Print, export and share", a whole board with its last thousand actions. */
import { fieldsOf, type Fields } from '#lib/kernel/reading.ts'
import type { Color } from '../schema.ts'
import { asked, countOthers, namesOf } from './asked.ts'
import {
  belongings,
  cardAt,
  columnsById,
  comesAlong,
  dayReader,
  emptyBoard,
  inOrder,
  colorAt,
  known,
  labelSays,
  limitAt,
  nameSays,
  namedLabels,
  isWholeNumber,
  listOf,
  placeOf,
  readerOf,
  textsOf,
  toldApart,
  wordOf,
  type ForeignReading,
} from './fields.ts'
import { Losses, type ForeignBoard, type ForeignCard, type ForeignLabel } from './foreign-board.ts'
import { fromMarkdown } from './from-markdown.ts'
import { keptNotes } from './kept-notes.ts'

/** Ids, orders, addresses, sums of what stands elsewhere, and what only one person or window sees. */
const ASIDE = {
  file: namesOf(
    'id nodeId name nameData descData closed dateClosed idOrganization idEnterprise enterpriseOwned idBoardSource idTags',
    'idMemberCreator memberships limits prefs labelNames pinned starred subscribed shortLink shortUrl url type ixUpdate',
    'dateLastActivity dateLastView datePluginDisable creationMethod templateGallery premiumFeatures powerUps',
  ),
  card: namesOf(
    'id nodeId idBoard idShort idChecklists idMembersVoted idAttachmentCover manualCoverAttachment checkItemStates pos',
    'nameData descData labels members limits subscribed shortLink shortUrl url email creationMethod creationMethodError',
    'creationMethodLoadingStartedAt dateLastActivity dateClosed checklists',
  ),
  item: namesOf('id idChecklist pos nameData type limits'),
}

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

export function readTrello(whole: Fields, reading: ForeignReading): ForeignBoard {
  const inFile = asked(whole, ASIDE.file)
  const { entry: file } = inFile
  const foreign = emptyBoard('trello', wordOf(file['name']))
  const losses = new Losses()
  const dayOf = dayReader(foreign, reading)
  const all = readerOf(file, losses)
  if (wordOf(file['desc']).trim() !== '') losses.add('board-descriptions', wordOf(file['desc']))
  const cards = all('cards')
  const lists = inOrder(all('lists'), 'pos')
  const used = new Set(cards.map((card) => wordOf(card['idList'])))
  foreign.columns = [...columnsById(lists, 'id', 'name', losses)]
    .filter(([id, list]) => comesAlong(list['closed'] === true, used.has(id), list['name'], losses))
    .map(([key, list]) => ({
      key,
      title: wordOf(list['name']),
      archived: list['closed'] === true,
      done: null,
      limit: limitAt(list['softLimit'], list['name'], losses),
      ...colorAt(list['color'], colorOf),
    }))

  const labels = toldApart(all('labels'), 'id', 'labels-twice', labelSays, losses)
  foreign.labels = namedLabels(labels, colorOf)
  const nameOf = (member: Fields | undefined) => wordOf(member?.['fullName']) || wordOf(member?.['username'])
  const members = toldApart(all('members'), 'id', 'people-twice', (member) => [nameOf(member)], losses)
  const checklists = belongings(all('checklists'), (list) => wordOf(list['idCard']))
  const actions = all('actions')
  const isComment = ({ type }: Fields) => type === 'commentCard' || type === 'copyCommentCard'
  losses.add('history', '', null, actions.filter((action) => !isComment(action)).length)
  const comments = belongings(actions.filter(isComment), (action) =>
    wordOf(fieldsOf(fieldsOf(action['data'])['card'])['id']),
  )
  const customFields = toldApart(all('customFields'), 'id', 'fields-twice', nameSays, losses)
  const choices = [...customFields.values()].flatMap((field) => listOf(field['options']))
  const options = toldApart(choices, 'id', 'fields-twice', (option) => [choiceOf(option)], losses)

  for (const [index, fields] of inOrder(cards, 'pos').entries()) {
    const inCard = asked(fields, ASIDE.card)
    const { entry: card } = inCard
    const title = wordOf(card['name'])
    const key = wordOf(card['id'])
    const own = checklists.take(key)
    const at = index + 1
    const read: ForeignCard = {
      ...cardAt(at, title),
      key,
      description: fromMarkdown(wordOf(card['desc'])),
      column: wordOf(card['idList']),
      archived: card['closed'] === true,
      labels: labelsOf(card, labels, losses),
      people: known(textsOf(card['idMembers']), (id) => nameOf(members.get(id)), 'people-unknown', title, losses),
      start: dayOf(card['start'], { at, title }, 'start'),
      due: dayOf(card['due'], { at, title }, 'due'),
    }
    const keep = keptNotes(read, losses, reading)
    const lists = inOrder(own.length > 0 ? own : listOf(card['checklists']), 'pos')
    for (const list of lists) {
      const items = listOf(list['checkItems'])
      const prefix = keep.prefix(wordOf(list['name']), lists.length, items.length)
      for (const item of inOrder(items, 'pos')) {
        const inItem = asked(item, ASIDE.item)
        const { name, state, due, idMember, dueReminder } = inItem.entry
        const who = known(textsOf([idMember]), (id) => nameOf(members.get(id)), 'people-unknown', title, losses)
        keep.item(`${prefix}${wordOf(name)}`, state === 'complete', [...who, dayOf(due, { at, title }, 'due') ?? ''])
        if (reminds(dueReminder)) losses.add('reminders', title)
        countOthers(inItem, losses, 'item-details')
      }
    }
    for (const item of listOf(card['customFieldItems'])) {
      const field = customFields.get(wordOf(item['idCustomField']))
      const value = customValue(item, options)
      keep.field(wordOf(field?.['name']), value)
      // It says what was chosen, and the file no longer what that is.
      if (value === '' && wordOf(item['idValue']) !== '') losses.add('custom-fields', wordOf(field?.['name']))
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
    if (isWholeNumber(counted, 1, 1e6)) losses.add('comments', title, null, counted - said.length)
    const { votes } = badges
    if (isWholeNumber(votes, 1, 1e6)) losses.add('votes', title, null, votes)
    if (card['isTemplate'] === true) losses.add('template-marks', title)
    const { dueComplete, dateCompleted } = card
    read.finished = dueComplete === true || badges['dueComplete'] === true || wordOf(dateCompleted) !== ''
    const { idAttachment, idUploadedBackground, color } = fieldsOf(card['cover'])
    if (idAttachment || idUploadedBackground || color) losses.add('covers', title)
    if (reminds(card['dueReminder'])) losses.add('reminders', title)
    const { locationName, address, coordinates } = card
    const { latitude, longitude } = fieldsOf(coordinates)
    keep.detail(reading.words.fields.location, placeOf(locationName, address, coordinates, latitude, longitude))
    countOthers(inCard, losses)
    foreign.cards.push(read)
  }
  checklists.count(losses, (checklist) => {
    const items = listOf(checklist['checkItems']).map(({ name }) => wordOf(name))
    // Each item is a thing that is lost; the list itself where it has none.
    losses.add('of-no-card', items[0], null, items.length - 1)
    return wordOf(checklist['name'])
  })
  comments.count(losses, (action) => wordOf(fieldsOf(action['data'])['text']))
  countOthers(inFile, losses)
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

/** Minutes before the day; less than none is none. */
const reminds = (minutes: unknown): boolean => /^\d+$/.test(wordOf(minutes))

const choiceOf = (option: Fields | undefined): string => wordOf(fieldsOf(option?.['value'])['text'])
function customValue(item: Fields, options: ReadonlyMap<string, Fields>): string {
  const chosen = wordOf(item['idValue'])
  if (chosen !== '') return choiceOf(options.get(chosen))
  const value = fieldsOf(item['value'])
  if (value['checked'] === 'true' || value['checked'] === true) return '✓'
  return wordOf(value['text']) || wordOf(value['number']) || wordOf(value['date']).slice(0, 10)
}
