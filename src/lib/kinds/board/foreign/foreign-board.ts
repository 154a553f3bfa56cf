/**
 * A board as a file of another product describes it: in that product's keys and names, read but not yet compared with
 * the board that it goes to. Every reader makes one, `planBoard` turns it into mutations.
 */
import type { Day } from '#lib/kernel/instants.ts'
import type { Formatted } from '#lib/kernel/formatted.ts'
import type { Repeat } from '../repeat.ts'
import type { Color, Priority } from '../schema.ts'
import type { ViewContent } from '../view-content.ts'
import { shorten } from './texts.ts'

export type ForeignFormat =
  'table' | 'tongzhou' | 'trello' | 'planka' | 'wekan' | 'jira' | 'asana' | 'asana-json' | 'todoist'

export interface ForeignBoard {
  format: ForeignFormat
  title: string
  /** In their order. Keys are unique. */
  columns: ForeignColumn[]
  /** Those that the board has beside the ones on cards. */
  labels: ForeignLabel[]
  views: ForeignView[]
  /** In the order in which they stand in their columns. */
  cards: ForeignCard[]
  losses: Loss[]
  problems: CardProblem[]
  /** Columns of a table that become nothing, with the number of cells that held something. */
  fileColumns: { heading: string | number; cells: number }[]
  /** Dates that had a time of day. */
  times: number
  /** Of some date only the person can say which number is the month. */
  eitherWay: boolean
  cardsLeftOut: number
}

export interface ForeignColumn {
  key: string
  title: string
  archived: boolean
  /** Null where the file does not say: then the title tells. */
  done: boolean | null
  limit: number | null
  /** Null for no colour or one that nobody knows. */
  color: Color | null
  /** The name of a colour that nobody knows; '' for none. */
  strange?: string
}

export interface ForeignLabel {
  /** '' for a label that is a colour and no more. */
  name: string
  /** Null for no colour or one that nobody knows. */
  color: Color | null
  /** The name of a colour that nobody knows; '' for none. */
  strange?: string
}

/** A saved view: who and what it is for by their names. */
export interface ForeignView {
  name: string
  /** Null for everybody's. */
  owner: string | null
  content: Omit<ViewContent, 'assignees' | 'labels'>
  /** '' stands for nobody. */
  people: string[]
  labels: ForeignLabel[]
}

export interface ForeignCard {
  /** The row of a table, the place in a list. */
  at: number
  /** What other cards of the file call it by; '' for nothing. */
  key: string
  title: string
  /** Plain, or with formats. */
  description: string | Formatted
  /** What has no field of its own on a card and is kept as text below the description. */
  notes: Note[]
  /** The key of a column; '' for the first. */
  column: string
  labels: ForeignLabel[]
  /** Names as the file has them. */
  people: string[]
  start: Day | null
  due: Day | null
  /** The days of the month that a repeating card comes back to; null for those of its dates. */
  startDay: number | null
  dueDay: number | null
  priority: Priority | null
  /** Hours. */
  estimate: number | null
  repeat: Repeat | null
  /** Keys of cards. */
  blockedBy: string[]
  checklist: ForeignItem[]
  archived: boolean
  /** It is marked as done, wherever it stands. Here only its column says so. */
  finished: boolean
}

export interface ForeignItem {
  text: string
  done: boolean
  /** What stands behind its text in words, and is counted where the item comes. */
  tells?: 'item-details' | 'subtask-details'
}

export const noteKinds = ['fields', 'attachments', 'comments'] as const
export interface Note {
  about: (typeof noteKinds)[number]
  text: string
}

/** What a person should know about one card before it is imported. */
export interface CardProblem {
  /** The row as a spreadsheet numbers it, or the place in the file's list of cards. */
  row: number
  /** The card's title, where the file has no rows to look it up by. */
  title?: string
  code:
    | 'row-above-headings'
    | 'row-title-empty'
    | 'row-title-long'
    | 'row-description-long'
    | 'row-name-long'
    | 'row-date-unreadable'
    | 'row-date-year'
    | 'row-dates-reversed'
    | 'row-priority-unknown'
    | 'row-estimate-unknown'
    | 'row-repeat-unknown'
    | 'row-repeat-ends'
    | 'row-item-long'
    | 'row-column-unknown'
    | 'row-column-unnamed'
    | 'row-column-empty'
    | 'row-key-twice'
    | 'row-name-twice'
    | 'row-quote-unclosed'
    | 'row-cells-short'
    | 'row-cells-long'
  params: Record<string, string | number>
  /** What becomes of it: no card, a card without this cell, a shortened text, or nothing is lost. */
  effect: 'row-left-out' | 'cell-left-out' | 'shortened' | 'kept'
}

const lossKinds = [
  'descriptions',
  'comments',
  'attachments',
  'attachment-links',
  'markup',
  'custom-fields',
  'fields-twice',
  'keys',
  'votes',
  'watchers',
  'covers',
  'finished-marks',
  'parents',
  'links',
  'subtask-details',
  'item-details',
  'checklist-items',
  'time-records',
  'blocking-cycles',
  'blocking-unknown',
  'labels-unknown',
  'label-colors',
  'label-twins',
  'labels-twice',
  'strange-column-colors',
  'people-unknown',
  'people-twice',
  'rules',
  'views',
  'authors',
  'other-fields',
  'reminders',
  'board-descriptions',
  'swimlanes',
  'checklist-names',
  'history',
  'template-marks',
  'columns-twice',
  'archived-empty',
  'column-limits',
  'limits-strange',
  'columns-unnamed',
  'column-places',
  'column-colors',
  'column-uses',
  'of-no-card',
  'entries-broken',
] as const
export type LossKind = (typeof lossKinds)[number]

export type Kept = 'description' | 'item'

/** A kind of thing that a board has no place for. */
export interface Loss {
  what: LossKind
  count: number
  /** A few of their names, each once. */
  names: string[]
  /** Where it stands as text; null = left out. */
  kept: Kept | null
}

const MOST_NAMES = 8
/** Where the names are the fields that are lost, all of them are shown. */
const MOST_FIELDS = 100
const mostNames = (what: LossKind): number =>
  what === 'other-fields' || what === 'subtask-details' || what === 'item-details' ? MOST_FIELDS : MOST_NAMES
const LONGEST_SHOWN = 60
/** Nearest first. */
const PLACES: readonly Loss['kept'][] = ['item', 'description', null]

/** Counts losses while a file is read. */
export class Losses {
  readonly #byKind = new Map<string, Loss>()

  add(what: LossKind, name = '', kept: Kept | null = null, count = 1): void {
    if (count <= 0) return
    const key = `${what} ${kept}`
    const loss = this.#byKind.get(key) ?? { what, count: 0, names: [], kept }
    this.#byKind.set(key, loss)
    loss.count += count
    const short = shorten(name, LONGEST_SHOWN)
    if (short !== '' && loss.names.length < mostNames(what) && !loss.names.includes(short)) loss.names.push(short)
  }

  /** What another count has found. */
  take({ what, count, names, kept }: Loss): void {
    this.add(what, '', kept, count)
    const loss = this.#byKind.get(`${what} ${kept}`)
    for (const name of names)
      if (loss && loss.names.length < mostNames(what) && !loss.names.includes(name)) loss.names.push(name)
  }

  /** In the order of `lossKinds`; what is kept comes first. */
  list(): Loss[] {
    return [...this.#byKind.values()].sort(
      (a, b) =>
        lossKinds.indexOf(a.what) - lossKinds.indexOf(b.what) || PLACES.indexOf(a.kept) - PLACES.indexOf(b.kept),
    )
  }
}

export const emptyCard = (at: number): ForeignCard => ({
  at,
  key: '',
  title: '',
  description: '',
  notes: [],
  column: '',
  labels: [],
  people: [],
  start: null,
  due: null,
  startDay: null,
  dueDay: null,
  priority: null,
  estimate: null,
  repeat: null,
  blockedBy: [],
  checklist: [],
  archived: false,
  finished: false,
})
