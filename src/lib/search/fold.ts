/**
 * Two spellings of one word become one string: full width and half width, upper and lower case, with and without accents,
 * ligatures. Each character is folded by itself, so that a place in the folded text can be led back to the original.
 */

const PLAIN = /^[\u0000-\u007f\u3400-\u4dbf\u4e00-\u9fff]*$/
const OTHER = /[^\u0000-\u007f\u3400-\u4dbf\u4e00-\u9fff]/gu
const MARKS = /\p{M}/gu

const folds = new Map<string, string>()

function foldOne(character: string): string {
  const known = folds.get(character)
  if (known !== undefined) return known
  // Composed again at the end, or a syllable of Hangul would stay in pieces.
  const folded = character.normalize('NFKD').replace(MARKS, '').normalize('NFC').toLowerCase()
  folds.set(character, folded)
  return folded
}

export function fold(text: string): string {
  return PLAIN.test(text) ? text.toLowerCase() : text.replace(OTHER, foldOne).toLowerCase()
}

/** With, for every unit of the folded text and for its end, where it comes from in the original. */
export function foldWithPlaces(text: string): { folded: string; places: Uint32Array } {
  let folded = ''
  const places: number[] = []
  let at = 0
  for (const character of text) {
    const piece = fold(character)
    for (let i = 0; i < piece.length; i++) places.push(at)
    folded += piece
    at += character.length
  }
  places.push(at)
  return { folded, places: Uint32Array.from(places) }
}
