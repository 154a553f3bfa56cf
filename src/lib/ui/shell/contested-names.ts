import type { WorkspaceState } from '../../core/api.ts'

/** How many departments two people named apart: the page of people has the choice. */
export const contestedNames = ({ contested }: WorkspaceState): number =>
  contested.filter(({ path: [collection] }) => collection === 'scopes').length
