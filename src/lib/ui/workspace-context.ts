/** The workspace that is on screen, for everything below its layout. The layout is built anew for another workspace. */
import { createContext } from 'svelte'
import type { WorkspaceState } from '../core/api.ts'
import type { LiveWorkspace } from '../core/live.svelte.ts'

const [get, set] = createContext<LiveWorkspace>()

export { get as getWorkspace, set as setWorkspace }

/** A removed member keeps what is here, to read. */
export const personName = (state: WorkspaceState | null, person: string, fallback: string): string =>
  state?.people.find(({ id }) => id === person)?.name || fallback
