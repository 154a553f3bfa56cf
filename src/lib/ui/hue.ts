/** The colour of a person or a thing without a chosen one: the same on every device, derived from its id. */
export const hues = ['blue', 'teal', 'violet', 'orange', 'pink', 'green', 'amber', 'red', 'gray'] as const
export type Hue = (typeof hues)[number]

export function hueOf(id: string): Hue {
  let sum = 0
  for (let i = 0; i < id.length; i++) sum = (sum * 31 + id.charCodeAt(i)) >>> 0
  // Gray is for things without an owner.
  return hues[sum % (hues.length - 1)] ?? 'gray'
}

/**
 * What stands in an avatar, large or small: the last character of a Chinese name, the initials of a Latin one. Marks and what
 * stands in brackets are no initials, and what is no name has the initial of its first word.
 */
export function initialsOf(name: string): string {
  const bare = name.replaceAll(/[（(][^）)]*[）)]/g, ' ')
  const han = bare.match(/\p{Script=Han}/gu)
  if (han) return han.at(-1) ?? '?'
  const words = bare.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’.-]*/gu) ?? []
  const first = initial(words[0])
  const isName = words.length > 1 && words.length <= MOST_NAMES
  return first === '' ? '?' : first + (isName ? initial(words.at(-1)) : '')
}
const MOST_NAMES = 4
const initial = (word = ''): string => [...word.toUpperCase()][0] ?? ''
