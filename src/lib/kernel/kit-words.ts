/**
 * The words of a recovery kit as a person typed or copied them: in capitals, numbered, divided by blanks, line breaks or the
 * punctuation of any language. Every Chinese word is one character, so characters are words of their own wherever they stand.
 */
export const kitWords = (typed: string): string[] =>
  typed
    .normalize('NFKD')
    .toLowerCase()
    .match(/\p{Script=Han}|[^\s\p{Script=Han}\p{P}\d]+/gu) ?? []
