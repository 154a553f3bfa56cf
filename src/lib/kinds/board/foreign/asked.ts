/**
 * What a file says and no reader asks for. A reader reads its entries through this: a field that it does not know is counted
 * under its own name instead of being forgotten.
 */
import type { Fields } from '#lib/kernel/reading.ts'
import type { Losses } from './foreign-board.ts'

export interface Asked {
  /** Whatever is read from it is spoken for. */
  entry: Fields
  /** The fields that hold something and that nobody has asked for. */
  others: () => string[]
}

/** `meaningless`: what says nothing outside of its product, like ids, orders, addresses and the state of a window. */
export function asked(fields: Fields, meaningless: ReadonlySet<string> = new Set()): Asked {
  const known = new Set<string | symbol>()
  return {
    entry: new Proxy(fields, {
      get(target, field) {
        known.add(field)
        return typeof field === 'string' ? target[field] : undefined
      },
    }),
    others: () =>
      Object.keys(fields).filter((field) => !known.has(field) && !meaningless.has(field) && !isEmpty(fields[field])),
  }
}

export const namesOf = (...lines: readonly string[]): ReadonlySet<string> =>
  new Set(lines.flatMap((line) => line.split(' ')))

export function countOthers(
  { others }: Pick<Asked, 'others'>,
  losses: Losses,
  what: 'other-fields' | 'subtask-details' | 'item-details' = 'other-fields',
): void {
  for (const field of others()) losses.add(what, field)
}

/** Whatever is as if it were not there: nothing, no, none, and objects of such. */
const isEmpty = (value: unknown, depth = 3): boolean =>
  typeof value === 'object' && value !== null
    ? depth > 0 && Object.values(value).every((inner) => isEmpty(inner, depth - 1))
    : value === undefined ||
      value === null ||
      value === false ||
      value === 0 ||
      (typeof value === 'string' && value.trim() === '')
