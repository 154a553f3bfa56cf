/**
 * Addresses and letters that met: one gave words an address, or took one away, and another, apart, put letters among these words, beside
 * them or in their place. The link then lies over all of those letters, over some or over none, and who wrote it had seen none of them
 * (docs/decisions/0015). It is read from the text as it was when the two met, so that nobody settles or opens anything by writing beside it.
 */
import { contestedField, type ContestedField } from './contested.ts'
import { isOfWord } from '#lib/kinds/prose/theirs.ts'
import type { Run, Stretch, TextNow, TextThen, Writer } from './text-now.ts'

/** A change that wrote links in a text, and where: the ids of both ends, and their places of now. */
export interface LinkWriter extends Writer {
  deps: string[]
  ranges: { begin: string; end: string; from: number; to: number }[]
  /** Somebody chose between those that had met, also where it is the one that counted. */
  isChoice: boolean
  /** By hash, the choices that it took back; null of what took none back. */
  choicesBack: readonly string[] | null
}

export interface ContestedStretch extends Stretch {
  values: ContestedField['values']
}

/** In the order of the text; none of a part of another one. */
export function linksOverLetters(now: TextNow, writers: readonly LinkWriter[]): ContestedStretch[] {
  const found = new Map<string, ContestedStretch>()
  for (const writer of writers) {
    for (const { run, stretch } of beside(now, writer)) {
      const told = new Meeting(now, writers, writer, run.by, stretch).told()
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

/** What others, who knew nothing of the link, wrote where it lies and right beside it, also where somebody has written between since. */
function beside(now: TextNow, writer: LinkWriter): { run: Run; stretch: Stretch }[] {
  if (!now.runs.some(({ by }) => now.areApart(by, writer))) return []
  const isSince = (place: number) => {
    const run = now.runAt(place)
    return run !== null && now.knows(run.by.hash, writer.hash)
  }
  const found: { run: Run; stretch: Stretch }[] = []
  for (const { from, to } of writer.ranges) {
    let [start, end] = [from - 1, to]
    while (isSince(start)) start--
    while (isSince(end)) end++
    for (let place = start; place <= end; place++) {
      const run = now.runAt(place)
      if (!run || !now.areApart(run.by, writer)) continue
      const stretch = theirStretch(now, place, run, writer)
      found.push({ run, stretch })
      place = Math.max(place, stretch.end - 1)
    }
  }
  return found
}

function theirStretch(now: TextNow, place: number, { by }: Run, writer: LinkWriter): Stretch {
  const isTheirs = (run: Run | null) => run?.by.actor === by.actor && now.areApart(run.by, writer)
  const isSince = (run: Run) => now.knows(run.by.hash, writer.hash) && now.knows(run.by.hash, by.hash)
  const { start, end } = now.stretch(place, (run) => isTheirs(run) || isSince(run))
  const own = { start, end }
  while (!isTheirs(now.runAt(own.start))) own.start++
  while (!isTheirs(now.runAt(own.end - 1))) own.end--
  return own
}

/** One person's link, and what another one wrote there. */
class Meeting {
  readonly #now: TextNow
  readonly #all: readonly LinkWriter[]
  readonly #writer: LinkWriter
  readonly #by: Writer
  /** The letters that are left, by their place of now. */
  readonly #letters: readonly { place: number; id: string }[]
  /** All that who wrote the link did to links as long as they knew nothing of the letters. */
  readonly #hers: readonly LinkWriter[]
  /** The text before that and behind it, behind what the other one wrote knowing nothing of the link, and with both. */
  readonly #before: TextThen
  readonly #after: TextThen
  readonly #his: TextThen
  readonly #met: TextThen

  constructor(now: TextNow, all: readonly LinkWriter[], writer: LinkWriter, by: Writer, { start, end }: Stretch) {
    this.#now = now
    this.#all = all
    this.#writer = writer
    this.#by = by
    this.#letters = Array.from({ length: end - start }, (_, nth) => start + nth).flatMap((place) => {
      const id = now.runAt(place)?.by.actor === by.actor ? now.letterAt(place) : null
      return id === null ? [] : { place, id }
    })
    this.#hers = all.filter((one) => one.actor === writer.actor && now.areApart(one, by))
    const [first = writer] = this.#hers
    const [after, his] = [now.lastUnknowing(writer, by), now.lastUnknowing(by, first)]
    this.#before = now.at(first.deps)
    this.#after = now.at([after])
    this.#his = now.at([his])
    this.#met = now.at([after, his])
  }

  told(): ContestedStretch | null {
    if (this.#isAnswered()) return null
    const places = [this.#letters[0], this.#letters.at(-1)].map((one) => (one ? this.#met.placeOf(one.id) : null))
    const [start, last] = [places[0] ?? null, places[1] ?? null]
    if (start === null || last === null) return null
    const sides = [start - 1, last + 1].map((place) => ({ place, id: this.#met.idAt(place) }))
    const linked = this.#hers.flatMap(({ hash, ranges }) => ranges.map((range) => this.#now.at([hash]).between(range)))
    const isLinked = new Set(
      linked.flatMap(({ ids }) => ids).filter((id) => !this.#isGoneBy(id, this.#writer, this.#by)),
    )
    // Letters of it that went side by side would all stand in one place.
    const gone = linked
      .flatMap(({ ids }) => ids.filter((id, at) => this.#isGone(id) && (at === 0 || !this.#isGone(ids[at - 1] ?? ''))))
      .filter((id) => {
        const place = this.#met.placeOfGone(id)
        return place !== null && start <= place && place <= last + 1
      })
    const sample = [...gone, ...sides.map(({ id }) => id)].find((id) => id !== null && isLinked.has(id))
    if (!sample) return null
    const [before = null, after = null] = [this.#before, this.#after].map((text) => text.linkOf(sample))
    if (before === after) return null
    const isAnyLeft = [...isLinked].some((id) => !this.#isGone(id))
    // Where more went than what got the address, they do not stand for that.
    const isMore = linked.some(({ around }) => around.some((id) => this.#isGone(id) && !isLinked.has(id)))
    const isInPlace = !isAnyLeft && gone.length > 0 && !isMore
    const odd = this.#letters.filter(({ id }) => {
      const wrote = this.#his.linkOf(id)
      if (wrote === undefined || wrote === after) return false
      // Written within the link, or in its place with the same address, it goes where that went.
      if (wrote !== null && wrote === before) return this.#met.linkOf(id) !== after
      return isInPlace || this.#isOdd(id, wrote, sides)
    })
    const [from, to] = [odd[0], odd.at(-1)]
    if (!from || !to) return null
    const all = { start: this.#letters[0]?.place ?? from.place, end: (this.#letters.at(-1)?.place ?? to.place) + 1 }
    const stretch = isAnyLeft ? this.#wholeWords({ start: from.place, end: to.place + 1 }, all) : all
    const values = [
      { value: after, actor: this.#writer.actor },
      { value: this.#his.linkOf(from.id) ?? null, actor: this.#by.actor },
    ]
    return { ...stretch, values: valuesOf(this.#mostOver(stretch), values) }
  }

  /** Whether the other one, who knew nothing of the link, took a letter out. */
  #isGone(id: string): boolean {
    return this.#isGoneBy(id, this.#by, this.#writer)
  }
  #isGoneBy(id: string, { actor }: Writer, unknown: Writer): boolean {
    return (this.#now.goneBy.get(id) ?? []).some((one) => one.actor === actor && this.#now.areApart(one, unknown))
  }
  /** Whether it leads elsewhere than it did for who wrote it, and not because what it is of, or stands in, does. */
  #isOdd(id: string, wrote: string | null, sides: readonly { place: number; id: string | null }[]): boolean {
    const stands = this.#met.linkOf(id)
    const like = sides.filter((side) => side.id !== null && this.#his.linkOf(side.id) === wrote)
    const place = this.#met.placeOf(id) ?? 0
    if (like.some((side) => isOneWord(this.#met.letters, side.place, place) && this.#met.linkAt(side.place) === stands))
      return false
    const [left, right] = sides.map((side) => (side.id === null ? undefined : this.#met.linkAt(side.place)))
    const isWithin = left !== undefined && left === right && like.length > 0
    return stands !== (isWithin ? left : wrote)
  }
  #wholeWords({ start, end }: Stretch, all: Stretch): Stretch {
    const wide = { start, end }
    while (wide.start > all.start && isOneWord(this.#now.letters, wide.start - 1, wide.start)) wide.start--
    while (wide.end < all.end && isOneWord(this.#now.letters, wide.end - 1, wide.end)) wide.end++
    return wide
  }
  #mostOver({ start, end }: Stretch): string | null {
    const counts = new Map<string | null, number>()
    for (let place = start; place < end; place++) {
      const link = this.#now.linkAt(place)
      counts.set(link, (counts.get(link) ?? 0) + 1)
    }
    return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
  }

  /** Whether who knew of both has given a letter of the stretch an address, or taken it away, or chosen. */
  #isAnswered(): boolean {
    let answers: LinkWriter[] = []
    for (const one of this.#all) {
      if (![this.#writer, this.#by].every(({ hash }) => this.#now.knows(one.hash, hash))) continue
      if (!this.#letters.some(({ place }) => one.ranges.some(({ from, to }) => from <= place && place < to))) continue
      if (one.choicesBack) answers = answers.filter(({ hash }) => !one.choicesBack?.includes(hash))
      else answers.push(one)
    }
    return answers.length > 0
  }
}

function isOneWord(letters: string, one: number, other: number): boolean {
  for (let place = Math.min(one, other); place <= Math.max(one, other); place++)
    if (!isOfWord(letters, place)) return false
  return true
}
