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

/** What was told of and is not saved yet. */
export type Unsaved = Map<DocId, { workspace: WorkspaceId; changes: Uint8Array[] }>

export function noteUnsaved(unsaved: Unsaved, event: UnsavedEvent): void {
  const { workspace, doc } = event
  if (event.type === 'saved') unsaved.delete(doc)
  else unsaved.set(doc, { workspace, changes: [...(unsaved.get(doc)?.changes ?? []), ...event.changes] })
}

/**
 * Keeps what `core` tells of, and hands it to whichever core takes the place of one that has died. Returns whether there is
 * something now.
 */
export function keepUnsaved(core: CoreClient): () => boolean {
  /** The next core has not answered yet: what it says is saved may be without them. */
  const again = new Set<DocId>()
  const kept: Unsaved = new Map()
  core.watch('unsaved', {}, (event) => {
    if (event.type === 'written' || !again.has(event.doc)) noteUnsaved(kept, event)
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
  return () => kept.size > 0
}
