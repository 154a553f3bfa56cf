/**
 * The one place where the kernel touches Automerge. A string that is replaced whole, never merged letter by letter:
 * everything but long prose is written as one (collaborative text doubles to quadruples load and memory).
 */
import { getConflicts, getObjectId, ImmutableString } from '@automerge/automerge/slim'

export { ImmutableString }

/** Wraps a string for writing into a document. */
export const str = (text: string): ImmutableString => new ImmutableString(text)

/** Two devices wrote different values into this field of a draft at once. Never so in plain data. */
export const isContested = (entry: unknown, field: PropertyKey): boolean =>
  typeof field === 'string' &&
  getObjectId(entry) !== null &&
  getConflicts(entry as Record<string, unknown>, field) !== undefined

/** The entries of a draft that two devices began at one key without knowing of each other, the one that is shown last. */
export const begunApart = <Entry>(entries: Record<string, Entry>, key: string): Entry[] =>
  isContested(entries, key) ? Object.values<Entry>(getConflicts(entries, key) as never) : []
