/**
 * What counts now of that which people laid over letters of a text and made of its paragraphs, where they have taken back and done again across
 * each other: the newest of what has not been taken back, whoever did it.
 */
import * as A from '@automerge/automerge/slim'
import type { ParagraphFormat } from '../../kernel/formatted.ts'
import { WROTE, writtenIn } from '../../kernel/groups.ts'
import { formatAt, markOf, marksIn, textIn, writeFormat, type Mark } from './formats.ts'
import { spansToFormatted } from './formatted-spans.ts'
import { letterWrites, setMark } from './letters.ts'
import { isSameMark } from './link-mark.ts'
import { markWrites, placeOf } from './links.ts'
import { blockAt, latest, marksAlong, rangeOf, type AnyDoc, type CameBack, type Id } from './places.ts'
import type { ProseDraft } from './schema.ts'
import { actorOf, countOf } from './theirs.ts'

export interface Looks {
  /** Of a paragraph; null where nobody has made anything of it that counts. */
  formatOf: (block: A.ObjID) => { format: ParagraphFormat; by: string } | null
  /** Over a letter that had this over it: what counts, and whose that is; null where it is as it was. */
  markOn: (id: Id, name: string, was: A.MarkValue | null) => { value: A.MarkValue | null; by: string | null }
  /** What anything was done with over a letter. */
  namesOn: (id: Id) => readonly string[]
  /** What the step itself had done, which is taken back or done again: paragraphs, and letters with what lay over them before. */
  touched: { blocks: ReadonlySet<A.ObjID>; letters: readonly { id: Id; name: string; was: A.MarkValue | null }[] }
}
interface Laid {
  counts: { value: A.MarkValue | null; by: string; op: string } | null
  /** What counts no more. */
  settled: (A.MarkValue | null)[]
}

/** All changes of the text are read for it, so to be asked for before the document is changed. `settled` count no more; `wrote`: the step. */
export function looksIn(
  doc: AnyDoc,
  entry: string,
  { settled, wrote, originOf }: { settled: ReadonlySet<string>; wrote: readonly string[]; originOf: (id: Id) => Id },
): Looks {
  const [backend, text] = [A.getBackend(doc), textIn(doc, entry)]
  /** Also those that were taken out since, and may have come back as others. */
  const blocks = new Map<A.ObjID, Mark>()
  const know = (mark: Mark) => {
    for (const object of [mark.block, mark.attrs]) if (object !== null) blocks.set(object, mark)
  }
  for (const mark of marksIn(doc, entry)) know(mark)
  const formats = new Map<A.ObjID, { format: ParagraphFormat; by: string; op: string }>()
  const marked = new Map<Id, Map<string, Laid>>()
  const blocksTouched = new Set<A.ObjID>()
  const lettersTouched = new Map<string, { id: Id; name: string; was: A.MarkValue | null }>()
  for (const { hash, actor, message } of A.getChangesMetaSince(doc, [])) {
    // What was written in another text is not looked at.
    if (message?.startsWith(`${WROTE} `) && writtenIn(message) !== entry.slice(0, 2)) continue
    const change = A.inspectChange(doc, hash)
    if (!change) continue
    const [counts, isOfStep] = [!settled.has(hash), wrote.includes(hash)]
    for (const write of letterWrites(change))
      for (const { id } of write.text === text ? write.marks : []) if (!blocks.has(id)) know(markOf(backend, id))
    for (const [at, { obj, key }] of (counts || isOfStep ? change.ops : []).entries()) {
      const mark = key === 'type' || key === 'level' ? blocks.get(obj) : undefined
      const block = mark && originOf(mark.block)
      if (block && isOfStep) blocksTouched.add(block)
      const format = mark && counts ? formatAt(backend, mark, [hash]) : null
      const op = `${change.startOp + at}@${actor}`
      if (block && format && isLater(op, formats.get(block)?.op)) formats.set(block, { format, by: actor, op })
    }
    const writes = text === null ? [] : markWrites(change).filter((write) => write.text === text)
    const isMarked = writes.length > 0
    const before = isMarked && isOfStep ? marksAlong(A.view(doc, change.deps), ['entries', entry, 'text']) : []
    for (const patch of isMarked ? A.diff(doc, change.deps, [hash]) : []) {
      if (patch.action !== 'mark' || patch.path[1] !== entry) continue
      for (const { name, value, start, end } of patch.marks) {
        const op = writes.findLast((write) => write.name === name)?.begin ?? ''
        for (let place = start; place < end; place++) {
          const then = backend.getCursor(text ?? '', place, [hash])
          const id = originOf(then)
          const key = `${id} ${name}`
          if (isOfStep && !lettersTouched.has(key)) {
            const placeThen = placeOf(backend, text ?? '', then, change.deps)
            lettersTouched.set(key, { id, name, was: (placeThen !== null && before[placeThen]?.[name]) || null })
          }
          const names = marked.get(id) ?? new Map<string, Laid>()
          const laid = names.get(name) ?? { counts: null, settled: [] }
          marked.set(id, names.set(name, laid))
          if (!counts) laid.settled.push(value)
          else if (isLater(op, laid.counts?.op)) laid.counts = { value, by: actor, op }
        }
      }
    }
  }
  const markOn: Looks['markOn'] = (id, name, was) => {
    const laid = marked.get(originOf(id))?.get(name)
    if (laid?.counts) return laid.counts
    return { value: laid?.settled.some((value) => isSameMark(name, value, was)) ? null : was, by: null }
  }
  const touched = { blocks: blocksTouched, letters: [...lettersTouched.values()] }
  const namesOn = (id: Id) => [...(marked.get(originOf(id))?.keys() ?? [])]
  return { formatOf: (block) => formats.get(originOf(block)) ?? null, markOn, namesOn, touched }
}

/** Of two operations that write one thing the later one counts, as Automerge has it: that with the greater number, else of the greater actor. */
const isLater = (op: string, other: string | undefined): boolean =>
  other === undefined ||
  countOf(op) > countOf(other) ||
  (countOf(op) === countOf(other) && actorOf(op) >= actorOf(other))

/**
 * What the step had touched is as it counts, in the draft of a change in which all else has been taken back. Gives those whose counts already,
 * and stays.
 */
export function writeLooks(draft: AnyDoc, path: A.Prop[], looks: Looks, cameBack: CameBack): string[] {
  const [entry, kept] = [String(path[1]), new Set<string>()]
  for (const block of looks.touched.blocks) {
    const id = latest(cameBack, block)
    const [ought, at] = [looks.formatOf(block), rangeOf(draft, path, id)]
    const there = at && blockAt(draft, path, at.start)
    if (!ought || !there) continue
    if (isSameFormat(spansToFormatted([there])[0], ought.format)) kept.add(ought.by)
    else writeFormat(draft as A.Doc<ProseDraft>, entry, id, ought.format, { isChoice: false })
  }
  const along = marksAlong(draft, path)
  const ranges: { name: string; value: A.MarkValue | null; start: number; end: number }[] = []
  for (const { id, name, was } of looks.touched.letters) {
    const [ought, at] = [looks.markOn(id, name, was), rangeOf(draft, path, latest(cameBack, id))]
    if (!at) continue
    if (isSameMark(name, along[at.start]?.[name], ought.value)) {
      if (ought.by !== null) kept.add(ought.by)
      continue
    }
    const last = ranges.at(-1)
    if (last?.name === name && last.end === at.start && last.value === ought.value) last.end = at.end
    else ranges.push({ name, value: ought.value, ...at })
  }
  for (const { name, value, start, end } of ranges) setMark(draft, path, start, end, name, value)
  return [...kept]
}

export const isSameFormat = (one: ParagraphFormat | undefined, other: ParagraphFormat): boolean =>
  one?.is === other.is && one.level === other.level && String(one.within ?? []) === String(other.within ?? [])
