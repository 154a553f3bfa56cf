/**
 * A Chinese sentence with names and numbers in it: beside Latin letters and digits stands a space, beside Chinese none. What a
 * name begins and ends with is known only when it is there: `给${'Ann'}` is 给 Ann, `给${'小博'}` is 给小博.
 */
export function chinese(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.reduce((text, part, at) => joined(text, joined(String(values[at - 1] ?? ''), part)))
}

function joined(before: string, after: string): string {
  const isMixed = (HAN_END.test(before) && LATIN_START.test(after)) || (LATIN_END.test(before) && HAN_START.test(after))
  return before + (isMixed ? ' ' : '') + after
}

const HAN_START = /^\p{Script=Han}/u
const HAN_END = /\p{Script=Han}$/u
const LATIN_START = /^[\p{Script=Latin}\d]/u
const LATIN_END = /[\p{Script=Latin}\d]$/u
