/** What the menu of a board offers about putting the board itself away. */
import ArchiveRestore from '@lucide/svelte/icons/archive-restore'
import FolderArchive from '@lucide/svelte/icons/folder-archive'
import { goto } from '$app/navigation'
import { t } from '#lib/i18n/locale.svelte.ts'
import { archiveBoard, restoreBoard } from '#lib/ui/archive-board.ts'
import { focusContent } from '#lib/ui/focus-content.ts'
import type { MenuEntry } from '#lib/ui/Menu.svelte'
import type { BoardScreen } from './board-screen.svelte.ts'

export function archiveEntries(screen: BoardScreen): MenuEntry[] {
  if (screen.locked) return []
  const { workspace, work, board } = screen
  const name = board.title || t().board.untitled
  const archive = async () => {
    if (!(await archiveBoard(workspace, work, name))) return
    await goto(`/${workspace}`)
    focusContent()
  }
  return [
    'separator',
    screen.isArchived
      ? { label: t().board.restore, icon: ArchiveRestore, onSelect: () => void restoreBoard(workspace, work, name) }
      : { label: t().board.archive, icon: FolderArchive, onSelect: () => void archive() },
  ]
}
