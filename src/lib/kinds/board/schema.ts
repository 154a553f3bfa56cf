/**
 * A board: the root document has columns, labels and the list of shards; the shards have the cards. Everything is a map by
 * id with fields of its own, so that two people who edit one card at once change different fields.
 */
import { toId, type DocId } from '../../kernel/ids.ts'
import type { Day, Instant } from '../../kernel/instants.ts'
import { isDay, toInstant } from '../../kernel/instants.ts'
import type { ImmutableString } from '../../kernel/immutable-string.ts'
import { str } from '../../kernel/immutable-string.ts'
import { compareOrder, isOrder } from '../../kernel/order.ts'
import { entriesOf, fieldsOf, membersOf, numberOf, textOf, type Fields } from '../../kernel/reading.ts'
import type { PutAway, WorkDocs } from '../../kernel/define-kind.ts'
import { compareNames } from '../../kernel/names.ts'
import { isUndone } from '../../kernel/undone.ts'
import { repeats, type Repeat } from './repeat.ts'

export const colors = ['gray', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'] as const
export type Color = (typeof colors)[number]
export const priorities = ['urgent', 'high', 'medium', 'low'] as const
export type Priority = (typeof priorities)[number]

/** Letters of a title or of an item of a checklist: what somebody pastes there as one line is kept. */
export const LONGEST_LINE = 5000
/** The largest estimate: five years of one person. */
export const MOST_HOURS = 10_000

/** At how many cards a further shard is opened. */
export const SHARD_CAPACITY = 500

/** Fields of a card in which one of two values that came at once would be picked. Sets keep both. */
export const contestedFields = [
  'title',
  'column',
  'start',
  'due',
  'priority',
  'estimate',
  'repeat',
  'archived',
] as const
export type ContestedField = (typeof contestedFields)[number]
/** One that is archived by one person and changed by another, who did not know of that, is told, too. */
export const archivedCards = {
  flag: 'archived',
  over: [...contestedFields.filter((field) => field !== 'archived'), 'assignees', 'labels', 'checklist', 'blockedBy'],
  knewText: 'knewText',
  undone: { field: 'undone', content: contentOfCard },
} as const
/** The same of an item of its checklist; one that is removed by one and changed by another is told, too. */
export const contestedOnItems = ['text'] as const
export const removedItems = { flag: 'removed', over: ['text', 'done'] } as const
const changedOnBoard = {
  columns: ['title', 'done', 'limit'],
  labels: ['name', 'color'],
  views: ['name', 'content'],
  versions: ['name'],
} as const
/** The same of the board itself and of what else it has: where one of two would go in silence. */
export const contestedOnBoard = {
  '': ['title'],
  columns: [...changedOnBoard.columns, 'archived'],
  labels: [...changedOnBoard.labels, 'archived'],
  views: [...changedOnBoard.views, 'archived'],
  versions: [...changedOnBoard.versions, 'archived'],
} as const
/** Where one takes it away and another, who did not know of that, changes it. */
export const archivedOnBoard = {
  columns: { flag: 'archived', over: changedOnBoard.columns, undone: { field: 'undone', content: contentOfColumn } },
  labels: { flag: 'archived', over: changedOnBoard.labels, undone: { field: 'undone', content: contentOfLabel } },
  views: { flag: 'archived', over: changedOnBoard.views },
  versions: { flag: 'archived', over: changedOnBoard.versions },
} as const

export interface BoardDraft {
  title: ImmutableString
  columns: Record<
    string,
    {
      title: ImmutableString
      order: ImmutableString
      color: ImmutableString | null
      done: boolean
      limit: number | null
      archived: boolean
      undone?: ImmutableString
    }
  >
  /** `into`: the label that it was merged into. */
  labels: Record<
    string,
    {
      name: ImmutableString
      color: ImmutableString
      archived: boolean
      into?: ImmutableString
      undone?: ImmutableString
    }
  >
  views: Record<
    string,
    {
      name: ImmutableString
      /** The person whose view it is, null where everybody has it. */
      owner: ImmutableString | null
      content: ImmutableString
      order: ImmutableString
      archived: boolean
    }
  >
  versions: Record<
    string,
    {
      name: ImmutableString
      at: number
      heads: Record<string, ImmutableString>
      archived: boolean
    }
  >
  /** Offered when a board is created. */
  template: boolean
  shards: Record<string, ImmutableString>
}

export interface CardDraft {
  title: ImmutableString
  column: ImmutableString
  order: ImmutableString
  /** `from to`: instead of the order `from`. A move at once gives another order, and this says nothing of that. */
  spaced?: ImmutableString
  assignees: Record<string, boolean>
  labels: Record<string, boolean>
  start: ImmutableString | null
  due: ImmutableString | null
  /** The day of the month that a repeating card comes back to, where a short month pulled its date forward. */
  startDay: number | null
  dueDay: number | null
  priority: ImmutableString | null
  /** Hours of work. */
  estimate: number | null
  /** Finished, the card comes again. */
  repeat: ImmutableString | null
  blockedBy: Record<string, boolean>
  checklist: Record<string, { text: ImmutableString; order: ImmutableString; done: boolean; removed: boolean }>
  createdAt: number
  archived: boolean
  /** Of an archived card: which description was known then (`store/known-text.ts`). */
  knewText?: ImmutableString
  /** Of an archived card whose adding was undone: the sum of what it held then (`kernel/undone.ts`). */
  undone?: ImmutableString
  /** `board card cut`: moved here from another board, where it lies in the archive. */
  from?: ImmutableString
  /** Of one that is two, moved by two people apart: both are to stay. */
  kept?: boolean
}
export interface CardsDraft {
  cards: Record<string, CardDraft>
}

export interface Column {
  id: string
  title: string
  order: string
  color: Color | null
  /** What is in it is finished: nothing there is overdue. */
  done: boolean
  /** More cards than that are too many at once; null = no limit. */
  limit: number | null
  archived: boolean
  /** Archived by undoing that it was added, and still as it was then: it counts as never added while nothing of others is in it. */
  undone?: true
}
export interface Label {
  id: string
  name: string
  color: Color
  /** Somebody removed it, or merged it into that other one. */
  removed: boolean
  into: string | null
  /** And no card has it: one that has was given it by somebody who did not know of that, and so it stays. */
  archived: boolean
  undone?: true
}
export interface ChecklistItem {
  id: string
  text: string
  order: string
  done: boolean
}
export interface Card {
  id: string
  /** The shard that it is in. */
  doc: DocId
  title: string
  /** Where it was put: a column that was archived since, or has not arrived, leaves the card without one on screen. */
  column: string
  order: string
  assignees: string[]
  labels: string[]
  start: Day | null
  due: Day | null
  /** The day of the month that a repeating card comes back to, where a short month pulled its date forward. */
  startDay: number | null
  dueDay: number | null
  priority: Priority | null
  /** Hours of work. */
  estimate: number | null
  /** Finished, the card comes again. */
  repeat: Repeat | null
  /** Cards that must be finished first, as far as they are known: a vanished one blocks nothing. */
  blockedBy: string[]
  checklist: ChecklistItem[]
  createdAt: Instant
  archived: boolean
  undone?: true
  from: Origin | null
  kept: boolean
}
/** The card of another board that was cut there and pasted as this one. */
export interface Origin {
  work: DocId
  entity: string
  /** Which cut that was: two people can move one card apart. */
  cut: string
}
export interface Board {
  title: string
  /** In their order, archived ones included. */
  columns: Column[]
  labels: Label[]
  /** In their order; archived ones are apart. */
  views: SavedView[]
  /** Newest first; archived ones are apart. */
  versions: NamedVersion[]
  archivedViews: SavedView[]
  archivedVersions: NamedVersion[]
  template: boolean
  cardsById: ReadonlyMap<string, Card>
}
/** What a saved view shows: `view-content.ts` knows its shape. */
export interface SavedView {
  id: string
  name: string
  owner: string | null
  content: string
  order: string
}
/** A moment of the board with a name: the heads of its documents. */
export interface NamedVersion {
  id: string
  name: string
  at: Instant
  /** Change hashes by document. */
  heads: Readonly<Record<string, readonly string[]>>
}

export function rootGenesis(draft: BoardDraft): void {
  draft.title = str('')
  draft.columns = {}
  draft.labels = {}
  draft.views = {}
  draft.versions = {}
  draft.template = false
  draft.shards = {}
}
export function cardsGenesis(draft: CardsDraft): void {
  draft.cards = {}
}

const isOneOf = <Value extends string>(value: unknown, allowed: readonly Value[]): value is Value =>
  allowed.some((candidate) => candidate === value)

/** What the root document holds: all of a board but its cards. Of its labels it cannot tell which are in use. */
export type BoardRoot = Omit<Board, 'cardsById'>

/** Never throws, whatever the documents hold. */
export function readBoard({ root, docs }: WorkDocs): Board {
  const board = readRoot(docs[root]?.doc)
  const cardsById = new Map<string, Card>()
  for (const [doc, entries] of shardsOf(docs)) {
    for (const [id, entry] of entriesOf(entries)) {
      if (!cardsById.has(id)) cardsById.set(id, readCard(entry, id, doc))
    }
  }
  return { ...board, labels: labelsInUse(board.labels, cardsById.values()), cardsById }
}

/** Whoever removes a label takes it off every card: those that have it all the same bring it back. The same list where none does. */
export function labelsInUse(labels: Label[], cards: Iterable<Card>): Label[] {
  const removed = new Set(labels.filter((label) => label.removed).map(({ id }) => id))
  if (removed.size === 0) return labels
  const used = new Set<string>()
  for (const card of cards) if (!card.archived) for (const id of card.labels) if (removed.has(id)) used.add(id)
  return used.size === 0 ? labels : labels.map((label) => (used.has(label.id) ? { ...label, archived: false } : label))
}

/** The cards' documents, in order of their ids: should two shards claim one card, every device shows the first one's. */
export const shardsOf = (docs: WorkDocs['docs']): [DocId, Fields][] =>
  Object.entries(docs)
    .filter(([, { type }]) => type === 'cards')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([doc, { doc: content }]) => [doc as DocId, fieldsOf(fieldsOf(content)['cards'])])

export function readRoot(content: unknown): BoardRoot {
  const fields = fieldsOf(content)
  const columns = entriesOf(fields['columns'])
    .map(([id, column]): Column => ({
      id,
      title: textOf(column['title']),
      order: orderOfColumn(column),
      color: isOneOf(column['color'], colors) ? column['color'] : null,
      done: column['done'] === true,
      limit: isLimit(column['limit']) ? column['limit'] : null,
      archived: column['archived'] === true,
      ...undoneIn(archivedOnBoard.columns, column),
    }))
    .sort(compareOrder)
  const labels = entriesOf(fields['labels'])
    .map(([id, label]): Label => ({
      id,
      name: textOf(label['name']),
      color: isOneOf(label['color'], colors) ? label['color'] : 'gray',
      removed: label['archived'] === true,
      into: textOf(label['into']) || null,
      archived: label['archived'] === true,
      ...undoneIn(archivedOnBoard.labels, label),
    }))
    .sort((a, b) => compareNames(a.name, b.name) || (a.id < b.id ? -1 : 1))
  const isThere = ([, entry]: readonly [string, Fields]) => entry['archived'] !== true
  const isAway = (entry: readonly [string, Fields]) => !isThere(entry)
  const viewsIn = (list: readonly (readonly [string, Fields])[]) =>
    list
      .map(([id, view]): SavedView => {
        const { owner } = view
        const order = orderOf(view['order'])
        return {
          id,
          name: textOf(view['name']),
          owner: typeof owner === 'string' ? owner : null,
          content: textOf(view['content']),
          order,
        }
      })
      .sort(compareOrder)
  const versionsIn = (list: readonly (readonly [string, Fields])[]) =>
    list.map(([id, version]) => readVersion(id, version)).sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))
  const [views, versions] = [entriesOf(fields['views']), entriesOf(fields['versions'])]
  return {
    title: textOf(fields['title']),
    columns,
    labels,
    views: viewsIn(views.filter(isThere)),
    archivedViews: viewsIn(views.filter(isAway)),
    versions: versionsIn(versions.filter(isThere)),
    archivedVersions: versionsIn(versions.filter(isAway)),
    template: fields['template'] === true,
  }
}

const isLimit = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0
const isDayOfMonth = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 31
const isEstimate = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= MOST_HOURS

function readVersion(id: string, version: Fields): NamedVersion {
  const heads = Object.fromEntries(
    Object.entries(fieldsOf(version['heads'])).map(([doc, list]) => [doc, textOf(list).split(' ').filter(isHash)]),
  )
  return { id, name: textOf(version['name']), at: toInstant(numberOf(version['at'])), heads }
}
const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

export const originToText = ({ work, entity, cut }: Readonly<Record<keyof Origin, string>>): string =>
  `${work} ${entity} ${cut}`
export function readOrigin(text: string): Origin | null {
  const [, work, entity, cut] = /^([0-9a-f]{32}) ([0-9A-Za-z]{1,64}) ([0-9A-Za-z]{1,64})$/.exec(text) ?? []
  return work && entity && cut ? { work: toId<DocId>(work), entity, cut } : null
}

/** A mirror keeps the identity of what did not change, so an unchanged card is read once and stays the same object. */
const cardOf = new WeakMap<object, Card>()

export function readCard(entry: Fields, id: string, doc: DocId): Card {
  const known = cardOf.get(entry)
  if (known?.id === id && known.doc === doc) return known
  const { start, due, priority, estimate, repeat } = entry
  const card: Card = {
    id,
    doc,
    title: textOf(entry['title']),
    column: textOf(entry['column']),
    order: orderOfCard(entry),
    assignees: membersOf(entry['assignees']),
    labels: membersOf(entry['labels']),
    start: isDay(start) ? start : null,
    due: isDay(due) ? due : null,
    startDay: isDayOfMonth(entry['startDay']) ? entry['startDay'] : null,
    dueDay: isDayOfMonth(entry['dueDay']) ? entry['dueDay'] : null,
    priority: isOneOf(priority, priorities) ? priority : null,
    estimate: isEstimate(estimate) ? estimate : null,
    repeat: isOneOf(repeat, repeats) ? repeat : null,
    blockedBy: membersOf(entry['blockedBy']),
    checklist: entriesOf(entry['checklist'])
      .filter(([, item]) => item['removed'] !== true)
      .map(([item, fields]): ChecklistItem => ({
        id: item,
        text: textOf(fields['text']),
        order: orderOf(fields['order']),
        done: fields['done'] === true,
      }))
      .sort(compareOrder),
    createdAt: toInstant(numberOf(entry['createdAt'])),
    archived: entry['archived'] === true,
    from: readOrigin(textOf(entry['from'])),
    kept: entry['kept'] === true,
    ...undoneIn(archivedCards, entry),
  }
  cardOf.set(entry, card)
  return card
}

const undoneIn = ({ flag, undone }: PutAway, entry: Fields): { undone?: true } =>
  undone && entry[flag] === true && isUndone(undone, entry) ? { undone: true } : {}

/** The room that was made for others is not of it. */
function contentOfCard(entry: Fields): unknown {
  const items = entriesOf(entry['checklist']).filter(([, item]) => item['removed'] !== true)
  return [
    ...valuesOf(entry, 'title', 'column', 'order', 'start', 'due', 'startDay', 'dueDay'),
    ...valuesOf(entry, 'priority', 'estimate', 'repeat'),
    ...['assignees', 'labels', 'blockedBy'].map((field) => membersOf(entry[field])),
    items.sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, item]) => [id, ...valuesOf(item, 'text', 'order', 'done')]),
  ]
}
function contentOfColumn(entry: Fields): unknown {
  return valuesOf(entry, 'title', 'order', 'color', 'done', 'limit')
}
function contentOfLabel(entry: Fields): unknown {
  return valuesOf(entry, 'name', 'color', 'into')
}
const valuesOf = (entry: Fields, ...fields: string[]): unknown[] => fields.map((field) => entry[field] ?? null)

/** A broken key is none: such entries come last. */
export function orderOfCard(entry: Fields): string {
  const [order, spaced] = [textOf(entry['order']), textOf(entry['spaced'])]
  const [from, to] = spaced.split(' ')
  return orderOf(from === order && isOrder(to) ? to : order)
}
export const orderOfColumn = (entry: Fields): string => orderOf(entry['order'])
const orderOf = (value: unknown): string => (isOrder(value) ? value : '')
