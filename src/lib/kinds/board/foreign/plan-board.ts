/**
 * A board as a foreign file has it, to the mutations that put it on a board of ours: which columns and labels have to be
 * made, one card each, and what is said about it first: a preview, what is wrong with which card, what cannot come along.
 * Nothing is written here; the calls are committed together and are one undoable action.
 *
 * Text stays text: a formula is never computed and HTML never becomes markup.
 */
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { compareNames } from '#lib/kernel/names.ts'
import { orderBetween, type RandomBytes } from '#lib/kernel/order.ts'
import { isLongerThanProse, plainText, unformatted, type Formatted, type Paragraph } from '#lib/kernel/formatted.ts'
import type { Pacing } from '../decode-text.ts'
import { LONGEST_LINE, MOST_HOURS, type Board, type Priority } from '../schema.ts'
import {
  Losses,
  noteKinds,
  type CardProblem,
  type ForeignBoard,
  type ForeignCard,
  type ForeignFormat,
  type ForeignLabel,
  type Loss,
} from './foreign-board.ts'
import { planViews } from './plan-views.ts'
import { peopleByName } from './people-by-name.ts'
import { cardPlaces, columnMaker, type PlacedList } from './place-columns.ts'
import { labelMaker } from './place-labels.ts'
import { problemOf } from './problem-of.ts'
import { references } from './references.ts'
import { LONGEST_DESCRIPTION, LONGEST_NAME, manyLines, oneLine, plainName, shorten } from './texts.ts'
import type { ForeignWords } from './words.ts'

export interface PlanOptions {
  board: Board
  people: readonly { id: string; name: string }[]
  newEntity: () => string
  random: RandomBytes
  today: Day
  /** Minutes that the person's clock is ahead of UTC; 0 where it is not given. */
  utcOffset?: number | undefined
  /** The title of the column that is made where neither a card nor the board names one: a word of the interface. */
  firstColumn: string
  /** What the importing person said about names that are nobody's here, by `plainName`: who it is, or null for nobody. */
  matches?: ReadonlyMap<string, string | null> | undefined
  /** Where the importing person said that lists of the file go, by their keys: to which column of the board, or null for a new one. */
  lists?: ReadonlyMap<string, string | null> | undefined
  /** Long texts that the importing person does without. */
  without?: ReadonlySet<LongText> | undefined
  words: ForeignWords
  /** Where all cards go, instead of to the columns that the file names. */
  into?: { column: string; nextOrder: () => string } | undefined
}

/** What of a card may be long; a file of a product brings it unless the importing person does without. */
export const LONG_TEXTS = ['descriptions', 'comments'] as const
export type LongText = (typeof LONG_TEXTS)[number]

export interface LossReport {
  /** Names that are nobody's in the workspace, or more than one person's, with the number of cards. */
  people: { name: string; cards: number }[]
  fileColumns: { heading: string | number; cells: number }[]
  times: number
  rowsLeftOut: number
  others: Loss[]
}

export interface PreviewRow {
  row: number
  title: string
  /** Null for a card that stands without one. */
  column: string | null
  newColumn: boolean
  assignees: string[]
  labels: string[]
  start: Day | null
  due: Day | null
  priority: Priority | null
  description: string
}

export interface ImportPlan {
  format: ForeignFormat
  calls: MutationCall[]
  /** The first cards. */
  preview: PreviewRow[]
  errors: CardProblem[]
  loss: LossReport
  /** Names that nobody bears here, matched by hand or not, most frequent first. */
  strangers: { name: string; cards: number }[]
  lists: PlacedList[]
  /**
   * `archived`: so many of the cards come into the archive, where nobody sees them at first. `lost`: so many stand without a
   * column, because theirs is archived.
   */
  adds: { cards: number; archived: number; lost: number; columns: number; labels: number }
  /** Titles of the new columns that no card comes to. */
  emptyColumns: string[]
  /** Those that columns of the board get. */
  limits: { title: string; limit: number }[]
  /** Of all descriptions together, with what stands in them. */
  letters: number
  /** How many letters of each the file has, whether they come or not. */
  longTexts: Record<LongText, number>
  /** The columns that the board will have, where new ones come. */
  columnsThen: number
  /** In how many columns the cards will be, new ones and known ones. */
  intoColumns: number
  /** Of some date only the person can say which number is the month. */
  eitherWay: boolean
}

/** One action is in memory as a whole, and each letter takes 200 bytes of it: a browser gives a page about 4 GB. */
export const MOST_LETTERS = 10_000_000
const PREVIEW_ROWS = 50
/** A checklist of more items is none; the change that creates such a card would be too large to send. */
const MOST_ITEMS = 500
/** Between two pauses: a few milliseconds of work. */
const PIECE_CARDS = 200
const PIECE_LETTERS = 256 * 1024

/** Rejects with the signal's reason when it is cancelled. */
export async function planBoard(foreign: ForeignBoard, options: PlanOptions, pacing: Pacing): Promise<ImportPlan> {
  const { board, newEntity, random, words, into } = options
  const people = peopleByName(options.people)
  const losses = new Losses()
  const without = options.without ?? new Set()
  for (const loss of foreign.losses) {
    const isLeft = loss.what === 'comments' && loss.kept !== null && without.has('comments')
    losses.take(isLeft ? { ...loss, kept: null } : loss)
  }
  const labels = labelMaker(board, newEntity, words, losses)
  const places = cardPlaces(board, random)
  const boardLabel = (label: ForeignLabel) =>
    labels.idOf({ ...label, name: shorten(oneLine(label.name), LONGEST_NAME) })
  foreign.labels.forEach(boardLabel)
  const columns = columnMaker(board, foreign, options, losses)
  const errors: CardProblem[] = [...foreign.problems]
  const preview: PreviewRow[] = []
  const filled = new Set<string>()
  const cards: MutationCall[] = []
  const strangers = new Map<string, { name: string; cards: number }>()
  // What a file calls a card is its own; a card from the clipboard may wait for one of this board.
  const isHere = (card: string) => into !== undefined && board.cardsById.has(card)
  const { ids, blockers } = references(foreign, newEntity, errors, losses, isHere)
  let letters = 0
  const longTexts = { descriptions: 0, comments: 0 }
  let lettersSince = 0
  let archived = 0
  let lost = 0

  for (const [index, wholeCard] of foreign.cards.entries()) {
    const described = textOfDescription(wholeCard)
    lettersSince += wholeCard.title.length + described.length
    longTexts.descriptions += described.length
    for (const { about, text } of wholeCard.notes) if (about === 'comments') longTexts.comments += text.length
    if (described !== '' && without.has('descriptions')) losses.add('descriptions', oneLine(wholeCard.title))
    const foreignCard = withoutLong(wholeCard, without)
    if (index % PIECE_CARDS === 0 || lettersSince >= PIECE_LETTERS) {
      lettersSince = 0
      pacing.onProgress?.(index, foreign.cards.length)
      await pacing.pause()
      pacing.signal?.throwIfAborted()
    }
    const say = (code: CardProblem['code'], effect: CardProblem['effect'], params: CardProblem['params'] = {}) =>
      void errors.push(problemOf(foreign.format, foreignCard, code, effect, params))
    const name = (text: string, field: string) => {
      const short = shorten(text, LONGEST_NAME)
      if (short !== text) say('row-name-long', 'shortened', { field, limit: LONGEST_NAME, value: short })
      return short
    }

    const wholeTitle = oneLine(foreignCard.title)
    if (wholeTitle === '') say('row-title-empty', 'kept')
    const title = shorten(wholeTitle, LONGEST_LINE) || words.untitled
    /** Plain texts below the description, with an empty line between them. */
    const below = notesOf(foreignCard, words)
    const above: string[] = []
    if (wholeTitle.length > LONGEST_LINE) {
      // The whole title stays readable on the card.
      say('row-title-long', 'kept', { limit: LONGEST_LINE })
      above.push(wholeTitle)
    }
    const { start, due, priority } = foreignCard
    if (start !== null && due !== null && start > due) say('row-dates-reversed', 'kept', { start, due })
    const estimate = estimateOf(foreign.format, foreignCard, say)
    const checklist = checklistOf(foreignCard, newEntity, random, say, losses, below)

    const whole = [...above, manyLines(textOfDescription(foreignCard)), ...below].filter(Boolean).join('\n\n')
    const text = shorten(whole, LONGEST_DESCRIPTION)
    const formatted = formattedOf(foreignCard, above, below)
    const description = text === whole ? (formatted ?? text) : text
    if (text !== whole) say('row-description-long', 'shortened', { limit: LONGEST_DESCRIPTION })

    const assignees = new Set<string>()
    const unknown = new Map<string, string>()
    for (const person of foreignCard.people.map(oneLine)) {
      const id = people.find(person)
      if (id !== null) assignees.add(id)
      else if (plainName(person) !== '') unknown.set(plainName(person), person)
    }
    const labelIds = new Set<string>()
    for (const label of foreignCard.labels) {
      const plain = { ...label, name: oneLine(label.name) }
      labelIds.add(labels.idOf(plain, (text) => name(text, 'labels')))
    }
    for (const [key, person] of unknown) {
      const known = strangers.get(key)
      if (known) known.cards++
      else strangers.set(key, { name: shorten(person, LONGEST_NAME), cards: 1 })
      const match = options.matches?.get(key)
      if (match) assignees.add(match)
      else if (match === undefined)
        labelIds.add(labels.idOf({ name: shorten(`@${person}`, LONGEST_NAME), color: 'gray' }))
    }

    const column = columns.find(foreignCard.column)
    if (column.long) name(column.long, 'column')
    if (column.unknown) say('row-column-unknown', 'kept', { value: column.title })
    if (column.empty && !into) say('row-column-empty', 'kept', { value: column.title })
    if (foreignCard.finished && !column.done) losses.add('finished-marks', title)
    // Said of its first card.
    if (column.unnamed && !filled.has(column.id)) say('row-column-unnamed', 'kept', { value: column.title })
    const card = ids[index] ?? newEntity()
    const sets = { assignees: [...assignees], labels: [...labelIds], blockedBy: blockers[index] ?? [] }
    letters += text.length
    const fields = { title, start, due, priority }
    const place = into
      ? { column: into.column, order: into.nextOrder() }
      : { column: column.id, order: places(column.id) }
    filled.add(place.column)
    const { startDay, dueDay, repeat } = foreignCard
    const args = { card, ...fields, ...place, ...sets, startDay, dueDay, estimate, repeat, checklist, description }
    cards.push({ mutation: 'addCard', args })
    // Other products show nothing of a column that is put away; ours shows what somebody else has put there, without a column.
    const isLost = column.archived && !foreignCard.archived && foreign.format === 'tongzhou'
    if (isLost) lost++
    else if (foreignCard.archived || column.archived) {
      cards.push({ mutation: 'archiveCard', args: { card } })
      archived++
    }
    if (preview.length < PREVIEW_ROWS) {
      preview.push({
        row: foreignCard.at,
        ...fields,
        description: text,
        column: isLost ? null : column.title,
        newColumn: column.isNew,
        assignees: sets.assignees.map(people.nameOf),
        labels: sets.labels.map(labels.nameOf).sort(compareNames),
      })
    }
  }
  pacing.onProgress?.(foreign.cards.length, foreign.cards.length)
  const views = planViews(foreign.views, {
    ...{ board, newEntity, random, losses },
    personOf: (name) => people.find(name) ?? options.matches?.get(plainName(name)) ?? null,
    labelOf: boardLabel,
  })
  const byFrequency = [...strangers.values()].sort((a, b) => b.cards - a.cards || compareNames(a.name, b.name))
  return {
    format: foreign.format,
    calls: [...columns.calls, ...labels.calls, ...views, ...cards],
    preview,
    errors: errors.sort((a, b) => a.row - b.row),
    loss: {
      people: byFrequency.filter(({ name }) => !options.matches?.get(plainName(name))),
      fileColumns: foreign.fileColumns,
      times: foreign.times,
      rowsLeftOut: foreign.cardsLeftOut,
      others: losses.list(),
    },
    strangers: byFrequency,
    lists: columns.lists,
    adds: { cards: foreign.cards.length, archived, lost, columns: columns.made.length, labels: labels.calls.length },
    emptyColumns: columns.made.filter(({ id }) => !filled.has(id)).map(({ title }) => title),
    limits: columns.limits,
    letters,
    longTexts,
    columnsThen: columns.made.length > 0 ? columns.all() : 0,
    intoColumns: filled.size,
    eitherWay: foreign.eitherWay,
  }
}

const withoutLong = (card: ForeignCard, without: ReadonlySet<LongText>): ForeignCard => ({
  ...card,
  description: without.has('descriptions') ? '' : card.description,
  notes: without.has('comments') ? card.notes.filter(({ about }) => about !== 'comments') : card.notes,
})

const EMPTY_LINE: Paragraph = { is: 'paragraph', within: [], runs: [] }
const textOfDescription = ({ description }: ForeignCard): string =>
  typeof description === 'string' ? description : plainText(description)

/** Null for a description without formats, and for one that is too long with what stands around it. */
function formattedOf({ description }: ForeignCard, above: string[], below: string[]): Formatted | null {
  if (typeof description === 'string' || description.length === 0) return null
  const around = (texts: string[]) => texts.filter(Boolean).map(unformatted)
  const parts = [...around(above), description, ...around(below)]
  const whole = parts.flatMap((part, index) => (index === 0 ? part : [EMPTY_LINE, ...part]))
  return isLongerThanProse(whole) ? null : whole
}

type Say = (code: CardProblem['code'], effect: CardProblem['effect'], params?: CardProblem['params']) => void

function notesOf({ notes }: ForeignCard, words: ForeignWords): string[] {
  return noteKinds.flatMap((about) => {
    const lines = notes.filter((note) => note.about === about).map(({ text }) => manyLines(text))
    const heading = words.notes[about]
    return lines.length === 0 ? [] : [heading === '' ? lines.join('\n') : `${heading}\n${lines.join('\n')}`]
  })
}

/** Of other products none is written as 0; whoever writes a 0 into a table means it. */
function estimateOf(format: ForeignFormat, { estimate }: ForeignCard, say: Say): number | null {
  if (estimate === 0 && format !== 'table' && format !== 'tongzhou') return null
  if (estimate === null || (estimate >= 0 && estimate <= MOST_HOURS)) return estimate
  say('row-estimate-unknown', 'cell-left-out', { value: String(estimate) })
  return null
}

/** Items as the mutation takes them. What a long one says in full goes to the description. */
function checklistOf(
  card: ForeignCard,
  newEntity: () => string,
  random: RandomBytes,
  say: Say,
  losses: Losses,
  paragraphs: string[],
): { item: string; text: string; order: string; done: boolean }[] {
  const items: { item: string; text: string; order: string; done: boolean }[] = []
  let last: string | null = null
  for (const { text, done, tells } of card.checklist) {
    const whole = oneLine(text)
    if (whole === '') continue
    if (items.length === MOST_ITEMS) {
      losses.add('checklist-items', oneLine(card.title))
      continue
    }
    const short = shorten(whole, LONGEST_LINE)
    if (short !== whole) {
      say('row-item-long', 'kept', { limit: LONGEST_LINE })
      paragraphs.push(whole)
    }
    if (tells) losses.add(tells, card.title, short === whole ? 'item' : 'description')
    last = orderBetween(last, null, random)
    items.push({ item: newEntity(), text: short, order: last, done })
  }
  return items
}
