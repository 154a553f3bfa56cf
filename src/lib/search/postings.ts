/** The entries that a word or a pair occurs in: ascending numbers, each with a bit that says whether it is in the title. */
export class Postings {
  #codes = new Uint32Array(2)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Titles are read before texts, so what is in both counts as title. Numbers only ever grow. */
  add(entry: number, isTitle: boolean): void {
    const code = entry * 2 + (isTitle ? 1 : 0)
    if (this.#length > 0 && (this.#codes[this.#length - 1] ?? 0) >> 1 === entry) return
    if (this.#length === this.#codes.length) {
      const larger = new Uint32Array(Math.ceil(this.#length * 1.5) + 1)
      larger.set(this.#codes)
      this.#codes = larger
    }
    this.#codes[this.#length++] = code
  }

  /** `entry * 2 + isTitle` */
  codes(): Uint32Array {
    return this.#codes.subarray(0, this.#length)
  }

  /** Gives the entries new numbers, in their order; drops those whose new number is `GONE`. */
  renumber(numbers: Uint32Array): void {
    const kept = new Uint32Array(this.#length)
    let length = 0
    for (let i = 0; i < this.#length; i++) {
      const code = this.#codes[i] ?? 0
      const number = numbers[code >> 1] ?? GONE
      if (number !== GONE) kept[length++] = number * 2 + (code & 1)
    }
    this.#codes = kept.slice(0, length)
    this.#length = length
  }
}

export const GONE = 0xffffffff
