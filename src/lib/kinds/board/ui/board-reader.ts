/**
 * Reads a board again after a change by looking only at what changed: a mirror keeps the identity of what it did not touch.
 * Law: it gives what `readScreenBoard` gives, and keeps the list of a column in which nothing changed.
 */
import type { WorkDocs } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { compareOrder } from '#lib/kernel/order.ts'
import { entriesOf, fieldsOf, type Fields } from '#lib/kernel/reading.ts'
import { byNewest } from '../queries.ts'
import { labelsInUse, readCard, readRoot, shardsOf, type BoardRoot, type Card, type Label } from '../schema.ts'
import { rootOnScreen, type ScreenBoard } from './screen-board.ts'

interface Reading {
  content: unknown
  root: BoardRoot
  shards: ReadonlyMap<DocId, Fields>
  board: ScreenBoard
}

export function createBoardReader(): (work: WorkDocs) => ScreenBoard {
  let last: Reading | null = null
  return ({ root: rootId, docs }) => {
    const content = docs[rootId]?.doc
    const shards = new Map(shardsOf(docs))
    const root = last && last.content === content ? last.root : readRoot(content)
    // Which cards have a column to be in may have changed for any of them.
    const from = last && (root === last.root || samePlaces(root, last.root)) ? last : null
    const cards =
      takeAhead(content, shards) ??
      (from && from.shards.size > 0
        ? cardsAfter(from.board, changedCards(from.shards, shards), (id) => cardNow(id, shards))
        : firstCards(root, shards))
    const inUse = labelsInUse(root.labels, cards.cards.values())
    const labels = last?.root === root && sameLabels(inUse, last.board.whole.labels) ? last.board.whole.labels : inUse
    const parts =
      last?.board.whole.labels === labels && last.root === root ? last.board : rootOnScreen({ ...root, labels })
    const board = { ...parts, ...cards, whole: { ...root, labels, cardsById: cards.cards } }
    last = { content, root, shards, board }
    return board
  }
}

type Cards = Pick<ScreenBoard, 'cards' | 'cardsIn' | 'lost' | 'archivedCards'>

const samePlaces = (a: BoardRoot, b: BoardRoot): boolean => {
  const [shownA, shownB] = [a, b].map(({ columns }) => columns.filter(({ archived }) => !archived))
  return shownA?.length === shownB?.length && Boolean(shownA?.every(({ id }, index) => id === shownB?.[index]?.id))
}

/** Of one root they differ in nothing but whether a card has brought them back. */
const sameLabels = (a: readonly Label[], b: readonly Label[]): boolean =>
  a.every(({ archived }, index) => archived === b[index]?.archived)

/** Ids of the entries that are not the same object in both. */
function changedCards(before: ReadonlyMap<DocId, Fields>, after: ReadonlyMap<DocId, Fields>): Set<string> {
  const changed = new Set<string>()
  for (const doc of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(doc) ?? {}, after.get(doc) ?? {}]
    if (old === now) continue
    for (const id of Object.keys(now)) if (!Object.hasOwn(old, id) || old[id] !== now[id]) changed.add(id)
    for (const id of Object.keys(old)) if (!Object.hasOwn(now, id)) changed.add(id)
  }
  return changed
}

function cardNow(id: string, shards: ReadonlyMap<DocId, Fields>): Card | null {
  for (const [doc, entries] of shards) {
    const entry = Object.hasOwn(entries, id) ? entries[id] : null
    if (typeof entry === 'object' && entry !== null) return readCard(fieldsOf(entry), id, doc)
  }
  return null
}

const cardsOf = new WeakMap<Fields, { doc: DocId; cards: readonly Card[] }>()
/** The cards of one shard, remembered: they can be read before the board is. */
export function cardsOfShard(doc: DocId, entries: Fields): readonly Card[] {
  const known = cardsOf.get(entries)
  if (known?.doc === doc) return known.cards
  const cards = entriesOf(entries).map(([id, entry]) => readCard(entry, id, doc))
  cardsOf.set(entries, { doc, cards })
  return cards
}

/** All cards where none were known: of 10,000, nothing is looked up that is at hand. */
function firstCards({ columns }: BoardRoot, shards: ReadonlyMap<DocId, Fields>): Cards {
  const cards = new Map<string, Card>()
  for (const [doc, entries] of shards)
    for (const card of cardsOfShard(doc, entries)) if (!cards.has(card.id)) cards.set(card.id, card)
  const cardsIn = new Map(columns.filter(({ archived }) => !archived).map(({ id }): [string, Card[]] => [id, []]))
  const [lost, archivedCards]: [Card[], Card[]] = [[], []]
  for (const card of cards.values())
    if (card.archived) archivedCards.push(card)
    else (cardsIn.get(card.column) ?? lost).push(card)
  for (const list of [...cardsIn.values(), lost]) list.sort(compareOrder)
  return { cards, cardsIn, lost, archivedCards: archivedCards.sort(byNewest) }
}

let ahead: { content: unknown; shards: ReadonlyMap<DocId, Fields>; cards: Cards } | null = null
/** Places the cards before the board is shown, for the first reader that finds the same documents. */
export function placeAhead({ root, docs }: WorkDocs): void {
  const content = docs[root]?.doc
  const shards = new Map(shardsOf(docs))
  ahead = { content, shards, cards: firstCards(readRoot(content), shards) }
}
function takeAhead(content: unknown, shards: ReadonlyMap<DocId, Fields>): Cards | null {
  if (!ahead || shards.size === 0) return null
  const { cards } = ahead
  const same = ahead.content === content && ahead.shards.size === shards.size
  const found = same && [...shards].every(([doc, entries]) => ahead?.shards.get(doc) === entries) ? cards : null
  ahead = null
  return found
}

const pick = ({ cards, cardsIn, lost, archivedCards }: Cards): Cards => ({ cards, cardsIn, lost, archivedCards })

// A column may have any name.
const LOST = Symbol('lost')
const ARCHIVED = Symbol('archived')
type List = string | typeof LOST | typeof ARCHIVED

/** The cards after those with these ids changed. */
function cardsAfter(before: Cards, ids: ReadonlySet<string>, now: (id: string) => Card | null): Cards {
  if (ids.size === 0) return pick(before)
  const cards = new Map(before.cards)
  const coming = new Map<List, Card[]>()
  const comingTo = (list: List): Card[] => {
    const known = coming.get(list)
    if (known) return known
    const made: Card[] = []
    coming.set(list, made)
    return made
  }
  const listOf = (card: Card): List => (card.archived ? ARCHIVED : before.cardsIn.has(card.column) ? card.column : LOST)
  for (const id of ids) {
    const old = cards.get(id)
    // The list that it leaves is made anew, too.
    if (old) comingTo(listOf(old))
    const card = now(id)
    if (card) {
      cards.set(id, card)
      comingTo(listOf(card)).push(card)
    } else cards.delete(id)
  }
  const after = (list: List, known: readonly Card[], compare: (a: Card, b: Card) => number) => {
    const added = coming.get(list)
    return added ? [...known.filter(({ id }) => !ids.has(id)), ...added].sort(compare) : known
  }
  return {
    cards,
    cardsIn: new Map([...before.cardsIn].map(([id, known]) => [id, after(id, known, compareOrder)])),
    lost: after(LOST, before.lost, compareOrder),
    archivedCards: after(ARCHIVED, before.archivedCards, byNewest),
  }
}
