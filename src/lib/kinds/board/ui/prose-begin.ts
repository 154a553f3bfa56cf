/**
 * Two people who begin one empty description apart have a paragraph each. Automerge marks where a paragraph begins, and the editor's
 * binding leaves the first one without a mark: the end of the one's text would be glued to the beginning of the other's.
 */
import { spans, splitBlock, type Doc, type Prop } from '@automerge/automerge/slim'
import { Fragment, type Node } from 'prosemirror-model'
import { str } from '#lib/kernel/immutable-string.ts'

/** To be called in a change before anything is written. */
export function beginParagraph(draft: Doc<unknown>, path: Prop[]): void {
  if (spans(draft, path).length === 0) splitBlock(draft, path, 0, { type: str('paragraph'), parents: [], attrs: {} })
}

/** An empty document whose paragraph knows of its mark: the binding takes away what the editor does not know. */
export function withBeginning(doc: Node): Node {
  const { firstChild } = doc
  if (!firstChild || doc.childCount > 1 || firstChild.content.size > 0) return doc
  return doc.copy(Fragment.from(firstChild.type.create({ ...firstChild.attrs, isAmgBlock: true })))
}
