/** Where in a title or a text the words of a query are, and which piece of a long text to show. */
import { foldWithPlaces } from './fold.ts'
import { initialsOf } from './initials.ts'
import { tokensOf } from './tokens.ts'

/** Start and end in the original text. */
export type Range = readonly [start: number, end: number]

/** What of a query is looked for: pieces of runs as they are; words, by the part that was typed. */
export interface Sought {
  runs: readonly string[]
  /** For each word of the query: word as it stands in texts → how much of it to show as found. */
  words: readonly ReadonlyMap<string, number>[]
  initials: readonly string[]
}

export function rangesIn(text: string, { runs, words, initials }: Sought, isTitle: boolean): Range[] {
  const { folded, places } = foldWithPlaces(text)
  const found: Range[] = []
  const add = (from: number, to: number) => {
    const end = places[to] ?? text.length
    // A character that folds to several is shown whole.
    found.push([places[from] ?? 0, end === places[to - 1] ? (places.find((place) => place > end) ?? text.length) : end])
  }
  for (const run of runs) {
    for (let at = folded.indexOf(run); at >= 0; at = folded.indexOf(run, at + 1)) add(at, at + run.length)
  }
  if (words.length > 0) {
    const standing = tokensOf(folded).filter(({ type }) => type === 'word')
    for (const lengths of words) {
      const like = standing.map(({ text, at }) => ({ text, at, length: lengths.get(text) ?? 0 }))
      // Beginnings of longer words only where it stands nowhere by itself: whoever looks for 2 does not mean the one in 292.
      const whole = like.filter(({ text, length }) => length === text.length)
      for (const { at, length } of whole.length > 0 ? whole : like) if (length > 0) add(at, at + length)
    }
  }
  // Initials only where nothing else was found: they stand for the whole of what was typed.
  if (isTitle && found.length === 0) {
    for (const { readings, places: characters } of initialsOf(text)) {
      for (const typed of initials) {
        const at = readings.map((reading) => reading.indexOf(typed)).find((index) => index >= 0)
        if (at === undefined) continue
        const [first, last] = [characters[at] ?? 0, characters[at + typed.length - 1] ?? 0]
        found.push([first, last + (text.codePointAt(last)! > 0xffff ? 2 : 1)])
      }
    }
  }
  return merged(found)
}

function merged(ranges: Range[]): Range[] {
  const out: [number, number][] = []
  for (const [start, end] of ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = out.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else out.push([start, end])
  }
  return out
}

const BEFORE = 24
const LENGTH = 120

/** The piece of a text around the first thing that was found, in one line. */
export function excerptOf(text: string, ranges: readonly Range[]): { excerpt: string; ranges: Range[] } {
  const first = ranges[0]
  if (!first) return { excerpt: '', ranges: [] }
  let start = Math.max(0, first[0] - BEFORE)
  // Not in the middle of a word, of a line before, or of a character.
  const gap = text.slice(start, first[0]).search(/[\s，。；：、！？,.;:!?]/)
  const line = text.slice(start, first[0]).lastIndexOf('\n')
  if (line >= 0) start += line + 1
  else if (start > 0 && gap >= 0) start += gap + 1
  if (start > 0 && isLowSurrogate(text, start)) start--
  let end = Math.min(text.length, start + LENGTH)
  if (isLowSurrogate(text, end)) end--
  const lead = start > 0 ? '…' : ''
  return {
    excerpt: lead + text.slice(start, end).replace(/\s/g, ' ') + (end < text.length ? '…' : ''),
    ranges: ranges.flatMap(([from, to]): Range[] =>
      from >= end || to <= start
        ? []
        : [[Math.max(from, start) - start + lead.length, Math.min(to, end) - start + lead.length]],
    ),
  }
}

const isLowSurrogate = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}
