import type { WorkspaceState } from '../../core/api.ts'
import type { Conflict } from '../../kernel/define-kind.ts'

/** Where a name stands in the workspace's document: of an entry of a collection, or the workspace's own. */
export type NamePlace = readonly ['scopes' | 'people', string] | readonly ['', 'name']

export const contestedName = ({ contested }: WorkspaceState, [collection, id]: NamePlace): Conflict | undefined =>
  contested.find(({ path }) => path[0] === collection && path[1] === id)

/** How many departments two people named apart: the page of people has the choice. */
export const contestedDepartments = ({ contested }: WorkspaceState): number =>
  contested.filter(({ path: [collection] }) => collection === 'scopes').length

/** How many of my name and the workspace's: the settings have the choice. */
export const contestedInSettings = (workspace: WorkspaceState): number =>
  (
    [
      ['people', workspace.me],
      ['', 'name'],
    ] as const
  ).filter((place) => contestedName(workspace, place)).length
