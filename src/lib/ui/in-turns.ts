/**
 * What is dear to draw is drawn in turns: a few parts, then the window may paint, scroll and answer keys before the next few.
 * A phone that made all tiles of a board at once would stand still for a quarter of a second.
 */
import { flushSync } from 'svelte'

/** Steps are done in one turn until so much time has gone. */
const TURN_MS = 8

const steps = new Set<() => void>()
/** Done before all others. */
const firstSteps = new Set<() => void>()
let due = false

/** Does it when its turn has come; gives back how to let it be. Steps that came before are done before. */
export const inTurn = (step: () => void): (() => void) => addTo(steps, step)
/** The same before whatever waits already: what the others draw depends on it. */
export const firstInTurn = (step: () => void): (() => void) => addTo(firstSteps, step)

function addTo(those: Set<() => void>, step: () => void): () => void {
  those.add(step)
  if (!due) setTimeout(turn)
  due = true
  return () => void those.delete(step)
}

/** Work that is given in parts, each when its turn has come; gives back how to let be what is left. */
export function allInTurn(parts: Iterator<void>): () => void {
  let letBe = inTurn(next)
  function next() {
    if (!parts.next().done) letBe = inTurn(next)
  }
  return () => letBe()
}

let given = false
/** Whether one part may be drawn with what the window does right now, so that a single new one is there at once. */
export function mayBeAtOnce(): boolean {
  if (given) return false
  given = true
  setTimeout(() => (given = false))
  return true
}

const waiting = new Set<() => void>()
/** When `found` finds something, or nothing is left that could bring it. */
export async function whenDrawn<Found>(found: () => Found | null): Promise<Found | null> {
  for (let one = found(); ; one = found()) {
    if (one !== null || !due) return one
    await new Promise<void>((resolve) => waiting.add(resolve))
  }
}

function turn(): void {
  const since = performance.now()
  try {
    for (let step = nextStep(); step; step = nextStep()) {
      doStep(step)
      if (performance.now() - since >= TURN_MS) break
    }
  } finally {
    due = nextStep() !== undefined
    if (due) soon()
    for (const resolve of waiting) resolve()
    waiting.clear()
  }
}

/** After the next frame; a window that nobody sees paints none. */
function soon(): void {
  if (document.hidden) setTimeout(turn)
  else requestAnimationFrame(() => setTimeout(turn))
}

const nextStep = (): (() => void) | undefined => firstSteps.values().next().value ?? steps.values().next().value

function doStep(step: () => void): void {
  firstSteps.delete(step)
  steps.delete(step)
  flushSync(step)
}
