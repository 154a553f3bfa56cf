/**
 * What a folded text is made of: words, and runs of characters of a script that puts no spaces between words (Chinese,
 * Japanese, Korean, and the pictures ✅ 🚀). A run is found by its pairs of neighbouring characters.
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
    (code >= 0x20000 && code <= 0x3ffff) ||
    (code >= 0x2600 && code <= 0x27bf) ||
    (code >= 0x2b00 && code <= 0x2bff) ||
    (code >= 0x1f000 && code <= 0x1faff)
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
  forEachToken(folded, (isRun, start, end) => {
    tokens.push({ type: isRun ? 'run' : 'word', text: folded.slice(start, end), at: start })
  })
  return tokens
}

export function forEachToken(folded: string, take: (isRun: boolean, start: number, end: number) => void): void {
  let type = NONE
  let start = 0
  for (let at = 0; at < folded.length;) {
    const code = folded.codePointAt(at) ?? 0
    const next = isRunCharacter(code) ? RUN : isWordCharacter(code) ? WORD : NONE
    if (next !== type) {
      if (type !== NONE) take(type === RUN, start, type === RUN ? at : Math.min(at, start + LONGEST_WORD))
      type = next
      start = at
    }
    at += code > 0xffff ? 2 : 1
  }
  const end = folded.length
  if (type !== NONE) take(type === RUN, start, type === RUN ? end : Math.min(end, start + LONGEST_WORD))
}
const NONE = 0
const WORD = 1
const RUN = 2

/** Whether a word that reaches this place ends there. */
export function endsAt(folded: string, at: number): boolean {
  const code = folded.codePointAt(at) ?? 0
  return isRunCharacter(code) || !isWordCharacter(code)
}

/** Pairs of neighbours of a run; none for a single character. */
export function pairsOf(run: string): string[] {
  const characters = [...run]
  return characters.slice(1).map((character, i) => (characters[i] ?? '') + character)
}
