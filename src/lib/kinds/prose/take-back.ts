/**
 * Taking back what one person wrote in a collaborative text, and nothing of what others wrote there meanwhile, in the middle of it
 * or at its edge: characters that the changes put in go, those that they took out come back where they were, with formats and
 * paragraphs. A place in the text is the id of a character (Automerge's cursor), so it holds whatever has been written since.
 */
import * as A from '@automerge/automerge/slim'
import { spansToFormatted } from './formatted-spans.ts'
import { writeFormat } from './formats.ts'
import { insertLetters, setMark } from './letters.ts'
import { isSameFormat, looksIn, writeLooks } from './looks.ts'
import { readMissed, writeMissed } from './missed.ts'
import { keptMarks, takenLines, type Place } from './lines-left.ts'
import { isSameMark } from './link-mark.ts'
import {
  blockAt,
  indexesIn,
  latest,
  lengthOf,
  marksAlong,
  rangeOf,
  rangesOf,
  type AnyDoc,
  type CameBack,
  type Id,
} from './places.ts'
import { learnIn, readPast, settledIn, stepsNow, type ChoiceIn } from './put-again.ts'
import { readRun, runsOf, type Anchor, type Run } from './read-run.ts'
import type { ProseDraft } from './schema.ts'
import type { Replaced } from './replaced.ts'
import { sameSpans } from './spans.ts'
import { actorOf, MARK, Theirs } from './theirs.ts'

/** What others have done since at a place where something was to come back: the actors who did. */
export interface Met {
  /** In the place of what had been put there: what that was written over does not come back. */
  instead: string[]
  /** In a line with what came back, right beside it; or of one word now with what had stood elsewhere. */
  beside: string[]
  /** They took out what stood around what came back. */
  around: string[]
  /** They took out the line in which it was: it does not come back. */
  gone: string[]
  /** They took out, or took back, what had been chosen: it is not chosen again. */
  taken: string[]
  /** They have formatted it otherwise, or given it another address: that stays. */
  kept: string[]
}

export const nothingMet = (): Met => ({ instead: [], beside: [], around: [], gone: [], taken: [], kept: [] })

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
): TakingBack {
  const past = readPast(doc, String(path[1]), hashes, { choiceIn, isMine })
  learnIn(doc, path, past.standIns, cameBack)
  const { taken } = stepsNow(past.putAgain, hashes)
  const { originOf } = past
  const wrote = past.taking?.wrote ?? hashes
  const looks = past.isCrossed
    ? looksIn(doc, String(path[1]), { settled: settledIn(past, taken), wrote, originOf })
    : null
  const runs = runsOf(doc, hashes)
    .reverse()
    .flatMap((run) => readRun(doc, path, { ...run, isMine, past, looks, cameBack }) ?? [])
  const missed = readMissed(doc, path, hashes, past, cameBack)
  const write = (draft: AnyDoc): Met => {
    try {
      const written = runs.map((run) => takeBackRun(draft, path, run, cameBack))
      if (missed) writeMissed(draft, path, missed, cameBack)
      const kept = looks ? writeLooks(draft, path, looks, cameBack) : []
      for (const { lookBeside } of written) lookBeside()
      const met = [...written.map((one) => one.met), { ...nothingMet(), kept }]
      const all = (which: keyof Met) => [...new Set(met.flatMap((one) => one[which]))]
      return {
        instead: all('instead'),
        beside: all('beside'),
        around: all('around'),
        gone: all('gone'),
        taken: all('taken'),
        kept: all('kept'),
      }
    } finally {
      for (const { before, after } of runs) for (const moment of [before, after]) moment.free()
    }
  }
  const whoBefore = () => {
    const all = runs.map((run) => whoBeforeIn(doc, path, run, cameBack))
    const of = (which: keyof Before) => [...new Set(all.flatMap((one) => one[which]))]
    return { taken: of('taken'), back: of('back') }
  }
  return { write, whoBefore, isAnything: runs.length > 0 || past.taking !== null }
}

export interface TakingBack {
  /** Into the draft of a change. */
  write: (draft: AnyDoc) => Met
  /** Where that wrote nothing, before anything else is written: who has come before with what there was to do. */
  whoBefore: () => Before
  /** Whether the changes had changed anything. */
  isAnything: boolean
}

export interface Before {
  /** They took it out, or took back that they had put it in. */
  taken: string[]
  /** They took it out as well, and took that back: it is there again. */
  back: string[]
}

function whoBeforeIn(doc: AnyDoc, path: A.Prop[], run: Run, cameBack: CameBack): Before {
  const { patches, before, after, letters, since, replaced, originOf, isLost } = run
  const [gone, back] = [new Set<Id>(), new Set<Id>()]
  for (const { gone: put, back: taken } of new Set(replaced.values())) {
    for (const at of indexesIn(put)) gone.add(after.idAt(at))
    for (const at of indexesIn(taken)) if (at < letters.length) back.add(before.idAt(at))
  }
  for (const patch of patches) {
    const index = patch.path[path.length]
    const isFormat = typeof index === 'number' && patch.path.length > path.length + 1
    for (const at of patch.action === 'mark' ? patch.marks.flatMap(indexesIn) : isFormat ? [index] : [])
      gone.add(after.idAt(at))
  }
  const takersOf = (id: Id) => {
    const now = latest(cameBack, id)
    return rangeOf(doc, path, now) ? [] : [...since.takersOf(id), ...since.takersOf(now)]
  }
  const lost = [...back].filter(isLost).flatMap((id) => {
    const takers = takersOf(id)
    return takers.length > 0 ? takers : actorOf(originOf(id))
  })
  const again = [...back].filter((id) => rangeOf(doc, path, latest(cameBack, id)) !== null)
  return { taken: [...[...gone].flatMap(takersOf), ...lost], back: again.map((id) => actorOf(latest(cameBack, id))) }
}

interface Part {
  start: number
  value: string
  is: 'coming' | 'there' | 'lost'
  marks: A.MarkSet
  /** Where it stood, and behind how many of those that have been put in again since. */
  trace: string
}
const isSameMarks = (one: A.MarkSet, other: A.MarkSet): boolean =>
  Object.keys({ ...one, ...other }).every((name) => one[name] === other[name])

/** `lookBeside` is for when all else is written: what stands beside it now may go. */
function takeBackRun(
  draft: AnyDoc,
  path: A.Prop[],
  run: Run,
  cameBack: CameBack,
): { met: Met; lookBeside: () => void } {
  const { patches, replaced, before, after, letters, since, isOfChoice, looks, order, anchors, lines } = run
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
    const own = order?.(run.originOf(id)) ?? null
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
  const met = nothingMet()
  /** Where others wrote in the place of what had been put there: that counts, and nothing comes back beside it. */
  const over = new Set<Replaced>()
  const chosenOver = run.chosenOver.filter((id) => rangeOf(draft, path, id))
  const isNoneBack = [...new Set(replaced.values())].every(({ back }) => back.start === back.end)
  for (const place of new Set(replaced.values())) {
    const { gone, back } = place
    const chosen = isOfChoice ? indexesIn(gone).flatMap((at) => idAt(at) ?? []) : []
    const later = [...chosen, ...chosenOver].filter((id) => since.isChosen(id))
    if (later.length > 0) {
      over.add(place)
      met.instead.push(...later.map(actorOf))
      continue
    }
    // Of what had been chosen nothing may be left to come back, and then it had not gone with the choice.
    const lost = !isOfChoice ? [] : isNoneBack ? run.chosen : indexesIn(back).map((at) => before.idAt(at))
    if (lost.length > 0 && (isNoneBack || lost.every((id) => run.isLost(id)))) {
      over.add(place)
      const takers = lost.flatMap((id) => [...since.takersOf(id), ...since.takersOf(now(id))])
      met.taken.push(...(takers.length > 0 ? takers : lost.map((id) => actorOf(run.originOf(id)))))
      continue
    }
    const first = gone.end > gone.start && back.end > back.start ? idAt(gone.start) : null
    if (first === null || places.slice(gone.start, gone.end).some(isThere)) continue
    const writers = theirs.around(A.getCursorPosition(draft, path, first))
    if (writers.length > 0) over.add(place)
    met.instead.push(...writers)
  }
  if (over.size === 0)
    for (const { start, end } of rangesOf(draft, path, chosenOver).reverse()) A.splice(draft, path, start, end - start)
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
  const going = new Set([...new Set(replaced.values())].flatMap(({ gone }) => indexesIn(gone)).map(idAt))
  const stays = (id: Id) => !going.has(now(id)) && rangeOf(draft, path, now(id)) !== null
  const isAsItWas = !run.isAnyLost && !since.isAny && anchors.length === 0
  const marksOf = (id: Id, own: A.MarkSet): (readonly [name: string, value: A.MarkValue | null])[] =>
    looks
      ? [...new Set([...Object.keys(own), ...looks.namesOn(id)])].map(
          (name) => [name, looks.markOn(id, name, own[name] ?? null).value] as const,
        )
      : Object.entries(since.marksOn(id)).map(([name, { value }]) => [name, value] as const)
  let along: readonly A.MarkSet[] | undefined
  /** Of letters that stood side by side, what comes, and with which marks: theirs, and those that others have given them since. */
  const partsOf = (value: string, index: number): Part[] => {
    const standing = anchors.filter((one) => rangeOf(draft, path, one.id))
    const traceOf = (id: Id): string => {
      const own = standing.length > 0 ? (order?.(run.originOf(id)) ?? 0) : 0
      const next = standing.findIndex(({ at }) => at >= own)
      return `${A.getCursorPosition(draft, path, id)} ${next}`
    }
    along ??= marksAlong(before.view, path)
    const parts: Part[] = []
    for (const [nth, letter] of value.split('').entries()) {
      const own = along[index + nth] ?? {}
      const id = isAsItWas ? null : before.idAt(index + nth)
      const others = id === null ? [] : marksOf(id, own)
      const all = [...Object.entries(own), ...others]
      const marks = Object.fromEntries([...new Map(all)].filter(([, mark]) => mark !== null))
      // Who took it out, too, may have brought it back.
      const replacers = id === null ? [] : run.replacersOf(id)
      met.instead.push(...replacers)
      const isOut = id !== null && (run.isLost(id) || replacers.length > 0)
      const is = id === null ? 'coming' : isOut ? 'lost' : stays(id) ? 'there' : 'coming'
      const trace = id === null ? '' : traceOf(id)
      const last = parts.at(-1)
      // What others wrote among them stays among them.
      if (last?.is === is && last.trace === trace && isSameMarks(last.marks, marks)) last.value += letter
      else parts.push({ start: index + nth, value: letter, is, marks, trace })
    }
    return parts
  }
  /** Letters of others among these, over which that lies only because it lay over those around them: they have what they were written with. */
  const strandedIn = (
    name: string,
    stretch: { start: number; end: number },
    there: readonly A.MarkSet[] | undefined,
    mine: readonly A.MarkSet[] | undefined,
  ): { start: number; end: number; value: A.MarkValue | null }[] => {
    if (run.writtenWith.size === 0) return []
    const ids = indexesIn(stretch).flatMap((index) => idAt(places[index]) ?? [])
    const at = ids.map((id) => A.getCursorPosition(draft, path, id))
    const laid = indexesIn(stretch).flatMap((index) => {
      const place = places[index]
      return typeof place === 'number' ? (mine?.[place]?.[name] ?? null) : []
    })[0]
    // Of letters that are gone it is not known on which side of theirs they stood.
    const isTheirs = (place: number) => {
      const id = place < 0 || place >= (there?.length ?? 0) ? null : A.getCursor(draft, path, place)
      return id !== null && run.writtenWith.has(id)
    }
    let [start, end] = [Math.min(...at), Math.max(...at)]
    while (isTheirs(start - 1)) start--
    while (isTheirs(end)) end++
    return indexesIn({ start, end }).flatMap((place) => {
      const id = A.getCursor(draft, path, place)
      const written = run.writtenWith.get(id)
      const range = written ? rangeOf(draft, path, id) : null
      const [is, was] = [there?.[place]?.[name] ?? null, written?.[name] ?? null]
      return range && isSameMark(name, is, laid) && !isSameMark(name, is, was) ? [{ ...range, value: was }] : []
    })
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
      const isMine = typeof place !== 'number' || isSameMark(name, there?.[range.start]?.[name], mine?.[place]?.[name])
      // Whoever has formatted it otherwise since keeps that.
      if (!isMine) {
        if (others) met.kept.push(others.by)
        continue
      }
      const last = ranges.at(-1)
      const back = others ? others.value : value
      if (others && isSameMark(name, there?.[range.start]?.[name], back)) {
        met.kept.push(others.by)
        continue
      }
      if (last?.end === range.start && last.value === back) last.end = range.end
      else ranges.push({ ...range, value: back })
    }
    for (const one of [...ranges, ...strandedIn(name, stretch, there, mine)])
      setMark(draft, path, one.start, one.end, name, one.value)
  }
  /** What stood before and behind what went. */
  const gaps: Id[][] = []
  /** Of words that came back, the first character and the last, and those that they stood between. */
  const words: { first: Id; last: Id; left: Id | null; right: Id | null }[] = []

  /** Where neither what stood before it nor what stood behind it in its line is there, who has taken that out. */
  const takenAround = (start: number, end: number): string[] => {
    const beside = [start - 1, end].filter((at) => letters[at] !== undefined && letters[at] !== MARK)
    const ids = beside.map((at) => before.idAt(at))
    if (ids.length < 2 || ids.some((id) => rangeOf(draft, path, now(id)))) return []
    const takers = ids.map((id) => [...since.takersOf(id), ...since.takersOf(now(id))])
    return takers.every((some) => some.length > 0) ? takers.flat() : []
  }

  const restored = new Set<Id>()
  for (const patch of patches) {
    const index = patch.path[path.length]
    if (patch.action === 'mark') {
      // Where all that counts is known, that is written at the end.
      for (const { name, value, start, end } of looks ? [] : patch.marks) setBack(name, value, { start, end })
    } else if (typeof index !== 'number') continue
    else if (patch.path.length > path.length + 1) {
      const id = idAt(places[index])
      const place = places[index]
      const range = rangeOf(draft, path, id)
      if (!id || !range || typeof place !== 'number' || restored.has(id) || looks?.formatOf(id)) continue
      restored.add(id)
      const was = blockAt(before.view, path, index)
      const [mine, there] = [blockAt(after.view, path, place), blockAt(draft, path, range.start)]
      const others = since.formatOn(id)
      if (!was || !mine || !there || !sameSpans([mine], [there])) {
        if (others) met.kept.push(others.by)
        continue
      }
      if (others) {
        if (isSameFormat(spansToFormatted([there])[0], others.format)) met.kept.push(others.by)
        else writeFormat(draft as A.Doc<ProseDraft>, String(path[1]), id, others.format, { isChoice: false })
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
      for (const { start, end } of rangesOf(draft, path, goes).reverse()) {
        if (start > 0) gaps.push([start - 1, end].map((at) => A.getCursor(draft, path, at)))
        A.splice(draft, path, start, end - start)
      }
    } else if (patch.action === 'splice') {
      const place = replaced.get(patch)
      const isNone = isOver(patch) || isLost(index, place)
      for (const { start, value, is, marks } of partsOf(patch.value, index)) {
        if (isNone || is !== 'coming') {
          const isThere = is === 'there'
          places.splice(
            start,
            0,
            ...Array.from(value.split(''), (_, nth) => (isThere ? before.idAt(start + nth) : null)),
          )
          continue
        }
        const at = inOwnLine(whereTo(start, place), start, place)
        insertLetters(draft, path, at, value, marks)
        bringBack(start, at, value.length)
        const end = at + value.length
        words.push({
          ...{ first: A.getCursor(draft, path, at), last: A.getCursor(draft, path, end - 1) },
          left: start > 0 ? run.originOf(before.idAt(start - 1)) : null,
          right: start + value.length < letters.length ? run.originOf(before.idAt(start + value.length)) : null,
        })
        met.around.push(...takenAround(start, start + value.length))
      }
    } else if (patch.action === 'insert') {
      const place = replaced.get(patch)
      // Several that stand together are one patch.
      for (let next = index; next < index + patch.values.length; next++) {
        const id = before.idAt(next)
        if (stays(id)) {
          places.splice(next, 0, id)
          continue
        }
        const isNone = isOver(patch) || isLost(next, place) || run.isLost(id)
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
  const lookBeside = (): void => {
    for (const { first, last, left, right } of words) {
      const [from, to] = [rangeOf(draft, path, first), rangeOf(draft, path, last)]
      if (!from || !to) continue
      met.beside.push(...theirs.before(from.start), ...theirs.behind(to.end))
      met.beside.push(...theirs.gluedTo(from.start, from.start - 1, left), ...theirs.gluedTo(to.start, to.end, right))
    }
    for (const [before = '', behind = ''] of gaps) {
      const [left, right] = [rangeOf(draft, path, before), rangeOf(draft, path, behind)]
      if (left && left.end === right?.start) met.beside.push(...theirs.joined(left.start, right.start))
    }
  }
  return { met, lookBeside }
}

/** Into the mark that is there: what somebody makes of the paragraph apart would be lost with it. */
function writeMark(draft: AnyDoc, [, entry]: A.Prop[], block: Id, span: A.Span): void {
  const [format] = spansToFormatted([span])
  if (format) writeFormat(draft as A.Doc<ProseDraft>, String(entry), block, format, { isChoice: false })
}
