/**
 * What a person has chosen from a list while others may take it away: it is said by whom it went, and nothing is chosen until the
 * person chooses, or it comes back.
 */
import type { BoardScreen } from './board-screen.svelte.ts'

interface Option {
  id: string
  title: string
}

export class StandingChoice {
  value = $state('')
  readonly #options: () => readonly Option[]
  readonly #say: (who: string, title: string) => string
  /** What it is called; null where it is not there. */
  readonly #title = $derived.by(() => this.#options().find(({ id }) => id === this.value)?.title ?? null)
  #went = $state.raw<{ who: string; title: string } | null>(null)

  /** To be called while the component is made. */
  constructor(
    screen: Pick<BoardScreen, 'whoWrote'>,
    first: string,
    options: () => readonly Option[],
    say: (who: string, title: string) => string,
  ) {
    this.value = first
    this.#options = options
    this.#say = say
    let known: string | null = null
    $effect(() => {
      const { value } = this
      const title = (known = this.#title ?? known)
      if (this.isThere || title === null) return
      let over = false
      void screen.whoWrote(value, 'archived', true).then((who) => {
        if (!over) this.#went = { who, title }
      })
      return () => {
        over = true
        this.#went = null
      }
    })
  }

  get isThere(): boolean {
    return this.#title !== null
  }
  /** What is to be said of one that went. */
  get gone(): string | null {
    return this.#went && this.#say(this.#went.who, this.#went.title)
  }
}
