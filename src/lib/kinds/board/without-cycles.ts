/** Leaves out what would make a card wait for itself: of every circle the reference that closes it. */

export interface Edges {
  /** The same lists, without what closes a circle. */
  kept: number[][]
  /** From which card to which. */
  dropped: [from: number, to: number][]
}

/** `edges[card]` are the cards that it waits for. One walk over all of them, whatever a hostile file refers to. */
export function withoutCycles(edges: readonly (readonly number[])[]): Edges {
  const state = new Uint8Array(edges.length) // 0 new, 1 on the way, 2 done
  const kept: number[][] = edges.map(() => [])
  const dropped: [number, number][] = []
  for (let start = 0; start < edges.length; start++) {
    if (state[start] !== 0) continue
    state[start] = 1
    const way = [{ card: start, next: 0 }]
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const to = edges[top.card]?.[top.next++]
      if (to === undefined) {
        state[top.card] = 2
        way.pop()
      } else if (state[to] === 1) {
        dropped.push([top.card, to])
      } else {
        kept[top.card]?.push(to)
        if (state[to] === 0) {
          state[to] = 1
          way.push({ card: to, next: 0 })
        }
      }
    }
  }
  return { kept, dropped }
}
