/**
 * Letters that were put in again. A choice between words that had met takes out what stood there and writes what was chosen, and what comes
 * back is new as well: whose letters these are is known by those that they stand for (docs/decisions/0013, 0015).
 */
import * as A from '@automerge/automerge/slim'
import { writingTakenIn } from '../../kernel/groups.ts'
import { letterWrites, type LettersWrite } from './letters.ts'
import { placesAt } from './links.ts'
import { sameLetters } from './same-letters.ts'
import { countOf } from './theirs.ts'

/** What a change was that belongs to such a choice: it was made (or made again), or taken back. */
export type ChoiceSort = 'made' | 'back'

/**
 * A change that puts letters in again: a choice, or what took writing back, with the changes that it took back, oldest first. `wrote`: those
 * by which that was first written; `counts`: whether these count by it, for what took them back was taken back.
 */
export type PutAgain = { hash: string } & (Choice | Taking)
/** `of`: the choices that are taken back, or what had taken one back that is made again, oldest first. */
export interface Choice {
  sort: ChoiceSort
  of: readonly string[]
}
export interface Taking {
  takes: readonly string[]
  wrote: readonly string[]
  counts: boolean
}

/**
 * Of writing that was taken back and done again, the change that did it again, each with the one that had taken it back: as if neither had been.
 * In an order in which each comes after what it was made on.
 */
export function doneAgain(changes: readonly { hash: string; message: string | null }[]): ReadonlyMap<string, string> {
  const back = new Map<string, string>()
  const again = new Map<string, string>()
  for (const { hash, message } of changes) {
    const taken = writingTakenIn(message)
    if (!taken) continue
    const one = taken.first === taken.last ? back.get(taken.first) : undefined
    if (one !== undefined) {
      back.delete(taken.first)
      again.set(hash, one)
    } else back.set(hash.slice(0, taken.first.length), hash)
  }
  return again
}

const putBy = ({ runs }: LettersWrite): string[] => runs.flatMap(({ ids }) => ids)

/** A letter, the one that stands for it, and the change that put that in. */
export type StandIn = readonly [old: string, now: string, by: string]

/**
 * Letters that were taken out of a text, each with the one that stands for it: the same letter, in what was chosen or came back. In the order
 * of the changes; where a choice was taken back, those that came again stand for all that it took out.
 */
export function standIns(doc: A.Doc<unknown>, text: A.ObjID, changes: readonly PutAgain[]): StandIn[] {
  const backend = A.getBackend(doc)
  const writes = (hash: string) => writesOf(doc, text, hash)
  const lettersAt = (ids: readonly string[], heads: string[]) => {
    const letters = ids.length > 0 ? backend.text(text, heads) : ''
    return placesAt(doc, text, ids, heads).map((place) => {
      const code = letters.codePointAt(place ?? letters.length)
      return code === undefined ? '' : String.fromCodePoint(code)
    })
  }
  const inOrder = (ids: readonly string[], heads: string[]) => {
    const places = placesAt(doc, text, ids, heads)
    return ids
      .map((id, nth) => ({ id, place: places[nth] ?? Infinity }))
      .sort((a, b) => a.place - b.place)
      .map(({ id }) => id)
  }
  const pairsOf = (gone: readonly string[], deps: string[], put: readonly string[], hash: string): StandIn[] =>
    sameLetters(lettersAt(gone, deps), lettersAt(put, [hash])).flatMap(([at, nth]): StandIn[] => {
      const [old, now] = [gone[at], put[nth]]
      // What a change says that it takes may be anything: of older and newer ones no chain comes round.
      return old === undefined || now === undefined || countOf(old) >= countOf(now) ? [] : [[old, now, hash]]
    })
  const written = changes.flatMap((change) => writes(change.hash).map((write) => ({ ...change, ...write })))
  return written.flatMap((write): StandIn[] => {
    if ('takes' in write) {
      const taken = write.takes.flatMap(writes)
      const own = new Set(taken.flatMap(putWithMarks))
      const [{ deps } = { deps: [] }] = taken
      const gone = taken.flatMap(({ deleted }) => deleted.filter((id) => !own.has(id)))
      const put = inOrder(putWithMarks(write), [write.hash])
      if (put.length === 0) return []
      const pairs = pairsOf(inOrder(gone, deps), deps, put, write.hash)
      const [olds, nows] = [new Set(pairs.map(([old]) => old)), new Set(pairs.map(([, now]) => now))]
      const others = put.filter((id) => !nows.has(id))
      if (others.length === 0) return pairs
      // Of what was first written, what came with it though it had not gone with it.
      const { letters, heads } = stepLetters(write.wrote.flatMap(writes), write.counts)
      const missed = letters.filter((id) => !olds.has(id))
      return [...pairs, ...pairsOf(inOrder(missed, heads), heads, others, write.hash)]
    }
    const taken = write.of.flatMap(writes)
    const [first] = taken
    const gone = taken.flatMap(({ deleted }) => deleted)
    const put = inOrder(putBy(write), [write.hash])
    const again = first ? pairsOf(inOrder(gone, first.deps), first.deps, put, write.hash) : []
    if (write.sort === 'back') return again
    const known = new Set(again.map(([, now]) => now))
    const chosen = putBy(write).filter((id) => !known.has(id))
    return [...again, ...pairsOf(write.deleted, write.deps, chosen, write.hash)]
  })
}

/** What a change wrote in one text. */
export function writesOf(doc: A.Doc<unknown>, text: A.ObjID, hash: string): TextWrites[] {
  const change = A.inspectChange(doc, hash)
  const some = change ? letterWrites(change).filter((write) => write.text === text) : []
  return some.map((write) => ({ ...write, hash, deps: change?.deps ?? [] }))
}
type TextWrites = LettersWrite & { hash: string; deps: string[] }

/** Letters of a step of writing that are there because it counts, or does not: which it put in, or took out, and when all of them stood there. */
export function stepLetters(wrote: readonly TextWrites[], counts: boolean): { letters: string[]; heads: string[] } {
  const [put, gone] = [wrote.flatMap(putWithMarks), wrote.flatMap(({ deleted }) => deleted)]
  const [of, other] = counts ? [put, new Set(gone)] : [gone, new Set(put)]
  const heads = counts ? wrote.slice(-1).map(({ hash }) => hash) : (wrote[0]?.deps ?? [])
  return { letters: of.filter((id) => !other.has(id)), heads }
}

export const putWithMarks = (write: LettersWrite): string[] => [...putBy(write), ...write.marks.map(({ id }) => id)]
