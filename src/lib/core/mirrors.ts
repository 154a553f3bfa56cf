/** What tabs see of open records of work: each document once, then its patches, and which fields are contested. */
import * as A from '@automerge/automerge/slim'
import type { DocId } from '#lib/kernel/ids.ts'
import { parseMessage, parseTakenBack } from '#lib/store/change-message.ts'
import { toPlain, toPlainPatches } from '#lib/store/plain.ts'
import type { DocumentChange } from '#lib/store/documents.ts'
import type { OpenWork, WorkMember } from '#lib/store/works.ts'
import type { Conflict } from '#lib/kernel/define-kind.ts'
import type { SyncState, WorkEvent } from './api.ts'
import { restored } from './replay.ts'

interface Watch {
  root: DocId
  /** Null until all of it is open. */
  work: OpenWork | null
  /** The documents that the tab has: of these it gets the patches. */
  sent: Set<DocId>
  emit: (event: WorkEvent) => void
  /** The conflicts that it was told last, as text. */
  told: string
}

export interface MirrorsOptions {
  /** `opened` is told of each document as soon as it is there. */
  openWork: (root: DocId, opened: (doc: DocId, member: WorkMember) => void) => Promise<OpenWork>
  openShards: (work: OpenWork) => Promise<unknown>
  conflictsOf: (work: OpenWork) => Promise<Conflict[]>
  /** Whether a document has texts of its entries. */
  holdsTexts: (work: OpenWork, doc: DocId) => boolean
  readOnlyReason: (work: OpenWork) => string | null
  syncOf: (docs: readonly DocId[]) => SyncState
  isComing: (work: OpenWork) => boolean
  /** An actor of the person, on whichever device. */
  isMine: (actor: string) => boolean
}

export class Mirrors {
  readonly #options: MirrorsOptions
  readonly #watches = new Set<Watch>()
  #conflictsDue = false
  #conflicts = Promise.resolve()

  constructor(options: MirrorsOptions) {
    this.#options = options
  }

  watch(root: DocId, emit: (event: WorkEvent) => void): () => void {
    const watch: Watch = { root, work: null, sent: new Set(), emit, told: '[]' }
    this.#watches.add(watch)
    const isWatched = () => this.#watches.has(watch)
    // The tab takes in the first documents while the others are read.
    const opening = this.#options.openWork(root, (doc, member) => isWatched() && this.#send(watch, doc, member))
    opening.then(
      (work) => {
        if (!isWatched()) return
        watch.work = work
        for (const [doc, member] of work.docs) this.#send(watch, doc, member)
        const { kind, scope } = work
        emit({ type: 'snapshot', snapshot: { root, kind: kind.name, scope, docs: {}, ...this.#stateOf(work) } })
        this.#tellConflicts(root)
        // What was open already may not have the shards yet that came since; whoever opens them then tells no screen.
        void this.openShards(work)
      },
      () => {
        this.#watches.delete(watch)
        emit({ type: 'gone' })
      },
    )
    return () => this.#watches.delete(watch)
  }

  isWatched(root: DocId): boolean {
    return [...this.#watches].some((watch) => watch.root === root)
  }

  changed(change: DocumentChange): void {
    const { doc, patches } = change
    if (patches.length > 0) {
      const plain = toPlainPatches(patches)
      for (const { sent, emit } of this.#watches)
        if (sent.has(doc)) emit({ type: 'patches', doc, patches: plain, by: null, mine: false })
    }
    this.#tellBroughtBack(change)
    this.#tellConflicts(doc)
    // A root may list shards that arrived before it.
    for (const { root, work } of this.#watches) if (work && root === doc) void this.openShards(work)
  }

  /** Shards that the root has come to list. */
  async openShards(work: OpenWork): Promise<void> {
    await this.#options.openShards(work)
    for (const watch of this.#watches) {
      if (watch.work === work) for (const [doc, member] of work.docs) this.#send(watch, doc, member)
    }
  }

  /** The document was built anew: whoever has it gets it whole. */
  replaced(root: DocId, doc: DocId, member: WorkMember): void {
    for (const watch of this.#watches) {
      if (watch.root === root && watch.sent.delete(doc)) this.#send(watch, doc, member)
    }
  }

  tellState(): void {
    for (const { work, emit } of this.#watches) if (work) emit({ type: 'state', ...this.#stateOf(work) })
  }

  #tellBroughtBack({ doc, before, after }: DocumentChange): void {
    const { holdsTexts, isMine } = this.#options
    const watches = [...this.#watches].filter(({ work }) => work && (work.docs.has(doc) || holdsTexts(work, doc)))
    if (watches.length === 0) return
    const changes = A.getChangesMetaSince(after, A.getHeads(before)).filter(({ actor }) => !isMine(actor))
    const byGroup = Map.groupBy(changes, ({ message }) => {
      const { mutation, group } = parseMessage(message)
      return parseTakenBack(mutation).mutations.some((one) => restored(one) !== null) ? group : null
    })
    for (const [group, some] of byGroup)
      if (group !== null)
        for (const { emit } of watches) emit({ type: 'brought-back', group, changes: some.map(({ hash }) => hash) })
  }

  #stateOf(work: OpenWork) {
    const { readOnlyReason, syncOf, isComing } = this.#options
    return { readOnly: readOnlyReason(work), sync: syncOf([...work.docs.keys()]), coming: isComing(work) }
  }

  /** Each document in an event of its own: taking in 10,000 cards at once would hold up whoever types in the tab. */
  #send({ sent, emit }: Watch, doc: DocId, { type, open }: WorkMember): void {
    if (sent.has(doc)) return
    sent.add(doc)
    emit({ type: 'document', doc, docType: type, content: toPlain(open.handle.doc()) })
    this.#tellConflicts(doc)
  }

  /** To whoever looks at a record of work with this document, after the change itself is on their screens. */
  #tellConflicts(doc: DocId): void {
    if (this.#conflictsDue) return
    const { holdsTexts } = this.#options
    const isWatched = [...this.#watches].some(({ work }) => work && (work.docs.has(doc) || holdsTexts(work, doc)))
    if (!isWatched) return
    this.#conflictsDue = true
    const told = new Promise((resolve) => setTimeout(resolve)).then(() => this.#tellConflictsNow()).catch(console.error)
    const before = this.#conflicts
    this.#conflicts = told.then(() => before)
  }

  /** Resolves when every screen has been told what is contested after what it has been told of the documents. */
  async conflictsTold(): Promise<void> {
    await this.#conflicts
  }

  async #tellConflictsNow(): Promise<void> {
    this.#conflictsDue = false
    for (const watch of this.#watches) {
      if (!watch.work) continue
      const conflicts = await this.#options.conflictsOf(watch.work)
      const told = JSON.stringify(conflicts)
      if (told === watch.told) continue
      watch.told = told
      watch.emit({ type: 'conflicts', conflicts })
    }
  }
}
