/**
 * Undo of an action that made (or brought back) an entry in which others stand now: a column with cards. Undoing puts it aside
 * under them, so the person is told how many, by whom, and may keep it. Clocks are not asked: what stands there counts,
 * whenever it was put there.
 */
import * as A from '@automerge/automerge/slim'
import { entriesOf, fieldsOf } from '#lib/kernel/reading.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'
import type { AnyDoc } from '#lib/store/documents.ts'
import { toPlain } from '#lib/store/plain.ts'
import type { UndoPlan } from '#lib/store/undo.ts'
import type { OpenWork } from '#lib/store/works.ts'
import { pathName, type Path, type Planned } from './undo-made.ts'

/** Entries that stay where one would be put aside. */
export interface Held {
  path: (string | number)[]
  entries: number
  /** Who put them there. */
  actors: string[]
  work: DocId
}

interface Standing {
  /** What would be put aside. */
  path: (string | number)[]
  entry: string
  /** What undoing would write so that it stands there no more; null where it stays. */
  leaves: Path | null
  actor: string
}

/** All that stands in what undoing would put aside, the action's own entries included. The record of work is read only where there is such a thing. */
export function standingIn(work: OpenWork, plans: readonly (Planned & Pick<UndoPlan, 'writes'>)[]): Standing[] {
  return plans.flatMap(({ open: { row }, made }) =>
    Object.entries(documentTypeNamed(row.kind)?.holds ?? {}).flatMap(([collection, { type, field }]) => {
      const places = new Map(made.filter((path) => isEntryOf(path, collection)).map((path) => [path[1], path]))
      if (places.size === 0) return []
      const { entries = '', created } = work.kind.documents[type] ?? {}
      const flag = created?.[entries] ?? ''
      const written = new Set(plans.flatMap(({ writes }) => writes.map(({ path }) => pathName(path))))
      return [...work.docs.values()].flatMap((member) => {
        if (member.type !== type) return []
        const doc = member.open.handle.doc()
        return entriesOf(fieldsOf(toPlain(doc))[entries]).flatMap(([id, entry]): Standing[] => {
          const place = entry[field]
          const path = typeof place === 'string' ? places.get(place) : undefined
          if (!path || entry[flag] === true) return []
          const leaves = [flag, field].map((one) => [entries, id, one]).find((one) => written.has(pathName(one)))
          return [{ path, entry: id, leaves: leaves ?? null, actor: leaves ? '' : writerOf(doc, [entries, id, field]) }]
        })
      })
    }),
  )
}

/** One for each entry that would be put aside under others. */
export function heldBy(standing: readonly Standing[], work: DocId): Held[] {
  const held = new Map<string, Held>()
  for (const { path, actor, leaves } of standing) {
    if (leaves !== null) continue
    const known = held.get(pathName(path)) ?? { path, entries: 0, actors: [], work }
    known.entries++
    if (!known.actors.includes(actor)) known.actors.push(actor)
    held.set(pathName(path), known)
  }
  return [...held.values()]
}

/** What is kept with entries that stay, also those that stay because the person keeps what was written in them. */
export function keptUnder(standing: readonly Standing[], kept: ReadonlySet<string>): ReadonlySet<string> {
  const stays = (leaves: Path) => leaves.some((_, at) => kept.has(pathName(leaves.slice(0, at + 1))))
  const under = standing.filter(({ leaves }) => leaves === null || stays(leaves))
  return new Set([...kept, ...under.map(({ path }) => pathName(path))])
}

const isEntryOf = (path: Path, collection: string): boolean => path.length === 2 && path[0] === collection

/** The actor that wrote the value that counts, from the operation's own name; '' where it cannot be told. */
function writerOf(doc: AnyDoc, [collection, id, field]: readonly [string, string, string]): string {
  const entry: unknown = fieldsOf(doc[collection])[id]
  const object = typeof entry === 'object' && entry !== null ? A.getObjectId(entry) : null
  const operation = object === null ? undefined : A.getBackend(doc).getAll(object, field).at(-1)?.at(-1)
  return typeof operation === 'string' ? operation.slice(operation.indexOf('@') + 1) : ''
}
