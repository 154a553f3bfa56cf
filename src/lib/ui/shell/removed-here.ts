/**
 * Workspaces that their reader was removed from, as this window last knew them: where another window deletes one from the device,
 * words that were only typed here are still nowhere else.
 */
import type { WorkspaceState } from '../../core/api.ts'
import type { WorkspaceId } from '../../kernel/ids.ts'

export type RemovedWorkspace = Pick<WorkspaceState, 'id' | 'name' | 'drafts'>

export const removedHere = new Map<WorkspaceId, RemovedWorkspace>()
