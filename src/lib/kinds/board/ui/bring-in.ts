/** Brings an import onto the board: noted until it is on disk, and with a question for whoever leaves the page meanwhile. */
import { longCommitLock } from '#lib/core/core-lock.ts'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { t } from '#lib/i18n/locale.svelte.ts'
import { refuse, Refusal } from '#lib/kernel/refusal.ts'
import { tellError } from '#lib/ui/attempt.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import { askUntilSaved } from './ask-until-saved.ts'
import { newEntity } from './board-calls.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { cardsThatCame, forgetNote, importName, keepNote, noteOf } from './import-note.ts'

/** As one undoable action; null where it was refused, which is said. */
export async function bringIn(
  screen: BoardScreen,
  file: string,
  list: readonly MutationCall[],
  signal: AbortSignal,
  onProgress: (done: number, all: number) => void,
): Promise<{ group: string } | 'cut-off' | null> {
  const { core, workspace, work } = screen
  const note = noteOf(file, list)
  const ended = Promise.withResolvers<void>()
  await new Promise<void>((resolve) => {
    void navigator.locks.request(importName(work), () => {
      resolve()
      return ended.promise
    })
  })
  // Whoever imports anew has done what was asked of him where nothing had come in, also of what the core had gone on with.
  if (screen.cutOff) await navigator.locks.request(longCommitLock(work), () => undefined)
  if (screen.cutOff && cardsThatCame(screen.cutOff, screen.board).length === 0) screen.cutOff = null
  keepNote(work, note)
  /** What came in of an earlier one is still to be decided on. */
  const forget = () => (screen.cutOff ? keepNote(work, screen.cutOff) : forgetNote(work))
  const job = newEntity()
  const unwatch = core.watch('commit', { job }, ({ done, all }) => onProgress(done, all))
  // A core that died meanwhile has nothing left to call off.
  const cancel = () => void core.call.cancelCommit({ job }).catch(() => undefined)
  signal.addEventListener('abort', cancel)
  try {
    // Called off while the cards were on their way here: the core has not heard of them yet.
    if (signal.aborted) refuse('cancelled')
    const bringing = core.call.commit({
      ...{ workspace, work, calls: [...list], tab: core.tab, job },
      from: { file, cards: note.cards.length },
    })
    // When it has come it can be seen and undone; whether the window may be closed is another question.
    void askUntilSaved(screen, bringing).then((isSaved) => {
      if (!isSaved) return
      forget()
      ended.resolve()
    })
    return await bringing
  } catch (error) {
    // Refused as a whole: nothing came in. Else nobody knows how far it came.
    const isCutOff = !(error instanceof Refusal) || error.code === 'core-restarted'
    if (isCutOff) screen.cutOff = note
    else forget()
    if (error instanceof Refusal && error.code === 'cancelled') showToast({ text: () => t().importing.cancelled })
    else tellError(error)
    ended.resolve()
    return isCutOff ? 'cut-off' : null
  } finally {
    unwatch()
    signal.removeEventListener('abort', cancel)
  }
}
