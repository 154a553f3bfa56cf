/** The editor of a description: the binding's basic schema with the keys that people expect. */
import { init } from '@automerge/prosemirror'
import { baseKeymap, toggleMark } from 'prosemirror-commands'
import { history, redo, undo } from 'prosemirror-history'
import { keymap } from 'prosemirror-keymap'
import { EditorState } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import 'prosemirror-view/style/prosemirror.css'
import type { OpenProse } from './prose-handle.ts'

export interface ProseEditor {
  setReadOnly: (readOnly: boolean) => void
  destroy: () => void
}

export function mountEditor(
  place: HTMLElement,
  { handle, path }: OpenProse,
  options: { label: string; readOnly: boolean; onEmpty: (empty: boolean) => void },
): ProseEditor {
  let { readOnly } = options
  const { schema, pmDoc, plugin } = init(handle, path)
  const { strong, em, code } = schema.marks
  const marks = {
    ...(strong ? { 'Mod-b': toggleMark(strong) } : {}),
    ...(em ? { 'Mod-i': toggleMark(em) } : {}),
    ...(code ? { 'Mod-e': toggleMark(code) } : {}),
  }
  const isEmpty = (state: EditorState) => state.doc.textContent === '' && state.doc.childCount <= 1
  const view = new EditorView(place, {
    state: EditorState.create({
      schema,
      doc: pmDoc,
      plugins: [
        keymap({ 'Mod-z': undo, 'Mod-y': redo, 'Shift-Mod-z': redo, ...marks }),
        keymap(baseKeymap),
        history(),
        plugin,
      ],
    }),
    editable: () => !readOnly,
    attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': options.label, 'data-field': 'description' },
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction))
      options.onEmpty(isEmpty(view.state))
    },
  })
  options.onEmpty(isEmpty(view.state))
  return {
    setReadOnly(next) {
      readOnly = next
      view.setProps({ editable: () => !readOnly })
    },
    destroy: () => view.destroy(),
  }
}
