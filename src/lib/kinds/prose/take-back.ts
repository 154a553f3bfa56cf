/**
 * Taking back what one person wrote in a collaborative text, and nothing of what others wrote there meanwhile, in the middle of it
 * or at its edge: characters that the changes put in go, those that they took out come back where they were, with formats and
 * paragraphs. A place in the text is the id of a character (Automerge's cursor), so it holds whatever has been written since.
 */
import * as A from '@automerge/automerge/slim'
import { spansToFormatted } from './formatted-spans.ts'
import { takenIn } from '../../kernel/groups.ts'
import { standIns, type ChoiceSort, type PutAgain } from './chosen.ts'
import { textIn, writeFormat } from './formats.ts'
import { insertLetters, letterWrites, setMark } from './letters.ts'
import { hrefOf } from './link-mark.ts'
import type { ProseDraft } from './schema.ts'
import { lettersIn, lineOf, replacedBy, type LineOf, type Replaced } from './replaced.ts'
import { sameSpans } from './spans.ts'
import { orderIn } from './text-order.ts'
import { actorOf, countOf, lettersOf, MARK, Since, Theirs } from './theirs.ts'

type AnyDoc = A.Doc<unknown>
type Id = A.Cursor

/** A character that was taken out and came back is a new one: by the old id, the new. One per text, for as long as its changes are taken back. */
export type CameBack = Map<Id, Id>

/** What others have done since at a place where something was to come back: the actors who did. */
export interface Met {
  /** In the place of what had been put there: what that was written over does not come back. */
  instead: string[]
  /** In a line with what came back, right beside it. */
  beside: string[]
  /** They took out the line in which it was: it does not come back. */
  gone: string[]
  /** They have formatted it otherwise, or given it another address: that stays. */
  kept: string[]
}

/**
 * What takes these changes back, to be written into the draft of a change of `doc`: all of the past is read before that begins. They
 * are one person's, oldest first; `isMine` knows that person's actors, `choiceIn` changes by which anybody chose between words.
 */
export function takingBack(
  doc: AnyDoc,
  path: A.Prop[],
  hashes: readonly string[],
  cameBack: CameBack,
  isMine: (actor: string) => boolean,
  choiceIn: ChoiceIn = () => null,
): (draft: AnyDoc) => Met {
  const runs = runsOf(doc, hashes)
    .reverse()
    .flatMap((run) => readRun(doc, path, { ...run, isMine, choiceIn, cameBack }) ?? [])
  return (draft) => {
    try {
      const met = runs.map((run) => takeBackRun(draft, path, run, cameBack))
      const all = (which: keyof Met) => [...new Set(met.flatMap((one) => one[which]))]
      return { instead: all('instead'), beside: all('beside'), gone: all('gone'), kept: all('kept') }
    } finally {
      for (const { before, after } of runs) for (const moment of [before, after]) moment.free()
    }
  }
}

/** The text at a moment. To ask a view for the id of a character takes as long as the text is; of a whole document at once. */
class TextThen {
  readonly view: AnyDoc
  readonly #path: A.Prop[]
  readonly #whole: AnyDoc | null

  /** A copy is made where many ids will be asked for: it takes as long as the document is. */
  constructor(view: AnyDoc, path: A.Prop[], isMuch: boolean) {
    this.view = view
    this.#path = path
    this.#whole = isMuch ? A.clone(this.view) : null
  }
  idAt(index: number): Id {
    return A.getCursor(this.#whole ?? this.view, this.#path, index)
  }
  free(): void {
    if (this.#whole) A.free(this.#whole)
  }
}
const MUCH = 64

interface Run {
  /** From after to before, from left to right: an index left of which all is as it was before. */
  patches: A.Patch[]
  replaced: ReadonlyMap<A.Patch, Replaced>
  before: TextThen
  after: TextThen
  /** The letters before. */
  letters: string
  since: Since
  isOfChoice: boolean
  /** Where characters have been put in again since: in which order all stand, and which those are, in that order. */
  order: ((id: Id) => number | null) | null
  anchors: readonly Anchor[]
  /** Letters that it wrote again as a choice, where those have been taken out since: they do not come back. */
  lost: ReadonlySet<Id>
  /** Of paragraphs that it began, the marks; only where others have done something since. */
  begun: { mark: number; place: Replaced }[]
  /** Lines that it took something out of, where others have taken out the mark of one, or of the next one, since. */
  lines: ReadonlyMap<Replaced, LineTaken>
}
/** Where more has been put in again nobody looks for what stands beside what. */
const MOST_ANCHORS = 2_000
interface Anchor {
  id: Id
  at: number
}
interface LineTaken extends LineOf {
  takers: readonly string[]
  nextTakers: readonly string[]
}

function readRun(
  doc: AnyDoc,
  path: A.Prop[],
  run: {
    first: A.Heads
    hashes: string[]
    isMine: (actor: string) => boolean
    choiceIn: ChoiceIn
    cameBack: CameBack
  },
): Run | null {
  const { first, hashes, isMine, choiceIn, cameBack } = run
  const last = hashes.slice(-1)
  const patches = A.diff(doc, last, first).filter((patch) => path.every((key, at) => patch.path[at] === key))
  if (patches.length === 0) return null
  const amount = (action: 'del' | 'splice') =>
    patches.reduce((sum, patch) => sum + (patch.action === action ? lettersIn(patch) : 0), 0)
  const [then, mine] = [A.view(doc, first), A.view(doc, last)]
  const [letters, lettersAfter] = [lettersOf(then, path), lettersOf(mine, path)]
  const isLater = new Set(A.getChangesMetaSince(doc, last).map(({ hash }) => hash))
  const putAgain = putAgainSince(doc, first, choiceIn)
  const origins = standInsSince(
    doc,
    path,
    putAgain.filter(({ hash }) => isLater.has(hash)),
    cameBack,
  )
  const own = putAgain.filter((one) => 'sort' in one && hashes.includes(one.hash))
  const lost = new Set(
    standInsIn(doc, path, own).flatMap(([old, id]) => (rangeOf(doc, path, latest(cameBack, id)) ? [] : old)),
  )
  const text = textIn(doc, String(path[1]))
  // What somebody has put in and taken back since stays away.
  for (const hash of text === null ? [] : takenNow(putAgain, hashes))
    if (!hashes.includes(hash)) for (const id of lettersPut(doc, text ?? '', hash)) lost.add(id)
  const choices = putAgain.filter((one) => 'sort' in one && one.sort === 'made' && isLater.has(one.hash))
  const since = new Since(doc, first, isMine, { choices, origins })
  since.readFormats(String(path[1]))
  // One's own steps alone follow each other: what is next to what is known from them.
  const isCrossed = putAgain.some(({ hash, actor }) => isLater.has(hash) && !isMine(actor))
  const isKnown = isCrossed && origins.size > 0 && origins.size <= MOST_ANCHORS
  const order = text !== null && isKnown ? orderIn(doc, text, String(path[1])) : null
  const anchors = [...origins.keys()]
    .flatMap((id) => {
      const at = order?.(since.originOf(id))
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
    return lost.has(was) || rangeOf(doc, path, id) ? [] : since.takersOf(id)
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
  const before = new TextThen(then, path, amount('splice') > MUCH)
  const after = new TextThen(mine, path, amount('del') > MUCH || lines.size > 0)
  return {
    patches,
    replaced,
    before,
    after,
    letters,
    since,
    isOfChoice: own.length > 0,
    order,
    anchors,
    lost,
    begun,
    lines,
  }
}

interface Part {
  start: number
  value: string
  comes: boolean
  marks: A.MarkSet
  /** Where it stood, and behind how many of those that have been put in again since. */
  trace: string
}
/** The editor and a choice write an address in their own ways. */
const isSameMark = (name: string, one: A.MarkSet = {}, other: A.MarkSet = {}): boolean =>
  name === 'link' ? hrefOf(one[name]) === hrefOf(other[name]) : one[name] === other[name]
const isSameMarks = (one: A.MarkSet, other: A.MarkSet): boolean =>
  Object.keys({ ...one, ...other }).every((name) => one[name] === other[name])

const indexesIn = ({ start, end }: { start: number; end: number }): number[] =>
  Array.from({ length: end - start }, (_, nth) => start + nth)

/** By a change's message, whether it was a choice between words, or took one back. */
type ChoiceIn = (message: string | null) => ChoiceSort | null

/** Choices since a moment, and what took back, or did again, what had been written before. */
function putAgainSince(doc: AnyDoc, heads: A.Heads, choiceIn: ChoiceIn): (Change & PutAgain)[] {
  let all: readonly Change[] | undefined
  return A.getChangesMetaSince(doc, heads).flatMap((change): (Change & PutAgain)[] => {
    const sort = choiceIn(change.message ?? null)
    if (sort) return [{ ...change, sort }]
    const taken = takenIn(change.message)
    if (!taken) return []
    all ??= A.getChangesMetaSince(doc, [])
    const from = all.findIndex(({ hash }) => hash.startsWith(taken.first))
    const to = from < 0 ? -1 : all.findIndex(({ hash }, at) => at >= from && hash.startsWith(taken.last))
    const takes = to < 0 ? [] : all.slice(from, to + 1).filter(({ actor }) => actor === all?.[from]?.actor)
    return takes.length > 0 ? [{ ...change, takes: takes.map(({ hash }) => hash) }] : []
  })
}

/** Of these changes and those that they took back, the ones that are taken back now; `own` are about to be. */
function takenNow(changes: readonly PutAgain[], own: readonly string[]): ReadonlySet<string> {
  const taken = new Set<string>()
  const takenBy = new Map<string, readonly string[]>()
  const take = (hashes: readonly string[]): void => {
    for (const hash of hashes) {
      taken.add(hash)
      for (const one of takenBy.get(hash) ?? []) taken.delete(one)
    }
  }
  for (const change of changes) {
    if (!('takes' in change)) continue
    takenBy.set(change.hash, change.takes)
    take(change.takes)
  }
  take(own)
  return taken
}
type Change = ReturnType<typeof A.getChangesMetaSince>[number]

function lettersPut(doc: AnyDoc, text: A.ObjID, hash: string): Id[] {
  const change = A.inspectChange(doc, hash)
  const writes = change ? letterWrites(change).filter((write) => write.text === text) : []
  return writes.flatMap(({ runs, marks }) => [...runs.flatMap(({ ids }) => ids), ...marks.map(({ id }) => id)])
}

/** Letters that were put in again, by each the one that it stands for; that one has come back in it, unless it stands there itself. */
function standInsSince(
  doc: AnyDoc,
  path: A.Prop[],
  changes: readonly PutAgain[],
  cameBack: CameBack,
): ReadonlyMap<Id, Id> {
  const pairs = standInsIn(doc, path, changes)
  for (const [old, id] of pairs) {
    const is = latest(cameBack, old)
    // From older ones to newer ones, it never comes round.
    if (countOf(id) > countOf(is) && rangeOf(doc, path, is) === null) cameBack.set(is, id)
  }
  return new Map(pairs.map(([old, id]) => [id, old]))
}

function standInsIn(doc: AnyDoc, [, entry]: A.Prop[], changes: readonly PutAgain[]): [old: Id, id: Id][] {
  const text = changes.length > 0 ? textIn(doc, String(entry)) : null
  return text === null ? [] : standIns(doc, text, changes)
}

const latest = (cameBack: CameBack, id: Id): Id => {
  const next = cameBack.get(id)
  return next === undefined ? id : latest(cameBack, next)
}

/** Changes that follow each other with nothing of anybody else between them, and the heads before each run. */
function runsOf(doc: AnyDoc, hashes: readonly string[]): { first: A.Heads; hashes: string[] }[] {
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

function takeBackRun(draft: AnyDoc, path: A.Prop[], run: Run, cameBack: CameBack): Met {
  const { patches, replaced, before, after, letters, since, isOfChoice, lost, order, anchors, lines } = run
  /** The text between the patches: indexes of `after`, the ids of what has come back already, and null for what does not come. */
  const places: (number | Id | null)[] = Array.from({ length: lengthOf(after.view, path) }, (_, index) => index)
  /** Told at the end: what a patch takes out is not what the one before it has brought back in its stead. */
  const came: [old: Id, id: Id][] = []
  const now = (id: Id): Id => latest(cameBack, id)
  const idAt = (place: Place): Id | null =>
    place === undefined || place === null ? null : now(typeof place === 'number' ? after.idAt(place) : place)
  const isThere = (place: Place): place is number | Id => rangeOf(draft, path, idAt(place)) !== null

  /** Of one that came back, which does not stand where its traces are. */
  const standing = (place: Place) => {
    if (place === undefined || place === null) return null
    const id = typeof place === 'number' ? after.idAt(place) : place
    const is = now(id)
    return is === id && typeof place === 'number' ? null : rangeOf(draft, path, is)
  }
  /** Between those next to it that have been put in again since, and so do not stand where their traces are. */
  const between = (id: Id): readonly [from: number, to: number] => {
    const own = order?.(since.originOf(id)) ?? null
    if (own === null) return [0, Infinity]
    const next = (some: readonly Anchor[]) => {
      for (const one of some) {
        const range = rangeOf(draft, path, one.id)
        if (range) return range
      }
      return null
    }
    const lower = next(anchors.filter(({ at }) => at < own).reverse())
    return [lower?.end ?? 0, next(anchors.filter(({ at }) => at > own))?.start ?? Infinity]
  }
  const goneFrom = new Map<Replaced, number | null>()
  /** Where what goes stands, if a choice put it there: not where its traces are. Asked before it goes. */
  const whereGone = (place: Replaced): number | null => {
    const known = goneFrom.get(place)
    if (known !== undefined) return known
    const gone = isOfChoice || since.isAnyChosen ? indexesIn(place.gone).map(idAt) : []
    const put = gone.filter((id) => id !== null && (isOfChoice || since.isChosen(id)))
    const start = put.flatMap((id) => rangeOf(draft, path, id)?.start ?? [])[0] ?? null
    goneFrom.set(place, start)
    return start
  }
  /** Where what stands at this index of `before` belongs: beside its own traces, or what it is put for, and between its neighbours. */
  const whereTo = (index: number, place: Replaced | undefined): number => {
    const gone = place ? whereGone(place) : null
    const trace = gone ?? A.getCursorPosition(draft, path, before.idAt(index))
    const [left, right] = [standing(places[index - 1]), standing(places[index])]
    const theirLine = place ? rangeOf(draft, path, kept.get(place)?.[0] ?? null) : null
    const at = Math.min(Math.max(trace, left?.end ?? 0), right?.start ?? Infinity, theirLine?.start ?? Infinity)
    const [from, to] = gone === null ? between(before.idAt(index)) : [0, Infinity]
    return from <= to ? Math.min(Math.max(at, from), to) : at
  }
  const bringBack = (index: number, at: number, length: number): void => {
    const ids = Array.from({ length }, (_, offset) => A.getCursor(draft, path, at + offset))
    for (const [offset, id] of ids.entries()) came.push([now(before.idAt(index + offset)), id])
    places.splice(index, 0, ...ids)
  }

  const kept = keptMarks(draft, path, run, idAt)
  const staying = new Set([...kept.values()].flat())
  const taken = takenLines(draft, path, run, idAt)
  const theirs = new Theirs(draft, path, since)
  const met: Met = { instead: [], beside: [], gone: [], kept: [] }
  /** Where others wrote in the place of what had been put there: that counts, and nothing comes back beside it. */
  const over = new Set<Replaced>()
  for (const place of new Set(replaced.values())) {
    const { gone, back } = place
    const chosen = isOfChoice ? indexesIn(gone).flatMap((at) => idAt(at) ?? []) : []
    const later = chosen.filter((id) => since.isChosen(id))
    if (later.length > 0) {
      over.add(place)
      met.instead.push(...later.map(actorOf))
      continue
    }
    const first = gone.end > gone.start && back.end > back.start ? idAt(gone.start) : null
    if (first === null || places.slice(gone.start, gone.end).some(isThere)) continue
    const writers = theirs.around(A.getCursorPosition(draft, path, first))
    if (writers.length > 0) over.add(place)
    met.instead.push(...writers)
  }
  const isOver = (patch: A.Patch): boolean => {
    const place = replaced.get(patch)
    return place !== undefined && over.has(place)
  }
  /** Whether this comes back into a line that others have taken out since; what comes back behind a mark of its own has a line. */
  const isLost = (index: number, place: Replaced | undefined): boolean => {
    const line = place && taken.get(place)
    if (!line) return false
    const words = letters.slice(place.back.start, index)
    const isEnd = letters[index] === MARK && index === place.back.end - 1
    if (line.isWhole ? !isEnd : !isEnd && words.includes(MARK)) return false
    if (!line.isWhole) met.gone.push(...line.by)
    return true
  }
  /** Whether all words of a line come back whose mark is gone. */
  const isWithoutMark = (place: Replaced): boolean => {
    const line = lines.get(place)
    return line !== undefined && line.isWhole && line.mark >= 0 && !isThere(line.mark)
  }
  /** Whole lines come back behind what others have begun in their place: these keep that, and a line of their own begins behind it. */
  const inOwnLine = (at: number, index: number, place: Replaced | undefined): number => {
    if (place?.back.start !== index) return at
    const { end } = place.back
    const isBehind = theirs.before(at).length > 0 && (end === letters.length || letters[end] === MARK)
    if (!isBehind && !isWithoutMark(place)) return at
    const mark = index > 0 ? blockAt(before.view, path, index - 1) : null
    if (!mark) return at
    A.splitBlock(draft, path, at, mark.value)
    return at + 1
  }
  const isAsItWas = lost.size === 0 && !since.isAny && anchors.length === 0
  let along: readonly A.MarkSet[] | undefined
  /** Of letters that stood side by side, what comes, and with which marks: theirs, and those that others have given them since. */
  const partsOf = (value: string, index: number): Part[] => {
    const standing = anchors.filter((one) => rangeOf(draft, path, one.id))
    const traceOf = (id: Id): string => {
      const own = standing.length > 0 ? (order?.(since.originOf(id)) ?? 0) : 0
      const next = standing.findIndex(({ at }) => at >= own)
      return `${A.getCursorPosition(draft, path, id)} ${next}`
    }
    along ??= marksAlong(before.view, path)
    const parts: Part[] = []
    for (const [nth, letter] of value.split('').entries()) {
      const own = along[index + nth] ?? {}
      const id = isAsItWas ? null : before.idAt(index + nth)
      const others = id === null ? [] : Object.entries(since.marksOn(id))
      const all = [...Object.entries(own), ...others.map(([name, one]) => [name, one.value] as const)]
      const marks = Object.fromEntries([...new Map(all)].filter(([, mark]) => mark !== null))
      const [comes, trace] = id === null ? [true, ''] : [!lost.has(id), traceOf(id)]
      const last = parts.at(-1)
      // What others wrote among them stays among them.
      if (last?.comes === comes && last.trace === trace && isSameMarks(last.marks, marks)) last.value += letter
      else parts.push({ start: index + nth, value: letter, comes, marks, trace })
    }
    return parts
  }
  /** Characters have again what lay over them, or what others, apart, have laid there. */
  const setBack = (name: string, value: A.MarkValue | null, stretch: { start: number; end: number }): void => {
    const [there, mine] = [draft, after.view].map((doc) => marksAlong(doc, path))
    const ranges: { start: number; end: number; value: A.MarkValue | null }[] = []
    for (const index of indexesIn(stretch)) {
      const [place, id] = [places[index], idAt(places[index])]
      const range = rangeOf(draft, path, id)
      if (!range || id === null) continue
      const others = since.marksOn(typeof place === 'number' ? after.idAt(place) : id)[name]
      const isMine = typeof place !== 'number' || isSameMark(name, there?.[range.start], mine?.[place])
      // Whoever has formatted it otherwise since keeps that.
      if (!isMine) {
        if (others) met.kept.push(others.by)
        continue
      }
      const last = ranges.at(-1)
      const back = others ? others.value : value
      if (last?.end === range.start && last.value === back) last.end = range.end
      else ranges.push({ ...range, value: back })
    }
    for (const one of ranges) setMark(draft, path, one.start, one.end, name, one.value)
  }
  /** Of words that came back, the first character and the last. */
  const words: { first: Id; last: Id }[] = []

  const restored = new Set<Id>()
  for (const patch of patches) {
    const index = patch.path[path.length]
    if (patch.action === 'mark') {
      for (const { name, value, start, end } of patch.marks) setBack(name, value, { start, end })
    } else if (typeof index !== 'number') continue
    else if (patch.path.length > path.length + 1) {
      const id = idAt(places[index])
      const place = places[index]
      const range = rangeOf(draft, path, id)
      if (!id || !range || typeof place !== 'number' || restored.has(id)) continue
      restored.add(id)
      const was = blockAt(before.view, path, index)
      const [mine, there] = [blockAt(after.view, path, place), blockAt(draft, path, range.start)]
      const others = since.formatOn(id)
      if (!was || !mine || !there || !sameSpans([mine], [there])) {
        if (others) met.kept.push(others.by)
        continue
      }
      if (others) {
        writeFormat(draft as A.Doc<ProseDraft>, String(path[1]), id, others.format, { isChoice: false })
        continue
      }
      writeMark(draft, path, id, was)
      const written = blockAt(draft, path, range.start)
      if (written && sameSpans([was], [written])) continue
      // What another version has beside it comes back only with a mark that is new.
      A.updateBlock(draft, path, range.start, was.value)
      came.push([id, A.getCursor(draft, path, range.start)])
    } else if (patch.action === 'del') {
      const place = replaced.get(patch)
      if (place) whereGone(place)
      // The last first, so that the places of the others stay.
      const ids = places.splice(index, patch.length ?? 1).map(idAt)
      if (isOfChoice && isOver(patch)) continue
      const goes = ids.filter((id) => id !== null && !staying.has(id))
      for (const { start, end } of rangesOf(draft, path, goes).reverse()) A.splice(draft, path, start, end - start)
    } else if (patch.action === 'splice') {
      const place = replaced.get(patch)
      const isNone = isOver(patch) || isLost(index, place)
      for (const { start, value, comes, marks } of partsOf(patch.value, index)) {
        if (isNone || !comes) {
          places.splice(start, 0, ...Array.from({ length: value.length }, () => null))
          continue
        }
        const at = inOwnLine(whereTo(start, place), start, place)
        insertLetters(draft, path, at, value, marks)
        bringBack(start, at, value.length)
        const end = at + value.length
        words.push({ first: A.getCursor(draft, path, at), last: A.getCursor(draft, path, end - 1) })
      }
    } else if (patch.action === 'insert') {
      const place = replaced.get(patch)
      // Several that stand together are one patch.
      for (let next = index; next < index + patch.values.length; next++) {
        const isNone = isOver(patch) || isLost(next, place) || lost.has(before.idAt(next))
        const block = isNone ? null : blockAt(before.view, path, next)
        if (!block) {
          places.splice(next, 0, null)
          continue
        }
        const at = whereTo(next, place)
        const isAlone = place !== undefined && place.back.end - place.back.start === 1
        const beside = isAlone ? theirs.marksAt(at) : []
        if (beside.length > 0) {
          met.instead.push(...beside)
          places.splice(next, 0, null)
          continue
        }
        A.splitBlock(draft, path, at, block.value)
        bringBack(next, at, 1)
      }
    }
  }
  for (const [old, id] of came) cameBack.set(old, id)
  for (const { first, last } of words) {
    const [from, to] = [rangeOf(draft, path, first), rangeOf(draft, path, last)]
    if (from && to) met.beside.push(...theirs.before(from.start), ...theirs.behind(to.end))
  }
  return met
}

/**
 * Of the marks that go, those that stay: where nothing is left on one side but what was written there since, words of others among that,
 * these would be glued to what is left on the other side.
 */
function keptMarks(
  draft: AnyDoc,
  path: A.Prop[],
  { replaced, after, since, begun }: Run,
  idAt: (place: Place) => Id | null,
): ReadonlyMap<Replaced, Id[]> {
  const kept = new Map<Replaced, Id[]>()
  if (begun.length === 0) return kept
  const going = new Set([...new Set(replaced.values())].flatMap(({ gone }) => indexesIn(gone)).map(idAt))
  const letters = lettersOf(draft, path)
  const idThere = (at: number): Id => A.getCursor(draft, path, at)
  const leftIn = (start: number, end: number): number[] =>
    indexesIn({ start, end }).filter((at) => !going.has(idThere(at)))
  const lineBefore = (end: number): number[] => {
    let mark = end
    do mark = mark === 0 ? -1 : letters.lastIndexOf(MARK, mark - 1)
    while (mark >= 0 && going.has(idThere(mark)))
    return leftIn(mark + 1, end)
  }
  for (const { mark, place } of begun) {
    const id = idAt(mark)
    const there = rangeOf(draft, path, id)
    if (!id || !there) continue
    const next = letters.indexOf(MARK, there.end)
    const [above, below] = [lineBefore(there.start), leftIn(there.end, next < 0 ? letters.length : next)]
    const isTheirs = (left: readonly number[]) =>
      left.some((at) => letters.charAt(at).trim() !== '' && since.isTheirs(idThere(at))) &&
      left.every((at) => since.isWrittenOn(idThere(at), after.idAt(mark)))
    if (above.length === 0 || below.length === 0 || (!isTheirs(above) && !isTheirs(below))) continue
    kept.set(place, [...(kept.get(place) ?? []), id])
    going.delete(id)
  }
  return kept
}

/** Where others have taken out the line since: no letter is left of it, and its mark is gone, or has the words of another line. */
function takenLines(
  draft: AnyDoc,
  path: A.Prop[],
  { replaced, after, lines }: Run,
  idAt: (place: Place) => Id | null,
): ReadonlyMap<Replaced, { by: readonly string[]; isWhole: boolean }> {
  const taken = new Map<Replaced, { by: readonly string[]; isWhole: boolean }>()
  if (lines.size === 0) return taken
  const placeOf = (index: number) => rangeOf(draft, path, idAt(index))
  const going = new Set([...new Set(replaced.values())].flatMap(({ gone }) => indexesIn(gone)))
  const [length, letters] = [lengthOf(after.view, path), lettersOf(draft, path)]
  for (const [place, line] of lines) {
    if (indexesIn(line).some(placeOf)) continue
    const mark = line.mark < 0 ? { end: 0 } : placeOf(line.mark)
    if (!mark) {
      taken.set(place, { by: line.takers, isWhole: line.isWhole })
      continue
    }
    // All of a line that stands before the words of another one has its mark, and that one gets its own back.
    if (line.isWhole || placeOf(line.end)) continue
    let other = line.end + 1
    while (other < length && (going.has(other) || !placeOf(other))) other++
    const first = other < length ? placeOf(other) : null
    const isJoined = first !== null && !letters.slice(mark.end, first.end).includes(MARK)
    if (isJoined) taken.set(place, { by: line.nextTakers, isWhole: false })
  }
  for (const [place, { by }] of taken) if (by.length === 0) taken.delete(place)
  return taken
}

/** An index of `after`, or what `places` has. */
type Place = number | Id | null | undefined

/** Where a character is, if it is still there; one beyond the basic plane takes two places. */
function rangeOf(doc: AnyDoc, path: A.Prop[], id: Id | null): { start: number; end: number } | null {
  if (id === null) return null
  // Of one that is gone it is the place of the next; at the end of the text stands a cursor of its own.
  const start = A.getCursorPosition(doc, path, id)
  if (A.getCursor(doc, path, start) !== id) return null
  return { start, end: start + (A.getCursor(doc, path, start + 1) === id ? 2 : 1) }
}

/** Into the mark that is there: what somebody makes of the paragraph apart would be lost with it. */
function writeMark(draft: AnyDoc, [, entry]: A.Prop[], block: Id, span: A.Span): void {
  const [format] = spansToFormatted([span])
  if (format) writeFormat(draft as A.Doc<ProseDraft>, String(entry), block, format, { isChoice: false })
}

/** Where characters stand that are still there: those that stand side by side together, from left to right. */
function rangesOf(doc: AnyDoc, path: A.Prop[], ids: readonly (Id | null)[]): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = []
  for (const id of new Set(ids)) {
    const range = rangeOf(doc, path, id)
    const last = ranges.at(-1)
    if (range && last?.end === range.start) last.end = range.end
    else if (range) ranges.push(range)
  }
  return ranges.sort((a, b) => a.start - b.start)
}

const lengthOf = (doc: AnyDoc, path: A.Prop[]): number =>
  A.spans(doc, path).reduce((sum, span) => sum + (span.type === 'text' ? span.value.length : 1), 0)

/** What stands at an index. Automerge's own `block` and `marksAt` do not look at the moment of a view. */
function spanAt(doc: AnyDoc, path: A.Prop[], index: number): A.Span | null {
  let end = 0
  for (const span of A.spans(doc, path)) {
    end += span.type === 'text' ? span.value.length : 1
    if (index < end) return span
  }
  return null
}
const blockAt = (doc: AnyDoc, path: A.Prop[], index: number) => {
  const span = spanAt(doc, path, index)
  return span?.type === 'block' ? span : null
}
/** What lies over each character. */
const marksAlong = (doc: AnyDoc, path: A.Prop[]): readonly A.MarkSet[] =>
  A.spans(doc, path).flatMap((span) =>
    span.type === 'text' ? Array.from({ length: span.value.length }, () => span.marks ?? {}) : [{}],
  )
