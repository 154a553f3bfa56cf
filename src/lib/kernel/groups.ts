/**
 * Undo groups: short random ids that also tell when within its seconds an action was. Automerge's times are whole seconds,
 * so two actions of one second in two documents had no order; the first two letters of a group give it (and cost nothing).
 */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Milliseconds that two letters can tell apart: of four seconds. */
const SPAN = 4_000
const RANDOM_LETTERS = 6

/** One source per device, so that its actions never share a place. */
export function createGroups(
  now: () => number,
  randomBytes: (length: number) => Uint8Array<ArrayBuffer>,
): () => string {
  let last = 0
  return () => {
    last = Math.max(Math.floor(now()), last + 1)
    const random = randomBytes(RANDOM_LETTERS).toBase64({ alphabet: 'base64url' }).slice(0, RANDOM_LETTERS)
    return lettersOf(last % SPAN) + random
  }
}

/** The name of a change in which somebody wrote in an entry's text. */
export const WROTE = 'wrote'
/**
 * The message of such a change: no group, for an editor undoes by itself, but when within its seconds it was, and in whose text, as
 * far as two letters of a random id tell. `takes`: the changes that it takes back.
 */
export function writingMessage(now: number, entry: string, takes: readonly string[] = []): string {
  return withTaken(`${WROTE}  ${lettersOf(Math.floor(now) % SPAN)}${entry.slice(0, 2)}`, takes)
}
/** A message of three parts with the changes that are taken back, oldest first. */
export function withTaken(message: string, takes: readonly string[]): string {
  const [first, last] = [takes[0], takes.at(-1)]
  return first && last ? `${message} ${beginningOf(first)}${beginningOf(last)}` : message
}
/** So much of a hash tells changes of one document apart. */
const PREFIX = 8
export const beginningOf = (hash: string): string => hash.slice(0, PREFIX)
/**
 * Of a change by which writing, or a choice in a text, was taken back, or done again: how the hashes begin of the first and the last change that
 * it takes back.
 */
export function takenIn(message: string | null | undefined): { first: string; last: string } | null {
  const [, , , taken = ''] = (message ?? '').split(' ')
  if (!/^[0-9a-f]{16}$/.test(taken)) return null
  return { first: taken.slice(0, PREFIX), last: taken.slice(PREFIX) }
}
/** Null as well of a choice. */
export const writingTakenIn = (message: string | null | undefined): ReturnType<typeof takenIn> =>
  message?.startsWith(`${WROTE} `) ? takenIn(message) : null
/** Two changes of one document that say the same here were written in one text. */
export const writtenIn = (message: string | null | undefined): string => (message ?? '').split(' ')[2]?.slice(2) ?? ''

const lettersOf = (place: number): string => `${LETTERS[place >> 6] ?? ''}${LETTERS[place & 63] ?? ''}`

/** The moment of a change, of an action or of writing, from its time and its message. */
export function momentOfChange(seconds: number, message: string | null | undefined): number {
  const [, group, place] = (message ?? '').split(' ')
  return momentOf(seconds, group || place || null)
}

/** The moment of an action in milliseconds, from its change's time in seconds and its group; the second where it has none. */
export function momentOf(seconds: number, group: string | null): number {
  const start = seconds * 1000
  const [high, low] = [LETTERS.indexOf(group?.[0] ?? ' '), LETTERS.indexOf(group?.[1] ?? ' ')]
  const place = high * 64 + low
  if (group === null || high < 0 || low < 0 || place >= SPAN) return start
  // The group is made just before the change: the nearest moment with that place is meant.
  const apart = (place - (start % SPAN) + SPAN) % SPAN
  return start + (apart > SPAN / 2 ? apart - SPAN : apart)
}
