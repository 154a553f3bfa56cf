/** Puts a board away for everybody, and brings it back. */
import { getCore } from '../core/client.ts'
import { t } from '../i18n/locale.svelte.ts'
import type { DocId, WorkspaceId } from '../kernel/ids.ts'
import { attempt } from './attempt.ts'
import { showToast } from './toasts.svelte.ts'

const about = (work: DocId) => `archived ${work}`

export async function archiveBoard(workspace: WorkspaceId, work: DocId, name: string): Promise<boolean> {
  const done = await attempt(getCore().call.archiveWork({ workspace, work, archived: true }))
  if (!done) return false
  const action = { label: () => t().common.undo, run: () => void restoreBoard(workspace, work, name) }
  showToast({ text: () => t().home.putAway(name), action, about: about(work) })
  return true
}

export async function restoreBoard(workspace: WorkspaceId, work: DocId, name: string): Promise<void> {
  const done = await attempt(getCore().call.archiveWork({ workspace, work, archived: false }))
  if (done) showToast({ text: () => t().home.broughtBack(name), about: about(work) })
}
