/** What this device has written reaches nobody for now: a link that it has just made opens nothing yet. */
import type { WorkspaceState } from '../../core/api.ts'

export const isWaiting = ({ sync: { state } }: WorkspaceState): boolean =>
  state === 'offline' || state === 'no-room' || state === 'connecting' || state === 'parted'
