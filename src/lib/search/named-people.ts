/** Cards are found by the names of their people, who are entries of their own and may come later or be renamed. */
import type { IndexedEntry } from './text-index.ts'

export interface Assigned extends IndexedEntry {
  people: readonly string[]
}

export class NamedPeople {
  readonly #names = new Map<string, string>()
  readonly #assigned = new Map<string, Map<string, Assigned>>()

  /** What is to be indexed anew, now that somebody is called so. */
  rename(names: ReadonlyMap<string, string>): Assigned[] {
    const changed = [...names].flatMap(([person, name]) => (this.#names.get(person) === name ? [] : [person]))
    for (const person of changed) this.#names.set(person, names.get(person) ?? '')
    const isConcerned = ({ people }: Assigned) => people.some((person) => changed.includes(person))
    return changed.length === 0
      ? []
      : [...this.#assigned.values()].flatMap((entries) => [...entries.values()].filter(isConcerned))
  }

  keep(entry: Assigned): void {
    let ofWork = this.#assigned.get(entry.work)
    if (!ofWork) this.#assigned.set(entry.work, (ofWork = new Map()))
    if (entry.people.length > 0) ofWork.set(entry.entity, entry)
    else ofWork.delete(entry.entity)
  }
  forget(work: string, entity: string): void {
    this.#assigned.get(work)?.delete(entity)
  }
  forgetWork(work: string): void {
    this.#assigned.delete(work)
  }

  withNames({ people, also = [], ...entry }: Assigned): IndexedEntry {
    const names = people.flatMap((person) => this.#names.get(person) || [])
    return { ...entry, also: names.length > 0 ? [...also, ['people', names.join('\n')]] : also }
  }
}
