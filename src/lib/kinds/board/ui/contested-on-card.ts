/** What of a card two people changed at once: how it is called, and how one value is kept. */
import type { Conflict, MutationCall } from '#lib/kernel/define-kind.ts'
import type { DocId, PersonId } from '#lib/kernel/ids.ts'
import { fieldsOf, numberOf, textOf, type Fields } from '#lib/kernel/reading.ts'
import { boardsIn } from '../landed.ts'
import { nextCardId, openInSeries } from '../next-card.ts'
import { doneColumns } from '../queries.ts'
import type { Board, Card as BoardCard } from '../schema.ts'
import { calls } from './board-calls.ts'
import {
  contestedWords,
  isContestedField,
  itemWords,
  movedOrBackWords,
  wholeWords,
  writtenWords,
  type Words,
} from './change-words.ts'
import type { Card } from './screen-board.ts'

export interface Elsewhere {
  work: DocId
  calls: (there: Board) => MutationCall[]
}
export interface ContestedOnCard {
  id: string
  name: string
  values: Conflict['values']
  say: (value: unknown, by: PersonId | null) => string
  /** Whose it is where that is more than one person. */
  who?: (value: unknown) => string | null
  /** Write that value: that ends it. */
  keep: (value: unknown) => MutationCall[]
  /** What goes with it on other boards. */
  keepElsewhere?: (value: unknown, by: PersonId | null) => Elsewhere[]
}

/**
 * What a person is asked of a card, one question at a time about one thing: while it is open whether a card stays in the archive or
 * comes back with what was written in a field, that field is part of the one question.
 */
export function askedOnCard(card: Card, conflicts: readonly Conflict[], words: Words): ContestedOnCard[] {
  const place = conflicts.find(({ path: [, , field] }) => field === 'archived')
  const comesBackWith = new Set(
    place?.values.flatMap(({ value }) => (isWritten(value) ? Object.keys(fieldsOf(value)) : [])),
  )
  const asked = conflicts.filter(({ path }) => path.length > 3 || !comesBackWith.has(String(path[2])))
  // Several paragraphs that became one list here and another there are one question.
  const formats = Map.groupBy(asked.filter(isOfFormat), ({ values }) => JSON.stringify(values))
  return [
    ...asked.flatMap((conflict) => (isOfFormat(conflict) ? [] : (contestedOnCard(card, conflict, words) ?? []))),
    ...[...formats.values()].flatMap((list) => formatsOnCard(card, list, words) ?? []),
  ]
}

/** None where this version does not know the field. */
export function contestedOnCard(card: Card, conflict: Conflict, words: Words): ContestedOnCard | null {
  const { path, values } = conflict
  const [, , field, item, part] = path
  const id = path.join(' ')
  if (isOfFormat(conflict)) return formatsOnCard(card, [conflict], words)
  if (field === 'description' && item !== undefined && part !== undefined)
    return (path[5] === 'words' ? wordsOnCard : linkOnCard)(card, conflict, [item, part], words)
  if (field === 'archived') return placeOfCard(card, id, values, words)
  if (isContestedField(field))
    return {
      id,
      name: contestedWords(field, null, words).field,
      values,
      say: (value) => contestedWords(field, value, words).value,
      keep: (value) => [calls.settle(card, field, value)],
    }
  if (isWhole(field) && item === undefined)
    return {
      id,
      name: words.t.versions.fields[field],
      values,
      say: (value) => wholeWords(field, value, words),
      keep: (value) => settleWhole[field](card, value, values),
    }
  if (field !== 'checklist' || item === undefined) return null
  const { t } = words
  if (part === 'text')
    return {
      id,
      name: t.contested.item,
      values,
      say: (value) => textOf(value) || t.contested.empty,
      keep: (value) => [calls.settleItem(card, item, part, value)],
    }
  if (part !== 'removed') return null
  return {
    id,
    name: t.contested.item,
    values,
    say: (value) => (value === true ? t.contested.removed : itemWords(fieldsOf(value))),
    keep: (value) => settleRemoved(card, item, value),
  }
}

const isOfFormat = ({ path: [, , field, block, to] }: Conflict): boolean =>
  field === 'description' && block !== undefined && to === undefined

/** Words of its description to which two people gave an address at once. */
const linkOnCard = (
  card: Card,
  { path, values, of = '' }: Conflict,
  [from, to]: readonly [string, string],
  { t }: Words,
): ContestedOnCard => ({
  id: path.join(' '),
  name: t.contested.link(of),
  values,
  say: (value) => textOf(value) || t.contested.noLink,
  keep: (value) => [calls.keepLink(card.id, from, to, value)],
})

/** Paragraphs of its description that two people formatted at once, all of them in the same ways. */
function formatsOnCard(card: Card, conflicts: readonly Conflict[], { t }: Words): ContestedOnCard | null {
  const [first] = conflicts
  if (!first) return null
  const { path, values, of = '' } = first
  return {
    id: path.join(' '),
    name: t.contested.format(of, conflicts.length - 1),
    values,
    say: (value) => formatWords(fieldsOf(value), t),
    keep: (value) =>
      conflicts.flatMap(({ path: [, , , block] }) =>
        block === undefined ? [] : [calls.keepFormat(card.id, block, value)],
      ),
  }
}

/**
 * Words of its description that two people wrote at once in one place, or one into what the other took out, and lines that ran into one
 * another.
 */
const wordsOnCard = (
  card: Card,
  { path, values, of = '' }: Conflict,
  [from, to]: readonly [string, string],
  { t }: Words,
): ContestedOnCard => ({
  id: path.join(' '),
  name: t.contested.words(of),
  values,
  say: (value) => {
    const { together, once, joined, parted, own, gone, stays, words, line } = fieldsOf(value)
    if (typeof gone === 'string') return gone === '' ? t.contested.tookOutLine : t.contested.tookOut(gone)
    if (typeof line === 'string') return t.contested.atEndOf(textOf(words).trim(), line)
    if (typeof own === 'string') return t.contested.ownLine(own.trim())
    if (Array.isArray(parted)) return t.contested.parted(textOf(parted[0]).trim(), textOf(parted[1]).trim())
    const stands = [together, once, joined, stays, value].find((one) => typeof one === 'string')
    return textOf(stands).trim() || t.contested.empty
  },
  who(value) {
    const { together, once, joined, stays } = fieldsOf(value)
    if (together !== undefined) return t.contested.together
    if (once !== undefined) return t.contested.once
    return stays !== undefined || joined !== undefined ? t.contested.asItStands : null
  },
  keep(value) {
    const { together, once, stays, words, after } = fieldsOf(value)
    const kept = [together, once, stays, words, value].find((one) => typeof one === 'string')
    return [calls.keepWords(card.id, from, to, textOf(kept), typeof after === 'string' ? after : undefined)]
  },
})

function formatWords({ is, level }: Fields, { text }: Words['t']): string {
  switch (is) {
    case 'heading':
      return text.headingOf(numberOf(level, 1))
    case 'unordered-list-item':
      return text.formats.bullets
    case 'ordered-list-item':
      return text.formats.numbers
    case 'blockquote':
      return text.formats.quote
    case 'code-block':
      return text.formats.code
    default:
      return text.plain
  }
}

/** Whether it is archived, or on another board, or here with what somebody wrote in it. */
function placeOfCard(card: Card, id: string, values: Conflict['values'], words: Words): ContestedOnCard {
  const { t, board } = words
  const landed = words.whereNow(card.id)
  const movers = words.moversOf(card.id)
  const isTwice = values.filter(({ value }) => value === true).length > 1
  /** Beside one who moved it to another board, or back, this person has archived it. */
  const isArchive = (value: unknown, by: PersonId | null) =>
    isTwice && value === true && !(by !== null && movers.includes(by))
  const done = doneColumns(board)
  const isFinished = (value: unknown) => isWritten(value) && done.has(textOf(fieldsOf(value)['column']))
  /** It comes again where it went, and finished here it did so here as well. */
  const next =
    card.repeat && landed.length > 0 && values.some(({ value }) => isFinished(value))
      ? openInSeries(board, nextCardId(card.id))
      : []
  const sayPlace = (value: unknown, by: PersonId | null) => {
    if (isWritten(value)) return writtenWords(fieldsOf(value), words)
    const isArchived = isArchive(value, by)
    if (isArchived && landed.length > 0) return t.contested.archivedThere(boards())
    const moved = value === true && !isArchived ? movedOrBackWords(card.id, words, by === null ? null : [by]) : ''
    return moved || contestedWords('archived', value, words).value
  }
  const boards = () => boardsIn(landed, t.board.untitled)
  /** It says as much of the card on another board: there it is written, and the card stays there. */
  const goesAlong = (value: unknown) =>
    isWritten(value) && landed.length > 0 && Object.keys(fieldsOf(value)).every(isOfAnyBoard)
  const sayWritten = (said: string, value: unknown) => {
    if (!isWritten(value) || landed.length === 0) return said
    return goesAlong(value) ? t.contested.writtenThere(said, boards()) : t.contested.backHere(said, boards())
  }
  const sayNext = (said: string, value: unknown) => {
    if (value === true) return t.contested.goesOnThere(said, next.length)
    const isFollowed = landed.some(({ followed }) => followed)
    return isFinished(value) ? t.contested.goesOnHere(said, boards(), isFollowed) : sayWritten(said, value)
  }
  /** Finished or not: it is the one that counts here. */
  const goes = (entity: string, value: unknown, there: Board) =>
    value === true ? [entity] : [entity, ...openInSeries(there, nextCardId(entity)).map(({ id }) => id)]
  return {
    id,
    name: contestedWords('archived', null, words).field,
    values,
    say: (value, by) => (next.length > 0 ? sayNext : sayWritten)(sayPlace(value, by), value),
    keep: (value) => [
      ...settleArchived(card, goesAlong(value) ? true : value),
      ...(value === true ? next.map(({ id }) => calls.archiveCard(id)) : []),
    ],
    keepElsewhere: (value, by) =>
      goesAlong(value)
        ? [...Map.groupBy(landed, ({ work }) => work)].map(([work, cards]) => ({
            work,
            calls: (there) => cards.flatMap(({ entity }) => writeIn(there.cardsById.get(entity), fieldsOf(value))),
          }))
        : isArchive(value, by) || (next.length > 0 && isFinished(value))
          ? [...Map.groupBy(landed, ({ work }) => work)].map(([work, cards]) => ({
              work,
              calls: (there) => cards.flatMap(({ entity }) => goes(entity, value, there).map(calls.archiveCard)),
            }))
          : [],
  }
}

/** Fields that mean the same on every board of the workspace. */
const ofAnyBoard = ['title', 'start', 'due', 'priority', 'estimate', 'repeat', 'assignees'] as const
const isOfAnyBoard = (field: string): field is (typeof ofAnyBoard)[number] => ofAnyBoard.some((one) => one === field)
function writeIn(card: BoardCard | undefined, written: Fields): MutationCall[] {
  if (!card) return []
  return Object.entries(written).flatMap(([field, value]) => {
    if (!isOfAnyBoard(field)) return []
    if (field !== 'assignees') return [calls.settle(card, field, value)]
    return Object.entries(fieldsOf(value)).map(([person, on]) => calls.setAssignee(card.id, person, on === true))
  })
}

/** Of a card that two people began apart: what is kept as a whole. */
type Whole = 'assignees' | 'labels' | 'blockedBy' | 'checklist' | 'description'
const settleWhole: Readonly<Record<Whole, (card: Card, value: unknown, values: Conflict['values']) => MutationCall[]>> =
  {
    assignees: settleSet(calls.setAssignee),
    labels: settleSet(calls.setLabel),
    blockedBy: settleSet(calls.setBlockedBy),
    checklist: settleChecklist,
    description: (card, value) => [calls.keepDescription(card.id, textOf(value))],
  }
const isWhole = (field: string): field is Whole => Object.hasOwn(settleWhole, field)

/** The cards that a person is told of: of one that is archived only that others may have meant it to stay. */
export const contestedCards = (
  conflicts: ReadonlyMap<string, readonly Conflict[]>,
  cards: ReadonlyMap<string, Card>,
): Card[] =>
  [...conflicts].flatMap(([id, list]) => {
    const card = cards.get(id)
    const isTold = card && (!card.archived || list.some(({ path: [, , field] }) => field === 'archived'))
    return isTold ? [card] : []
  })

/** Of a card that is archived: what somebody wrote in it who did not know of that. */
const isWritten = (value: unknown): boolean => typeof value === 'object' && value !== null

/** It comes back with what was chosen: with it goes what others wrote there at once. */
function settleArchived(card: Card, value: unknown): MutationCall[] {
  const written = isWritten(value) ? Object.entries(fieldsOf(value)) : []
  return [
    calls.settle(card, 'archived', value),
    ...written.flatMap(([field, one]) => (isContestedField(field) ? calls.settle(card, field, one) : [])),
  ]
}

const idsIn = (values: Conflict['values']): string[] => [
  ...new Set(values.flatMap(({ value }) => Object.keys(fieldsOf(value)))),
]

function settleSet(set: (card: string, id: string, on: boolean) => MutationCall) {
  return ({ id: card }: Card, value: unknown, values: Conflict['values']) =>
    idsIn(values).map((id) => set(card, id, fieldsOf(value)[id] === true))
}

function settleChecklist({ id: card }: Card, value: unknown, values: Conflict['values']): MutationCall[] {
  return idsIn(values).flatMap((id) => {
    const { text, order, done, removed } = fieldsOf(fieldsOf(value)[id])
    if (text === undefined || removed === true) return [calls.removeChecklistItem(card, id)]
    const isNew = values.some((other) => !Object.hasOwn(fieldsOf(other.value), id))
    return [
      ...(isNew ? [calls.addChecklistItem(card, id, textOf(text), textOf(order))] : []),
      calls.restoreChecklistItem(card, id),
      calls.editChecklistItem(card, id, textOf(text)),
      calls.tickChecklistItem(card, id, done === true),
    ]
  })
}

/** The same of an item. */
function settleRemoved(card: Card, item: string, value: unknown): MutationCall[] {
  const settled = calls.settleItem(card, item, 'removed', value)
  const { text } = fieldsOf(value)
  return value === true || textOf(text) === '' ? [settled] : [settled, calls.settleItem(card, item, 'text', text)]
}
