/**
 * Whoever takes back what put an entry away, after they have brought it back otherwise, has nothing left to be written there. What
 * they take back after that, of what brought it back, does not put it away again.
 */
import { documentTypeNamed } from '#lib/kinds/index.ts'
import { changesBefore } from '#lib/store/changes-apart.ts'
import { mapAt, notesIn } from '#lib/store/undo.ts'
import { pathName, type Path } from './undo-made.ts'
import type { Entry, HalfPlan } from './undo-plans.ts'

const isFlag = ({ open }: HalfPlan, [collection, , field, ...more]: Path): boolean =>
  more.length === 0 && field !== undefined && field === putAwayOf(open, collection)?.flag

const putAwayOf = ({ row }: HalfPlan['open'], collection: Path[number] | undefined) =>
  documentTypeNamed(row.kind)?.putAway?.[String(collection)]

/** By action, of those that can be taken back: what it brought back that the one of these plans, taken back, had put away. */
export function broughtBackSince(plans: readonly HalfPlan[]): ReadonlyMap<Entry, string[]> {
  const found = new Map<Entry, string[]>()
  for (const plan of plans) {
    const isWritten = new Set(plan.writes.map(({ path }) => pathName(path)))
    const doc = plan.open.handle.doc()
    const own = new Set(hashesOf(plan.half.entry, plan.doc))
    for (const { path, after } of plan.written) {
      if (after !== true || !isFlag(plan, path) || isWritten.has(pathName(path))) continue
      const at = mapAt(doc, path.slice(0, 2))
      const isOver = (hash: string) =>
        at !== null && changesBefore(doc, hash, at, String(path[2])).some((one) => own.has(one))
      for (const entry of plan.half.entries) {
        if (entry.way !== 'undo' || entry === plan.half.entry || !hashesOf(entry, plan.doc).some(isOver)) continue
        found.set(entry, [...(found.get(entry) ?? []), String(path[1])])
      }
    }
  }
  return found
}

/** Also those by which it was done first. */
const hashesOf = ({ changes, first = [] }: Entry, doc: string): string[] =>
  [...changes, ...first].flatMap((one) => (one.doc === doc ? one.hashes : []))

/** Nor is anything asked about what stays, and is as it was for the rest. */
export function withoutStaying(plan: HalfPlan): HalfPlan {
  const { way, stays = [] } = plan.half.entry
  if (way !== 'undo' || stays.length === 0) return plan
  const isElse = ({ path }: { path: Path }) => !isFlag(plan, path) || !stays.includes(String(path[1]))
  const isNoNote = (one: { path: Path }) =>
    !stays.includes(String(one.path[1])) || !notesIn(putAwayOf(plan.open, one.path[0])).includes(String(one.path[2]))
  const isOther = (path: Path) => path.length > 2 || !stays.includes(String(path[1]))
  return {
    ...plan,
    writes: plan.writes.filter((one) => isElse(one) && isNoNote(one)),
    notes: plan.notes.filter(isNoNote),
    clashes: plan.clashes.filter(isElse),
    met: plan.met.filter(isElse),
    already: plan.already.filter(isElse),
    written: plan.written.filter(isElse),
    made: plan.made.filter(isOther),
    worked: plan.worked.filter(({ path }) => isOther(path)),
    aside: plan.aside.filter(({ path }) => isOther(path)),
  }
}
