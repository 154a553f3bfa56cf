/**
 * Taking back what one person wrote in a collaborative text, and nothing of what others wrote there meanwhile, in the middle of it
 * or at its edge: characters that the changes put in go, those that they took out come back where they were, with formats and
 * paragraphs. A place in the text is the id of a character (Automerge's cursor), so it holds whatever has been written since.
 */
import * as A from '@automerge/automerge/slim'
import { spansToFormatted } from './formatted-spans.ts'
import { writeFormat } from './formats.ts'
import { insertLetters, setMark } from './letters.ts'
import type { ProseDraft } from './schema.ts'
import { sameSpans } from './spans.ts'
import { Theirs, writtenSince, type IsTheirs } from './theirs.ts'

type AnyDoc = A.Doc<unknown>
type Id = A.Cursor

/** A character that was taken out and came back is a new one: by the old id, the new. One per text, for as long as its changes are taken back. */
export type CameBack = Map<Id, Id>

/** What others have written since at a place where something was to come back: the actors who did. */
export interface Met {
  /** In the place of what had been put there: what that was written over does not come back. */
  instead: string[]
  /** In a line with what came back, right beside it. */
  beside: string[]
}

/**
 * What takes these changes back, to be written into the draft of a change of `doc`: all of the past is read before that begins. They
 * are one person's, oldest first; `isMine` knows that person's actors.
 */
export function takingBack(
  doc: AnyDoc,
  path: A.Prop[],
  hashes: readonly string[],
  cameBack: CameBack,
  isMine: (actor: string) => boolean,
): (draft: AnyDoc) => Met {
  const runs = runsOf(doc, hashes)
    .reverse()
    .flatMap(({ first, last }) => readRun(doc, path, { first, last, isMine }) ?? [])
  return (draft) => {
    try {
      const met = runs.map((run) => takeBackRun(draft, path, run, cameBack))
      const all = (which: keyof Met) => [...new Set(met.flatMap((one) => one[which]))]
      return { instead: all('instead'), beside: all('beside') }
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
  constructor(doc: AnyDoc, heads: A.Heads, path: A.Prop[], isMuch: boolean) {
    this.view = A.view(doc, heads)
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
  before: TextThen
  after: TextThen
  isTheirs: IsTheirs
}

function readRun(
  doc: AnyDoc,
  path: A.Prop[],
  { first, last, isMine }: { first: A.Heads; last: A.Heads; isMine: (actor: string) => boolean },
): Run | null {
  const patches = A.diff(doc, last, first).filter((patch) => path.every((key, at) => patch.path[at] === key))
  if (patches.length === 0) return null
  const letters = (action: 'del' | 'splice') =>
    patches.reduce((sum, patch) => sum + (patch.action === action ? lettersIn(patch) : 0), 0)
  const [before, after] = [
    new TextThen(doc, first, path, letters('splice') > MUCH),
    new TextThen(doc, last, path, letters('del') > MUCH),
  ]
  const isTheirs = patches.some(({ action }) => action === 'splice') ? writtenSince(doc, last, isMine) : () => false
  return { patches, before, after, isTheirs }
}

const lettersIn = (patch: A.Patch): number =>
  patch.action === 'splice' ? patch.value.length : patch.action === 'del' ? (patch.length ?? 1) : 0

/** Changes that follow each other with nothing of anybody else between them: the heads before and after each run. */
function runsOf(doc: AnyDoc, hashes: readonly string[]): { first: A.Heads; last: A.Heads }[] {
  const runs: { first: A.Heads; last: A.Heads }[] = []
  for (const hash of hashes) {
    const deps = A.inspectChange(doc, hash)?.deps
    if (!deps) continue
    const run = runs.at(-1)
    if (run && deps.length === 1 && deps[0] === run.last[0]) run.last = [hash]
    else runs.push({ first: deps, last: [hash] })
  }
  return runs
}

/** Where something goes and something comes, or either: the characters of `after` that go, and those of `before` that come. */
interface Replaced {
  gone: { start: number; end: number }
  back: { start: number; end: number }
}

/** Patches with nothing between them are of one place. */
function replacedBy(patches: readonly A.Patch[], path: A.Prop[]): ReadonlyMap<A.Patch, Replaced> {
  const byPatch = new Map<A.Patch, Replaced>()
  let last: Replaced | undefined
  for (const patch of patches) {
    const index = patch.path[path.length]
    if (typeof index !== 'number' || patch.path.length > path.length + 1) continue
    const start: number = index - (last ? last.back.end - last.gone.end : 0)
    const place: Replaced =
      last?.back.end === index ? last : { gone: { start, end: start }, back: { start: index, end: index } }
    byPatch.set(patch, place)
    last = place
    if (patch.action === 'insert') place.back.end += patch.values.length
    else if (patch.action === 'del') place.gone.end += lettersIn(patch)
    else place.back.end += lettersIn(patch)
  }
  return byPatch
}

function takeBackRun(
  draft: AnyDoc,
  path: A.Prop[],
  { patches, before, after, isTheirs }: Run,
  cameBack: CameBack,
): Met {
  /** The text between the patches: indexes of `after`, the ids of what has come back already, and null for what does not come. */
  const places: (number | Id | null)[] = Array.from({ length: lengthOf(after.view, path) }, (_, index) => index)
  /** Told at the end: what a patch takes out is not what the one before it has brought back in its stead. */
  const came: [old: Id, id: Id][] = []
  const now = (id: Id): Id => {
    const next = cameBack.get(id)
    return next === undefined ? id : now(next)
  }
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
  /** Where what stands at this index of `before` belongs: beside its own traces, and between its neighbours. */
  const whereTo = (index: number): number => {
    const trace = A.getCursorPosition(draft, path, before.idAt(index))
    const [left, right] = [standing(places[index - 1]), standing(places[index])]
    return Math.min(Math.max(trace, left?.end ?? 0), right?.start ?? Infinity)
  }
  const bringBack = (index: number, at: number, length: number): void => {
    const ids = Array.from({ length }, (_, offset) => A.getCursor(draft, path, at + offset))
    for (const [offset, id] of ids.entries()) came.push([now(before.idAt(index + offset)), id])
    places.splice(index, 0, ...ids)
  }

  const theirs = new Theirs(draft, path, isTheirs)
  const met: Met = { instead: [], beside: [] }
  const replaced = replacedBy(patches, path)
  /** Where others wrote in the place of what had been put there: that counts, and nothing comes back beside it. */
  const over = new Set<Replaced>()
  for (const place of new Set(replaced.values())) {
    const { gone, back } = place
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
  /** Whole lines come back behind what others have begun in their place: these keep that, and a line of their own begins behind it. */
  const behindTheirs = (at: number, index: number, place: Replaced | undefined): number => {
    if (place?.back.start !== index || theirs.before(at).length === 0) return at
    const mark = index > 0 ? blockAt(before.view, path, index - 1) : null
    const { end } = place.back
    if (!mark || (end < lengthOf(before.view, path) && !blockAt(before.view, path, end))) return at
    A.splitBlock(draft, path, at, mark.value)
    return at + 1
  }
  /** Of words that came back, the first character and the last. */
  const words: { first: Id; last: Id }[] = []

  const restored = new Set<Id>()
  for (const patch of patches) {
    const index = patch.path[path.length]
    if (patch.action === 'mark') {
      for (const { name, value, start, end } of patch.marks) {
        const marked = places.slice(start, end).filter(isThere)
        const [from, to] = [rangeOf(draft, path, idAt(marked[0])), rangeOf(draft, path, idAt(marked.at(-1)))]
        const mine = marked.find((place) => typeof place === 'number')
        // Whoever has formatted it otherwise since keeps that.
        if (!from || !to || mine === undefined) continue
        const there = rangeOf(draft, path, idAt(mine))?.start ?? from.start
        if (markAt(draft, path, there, name) !== markAt(after.view, path, mine, name)) continue
        setMark(draft, path, from.start, to.end, name, value)
      }
    } else if (typeof index !== 'number') continue
    else if (patch.path.length > path.length + 1) {
      const id = idAt(places[index])
      const place = places[index]
      const range = rangeOf(draft, path, id)
      if (!id || !range || typeof place !== 'number' || restored.has(id)) continue
      restored.add(id)
      const was = blockAt(before.view, path, index)
      const [mine, there] = [blockAt(after.view, path, place), blockAt(draft, path, range.start)]
      if (!was || !mine || !there || !sameSpans([mine], [there])) continue
      writeMark(draft, path, id, was)
      const written = blockAt(draft, path, range.start)
      if (written && sameSpans([was], [written])) continue
      // What another version has beside it comes back only with a mark that is new.
      A.updateBlock(draft, path, range.start, was.value)
      came.push([id, A.getCursor(draft, path, range.start)])
    } else if (patch.action === 'del') {
      // The last first, so that the places of the others stay.
      for (const { start, end } of rangesOf(draft, path, places.splice(index, patch.length ?? 1).map(idAt)).reverse())
        A.splice(draft, path, start, end - start)
    } else if (patch.action === 'splice') {
      if (isOver(patch)) {
        places.splice(index, 0, ...Array.from({ length: patch.value.length }, () => null))
        continue
      }
      const at = behindTheirs(whereTo(index), index, replaced.get(patch))
      insertLetters(draft, path, at, patch.value, patch.marks ?? {})
      bringBack(index, at, patch.value.length)
      const end = at + patch.value.length
      words.push({ first: A.getCursor(draft, path, at), last: A.getCursor(draft, path, end - 1) })
    } else if (patch.action === 'insert') {
      // Several that stand together are one patch.
      for (let next = index; next < index + patch.values.length; next++) {
        const block = isOver(patch) ? null : blockAt(before.view, path, next)
        if (!block) {
          places.splice(next, 0, null)
          continue
        }
        const at = whereTo(next)
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
const markAt = (doc: AnyDoc, path: A.Prop[], index: number, name: string) => {
  const span = spanAt(doc, path, index)
  return span?.type === 'text' ? span.marks?.[name] : undefined
}
