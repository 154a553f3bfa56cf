/** Which component shows which kind of document; each is fetched when the first document of its kind is opened. */
import type { Component } from 'svelte'
import type { Person, Presence } from '../core/api.ts'
import type { LiveWork } from '../core/live.svelte.ts'
import type { DocId, WorkspaceId } from '../kernel/ids.ts'

export interface ViewProps {
  workspace: WorkspaceId
  work: DocId
  live: LiveWork
  people: Person[]
  presence: Presence[]
  /** Why it cannot be edited, if it cannot (see WorkSnapshot). */
  readOnly: string | null
  /** Entries that others changed since this device last looked. */
  news?: number
}
export type ViewModule = () => Promise<{ default: Component<ViewProps> }>

const views: Readonly<Record<string, ViewModule>> = {
  board: () => import('./board/ui/BoardView.svelte'),
}

/** The dialog that begins a board. */
export const createBoard = () => import('./board/ui/CreateBoard.svelte')

/** The view of a kind, or null where this version of the app has none. */
export const viewOf = (kind: string): ViewModule | null => (Object.hasOwn(views, kind) ? (views[kind] ?? null) : null)
