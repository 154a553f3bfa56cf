/**
 * What others changed since this device last looked (P8): worked out in the core, asked for again once changes pause. A card
 * counts as seen when it is opened; what was new in it stays to be read in its panel until another card is opened. What comes
 * in it while it is open is said in its panel, and counts as seen when it is read there or worked beside (NewsButton).
 */
import type { ChangeByOthers, NewsPage } from '#lib/core/api.ts'
import { t } from '#lib/i18n/locale.svelte.ts'
import type { Instant } from '#lib/kernel/instants.ts'
import { announce } from '#lib/ui/announcer.svelte.ts'
import { attempt } from '#lib/ui/attempt.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { cardsOf } from './change-words.ts'
import type { Origin } from '../schema.ts'

const PAGE = 200
/** Changes that come in a burst are asked about once. */
const PAUSE_MS = 250
/** A stream of them, as when somebody types on, does not put it off for longer. */
const LONGEST_MS = 1_000

export class BoardNews {
  readonly #screen: BoardScreen
  /** The list is on screen. */
  open = $state(false)
  page = $state.raw<NewsPage | null>(null)
  failed = $state(false)
  /** What was new in the card that was opened last. */
  shown = $state.raw<ChangeByOthers | null>(null)
  #limit = PAGE
  #timer: ReturnType<typeof setTimeout> | undefined
  #changedSince = 0
  #reading = false
  #again = false

  readonly since = $derived<Instant | null>(this.page?.since ?? null)
  readonly changes = $derived<readonly ChangeByOthers[]>(this.page?.changes ?? [])
  readonly total = $derived(this.page?.entries.length ?? 0)
  /** Cards that are marked on the board. */
  readonly cards = $derived(cardsOf(this.page?.entries ?? []))

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  /** Something may have changed. The first time there is nothing to wait for. */
  changed(): void {
    if (this.#timer === undefined) this.#changedSince = Date.now()
    clearTimeout(this.#timer)
    const left = this.#changedSince + LONGEST_MS - Date.now()
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        void this.#read()
      },
      this.page === null ? 0 : Math.max(0, Math.min(PAUSE_MS, left)),
    )
  }
  /** Whoever leaves has seen what was there. */
  leave(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    void this.#read()
  }
  showMore(): void {
    this.#limit += PAGE
    void this.#read()
  }

  isNew(card: string): boolean {
    return this.#screen.past === null && this.cards.has(card)
  }

  /** What came in a card since it was seen. */
  meanwhile(card: string): ChangeByOthers | null {
    return this.isNew(card) ? this.#ofCard(card) : null
  }
  #ofCard(card: string): ChangeByOthers | null {
    return this.changes.find(({ collection, id }) => collection === 'cards' && id === card) ?? null
  }

  /** `tell`: what was new in it is to be read in its panel. */
  async see(card: string, tell: boolean): Promise<void> {
    if (tell) this.shown = this.#ofCard(card)
    const { shown } = this
    await this.#mark({ entries: [{ collection: 'cards', id: card }] }, ([now]) => {
      // The list may have been older, or shorter, than what counts as seen; meanwhile another card may be open.
      if (tell && this.shown === shown) this.shown = now ?? null
    })
  }

  /** Where a card came from, if that is another board on which something is new. */
  originOfNews(card: string | null): Origin | null {
    const from = card === null ? undefined : this.#screen.board.cards.get(card)?.from
    return from && this.#screen.newsOn(from.work) > 0 ? from : null
  }
  /** A card that came from another board unseen is seen there as well, as it was when it came: what was written there apart is not here. */
  async seeThere({ work, entity }: Origin): Promise<void> {
    const { core, workspace } = this.#screen
    await attempt(core.call.markSeenElsewhere({ workspace, work, entries: [{ collection: 'cards', id: entity }] }))
  }

  /** What came after the list was read is not seen by it. */
  async seeAll(): Promise<void> {
    const { page } = this
    if (!page) return
    await this.#mark({ until: page.until })
    announce(t().news.allSeen)
  }

  async #mark(
    what: Partial<Pick<NewsPage, 'entries' | 'until'>>,
    told?: (unseen: readonly ChangeByOthers[]) => void,
  ): Promise<void> {
    const { core, workspace, work } = this.#screen
    const marked = await attempt(core.call.markSeen({ workspace, work, ...what }))
    if (!marked) return
    told?.(marked.value)
    await this.#read()
  }

  async #read(): Promise<void> {
    if (this.#reading) {
      this.#again = true
      return
    }
    this.#reading = true
    const { core, workspace, work } = this.#screen
    try {
      do {
        this.#again = false
        this.page = await core.call.news({ workspace, work, limit: this.#limit })
      } while (this.#again)
      this.failed = false
    } catch (error) {
      console.error(error)
      this.failed = true
    }
    this.#reading = false
  }
}
