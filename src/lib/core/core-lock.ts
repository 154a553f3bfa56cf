import type { DocId } from '../kernel/ids.ts'

/** The Web Lock that the core of a profile holds while it lives. */
export const CORE_LOCK = 'tongzhou-core'

/** Another one while it writes an action of many calls (an import), whether or not the tab that asked for it is still there. */
export const longCommitLock = (work: DocId): string => `tongzhou-commit-${work}`
