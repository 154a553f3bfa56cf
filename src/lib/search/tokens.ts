/**
 * What a folded text is made of: words, and runs of characters of a script that puts no spaces between words (Chinese,
 * Japanese, Korean). A run is found by its pairs of neighbouring characters.
 */

export interface Token {
  type: 'word' | 'run'
  text: string
  at: number
}

/** Longer words are random strings; nobody types them. */
const LONGEST_WORD = 40

export function isRunCharacter(code: number): boolean {
  return (
    (code >= 0x3400 && code <= 0x4dbf) ||
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0x3040 && code <= 0x30ff) ||
    (code >= 0xac00 && code <= 0xd7af) ||
    code === 0x3005 ||
    code === 0x3007 ||
    (code >= 0x3100 && code <= 0x312f) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0x20000 && code <= 0x3ffff)
  )
}

const LETTER = /[\p{L}\p{N}]/u
const letters = new Map<number, boolean>()

function isWordCharacter(code: number): boolean {
  if (code < 0x80)
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a)
  let known = letters.get(code)
  if (known === undefined) letters.set(code, (known = LETTER.test(String.fromCodePoint(code))))
  return known
}

export function tokensOf(folded: string): Token[] {
  const tokens: Token[] = []
  let type: Token['type'] | null = null
  let start = 0
  const end = (at: number) => {
    if (type)
      tokens.push({
        type,
        text: folded.slice(start, Math.min(at, type === 'word' ? start + LONGEST_WORD : at)),
        at: start,
      })
  }
  for (let at = 0; at < folded.length;) {
    const code = folded.codePointAt(at) ?? 0
    const next = isRunCharacter(code) ? 'run' : isWordCharacter(code) ? 'word' : null
    if (next !== type) {
      end(at)
      type = next
      start = at
    }
    at += code > 0xffff ? 2 : 1
  }
  end(folded.length)
  return tokens
}

/** Pairs of neighbours of a run; none for a single character. */
export function pairsOf(run: string): string[] {
  const characters = [...run]
  return characters.slice(1).map((character, i) => (characters[i] ?? '') + character)
}
