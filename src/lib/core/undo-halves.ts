/**
 * Entries that were cut in one record of work and pasted in another are one action, of which either work has one half. Both
 * are taken back together; what the person keeps of it stays in one of both, and never in none or in both.
 */
import type { UndoRow } from '#lib/store/db.ts'
import { partsOf } from '#lib/store/touched.ts'
import type { UndoneEntry } from '#lib/store/undo.ts'
import type { OpenWork, Works } from '#lib/store/works.ts'
import type { Moved } from './api.ts'
import { pathName, type Path } from './undo-made.ts'

export interface Half<Entry extends Pick<UndoRow, 'pasted'>> {
  entry: Entry
  /** Of its work, among which it stands. */
  entries: Entry[]
  work: OpenWork
}

export function movedOf<Entry extends Pick<UndoRow, 'pasted'>>(
  halves: readonly Half<Entry>[],
  works: Works,
  entries: number,
): Moved {
  const title = (isThere: (half: Half<Entry>) => boolean) => {
    const half = halves.find(isThere)
    return half ? titleOf(half.work, works) : ''
  }
  return { from: title(({ entry }) => !entry.pasted), to: title(({ entry }) => entry.pasted !== undefined), entries }
}

export const titleOf = (work: OpenWork, works: Works): string =>
  work.kind.projections.title(work.kind.read(works.plain(work)))

type Pair = readonly [cut: string, pasted: string]

interface HalfPlan {
  half: { work: OpenWork }
  writes: readonly { path: Path }[]
  /** What is to be taken back, also where nothing of it is left to be written. */
  written: readonly { path: Path }[]
  aside: readonly UndoneEntry[]
}

/** Entries of a pair that somebody else has put aside since, as the person is asked about them. */
export const asideOf = ({ half, aside }: HalfPlan, pairs: readonly Pair[]) =>
  aside
    .filter(({ path }) => pairs.some((pair) => pair.some((one) => one === path[1])))
    .map((entry) => ({ ...entry, work: half.work.root, aside: true as const }))

const isAmong = (entry: string, some: readonly { path: Path }[]): boolean => some.some(({ path }) => path[1] === entry)

export const isWritten = (entry: string, plans: readonly Pick<HalfPlan, 'writes'>[]): boolean =>
  plans.some(({ writes }) => isAmong(entry, writes))

/**
 * Whether one of a pair goes again from where it was, and comes again where it went. There nothing came back of what somebody had
 * put away before: it is as they have it.
 */
export function goesAgain([cut, pasted]: Pair, plans: readonly HalfPlan[]): boolean {
  const wasTaken = plans.some(({ written }) => isAmong(pasted, written))
  return isWritten(cut, plans) && (isWritten(pasted, plans) || !wasTaken)
}

/** Where one of a pair is kept, all of both stays as it is. */
export function keptTogether(kept: ReadonlySet<string>, pairs: readonly Pair[]): ReadonlySet<string> {
  const pairOf = new Map(pairs.flatMap((pair) => pair.map((one) => [one, pair] as const)))
  const together = [...kept].flatMap((name) => {
    const [collection = '', entry = ''] = partsOf(name)
    return (pairOf.get(entry) ?? []).map((one) => pathName([collection, one]))
  })
  return new Set([...kept, ...together])
}

export function pairsGone(kept: ReadonlySet<string>, pairs: readonly Pair[]): Pair[] {
  const entries = new Set([...kept].map((name) => partsOf(name)[1]))
  return pairs.filter((pair) => !pair.some((one) => entries.has(one)))
}
