/** Reading fields of plain documents whose content is anybody's: a wrong type gives the fallback, nothing throws. */
export type Fields = Readonly<Record<string, unknown>>

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

export const textOf = (value: unknown, fallback = ''): string => (typeof value === 'string' ? value : fallback)
export const numberOf = (value: unknown, fallback = 0): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : fallback

/** The entries of a map that are maps themselves. */
export const entriesOf = (value: unknown): [string, Fields][] =>
  Object.entries(fieldsOf(value)).flatMap(([id, entry]) =>
    typeof entry === 'object' && entry !== null ? [[id, fieldsOf(entry)] as [string, Fields]] : [],
  )

/** The keys of a set kept as a map to true. */
export const membersOf = (value: unknown): string[] =>
  Object.entries(fieldsOf(value))
    .filter(([, isMember]) => isMember === true)
    .map(([id]) => id)
    .sort()
