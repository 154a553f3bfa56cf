/**
 * Somebody else takes the board, or a card, back to an earlier state: what others have just written may be gone with it, under their hands, so
 * all who look at the board are told whose doing that is, with the way to what was there before.
 */
import { say, t } from '#lib/i18n/locale.svelte.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import type { BoardScreen } from './board-screen.svelte.ts'

/** It comes document by document. */
const PAUSE_MS = 300
/** Actions among which it is looked for. */
const MOST_LOOKED_AT = 50

export class BroughtBack {
  readonly #screen: BoardScreen
  /** By action, its changes. */
  readonly #changes = new Map<string, Set<string>>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  /** To be called whenever more of it has come. */
  tell(): void {
    const { broughtBack } = this.#screen.live
    if (!broughtBack) return
    const { group, changes } = broughtBack
    this.#changes.set(group, new Set([...(this.#changes.get(group) ?? []), ...changes]))
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#sayAll(), PAUSE_MS)
  }

  async #sayAll(): Promise<void> {
    const { core, workspace, work } = this.#screen
    const told = [...this.#changes]
    this.#changes.clear()
    const { entries } = await core.call.history({ workspace, work, limit: MOST_LOOKED_AT }).catch((error: unknown) => {
      console.error(error)
      return { entries: [] }
    })
    for (const [group, changes] of told) {
      const entry = entries.find(({ id }) => id === group)
      if (!entry) continue
      const { person, sentence } = entry
      showToast({
        text: () => t().replay.byOther(person ? this.#screen.personName(person) : t().app.somebody, say(sentence)),
        about: `brought-back ${group}`,
        life: null,
        action: { label: () => t().replay.lookBefore, run: () => this.#screen.lookBefore?.(changes) },
      })
    }
  }
}
