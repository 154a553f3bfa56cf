/**
 * Where entries stood that were given another place, each time counted among the neighbours of that moment: among those of now
 * nobody can count where it was then.
 */
import type { AnyKind, Placed, WorkDocs } from '#lib/kernel/define-kind.ts'
import { compareOrder } from '#lib/kernel/order.ts'
import { fieldsOf, type Fields } from '#lib/kernel/reading.ts'
import { entriesOf, flagOf, type EntryChange } from './compare.ts'

interface Stood {
  id: string
  order: string
}
/** By collection and what they stand in; what was put aside stands nowhere. */
type Standing = ReadonlyMap<string, readonly Stood[]>

/** Adds the places to changes that put an entry elsewhere among its neighbours. `before` and `after` are moments that there were. */
export function withPlaces(
  changes: readonly EntryChange[],
  before: WorkDocs,
  after: WorkDocs,
  kind: AnyKind,
): EntryChange[] {
  let moments: { then: Standing; now: Standing } | undefined
  return changes.map((change) => {
    const { collection, id } = change
    const placed = placedIn(kind, collection)
    const [old, fresh] = [fieldsOf(change.before), fieldsOf(change.after)]
    if (change.change !== 'changed' || !placed || placed.orderOf(old) === placed.orderOf(fresh)) return change
    const name = standingName(collection, fresh, placed)
    if (standingName(collection, old, placed) !== name) return change
    moments ??= { then: standingIn(before, kind), now: standingIn(after, kind) }
    const [was, is] = [
      { id, order: placed.orderOf(old) },
      { id, order: placed.orderOf(fresh) },
    ]
    const [then = [], now = []] = [moments.then.get(name), moments.now.get(name)]
    // Another key between the same neighbours is the same place.
    if (!now.some((one) => one.id === id) || placeAmong(now, was) === placeAmong(now, is)) return change
    // What somebody put elsewhere in between stood at no moment that is known with the others.
    const isKnown = then.some((one) => one.id === id && one.order === was.order)
    return { ...change, places: { before: isKnown ? placeAmong(then, was) : null, after: placeAmong(now, is) } }
  })
}

const placeAmong = (all: readonly Stood[], one: Stood): number =>
  all.filter((other) => other.id !== one.id && compareOrder(other, one) < 0).length + 1

function placedIn(kind: AnyKind, collection: string): Placed | undefined {
  return Object.values(kind.documents).find(({ placed }) => placed?.[collection])?.placed?.[collection]
}

const standingName = (collection: string, entry: Fields, { within }: Placed): string =>
  `${collection}\u0000${within === undefined ? '' : String(entry[within])}`

function standingIn(moment: WorkDocs, kind: AnyKind): Standing {
  const standing = new Map<string, Stood[]>()
  for (const { collection, id, value } of entriesOf(moment, kind).values()) {
    const placed = placedIn(kind, collection)
    const flag = flagOf(kind, collection)
    const entry = fieldsOf(value)
    if (!placed || (flag !== undefined && entry[flag] === true)) continue
    const name = standingName(collection, entry, placed)
    const here = standing.get(name) ?? []
    standing.set(name, here)
    here.push({ id, order: placed.orderOf(entry) })
  }
  return standing
}
