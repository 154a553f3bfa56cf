/** Letters of a collaborative text and the marks that lie over them. */
import * as A from '@automerge/automerge/slim'
import { fieldsOf, textOf } from '../../kernel/reading.ts'
import { placeOf } from './links.ts'
import { textIn } from './formats.ts'
import { sameLetters } from './same-letters.ts'
import type { ProseDraft } from './schema.ts'

type AnyDoc = A.Doc<unknown>

/** What a change wrote in a text: letters that follow one another, after which one they stand, and those that it took out. */
export interface LettersWrite {
  text: A.ObjID
  runs: { root: string; ids: string[] }[]
  /** Of paragraphs that it began, after which letter each stands. */
  marks: { root: string; id: string }[]
  deleted: string[]
}

export function letterWrites({
  ops,
  startOp,
  actor,
}: Pick<A.DecodedChange, 'ops' | 'startOp' | 'actor'>): LettersWrite[] {
  const texts = new Map<A.ObjID, LettersWrite>()
  for (const [at, op] of ops.entries()) {
    const { insert, elemId } = fieldsOf(op)
    const near = textOf(elemId)
    const isLetter = insert === true && op.action === 'set'
    const isMark = insert === true && op.action === 'makeMap'
    if (near === '' || (!isLetter && !isMark && op.action !== 'del')) continue
    const write = texts.get(op.obj) ?? { text: op.obj, runs: [], marks: [], deleted: [] }
    texts.set(op.obj, write)
    const run = write.runs.at(-1)
    const id = `${startOp + at}@${actor}`
    if (isMark) write.marks.push({ root: near, id })
    else if (!isLetter) write.deleted.push(near)
    else if (run?.ids.at(-1) === near) run.ids.push(id)
    else write.runs.push({ root: near, ids: [id] })
  }
  return [...texts.values()]
}

/**
 * Puts other letters in the place of those from one to another, or behind the letter `after`; nothing where any of these is gone. Where a
 * line ends in them a paragraph begins like the one that they stand in.
 */
export function replaceLetters(
  draft: A.Doc<ProseDraft>,
  entry: string,
  from: string,
  to: string,
  letters: string,
  after?: string,
): void {
  const text = textIn(draft, entry)
  const backend = A.getBackend(draft)
  const [start, last] = text === null ? [] : [from, to].map((id) => placeOf(backend, text, id))
  if (text === null || typeof start !== 'number' || typeof last !== 'number' || last < start) return
  if (backend.getCursor(text, start) !== from || backend.getCursor(text, last) !== to) return
  const path = ['entries', entry, 'text']
  const end = backend.getCursor(text, last + 1) === to ? last + 2 : last + 1
  const marked = withMarks(lettersIn(A.spans(draft, path), start, end), letters)
  const before = after === undefined ? start - 1 : placeOf(backend, text, after)
  if (before === null || (after !== undefined && backend.getCursor(text, before) !== after) || before >= start) return
  A.splice(draft, path, start, end - start)
  let at = before + 1
  for (const { value, marks } of marked) {
    if (value === '\n') A.splitBlock(draft, path, at, blockLike(draft, path, at))
    else insertLetters(draft, path, at, value, marks)
    at += value.length
  }
}

interface Marked {
  value: string
  marks: A.MarkSet
}

/** One by one, with what lies over them. */
function lettersIn(spans: readonly A.Span[], start: number, end: number): Marked[] {
  const found: Marked[] = []
  let at = 0
  for (const span of spans) {
    const letters = span.type === 'text' ? [...span.value] : ['']
    for (const value of letters) {
      if (at >= start && at < end && span.type === 'text') found.push({ value, marks: span.marks ?? {} })
      at += value.length || 1
    }
  }
  return found
}

/** What stands there again keeps what lay over it, and all else has what lay over all that was there. Where a line ends is one of its own. */
function withMarks(there: readonly Marked[], letters: string): Marked[] {
  const put = [...letters]
  const again = new Map(
    sameLetters(
      there.map(({ value }) => value),
      put,
    ).map(([gone, nth]) => [nth, there[gone]?.marks]),
  )
  const [first, ...others] = there.map(({ marks }) => marks)
  const shared = Object.fromEntries(
    Object.entries(first ?? {}).filter(([name, value]) => others.every((marks) => marks[name] === value)),
  )
  const parts: Marked[] = []
  for (const [nth, value] of put.entries()) {
    const [last, marks] = [parts.at(-1), again.get(nth) ?? shared]
    const isLine = last?.value === '\n' || value === '\n'
    if (last && !isLine && JSON.stringify(last.marks) === JSON.stringify(marks)) last.value += value
    else parts.push({ value, marks })
  }
  return parts
}

/** For a paragraph behind the one that a place is in: another item of its list, and after a heading a plain one. */
function blockLike(draft: AnyDoc, path: A.Prop[], at: number): Record<string, A.MaterializeValue> {
  let end = 0
  let block: Record<string, A.MaterializeValue> = {}
  for (const span of A.spans(draft, path)) {
    if (end >= at) break
    end += span.type === 'text' ? span.value.length : 1
    if (span.type === 'block') block = span.value
  }
  const { type = 'paragraph', parents = [] } = block
  return { type: String(type) === 'heading' ? 'paragraph' : type, parents, attrs: {} }
}

/** Puts letters in with just these marks, whatever lies over those beside them. */
export function insertLetters(draft: AnyDoc, path: A.Prop[], at: number, letters: string, wanted: A.MarkSet): void {
  A.splice(draft, path, at, 0, letters)
  const got = A.marksAt(draft, path, at)
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(got)]))
    if (wanted[name] !== got[name]) setMark(draft, path, at, at + letters.length, name, wanted[name] ?? null)
}

export function setMark(
  draft: AnyDoc,
  path: A.Prop[],
  start: number,
  end: number,
  name: string,
  value: A.MarkValue | null,
): void {
  // A link does not grow with what is written at its edge, all else does.
  const range = { start, end, expand: name === 'link' ? 'none' : 'both' } as const
  if (value === null) A.unmark(draft, path, range, name)
  else A.mark(draft, path, range, name, value)
}
