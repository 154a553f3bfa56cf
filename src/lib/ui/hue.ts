/** The colour of a person or a thing without a chosen one: the same on every device, derived from its id. */
export const hues = ['blue', 'teal', 'violet', 'orange', 'pink', 'green', 'amber', 'red', 'gray'] as const
export type Hue = (typeof hues)[number]

export function hueOf(id: string): Hue {
  let sum = 0
  for (let i = 0; i < id.length; i++) sum = (sum * 31 + id.charCodeAt(i)) >>> 0
  // Gray is for things without an owner.
  return hues[sum % (hues.length - 1)] ?? 'gray'
}

/** What stands in an avatar, large or small: the last character of a Chinese name, the initials of a Latin one. */
export function initialsOf(name: string): string {
  const trimmed = name.trim()
  if (!trimmed) return '?'
  if (/[\u3400-\u9fff]/u.test(trimmed)) return [...trimmed].at(-1) ?? '?'
  const words = trimmed.split(/\s+/)
  const first = [...(words[0] ?? '')][0] ?? ''
  const second = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return (first + second).toUpperCase()
}
