/** Brings an import onto the board: noted until it is on disk, and with a warning for whoever closes the window meanwhile. */
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { t } from '#lib/i18n/locale.svelte.ts'
import { refuse, Refusal } from '#lib/kernel/refusal.ts'
import { tellError } from '#lib/ui/attempt.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import { newEntity } from './board-calls.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { forgetNote, importName, keepNote, noteOf } from './import-note.ts'

const warn = (event: BeforeUnloadEvent) => event.preventDefault()

/** As one undoable action; null where it was refused or cut off, which is said. */
export async function bringIn(
  screen: BoardScreen,
  file: string,
  list: readonly MutationCall[],
  signal: AbortSignal,
  onProgress: (done: number, all: number) => void,
): Promise<{ group: string } | null> {
  const { core, workspace, work } = screen
  const note = noteOf(file, list)
  const ended = Promise.withResolvers<void>()
  await new Promise<void>((resolve) => {
    void navigator.locks.request(importName(work), () => {
      resolve()
      return ended.promise
    })
  })
  keepNote(work, note)
  addEventListener('beforeunload', warn)
  const end = () => {
    removeEventListener('beforeunload', warn)
    ended.resolve()
  }
  const job = newEntity()
  const unwatch = core.watch('commit', { job }, ({ done, all }) => onProgress(done, all))
  // A core that died meanwhile has nothing left to call off.
  const cancel = () => void core.call.cancelCommit({ job }).catch(() => undefined)
  signal.addEventListener('abort', cancel)
  try {
    // Called off while the cards were on their way here: the core has not heard of them yet.
    if (signal.aborted) refuse('cancelled')
    const done = await core.call.commit({
      ...{ workspace, work, calls: [...list], tab: core.tab, job },
      from: { file, cards: note.cards.length },
    })
    // It can be seen and undone now; whether the window may be closed is another question.
    void untilSaved(screen).then(() => {
      forgetNote(work)
      end()
    })
    return done
  } catch (error) {
    // Refused as a whole: nothing came in. Else nobody knows how far it came.
    if (error instanceof Refusal && error.code !== 'core-restarted') forgetNote(work)
    else screen.cutOff = note
    if (error instanceof Refusal && error.code === 'cancelled') showToast({ text: () => t().importing.cancelled })
    else tellError(error)
    end()
    return null
  } finally {
    unwatch()
    signal.removeEventListener('abort', cancel)
  }
}

/** Until what was written before is on this device's disk. */
function untilSaved({ core, workspace }: BoardScreen): Promise<void> {
  return new Promise((resolve) => {
    const stop = core.watch('workspace', { workspace }, ({ sync }) => {
      if (sync.state === 'saving') return
      // The first answer may come before `stop` is there.
      queueMicrotask(() => stop())
      resolve()
    })
  })
}
