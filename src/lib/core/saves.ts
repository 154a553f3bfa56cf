/** Local edits on their way to the disk: which documents wait for it, and what it had no room for. */
import type { DocId } from '#lib/kernel/ids.ts'

export interface SavesOptions {
  flush: (doc: DocId) => Promise<void>
  /** What did not fit is saved once more. */
  again: (doc: DocId) => void
  onChange: () => void
}

/** How long what did not fit waits until it is tried again. */
const FIRST_WAIT = 1_000
const LONGEST_WAIT = 30_000

export class Saves {
  readonly #options: SavesOptions
  readonly #underWay = new Map<DocId, number>()
  readonly #failed = new Set<DocId>()
  #timer: ReturnType<typeof setTimeout> | null = null
  #wait = FIRST_WAIT

  constructor(options: SavesOptions) {
    this.#options = options
  }

  has(doc: DocId): boolean {
    return this.#underWay.has(doc)
  }

  /** The disk has not taken what was last written into these documents: it is in memory alone. */
  get failed(): ReadonlySet<DocId> {
    return this.#failed
  }

  async save(doc: DocId): Promise<void> {
    const { flush, onChange } = this.#options
    this.#underWay.set(doc, (this.#underWay.get(doc) ?? 0) + 1)
    try {
      await flush(doc)
      this.#failed.delete(doc)
      // Where this one fits, others may.
      this.hurry()
    } catch (error) {
      // The edit stays in memory and is tried again, less and less often; the person is told.
      console.error(error)
      this.#failed.add(doc)
      this.#timer ??= setTimeout(() => this.#again(), this.#wait)
    }
    const left = (this.#underWay.get(doc) ?? 1) - 1
    if (left > 0) this.#underWay.set(doc, left)
    else this.#underWay.delete(doc)
    onChange()
  }

  /** There may be room again: what did not fit is tried now. */
  hurry(): void {
    this.stop()
    this.#wait = FIRST_WAIT
    this.#again()
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #again(): void {
    this.#timer = null
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2)
    for (const doc of this.#failed) if (!this.has(doc)) this.#options.again(doc)
  }
}
