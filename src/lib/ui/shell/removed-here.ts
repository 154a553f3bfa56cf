/**
 * Workspaces that their reader was removed from, as this window last knew them: where another window deletes one from the device,
 * and he joins it again, words that were only typed here are still nowhere else.
 */
import { SvelteMap } from 'svelte/reactivity'
import type { WorkspaceState } from '../../core/api.ts'

export type RemovedWorkspace = Pick<WorkspaceState, 'id' | 'name' | 'device' | 'drafts'>

/** By workspace. Who joins again does so as another device. */
export const removedHere = new SvelteMap<string, RemovedWorkspace>()
