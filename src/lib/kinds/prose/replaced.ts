/** The places in a text where a step of writing put something in or took it out, and the lines in which they are. */
import type * as A from '@automerge/automerge/slim'
import { MARK } from './theirs.ts'

/** Where something goes and something comes, or either: the characters of `after` that go, and those of `before` that come. */
export interface Replaced {
  gone: { start: number; end: number }
  back: { start: number; end: number }
}

/** Patches from after to before, by the place that each is of: with nothing between them they are of one. */
export function replacedBy(patches: readonly A.Patch[], path: A.Prop[]): ReadonlyMap<A.Patch, Replaced> {
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

export const lettersIn = (patch: A.Patch): number =>
  patch.action === 'splice' ? patch.value.length : patch.action === 'del' ? (patch.length ?? 1) : 0

/** What was taken out at a place came from a line: where that is after the step. */
export interface LineOf {
  /** The mark that it begins with; -1 where the text does. */
  mark: number
  /** Its letters about the place. */
  start: number
  end: number
  /** All of its words were taken out, and the mark of the next line with them. */
  isWhole: boolean
}

/** Null where nothing was taken out, or the mark of that line was, too. */
export function lineOf(
  { gone, back }: Replaced,
  places: readonly Replaced[],
  before: string,
  after: string,
): LineOf | null {
  const begin = markBefore(before, back.start)
  const isBack = places.some((one) => one.back.start <= begin && begin < one.back.end)
  if (back.start === back.end || isBack) return null
  const last = places.findLast((one) => one.back.end <= begin)
  const next = after.indexOf(MARK, gone.start)
  const words = before.slice(back.start, back.end).indexOf(MARK)
  return {
    mark: last ? begin - last.back.end + last.gone.end : begin,
    start: markBefore(after, gone.start) + 1,
    end: next < 0 ? after.length : next,
    isWhole: begin + 1 === back.start && words > 0,
  }
}
const markBefore = (letters: string, place: number): number => (place === 0 ? -1 : letters.lastIndexOf(MARK, place - 1))
