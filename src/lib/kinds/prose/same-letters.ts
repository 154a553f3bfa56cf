/** Nobody compares more than this of one text with another. */
const MOST_COMPARED = 250_000
/** No text that is compared is as long: as many letters as can be, and of these as many side by side. */
const LETTER = 1_000_000

/**
 * Which of the letters on the one side are which on the other: as many as keep their order, and of these as many side by side as can be.
 * None where there are too many to say.
 */
export function sameLetters(gone: readonly string[], put: readonly string[]): (readonly [gone: number, put: number])[] {
  if (gone.length === put.length && gone.every((letter, at) => letter === put[at]))
    return put.flatMap((letter, at) => (letter === '' ? [] : [[at, at] as const]))
  if (gone.length * put.length > MOST_COMPARED) return []
  const width = put.length + 1
  const size = (gone.length + 1) * width
  // From here on, where what stands before is the same on both sides, and where it is not.
  const [beside, apart] = [new Float64Array(size), new Float64Array(size)]
  const isSame = (at: number, nth: number) => Boolean(gone[at]) && gone[at] === put[nth]
  const scores = (at: number, nth: number) => {
    const here = at * width + nth
    const without = Math.max(apart[here + width] ?? 0, apart[here + 1] ?? 0)
    const matched = isSame(at, nth) ? LETTER + (beside[here + width + 1] ?? 0) : -1
    return { without, matched }
  }
  for (let at = gone.length - 1; at >= 0; at--)
    for (let nth = put.length - 1; nth >= 0; nth--) {
      const { without, matched } = scores(at, nth)
      const here = at * width + nth
      apart[here] = Math.max(without, matched)
      beside[here] = Math.max(without, matched < 0 ? -1 : matched + 1)
    }
  const same: [number, number][] = []
  let [at, nth] = [0, 0]
  let bonus = 0
  while (at < gone.length && nth < put.length) {
    const { without, matched } = scores(at, nth)
    if (matched >= 0 && matched + bonus >= without) {
      same.push([at++, nth++])
      bonus = 1
      continue
    }
    bonus = 0
    const here = at * width + nth
    if ((apart[here + width] ?? 0) >= (apart[here + 1] ?? 0)) at++
    else nth++
  }
  return same
}
