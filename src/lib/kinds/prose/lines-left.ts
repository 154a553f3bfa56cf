/** Lines around what is taken back: which marks of paragraphs stay, and which lines others have taken out since. */
import * as A from '@automerge/automerge/slim'
import { indexesIn, lengthOf, rangeOf, type AnyDoc, type Id } from './places.ts'
import type { Run } from './read-run.ts'
import type { Replaced } from './replaced.ts'
import { lettersOf, MARK } from './theirs.ts'

/** An index of `after`, or what `places` has. */
export type Place = number | Id | null | undefined

/**
 * Of the marks that go, those that stay: where nothing is left on one side but what was written there since, words of others among that,
 * these would be glued to what is left on the other side.
 */
export function keptMarks(
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
export function takenLines(
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
