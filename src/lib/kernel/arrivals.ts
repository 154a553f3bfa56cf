import type { Arrival } from './define-kind.ts'
import type { DocId } from './ids.ts'

/**
 * Where an entry is now that was moved, however often: what it became, without what lies in the archive there. `movesOf` gives what
 * an entry of a record of work became elsewhere, archived or not.
 */
export function whereNow<T extends Arrival & { work: DocId }>(
  movesOf: (work: DocId, entity: string) => readonly T[],
  work: DocId,
  entity: string,
): readonly T[] {
  const seen = new Set<T>()
  // What comes in while this goes on is gone through as well.
  for (const one of movesOf(work, entity)) seen.add(one)
  for (const one of seen) for (const next of movesOf(one.work, one.entity)) seen.add(next)
  return [...seen].filter(({ archived }) => !archived)
}
