/**
 * What an editor has done, written into the description at the place where it was done. The library's binding compares two texts: where a
 * paragraph begins before one that is like it, or goes, it takes either mark for the new one, or for the one that is gone. On one
 * screen that is the same text; but what somebody else writes there, apart, would be glued to it, or moved to another line.
 */
import * as A from '@automerge/automerge/slim'
import { pmNodeToSpans } from '@automerge/prosemirror'
import type { Node } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'
import { insertLetters } from '#lib/kinds/prose/letters.ts'
import { sameSpans, type Span } from '#lib/kinds/prose/spans.ts'
import { replacedBy } from './prose-marks.ts'
import { proseSchema } from './prose-schema.ts'

/** From `from` to `to` what stood in the text goes, and these come in its place. */
interface Replacement {
  from: number
  to: number
  spans: readonly Span[]
}

/** Where a paragraph begins Automerge has this sign in the text. */
const MARK = '\uFFFC'

interface Flat {
  letters: string
  /** By their place. */
  blocks: ReadonlyMap<number, Span>
  spans: readonly Span[]
}

/** Null where it is not just that at one place something went and something came: then the two texts are to be compared. */
export function replacementOf(transactions: readonly Transaction[], before: Node, after: Node): Replacement | null {
  const first = transactions.find(({ docChanged }) => docChanged)
  const replaced = first ? replacedBy(first) : null
  if (!replaced) return null
  const [was, is] = [flat(pmNodeToSpans(proseSchema, before)), flat(pmNodeToSpans(proseSchema, after))]
  if (offsetOf(before, before.content.size) !== was.letters.length) return null
  const [from, to] = [offsetOf(before, replaced.from), offsetOf(before, replaced.to)]
  const end = is.letters.length - (was.letters.length - to)
  if (end < from || !sameAround(was, is, { from, to, end })) return null
  const spans = between(is, from, end)
  const at = isBefore(was, from, to, spans) ? from - 1 : from
  return { from: at, to: at + to - from, spans }
}

export function writeReplacement(draft: A.Doc<unknown>, path: A.Prop[], { from, to, spans }: Replacement): void {
  if (to > from) A.splice(draft, path, from, to - from)
  let at = from
  for (const span of spans) {
    if (span.type === 'block') A.splitBlock(draft, path, at, span.value)
    else insertLetters(draft, path, at, span.value, span.marks ?? {})
    at += span.type === 'block' ? 1 : span.value.length
  }
}

/** As the description counts: each letter, and each mark of a paragraph, a heading or an item. */
export function offsetOf(doc: Node, place: number): number {
  let offset = 0
  doc.nodesBetween(0, place, (node, at) => {
    if (node.isText) offset += Math.min(place - at, node.nodeSize)
    else if (at < place && node.attrs['isAmgBlock'] === true) offset++
  })
  return offset
}

function flat(spans: readonly Span[]): Flat {
  let letters = ''
  const blocks = new Map<number, Span>()
  for (const span of spans) {
    if (span.type === 'block') blocks.set(letters.length, span)
    letters += span.type === 'block' ? MARK : span.value
  }
  return { letters, blocks, spans }
}

function sameAround(was: Flat, is: Flat, { from, to, end }: { from: number; to: number; end: number }): boolean {
  if (was.letters.slice(0, from) !== is.letters.slice(0, from) || was.letters.slice(to) !== is.letters.slice(end))
    return false
  const around = (flat: Flat, stop: number, start: number) =>
    [...flat.blocks].flatMap(([at, block]) => (at < stop || at >= start ? [block] : []))
  return sameSpans(around(was, from, to), around(is, from, end))
}

function between({ spans }: Flat, from: number, end: number): Span[] {
  let at = 0
  return spans.flatMap((span): Span[] => {
    const start = at
    at += span.type === 'block' ? 1 : span.value.length
    if (at <= from || start >= end) return []
    if (span.type === 'block') return [span]
    return [{ ...span, value: span.value.slice(Math.max(0, from - start), end - start) }]
  })
}

/** A paragraph that is begun in front of words: they keep the mark that they had, and the new one stands before it. */
function isBefore(was: Flat, from: number, to: number, spans: readonly Span[]): boolean {
  const [only] = spans
  const mark = was.blocks.get(from - 1)
  if (spans.length !== 1 || only?.type !== 'block' || !mark || from !== to) return false
  return was.letters.length > from && !was.blocks.has(from) && sameSpans([mark], [only])
}
