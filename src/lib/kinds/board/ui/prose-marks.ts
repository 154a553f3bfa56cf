/**
 * Which of the editor's nodes have a mark of their own in the description. The binding writes a mark for what says `isAmgBlock`, and
 * where a paragraph that has one is put into a list the item has none: an item that is split then would be two paragraphs of one item.
 */
import type { Node } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'
import * as v from 'valibot'

const Replacement = v.object({
  stepType: v.literal('replace'),
  from: v.number(),
  to: v.number(),
  slice: v.optional(v.object({ content: v.array(v.object({ type: v.string() })) })),
})

/** From where to where in its first text a transaction replaces something, unless it only types letters; null of any other. */
export function replacedBy(transaction: Transaction): { from: number; to: number } | null {
  const json: unknown = transaction.steps[0]?.toJSON()
  if (!v.is(Replacement, json)) return null
  const isTyped = (json.slice?.content ?? []).length > 0 && !changesStructure(transaction)
  return isTyped ? null : json
}

/** More than letters and marks within one paragraph. */
export const changesStructure = ({ steps, docs }: Transaction): boolean =>
  steps.some((step, nth) => {
    const json: unknown = step.toJSON()
    if (!v.is(Replacement, json)) return v.is(v.object({ stepType: v.literal('replaceAround') }), json)
    const { from, to, slice } = json
    const isText = (slice?.content ?? []).every(({ type }) => type === 'text')
    return !isText || docs[nth]?.resolve(from).sameParent(docs[nth].resolve(to)) !== true
  })

/** Gives an item the mark, and not its first paragraph; gives it to a paragraph that stands free. Of what the transaction has changed. */
export function markItems(transaction: Transaction): Transaction {
  const wanted = new Map<number, boolean>()
  const { doc, mapping } = transaction
  const look = (node: Node, at: number, parent: Node | null, index: number) => {
    const isItem = node.type.name === 'list_item'
    if (isItem) wanted.set(at, true)
    else if (node.isTextblock && parent?.type.name === 'list_item' && index === 0) wanted.set(at, false)
    else if (node.isTextblock && parent === doc) wanted.set(at, true)
    // With the item its first paragraph, wherever in it something was changed.
    if (isItem && node.firstChild) wanted.set(at + 1, false)
  }
  for (const [nth, map] of mapping.maps.entries())
    map.forEach((_from, _to, start, end) => {
      const [from, to] = [mapping.slice(nth + 1).map(start, -1), mapping.slice(nth + 1).map(end, 1)]
      doc.nodesBetween(Math.max(0, from - 1), Math.min(doc.content.size, to + 1), look)
    })
  for (const [at, isMarked] of wanted) {
    const node = transaction.doc.nodeAt(at)
    if (node && node.attrs['isAmgBlock'] !== isMarked)
      transaction.setNodeMarkup(at, null, { ...node.attrs, isAmgBlock: isMarked })
  }
  return transaction
}
