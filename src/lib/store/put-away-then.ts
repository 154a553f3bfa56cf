/** An entry may be put away and come back many times: between which times of being there a change put it away. */
import * as A from '@automerge/automerge/slim'
import type { PutAway } from '#lib/kernel/define-kind.ts'
import { momentOfChange } from '#lib/kernel/groups.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { isYielded, parseMessage, parseTakenBack } from './change-message.ts'
import { changeOf, firstOf, keptFrom } from './changes-apart.ts'
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
  actor: string
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

/**
 * The change by which the entry is away now, several where somebody chose that it stays so; none where it is there, or is away only
 * because something was taken back.
 */
export function putAwayBy(
  doc: AnyDoc,
  { flags, entry }: { flags: Flags; entry: string },
  touched: Touched,
): readonly Step[] {
  const known = stepsOf(doc, flags, touched)
  for (const [collection, { flag }] of Object.entries(flags)) {
    const path = [collection, entry, flag]
    const steps = known.get(path.join(' ')) ?? []
    const last = doneBy(steps, chosenIn(doc, path, steps)).at(-1)
    if (last && valueThen(doc, path, A.getHeads(doc)) === true) return last
  }
  return []
}

/** The same, or the undo by which it is away; null where it is there. */
export function awayBy(
  doc: AnyDoc,
  { flags, entry }: { flags: Flags; entry: string },
  touched: Touched,
): Pick<Step, 'actor' | 'at'> | null {
  const done = putAwayBy(doc, { flags, entry }, touched).at(-1)
  if (done) return done
  const known = stepsOf(doc, flags, touched)
  for (const [collection, { flag }] of Object.entries(flags)) {
    const path = [collection, entry, flag]
    const last = known.get(path.join(' '))?.at(-1)
    if (last && valueThen(doc, path, A.getHeads(doc)) === true) return last
  }
  return null
}

/** By which actor an entry that was put away is there again; null where it is away, or never was. */
export function backBy(
  doc: AnyDoc,
  { flags, entry }: { flags: Flags; entry: string },
  touched: Touched,
): string | null {
  const known = stepsOf(doc, flags, touched)
  for (const [collection, { flag }] of Object.entries(flags)) {
    const path = [collection, entry, flag]
    const last = known.get(path.join(' '))?.at(-1)
    if (last && valueThen(doc, path, A.getHeads(doc)) !== true) return last.actor
  }
  return null
}

/** What a redo does again; any other step that is no undo is its own. */
const firstDone = (steps: readonly Step[], own: Step): Step =>
  doneBy(steps.slice(0, steps.indexOf(own) + 1)).at(-1)?.[0] ?? own

/**
 * What was done and not taken back; for what was done again stands what was done first, for what was only chosen (`chosenFrom`) all
 * that it was chosen from. Each device takes back its own.
 */
function doneBy(
  steps: readonly Step[],
  chosenFrom: ReadonlyMap<Step, readonly Step[]> = new Map(),
): readonly (readonly Step[])[] {
  const done: { by: Step; first: readonly Step[] }[] = []
  const undone: (readonly Step[])[] = []
  /** For what each stands; an undo for what was done before what it takes back. */
  const firstOf = new Map<Step, readonly Step[]>()
  for (const step of steps) {
    if (step.way === 'undo') {
      const own = done.findLastIndex(({ by }) => by.device === step.device)
      const [taken] = done.splice(own < 0 ? -1 : own, 1)
      // What began the entry is no step: where that is taken back, the undo stands for it.
      undone.push(taken?.first ?? [step])
      firstOf.set(step, done.at(-1)?.first ?? [step])
    } else {
      const chosen = chosenFrom.get(step)?.flatMap((one) => firstOf.get(one) ?? [])
      const first = (step.way === 'redo' ? undone.pop() : chosen) ?? [step]
      done.push({ by: step, first })
      firstOf.set(step, first)
    }
  }
  return done.map(({ first }) => first)
}

/** Of the steps that wrote again what stood there, those that had written it before. */
function chosenIn(doc: AnyDoc, path: readonly string[], steps: readonly Step[]): ReadonlyMap<Step, readonly Step[]> {
  const [collection = '', entry = '', flag = ''] = path
  const at = steps.length > 1 ? fieldsOf(fieldsOf(doc[collection])[entry]) : {}
  const object = A.getObjectId(at)
  if (!object) return new Map()
  const byOperation = new Map(
    steps.map((step) => [String(A.getBackend(doc).getAll(object, flag, [step.hash])[0]?.at(-1)), step]),
  )
  return new Map(
    [...byOperation].flatMap(([operation, step]) => {
      const stepOf = (one: string) => byOperation.get(one) ?? byOperation.get(firstOf(doc, at, flag, one)) ?? []
      const earlier = keptFrom(doc, at, flag, operation).flatMap(stepOf)
      return earlier.length > 0 ? [[step, earlier] as const] : []
    }),
  )
}

/** The step that wrote what this change has written again. */
function keptStep(doc: AnyDoc, path: readonly string[], hash: string, steps: readonly Step[]): Step | undefined {
  const [collection = '', entry = '', flag = ''] = path
  const at = fieldsOf(fieldsOf(doc[collection])[entry])
  const object = A.getObjectId(at)
  const [written] = object ? A.getBackend(doc).getAll(object, flag, [hash]) : []
  const kept = keptFrom(doc, at, flag, String(written?.at(-1))).flatMap((one) => changeOf(doc, one) ?? [])
  return steps.findLast((step) => kept.includes(step.hash))
}

const stepsIn = new WeakMap<object, ReadonlyMap<string, readonly Step[]>>()

/** By the path of the flag, oldest first. Of a document that has not changed they are read once. */
function stepsOf(doc: AnyDoc, flags: Flags, touched: Touched): ReadonlyMap<string, readonly Step[]> {
  const known = stepsIn.get(doc)
  if (known) return known
  const steps = new Map<string, Step[]>()
  for (const { hash, actor, time, message } of A.getChangesMetaSince(doc, [])) {
    const step: Step = {
      ...{ hash, actor, device: actor.slice(0, 32), at: momentOfChange(time, message) },
      way: parseTakenBack(parseMessage(message).mutation).way,
    }
    for (const name of touched.fields(doc, hash)) {
      const path = partsOf(name)
      if (path.length !== 3 || path[2] !== flags[path[0] ?? '']?.flag) continue
      const key = path.join(' ')
      const known = steps.get(key) ?? []
      // By that what one of them did counts, as if it had been done now.
      const counts = isYielded(message) ? keptStep(doc, path, hash, known) : undefined
      steps.set(key, counts ? [...known.filter((one) => one !== counts), counts] : [...known, step])
    }
  }
  stepsIn.set(doc, steps)
  return steps
}
