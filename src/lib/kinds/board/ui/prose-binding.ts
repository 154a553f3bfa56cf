/**
 * The binding of an editor to a description. What comes from outside is shown as the document has it: the library works out from the
 * patches what changes, which is quick and keeps the cursor, but errs where a paragraph, a heading or a list comes or goes. So each of
 * its steps is compared with the document, and another one taken where they differ: whoever typed on into a text that is not the one
 * on the screen would spoil it for everybody.
 */
import { getCursor, getCursorPosition, spans, type Doc } from '@automerge/automerge/slim'
import { pmDocFromSpans, syncPlugin, syncPluginKey } from '@automerge/prosemirror'
import type { Node } from 'prosemirror-model'
import { Plugin, type EditorState, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { withBeginning } from './prose-begin.ts'
import type { OpenProse } from './prose-handle.ts'
import { changesStructure } from './prose-marks.ts'
import { offsetOf, replacementOf, writeReplacement } from './prose-write.ts'
import { proseSchema } from './prose-schema.ts'

type Payload = Parameters<Parameters<OpenProse['handle']['on']>[1]>[0]

export interface BoundProse {
  plugin: Plugin
  /** The description as the editor shows it. */
  doc: () => Node
  /**
   * While what others wrote comes in: where in `wanted` this place of what is shown is, after the letter or the mark that it
   * stood after. Null where that is not known.
   */
  carried: (place: number, wanted: Node) => number | null
}

/** What the library could not do is undone on the screen, and it begins anew: it would take in nothing any more. */
export function bindProse({ handle, path }: Pick<OpenProse, 'handle' | 'path'>): BoundProse {
  const doc = () => withBeginning(pmDocFromSpans(proseSchema, spans(handle.doc() as Doc<unknown>, path)))
  let shown: EditorView | undefined
  let stop: (() => void) | undefined
  let coming: { before: Doc<unknown>; shown: Node } | null = null
  const on: typeof handle.on = (event, listener) => {
    const caught: typeof listener = (payload) => {
      const followIt = () => shown?.dispatch(follow(shown.state, doc()))
      coming = shown ? { before: payload.patchInfo.before, shown: shown.state.doc } : null
      try {
        if (errs(payload)) followIt()
        else listener(payload)
      } catch (error) {
        begin(error)
        followIt()
      } finally {
        coming = null
      }
    }
    handle.on(event, caught)
    stop = () => handle.off(event, caught)
  }
  /**
   * Of a patch that takes out several paragraphs the library takes out one, and reads the next ones in the wrong places; and where
   * letters go and paragraphs come at once, as when a text is taken back, it looks for those in the wrong places.
   */
  const errs = ({ patches }: Payload) => {
    const here = patches.filter((patch) => path.every((key, index) => patch.path[index] === key))
    const takesOut = here.some((patch) => patch.action === 'del' && (patch.length ?? 1) > 1)
    const isOfBlocks = here.some((patch) => patch.action === 'insert' || patch.path.length > path.length + 1)
    return takesOut && (isOfBlocks || (shown?.state.doc.childCount ?? 0) > 1)
  }
  let replacement: ReturnType<typeof replacementOf> = null
  const change: typeof handle.change = (write) =>
    handle.change((draft) => {
      if (replacement) writeReplacement(draft as Doc<unknown>, path, replacement)
      else write(draft)
    })
  const make = () =>
    syncPlugin({ adapter: proseSchema, path, handle: { doc: () => handle.doc(), change, on, off: handle.off } }).spec
  let inner = make()
  const listen = () => {
    if (shown) inner.view?.(shown)
  }
  function begin(error: unknown) {
    console.error(error)
    stop?.()
    inner = make()
    listen()
  }
  const plugin: Plugin = new Plugin({
    key: syncPluginKey,
    view(view) {
      shown = view
      listen()
      return { destroy: () => stop?.() }
    },
    appendTransaction(transactions, before, after) {
      if (transactions.some((one) => one.getMeta(FOLLOWS) === true)) return undefined
      try {
        replacement = replacementOf(transactions, before.doc, after.doc)
        return inner.appendTransaction?.call(plugin, inOneStep(transactions, before, after), before, after)
      } catch (error) {
        begin(error)
        return follow(after, doc())
      }
    },
  })
  const carried: BoundProse['carried'] = (place, wanted) => {
    if (!coming) return null
    const offset = offsetOf(coming.shown, place)
    if (offset === 0) return null
    const cursor = getCursor(coming.before, path, offset - 1, 'before')
    return placeOf(wanted, getCursorPosition(handle.doc() as Doc<unknown>, path, cursor) + 1)
  }
  return { plugin, doc, carried }
}

function placeOf(doc: Node, offset: number): number | null {
  let left = offset
  let place: number | null = null
  doc.descendants((node, at) => {
    if (place !== null) return false
    if (node.isText) {
      if (left <= node.nodeSize) place = at + left
      left -= node.nodeSize
    } else if (node.attrs['isAmgBlock'] === true) left--
    if (left === 0 && node.isTextblock) place = at + 1
    return place === null
  })
  return place
}

/**
 * Step by step the library writes what is between them, too: a paragraph that becomes an item would be a new mark beside the old one,
 * and what somebody types at the end of the paragraph before, apart, would stand behind it. All at once the mark stays what it is.
 */
function inOneStep(
  transactions: readonly Transaction[],
  before: EditorState,
  after: EditorState,
): readonly Transaction[] {
  const changing = transactions.filter(({ docChanged }) => docChanged)
  const steps = changing.reduce((sum, { steps }) => sum + steps.length, 0)
  if (steps < 2 || !changing.some(changesStructure)) return transactions
  const whole = replaceDifference(before.tr, after.doc)
  return whole.steps.length === 1 && whole.doc.eq(after.doc) ? [whole] : transactions
}

const FOLLOWS = 'follows'

/** Whether it shows what others did, or what was taken back. */
export const isFollowing = (transaction: Transaction): boolean => transaction.getMeta('addToHistory') === false

/** From what is shown to what is wanted: all between the first and the last difference. */
export function follow({ tr }: EditorState, wanted: Node): Transaction {
  replaceDifference(tr.setMeta('addToHistory', false).setMeta(FOLLOWS, true), wanted)
  return tr.doc.eq(wanted) ? tr : tr.replaceWith(0, tr.doc.content.size, wanted.content)
}

function replaceDifference(tr: Transaction, wanted: Node): Transaction {
  const start = tr.doc.content.findDiffStart(wanted.content)
  const end = tr.doc.content.findDiffEnd(wanted.content)
  if (start === null || !end) return tr
  // Where the same stands several times the two overlap.
  const overlap = Math.max(0, start - Math.min(end.a, end.b))
  return tr.replace(start, end.a + overlap, wanted.slice(start, end.b + overlap))
}
