/** What this device has written reaches nobody for now: a link that it has just made opens nothing yet. */
import type { WorkspaceState } from '../../core/api.ts'

export const isWaiting = ({ sync }: WorkspaceState): boolean => sync.state === 'offline' || sync.state === 'no-room'
