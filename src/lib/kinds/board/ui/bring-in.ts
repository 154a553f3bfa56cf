/** Brings an import onto the board: noted until it is on disk, and with a warning for whoever closes the window meanwhile. */
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { Refusal } from '#lib/kernel/refusal.ts'
import { sayError } from '#lib/ui/attempt.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { forgetNote, importLock, keepNote, noteOf } from './import-note.ts'

const warn = (event: BeforeUnloadEvent) => event.preventDefault()

/** As one undoable action; null where it was refused or cut off, which is said. */
export async function bringIn(
  screen: BoardScreen,
  file: string,
  list: readonly MutationCall[],
): Promise<{ group: string } | null> {
  const { core, workspace, work } = screen
  const note = noteOf(file, list)
  const ended = Promise.withResolvers<void>()
  await new Promise<void>((resolve) => {
    void navigator.locks.request(importLock(work), () => {
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
  try {
    const done = await core.call.commit({ workspace, work, calls: [...list], tab: core.tab })
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
    showToast({ text: sayError(error), tone: 'danger' })
    end()
    return null
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
