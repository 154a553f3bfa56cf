/**
 * Undo of an action that made entries in which others have written since: undoing puts their work aside with the entry, so the
 * person is told in which entries, by whom, and may keep those.
 */
import { valueAt, valueThen } from '#lib/store/fields.ts'
import type { AnyDoc, OpenDocument } from '#lib/store/documents.ts'
import type { Touched } from '#lib/store/touched.ts'
import { writtenSince, type UndoneEntry, type UndoPlan } from '#lib/store/undo.ts'
import { splitKind } from '#lib/store/works.ts'

/** What undoing would do in one document. */
export interface Planned extends Pick<UndoPlan, 'made' | 'worked'> {
  open: OpenDocument
  hashes: readonly string[]
}

export type Path = readonly (string | number)[]
export const pathName = (path: Path): string => path.join('\u0000')

/** The texts of a shard, and what was known of them when the entries last came or went. */
export interface KnownText {
  doc: AnyDoc
  heads: readonly string[]
}

/** Entries that the action made and in which others have written, in fields or in the text. */
export function workedOn(
  plans: readonly Planned[],
  touched: Touched,
  isMine: (actor: string) => boolean,
  known: readonly KnownText[],
): UndoneEntry[] {
  const texts = [
    ...plans
      .filter(({ open }) => splitKind(open.row.kind)[0] === 'prose')
      .map(({ open, hashes }) => writtenSince(open.handle.doc(), hashes, touched, isMine)),
    ...known.map(({ doc, heads }) => writtenSince(doc, [], touched, isMine, { heads })),
  ]
  const worked = new Map(plans.flatMap((plan) => plan.worked).map((entry) => [pathName(entry.path), entry]))
  for (const path of plans.flatMap(({ made }) => made)) {
    if (path.length !== 2) continue
    const actors = texts.flatMap((since) => since.within(['entries', path[1] ?? '']))
    const known = worked.get(pathName(path))?.actors ?? []
    if (actors.length > 0) worked.set(pathName(path), { path, actors: [...known, ...actors] })
  }
  return [...worked.values()]
}

/** Whether the text of an entry is what these changes made of it: nobody has written in it since, or that was taken out again. */
export function textsAsMade(
  doc: AnyDoc,
  hashes: readonly string[],
  touched: Touched,
): (entry: string | number) => boolean {
  let since: ReturnType<typeof writtenSince> | undefined
  return (entry) => {
    since ??= writtenSince(doc, hashes, touched, () => false)
    if (!since.isTouched(['entries', entry])) return true
    const path = ['entries', String(entry), 'text']
    const then = hashes.length > 0 ? valueThen(doc, path, hashes.slice(-1)) : ''
    return (valueAt(doc, path) ?? '') === (then ?? '')
  }
}

/** These entries by name, and what is kept with them: the column and the labels of a card that came along with it. */
export function keptWith(worked: readonly { path: Path }[], plans: readonly Planned[]): ReadonlySet<string> {
  const kept = new Set(worked.map(({ path }) => pathName(path)))
  const made = new Map(plans.flatMap((plan) => plan.made).map((path) => [String(path[1]), path]))
  for (const { path } of worked) {
    for (const word of plans.flatMap(({ open }) => wordsIn(valueAt(open.handle.doc(), path)))) {
      const other = made.get(word)
      if (other && other[0] !== path[0]) kept.add(pathName(other))
    }
  }
  return kept
}

/** The names of its fields, and what stands in them. */
function wordsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [name, ...wordsIn(inner)])
}
