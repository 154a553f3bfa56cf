/**
 * A name as it stands in a sentence. Written from right to left it is isolated (Unicode's FSI and PDI), so that the words around it stay
 * where they are; marks that turn letters around against their nature say nothing in a name and are cut, and what it opens is closed.
 */
export function isolated(name: string): string {
  if (!TURNING.test(name)) return name
  let open = 0
  let kept = ''
  for (const letter of name.replaceAll(OVERRIDES, '')) {
    if (letter === PDI && open === 0) continue
    if (letter === PDI) open--
    else if (OPENS.test(letter)) open++
    kept += letter
  }
  return TURNING.test(kept) ? `\u2068${kept}${PDI.repeat(open)}${PDI}` : kept
}

const PDI = '\u2069'
const OPENS = /[\u2066-\u2068]/
/** Embeddings as well, which no PDI ends. */
const OVERRIDES = /[\u202a-\u202e]/g
/** Letters from right to left, and marks of direction. */
const TURNING =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
