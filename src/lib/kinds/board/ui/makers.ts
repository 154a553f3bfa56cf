/**
 * Who made a card, or named a version: asked of the core, which knows whose device began it. What an entry says of itself, a
 * modified client could have written there.
 */
import { SvelteMap } from 'svelte/reactivity'
import type { PersonId } from '#lib/kernel/ids.ts'

export class Makers {
  readonly #ask: (entities: readonly string[]) => Promise<(PersonId | null)[]>
  readonly #known = new SvelteMap<string, PersonId>()
  #asked = new Set<string>()

  constructor(ask: (entities: readonly string[]) => Promise<(PersonId | null)[]>) {
    this.#ask = ask
  }

  /** Undefined where it is not known (yet): what it was begun in may be still to come, so it is asked anew with what asks here. */
  of(entity: string): PersonId | undefined {
    if (!this.#known.has(entity)) this.#wonder(entity)
    return this.#known.get(entity)
  }

  /** What is wondered in one go, the list of all versions for instance, is asked in one. */
  #wonder(entity: string): void {
    if (this.#asked.size === 0) queueMicrotask(() => void this.#askAll())
    this.#asked.add(entity)
  }
  async #askAll(): Promise<void> {
    const entities = [...this.#asked]
    this.#asked = new Set()
    try {
      const people = await this.#ask(entities)
      for (const [index, entity] of entities.entries()) {
        const maker = people[index]
        if (maker) this.#known.set(entity, maker)
      }
    } catch (error) {
      console.error(error)
    }
  }
}
