/** What of the board is shown to this person now: a saved view, or one changed since. The session keeps it per board. */
import { SvelteSet } from 'svelte/reactivity'
import * as v from 'valibot'
import { everything, parseView, viewToText, type Grouping, type ViewContent } from '../view-content.ts'
import type { SavedView } from '../schema.ts'
import { viewStanding, type ViewStanding } from '../view-standing.ts'

const Kept = v.object({
  saved: v.nullable(v.string()),
  content: v.string(),
  began: v.optional(v.nullable(v.string()), null),
  folded: v.optional(v.array(v.string()), []),
})

export class ShownView {
  content = $state.raw<ViewContent>(everything)
  /** The saved view that this began as; it may have been removed meanwhile. */
  saved = $state<string | null>(null)
  /** What that view held when it was last the same as what is shown. */
  #began = $state<string | null>(null)
  /** Lanes that this person has folded up: each its grouping and its id. */
  readonly folded = new SvelteSet<string>()
  readonly #key: string

  constructor(work: string) {
    this.#key = `tongzhou.view.${work}`
    const kept = readKept(this.#key)
    if (!kept) return
    this.saved = kept.saved
    this.content = parseView(kept.content)
    this.#began = kept.began
    for (const lane of kept.folded) this.folded.add(lane)
  }

  change(part: Partial<ViewContent>): void {
    this.content = { ...this.content, ...part }
    this.#keep()
  }

  /** Null shows all cards. */
  open(view: SavedView | null): void {
    this.saved = view?.id ?? null
    this.content = view ? parseView(view.content) : everything
    this.#began = view ? viewToText(this.content) : null
    this.#keep()
  }

  /** What is shown counts as this view from now on. */
  savedAs(id: string): void {
    this.saved = id
    this.#began = viewToText(this.content)
    this.#keep()
  }

  standingTo(view: SavedView): ViewStanding {
    const saved = viewToText(parseView(view.content))
    return viewStanding({ began: this.#began, saved, shown: viewToText(this.content) })
  }
  /** To be called when the view was saved, by whomever: who has changed nothing sees what it holds now. True where that is new. */
  follow(view: SavedView): boolean {
    const standing = this.standingTo(view)
    if (standing === 'same' || standing === 'theirs') this.#meet(view)
    return standing === 'theirs'
  }
  #meet(view: SavedView): void {
    const content = parseView(view.content)
    const text = viewToText(content)
    if (text === this.#began && text === viewToText(this.content)) return
    this.content = content
    this.#began = text
    this.#keep()
  }

  isFolded(group: Grouping, lane: string): boolean {
    return this.folded.has(`${group} ${lane}`)
  }
  fold(group: Grouping, lane: string, folded: boolean): void {
    const key = `${group} ${lane}`
    if (folded) this.folded.add(key)
    else this.folded.delete(key)
    this.#keep()
  }

  #keep(): void {
    const { saved, content, folded } = this
    const began = this.#began
    try {
      sessionStorage.setItem(
        this.#key,
        JSON.stringify({ saved, content: viewToText(content), began, folded: [...folded] }),
      )
    } catch {
      // A browser that keeps nothing shows all cards after a reload.
    }
  }
}

function readKept(key: string): v.InferOutput<typeof Kept> | null {
  try {
    const parsed = v.safeParse(Kept, JSON.parse(sessionStorage.getItem(key) ?? 'null'))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}
