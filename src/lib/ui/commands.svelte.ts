/**
 * What can be done where the person is. Whatever is on screen offers it while it is there; the palette runs it, and the
 * sheet of shortcuts lists its keys.
 */
import type { LucideProps } from '@lucide/svelte'
import { createContext, untrack, type Component } from 'svelte'
import { SvelteSet } from 'svelte/reactivity'
import type { ListedKeys } from './key-bindings.ts'

export interface Command {
  id: string
  label: string
  icon: Component<LucideProps>
  run: () => unknown
}
export interface Offer {
  /** Where the commands act: the heading above them. */
  title: string
  commands: readonly Command[]
  keys: readonly ListedKeys[]
}

export class Commands {
  readonly #sources = new SvelteSet<() => Offer>()

  get offers(): readonly Offer[] {
    return [...this.#sources].map((source) => source())
  }

  /** To be called while a component is made; ends with it. */
  offer(source: () => Offer): void {
    $effect(() => {
      untrack(() => this.#sources.add(source))
      return () => this.#sources.delete(source)
    })
  }
}

const [get, set] = createContext<Commands>()
export { get as getCommands, set as setCommands }
