import { ImmutableString, isContested } from './immutable-string.ts'

/**
 * Writes a field of a draft only if that changes it: to write the same value again would compete with what another device
 * writes there at the same time (a label renamed here, recoloured there), and be a change in which nothing happened. Where
 * another value stands beside it, or whoever writes chooses, writing it again is what settles the two.
 */
export function write<Entry, Field extends keyof Entry>(entry: Entry, field: Field, value: Entry[Field]): void {
  const present: unknown = entry[field]
  const isSame =
    present instanceof ImmutableString && value instanceof ImmutableString
      ? present.val === value.val
      : present === value
  if (!isSame) entry[field] = value
  else if (isChosen || isContested(entry, field)) writeAgain(entry, field, value)
}

/** A value that stands there already, as a choice of this device: the same alone would be no change, or only take away what met it. */
export function writeAgain<Entry, Field extends keyof Entry>(entry: Entry, field: Field, value: Entry[Field]): void {
  const fields: Record<Field, unknown> = entry
  fields[field] = null
  entry[field] = value
}

/** What this writes is a choice: of one that was taken back the values stand in what was written before it alone. */
export function choosing(write: () => void): void {
  isChosen = true
  try {
    write()
  } finally {
    isChosen = false
  }
}
let isChosen = false
