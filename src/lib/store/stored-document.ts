/**
 * One document of this device in memory: what it holds now, who is told of changes, and up to where it is on disk. There is one
 * of it for each local id, so nothing has to be reconciled; whoever writes goes through here.
 */
import * as A from '@automerge/automerge/slim'

/** A document's content as Automerge gives it: the kinds know its shape, the store does not. */
export type AnyDoc = A.Doc<Record<string, unknown>>

export interface StoredChange {
  patches: A.Patch[]
  before: AnyDoc
  after: AnyDoc
}

export class StoredDocument {
  /** Its name in storage. */
  readonly local: string
  /** What is on disk. */
  savedHeads: A.Heads
  #doc: AnyDoc
  #listener: ((change: StoredChange) => void) | null = null

  constructor(local: string, doc: AnyDoc, savedHeads: A.Heads) {
    this.local = local
    this.savedHeads = savedHeads
    this.#doc = doc
  }

  doc(): AnyDoc {
    return this.#doc
  }

  /** Told of every change; of one that shows nowhere (two values that were settled for the one that counted) without patches. Null ends it. */
  listen(listener: ((change: StoredChange) => void) | null): void {
    this.#listener = listener
  }

  /** A change of this device. A throw leaves no trace. */
  change(run: (draft: Record<string, unknown>) => void, message: string, time: number): void {
    this.#take((patchCallback) => A.change(this.#doc, { message, time, patchCallback }, run))
  }

  /** A change of this device that writes nothing. */
  note(message: string, time: number): void {
    this.#take(() => A.emptyChange(this.#doc, { message, time }))
  }

  /** Changes from elsewhere; those that are already in it are no-ops. */
  apply(changes: readonly Uint8Array[]): void {
    this.#take((patchCallback) => A.applyChanges(this.#doc, [...changes] as A.Change[], { patchCallback })[0])
  }

  /** Who writes from here on. */
  writeAs(actor: string): void {
    this.#doc = A.clone(this.#doc, { actor })
  }

  #take(make: (patchCallback: A.PatchCallback<Record<string, unknown>>) => AnyDoc): void {
    const before = this.#doc
    const patches: A.Patch[] = []
    this.#doc = make((some) => void patches.push(...some))
    const isChanged = patches.length > 0 || A.getHeads(before).join() !== A.getHeads(this.#doc).join()
    if (isChanged) this.#listener?.({ patches, before, after: this.#doc })
  }
}
