/**
 * Undo in collaborative texts that an action wrote as a whole (going back to a moment, an import over an old text). What is
 * typed is taken back by the character (`kinds/prose/take-back.ts`, docs/decisions/0013); fields of other documents are `store/undo.ts`'s.
 */
import * as A from '@automerge/automerge/slim'
import type { ProseDraft } from '#lib/kinds/prose/schema.ts'
import { readProse } from '#lib/kinds/prose/schema.ts'
import { writtenText } from '#lib/kinds/prose/written-text.ts'
import { lettersBetween, sameSpans, spansOf, writeSpans, type Span } from '#lib/kinds/prose/spans.ts'
import type { AnyDoc } from '#lib/store/documents.ts'
import { toPlain } from '#lib/store/plain.ts'
import { isTouched, placeNamed, Touched } from '#lib/store/touched.ts'
import type { UndoClash } from '#lib/store/undo.ts'

export interface TextWrite {
  entry: string
  spans: Span[]
  /** At least as many as the operations that it takes to write it. */
  letters: number
}

export const hashesOf = (changes: readonly Uint8Array[]): string[] =>
  changes.map((change) => A.decodeChange(change as A.Change).hash)

export const textPath = (entry: string): string[] => ['entries', entry, 'text']

/** What undoing these changes of one companion would write, and which texts others have changed since. */
export function planTextUndo(doc: AnyDoc, hashes: readonly string[]): { texts: TextWrite[]; clashes: UndoClash[] } {
  const [first] = hashes
  const deps = first === undefined ? undefined : A.inspectChange(doc, first)?.deps
  if (!deps) return { texts: [], clashes: [] }
  const [then, after] = [A.view(doc, deps), A.view(doc, hashes.slice(-1))]
  const touched = new Touched()
  const texts: TextWrite[] = []
  const clashes: UndoClash[] = []
  for (const name of new Set(hashes.flatMap((hash) => touched.of(doc, hash)))) {
    const [, entry] = placeNamed(name)
    // A text that the action began goes with its entry.
    if (!Object.hasOwn(readProse(toPlain(then)).entries, entry)) continue
    const [before, mine, now] = [spansOf(then, entry), spansOf(after, entry), spansOf(doc, entry)]
    if (sameSpans(now, before)) continue
    if (!sameSpans(now, mine)) clashes.push(clashIn(doc, then, after, hashes, entry, touched))
    texts.push({ entry, spans: before, letters: lettersBetween(then, doc, entry) })
  }
  return { texts, clashes }
}

export function applyTexts(draft: Record<string, unknown>, texts: readonly TextWrite[]): void {
  for (const { entry, spans } of texts) writeSpans(draft as unknown as ProseDraft, entry, spans)
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
