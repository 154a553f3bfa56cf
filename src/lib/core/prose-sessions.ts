/** Descriptions that tabs write in: each tab has an editor's document of its own, which takes and gives changes. */
import * as A from '@automerge/automerge/slim'
import type { DocId } from '#lib/kernel/ids.ts'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import { refuse } from '#lib/kernel/refusal.ts'
import type { Formatted } from '#lib/kernel/formatted.ts'
import { spansToFormatted } from '#lib/kinds/prose/formatted-spans.ts'
import { readProse } from '#lib/kinds/prose/schema.ts'
import { spansOf } from '#lib/kinds/prose/spans.ts'
import type { DocumentChange, Documents } from '#lib/store/documents.ts'
import type { Manifest } from '#lib/store/moments.ts'
import { toPlain } from '#lib/store/plain.ts'
import type { OpenWork, Works } from '#lib/store/works.ts'
import type { CallArgs } from './rpc.ts'

interface Watch {
  tab: string
  emit: (event: { changes: Uint8Array[] }) => void
}

export interface ProseSessionsOptions {
  documents: Documents
  works: Works
  mayWrite: (doc: DocId) => boolean
  isRemoved: () => boolean
  /** Changes of a tab are in the document. */
  onWritten: (written: Omit<CallArgs<'proseChanges'>, 'workspace'>) => void
}

export class ProseSessions {
  readonly #options: ProseSessionsOptions
  readonly #watches = new Map<DocId, Set<Watch>>()
  #applying: { doc: DocId; tab: string } | null = null

  constructor(options: ProseSessionsOptions) {
    this.#options = options
  }

  isWatched(doc: DocId): boolean {
    return (this.#watches.get(doc)?.size ?? 0) > 0
  }

  /** The text of every description of a record of work that has one, by entry; as far as they are here, those of `then`. */
  async textsOf(work: OpenWork, then?: Manifest): Promise<Record<string, Formatted>> {
    const texts: Record<string, Formatted> = {}
    for (const doc of work.docs.keys()) {
      const open = doc === work.root ? null : await this.#options.works.companion(work, doc)
      if (!open) continue
      const now = open.handle.doc()
      const heads = then && [...(then[open.row.doc] ?? [])]
      if (heads && (heads.length === 0 || !hasHeads(now, heads))) continue
      const content = heads ? A.view(now, heads) : now
      const { entries } = readProse(toPlain(content))
      for (const [entry, { text }] of Object.entries(entries))
        if (text !== '') texts[entry] = spansToFormatted(spansOf(content, entry))
    }
    return texts
  }

  /** The document for a tab's editor, and the actor that it writes as. */
  async open(work: OpenWork, entity: string) {
    const { works, documents } = this.#options
    const shard = works.shardOf(work, entity) ?? refuse('entry-gone')
    const open = (await works.companion(work, shard.doc)) ?? refuse('entry-gone')
    const { bytes, actor } = documents.lend(open)
    return { doc: open.row.doc, bytes, actor, path: ['entries', entity, 'text'] }
  }

  async write(written: Omit<CallArgs<'proseChanges'>, 'workspace'>): Promise<void> {
    const { documents, isRemoved, mayWrite, onWritten } = this.#options
    const { doc, tab, changes } = written
    if (!documents.rows.has(doc)) refuse('work-unknown')
    // Somebody removed goes on writing until his screen says so: that stays with him, and is not lost.
    if (!mayWrite(doc) && !isRemoved()) refuse('no-right')
    const open = await documents.open(doc)
    this.#applying = { doc, tab }
    try {
      documents.applyMine(open, changes)
    } finally {
      this.#applying = null
    }
    onWritten(written)
  }

  /** `heads` is what the tab has; what it lacks comes first. */
  watch(doc: DocId, tab: string, heads: string[], emit: Watch['emit']): () => void {
    const watches = this.#watches.get(doc) ?? new Set()
    this.#watches.set(doc, watches)
    const watch = { tab, emit }
    watches.add(watch)
    void this.#options.documents.open(doc).then((open) => {
      const changes = this.#options.documents.changesSince(open, heads)
      if (changes.length > 0) emit({ changes })
    })
    return () => watches.delete(watch)
  }

  /** Everybody's editor but the one that the change came from. */
  changed({ doc, before, after }: DocumentChange): void {
    const watches = this.#watches.get(doc)
    if (!watches?.size) return
    const changes = this.#options.documents.changesBetween(before, after)
    for (const { tab, emit } of watches)
      if (this.#applying?.doc !== doc || this.#applying.tab !== tab) emit({ changes })
  }
}
