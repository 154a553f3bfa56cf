/** Which entries every token of a query has found so far, with their scores. */
import type { Postings } from './postings.ts'

/** How well a piece of a query fits what is there. */
export type Quality = 'exact' | 'prefix' | 'initials' | 'inner-initials' | 'one-error' | 'two-errors' | 'part'

export class Matches {
  readonly #scores: Float32Array
  /** How many tokens in a row, from the first on, have found the entry. */
  readonly #tokens: Uint8Array
  /** The best that this token found of each entry. */
  readonly #best: Float32Array
  /** How many tokens stand in its title as they were typed. */
  readonly #whole: Uint8Array
  #touched: number[] = []
  #token = 0

  constructor(entries: number) {
    this.#scores = new Float32Array(entries)
    this.#tokens = new Uint8Array(entries)
    this.#best = new Float32Array(entries)
    this.#whole = new Uint8Array(entries)
  }

  /** `isWhole`: the title has the token as it was typed, which is told once of each. */
  found(entry: number, score: number, isWhole = false): void {
    if (this.#tokens[entry] !== this.#token) return
    if (isWhole) this.#whole[entry] = (this.#whole[entry] ?? 0) + 1
    const best = this.#best[entry] ?? 0
    if (best === 0) this.#touched.push(entry)
    if (score > best) this.#best[entry] = score
  }

  nextToken(): void {
    this.#token++
    for (const entry of this.#touched) {
      this.#tokens[entry] = this.#token
      this.#scores[entry] = (this.#scores[entry] ?? 0) + (this.#best[entry] ?? 0)
      this.#best[entry] = 0
    }
    this.#last = this.#touched
    this.#touched = []
  }
  #last: number[] = []

  all(): [entry: number, score: number, isWhole: boolean][] {
    return this.#last.map((entry) => [
      entry,
      (this.#scores[entry] ?? 0) / Math.max(1, this.#token),
      this.#whole[entry] === this.#token,
    ])
  }

  /** Entries that are in so many of the lists and that all tokens before have found, greatest number first. */
  inAtLeast(lists: readonly (Postings | undefined)[], needed: number): number[] {
    const distinct = new Map<Postings, number>()
    let missing = 0
    for (const list of lists) {
      if (list) distinct.set(list, (distinct.get(list) ?? 0) + 1)
      else missing++
    }
    if (lists.length - missing < needed) return []
    const counts = new Uint8Array(this.#tokens.length)
    const enough: number[] = []
    for (const [list, times] of distinct) {
      for (const code of list.codes()) {
        const entry = code >> 1
        const before = counts[entry] ?? 0
        const count = Math.min(255, before + times)
        counts[entry] = count
        if (before < needed && count >= needed && this.#tokens[entry] === this.#token) enough.push(entry)
      }
    }
    return enough.sort((a, b) => b - a)
  }
}
