/** For what takes a while to write: whoever leaves the page before all of it is on this device's disk is asked first. */
import type { BoardScreen } from './board-screen.svelte.ts'

type Place = Pick<BoardScreen, 'core' | 'workspace'>

/** Whether it is there in the end, and not refused or called off. */
export async function askUntilSaved({ core, workspace }: Place, writing: Promise<unknown>): Promise<boolean> {
  const asking = new AbortController()
  addEventListener('beforeunload', (event) => event.preventDefault(), { signal: asking.signal })
  try {
    await writing
    await untilSaved({ core, workspace })
    return true
  } catch {
    return false
  } finally {
    asking.abort()
  }
}

/** Until what was written before is on this device's disk. */
function untilSaved({ core, workspace }: Place): Promise<void> {
  return new Promise((resolve) => {
    const stop = core.watch('workspace', { workspace }, ({ sync }) => {
      if (sync.state === 'saving' || (sync.state === 'no-space' && !sync.isStored)) return
      // The first answer may come before `stop` is there.
      queueMicrotask(() => stop())
      resolve()
    })
  })
}
