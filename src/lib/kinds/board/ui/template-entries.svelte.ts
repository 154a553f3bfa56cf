/** What the menu of a board offers about templates. */
import LayoutTemplate from '@lucide/svelte/icons/layout-template'
import SquareKanban from '@lucide/svelte/icons/square-kanban'
import { goto } from '$app/navigation'
import { t } from '#lib/i18n/locale.svelte.ts'
import type { MenuEntry } from '#lib/ui/Menu.svelte'
import { calls } from './board-calls.ts'
import type { BoardScreen } from './board-screen.svelte.ts'

export function templateEntries(screen: BoardScreen, save: () => void): MenuEntry[] {
  if (screen.past) return []
  const saving = { label: t().templates.save, icon: LayoutTemplate, onSelect: save }
  if (!screen.board.whole.template) return [saving]
  const use = () => void goto(`/${screen.workspace}?from=${screen.work}`)
  const end = () => void screen.runWithUndo([calls.setTemplate(false)], () => t().templates.madeOrdinary)
  return [
    ...(screen.isArchived ? [] : [{ label: t().templates.use, icon: LayoutTemplate, onSelect: use }]),
    ...(screen.locked ? [] : [{ label: t().templates.ordinary, icon: SquareKanban, onSelect: end }]),
  ]
}
