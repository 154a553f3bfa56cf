/** The editor of a description: keys that people expect, and commands for the buttons above it. */
import { baseKeymap, chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from 'prosemirror-commands'
import { keymap } from 'prosemirror-keymap'
import { Fragment, Slice, type MarkType, type Node, type NodeType, type Schema } from 'prosemirror-model'
import { liftListItem, sinkListItem, splitListItem, wrapInList } from 'prosemirror-schema-list'
import { EditorState, Plugin, Selection, TextSelection, type Command, type Transaction } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import 'prosemirror-view/style/prosemirror.css'
import { addressesIn } from './addresses-in-text.ts'
import { pastedHtml, type LeftOut } from './pasted-prose.ts'
import { placeAfter } from './place-after.ts'
import { bindProse, follow, isFollowing, type BoundProse } from './prose-binding.ts'
import type { OpenProse } from './prose-handle.ts'
import { changesStructure, markItems } from './prose-marks.ts'
import { proseSchema } from './prose-schema.ts'
import { tabInList } from './prose-tab.ts'
import { safeHref } from './safe-href.ts'
import { formatKeys, formats, itemKeys, type Format } from './text-keys.ts'

export interface ProseEditor {
  setReadOnly: (readOnly: boolean) => void
  /** What the field is called, in another language. */
  setLabel: (label: string) => void
  /** Puts a format on or takes it off; `link` is asked for by the toolbar, see `setLink`. */
  toggle: (format: Exclude<Format, 'link'>) => void
  /** The address under the selection, '' where there is none. */
  linkHere: () => string
  /** Makes the selection a link, or none for ''. False where the address is not one that may be followed. */
  setLink: (address: string) => boolean
  focus: () => void
  destroy: () => void
}

export interface EditorHooks {
  label: string
  readOnly: boolean
  onEmpty: (empty: boolean) => void
  /** What holds where the cursor is. */
  onFormats: (here: ReadonlySet<Format>) => void
  /** The keys for a link were pressed. */
  onLink: () => void
  /** In a list: Tab is again for the next field, Escape for the card. */
  onMayLeave: () => void
  /** What would have made the text longer than it may be was not taken. */
  onTooLong: () => void
  /** Of what was pasted, this was not taken. */
  onLeftOut: (leftOut: LeftOut) => void
}

/**
 * A description is no book: each key of a longer one would be felt, and a change of more than 200,000 operations is taken by
 * nobody (SPEC, apply guards).
 */
export const MOST_LETTERS = 50_000
export const MOST_PARAGRAPHS = 400

const NOTHING: LeftOut = { pictures: 0, embedded: 0 }

/** A new paragraph, wherever one is. */
const newLine: Command = (state, dispatch, view) => baseKeymap['Enter']?.(state, dispatch, view) ?? false

/** Milliseconds within which the editor has taken in what was composed. */
const COMPOSED_MS = 60

export function mountEditor(place: HTMLElement, prose: OpenProse, hooks: EditorHooks): ProseEditor {
  let { readOnly } = hooks
  const { schema } = proseSchema
  const bound = bindProse(prose)
  const node = (name: string): NodeType => schema.nodes[name] ?? fail(name)
  const mark = (name: string): MarkType => schema.marks[name] ?? fail(name)
  const item = node('list_item')

  /** Into the block, or back to a paragraph. */
  const block = (type: NodeType, attributes?: Record<string, unknown>): Command => {
    const into = setBlockType(type, attributes)
    const back = setBlockType(node('paragraph'))
    return (state, dispatch) => (isInside(state, type) ? back : into)(state, dispatch)
  }
  const around = (type: NodeType, wrap: Command, unwrap: Command): Command => {
    return (state, dispatch, view) => (isInside(state, type) ? unwrap : wrap)(state, dispatch, view)
  }
  const commands: Record<Exclude<Format, 'link'>, Command> = {
    strong: toggleMark(mark('strong')),
    em: toggleMark(mark('em')),
    code: toggleMark(mark('code')),
    heading: block(node('heading'), { level: 2 }),
    bullets: around(node('bullet_list'), wrapInList(node('bullet_list')), liftListItem(item)),
    numbers: around(node('ordered_list'), wrapInList(node('ordered_list')), liftListItem(item)),
    quote: around(node('blockquote'), wrapIn(node('blockquote')), lift),
  }
  const keys = Object.fromEntries(
    Object.entries(commands).map(([format, command]) => [formatKeys[format as Format], command]),
  )
  const askLink: Command = () => {
    hooks.onLink()
    return true
  }
  /** What comes from outside is meanwhile what was asked for. */
  let takingBack = 0
  /** Undo is of what I wrote myself, also where there is nothing of it: the browser's own knows nothing of others. */
  const takeBack =
    (way: 'undo' | 'redo'): Command =>
    (_, dispatch) => {
      if (!dispatch || readOnly) return true
      takingBack++
      void prose.takeBack(way).finally(() => takingBack--)
      return true
    }
  const [undo, redo] = [takeBack('undo'), takeBack('redo')]
  const limit = new Plugin({
    filterTransaction(transaction, { doc }) {
      // What others wrote is here already, the binding only follows, and a text that came too long may be made shorter.
      if (!transaction.docChanged || isFollowing(transaction)) return true
      if (transaction.getMeta('appendedTransaction')) return true
      const fits = fitsIn(transaction.doc) || !isLonger(transaction.doc, doc)
      if (!fits) hooks.onTooLong()
      return fits
    },
  })
  /** An address that has just been typed is a link from the space behind it on. Null where there is none. */
  function linkTyped(state: EditorState): Transaction | null {
    const { $from, empty } = state.selection
    if (!empty || !$from.parent.isTextblock || $from.parent.type.spec.code === true) return null
    const before = $from.parent.textBetween(0, $from.parentOffset, undefined, '\ufffc')
    const address = addressesIn(before).at(-1)
    if (!address || /\s/.test(before.slice(address.to))) return null
    const [from, to] = [$from.start() + address.from, $from.start() + address.to]
    if (state.doc.rangeHasMark(from, to, mark('link'))) return null
    return state.tr.addMark(from, to, mark('link').create({ href: address.href }))
  }
  const linkFirst: Command = (state, dispatch) => {
    const transaction = linkTyped(state)
    if (transaction) dispatch?.(transaction)
    return false
  }
  let composed: ReturnType<typeof setTimeout> | undefined
  /** Of what is being pasted or dropped. */
  let leftOut = NOTHING
  const isLeftOut = () => leftOut.pictures + leftOut.embedded > 0
  function tellLeftOut(): void {
    if (isLeftOut()) hooks.onLeftOut(leftOut)
    leftOut = NOTHING
  }
  /** What has no words, a picture say, takes the place of nothing. */
  function isWordless(brought: DataTransfer | null, slice: Slice): boolean {
    if (slice.size > 0) return false
    const isHtml = brought?.types.includes('text/html') ?? false
    const files = [...(brought?.files ?? [])].filter(({ type }) => type.startsWith('image/'))
    if (!isHtml) leftOut = { ...NOTHING, pictures: files.length }
    const isAny = isLeftOut()
    tellLeftOut()
    return isHtml || isAny
  }
  const view = new EditorView(place, {
    state: EditorState.create({
      schema,
      doc: bound.doc(),
      plugins: [
        tabInList(item, hooks.onMayLeave),
        keymap({
          'Mod-z': undo,
          'Mod-y': redo,
          'Shift-Mod-z': redo,
          ...keys,
          [formatKeys.link]: askLink,
          Enter: chainCommands(linkFirst, splitListItem(item)),
          'Shift-Enter': chainCommands(linkFirst, exitCode, splitListItem(item), newLine),
          [itemKeys.deeper]: sinkListItem(item),
          [itemKeys.outwards]: liftListItem(item),
        }),
        keymap(baseKeymap),
        limit,
        bound.plugin,
      ],
    }),
    editable: () => !readOnly,
    attributes: attributesOf(hooks.label),
    transformPastedHTML(html) {
      const pasted = pastedHtml(html)
      leftOut = pasted.leftOut
      return pasted.html
    },
    transformPasted: (slice) => new Slice(linked(slice.content, schema), slice.openStart, slice.openEnd),
    handlePaste(current, event, slice) {
      const { from, to, empty } = current.state.selection
      if (isWordless(event.clipboardData, slice)) return true
      if (empty || slice.size === 0 || readOnly || isInside(current.state, node('code_block'))) return false
      const text = event.clipboardData?.getData('text/plain').trim() ?? ''
      const [address, ...others] = addressesIn(text)
      const isAddress = address !== undefined && others.length === 0 && address.to - address.from === text.length
      current.dispatch(
        isAddress
          ? // Words that are chosen become a link to the address.
            current.state.tr.addMark(from, to, mark('link').create({ href: address.href }))
          : // In one step the description would keep the letters that old and new have in common, and what another person writes
            // between the old ones would tear the new words.
            current.state.tr.deleteSelection().replaceSelection(slice).setMeta('paste', true).scrollIntoView(),
      )
      return true
    },
    handleDrop: (_, event, slice) => isWordless(event.dataTransfer, slice),
    handleTextInput(current, from, to, text) {
      const transaction = /^\s$/.test(text) ? linkTyped(current.state) : null
      if (!transaction) return false
      current.dispatch(transaction.insertText(text, from, to))
      return true
    },
    dispatchTransaction(dispatched) {
      const transaction = asItIs(dispatched)
      if (isFollowing(transaction)) {
        if (takingBack > 0) toWhatChanged(transaction)
        else standStill(transaction, view.state.selection, bound.carried)
      } else if (transaction.selectionSet && !transaction.docChanged) prose.rest()
      const before = view.state
      view.updateState(before.apply(transaction))
      const isBrought = transaction.getMeta('paste') === true || transaction.getMeta('uiEvent') === 'drop'
      if (isBrought && view.state !== before) tellLeftOut()
      else if (isBrought) leftOut = NOTHING
      if (!isFollowing(transaction) && changesStructure(transaction)) showAsItIs()
      tell()
    },
    handleDOMEvents: {
      beforeinput(current, event) {
        const way = event.inputType === 'historyUndo' ? 'undo' : event.inputType === 'historyRedo' ? 'redo' : null
        if (!way) return false
        event.preventDefault()
        return takeBack(way)(current.state, current.dispatch)
      },
      compositionstart() {
        clearTimeout(composed)
        prose.hold()
        return false
      },
      compositionend() {
        composed = setTimeout(() => prose.letIn(), COMPOSED_MS)
        return false
      },
      // Inside an editable text a plain click places the cursor; with Control or Command, or read-only, it follows.
      click(_, event) {
        const link = event.target instanceof Element ? event.target.closest('a') : null
        if (!link || (!readOnly && !event.ctrlKey && !event.metaKey)) return false
        event.preventDefault()
        const address = safeHref(link.href)
        if (address) open(address, '_blank', 'noopener,noreferrer')
        return true
      },
    },
  })

  /** What comes from outside is shown as the description has it, whatever the library made of it. */
  function asItIs(transaction: Transaction): Transaction {
    if (!isFollowing(transaction)) return changesStructure(transaction) ? markItems(transaction) : transaction
    const wanted = bound.doc()
    return transaction.doc.eq(wanted) ? transaction : follow(view.state, wanted)
  }
  /** What the description cannot hold as it was meant is not left on the screen either. */
  function showAsItIs(): void {
    const wanted = bound.doc()
    if (view.state.doc.eq(wanted)) return
    const transaction = follow(view.state, wanted)
    standStill(transaction, view.state.selection)
    view.updateState(view.state.apply(transaction))
  }
  function tell(): void {
    const { state } = view
    hooks.onEmpty(state.doc.textContent === '' && state.doc.childCount <= 1)
    hooks.onFormats(
      new Set(
        formats.filter((format) => {
          switch (format) {
            case 'heading':
              return isInside(state, node('heading'))
            case 'bullets':
              return isInside(state, node('bullet_list'))
            case 'numbers':
              return isInside(state, node('ordered_list'))
            case 'quote':
              return isInside(state, node('blockquote'))
            default:
              return hasMark(state, mark(format))
          }
        }),
      ),
    )
  }
  const linkHere = (): string => {
    const { $from, from, to, empty } = view.state.selection
    let href = ''
    const look = (marks: readonly { type: MarkType; attrs: Record<string, unknown> }[]) => {
      for (const { type, attrs } of marks) if (type === mark('link')) href = String(attrs['href'] ?? '')
    }
    look($from.marks())
    if (!empty) view.state.doc.nodesBetween(from, to, ({ marks }) => look(marks))
    return href
  }
  tell()
  return {
    setReadOnly(next) {
      readOnly = next
      view.setProps({ editable: () => !readOnly })
    },
    setLabel: (label) => view.setProps({ attributes: attributesOf(label) }),
    toggle(format) {
      commands[format](view.state, (transaction) => view.dispatch(transaction), view)
      view.focus()
    },
    linkHere,
    setLink(address) {
      const href = address.trim() === '' ? null : safeHref(address)
      if (href === null && address.trim() !== '') return false
      const { from, to, empty } = view.state.selection
      const transaction = view.state.tr
      if (href === null) transaction.removeMark(from, to, mark('link'))
      else if (empty)
        transaction.replaceSelectionWith(schema.text(address.trim(), [mark('link').create({ href })]), false)
      else transaction.addMark(from, to, mark('link').create({ href }))
      view.dispatch(transaction)
      view.focus()
      return true
    },
    focus: () => view.focus(),
    destroy() {
      clearTimeout(composed)
      view.destroy()
    },
  }
}

/** Addresses in it become links, but in code and where there is one. */
function linked(content: Fragment, schema: Schema): Fragment {
  const type = schema.marks['link']
  const nodes: Node[] = []
  content.forEach((node) => {
    if (!node.isText || !type)
      return void nodes.push(node.type.spec.code ? node : node.copy(linked(node.content, schema)))
    const text = node.text ?? ''
    const isPlain = node.marks.every(({ type: { name } }) => name !== 'link' && name !== 'code')
    let done = 0
    for (const { from, to, href } of isPlain ? addressesIn(text) : []) {
      if (from > done) nodes.push(node.cut(done, from))
      nodes.push(node.cut(from, to).mark(type.create({ href }).addToSet(node.marks)))
      done = to
    }
    if (done < text.length) nodes.push(node.cut(done))
  })
  return Fragment.fromArray(nodes)
}

function paragraphsOf(doc: Node): number {
  let count = 0
  doc.descendants(({ isTextblock }) => {
    if (isTextblock) count++
    return !isTextblock
  })
  return count
}

const fitsIn = (doc: Node): boolean => doc.content.size <= MOST_LETTERS && paragraphsOf(doc) <= MOST_PARAGRAPHS

const isLonger = (doc: Node, than: Node): boolean =>
  doc.content.size > than.content.size || paragraphsOf(doc) > paragraphsOf(than)

/** Who writes goes on where they are, whatever others do. */
function standStill(transaction: Transaction, selection: Selection, carried?: BoundProse['carried']): void {
  if (!transaction.docChanged || !(selection instanceof TextSelection)) return
  const [anchor, head] = [selection.anchor, selection.head].map((place) =>
    transaction.doc.resolve(carried?.(place, transaction.doc) ?? placeAfter(transaction, place)),
  )
  if (anchor && head) transaction.setSelection(TextSelection.between(anchor, head))
}

/** The cursor goes to the end of what came back, or where something was taken out. */
function toWhatChanged(transaction: Transaction): void {
  let place: number | null = null
  for (const [index, map] of transaction.mapping.maps.entries())
    map.forEach((_from, _to, _start, end) => (place = transaction.mapping.slice(index + 1).map(end)))
  if (place === null) return
  transaction.setSelection(Selection.near(transaction.doc.resolve(place), -1)).scrollIntoView()
}

const attributesOf = (label: string) => ({
  role: 'textbox',
  'aria-multiline': 'true',
  'aria-label': label,
  'data-field': 'description',
})

function isInside({ selection: { $from } }: EditorState, type: NodeType): boolean {
  for (let depth = $from.depth; depth >= 0; depth--) if ($from.node(depth).type === type) return true
  return false
}

function hasMark(state: EditorState, type: MarkType): boolean {
  const { from, to, empty, $from } = state.selection
  return empty ? Boolean(type.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, type)
}

function fail(name: string): never {
  throw new Error(`the schema has no ${name}`)
}
