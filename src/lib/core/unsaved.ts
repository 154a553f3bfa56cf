/**
 * What this device wrote and has not on its disk yet, kept by every tab as well: a core that the browser ends within
 * milliseconds of an edit costs nobody the edit that they have seen. The next core gets it from the tab.
 */
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'
import { Refusal } from '#lib/kernel/refusal.ts'
import type { CoreClient } from './rpc.ts'

/** `saved`: all that was told of the document before is on disk. */
export type UnsavedEvent = { workspace: WorkspaceId; doc: DocId } & (
  { type: 'written'; changes: Uint8Array[] } | { type: 'saved' }
)

/** Keeps what `core` tells of, and hands it to whichever core takes the place of one that has died. */
export function keepUnsaved(core: CoreClient): void {
  /** The next core has not answered yet: what it says is saved may be without them. */
  const again = new Set<DocId>()
  const kept = new Map<DocId, { workspace: WorkspaceId; changes: Uint8Array[] }>()
  core.watch('unsaved', {}, (event) => {
    const { workspace, doc } = event
    if (event.type === 'saved') {
      if (!again.has(doc)) kept.delete(doc)
    } else kept.set(doc, { workspace, changes: [...(kept.get(doc)?.changes ?? []), ...event.changes] })
  })
  core.onRestart(() => {
    for (const [doc, { workspace, changes }] of kept) {
      again.add(doc)
      core.call.writeAgain({ workspace, doc, changes }).then(
        () => again.delete(doc),
        (error: unknown) => {
          // One more has died: the next is asked again. Or the workspace has gone meanwhile, and its edits with it.
          if (!(error instanceof Refusal && error.code === 'core-restarted')) kept.delete(doc)
        },
      )
    }
  })
}
