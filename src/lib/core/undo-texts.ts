/**
 * Undo in collaborative texts that an action wrote as a whole (going back to a moment, an import over an old text). What is
 * typed is taken back by the character (`kinds/prose/take-back.ts`, docs/decisions/0013); fields of other documents are `store/undo.ts`'s.
 */
import * as A from '@automerge/automerge/slim'
import type { ParagraphFormat } from '#lib/kernel/formatted.ts'
import { writingTakenIn } from '#lib/kernel/groups.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { formatAt, marksIn, operationsOn, textIn, writeFormat } from '#lib/kinds/prose/formats.ts'
import { linksIn, linkWrites, placeOf, writeLink } from '#lib/kinds/prose/links.ts'
import type { CameBack } from '#lib/kinds/prose/places.ts'
import { nothingMet, takingBack, type Met } from '#lib/kinds/prose/take-back.ts'
import type { ProseDraft } from '#lib/kinds/prose/schema.ts'
import { readProse } from '#lib/kinds/prose/schema.ts'
import { writtenText } from '#lib/kinds/prose/written-text.ts'
import { lettersBetween, sameSpans, spansOf, writeSpans, type Span } from '#lib/kinds/prose/spans.ts'
import type { AnyDoc } from '#lib/store/documents.ts'
import { choiceIn } from '#lib/store/change-message.ts'
import { toPlain } from '#lib/store/plain.ts'
import { isTouched, placeNamed, Touched } from '#lib/store/touched.ts'
import type { UndoClash } from '#lib/store/undo.ts'
import { actorOf } from '#lib/store/values-met.ts'
import { inChanges } from '#lib/store/works.ts'

export type TextWrite = {
  entry: string
  /** At least as many as the operations that it takes to write it. */
  letters: number
} & (
  | { spans: Span[] }
  /** `takes`: the changes by which that was chosen. */
  | { formats: readonly { block: string; format: ParagraphFormat }[]; takes: readonly string[] }
  | { links: readonly { from: string; to: string; link: string | null }[]; takes: readonly string[] }
  | { takes: readonly string[]; words: true }
  /** Nothing is written: the actors whose stands there by now. */
  | { kept: readonly string[] }
)

export const hashesOf = (changes: readonly Uint8Array[]): string[] =>
  changes.map((change) => A.decodeChange(change as A.Change).hash)

export const textPath = (entry: string): string[] => ['entries', entry, 'text']

/** What undoing these changes of one companion would write, and which texts others have changed since. */
export function planTextUndo(doc: AnyDoc, hashes: readonly string[]): { texts: TextWrite[]; clashes: UndoClash[] } {
  const touched = new Touched()
  const entriesOf = (some: readonly string[]) => [
    ...new Set(some.flatMap((hash) => touched.of(doc, hash)).map((name) => placeNamed(name)[1])),
  ]
  const { formats, links, words, whole } = byKind(doc, hashes, entriesOf(hashes))
  const [formatsThen, linksThen] = [depsOf(doc, formats), depsOf(doc, links)]
  const choices = [
    ...entriesOf(formats).flatMap((entry) => formatsBack(doc, entry, formats, formatsThen)),
    ...entriesOf(links).flatMap((entry) => linksBack(doc, entry, links, linksThen)),
    ...entriesOf(words).map((entry) => ({
      entry,
      words: true as const,
      takes: words,
      letters: 2 * operationsIn(doc, words),
    })),
  ]
  const { texts, clashes } = wholeBack(doc, entriesOf(whole), whole, touched)
  return { texts: [...choices, ...texts], clashes }
}

/** Texts that the action wrote as a whole. */
function wholeBack(
  doc: AnyDoc,
  entries: readonly string[],
  hashes: readonly string[],
  touched: Touched,
): { texts: TextWrite[]; clashes: UndoClash[] } {
  const texts: TextWrite[] = []
  const clashes: UndoClash[] = []
  if (entries.length === 0) return { texts, clashes }
  const [then, after] = [A.view(doc, depsOf(doc, hashes)), A.view(doc, hashes.slice(-1))]
  for (const entry of entries) {
    // A text that the action began goes with its entry.
    if (!Object.hasOwn(readProse(toPlain(then)).entries, entry)) continue
    const [before, mine, now] = [spansOf(then, entry), spansOf(after, entry), spansOf(doc, entry)]
    if (sameSpans(now, before)) continue
    if (!sameSpans(now, mine)) clashes.push(clashIn(doc, then, after, hashes, entry, touched))
    texts.push({ entry, spans: before, letters: lettersBetween(then, doc, entry) })
  }
  return { texts, clashes }
}

/** What the first of them was made on. */
const depsOf = (doc: AnyDoc, [first]: readonly string[]): string[] =>
  (first === undefined ? undefined : A.inspectChange(doc, first)?.deps) ?? []

const operationsIn = (doc: AnyDoc, hashes: readonly string[]): number =>
  hashes.reduce((sum, hash) => sum + (A.inspectChange(doc, hash)?.ops.length ?? 0), 0)

/** Choices between formats, links and words; of all else the whole text is known. */
function byKind(
  doc: AnyDoc,
  hashes: readonly string[],
  entries: readonly string[],
): Record<'formats' | 'links' | 'words' | 'whole', readonly string[]> {
  const around = new Set(entries.flatMap((entry) => marksIn(doc, entry).map(({ parents }) => parents)))
  const kinds = hashes.map((hash) => {
    const { ops = [], message } = A.inspectChange(doc, hash) ?? {}
    const kind = isOfFormats(ops, around) ? 'formats' : isOfLinks(ops) ? 'links' : choiceIn(message) ? 'words' : 'whole'
    return { hash, kind }
  })
  const of = (kind: string) => kinds.flatMap((one) => (one.kind === kind ? [one.hash] : []))
  return { formats: of('formats'), links: of('links'), words: of('words'), whole: of('whole') }
}

/** Of choices each has a change of its own: what sort of choice it is, and which it takes back, is read from that. */
export function textsInChanges(texts: readonly TextWrite[]): TextWrite[][] {
  const { choices = [], whole = [] } = Object.groupBy(texts, (text) => ('spans' in text ? 'whole' : 'choices'))
  return [...choices.map((one) => [one]), ...inChanges(whole, ({ letters }) => letters)]
}

/**
 * What writes them, in a change of `doc`: what of the past it takes is read before that begins. `cameBack`: of the text of an entry;
 * `isMine`: whose actors are the person's. Gives what they met of others'.
 */
export function writingTexts(
  doc: AnyDoc,
  texts: readonly TextWrite[],
  { cameBack, isMine }: { cameBack: (entry: string) => CameBack; isMine: (actor: string) => boolean },
): (draft: Record<string, unknown>) => Met[] {
  const runs = texts.map((text) => {
    const { entry } = text
    if ('words' in text) return takingBack(doc, textPath(entry), text.takes, cameBack(entry), isMine, choiceIn).write
    return (draft: Record<string, unknown>): Met => {
      const prose = draft as unknown as ProseDraft
      if ('kept' in text) return { ...nothingMet(), kept: [...text.kept] }
      if ('spans' in text) writeSpans(prose, entry, text.spans)
      else if ('links' in text) for (const { from, to, link } of text.links) writeLink(prose, entry, from, to, link)
      else for (const { block, format } of text.formats) writeFormat(prose, entry, block, format, { isChoice: true })
      return nothingMet()
    }
  })
  return (draft) => runs.map((run) => run(draft))
}

type Op = A.DecodedChange['ops'][number]

/** Whether a change wrote nothing but what paragraphs are, as a choice between two formats does: no letter, and no mark. */
const isOfFormats = (ops: readonly Op[], around: ReadonlySet<A.ObjID | null>): boolean =>
  ops.every((op) => op.key === 'type' || op.key === 'level' || around.has(op.obj))

/**
 * Paragraph by paragraph, so that what was typed since stays as it is. Also where the format was that already: what it was chosen over
 * is there again with it. Whoever has formatted one otherwise since keeps that.
 */
function formatsBack(doc: AnyDoc, entry: string, hashes: readonly string[], deps: string[]): TextWrite[] {
  const backend = A.getBackend(doc)
  const own = hashes.flatMap((hash) => backend.getChangeMetaByHash(hash) ?? [])
  // What the person has taken back and done again since is no other choice.
  const again = A.getChangesMetaSince(doc, hashes.slice(-1)).filter(
    ({ actor, message }) => writingTakenIn(message) !== null && own.some((one) => one.actor === actor),
  )
  const changes = [...own, ...again]
  const isMine = (operation: string) => {
    const count = Number(operation.slice(0, operation.indexOf('@')))
    return changes.some(
      ({ actor, startOp, maxOp }) => actor === actorOf(operation) && startOp <= count && count <= maxOp,
    )
  }
  const kept: string[] = []
  const written = new Set(hashes.flatMap((hash) => A.inspectChange(doc, hash)?.ops.map(({ obj }) => obj) ?? []))
  const formats = marksIn(doc, entry).flatMap((mark) => {
    const [before, mine] = [formatAt(backend, mark, deps), formatAt(backend, mark, hashes.slice(-1))]
    const isChosen = written.has(mark.block) || (mark.attrs !== null && written.has(mark.attrs))
    if (!before || !isChosen) return []
    const others = operationsOn(backend, mark).filter((operation) => !isMine(operation))
    if (others.length > 0) {
      kept.push(...others.map(actorOf))
      return []
    }
    const { within, ...format } = before
    const isElsewhere = String(within) !== String(mine?.within)
    return [{ block: mark.block, format: isElsewhere ? before : format }]
  })
  if (formats.length > 0) return [{ entry, formats, takes: hashes, letters: OPERATIONS * formats.length }]
  return kept.length > 0 ? [{ entry, kept, letters: 0 }] : []
}
/** That it takes to write one. */
const OPERATIONS = 4

/** Whether a change wrote nothing but where words lead to, as a choice between two addresses does. */
const isOfLinks = (ops: readonly Op[]): boolean =>
  ops.every((op) => (op.action === 'markBegin' ? fieldsOf(op)['name'] === 'link' : op.action === 'markEnd'))

/** Where letters are left of those that they were written over; whoever has given these another address since keeps that. */
function linksBack(doc: AnyDoc, entry: string, hashes: readonly string[], deps: string[]): TextWrite[] {
  const text = textIn(doc, entry)
  if (text === null) return []
  const backend = A.getBackend(doc)
  const [then, mine, now] = [deps, hashes.slice(-1), undefined].map((heads) => linksIn(backend, text, heads))
  const links = hashes.flatMap((hash) => {
    const change = A.inspectChange(doc, hash)
    const writes = change ? linkWrites(change).filter((write) => write.text === text) : []
    return writes.flatMap(({ begin, end }) => {
      const [start, stop] = [placeOf(backend, text, begin) ?? 0, placeOf(backend, text, end) ?? 0]
      const stretches: { from: string; to: string; link: string | null; isNext: boolean }[] = []
      // Not all of them need have led to one address.
      for (let place = start; place < stop; place++) {
        const id = backend.getCursor(text, place)
        const placeThen = (heads: string[]) => placeOf(backend, text, id, heads)
        const placeMine = placeThen(hashes.slice(-1))
        // What was written among them since goes with them.
        if (placeMine === null) continue
        const isMine = now?.(place) === mine?.(placeMine)
        const link = then?.(placeThen(deps)) ?? null
        const last = stretches.at(-1)
        if (last?.isNext && last.link === link && isMine) last.to = id
        else if (isMine) stretches.push({ from: id, to: id, link, isNext: true })
        else if (last) last.isNext = false
      }
      return stretches.map(({ from, to, link }) => ({ from, to, link }))
    })
  })
  if (links.length > 0) return [{ entry, links, takes: hashes, letters: OPERATIONS * links.length }]
  const since = A.getChangesMetaSince(doc, hashes.slice(-1)).findLast(({ hash }) => {
    const change = A.inspectChange(doc, hash)
    return change !== null && linkWrites(change).some((write) => write.text === text)
  })
  return since ? [{ entry, kept: [since.actor], letters: 0 }] : []
}

function clashIn(
  doc: AnyDoc,
  then: AnyDoc,
  after: AnyDoc,
  hashes: readonly string[],
  entry: string,
  touched: Touched,
): UndoClash {
  const textIn = (one: AnyDoc) => writtenText(spansOf(one, entry))
  const since = A.getChangesMetaSince(doc, hashes.slice(-1))
  const last = since.findLast(({ hash }) => isTouched(touched.of(doc, hash), entry))
  return {
    path: textPath(entry),
    mine: textIn(after),
    theirs: textIn(doc),
    restored: textIn(then),
    actor: last?.actor ?? '',
  }
}
