/**
 * What a person sets and takes back is as if it had never been, to others as well who set the same field apart: Automerge keeps
 * what the undo wrote beside what they wrote, and either may count. What they wrote is to count, without a question.
 */
import * as A from '@automerge/automerge/slim'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import { apartSince, isNobodys } from './changes-apart.ts'
import type { AnyDoc } from './documents.ts'
import { pathNamed, type Touched } from './touched.ts'
import { mapAt, type UndoWrite } from './undo.ts'
import { valuesAt } from './values-met.ts'

/**
 * The fields in which such values have met since those heads (of all that are not here any more nothing is known), with what is to count;
 * of those in which a person's own devices have written.
 */
export function yieldsSince(
  doc: AnyDoc,
  touched: Touched,
  since: readonly string[],
  isMine: (actor: string) => boolean,
): UndoWrite[] {
  const heads = hasHeads(doc, [...since]) ? since : []
  const met = apartSince(doc, heads).filter(({ knewAll }) => !knewAll)
  const names = new Set(met.flatMap(({ hash }) => touched.fields(doc, hash)))
  return [...names].flatMap((name) => yieldAt(doc, touched, pathNamed(name), isMine) ?? [])
}

function yieldAt(
  doc: AnyDoc,
  touched: Touched,
  path: readonly string[],
  isMine: (actor: string) => boolean,
): UndoWrite | null {
  const field = path.at(-1)
  // An entry that two have begun is another matter.
  const at = path.length === 2 || field === undefined ? null : mapAt(doc, path.slice(0, -1))
  const object = at && A.getObjectId(at)
  if (!at || !object || field === undefined) return null
  const met = valuesAt(doc, at, field)
  if (met.length < 2 || !met.some(({ actor }) => isMine(actor))) return null
  const keyOf = ({ value }: { value: unknown }) => JSON.stringify(value)
  const left = met.filter((one) => {
    const others = met.filter((other) => keyOf(other) !== keyOf(one))
    return !others.every((other) => isNobodys(doc, touched, { object, path }, one.operation, other.operation))
  })
  const [counts, ...more] = new Map(left.map((one) => [keyOf(one), one])).values()
  return counts && more.length === 0 && left.length < met.length ? { path, value: counts.value, again: true } : null
}
