/** What has been put in again in a text: by choices between words, and by who took writing back, or did it again. */
import * as A from '@automerge/automerge/slim'
import { beginningOf, takenIn, writingTakenIn } from '../../kernel/groups.ts'
import {
  putWithMarks,
  standIns,
  writesOf,
  type ChoiceSort,
  type PutAgain,
  type StandIn,
  type Taking,
} from './chosen.ts'
import { textIn } from './formats.ts'
import { lastIn, latest, rangeOf, type AnyDoc, type CameBack, type Id } from './places.ts'
import { countOf } from './theirs.ts'

/** By a change's message, whether it was a choice between words, or between formats or links, or took one back. */
export type ChoiceIn = (message: string | null, of?: 'words' | 'formats') => ChoiceSort | null

/** Choices since a moment, and what took back, or did again, what had been written before. */
function putAgainSince(doc: AnyDoc, heads: A.Heads, choiceIn: ChoiceIn): (Change & PutAgain)[] {
  let taking: ReturnType<typeof takings> | undefined
  return A.getChangesMetaSince(doc, heads).flatMap((change): (Change & PutAgain)[] => {
    const sort = choiceIn(change.message ?? null)
    if (sort === 'made' && !takenIn(change.message)) return [{ ...change, sort, of: [] }]
    if (!takenIn(change.message)) return []
    taking ??= takings(A.getChangesMetaSince(doc, []))
    const taken = taking(change)
    if (sort) return [{ ...change, sort, of: taken?.takes ?? [] }]
    return taken && writingTakenIn(change.message) ? [{ ...change, ...taken }] : []
  })
}

/**
 * By a change, what it takes back; null of one that takes nothing back. `all`: the changes of the document, in an order as they came. Whatever
 * they say, each is looked at once.
 */
export function takings(all: readonly Named[]): (change: Pick<Named, 'hash'>) => Taking | null {
  const places = new Map<string, number[]>()
  for (const [at, { hash }] of all.entries()) {
    const beginning = beginningOf(hash)
    const others = places.get(beginning)
    if (others) others.push(at)
    else places.set(beginning, [at])
  }
  const known = new Map<string, Taking>()
  for (const [at, { hash, message }] of all.entries()) {
    const taken = takenIn(message)
    const from = taken ? (places.get(taken.first)?.[0] ?? -1) : -1
    const to = taken && from >= 0 ? (places.get(taken.last)?.find((place) => place >= from) ?? -1) : -1
    const first = all[from]
    // What stands behind it cannot be what it took back.
    if (!first || to < 0 || to >= at || to - from > MOST_TAKEN) continue
    const takes = all.slice(from, to + 1).flatMap((one) => (one.actor === first.actor ? [one.hash] : []))
    const back = takes.length === 1 ? known.get(first.hash) : undefined
    known.set(hash, back ? { takes, wrote: back.wrote, counts: !back.counts } : { takes, wrote: takes, counts: false })
  }
  return ({ hash }) => known.get(hash) ?? null
}
/** No step of writing has as many changes between its first and its last, those of others among them; a message from outside may say so. */
const MOST_TAKEN = 2_000

/**
 * Of these changes, in an order as they came, and those that they took back: the ones that are taken back now, and of what was done again that
 * by which it was first written. `own` are about to be taken back.
 */
export function stepsNow(
  changes: readonly PutAgain[],
  own: readonly string[],
): { taken: ReadonlySet<string>; again: readonly string[] } {
  const steps = new Map<string, { wrote: readonly string[]; counts: boolean; back: string[]; again: string[] }>()
  const stepOf = (wrote: readonly string[]) => {
    const name = `${wrote[0] ?? ''} ${wrote.at(-1) ?? ''}`
    const known = steps.get(name)
    const step = known ?? { wrote, counts: true, back: [], again: [] }
    if (!known) steps.set(name, step)
    return step
  }
  let [ownStep, counts] = [stepOf(own), false]
  for (const change of changes) {
    if (!('takes' in change)) continue
    const step = stepOf(change.wrote)
    step.counts = change.counts
    step[change.counts ? 'again' : 'back'].push(change.hash)
    step[change.counts ? 'back' : 'again'].push(...change.takes)
    if (change.hash === own[0]) [ownStep, counts] = [step, !change.counts]
  }
  ownStep.counts = counts
  const all = [...steps.values()]
  return {
    taken: new Set(all.flatMap((step) => (step.counts ? step.back : [...step.wrote, ...step.again]))),
    again: all.flatMap((step) => (step.counts && step.again.length > 0 && step !== ownStep ? step.wrote : [])),
  }
}

/**
 * Of changes in an order as they came, those that are as if they had not been: taken back now, and what took back, or did again; for what was
 * done again counts by the changes that first wrote it.
 */
export function settledNow(changes: readonly Named[]): ReadonlySet<string> {
  const taking = takings(changes)
  const putAgain = changes.flatMap((change) => {
    const taken = writingTakenIn(change.message) && taking(change)
    return taken ? [{ hash: change.hash, ...taken }] : []
  })
  return new Set([...stepsNow(putAgain, []).taken, ...putAgain.map(({ hash }) => hash)])
}
type Named = Pick<Change, 'hash' | 'actor'> & { message?: string | null }
type Change = ReturnType<typeof A.getChangesMetaSince>[number]

/**
 * Changes of which a choice has left nothing: whatever these put there, another's words were chosen instead, and so what they took out for
 * that may come back.
 */
export function chosenAwayIn(
  doc: AnyDoc,
  path: A.Prop[],
  text: A.ObjID,
  { putAgain, originOf }: Past,
  cameBack: CameBack,
): (hash: string) => boolean {
  const deleted = (hash: string) => writesOf(doc, text, hash).flatMap((write) => write.deleted)
  const chosen = new Set(
    putAgain.flatMap((one) => ('sort' in one && one.sort === 'made' ? deleted(one.hash).map(originOf) : [])),
  )
  return (hash) => {
    const put = chosen.size > 0 ? lettersPut(doc, text, hash) : []
    const isGone = (id: Id) => rangeOf(doc, path, latest(cameBack, id)) === null
    return put.some((id) => chosen.has(id)) && put.every(isGone)
  }
}

export const lettersPut = (doc: AnyDoc, text: A.ObjID, hash: string): Id[] =>
  writesOf(doc, text, hash).flatMap(putWithMarks)

/** What has been put in again since what is about to be taken back was first written. */
export interface Past {
  putAgain: readonly (Change & PutAgain)[]
  standIns: readonly StandIn[]
  /** Where that takes back, or does again, what was written before: what it did. */
  taking: Taking | null
  /** Whether others have put anything in again. */
  isCrossed: boolean
  /** The letter that was first written for which one stands. */
  originOf: (id: Id) => Id
  /** Choices between formats and links that were taken back, and what took them back. */
  unchosen: ReadonlySet<string>
}

/** To be read before the document is changed; `hashes` are one person's, oldest first. */
export function readPast(
  doc: AnyDoc,
  entry: string,
  hashes: readonly string[],
  { choiceIn, isMine }: { choiceIn: ChoiceIn; isMine: (actor: string) => boolean },
): Past {
  const since = (first: string | undefined) =>
    putAgainSince(doc, (first === undefined ? undefined : A.inspectChange(doc, first)?.deps) ?? [], choiceIn)
  const { hash = '', message } = A.inspectChange(doc, hashes[0] ?? '') ?? {}
  const taken = takenIn(message) ? takings(A.getChangesMetaSince(doc, []))({ hash }) : null
  const taking = writingTakenIn(message) ? taken : null
  const ofStep = taking && since(taking.wrote[0])
  const isCrossedBy = (some: readonly Change[]) => some.some(({ actor }) => !isMine(actor))
  // One's own steps alone follow each other.
  const putAgain = ofStep && isCrossedBy(ofStep) ? ofStep : since(taking ? hash : (taken?.wrote[0] ?? hashes[0]))
  const isCrossed = isCrossedBy(putAgain)
  // Of one's own steps alone, what is about to be taken back is known by itself.
  const others = isCrossed ? putAgain : putAgain.filter((one) => 'sort' in one || !hashes.includes(one.hash))
  const text = others.length > 0 ? textIn(doc, entry) : null
  const pairs = text === null ? [] : standIns(doc, text, others)
  const origins = new Map(pairs.map(([old, id]) => [id, old]))
  const originOf = (id: Id): Id => lastIn(origins, id)
  return {
    putAgain,
    standIns: pairs,
    taking,
    isCrossed,
    originOf,
    unchosen: unchosenIn(A.getChangesMetaSince(doc, []), choiceIn),
  }
}

/** What is as if it had not been: taken back, and what took it back or did it again, for then it counts by itself. */
export const settledIn = ({ unchosen, putAgain }: Past, taken: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...taken, ...unchosen, ...putAgain.flatMap((one) => ('takes' in one ? one.hash : []))])

export function unchosenIn(all: readonly Named[], choiceIn: ChoiceIn): ReadonlySet<string> {
  const taking = takings(all)
  return new Set(
    all.flatMap((change) => {
      const isBack = choiceIn(change.message ?? null, 'formats') === 'back'
      return isBack ? [change.hash, ...(taking(change)?.takes ?? [])] : []
    }),
  )
}

/** Each letter that others stand for has come back in these, unless it stands there itself. */
export function learnIn(doc: AnyDoc, path: A.Prop[], pairs: readonly StandIn[], cameBack: CameBack): void {
  for (const [old, id] of pairs) {
    const is = latest(cameBack, old)
    // From older ones to newer ones, it never comes round.
    if (countOf(id) > countOf(is) && rangeOf(doc, path, is) === null) cameBack.set(is, id)
  }
}
