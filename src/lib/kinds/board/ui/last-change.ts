/** Who last changed a field of a card or a column, and when: for the notes that say whose doing something is. */
import type { HistoryEntry } from '#lib/core/api.ts'
import type { BoardScreen } from './board-screen.svelte.ts'

const MOST = 50

/**
 * The newest action that wrote the field, of the board itself where no entity is named (or made the entry, where `orMade`); null where
 * it cannot be told: the note then says less.
 */
export async function lastChange(
  { core, workspace, work }: Pick<BoardScreen, 'core' | 'workspace' | 'work'>,
  entity: string | null,
  field: string,
  { orMade = false } = {},
): Promise<HistoryEntry | null> {
  try {
    const { entries } = await core.call.history({ workspace, work, limit: MOST, ...(entity !== null && { entity }) })
    const wrote = ({ path }: { path: readonly (string | number)[] }) =>
      entity === null
        ? path[0] === field
        : path[1] === entity &&
          (path[2] === field || path.slice(2).join('/') === field || (orMade && path.length === 2))
    return entries.find(({ fields }) => fields.some(wrote)) ?? null
  } catch (error) {
    console.error(error)
    return null
  }
}
