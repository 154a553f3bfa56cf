/** Lets count what another set where this person set it, too, and took that back, and the other way round (store/yielded.ts). */
import * as A from '@automerge/automerge/slim'
import type { DocId } from '#lib/kernel/ids.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'
import { changeMessage, YIELDED } from '#lib/store/change-message.ts'
import type { ProjectionRow } from '#lib/store/db.ts'
import type { Touched } from '#lib/store/touched.ts'
import { applyUndo } from '#lib/store/undo.ts'
import type { OpenWork, Works, Write } from '#lib/store/works.ts'
import { yieldsSince } from '#lib/store/yielded.ts'

export interface YieldingOptions {
  works: Works
  touched: Touched
  isMine: (actor: string) => boolean
  readOnlyReason: (work: OpenWork) => string | null
  newGroup: () => string
  now: () => number
  /** Changes of a document wait to be saved and sent. */
  written: (doc: DocId) => void
}

export class Yielding {
  readonly #options: YieldingOptions
  /** Up to where each document was looked at. */
  readonly #looked = new Map<DocId, readonly string[]>()

  constructor(options: YieldingOptions) {
    this.#options = options
  }

  /** To be called whenever others' changes may have come; `before`: what was last known of the work. */
  run(work: OpenWork, before: Pick<ProjectionRow, 'heads'> | null | undefined): void {
    const { works, touched, isMine, readOnlyReason, newGroup, now, written } = this.#options
    if (readOnlyReason(work) !== null) return
    const message = changeMessage(YIELDED, newGroup())
    const writes = [...work.docs].flatMap(([doc, { open }]): Write[] => {
      if (!documentTypeNamed(open.row.kind)?.contested || open.row.checking) return []
      const content = open.handle.doc()
      const since = this.#looked.get(doc) ?? before?.heads[doc]
      this.#looked.set(doc, A.getHeads(content))
      // What has just come to this device others have put in order.
      const list = since ? yieldsSince(content, touched, since, isMine) : []
      return list.length > 0 ? [{ doc, open, message, run: (draft) => applyUndo(draft, list) }] : []
    })
    for (const { doc } of writes.length > 0 ? works.writeEach(writes, now()) : []) written(doc)
  }
}
