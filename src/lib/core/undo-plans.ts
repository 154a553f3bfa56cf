/**
 * What taking an action back would do, document by document, and what of it is left out. An action is of one record of work, or
 * of two (undo-halves.ts).
 */
import type { ChangedField } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'
import type { UndoRow } from '#lib/store/db.ts'
import type { UndoPlan } from '#lib/store/undo.ts'
import type { Half as HalfOf } from './undo-halves.ts'
import { pathName, type Path, type Planned } from './undo-made.ts'
import type { TextWrite } from './undo-texts.ts'

export interface Entry extends Omit<UndoRow, 'ws'> {
  /** Whose it is; of nobody once that tab is gone, and so anybody's. */
  tab: string | null
  /** A step of writing in the text of this entry, instead of an action. */
  text?: string
  /** Others' words stood in the way of it: as soon as they do not, it is next. */
  inTheWay?: boolean
}
export type Half = HalfOf<Entry>
/** What undoing would do in one document. */
export interface HalfPlan
  extends Planned, Pick<UndoPlan, 'writes' | 'notes' | 'clashes' | 'aside' | 'met' | 'already'> {
  half: Half
  doc: DocId
  texts: TextWrite[]
  written: ChangedField[]
}

export const plansOf = (plans: readonly HalfPlan[], half: Half): HalfPlan[] =>
  plans.filter((plan) => plan.half === half)

export const entryIn = (work: DocId, path: Path): string => pathName([work, ...path.slice(0, 2)])

/** By entry, the fields that are written without a clash. */
export function writtenAlong(plans: readonly HalfPlan[]): ReadonlyMap<string, Record<string, unknown>> {
  const byEntry = new Map<string, Record<string, unknown>>()
  for (const { half, writes, clashes } of plans) {
    const clashing = new Set(clashes.map(({ path }) => pathName(path)))
    for (const { path, value, note } of writes) {
      const [, , field] = path
      if (note || path.length !== 3 || field === undefined || clashing.has(pathName(path))) continue
      const entry = entryIn(half.work.root, path)
      byEntry.set(entry, { ...byEntry.get(entry), [field]: value })
    }
  }
  return byEntry
}

/** These stay as they are. */
export function withoutEntries(plan: HalfPlan, entries: Pick<ReadonlySet<string>, 'has' | 'size'>): HalfPlan {
  if (entries.size === 0) return plan
  const isLeft = ({ path }: { path: Path }) => !entries.has(String(path[1]))
  const { writes, clashes, met, already, written, texts } = plan
  return {
    ...plan,
    texts: texts.filter(({ entry }) => !entries.has(entry)),
    writes: writes.filter(isLeft),
    clashes: clashes.filter(isLeft),
    met: met.filter(isLeft),
    already: already.filter(isLeft),
    written: written.filter(isLeft),
  }
}

/** Nor is anything asked about them. */
export const withoutMade = (plan: HalfPlan, entries: Pick<ReadonlySet<string>, 'has' | 'size'>): HalfPlan => {
  if (entries.size === 0) return plan
  const isElse = (path: Path) => !entries.has(String(path[1]))
  return {
    ...withoutEntries(plan, entries),
    made: plan.made.filter(isElse),
    worked: plan.worked.filter(({ path }) => isElse(path)),
    aside: plan.aside.filter(({ path }) => isElse(path)),
  }
}

export const onlyEntries = (plan: HalfPlan, entries: ReadonlySet<string>): HalfPlan =>
  withoutMade(plan, { has: (entry) => !entries.has(entry), size: Infinity })

/** Also those of which nothing is left to be written. */
export const entriesIn = ({ writes, written, aside, texts }: HalfPlan): string[] => [
  ...[...writes, ...written, ...aside].map(({ path }) => String(path[1])),
  ...texts.map(({ entry }) => entry),
]

/** Those that go into the archive or come back from it. */
export function entriesFlagged({ open, writes }: HalfPlan): { entry: string; isBack: boolean }[] {
  const putAway = documentTypeNamed(open.row.kind)?.putAway ?? {}
  return writes.flatMap(({ path: [collection, entry, field], value }) =>
    field !== undefined && field === putAway[String(collection)]?.flag
      ? [{ entry: String(entry), isBack: value !== true }]
      : [],
  )
}

/** Whether a shard lists it, a card for instance, and not what stands beside those. */
export const isListed = ({ open }: HalfPlan, path: Path): boolean =>
  documentTypeNamed(open.row.kind)?.entries === path[0]

/** What somebody has put into the archive, or brought back, meanwhile neither goes nor comes, nor does what stays. */
export function withoutAside(
  from: Entry['from'],
  plans: readonly HalfPlan[],
  stays: (path: Path) => boolean = () => false,
): Entry['from'] {
  const others = plans.flatMap((plan) =>
    [...plan.aside.map(({ path }) => path), ...plan.made.filter(stays)].filter((path) => isListed(plan, path)),
  )
  return from && { ...from, cards: from.cards - others.length }
}

/** As if the same had been written the other way round. */
export const turned = (field: ChangedField): ChangedField => ({ ...field, before: field.after, after: field.before })
