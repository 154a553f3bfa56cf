import type { Arrival } from './define-kind.ts'
import type { DocId } from './ids.ts'
import type { PutAwayBy, Went } from './put-away.ts'

/** An entry that is there, as it is in its record of work. */
export interface Standing {
  title: string
  /** There is no more to do for it there. */
  finished?: true
}
/** An arrival as the workspace knows it. `origin`: of one that lies in the archive, what it was, where that is there (again). */
export interface KnownArrival extends Arrival {
  origin?: Standing
}
/** Where an entry is now. */
export interface Place extends Standing, Pick<Arrival, 'kept' | 'followed'> {
  work: DocId
  entity: string
  /** Whose device put it there; '' where that is not known, null where it is back. */
  by: string | null
}

/** A move of an entry, and what came of it through however many further ones: that stands, or lies in the archive. */
export interface Way<T> {
  move: T
  end: T
}

/** Names an entry in the whole workspace, as a key of maps and sets. */
export const entryKey = ({ work, entity }: { work: string; entity: string }): string => `${work} ${entity}`

/** All that was moved from one record of work to another. */
export class Moves<T extends KnownArrival & { work: DocId }> {
  readonly #byOrigin: ReadonlyMap<string, readonly T[]>
  readonly #arrivals: ReadonlyMap<string, T>

  constructor(arrivals: readonly T[]) {
    this.#byOrigin = Map.groupBy(arrivals, ({ from }) => entryKey(from))
    this.#arrivals = new Map(arrivals.map((one) => [entryKey(one), one]))
  }

  /** What an entry became elsewhere, also what was archived there since. */
  of(work: DocId, entity: string): readonly T[] {
    return this.#byOrigin.get(entryKey({ work, entity })) ?? []
  }

  /** The arrivals of each entry that was moved. */
  groups(): Iterable<readonly T[]> {
    return this.#byOrigin.values()
  }

  /**
   * The moves of an entry, and where each ended; only those that end in what stands, where there are any. That some end in the
   * archive alone says not that the entry is away by them: it may be back since, and have been archived by hand.
   */
  waysFrom(work: DocId, entity: string): readonly Way<T>[] {
    const seen = new Set([entryKey({ work, entity })])
    const endsOf = (one: T): readonly T[] => {
      seen.add(entryKey(one))
      const further = one.archived ? this.of(one.work, one.entity).filter((next) => !seen.has(entryKey(next))) : []
      return further.length > 0 ? further.flatMap(endsOf) : [one]
    }
    const ways = this.of(work, entity).flatMap((move) => endsOf(move).map((end) => ({ move, end })))
    const standing = ways.filter(({ end }) => !end.archived)
    return standing.length > 0 ? standing : ways
  }

  /** What an entry was two moves ago or more, where that is there again, and what it was between lies in the archive. */
  earlier(work: DocId, entity: string): Place | null {
    let at = this.#arrivals.get(entryKey({ work, entity }))
    const seen = new Set<T>()
    while (at && !seen.has(at)) {
      seen.add(at)
      const before = this.#arrivals.get(entryKey(at.from))
      if (!before?.archived) return null
      if (before.origin) return this.#backIn(before, before.origin)
      at = before
    }
    return null
  }

  /** Who moved an entry on, also to what was archived there since, or who moved it here, where it is back. */
  moversOf(work: DocId, entity: string): readonly string[] {
    const back = this.movedBackBy(work, entity)
    return [...this.of(work, entity).map(({ by }) => by), ...(back === null ? [] : [back])]
  }

  /** Where an entry that is put away went by this person; null where they did not move it, on or back. */
  wentBy(work: DocId, entity: string, { by, takenBack }: PutAwayBy): Went {
    if (by === null) return null
    const ways = this.waysFrom(work, entity).filter(({ move }) => move.by === by)
    if (ways.some(({ end }) => !end.archived) || this.movedBackBy(work, entity) === by) return 'stands'
    if (this.of(work, entity).some((move) => move.by === by)) return 'away'
    return takenBack && this.#isBackNowhere(work, entity) ? 'back' : null
  }

  /** Of an arrival: it stands neither where it came from, nor where it was moved from there. */
  #isBackNowhere(work: DocId, entity: string): boolean {
    const onward = new Set(this.waysFrom(work, entity).map(({ end }) => entryKey(end)))
    return (
      this.#arrivals.has(entryKey({ work, entity })) &&
      this.whereNow(work, entity).every((place) => onward.has(entryKey(place)))
    )
  }

  /** Of an arrival that lies in the archive, and is there again where it came from, who had moved it: taking that back is theirs. */
  movedBackBy(work: DocId, entity: string): string | null {
    const came = this.#arrivals.get(entryKey({ work, entity }))
    return came && this.whereNow(work, entity).some(({ by }) => by === null) ? came.by : null
  }

  /** What an arrival in the archive was, which is there again. */
  #backIn({ from: { work, entity } }: T, origin: Standing): Place {
    return { ...origin, work, entity, by: null }
  }

  /**
   * Where an entry is now that was moved, however often, or that came and is back where it was. What lies in the archive there is
   * nowhere.
   */
  whereNow(work: DocId, entity: string): readonly Place[] {
    const places: Place[] = []
    const seen = new Set([entryKey({ work, entity })])
    // `cut`: of what is gone back to, the move that is not gone along again.
    const ways: { work: DocId; entity: string; cut?: string }[] = [{ work, entity }]
    const isNew = (way: (typeof ways)[number]): boolean => {
      const key = entryKey(way)
      if (seen.has(key)) return false
      seen.add(key)
      ways.push(way)
      return true
    }
    // What comes in while this goes on is gone through as well.
    for (const at of ways) {
      for (const one of this.of(at.work, at.entity)) {
        if (one.from.cut !== at.cut && isNew({ work: one.work, entity: one.entity }) && !one.archived) places.push(one)
      }
      const came = this.#arrivals.get(entryKey(at))
      if (!came?.archived || !isNew(came.from) || !came.origin) continue
      places.push(this.#backIn(came, came.origin))
    }
    return places
  }
}
