/** Labels that somebody removed while somebody else put them on a card: each is there, and named, until one of both is chosen. */
import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import { t } from '#lib/i18n/locale.svelte.ts'
import type { PersonId } from '#lib/kernel/ids.ts'
import { calls } from './board-calls.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import type { ContestedPlace } from './contested-on-board.ts'
import { cardsWithLabel, mergeLabelCalls, removeLabelCalls } from './label-calls.ts'
import { lastChange } from './last-change.ts'

/** Milliseconds that such a label has to stand: of an action that comes in piece by piece, labels may come before the cards. */
const STILL = 3_000

interface Said {
  removed: PersonId | null
  used: PersonId | null
}

export class RemovedLabels {
  readonly #screen: BoardScreen
  /** By label and the cards that have it: whose doing is what. */
  readonly #said = new SvelteMap<string, Said>()
  readonly #stood = new SvelteSet<string>()
  readonly #labels = $derived.by(() => {
    const { board, past } = this.#screen
    const removed = past ? [] : board.labels.filter((label) => label.removed)
    return removed.map((label) => ({
      label,
      cards: cardsWithLabel(board, label.id).filter(({ archived }) => !archived),
    }))
  })
  /** As text: hardly any news of the board is news of that. */
  readonly #waiting = $derived.by(() =>
    this.#labels
      .filter(({ label, cards }) => cards.length > 0 && !this.#stood.has(label.id))
      .map(({ label, cards }) => keyOf(label.id, cards))
      .join('\n'),
  )
  readonly places = $derived.by((): readonly ContestedPlace[] =>
    this.#labels
      .filter(({ label }) => this.#stood.has(label.id))
      .map(({ label: { id, name, into }, cards }) => {
        const said = this.#said.get(keyOf(id, cards))
        const { board } = this.#screen
        const other = board.labels.find((label) => label.id === into && label.id !== id)
        return {
          id: `labels ${id} archived`,
          name: t().contested.label(name),
          values: [
            { value: false, by: said?.used ?? null },
            { value: true, by: said?.removed ?? null },
          ],
          say: (value) => {
            if (value !== true) return t().contested.labelOn(cards.length)
            return other ? t().contested.mergedInto(other.name) : t().contested.removed
          },
          keep: (value) => {
            if (value !== true) return [calls.restoreLabel(id)]
            return other ? mergeLabelCalls(board, id, other.id) : removeLabelCalls(board, id)
          },
        }
      }),
  )

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  /** Shows those that go on standing. */
  waitUntilStill(): (() => void) | undefined {
    if (this.#waiting === '') return
    const labels = this.#waiting.split('\n').map((key) => key.split(' ')[0] ?? '')
    const timer = setTimeout(() => {
      for (const label of labels) this.#stood.add(label)
    }, STILL)
    return () => clearTimeout(timer)
  }

  /** Asks the history whose doing each is, for whoever is to choose. */
  look(): void {
    for (const { label, cards } of this.#labels) {
      const key = keyOf(label.id, cards)
      const [first] = cards
      if (!this.#said.has(key) && first) void this.#look(key, label.id, first.id)
    }
  }

  async #look(key: string, label: string, card: string): Promise<void> {
    const [removed, used] = await Promise.all([
      lastChange(this.#screen, label, 'archived', { value: true }),
      // Whoever made the card may have given it all of its labels.
      lastChange(this.#screen, card, `labels/${label}`, { orMade: true }),
    ])
    this.#said.set(key, { removed: removed?.person ?? null, used: used?.person ?? null })
  }
}

const keyOf = (label: string, cards: readonly { id: string }[]): string =>
  [label, ...cards.map(({ id }) => id)].join(' ')
