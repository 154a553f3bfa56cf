/**
 * By which move a card lies in the archive, where what it became lies in the archive as well: asked of the core, for the card may as
 * well have been archived by hand after its move was taken back, which nothing on the screen tells.
 */
import { SvelteMap } from 'svelte/reactivity'
import { entryKey } from '#lib/kernel/arrivals.ts'
import type { DocId } from '#lib/kernel/ids.ts'

type As = readonly unknown[]
type Told = readonly { entity: string; to: { work: DocId; entity: string } }[]

/** `to`: the key of what it became; null where no move put it there, undefined until that is known. */
export interface Away {
  to: string | null | undefined
  /** It was asked of what is there now, whether or not there was an answer. */
  isAnswered: boolean
}

export class MovedAway {
  readonly #ask: (cards: readonly string[]) => Promise<Told>
  readonly #known = new SvelteMap<string, { as: As; to: Away['to'] }>()
  #asked = new Map<string, As>()

  constructor(ask: (cards: readonly string[]) => Promise<Told>) {
    this.#ask = ask
  }

  /** `as`: what it is asked of; of anything else it is asked anew, and what was known holds until there is an answer. */
  of(card: string, as: As): Away {
    const known = this.#known.get(card)
    const isAnswered = known?.as.every((one, at) => one === as[at]) ?? false
    if (!isAnswered) this.#wonder(card, as)
    return { to: known?.to, isAnswered }
  }

  /** What is wondered in one go, the list of the archive for instance, is asked in one. */
  #wonder(card: string, as: As): void {
    if (this.#asked.size === 0) queueMicrotask(() => void this.#askAll())
    this.#asked.set(card, as)
  }
  async #askAll(): Promise<void> {
    const asked = this.#asked
    this.#asked = new Map()
    const answer = await this.#ask([...asked.keys()]).catch(console.error)
    const told = answer && new Map(answer.map(({ entity, to }) => [entity, entryKey(to)]))
    for (const [card, as] of asked) this.#known.set(card, { as, to: told ? (told.get(card) ?? null) : undefined })
  }
}
