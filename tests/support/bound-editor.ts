import * as A from '@automerge/automerge'
import type { DocHandle } from '@automerge/prosemirror'
import { deleteSelection, joinBackward, setBlockType, splitBlock } from 'prosemirror-commands'
import { splitListItem } from 'prosemirror-schema-list'
import { EditorState, TextSelection, type Command, type Transaction } from 'prosemirror-state'
import { expect } from 'vitest'
import { bindProse, follow } from '#lib/kinds/board/ui/prose-binding.ts'
import { beginParagraph } from '#lib/kinds/board/ui/prose-begin.ts'
import { changesStructure, markItems } from '#lib/kinds/board/ui/prose-marks.ts'
import { proseSchema } from '#lib/kinds/board/ui/prose-schema.ts'
import { nothingMet, takingBack } from '#lib/kinds/prose/take-back.ts'

/** Somebody with the editor open on a text of this document. */
export function editorOf<T extends object>(start: A.Doc<T>, path: string[], message?: string) {
  let doc = start
  const handle: DocHandle<unknown> = {
    doc: () => doc,
    change(write) {
      doc = A.change(doc, { ...(message !== undefined && { message }) }, (draft) => {
        beginParagraph(draft, path)
        write(draft)
      })
    },
    on: () => undefined,
    off: () => undefined,
  }
  const bound = bindProse({ handle, path })
  let state = EditorState.create({ doc: bound.doc(), plugins: [bound.plugin] })
  const apply = (transaction: Transaction) => {
    state = state.apply(changesStructure(transaction) ? markItems(transaction) : transaction)
    const wanted = bound.doc()
    expect(wanted.textContent).toBe(state.doc.textContent)
    // What the description cannot hold as it was meant is not left on the screen either.
    if (!state.doc.eq(wanted)) state = state.apply(follow(state, wanted))
  }
  const run = (...commands: Command[]) => expect(commands.some((command) => command(state, apply))).toBe(true)
  /** Where these words begin. */
  const placeOf = (words: string): number => {
    let place = -1
    state.doc.descendants((node, at) => {
      const found = node.isTextblock ? node.textContent.indexOf(words) : -1
      if (found >= 0) place = at + 1 + found
    })
    return place
  }
  const link = proseSchema.schema.marks['link']!
  const select = (from: number, to = from) => apply(state.tr.setSelection(TextSelection.create(state.doc, from, to)))
  const item = proseSchema.schema.nodes['list_item']!
  return {
    after: (words: string) => select(placeOf(words) + words.length),
    before: (words: string) => select(placeOf(words)),
    over: (from: string, to = from) => select(placeOf(from), placeOf(to) + to.length),
    /** Up to where other words begin. */
    from: (from: string, to: string) => select(placeOf(from), placeOf(to)),
    /** From behind words to the end of others. */
    behind: (words: string, to: string) => select(placeOf(words) + words.length, placeOf(to) + to.length),
    types: (text: string) => {
      for (const letter of text) apply(state.tr.insertText(letter))
    },
    /** Gives what is selected this address, or none. */
    links: (href: string | null) => {
      const { from, to } = state.selection
      apply(href === null ? state.tr.removeMark(from, to, link) : state.tr.addMark(from, to, link.create({ href })))
    },
    enter: () => void [splitListItem(item), splitBlock].some((command) => command(state, apply)),
    removes: () => void [deleteSelection, joinBackward].some((command) => command(state, apply)),
    get doc() {
      return doc
    },
    formats: (words: string, is: string, attrs: Record<string, unknown>) => {
      select(placeOf(words))
      run(setBlockType(proseSchema.schema.nodes[is]!, attrs))
    },
    /** Somewhere, wherever that is. */
    selectAt: (from: number, to: number) => {
      const places = [from, to].map((place) => state.doc.resolve(place % (state.doc.content.size + 1)))
      apply(state.tr.setSelection(TextSelection.between(places[0]!, places[1]!)))
    },
    takesBack: (hashes: readonly string[], isMine = (actor: string) => actor === A.getActorId(doc)) => {
      const { write } = takingBack(doc, path, hashes, new Map(), isMine)
      let met = nothingMet()
      doc = A.change(doc, (draft) => void (met = write(draft)))
      state = EditorState.create({ doc: bound.doc(), plugins: [bound.plugin] })
      return met
    },
  }
}
