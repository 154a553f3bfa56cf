/**
 * Tab in a list nests its items. That is no trap: Tab goes on to the next field for whoever only comes by with it, and after Escape,
 * until another key or the pointer says that one stays (WCAG 2.1.2).
 */
import type { NodeType } from 'prosemirror-model'
import { liftListItem, sinkListItem } from 'prosemirror-schema-list'
import { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'

const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta']

/** On the page: the state of the editor comes to know a little later of a press that has moved the caret. */
function isCaretInItem(view: EditorView): boolean {
  const node = document.getSelection()?.anchorNode ?? null
  const item = (node instanceof Element ? node : node?.parentElement)?.closest('li') ?? null
  return item !== null && view.dom.contains(item)
}

export function tabInList(item: NodeType, onMayLeave: () => void): Plugin {
  const isInList = liftListItem(item)
  let isLeaving = false
  /** Nothing was done here since the text was entered. */
  let isNew = false
  const stays = () => {
    isLeaving = isNew = false
  }
  return new Plugin({
    props: {
      handleKeyDown(view, event) {
        if (event.key !== 'Tab' || event.ctrlKey || event.metaKey || event.altKey) return false
        // A key that is held down has come from the field before.
        if (isLeaving || (isNew && event.repeat) || !view.editable || !isInList(view.state)) return false
        isNew = false
        const move = event.shiftKey ? liftListItem(item) : sinkListItem(item)
        move(view.state, view.dispatch)
        // Also where there is no step further in: what is typed next belongs here.
        return true
      },
      handleDOMEvents: {
        focus: () => void ([isLeaving, isNew] = [false, true]),
        click: stays,
        keyup(_, { key }) {
          // It was pressed in the field before.
          if (key === 'Tab' && isNew) isLeaving = true
        },
        keydown(view, event) {
          if (event.key === 'Tab' || MODIFIERS.includes(event.key)) return false
          const mayLeave = isLeaving || !view.editable || !isCaretInItem(view)
          stays()
          if (event.key !== 'Escape' || event.isComposing) return false
          if (!mayLeave) {
            isLeaving = true
            event.preventDefault()
            onMayLeave()
          }
          // ProseMirror would take Escape and do nothing with it; around the text it closes the card.
          return true
        },
      },
    },
  })
}
