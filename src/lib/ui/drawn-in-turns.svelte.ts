/** Lists of which a few parts are drawn at a time. */
import { inTurn, mayBeAtOnce } from './in-turns.ts'

/**
 * How many of a list's parts may be drawn: `by` more with each turn until there are as many as `wanted`, then any number.
 * Called while a component is made.
 */
export function partsInTurns(wanted: () => number, by: number, atOnce = 0): { readonly most: number } {
  let most = $state(atOnce)
  $effect.pre(() => {
    const count = wanted()
    // A list of which nothing is in view begins again when something is.
    if (count === 0) most = atOnce
    else if (most >= count) most = Infinity
    else return inTurn(() => (most += by))
  })
  return {
    get most() {
      return most
    },
  }
}

/**
 * Of the parts of a list those that are drawn: what is drawn already and still wanted stays; of the others one comes with each
 * turn, but the one named `first` at once. Called while a component is made.
 */
export function newInTurns<Part>(
  wanted: () => readonly Part[],
  keyOf: (part: Part) => string,
  first: () => string | null = () => null,
): { readonly drawn: readonly Part[] } {
  let turns = $state(0)
  let granted = false
  let known: readonly string[] = []
  const drawn = $derived.by(() => {
    void turns
    const comes = (key: string) => {
      if (key === first()) return true
      if (!granted) return mayBeAtOnce()
      granted = false
      return true
    }
    const parts = wanted().filter((part) => known.includes(keyOf(part)) || comes(keyOf(part)))
    known = parts.map(keyOf)
    return parts
  })
  $effect.pre(() => {
    if (drawn.length === wanted().length) return
    return inTurn(() => {
      granted = true
      turns++
    })
  })
  return {
    get drawn() {
      return drawn
    },
  }
}
