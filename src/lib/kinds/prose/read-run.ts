/** What is read of the past before a run of changes in a text is taken back: from after to before, and what others have done since. */
import * as A from '@automerge/automerge/slim'
import { writesOf } from './chosen.ts'
import { textIn } from './formats.ts'
import type { Looks } from './looks.ts'
import { indexesIn, latest, lengthOf, rangeOf, TextThen, type AnyDoc, type CameBack, type Id } from './places.ts'
import { chosenAwayIn, lettersPut, settledIn, stepsNow, type Past } from './put-again.ts'
import { lettersIn, lineOf, replacedBy, type LineOf, type Replaced } from './replaced.ts'
import { orderIn } from './text-order.ts'
import { lettersOf, MARK, Since } from './theirs.ts'

/** Changes that follow each other with nothing of anybody else between them, and the heads before each run. */
export function runsOf(doc: AnyDoc, hashes: readonly string[]): { first: A.Heads; hashes: string[] }[] {
  const runs: { first: A.Heads; hashes: string[] }[] = []
  for (const hash of hashes) {
    const deps = A.inspectChange(doc, hash)?.deps
    if (!deps) continue
    const run = runs.at(-1)
    if (run && deps.length === 1 && deps[0] === run.hashes.at(-1)) run.hashes.push(hash)
    else runs.push({ first: deps, hashes: [hash] })
  }
  return runs
}

export interface Run {
  /** From after to before, from left to right: an index left of which all is as it was before. */
  patches: A.Patch[]
  replaced: ReadonlyMap<A.Patch, Replaced>
  before: TextThen
  after: TextThen
  /** The letters before. */
  letters: string
  since: Since
  /** Where others have put anything in again since. */
  looks: Looks | null
  /** The letter that was first written for which one stands. */
  originOf: (id: Id) => Id
  isOfChoice: boolean
  /** What had been chosen, of a choice that is about to be made again. */
  chosen: readonly Id[]
  /** What stands there of that which it had taken out. */
  chosenOver: readonly Id[]
  /** Where something was laid over letters: those that others have written since, with what lay over them as they did. */
  writtenWith: ReadonlyMap<Id, A.MarkSet>
  /** Where characters have been put in again since: in which order all stand, and which those are, in that order. */
  order: ((id: Id) => number | null) | null
  anchors: readonly Anchor[]
  /** Letters that it wrote again as a choice, where those have been taken out since: they do not come back. */
  isAnyLost: boolean
  isLost: (id: Id) => boolean
  /** Who took a letter out as well, and put others in its place that stand there: it does not come back beside these. */
  replacersOf: (id: Id) => readonly string[]
  /** Of paragraphs that it began, the marks; only where others have done something since. */
  begun: { mark: number; place: Replaced }[]
  /** Lines that it took something out of, where others have taken out the mark of one, or of the next one, since. */
  lines: ReadonlyMap<Replaced, LineTaken>
}
export interface Anchor {
  id: Id
  at: number
}
export interface LineTaken extends LineOf {
  takers: readonly string[]
  nextTakers: readonly string[]
}

/** What stands in the text for any of these letters. */
function standingFor(doc: AnyDoc, path: A.Prop[], originOf: Past['originOf'], letters: readonly Id[]): Id[] {
  const origins = new Set(letters.map(originOf))
  if (origins.size === 0) return []
  const all = indexesIn({ start: 0, end: lengthOf(doc, path) }).map((at) => A.getCursor(doc, path, at))
  return [...new Set(all)].filter((id) => origins.has(originOf(id)))
}

const MUCH = 64
/** Where more has been put in again nobody looks for what stands beside what. */
const MOST_ANCHORS = 2_000

export function readRun(
  doc: AnyDoc,
  path: A.Prop[],
  run: {
    first: A.Heads
    hashes: string[]
    isMine: (actor: string) => boolean
    past: Past
    looks: Looks | null
    cameBack: CameBack
  },
): Run | null {
  const { first, hashes, isMine, past, looks, cameBack } = run
  const last = hashes.slice(-1)
  const patches = A.diff(doc, last, first).filter((patch) => path.every((key, at) => patch.path[at] === key))
  if (patches.length === 0) return null
  const amount = (action: 'del' | 'splice') =>
    patches.reduce((sum, patch) => sum + (patch.action === action ? lettersIn(patch) : 0), 0)
  const [then, mine] = [A.view(doc, first), A.view(doc, last)]
  const [letters, lettersAfter] = [lettersOf(then, path), lettersOf(mine, path)]
  const isLater = new Set(A.getChangesMetaSince(doc, last).map(({ hash }) => hash))
  const { putAgain, standIns, originOf } = past
  const origins = new Map(standIns.flatMap(([old, id, by]) => (isLater.has(by) ? [[id, old]] : [])))
  const own = new Set(putAgain.flatMap((one) => ('sort' in one && hashes.includes(one.hash) ? one.hash : [])))
  const lost = new Set(
    standIns.flatMap(([old, id, by]) => (!own.has(by) || rangeOf(doc, path, latest(cameBack, id)) ? [] : old)),
  )
  const text = textIn(doc, String(path[1]))
  const { taken, again } = stepsNow(putAgain, hashes)
  const isChosenAway = text === null ? () => false : chosenAwayIn(doc, path, text, past, cameBack)
  const takenBy = new Map(putAgain.flatMap((one) => ('takes' in one && !one.counts ? [[one.hash, one.wrote]] : [])))
  const isOfChosenAway = (hash: string) => takenBy.get(hash)?.every(isChosenAway) === true
  // What somebody has put in and taken back since stays away, and what they took out by what was done again.
  for (const hash of text === null ? [] : taken)
    if (!hashes.includes(hash) && !isOfChosenAway(hash))
      for (const id of lettersPut(doc, text ?? '', hash)) lost.add(id)
  for (const hash of text === null ? [] : again)
    if (!isChosenAway(hash))
      for (const { deleted } of writesOf(doc, text ?? '', hash)) for (const id of deleted) lost.add(originOf(id))
  const isLost = (id: Id) => lost.has(id) || lost.has(originOf(id))
  const replacers = new Map<Id, string[]>()
  const isComing = patches.some(({ action }) => action === 'splice')
  for (const { hash, actor } of text !== null && isComing ? A.getChangesMetaSince(doc, first) : []) {
    if (isMine(actor) || taken.has(hash) || hashes.includes(hash)) continue
    for (const { deleted, runs } of writesOf(doc, text ?? '', hash)) {
      const isThere = (id: Id) => rangeOf(doc, path, latest(cameBack, id)) !== null
      if (deleted.length === 0 || !runs.some(({ ids }) => ids.some(isThere))) continue
      for (const id of deleted) replacers.set(id, [...(replacers.get(id) ?? []), actor])
    }
  }
  const choices = putAgain.filter((one) => 'sort' in one && one.sort === 'made' && isLater.has(one.hash))
  const since = new Since(doc, first, isMine, { choices, origins })
  if (!looks) since.readFormats(String(path[1]), settledIn(past, taken))
  // One's own steps alone follow each other: what is next to what is known from them. A choice puts others' letters in again.
  const isCrossed = putAgain.some((one) => isLater.has(one.hash) && ('sort' in one || !isMine(one.actor)))
  const isKnown = isCrossed && origins.size > 0 && origins.size <= MOST_ANCHORS
  const order = text !== null && isKnown ? orderIn(doc, text, String(path[1])) : null
  const anchors = [...origins.keys()]
    .flatMap((id) => {
      const at = order?.(originOf(id))
      return typeof at === 'number' ? { id, at } : []
    })
    .sort((a, b) => a.at - b.at)
  const replaced = replacedBy(patches, path)
  const places = since.isAny ? [...new Set(replaced.values())] : []
  const takersOf = (mark: number): readonly string[] => {
    if (lettersAfter[mark] !== MARK) return []
    const was = A.getCursor(mine, path, mark)
    const id = latest(cameBack, was)
    // Who took back that they had begun it has taken out no line.
    return isLost(was) || rangeOf(doc, path, id) ? [] : since.takersOf(id)
  }
  const lines = new Map<Replaced, LineTaken>()
  for (const place of places) {
    const line = lineOf(place, places, letters, lettersAfter)
    const [takers, nextTakers] = line ? [takersOf(line.mark), takersOf(line.end)] : [[], []]
    if (line && takers.length + nextTakers.length > 0) lines.set(place, { ...line, takers, nextTakers })
  }
  const begun = places.flatMap((place) =>
    indexesIn(place.gone).flatMap((mark) => (lettersAfter[mark] === MARK ? { mark, place } : [])),
  )
  const now = (id: Id) => latest(cameBack, id)
  const madeAgain = putAgain.flatMap((one) =>
    text !== null && 'sort' in one && one.sort === 'back' && own.has(one.hash) ? one.of : [],
  )
  const takenOut = madeAgain.flatMap((hash) => writesOf(doc, text ?? '', hash).flatMap(({ deleted }) => deleted))
  const before = new TextThen(then, path, amount('splice') > MUCH)
  const after = new TextThen(mine, path, amount('del') > MUCH || lines.size > 0)
  return {
    patches,
    replaced,
    before,
    after,
    letters,
    since,
    looks,
    originOf,
    isOfChoice: own.size > 0,
    chosen: madeAgain.flatMap((hash) => lettersPut(doc, text ?? '', hash)).map(now),
    chosenOver: standingFor(doc, path, originOf, takenOut),
    writtenWith:
      text !== null && !looks && patches.some(({ action }) => action === 'mark') ? since.writtenWith(text) : new Map(),
    order,
    anchors,
    isAnyLost: lost.size > 0,
    isLost,
    replacersOf: (id) => replacers.get(id) ?? [],
    begun,
    lines,
  }
}
