import * as A from '@automerge/automerge'
import { init, type DocHandle } from '@automerge/prosemirror'
import fc from 'fast-check'
import { splitBlock } from 'prosemirror-commands'
import { EditorState, Selection } from 'prosemirror-state'
import { expect, test } from 'vitest'
import { beginParagraph, withBeginning } from '#lib/kinds/board/ui/prose-begin.ts'
import { proseSchema } from '#lib/kinds/board/ui/prose-schema.ts'

const path = ['text']
type Note = Record<'text', string>

/** Somebody with the editor open; what they write goes into a document of their own. */
function editorOf(start: A.Doc<Note>) {
  let doc = start
  const handle: DocHandle<unknown> = {
    doc: () => doc,
    change: (write) => {
      doc = A.change(doc, (draft) => {
        beginParagraph(draft, path)
        write(draft)
      })
    },
    on: () => undefined,
    off: () => undefined,
  }
  const open = () => {
    const { pmDoc, plugin } = init(handle, path, { schemaAdapter: proseSchema })
    const state = EditorState.create({ doc: withBeginning(pmDoc), plugins: [plugin] })
    return state.apply(state.tr.setSelection(Selection.atEnd(state.doc)))
  }
  let state = open()
  return {
    types: (text: string) => {
      for (const letter of text) state = state.apply(state.tr.insertText(letter))
    },
    takesBackALetter: () => {
      const { from, $from } = state.selection
      if ($from.parentOffset > 0) state = state.apply(state.tr.delete(from - 1, from))
    },
    pressesEnter: () => void splitBlock(state, (transaction) => (state = state.apply(transaction))),
    hears: (other: A.Doc<Note>) => {
      doc = A.merge(doc, other)
      state = open()
    },
    doc: () => A.clone(doc),
    /** As it stands on the screen, a line per paragraph. */
    paragraphs: () => {
      const lines: string[] = []
      state.doc.forEach((node) => lines.push(node.textContent))
      return lines
    },
  }
}
const empty = () => A.from<Note>({ text: '' })

test('Ann and Bo each begin an empty description, apart: both have their paragraphs, and nothing is glued together', () => {
  const start = empty()
  const [ann, bo] = [editorOf(A.clone(start)), editorOf(A.clone(start))]
  ann.types('Ann writes this para offline.')
  bo.types('第一段。')
  bo.pressesEnter()
  bo.types('第二段。')
  const hers = ann.doc()
  ann.hears(bo.doc())
  bo.hears(hers)
  expect(bo.paragraphs()).toEqual(ann.paragraphs())
  expect(ann.paragraphs().toSorted()).toEqual(['Ann writes this para offline.', '第一段。', '第二段。'])
})

const gesture = fc.oneof(
  { weight: 4, arbitrary: fc.constant('types' as const) },
  { weight: 2, arbitrary: fc.constant('pressesEnter' as const) },
  { weight: 1, arbitrary: fc.constant('takesBackALetter' as const) },
)
/** Typed in turn, so that each person's letters are known. */
const LETTERS = ['a', '甲', 'x'] as const

test('whatever three people write into one empty description, apart, each of its paragraphs is one person’s, in their order', () => {
  fc.assert(
    fc.property(fc.tuple(...LETTERS.map(() => fc.array(gesture, { minLength: 1, maxLength: 25 }))), (programs) => {
      const start = empty()
      const people = programs.map((program, at) => {
        const person = editorOf(A.clone(start))
        for (const does of program) {
          if (does === 'types') person.types(LETTERS[at]!)
          else person[does]()
        }
        return person
      })
      const alone = people.map((person) => person.paragraphs())
      const docs = people.map((person) => person.doc())
      for (const [at, person] of people.entries())
        for (const [other, doc] of docs.entries()) if (other !== at) person.hears(A.clone(doc))
      const together = people[0]!.paragraphs()
      for (const person of people) expect(person.paragraphs()).toEqual(together)
      for (const [at, letter] of LETTERS.entries())
        expect(together.filter((line) => line.includes(letter))).toEqual(alone[at]!.filter((line) => line !== ''))
    }),
    { numRuns: 20, seed: 5 },
  )
})
