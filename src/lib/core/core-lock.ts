import type { DocId } from '../kernel/ids.ts'

/** The Web Lock that the core of a profile holds while it lives. */
export const CORE_LOCK = 'tongzhou-core'

/** Another one while it writes an action of many calls (an import), whether or not the tab that asked for it is still there. */
export const longCommitLock = (work: DocId): string => `tongzhou-commit-${work}`

const endLock = (end: string): string => `tongzhou-tab-${end}`

/**
 * Takes the lock of an end of the core (a tab, or a worker of it) for as long as that end lives, however it ends. Resolves
 * when it is held: only then may the core be told of the end, since one that asks for the lock first takes the end for gone.
 */
export function holdEndLock(end: string): Promise<void> {
  return new Promise((held) => {
    void navigator.locks.request(endLock(end), () => {
      held()
      return new Promise<never>(() => undefined)
    })
  })
}

/** Resolves when the end that holds this lock has ended. */
export async function endGone(end: string): Promise<void> {
  await navigator.locks.request(endLock(end), () => undefined)
}
