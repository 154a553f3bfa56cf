/**
 * What is typed into a field that others may change meanwhile. Until somebody types, the field shows the present value; from the
 * first letter on it shows what is typed, and another's change is `theirs`: it is told, and replaced only by whoever has been told.
 */
export class FieldDraft<T> {
  readonly #value: () => T
  readonly #toText: (value: T) => string
  readonly #read: (text: string) => T | undefined
  /** No state itself: a component that goes reads its states as they were, and what it has just handed in is typed no more. */
  #now: { text: string; from: T } | null = null
  #changes = $state(0)
  #told: { value: T } | null = null

  /** `read` says what a text means, where one thing may be written in several ways; undefined of what means nothing. */
  constructor(value: () => T, toText: (value: T) => string, read: (text: string) => T | undefined = () => undefined) {
    this.#value = value
    this.#toText = toText
    this.#read = read
  }

  get #typed(): { text: string; from: T } | null {
    void this.#changes
    return this.#now
  }
  set #typed(typed: { text: string; from: T } | null) {
    this.#now = typed
    this.#changes += 1
  }

  get typed(): string | null {
    return this.#typed?.text ?? null
  }
  get shown(): string {
    return this.#typed?.text ?? this.#toText(this.#value())
  }
  /** More than begun. */
  get isChanged(): boolean {
    return this.#typed !== null && this.#typed.text !== this.#toText(this.#typed.from)
  }
  /** The text that somebody else put here since the typing began; null where there is nothing to choose between. */
  get theirs(): string | null {
    const value = this.#value()
    if (!this.#typed || value === this.#typed.from) return null
    const [text, typed] = [this.#toText(value), this.#typed.text.trim()]
    return text === typed || this.#read(typed) === value ? null : text
  }

  type(text: string): void {
    const from = this.#typed ? this.#typed.from : this.#value()
    // Who has put everything back has typed nothing.
    this.#typed = text === this.#toText(from) ? null : { text, from }
  }
  drop(): void {
    this.#typed = null
  }
  hasBeenTold(): void {
    this.#told = { value: this.#value() }
  }
  /** False while it would replace what somebody else wrote unknown to the person; else the choice is made. */
  mayReplace(): boolean {
    if (this.theirs === null) return true
    if (!this.#typed || this.#told?.value !== this.#value()) return false
    this.#typed = { text: this.#typed.text, from: this.#value() }
    return true
  }
}

/** In a dialog Escape takes theirs; once more, and the dialog closes. */
export function takeTheirs(event: KeyboardEvent, ...drafts: { theirs: string | null; drop: () => void }[]): void {
  const told = drafts.filter(({ theirs }) => theirs !== null)
  if (event.key !== 'Escape' || told.length === 0) return
  event.preventDefault()
  event.stopPropagation()
  for (const draft of told) draft.drop()
}
