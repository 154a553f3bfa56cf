/** What nobody else has, as a file: what a person reads first, what a program reads behind it. */
import type { DocId, WorkspaceId } from '../kernel/ids.ts'

export interface UnsentParts {
  workspace: WorkspaceId
  name: string
  /** Words that stood in fields only. */
  typed: readonly string[]
  edits: readonly { title: string; text: string }[]
  changes: readonly { doc: DocId; change: string }[]
}

export function unsentFile({ workspace, name, typed, edits, changes }: UnsentParts): string {
  const words = typed.length > 0 ? { typed } : {}
  return JSON.stringify({ version: 1, workspace, name, ...words, edits, changes }, null, 2)
}
