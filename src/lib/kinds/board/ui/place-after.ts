/**
 * Where a place in the text of the editor is after others changed it. Of a change in the structure (a new paragraph, a list) the
 * binding replaces all between the first difference and the last, up to the whole text; whoever writes in there would be put to
 * the beginning of it. So such a place is looked for in the text itself.
 */
import type { Node } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'

type Change = Pick<Transaction, 'before' | 'doc' | 'mapping'>

/** A place stays before what is inserted exactly there: two who write at one place each keep their run of words. */
export function placeAfter({ before, doc, mapping }: Change, place: number): number {
  const { pos, deletedBefore, deletedAfter } = mapping.mapResult(place, -1)
  const { parent, parentOffset } = before.resolve(place)
  if ((!deletedBefore && !deletedAfter) || !parent.inlineContent) return pos
  const [old, now] = [textOf(before), textOf(doc)]
  const at = offsetOf(before, place)
  const shortest = Math.min(old.length, now.length)
  let same = 0
  while (same < shortest && old[same] === now[same]) same++
  let sameAtEnd = 0
  while (sameAtEnd < shortest && old.at(-1 - sameAtEnd) === now.at(-1 - sameAtEnd)) sameAtEnd++
  const fromStart = at <= same ? at : null
  const fromEnd = old.length - at <= sameAtEnd ? now.length - (old.length - at) : null
  // Who stands at the beginning of a paragraph stays at its beginning.
  return placeOf(doc, (parentOffset === 0 ? (fromEnd ?? fromStart) : (fromStart ?? fromEnd)) ?? same)
}

const LEAF = '\uFFFC'
const PARAGRAPH = '\n'

/** One character for each that can be written, and one before each paragraph. */
function textOf(doc: Node): string {
  let text = ''
  doc.descendants((node) => {
    if (node.isTextblock) text += PARAGRAPH + node.textBetween(0, node.content.size, undefined, LEAF)
    return !node.isTextblock
  })
  return text
}

function offsetOf(doc: Node, place: number): number {
  let offset = 0
  doc.descendants((node, pos) => {
    if (node.isTextblock && pos < place) offset += 1 + Math.min(node.content.size, place - pos - 1)
    return !node.isTextblock
  })
  return offset
}

function placeOf(doc: Node, offset: number): number {
  let left = offset
  let place: number | null = null
  doc.descendants((node, pos) => {
    if (!node.isTextblock || place !== null) return place === null
    if (left <= node.content.size + 1) place = pos + Math.max(1, left)
    left -= node.content.size + 1
    return false
  })
  return place ?? doc.content.size
}
