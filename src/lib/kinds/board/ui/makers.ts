/**
 * Who made a card, or named a version: asked of the core, which knows whose device began it. What an entry says of itself, a
 * modified client could have written there.
 */
import { SvelteMap } from 'svelte/reactivity'
import type { PersonId } from '#lib/kernel/ids.ts'

export class Makers {
  readonly #ask: (entities: readonly string[]) => Promise<(PersonId | null)[]>
  readonly #known = new SvelteMap<string, PersonId | null>()
  #asked = new Set<string>()

  constructor(ask: (entities: readonly string[]) => Promise<(PersonId | null)[]>) {
    this.#ask = ask
  }

  /** Null where it is not known; undefined until the core has said so. */
  of(entity: string): PersonId | null | undefined {
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
      for (const [index, entity] of entities.entries()) this.#known.set(entity, people[index] ?? null)
    } catch (error) {
      console.error(error)
    }
  }
}
