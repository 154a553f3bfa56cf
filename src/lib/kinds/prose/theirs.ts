/** What others have done in a text since a step of writing: what they wrote side by side around a place in it, and what they took out. */
import * as A from '@automerge/automerge/slim'
import type { ParagraphFormat } from '../../kernel/formatted.ts'
import { WROTE, writtenIn } from '../../kernel/groups.ts'
import { formatAt, marksIn, textIn, type Mark } from './formats.ts'
import { letterWrites } from './letters.ts'
import { markWrites, placesAt } from './links.ts'

type AnyDoc = A.Doc<unknown>
type Change = ReturnType<typeof A.getChangesMetaSince>[number]

export const actorOf = (id: A.Cursor): string => id.slice(id.indexOf('@') + 1)
export const countOf = (id: A.Cursor): number => Number(id.slice(0, id.indexOf('@')))

/** By name, null where it was taken away, and by whom. */
export type TheirMarks = Readonly<Record<string, { value: A.MarkValue | null; by: string }>>

/** Where a paragraph begins Automerge has this sign in the text. */
export const MARK = '\uFFFC'

export const lettersOf = (doc: AnyDoc, path: A.Prop[]): string =>
  A.spans(doc, path)
    .map((span) => (span.type === 'text' ? span.value : MARK))
    .join('')

/** Whether a letter is of a word, in writing that has words. */
export const isOfWord = (letters: string, at: number): boolean =>
  /^[\p{L}\p{N}]$/u.test(letters[at] ?? '') && !/\p{Script=Han}/u.test(letters[at] ?? '')

/** Whether one of these changes made the operation of this actor that has this number. */
export const isAmong = (changes: readonly Change[], by: string, count: number): boolean =>
  changes.some(({ actor, startOp, maxOp }) => actor === by && startOp <= count && count <= maxOp)

/** The changes since a moment, those of the step among them. To be made before the document is changed. */
export class Since {
  readonly #doc: AnyDoc
  readonly #changes: readonly Change[]
  readonly #isMine: (actor: string) => boolean
  readonly #choices: readonly Change[]
  readonly #origins: ReadonlyMap<A.Cursor, A.Cursor>
  readonly #firsts = new Map<string, number>()
  readonly #knowing = new Map<string, ReadonlySet<string>>()
  #goneBy: ReadonlyMap<A.Cursor, readonly string[]> | undefined

  /**
   * `choices`: by which somebody, also the person, put letters there for all: these count as others', but for those that stand for letters
   * that were there before: by each of them, that one is in `origins`.
   */
  constructor(
    doc: AnyDoc,
    heads: A.Heads,
    isMine: (actor: string) => boolean,
    { choices, origins }: { choices: readonly Change[]; origins: ReadonlyMap<A.Cursor, A.Cursor> },
  ) {
    this.#doc = doc
    this.#changes = A.getChangesMetaSince(doc, heads)
    this.#isMine = isMine
    this.#choices = choices
    this.#origins = origins
    for (const { actor, startOp } of this.#changes)
      if (!isMine(actor)) this.#firsts.set(actor, Math.min(startOp, this.#firsts.get(actor) ?? Infinity))
  }

  /** Whether others have done anything. */
  get isAny(): boolean {
    return this.#firsts.size > 0 || this.#choices.length > 0
  }
  /** Whether a character is one that they wrote. */
  isTheirs(id: A.Cursor): boolean {
    const origin = this.originOf(id)
    const [by, count] = [actorOf(origin), countOf(origin)]
    return count >= (this.#firsts.get(by) ?? Infinity) || isAmong(this.#choices, by, count)
  }
  /** Whether others put it there, also again. */
  isPutSince(id: A.Cursor): boolean {
    return countOf(id) >= (this.#firsts.get(actorOf(id)) ?? Infinity)
  }
  get isAnyChosen(): boolean {
    return this.#choices.length > 0
  }
  /** Whether a choice put it there. */
  isChosen(id: A.Cursor): boolean {
    return isAmong(this.#choices, actorOf(id), countOf(id))
  }
  /** The actor whose it is, also where a choice put it there again. */
  writerOf(id: A.Cursor): string {
    return actorOf(this.originOf(id))
  }
  /** The one that it stands for. */
  originOf(id: A.Cursor): A.Cursor {
    let origin = id
    for (let next = this.#origins.get(id); next !== undefined; next = this.#origins.get(next)) origin = next
    return origin
  }
  /** Whether a character was written by who knew of another one, which was written since that moment. */
  isWrittenOn(id: A.Cursor, other: A.Cursor): boolean {
    const [hash, first] = [this.#changeOf(id), this.#changeOf(other)]
    return hash !== undefined && first !== undefined && this.#whoKnow(first).has(hash)
  }
  /** The others who have taken out a character. */
  takersOf(id: A.Cursor): readonly string[] {
    this.#goneBy ??= this.#readGone()
    return this.#goneBy.get(id) ?? []
  }

  /**
   * What others have laid over letters of an entry's text, and made of its paragraphs, but for `settled`: what was taken back, and what took it
   * back or did it again. To be read before the document is changed.
   */
  readFormats(entry: string, settled: ReadonlySet<string>): void {
    const backend = A.getBackend(this.#doc)
    const text = this.isAny ? textIn(this.#doc, entry) : null
    if (text === null) return
    const blocks = new Map<A.ObjID, Mark>()
    for (const mark of marksIn(this.#doc, entry))
      for (const object of [mark.block, mark.attrs]) if (object !== null) blocks.set(object, mark)
    for (const { hash, actor, message } of this.#changes) {
      const isElsewhere = message?.startsWith(`${WROTE} `) && writtenIn(message) !== entry.slice(0, 2)
      const change = this.#isMine(actor) || isElsewhere || settled.has(hash) ? null : A.inspectChange(this.#doc, hash)
      for (const { obj, key } of change?.ops ?? []) {
        const mark = key === 'type' || key === 'level' ? blocks.get(obj) : undefined
        const format = mark && formatAt(backend, mark, [hash])
        if (format) this.#formatted.set(mark.block, { format, by: actor })
      }
      const isMarked = change && markWrites(change).some((write) => write.text === text)
      const patches = isMarked ? A.diff(this.#doc, change.deps, [hash]) : []
      for (const patch of patches) {
        if (patch.action !== 'mark' || patch.path[1] !== entry) continue
        for (const { name, value, start, end } of patch.marks)
          for (let place = start; place < end; place++) {
            const id = backend.getCursor(text, place, [hash])
            this.#marked.set(id, { ...this.#marked.get(id), [name]: { value, by: actor } })
          }
      }
    }
  }
  /** What others have laid over a character, as it stood when they did. */
  marksOn(id: A.Cursor): TheirMarks {
    return this.#marked.get(id) ?? {}
  }
  readonly #marked = new Map<A.Cursor, TheirMarks>()
  /** What others have made of a paragraph last, by whom. */
  formatOn(block: A.ObjID): { format: ParagraphFormat; by: string } | null {
    return this.#formatted.get(block) ?? null
  }
  readonly #formatted = new Map<A.ObjID, { format: ParagraphFormat; by: string }>()

  /** Letters that others have written in a text, with what lay over them as they did. To be read before the document is changed. */
  writtenWith(text: A.ObjID): ReadonlyMap<A.Cursor, A.MarkSet> {
    const written = new Map<A.Cursor, A.MarkSet>()
    const backend = A.getBackend(this.#doc)
    for (const { hash, actor } of this.#changes) {
      const change = this.#isMine(actor) ? null : A.inspectChange(this.#doc, hash)
      const writes = change ? letterWrites(change).filter((write) => write.text === text) : []
      const ids = writes.flatMap(({ runs }) => runs.flatMap((run) => run.ids))
      const marks = ids.length > 0 ? backend.marks(text, [hash]) : []
      const places = placesAt(this.#doc, text, ids, [hash])
      for (const [nth, id] of ids.entries()) {
        const place = places[nth] ?? -1
        const over = marks.filter(({ start, end }) => start <= place && place < end)
        written.set(id, Object.fromEntries(over.map(({ name, value }) => [name, value])))
      }
    }
    return written
  }

  #changeOf(id: A.Cursor): string | undefined {
    const [by, count] = [actorOf(id), countOf(id)]
    return this.#changes.find((change) => isAmong([change], by, count))?.hash
  }
  /** A change stands behind what it was made on. */
  #whoKnow(first: string): ReadonlySet<string> {
    const known = this.#knowing.get(first)
    if (known) return known
    const knowing = new Set([first])
    for (const { hash, deps } of this.#changes) if (deps.some((dep) => knowing.has(dep))) knowing.add(hash)
    this.#knowing.set(first, knowing)
    return knowing
  }
  #readGone(): ReadonlyMap<A.Cursor, readonly string[]> {
    const goneBy = new Map<A.Cursor, string[]>()
    for (const { hash, actor } of this.#changes) {
      const change = this.#isMine(actor) ? null : A.inspectChange(this.#doc, hash)
      for (const id of change ? letterWrites(change).flatMap(({ deleted }) => deleted) : [])
        goneBy.set(id, [...(goneBy.get(id) ?? []), actor])
    }
    return goneBy
  }
}

/** The actors who wrote words there: neither marks of paragraphs nor space are any. */
export class Theirs {
  readonly #draft: AnyDoc
  readonly #path: A.Prop[]
  readonly #since: Since

  constructor(draft: AnyDoc, path: A.Prop[], since: Since) {
    this.#draft = draft
    this.#path = path
    this.#since = since
  }

  /** Who began a paragraph right there. */
  marksAt(at: number): string[] {
    const letters = lettersOf(this.#draft, this.#path)
    return [at - 1, at].flatMap((place) => {
      const id = letters[place] === MARK ? this.#idAt(place) : null
      return id !== null && this.#since.isTheirs(id) ? [this.#since.writerOf(id)] : []
    })
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

  /** Who has put again what is of one word now with what came back at a place, and does not stand for what was next to that. */
  gluedTo(own: number, beside: number, was: A.Cursor | null): string[] {
    const id = beside < 0 ? null : this.#idAt(beside)
    if (id === null || !this.#since.isPutSince(id) || this.#since.originOf(id) === was) return []
    const letters = lettersOf(this.#draft, this.#path)
    return isOfWord(letters, own) && isOfWord(letters, beside) ? [actorOf(id)] : []
  }

  /** Whose letters are of one word now with one that is not theirs, before or behind. */
  joined(left: number, right: number): string[] {
    const letters = lettersOf(this.#draft, this.#path)
    if (!isOfWord(letters, left) || !isOfWord(letters, right)) return []
    const [before, behind] = [left, right].map((at) => {
      const id = this.#idAt(at)
      return this.#since.isTheirs(id) ? this.#since.writerOf(id) : null
    })
    return before === behind ? [] : [before, behind].flatMap((writer) => writer ?? [])
  }

  #startBefore(at: number): number {
    let start = at
    while (start > 0 && this.#since.isTheirs(this.#idAt(start - 1))) start--
    return start
  }
  #endBehind(at: number): number {
    let end = at
    while (this.#since.isTheirs(this.#idAt(end))) end++
    return end
  }
  /** At the end of the text stands a cursor of its own, which is nobody's. */
  #idAt(place: number): A.Cursor {
    return A.getCursor(this.#draft, this.#path, place)
  }
  #letters(start: number, end: number): string {
    return start === end ? '' : lettersOf(this.#draft, this.#path).slice(start, end)
  }
  #writersOf(letters: string, start: number): string[] {
    const writers = letters
      .split('')
      .flatMap((letter, nth) =>
        letter === MARK || letter.trim() === '' ? [] : [this.#since.writerOf(this.#idAt(start + nth))],
      )
    return [...new Set(writers)]
  }
}
