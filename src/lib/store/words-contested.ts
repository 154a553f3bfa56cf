/**
 * Words that two people wrote at once in place of the same ones, and words that one wrote into others which another took out. A
 * collaborative text keeps all of them, one beside the other, which nobody has meant. Only letters that are still there are told of: who
 * writes there knowing of both has answered it.
 */
import * as A from '@automerge/automerge/slim'
import { beginningOf, textIn } from '#lib/kinds/prose/formats.ts'
import { placeOf } from '#lib/kinds/prose/links.ts'
import { changeOf, knownTo } from './changes-apart.ts'
import { isWords, type ContestedAt, type ContestedField } from './contested.ts'
import type { AnyDoc } from './documents.ts'
import { changesOfText, metSince, type LookedAt } from './texts-apart.ts'

export function wordsSince(looked: LookedAt, collection: string, before: ContestedAt | undefined): ContestedField[] {
  const textsOf = (hash: string) => looked.touched.inTexts(looked.doc, hash).letters.map(({ text }) => text)
  return metSince(looked, before, isWords, textsOf, (entry) =>
    contestedWords(looked, entry).map(({ from, to, ...field }) => ({
      ...field,
      path: [collection, entry, 'description', from, to, 'words'],
    })),
  )
}

interface Writer {
  hash: string
  actor: string
  isApart: boolean
}
/** Letters that follow one another, after which one they were put. */
interface Run {
  root: string
  ids: readonly string[]
  by: Writer
}
interface Found extends Omit<ContestedField, 'path'> {
  from: string
  to: string
}

/** Of a text in which people wrote more than that apart it would take seconds to look for all that met. */
const MOST_APART = 1_000
/** Of one text nobody chooses between more. */
const MOST_TOLD = 200
/** Where a paragraph begins Automerge has this sign in the text. */
const MARK = '\uFFFC'

function contestedWords({ doc, touched }: LookedAt, entry: string): Found[] {
  const text = textIn(doc, entry)
  if (text === null) return []
  const runs: Run[] = []
  const goneBy = new Map<string, Writer[]>()
  const begun = new Map<string, { id: string; by: Writer }[]>()
  for (const by of changesOfText(doc, entry))
    for (const write of touched.inTexts(doc, by.hash).letters) {
      if (write.text !== text) continue
      for (const run of write.runs) runs.push({ ...run, by })
      for (const { root, id } of write.marks) begun.set(root, [...(begun.get(root) ?? []), { id, by }])
      for (const id of write.deleted) {
        const others = goneBy.get(id)
        if (others) others.push(by)
        else goneBy.set(id, [by])
      }
    }
  if (runs.filter(({ by }) => by.isApart).length > MOST_APART) return []
  if (!runs.some(({ by }) => by.isApart) && ![...goneBy.values()].some((all) => all.some(({ isApart }) => isApart)))
    return []
  const now = new TextNow(doc, text, runs, goneBy)
  const inGone = runs
    .filter(({ root, by }) => goneBy.get(root)?.some((one) => now.areApart(one, by)))
    .slice(0, MOST_TOLD)
  const found = [
    ...replacedTwice(now, runs),
    ...inGone.flatMap((run) => writtenInGone(now, run) ?? []),
    ...runs.flatMap((run) => begun.get(run.root)?.flatMap(({ id, by }) => inNextLine(now, run, id, by)) ?? []),
  ]
  return [...new Map(found.map((one) => [`${one.from} ${one.to}`, one])).values()]
}

/** The text as it is, and who of those that wrote in it knew of whom. */
class TextNow {
  readonly #doc: AnyDoc
  readonly backend: ReturnType<typeof A.getBackend>
  readonly text: A.ObjID
  readonly letters: string
  readonly goneBy: ReadonlyMap<string, readonly Writer[]>
  /** Letters that more than one person took out. */
  readonly takenTwice: readonly (readonly [letter: string, by: readonly Writer[]])[]
  readonly #ids = new Map<number, string>()
  readonly #places = new Map<string, number | null>()
  readonly #stretches: { start: number; end: number }[] = []
  readonly #roots = new Map<string, string | null>()
  readonly #knows = new Map<string, (other: string) => boolean>()
  readonly #runOf = new Map<string, Run>()

  constructor(doc: AnyDoc, text: A.ObjID, runs: readonly Run[], goneBy: ReadonlyMap<string, readonly Writer[]>) {
    this.#doc = doc
    this.backend = A.getBackend(doc)
    this.text = text
    this.letters = this.backend.text(text)
    this.goneBy = goneBy
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
  idAt(place: number): string | null {
    if (place < 0 || place >= this.letters.length) return null
    const id = this.#ids.get(place) ?? this.backend.getCursor(this.text, place)
    this.#ids.set(place, id)
    return id
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
    const place = placeOf(this.backend, this.text, id)
    const now = place !== null && this.idAt(place) === id ? place : null
    this.#places.set(id, now)
    return now
  }
  runAt(place: number): Run | null {
    const id = this.letters[place] === MARK ? null : this.idAt(place)
    return (id !== null && this.#runOf.get(id)) || null
  }
  /** Where somebody asked for it before it is looked at no more. */
  isTold(place: number): boolean {
    return this.#stretches.some(({ start, end }) => start <= place && place < end)
  }
  /** As far as letters stand side by side, from one of them on, that are such. */
  stretch(place: number, isSuch: (run: Run) => boolean): { start: number; end: number } {
    const is = (at: number) => {
      const run = this.runAt(at)
      return run !== null && isSuch(run)
    }
    let [start, end] = [place, place + 1]
    while (is(start - 1)) start--
    while (is(end)) end++
    this.#stretches.push({ start, end })
    return { start, end }
  }
  /** Whether somebody who knew of it has written a letter that stands there. */
  isAnsweredAt(place: number, by: Writer): boolean {
    const id = this.letters[place] === MARK ? null : this.idAt(place)
    const hash = id === null ? undefined : changeOf(this.#doc, id)
    return hash !== undefined && hash !== by.hash && this.knows(hash, by.hash)
  }
  /** What stood between the letters about a stretch when somebody had written there: what they left of others, too. */
  textThen({ start, end }: { start: number; end: number }, { hash }: Writer): string | null {
    const heads = [hash]
    const placeThen = (place: number) => {
      const id = this.idAt(place)
      const then = id === null ? null : placeOf(this.backend, this.text, id, heads)
      return then !== null && this.backend.getCursor(this.text, then, heads) === id ? then : null
    }
    const before = placeThen(start - 1)
    if (before === null) return null
    const then = this.backend.text(this.text, heads)
    const after = end < this.letters.length ? placeThen(end) : then.length
    return after === null || after <= before ? null : then.slice(before + 1, after)
  }
  told({ start, end }: { start: number; end: number }, values: ContestedField['values']): Found[] {
    const [from, to] = [this.idAt(start), this.idAt(end - 1)]
    if (from === null || to === null) return []
    const begin = this.letters.lastIndexOf(MARK, start) + 1
    const stop = this.letters.indexOf(MARK, end)
    return [{ from, to, of: beginningOf(this.letters.slice(begin, stop < 0 ? undefined : stop)), values }]
  }
}

/** Both took out the same letters, and each put others there. */
function replacedTwice(now: TextNow, runs: readonly Run[]): Found[] {
  if (now.takenTwice.length === 0) return []
  const byRoot = Map.groupBy(runs, (run) => run.root)
  return now.takenTwice.flatMap(([letter, takers]) =>
    takers.flatMap((hers) => {
      const beside = byRoot.get(now.rootOf(letter, hers) ?? '') ?? []
      return takers.flatMap((his) => (now.areApart(hers, his) ? putThere(now, beside, hers, his) : []))
    }),
  )
}

/** Where both put letters there, apart. */
function putThere(now: TextNow, beside: readonly Run[], hers: Writer, his: Writer): Found[] {
  const isHers = ({ by }: Run) => by.actor === hers.actor && now.areApart(by, his)
  const isHis = ({ by }: Run) => by.actor === his.actor && now.areApart(by, hers)
  for (const run of beside) {
    if (!isHers(run) && !isHis(run)) continue
    // Of a word that was composed the letters that stand there came last.
    const first = run.ids.flatMap((id) => now.placeNow(id) ?? [])[0]
    if (first !== undefined)
      return bothIn(
        now,
        now.stretch(first, (one) => isHers(one) || isHis(one)),
      )
  }
  return []
}

function bothIn(now: TextNow, stretch: { start: number; end: number }): Found[] {
  const last = new Map<string, Run>()
  for (let place = stretch.start; place < stretch.end; place++) {
    const run = now.runAt(place)
    if (run) last.set(run.by.actor, run)
  }
  if (last.size < 2) return []
  // Of "120" and "150" an editor leaves the one that both begin with: told are whole words.
  const { start, end } = wholeWords(now.letters, stretch)
  const each = new Map([...last].map(([actor, { by }]) => [now.textThen({ start, end }, by) ?? '', actor]))
  const together = now.letters.slice(start, end)
  return now.told({ start, end }, [
    { value: { together }, actor: '' },
    ...[...each].sort(([a], [b]) => (a < b ? -1 : 1)).map(([value, actor]) => ({ value, actor })),
  ])
}

/** With the letters beside it that are of one word with it, in writing that has words. */
function wholeWords(letters: string, { start, end }: { start: number; end: number }): { start: number; end: number } {
  const isOfWord = (at: number) =>
    /^[\p{L}\p{N}]$/u.test(letters[at] ?? '') && !/\p{Script=Han}/u.test(letters[at] ?? '')
  const wide = { start, end }
  if (isOfWord(start)) while (isOfWord(wide.start - 1)) wide.start--
  if (isOfWord(end - 1)) while (isOfWord(wide.end)) wide.end++
  return wide
}

/** It was put at the end of a line, and stands behind where another one, apart, began the next. */
function inNextLine(now: TextNow, run: Run, mark: string, beginner: Writer): Found[] {
  if (!now.areApart(run.by, beginner)) return []
  const [root, begins] = [now.placeNow(run.root), now.placeNow(mark)]
  const place = run.ids.flatMap((id) => now.placeNow(id) ?? [])[0]
  if (root === null || begins === null || place === undefined || place < begins) return []
  const line = now.letters.slice(now.letters.lastIndexOf(MARK, root) + 1, root + 1)
  if (line === '') return []
  const { start, end } = now.stretch(
    place,
    (other) => other.by.actor === run.by.actor && now.areApart(other.by, beginner),
  )
  const words = now.letters.slice(start, end)
  return now.told({ start, end }, [
    { value: { stays: words }, actor: '' },
    { value: { words, after: run.root, line: beginningOf(line) }, actor: run.by.actor },
  ])
}

/** Another one took out what it was written into, all around it. */
function writtenInGone(now: TextNow, run: Run): Found[] | null {
  const by = now.goneBy.get(run.root) ?? []
  const taker = by.find((one) => now.areApart(one, run.by))
  if (!taker || by.some(({ actor }) => actor === run.by.actor)) return null
  const first = run.ids.find((id) => now.placeNow(id) !== null)
  const place = first === undefined ? null : now.placeNow(first)
  if (place === null) return null
  const gone = around(now, run, taker)
  if (gone === null) return null
  const stretch = now.stretch(place, (other) => other.by.actor === run.by.actor && now.areApart(other.by, taker))
  if ([stretch.start - 1, stretch.end].some((at) => now.isAnsweredAt(at, taker))) return null
  const words = now.letters.slice(stretch.start, stretch.end)
  return now.told(stretch, [
    { value: words, actor: run.by.actor },
    { value: { gone }, actor: taker.actor },
  ])
}

/** The letters about a run, when it was written, that somebody else took out; null where the next one is still there. */
function around(now: TextNow, run: Run, taker: Writer): string | null {
  const { backend, text } = now
  const heads = [run.by.hash]
  const place = placeOf(backend, text, run.root, heads)
  if (place === null) return null
  const then = backend.text(text, heads)
  const isGone = (at: number) => {
    const id = at < 0 || at >= then.length || then[at] === MARK ? null : backend.getCursor(text, at, heads)
    return id !== null && (now.goneBy.get(id) ?? []).some(({ actor }) => actor === taker.actor)
  }
  const own = new Set(run.ids)
  let after = place + 1
  while (after < then.length && own.has(backend.getCursor(text, after, heads))) after++
  const isLast = after >= then.length || then[after] === MARK
  if (!isLast && !isGone(after) && !replacesOf(now, run, taker)) return null
  let [start, end] = [place, after]
  while (isGone(start - 1)) start--
  while (isGone(end)) end++
  return beginningOf(then.slice(start, place + 1) + then.slice(after, end))
}

/** Whether it was written in place of letters that the other one took out as well. */
const replacesOf = (now: TextNow, run: Run, taker: Writer): boolean =>
  now.takenTwice.some(([letter, by]) => {
    const own = by.find(({ actor }) => actor === run.by.actor)
    return own && by.some(({ actor }) => actor === taker.actor) && now.rootOf(letter, own) === run.root
  })
