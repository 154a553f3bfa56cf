/**
 * The search index of one workspace, in memory: works, people and entries (cards) by their titles and texts. Words are
 * kept in MiniSearch's radix tree, for prefixes and typing errors; pairs of Chinese characters in hashed lists, so that what
 * they find is looked up in the text before it counts. An entry changes in well under a millisecond.
 */
import SearchableMap from 'minisearch/SearchableMap'
import { entryKey } from '#lib/kernel/arrivals.ts'
import type { FoundIn, SearchText, Stage } from '#lib/kernel/define-kind.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { compareNames } from '#lib/kernel/names.ts'
import { fold } from './fold.ts'
import { excerptOf, rangesIn, type Range, type Sought } from './highlight.ts'
import { initialsOf } from './initials.ts'
import { GONE, Postings } from './postings.ts'
import { Matches, type Quality } from './matches.ts'
import { endsAt, forEachToken, pairsOf, tokensOf, type Token } from './tokens.ts'

export type Group = 'work' | 'person' | 'entry'

export interface IndexedEntry extends Pick<
  SearchText,
  'also' | 'archived' | 'from' | 'stage' | 'due' | 'stages' | 'template'
> {
  group: Group
  work: string
  entity: string
  title: string
  text: string
  /** When it came into being or was last seen to change, in milliseconds; 0 if nobody knows. */
  at: number
}

interface Stored extends IndexedEntry {
  /** The text and everything else that it is found by, a line each. */
  whole: string
  /** Whether other characters in it fold to those of a run. */
  mayFold: boolean
}

export interface Hit {
  group: Group
  work: string
  entity: string
  title: string
  titleRanges: Range[]
  /** The place in the text, where the title alone does not show why it was found. */
  excerpt: string
  excerptRanges: Range[]
  /** Where that is; null in the text itself. */
  foundIn: FoundIn | null
  archived: boolean
  /** The name of where it stands, '' where that is not known; and whether it is done there. */
  stage: string
  done: boolean
  due: Day | null
}

export interface Found {
  hits: Hit[]
  /** How many entries there are in all. */
  entries: number
}

/** Lists for pairs of characters: a power of two. Pairs that share a list are told apart in the text. */
const PAIR_LISTS = 1 << 16
/** So many of what only has a part of what was typed are looked at closely, newest first. */
const MOST_CANDIDATES = 2_000
/** With fewer strict results than this, typing errors are allowed for. */
const FEW = 3
/** So many words that begin like a part of the query: numbers alone are thousands. */
const MOST_WORDS = 20_000
const LONGEST_QUERY = 200
const MONTH = 30 * 24 * 60 * 60 * 1000

export class TextIndex {
  #entries: (Stored | null)[] = []
  readonly #numbers = new Map<string, Map<string, number>>()
  #dead = 0
  /** Works whose entries are not looked for. */
  readonly #templates = new Set<string>()
  readonly #words = new SearchableMap<Postings>()
  readonly #pairs: (Postings | undefined)[] = new Array<Postings | undefined>(PAIR_LISTS)
  /** By the first two letters of some pair of initials. */
  readonly #initials = new Map<string, Postings>()

  get size(): number {
    return this.#entries.length - this.#dead
  }

  put(entry: IndexedEntry): void {
    if (entry.template) this.#templates.add(entry.work)
    else if (entry.entity === '') this.#templates.delete(entry.work)
    const known = this.#numberOf(entry.work, entry.entity)
    const before = known === undefined ? null : this.#entries[known]
    const whole = [entry.text, ...(entry.also ?? []).map(([, text]) => text)].join('\n')
    if (known !== undefined && before?.title === entry.title && before.whole === whole) {
      this.#entries[known] = { ...entry, whole, mayFold: before.mayFold }
      return
    }
    this.remove(entry.work, entry.entity)
    const stored: Stored = { ...entry, whole, mayFold: MAY_FOLD.test(entry.title) || MAY_FOLD.test(whole) }
    const number = this.#entries.push(stored) - 1
    let ofWork = this.#numbers.get(entry.work)
    if (!ofWork) this.#numbers.set(entry.work, (ofWork = new Map()))
    ofWork.set(entry.entity, number)
    this.#add(number, fold(entry.title), true)
    this.#add(number, fold(whole), false)
    for (const { readings } of initialsOf(entry.title)) {
      for (const reading of readings) {
        for (const pair of pairsOf(reading)) this.#listOf(this.#initials, pair).add(number, true)
      }
    }
  }

  remove(work: string, entity: string): void {
    const number = this.#numberOf(work, entity)
    if (number === undefined) return
    this.#numbers.get(work)?.delete(entity)
    this.#entries[number] = null
    this.#dead++
    if (this.#dead > 1_000 && this.#dead > this.size / 2) this.#compact()
  }

  removeWork(work: string): void {
    for (const entity of [...(this.#numbers.get(work)?.keys() ?? [])]) this.remove(work, entity)
    this.#numbers.delete(work)
    this.#templates.delete(work)
  }

  /** The best hits, at most so many of each group. Every part of the query has to be found. */
  search(query: string, limit: number, now: number): Found {
    const tokens = tokensOf(fold(query.slice(0, LONGEST_QUERY)))
    if (tokens.length === 0) return { hits: [], entries: 0 }
    const typed = { folded: fold(query).trim(), hasWords: tokens.some(({ type }) => type === 'word') }
    const isSought = ({ group, work }: Stored) => group !== 'entry' || !this.#templates.has(work)
    const ranked = (lax: boolean): Scored[] => {
      const scored = this.#rank(this.#match(tokens, lax), typed, now).filter(({ entry }) => isSought(entry))
      return [...scored.filter(({ entry }) => !entry.archived), ...scored.filter(({ entry }) => entry.archived)]
    }
    const strict = ranked(false)
    // What was put away stands below all others, but not below what only nearly says it.
    const isKnown = ({ number }: Scored) => strict.some((one) => one.number === number)
    const nearly = strict.length < FEW ? ranked(true).filter((one) => !isKnown(one)) : []
    const left: Record<Group, number> = { work: limit, person: limit, entry: limit }
    const hits: Hit[] = []
    let entries = 0
    const words = this.#soughtWords(tokens)
    for (const alike of tiesIn(withoutTraces([...strict, ...nearly]))) {
      const { group } = alike[0].entry
      if (group === 'entry') entries += alike.length
      for (const { entry } of firstByTitle(alike, left[group])) {
        left[group]--
        hits.push(this.#hit(entry, tokens, words))
      }
    }
    return { hits, entries }
  }

  // ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** As `tokensOf` and `pairsOf` say, but without making a string of every pair: this is where building spends its time. */
  #add(number: number, folded: string, isTitle: boolean): void {
    forEachToken(folded, (isRun, start, end) => {
      if (!isRun) return this.#wordList(folded.slice(start, end)).add(number, isTitle)
      let before = 0
      for (let at = start; at < end;) {
        const code = folded.codePointAt(at) ?? 0
        if (before !== 0) (this.#pairs[hashOfCodes(before, code)] ??= new Postings()).add(number, isTitle)
        before = code
        at += code > 0xffff ? 2 : 1
      }
    })
  }

  #wordList(word: string): Postings {
    const known = this.#words.get(word)
    if (known) return known
    const made = new Postings()
    this.#words.set(word, made)
    return made
  }

  #listOf(lists: Map<string, Postings>, key: string): Postings {
    let known = lists.get(key)
    if (!known) lists.set(key, (known = new Postings()))
    return known
  }

  #numberOf(work: string, entity: string): number | undefined {
    return this.#numbers.get(work)?.get(entity)
  }

  /** Lists keep the numbers of removed entries until there are too many of them. */
  #compact(): void {
    const numbers = new Uint32Array(this.#entries.length).fill(GONE)
    const kept: (Stored | null)[] = []
    for (const [number, entry] of this.#entries.entries()) {
      if (!entry) continue
      numbers[number] = kept.push(entry) - 1
      this.#numbers.get(entry.work)?.set(entry.entity, numbers[number])
    }
    this.#entries = kept
    this.#dead = 0
    for (const list of this.#pairs) list?.renumber(numbers)
    for (const list of this.#initials.values()) list.renumber(numbers)
    const empty: string[] = []
    for (const [word, list] of this.#words) {
      list.renumber(numbers)
      if (list.length === 0) empty.push(word)
    }
    for (const word of empty) this.#words.delete(word)
  }

  // ── Finding ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** What every token of the query finds; with `lax`, also words with a typing error and runs of which a part is there. */
  #match(tokens: readonly Token[], lax: boolean): Matches {
    const matches = new Matches(this.#entries.length)
    for (const token of tokens) {
      if (token.type === 'word') this.#matchWord(token.text, lax, matches)
      else this.#matchRun(token.text, lax, matches)
      matches.nextToken()
    }
    return matches
  }

  #matchWord(word: string, lax: boolean, matches: Matches): void {
    for (const [, list, quality] of this.#wordsLike(word, lax)) {
      const rarity = this.#rarityOf(list.length)
      for (const code of list.codes()) {
        const title = (code & 1) === 1
        matches.found(code >> 1, rarity * weightOf(quality, title), title && quality === 'exact')
      }
    }
    const letters = /^[a-z]{2,}$/.test(word) ? pairsOf(word).map((pair) => this.#initials.get(pair)) : []
    const shortest = letters.reduce((a, b) => (a && b && a.length <= b.length ? a : b), letters[0])
    if (!shortest || letters.includes(undefined)) return
    for (const code of shortest.codes()) {
      const entry = this.#entries[code >> 1]
      if (!entry) continue
      const at = initialsOf(entry.title)
        .flatMap(({ readings }) => readings.map((reading) => reading.indexOf(word)))
        .filter((index) => index >= 0)
      if (at.length === 0) continue
      matches.found(
        code >> 1,
        weightOf(at.includes(0) ? 'initials' : 'inner-initials', true) * this.#rarityOf(shortest.length),
      )
    }
  }

  /** Words that are, begin with, or (lax) nearly are the given one. */
  #wordsLike(word: string, lax: boolean): [string, Postings, Quality][] {
    const found: [string, Postings, Quality][] = []
    // The word itself first: it may stand behind all that begin with it.
    const itself = this.#words.get(word)
    if (itself) found.push([word, itself, 'exact'])
    for (const [like, list] of this.#words.atPrefix(word)) {
      if (found.length >= MOST_WORDS) break
      if (like !== word) found.push([like, list, 'prefix'])
    }
    const errors = word.length >= 8 ? 2 : word.length >= 4 ? 1 : 0
    if (!lax || errors === 0) return found
    const known = new Set(found.map(([like]) => like))
    // Two neighbours in the wrong order are one error to a person, two to the tree.
    for (let i = 0; i + 1 < word.length; i++) {
      const like = word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2)
      const list = known.has(like) ? undefined : this.#words.get(like)
      if (!list) continue
      found.push([like, list, 'one-error'])
      known.add(like)
    }
    for (const [like, [list, distance]] of this.#words.fuzzyGet(word, errors)) {
      if (!known.has(like)) found.push([like, list, distance === 1 ? 'one-error' : 'two-errors'])
    }
    return found
  }

  #matchRun(run: string, lax: boolean, matches: Matches): void {
    const pairs = pairsOf(run)
    if (pairs.length === 0) return this.#matchCharacter(run, matches)
    const lists = pairs.map((pair) => this.#pairs[hashOf(pair)])
    const needed = lax ? Math.max(1, Math.ceil(pairs.length / 2)) : pairs.length
    const rarity = this.#rarityOf(Math.min(...lists.map((list) => list?.length ?? 0)))
    let close = 0
    // The newest have the greatest numbers.
    for (const number of matches.inAtLeast(lists, needed)) {
      const entry = this.#entries[number]
      if (!entry) continue
      if (lax && close++ >= MOST_CANDIDATES) return
      const [title, text] = [inTitle(entry, run), inText(entry, run)]
      if (title || text) matches.found(number, rarity * weightOf('exact', title), title)
      else if (lax) {
        const titlePairs = pairs.filter((pair) => inTitle(entry, pair)).length
        const textPairs = pairs.filter((pair) => inText(entry, pair)).length
        const most = Math.max(titlePairs, textPairs)
        if (most >= needed)
          matches.found(number, rarity * weightOf('part', titlePairs >= textPairs) * (most / pairs.length))
      }
    }
  }

  /** One character is in too many texts for a list to pay. */
  #matchCharacter(character: string, matches: Matches): void {
    for (let number = this.#entries.length - 1; number >= 0; number--) {
      const entry = this.#entries[number]
      if (!entry) continue
      if (inTitle(entry, character)) matches.found(number, weightOf('exact', true), true)
      else if (entry.whole.includes(character)) matches.found(number, weightOf('exact', false))
    }
  }

  #rarityOf(inSoMany: number): number {
    return Math.log1p(this.size / (1 + inSoMany)) + 0.2
  }

  // ── Ranking and showing ─────────────────────────────────────────────────────────────────────────────────────────

  /** Entries that every token found, best first. */
  #rank(matches: Matches, { folded, hasWords }: Typed, now: number): Scored[] {
    const scored: Scored[] = []
    for (const [number, score, hasAll] of matches.all()) {
      const entry = this.#entries[number]
      if (!entry) continue
      const title = fold(entry.title)
      const tier = !hasWords || !hasAll ? 0 : title.startsWith(folded) && endsAt(title, folded.length) ? 2 : 1
      const recency = 0.6 * Math.exp(-Math.max(0, now - entry.at) / MONTH)
      const group = entry.group === 'entry' ? 0 : 0.4
      scored.push({ entry, number, tier, score: (score + recency + group) * closenessOf(title, folded) })
    }
    return scored.sort(bestFirst)
  }

  #hit(entry: Stored, tokens: readonly Token[], words: Sought['words']): Hit {
    const sought = soughtIn(entry, tokens, words)
    const titleRanges = rangesIn(entry.title, sought, true)
    const { group, work, entity, title, archived = false, due = null } = entry
    const stage = this.#stageOf(entry)
    const place = { stage: stage?.title ?? '', done: stage?.done ?? false, due }
    const parts: (readonly [FoundIn | null, string])[] = [[null, entry.text], ...(entry.also ?? [])]
    for (const [foundIn, text] of parts) {
      const found = text === '' ? [] : rangesIn(text, sought, false)
      if (found.length === 0) continue
      const { excerpt, ranges: excerptRanges } = excerptOf(text, found)
      return { group, work, entity, title, titleRanges, excerpt, excerptRanges, foundIn, archived, ...place }
    }
    return {
      group,
      work,
      entity,
      title,
      titleRanges,
      excerpt: '',
      excerptRanges: [],
      foundIn: null,
      archived,
      ...place,
    }
  }

  #stageOf({ work, stage }: Stored): Stage | undefined {
    const its = this.#entries[this.#numberOf(work, '') ?? -1]
    return stage === undefined ? undefined : its?.stages?.[stage]
  }

  /** How much is shown as found of the words that are like those of the query. */
  #soughtWords(tokens: readonly Token[]): Sought['words'] {
    return tokens.flatMap(({ type, text }) => {
      if (type === 'run') return []
      const strict = this.#wordsLike(text, false)
      const like = strict.length > 0 ? strict : this.#wordsLike(text, true)
      return [new Map(like.map(([word, , quality]) => [word, quality === 'prefix' ? text.length : word.length]))]
    })
  }
}

function soughtIn(entry: Stored, tokens: readonly Token[], words: Sought['words']): Sought {
  const runs = tokens.filter(({ type }) => type === 'run').map(({ text }) => text)
  return {
    runs: runs.flatMap((text) => (inTitle(entry, text) || inText(entry, text) ? [text] : pairsOf(text))),
    words,
    initials: tokens.filter(({ type }) => type === 'word').map(({ text }) => text),
  }
}

interface Typed {
  folded: string
  /** Among characters of a run nothing says where a word ends: what is only those has no tiers. */
  hasWords: boolean
}
interface Scored {
  entry: Stored
  number: number
  /** 2: the title begins with the whole words that were typed, 1: it has them all. */
  tier: 0 | 1 | 2
  score: number
}
const bestFirst = (a: Scored, b: Scored): number => b.tier - a.tier || b.score - a.score || b.number - a.number
const byTitle = (a: Scored, b: Scored): number => compareNames(a.entry.title, b.entry.title)
const isTied = (a: Scored, b: Scored): boolean =>
  a.tier === b.tier && a.score === b.score && a.entry.group === b.entry.group && a.entry.archived === b.entry.archived

/** Those that are equally good, together. */
function tiesIn(scored: readonly Scored[]): [Scored, ...Scored[]][] {
  const ties: [Scored, ...Scored[]][] = []
  for (const one of scored) {
    const last = ties.at(-1)
    if (last && isTied(last[0], one)) last.push(one)
    else ties.push([one])
  }
  return ties
}

/** The first so many by their titles. Thousands may be equally good: they are not all sorted for the few that are shown. */
function firstByTitle(alike: readonly Scored[], most: number): readonly Scored[] {
  if (most <= 0) return []
  let first: Scored[] = []
  let more: Scored[] = []
  const take = () => {
    first = [...first, ...more].sort(byTitle).slice(0, most)
    more = []
  }
  for (const one of alike) {
    const last = first[most - 1]
    if (last && byTitle(one, last) >= 0) continue
    more.push(one)
    if (more.length >= most) take()
  }
  take()
  return first
}

/** Without what lies in an archive because it was moved, or was moved back, where what it became or was is found as well. */
function withoutTraces(scored: readonly Scored[]): readonly Scored[] {
  const origins = new Set(scored.flatMap(({ entry: { from } }) => (from ? [entryKey(from)] : [])))
  if (origins.size === 0) return scored
  const there = new Set(scored.flatMap(({ entry }) => (entry.archived ? [] : [entryKey(entry)])))
  return scored.filter(
    ({ entry }) =>
      !entry.archived || (!origins.has(entryKey(entry)) && !(entry.from && there.has(entryKey(entry.from)))),
  )
}

/** However many are as good word by word, whose whole title was typed is the best. */
const closenessOf = (title: string, typed: string): number =>
  title === typed ? 2 : title.startsWith(typed) ? 1.6 : title.includes(typed) ? 1.4 : 1

const QUALITY: Readonly<Record<Quality, number>> = {
  exact: 1,
  prefix: 0.75,
  initials: 0.6,
  'inner-initials': 0.4,
  'one-error': 0.45,
  'two-errors': 0.25,
  part: 0.4,
}
const weightOf = (quality: Quality, isTitle: boolean): number => QUALITY[quality] * (isTitle ? 3 : 1)

/** Half-width kana, compatibility forms, marks: the few that fold to characters of a run. Other texts are looked into as they are. */
const MAY_FOLD = /[\u2e80-\u2fdf\u3040-\u30ff\u1100-\u11ff\u3130-\u318f\uac00-\ud7af\uf900-\ufaff\uff65-\uffdc]|\p{M}/u

const inTitle = ({ title, mayFold }: Stored, run: string): boolean =>
  title.includes(run) || (mayFold && fold(title).includes(run))
const inText = ({ whole, mayFold }: Stored, run: string): boolean =>
  whole.includes(run) || (mayFold && fold(whole).includes(run))

const hashOf = (pair: string): number => {
  const first = pair.codePointAt(0) ?? 0
  return hashOfCodes(first, pair.codePointAt(first > 0xffff ? 2 : 1) ?? 0)
}

function hashOfCodes(first: number, second: number): number {
  const hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)
  return (hash ^ (hash >>> 15)) & (PAIR_LISTS - 1)
}
