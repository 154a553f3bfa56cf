/**
 * Letters of a step of writing that what took it back, or did it again, had not met: another's step had taken them out by then, or put them
 * in since. They are there, or not, as the steps say that count now: where what put them in counts, and nothing does that took them out.
 */
import * as A from '@automerge/automerge/slim'
import { putWithMarks, stepLetters, writesOf } from './chosen.ts'
import { textIn } from './formats.ts'
import { insertLetters } from './letters.ts'
import { placesAt } from './links.ts'
import {
  blockAt,
  lastIn,
  latest,
  lengthOf,
  marksAlong,
  rangeOf,
  rangesOf,
  type AnyDoc,
  type CameBack,
  type Id,
} from './places.ts'
import { chosenAwayIn, stepsNow, type Past } from './put-again.ts'
import { orderIn } from './text-order.ts'
import { actorOf, countOf, isAmong, lettersOf, MARK } from './theirs.ts'

export interface Missed {
  goes: readonly Id[]
  comes: readonly Coming[]
  /** Where a character stands in the order of the text, by the one that it stands for. */
  at: (id: Id) => number | null
}
/** A letter and what lies over it, or what begins a paragraph. */
type Coming = { id: Id; at: number } & (
  { letter: string; marks: A.MarkSet } | { block: Record<string, A.MaterializeValue> }
)

/** What these changes, which are about to be taken back, had not met of the step that they took back, or did again; null where that is nothing. */
export function readMissed(
  doc: AnyDoc,
  path: A.Prop[],
  hashes: readonly string[],
  past: Past,
  cameBack: CameBack,
): Missed | null {
  const { taking, putAgain, standIns, isCrossed, originOf } = past
  const text = textIn(doc, String(path[1]))
  if (!taking || !isCrossed || text === null) return null
  const writes = (some: readonly string[]) => some.flatMap((hash) => writesOf(doc, text, hash))
  const wrote = writes(taking.wrote)
  const met = new Set(writes(hashes).flatMap((write) => [...putWithMarks(write), ...write.deleted].map(originOf)))
  const missedOf = (isPut: boolean) => {
    const { letters, heads } = stepLetters(wrote, isPut)
    return { letters: letters.filter((id) => !met.has(originOf(id))), heads }
  }
  const [coming, going] = [missedOf(!taking.counts), missedOf(taking.counts)]
  if (coming.letters.length + going.letters.length === 0) return null
  const { taken } = stepsNow(putAgain, hashes)
  const changesTaken = A.getChangesMetaSince(doc, []).filter(({ hash }) => taken.has(hash))
  const isTaken = (id: Id) => isAmong(changesTaken, actorOf(id), countOf(id))
  const sorts = new Map(putAgain.map((one) => [one.hash, 'sort' in one ? one.sort : 'back']))
  const again = new Set(standIns.map(([old]) => old))
  const isChosenAway = chosenAwayIn(doc, path, text, past, cameBack)
  const goneNow = new Set(
    A.getChangesMetaSince(doc, wrote[0]?.deps ?? []).flatMap(({ hash }) => {
      const isOther =
        !taken.has(hash) && !taking.wrote.includes(hash) && sorts.get(hash) !== 'back' && !isChosenAway(hash)
      const deleted = isOther ? writes([hash]).flatMap((write) => write.deleted) : []
      return deleted.filter((id) => !sorts.has(hash) || !again.has(id)).map(originOf)
    }),
  )
  const order = orderIn(doc, text, String(path[1]))
  const at = (id: Id) => order(originOf(id))
  const comes = coming.letters.filter((id) => !goneNow.has(originOf(id)) && !isTaken(originOf(id)))
  return { goes: going.letters, comes: readComing(doc, path, text, comes, coming.heads, at), at }
}

function readComing(
  doc: AnyDoc,
  path: A.Prop[],
  text: A.ObjID,
  ids: readonly Id[],
  heads: string[],
  order: Missed['at'],
): Coming[] {
  if (ids.length === 0) return []
  const then = A.view(doc, heads)
  const [letters, marks, places] = [lettersOf(then, path), marksAlong(then, path), placesAt(doc, text, ids, heads)]
  const coming = ids.flatMap((id, nth): Coming[] => {
    const [place, at] = [places[nth] ?? null, order(id)]
    if (place === null || at === null) return []
    const block = letters[place] === MARK ? blockAt(then, path, place) : null
    if (block) return [{ id, at, block: block.value }]
    return [{ id, at, letter: String.fromCodePoint(letters.codePointAt(place) ?? 0), marks: marks[place] ?? {} }]
  })
  return coming.sort((one, other) => one.at - other.at)
}

/** Into the draft of a change in which all else has been taken back. */
export function writeMissed(draft: AnyDoc, path: A.Prop[], { goes, comes, at }: Missed, cameBack: CameBack): void {
  const now = (id: Id) => latest(cameBack, id)
  for (const { start, end } of rangesOf(draft, path, goes.map(now)).reverse()) A.splice(draft, path, start, end - start)
  const missing = comes.filter(({ id }) => !rangeOf(draft, path, now(id)))
  if (missing.length === 0) return
  const olds = new Map([...cameBack].map(([old, id]) => [id, old]))
  const there = Array.from({ length: lengthOf(draft, path) }, (_, place) => {
    const id = A.getCursor(draft, path, place)
    return { id, at: at(lastIn(olds, id)) ?? at(id) ?? -1 }
  })
  for (const one of missing) {
    const before = there.filter((other) => other.at < one.at)
    const last = before.reduce<(typeof there)[number] | null>(
      (far, other) => (far && far.at >= other.at ? far : other),
      null,
    )
    const place = (last && rangeOf(draft, path, last.id)?.end) ?? 0
    if ('block' in one) A.splitBlock(draft, path, place, one.block)
    else insertLetters(draft, path, place, one.letter, one.marks)
    const id = A.getCursor(draft, path, place)
    cameBack.set(now(one.id), id)
    there.push({ id, at: one.at })
  }
}
