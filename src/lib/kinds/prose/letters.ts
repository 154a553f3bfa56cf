/** Letters of a collaborative text and the marks that lie over them. */
import * as A from '@automerge/automerge/slim'

type AnyDoc = A.Doc<unknown>

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
