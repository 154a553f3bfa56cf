/** Characters of a text and where they stand: now, at a moment, and those that came back as new ones. */
import * as A from '@automerge/automerge/slim'

export type AnyDoc = A.Doc<unknown>
export type Id = A.Cursor

/** A character that was taken out and came back is a new one: by the old id, the new. One per text, for as long as its changes are taken back. */
export type CameBack = Map<Id, Id>
export const latest = (cameBack: CameBack, id: Id): Id => lastIn(cameBack, id)
/** Where a chain ends. */
export function lastIn(chain: ReadonlyMap<Id, Id>, id: Id): Id {
  let last = id
  for (let next = chain.get(id); next !== undefined; next = chain.get(next)) last = next
  return last
}

export const indexesIn = ({ start, end }: { start: number; end: number }): number[] =>
  Array.from({ length: end - start }, (_, nth) => start + nth)

/** Where a character is, if it is still there; one beyond the basic plane takes two places. */
export function rangeOf(doc: AnyDoc, path: A.Prop[], id: Id | null): { start: number; end: number } | null {
  if (id === null) return null
  // Of one that is gone it is the place of the next; at the end of the text stands a cursor of its own.
  const start = A.getCursorPosition(doc, path, id)
  if (A.getCursor(doc, path, start) !== id) return null
  return { start, end: start + (A.getCursor(doc, path, start + 1) === id ? 2 : 1) }
}

/** Where characters stand that are still there: those that stand side by side together, from left to right. */
export function rangesOf(doc: AnyDoc, path: A.Prop[], ids: readonly (Id | null)[]): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = []
  for (const id of new Set(ids)) {
    const range = rangeOf(doc, path, id)
    const last = ranges.at(-1)
    if (range && last?.end === range.start) last.end = range.end
    else if (range) ranges.push(range)
  }
  return ranges.sort((a, b) => a.start - b.start)
}

export const lengthOf = (doc: AnyDoc, path: A.Prop[]): number =>
  A.spans(doc, path).reduce((sum, span) => sum + (span.type === 'text' ? span.value.length : 1), 0)

/** What stands at an index. Automerge's own `block` and `marksAt` do not look at the moment of a view. */
function spanAt(doc: AnyDoc, path: A.Prop[], index: number): A.Span | null {
  let end = 0
  for (const span of A.spans(doc, path)) {
    end += span.type === 'text' ? span.value.length : 1
    if (index < end) return span
  }
  return null
}
export const blockAt = (doc: AnyDoc, path: A.Prop[], index: number) => {
  const span = spanAt(doc, path, index)
  return span?.type === 'block' ? span : null
}
/** What lies over each character. */
export const marksAlong = (doc: AnyDoc, path: A.Prop[]): readonly A.MarkSet[] =>
  A.spans(doc, path).flatMap((span) =>
    span.type === 'text' ? Array.from({ length: span.value.length }, () => span.marks ?? {}) : [{}],
  )

/** The text at a moment. To ask a view for the id of a character takes as long as the text is; of a whole document at once. */
export class TextThen {
  readonly view: AnyDoc
  readonly #path: A.Prop[]
  #whole: AnyDoc | null

  /** A copy is made where many ids will be asked for: it takes as long as the document is. */
  constructor(view: AnyDoc, path: A.Prop[], isMuch: boolean) {
    this.view = view
    this.#path = path
    this.#whole = isMuch ? A.clone(this.view) : null
  }
  idAt(index: number): Id {
    return A.getCursor(this.#whole ?? this.view, this.#path, index)
  }
  free(): void {
    if (this.#whole) A.free(this.#whole)
    this.#whole = null
  }
}
