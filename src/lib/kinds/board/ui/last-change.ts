/** Who last changed a field of a card or a column, and when: for the notes that say whose doing something is. */
import type { HistoryEntry } from '#lib/core/api.ts'
import type { ChangedField } from '#lib/kernel/define-kind.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import type { BoardScreen } from './board-screen.svelte.ts'

const MOST = 50

interface Sought {
  /** Whoever took something back, so that this is there again, has not put it there, where it is known who had. */
  atFirst?: boolean
  /** Whoever made the entry wrote all of its fields. */
  orMade?: boolean
  /** What the field holds: of two who wrote at once, whoever wrote that is meant, and not who came last. */
  value?: unknown
}

/** The newest action that wrote the field, of the board itself where no entity is named; null where it cannot be told: the note then says less. */
export async function lastChange(
  { core, workspace, work }: Pick<BoardScreen, 'core' | 'workspace' | 'work'>,
  entity: string | null,
  field: string,
  sought: Sought = {},
): Promise<HistoryEntry | null> {
  try {
    const { entries } = await core.call.history({ workspace, work, limit: MOST, ...(entity !== null && { entity }) })
    return lastOf(entries, entity, field, sought)
  } catch (error) {
    console.error(error)
    return null
  }
}

/** The same of several entries, each with what its field holds. */
export async function lastChanges(
  { core, workspace, work }: Pick<BoardScreen, 'core' | 'workspace' | 'work'>,
  field: string,
  values: ReadonlyMap<string, unknown>,
  sought: Sought = {},
): Promise<ReadonlyMap<string, HistoryEntry | null>> {
  const { entries } = await core.call.history({ workspace, work, limit: MOST }).catch((error: unknown) => {
    console.error(error)
    return { entries: [] }
  })
  return new Map([...values].map(([entity, value]) => [entity, lastOf(entries, entity, field, { ...sought, value })]))
}

/** The same of actions that are known, the newest first. */
export function lastOf(
  entries: readonly HistoryEntry[],
  entity: string | null,
  field: string,
  { orMade = false, atFirst = false, value }: Sought = {},
): HistoryEntry | null {
  const isMaking = ({ path }: ChangedField) => orMade && path.length === 2
  const wrote = (changed: ChangedField) => {
    const { path, over } = changed
    // Whoever chose it left it as it was.
    if (over) return false
    if (entity === null) return path[0] === field
    return path[1] === entity && (path[2] === field || path.slice(2).join('/') === field || isMaking(changed))
  }
  const holds = (changed: ChangedField) =>
    value === undefined || value === (isMaking(changed) ? fieldsOf(changed.after)[field] : changed.after)
  const found = entries.filter((one) => one.fields.some((field) => wrote(field) && holds(field)))
  const first = atFirst && found.find(({ takesBack }) => takesBack === undefined)
  return first || (found[0] ?? null)
}
