/**
 * What can be done where the person is. Whatever is on screen offers it while it is there; the palette runs it, and the
 * sheet of shortcuts lists its keys.
 */
import type { LucideProps } from '@lucide/svelte'
import { createContext, untrack, type Component } from 'svelte'
import { SvelteSet } from 'svelte/reactivity'
import type { ListedKeys } from './key-bindings.ts'

export interface Choice {
  id: string
  label: string
  /** Other words for it. */
  also?: string
  /** It is so already. */
  chosen?: boolean
  run: () => unknown
}
interface Named {
  id: string
  label: string
  /** Other words for it, which people look for: it is found by them and called by its label. */
  also?: string
  icon: Component<LucideProps>
}
/** Does something at once. */
export interface Action extends Named {
  run: () => unknown
  /** In a menu: what it opens takes the focus, and gives it back to what had it before the menu. */
  takesFocus?: true
}
/** Asks first what of several. */
export interface Question extends Named {
  /** What can be chosen, for what was typed. */
  choices: (text: string) => readonly Choice[]
  /** What may be typed. */
  hint?: string
  /** Its answers are looked for only after it was asked: cards are found as cards. */
  inTwoSteps?: true
}
export type Command = Action | Question
export interface Offer {
  /** Where the commands act: the heading above them. */
  title: string
  /** About what the person has at hand: above everything else. */
  near?: boolean
  commands: readonly Command[]
  keys: readonly ListedKeys[]
}

export class Commands {
  readonly #sources = new SvelteSet<() => Offer | null>()

  get offers(): readonly Offer[] {
    return [...this.#sources].flatMap((source) => source() ?? [])
  }

  /** To be called while a component is made; ends with it. */
  offer(source: () => Offer | null): void {
    $effect(() => {
      untrack(() => this.#sources.add(source))
      return () => this.#sources.delete(source)
    })
  }
}

/** A label with the dots which say that it asks on, and without those that it has already. */
export const asksOn = (label: string): string => `${bare(label)}…`
export const bare = (label: string): string => label.replace(/…$/, '')

/** Every word of the text is in the label. */
export const saysAll = (label: string, text: string): boolean =>
  text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .every((word) => label.toLowerCase().includes(word))

/** The same in its label and the other words for it. */
export const answersTo = ({ label, also = '' }: Pick<Named, 'label' | 'also'>, text: string): boolean =>
  saysAll(`${label} ${also}`, text)

const [get, set] = createContext<Commands>()
export { get as getCommands, set as setCommands }
