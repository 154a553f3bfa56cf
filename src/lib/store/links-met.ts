/**
 * Addresses and letters that met: one gave words an address, or took one away, and another, apart, put letters among these words, beside
 * them or in their place. The link then lies over all of those letters, over some or over none, and who wrote it had seen none of them
 * (docs/decisions/0015). It is read from the text as it was when the two met, so that nobody settles or opens anything by writing beside it.
 */
import { contestedField, type ContestedField } from './contested.ts'
import { isOfWord, type Run, type Stretch, type TextNow, type TextThen, type Writer } from './text-now.ts'

/** A change that wrote links in a text, and where: the ids of both ends, and their places of now. */
export interface LinkWriter extends Writer {
  deps: string[]
  ranges: { begin: string; end: string; from: number; to: number }[]
  /** Somebody chose between those that had met, also where it is the one that counted. */
  isChoice: boolean
  /** Somebody took such a choice back. */
  isChoiceBack: boolean
}

export interface ContestedStretch extends Stretch {
  values: ContestedField['values']
}

/** In the order of the text; none of a part of another one. */
export function linksOverLetters(now: TextNow, writers: readonly LinkWriter[]): ContestedStretch[] {
  const found = new Map<string, ContestedStretch>()
  for (const writer of writers) {
    const looked = new Set<Run>()
    for (const run of now.runs) {
      if (looked.has(run) || !now.areApart(run.by, writer)) continue
      const meeting = Meeting.of(now, writers, writer, run)
      if (!meeting) continue
      for (const other of meeting.runs) looked.add(other)
      const told = meeting.told()
      if (!told) continue
      const name = `${told.start} ${told.end}`
      const before = found.get(name)?.values ?? []
      found.set(name, { ...told, values: valuesOf(told.values[0]?.value, [...before, ...told.values]) })
    }
  }
  const inOrder = [...found.values()].sort((a, b) => a.start - b.start || b.end - a.end)
  return inOrder.filter(({ start }, at) => !inOrder.slice(0, at).some(({ end }) => start < end))
}

const valuesOf = (counts: unknown, values: ContestedField['values']): ContestedField['values'] =>
  contestedField(['', '', ''], counts, values).flatMap((field) => field.values)

/** One person's link, and what another one wrote there. */
class Meeting {
  /** What they wrote side by side. */
  readonly runs: ReadonlySet<Run>
  readonly #now: TextNow
  readonly #all: readonly LinkWriter[]
  readonly #writer: LinkWriter
  readonly #by: Writer
  readonly #stretch: Stretch
  /** All that who wrote the link did to links as long as they knew nothing of the letters. */
  readonly #hers: readonly LinkWriter[]
  /** The text before that and behind it, behind what the other one wrote knowing nothing of the link, and with both. */
  readonly #before: TextThen
  readonly #after: TextThen
  readonly #his: TextThen
  readonly #met: TextThen

  /** Null where the two did not meet. */
  static of(now: TextNow, all: readonly LinkWriter[], writer: LinkWriter, run: Run): Meeting | null {
    const hers = all.filter((one) => one.actor === writer.actor && now.areApart(one, run.by))
    const [first = writer] = hers
    const [after, his] = [now.lastUnknowing(writer, run.by), now.lastUnknowing(run.by, first)]
    const met = now.at([after, his])
    const place = run.ids.flatMap((id) => met.placeOf(id) ?? [])[0]
    if (place === undefined) return null
    const runs = new Set<Run>()
    const isTheirs = (at: number) => {
      const id = met.idAt(at)
      const one = id === null ? undefined : now.runOf(id)
      if (one?.by.actor !== run.by.actor || !now.areApart(one.by, writer)) return false
      runs.add(one)
      return true
    }
    const stretch = { start: place, end: place + 1 }
    runs.add(run)
    while (isTheirs(stretch.start - 1)) stretch.start--
    while (isTheirs(stretch.end)) stretch.end++
    const texts = { before: now.at(first.deps), after: now.at([after]), his: now.at([his]), met }
    return new Meeting(now, all, { writer, by: run.by, hers }, { stretch, runs }, texts)
  }

  private constructor(
    now: TextNow,
    all: readonly LinkWriter[],
    { writer, by, hers }: { writer: LinkWriter; by: Writer; hers: readonly LinkWriter[] },
    { stretch, runs }: { stretch: Stretch; runs: ReadonlySet<Run> },
    { before, after, his, met }: Record<'before' | 'after' | 'his' | 'met', TextThen>,
  ) {
    this.runs = runs
    this.#now = now
    this.#all = all
    this.#writer = writer
    this.#by = by
    this.#stretch = stretch
    this.#hers = hers
    this.#before = before
    this.#after = after
    this.#his = his
    this.#met = met
  }

  told(): ContestedStretch | null {
    const { start, end } = this.#stretch
    const gone = this.#goneThere()
    const beside = [start - 1, end].map((place) => this.#met.idAt(place))
    const sample = [...gone, ...beside].find((id) => id !== null && this.#isLinked(id))
    if (!sample || this.#isAnswered()) return null
    const [before = null, after = null] = [this.#before, this.#after].map((text) => text.linkOf(sample))
    if (before === after) return null
    const isAnyLeft = this.#isAnyLeft()
    // Where more went than what got the address, they do not stand for that.
    const isInPlace = !isAnyLeft && gone.length > 0 && gone.every((id) => this.#isLinked(id))
    const odd = this.#places().filter((place) => {
      const wrote = this.#wroteAt(place)
      if (wrote === undefined || wrote === after) return false
      // Written within the link, or in its place with the same address, it goes where that went.
      if (wrote !== null && wrote === before) return this.#met.linkAt(place) !== after
      return isInPlace || this.#isOdd(place, wrote)
    })
    const [first, last] = [odd[0], odd.at(-1)]
    if (first === undefined || last === undefined) return null
    const stretch = this.#standing(isAnyLeft ? this.#wholeWords({ start: first, end: last + 1 }) : this.#stretch)
    if (!stretch) return null
    const values = [
      { value: after, actor: this.#writer.actor },
      { value: this.#wroteAt(first) ?? null, actor: this.#by.actor },
    ]
    return { ...stretch, values: valuesOf(this.#mostOver(stretch), values) }
  }

  #places({ start, end } = this.#stretch): number[] {
    return Array.from({ length: end - start }, (_, nth) => start + nth)
  }
  /** Where it led for who wrote there; undefined of what they had not in the text. */
  #wroteAt(place: number): string | null | undefined {
    const id = this.#met.idAt(place)
    return id === null ? undefined : this.#his.linkOf(id)
  }
  /** Whether the other one, who knew nothing of the link, took a letter out. */
  #isGone(id: string): boolean {
    const takers = this.#now.goneBy.get(id) ?? []
    return takers.some((one) => one.actor === this.#by.actor && this.#now.areApart(one, this.#writer))
  }
  /** What they took out where their letters stand, of what who wrote the link had in the text. */
  #goneThere(): string[] {
    const { start, end } = this.#stretch
    return [...this.#now.goneBy.keys()].filter((id) => {
      if (!this.#isGone(id) || this.#after.placeOf(id) === null) return false
      const place = this.#met.placeOfGone(id)
      return place !== null && start <= place && place <= end
    })
  }
  /** Whether the link was written over this letter. */
  #isLinked(id: string): boolean {
    const isThere = this.#after.placeOf(id) !== null
    return (
      isThere && this.#hers.some(({ hash, ranges }) => ranges.some((range) => this.#now.at([hash]).isWithin(id, range)))
    )
  }
  /** Whether the other one left a letter of what it was written over. */
  #isAnyLeft(): boolean {
    return this.#hers.some(({ ranges }) =>
      ranges.some(({ begin, end }) => {
        const [from, to] = [begin, end].map((id) => this.#after.placeOfGone(id) ?? 0)
        for (let place = from ?? 0; place < (to ?? 0); place++) {
          const id = this.#after.idAt(place)
          if (id !== null && !this.#isGone(id)) return true
        }
        return false
      }),
    )
  }

  /** Whether it leads elsewhere than it did for who wrote it, and not because what it is of, or stands in, does. */
  #isOdd(place: number, wrote: string | null): boolean {
    const stands = this.#met.linkAt(place)
    const sides = [this.#stretch.start - 1, this.#stretch.end]
    const like = sides.filter((side) => this.#wroteAt(side) === wrote)
    if (like.some((side) => this.#isOneWord(side, place) && this.#met.linkAt(side) === stands)) return false
    const [left, right] = sides.map((side) => (this.#met.idAt(side) === null ? undefined : this.#met.linkAt(side)))
    const isWithin = left !== undefined && left === right && like.length > 0
    return stands !== (isWithin ? left : wrote)
  }
  #isOneWord(one: number, other: number): boolean {
    return this.#places({ start: Math.min(one, other), end: Math.max(one, other) + 1 }).every((place) =>
      isOfWord(this.#met.letters, place),
    )
  }
  #wholeWords({ start, end }: Stretch): Stretch {
    const wide = { start, end }
    while (wide.start > this.#stretch.start && this.#isOneWord(wide.start - 1, wide.start)) wide.start--
    while (wide.end < this.#stretch.end && this.#isOneWord(wide.end - 1, wide.end)) wide.end++
    return wide
  }

  /** Those of some letters that are still there. */
  #placesNow(stretch: Stretch): number[] {
    return this.#places(stretch).flatMap((place) => {
      const id = this.#met.idAt(place)
      return (id === null ? null : this.#now.placeNow(id)) ?? []
    })
  }
  /** With what stands among them since. */
  #standing(stretch: Stretch): Stretch | null {
    const places = this.#placesNow(stretch)
    return places.length === 0 ? null : { start: Math.min(...places), end: Math.max(...places) + 1 }
  }
  #mostOver(stretch: Stretch): string | null {
    const counts = new Map<string | null, number>()
    for (const place of this.#places(stretch)) {
      const link = this.#now.linkAt(place)
      counts.set(link, (counts.get(link) ?? 0) + 1)
    }
    return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
  }

  /** Whether who knew of both has given a letter of the stretch an address, or taken it away, or chosen. */
  #isAnswered(): boolean {
    const places = this.#placesNow(this.#stretch)
    let answers: LinkWriter[] = []
    for (const one of this.#all) {
      if (![this.#writer, this.#by].every(({ hash }) => this.#now.knows(one.hash, hash))) continue
      if (!places.some((place) => one.ranges.some(({ from, to }) => from <= place && place < to))) continue
      if (one.isChoiceBack) {
        const choice = answers.findLast((other) => other.isChoice && this.#now.knows(one.hash, other.hash))
        answers = answers.filter((other) => other !== choice)
      } else answers.push(one)
    }
    return answers.length > 0
  }
}
