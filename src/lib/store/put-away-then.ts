/** An entry may be put away and come back many times: between which times of being there a change put it away. */
import * as A from '@automerge/automerge/slim'
import type { PutAway } from '#lib/kernel/define-kind.ts'
import { momentOfChange } from '#lib/kernel/groups.ts'
import { parseMessage, parseTakenBack } from './change-message.ts'
import type { AnyDoc } from './documents.ts'
import { valueThen } from './fields.ts'
import { partsOf, type Touched } from './touched.ts'

type Flags = Readonly<Record<string, PutAway>>

/** Milliseconds, both included, by the clock of the device that put the entry away. */
export interface Between {
  since: number
  until: number
}

/** A change that wrote the flag of an entry. */
interface Step {
  hash: string
  device: string
  at: number
  way: 'undo' | 'redo' | null
}

/**
 * Since when the entry had been there that a change put away, and until when it stayed away; of a redo the same of what is done
 * again. Null where the change did not put it away, or did so only by taking something back.
 */
export function putAwayBetween(
  doc: AnyDoc,
  { flags, entry, hash }: { flags: Flags; entry: string; hash: string },
  touched: Touched,
): Between | null {
  const known = stepsOf(doc, flags, touched)
  for (const [collection, { flag }] of Object.entries(flags)) {
    const path = [collection, entry, flag]
    const all = known.get(path.join(' ')) ?? []
    const own = all.find((step) => step.hash === hash)
    if (!own || own.way === 'undo') continue
    // Clocks of other devices may go wrong.
    const steps = all.filter(({ device }) => device === own.device)
    const at = steps.indexOf(firstDone(steps, own))
    const isThere = (step: Step) => valueThen(doc, path, [step.hash]) !== true
    return {
      since: steps.slice(0, at).findLast(isThere)?.at ?? 0,
      until: steps.slice(at + 1).find(isThere)?.at ?? Infinity,
    }
  }
  return null
}

/** What a redo does again; any other step is its own. */
function firstDone(steps: readonly Step[], own: Step): Step {
  const done: Step[] = []
  const undone: Step[] = []
  for (const step of steps) {
    const first = step.way === 'redo' ? (undone.pop() ?? step) : step
    if (step === own) return first
    // What began the entry is no step: where that is taken back, the undo stands for it.
    if (step.way === 'undo') undone.push(done.pop() ?? step)
    else done.push(first)
  }
  return own
}

const stepsIn = new WeakMap<object, ReadonlyMap<string, readonly Step[]>>()

/** By the path of the flag, oldest first. Of a document that has not changed they are read once. */
function stepsOf(doc: AnyDoc, flags: Flags, touched: Touched): ReadonlyMap<string, readonly Step[]> {
  const known = stepsIn.get(doc)
  if (known) return known
  const steps = new Map<string, Step[]>()
  for (const { hash, actor, time, message } of A.getChangesMetaSince(doc, [])) {
    const step: Step = {
      ...{ hash, device: actor.slice(0, 32), at: momentOfChange(time, message) },
      way: parseTakenBack(parseMessage(message).mutation).way,
    }
    for (const name of touched.fields(doc, hash)) {
      const path = partsOf(name)
      if (path.length !== 3 || path[2] !== flags[path[0] ?? '']?.flag) continue
      const key = path.join(' ')
      steps.set(key, [...(steps.get(key) ?? []), step])
    }
  }
  stepsIn.set(doc, steps)
  return steps
}
