/** What the benchmark asks of a fresh device and of automerge-repo's client, and what they answer. */
import type { DocId, WorkspaceId } from '../../src/lib/kernel/ids.ts'

/** The card that is edited. */
export interface Place {
  workspace: WorkspaceId
  board: DocId
  shard: DocId
  card: string
}
export type FreshJob = { port: number; changes: number } & (
  { do: 'fill'; invites: number } | { do: 'join'; link: string; place: Place }
)
export interface Filled {
  place: Place
  links: string[]
}
/** Milliseconds. */
export interface Loaded {
  shown: number
  checked: number
}

/** An automerge-repo URL, as its client gave it. */
export type RepoJob = { port: number; changes: number } & ({ do: 'fill' } | { do: 'join'; url: string })
