/** What takes a while, to change thousands of cards or to take that back: how far it is, and the way to call it off. */
import { tick } from 'svelte'
import { t } from '#lib/i18n/locale.svelte.ts'
import { Refusal } from '#lib/kernel/refusal.ts'
import { tellError } from '#lib/ui/attempt.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import { askUntilSaved } from './ask-until-saved.ts'
import { newEntity } from './board-calls.ts'
import type { BoardScreen } from './board-screen.svelte.ts'

type LongWay = 'do' | 'undo' | 'redo' | 'restore'

export interface ManyChanges {
  job: string
  /** Null where they were refused or called off. */
  done: Promise<{ value: { group: string | null } } | null>
}

export class LongWork {
  readonly #screen: BoardScreen
  /** What is told of it, once it takes a while. */
  underWay = $state.raw<{ way: LongWay; done: number; all: number; cancel: () => void } | null>(null)
  /** A board with a long history takes a while to write as a file; nobody knows beforehand how long. */
  exporting = $state.raw<{ cancel: () => void } | null>(null)
  #changes: ManyChanges | null = null

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  /** The many changes that are being made. */
  get changes(): ManyChanges | null {
    return this.#changes
  }

  /** Many changes as one action, that take a while. */
  async runMany<Done extends { group: string | null }>(way: LongWay, run: (job: string) => Promise<Done>) {
    const job = newEntity()
    const changes = { job, done: this.run(way, run, job) }
    this.#changes = changes
    const done = await changes.done
    if (this.#changes === changes) this.#changes = null
    return done
  }

  /** Shows how far it is, where it tells, and asks whoever leaves before it is on disk. Null where it was refused or called off, which is said. */
  async run<Value>(
    way: LongWay,
    run: (job: string) => Promise<Value>,
    job = newEntity(),
  ): Promise<{ value: Value } | null> {
    const from = document.activeElement
    const cancel = () => this.cancel(job)
    const tell = ({ done, all }: { done: number; all: number }) => (this.underWay = { way, done, all, cancel })
    const unwatch = this.#screen.core.watch('commit', { job }, tell)
    try {
      const doing = run(job)
      void askUntilSaved(this.#screen, doing)
      return { value: await doing }
    } catch (error) {
      if (error instanceof Refusal && error.code === 'cancelled') showToast({ text: () => t().undo.cancelled })
      else tellError(error)
      return null
    } finally {
      unwatch()
      this.underWay = null
      await tick()
      // The button to call it off is gone.
      if (document.activeElement === document.body && from instanceof HTMLElement) from.focus({ preventScroll: true })
    }
  }

  /** A core that died meanwhile has nothing left to call off. */
  cancel(job: string): void {
    void this.#screen.core.call.cancelCommit({ job }).catch(() => undefined)
  }
}
