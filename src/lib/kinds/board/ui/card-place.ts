/** Where among all cards of a column a card lands that was put among those that are shown: of one lane, or of those that the filter lets through. */
import { compareOrder, isOrder, orderBetween, placeAt, type Placed, type RandomBytes } from '#lib/kernel/order.ts'

/**
 * The order key, and what neighbours need, for the place `index` among `shown`, which is `all` (sorted) with some cards left out. The moved card
 * itself is not counted. Null: it is between those neighbours as it is, and keeps its place among the others as well. Before the
 * next shown card, so that what is hidden above stays above; right after the last one. Where none is shown, last of all, or first
 * for an index below zero.
 */
export function placeAmong(
  all: readonly Placed[],
  shown: readonly Placed[],
  index: number,
  moved: string | null,
  random: RandomBytes,
): { order: string | null; respaced: Placed[] } {
  const others = all.filter(({ id }) => id !== moved)
  const beside = shown.filter(({ id }) => id !== moved)
  const at = Math.max(0, Math.min(index, beside.length))
  const [above, below] = [beside[at - 1], beside[at]]
  const own = all.find(({ id }) => id === moved)
  if (own && fits(own, above, below)) return { order: null, respaced: [] }
  return placeBetween(others, above, below ?? (above || index >= 0 ? undefined : others[0]), random)
}

/** The same for several cards that go to one place in their order. `index` counts those of them that are shown. */
export function placeTogether(
  all: readonly Placed[],
  shown: readonly Placed[],
  index: number,
  moved: readonly { id: string }[],
  random: RandomBytes,
): { orders: (string | null)[]; respaced: Placed[] } {
  const going = new Set(moved.map(({ id }) => id))
  const without = (cards: readonly Placed[]) => cards.filter(({ id }) => !going.has(id))
  const above = without(shown.slice(0, Math.max(0, index))).at(-1)
  const below = without(shown.slice(Math.max(0, index)))[0]
  const staying = stayingOf(all, moved, above, below)
  const written = new Map<string, string>()
  let others: Placed[] = all.filter(({ id }) => !going.has(id) || staying.has(id))
  let before = above
  for (let at = 0; at < moved.length;) {
    // Those up to the next one that stays go there side by side.
    const rest = moved.slice(at)
    const count = rest.findIndex(({ id }) => staying.has(id))
    const run = count < 0 ? rest : rest.slice(0, count)
    const next = staying.get(rest[run.length]?.id ?? '')
    if (run.length > 0) {
      const { order, respaced } = placeBetween(others, before, next ?? below, random)
      for (const { id, order } of respaced) written.set(id, order)
      others = others.map(({ id, order }) => ({ id, order: written.get(id) ?? order }))
      const after = others.find((one) => one.order > order)?.order ?? null
      const orders = [order]
      while (orders.length < run.length) orders.push(orderBetween(orders.at(-1) ?? null, after, random))
      const placed = run.map(({ id }, nth) => ({ id, order: orders[nth] ?? '' }))
      for (const { id, order } of placed) written.set(id, order)
      others = [...others, ...placed].sort(compareOrder)
    }
    before = next ?? before
    at += run.length + 1
  }
  return {
    orders: moved.map(({ id }) => (staying.has(id) ? null : (written.get(id) ?? null))),
    respaced: [...written].flatMap(([id, order]) => (going.has(id) && !staying.has(id) ? [] : [{ id, order }])),
  }
}

/** Those that are between the neighbours already, in the order in which all are to be. */
function stayingOf(
  all: readonly Placed[],
  moved: readonly { id: string }[],
  above: Placed | undefined,
  below: Placed | undefined,
): ReadonlyMap<string, Placed> {
  const byId = new Map(all.map((one) => [one.id, one]))
  const staying = new Map<string, Placed>()
  let last = above
  for (const { id } of moved) {
    const own = byId.get(id)
    if (own && fits(own, last, below)) staying.set(id, (last = own))
  }
  return staying
}

const fits = (own: Placed, above: Placed | undefined, below: Placed | undefined): boolean =>
  isOrder(own.order) && (!above || compareOrder(above, own) < 0) && (!below || compareOrder(own, below) < 0)

function placeBetween(
  others: readonly Placed[],
  above: Placed | undefined,
  below: Placed | undefined,
  random: RandomBytes,
): { order: string; respaced: Placed[] } {
  const placeOf = ({ id }: Placed) => others.findIndex((one) => one.id === id)
  return placeAt(others, below ? placeOf(below) : above ? placeOf(above) + 1 : others.length, random)
}
