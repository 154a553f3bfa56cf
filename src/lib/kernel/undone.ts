/**
 * An entry whose adding was undone: it is put away like one that was archived, and notes the sum of what it held then. While it
 * still holds that, nobody has put anything of theirs into it, and it counts as never added (docs/decisions/0020).
 */
import type { Undone } from './define-kind.ts'
import type { Fields } from './reading.ts'
import { lengthAndSum } from './sum.ts'

export const sumOfEntry = ({ content }: Undone, entry: Fields): string => lengthAndSum(JSON.stringify(content(entry)))

/** Of one that is put away. */
export const isUndone = (undone: Undone, entry: Fields): boolean =>
  typeof entry[undone.field] === 'string' && entry[undone.field] === sumOfEntry(undone, entry)
