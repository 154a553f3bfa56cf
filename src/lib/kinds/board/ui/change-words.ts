/** Differences between two moments of a board in a person's words: names instead of ids, and what sort of change it is. */
import type { Authors, ChangeByOthers, EntryAddress, EntryChange, UndoConflict } from '#lib/core/api.ts'
import { formatDay } from '#lib/i18n/format.ts'
import type { Messages } from '#lib/i18n/messages.ts'
import type { Way } from '#lib/kernel/arrivals.ts'
import type { Locale } from '#lib/kernel/define-kind.ts'
import { isDay, type Day, type Instant } from '#lib/kernel/instants.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { compareNames } from '#lib/kernel/names.ts'
import { compareOrder } from '#lib/kernel/order.ts'
import { entriesOf, fieldsOf, textOf, type Fields } from '#lib/kernel/reading.ts'
import { boardsIn, type Landed, type PlaceNow } from '../landed.ts'
import { colors, contestedFields, readOrigin, type Board, type Color, type ContestedField } from '../schema.ts'
import { hueOfColor } from './label-hue.ts'
import { priorityCode } from './priority-code.ts'
import { viewWords } from './view-words.ts'

export const sorts = ['added', 'restored', 'archived', 'away', 'removed', 'moved', 'changed'] as const
export type Sort = (typeof sorts)[number]

export interface ToldField {
  name: string
  /** Null where it is not known. */
  before: string | null
  after: string
  /** Whose work it is, where more than one person worked on the card. */
  by: string | null
}
export interface ToldChange {
  key: string
  /** The card, where it is one. */
  card: string | null
  title: string
  /** A card may have been moved and changed. */
  sorts: readonly Sort[]
  /** The column of a card that came or went, or has another place in it: where it is, or was. */
  place: string | null
  /** It is in the archive, and that is not what is told. */
  isArchived: boolean
  /** Where it went, or came from, if it was moved between boards. */
  moved: string
  fields: readonly ToldField[]
  /** Who did it, where that was asked for; the latest first. */
  by: readonly { id: string; name: string; at: Instant }[]
}

export interface Words {
  t: Messages
  locale: Locale
  today: Day
  /** With archived columns and cards: a name is known as long as the board knows it. */
  board: Board
  personName: (id: string) => string
  departmentName: (id: string) => string
  /** Where a card is now that was moved to other boards, or that is back. */
  whereNow: (card: string) => readonly PlaceNow[]
  /** Who moved it on, or back. */
  moversOf: (card: string) => readonly string[]
  /** The moves by which a card is away, and where they ended, in the archive as well. */
  waysFrom: (card: string) => readonly Way<Landed>[]
  /** Null where that board is not to be seen any more. */
  boardTitle: (work: DocId) => string | null
}

type Aspect = keyof Messages['versions']['fields']
/** In the order of the card's panel. What is not listed (order keys, who made it) is nothing to read. */
const ASPECTS: readonly Aspect[] = [
  'title',
  'name',
  'column',
  'assignees',
  'labels',
  'start',
  'due',
  'priority',
  'estimate',
  'repeat',
  'blockedBy',
  'checklist',
  'color',
  'done',
  'limit',
]

export function tellChanges(changes: readonly (EntryChange | ChangeByOthers)[], words: Words): ToldChange[] {
  return changes.flatMap((change) => tell(change, words) ?? [])
}

/** The ids of the cards among entries. */
export const cardsOf = (entries: readonly EntryAddress[]): ReadonlySet<string> =>
  new Set(entries.filter(({ collection }) => collection === 'cards').map(({ id }) => id))

/** The sorts that there are among changes, and how they are called: with how many, unless these are a part of all that there is. */
export function sortsAmong(
  changes: readonly ToldChange[],
  isPart: boolean,
  t: Messages,
): { sort: Sort; name: string }[] {
  return sorts.flatMap((sort) => {
    const count = changes.filter((change) => change.sorts.includes(sort)).length
    if (count === 0) return []
    return [{ sort, name: isPart ? t.versions.sorts[sort] : t.versions.counts[sort](count) }]
  })
}

function tell(told: EntryChange | ChangeByOthers, words: Words): ToldChange | null {
  const { collection, id, change, before, after, fields } = told
  const { t } = words
  const by = 'authors' in told ? authorsOf(told, words) : []
  const key = `${collection}/${id}`
  if (collection === '') {
    if (id !== 'title') return null
    const field = { name: t.board.name, before: shown(before, words), after: shown(after, words), by: null }
    return {
      key,
      card: null,
      title: t.versions.board,
      sorts: ['changed'],
      place: null,
      isArchived: false,
      moved: '',
      fields: [field],
      by,
    }
  }
  if (!isTold(collection)) return null
  // What was put aside, or brought back, is told with what else was changed in it.
  const then = fieldsOf(before ?? withFields(after, fields, 'before'))
  const now = fieldsOf(after ?? withFields(before, fields, 'after'))
  const isCard = collection === 'cards'
  const named = textOf(now[collection === 'labels' ? 'name' : 'title'])
  const title = isCard ? named || t.card.untitled : t.versions.entry[collection](named)
  const card = isCard ? id : null
  const flag = fields.find(({ path }) => path.length === 1 && path[0] === 'archived')
  // What is in a new card is read in the card.
  const differing = change !== 'changed' && !flag ? [] : tellFields(told, then, now, words)
  if (change !== 'changed') {
    // Where somebody else put it since is not where who is named for it had it.
    const stood = { ...(after === null ? then : now), ...('byAnother' in told && told.byAnother) }['column']
    const place = isCard && stood !== undefined ? columnName(textOf(stood), words) : null
    const besides = differing.filter(({ name }) => name !== t.versions.fields.column)
    // What others brought in and I moved on before I saw it.
    const isGone = card !== null && 'authors' in told && words.board.cardsById.get(card)?.archived === true
    const isPutAway = flag !== undefined && change === 'removed'
    const movers = 'authors' in told ? told.authors.map(({ person }) => person) : null
    const isMover = movers === null || movers.some((person) => person && words.moversOf(id).includes(person))
    // Whoever archived it by hand before it was moved back has not done that.
    const wentWords = (id: string) => (isMover ? movedOrBackWords(id, words, movers) : movedWords(id, words))
    const away = card !== null && isPutAway ? wentWords(card) : ''
    const sort = isPutAway ? (away ? 'away' : 'archived') : flag ? 'restored' : change
    const from = card !== null && sort === 'added' ? cameFrom(now, words) : null
    const here = card !== null && isGone && !isPutAway ? whereabouts(card, words) : PRESENT
    const moved = [from, away, here.words].filter(Boolean).join(' · ')
    const { isArchived } = here
    return { key, card, title, sorts: [sort], place, isArchived, moved, fields: besides, by }
  }
  const isAway = fields.some(({ path }) => path[0] === 'column')
  const isChanged = differing.some(({ name }) => name !== t.versions.fields.column)
  const places = isAway ? [] : placesIn(told, words)
  // Where something else is told as well, a place that only has another key is nothing to read.
  const isElsewhere = !isAway && (told.places !== undefined || (!isChanged && fields.some(isOfPlace)))
  const sorts: Sort[] = [
    ...(isAway || isElsewhere ? (['moved'] as const) : []),
    ...(isChanged ? (['changed'] as const) : []),
  ]
  if (sorts.length === 0) return null
  const place = isCard && isElsewhere ? columnName(textOf(now['column']), words) : null
  const isGone = now['archived'] === true
  const here =
    card !== null && isGone && 'authors' in told ? whereabouts(card, words) : { words: '', isArchived: isGone }
  const { words: moved, isArchived } = here
  return { key, card, title, sorts, place, isArchived, moved, fields: [...places, ...differing], by }
}

const isOfPlace = ({ path }: { path: readonly string[] }): boolean => path[0] === 'order' || path[0] === 'spaced'

const isTold = (collection: string): collection is 'cards' | keyof Messages['versions']['entry'] =>
  ['cards', 'columns', 'labels'].includes(collection)

type Told = EntryChange | ChangeByOthers

function tellFields(told: Told, then: Fields, now: Fields, words: Words): ToldField[] {
  const { fields, text } = told
  const { t } = words
  const byOthers = ofSeveral(told)
  const differing = ASPECTS.flatMap((aspect): ToldField[] => {
    const isHere = ({ path }: { path: readonly string[] }) => path[0] === aspect
    const said = { before: aspectWords(aspect, then, words), after: aspectWords(aspect, now, words) }
    if (!fields.some(isHere) || said.before === said.after) return []
    const by = namesOf(
      byOthers?.fields.filter(isHere).flatMap(({ authors }) => authors),
      words,
    )
    return [{ name: fieldName(told.collection, aspect, t), ...(aspect === 'checklist' ? linesApart(said) : said), by }]
  })
  if (!text) return differing
  const by = namesOf(byOthers?.text?.authors, words)
  return [...differing, { name: t.versions.fields.description, ...excerpts(text.before, text.after), by }]
}

/** Of one person's work it is said once, above. */
const ofSeveral = (told: Told): ChangeByOthers | null => ('authors' in told && told.authors.length > 1 ? told : null)

/** What is written above a card is its title; a column has a name. */
const fieldName = (collection: string | undefined, aspect: Aspect, t: Messages): string =>
  t.versions.fields[collection === 'columns' && aspect === 'title' ? 'name' : aspect]

/** Of a list only the lines that the other one has not. */
function linesApart({ before, after }: { before: string; after: string }): { before: string; after: string } {
  const [then, now] = [before.split('\n'), after.split('\n')]
  const gone = then.filter((line) => !now.includes(line))
  const come = now.filter((line) => !then.includes(line))
  // Of two lines alike one may have gone.
  return gone.length + come.length > 0 ? { before: gone.join('\n'), after: come.join('\n') } : { before, after }
}

function namesOf(authors: Authors = [], { personName, t }: Words): string | null {
  return [...new Set(authors.map(({ person }) => personName(person ?? '')))].join(t.common.separator) || null
}

/** Where a card was among those of its column, or a column among those of the board, and where it is. */
function placesIn(told: Told, words: Words): ToldField[] {
  const { t } = words
  const { places } = told
  // The same number, because others came or went, would say that nothing was moved.
  if (!places || places.before === places.after) return []
  const authors = ofSeveral(told)
    ?.fields.filter(isOfPlace)
    .flatMap(({ authors }) => authors)
  const by = namesOf(authors, words)
  const before = places.before === null ? null : t.versions.nth(places.before)
  return [{ name: t.versions.position, before, after: t.versions.nth(places.after), by }]
}

type Ordered = readonly { order: string }[]
const cardsBeside = (card: string, column: string, { cardsById }: Board): Ordered =>
  [...cardsById.values()].filter((one) => one.column === column && one.id !== card && !one.archived)
const columnsBeside = (column: string, { columns }: Board): Ordered =>
  columns.filter(({ id, archived }) => id !== column && !archived)
const placeAmong = (others: Ordered, order: string): number => others.filter((other) => other.order < order).length + 1

/** What an entry held with the one side of these differences. */
function withFields(entry: unknown, fields: EntryChange['fields'], side: 'before' | 'after'): unknown {
  const put = (into: Fields, [key = '', ...inner]: readonly string[], value: unknown): Fields => ({
    ...into,
    [key]: inner.length === 0 ? value : put(fieldsOf(into[key]), inner, value),
  })
  return fields.reduce(
    (held, { path, [side]: value }) => (path.length === 0 ? held : put(held, path, value)),
    fieldsOf(entry),
  )
}

/** What sort of change it is, and where, as far as that is no line of its own. */
export const saySorts = ({ sorts: all, place, isArchived, moved }: ToldChange, t: Messages): string =>
  [
    ...all.map((sort) => {
      if (sort === 'away') return moved
      return place === null || sort === 'changed' ? t.versions.sorts[sort] : t.versions.placed[sort](place)
    }),
    ...(moved && !all.includes('away') ? [moved] : []),
    ...(isArchived ? [t.versions.inArchive] : []),
  ].join(' · ')

export interface ToldConflict {
  key: string
  entry: string
  name: string
  mine: string
  theirs: string
  restored: string
}

/** People by name, each once; somebody whose name cannot be told has none. */
export const listNames = (names: Iterable<string>, t: Messages): string =>
  [...new Set(names)].map((name) => name || t.app.somebody).join(t.common.separator)

type Clash = UndoConflict['fields'][number]

/** What an entry is called; without one it is the board. */
export function entryName(collection: string, id: string, { t, board }: Words): string {
  const nameIn = (list: readonly { id: string; name: string }[]) => list.find((one) => one.id === id)?.name ?? '…'
  switch (collection) {
    case 'cards':
    case 'entries':
      return board.cardsById.get(id)?.title || t.card.untitled
    case 'columns':
      return t.versions.entry.columns(board.columns.find((column) => column.id === id)?.title || t.board.columnName)
    case 'labels':
      return t.versions.entry.labels(nameIn(board.labels))
    case 'views':
      return t.contested.view(nameIn(board.views))
    case 'versions':
      return t.contested.version(nameIn(board.versions))
    default:
      return t.versions.board
  }
}

/** Without the places of cards whose column is told as well, and without the keys that only make room. */
export function clashesToTell(clashes: readonly Clash[]): Clash[] {
  const entryOf = ({ work, path: [collection, id] }: Clash) => [work, collection, id].join('/')
  const moved = new Set(clashes.filter(({ path }) => path[2] === 'column').map(entryOf))
  return clashes.filter(
    (clash) => clash.path[2] !== 'spaced' && !(clash.path[2] === 'order' && moved.has(entryOf(clash))),
  )
}

type SayValue = (value: unknown, side: 'mine' | 'theirs' | 'restored') => string

/**
 * A field that two people changed: where it is, both values, and what stood there before. Null for what stands beside another that
 * is told. `isAlone`: nothing but its entry goes back with it.
 */
export function tellConflict(clash: Clash, words: Words, isAlone = true): ToldConflict | null {
  const { path, mine, theirs, restored } = clash
  const { t } = words
  const [collection = '', id = '', aspect = '', member, part] = path.map(String)
  const as = (name: string, say: SayValue): ToldConflict => ({
    key: path.join('/'),
    entry: entryName(collection, id, words),
    name,
    mine: say(mine, 'mine'),
    theirs: say(theirs, 'theirs'),
    restored: say(restored, 'restored'),
  })
  const plain = (value: unknown) => shown(value, words)
  if (collection === 'title') return as(t.board.name, plain)
  if (collection === 'template') return as(t.templates.badge, plain)
  if (collection === 'entries')
    return {
      ...as(t.versions.fields.description, plain),
      ...both(excerpts(plain(mine), plain(theirs))),
      restored: excerpts(plain(restored), plain(theirs)).before,
    }
  if (aspect === 'order') return as(t.versions.position, placeWords(clash, words, isAlone))
  if (aspect === 'archived')
    return as(t.contested.place, (value) => (value === true ? t.contested.archived : t.contested.onBoard))
  if (aspect === 'content') return as(t.contested.content, (value) => viewWords(textOf(value), words))
  const known = ASPECTS.find((one) => one === aspect)
  if (!known) return null
  if (member === undefined)
    return as(fieldName(collection, known, t), (value) => aspectWords(known, { [known]: value }, words))
  const of = (which: string) => [t.versions.fields[known], which].filter(Boolean).join(' · ')
  if (known === 'checklist') {
    const text = itemsOf(id, words).find((one) => one.id === member)?.text ?? ''
    return as(of(text), itemPartWords(part, text, clash, words))
  }
  return as(of(memberName(known, member, words)), (value) => plain(value === true))
}
const both = ({ before, after }: { before: string; after: string }) => ({ mine: before, theirs: after })

const itemsOf = (card: string, { board }: Words) => board.cardsById.get(card)?.checklist ?? []

function memberName(aspect: Aspect, id: string, { board, personName }: Words): string {
  if (aspect === 'assignees') return personName(id)
  return board.labels.find((label) => label.id === id)?.name ?? board.cardsById.get(id)?.title ?? ''
}

/** Of one item of a checklist. */
function itemPartWords(part: string | undefined, text: string, clash: Clash, words: Words): SayValue {
  const { contested } = words.t
  switch (part) {
    case 'order':
      return placeWords(clash, words, true)
    case 'done':
      return (done) => itemWords({ done, text })
    case 'removed':
      return (removed) => (removed === true ? contested.removed : contested.inChecklist)
    default:
      return (value) => textOf(value)
  }
}

/**
 * A place among those that are there now, which is as true as it is of now. Where the card is, was or will be in another column, or
 * others go back with it, columns are named; how many stood in one then, or will stand there with those, is not told.
 */
function placeWords({ path, mineWithin, along }: Clash, words: Words, isAlone: boolean): SayValue {
  const { t, board } = words
  const [collection, id = '', , item] = path.map(String)
  const card = collection === 'cards' && item === undefined ? board.cardsById.get(id) : undefined
  const others = () => {
    if (item !== undefined) return itemsOf(id, words).filter((one) => one.id !== item)
    return collection === 'columns' ? columnsBeside(id, board) : cardsBeside(id, card?.column ?? '', board)
  }
  const nth = (beside: Ordered, order: string) => t.versions.nthOf(placeAmong(beside, order), beside.length + 1)
  if (!card) return (order) => nth(others(), textOf(order))
  const now = card.column
  const within = { mine: textOf(mineWithin, now), theirs: now, restored: textOf(along?.['column'], now) }
  const isNamed = !isAlone || within.mine !== now || within.restored !== now
  return (order, side) => {
    const column = within[side]
    const isKnown = side === 'theirs' || (side === 'mine' ? column === now : isAlone)
    // What was made room for it says, too.
    const key = side === 'theirs' ? card.order : textOf(order)
    return [
      ...(isNamed ? [columnName(column, words)] : []),
      ...(isKnown ? [nth(cardsBeside(id, column, board), key)] : []),
    ].join(' · ')
  }
}

const LONGEST = 240
const AROUND = 40

/** Of long texts what differs, with a little around it. */
function excerpts(before: string, after: string): { before: string; after: string } {
  if (before.length <= LONGEST && after.length <= LONGEST) return { before, after }
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  const most = Math.min(before.length, after.length) - start
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++
  const cut = (text: string) => {
    const [from, to] = [Math.max(0, start - AROUND), Math.min(text.length, text.length - end + AROUND)]
    const shownTo = Math.min(to, from + LONGEST)
    return `${from > 0 ? '…' : ''}${text.slice(from, shownTo).toWellFormed()}${shownTo < text.length ? '…' : ''}`
  }
  return { before: cut(before), after: cut(after) }
}

function authorsOf({ authors }: ChangeByOthers, { personName }: Words): ToldChange['by'] {
  return authors
    .map(({ person, at }) => ({ id: person ?? '', name: personName(person ?? ''), at }))
    .sort((a, b) => b.at - a.at)
}

export const isContestedField = (name: string): name is ContestedField =>
  contestedFields.some((field) => field === name)

/** A field of a card and one of its values, as they are called on the screen. */
export function contestedWords(field: ContestedField, value: unknown, words: Words): { field: string; value: string } {
  const { t } = words
  if (field === 'archived')
    return { field: t.contested.place, value: value === true ? t.contested.archived : t.contested.onBoard }
  return { field: t.versions.fields[field], value: aspectWords(field, { [field]: value }, words) || t.contested.empty }
}

/** A set, a list or a text of a card as it is called on the screen. */
export function wholeWords(field: Aspect | 'description', value: unknown, words: Words): string {
  const said =
    field === 'description' ? excerpts('', textOf(value)).after : aspectWords(field, { [field]: value }, words)
  return said || words.t.contested.empty
}

/** Where a card went that these, or anybody, moved to another board, or back; empty where they did not. */
export function movedOrBackWords(card: string, words: Words, by: readonly unknown[] | null): string {
  const { t, whereNow, waysFrom } = words
  const isTheirs = by === null || waysFrom(card).some(({ move }) => by.includes(move.by))
  const back = whereNow(card).flatMap((place) =>
    place.by === null ? [t.card.backOn(place.board || t.board.untitled)] : [],
  )
  return (isTheirs && movedWords(card, words)) || back.join(t.common.separator)
}

function movedWords(card: string, { t, waysFrom }: Words): string {
  const said = waysFrom(card).map(({ move, end }) => {
    const isBack = end.work === move.from.work
    return (isBack ? t.card.movedAndBack : t.card.movedTo)(move.board || t.board.untitled)
  })
  return [...new Set(said)].join(t.common.separator)
}

const PRESENT = { words: '', isArchived: false }
/** Of what lies in the archive here: whoever is named for something else has not put it there. */
function whereabouts(card: string, { t, waysFrom }: Words): typeof PRESENT {
  const ways = waysFrom(card).filter(({ end }) => !end.archived)
  const elsewhere = ways.filter(({ move, end }) => end.work !== move.from.work)
  const boards = boardsIn(
    elsewhere.map(({ end }) => end),
    t.board.untitled,
  )
  return { words: elsewhere.length > 0 ? t.versions.nowOn(boards) : '', isArchived: ways.length === 0 }
}

/** From which board a card came that was moved here; null where it was not. */
function cameFrom(card: Fields, { t, boardTitle }: Words): string | null {
  const from = readOrigin(textOf(card['from']))
  if (!from) return null
  const title = boardTitle(from.work)
  return t.versions.cameFrom(title === null ? null : title || t.board.untitled)
}

/** What somebody wrote in a card, field by field. */
export function writtenWords(written: Fields, words: Words): string {
  const { t } = words
  const say = (aspect: Aspect) =>
    aspect === 'checklist'
      ? entriesOf(written[aspect])
          .map(([, item]) =>
            item['removed'] === true ? t.common.of(t.contested.removed, textOf(item['text'])) : itemWords(item),
          )
          .join(t.common.separator)
      : aspectWords(aspect, written, words)
  const told: (readonly [Aspect | 'description', string])[] = ASPECTS.filter((aspect) =>
    Object.hasOwn(written, aspect),
  ).map((aspect) => [aspect, say(aspect)])
  const { description } = written
  if (description !== undefined) told.push(['description', excerpts('', textOf(description)).after])
  return told.map(([field, said]) => t.common.of(t.versions.fields[field], said || t.contested.empty)).join(' · ')
}

function aspectWords(aspect: Aspect, entry: Fields, words: Words): string {
  const { t, board, personName } = words
  const value = entry[aspect]
  const chosen = () => Object.keys(fieldsOf(value)).filter((id) => fieldsOf(value)[id] === true)
  const list = (name: (id: string) => string) => chosen().map(name).sort(compareNames).join(t.common.separator)
  switch (aspect) {
    case 'column':
      return columnName(textOf(value), words)
    case 'assignees':
      return list(personName)
    case 'labels':
      return list((id) => board.labels.find((label) => label.id === id)?.name ?? '…')
    case 'blockedBy':
      return list((id) => board.cardsById.get(id)?.title ?? '…')
    case 'priority':
      return isPriority(value) ? t.card.priorities[priorityCode[value]] : ''
    case 'repeat':
      return isRepeat(value, t) ? t.repeat.every[value] : ''
    case 'color':
      return isColor(value) ? t.colors[hueOfColor[value]] : ''
    case 'estimate':
      return typeof value === 'number' ? t.versions.hours(value) : ''
    case 'checklist':
      return entriesOf(value)
        .filter(([, item]) => item['removed'] !== true)
        .map(([id, item]) => ({ id, order: textOf(item['order']), said: itemWords(item) }))
        .sort(compareOrder)
        .map(({ said }) => said)
        .join('\n')
    default:
      return shown(value, words)
  }
}

export const itemWords = (item: Fields): string => `${item['done'] === true ? '☑' : '☐'} ${textOf(item['text'])}`

const isPriority = (value: unknown): value is keyof typeof priorityCode =>
  typeof value === 'string' && Object.hasOwn(priorityCode, value)
const isRepeat = (value: unknown, t: Messages): value is keyof Messages['repeat']['every'] =>
  typeof value === 'string' && Object.hasOwn(t.repeat.every, value)
const isColor = (value: unknown): value is Color => colors.some((color) => color === value)

function columnName(id: string, { board, t }: Words): string {
  return board.columns.find((column) => column.id === id)?.title || t.board.lostColumn
}

function shown(value: unknown, { t, locale, today }: Words): string {
  if (typeof value === 'boolean') return value ? t.versions.yes : t.versions.no
  if (isDay(value)) return formatDay(value, locale, today)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
