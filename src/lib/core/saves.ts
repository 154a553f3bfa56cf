/** Local edits on their way to the disk: which documents wait for it, and what it had no room for. */
import type { DocId } from '#lib/kernel/ids.ts'

export interface SavesOptions {
  flush: (doc: DocId) => Promise<void>
  /** There is room again for what did not fit before. */
  again: (doc: DocId) => void
  onFull: (full: boolean) => void
  onSaved: (doc: DocId) => void
  onChange: () => void
}

export class Saves {
  readonly #options: SavesOptions
  readonly #underWay = new Map<DocId, number>()
  readonly #failed = new Set<DocId>()

  constructor(options: SavesOptions) {
    this.#options = options
  }

  has(doc: DocId): boolean {
    return this.#underWay.has(doc)
  }

  async save(doc: DocId): Promise<void> {
    const { flush, again, onFull, onSaved, onChange } = this.#options
    this.#underWay.set(doc, (this.#underWay.get(doc) ?? 0) + 1)
    try {
      await flush(doc)
      onSaved(doc)
      onFull(false)
      this.#failed.delete(doc)
      for (const other of this.#failed) {
        this.#failed.delete(other)
        again(other)
      }
    } catch (error) {
      // The edit stays in memory and is tried again with the next one; the person is told.
      console.error(error)
      this.#failed.add(doc)
      onFull(true)
    }
    const left = (this.#underWay.get(doc) ?? 1) - 1
    if (left > 0) this.#underWay.set(doc, left)
    else this.#underWay.delete(doc)
    onChange()
  }
}
