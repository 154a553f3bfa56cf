/** What others have written in a text since a moment, side by side, around a place in it. */
import * as A from '@automerge/automerge/slim'

type AnyDoc = A.Doc<unknown>
/** Whether a character is one of those. */
export type IsTheirs = (id: A.Cursor) => boolean

export function writtenSince(doc: AnyDoc, heads: A.Heads, isMine: (actor: string) => boolean): IsTheirs {
  const firsts = new Map<string, number>()
  for (const { actor, startOp } of A.getChangesMetaSince(doc, heads))
    if (!isMine(actor)) firsts.set(actor, Math.min(startOp, firsts.get(actor) ?? Infinity))
  return (id) => Number(id.slice(0, id.indexOf('@'))) >= (firsts.get(actorOf(id)) ?? Infinity)
}
const actorOf = (id: A.Cursor): string => id.slice(id.indexOf('@') + 1)

/** Where a paragraph begins Automerge has this sign in the text. */
const MARK = '\uFFFC'

/** The actors who wrote words there: neither marks of paragraphs nor space are any. */
export class Theirs {
  readonly #draft: AnyDoc
  readonly #path: A.Prop[]
  readonly #isTheirs: IsTheirs

  constructor(draft: AnyDoc, path: A.Prop[], isTheirs: IsTheirs) {
    this.#draft = draft
    this.#path = path
    this.#isTheirs = isTheirs
  }

  around(at: number): string[] {
    const [start, end] = [this.#startBefore(at), this.#endBehind(at)]
    return this.#writersOf(this.#letters(start, end), start)
  }
  /** In the line of what stands behind this place. */
  before(at: number): string[] {
    const line = this.#letters(this.#startBefore(at), at).split(MARK).at(-1) ?? ''
    return this.#writersOf(line, at - line.length)
  }
  /** In the line of what stands before it. */
  behind(at: number): string[] {
    return this.#writersOf(this.#letters(at, this.#endBehind(at)).split(MARK)[0] ?? '', at)
  }

  #startBefore(at: number): number {
    let start = at
    while (start > 0 && this.#isTheirs(this.#idAt(start - 1))) start--
    return start
  }
  #endBehind(at: number): number {
    let end = at
    while (this.#isTheirs(this.#idAt(end))) end++
    return end
  }
  /** At the end of the text stands a cursor of its own, which is nobody's. */
  #idAt(place: number): A.Cursor {
    return A.getCursor(this.#draft, this.#path, place)
  }
  #letters(start: number, end: number): string {
    if (start === end) return ''
    const letters = A.spans(this.#draft, this.#path).map((span) => (span.type === 'text' ? span.value : MARK))
    return letters.join('').slice(start, end)
  }
  #writersOf(letters: string, start: number): string[] {
    const writers = letters
      .split('')
      .flatMap((letter, nth) => (letter === MARK || letter.trim() === '' ? [] : [actorOf(this.#idAt(start + nth))]))
    return [...new Set(writers)]
  }
}
