/**
 * A collaborative text as it is, with who put in or took out which of its letters, and who of them knew of whom. Where a choice between
 * words was taken back the letters that came again stand for those that were there before it (docs/decisions/0015).
 */
import * as A from '@automerge/automerge/slim'
import { doneAgain, standIns, type PutAgain, type StandIn } from '#lib/kinds/prose/chosen.ts'
import { beginningOf, textIn } from '#lib/kinds/prose/formats.ts'
import type { LettersWrite } from '#lib/kinds/prose/letters.ts'
import { linksIn, placeOf } from '#lib/kinds/prose/links.ts'
import { takings } from '#lib/kinds/prose/put-again.ts'
import { countOf, MARK } from '#lib/kinds/prose/theirs.ts'
import { changeOf, knownTo } from './changes-apart.ts'
import { choiceIn } from './change-message.ts'
import type { ContestedField } from './contested.ts'
import type { AnyDoc } from './documents.ts'
import { changesOfText, type LookedAt } from './texts-apart.ts'

export interface Writer {
  hash: string
  actor: string
  message: string | null
  isApart: boolean
}
/** Letters that follow one another, after which one they were put. */
export interface Run {
  root: string
  ids: readonly string[]
  by: Writer
}
export interface Found extends Omit<ContestedField, 'path'> {
  from: string
  to: string
}
export interface Stretch {
  start: number
  end: number
}

/** Of a text in which people wrote more than that apart it would take seconds to look for all that met. */
const MOST_APART = 1_000
/** Of one text nobody chooses between more. */
export const MOST_TOLD = 200
/** What people wrote in it. */
interface Written {
  runs: readonly Run[]
  /** By letter. */
  goneBy: ReadonlyMap<string, readonly Writer[]>
  /** By the letter after which they stand, the paragraphs that were begun. */
  begun: ReadonlyMap<string, readonly { id: string; by: Writer }[]>
  /** By letter that came again, the one that it stands for. */
  was: ReadonlyMap<string, string>
}

/** Null where no letters were written apart, or too many; `isApart`: something else was, which these may not have known of. */
export function textNow({ doc, touched }: LookedAt, entry: string, isApart = false): TextNow | null {
  const text = textIn(doc, entry)
  if (text === null) return null
  const changes = changesOfText(doc, entry)
  const writes = changes.flatMap((by) =>
    touched.inTexts(doc, by.hash).letters.flatMap((write) => (write.text === text ? { ...write, by } : [])),
  )
  const apart = writes.filter(({ by, runs, deleted }) => by.isApart && runs.length + deleted.length > 0)
  if (apart.length === 0 && !isApart) return null
  if (apart.reduce((sum, { runs }) => sum + runs.length, 0) > MOST_APART) return null
  const again = doneAgain(changes)
  const taking = takings(changes)
  const choices = changes.flatMap(({ hash, message }) =>
    choiceIn(message) === 'back' ? { hash, of: taking({ hash })?.takes ?? [] } : [],
  )
  const unchosen = new Set(choices.flatMap(({ of }) => of))
  const backs = new Map(choices.map(({ hash, of }) => [hash, of]))
  const putAgain = changes.flatMap(({ hash }): PutAgain[] => {
    const [of, taken] = [backs.get(hash), taking({ hash })]
    if (of) return [{ hash, sort: 'back', of }]
    if (unchosen.has(hash)) return [{ hash, sort: 'made', of: [] }]
    return taken && again.has(hash) ? [{ hash, ...taken }] : []
  })
  const settled = new Set([...[...again].flat(), ...unchosen, ...backs.keys()])
  return new TextNow(doc, text, changes, readWrites(writes, { pairs: standIns(doc, text, putAgain), settled }))
}

type Write = LettersWrite & { by: Writer }

/**
 * Choices that were taken back, and what took them back, are as if neither had been: what came again stands for what the choice took out. The
 * same of writing that was taken back and done again: `settled` are those changes, `pairs` what came again.
 */
function readWrites(
  writes: readonly Write[],
  { pairs, settled }: { pairs: readonly StandIn[]; settled: ReadonlySet<string> },
): Written {
  const older = new Map(pairs.map(([old, id]) => [id, old]))
  const firstOf = (id: string): string => {
    const old = older.get(id)
    return old === undefined || old === id ? id : firstOf(old)
  }
  const was = new Map([...older.keys()].map((id) => [id, firstOf(id)]))
  const runs: Run[] = []
  const goneBy = new Map<string, Writer[]>()
  const begun = new Map<string, { id: string; by: Writer }[]>()
  for (const write of writes) {
    const { by } = write
    if (settled.has(by.hash)) continue
    for (const { root, ids } of write.runs) runs.push({ root: firstOf(root), ids, by })
    for (const { root, id } of write.marks) addTo(begun, firstOf(root), { id, by })
    for (const id of write.deleted) addTo(goneBy, firstOf(id), by)
  }
  return { runs, goneBy, begun, was }
}
function addTo<One>(byId: Map<string, One[]>, id: string, one: One): void {
  const others = byId.get(id)
  if (others) others.push(one)
  else byId.set(id, [one])
}

/** The text as it is, and who of those that wrote in it knew of whom. */
export class TextNow {
  readonly #doc: AnyDoc
  readonly #changes: readonly Writer[]
  readonly runs: Written['runs']
  readonly goneBy: Written['goneBy']
  readonly begun: Written['begun']
  /** By letter that came again, the one that it stands for, and the other way round, newest first. */
  readonly #was: Written['was']
  readonly #again: ReadonlyMap<string, readonly string[]>
  readonly backend: ReturnType<typeof A.getBackend>
  readonly text: A.ObjID
  readonly letters: string
  /** Letters that more than one person took out. */
  readonly takenTwice: readonly (readonly [letter: string, by: readonly Writer[]])[]
  readonly #ids = new Map<number, string>()
  readonly #places = new Map<string, number | null>()
  readonly #roots = new Map<string, string | null>()
  readonly #knows = new Map<string, (other: string) => boolean>()
  readonly #runOf = new Map<string, Run>()

  constructor(doc: AnyDoc, text: A.ObjID, changes: readonly Writer[], { runs, goneBy, begun, was }: Written) {
    this.#doc = doc
    this.#changes = changes
    this.backend = A.getBackend(doc)
    this.text = text
    this.letters = this.backend.text(text)
    this.runs = runs
    this.goneBy = goneBy
    this.begun = begun
    this.#was = was
    const again = [...was.keys()].sort((a, b) => countOf(b) - countOf(a))
    this.#again = Map.groupBy(again, (id) => was.get(id) ?? id)
    this.takenTwice = [...goneBy].filter(([, by]) => by.length > 1).slice(0, MOST_TOLD)
    for (const run of runs) for (const id of run.ids) this.#runOf.set(id, run)
  }

  knows(one: string, other: string): boolean {
    const known = this.#knows.get(one) ?? knownTo(this.#doc, one)
    this.#knows.set(one, known)
    return known(other)
  }
  /** Of two that knew nothing of one another the one that came later is marked so. */
  areApart(one: Writer, other: Writer): boolean {
    if (one.actor === other.actor || (!one.isApart && !other.isApart)) return false
    return !this.knows(one.hash, other.hash) && !this.knows(other.hash, one.hash)
  }
  /** What one did last in the text as long as they knew nothing of another one's. */
  lastUnknowing(one: Writer, other: Writer): string {
    this.#byActor ??= Map.groupBy(this.#changes, ({ actor }) => actor)
    const own = this.#byActor.get(one.actor) ?? []
    // Whoever knew of it once has known it since.
    let [start, end] = [0, own.length]
    while (start < end) {
      const middle = Math.floor((start + end) / 2)
      if (this.knows(own[middle]?.hash ?? '', other.hash)) end = middle
      else start = middle + 1
    }
    return own[start - 1]?.hash ?? one.hash
  }
  #byActor: ReadonlyMap<string, readonly Writer[]> | undefined
  idAt(place: number): string | null {
    if (place < 0 || place >= this.letters.length) return null
    const id = this.#ids.get(place) ?? this.backend.getCursor(this.text, place)
    this.#ids.set(place, id)
    return id
  }
  /** Of one that came again, the one that it stands for. */
  letterAt(place: number): string | null {
    const id = this.idAt(place)
    return id === null ? null : (this.#was.get(id) ?? id)
  }
  /** What was put right after a letter. */
  runsAfter(root: string): readonly Run[] {
    this.#byRoot ??= Map.groupBy(this.runs, (run) => run.root)
    return this.#byRoot.get(root) ?? []
  }
  #byRoot: ReadonlyMap<string, readonly Run[]> | undefined
  /** Letters that stood between the one at a place and that before it, put right behind this one or in front of that one. */
  goneBetween(place: number): string[] {
    this.#putAfter ??= new Map(this.runs.flatMap(({ root, ids }) => ids.map((id, at) => [id, ids[at - 1] ?? root])))
    this.#putBehind ??= Map.groupBy(this.#putAfter.keys(), (id) => this.#putAfter?.get(id) ?? '')
    const isGone = (id: string) => this.placeNow(id) === null
    const [left, right] = [this.letterAt(place - 1), this.letterAt(place)]
    const gone: string[] = []
    for (let id = this.#putAfter.get(right ?? ''); id && isGone(id); id = this.#putAfter.get(id)) gone.push(id)
    const behind = left === null ? [] : [left]
    for (const one of behind) behind.push(...(this.#putBehind.get(one) ?? []).filter(isGone))
    return [...gone, ...behind.slice(1)]
  }
  #putAfter: ReadonlyMap<string, string> | undefined
  #putBehind: ReadonlyMap<string, readonly string[]> | undefined
  /** Where the letter before a place begins: one beyond the basic plane takes two. */
  letterBefore(place: number): number {
    return this.idAt(place - 2) !== null && this.idAt(place - 2) === this.idAt(place - 1) ? place - 2 : place - 1
  }
  /**
   * Whether somebody had the letter at a place in what they wrote in; and which paragraph it began then, but for letters that others, who knew
   * nothing of that, took out.
   */
  beganThen(place: number, by: Writer): { isThere: boolean; mark: string | null } {
    const [id, heads] = [this.letterAt(place), [by.hash]]
    const then = id === null ? null : placeOf(this.backend, this.text, id, heads)
    const isThere = then !== null && this.backend.getCursor(this.text, then, heads) === id
    if (!isThere) return { isThere, mark: null }
    const letters = this.backend.text(this.text, heads)
    const isGone = (at: number) => this.isGone(this.backend.getCursor(this.text, at, heads), by)
    let first = then
    while (first > 0 && letters[first - 1] !== MARK && isGone(first - 1)) first--
    const isFirst = first > 0 && letters[first - 1] === MARK
    return { isThere, mark: isFirst ? this.backend.getCursor(this.text, first - 1, heads) : null }
  }
  /** Who began the paragraph at a place. */
  beginnerAt(place: number): Writer | null {
    const id = this.letters[place] === MARK ? this.letterAt(place) : null
    if (id === null) return null
    this.#beginners ??= new Map([...this.begun.values()].flat().map((one) => [one.id, one.by]))
    return this.#beginners.get(id) ?? null
  }
  #beginners: ReadonlyMap<string, Writer> | undefined
  /** Whether the letter at one place began a line, and that at another ended one, when the last of them had been written. */
  linesThen(first: number, last: number, by: Writer): { isFirst: boolean; isLast: boolean } {
    const heads = [this.runAt(last)?.by.hash ?? by.hash]
    const [from, to] = [first, last].map((place) => {
      const id = this.letterAt(place)
      return id === null ? null : placeOf(this.backend, this.text, id, heads)
    })
    if (from === null || to === null || from === undefined || to === undefined) return { isFirst: false, isLast: false }
    const letters = this.backend.text(this.text, heads)
    return {
      isFirst: from === 0 || letters[from - 1] === MARK,
      isLast: to + 1 >= letters.length || letters[to + 1] === MARK,
    }
  }
  /** Whether somebody who knew nothing of them, or just this one, took a letter out. */
  isGone(id: string, by: Writer, actor?: string): boolean {
    return (this.goneBy.get(id) ?? []).some(
      (one) => (actor === undefined || one.actor === actor) && this.areApart(one, by),
    )
  }
  /**
   * What a taker had taken out up to a letter and behind it, when another one, apart, wrote there; within its line. Null where the next one
   * stayed. `ids`: of those letters, and of the one before them.
   */
  goneAround(letter: string, by: Writer, taker: Writer): { left: string; right: string; ids: string[] } | null {
    const { deps = [] } = this.backend.getChangeMetaByHash(by.hash) ?? {}
    const place = placeOf(this.backend, this.text, letter, deps)
    if (place === null) return null
    const then = this.backend.text(this.text, deps)
    const isGone = (at: number) =>
      at >= 0 &&
      at < then.length &&
      then[at] !== MARK &&
      this.isGone(this.backend.getCursor(this.text, at, deps), by, taker.actor)
    let [start, end] = [place, place + 1]
    while (isGone(start - 1)) start--
    while (isGone(end)) end++
    const isNext = end === place + 1 && end < then.length && then[end] !== MARK
    if (isNext) return null
    const ids = Array.from({ length: end - start + 1 }, (_, nth) => start - 1 + nth).flatMap((at) =>
      at < 0 ? [] : [this.backend.getCursor(this.text, at, deps)],
    )
    return { left: then.slice(start, place + 1).replace(MARK, ''), right: then.slice(place + 1, end), ids }
  }
  /** The letter after which another one stood when somebody took it out. */
  rootOf(letter: string, { hash }: Writer): string | null {
    const name = `${letter} ${hash}`
    const known = this.#roots.get(name)
    if (known !== undefined) return known
    const { deps = [] } = this.backend.getChangeMetaByHash(hash) ?? {}
    const place = placeOf(this.backend, this.text, letter, deps)
    const root = place === null || place === 0 ? null : this.backend.getCursor(this.text, place - 1, deps)
    this.#roots.set(name, root)
    return root
  }
  /** Null where it is gone. */
  placeNow(id: string): number | null {
    const known = this.#places.get(id)
    if (known !== undefined) return known
    for (const one of [...(this.#again.get(id) ?? []), id]) {
      const place = placeOf(this.backend, this.text, one)
      if (place === null || this.idAt(place) !== one) continue
      this.#places.set(id, place)
      return place
    }
    this.#places.set(id, null)
    return null
  }
  /** Where a letter leads. */
  linkAt(place: number): string | null {
    return this.at([]).linkAt(place)
  }
  /** At a moment; without heads now. */
  at(heads: string[]): TextThen {
    if (heads.length === 0) return (this.#present ??= new TextThen(this.backend, this.text, heads))
    return textThen(this.backend, this.text, heads)
  }
  #present: TextThen | undefined
  runAt(place: number): Run | null {
    const id = this.letters[place] === MARK ? null : this.letterAt(place)
    return (id !== null && this.#runOf.get(id)) || null
  }
  /** As far as letters stand side by side, from one of them on, that are such. */
  stretch(place: number, isSuch: (run: Run) => boolean): Stretch {
    const is = (at: number) => {
      const run = this.runAt(at)
      return run !== null && isSuch(run)
    }
    let [start, end] = [place, place + 1]
    while (is(start - 1)) start--
    while (is(end)) end++
    return { start, end }
  }
  /** Whether somebody who knew of both has written a letter that stands there. */
  isAnsweredAt(place: number, one: Writer, other: Writer): boolean {
    const id = this.letters[place] === MARK ? null : this.letterAt(place)
    const hash = id === null ? undefined : changeOf(this.#doc, id)
    return [one, other].every((by) => hash !== undefined && hash !== by.hash && this.knows(hash, by.hash))
  }
  /** What stood between the letters about a stretch when somebody had written there: what they left of others, too. */
  textThen({ start, end }: Stretch, { hash }: Writer): string | null {
    const heads = [hash]
    const placeThen = (place: number) => {
      const id = this.letterAt(place)
      const then = id === null ? null : placeOf(this.backend, this.text, id, heads)
      return then !== null && this.backend.getCursor(this.text, then, heads) === id ? then : null
    }
    const then = this.backend.text(this.text, heads)
    // What somebody has written right beside it since was not there.
    let [before, after]: [number | null, number | null] = [null, null]
    for (let place = start - 1; before === null; place--) before = place < 0 ? -1 : placeThen(place)
    for (let place = end; after === null; place++) after = place < this.letters.length ? placeThen(place) : then.length
    return after <= before ? null : then.slice(before + 1, after)
  }
  /** In the order of the text, each stretch once: nothing is asked of a part of another one. */
  inOrder(found: readonly Found[]): Found[] {
    const placed = found
      .map((one) => ({ one, start: this.#placeIs(one.from), end: this.#placeIs(one.to) }))
      .sort((a, b) => a.start - b.start || b.end - a.end)
    return placed.flatMap(({ one, start, end }, at) =>
      placed.slice(0, at).some((other) => other.start <= start && end <= other.end) ? [] : [one],
    )
  }
  #placeIs(id: string): number {
    return placeOf(this.backend, this.text, id) ?? 0
  }
  told({ start, end }: Stretch, values: ContestedField['values']): Found[] {
    const [from, to] = [this.idAt(start), this.idAt(end - 1)]
    if (from === null || to === null) return []
    const begin = this.letters.lastIndexOf(MARK, start) + 1
    const stop = this.letters.indexOf(MARK, end)
    return [{ from, to, of: beginningOf(this.letters.slice(begin, stop < 0 ? undefined : stop)), values }]
  }
}

/** What a text was like never changes, and to ask for it takes as long as the text is. */
const thens = new WeakMap<object, Map<string, TextThen>>()
/** Moments of one document that are remembered. */
const MOST_THENS = 200

function textThen(backend: ReturnType<typeof A.getBackend>, text: A.ObjID, heads: string[]): TextThen {
  const known = thens.get(backend) ?? new Map<string, TextThen>()
  thens.set(backend, known)
  const name = [text, ...heads.toSorted()].join(' ')
  const then = known.get(name) ?? new TextThen(backend, text, heads)
  if (known.size >= MOST_THENS) known.clear()
  known.set(name, then)
  return then
}

/** The same text at a moment. */
export class TextThen {
  readonly #backend: ReturnType<typeof A.getBackend>
  readonly #text: A.ObjID
  readonly #heads: string[] | undefined
  readonly #ids = new Map<number, string>()
  readonly #places = new Map<string, number | null>()
  readonly #between = new Map<string, { ids: readonly string[]; around: readonly string[] }>()
  #letters: string | undefined
  #links: ReturnType<typeof linksIn> | undefined

  constructor(backend: ReturnType<typeof A.getBackend>, text: A.ObjID, heads: string[]) {
    this.#backend = backend
    this.#text = text
    this.#heads = heads.length > 0 ? heads : undefined
  }
  get letters(): string {
    return (this.#letters ??= this.#backend.text(this.#text, this.#heads))
  }
  linkAt(place: number): string | null {
    this.#links ??= linksIn(this.#backend, this.#text, this.#heads)
    return this.#links(place)
  }
  /** Null where a paragraph begins, and beyond the text. */
  idAt(place: number): string | null {
    if (place < 0 || place >= this.letters.length || this.letters[place] === MARK) return null
    const id = this.#ids.get(place) ?? this.#backend.getCursor(this.#text, place, this.#heads)
    this.#ids.set(place, id)
    return id
  }
  /** Null of a letter that was not there. */
  placeOf(id: string): number | null {
    const place = this.placeOfGone(id)
    return place !== null && this.idAt(place) === id ? place : null
  }
  /** Of one that had been taken out, or of where a link begins or ends, where it would stand. */
  placeOfGone(id: string): number | null {
    const known = this.#places.get(id)
    if (known !== undefined) return known
    const place = placeOf(this.#backend, this.#text, id, this.#heads)
    this.#places.set(id, place)
    return place
  }
  /** Where a letter led; undefined if it was not there. */
  linkOf(id: string): string | null | undefined {
    const place = this.placeOf(id)
    return place === null ? undefined : this.linkAt(place)
  }
  /** The letters between where a link begins and ends, and those on either side. */
  between({ begin, end }: { begin: string; end: string }): { ids: readonly string[]; around: readonly string[] } {
    const known = this.#between.get(begin)
    if (known) return known
    const [from, to] = [this.placeOfGone(begin) ?? 0, this.placeOfGone(end) ?? 0]
    const idsOf = (places: readonly number[]) => places.flatMap((place) => this.idAt(place) ?? [])
    const ids = idsOf(Array.from({ length: Math.max(0, to - from) }, (_, nth) => from + nth))
    const found = { ids, around: idsOf([from - 1, to]) }
    this.#between.set(begin, found)
    return found
  }
}
