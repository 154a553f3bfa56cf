/**
 * By which move a card lies in the archive, where what it became lies in the archive as well: asked of the core, for the card may as
 * well have been archived by hand after its move was taken back, which nothing on the screen tells.
 */
import { SvelteMap } from 'svelte/reactivity'
import { entryKey } from '#lib/kernel/arrivals.ts'
import type { DocId } from '#lib/kernel/ids.ts'

type As = readonly unknown[]
type Told = readonly { entity: string; to: { work: DocId; entity: string } }[]

export class MovedAway {
  readonly #ask: (cards: readonly string[]) => Promise<Told>
  /** `to`: the key of what it became; null where no move put it there. */
  readonly #known = new SvelteMap<string, { as: As; to: string | null }>()
  #asked = new Map<string, As>()

  constructor(ask: (cards: readonly string[]) => Promise<Told>) {
    this.#ask = ask
  }

  /** Null until it is known. `as`: what it was asked of; of anything else it is asked anew, and holds until that is known. */
  of(card: string, as: As): string | null {
    const known = this.#known.get(card)
    if (!known || known.as.some((one, at) => one !== as[at])) this.#wonder(card, as)
    return known?.to ?? null
  }

  /** What is wondered in one go, the list of the archive for instance, is asked in one. */
  #wonder(card: string, as: As): void {
    if (this.#asked.size === 0) queueMicrotask(() => void this.#askAll())
    this.#asked.set(card, as)
  }
  async #askAll(): Promise<void> {
    const asked = this.#asked
    this.#asked = new Map()
    try {
      const told = new Map((await this.#ask([...asked.keys()])).map(({ entity, to }) => [entity, entryKey(to)]))
      for (const [card, as] of asked) this.#known.set(card, { as, to: told.get(card) ?? null })
    } catch (error) {
      console.error(error)
    }
  }
}
