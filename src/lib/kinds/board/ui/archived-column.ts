/** Somebody archives the column whose name another is writing: what is written is kept on it, and that is said. */
import { untrack } from 'svelte'
import { t } from '#lib/i18n/locale.svelte.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import { calls } from './board-calls.ts'
import type { BoardScreen } from './board-screen.svelte.ts'

/** To be called whenever the board has changed, before that is drawn. */
export function leaveArchivedColumn(screen: BoardScreen): void {
  const { board, past } = screen
  const field = document.activeElement
  const id = field?.closest<HTMLElement>('[data-column-head]')?.dataset['columnHead']
  const column = board.archivedColumns.find((one) => one.id === id)
  if (past || !column || !(field instanceof HTMLTextAreaElement)) return
  // Where she has renamed it as well, and he has not chosen, his words are not handed in.
  const typed = field.dataset['theirs'] === undefined ? field.value.trim() : ''
  untrack(() => {
    const content = document.getElementById('content')
    content?.focus({ preventScroll: true })
    screen.stillTyping.begin(content)
  })
  void say(screen, column, typed)
}

async function say(screen: BoardScreen, { id, title }: { id: string; title: string }, typed: string): Promise<void> {
  const who = await screen.whoWrote(id, 'archived')
  const name = title || t().board.columnName
  const isKept = typed !== '' && typed !== title
  showToast({
    text: () => t().columnArchive.gone(who, name),
    ...(isKept && { detail: () => t().columnArchive.nameKept(typed) }),
    life: null,
    action: { label: () => t().lost.restore(typed || name), run: () => void screen.run([calls.restoreColumn(id)]) },
  })
}
