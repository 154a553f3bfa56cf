/** Which component shows which kind of document; each is fetched when the first document of its kind is opened. */
import type { Component } from 'svelte'
import type { Person, Presence, WorkSummary } from '../core/api.ts'
import { loadPart } from '../core/load-part.ts'
import type { LiveWork } from '../core/live.svelte.ts'
import type { WorkDocs } from '../kernel/define-kind.ts'
import type { DocId, WorkspaceId } from '../kernel/ids.ts'

export interface ViewProps {
  workspace: WorkspaceId
  work: DocId
  live: LiveWork
  people: Person[]
  /** In the order of their names. */
  departments: readonly { id: string; name: string }[]
  presence: Presence[]
  /** Everything that the workspace has, as home lists it. */
  works: readonly WorkSummary[]
  /** Why it cannot be edited, if it cannot (see WorkSnapshot). */
  readOnly: string | null
  /** Its root is here; the rest is still being read, and comes at once. */
  arriving?: boolean
  /** Another number whenever what others changed since this device last looked is something else. */
  newsTurn?: number
}
export interface ViewModule {
  view: () => Promise<{ default: Component<ViewProps> }>
  /** Awaited before the view is shown: work on large documents that must not hold up the window. `whole`: nothing more is to come. */
  prepare?: () => Promise<(work: WorkDocs, whole: boolean) => Promise<void>>
}

const views: Readonly<Record<string, ViewModule>> = {
  board: {
    view: () => loadPart(() => import('./board/ui/BoardView.svelte')),
    prepare: async () => (await loadPart(() => import('./board/ui/prepare-board.ts'))).prepareBoard,
  },
}

/** The dialog that begins a board. */
export const createBoard = () => loadPart(() => import('./board/ui/CreateBoard.svelte'))

/** The view of a kind, or null where this version of the app has none. */
export const viewOf = (kind: string): ViewModule | null => (Object.hasOwn(views, kind) ? (views[kind] ?? null) : null)
